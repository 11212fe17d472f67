package practice

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/place"
	"alliance/internal/platform/record"
	"alliance/internal/platform/web"
)

// most is how many practices a way in shows on one page.
const most = 500

// group is a heading of a way in, with groups or practices under it.
type group struct {
	Title, Lang string
	Href        string // of the list narrowed to it, "" = none
	Count       int
	Groups      []group
	List        []record.Record
}

// way is one of the three ways in, as the three booklets of the meeting.
type way struct {
	Title  string
	Path   string
	Groups []group
	More   bool // there are more than it shows
}

func (p *Practices) above(c *web.Ctx, _ record.Query) (templ.Component, error) {
	return waysTabs(c.View, "/practices"), nil
}

func waysLinks(v design.View, current string) []design.Link {
	return []design.Link{
		{Href: v.Href("/practices"), Label: v.T("practice.way.list", "List"), Current: current == "/practices"},
		{Href: v.Href("/practices/towns"), Label: v.T("practice.way.towns", "By city"), Current: current == "/practices/towns"},
		{Href: v.Href("/practices/competences"), Label: v.T("practice.way.competences", "By competence"), Current: current == "/practices/competences"},
		{Href: v.Href("/practices/stages"), Label: v.T("practice.way.stages", "By practice"), Current: current == "/practices/stages"},
	}
}

// all gives the practices the reader may know of, by title.
func (p *Practices) all(c *web.Ctx) (list []record.Record, more bool, err error) {
	f := spec.Filter(c.Actor, record.Query{})
	f.Limit = most + 1
	found, err := entry.List(c.Context(), p.DB, f)
	if err != nil {
		return nil, false, err
	}
	list, err = record.Fill(c.Context(), p.DB, found[:min(len(found), most)])
	return list, len(found) > most, err
}

// byTown opens country, then town. A town that may not be told is left out.
func (p *Practices) byTown(c *web.Ctx) error {
	v := c.View
	list, more, err := p.all(c)
	if err != nil {
		return err
	}
	towns := map[string]map[string][]record.Record{}
	for _, r := range list {
		at := r.Place.Public()
		if towns[at.Country] == nil {
			towns[at.Country] = map[string][]record.Record{}
		}
		towns[at.Country][at.Name] = append(towns[at.Country][at.Name], r)
	}
	var groups []group
	for country, inside := range towns {
		g := group{Title: v.T("practice.way.nowhere", "Without a place")}
		if country != "" {
			g.Title, g.Href = v.Country(country), record.Query{Countries: []string{country}}.Href("/practices")
		}
		for name, practices := range inside {
			g.Count += len(practices)
			town := group{Title: v.T("practice.way.country", "In the whole country"), Count: len(practices), List: practices}
			if name != "" {
				town.Title = townIn(v, name, country)
			}
			if country == "" {
				g.List = practices
				continue
			}
			g.Groups = append(g.Groups, town)
		}
		slices.SortFunc(g.Groups, func(a, b group) int { return v.Compare(a.Title, b.Title) })
		groups = append(groups, g)
	}
	slices.SortFunc(groups, func(a, b group) int {
		if (a.Href == "") != (b.Href == "") {
			return strings.Compare(b.Href, a.Href) // without a place last
		}
		return v.Compare(a.Title, b.Title)
	})
	return c.Page(wayPage(v, way{Title: v.T("practice.way.towns.title", "Practices by city"), Path: "/practices/towns", Groups: groups, More: more}))
}

func townIn(v design.View, name, country string) string {
	if found := place.Lookup(name, country); len(found) > 0 {
		return found[0].In(v.Lang())
	}
	return name
}

// byCompetence opens theme, then the competence that was used.
func (p *Practices) byCompetence(c *web.Ctx) error {
	v := c.View
	list, more, err := p.all(c)
	if err != nil {
		return err
	}
	named, err := spec.Named(c.Context(), p.DB, c.Actor, list...)
	if err != nil {
		return err
	}
	var groups []group
	add := func(g group, practices []record.Record) {
		if g.Count = len(practices); g.Count == 0 {
			return
		}
		used := map[string][]record.Record{}
		for _, r := range practices {
			known := false
			for _, id := range r.Answers[Competence] {
				if _, ok := named[id]; ok {
					used[id], known = append(used[id], r), true
				}
			}
			if !known {
				g.List = append(g.List, r)
			}
		}
		for id, practices := range used {
			t := named[id].Title().In(v.Lang())
			g.Groups = append(g.Groups, group{Title: t.S, Lang: t.Lang, Href: "/competences/" + id, Count: len(practices), List: practices})
		}
		slices.SortFunc(g.Groups, func(a, b group) int { return v.Compare(a.Title, b.Title) })
		groups = append(groups, g)
	}
	without := slices.DeleteFunc(slices.Clone(list), func(r record.Record) bool { return len(r.Themes) > 0 })
	for _, t := range c.Alliance.Themes {
		name := t.Name.In(v.Lang())
		add(group{Title: name.S, Lang: name.Lang, Href: record.Query{Themes: []string{t.ID}}.Href("/practices")},
			slices.DeleteFunc(slices.Clone(list), func(r record.Record) bool { return !slices.Contains(r.Themes, t.ID) }))
	}
	add(group{Title: v.T("practice.way.nothing", "Without a theme")}, without)
	return c.Page(wayPage(v, way{Title: v.T("practice.way.competences.title", "Practices by competence"), Path: "/practices/competences", Groups: groups, More: more}))
}

// byStage goes from trial to norm.
func (p *Practices) byStage(c *web.Ctx) error {
	v := c.View
	list, more, err := p.all(c)
	if err != nil {
		return err
	}
	var groups []group
	for _, o := range stages {
		g := group{Title: v.Say(o.Label), Href: record.Query{Answers: record.Answers{Stage: {o.Value}}}.Href("/practices")}
		for _, r := range list {
			if r.Answers.One(Stage) == o.Value {
				g.List = append(g.List, r)
			}
		}
		if g.Count = len(g.List); g.Count > 0 {
			groups = append(groups, g)
		}
	}
	return c.Page(wayPage(v, way{Title: v.T("practice.way.stages.title", "Practices, from trial to norm"), Path: "/practices/stages", Groups: groups, More: more}))
}
