package library

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"

	"alliance/internal/feature"
	"alliance/internal/platform/access"
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
	"alliance/internal/platform/web"
)

// shelves are the kinds the page opens, in its order; others own some of them.
var shelves = []string{"practice", Initiative, Resource, Training, Trainer, Story, "competence", "replication", "campaign"}

// shelf is a kind with how many the reader may know of.
type shelf struct {
	feature.Kind
	Count int
}

// hit is a kind with what a search found in it.
type hit struct {
	feature.Kind
	List  []record.Record
	Count int
	Query record.Query
}

type frontView struct {
	Shelves   []shelf
	Words     string   // as typed
	Languages []string // heard in the words
	Hits      []hit
}

func (l *Library) front(c *web.Ctx) error {
	f := frontView{Words: lang.Cut(c.Query("q"), 300)}
	counts, err := l.count(c.Context(), c.Actor)
	if err != nil {
		return err
	}
	for _, name := range shelves {
		if k, ok := l.Kinds[name]; ok && k.List != "" {
			f.Shelves = append(f.Shelves, shelf{k, counts[name]})
		}
	}
	if f.Words != "" {
		if f.Hits, f.Languages, err = l.search(c.Context(), c.Actor, f.Words, 6); err != nil {
			return err
		}
	}
	return c.Page(frontPage(c.View, f))
}

func (l *Library) count(ctx context.Context, a people.Actor) (map[string]int, error) {
	return l.counts.Get(ctx, l.DB, record.Reach(a), func(ctx context.Context) (map[string]int, error) {
		counts := map[string]int{}
		for _, name := range shelves {
			n, err := entry.Count(ctx, l.DB, entry.Filter{Kinds: []string{name}, Actor: a})
			if err != nil {
				return nil, err
			}
			counts[name] = n
		}
		return counts, nil
	})
}

// search looks over all shelves. Names of languages are heard as such, and
// words for the kinds themselves are left out: "right to health training,
// Portuguese" asks for what is given in Portuguese about the right to health.
func (l *Library) search(ctx context.Context, a people.Actor, typed string, most int) (hits []hit, languages []string, err error) {
	words, languages := l.hear(typed)
	if hits, err = l.found(ctx, a, record.Query{Words: words}, languages, most); err != nil || len(hits) > 0 || words == "" {
		return hits, languages, err
	}
	// Nothing says it in these words: what is about that right, or that theme?
	of, err := alliance.Load(ctx, l.DB)
	if err != nil {
		return nil, nil, err
	}
	about := l.about(of, words)
	if len(about[askRight.Name]) > 0 {
		if hits, err = l.found(ctx, a, record.Query{Answers: record.Answers{askRight.Name: about[askRight.Name]}}, languages, most); err != nil || len(hits) > 0 {
			return hits, languages, err
		}
	}
	if len(about[record.Themes]) > 0 {
		hits, err = l.found(ctx, a, record.Query{Themes: about[record.Themes]}, languages, most)
	}
	return hits, languages, err
}

// about gives the rights and themes that words name in any language of the
// interface.
func (l *Library) about(of alliance.Alliance, words string) record.Answers {
	typed := map[string]bool{}
	for _, w := range strings.Fields(lang.Fold(words)) {
		typed[strings.TrimPrefix(w, "ال")] = true
	}
	named := func(label string) bool { // each word that tells something
		some := false
		for _, w := range strings.Fields(lang.Fold(label)) {
			if len([]rune(w)) < 4 {
				continue
			}
			if !typed[strings.TrimPrefix(w, "ال")] {
				return false
			}
			some = true
		}
		return some
	}
	a := record.Answers{}
	for _, tag := range locale.Languages {
		p := l.Catalog.For(tag)
		for _, o := range rights {
			if named(p.Say(o.Label)) && !slices.Contains(a[askRight.Name], o.Value) {
				a[askRight.Name] = append(a[askRight.Name], o.Value)
			}
		}
		for _, t := range of.Themes {
			if named(t.Name.In(tag).S) && !slices.Contains(a[record.Themes], t.ID) {
				a[record.Themes] = append(a[record.Themes], t.ID)
			}
		}
	}
	return a
}

// found looks for one query on all shelves; kinds that do not ask what it
// narrows by are left out.
func (l *Library) found(ctx context.Context, a people.Actor, asked record.Query, languages []string, most int) (hits []hit, err error) {
	for _, name := range shelves {
		k, ok := l.Kinds[name]
		if !ok || k.Spec == nil {
			continue
		}
		_, speaks := k.Spec.Question("languages")
		if len(languages) > 0 && !speaks || len(asked.Values()) == 0 && len(languages) == 0 {
			continue
		}
		if _, knows := k.Spec.Question(askRight.Name); len(asked.Answers[askRight.Name]) > 0 && !knows {
			continue
		}
		q := asked
		q.Answers = maps.Clone(asked.Answers)
		if q.Answers == nil {
			q.Answers = record.Answers{}
		}
		if len(languages) > 0 {
			q.Answers["languages"] = languages
		}
		f := k.Spec.Filter(a, q)
		n, err := entry.Count(ctx, l.DB, f)
		if err != nil {
			return nil, err
		}
		if n == 0 {
			continue
		}
		f.Limit = most
		list, err := entry.List(ctx, l.DB, f)
		if err != nil {
			return nil, err
		}
		h := hit{Kind: k, Count: n, Query: q}
		if h.List, err = record.Fill(ctx, l.DB, list); err != nil {
			return nil, err
		}
		hits = append(hits, h)
	}
	return hits, nil
}

// hear takes the names of languages and of kinds out of what was typed, in any
// language of the interface.
func (l *Library) hear(typed string) (words string, languages []string) {
	ears := l.hearing()
	var rest []string
	for _, w := range strings.FieldsFunc(typed, func(r rune) bool { return r == ' ' || r == ',' || r == ';' || r == '،' }) {
		key := strings.TrimPrefix(lang.Fold(w), "ال") // "البرتغالية" and "برتغالية"
		if tag, ok := ears.languages[key]; ok {
			if !slices.Contains(languages, tag) {
				languages = append(languages, tag)
			}
			continue
		}
		if !ears.kinds[key] {
			rest = append(rest, w)
		}
	}
	return strings.Join(rest, " "), languages
}

type ears struct {
	languages map[string]string // folded name → tag
	kinds     map[string]bool   // folded words for kinds
}

func (l *Library) hearing() ears {
	e := ears{map[string]string{}, map[string]bool{}}
	for _, tag := range locale.Languages {
		p := l.Catalog.For(tag)
		for _, spoken := range lang.Offered {
			if name := lang.Fold(p.Language(spoken)); !strings.Contains(name, " ") {
				e.languages[strings.TrimPrefix(name, "ال")] = spoken
			}
		}
		for _, name := range shelves {
			if k, ok := l.Kinds[name]; ok {
				for _, ph := range []locale.Phrase{k.One, k.Many} {
					e.kinds[strings.TrimPrefix(lang.Fold(p.Say(ph)), "ال")] = true
				}
			}
		}
	}
	return e
}

type librarySearchInput struct {
	Words string `query:"q" maxLength:"300" required:"true" doc:"Words; names of languages and kinds are heard as such"`
}

type librarySearchOutput struct {
	Body struct {
		Languages []string      `json:"languages" doc:"Heard in the words, BCP 47"`
		Records   []record.JSON `json:"records" doc:"At most 20 of each kind"`
	}
}

func (l *Library) searchAPI(a *web.API) {
	web.Handle(a, web.Op{ID: "search-library", Method: http.MethodGet, Path: "/library", Tag: "library", Policy: access.Everyone,
		Summary: "Looks for records of all kinds of the library."}, func(c *web.Call, in *librarySearchInput) (*librarySearchOutput, error) {
		hits, languages, err := l.search(c, c.Actor, in.Words, 20)
		out := &librarySearchOutput{}
		out.Body.Languages, out.Body.Records = append([]string{}, languages...), []record.JSON{}
		for _, h := range hits {
			for _, r := range h.List {
				out.Body.Records = append(out.Body.Records, r.JSON())
			}
		}
		return out, err
	})
}
