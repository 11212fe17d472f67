package handover

import (
	"context"
	"embed"
	"time"

	"alliance/internal/feature"
	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/job"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
	"alliance/internal/platform/web"
)

//go:embed phrases
var phrases embed.FS

//go:embed schema
var schema embed.FS

// Vote is a membership whose vote for a charter counts until a day.
type Vote struct {
	entry.Entry
	Member, Last string
	Elected      bool // after an election: those elected can confirm it
}

// Asks are what this feature asks of others.
type Asks struct {
	// Votes that count today and not for ever, of an organisation or of all ("").
	Votes func(ctx context.Context, q db.Q, a people.Actor, organisation string) ([]Vote, error)
	// ConfirmVote notes that those elected confirmed a vote on a day.
	ConfirmVote func(ctx context.Context, tx *db.Tx, a people.Actor, membership, day string) error
	// Elected notes an election with every vote of an organisation.
	Elected func(ctx context.Context, tx *db.Tx, organisation, day string) error
	// Contacts of an organisation that are in use.
	Contacts func(ctx context.Context, q db.Q, organisation string) ([]record.Record, error)
	// TakeContact puts a successor in the place of who stood in a contact.
	TakeContact func(ctx context.Context, tx *db.Tx, a people.Actor, id string, old, successor people.Person) error
	// Actions an organisation carries that are under way.
	Actions func(ctx context.Context, q db.Q, organisation string) ([]string, error)
	// Follow lets somebody hear how an entry goes on.
	Follow func(ctx context.Context, tx *db.Tx, a people.Actor, entry string) error
	// Shares of checking rounds and Work of lists go from one person of an
	// organisation to another; they say how many went.
	Shares, Work func(ctx context.Context, tx *db.Tx, organisation, from, to string) (int64, error)
	// MayRenew and MayHandOver are the rules for mandates.
	MayRenew, MayHandOver func(a people.Actor, m people.Mandate) bool
}

// Feature is the feature.
type Feature struct {
	*feature.House
	asks Asks
}

// New puts it together. The second value is for those who ask it something.
func New(h *feature.House, asks Asks) (feature.Feature, *Feature) {
	f := &Feature{h, asks}
	return feature.Feature{Name: "handover", Schema: schema, Points: points, Phrases: phrases, Pages: f.pages, API: f.api, Work: f.work, Demo: f.demo, Erase: forget, ToDo: f.toDo}, f
}

var keeps = access.Role(people.Coordinator).Or(access.Mandated(people.Edit))

func (f *Feature) pages(r *web.Router) {
	r.Get("/endings", access.SignedIn, f.list)
	r.Post("/endings/mails", access.SignedIn, f.mails)
	r.Get("/endings/quiet/{token}", access.Everyone, f.quietForm)
	r.Post("/endings/quiet/{token}", access.Everyone, f.quietNow)
	r.Get("/endings/records/{id}/renew", access.SignedIn, f.renewForm)
	r.Post("/endings/records/{id}/renew", access.SignedIn, f.renew)
	r.Get("/endings/votes/{id}/confirm", access.SignedIn, f.confirmForm)
	r.Post("/endings/votes/{id}/confirm", access.SignedIn, f.confirm)
	r.Get("/handovers/{id}", access.SignedIn, f.show)
	r.Post("/handovers/{id}/things", access.SignedIn, f.settle)
	r.Get("/elections", keeps, f.elections)
	r.Post("/elections", keeps, f.addElection)
	r.Post("/elections/{id}/drop", keeps, f.dropElection)
	r.Get("/elections/{id}/{organisation}", access.SignedIn, f.askedPage)
	r.Post("/elections/{id}/{organisation}", access.SignedIn, f.still)
}

// Names of work.
const (
	jobEndings   = "handover.endings"   // mails ahead of what ends
	jobElections = "handover.elections" // elections that are over
)

func (f *Feature) work(r *job.Runner) {
	r.Every(jobEndings, 12*time.Hour, f.reminders)
	r.Every(jobElections, 12*time.Hour, f.askAll)
}
