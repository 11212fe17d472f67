package freshness

import (
	"context"
	"embed"
	"time"

	"alliance/internal/feature"
	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/job"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
	"alliance/internal/platform/web"
)

//go:embed phrases
var phrases embed.FS

// Asks are what this feature asks of others.
type Asks struct {
	// Report passes on what changed to those who keep an entry; nil = nobody.
	Report func(ctx context.Context, tx *db.Tx, a people.Actor, entry, words, lang string) error
}

// Feature is the feature.
type Feature struct {
	*feature.House
	asks Asks
}

// New puts it together.
func New(h *feature.House, asks Asks) feature.Feature {
	f := &Feature{h, asks}
	return feature.Feature{Name: "freshness", Schema: schema, Points: points, Phrases: phrases, Pages: f.pages, API: f.api, Work: f.work, Demo: f.demo, Erase: forget, Onward: f.onward}
}

var (
	steers     = access.Role(people.Coordinator)
	volunteers = steers.Or(access.Mandated(people.Speak)).Or(access.Mandated(people.Edit))
)

func (f *Feature) pages(r *web.Router) {
	r.Get("/checks", access.Everyone, f.list)
	r.Get("/checks/new", steers, f.newForm)
	r.Post("/checks/new", steers, f.begin)
	r.Get("/checks/{id}", access.Everyone, f.show)
	r.Post("/checks/{id}/take", volunteers, f.take)
	r.Post("/checks/{id}/links", steers, f.sendLinks)
	r.Post("/checks/{id}/end", steers, f.end)
	r.Get("/check-shares/{id}", access.SignedIn, f.share)
	r.Post("/check-shares/{id}", access.SignedIn, f.enter)
	r.Get("/check-shares/{id}/sheet", access.SignedIn, f.sheet)
	r.Get("/unchanged/{secret}", access.Everyone, f.link)
	r.Post("/unchanged/{secret}", access.Everyone, f.unchanged)
	r.Get("/closures/{id}", access.SignedIn, f.closureForm)
	r.Post("/closures/{id}", access.SignedIn, f.closure)
}

// Names of work.
const (
	jobEndings   = "freshness.endings"   // rounds whose last day is over
	jobReminders = "freshness.reminders" // closures that end soon
)

func (f *Feature) work(r *job.Runner) {
	r.Every(jobEndings, time.Hour, f.endings)
	r.Every(jobReminders, 12*time.Hour, f.reminders)
}

// onward leads those who keep a record with opening hours to closing it for
// some days.
func (f *Feature) onward(ctx context.Context, q db.Q, v design.View, a people.Actor, of string) ([]design.Onward, error) {
	if !a.SignedIn() {
		return nil, nil
	}
	heads, err := entry.Heads(ctx, q, []string{of})
	if err != nil {
		return nil, err
	}
	k, known := f.Kinds[heads[of].Kind]
	if !known || k.Records == nil || hoursOf(k.Spec) == "" {
		return nil, nil
	}
	r, err := k.Records.See(ctx, q, a, of)
	if err != nil || !k.Records.MayEdit(a, r) {
		return nil, nil // no way on for who may not
	}
	return []design.Onward{{Link: design.Link{Href: v.Href("/closures/" + of), Label: v.T("freshness.close.link", "Close it for some days"), Icon: "clock"}}}, nil
}

// hoursOf is the question of a kind that asks for opening hours, "" for none.
func hoursOf(s *record.Spec) string {
	for _, q := range s.Questions() {
		if q.Type == record.Opening {
			return q.Name
		}
	}
	return ""
}
