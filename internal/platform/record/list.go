package record

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
	"alliance/internal/platform/register"
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
	By        string       // identifier of an organisation
	Box       register.Box // part of the Earth
	Answers   Answers
	After     string // identifier of the last one seen
	Before    string
}

// ReadQuery reads the query of an address. What the kind does not ask is left out.
func (s *Spec) ReadQuery(v url.Values) Query {
	q := Query{Words: lang.Cut(strings.TrimSpace(v.Get("q")), 300), Themes: said(v["theme"]), By: v.Get("by"), After: v.Get("after"), Before: v.Get("before"), Box: register.ParseBox(v.Get("box")), Answers: Answers{}}
	for _, c := range said(v["country"]) {
		q.Countries = append(q.Countries, strings.ToUpper(c))
	}
	if s.Axis || s.Axes {
		q.Axes = said(v["axis"])
	}
	for _, ask := range s.Questions() {
		if values := said(v[ask.Name]); ask.Facet && len(values) > 0 {
			q.Answers[ask.Name] = values[:min(len(values), 50)]
		}
	}
	return q
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
	if !q.Box.Whole() {
		v.Set("box", q.Box.String())
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
// Its part of the Earth is asked of each place, see Query.Box.
func (s *Spec) Filter(a people.Actor, q Query) entry.Filter {
	axes := q.Axes
	if s.Axes {
		axes = nil // of several the answer tells
	}
	return entry.Filter{Kinds: []string{s.Kind}, Countries: q.Countries, Axes: axes, Words: q.Words, Organisation: q.By, Actor: a, Side: func(w *db.Where) {
		if s.Axes {
			anyOf(w, "EXISTS (SELECT 1 FROM record_value x WHERE x.entry = e.id AND x.name = ? AND x.value IN (", q.Axes, Axes)
		}
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

// Kept is what the register keeps of the kind: each question that narrows its
// lists is a group of filters.
func (s *Spec) Kept() register.Kind {
	k := register.Kind{Name: s.Kind, Answers: map[string]string{}}
	for _, ask := range s.narrowing() {
		k.Answers[ask.Name] = ask.Group()
	}
	return k
}

// Group is what the register counts a question in. Languages are one group in all
// kinds, whatever the question is called, so that the map can ask for them.
func (q Question) Group() string {
	if q.Type == Languages {
		return register.ByLanguage
	}
	return "answer " + q.Name
}

// sought is the query as the register understands it.
func (s *Spec) sought(q Query) register.Query {
	r := register.Query{Kinds: []string{s.Kind}, Words: q.Words, By: q.By, Box: q.Box,
		Asked: map[string][]string{register.ByCountry: q.Countries, register.ByAxis: q.Axes, register.ByTheme: q.Themes}}
	for _, ask := range s.narrowing() {
		if values := q.Answers[ask.Name]; len(values) > 0 {
			r.Asked[ask.Group()] = values
		}
	}
	return r
}

// Listed is a page of a list with the numbers around it.
type Listed struct {
	Query    Query
	List     []Record
	Count    int                      // entry.CountCap+1 stands for more
	Facets   map[string][]entry.Facet // by name of the question; "country", "axis", "theme"
	Previous bool
	Next     bool
}

// listed gives a page of records by title, and counts beside its filters.
func (k *Kind) listed(ctx context.Context, a people.Actor, q Query) (Listed, error) {
	l := Listed{Query: q, Facets: map[string][]entry.Facet{}}
	sought := k.sought(q)
	p, err := k.Register.Page(ctx, a, sought, register.Turn{After: q.After, Before: q.Before}, PageSize)
	if err != nil {
		return l, err
	}
	l.Previous, l.Next = p.Previous, p.Next
	if l.List, err = Fill(ctx, k.DB, p.Entries); err != nil {
		return l, err
	}
	c, err := k.Register.Count(ctx, a, sought)
	l.Count = c.Shown()
	for name, group := range map[string]string{"country": register.ByCountry, "axis": register.ByAxis, "theme": register.ByTheme} {
		l.Facets[name] = c.By[group]
	}
	for _, ask := range k.Spec.Facets() {
		l.Facets[ask.Name] = c.By[ask.Group()]
	}
	return l, err
}
