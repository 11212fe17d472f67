package workshop

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"slices"
	"strings"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/lineage"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// row is a proposal with what the board shows of it.
type row struct {
	Entry  entry.Entry
	Fate   Fate
	By     string // organisation
	Kind   string // its kind: strand
	Themes []string
}

// table is the board of an assembly.
type table struct {
	Assembly entry.Entry
	Homes    []entry.Entry // workshops, and last the assembly itself for the committee's own
	Rows     []row         // those of the filter
	All      []row         // those the actor may know of
	Words    string
	Chosen   map[string][]string
	Page     int
	Last     int
	Book     bool
}

const perPage = 60

// gather reads everything an actor may know of the proposals of an assembly.
// Drafts are there for those who take notes or steer.
func (s *Workshops) gather(ctx context.Context, q db.Q, a people.Actor, assembly entry.Entry) (t table, err error) {
	t.Assembly = assembly
	list, err := s.Proposals(ctx, q, assembly.ID)
	if err != nil {
		return t, err
	}
	steers := a.IsAny([]string{assembly.ID}, Noting...)
	list = slices.DeleteFunc(list, func(e entry.Entry) bool {
		return e.State == entry.Withdrawn || !e.Visible(a) && !(steers && e.State != entry.Withdrawn)
	})
	all, err := fates(ctx, q, list)
	if err != nil {
		return t, err
	}
	ids := make([]string, len(list))
	byID, homes := map[string]entry.Entry{}, []string{}
	var organisations []string
	for i, e := range list {
		ids[i], byID[e.ID] = e.ID, e
		if !slices.Contains(homes, e.Parent) {
			homes = append(homes, e.Parent)
		}
		if e.Organisation != "" && !slices.Contains(organisations, e.Organisation) {
			organisations = append(organisations, e.Organisation)
		}
	}
	themes, err := themesOf(ctx, q, ids)
	if err != nil {
		return t, err
	}
	by := map[string]people.Organisation{}
	if len(organisations) > 0 {
		found, err := people.OrganisationsByID(ctx, q, organisations)
		if err != nil {
			return t, err
		}
		for _, o := range found {
			by[o.ID] = o
		}
	}
	if t.Homes, err = entry.InOrder(ctx, q, homes); err != nil {
		return t, err
	}
	slices.SortStableFunc(t.Homes, func(x, y entry.Entry) int {
		if (x.Kind == "workshop") != (y.Kind == "workshop") {
			if x.Kind == "workshop" {
				return -1
			}
			return 1
		}
		return strings.Compare(x.Axis, y.Axis)
	})
	for _, e := range list {
		t.All = append(t.All, row{Entry: e, Fate: all[e.ID], By: by[e.Organisation].Name, Kind: string(by[e.Organisation].Kind), Themes: themes[e.ID]})
	}
	return t, nil
}

// narrow keeps what was asked for.
func (t *table) narrow(words string, chosen map[string][]string) {
	t.Words, t.Chosen = words, chosen
	wanted := lang.Words(words)
	for _, r := range t.All {
		ok := in(chosen["workshop"], r.Entry.Parent) && in(chosen["level"], r.Entry.Class) && in(chosen["lang"], r.Entry.Lang) && in(chosen["stage"], string(r.Fate.Stage)) &&
			(len(chosen["theme"]) == 0 || slices.ContainsFunc(r.Themes, func(th string) bool { return slices.Contains(chosen["theme"], th) }))
		if ok && holds(r.Entry, wanted) {
			t.Rows = append(t.Rows, r)
		}
	}
}

func in(chosen []string, value string) bool {
	return len(chosen) == 0 || slices.Contains(chosen, value)
}

// holds tells whether all words begin some word of the proposal, in any language.
func holds(e entry.Entry, wanted []lang.Word) bool {
	if len(wanted) == 0 {
		return true
	}
	var there []lang.Word
	for _, name := range []string{entry.Title, entry.Summary, Body} {
		for _, v := range e.Text(name).V {
			there = append(there, lang.Words(v.S)...)
		}
	}
	for _, w := range wanted {
		if !slices.ContainsFunc(there, func(x lang.Word) bool { return strings.HasPrefix(x.S, w.S) }) {
			return false
		}
	}
	return true
}

// of gives the rows of one workshop, or of the committee.
func (t table) of(home string) (rows []row) {
	for _, r := range t.Rows {
		if r.Entry.Parent == home {
			rows = append(rows, r)
		}
	}
	return rows
}

// count counts all rows by something of theirs.
func (t table) count(of func(row) []string) map[string]int {
	n := map[string]int{}
	for _, r := range t.All {
		for _, x := range of(r) {
			n[x]++
		}
	}
	return n
}

func (s *Workshops) boardPage(c *web.Ctx) error {
	assembly, err := entry.See(c.Context(), c.DB, c.Actor, "assembly", c.Path("id"))
	if err != nil {
		return err
	}
	t, err := s.gather(c.Context(), c.DB, c.Actor, assembly)
	if err != nil {
		return err
	}
	chosen := map[string][]string{}
	for _, name := range []string{"workshop", "level", "lang", "stage", "theme"} {
		if values := c.Queries(name); len(values) > 0 && values[0] != "" {
			chosen[name] = values
		}
	}
	t.narrow(Shown(c.Query("q")), chosen)
	switch c.Query("as") {
	case "csv":
		return c.Download("proposals.csv", "text/csv; charset=utf-8", s.asCSV(c, t))
	case "json":
		b, err := json.MarshalIndent(boardJSON(t), "", "  ")
		if err != nil {
			return err
		}
		return c.Download("proposals.json", "application/json", b)
	case "book":
		t.Book = true
		return c.Page(bookPage(c.View, c.Alliance, t))
	}
	// Pages follow the order of the board: by workshop.
	var ordered []row
	for _, h := range t.Homes {
		ordered = append(ordered, t.of(h.ID)...)
	}
	found := len(t.Rows)
	t.Last = max(1, (found+perPage-1)/perPage)
	t.Page = min(max(1, number(c.Query("page"))), t.Last)
	t.Rows = ordered[min(len(ordered), (t.Page-1)*perPage):min(len(ordered), t.Page*perPage)]
	return c.Page(boardView(c.View, c.Alliance, t, found))
}

func (s *Workshops) asCSV(c *web.Ctx, t table) []byte {
	v := c.View
	var b bytes.Buffer
	b.WriteString("\ufeff") // spreadsheets take UTF-8 for what it is only then
	w := csv.NewWriter(&b)
	w.Write([]string{v.T("workshop.csv.workshop", "Workshop"), v.T("workshop.field.title", "Title"), v.T("workshop.field.plain", "In plain words"), v.T("workshop.csv.lang", "Language"),
		v.T("workshop.fact.level", "Where"), v.T("workshop.fact.by", "By"), v.T("workshop.fact.stage", "Stage"), v.T("workshop.fact.themes", "Themes"),
		v.T("workshop.field.means", "What it takes"), v.T("workshop.field.carriers", "Who would carry it"), v.T("workshop.cautions", "Cautions"), v.T("workshop.questions", "Open questions"), v.T("workshop.csv.address", "Address")})
	home := map[string]string{}
	for _, h := range t.Homes {
		home[h.ID] = h.Title().In(v.Lang()).S
	}
	for _, r := range t.Rows {
		e := r.Entry
		var themes []string
		for _, th := range r.Themes {
			topic, _ := c.Alliance.Theme(th)
			themes = append(themes, topic.Name.In(v.Lang()).S)
		}
		cells := []string{home[e.Parent], e.Title().In(v.Lang()).S, e.Text(entry.Summary).In(v.Lang()).S, e.Lang, v.Say(levelNames[e.Class]), signed(v, e, r.By), v.Say(stageNames[r.Fate.Stage]),
			strings.Join(themes, "; "), e.Text(Means).In(v.Lang()).S, e.Text(Carriers).In(v.Lang()).S, joined(e, Caution, v.Lang()), joined(e, Question, v.Lang()), v.Origin + v.Href("/proposals/"+e.ID)}
		for i := range cells {
			cells[i] = plain(cells[i])
		}
		w.Write(cells)
	}
	w.Flush()
	return b.Bytes()
}

func joined(e entry.Entry, name, tag string) string {
	var list []string
	for _, t := range Rows(e, name) {
		list = append(list, t.In(tag).S)
	}
	return strings.Join(list, " | ")
}

// plain keeps a spreadsheet from taking words for a formula.
func plain(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

// around gives what an entry came from and what came of it, one step each.
func (s *Workshops) around(ctx context.Context, q db.Q, e entry.Entry, readable func(entry.Entry) bool) (from, to []entry.Entry, err error) {
	touching, err := lineage.Touching(ctx, q, e.ID)
	if err != nil {
		return nil, nil, err
	}
	var up, down []string
	for _, d := range touching {
		if d.UndoneBy != "" || d.Undoes != "" {
			continue
		}
		parent := slices.ContainsFunc(d.Parents, func(l lineage.Link) bool { return l.Entry == e.ID })
		if parent {
			for _, l := range d.Children {
				if !slices.Contains(down, l.Entry) {
					down = append(down, l.Entry)
				}
			}
		} else {
			for _, l := range d.Parents {
				if !slices.Contains(up, l.Entry) {
					up = append(up, l.Entry)
				}
			}
		}
	}
	for ids, list := range map[*[]string]*[]entry.Entry{&up: &from, &down: &to} {
		found, err := entry.InOrder(ctx, q, *ids)
		if err != nil {
			return nil, nil, err
		}
		for _, o := range found {
			if readable(o) {
				*list = append(*list, o)
			}
		}
	}
	return from, to, nil
}

// sorted gives the keys of a count, the most frequent first.
func sorted(n map[string]int) []string {
	keys := make([]string, 0, len(n))
	for k := range n {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int {
		if n[a] != n[b] {
			return n[b] - n[a]
		}
		return strings.Compare(a, b)
	})
	return keys
}
