package membership

import (
	"context"
	"embed"

	"alliance/internal/feature"
	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
	"alliance/internal/platform/web"
)

//go:embed phrases
var phrases embed.FS

//go:embed schema
var schema embed.FS

// Asks are what memberships want to know of other features.
type Asks struct {
	// Texts lists what organisations sign together, and who stands by it.
	Texts func(ctx context.Context, q db.Q, a people.Actor) ([]Text, error)
}

// Memberships is the feature.
type Memberships struct {
	*feature.House
	asks           Asks
	kind, contacts *record.Kind
}

// New puts it together. What it gives besides is asked by the page of an
// organisation.
func New(h *feature.House, asks Asks) (feature.Feature, *Memberships) {
	x := &Memberships{House: h, asks: asks}
	x.kind = &record.Kind{Spec: &spec, DB: h.DB, Path: "/memberships", Icon: "git-merge", Words: words, Settle: x.settle, More: x.more, Above: x.above}
	x.contacts = &record.Kind{Spec: &contactSpec, DB: h.DB, Path: "/contacts", Icon: "users", Words: contactWords, Settle: x.settleContact, More: x.moreContact}
	return feature.Feature{Name: "membership", Schema: schema, Points: points, Phrases: phrases, Kinds: []feature.Kind{feature.Record(x.kind), feature.Record(x.contacts)},
		Pages: x.pages, API: x.api, Demo: x.demo}, x
}

func (x *Memberships) pages(r *web.Router) {
	keepers := access.Role(people.Coordinator).Or(access.Mandated(people.Edit))
	r.Get("/networks", access.Everyone, x.list)
	r.Get("/network-graph/{file}", access.Everyone, x.graph)
	r.Get("/networks/{id}", access.Everyone, x.network)
	r.Get("/networks/{id}/charter", keepers, x.charterForm)
	r.Post("/networks/{id}/charter", keepers, x.setCharter)
	x.kind.Pages(r)
	x.contacts.Pages(r)
	r.Get("/contacts/{id}/erase", access.SignedIn, x.eraseForm)
	r.Post("/contacts/{id}/erase", access.SignedIn, x.erase)
}
