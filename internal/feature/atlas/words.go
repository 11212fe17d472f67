package atlas

import (
	"slices"

	"alliance/internal/feature"
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/design"
	"alliance/internal/platform/design/earth"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
	"alliance/internal/platform/register"
)

// mapView is a map with its list as pages show them.
type mapView struct {
	shown
	Alliance alliance.Alliance
	Kinds    map[string]feature.Kind
	Path     func(entry.Entry) string
	Out      bool // on another site: links open here
}

func (m mapView) href(v design.View, path string) string {
	if m.Out {
		return v.Origin + v.Href(path)
	}
	return v.Href(path)
}

// found says how many there are, or that there are more than one counts.
func found(v design.View, m mapView) string {
	if n := m.Counts.Shown(); n > entry.CountCap && m.More {
		return v.T("atlas.count.more", "More than {n} results", "n", entry.CountCap)
	}
	return v.N("atlas.count", m.Total, "{n} result", "{n} results")
}

// drawn is the map: what stands alone has its name, what stands together leads closer.
func (m mapView) drawn(v design.View) design.Map {
	view := m.Query.view()
	d := design.Map{Title: v.T("atlas.drawn", "Map of what is in the list"), List: "#list", View: &view, Box: register.Box(view.Frame()).String(),
		Narrow: func(b earth.Box) string { return v.Href(m.Query.in(nearTo(b)).href(v.Path)) + "#map" }}
	for _, c := range m.Clusters {
		p := design.ClusterPoint(v, c)
		if e, ok := m.Names[c.ID]; ok {
			p.Href, p.Label = m.href(v, m.Path(e)), m.name(v, e)
		}
		d.Points = append(d.Points, p)
	}
	return d
}

// name is what a sign of the map is called: what it is, and its title.
func (m mapView) name(v design.View, e entry.Entry) string {
	title := e.Title().In(v.Lang()).S
	if e.Place.Public().Precision == place.InCountry {
		title += " – " + design.Whereabouts(v, e.Place)
	}
	if e.Kind == "organisation" {
		return title
	}
	return v.T("atlas.sign", "{kind}: {title}", "kind", v.Say(m.Kinds[e.Kind].One), "title", title)
}

// card is an entry of any kind as a card of the list.
func (m mapView) card(v design.View, e entry.Entry) design.Item {
	title, summary := e.Title().In(v.Lang()), e.Text(entry.Summary).In(v.Lang())
	i := design.Item{Title: title.S, Lang: title.Lang, Level: 3, Kind: e.Class, Text: brief(summary.S), TextLang: summary.Lang}
	if path := m.Path(e); path != "" {
		i.Href = m.href(v, path)
	}
	if e.Kind != "organisation" {
		i.Tag, i.Kind = v.Say(m.Kinds[e.Kind].One), m.Names[e.Organisation].Class
		if by, ok := m.Names[e.Organisation]; ok {
			i.Meta = append(i.Meta, by.Title().In(v.Lang()).S)
		}
	}
	if e.Starts != 0 {
		i.Meta = append(i.Meta, v.Date(e.Starts.Time()))
	}
	where := design.Where(v, e.Place)
	if where == "" {
		where = v.T("atlas.nowhere", "Not on the map: it has no place")
	}
	i.Meta = append(i.Meta, where)
	return i
}

// brief cuts a summary where a list needs no more.
func brief(s string) string {
	if r := []rune(s); len(r) > 140 {
		return string(r[:140]) + "…"
	}
	return s
}

// filters are the questions that narrow map and list, with counts.
func (m mapView) filters(v design.View) design.Filters {
	f := design.Filters{Path: v.Path, Query: m.Query.Words, Label: v.T("atlas.search", "Name, town or word")}
	if !m.Query.Box.Whole() {
		f.Hidden = append(f.Hidden, design.Hide{Name: "box", Value: m.Query.Box.String()})
	}
	for _, group := range groups {
		g := design.Group{Name: group, Label: groupName(v, group), Values: m.Query.Asked[group]}
		values := m.By[group]
		for _, ticked := range g.Values { // a choice without hits can still be taken back
			if !slices.ContainsFunc(values, func(c entry.Facet) bool { return c.Value == ticked }) {
				values = append(slices.Clone(values), entry.Facet{Value: ticked})
			}
		}
		for _, c := range values {
			if words, tag := m.value(v, group, c.Value); words != "" {
				g.Options = append(g.Options, design.Option{Value: c.Value, Label: words, Lang: tag, Count: c.Count})
			}
		}
		if group == register.ByCountry || group == register.ByLanguage {
			slices.SortStableFunc(g.Options, func(a, b design.Option) int { return v.Compare(a.Label, b.Label) })
		}
		if len(g.Options) > 0 {
			f.Groups = append(f.Groups, g)
		}
	}
	return f
}

func groupName(v design.View, group string) string {
	switch group {
	case register.ByLayer:
		return v.T("atlas.layer", "Layer")
	case register.ByKind:
		return v.T("atlas.kind", "What it is")
	case register.ByClass:
		return v.T("atlas.class", "Kind of organisation")
	case register.ByWhen:
		return v.T("atlas.when", "Date")
	case register.ByCountry:
		return v.T("atlas.country", "Country")
	case register.ByAxis:
		return v.T("atlas.axis", "Line of work")
	case register.ByTheme:
		return v.T("atlas.theme", "Theme")
	}
	return v.T("atlas.language", "Language")
}

// value says a value of a filter, "" for one that the map does not offer.
func (m mapView) value(v design.View, group, value string) (words, tag string) {
	switch group {
	case register.ByLayer:
		switch value {
		case register.Welcome:
			return v.T("atlas.layer.welcome", "Engaged in welcome"), ""
		case register.Alliance:
			return v.T("atlas.layer.alliance", "Engaged in the alliance"), ""
		}
	case register.ByKind:
		if k, ok := m.Kinds[value]; ok {
			return v.Say(k.Many), ""
		}
	case register.ByClass:
		if slices.Contains(people.OrganisationKinds, people.OrganisationKind(value)) {
			return design.KindName(v, value), ""
		}
	case register.ByWhen:
		switch value {
		case register.Coming:
			return v.T("atlas.when.coming", "Still to come"), ""
		case register.Over:
			return v.T("atlas.when.over", "Over"), ""
		}
	case register.ByCountry:
		return v.Country(value), ""
	case register.ByLanguage:
		return v.Language(value), ""
	case register.ByAxis:
		return topic(v, m.Alliance.Axes, value)
	case register.ByTheme:
		return topic(v, m.Alliance.Themes, value)
	}
	return "", ""
}

func topic(v design.View, all []alliance.Topic, code string) (words, tag string) {
	for _, t := range all {
		if t.ID == code {
			r := t.Name.In(v.Lang())
			return r.S, r.Lang
		}
	}
	return "", ""
}

// ways are the links that move the map, where no script does.
func (m mapView) ways(v design.View) (list []design.Link) {
	w := moves(m.Query.view())
	for _, way := range []struct {
		to    *earth.Box
		label string
	}{
		{w.Closer, v.T("atlas.closer", "Closer")}, {w.Further, v.T("atlas.further", "Further")},
		{w.North, v.T("atlas.north", "North")}, {w.South, v.T("atlas.south", "South")}, {w.West, v.T("atlas.west", "West")}, {w.East, v.T("atlas.east", "East")},
	} {
		if way.to != nil {
			list = append(list, design.Link{Href: v.Href(m.Query.in(*way.to).href(v.Path)) + "#map", Label: way.label})
		}
	}
	return list
}

// parts are links to parts of the Earth.
func (m mapView) parts(v design.View) []design.Link {
	link := func(label string, b earth.Box) design.Link {
		return design.Link{Href: v.Href(m.Query.in(b).href(v.Path)), Label: label, Current: m.Query.Box.String() == register.Box(b).String()}
	}
	return []design.Link{
		link(v.T("design.map.world", "World"), earth.Box{}),
		link(v.T("design.map.centre", "Europe, Mediterranean, Sahel"), regions["centre"]),
		link(v.T("atlas.africa", "Africa"), regions["africa"]),
		link(v.T("design.map.americas", "Americas"), regions["americas"]),
		link(v.T("atlas.asia", "Asia, Pacific"), regions["asia"]),
	}
}

// code is what other sites set into their pages.
func (m mapView) code(v design.View) string {
	return `<iframe src="` + v.Origin + v.Href(m.Query.href("/embed/map")) + `" width="100%" height="640" loading="lazy" title="` + v.T("atlas.title", "Map") + `"></iframe>`
}
