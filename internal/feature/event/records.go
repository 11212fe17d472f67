package event

import (
	"context"
	"slices"
	"strings"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/record"
)

// spec is what an event answers, for files, feeds and guides. The calendar's
// forms and pages are its own; this says in common words what its table holds.
var spec = record.Spec{
	Kind: Kind, Version: 1, Place: true, Axis: true, Themes: true, Class: "class", Schema: "Event", Documents: true,
	Title:   record.Question{Name: entry.Title, Label: locale.Phrase{Key: "event.field.title", English: "What"}, Type: record.Line, Required: true},
	Summary: record.Question{Name: entry.Summary, Label: locale.Phrase{Key: "event.field.summary", English: "In a few words"}, Type: record.Prose},
	Sections: []record.Section{{Title: locale.Phrase{Key: "event.fact.when", English: "When"}, Questions: []record.Question{
		{Name: "class", Label: locale.Phrase{Key: "event.record.class", English: "Kind of event"}, Type: record.Choice, Options: []record.Option{
			{Value: Gathering, Label: locale.Phrase{Key: "event.kind.one", English: "Event"}},
			{Value: Umbrella, Label: locale.Phrase{Key: "event.umbrella.tag", English: "A day that unites"}}}},
		{Name: "starts", Label: locale.Phrase{Key: "event.field.starts", English: "It begins"}, Type: record.Moment, Schema: "startDate"},
		{Name: "ends", Label: locale.Phrase{Key: "event.field.ends", English: "It ends"}, Type: record.Moment, Schema: "endDate"},
		{Name: "zone", Label: locale.Phrase{Key: "event.field.zone", English: "Time zone of the place"}, Type: record.Zone},
		{Name: "repeats", Label: locale.Phrase{Key: "event.record.rule", English: "Rule of repetition (iCalendar)"}, Type: record.Word},
		{Name: "status", Label: locale.Phrase{Key: "event.record.status", English: "Takes place"}, Type: record.Choice, Facet: true, Schema: "eventStatus", Options: []record.Option{
			{Value: "planned", Label: locale.Phrase{Key: "event.record.planned", English: "As planned"}, Codes: map[string]string{record.SchemaOrg: "https://schema.org/EventScheduled"}},
			{Value: "cancelled", Label: locale.Phrase{Key: "event.cancelled", English: "Cancelled"}, Codes: map[string]string{record.SchemaOrg: "https://schema.org/EventCancelled"}}}},
		{Name: "when", Label: locale.Phrase{Key: "event.fact.when", English: "When"}, Type: record.Choice, Facet: true, Options: []record.Option{
			{Value: "coming", Label: locale.Phrase{Key: "event.view.coming", English: "Coming"}},
			{Value: "past", Label: locale.Phrase{Key: "event.view.past", English: "Past"}}}},
		{Name: "where", Label: locale.Phrase{Key: "event.record.where", English: "There or online"}, Type: record.Choices, Facet: true, Schema: "eventAttendanceMode", Options: []record.Option{
			{Value: "place", Label: locale.Phrase{Key: "event.record.place", English: "At a place"}, Codes: map[string]string{record.SchemaOrg: "https://schema.org/OfflineEventAttendanceMode"}},
			{Value: "online", Label: locale.Phrase{Key: "event.record.online", English: "Online"}, Codes: map[string]string{record.SchemaOrg: "https://schema.org/OnlineEventAttendanceMode"}}}},
		{Name: "venue", Label: locale.Phrase{Key: "event.field.venue", English: "Address"}, Type: record.Word, Schema: "location.address.streetAddress"},
		{Name: "online", Label: locale.Phrase{Key: "event.field.online", English: "Link to take part online"}, Type: record.Web, Schema: "location"},
		{Name: "link", Label: locale.Phrase{Key: "event.field.link", English: "Page about it elsewhere"}, Type: record.Web, Schema: "sameAs"},
		{Name: "organiser", Label: locale.Phrase{Key: "event.field.organisers", English: "Who organises it"}, Type: record.Entries, Kinds: []string{"organisation"}, Facet: true, Schema: "organizer"},
		{Name: "umbrella", Label: locale.Phrase{Key: "event.field.under", English: "Part of a day that unites"}, Type: record.Entries, Kinds: []string{Kind}, Facet: true, Schema: "superEvent"},
		{Name: "language", Label: locale.Phrase{Key: "event.record.languages", English: "Languages spoken"}, Type: record.Languages, Facet: true, Schema: "inLanguage"},
		{Name: "interpreted", Label: locale.Phrase{Key: "event.record.interpreted", English: "Translated aloud into"}, Type: record.Languages},
		{Name: "access", Label: locale.Phrase{Key: "event.record.access", English: "Access"}, Type: record.Choices, Options: accessOptions()},
		{Name: Body, Label: locale.Phrase{Key: "event.field.body", English: "More about it"}, Type: record.Prose},
		{Name: Reason, Label: locale.Phrase{Key: "event.field.reason", English: "Why it is cancelled"}, Type: record.Line, Max: 2000},
	}}},
}

func accessOptions() (list []record.Option) {
	for _, need := range AccessNeeds {
		list = append(list, record.Option{Value: need, Label: accessNames[need]})
	}
	return list
}

// records gives events in the common form: what their pages tell everybody,
// and no more.
func (f *Feature) records(ctx context.Context, q db.Q, entries []entry.Entry) ([]record.Record, error) {
	events, err := withSides(ctx, q, entries)
	if err != nil {
		return nil, err
	}
	list := make([]record.Record, len(events))
	for i, e := range events {
		list[i] = record.Record{Entry: e.Entry, Answers: e.answers(f.DB.Now())}
	}
	return list, nil
}

func (e Event) answers(now db.Instant) record.Answers {
	a := record.Answers{}
	add := func(name string, values ...string) {
		for _, v := range values {
			if v != "" {
				a[name] = append(a[name], v)
			}
		}
	}
	venue, at := e.Address()
	online := e.OnlineFor(false)
	add("class", e.Class)
	add("starts", e.moment(e.Local(e.Starts)))
	if !e.Endless {
		ends := e.Local(e.Ends)
		if e.AllDay {
			ends = ends.AddDate(0, 0, -1) // the last day counts
		}
		add("ends", e.moment(ends))
	}
	add("zone", e.Zone)
	add("repeats", e.Rule)
	add("status", map[bool]string{true: "planned", false: "cancelled"}[e.Cancelled == 0])
	if e.Rule == "" { // of one that repeats, some dates may be over and others not
		add("when", map[bool]string{true: "coming", false: "past"}[e.Until() > now])
	}
	if at.Country != "" {
		add("where", "place")
	}
	if e.Online != "" {
		add("where", "online")
	}
	add("venue", venue)
	add("online", online)
	add("link", e.Link)
	for _, o := range e.Organisers {
		if o.Confirmed != 0 {
			add("organiser", o.Organisation)
		}
	}
	add("umbrella", e.Umbrella)
	add("language", slices.Sorted(slices.Values(e.Languages))...)
	add("interpreted", slices.Sorted(slices.Values(e.Interpreted))...)
	for _, need := range AccessNeeds {
		if slices.Contains(e.Access, need) {
			add("access", need)
		}
	}
	return a
}

func (e Event) moment(t time.Time) string {
	if e.AllDay {
		return t.Format(time.DateOnly)
	}
	return t.Format(time.RFC3339)
}

// narrow is how the calendar's filters narrow a list of events.
func (f *Feature) narrow(w *db.Where, name string, values []string) {
	one := func(cond string, args ...any) {
		w.And("EXISTS (SELECT 1 FROM event v WHERE v.entry = e.id AND "+cond+")", args...)
	}
	anyOf := func(cond string, of func(string) any) {
		args := make([]any, len(values))
		for i, v := range values {
			args[i] = of(v)
		}
		one("("+strings.TrimSuffix(strings.Repeat(cond+" OR ", len(values)), " OR ")+")", args...)
	}
	is := func(s string) any { return s }
	chosen := func(a, b string) (only string) { // of two that exclude each other; both or neither narrow nothing
		if slices.Contains(values, a) != slices.Contains(values, b) {
			return map[bool]string{true: a, false: b}[slices.Contains(values, a)]
		}
		return ""
	}
	switch name {
	case "language":
		anyOf("(v.languages || v.interpreted) LIKE ?", spoken)
	case "umbrella":
		anyOf("v.umbrella = ?", is)
	case "organiser":
		anyOf("EXISTS (SELECT 1 FROM event_organiser o WHERE o.event = v.entry AND o.organisation = ? AND o.confirmed <> 0)", is)
	case "status":
		switch chosen("planned", "cancelled") {
		case "planned":
			one("v.cancelled = 0")
		case "cancelled":
			one("v.cancelled <> 0")
		}
	case "where":
		switch chosen("online", "place") {
		case "online":
			one("v.online <> ''")
		case "place":
			w.And("e.precision_ > 0")
		}
	case "when":
		switch chosen("coming", "past") {
		case "coming":
			w.And("EXISTS (SELECT 1 FROM event_date d WHERE d.event = e.id AND d.ends > ?)", f.DB.Now())
		case "past":
			w.And("NOT EXISTS (SELECT 1 FROM event_date d WHERE d.event = e.id AND d.ends > ?)", f.DB.Now())
		}
	}
}

// spoken is a language as the table's lists are searched for it.
func spoken(tag string) any {
	return "% " + strings.NewReplacer("%", "", "_", "").Replace(tag) + " %"
}

// records is what was asked of the calendar, as other forms of the list know it.
func (q query) records() record.Query {
	r := record.Query{Words: q.Words, Countries: q.Countries, Axes: q.Axes, Themes: q.Themes, Answers: record.Answers{"when": {"coming"}}}
	if q.Past {
		r.Answers["when"] = []string{"past"}
	}
	for name, values := range map[string][]string{"language": q.Languages, "organiser": q.Organisers, "umbrella": q.Umbrellas, "where": q.Online} {
		if len(values) > 0 {
			r.Answers[name] = values
		}
	}
	return r
}
