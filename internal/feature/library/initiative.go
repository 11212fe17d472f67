package library

import (
	"slices"
	"time"

	"github.com/a-h/templ"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/record"
	"alliance/internal/platform/web"
)

// initiative is lighter than a practice: what it offers, when, on which conditions.
var initiative = record.Spec{
	Kind: Initiative, Version: 1, Place: true, Street: true, Themes: true, Class: "category", Schema: "Service", Partners: []string{"partners"}, Documents: true,
	Title:   record.Question{Name: entry.Title, Label: locale.Phrase{Key: "library.i.title", English: "Name"}, Type: record.Line, Required: true, Schema: "name"},
	Summary: record.Question{Name: entry.Summary, Label: locale.Phrase{Key: "library.summary", English: "In one or two lines"}, Type: record.Prose, Max: 500, Required: true, Schema: "description"},
	Sections: []record.Section{
		{Title: locale.Phrase{Key: "library.s.what", English: "What it is"}, First: true, Questions: []record.Question{
			{Name: "category", Label: locale.Phrase{Key: "library.i.category", English: "What it offers"}, Type: record.Choices, Options: categories, Facet: true, Required: true, Schema: "serviceType"},
			{Name: "does", Label: locale.Phrase{Key: "library.i.does", English: "What it does"}, Type: record.Prose},
			{Name: "access", Label: locale.Phrase{Key: "library.i.access", English: "Conditions"}, Type: record.Choices, Facet: true, Options: []record.Option{
				{Value: "free", Label: locale.Phrase{Key: "library.access.free", English: "None: anybody may come"}}, {Value: "appointment", Label: locale.Phrase{Key: "library.access.appointment", English: "By appointment"}}, {Value: "price", Label: locale.Phrase{Key: "library.access.price", English: "There is a price"}}, {Value: "public", Label: locale.Phrase{Key: "library.access.public", English: "For some people only"}}}},
			{Name: "price", Label: locale.Phrase{Key: "library.i.price", English: "Price"}, Type: record.Line},
			{Name: "public", Label: locale.Phrase{Key: "library.i.public", English: "For whom"}, Type: record.Line, Schema: "audience"},
			askLanguages,
		}},
		{Title: locale.Phrase{Key: "library.s.where", English: "Where and when"}, Questions: []record.Question{
			{Name: record.Address, Label: locale.Phrase{Key: "library.i.address", English: "Street and number"}, Hint: locale.Phrase{Key: "library.i.address.hint", English: "Everybody sees it. Leave it empty where people could be in danger."}, Type: record.Word, Schema: "areaServed.address.streetAddress"},
			{Name: hoursName, Label: locale.Phrase{Key: "library.i.hours", English: "Opening hours"}, Type: record.Opening, Schema: "hoursAvailable"},
			{Name: zoneName, Label: locale.Phrase{Key: "library.i.zone", English: "Time zone"}, Hint: locale.Phrase{Key: "library.i.zone.hint", English: "Only where the town does not say it: Europe/Paris."}, Type: record.Zone},
		}},
		{Title: locale.Phrase{Key: "library.s.agenda", English: "The common agenda"}, Questions: []record.Question{
			{Name: "agenda", Label: locale.Phrase{Key: "library.i.agenda", English: "What it serves on the agenda"}, Hint: locale.Phrase{Key: "library.i.agenda.hint", English: "An item that was adopted, or a joint action, one a line."}, Type: record.Entries, Kinds: []string{"item", "action"}},
		}},
		{Title: locale.Phrase{Key: "library.s.reach", English: "Contact"}, Questions: []record.Question{askContact, askLink, askPartners}},
	},
}

const (
	hoursName = "hours"
	zoneName  = "zone"
)

// categories are those of Sursaut Citoyen.
var categories = []record.Option{
	{Value: "welcome", Label: locale.Phrase{Key: "library.c.welcome", English: "Welcome"}}, {Value: "legal", Label: locale.Phrase{Key: "library.c.legal", English: "Legal support"}}, {Value: "training", Label: locale.Phrase{Key: "library.c.training", English: "Training"}}, {Value: "culture", Label: locale.Phrase{Key: "library.c.culture", English: "Social and cultural life"}},
	{Value: "integration", Label: locale.Phrase{Key: "library.c.integration", English: "Finding one’s place"}}, {Value: "health", Label: locale.Phrase{Key: "library.c.health", English: "Health"}}, {Value: "food", Label: locale.Phrase{Key: "library.c.food", English: "Food"}}, {Value: "clothing", Label: locale.Phrase{Key: "library.c.clothing", English: "Clothing"}},
	{Value: "housing", Label: locale.Phrase{Key: "library.c.housing", English: "Housing"}}, {Value: "address", Label: locale.Phrase{Key: "library.c.address", English: "Postal address"}}, {Value: "advocacy", Label: locale.Phrase{Key: "library.c.advocacy", English: "Advocacy"}}, {Value: "luggage", Label: locale.Phrase{Key: "library.c.luggage", English: "Luggage"}},
	{Value: "interpreting", Label: locale.Phrase{Key: "library.c.interpreting", English: "Interpreting"}}, {Value: "information", Label: locale.Phrase{Key: "library.c.information", English: "Information"}}, {Value: "rescue", Label: locale.Phrase{Key: "library.c.rescue", English: "Rescue"}},
}

// unconditional: whoever says nothing of conditions has none.
func unconditional(_ db.Instant, r *record.Record) {
	if len(r.Answers["access"]) == 0 {
		r.Answers["access"] = []string{"free"}
	}
}

// opening is whether an initiative is open at an instant, by its own clock.
type opening struct {
	Open   bool
	Until  string // last day of a closure that holds, "" = none
	Zone   string
	There  time.Time
	Coming record.Hours
}

// opened reads the hours of an initiative; ok is false where none are given,
// or nothing tells by which clock.
func opened(r record.Record, at time.Time) (o opening, ok bool) {
	h := record.HoursOf(r.Answers[hoursName])
	if o.Zone = r.Answers.One(zoneName); o.Zone == "" {
		o.Zone = r.Place.Zone()
	}
	zone, err := time.LoadLocation(o.Zone)
	if len(h) == 0 || o.Zone == "" || err != nil {
		return o, false
	}
	o.There = at.In(zone)
	o.Open, o.Until, o.Coming = h.Open(o.There), h.ClosedUntil(o.There), h.Coming(o.There)
	return o, true
}

// initiativeMore is what the page of an initiative says beyond its answers:
// whether it is open now, when it was last heard of, what comes next.
func (l *Library) initiativeMore(c *web.Ctx, r record.Record) (templ.Component, error) {
	m := more{Heard: max(r.Entry.Changed, r.Entry.Checked)}
	if o, ok := opened(r, l.DB.Now().Time()); ok {
		c.Private() // what it says is true for a minute: no cache keeps it
		m.Opening = &o
	}
	if l.asks.Next != nil {
		var err error
		by := slices.DeleteFunc(append([]string{r.Organisation}, r.Answers["partners"]...), func(id string) bool { return id == "" })
		if m.Next, m.At, err = l.asks.Next(c.Context(), l.DB, c.Actor, l.DB.Now(), by); err != nil {
			return nil, err
		}
	}
	return morePart(c.View, m), nil
}

type more struct {
	Opening *opening
	Heard   db.Instant // of the last change or check
	Next    entry.Entry
	At      db.Instant
}
