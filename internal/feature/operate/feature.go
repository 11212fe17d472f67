// Package operate is the desk of who runs the server: how the house is, what
// was given up, what it holds, and what to do.
//
// The one idea: the desk shows no content. Whoever keeps the machine running
// need not read what people wrote on it.
package operate

import (
	"context"
	"embed"
	"time"

	"alliance/internal/feature"
	"alliance/internal/platform/access"
	"alliance/internal/platform/health"
	"alliance/internal/platform/job"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

//go:embed phrases
var phrases embed.FS

//go:embed schema
var schema embed.FS

// Asks are what this feature asks of others.
type Asks struct {
	// Health is the house as probes see it.
	Health func() health.House
}

// Feature is the feature.
type Feature struct {
	*feature.House
	asks Asks
}

// New puts it together.
func New(h *feature.House, asks Asks) feature.Feature {
	f := &Feature{h, asks}
	return feature.Feature{Name: "operate", Schema: schema, Phrases: phrases, Pages: f.pages, API: f.api, Work: f.work, ToDo: f.toDo}
}

var operator = access.Role(people.Operator)

func (f *Feature) pages(r *web.Router) {
	r.Get("/operate", operator, f.desk)
	r.Get("/operate/check", operator, f.check)
	r.Post("/operate/jobs", operator, f.settle)
	r.Post("/operate/backup", operator, f.backup)
	r.Post("/operate/rehearse", operator, f.rehearse)
	r.Post("/operate/rehearsals", operator, f.bring)
}

// Names of work.
const (
	jobWatch    = "operate.watch"
	jobBackup   = "backup" // see app: taken regularly, and when somebody asks
	jobRehearse = "backup.rehearse.now"
)

// often is how often the house is looked at while nobody does.
const often = 15 * time.Minute

func (f *Feature) work(r *job.Runner) { r.Every(jobWatch, often, f.watch) }

// troubles gives what is wrong now.
func (f *Feature) troubles(ctx context.Context) (list []health.Finding) {
	for _, x := range f.asks.Health().Quick(ctx) {
		if x.State == health.Wrong {
			list = append(list, x)
		}
	}
	return list
}
