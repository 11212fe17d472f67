package event

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"alliance/internal/feature"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
	"alliance/internal/platform/record"
)

// What a merge chooses of two events: the calendar's own table, in parts that
// only make sense whole. An hour without its zone, or an address without its
// town, is taken from neither.

// Names of the parts.
const (
	partDates        = "dates"
	partPlace        = "place"
	partOnline       = "online"
	partLink         = "link"
	partUnder        = "umbrella"
	partLanguages    = "language"
	partInterpreted  = "interpreted"
	partAccess       = "access"
	partOrganisers   = "organiser"
	partRegistration = "registration"
	partStatus       = "status"
)

// parts of an event; the whole place stands for the address and the town.
func (f *Feature) parts() *feature.Parts {
	return &feature.Parts{Read: f.readParts, Says: saysPart, Say: sayPart, Keep: keepParts, List: []feature.Part{
		{Name: partDates, Label: locale.Phrase{Key: "event.fact.when", English: "When"}, Covers: []string{"starts", "ends", "zone", "repeats", "when"}},
		{Name: partPlace, Label: locale.Phrase{Key: "event.fact.where", English: "Where"}, Covers: []string{"venue", "where", record.Country}},
		{Name: partOnline, Label: locale.Phrase{Key: "event.fact.online", English: "Online"}},
		{Name: partLink, Label: locale.Phrase{Key: "event.fact.link", English: "More about it"}},
		{Name: partUnder, Label: locale.Phrase{Key: "event.fact.umbrella", English: "Part of"}, Entries: true},
		{Name: partLanguages, Label: locale.Phrase{Key: "event.fact.languages", English: "Languages"}, Many: true},
		{Name: partInterpreted, Label: locale.Phrase{Key: "event.fact.interpreted", English: "Translated aloud into"}, Many: true},
		{Name: partAccess, Label: locale.Phrase{Key: "event.fact.access", English: "Access"}, Many: true},
		{Name: partOrganisers, Label: locale.Phrase{Key: "event.fact.organisers", English: "Organised by"}, Many: true, Entries: true},
		{Name: partRegistration, Label: locale.Phrase{Key: "event.field.registration", English: "Registration"}},
		{Name: partStatus, Label: locale.Phrase{Key: "event.record.status", English: "Takes place"}},
	}}
}

// The forms of parts that have more than one value. Their JSON is what a merge
// keeps, to put back.
type (
	datesPart struct {
		Starts, Ends    db.Instant
		Zone            string
		AllDay, Endless bool         `json:",omitempty"`
		Rule            string       `json:",omitempty"`
		Except          []db.Instant `json:",omitempty"`
		Changes         []Change     `json:",omitempty"`
	}
	placePart struct {
		Place place.Place
		Venue string `json:",omitempty"`
	}
	onlinePart struct {
		Link  string
		Quiet bool `json:",omitempty"`
	}
)

func jsonPart(v any) []string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // numbers and strings only
	}
	return []string{string(b)}
}

// one gives the only value of a part that says something.
func one(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

// inParts gives an event part by part; what it does not say is left out.
func (e Event) inParts() map[string][]string {
	p := map[string][]string{partDates: jsonPart(datesPart{e.Starts, e.Ends, e.Zone, e.AllDay, e.Endless, e.Rule, e.Except, e.Changes}),
		partLink: one(e.Link), partUnder: one(e.Umbrella), partLanguages: e.Languages, partInterpreted: e.Interpreted, partAccess: e.Access}
	if e.Place.Precision != place.None || e.Venue != "" {
		p[partPlace] = jsonPart(placePart{e.Place, e.Venue})
	}
	if e.Online != "" {
		p[partOnline] = jsonPart(onlinePart{e.Online, e.Quiet})
	}
	for _, o := range e.Organisers { // when it said so, 0 = it was only asked
		p[partOrganisers] = append(p[partOrganisers], o.Organisation+" "+strconv.FormatInt(int64(o.Confirmed), 10))
	}
	p[partRegistration] = jsonPart(e.Registration)
	if e.Cancelled != 0 {
		p[partStatus] = one(strconv.FormatInt(int64(e.Cancelled), 10))
	}
	return p
}

// onto puts parts onto an event: whoever chose them said all there is.
func onto(e *Event, p map[string][]string) error {
	read := func(name string, into any) error {
		if len(p[name]) == 0 {
			return nil
		}
		return json.Unmarshal([]byte(p[name][0]), into)
	}
	var dates datesPart
	var at placePart
	var online onlinePart
	e.Registration = Registration{}
	for name, into := range map[string]any{partDates: &dates, partPlace: &at, partOnline: &online, partRegistration: &e.Registration} {
		if err := read(name, into); err != nil {
			return err
		}
	}
	e.Starts, e.Ends, e.Zone, e.AllDay, e.Endless, e.Rule, e.Except, e.Changes = dates.Starts, dates.Ends, dates.Zone, dates.AllDay, dates.Endless, dates.Rule, dates.Except, dates.Changes
	e.Place, e.Venue, e.Online, e.Quiet = at.Place, at.Venue, online.Link, online.Quiet
	e.Link, e.Umbrella = leading(p[partLink]), leading(p[partUnder])
	e.Languages, e.Interpreted, e.Access = p[partLanguages], p[partInterpreted], p[partAccess]
	e.Cancelled = instant(leading(p[partStatus]))
	e.Organisers = organisersOf(p[partOrganisers])
	return nil
}

func instant(s string) db.Instant {
	n, _ := strconv.ParseInt(s, 10, 64) // what says nothing is no time
	return db.Instant(n)
}

// organisersOf reads who organises, each once: what one of two said itself
// counts more than that it was asked.
func organisersOf(values []string) (list []Organiser) {
	for _, v := range values {
		id, at, _ := strings.Cut(v, " ")
		o := Organiser{Organisation: id, Confirmed: instant(at)}
		if i := slices.IndexFunc(list, func(x Organiser) bool { return x.Organisation == id }); i >= 0 {
			list[i].Confirmed = max(list[i].Confirmed, o.Confirmed)
		} else {
			list = append(list, o)
		}
	}
	return list
}

func (f *Feature) readParts(ctx context.Context, q db.Q, entries []entry.Entry) ([]map[string][]string, error) {
	events, err := withSides(ctx, q, entries)
	list := make([]map[string][]string, len(events))
	for i, e := range events {
		list[i] = e.inParts()
	}
	return list, err
}

// keepParts keeps a new version of an event with the parts that were chosen.
func keepParts(ctx context.Context, tx *db.Tx, a people.Actor, r record.Record, parts map[string][]string) (record.Record, error) {
	e, err := get(ctx, tx, r.ID)
	if err != nil {
		return r, err
	}
	before := e.Organisers
	e.Entry = r.Entry
	if err := onto(&e, parts); err != nil {
		return r, err
	}
	if err := dropChanges(ctx, tx, e.ID); err != nil {
		return r, err
	}
	for _, c := range e.Changes {
		if err := putChange(ctx, tx, e.ID, c); err != nil {
			return r, err
		}
	}
	for _, o := range before {
		if err := dropOrganiser(ctx, tx, e.ID, o.Organisation); err != nil {
			return r, err
		}
	}
	for n, o := range e.Organisers {
		if err := putOrganiser(ctx, tx, e.ID, o, n); err != nil {
			return r, err
		}
	}
	e, err = change(ctx, tx, a, e)
	r.Entry = e.Entry
	return r, err
}

// saysPart tells that a part says something: an event without registration
// keeps how long lists are kept all the same.
func saysPart(name string, values []string) bool {
	if name != partRegistration || len(values) == 0 {
		return len(values) > 0
	}
	var r Registration
	return json.Unmarshal([]byte(values[0]), &r) == nil && r.Registers
}

// sayPart puts a part into words; names are of the entries that parts name.
func sayPart(v design.View, name string, values []string, names map[string]entry.Entry) string {
	e := Event{}
	if err := onto(&e, map[string][]string{name: values}); err != nil || !saysPart(name, values) {
		return ""
	}
	switch name {
	case partDates:
		words := whenWords(v, e, e.Local(e.Starts), e.Local(e.Ends))
		if !e.AllDay {
			words += " · " + v.T("event.zone", "time of {zone}", "zone", zoneWords(e.Zone))
		}
		if again := repeatWords(v, e); again != "" {
			words += " · " + again
		}
		return words
	case partPlace:
		if words := placeWords(v, e); e.Venue == "" || e.Place.Precision == place.Exact {
			return words
		}
		return v.T("event.venue", "{address}, {town}", "address", e.Venue, "town", townWords(v, e)) // the coordination knows it
	case partOnline:
		return e.Online
	case partLanguages, partInterpreted:
		return tongues(v, values)
	case partAccess:
		return inWords(v, values, accessNames)
	case partUnder, partOrganisers:
		var list []string
		for _, value := range values {
			id, _, _ := strings.Cut(value, " ")
			if n, ok := names[id]; ok {
				list = append(list, n.Title().In(v.Lang()).S)
			}
		}
		return v.And(list)
	case partRegistration:
		words := v.T("event.field.registers", "People can register")
		if e.Capacity > 0 {
			words += " · " + v.T("event.part.capacity", "places: {n}", "n", v.Number(e.Capacity))
		}
		if e.Closes != 0 {
			words += " · " + v.T("event.part.closes", "until {date}", "date", v.Date(e.Closes.Time()))
		}
		return words
	case partStatus:
		return v.T("event.cancelled", "Cancelled")
	}
	return leading(values)
}

// leading gives the first of some values, "" of none.
func leading(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}
