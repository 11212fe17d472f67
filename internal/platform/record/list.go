package record

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/people"
)

// PageSize is how many records a page of a list holds.
const PageSize = 24

// Query is what a reader asked of a list: the same on the page, in the API and
// in every output. It is written in addresses as url.Values, and kept so.
type Query struct {
	Words     string
	Countries []string
	Axes      []string
	Themes    []string
	By        string // identifier of an organisation
	Answers   Answers
	After     string // identifier of the last one seen
	Before    string
}

// ReadQuery reads the query of an address. What the kind does not ask is left out.
func (s *Spec) ReadQuery(v url.Values) Query {
	q := Query{Words: cutWords(v.Get("q")), Themes: said(v["theme"]), By: v.Get("by"), After: v.Get("after"), Before: v.Get("before"), Answers: Answers{}}
	for _, c := range said(v["country"]) {
		q.Countries = append(q.Countries, strings.ToUpper(c))
	}
	if s.Axis {
		q.Axes = said(v["axis"])
	}
	for _, ask := range s.Questions() {
		if values := said(v[ask.Name]); ask.Facet && len(values) > 0 {
			q.Answers[ask.Name] = values[:min(len(values), 50)]
		}
	}
	return q
}

func cutWords(s string) string {
	s = strings.TrimSpace(s)
	if r := []rune(s); len(r) > 300 {
		s = string(r[:300])
	}
	return s
}

// Values writes the query as it stands in an address, without the place in the list.
func (q Query) Values() url.Values {
	v := url.Values{}
	if q.Words != "" {
		v.Set("q", q.Words)
	}
	if q.By != "" {
		v.Set("by", q.By)
	}
	for name, list := range map[string][]string{"country": q.Countries, "axis": q.Axes, "theme": q.Themes} {
		if len(list) > 0 {
			v[name] = list
		}
	}
	for name, list := range q.Answers {
		if len(list) > 0 {
			v[name] = list
		}
	}
	return v
}

// Href is the address of a page with this query, without the language.
func (q Query) Href(path string, more ...string) string {
	v := q.Values()
	for i := 0; i+1 < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// Filter is the query as the spine understands it.
func (s *Spec) Filter(a people.Actor, q Query) entry.Filter {
	return entry.Filter{Kinds: []string{s.Kind}, Countries: q.Countries, Axes: q.Axes, Words: q.Words, Organisation: q.By, Actor: a, Side: func(w *db.Where) {
		anyOf(w, "EXISTS (SELECT 1 FROM entry_theme x WHERE x.entry = e.id AND x.theme IN (", q.Themes)
		for _, name := range sortedNames(q.Answers) {
			if s.Narrow != nil {
				s.Narrow(w, name, q.Answers[name])
				continue
			}
			anyOf(w, "EXISTS (SELECT 1 FROM record_value x WHERE x.entry = e.id AND x.name = ? AND x.value IN (", q.Answers[name], name)
		}
	}}
}

func anyOf(w *db.Where, cond string, values []string, before ...any) {
	if len(values) == 0 {
		return
	}
	for _, v := range values {
		before = append(before, v)
	}
	w.And(cond+strings.TrimSuffix(strings.Repeat("?,", len(values)), ",")+"))", before...)
}

func sortedNames(a Answers) []string {
	var names []string
	for name := range a {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Listed is a page of a list with the numbers around it.
type Listed struct {
	Query    Query
	List     []Record
	Count    int // entry.CountCap+1 stands for more
	Facets   map[string][]entry.Facet
	Previous bool
	Next     bool
}

// List gives a page of records by title.
func (s *Spec) List(ctx context.Context, q db.Q, a people.Actor, query Query) (l Listed, err error) {
	l.Query = query
	f := s.Filter(a, query)
	from, back := query.After, false
	if query.Before != "" {
		from, back = query.Before, true
	}
	if from != "" {
		seen, err := entry.Many(ctx, q, []string{from})
		if err != nil {
			return l, err
		}
		if e, ok := seen[from]; !ok || e.Kind != s.Kind || !e.Visible(a) { // a place in the order would betray a title
			from, back = "", false
		} else if back {
			f.Before = e.Cursor()
		} else {
			f.After = e.Cursor()
		}
	}
	f.Limit = PageSize + 1
	list, err := entry.List(ctx, q, f)
	if err != nil {
		return l, err
	}
	more := len(list) > PageSize
	switch {
	case back:
		if more {
			list = list[1:]
		}
		l.Previous, l.Next = more, true
	default:
		list = list[:min(len(list), PageSize)]
		l.Previous, l.Next = from != "", more
	}
	l.List, err = Fill(ctx, q, list)
	return l, err
}

// Tally counts the list and what each filter would give.
func (s *Spec) Tally(ctx context.Context, q db.Q, a people.Actor, query Query) (count int, facets map[string][]entry.Facet, err error) {
	if count, err = entry.Count(ctx, q, s.Filter(a, query)); err != nil {
		return 0, nil, err
	}
	facets = map[string][]entry.Facet{}
	if s.Place {
		if facets["country"], err = entry.Facets(ctx, q, s.Filter(a, query), entry.ByCountry); err != nil {
			return 0, nil, err
		}
	}
	if s.Axis {
		if facets["axis"], err = entry.Facets(ctx, q, s.Filter(a, query), entry.ByAxis); err != nil {
			return 0, nil, err
		}
	}
	if s.Themes {
		without := query
		without.Themes = nil
		if facets["theme"], err = entry.FacetsBeside(ctx, q, s.Filter(a, without), "entry_theme x", "x.theme"); err != nil {
			return 0, nil, err
		}
	}
	for _, ask := range s.Facets() {
		without := query
		without.Answers = Answers{}
		for name, values := range query.Answers {
			if name != ask.Name {
				without.Answers[name] = values
			}
		}
		f := s.Filter(a, without)
		side := f.Side
		f.Side = func(w *db.Where) { side(w); w.And("x.name = ?", ask.Name) }
		if facets[ask.Name], err = entry.FacetsBeside(ctx, q, f, "record_value x", "x.value"); err != nil {
			return 0, nil, err
		}
	}
	return count, facets, nil
}
