package assembly

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"alliance/internal/feature"
	"alliance/internal/platform/access"
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// row is an assembly as a list shows it.
type row struct {
	Entry    entry.Entry
	Assembly Assembly
	Phase    Phase
	Inside   []row
}

// rows fills in the typed side of entries.
func (f *Feature) rows(ctx context.Context, list []entry.Entry, at db.Instant) ([]row, error) {
	ids := make([]string, len(list))
	for i, e := range list {
		ids[i] = e.ID
	}
	found, err := assembliesByID(ctx, f.DB, ids)
	var rows []row
	for _, e := range list {
		a := found[e.ID]
		rows = append(rows, row{Entry: e, Assembly: a, Phase: a.Now(at)})
	}
	return rows, err
}

// assemblies lists all that the actor may know of, newest first, each with
// those inside it; the seasons are the keys.
func (f *Feature) assemblies(ctx context.Context, a people.Actor, at db.Instant) (map[Season][]row, error) {
	all, err := entry.List(ctx, f.DB, entry.Filter{Kinds: []string{"assembly"}, Actor: a, Order: entry.ByNew, Limit: 1000})
	if err != nil {
		return nil, err
	}
	rows, err := f.rows(ctx, all, at)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(rows, func(x, y row) int { return cmp.Compare(y.Entry.Starts, x.Entry.Starts) })
	inside, known := map[string][]row{}, map[string]bool{}
	for _, r := range rows {
		known[r.Entry.ID] = true
		inside[r.Entry.Parent] = append(inside[r.Entry.Parent], r)
	}
	var nest func(r row) row
	nest = func(r row) row {
		for _, x := range inside[r.Entry.ID] {
			r.Inside = append(r.Inside, nest(x))
		}
		return r
	}
	seasons := map[Season][]row{}
	for _, r := range rows {
		if !known[r.Entry.Parent] { // what sits in none, or in one the reader may not know of
			s := SeasonOf(r.Phase)
			seasons[s] = append(seasons[s], nest(r))
		}
	}
	slices.Reverse(seasons[Coming]) // the next one first
	return seasons, nil
}

func (f *Feature) list(c *web.Ctx) error {
	seasons, err := f.assemblies(c.Context(), c.Actor, c.Actor.At)
	if err != nil {
		return err
	}
	return c.Page(listPage(c.View, seasons, MayRun(c.Actor, "")))
}

// view is an assembly with all that its page shows.
type view struct {
	Entry      entry.Entry
	Assembly   Assembly
	Phase      Phase
	Parent     entry.Entry // zero when it sits in none that the reader may know of
	Organisers []people.Organisation
	Inside     []row
	Workshops  []workshopRow
	Days       []day
	Groups     []group
	Registered int
	Tabs       []feature.Tab
	MayRun     bool
	Mine       bool // the actor's organisation takes part
	Here       bool // and is noted as present
	MayCome    bool // the actor may say that it does
	Key        string
}

type workshopRow struct {
	Workshop          Workshop
	Entry             entry.Entry
	Stakes, Proposals int
}

// group is who takes part of one college; College "" has a voice without vote.
type group struct {
	College       string
	Name          lang.Text
	Kind          people.OrganisationKind
	Organisations []people.Organisation
}

// see gives an assembly the actor may know of.
func see(ctx context.Context, q db.Q, a people.Actor, id string) (entry.Entry, Assembly, error) {
	e, err := entry.See(ctx, q, a, "assembly", id)
	if err != nil {
		return e, Assembly{}, err
	}
	s, err := assemblyByID(ctx, q, id)
	return e, s, err
}

// mine gives an assembly the actor leads.
func (f *Feature) mine(c *web.Ctx, id string) (entry.Entry, Assembly, error) {
	e, s, err := see(c.Context(), c.DB, c.Actor, id)
	if err == nil && !MayRun(c.Actor, e.ID) {
		err = access.Denied()
	}
	return e, s, err
}

func (f *Feature) show(c *web.Ctx) error {
	v, err := f.view(c.Context(), c.Actor, c.Alliance, c.Path("id"))
	if err != nil {
		return err
	}
	return c.Page(showPage(c.View, v, c.Alliance))
}

func (f *Feature) view(ctx context.Context, a people.Actor, settings alliance.Alliance, id string) (v view, err error) {
	if v.Entry, v.Assembly, err = see(ctx, f.DB, a, id); err != nil {
		return v, err
	}
	v.Phase = v.Assembly.Now(a.At)
	if v.Entry.Parent != "" {
		if above, err := entry.Get(ctx, f.DB, v.Entry.Parent); err == nil && above.Visible(a) {
			v.Parent = above
		}
	}
	if v.Organisers, err = inNamedOrder(ctx, f.DB, v.Assembly.Organisers); err != nil {
		return v, err
	}
	nested, err := entry.List(ctx, f.DB, entry.Filter{Kinds: []string{"assembly"}, Parent: v.Entry.ID, Actor: a, Limit: 200})
	if err != nil {
		return v, err
	}
	if v.Inside, err = f.rows(ctx, nested, a.At); err != nil {
		return v, err
	}
	if v.Workshops, err = f.workshopRows(ctx, a, v.Entry.ID); err != nil {
		return v, err
	}
	items, err := programmeOf(ctx, f.DB, v.Entry.ID)
	if err != nil {
		return v, err
	}
	v.Days = days(items, zoneOf(v.Assembly.Timezone))
	all, err := attendanceOf(ctx, f.DB, v.Entry.ID)
	if err != nil {
		return v, err
	}
	v.Groups, v.Registered = groups(settings, all), len(all)
	for _, x := range all {
		if a.For() != "" && x.Organisation.ID == a.For() {
			v.Mine, v.Here = true, x.Present
		}
	}
	if v.Tabs, err = f.Tabs(ctx, f.DB, a, v.Entry); err != nil {
		return v, err
	}
	v.MayRun, v.Key = MayRun(a, v.Entry.ID), web.NewKey()
	v.MayCome = a.May(people.Speak) && v.Phase.Allows(Register)
	return v, nil
}

func inNamedOrder(ctx context.Context, q db.Q, ids []string) ([]people.Organisation, error) {
	found, err := people.OrganisationsByID(ctx, q, ids)
	var list []people.Organisation
	for _, id := range ids {
		for _, o := range found {
			if o.ID == id && o.Withdrawn == 0 {
				list = append(list, o)
			}
		}
	}
	return list, err
}

// groups sorts who takes part by college, in the order of the settings; last
// come those that have a voice and no vote.
func groups(settings alliance.Alliance, all []Attendance) (list []group) {
	for _, c := range settings.Colleges {
		g := group{College: c.ID, Name: c.Name}
		if len(c.Kinds) > 0 {
			g.Kind = c.Kinds[0]
		}
		list = append(list, g)
	}
	list = append(list, group{})
	for _, x := range all {
		college := settings.CollegeOf(x.Organisation.Kind)
		i := slices.IndexFunc(list, func(g group) bool { return g.College == college })
		list[i].Organisations = append(list[i].Organisations, x.Organisation)
	}
	if last := len(list) - 1; len(list[last].Organisations) == 0 {
		list = list[:last]
	}
	return list
}

// workshopRows lists the workshops of an assembly by axis, with what they
// brought so far; only what the actor may know of counts.
func (f *Feature) workshopRows(ctx context.Context, a people.Actor, assembly string) ([]workshopRow, error) {
	list, err := workshopsOf(ctx, f.DB, assembly)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(list))
	for i, w := range list {
		ids[i] = w.Entry
	}
	found, err := entry.Many(ctx, f.DB, ids)
	if err != nil {
		return nil, err
	}
	stakes, err := countIn(ctx, f.DB, a, "stake", ids)
	if err != nil {
		return nil, err
	}
	proposals, err := countIn(ctx, f.DB, a, "proposal", ids)
	var rows []workshopRow
	for _, w := range list {
		if e := found[w.Entry]; e.Visible(a) {
			rows = append(rows, workshopRow{w, e, stakes[w.Entry], proposals[w.Entry]})
		}
	}
	slices.SortStableFunc(rows, func(x, y workshopRow) int { return strings.Compare(x.Entry.Axis, y.Entry.Axis) })
	return rows, err
}

// countIn counts the entries of a kind by the workshop they stand in.
func countIn(ctx context.Context, q db.Q, a people.Actor, kind string, workshops []string) (map[string]int, error) {
	counts := map[string]int{}
	if len(workshops) == 0 {
		return counts, nil
	}
	list, err := entry.Facets(ctx, q, entry.Filter{Kinds: []string{kind}, Actor: a, Side: func(w *db.Where) { w.In("e.parent", workshops) }}, entry.ByParent)
	for _, c := range list {
		counts[c.Value] = c.Count
	}
	return counts, err
}

// state shows or withdraws an assembly or a workshop, after asking.
func (f *Feature) state(kind, path string) web.Handler {
	return func(c *web.Ctx) error {
		e, err := entry.See(c.Context(), c.DB, c.Actor, kind, c.Path("id"))
		if err != nil {
			return err
		}
		to := entry.State(c.Form("state"))
		if to == entry.Withdrawn && !c.Checked("sure") {
			return c.Page(design.ConfirmPage(c.View, design.Page{Title: c.View.T("assembly.withdraw", "Withdraw it"), Kind: "form"}, design.Confirm{
				Text:   c.View.T("assembly.withdraw.ask", "Withdraw “{title}”? It leaves all lists at once. Its history stays, and you can show it again.", "title", e.Title().In(c.Lang()).S),
				Path:   path + e.ID + "/state",
				Key:    web.NewKey(),
				Button: c.View.T("assembly.withdraw.do", "Yes, withdraw"),
				Back:   path + e.ID,
				Hidden: []design.Hide{{Name: "state", Value: string(to)}, {Name: "sure", Value: "1"}},
			}))
		}
		return c.Write(c.View.T("assembly.saved", "Saved."), func(ctx context.Context, tx *db.Tx) (string, error) {
			return path + e.ID, Withdraw(ctx, tx, c.Actor, e, to)
		})
	}
}
