package agenda

import (
	"bytes"
	"context"
	"embed"
	"encoding/csv"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"alliance/internal/feature"
	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/file"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/lineage"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

//go:embed phrases
var phrases embed.FS

//go:embed schema
var schema embed.FS

// Agenda is the feature.
type Agenda struct {
	*feature.House
	asks Asks
}

// Asks are what the agenda wants to know of other features; nil tells nothing.
type Asks struct {
	// Registered gives the organisations of an assembly.
	Registered func(ctx context.Context, q db.Q, assembly string) ([]string, error)
}

// New puts it together.
func New(h *feature.House, asks Asks) feature.Feature {
	g := &Agenda{h, asks}
	return feature.Feature{
		Name: "agenda", Schema: schema, Points: points, Phrases: phrases, Kinds: kinds, Pages: g.pages, API: g.api, Board: g.board, ToDo: g.toDo, Demo: g.demo,
		Menu: []web.Menu{{Path: "/agenda", Label: locale.Phrase{Key: "agenda.menu", English: "Agenda"}, Show: access.Everyone}},
	}
}

var kinds = []feature.Kind{
	{Name: ItemKind, One: locale.Phrase{Key: "agenda.kind.item", English: "Adopted item"}, Many: locale.Phrase{Key: "agenda.kind.items", English: "Adopted items"},
		Icon: "check", Path: func(id string) string { return "/agenda/" + id }, Fields: fields},
	{Name: ActionKind, One: locale.Phrase{Key: "agenda.kind.action", English: "Joint action"}, Many: locale.Phrase{Key: "agenda.kind.actions", English: "Joint actions"},
		Icon: "hand", Path: func(id string) string { return "/actions/" + id }, Fields: fields},
	{Name: UpdateKind, One: locale.Phrase{Key: "agenda.kind.update", English: "News of an action"}, Many: locale.Phrase{Key: "agenda.kind.updates", English: "News of actions"},
		Path: func(id string) string { return "/updates/" + id },
		Fields: []feature.Field{{Name: entry.Title, Label: locale.Phrase{Key: "agenda.field.words", English: "Words"}, Long: true},
			{Name: "block", Label: locale.Phrase{Key: "agenda.field.block", English: "What stops us"}, Long: true}}},
	{Name: EvidenceKind, One: locale.Phrase{Key: "agenda.kind.evidence", English: "Evidence"}, Many: locale.Phrase{Key: "agenda.kind.evidences", English: "Pieces of evidence"},
		Path:   func(id string) string { return "/evidence/" + id },
		Fields: []feature.Field{{Name: entry.Title, Label: locale.Phrase{Key: "agenda.field.words", English: "Words"}, Long: true}}},
}

var fields = []feature.Field{
	{Name: entry.Title, Label: locale.Phrase{Key: "agenda.field.title", English: "Title"}},
	{Name: entry.Summary, Label: locale.Phrase{Key: "agenda.field.summary", English: "In plain words"}, Long: true},
}

func (g *Agenda) pages(r *web.Router) {
	carriers := access.Mandated(people.Speak)
	r.Get("/agenda", access.Everyone, g.list)
	r.Get("/agenda/{id}", access.Everyone, g.item)
	r.Get("/agenda/{id}/drop", access.Role(people.Committee), g.dropForm)
	r.Post("/agenda/{id}/drop", access.Role(people.Committee), g.drop)
	r.Get("/agenda/{id}/propose", carriers, g.proposeForm)
	r.Post("/agenda/{id}/propose", carriers, g.propose)
	r.Get("/actions/{id}", access.Everyone, g.action)
	r.Post("/actions/{id}/answer", carriers, g.answer)
	r.Post("/actions/{id}/report", carriers, g.report)
	r.Post("/actions/{id}/evidence", carriers, g.show)
	r.Get("/actions/{id}/drop", carriers.Or(access.Role(people.Committee)), g.dropForm)
	r.Post("/actions/{id}/drop", carriers.Or(access.Role(people.Committee)), g.drop)
	r.Post("/evidence/{id}/confirm", carriers, g.confirm)
	r.Get("/evidence/{id}", access.Everyone, g.toAction)
	r.Get("/updates/{id}", access.Everyone, g.toAction)
	r.Get("/evidence/{id}/file", access.Everyone, g.file)
	r.Get("/assemblies/{id}/review", access.Everyone, g.review)
}

// row is an action with what a list shows of it.
type row struct {
	Action Action
	Entry  entry.Entry
	Health Health
	Last   db.Instant
	Proof  bool // evidence that somebody else confirmed
}

// entryRow is an adopted item with its actions.
type itemRow struct {
	Item    Item
	Entry   entry.Entry
	Actions []row
}

// Count counts the actions of an item in a health.
func (r itemRow) Count(h Health) (n int) {
	for _, a := range r.Actions {
		if a.Health == h {
			n++
		}
	}
	return n
}

// load reads items with their actions, as far as the actor may know of them.
func (g *Agenda) load(ctx context.Context, a people.Actor, list []Item) ([]itemRow, error) {
	ids := make([]string, len(list))
	for i, x := range list {
		ids[i] = x.Entry
	}
	acts, err := actions(ctx, g.DB, ids...)
	if err != nil {
		return nil, err
	}
	want := append([]string(nil), ids...)
	var actionIDs []string
	for _, x := range acts {
		actionIDs = append(actionIDs, x.Entry)
	}
	entries, err := entry.Many(ctx, g.DB, append(want, actionIDs...))
	if err != nil {
		return nil, err
	}
	proofs, err := evidenceOf(ctx, g.DB, actionIDs...)
	if err != nil {
		return nil, err
	}
	proven := map[string]bool{}
	for _, p := range proofs {
		proven[p.Action] = proven[p.Action] || p.Confirmed != 0
	}
	byItem := map[string][]row{}
	for _, x := range acts {
		e := entries[x.Entry]
		if !e.Visible(a) && !x.CarriedBy(a.For()) {
			continue
		}
		byItem[x.Item] = append(byItem[x.Item], row{Action: x, Entry: e, Health: x.Health(g.DB.Now()), Last: x.Heard, Proof: proven[x.Entry]})
	}
	var rows []itemRow
	for _, i := range list {
		if e := entries[i.Entry]; e.Visible(a) {
			rows = append(rows, itemRow{Item: i, Entry: e, Actions: byItem[i.Entry]})
		}
	}
	return rows, nil
}

// group is what one assembly adopted.
type group struct {
	Assembly entry.Entry
	Rows     []itemRow
}

func (g *Agenda) groups(ctx context.Context, a people.Actor, assembly string) ([]group, error) {
	list, err := items(ctx, g.DB, assembly)
	if err != nil {
		return nil, err
	}
	rows, err := g.load(ctx, a, list)
	if err != nil {
		return nil, err
	}
	var parents []string
	for _, r := range rows {
		parents = append(parents, r.Entry.Parent)
	}
	assemblies, err := entry.Many(ctx, g.DB, parents)
	if err != nil {
		return nil, err
	}
	at := map[string]int{}
	var out []group
	for _, r := range rows {
		i, ok := at[r.Entry.Parent]
		if !ok {
			i = len(out)
			at[r.Entry.Parent] = i
			out = append(out, group{Assembly: assemblies[r.Entry.Parent]})
		}
		out[i].Rows = append(out[i].Rows, r)
	}
	// The newest assembly first: that is the agenda in hand.
	sort.SliceStable(out, func(i, j int) bool { return out[i].Rows[0].Item.Decided > out[j].Rows[0].Item.Decided })
	return out, nil
}

func (g *Agenda) list(c *web.Ctx) error {
	groups, err := g.groups(c.Context(), c.Actor, c.Query("assembly"))
	if err != nil {
		return err
	}
	if c.Query("as") == "csv" {
		return c.Download("agenda.csv", "text/csv; charset=utf-8", asCSV(c.View, groups))
	}
	return c.Page(listPage(c.View, groups))
}

func asCSV(v design.View, groups []group) []byte {
	var b bytes.Buffer
	b.WriteString("\ufeff") // spreadsheets take UTF-8 for what it is only then
	w := csv.NewWriter(&b)
	w.Write([]string{v.T("agenda.csv.item", "Item"), v.T("agenda.csv.action", "Action"), v.T("agenda.csv.step", "Step"), v.T("agenda.csv.health", "Review"),
		v.T("agenda.csv.carriers", "Carried by"), v.T("agenda.csv.due", "Due"), v.T("agenda.csv.last", "Last news")})
	for _, g := range groups {
		for _, r := range g.Rows {
			title := strconv.Itoa(r.Item.Number) + ". " + r.Entry.Title().In(v.Lang()).S
			if len(r.Actions) == 0 {
				w.Write([]string{safe(title), "", "", "", "", "", ""})
			}
			for _, a := range r.Actions {
				var names []string
				for _, c := range a.Action.Carriers {
					names = append(names, c.Name)
				}
				due := ""
				if a.Action.Due != 0 {
					due = a.Action.Due.Day()
				}
				w.Write([]string{safe(title), safe(a.Entry.Title().In(v.Lang()).S), v.Say(stepNames[a.Action.Step]), v.Say(healthNames[a.Health]),
					safe(strings.Join(names, "; ")), due, a.Last.Day()})
			}
		}
	}
	w.Flush()
	return b.Bytes()
}

// safe keeps a spreadsheet from taking words for a formula.
func safe(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

// itemPage is an adopted item with all that carries it.
type itemView struct {
	Row      itemRow
	Assembly entry.Entry
	Motion   entry.Entry
	From     []entry.Entry // what it came from, one step up
	Serving  []serving     // records that say they serve it
	Dropped  []lineage.Derivation
	MayDrop  bool
	MayAdd   bool
}

func (g *Agenda) item(c *web.Ctx) error {
	v, err := g.itemView(c.Context(), c.Actor, c.Path("id"))
	if err != nil {
		return err
	}
	return c.Page(itemPage(c.View, v))
}

func (g *Agenda) itemView(ctx context.Context, a people.Actor, id string) (v itemView, err error) {
	if _, err = entry.See(ctx, g.DB, a, ItemKind, id); err != nil {
		return v, err
	}
	i, err := itemByID(ctx, g.DB, id)
	if err != nil {
		return v, err
	}
	rows, err := g.load(ctx, a, []Item{i})
	if err != nil || len(rows) == 0 {
		return v, err
	}
	v.Row = rows[0]
	touching, err := lineage.Touching(ctx, g.DB, id)
	if err != nil {
		return v, err
	}
	var ids []string
	for _, d := range touching {
		switch {
		case d.UndoneBy != "":
		case d.Kind == lineage.Dropped:
			v.Dropped = append(v.Dropped, d)
		case len(d.Children) > 0 && d.Children[0].Entry == id:
			for _, p := range d.Parents {
				ids = append(ids, p.Entry)
			}
		}
	}
	found, err := entry.Many(ctx, g.DB, append(ids, v.Row.Entry.Parent, i.Motion))
	if err != nil {
		return v, err
	}
	for _, from := range ids {
		if e, ok := found[from]; ok && e.Visible(a) {
			v.From = append(v.From, e)
		}
	}
	if v.Serving, err = g.servingOf(ctx, a, rows[:1]); err != nil {
		return v, err
	}
	v.Assembly, v.Motion = found[v.Row.Entry.Parent], found[i.Motion]
	v.MayDrop = a.Is(people.Committee, v.Row.Entry.Parent) && v.Row.Entry.Class != "dropped"
	v.MayAdd = v.Row.Entry.Class == "action"
	return v, nil
}

// proposal is the form to propose an action.
type proposal struct {
	Item          entry.Entry
	Organisations []people.Organisation // offered: all of a small alliance; else who met, who is ticked, who was looked for
	Some          bool                  // not all are offered
	Find          string                // words to look for more
	Found         bool
	Mine          string
	Title         string
	Summary       string
	Lang          string
	Due           string
	Carriers      []string
	Key           string
}

func (g *Agenda) proposal(c *web.Ctx) (p proposal, err error) {
	if p.Item, err = entry.See(c.Context(), c.DB, c.Actor, ItemKind, c.Path("id")); err != nil {
		return p, err
	}
	p.Mine, p.Lang, p.Key = c.Actor.For(), c.Lang(), web.NewKey()
	p.Carriers, p.Find = c.R.PostForm["carriers"], c.Form("find")
	err = g.offer(c.Context(), &p)
	return p, err
}

// mostOffered is how many organisations a list on a phone can hold.
const mostOffered = 40

// offer chooses whom one may ask: everybody in a small alliance; else those who
// took part in the assembly, those ticked already, and those looked for.
func (g *Agenda) offer(ctx context.Context, p *proposal) error {
	all, err := people.Organisations(ctx, g.DB, people.LocalAuthority, people.CivilSociety, people.MigrantLed)
	if p.Organisations = all; err != nil || len(all) <= mostOffered {
		return err
	}
	var near []string
	if g.asks.Registered != nil {
		if near, err = g.asks.Registered(ctx, g.DB, p.Item.Parent); err != nil {
			return err
		}
	}
	if len(near) > mostOffered {
		near = nil
	}
	near = append(near, p.Carriers...)
	p.Organisations, p.Some = nil, true
	words, found := lang.Fold(p.Find), 0
	for _, o := range all {
		here := slices.Contains(near, o.ID)
		if !here && words != "" && found < mostOffered && strings.Contains(lang.Fold(o.Name), words) {
			here, p.Found = true, true
			found++
		}
		if here {
			p.Organisations = append(p.Organisations, o)
		}
	}
	return nil
}

func (g *Agenda) proposeForm(c *web.Ctx) error {
	p, err := g.proposal(c)
	if err != nil {
		return err
	}
	return c.Page(proposePage(c.View, p))
}

func (g *Agenda) propose(c *web.Ctx) error {
	p, err := g.proposal(c)
	if err != nil {
		return err
	}
	p.Title, p.Summary, p.Due = c.Form("title"), c.Form("summary"), design.DateValue(c.Form, "due")
	p.Key = c.Form(design.KeyField)
	if l := c.Form("summary-lang"); l != "" {
		p.Lang = l
	}
	if c.Form("look") != "" { // more organisations to choose from; nothing is sent yet
		return c.Page(proposePage(c.View, p))
	}
	due, fail := day("due", p.Due)
	if fail == nil {
		err = c.Write(c.View.T("agenda.proposed", "The action is proposed. The others are asked whether they carry it."), func(ctx context.Context, tx *db.Tx) (string, error) {
			e, err := Propose(ctx, tx, c.Actor, NewAction{Item: p.Item.ID, Lang: p.Lang, Title: p.Title, Summary: p.Summary, Carriers: p.Carriers, Due: due})
			return "/actions/" + e.ID, err
		})
	} else {
		err = fail
	}
	if err != nil {
		return c.Retry(err, func(v design.View) templ.Component { return proposePage(v, p) })
	}
	return nil
}

// day reads a date as the end of that day, UTC; "" is none.
func day(field, s string) (db.Instant, error) {
	if s == "" {
		return 0, nil
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, fault.Invalid(field, "agenda.date", "This is not a date. Write day, month and year.")
	}
	return db.At(t.Add(24*time.Hour - time.Second)), nil
}

// actionView is an action with everything told of it.
type actionView struct {
	Row      row
	Item     entry.Entry
	News     []news // newest first
	Reason   []lineage.Derivation
	Names    map[string]people.Organisation
	Persons  map[string]string
	Asked    bool // the actor's organisation has not answered
	MayTell  bool
	MayDrop  bool
	MayLeave bool
	Steps    []Step // steps that may be announced from here
	Missing  *fault.Fault
	// what was typed
	Words, Block, Link, Step, Lang string
	Key, Form                      string
}

// news is an update or a piece of evidence.
type news struct {
	Entry      entry.Entry
	Evidence   *Evidence
	MayConfirm bool
}

func (g *Agenda) action(c *web.Ctx) error {
	v, err := g.actionView(c.Context(), c.Actor, c.Path("id"))
	if err != nil {
		return err
	}
	v.Lang = c.Lang()
	return c.Page(actionPage(c.View, v))
}

func (g *Agenda) actionView(ctx context.Context, a people.Actor, id string) (v actionView, err error) {
	act, err := actionByID(ctx, g.DB, id)
	if err != nil {
		return v, err
	}
	e, err := entry.Get(ctx, g.DB, id)
	if err != nil {
		return v, err
	}
	if !e.Visible(a) && !act.CarriedBy(a.For()) {
		return v, fault.Missing()
	}
	v.Row = row{Action: act, Entry: e, Health: act.Health(g.DB.Now()), Last: act.Heard}
	if v.Item, err = entry.Get(ctx, g.DB, act.Item); err != nil {
		return v, err
	}
	told, err := entry.List(ctx, g.DB, entry.Filter{Kinds: []string{UpdateKind, EvidenceKind}, Parent: id, Actor: a, Order: entry.ByNew, Limit: 100})
	if err != nil {
		return v, err
	}
	proofs, err := evidenceOf(ctx, g.DB, id)
	if err != nil {
		return v, err
	}
	organisations, persons := []string{}, []string{}
	for _, n := range told {
		one := news{Entry: n}
		for i := range proofs {
			if proofs[i].Entry == n.ID {
				one.Evidence = &proofs[i]
				one.MayConfirm = proofs[i].MayConfirm(a, n.Organisation)
				organisations = append(organisations, proofs[i].ConfirmedFor)
			}
		}
		organisations, persons = append(organisations, n.Organisation), append(persons, n.Person)
		v.News = append(v.News, one)
	}
	if v.Names, v.Persons, err = names(ctx, g.DB, organisations, persons); err != nil {
		return v, err
	}
	if act.Step == Dropped {
		touching, err := lineage.Touching(ctx, g.DB, id)
		if err != nil {
			return v, err
		}
		for _, d := range touching {
			if d.Kind == lineage.Dropped {
				v.Reason = append(v.Reason, d)
			}
		}
	}
	open := act.Step != Dropped
	for _, carrier := range act.Carriers {
		v.Asked = v.Asked || open && carrier.Organisation == a.For() && carrier.Confirmed == 0 && carrier.Declined == 0 && a.May(people.Speak)
	}
	v.MayTell = open && act.Step != Asked && act.MayReport(a)
	v.MayDrop = open && (act.MayReport(a) || a.Is(people.Committee, v.Item.Parent))
	v.MayLeave = v.MayTell && (act.Step == Pledged || act.Step == UnderWay)
	v.Steps = next[act.Step]
	v.Missing = Joint(act.Carriers, true)
	v.Key = web.NewKey()
	return v, nil
}

func names(ctx context.Context, q db.Q, organisations, persons []string) (map[string]people.Organisation, map[string]string, error) {
	orgs, err := people.OrganisationsByID(ctx, q, organisations)
	if err != nil {
		return nil, nil, err
	}
	found, err := people.PersonsByID(ctx, q, persons)
	byOrg, byPerson := map[string]people.Organisation{}, map[string]string{}
	for _, o := range orgs {
		byOrg[o.ID] = o
	}
	for _, p := range found {
		byPerson[p.ID] = p.Name
	}
	return byOrg, byPerson, err
}

func (g *Agenda) answer(c *web.Ctx) error {
	yes := c.Form("answer") == "yes"
	flash := c.View.T("agenda.answered.no", "Your answer is kept: your organisation does not carry this action.")
	if yes {
		flash = c.View.T("agenda.answered.yes", "Thank you. Your organisation carries this action.")
	}
	return c.Write(flash, func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/actions/" + c.Path("id"), Answer(ctx, tx, c.Actor, c.Path("id"), yes)
	})
}

func (g *Agenda) report(c *web.Ctx) error {
	v, err := g.actionView(c.Context(), c.Actor, c.Path("id"))
	if err != nil {
		return err
	}
	v.Form, v.Words, v.Block, v.Step, v.Lang, v.Key = "report", c.Form("words"), c.Form("block"), c.Form("step"), c.Form("words-lang"), c.Form(design.KeyField)
	if v.Lang == "" {
		v.Lang = c.Lang()
	}
	err = c.Write(c.View.T("agenda.reported", "Your news is published."), func(ctx context.Context, tx *db.Tx) (string, error) {
		_, err := Report(ctx, tx, c.Actor, v.Row.Entry.ID, v.Lang, v.Words, v.Block, Step(v.Step))
		return "/actions/" + v.Row.Entry.ID, err
	})
	if err != nil {
		return c.Retry(err, func(view design.View) templ.Component { return actionPage(view, v) })
	}
	return nil
}

func (g *Agenda) show(c *web.Ctx) error {
	v, err := g.actionView(c.Context(), c.Actor, c.Path("id"))
	if err != nil {
		return err
	}
	v.Form, v.Words, v.Link, v.Lang, v.Key = "evidence", c.Form("words"), c.Form("link"), c.Form("words-lang"), c.Form(design.KeyField)
	if v.Lang == "" {
		v.Lang = c.Lang()
	}
	err = func() error {
		var taken *file.Taken
		if f, header, err := c.R.FormFile("file"); err == nil && header.Size > 0 {
			defer f.Close()
			t, err := g.Files.Take(c.Context(), f, header.Filename, file.Limits{Field: "file"})
			if err != nil {
				return err
			}
			taken = &t
		}
		return c.Write(c.View.T("agenda.evidenced", "The evidence is published. Another organisation can confirm it now."), func(ctx context.Context, tx *db.Tx) (string, error) {
			_, err := g.keep(ctx, tx, c.Actor, v.Row.Entry.ID, v.Lang, v.Words, v.Link, taken)
			return "/actions/" + v.Row.Entry.ID, err
		})
	}()
	if err != nil {
		return c.Retry(err, func(view design.View) templ.Component { return actionPage(view, v) })
	}
	return nil
}

// keep keeps evidence, with the document that was taken in or nil.
func (g *Agenda) keep(ctx context.Context, tx *db.Tx, a people.Actor, action, tag, words, link string, taken *file.Taken) (string, error) {
	kept := ""
	if taken != nil {
		f, err := g.Files.Keep(ctx, tx, *taken, a.Person, "public")
		if err != nil {
			return "", err
		}
		kept = f.ID
	}
	e, err := Show(ctx, tx, a, action, tag, words, link, kept)
	return e.ID, err
}

func (g *Agenda) confirm(c *web.Ctx) error {
	return c.Write(c.View.T("agenda.confirmed", "Thank you. Your organisation confirmed the evidence."), func(ctx context.Context, tx *db.Tx) (string, error) {
		action, err := Confirm(ctx, tx, c.Actor, c.Path("id"))
		return "/actions/" + action, err
	})
}

// toAction leads from an update or a piece of evidence to its action.
func (g *Agenda) toAction(c *web.Ctx) error {
	e, err := entry.See(c.Context(), c.DB, c.Actor, "", c.Path("id"))
	if err != nil {
		return err
	}
	return c.See("/actions/" + e.Parent + "#" + e.ID)
}

func (g *Agenda) file(c *web.Ctx) error {
	if _, err := entry.See(c.Context(), c.DB, c.Actor, EvidenceKind, c.Path("id")); err != nil {
		return err
	}
	v, err := evidenceByID(c.Context(), c.DB, c.Path("id"))
	if err != nil {
		return err
	}
	f, err := file.ByID(c.Context(), c.DB, v.File)
	if err != nil {
		return err
	}
	return g.Files.Serve(c.W, c.R, f)
}

// dropping is the page that asks why.
type dropping struct {
	Entry  entry.Entry
	Path   string
	Reason string
	Key    string
}

func (g *Agenda) dropping(c *web.Ctx) (d dropping, err error) {
	if d.Entry, err = entry.Get(c.Context(), c.DB, c.Path("id")); err != nil {
		return d, err
	}
	d.Path, d.Key = strings.TrimSuffix(c.View.Path, "/drop"), web.NewKey()
	return d, mayDrop(c.Context(), c.DB, c.Actor, d.Entry)
}

func (g *Agenda) dropForm(c *web.Ctx) error {
	d, err := g.dropping(c)
	if err != nil {
		return err
	}
	return c.Page(dropPage(c.View, d))
}

func (g *Agenda) drop(c *web.Ctx) error {
	d, err := g.dropping(c)
	if err != nil {
		return err
	}
	d.Reason, d.Key = c.Form("reason"), c.Form(design.KeyField)
	err = c.Write(c.View.T("agenda.drop.done", "It is dropped. The reason stays with it."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return d.Path, Drop(ctx, tx, c.Actor, d.Entry.Kind, d.Entry.ID, c.Lang(), d.Reason)
	})
	if err != nil {
		return c.Retry(err, func(v design.View) templ.Component { return dropPage(v, d) })
	}
	return nil
}

// reviewView takes stock for an assembly: all open items of the assemblies
// before it, what moved since the last one, what is silent and what was dropped.
type reviewView struct {
	Assembly entry.Entry
	Groups   []group
	Counts   map[Health]int
	Quiet    []serving // practices and initiatives that serve what was adopted, without news
}

func (g *Agenda) review(c *web.Ctx) error {
	v, err := g.reviewView(c.Context(), c.Actor, c.Path("id"))
	if err != nil {
		return err
	}
	return c.Page(reviewPage(c.View, v))
}

func (g *Agenda) reviewView(ctx context.Context, a people.Actor, id string) (v reviewView, err error) {
	assembly, err := entry.See(ctx, g.DB, a, "assembly", id)
	if err != nil {
		return v, err
	}
	all, err := g.groups(ctx, a, "")
	if err != nil {
		return v, err
	}
	v = reviewView{Assembly: assembly, Counts: map[Health]int{}}
	for _, group := range all {
		if group.Assembly.ID != assembly.ID && group.Assembly.Starts > assembly.Starts {
			continue // a review looks back
		}
		v.Groups = append(v.Groups, group)
		for _, r := range group.Rows {
			for _, a := range r.Actions {
				v.Counts[a.Health]++
			}
		}
		all, err := g.servingOf(ctx, a, group.Rows)
		if err != nil {
			return v, err
		}
		v.Quiet = append(v.Quiet, slices.DeleteFunc(all, func(s serving) bool { return !s.Quiet })...)
	}
	return v, nil
}

// board puts review and agenda beside an assembly.
func (g *Agenda) board(ctx context.Context, q db.Q, a people.Actor, of entry.Entry) ([]feature.Tab, error) {
	if of.Kind != "assembly" {
		return nil, nil
	}
	adopted, err := items(ctx, q, of.ID)
	if err != nil {
		return nil, err
	}
	tabs := []feature.Tab{{Label: locale.Phrase{Key: "agenda.tab.review", English: "Review"}, Path: "/assemblies/" + of.ID + "/review", Order: 70}}
	if len(adopted) > 0 {
		tabs = append(tabs, feature.Tab{Label: locale.Phrase{Key: "agenda.tab.adopted", English: "Adopted"}, Path: "/agenda?assembly=" + of.ID, Count: len(adopted), Order: 60})
	}
	return tabs, nil
}

// toDo lists what waits for whoever speaks for a carrier.
func (g *Agenda) toDo(ctx context.Context, q db.Q, a people.Actor) ([]feature.Task, error) {
	if !a.May(people.Speak) {
		return nil, nil
	}
	asked, err := waitingFor(ctx, q, a.For())
	if err != nil {
		return nil, err
	}
	open, err := toReportOn(ctx, q, a.For())
	if err != nil {
		return nil, err
	}
	entries, err := entry.Many(ctx, q, append(append([]string(nil), asked...), open...))
	if err != nil {
		return nil, err
	}
	var tasks []feature.Task
	for i, id := range append(asked, open...) {
		e := entries[id]
		kind := locale.Phrase{Key: "agenda.task.answer", English: "To answer: carry an action?"}
		if i >= len(asked) {
			kind = locale.Phrase{Key: "agenda.task.report", English: "To report on"}
		}
		title := e.Title().In(a.Lang)
		tasks = append(tasks, feature.Task{Kind: kind, Title: title.S, Lang: title.Lang, Path: "/actions/" + id, Until: e.Ends})
	}
	return tasks, nil
}
