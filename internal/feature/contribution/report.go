package contribution

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/mail"
	"alliance/internal/platform/notice"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
	"alliance/internal/platform/web"
)

// Report is what somebody says is wrong on the page of a record.
type Report struct {
	ID, Entry   string
	Reason      string
	Words, Lang string
	Author      Author // zero = no address was left
	At          db.Instant
}

// Wrongs are what can be wrong, in the order of the form.
var Wrongs = []string{"wrong", "old", "closed", "private", "danger", "double", "other"}

// Outcomes of a report, in the order of the form.
var Outcomes = []string{"mended", "kept", "withdrawn"}

const (
	networkReports = 20 // an hour
	reportLongest  = 2000
	keepReports    = 180 * 24 * time.Hour
)

func (r Report) validate() error {
	var list fault.List
	if !slices.Contains(Wrongs, r.Reason) {
		list.Add(fault.Invalid("reason", "record.choose", "Choose one of the answers."))
	}
	if strings.TrimSpace(r.Words) == "" {
		list.Add(fault.Invalid("words", "contribution.report.empty", "Say in a sentence what is wrong."))
	}
	if len([]rune(r.Words)) > reportLongest {
		list.Add(fault.Invalid("words", "entry.text.long", "This text is too long: at most {n} characters.", "n", reportLongest))
	}
	if r.Author.Email != "" {
		if err := r.Author.validate(); err != nil {
			list = append(list, fault.Of(err)...)
		}
	}
	return list.Err()
}

// reported gives an entry whose errors one can report: one of a kind that asks
// questions, as the actor may see it.
func (f *Feature) reported(ctx context.Context, q db.Q, a people.Actor, id string) (entry.Entry, error) {
	e, err := entry.See(ctx, q, a, "", id)
	if err == nil && f.Kinds[e.Kind].Spec == nil {
		err = fault.Missing()
	}
	return e, err
}

// Tell keeps a report and tells those who deal with it.
func (f *Feature) Tell(ctx context.Context, tx *db.Tx, a people.Actor, r Report) error {
	e, err := f.reported(ctx, tx, a, r.Entry)
	if err != nil {
		return err
	}
	if err := r.validate(); err != nil {
		return err
	}
	if tag, ok := lang.Tag(r.Lang); ok {
		r.Lang = tag
	} else {
		r.Lang = "en"
	}
	r.ID, r.Entry, r.At = id.New(), e.ID, tx.Now()
	if err := f.keepReport(ctx, tx, r); err != nil {
		return err
	}
	persons, err := f.keepers(ctx, tx, e)
	if err != nil {
		return err
	}
	return notice.TellAll(ctx, tx, persons, notice.New{Key: "contribution.report.notice", English: "Somebody says that something is wrong in “{title}”.",
		Args: map[string]string{"title": e.Title().Original()}, Link: "/reports", Mail: true})
}

func (f *Feature) keepReport(ctx context.Context, tx *db.Tx, r Report) (err error) {
	address := ""
	if r.Author.Email != "" {
		if address, err = sealed(f.Key, "reporter", r.ID, r.Author); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `INSERT INTO error_report (id, entry, reason, words, lang, address, at) VALUES ($1,$2,$3,$4,$5,$6,$7)`, r.ID, r.Entry, r.Reason, r.Words, r.Lang, address, r.At)
	return err
}

// Changed is Tell for another feature: a volunteer found that something changed.
func (f *Feature) Changed(ctx context.Context, tx *db.Tx, a people.Actor, entry, words, lang string) error {
	return f.Tell(ctx, tx, a, Report{Entry: entry, Reason: "old", Words: words, Lang: lang})
}

// keepers are those who may edit for the organisation of an entry; without
// anybody, the nearest pair of validators, then the coordination.
func (f *Feature) keepers(ctx context.Context, q db.Q, e entry.Entry) (persons []string, err error) {
	organisations := []string{e.Organisation}
	for range 2 {
		for _, o := range organisations {
			if o == "" {
				continue
			}
			list, err := people.MandatesFor(ctx, q, o)
			if err != nil {
				return nil, err
			}
			for _, m := range list {
				if m.Allows(people.Edit, f.DB.Now()) {
					persons = append(persons, m.Person)
				}
			}
		}
		if len(persons) > 0 {
			return persons, nil
		}
		all, err := validators(ctx, q)
		if err != nil {
			return nil, err
		}
		if pairs := Route(e.Place, e.Themes, all); len(pairs) > 0 {
			organisations = slices.Concat(pairs[0].Authorities, pairs[0].Associations)
		}
	}
	holders, err := people.Holders(ctx, q, people.Coordinator, "")
	for _, p := range holders {
		persons = append(persons, p.ID)
	}
	return persons, err
}

// MayDeal tells who sees a report and settles it: the coordination, whoever
// may edit the record, and any validator of its place and themes.
func (f *Feature) MayDeal(a people.Actor, r record.Record, all []Validator) bool {
	if a.Is(people.Coordinator) || f.Kinds[r.Kind].Spec.MayEdit(a, r) {
		return true
	}
	if a.For() == "" || !a.May(people.Edit) {
		return false
	}
	return slices.ContainsFunc(Route(r.Place, r.Entry.Themes, all), func(p Pair) bool { return p.Has(a.For()) != "" })
}

// Told is a report with the record it speaks of.
type Told struct {
	Report
	Record record.Record
}

// reports lists what waits for the actor, the oldest first.
func (f *Feature) reports(ctx context.Context, q db.Q, a people.Actor) ([]Told, error) {
	list, err := db.All(ctx, q, func(row db.Row) (r Report, err error) {
		var address string
		err = row.Scan(&r.ID, &r.Entry, &r.Reason, &r.Words, &r.Lang, &address, &r.At)
		open(f.Key, "reporter", r.ID, address, &r.Author)
		return r, err
	}, `SELECT id, entry, reason, words, lang, address, at FROM error_report WHERE settled = 0 ORDER BY at, id LIMIT 500`)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	ids := make([]string, len(list))
	for i, r := range list {
		ids[i] = r.Entry
	}
	found, err := entry.Many(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	var entries []entry.Entry
	for _, e := range found {
		entries = append(entries, e)
	}
	records, err := record.Fill(ctx, q, entries)
	if err != nil {
		return nil, err
	}
	of := map[string]record.Record{}
	for _, r := range records {
		of[r.ID] = r
	}
	all, err := validators(ctx, q)
	var out []Told
	for _, r := range list {
		if x, ok := of[r.Entry]; ok && f.Kinds[x.Kind].Spec != nil && f.MayDeal(a, x, all) {
			out = append(out, Told{r, x})
		}
	}
	return out, err
}

// Settle ends a report: whoever left an address is told what was done, and the
// address goes with that mail. Of two at once the second is told that it is done.
func (f *Feature) Settle(ctx context.Context, tx *db.Tx, a people.Actor, report, outcome string) error {
	if !slices.Contains(Outcomes, outcome) {
		return fault.Invalid("outcome", "record.choose", "Choose one of the answers.")
	}
	list, err := f.reports(ctx, tx, a)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(list, func(t Told) bool { return t.ID == report })
	if at < 0 {
		return fault.Missing()
	}
	n, err := tx.Exec(ctx, `UPDATE error_report SET settled = $2, outcome = $3, address = '' WHERE id = $1 AND settled = 0`, report, tx.Now(), outcome)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Conflict("contribution.report.done", "Somebody else dealt with it meanwhile.")
	}
	t := list[at]
	journal.Tell(tx, a, journal.Event{Verb: "report.settled", Kind: t.Record.Kind, Subject: t.Entry, Data: map[string]string{"outcome": outcome}})
	if t.Author.Email == "" {
		return nil
	}
	of, err := alliance.Load(ctx, tx)
	if err != nil {
		return err
	}
	v := f.Catalog.For(t.Author.Lang)
	title := t.Record.Title().In(v.Lang()).S
	return mail.Post(ctx, tx, mail.Message{To: t.Author.Email, Lang: v.Lang(), Subject: v.T("contribution.report.mail.subject", "About what you reported: {title}", "title", title),
		Text: title + "\n\n" + v.Say(outcomePhrases[outcome]) + "\n\n" + f.Origin + "/" + v.Lang() + f.Kinds[t.Record.Kind].Path(t.Entry) + "\n\n" +
			v.T("contribution.mail.erased", "We erased your address with this mail.") + "\n" + of.Name.In(v.Lang()).S + "\n"})
}

// sweepReports deletes what was settled half a year ago.
func sweepReports(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `DELETE FROM error_report WHERE settled > 0 AND settled < $1`, tx.Now().Add(-keepReports))
	return err
}

type reportView struct {
	Report
	Of   entry.Entry
	Path string
}

func (f *Feature) reportView(c *web.Ctx) (v reportView, err error) {
	c.Private()
	v.Of, err = f.reported(c.Context(), f.DB, c.Actor, c.Path("id"))
	if err == nil {
		v.Path = f.Kinds[v.Of.Kind].Path(v.Of.ID)
	}
	return v, err
}

func (f *Feature) reportForm(c *web.Ctx) error {
	v, err := f.reportView(c)
	if err != nil {
		return err
	}
	return c.Page(reportPage(c.View, v))
}

func (f *Feature) report(c *web.Ctx) error {
	v, err := f.reportView(c)
	if err != nil {
		return err
	}
	v.Report = Report{Entry: v.Of.ID, Reason: c.Form("reason"), Words: c.Form("words"), Lang: c.Lang(), Author: Author{c.Form("email"), c.Lang()}}
	err = v.Report.validate()
	if err == nil {
		if err = f.limitReports(c.Context(), c.Network()); err != nil {
			return err
		}
		err = c.Write(c.View.T("contribution.report.sent", "Thank you. Those who keep the page read it."), func(ctx context.Context, tx *db.Tx) (string, error) {
			return "/report/" + v.Of.ID + "/sent", f.Tell(ctx, tx, c.Actor, v.Report)
		})
	}
	if err != nil {
		return c.Retry(err, func(dv design.View) templ.Component { return reportPage(dv, v) })
	}
	return nil
}

func (f *Feature) limitReports(ctx context.Context, network string) error {
	return f.DB.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
		ok, err := people.Attempt(ctx, tx, "error-reports/"+network, networkReports, hour)
		if err == nil && !ok {
			err = people.TooManyFromNetwork()
		}
		return err
	})
}

func (f *Feature) reportSent(c *web.Ctx) error {
	v, err := f.reportView(c)
	if err != nil {
		return err
	}
	return c.Page(reportSentPage(c.View, v))
}

func (f *Feature) reportsPage(c *web.Ctx) error {
	c.Private()
	list, err := f.reports(c.Context(), f.DB, c.Actor)
	if err != nil {
		return err
	}
	return c.Page(reportsPage(c.View, f, list))
}

func (f *Feature) settle(c *web.Ctx) error {
	return c.Write(c.View.T("contribution.report.settled", "Done. Whoever left an address is told."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/reports", f.Settle(ctx, tx, c.Actor, c.Path("id"), c.Form("outcome"))
	})
}

// onward leads from every record to reporting an error; the page of an
// organisation has a button for it.
func (f *Feature) onward(ctx context.Context, q db.Q, v design.View, _ people.Actor, of string) ([]design.Onward, error) {
	heads, err := entry.Heads(ctx, q, []string{of})
	if err != nil || f.Kinds[heads[of].Kind].Spec == nil || heads[of].Kind == "organisation" {
		return nil, err
	}
	list := []design.Onward{{Link: design.Link{Href: v.Href("/report/" + of), Label: v.T("contribution.report.link", "Report an error"), Icon: "triangle-alert"}}}
	if k, err := f.kind(heads[of].Kind); err == nil && k.Kind.Records != nil {
		list = append(list, design.Onward{Link: design.Link{Href: v.Href("/change/" + of), Label: v.T("contribution.change.link", "Propose a change"), Icon: "pen-line"}})
	}
	return list, nil
}
