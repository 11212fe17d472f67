package directory

import (
	"context"
	"strings"

	"github.com/a-h/templ"

	"alliance/internal/feature"
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/design/earth"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
	"alliance/internal/platform/record"
	"alliance/internal/platform/register"
	"alliance/internal/platform/web"
)

// listPage is the list with what the reader may do there.
type listView struct {
	listed
	Alliance alliance.Alliance
	Steers   bool                   // may add and bring in lists
	Invented bool                   // some organisations of the page are
	Waiting  int                    // corrections nobody looked at
	Names    map[string]entry.Entry // of those that stand alone on the map
	Outputs  templ.Component        // links to the list in other forms
}

func (d *Directory) list(c *web.Ctx) error {
	l, err := d.read(c.Context(), c.Actor, readQuery(c.R.URL.Query()))
	if err != nil {
		return err
	}
	if l.Map, err = d.Register.Draw(c.Context(), c.Actor, l.Query.sought(), mapAcross); err != nil {
		return err
	}
	view := listView{listed: l, Alliance: c.Alliance, Steers: c.Actor.Is(people.Coordinator), Outputs: d.Outputs(c.View, Kind, l.Query.records())}
	if view.Names, err = alone(c.Context(), d.DB, l.Map.Clusters); err != nil {
		return err
	}
	if view.Steers {
		if view.Waiting, err = waiting(c.Context(), d.DB); err != nil {
			return err
		}
	}
	return c.Page(listPage(c.View, view))
}

// mapAcross is into how many parts the small map gathers what it shows.
const mapAcross = 60

// alone gives the organisations that stand alone on the map, to name them.
func alone(ctx context.Context, q db.Q, clusters []register.Cluster) (map[string]entry.Entry, error) {
	var ids []string
	for _, x := range clusters {
		if x.ID != "" {
			ids = append(ids, x.ID)
		}
	}
	return entry.Many(ctx, q, ids)
}

// profileView is an organisation with what it takes part in.
type profileView struct {
	Organisation
	Alliance  alliance.Alliance
	Members   int // people with a mandate, told to members only
	Attended  []entry.Entry
	Texts     int
	Given     templ.Component // links to it in other forms
	Groups    []group         // what it put forward, by kind, newest first
	Thanks    bool            // somebody just proposed a correction
	MayEdit   bool
	Withdrawn bool
	Mine      bool
	Part      templ.Component
	Documents templ.Component
}

func (d *Directory) profile(c *web.Ctx) error {
	o, err := see(c.Context(), d.DB, c.Actor, c.Path("id"))
	if err != nil {
		return err
	}
	view := profileView{Organisation: o, Alliance: c.Alliance, MayEdit: o.MayEdit(c.Actor), Withdrawn: o.State == entry.Withdrawn, Mine: c.Actor.For() == o.ID}
	if c.Actor.For() != "" || c.Actor.IsAny(nil, people.Coordinator, people.Committee) {
		mandates, err := people.MandatesFor(c.Context(), d.DB, o.ID)
		if err != nil {
			return err
		}
		for _, m := range mandates {
			if m.Holds(c.Actor.At) {
				view.Members++
			}
		}
	}
	if d.asks.Attended != nil {
		if view.Attended, err = d.asks.Attended(c.Context(), d.DB, c.Actor, o.ID); err != nil {
			return err
		}
	}
	if d.asks.Part != nil {
		if view.Part, err = d.asks.Part(c, o.Entry); err != nil {
			return err
		}
	}
	if d.Documents != nil {
		if view.Documents, err = d.Documents(c, record.Record{Entry: o.Entry}); err != nil {
			return err
		}
	}
	texts, err := entry.List(c.Context(), d.DB, entry.Filter{Organisation: o.ID, Actor: c.Actor, Order: entry.ByNew, Limit: 30})
	if err != nil {
		return err
	}
	view.put(texts, d.Kinds)
	if o.State == entry.Published && d.Given != nil {
		view.Given = d.Given(c.View, Kind, o.ID)
	}
	view.Thanks = c.Query("corrected") != "" && !c.Actor.SignedIn() // others have a message
	return c.Page(profilePage(c.View, view))
}

// group is what an organisation put forward of one kind.
type group struct {
	Kind feature.Kind
	List []entry.Entry
}

func (p *profileView) put(texts []entry.Entry, kinds map[string]feature.Kind) {
next:
	for _, e := range texts {
		k, known := kinds[e.Kind]
		if !known || e.ID == p.ID || k.Path == nil {
			continue
		}
		p.Texts++
		for i := range p.Groups {
			if p.Groups[i].Kind.Name == e.Kind {
				p.Groups[i].List = append(p.Groups[i].List, e)
				continue next
			}
		}
		p.Groups = append(p.Groups, group{k, []entry.Entry{e}})
	}
}

// near is the part of the map about a place.
func near(p place.Place) string {
	p = p.Public()
	if !p.Located() {
		return ""
	}
	return "?" + query{Box: register.Box{West: p.Lon, South: p.Lat, East: p.Lon, North: p.Lat}}.values().Encode()
}

// named gives topics in words.
func named(v design.View, all []alliance.Topic, codes []string) string {
	var names []string
	for _, t := range all {
		if has(codes, t.ID) {
			names = append(names, t.Name.In(v.Lang()).S)
		}
	}
	return v.And(names)
}

// spoken languages in words.
func tongues(v design.View, tags []string) string {
	names := make([]string, len(tags))
	for i, t := range tags {
		names[i] = v.Language(t)
	}
	return v.And(names)
}

func drawn(v design.View, l listView) design.Map {
	m := design.Map{Title: v.T("directory.map.title", "Map of the organisations in the list"), Crop: l.Query.Part, List: "#list", Small: true,
		Narrow: func(b earth.Box) string {
			to := l.Query
			to.Box = register.Box(b)
			return v.Href(to.href(v.Path)) + "#list"
		}}
	for _, x := range l.Map.Clusters {
		p := design.ClusterPoint(v, x)
		if e, ok := l.Names[x.ID]; ok {
			p.Href, p.Label = v.Href("/organisations/"+x.ID), e.Title().In(v.Lang()).S
		}
		m.Points = append(m.Points, p)
	}
	if !l.Query.Box.Whole() {
		part := earth.Around(earth.Box(l.Query.Box)).Shaped(1.56, .1)
		m.View = &part
	}
	return m
}

// filters are the questions that narrow the list, with counts.
func filters(v design.View, l listView) design.Filters {
	q := l.Query
	f := design.Filters{Path: v.Path, Query: q.Words, Label: v.T("directory.search", "Name, town or word")}
	if !q.Box.Whole() {
		f.Hidden = append(f.Hidden, design.Hide{Name: "box", Value: q.Box.String()})
	}
	if q.Part != "" {
		f.Hidden = append(f.Hidden, design.Hide{Name: "part", Value: q.Part})
	}
	var kinds []design.Option
	for _, k := range people.OrganisationKinds {
		if n := countOf(l.Facets[register.ByClass], string(k)); n > 0 || has(q.Kinds, string(k)) {
			kinds = append(kinds, design.Option{Value: string(k), Label: design.KindName(v, string(k)), Count: n})
		}
	}
	f.Groups = append(f.Groups, design.Group{Name: "kind", Label: v.T("directory.filter.kind", "Kind"), Options: kinds, Values: q.Kinds})
	countries := options(l.Facets[register.ByCountry], q.Countries, v.Country)
	sortByLabel(v, countries)
	f.Groups = append(f.Groups, design.Group{Name: "country", Label: v.T("directory.filter.country", "Country"), Options: countries, Values: q.Countries})
	for _, g := range []design.Group{
		{Name: "axis", Label: v.T("directory.filter.axis", "Line of work"), Options: topics(v, l.Alliance.Axes, l.Facets[register.ByAxis], q.Axes), Values: q.Axes},
		{Name: "theme", Label: v.T("directory.filter.theme", "Theme"), Options: topics(v, l.Alliance.Themes, l.Facets[register.ByTheme], q.Themes), Values: q.Themes},
		{Name: "language", Label: v.T("directory.filter.language", "Language of work"), Options: options(l.Facets[register.ByLanguage], q.Languages, v.Language), Values: q.Languages},
		{Name: "works", Label: v.T("directory.filter.works", "Works in the country"), Options: options(l.Facets[byWork], q.Works, v.Country), Values: q.Works},
	} {
		if len(g.Options) > 0 {
			f.Groups = append(f.Groups, g)
		}
	}
	return f
}

func topics(v design.View, all []alliance.Topic, counts []entry.Facet, ticked []string) (list []design.Option) {
	for _, t := range all {
		if n := countOf(counts, t.ID); n > 0 || has(ticked, t.ID) {
			r := t.Name.In(v.Lang())
			list = append(list, design.Option{Value: t.ID, Label: r.S, Lang: r.Lang, Count: n})
		}
	}
	return list
}

func options(counts []entry.Facet, ticked []string, name func(string) string) (list []design.Option) {
	for _, f := range counts {
		if f.Value != "" {
			list = append(list, design.Option{Value: f.Value, Label: name(f.Value), Count: f.Count})
		}
	}
	for _, t := range ticked { // a choice without hits can still be taken back
		if countOf(counts, t) == 0 {
			list = append(list, design.Option{Value: t, Label: name(t)})
		}
	}
	return list
}

func countOf(counts []entry.Facet, value string) int {
	for _, f := range counts {
		if f.Value == value {
			return f.Count
		}
	}
	return 0
}

func has(list []string, value string) bool {
	for _, s := range list {
		if s == value {
			return true
		}
	}
	return false
}

// site is a website as one reads it aloud.
func site(address string) string {
	return strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(address, "https://"), "http://"), "www."), "/")
}
