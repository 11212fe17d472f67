package synthesis

import (
	"context"
	"embed"
	"slices"
	"sort"
	"strconv"

	"github.com/a-h/templ"

	"alliance/internal/feature"
	"alliance/internal/platform/access"
	"alliance/internal/platform/alike"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lineage"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

//go:embed phrases
var phrases embed.FS

//go:embed schema
var schema embed.FS

// Synthesis is the feature.
type Synthesis struct {
	*feature.House
	asks  Asks
	pairs db.Memo[[]alike.Pair] // likeness is dear: kept while nothing is written
}

// New puts it together.
func New(h *feature.House, asks Asks) feature.Feature {
	s := &Synthesis{House: h, asks: asks}
	return feature.Feature{Name: "synthesis", Schema: schema, Phrases: phrases, Kinds: kinds, Pages: s.pages, API: s.api, Board: s.board, ToDo: s.toDo, Demo: s.demo}
}

var kinds = []feature.Kind{{
	Name: "reply", One: locale.Phrase{Key: "synthesis.kind.reply", English: "Reply of an author"}, Many: locale.Phrase{Key: "synthesis.kind.replies", English: "Replies of authors"},
	Path:   func(id string) string { return "/replies/" + id },
	Fields: []feature.Field{{Name: entry.Title, Label: locale.Phrase{Key: "synthesis.field.words", English: "Words"}, Long: true}},
}}

func (s *Synthesis) pages(r *web.Router) {
	committee := access.Role(people.Committee)
	r.Get("/assemblies/{id}/synthesis", committee, s.desk)
	r.Get("/assemblies/{id}/synthesis/{act}", committee, s.actForm)
	r.Post("/assemblies/{id}/synthesis/{act}", committee, s.act)
	r.Get("/assemblies/{id}/coverage", access.Everyone, s.coverage)
	r.Get("/synthesis/{id}", access.Everyone, s.show)
	r.Post("/synthesis/{id}/reply", access.SignedIn, s.reply)
	r.Post("/synthesis/{id}/undo", committee, s.undo)
	r.Get("/replies/{id}", access.Everyone, s.toAct)
}

// one is a proposal with what the desk shows of it.
type one struct {
	Entry entry.Entry
	Home  entry.Entry // workshop or assembly
	Fate  Fate
	By    people.Organisation
}

// suggestion is a pair that looks alike. It is a suggestion, never an act.
type suggestion struct {
	A, B   one
	Score  int // percent
	Shared []string
}

type deskView struct {
	Assembly    entry.Entry
	Open        []group
	Dealt       int
	All         int
	Suggestions []suggestion
	Acts        []actRow
}

type group struct {
	Home entry.Entry
	Ones []one
}

type actRow struct {
	Derivation lineage.Derivation
	Parents    []entry.Entry
	Children   []entry.Entry
	By         string
	Until      db.Instant
	Replies    int
}

// collect reads all proposals of an assembly with their fates.
func (s *Synthesis) collect(ctx context.Context, a people.Actor, assembly string) ([]one, []lineage.Derivation, error) {
	proposals, err := s.asks.Proposals(ctx, s.DB, assembly)
	if err != nil {
		return nil, nil, err
	}
	ids, homes, organisations := make([]string, len(proposals)), []string{}, []string{}
	for i, p := range proposals {
		ids[i] = p.ID
		homes, organisations = append(homes, p.Parent), append(organisations, p.Organisation)
	}
	acts, err := lineage.Touching(ctx, s.DB, ids...)
	if err != nil {
		return nil, nil, err
	}
	at, err := entry.Many(ctx, s.DB, unique(homes))
	if err != nil {
		return nil, nil, err
	}
	orgs, err := people.OrganisationsByID(ctx, s.DB, unique(organisations))
	if err != nil {
		return nil, nil, err
	}
	by := map[string]people.Organisation{}
	for _, o := range orgs {
		by[o.ID] = o
	}
	fates := Fates(acts)
	var list []one
	for _, p := range proposals {
		if p.State == entry.Published && p.Visible(a) {
			list = append(list, one{Entry: p, Home: at[p.Parent], Fate: fates[p.ID], By: by[p.Organisation]})
		}
	}
	return list, acts, nil
}

func (s *Synthesis) assembly(ctx context.Context, a people.Actor, id string) (entry.Entry, error) {
	e, err := entry.See(ctx, s.DB, a, "assembly", id)
	if err == nil && !MaySynthesise(a, e.ID) {
		err = access.Denied()
	}
	return e, err
}

func (s *Synthesis) desk(c *web.Ctx) error {
	v, err := s.deskView(c.Context(), c.Actor, c.Path("id"))
	if err != nil {
		return err
	}
	return c.Page(deskPage(c.View, v))
}

func (s *Synthesis) deskView(ctx context.Context, a people.Actor, id string) (v deskView, err error) {
	if v.Assembly, err = s.assembly(ctx, a, id); err != nil {
		return v, err
	}
	all, acts, err := s.collect(ctx, a, id)
	if err != nil {
		return v, err
	}
	v.All = len(all)
	var open []one
	for _, o := range all {
		if o.Fate.Kind == "" {
			open = append(open, o)
		} else {
			v.Dealt++
		}
	}
	v.Open = byHome(open)
	if v.Suggestions, err = s.suggest(ctx, id, open); err != nil {
		return v, err
	}
	v.Acts, err = s.rows(ctx, a, acts)
	return v, err
}

func byHome(list []one) (groups []group) {
	at := map[string]int{}
	for _, o := range list {
		i, ok := at[o.Home.ID]
		if !ok {
			i = len(groups)
			at[o.Home.ID] = i
			groups = append(groups, group{Home: o.Home})
		}
		groups[i].Ones = append(groups[i].Ones, o)
	}
	sort.SliceStable(groups, func(i, j int) bool { return groups[i].Home.Axis < groups[j].Home.Axis })
	return groups
}

// likeEnough is the likeness from which two proposals are suggested: related
// texts score 0.4 and more, unrelated ones under 0.1.
const likeEnough = 0.3

func (s *Synthesis) suggest(ctx context.Context, assembly string, open []one) ([]suggestion, error) {
	pairs, err := s.pairs.Get(ctx, s.DB, assembly, func(context.Context) ([]alike.Pair, error) {
		items := make([]alike.Item, 0, len(open))
		for _, o := range open[:min(len(open), 1000)] {
			item := alike.Item{ID: o.Entry.ID}
			for _, tag := range o.Entry.Title().Languages() {
				item.Texts = append(item.Texts, o.Entry.Title().V[tag].S+" "+o.Entry.Text(entry.Summary).V[tag].S)
			}
			items = append(items, item)
		}
		return alike.Pairs(items, likeEnough), nil
	})
	if err != nil {
		return nil, err
	}
	byID := map[string]one{}
	for _, o := range open {
		byID[o.Entry.ID] = o
	}
	var list []suggestion
	for _, p := range pairs {
		if byID[p.A].Entry.ID == "" || byID[p.B].Entry.ID == "" || len(list) == 12 {
			continue // kept from before, or not for this reader
		}
		list = append(list, suggestion{A: byID[p.A], B: byID[p.B], Score: int(p.Score*100 + .5), Shared: p.Shared})
	}
	return list, nil
}

// rows turns derivations into what a list of acts shows, newest first.
func (s *Synthesis) rows(ctx context.Context, a people.Actor, acts []lineage.Derivation) ([]actRow, error) {
	var ids, entries, persons []string
	for _, d := range acts {
		if !isAct(d) {
			continue
		}
		ids, persons = append(ids, d.ID), append(persons, d.Person)
		for _, l := range slices.Concat(d.Parents, d.Children) {
			entries = append(entries, l.Entry)
		}
	}
	found, err := entry.Many(ctx, s.DB, unique(entries))
	if err != nil {
		return nil, err
	}
	known, err := people.PersonsByID(ctx, s.DB, unique(persons))
	if err != nil {
		return nil, err
	}
	name := map[string]string{}
	for _, p := range known {
		name[p.ID] = p.Name
	}
	replies, err := repliesTo(ctx, s.DB, ids)
	if err != nil {
		return nil, err
	}
	until, err := periods(ctx, s.DB, ids)
	if err != nil {
		return nil, err
	}
	var rows []actRow
	for i := len(acts) - 1; i >= 0; i-- {
		d := acts[i]
		if !isAct(d) {
			continue
		}
		r := actRow{Derivation: d, By: name[d.Person], Replies: len(replies[d.ID])}
		r.Until = until[d.ID]
		for _, l := range d.Parents {
			if e := found[l.Entry]; e.Visible(a) {
				r.Parents = append(r.Parents, e)
			}
		}
		for _, l := range d.Children {
			if e := found[l.Entry]; e.Visible(a) {
				r.Children = append(r.Children, e)
			}
		}
		rows = append(rows, r)
	}
	return rows, nil
}

func isAct(d lineage.Derivation) bool {
	switch d.Kind {
	case lineage.Merged, lineage.Split, lineage.Reworded, lineage.SetAside, lineage.NotCarried:
		return true
	}
	return false
}

// actForm is one act being written.
type actForm struct {
	Assembly entry.Entry
	Kind     lineage.Kind
	Name     string // merge, split, reword, set-aside, explain
	Parents  []one
	Act      Act
	Key      string
}

var actNames = map[string]lineage.Kind{
	"merge": lineage.Merged, "split": lineage.Split, "reword": lineage.Reworded, "set-aside": lineage.SetAside, "explain": lineage.NotCarried,
}

// parts is how many parts the form to split offers.
const parts = 4

func (s *Synthesis) form(c *web.Ctx) (f actForm, err error) {
	if f.Assembly, err = s.assembly(c.Context(), c.Actor, c.Path("id")); err != nil {
		return f, err
	}
	f.Name = c.Path("act")
	kind, ok := actNames[f.Name]
	if !ok {
		return f, fault.Missing()
	}
	chosen := unique(append(c.Queries("p"), c.Forms("p")...))
	all, _, err := s.collect(c.Context(), c.Actor, f.Assembly.ID)
	if err != nil {
		return f, err
	}
	gone, err := s.gone(c.Context(), f.Assembly.ID, chosen)
	if err != nil {
		return f, err
	}
	all = append(all, gone...)
	for _, id := range chosen {
		for _, o := range all {
			if o.Entry.ID == id {
				f.Parents = append(f.Parents, o)
			}
		}
	}
	if len(f.Parents) == 0 {
		return f, fault.Invalid("", "synthesis.none", "Choose a proposal on the desk first.")
	}
	f.Kind, f.Key = kind, web.NewKey()
	f.Act = Act{Kind: kind, Assembly: f.Assembly.ID, Parents: chosen, Lang: c.Lang(), Credits: make([]Credit, len(f.Parents))}
	first := f.Parents[0].Entry
	wording := Wording{Lang: first.Lang, Level: first.Class}
	if kind == lineage.Reworded || kind == lineage.Merged {
		// Where it is whole in the reader's language, they go on from there.
		if l := c.Lang(); !first.Title().In(l).Missing && !first.Text(entry.Summary).In(l).Missing && !first.Text("body").In(l).Missing {
			wording.Lang = l
		}
		wording.Title, wording.Summary, wording.Body = first.Title().In(wording.Lang).S, first.Text(entry.Summary).In(wording.Lang).S, first.Text("body").In(wording.Lang).S
	}
	f.Act.Into = []Wording{wording}
	if kind == lineage.Split {
		f.Act.Into = slices.Repeat([]Wording{{Lang: first.Lang, Level: first.Class}}, parts)
	}
	return f, nil
}

// gone are the chosen proposals of the assembly that were taken back since they
// were chosen. They are no longer on the desk, but what was typed about them is kept.
func (s *Synthesis) gone(ctx context.Context, assembly string, chosen []string) (list []one, err error) {
	found, err := entry.Many(ctx, s.DB, chosen)
	if err != nil {
		return nil, err
	}
	for _, id := range chosen {
		e, ok := found[id]
		if !ok || e.Kind != "proposal" || e.State != entry.Withdrawn {
			continue
		}
		if where, err := s.asks.AssemblyOf(ctx, s.DB, id); err != nil {
			return nil, err
		} else if where == assembly {
			list = append(list, one{Entry: e})
		}
	}
	return list, nil
}

func (s *Synthesis) actForm(c *web.Ctx) error {
	f, err := s.form(c)
	if err != nil {
		return err
	}
	for _, p := range f.Parents {
		if p.Entry.State == entry.Withdrawn {
			return takenBack(p.Entry)
		}
	}
	if f.Kind == lineage.Merged && len(f.Parents) < 2 {
		return fault.Invalid("", "synthesis.merge.two", "Choose at least two proposals to merge.")
	}
	return c.Page(actPage(c.View, f))
}

func (s *Synthesis) act(c *web.Ctx) error {
	f, err := s.form(c)
	if err != nil {
		return err
	}
	f.read(c)
	err = c.Write(c.View.T("synthesis.kept", "Done. Authors were told, and may reply."), func(ctx context.Context, tx *db.Tx) (string, error) {
		d, err := s.Perform(ctx, tx, c.Actor, f.Act)
		if f.Kind == lineage.NotCarried {
			return "/assemblies/" + f.Assembly.ID + "/coverage", err
		}
		return "/synthesis/" + d.ID, err
	})
	if err != nil {
		return c.Retry(err, func(v design.View) templ.Component { return actPage(v, f) })
	}
	return nil
}

// read takes what was typed.
func (f *actForm) read(c *web.Ctx) {
	f.Key, f.Act.Reason = c.Form(design.KeyField), c.Form("reason")
	for i := range f.Act.Credits {
		n := strconv.Itoa(i)
		f.Act.Credits[i] = Credit{Taken: c.Form("taken." + n), LeftOut: c.Form("left." + n), Why: c.Form("why." + n)}
	}
	read := func(at string, w Wording) Wording {
		w.Title, w.Summary, w.Body = c.Form("title"+at), c.Form("summary"+at), c.Form("body"+at)
		if l := c.Form("lang"); l != "" {
			w.Lang = l
		}
		return w
	}
	switch f.Kind {
	case lineage.SetAside, lineage.NotCarried:
		f.Act.Into = nil
	case lineage.Split:
		var into []Wording
		for i, w := range f.Act.Into {
			if w = read("."+strconv.Itoa(i), w); w.Title != "" || w.Summary != "" {
				into = append(into, w)
			}
		}
		f.Act.Into = into
	default:
		f.Act.Into[0] = read("", f.Act.Into[0])
	}
}

// Into at i, also beyond what was typed: the form always offers its parts.
func (f actForm) at(i int) Wording {
	if i < len(f.Act.Into) {
		return f.Act.Into[i]
	}
	return Wording{}
}

// showView is an act with its replies.
type showView struct {
	Row      actRow
	Assembly entry.Entry
	Undone   lineage.Derivation // what took the act back, with its reason
	Links    map[string]lineage.Link
	Replies  []replyRow
	MayReply []entry.Entry // parents whose author the actor stands for
	MayUndo  bool
	Open     bool // the period lasts
	Words    string
	Reason   string
	Lang     string
	Key      string
	Form     string
}

type replyRow struct {
	Entry  entry.Entry
	Author string
	By     people.Organisation
}

func (s *Synthesis) show(c *web.Ctx) error {
	v, err := s.showView(c.Context(), c.Actor, c.Path("id"))
	if err != nil {
		return err
	}
	v.Lang = c.Lang()
	return c.Page(showPage(c.View, v))
}

func (s *Synthesis) showView(ctx context.Context, a people.Actor, id string) (v showView, err error) {
	d, err := lineage.Get(ctx, s.DB, id)
	if err != nil {
		return v, err
	}
	if !isAct(d) {
		return v, fault.Missing()
	}
	rows, err := s.rows(ctx, a, []lineage.Derivation{d})
	if err != nil {
		return v, err
	}
	v.Row, v.Links = rows[0], map[string]lineage.Link{}
	if len(v.Row.Parents) == 0 {
		return v, fault.Missing() // nothing of it is open to this reader
	}
	for _, l := range d.Parents {
		v.Links[l.Entry] = l
	}
	if d.UndoneBy != "" {
		if v.Undone, err = lineage.Get(ctx, s.DB, d.UndoneBy); err != nil {
			return v, err
		}
	}
	if v.Assembly, err = entry.See(ctx, s.DB, a, "", d.Scope); err != nil {
		return v, err
	}
	replies, err := repliesTo(ctx, s.DB, []string{d.ID})
	if err != nil {
		return v, err
	}
	found, err := entry.Many(ctx, s.DB, replies[d.ID])
	if err != nil {
		return v, err
	}
	var organisations []string
	for _, e := range found {
		organisations = append(organisations, e.Organisation)
	}
	orgs, err := people.OrganisationsByID(ctx, s.DB, unique(organisations))
	if err != nil {
		return v, err
	}
	by := map[string]people.Organisation{}
	for _, o := range orgs {
		by[o.ID] = o
	}
	for _, id := range replies[d.ID] {
		if e := found[id]; e.Visible(a) {
			v.Replies = append(v.Replies, replyRow{Entry: e, By: by[e.Organisation]})
		}
	}
	now := s.DB.Now()
	v.Open = v.Row.Until == 0 || now < v.Row.Until
	if d.UndoneBy == "" {
		for _, p := range v.Row.Parents {
			if MayReply(a, p, v.Row.Until, now) {
				v.MayReply = append(v.MayReply, p)
			}
		}
		v.MayUndo = MaySynthesise(a, d.Scope)
	}
	v.Key = web.NewKey()
	return v, nil
}

func (s *Synthesis) reply(c *web.Ctx) error {
	v, err := s.showView(c.Context(), c.Actor, c.Path("id"))
	if err != nil {
		return err
	}
	v.Words, v.Lang, v.Key, v.Form = c.Form("words"), c.Form("words-lang"), c.Form(design.KeyField), "reply"
	if v.Lang == "" {
		v.Lang = c.Lang()
	}
	err = c.Write(c.View.T("synthesis.reply.kept", "Your reply is published beside the act."), func(ctx context.Context, tx *db.Tx) (string, error) {
		_, err := s.Reply(ctx, tx, c.Actor, v.Row.Derivation.ID, c.Form("proposal"), v.Lang, v.Words)
		return "/synthesis/" + v.Row.Derivation.ID, err
	})
	if err != nil {
		return c.Retry(err, func(view design.View) templ.Component { return showPage(view, v) })
	}
	return nil
}

func (s *Synthesis) undo(c *web.Ctx) error {
	v, err := s.showView(c.Context(), c.Actor, c.Path("id"))
	if err != nil {
		return err
	}
	v.Reason, v.Key, v.Form = c.Form("reason"), c.Form(design.KeyField), "undo"
	err = c.Write(c.View.T("synthesis.undone", "The act is taken back. Both stay in the lineage."), func(ctx context.Context, tx *db.Tx) (string, error) {
		assembly, err := s.Undo(ctx, tx, c.Actor, v.Row.Derivation.ID, c.Lang(), v.Reason)
		return "/assemblies/" + assembly + "/synthesis", err
	})
	if err != nil {
		return c.Retry(err, func(view design.View) templ.Component { return showPage(view, v) })
	}
	return nil
}

// toAct leads from a reply to the act it answers.
func (s *Synthesis) toAct(c *web.Ctx) error {
	if _, err := entry.See(c.Context(), c.DB, c.Actor, "reply", c.Path("id")); err != nil {
		return err
	}
	act, err := db.One(c.Context(), c.DB, db.Value[string], `SELECT derivation FROM reply WHERE entry = $1`, c.Path("id"))
	if err != nil {
		return err
	}
	return c.See("/synthesis/" + act + "#" + c.Path("id"))
}

// coverageView shows what was dealt with and what was not.
type coverageView struct {
	Assembly  entry.Entry
	Groups    []coverageGroup
	Orphans   []one // proposals nothing came of, without a reason
	Stakes    []entry.Entry
	All       int
	Dealt     int
	Committee bool
}

type coverageGroup struct {
	Home entry.Entry
	Ones []one
}

func (s *Synthesis) coverage(c *web.Ctx) error {
	v, err := s.coverageView(c.Context(), c.Actor, c.Path("id"))
	if err != nil {
		return err
	}
	return c.Page(coveragePage(c.View, v))
}

func (s *Synthesis) coverageView(ctx context.Context, a people.Actor, id string) (v coverageView, err error) {
	if v.Assembly, err = entry.See(ctx, s.DB, a, "assembly", id); err != nil {
		return v, err
	}
	all, _, err := s.collect(ctx, a, id)
	if err != nil {
		return v, err
	}
	v.All, v.Committee = len(all), MaySynthesise(a, id)
	for _, g := range byHome(all) {
		v.Groups = append(v.Groups, coverageGroup(g))
	}
	for _, o := range all {
		if o.Fate.Kind == "" {
			v.Orphans = append(v.Orphans, o)
		} else {
			v.Dealt++
		}
	}
	v.Stakes, err = s.unanswered(ctx, a, id)
	return v, err
}

// unanswered gives the stakes of an assembly's workshops that no proposal answers.
func (s *Synthesis) unanswered(ctx context.Context, a people.Actor, assembly string) (list []entry.Entry, err error) {
	homes, err := entry.List(ctx, s.DB, entry.Filter{Kinds: []string{"workshop"}, Parent: assembly, Actor: a, Order: entry.ByOld, Limit: 200})
	if err != nil {
		return nil, err
	}
	for _, home := range homes {
		stakes, err := entry.List(ctx, s.DB, entry.Filter{Kinds: []string{"stake"}, Parent: home.ID, Actor: a, Order: entry.ByOld, Limit: 200})
		if err != nil {
			return nil, err
		}
		ids := make([]string, len(stakes))
		for i, e := range stakes {
			ids[i] = e.ID
		}
		answered, err := lineage.Descended(ctx, s.DB, ids)
		if err != nil {
			return nil, err
		}
		for _, e := range stakes {
			if !answered[e.ID] {
				list = append(list, e)
			}
		}
	}
	return list, nil
}

// board puts the desk (for the committee) and the coverage beside an assembly.
func (s *Synthesis) board(ctx context.Context, q db.Q, a people.Actor, of entry.Entry) ([]feature.Tab, error) {
	if of.Kind != "assembly" {
		return nil, nil
	}
	tabs := []feature.Tab{{Label: locale.Phrase{Key: "synthesis.tab.coverage", English: "What became of it"}, Path: "/assemblies/" + of.ID + "/coverage", Order: 40}}
	if MaySynthesise(a, of.ID) {
		tabs = append(tabs, feature.Tab{Label: locale.Phrase{Key: "synthesis.tab.desk", English: "Synthesis"}, Path: "/assemblies/" + of.ID + "/synthesis", Order: 35})
	}
	return tabs, nil
}

// toDo lists the acts whose authors may still reply.
func (s *Synthesis) toDo(ctx context.Context, q db.Q, a people.Actor) ([]feature.Task, error) {
	if !a.SignedIn() {
		return nil, nil
	}
	type row struct {
		act   string
		until db.Instant
	}
	organisation := a.For()
	rows, err := db.All(ctx, q, func(r db.Row) (x row, err error) { return x, r.Scan(&x.act, &x.until) },
		`SELECT DISTINCT p.derivation, p.until FROM reply_period p JOIN derivation_link l ON l.derivation = p.derivation AND l.side = 0
		JOIN entry e ON e.id = l.entry LEFT JOIN derivation u ON u.undoes = p.derivation AND u.undoes <> ''
		WHERE p.until > $1 AND u.id IS NULL AND (e.person = $2 OR (e.organisation = $3 AND e.organisation <> ''))
		AND NOT EXISTS (SELECT 1 FROM reply r JOIN entry re ON re.id = r.entry WHERE r.derivation = p.derivation AND re.person = $2)
		ORDER BY p.until LIMIT 50`, a.At, a.Person, organisation)
	if err != nil {
		return nil, err
	}
	tasks, err := s.owing(ctx, a)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		d, err := lineage.Get(ctx, q, r.act)
		if err != nil {
			return nil, err
		}
		e, err := entry.Get(ctx, q, d.Parents[0].Entry)
		if err != nil {
			return nil, err
		}
		title := e.Title().In(a.Lang)
		tasks = append(tasks, feature.Task{Kind: locale.Phrase{Key: "synthesis.task", English: "You may reply"}, Title: title.S, Lang: title.Lang, Path: "/synthesis/" + r.act, Until: r.until})
	}
	return tasks, nil
}

// owing lists the assemblies where the committee has not dealt with a proposal
// yet. Who sits in every committee sees the newest ones.
func (s *Synthesis) owing(ctx context.Context, a people.Actor) (tasks []feature.Task, err error) {
	var assemblies []string
	for _, g := range a.Grants {
		if g.Role == people.Committee && g.Scope != "" {
			assemblies = append(assemblies, g.Scope)
		}
	}
	if len(assemblies) == 0 && a.Is(people.Committee) {
		newest, err := entry.List(ctx, s.DB, entry.Filter{Kinds: []string{"assembly"}, Actor: a, Order: entry.ByNew, Limit: 5})
		if err != nil {
			return nil, err
		}
		for _, e := range newest {
			assemblies = append(assemblies, e.ID)
		}
	}
	for _, id := range unique(assemblies) {
		v, err := s.coverageView(ctx, a, id)
		if fault.Is(err, fault.KindNotFound) {
			continue // a role in a workshop, or an assembly that is hidden
		}
		if err != nil {
			return nil, err
		}
		if len(v.Orphans) > 0 {
			title := v.Assembly.Title().In(a.Lang)
			tasks = append(tasks, feature.Task{Kind: locale.Phrase{Key: "synthesis.task.owing", English: "Proposals without an answer"}, Title: title.S, Lang: title.Lang, Path: "/assemblies/" + id + "/synthesis"})
		}
	}
	return tasks, nil
}
