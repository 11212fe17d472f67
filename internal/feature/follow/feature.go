package follow

import (
	"context"
	"embed"
	"sync"
	"time"

	"alliance/internal/feature"
	"alliance/internal/platform/access"
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/job"
	"alliance/internal/platform/web"
)

//go:embed phrases
var phrases embed.FS

// Asks are what this feature asks of others.
type Asks struct {
	// Said gives what was said about an entry and still stands; nil = nothing.
	Said func(ctx context.Context, q db.Q, entry string, comments []string) ([]Said, error)
	// Hearing gives what takes words as the search of the site does, with marks
	// that do in the place of a word; nil = they are taken as they are.
	Hearing func(ctx context.Context, q db.Q) (Heard, error)
}

// Heard gives words as they are looked for, and marks that do in the place of one.
type Heard = func(typed string) (words string, or map[string][]string)

// Feature is the feature, for others to ask.
type Feature struct {
	*feature.House
	asks   Asks
	recent struct { // what pages of news read, until somebody writes
		sync.Mutex
		shared *reading
	}
}

// hour is the window in which asks without an account are counted.
const hour = time.Hour

// New puts it together. The second value is for those who ask it something.
func New(h *feature.House, asks Asks) (feature.Feature, *Feature) {
	f := &Feature{House: h, asks: asks}
	return feature.Feature{Name: "follow", Schema: schema, Points: points, Phrases: phrases, Pages: f.pages, API: f.api, Work: f.work, Demo: f.demo, Erase: forget, Onward: f.onward}, f
}

func (f *Feature) pages(r *web.Router) {
	r.Get("/follow", access.Everyone, f.form)
	r.Post("/follow", access.Everyone, f.follow)
	r.Get("/follow/search", access.Everyone, f.searchForm)
	r.Get("/follow/sent", access.Everyone, f.sent)
	r.Get("/follow/confirm/{secret}", access.Everyone, f.confirmForm)
	r.Post("/follow/confirm/{secret}", access.Everyone, f.confirm)
	r.Get("/following/{token}", access.Everyone, f.tokenPage)
	r.Post("/following/{token}", access.Everyone, f.byToken)
	r.Get("/me/following", access.SignedIn, f.mine)
	r.Post("/me/following", access.SignedIn, f.settings)
	r.Post("/me/following/stop", access.SignedIn, f.stop)
	r.Get("/me/following/news", access.SignedIn, f.news)
}

func (f *Feature) work(r *job.Runner) {
	r.Handle(jobConfirm, f.sendConfirm)
	r.Every("follow.digests", time.Minute, f.digests)
}

// about gives what the alliance says of itself: the names of themes and axes.
func (f *Feature) about(ctx context.Context, q db.Q) (alliance.Alliance, error) {
	return alliance.Load(ctx, q)
}
