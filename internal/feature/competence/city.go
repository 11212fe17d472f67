package competence

import (
	"slices"

	"github.com/a-h/templ"

	"alliance/internal/platform/entry"
	"alliance/internal/platform/place"
	"alliance/internal/platform/record"
	"alliance/internal/platform/web"
)

// row is a theme of the table with what each level holds.
type row struct {
	Theme, Lang string
	Code        string
	Cells       [][]record.Record // by level, in the order of levels
	Overlap     bool
}

type cityView struct {
	Country   string // ISO code, "" = none chosen
	Countries []entry.Facet
	Levels    []record.Option // those that hold anything in this country
	Rows      []row
	Used      map[string][]entry.Entry // practices by competence
	Demands   map[string]entry.Entry
	Unchecked bool
	Path      func(e entry.Entry) string
}

// most is how many competences of one country the table holds.
const most = 1000

func (x *Competences) city(c *web.Ctx) error {
	view := cityView{Path: x.pathOf}
	if code, ok := place.ParseCountry(c.Query("country")); ok {
		view.Country = code
	}
	var err error
	if view.Countries, err = entry.Facets(c.Context(), x.DB, spec.Filter(c.Actor, record.Query{}), entry.ByCountry); err != nil {
		return err
	}
	if view.Country != "" {
		if err = x.table(c, &view); err != nil {
			return err
		}
	}
	return c.Page(cityPage(c.View, view))
}

func (x *Competences) table(c *web.Ctx, view *cityView) error {
	f := spec.Filter(c.Actor, record.Query{Countries: []string{view.Country}})
	f.Limit = most
	found, err := entry.List(c.Context(), x.DB, f)
	if err != nil {
		return err
	}
	list, err := record.Fill(c.Context(), x.DB, found)
	if err != nil {
		return err
	}
	list = inForce(list, x.DB.Now().Time().Format("2006-01-02"))
	held := map[string]bool{}
	ids := make([]string, len(list))
	for i, r := range list {
		held[r.Answers.One("level")], ids[i] = true, r.ID
		view.Unchecked = view.Unchecked || r.Checked == 0
	}
	for _, l := range levels {
		if held[l.Value] {
			view.Levels = append(view.Levels, l)
		}
	}
	add := func(code, name, lang string, in func(record.Record) bool) {
		r := row{Code: code, Theme: name, Lang: lang}
		var inside []record.Record
		for _, l := range view.Levels {
			var cell []record.Record
			for _, one := range list {
				if one.Answers.One("level") == l.Value && in(one) {
					cell = append(cell, one)
				}
			}
			r.Cells, inside = append(r.Cells, cell), append(inside, cell...)
		}
		if len(inside) > 0 {
			r.Overlap = Overlaps(inside)
			view.Rows = append(view.Rows, r)
		}
	}
	v := c.View
	for _, t := range c.Alliance.Themes {
		name := t.Name.In(v.Lang())
		add(t.ID, name.S, name.Lang, func(r record.Record) bool { return slices.Contains(r.Themes, t.ID) })
	}
	add("", v.T("competence.theme.none", "Without a theme"), v.Lang(), func(r record.Record) bool { return len(r.Themes) == 0 })
	if view.Demands, err = spec.Named(c.Context(), x.DB, c.Actor, list...); err != nil {
		return err
	}
	view.Used, err = record.PointingAll(c.Context(), x.DB, used, ids)
	for id, practices := range view.Used {
		view.Used[id] = shown(c, practices)
	}
	return err
}

func shown(c *web.Ctx, list []entry.Entry) []entry.Entry {
	return slices.DeleteFunc(list, func(e entry.Entry) bool { return e.State != entry.Published || !e.Visible(c.Actor) })
}

func (x *Competences) pathOf(e entry.Entry) string {
	if k, ok := x.Kinds[e.Kind]; ok && k.Path != nil {
		return k.Path(e.ID)
	}
	return "/entries/" + e.ID
}

func (x *Competences) above(c *web.Ctx, _ record.Query) (templ.Component, error) {
	return cityLink(c.View), nil
}

type moreView struct {
	Used    []entry.Entry
	Beside  []record.Record
	Overlap bool
	Path    func(e entry.Entry) string
}

// more is what stands below a competence: the practices that use it, and who
// else holds something in the same field.
func (x *Competences) more(c *web.Ctx, r record.Record) (templ.Component, error) {
	m := moreView{Path: x.pathOf}
	practices, err := record.Pointing(c.Context(), x.DB, used, r.ID)
	if err != nil {
		return nil, err
	}
	m.Used = shown(c, practices)
	if r.Place.Country != "" && len(r.Themes) > 0 {
		f := spec.Filter(c.Actor, record.Query{Countries: []string{r.Place.Country}, Themes: r.Themes})
		f.Limit = 50
		found, err := entry.List(c.Context(), x.DB, f)
		if err != nil {
			return nil, err
		}
		list, err := record.Fill(c.Context(), x.DB, found)
		if err != nil {
			return nil, err
		}
		list = inForce(list, x.DB.Now().Time().Format("2006-01-02"))
		m.Overlap = Overlaps(list)
		m.Beside = slices.DeleteFunc(list, func(other record.Record) bool { return other.ID == r.ID })
	}
	return morePart(c.View, r, m), nil
}
