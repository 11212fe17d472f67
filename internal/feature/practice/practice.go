// Package practice keeps ways of doing that others can repeat: what was done,
// by whom, under which competence, with what result, and whether it lasted.
//
// The one idea: a practice is a record (package record) and a node of the
// lineage. Who does the same says so, in a practice of their own or in a short
// repetition with its result; both become a derivation "repeats", so the line
// from the first city to all its copies is drawn and walked like any other.
package practice

import (
	"context"
	"embed"

	"github.com/a-h/templ"

	"alliance/internal/feature"
	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
	"alliance/internal/platform/web"
)

//go:embed phrases
var phrases embed.FS

// Kinds this feature owns.
const (
	Kind       = "practice"
	Repetition = "replication"
	Adoption   = "specification"
)

// Asks are what practices want to know of other features.
type Asks struct {
	// Drawn gives the lineage of an entry as it stands on a page; nil when it has none.
	Drawn func(ctx context.Context, q db.Q, a people.Actor, v design.View, entry string) (templ.Component, error)
}

// Practices is the feature.
type Practices struct {
	*feature.House
	asks        Asks
	practices   *record.Kind
	repetitions *record.Kind
	adoptions   *record.Kind
}

// New puts it together.
func New(h *feature.House, asks Asks) feature.Feature {
	p := &Practices{House: h, asks: asks}
	p.practices = &record.Kind{Spec: &spec, DB: h.DB, Path: "/practices", Icon: "sprout", CSS: []string{"lineage.css"}, Words: words, Saved: p.saved, More: p.more, Above: p.above}
	p.repetitions = &record.Kind{Spec: &repetition, DB: h.DB, Path: "/repetitions", Icon: "refresh-cw", Words: repetitionWords, Saved: p.saved}
	p.adoptions = &record.Kind{Spec: &adoption, DB: h.DB, Path: "/specifications", Icon: "scale", Words: adoptionWords, Adds: access.Role(people.Coordinator), Settle: p.settleAdoption, Saved: p.savedAdoption}
	p.practices.Adopted = p.adoptedBy
	return feature.Feature{
		Name: "practice", Phrases: phrases, Kinds: []feature.Kind{feature.Record(p.practices), feature.Record(p.repetitions), feature.Record(p.adoptions)},
		Pages: p.pages, API: p.api, Demo: p.demo,
	}
}

func (p *Practices) pages(r *web.Router) {
	p.practices.Pages(r)
	p.repetitions.Pages(r)
	p.adoptions.Pages(r)
	r.Get("/practices/towns", access.Everyone, p.byTown)
	r.Get("/practices/competences", access.Everyone, p.byCompetence)
	r.Get("/practices/stages", access.Everyone, p.byStage)
}

func (p *Practices) api(a *web.API) {
	p.practices.API(a)
	p.repetitions.API(a)
	p.adoptions.API(a)
	p.repeatsAPI(a)
}
