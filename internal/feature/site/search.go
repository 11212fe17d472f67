package site

import (
	"cmp"
	"context"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"alliance/internal/feature"
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
	"alliance/internal/platform/register"
	"alliance/internal/platform/search"
	"alliance/internal/platform/web"
)

// order of the kinds on the page; those not named follow.
var order = []string{"organisation", "assembly", "workshop", "item", "action", "motion", "proposal", "stake"}

const (
	looked  = 300 // hits looked at, best first
	inGroup = 5   // shown of each kind while all kinds are
	onPage  = 20  // shown of one kind
	longest = 200 // characters of a query
	ticked  = 20  // of one filter
)

// asked is what somebody looks for, as it stands in the address.
type asked struct {
	Words     string
	Kind      string // the one shown, "" = all
	Countries []string
	Themes    []string
	Rights    []string // it is about
	Languages []string // it was written in
	Page      int
}

// found is a page of hits.
type found struct {
	asked
	Groups      []group
	Total       int
	More        bool // there are more than were looked at
	Corrections []search.Correction
	Last        int
	Nothing     bool // neither a word nor a filter was asked for
	Facets      facets
	Heard       []string // languages heard in the words
}

// facets count, among what was looked at, what each choice would give.
type facets struct{ Countries, Themes, Rights, Languages map[string]int }

// group is what was found of one kind.
type group struct {
	Kind    feature.Kind
	Count   int
	Entries []entry.Entry
}

func (s *Site) search(c *web.Ctx) error {
	f, err := s.find(c.Context(), c.Actor, s.readAsked(c.R.URL.Query()))
	if err != nil {
		return err
	}
	var help []design.Link
	if s.asks.Help != nil && f.Page < 2 {
		if help, err = s.asks.Help(c.View, f.Words); err != nil {
			return err
		}
	}
	return c.Page(searchPage(c.View, f, c.Alliance, s.rights(), help, s.pathOf))
}

// readAsked reads an address; what it does not know is left out.
func (s *Site) readAsked(v url.Values) asked {
	words := []rune(strings.TrimSpace(v.Get("q")))
	q := asked{Words: string(words[:min(len(words), longest)]), Page: 1}
	if _, known := s.Kinds[v.Get("kind")]; known {
		q.Kind = v.Get("kind")
	}
	for name, into := range map[string]*[]string{"country": &q.Countries, "theme": &q.Themes, byRight: &q.Rights, "language": &q.Languages} {
		for _, value := range v[name] {
			if value != "" && len(value) <= 35 && len(*into) < ticked && !slices.Contains(*into, value) {
				*into = append(*into, value)
			}
		}
	}
	if n, err := strconv.Atoi(v.Get("page")); err == nil {
		q.Page = n
	}
	return q
}

func (q asked) values() url.Values {
	v := url.Values{"q": {q.Words}}
	if q.Kind != "" {
		v.Set("kind", q.Kind)
	}
	for name, list := range map[string][]string{"country": q.Countries, "theme": q.Themes, byRight: q.Rights, "language": q.Languages} {
		if len(list) > 0 {
			v[name] = list
		}
	}
	return v
}

// marks are the filters as the index knows them.
func (q asked) marks() (list [][]string) {
	for _, f := range []struct {
		name   string
		values []string
	}{{"country", q.Countries}, {"theme", q.Themes}, {byRight, q.Rights}, {"written", q.Languages}} {
		var group []string
		for _, v := range f.values {
			group = append(group, f.name+"="+v)
		}
		if len(group) > 0 {
			list = append(list, group)
		}
	}
	return list
}

// find looks for words over all kinds. What the actor may not know of is
// neither shown nor counted.
func (s *Site) find(ctx context.Context, a people.Actor, q asked) (f found, err error) {
	f = found{asked: q, Last: 1}
	f.Page = 1
	if q.Words == "" && len(q.marks()) == 0 {
		f.Nothing = true
		f.Facets, err = s.open(ctx, a)
		return f, err
	}
	e, err := s.heard.Get(ctx, s.DB, "", s.hearing)
	if err != nil {
		return f, err
	}
	var words string
	words, f.Heard = e.hear(q.Words)
	var hits []entry.Entry
	if hits, f.Corrections, f.More, err = s.look(ctx, a, e, words, q); err != nil {
		return f, err
	}
	if f.Facets, err = s.weigh(ctx, a, e, words, q, hits); err != nil {
		return f, err
	}
	byKind := map[string][]entry.Entry{}
	for _, e := range hits {
		byKind[e.Kind] = append(byKind[e.Kind], e)
	}
	f.Total = len(hits)
	for _, k := range s.kindsInOrder() {
		list := byKind[k]
		if len(list) == 0 {
			continue
		}
		g := group{Kind: s.Kinds[k], Count: len(list)}
		switch f.Kind {
		case "":
			g.Entries = list[:min(len(list), inGroup)]
		case k:
			f.Last = (len(list) + onPage - 1) / onPage
			f.Page = max(1, min(q.Page, f.Last))
			from := (f.Page - 1) * onPage
			g.Entries = list[from:min(from+onPage, len(list))]
		}
		f.Groups = append(f.Groups, g)
	}
	return f, s.readTexts(ctx, f.Groups)
}

// look gives the best hits that the actor may know of, without their texts. Of
// one kind alone as many are looked at as of all together.
func (s *Site) look(ctx context.Context, a people.Actor, e ears, words string, q asked) (list []entry.Entry, corrections []search.Correction, more bool, err error) {
	hits, corrections, err := search.Find(ctx, s.DB, words, search.Narrow{Marks: q.marks(), Or: e.marks}, looked)
	if err != nil {
		return nil, nil, false, err
	}
	ids := make([]string, len(hits))
	for i, h := range hits {
		ids[i] = h.ID
	}
	// Who may see what is asked of all hits; texts are read of those on the page.
	entries, err := entry.Heads(ctx, s.DB, ids)
	if err != nil {
		return nil, nil, false, err
	}
	if err := entry.Themed(ctx, s.DB, entries); err != nil {
		return nil, nil, false, err
	}
	for _, id := range ids {
		if e, ok := entries[id]; ok && e.Visible(a) && s.pathOf(e) != "" {
			list = append(list, e)
		}
	}
	return list, corrections, len(hits) == looked, nil
}

// weigh counts what each filter would give. A filter that is set is counted
// without itself, so that its other choices stay open.
func (s *Site) weigh(ctx context.Context, a people.Actor, e ears, words string, q asked, hits []entry.Entry) (f facets, err error) {
	var all facets // what is counted where nothing else is asked
	if q.Words == "" {
		if all, err = s.open(ctx, a); err != nil {
			return f, err
		}
	}
	count := func(set bool, without asked, open map[string]int, by func([]entry.Entry) (map[string]int, error)) map[string]int {
		list := hits
		switch {
		case err != nil || !set:
		case without.Words == "" && len(without.marks()) == 0:
			return open
		default:
			list, _, _, err = s.look(ctx, a, e, words, without)
		}
		if err != nil {
			return nil
		}
		var n map[string]int
		n, err = by(list)
		return n
	}
	each := func(of func(entry.Entry) []string) func([]entry.Entry) (map[string]int, error) {
		return func(list []entry.Entry) (map[string]int, error) { return tally(list, of), nil }
	}
	free := q
	free.Countries = nil
	f.Countries = count(len(q.Countries) > 0, free, all.Countries, each(func(e entry.Entry) []string { return []string{e.Place.Country} }))
	free = q
	free.Themes = nil
	f.Themes = count(len(q.Themes) > 0, free, all.Themes, each(func(e entry.Entry) []string { return e.Themes }))
	free = q
	free.Rights = nil
	f.Rights = count(len(q.Rights) > 0, free, all.Rights, func(list []entry.Entry) (map[string]int, error) {
		ids := make([]string, len(list))
		for i, e := range list {
			ids[i] = e.ID
		}
		about, err := record.Values(ctx, s.DB, byRight, ids)
		return tally(list, func(e entry.Entry) []string { return about[e.ID] }), err
	})
	free = q
	free.Languages = nil
	f.Languages = count(len(q.Languages) > 0, free, all.Languages, each(func(e entry.Entry) []string { return []string{e.Lang} }))
	return f, err
}

// open counts what the filters give before anything is asked: of all that
// lists and the map show.
func (s *Site) open(ctx context.Context, a people.Actor) (f facets, err error) {
	c, err := s.Register.Count(ctx, a, register.Query{})
	counted := func(group string) map[string]int {
		n := map[string]int{}
		for _, x := range c.By[group] {
			n[x.Value] = x.Count
		}
		return n
	}
	return facets{Countries: counted(register.ByCountry), Themes: counted(register.ByTheme), Rights: counted(s.Asked(byRight).Group())}, err
}

// byRight is the question, of whichever kinds ask it, on which right a thing is
// about, and the filter for it.
const byRight = "right"

func (s *Site) rights() []record.Option { return s.Asked(byRight).Options }

func tally(list []entry.Entry, by func(entry.Entry) []string) map[string]int {
	n := map[string]int{}
	for _, e := range list {
		for _, value := range by(e) {
			if value != "" {
				n[value]++
			}
		}
	}
	return n
}

// readTexts fills in the entries of which only the heads are known.
func (s *Site) readTexts(ctx context.Context, groups []group) error {
	var ids []string
	for _, g := range groups {
		for _, e := range g.Entries {
			ids = append(ids, e.ID)
		}
	}
	whole, err := entry.Many(ctx, s.DB, ids)
	for i, g := range groups {
		groups[i].Entries = nil
		for _, e := range g.Entries {
			if e, ok := whole[e.ID]; ok {
				groups[i].Entries = append(groups[i].Entries, e)
			}
		}
	}
	return err
}

func (s *Site) kindsInOrder() []string {
	all := slices.Clone(order)
	var rest []string
	for name := range s.Kinds {
		if !slices.Contains(order, name) {
			rest = append(rest, name)
		}
	}
	slices.Sort(rest)
	return append(all, rest...)
}

// href leads to the same question among one kind, "" = all kinds.
func (f found) href(v design.View, kind string) string {
	q := f.asked
	q.Kind = kind
	return v.Href("/search?" + q.values().Encode())
}

// followPath is where one asks to be told of what this question will find.
func (f found) followPath() string {
	return "/follow?" + f.values().Encode()
}

// filters are the questions that narrow what was found, with counts.
func (f found) filters(v design.View, of alliance.Alliance, rights []record.Option) design.Filters {
	filter := design.Filters{Path: "/search", Query: f.Words, Open: f.Nothing, Label: v.T("site.search.label", "What are you looking for?"),
		Hint: v.T("site.search.hint", "In any language of the texts. Accents and capitals do not matter.")}
	if f.Kind != "" {
		filter.Hidden = append(filter.Hidden, design.Hide{Name: "kind", Value: f.Kind})
	}
	add := func(name, label string, counts map[string]int, chosen []string, say func(string) (words, tag string)) {
		g := design.Group{Name: name, Label: label, Values: chosen}
		values := slices.Collect(maps.Keys(counts))
		for _, c := range chosen { // a choice without hits can still be taken back
			if counts[c] == 0 {
				values = append(values, c)
			}
		}
		for _, value := range values {
			if words, tag := say(value); words != "" {
				g.Options = append(g.Options, design.Option{Value: value, Label: words, Lang: tag, Count: counts[value]})
			}
		}
		slices.SortFunc(g.Options, func(a, b design.Option) int {
			return cmp.Or(cmp.Compare(b.Count, a.Count), v.Compare(a.Label, b.Label))
		})
		g.Options = g.Options[:min(len(g.Options), 30)]
		if len(g.Options) > 1 || len(chosen) > 0 {
			filter.Groups = append(filter.Groups, g)
		}
	}
	plain := func(say func(string) string) func(string) (string, string) {
		return func(s string) (string, string) { return say(s), "" }
	}
	add("country", v.T("site.search.country", "Country"), f.Facets.Countries, f.Countries, plain(v.Country))
	add("theme", v.T("site.search.theme", "Theme"), f.Facets.Themes, f.Themes, func(code string) (string, string) {
		t, ok := of.Theme(code)
		if !ok {
			return "", ""
		}
		r := t.Name.In(v.Lang())
		return r.S, r.Lang
	})
	add(byRight, v.T("site.search.right", "Right"), f.Facets.Rights, f.Rights, func(value string) (string, string) {
		i := slices.IndexFunc(rights, func(o record.Option) bool { return o.Value == value })
		if i < 0 {
			return "", ""
		}
		return v.Say(rights[i].Label), ""
	})
	add("language", v.T("site.search.language", "Written in"), f.Facets.Languages, f.Languages, plain(v.Language))
	return filter
}

// tabs are the kinds found, with counts.
func (f found) tabs(v design.View) []design.Link {
	tabs := []design.Link{{Href: f.href(v, ""), Label: v.T("site.search.all", "Everything"), Current: f.Kind == "", Count: f.Total}}
	for _, g := range f.Groups {
		tabs = append(tabs, design.Link{Href: f.href(v, g.Kind.Name), Label: v.Say(g.Kind.Many), Current: f.Kind == g.Kind.Name, Count: g.Count})
	}
	return tabs
}

// meant writes the words looked for instead of those typed.
func meant(v design.View, list []search.Correction) string {
	var words []string
	for _, c := range list {
		words = append(words, c.Meant...)
	}
	return v.Or(words)
}

func typed(v design.View, list []search.Correction) string {
	var words []string
	for _, c := range list {
		words = append(words, c.Typed)
	}
	return v.And(words)
}
