package directory

import (
	"context"
	"embed"

	"alliance/internal/feature"
	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

//go:embed phrases
var phrases embed.FS

//go:embed schema
var schema embed.FS

// Asks are what the directory wants to know of other features; nil tells nothing.
type Asks struct {
	// Attended lists the assemblies an organisation took part in, newest first.
	Attended func(ctx context.Context, q db.Q, a people.Actor, organisation string) ([]entry.Entry, error)
}

// Directory is the feature.
type Directory struct {
	*feature.House
	asks   Asks
	counts db.Memo[int]
	facets db.Memo[facets]
	spots  db.Memo[[]entry.Spot]
}

// New puts it together.
func New(h *feature.House, asks Asks) feature.Feature {
	d := &Directory{House: h, asks: asks}
	return feature.Feature{
		Name: "directory", Schema: schema, Phrases: phrases, Kinds: kinds, Pages: d.pages, Demo: d.demo,
		Menu: []web.Menu{{Path: "/organisations", Label: locale.Phrase{Key: "directory.menu", English: "Organisations"}, Show: access.Everyone}},
	}
}

var kinds = []feature.Kind{{
	Name: Kind, One: locale.Phrase{Key: "directory.kind.one", English: "Organisation"}, Many: locale.Phrase{Key: "directory.kind.many", English: "Organisations"},
	Icon: "building", Path: func(id string) string { return "/organisations/" + id },
	Fields: []feature.Field{
		{Name: entry.Title, Label: locale.Phrase{Key: "directory.field.name", English: "Name"}},
		{Name: entry.Summary, Label: locale.Phrase{Key: "directory.field.summary", English: "In one line"}},
		{Name: Body, Label: locale.Phrase{Key: "directory.field.body", English: "What it does"}, Long: true},
		{Name: Doubt, Label: locale.Phrase{Key: "directory.field.doubt", English: "What is not sure"}, Long: true},
	},
}}

func (d *Directory) pages(r *web.Router) {
	r.Get("/organisations", access.Everyone, d.list)
	r.Get("/map", access.Everyone, d.mapPage)
	r.Get("/organisations/{id}", access.Everyone, d.profile)
}
