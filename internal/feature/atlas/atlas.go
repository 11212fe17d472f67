// Package atlas is the map of everything that is somewhere, with the same as a
// list beside it.
//
// The one idea: map and list are two answers of the register to one query, and
// so always say the same. The part of the Earth one looks at is a filter like
// the others, written in the address. What has no place stands in the list
// alone, and the page says how much that is.
package atlas

import (
	"context"
	"embed"
	"net/url"
	"slices"
	"strings"
	"sync"

	"alliance/internal/feature"
	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design/earth"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
	"alliance/internal/platform/register"
	"alliance/internal/platform/web"
)

//go:embed phrases
var phrases embed.FS

// PageSize is how many entries a page of the list holds.
const PageSize = 24

// across is into how many parts a map gathers what it shows, from west to east.
const across = 36

// Atlas is the feature.
type Atlas struct {
	*feature.House
	kinds func() []string // of the map, once all features are there
}

// New puts it together.
func New(h *feature.House) feature.Feature {
	x := &Atlas{House: h}
	x.kinds = sync.OnceValue(x.mapped)
	return feature.Feature{Name: "atlas", Phrases: phrases, Pages: x.pages, API: x.api, Begin: x.warm}
}

func (x *Atlas) pages(r *web.Router) {
	r.Get("/map", access.Everyone, x.page)
	r.Get("/map/points", access.Everyone, x.points)
	r.Get("/map.geojson", access.Everyone, x.geojson)
	r.Get("/embed/map", access.Everyone, x.embed)
}

// warm reads the register before the first visitor comes.
func (x *Atlas) warm(ctx context.Context, _ string) error {
	go x.Register.Warm(ctx)
	return nil
}

// query is what a reader asked of the map: the same on the page, in its
// outputs, within other sites and in the API.
type query struct {
	Words string
	Asked map[string][]string // by group of the register
	Box   register.Box
	register.Turn
}

// groups are the filters of the map, in the order of the page: the name each
// has in addresses is that of its group.
var groups = []string{register.ByLayer, register.ByKind, register.ByClass, register.ByWhen, register.ByCountry, register.ByAxis, register.ByTheme, register.ByLanguage}

// mostValues bounds what one filter may be asked for.
const mostValues = 300

func readQuery(v url.Values) query {
	q := query{Words: lang.Cut(strings.TrimSpace(v.Get("q")), 300), Asked: map[string][]string{}, Box: register.ParseBox(v.Get("box")), Turn: register.Turn{After: v.Get("after"), Before: v.Get("before")}}
	for _, group := range groups {
		for _, value := range v[group] {
			if group == register.ByCountry {
				value = strings.ToUpper(value)
			}
			if value != "" && len(q.Asked[group]) < mostValues {
				q.Asked[group] = append(q.Asked[group], value)
			}
		}
	}
	return q
}

// values writes the query as it stands in an address, without the place in the list.
func (q query) values() url.Values {
	v := url.Values{}
	if q.Words != "" {
		v.Set("q", q.Words)
	}
	for group, list := range q.Asked {
		v[group] = slices.Clone(list)
	}
	if !q.Box.Whole() {
		v.Set("box", q.Box.String())
	}
	return v
}

func (q query) href(path string, more ...string) string {
	v := q.values()
	for i := 0; i+1 < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// in is the query in another part of the Earth.
func (q query) in(b earth.Box) query {
	q.Box = register.Box(b)
	return q
}

// sought is the query as the register answers it.
func (x *Atlas) sought(q query) register.Query {
	return register.Query{Kinds: x.kinds(), Words: q.Words, Asked: q.Asked, Box: q.Box}
}

// mapped lists the kinds that have a place, or may have one. What says only how
// others hang together, such as a membership, is none.
func (x *Atlas) mapped() (list []string) {
	for name, k := range x.Kinds {
		if x.Register.Has(name) && (k.Spec == nil || k.Spec.Place) {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return list
}

// calendar is the calendar with the same filter, where events alone are shown;
// "" where it could not say the same.
func (q query) calendar() string {
	if !slices.Equal(q.Asked[register.ByKind], []string{"event"}) {
		return ""
	}
	path := "/calendar"
	if slices.Equal(q.Asked[register.ByWhen], []string{register.Over}) {
		path += "/past"
	}
	v := q.values()
	for _, only := range []string{register.ByKind, register.ByWhen, register.ByLayer, register.ByClass, "box"} {
		v.Del(only)
	}
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// view is the part of the Earth that a query shows.
func (q query) view() earth.View {
	if q.Box.Whole() {
		return earth.World()
	}
	return earth.Around(earth.Box(q.Box))
}

// shown is a map with the list that says the same.
type shown struct {
	Query query
	register.Drawing
	register.Counts
	Page  register.Page
	Names map[string]entry.Entry // those that stand alone on the map, and whom entries of the page are by
}

// show answers a query; most is the length of the list.
func (x *Atlas) show(ctx context.Context, a people.Actor, q query, most int) (s shown, err error) {
	s.Query = q
	if s.Page, err = x.Register.Page(ctx, a, x.sought(q), q.Turn, most); err != nil {
		return s, err
	}
	if s.Counts, err = x.Register.Count(ctx, a, x.sought(q)); err != nil {
		return s, err
	}
	if s.Drawing, err = x.Register.Draw(ctx, a, x.sought(q), across); err != nil {
		return s, err
	}
	s.Names, err = x.named(ctx, x.DB, a, s)
	return s, err
}

func (x *Atlas) named(ctx context.Context, q db.Q, a people.Actor, s shown) (map[string]entry.Entry, error) {
	var ids []string
	for _, c := range s.Clusters {
		if c.ID != "" {
			ids = append(ids, c.ID)
		}
	}
	for _, e := range s.Page.Entries {
		if e.Organisation != "" && e.Organisation != e.ID {
			ids = append(ids, e.Organisation)
		}
	}
	slices.Sort(ids)
	found, err := entry.Many(ctx, q, slices.Compact(ids))
	for id, e := range found {
		if !e.Visible(a) {
			delete(found, id)
		}
	}
	return found, err
}

// path is the page of an entry, without the language; "" where it has none.
func (x *Atlas) path(e entry.Entry) string {
	if k, ok := x.Kinds[e.Kind]; ok && k.Path != nil {
		return k.Path(e.ID)
	}
	return ""
}

// moved are the parts of the Earth one may go to from here.
type moved struct {
	Closer, Further, North, South, West, East *earth.Box
}

// moves gives the ways from a part of the Earth; a way that leads nowhere is nil.
func moves(v earth.View) (m moved) {
	b := v.Frame()
	wide, high := b.Span(), b.North-b.South
	if b.West == -180 && b.East == 180 {
		wide = 360
	}
	mid := [2]float64{b.West + wide/2, (b.South + b.North) / 2}
	part := func(dx, dy, of float64) *earth.Box {
		h := min(high*of, 180)
		lat := min(max(mid[1]+dy*high, -90+h/2), 90-h/2)
		lon := mid[0] + dx*wide
		return &earth.Box{West: earth.Turned(lon - wide*of/2), South: lat - h/2, East: earth.Turned(lon + wide*of/2), North: lat + h/2}
	}
	if wide > 0.4 {
		m.Closer = part(0, 0, .5)
	}
	if v.Whole() {
		return m
	}
	m.Further, m.West, m.East = part(0, 0, 2), part(-.5, 0, 1), part(.5, 0, 1)
	if wide*2 > 300 {
		m.Further = &earth.Box{}
	}
	if b.North < 88 {
		m.North = part(0, .5, 1)
	}
	if b.South > -88 {
		m.South = part(0, -.5, 1)
	}
	return m
}

// regions are parts of the Earth that are often asked for.
var regions = map[string]earth.Box{
	"centre":   {West: -25, South: 4, East: 48, North: 62},
	"africa":   {West: -22, South: -36, East: 56, North: 38},
	"americas": {West: -130, South: -56, East: -32, North: 60},
	"asia":     {West: 40, South: -48, East: -170, North: 60},
}

// nearTo is the part about what stands together: with some land around it.
func nearTo(b earth.Box) earth.Box {
	if b.West == b.East && b.South == b.North {
		return b // one place: nothing else is wanted
	}
	return earth.Around(b).Shaped(1.56, .15).Box()
}
