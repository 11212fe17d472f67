// Package site holds what belongs to no single feature: the home page, the
// search over everything, what the site says of itself, and what machines that
// list sites ask for.
//
// The one idea: it owns nothing. Everything shown is an entry of some kind,
// read through package entry for whoever asks, and led to by the paths the
// kinds give. A new kind of entry appears in search and sitemap by itself.
package site

import (
	"context"
	"embed"
	"sync"

	"alliance/internal/feature"
	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

//go:embed phrases
var phrases embed.FS

// Asks are what the home page wants to know of other features; nil tells nothing.
type Asks struct {
	// Stage gives the phase of an assembly, in words, and when the next one begins (0 = not known).
	Stage func(ctx context.Context, q db.Q, assembly string, at db.Instant) (code string, name locale.Phrase, until db.Instant, err error)
	// Coming gives the next events of the calendar and when each takes place.
	Coming func(ctx context.Context, q db.Q, a people.Actor, now db.Instant, n int) ([]entry.Entry, []db.Instant, error)
	// Help gives the pages of the help that hold some words, for the search.
	Help func(v design.View, words string) ([]design.Link, error)
}

// Site is the feature.
type Site struct {
	*feature.House
	asks    Asks
	figures db.Memo[figures]
	atWork  db.Memo[[]underway]
	drawn   db.Memo[[]byte]
	once    sync.Once
	ears    ears // what the program says; see hearing
	heard   db.Memo[ears]
	offline func() offline
}

// New puts it together. The second value is for those who ask what words mean.
func New(h *feature.House, asks Asks) (feature.Feature, *Site) {
	s := &Site{House: h, asks: asks}
	s.offline = sync.OnceValue(s.made)
	return feature.Feature{
		Name: "site", Phrases: phrases, Pages: s.pages, API: s.api,
		Menu: []web.Menu{{Path: "/search", Label: locale.Phrase{Key: "site.menu.search", English: "Search"}, Show: access.Everyone}},
	}, s
}

func (s *Site) pages(r *web.Router) {
	r.Get("/", access.Everyone, s.home)
	r.Get("/search", access.Everyone, s.search)
	r.Get("/opensearch.xml", access.Everyone, s.openSearch)
	r.Get("/about", access.Everyone, s.about)
	r.Get("/accessibility", access.Everyone, s.accessibility)
	r.Get("/privacy", access.Everyone, s.privacy)
	r.Get("/exit", access.Everyone, s.exit)
	r.Get("/offline", access.Everyone, s.offlinePage)
	r.Raw("GET "+workerPath, s.worker())
	r.Raw("GET /robots.txt", s.robots())
	r.Raw("GET /sitemap.xml", s.sitemap())
}
