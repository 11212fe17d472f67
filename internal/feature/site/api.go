package site

import (
	"net/http"
	"net/url"
	"strconv"

	"alliance/internal/platform/access"
	"alliance/internal/platform/web"
)

// FoundJSON is what a search finds, by kind.
type FoundJSON struct {
	Total  int               `json:"total" doc:"how many the caller may see among those looked at"`
	More   bool              `json:"more" doc:"there are more than were looked at: ask more narrowly"`
	Kinds  []FoundKindJSON   `json:"kinds"`
	Meant  map[string]string `json:"meant,omitempty" doc:"words looked for in place of those typed: typed → meant"`
	Pages  int               `json:"pages" doc:"of the kind asked for"`
	Page   int               `json:"page"`
	Looked int               `json:"looked" doc:"how many hits are looked at, best first"`
	Facets FoundFacetsJSON   `json:"facets" doc:"how many each further filter would give, among those looked at"`
}

// FoundFacetsJSON counts what each choice of a filter gives.
type FoundFacetsJSON struct {
	Country  map[string]int `json:"country" doc:"ISO 3166-1 alpha-2"`
	Theme    map[string]int `json:"theme"`
	Right    map[string]int `json:"right" doc:"it is about"`
	Language map[string]int `json:"language" doc:"it was written in, BCP 47"`
}

// FoundKindJSON is what was found of one kind, best first.
type FoundKindJSON struct {
	Kind    string     `json:"kind"`
	Count   int        `json:"count"`
	Entries []FoundOne `json:"entries" doc:"the first ones; a page of them when the kind is asked for"`
}

// FoundOne is one hit; GET /entries/{id} gives all of it.
type FoundOne struct {
	ID    string `json:"id"`
	Title string `json:"title" doc:"in its original language"`
	Lang  string `json:"lang" doc:"BCP 47"`
	Path  string `json:"path" doc:"of its page, after the language"`
}

func (s *Site) api(a *web.API) {
	type searchIn struct {
		Words     string   `query:"q" maxLength:"200" doc:"words; may be empty where a filter is given"`
		Kind      string   `query:"kind" maxLength:"40" doc:"only this kind, such as organisation or proposal"`
		Page      int      `query:"page" minimum:"1" default:"1"`
		Countries []string `query:"country,explode"`
		Themes    []string `query:"theme,explode"`
		Rights    []string `query:"right,explode" doc:"it is about, such as health"`
		Languages []string `query:"language,explode" doc:"it was written in"`
	}
	type searchOut struct{ Body FoundJSON }
	web.Handle(a, web.Op{ID: "search", Method: http.MethodGet, Path: "/search", Tag: "entries", Policy: access.Everyone,
		Summary: "Search everything the caller may see; accents, case and small slips are forgiven"},
		func(c *web.Call, in *searchIn) (*searchOut, error) {
			f, err := s.find(c, c.Actor, s.readAsked(url.Values{"q": {in.Words}, "kind": {in.Kind}, "page": {strconv.Itoa(in.Page)}, "country": in.Countries, "theme": in.Themes, byRight: in.Rights, "language": in.Languages}))
			if err != nil {
				return nil, err
			}
			return &searchOut{s.foundJSON(f)}, nil
		})
}

func (s *Site) foundJSON(f found) FoundJSON {
	j := FoundJSON{Total: f.Total, More: f.More, Kinds: []FoundKindJSON{}, Meant: map[string]string{}, Page: f.Page, Pages: f.Last, Looked: looked,
		Facets: FoundFacetsJSON{f.Facets.Countries, f.Facets.Themes, f.Facets.Rights, f.Facets.Languages}}
	for _, m := range []*map[string]int{&j.Facets.Country, &j.Facets.Theme, &j.Facets.Right, &j.Facets.Language} {
		if *m == nil {
			*m = map[string]int{}
		}
	}
	for _, g := range f.Groups {
		k := FoundKindJSON{Kind: g.Kind.Name, Count: g.Count, Entries: []FoundOne{}}
		for _, e := range g.Entries {
			title := e.Title()
			k.Entries = append(k.Entries, FoundOne{ID: e.ID, Title: title.Original(), Lang: title.Orig, Path: s.pathOf(e)})
		}
		j.Kinds = append(j.Kinds, k)
	}
	for _, c := range f.Corrections {
		if len(c.Meant) > 0 {
			j.Meant[c.Typed] = c.Meant[0]
		}
	}
	return j
}
