package claim

import (
	"context"
	"embed"

	"alliance/internal/feature"
	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/job"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
	"alliance/internal/platform/web"
)

//go:embed phrases
var phrases embed.FS

// Invited is whom an accepted claim invites, and with which mandate.
type Invited struct {
	Claim, Name, Email, Lang string
	Mandate                  people.Mandate
}

// Asks are what claims need of other features.
type Asks struct {
	// Pairs gives a way to ask for the pairs of validators that may decide about
	// something in a place on themes, the widest last, and whether none is left.
	Pairs func(ctx context.Context, q db.Q) (func(at place.Place, themes []string, widened int) (authorities, associations [][]string, coordination bool), error)
	// Invite writes the invitation that follows from a decision.
	Invite func(ctx context.Context, tx *db.Tx, by people.Actor, who Invited) error
}

// Feature is the feature.
type Feature struct {
	*feature.House
	asks Asks
}

// New puts it together.
func New(h *feature.House, asks Asks) feature.Feature {
	f := &Feature{h, asks}
	return feature.Feature{Name: "claim", Schema: schema, Points: points, Phrases: phrases, Pages: f.pages, API: f.api, Work: f.work, Demo: f.demo, Erase: forget, ToDo: f.toDo, Onward: f.onward}
}

// points are where entries of others stand in the tables of this feature.
var points = []entry.Point{{Table: "claim", Column: "organisation", Key: []string{"id"}}}

// speaks are those who may have a say: the coordination, and whoever acts for an
// organisation; which one is asked with the claim.
var speaks = access.Role(people.Coordinator).Or(access.Mandated(people.Speak)).Or(access.Mandated(people.Edit))

func (f *Feature) pages(r *web.Router) {
	r.Get("/organisations/{id}/claim", access.Everyone, f.form)
	r.Post("/organisations/{id}/claim", access.Everyone, f.send)
	r.Get("/organisations/{id}/claim/sent", access.Everyone, f.sent)
	r.Get("/claimed/{secret}", access.Everyone, f.mine)
	r.Post("/claimed/{secret}", access.Everyone, f.confirm)
	r.Post("/claimed/{secret}/take-back", access.Everyone, f.takeBack)
	r.Get("/claims", speaks, f.queue)
	r.Get("/claims/{id}", speaks, f.look)
	r.Post("/claims/{id}", speaks, f.decide)
	r.Get("/claims/{id}/document", speaks, f.document)
}

const jobTurns = "claim.turns"

func (f *Feature) work(r *job.Runner) { r.Every(jobTurns, hour, f.turns) }

// toDo gives what waits for the actor's word.
func (f *Feature) toDo(ctx context.Context, q db.Q, a people.Actor) ([]feature.Task, error) {
	if !speaks.Allow(a) {
		return nil, nil
	}
	list, err := f.forActor(ctx, q, a)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	e, err := entry.Get(ctx, q, list[0].Organisation)
	return []feature.Task{{Kind: locale.Phrase{Key: "claim.task", English: "Who acts for it?"}, Title: e.Title().Original(), Lang: e.Title().Orig, Path: "/claims", Until: list[0].Until}}, err
}

// onward asks on the page of an organisation that nobody speaks for whether it
// is the reader's.
func (f *Feature) onward(ctx context.Context, q db.Q, v design.View, a people.Actor, of string) ([]design.Onward, error) {
	heads, err := entry.Heads(ctx, q, []string{of})
	if e := heads[of]; err != nil || e.Kind != "organisation" || e.State != entry.Published || e.Audience != entry.Public {
		return nil, err
	}
	spoken, err := spokenFor(ctx, q, of, a.At)
	if err != nil || spoken {
		return nil, err
	}
	return []design.Onward{{Link: design.Link{Href: v.Href("/organisations/" + of + "/claim"), Label: v.T("claim.onward", "Is this your organisation?"), Icon: "user"}}}, nil
}

// spokenFor tells whether somebody acts for an organisation now.
func spokenFor(ctx context.Context, q db.Q, organisation string, at db.Instant) (bool, error) {
	list, err := people.MandatesFor(ctx, q, organisation)
	for _, m := range list {
		if m.Holds(at) {
			return true, err
		}
	}
	return false, err
}
