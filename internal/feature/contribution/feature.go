package contribution

import (
	"context"
	"embed"

	"alliance/internal/feature"
	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/job"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
	"alliance/internal/platform/web"
)

//go:embed phrases
var phrases embed.FS

// Feature is the feature.
type Feature struct{ *feature.House }

// New puts it together.
// The second value is for those who ask it something.
func New(h *feature.House) (feature.Feature, *Feature) {
	f := &Feature{h}
	return feature.Feature{Name: "contribution", Schema: schema, Points: points, Phrases: phrases, Pages: f.pages, API: f.api, Work: f.work, Demo: f.demo, Erase: forget, ToDo: f.toDo, Onward: f.onward}, f
}

var (
	steers  = access.Role(people.Coordinator)
	decides = steers.Or(access.Mandated(people.Edit))
)

func (f *Feature) pages(r *web.Router) {
	r.Get("/propose", access.Everyone, f.kindsPage)
	r.Get("/propose/{kind}", access.Everyone, f.proposeForm)
	r.Post("/propose/{kind}", access.Everyone, f.propose)
	r.Get("/propose/{kind}/sent", access.Everyone, f.sent)
	r.Get("/proposed/{secret}", access.Everyone, f.mine)
	r.Post("/proposed/{secret}", access.Everyone, f.confirm)
	r.Get("/proposed/{secret}/edit", access.Everyone, f.editForm)
	r.Post("/proposed/{secret}/edit", access.Everyone, f.edit)
	r.Get("/proposed/{secret}/take-back", access.Everyone, f.takeBackForm)
	r.Post("/proposed/{secret}/take-back", access.Everyone, f.takeBack)
	r.Get("/change/{id}", access.Everyone, f.changeForm)
	r.Post("/change/{id}", access.Everyone, f.askChange)
	r.Get("/change/{id}/sent", access.Everyone, f.changeSent)
	r.Get("/validate", decides, f.queue)
	r.Get("/validate/{id}", decides, f.look)
	r.Post("/validate/{id}", decides, f.decide)
	r.Get("/validators", steers, f.validators)
	r.Post("/validators", steers, f.appoint)
	r.Post("/validators/{id}/end", steers, f.dismiss)
	r.Get("/report/{id}", access.Everyone, f.reportForm)
	r.Post("/report/{id}", access.Everyone, f.report)
	r.Get("/report/{id}/sent", access.Everyone, f.reportSent)
	r.Get("/reports", decides, f.reportsPage)
	r.Post("/reports/{id}", decides, f.settle)
	r.Get("/policy", access.Everyone, f.policy)
	r.Get("/policy/edit", steers, f.policyForm)
	r.Post("/policy/edit", steers, f.writePolicy)
	r.Get("/moderation", access.Everyone, f.log)
	r.Get("/moderation.atom", access.Everyone, f.feed)
}

// Names of work.
const jobTurns = "contribution.turns" // pairs whose time is over, links that end

func (f *Feature) work(r *job.Runner) {
	r.Every(jobTurns, turnsEvery, f.turns)
}

// kind is a kind of record that one may propose.
type kind struct {
	feature.Kind
	Records *record.Kind // with its own pages or not: its questions, and how they are read
}

// kind gives one by its name. Stories are told from an account: whoever told
// one must be able to take it back, at any time. What only some may say, such
// as a membership, is theirs to write.
func (f *Feature) kind(name string) (kind, error) {
	k, known := f.Kinds[name]
	switch {
	case !known || k.Spec == nil:
		return kind{}, fault.Missing()
	case k.Records != nil && k.Records.Belongs == nil && k.Records.Settle == nil:
		return kind{k, k.Records}, nil
	case k.Records == nil && k.Keep != nil:
		return f.bare(k), nil
	}
	return kind{}, fault.Missing()
}

// bare is a kind with pages of its own: here it has its questions and its words.
func (f *Feature) bare(k feature.Kind) kind {
	return kind{k, &record.Kind{Spec: k.Spec, DB: f.DB, Path: k.List, Icon: k.Icon, Words: record.Words{One: k.One, Many: k.Many}}}
}

// keep makes an entry of a record, or a new version of one.
func (k kind) keep(ctx context.Context, tx *db.Tx, a people.Actor, r record.Record) (record.Record, error) {
	if k.Keep != nil {
		return k.Keep(ctx, tx, a, r)
	}
	write := k.Records.Change
	if r.ID == "" {
		write = k.Records.Add
	}
	r, err := write(ctx, tx, a, r)
	if err == nil && k.Records.Saved != nil {
		err = k.Records.Saved(ctx, tx, a, r)
	}
	return r, err
}

// toDo gives the oldest that waits for the actor's word.
func (f *Feature) toDo(ctx context.Context, q db.Q, a people.Actor) ([]feature.Task, error) {
	if !decides.Allow(a) {
		return nil, nil
	}
	list, err := f.forActor(ctx, q, a)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	c := list[0]
	return []feature.Task{{Kind: locale.Phrase{Key: "contribution.task", English: "Proposals to look at"}, Title: c.Typed.One("title"), Lang: c.Typed.One(record.InLang), Path: "/validate", Until: c.Due}}, nil
}
