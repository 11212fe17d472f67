package freshness

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"alliance/internal/feature"
	"alliance/internal/platform/access"
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
	"alliance/internal/platform/record"
	"alliance/internal/platform/web"
)

const itemsPage = 200

type listView struct {
	List     []Round
	MayBegin bool
}

func (f *Feature) list(c *web.Ctx) error {
	list, err := rounds(c.Context(), f.DB)
	if err != nil {
		return err
	}
	return c.Page(listPage(c.View, listView{list, c.Actor.Is(people.Coordinator)}))
}

// formView is a new round as typed.
type formView struct {
	*Feature
	Alliance                  alliance.Alliance
	Title, Lang, Before, Ends string
	Countries                 string
	Kinds, Themes             []string
}

func (f *Feature) newForm(c *web.Ctx) error {
	c.Private()
	now := f.DB.Now().Time()
	return c.Page(formPage(c.View, formView{Feature: f, Alliance: c.Alliance, Lang: c.Lang(), Ends: now.AddDate(0, 1, 0).Format(time.DateOnly)}))
}

func (f *Feature) begin(c *web.Ctx) error {
	v := formView{Feature: f, Alliance: c.Alliance, Title: c.Form("title"), Lang: c.Form("title-lang"), Countries: c.Form("countries"), Kinds: c.Forms("kinds"), Themes: c.Forms("themes"),
		Before: design.DateValue(c.Form, "before"), Ends: design.DateValue(c.Form, "ends")}
	err := c.Write(c.View.T("freshness.begun", "The round has begun."), func(ctx context.Context, tx *db.Tx) (string, error) {
		r, err := v.round()
		if err != nil {
			return "", err
		}
		r, err = f.Begin(ctx, tx, c.Actor, r)
		return "/checks/" + r.ID, err
	})
	if err != nil {
		return c.Retry(err, func(dv design.View) templ.Component { return formPage(dv, v) })
	}
	return nil
}

// round reads what was typed.
func (v formView) round() (Round, error) {
	var list fault.List
	r := Round{Title: v.Title, Lang: v.Lang, Choice: Choice{Kinds: v.Kinds, Themes: v.Themes}}
	for _, name := range strings.FieldsFunc(v.Countries, func(r rune) bool { return r == ',' || r == ';' || r == '،' }) {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		code, ok := place.ParseCountry(name)
		if !ok {
			list.Add(fault.Invalid("countries", "record.country", "We do not know this country: {name}.", "name", name))
		}
		r.Choice.Countries = append(r.Choice.Countries, code)
	}
	day := func(name, typed string, to *db.Instant, after int) {
		if typed == "" {
			return
		}
		t, err := time.Parse(time.DateOnly, typed)
		if err != nil {
			list.Add(fault.Invalid(name, "record.day", "Write a day such as 18/10/2019. Month and day may be left out."))
			return
		}
		*to = db.At(t.AddDate(0, 0, after))
	}
	day("before", v.Before, &r.Choice.Before, 0)
	day("ends", v.Ends, &r.Ends, 1) // the whole of that day
	return r, list.Err()
}

// line is an item with what pages say of it.
type line struct {
	Item
	Entry entry.Entry
	Kind  feature.Kind
	Where string
	Name  string // of the organisation that checked
}

func (f *Feature) lines(ctx context.Context, q db.Q, v design.View, a people.Actor, items []Item) ([]line, error) {
	var ids, orgs []string
	for _, i := range items {
		ids = append(ids, i.Entry)
		if i.By != "" && !slices.Contains(orgs, i.By) {
			orgs = append(orgs, i.By)
		}
	}
	entries, err := entry.Many(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	list, err := people.OrganisationsByID(ctx, q, orgs)
	for _, o := range list {
		names[o.ID] = o.Name
	}
	var out []line
	for _, i := range items {
		if e, ok := entries[i.Entry]; ok && e.Visible(a) {
			out = append(out, line{i, e, f.Kinds[e.Kind], design.Where(v, e.Place), names[i.By]})
		}
	}
	return out, err
}

type showView struct {
	Round
	Tally    Tally
	Free     int
	Lines    []line
	Shares   []Share
	Mine     []Share
	Page     int
	Last     int
	Steers   bool
	MayTake  bool
	Alliance alliance.Alliance
}

func (f *Feature) show(c *web.Ctx) error {
	v, err := f.showView(c.Context(), c.View, c.Actor, c.Path("id"), max(1, web.Whole(c.Query("page"))))
	if err != nil {
		return err
	}
	v.Alliance = c.Alliance
	return c.Page(showPage(c.View, v))
}

func (f *Feature) showView(ctx context.Context, dv design.View, a people.Actor, round string, page int) (v showView, err error) {
	if v.Round, err = roundByID(ctx, f.DB, round); err != nil {
		return v, err
	}
	if v.Tally, err = tallyOf(ctx, f.DB, round); err != nil {
		return v, err
	}
	v.Last = max(1, (v.Tally.All()+itemsPage-1)/itemsPage)
	v.Page = min(page, v.Last)
	items, err := itemsOf(ctx, f.DB, round, (v.Page-1)*itemsPage, itemsPage)
	if err != nil {
		return v, err
	}
	if v.Lines, err = f.lines(ctx, f.DB, dv, a, items); err != nil {
		return v, err
	}
	if v.Free, err = free(ctx, f.DB, round); err != nil {
		return v, err
	}
	v.Steers, v.MayTake = a.Is(people.Coordinator), volunteers.Allow(a)
	if !a.SignedIn() {
		return v, nil
	}
	all, err := sharesOf(ctx, f.DB, round)
	for _, s := range all {
		if s.Person == a.Person {
			v.Mine = append(v.Mine, s)
		} else if v.Steers {
			v.Shares = append(v.Shares, s)
		}
	}
	return v, err
}

func (f *Feature) take(c *web.Ctx) error {
	return c.Write(c.View.T("freshness.taken", "These are yours. Print the sheet, or enter what you find here."), func(ctx context.Context, tx *db.Tx) (string, error) {
		s, err := Take(ctx, tx, c.Actor, c.Path("id"), web.Whole(c.Form("count")), c.Checked("paper"))
		return "/check-shares/" + s.ID, err
	})
}

func (f *Feature) sendLinks(c *web.Ctx) error {
	return c.Write(c.View.T("freshness.sent", "Mails are on their way to all whose address is known."), func(ctx context.Context, tx *db.Tx) (string, error) {
		_, err := f.SendLinks(ctx, tx, c.Actor, c.Path("id"))
		return "/checks/" + c.Path("id"), err
	})
}

func (f *Feature) end(c *web.Ctx) error {
	return c.Write(c.View.T("freshness.ended", "The round is over."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/checks/" + c.Path("id"), End(ctx, tx, c.Actor, c.Path("id"))
	})
}

// shareView is a sheet: to fill in, or to print.
type shareView struct {
	Share
	Round   Round
	Lines   []line
	Records map[string]record.Record
	Names   map[string]entry.Entry
	Numbers map[string]string // as typed, by mark
	Marks   map[int]string
	Notes   map[int]string
	Open    bool
}

func (f *Feature) shareView(c *web.Ctx) (v shareView, items []Item, err error) {
	c.Private()
	ctx := c.Context()
	if v.Share, err = shareByID(ctx, f.DB, c.Path("id")); err != nil {
		return v, nil, err
	}
	if !v.MayEnter(c.Actor) {
		return v, nil, access.Denied()
	}
	if v.Round, err = roundByID(ctx, f.DB, v.Share.Round); err != nil {
		return v, nil, err
	}
	v.Open = v.Round.Closed == 0
	if items, err = itemsOfShare(ctx, f.DB, v.Share.ID); err != nil {
		return v, nil, err
	}
	reader := c.Actor
	if reader.For() == "" && !reader.Is(people.Coordinator) {
		reader = aMember // took it under a mandate, looks at it without
	}
	v.Lines, err = f.lines(ctx, f.DB, c.View, reader, items)
	return v, items, err
}

func (f *Feature) share(c *web.Ctx) error {
	v, _, err := f.shareView(c)
	if err != nil {
		return err
	}
	return c.Page(sharePage(c.View, v))
}

func (f *Feature) enter(c *web.Ctx) error {
	v, items, err := f.shareView(c)
	if err != nil {
		return err
	}
	v.Numbers, v.Marks, v.Notes = map[string]string{}, map[int]string{}, map[int]string{}
	for _, mark := range Marks {
		v.Numbers[mark] = c.Form("numbers-" + mark)
	}
	for _, i := range items {
		n := strconv.Itoa(i.N)
		v.Marks[i.N], v.Notes[i.N] = c.Form("mark-"+n), c.Form("note-"+n)
	}
	err = c.Write(c.View.T("freshness.entered", "Entered. Each record has its proof."), func(ctx context.Context, tx *db.Tx) (string, error) {
		results, err := ReadMarks(items, v.Numbers, v.Marks, v.Notes)
		if err != nil {
			return "", err
		}
		return "/check-shares/" + v.Share.ID, f.Enter(ctx, tx, c.Actor, v.Share.ID, results)
	})
	if err != nil {
		return c.Retry(err, func(dv design.View) templ.Component { return sharePage(dv, v) })
	}
	return nil
}

// sheet is for the telephone and for paper.
func (f *Feature) sheet(c *web.Ctx) error {
	v, _, err := f.shareView(c)
	if err != nil {
		return err
	}
	if v.Records, v.Names, err = f.records(c.Context(), f.DB, v.Lines); err != nil {
		return err
	}
	return c.Page(sheetPage(c.View, v))
}

// records gives what is answered in the records of a sheet.
func (f *Feature) records(ctx context.Context, q db.Q, lines []line) (map[string]record.Record, map[string]entry.Entry, error) {
	entries := make([]entry.Entry, len(lines))
	for i, l := range lines {
		entries[i] = l.Entry
	}
	list, err := record.Fill(ctx, q, entries)
	found := map[string]record.Record{}
	for _, r := range list {
		found[r.ID] = r
	}
	return found, map[string]entry.Entry{}, err
}

// linkView is what an organisation sees of its own records by its link.
type linkView struct {
	Secret  string
	Lines   []line
	Records map[string]record.Record
	Names   map[string]entry.Entry
	Of      alliance.Alliance
	Left    int
}

func (f *Feature) linkView(c *web.Ctx) (v linkView, err error) {
	c.Private()
	v.Secret, v.Of = c.Path("secret"), c.Alliance
	items, err := itemsOfLink(c.Context(), f.DB, v.Secret, f.DB.Now())
	if err != nil {
		return v, err
	}
	if v.Lines, err = f.lines(c.Context(), f.DB, c.View, aMember, items); err != nil {
		return v, err
	}
	for _, l := range v.Lines {
		if l.State == ToDo || l.State == Unreached {
			v.Left++
		}
	}
	v.Records, v.Names, err = f.records(c.Context(), f.DB, v.Lines)
	return v, err
}

// link only shows: programs that read mails open links, and must not confirm.
func (f *Feature) link(c *web.Ctx) error {
	v, err := f.linkView(c)
	if err != nil {
		return err
	}
	return c.Page(linkPage(c.View, v))
}

func (f *Feature) unchanged(c *web.Ctx) error {
	v, err := f.linkView(c)
	if err != nil {
		return err
	}
	var numbers []int
	for _, l := range v.Lines {
		if c.Checked("same-" + strconv.Itoa(l.N)) {
			numbers = append(numbers, l.N)
		}
	}
	err = c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/unchanged/" + v.Secret, f.Unchanged(ctx, tx, v.Secret, numbers)
	})
	if err != nil {
		return c.Retry(err, func(dv design.View) templ.Component { return linkPage(dv, v) })
	}
	return nil
}

// closureView is the form that closes a record for some days.
type closureView struct {
	Record      record.Record
	Path        string
	From, Until string
}

func (f *Feature) closureForm(c *web.Ctx) error {
	c.Private()
	k, r, err := f.hoursRecord(c.Context(), f.DB, c.Actor, c.Path("id"))
	if err != nil {
		return err
	}
	return c.Page(closurePage(c.View, closureView{Record: r, Path: k.Page(r.ID)}))
}

func (f *Feature) closure(c *web.Ctx) error {
	k, r, err := f.hoursRecord(c.Context(), f.DB, c.Actor, c.Path("id"))
	if err != nil {
		return err
	}
	v := closureView{r, k.Page(r.ID), design.DateValue(c.Form, "from"), design.DateValue(c.Form, "until")}
	err = c.Write(c.View.T("freshness.closed.flash", "Noted. The closure ends by itself."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return f.Close(ctx, tx, c.Actor, r.ID, v.From, v.Until)
	})
	if err != nil {
		return c.Retry(err, func(dv design.View) templ.Component { return closurePage(dv, v) })
	}
	return nil
}
