package document

import (
	"embed"

	"alliance/internal/feature"
	"alliance/internal/platform/access"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/web"
)

//go:embed phrases
var phrases embed.FS

// Feature is the feature.
type Feature struct{ *feature.House }

// New puts it together; what it gives beside is what pages of records show.
func New(h *feature.House) (feature.Feature, *Feature) {
	f := &Feature{h}
	return feature.Feature{Name: "document", Schema: schema, Points: points, Phrases: phrases, Pages: f.pages, API: f.api, Demo: f.demo}, f
}

// points are where entries of others stand in the tables of this feature.
var points = []entry.Point{{Table: "document", Column: "entry", Key: []string{"id"}}}

func (f *Feature) pages(r *web.Router) {
	r.Get("/documents/{id}", access.SignedIn, f.form)
	r.Post("/documents/{id}", access.SignedIn, f.add)
	r.Get("/documents/{id}/{file}", access.Everyone, f.file)
	r.Get("/documents/{id}/{file}/remove", access.SignedIn, f.removeForm)
	r.Post("/documents/{id}/{file}/remove", access.SignedIn, f.remove)
}
