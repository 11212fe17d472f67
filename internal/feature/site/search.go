package site

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"alliance/internal/feature"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/people"
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
)

// found is a page of hits.
type found struct {
	Words       string
	Kind        string // the one shown, "" = all
	Groups      []group
	Total       int
	More        bool // there are more than were looked at
	Corrections []search.Correction
	Page, Last  int
	Nothing     bool // not one word was asked for
}

// group is what was found of one kind.
type group struct {
	Kind    feature.Kind
	Count   int
	Entries []entry.Entry
}

func (s *Site) search(c *web.Ctx) error {
	f, err := s.find(c.Context(), c.Actor, c.Query("q"), c.Query("kind"), c.Query("page"))
	if err != nil {
		return err
	}
	return c.Page(searchPage(c.View, f, s.pathOf))
}

// find looks for words over all kinds. What the actor may not know of is
// neither shown nor counted.
func (s *Site) find(ctx context.Context, a people.Actor, words, kind, page string) (f found, err error) {
	f = found{Words: string([]rune(words)[:min(len([]rune(words)), longest)]), Page: 1, Last: 1}
	if _, known := s.Kinds[kind]; known {
		f.Kind = kind
	}
	if strings.TrimSpace(f.Words) == "" {
		f.Nothing = true
		return f, nil
	}
	hits, corrections, err := search.Find(ctx, s.DB, f.Words, nil, looked)
	if err != nil {
		return f, err
	}
	f.Corrections = corrections
	ids := make([]string, len(hits))
	for i, h := range hits {
		ids[i] = h.ID
	}
	// Who may see what is asked of all hits; texts are read of those on the page.
	entries, err := entry.Heads(ctx, s.DB, ids)
	if err != nil {
		return f, err
	}
	byKind := map[string][]entry.Entry{}
	for _, id := range ids {
		e, ok := entries[id]
		if !ok || !e.Visible(a) || s.pathOf(e) == "" {
			continue
		}
		byKind[e.Kind] = append(byKind[e.Kind], e)
		f.Total++
	}
	f.More = len(hits) == looked
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
			if n, err := strconv.Atoi(page); err == nil {
				f.Page = max(1, min(n, f.Last))
			}
			from := (f.Page - 1) * onPage
			g.Entries = list[from:min(from+onPage, len(list))]
		}
		f.Groups = append(f.Groups, g)
	}
	return f, s.readTexts(ctx, f.Groups)
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

// href leads to the same words among one kind, "" = all kinds.
func (f found) href(v design.View, kind string) string {
	q := url.Values{"q": {f.Words}}
	if kind != "" {
		q.Set("kind", kind)
	}
	return v.Href("/search?" + q.Encode())
}

// followPath is where one asks to be told of what these words will find.
func (f found) followPath() string {
	q := url.Values{"q": {f.Words}}
	if f.Kind != "" {
		q.Set("kind", f.Kind)
	}
	return "/follow?" + q.Encode()
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
