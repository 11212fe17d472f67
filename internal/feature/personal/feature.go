// Package personal is what the house holds about somebody: shown to them, taken
// away as a file, and erased. Who keeps the house does the same for whoever
// asks by letter.
//
// The one idea: there is nothing to decide. Whoever asks what is held about
// them gets all of it, at once.
package personal

import (
	"context"
	"embed"

	"alliance/internal/feature"
	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

//go:embed phrases
var phrases embed.FS

// Asks are what this feature asks of others.
type Asks struct {
	// Erase blanks somebody's account everywhere.
	Erase func(ctx context.Context, tx *db.Tx, by people.Actor, person string) error
}

// Feature is the feature.
type Feature struct {
	*feature.House
	asks Asks
}

// New puts it together.
func New(h *feature.House, asks Asks) feature.Feature {
	f := &Feature{h, asks}
	return feature.Feature{Name: "personal", Phrases: phrases, Pages: f.pages}
}

var keepers = access.Role(people.Coordinator, people.Operator)

func (f *Feature) pages(r *web.Router) {
	r.Get("/me/data", access.SignedIn, f.mine)
	r.Post("/me/data/file", access.SignedIn, f.myFile)
	r.Get("/people/data", keepers, f.find)
	r.Get("/people/{id}/data", keepers, f.theirs)
	r.Post("/people/{id}/data/file", keepers, f.theirFile)
	r.Get("/people/{id}/erase", keepers, f.eraseForm)
	r.Post("/people/{id}/erase", keepers, f.erase)
}
