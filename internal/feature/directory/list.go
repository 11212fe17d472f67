package directory

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/search"
)

// PageSize is how many organisations a page of the list holds.
const PageSize = 24

// query is what a reader asked of the list: the same on the list, the map,
// the export and the API.
type query struct {
	Words     string
	Kinds     []string
	Countries []string
	Axes      []string
	Themes    []string
	Languages []string
	Box       box
	After     string // identifier of the last one seen
	Before    string
	Part      string // of the map
}

// box is a part of the Earth in degrees; the zero box is all of it.
type box struct{ South, West, North, East float64 }

func readQuery(v url.Values) query {
	q := query{Words: strings.TrimSpace(v.Get("q")), Kinds: v["kind"], Countries: upper(v["country"]), Axes: v["axis"], Themes: v["theme"], Languages: v["language"],
		After: v.Get("after"), Before: v.Get("before"), Part: v.Get("part")}
	q.Box = parseBox(v.Get("box"))
	return q
}

// parseBox reads "south,west,north,east"; what is no such thing is no box.
func parseBox(s string) box {
	parts := strings.Split(s, ",")
	if len(parts) != 4 {
		return box{}
	}
	var f [4]float64
	for i, p := range parts {
		var err error
		if f[i], err = strconv.ParseFloat(p, 64); err != nil || !(f[i] >= -180 && f[i] <= 180) {
			return box{}
		}
	}
	if f[0] > f[2] || f[1] > f[3] {
		return box{}
	}
	return box{f[0], f[1], f[2], f[3]}
}

func (b box) String() string {
	return fmt.Sprintf("%.2f,%.2f,%.2f,%.2f", b.South, b.West, b.North, b.East)
}

func upper(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = strings.ToUpper(s)
	}
	return out
}

// values writes the query as it stands in an address, without place in the list.
func (q query) values() url.Values {
	v := url.Values{}
	if q.Words != "" {
		v.Set("q", q.Words)
	}
	for name, list := range map[string][]string{"kind": q.Kinds, "country": q.Countries, "axis": q.Axes, "theme": q.Themes, "language": q.Languages} {
		if len(list) > 0 {
			v[name] = list
		}
	}
	if q.Box != (box{}) {
		v.Set("box", q.Box.String())
	}
	return v
}

// narrowed tells whether anything was asked for at all.
func (q query) narrowed() bool { return len(q.values()) > 0 }

// href is the address of a page with this query, without the language.
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

// filter is the query as the spine understands it.
func (q query) filter(a people.Actor) entry.Filter {
	f := entry.Filter{Kinds: []string{Kind}, Classes: q.Kinds, Countries: q.Countries, Words: q.Words, Actor: a, Limit: PageSize}
	f.Side = func(w *db.Where) {
		within(w, "entry_theme", "theme", q.Themes)
		within(w, "organisation_axis", "axis", q.Axes)
		within(w, "organisation_language", "language", q.Languages)
		if b := q.Box; b != (box{}) {
			w.And("e.precision_ > 0 AND e.lat BETWEEN ? AND ?", b.South-.006, b.North+.006) // the address rounds to a hundredth
			w.And("e.lon BETWEEN ? AND ?", b.West-.006, b.East+.006)
		}
	}
	return f
}

func within(w *db.Where, table, column string, values []string) {
	if len(values) == 0 {
		return
	}
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = v
	}
	w.And("EXISTS (SELECT 1 FROM "+table+" s WHERE s."+column+" IN ("+strings.TrimSuffix(strings.Repeat("?,", len(values)), ",")+") AND s.entry = e.id)", args...)
}

// memoKey names a query and who asks, as far as that changes the answer.
func (q query) memoKey(a people.Actor) string {
	who := "visitor"
	switch {
	case a.Is(people.Coordinator) || a.Is(people.Committee):
		who = "steers"
	case a.For() != "":
		who = "member"
	}
	return who + "?" + q.values().Encode()
}

// facets are the counts beside the filters.
type facets struct{ Kinds, Countries, Axes, Themes, Languages []entry.Facet }

// page is one page of the list with all that stands around it.
type listed struct {
	Query    query
	List     []Organisation
	Count    int
	Facets   facets
	Spots    []entry.Spot
	Previous bool
	Next     bool
}

// read gives a page of the list.
func (d *Directory) read(ctx context.Context, a people.Actor, q query) (listed, error) {
	l := listed{Query: q}
	list, err := d.window(ctx, a, &l, q)
	if err != nil {
		return l, err
	}
	if l.List, err = withProfiles(ctx, d.DB, list); err != nil {
		return l, err
	}
	tally, err := d.tally(ctx, a, q)
	l.Count, l.Facets = tally.Count, tally.Facets
	return l, err
}

// window reads one more than a page holds on the side one is going to, to
// know whether there is another page.
func (d *Directory) window(ctx context.Context, a people.Actor, l *listed, q query) ([]entry.Entry, error) {
	from, back := q.After, false
	if q.Before != "" {
		from, back = q.Before, true
	}
	var at entry.Cursor
	if from != "" {
		e, err := entry.Many(ctx, d.DB, []string{from})
		if err != nil {
			return nil, err
		}
		if seen, ok := e[from]; ok {
			at = seen.Cursor()
		} else {
			from, back = "", false
		}
	}
	n, done, err := d.asking(ctx, a, q)
	if err != nil {
		return nil, err
	}
	ids := n.page(at, back, PageSize+1)
	done()
	found, err := entry.Many(ctx, d.DB, ids)
	if err != nil {
		return nil, err
	}
	list := make([]entry.Entry, 0, len(ids))
	for _, id := range ids {
		if e, ok := found[id]; ok {
			list = append(list, e)
		}
	}
	more := len(list) > PageSize
	if back {
		if more {
			list = list[1:]
		}
		l.Previous, l.Next = more, true
		return list, nil
	}
	if more {
		list = list[:PageSize]
	}
	l.Previous, l.Next = from != "", more
	return list, nil
}

// tallied are the numbers around a list.
type tallied struct {
	Count  int
	Facets facets
}

func (d *Directory) tally(ctx context.Context, a people.Actor, q query) (tallied, error) {
	return d.tallies.Get(ctx, d.DB, q.memoKey(a), func(ctx context.Context) (t tallied, err error) {
		n, done, err := d.asking(ctx, a, q)
		if err != nil {
			return t, err
		}
		defer done()
		t.Count, t.Facets = n.count()
		if len(n.only) >= search.Limit && t.Count > 0 {
			t.Count = max(t.Count, entry.CountCap+1) // only the newest that have the words were looked at
		}
		return t, nil
	})
}

// onMap gives where the organisations of a query stand.
func (d *Directory) onMap(ctx context.Context, a people.Actor, q query) ([]entry.Spot, error) {
	return d.spots.Get(ctx, d.DB, q.memoKey(a), func(ctx context.Context) ([]entry.Spot, error) {
		n, done, err := d.asking(ctx, a, q)
		if err != nil {
			return nil, err
		}
		spots := n.onMap()
		done()
		return spots, entry.Named(ctx, d.DB, spots)
	})
}

// found gives the organisations that have the words, nil without any.
func (d *Directory) found(ctx context.Context, q query) (map[string]bool, error) {
	ids, asked, err := search.Newest(ctx, d.DB, q.Words, Kind)
	if err != nil || !asked {
		return nil, err
	}
	only := make(map[string]bool, len(ids))
	for _, id := range ids {
		only[id] = true
	}
	return only, nil
}

// everywhere is the query without its part of the map.
func (q query) everywhere() query { q.Box = box{}; return q }

// wide is one way to find more.
type wide struct {
	Label locale.Phrase
	Query query
}

// wider gives the ways to find more, one thing taken back at a time.
func (q query) wider() (list []wide) {
	add := func(there bool, key, english string, without query) {
		if there {
			list = append(list, wide{locale.Phrase{Key: key, English: english}, without})
		}
	}
	w := q
	w.Words = ""
	add(q.Words != "", "directory.widen.words", "Without the words", w)
	w = q
	w.Kinds = nil
	add(len(q.Kinds) > 0, "directory.widen.kind", "All kinds", w)
	w = q
	w.Countries = nil
	add(len(q.Countries) > 0, "directory.widen.country", "All countries", w)
	w = q
	w.Axes = nil
	add(len(q.Axes) > 0, "directory.widen.axis", "All lines of work", w)
	w = q
	w.Themes = nil
	add(len(q.Themes) > 0, "directory.widen.theme", "All themes", w)
	w = q
	w.Languages = nil
	add(len(q.Languages) > 0, "directory.widen.language", "All languages of work", w)
	add(q.Box != (box{}), "directory.widen.box", "The whole world", q.everywhere())
	return list
}
