// Package library keeps what members know and share beside practices: places
// that help, kits, trainings and who gives them, stories told from experience.
//
// The one idea: each is a record of its own kind (package record), one file
// each; the page "Library" opens the ways in and searches over all of them,
// so that "right to health training, Portuguese" finds people, kits and dates.
package library

import (
	"context"
	"embed"

	"alliance/internal/feature"
	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
	"alliance/internal/platform/web"
)

//go:embed phrases
var phrases embed.FS

//go:embed schema
var schema embed.FS

// Kinds of entries this feature owns.
const (
	Initiative = "initiative"
	Resource   = "resource"
	Training   = "training"
	Trainer    = "trainer"
	Story      = "story"
)

// Asks are what the library wants to know of other features; nil tells nothing.
type Asks struct {
	// Next gives the next event of some organisations; its identifier is empty when there is none.
	Next func(ctx context.Context, q db.Q, a people.Actor, now db.Instant, organisations []string) (entry.Entry, db.Instant, error)
}

// Library is the feature.
type Library struct {
	*feature.House
	asks    Asks
	kinds   []*record.Kind // in the order of the page
	stories *record.Kind
	counts  db.Memo[map[string]int]
}

// New puts it together.
func New(h *feature.House, asks Asks) feature.Feature {
	l := &Library{House: h, asks: asks}
	add := func(s *record.Spec, path, icon string, w record.Words) *record.Kind {
		k := &record.Kind{Spec: s, DB: h.DB, Path: path, Icon: icon, Words: w}
		l.kinds = append(l.kinds, k)
		return k
	}
	initiatives := add(&initiative, "/initiatives", "hand", initiativeWords)
	initiatives.More, initiatives.Complete = l.initiativeMore, unconditional
	resources := add(&resource, "/resources", "book-open", resourceWords)
	resources.More = l.usedBy("kits", "documents")
	trainings := add(&training, "/trainings", "calendar-days", trainingWords)
	trainings.More = l.usedBy("gives", "documents")
	trainers := add(&trainer, "/trainers", "users", trainerWords)
	trainers.More = l.usedBy("trainers")
	l.stories = add(&story, "/stories", "quote", storyWords)
	l.stories.Complete, l.stories.Belongs, l.stories.Saved, l.stories.More = consented, l.told, l.remember, l.consentPart
	f := feature.Feature{Name: "library", Schema: schema, Phrases: phrases, Pages: l.pages, API: l.api, Demo: l.demo, Erase: l.erase,
		Menu: []web.Menu{{Path: "/library", Label: locale.Phrase{Key: "library.title", English: "Library"}, Show: access.Everyone}}}
	for _, k := range l.kinds {
		f.Kinds = append(f.Kinds, feature.Record(k))
	}
	return f
}

func (l *Library) pages(r *web.Router) {
	r.Get("/library", access.Everyone, l.front)
	for _, k := range l.kinds {
		k.Pages(r)
	}
	r.Get("/stories/{id}/consent", access.SignedIn, l.revokeForm)
	r.Post("/stories/{id}/consent", access.SignedIn, l.revoke)
}

func (l *Library) api(a *web.API) {
	for _, k := range l.kinds {
		k.API(a)
	}
	l.revokeAPI(a)
	l.searchAPI(a)
}

// erase ends the consent of whoever told a story and leaves: nobody could take
// it back any more.
func (l *Library) erase(ctx context.Context, tx *db.Tx, person string) error {
	ids, err := storiesOf(ctx, tx, person)
	for _, id := range ids {
		if err == nil {
			err = l.forget(ctx, tx, id)
		}
	}
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `DELETE FROM story_teller WHERE person = $1`, person)
	return err
}
