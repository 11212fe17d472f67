package event

import (
	"embed"

	"alliance/internal/feature"
	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/register"
	"alliance/internal/platform/web"
)

//go:embed phrases
var phrases embed.FS

//go:embed schema
var schema embed.FS

// What no page kept for visitors shows: visits to other calendars, files on their way in.
var _ = db.Unseen("event_run", "event_upload")

// Feature is the calendar.
type Feature struct {
	*feature.House
	guests  registrar
	tallies db.Memo[tallied]
}

// New puts it together.
func New(h *feature.House) feature.Feature {
	f := &Feature{House: h}
	asked := spec
	asked.Narrow = f.narrow
	kinds := []feature.Kind{kind}
	kinds[0].Spec, kinds[0].Read, kinds[0].Mine, kinds[0].Parts = &asked, f.records, held, f.parts()
	return feature.Feature{
		Name: "event", Schema: schema, Points: points, Phrases: phrases, Kinds: kinds, Pages: f.pages, API: f.api, Work: f.work, Demo: f.demo, Erase: erase, ToDo: f.toDo,
		Menu: []web.Menu{{Path: "/calendar", Label: locale.Phrase{Key: "event.menu", English: "Calendar"}, Show: access.Everyone}},
	}
}

var kind = feature.Kind{
	List: "/calendar",
	Name: Kind, One: locale.Phrase{Key: "event.kind.one", English: "Event"}, Many: locale.Phrase{Key: "event.kind.many", English: "Events"},
	Icon: "calendar-days", Path: func(id string) string { return "/calendar/" + id },
	Kept: &register.Kind{Name: Kind, Beside: []register.Beside{{Group: register.ByLanguage, Value: "s.languages || s.interpreted", From: "event s", Words: true}},
		Until: &register.Beside{Value: "max(s.ends)", From: "event_date s", Entry: "s.event"}},
	Fields: []feature.Field{
		{Name: entry.Title, Label: locale.Phrase{Key: "event.field.title", English: "What"}},
		{Name: entry.Summary, Label: locale.Phrase{Key: "event.field.summary", English: "In a few words"}},
		{Name: Body, Label: locale.Phrase{Key: "event.field.body", English: "More about it"}, Long: true},
		{Name: Reason, Label: locale.Phrase{Key: "event.field.reason", English: "Why it is cancelled"}},
	},
}

func (f *Feature) pages(r *web.Router) {
	f.guests = registrar{key: f.Key, words: func(tag string) printer { return f.Catalog.For(tag) }, base: f.Origin}
	steers := access.Role(people.Coordinator)
	speaks := access.Mandated(people.Speak)
	edits := steers.Or(access.Mandated(people.Edit))
	r.Get("/calendar", access.Everyone, f.list)
	r.Get("/calendar.ics", access.Everyone, f.feed)
	r.Get("/calendar/month", access.Everyone, f.month)
	r.Get("/calendar/past", access.Everyone, f.past)
	r.Get("/calendar/going", access.Everyone, f.goingPage)
	r.Get("/calendar/new", access.SignedIn, f.newForm)
	r.Post("/calendar/new", access.SignedIn, f.create)
	r.Get("/calendar/sources", steers, f.sources)
	r.Post("/calendar/sources", steers, f.addSource)
	r.Get("/calendar/sources/of/{id}", steers, f.source)
	r.Post("/calendar/sources/of/{id}/read", steers, f.readNow)
	r.Post("/calendar/sources/of/{id}/stop", steers, f.stopSource)
	r.Get("/calendar/import", edits, f.uploadForm)
	r.Post("/calendar/import", edits, f.upload)
	r.Get("/calendar/import/of/{id}", edits, f.uploadShow)
	r.Post("/calendar/import/of/{id}", edits, f.uploadApply)
	r.Get("/calendar/{id}", access.Everyone, f.show)
	r.Get("/calendar/{id}/file.ics", access.Everyone, f.oneFile)
	r.Get("/calendar/{id}/keep", access.Everyone, f.keepPage)
	r.Get("/calendar/{id}/edit", access.SignedIn, f.editForm)
	r.Post("/calendar/{id}/edit", access.SignedIn, f.edit)
	r.Get("/calendar/{id}/cancel", edits, f.cancelForm)
	r.Post("/calendar/{id}/cancel", edits, f.cancel)
	r.Post("/calendar/{id}/resume", edits, f.resume)
	r.Get("/calendar/{id}/dates", edits, f.datesForm)
	r.Post("/calendar/{id}/dates", edits, f.moveDate)
	r.Post("/calendar/{id}/publish", edits, f.publish)
	r.Post("/calendar/{id}/withdraw", access.SignedIn, f.withdraw)
	r.Post("/calendar/{id}/organise", access.Mandated(people.Edit), f.coOrganise)
	r.Post("/calendar/{id}/going", speaks, f.going)
	r.Get("/calendar/{id}/register", access.Everyone, f.registerForm)
	r.Post("/calendar/{id}/register", access.Everyone, f.register)
	r.Post("/calendar/{id}/leave", access.SignedIn, f.leave)
	r.Get("/calendar/{id}/registered", access.Everyone, f.registered)
	r.Get("/calendar/{id}/guests", edits, f.guestList)
	r.Post("/calendar/{id}/guests", edits, f.dropGuest)
	r.Get("/registrations/{secret}", access.Everyone, f.registration)
	r.Post("/registrations/{secret}", access.Everyone, f.answerRegistration)
}
