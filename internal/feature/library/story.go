package library

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
	"alliance/internal/platform/web"
)

const (
	consentName = "consent"
	consentDay  = "consented"
)

// story is told by somebody whom nothing here names. It is shown as long as
// its consent holds.
var story = record.Spec{
	Kind: Story, Version: 1, Place: true, Themes: true, Licences: licences,
	Title:   record.Question{Name: entry.Title, Label: locale.Phrase{Key: "library.story.title", English: "Title"}, Hint: locale.Phrase{Key: "library.story.title.hint", English: "Name nobody who could be harmed."}, Type: record.Line, Required: true, Schema: "name"},
	Summary: record.Question{Name: entry.Summary, Label: locale.Phrase{Key: "library.summary", English: "In one or two lines"}, Type: record.Prose, Max: 500, Schema: "description"},
	Sections: []record.Section{
		{Title: locale.Phrase{Key: "library.story.one", English: "Story"}, First: true, Questions: []record.Question{
			{Name: "text", Label: locale.Phrase{Key: "library.story.text", English: "The story"}, Hint: locale.Phrase{Key: "library.story.text.hint", English: "You are never named. Leave out what could tell who you are, and the places where you sleep."}, Type: record.Prose, Max: 16000, Required: true, Schema: "text"},
			{Name: "right", Label: locale.Phrase{Key: "library.story.about", English: "About"}, Type: record.Choices, Options: rights, Facet: true, Schema: "about"},
			{Name: "when", Label: locale.Phrase{Key: "library.r.year", English: "Published"}, Type: record.Day},
			{Name: consentName, Label: locale.Phrase{Key: "library.story.consent", English: "Consent"}, Hint: locale.Phrase{Key: "library.story.consent.hint", English: "I lived this, or whoever lived it asked me to write it. I agree that it is shown here. I can take this back at any time."}, Type: record.Choices, Required: true,
				Options: []record.Option{{Value: "yes", Label: locale.Phrase{Key: "library.story.consent.label", English: "I agree"}}}},
			{Name: consentDay, Label: locale.Phrase{Key: "library.story.consented", English: "Agreed on"}, Type: record.Day, Kept: true},
		}},
	},
}

// consented keeps the day on which the consent was given. Whoever unticks it
// takes a story that is shown back.
func consented(now db.Instant, r *record.Record) {
	switch {
	case len(r.Answers[consentName]) == 0:
		delete(r.Answers, consentDay)
	case r.Answers.One(consentDay) == "":
		r.Answers[consentDay] = []string{now.Time().UTC().Format("2006-01-02")}
	}
}

// told tells whose story it is. Only this table knows; entry, history and
// journal do not.
func (l *Library) told(ctx context.Context, q db.Q, a people.Actor, r record.Record) (bool, error) {
	n, err := db.One(ctx, q, db.Value[int], `SELECT count(*) FROM story_teller WHERE entry = $1 AND person = $2`, r.ID, a.Person)
	return n > 0, err
}

// remember keeps who told a new story.
func (l *Library) remember(ctx context.Context, tx *db.Tx, a people.Actor, r record.Record) error {
	if r.Revision > 1 || a.Person == "" {
		return nil
	}
	_, err := tx.Exec(ctx, `INSERT INTO story_teller (entry, person) VALUES ($1,$2) ON CONFLICT DO NOTHING`, r.ID, a.Person)
	return err
}

func storiesOf(ctx context.Context, q db.Q, person string) ([]string, error) {
	return db.All(ctx, q, db.Value[string], `SELECT entry FROM story_teller WHERE person = $1 ORDER BY entry`, person)
}

// mayRevoke: who told it, and whoever may edit it, at any time.
func (l *Library) mayRevoke(a people.Actor, r record.Record) bool {
	return a.SignedIn() && r.Mine || l.stories.MayEdit(a, r)
}

// Revoke takes the consent back: the story is withdrawn at once, and with
// erase its words go from every version.
func (l *Library) Revoke(ctx context.Context, tx *db.Tx, a people.Actor, id string, erase bool) error {
	r, err := l.stories.See(ctx, tx, a, id)
	if err != nil {
		return err
	}
	if !l.mayRevoke(a, r) {
		return access.Denied()
	}
	if r.Mine {
		a.Person = ""
	}
	delete(r.Answers, consentName)
	delete(r.Answers, consentDay)
	r.State = entry.Withdrawn
	if r.Title().Empty() { // its words are gone already
		return nil
	}
	withdrawn := story
	withdrawn.Sections = nil // nothing is required of what is taken back
	if _, err := withdrawn.Change(ctx, tx, a, r); err != nil {
		return err
	}
	if erase {
		return entry.Forget(ctx, tx, a, id)
	}
	return nil
}

// forget is Revoke with erasing, by the house itself.
func (l *Library) forget(ctx context.Context, tx *db.Tx, id string) error {
	if _, err := entry.SetState(ctx, tx, people.Actor{}, id, entry.Withdrawn); err != nil {
		return err
	}
	if err := record.PutAnswers(ctx, tx, id, nil); err != nil {
		return err
	}
	return entry.Forget(ctx, tx, people.Actor{}, id)
}

// consentPart is the way to take a story back, on its page.
func (l *Library) consentPart(c *web.Ctx, r record.Record) (templ.Component, error) {
	if !l.mayRevoke(c.Actor, r) || r.State == entry.Withdrawn {
		return nil, nil
	}
	return revokeLink(c.View, r.ID), nil
}

func (l *Library) revokeForm(c *web.Ctx) error {
	r, err := l.stories.See(c.Context(), l.DB, c.Actor, c.Path("id"))
	if err != nil {
		return err
	}
	if !l.mayRevoke(c.Actor, r) {
		return access.Denied()
	}
	return c.Page(revokePage(c.View, r))
}

func (l *Library) revoke(c *web.Ctx) error {
	v := c.View
	return c.Write(v.T("library.story.revoked", "The story is taken back."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/stories", l.Revoke(ctx, tx, c.Actor, c.Path("id"), c.Checked("erase"))
	})
}

type storyRevokeInput struct {
	ID   string `path:"id"`
	Body struct {
		Erase bool `json:"erase,omitempty" doc:"Erase its words from every version, too"`
	}
}

func (l *Library) revokeAPI(a *web.API) {
	web.Handle(a, web.Op{ID: "revoke-story", Method: http.MethodPost, Path: "/stories/{id}/consent", Tag: "stories", Policy: access.SignedIn, Status: http.StatusNoContent,
		Summary: "Takes the consent to a story back: it is withdrawn at once."}, func(c *web.Call, in *storyRevokeInput) (*struct{}, error) {
		_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
			return in.ID, l.Revoke(ctx, tx, c.Actor, in.ID, in.Body.Erase)
		})
		return nil, err
	})
}
