package directory

import (
	"context"
	"net/url"
	"strings"

	"alliance/internal/platform/entry"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
	"alliance/internal/platform/register"
)

// PageSize is how many organisations a page of the list holds.
const PageSize = 24

// query is what a reader asked of the list: the same on the list, in the
// export and in the API.
type query struct {
	Words     string
	Kinds     []string
	Countries []string
	Axes      []string
	Themes    []string
	Languages []string
	Works     []string // countries
	Box       register.Box
	After     string // identifier of the last one seen
	Before    string
	Part      string // of the map
}

func readQuery(v url.Values) query {
	return query{Words: strings.TrimSpace(v.Get("q")), Kinds: v["kind"], Countries: upper(v["country"]), Axes: v["axis"], Themes: v["theme"], Languages: v["language"],
		Works: upper(append(v["works"], v[worksIn]...)), // the second is what files and feeds call it
		Box:   register.ParseBox(v.Get("box")), After: v.Get("after"), Before: v.Get("before"), Part: v.Get("part")}
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
	for name, list := range map[string][]string{"kind": q.Kinds, "country": q.Countries, "axis": q.Axes, "theme": q.Themes, "language": q.Languages, "works": q.Works} {
		if len(list) > 0 {
			v[name] = list
		}
	}
	if !q.Box.Whole() {
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

// onMap is the address of the same on the map of everything.
func (q query) onMap() string {
	v := q.values()
	if len(q.Kinds) > 0 {
		v["class"] = q.Kinds
	}
	v.Set("kind", Kind)
	return "/map?" + v.Encode()
}

// records is what was asked of the directory, as other forms of the list know it.
func (q query) records() record.Query {
	r := record.Query{Words: q.Words, Countries: q.Countries, Axes: q.Axes, Themes: q.Themes, Box: q.Box, Answers: record.Answers{}}
	for name, values := range map[string][]string{"kind": q.Kinds, "language": q.Languages, worksIn: q.Works} {
		if len(values) > 0 {
			r.Answers[name] = values
		}
	}
	return r
}

// sought is the query as the register understands it.
func (q query) sought() register.Query {
	return register.Query{Kinds: []string{Kind}, Words: q.Words, Box: q.Box, Asked: map[string][]string{register.ByClass: q.Kinds, register.ByCountry: q.Countries,
		register.ByAxis: q.Axes, register.ByTheme: q.Themes, register.ByLanguage: q.Languages, byWork: q.Works}}
}

// listed is one page of the list with all that stands around it.
type listed struct {
	Query    query
	List     []Organisation
	Count    int
	Facets   map[string][]entry.Facet // by group of the register
	Map      register.Drawing
	Previous bool
	Next     bool
}

// read gives a page of the list.
func (d *Directory) read(ctx context.Context, a people.Actor, q query) (listed, error) {
	l := listed{Query: q}
	p, err := d.Register.Page(ctx, a, q.sought(), register.Turn{After: q.After, Before: q.Before}, PageSize)
	if err != nil {
		return l, err
	}
	l.Previous, l.Next = p.Previous, p.Next
	if l.List, err = withProfiles(ctx, d.DB, p.Entries); err != nil {
		return l, err
	}
	c, err := d.Register.Count(ctx, a, q.sought())
	l.Count, l.Facets = c.Shown(), c.By
	return l, err
}

// everywhere is the query without its part of the map.
func (q query) everywhere() query { q.Box = register.Box{}; return q }

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
	w = q
	w.Works = nil
	add(len(q.Works) > 0, "directory.widen.works", "Wherever it works", w)
	add(!q.Box.Whole(), "directory.widen.box", "The whole world", q.everywhere())
	return list
}
