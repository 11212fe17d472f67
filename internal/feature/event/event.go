// Package event is the calendar: events of members and territories, the days
// that unite them, who goes, who registers, and calendars that come from and go
// to other programs.
//
// The one idea: an event keeps the hour of its place. It holds a rule in its
// own time zone; its dates are worked out from it and kept in a table of their
// own (event_date), so that lists and months look at dates and never at rules.
package event

import (
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
)

// Kind is the kind of entry of this feature.
const Kind = "event"

// Classes of events.
const (
	Gathering = "gathering" // an event like any other
	Umbrella  = "umbrella"  // a day that unites: others stand under it
)

// Names of fields beyond title and summary.
const (
	Body   = "body"
	Reason = "reason" // why it is cancelled
)

// Event is an entry with its side table.
type Event struct {
	entry.Entry
	Side
	Dates      []Date      // where they were asked for
	Changes    []Change    // dates that differ from the rule
	Organisers []Organiser // confirmed and asked
}

// Side is the side table.
type Side struct {
	Zone                           string // IANA
	AllDay, Endless                bool
	Venue, Online, Link            string
	Quiet                          bool
	Languages, Interpreted, Access []string
	Umbrella                       string
	Rule                           string
	Except                         []db.Instant
	Cancelled                      db.Instant
	Invented                       bool
	Registration
	Source, UID, Digest string
	Gone                bool
}

// Registration says whether and how people register.
type Registration struct {
	Registers bool
	Capacity  int        // 0 = no limit
	Closes    db.Instant // 0 = when it begins
	KeepDays  int
}

// Date is one time an event takes place.
type Date struct {
	Event            string
	At, Starts, Ends db.Instant // At: as the rule gives it
	Day, Last        int        // 20261218, at the place
	Cancelled        bool
}

// Change is one date that differs from the rule.
type Change struct {
	At, Starts, Ends db.Instant
	Cancelled        bool
	Note             lang.Text
}

// Organiser is an organisation that organises, or was asked whether it does.
type Organiser struct {
	Organisation, Name string
	Kind               people.OrganisationKind
	Confirmed          db.Instant
}

// AccessNeeds are the needs an event can say it meets, in the order of pages.
var AccessNeeds = []string{"step_free", "sign_language", "captions", "childcare", "no_id", "free", "meal", "quiet_room", "travel_paid"}

// Bounds of what one event may be.
const (
	mostDays     = 60 // one date of an event lasts at most
	mostCapacity = 100_000
	mostKept     = 90 // days that registrations are kept
)

// Location is the zone of the event.
func (e Event) Location() *time.Location { return zoneOf(e.Zone) }

// loaded are the zones read so far: each reading asks the disk.
var loaded sync.Map // name to *time.Location

func zoneOf(name string) *time.Location {
	if l, ok := loaded.Load(name); ok {
		return l.(*time.Location)
	}
	l, err := time.LoadLocation(name)
	if err != nil || name == "Local" || name == "" {
		return time.UTC
	}
	loaded.Store(name, l)
	return l
}

// Local is an instant at the place of the event.
func (e Event) Local(i db.Instant) time.Time { return i.Time().In(e.Location()) }

// MayEdit: the coordination, whoever may edit for an organisation that
// organises it or that proposed it, and its author until it is published.
func (e Event) MayEdit(a people.Actor) bool {
	if a.Is(people.Coordinator) {
		return true
	}
	if e.Person != "" && e.Person == a.Person && (e.State == entry.Draft || e.State == entry.Proposed) {
		return true
	}
	if e.Source != "" || e.Class == Umbrella || !a.May(people.Edit) || a.For() == "" {
		return false
	}
	return e.Organisation == a.For() || e.OrganisedBy(a.For())
}

// OrganisedBy tells whether an organisation said that it organises the event.
func (e Event) OrganisedBy(organisation string) bool {
	return slices.ContainsFunc(e.Organisers, func(o Organiser) bool { return o.Organisation == organisation && o.Confirmed != 0 })
}

// MayPublish: those with a mandate to edit, and the coordination; the rest propose.
func MayPublish(a people.Actor) bool { return a.Is(people.Coordinator) || a.May(people.Edit) }

// MayGo: who speaks for an organisation that does not organise it itself.
func (e Event) MayGo(a people.Actor) bool {
	return a.May(people.Speak) && a.For() != "" && !e.OrganisedBy(a.For()) && e.State == entry.Published && e.Cancelled == 0 && e.Class != Umbrella
}

// Address gives what all may know of the place: the venue only where the
// place is told exactly.
func (e Event) Address() (venue string, at place.Place) {
	at = e.Place.Public()
	if at.Precision == place.Exact {
		venue = e.Venue
	}
	return venue, at
}

// OnlineFor gives the link for those who may know it.
func (e Event) OnlineFor(registered bool) string {
	if e.Quiet && !registered {
		return ""
	}
	return e.Online
}

// Open tells whether somebody can register at an instant.
func (e Event) Open(now db.Instant) bool {
	closes := e.Closes
	if closes == 0 || closes > e.Starts {
		closes = e.Starts
	}
	return e.Registers && e.State == entry.Published && e.Cancelled == 0 && now < closes
}

// Erases is when registrations are erased.
func (e Event) Erases() db.Instant { return e.Until().Add(time.Duration(e.KeepDays) * 24 * time.Hour) }

// Until is when the first date ends, as far as it was told.
func (e Event) Until() db.Instant {
	if e.Endless {
		return e.Starts.Add(untold)
	}
	return e.Ends
}

// untold is how long an event is taken to last when nobody said.
const untold = 3 * time.Hour

// Validate checks what a person typed.
func (e Event) Validate() error {
	var list fault.List
	if err := e.Entry.Validate(); err != nil {
		list = fault.Of(err)
	}
	if l, err := time.LoadLocation(e.Zone); err != nil || l == time.Local || e.Zone == "" {
		list.Add(fault.Invalid("zone", "event.zone.unknown", "Choose the time zone of the place."))
	}
	e.validateTimes(&list)
	if len([]rune(e.Text(entry.Summary).Original())) > 400 {
		list.Add(fault.Invalid(entry.Summary, "event.summary.long", "Say it in a few words: at most {n} characters.", "n", 400))
	}
	for field, link := range map[string]string{"online": e.Online, "link": e.Link} {
		if link != "" && !webAddress(link) {
			list.Add(fault.Invalid(field, "event.link.form", "Write a whole address, such as https://example.org/room."))
		}
	}
	if len([]rune(e.Venue)) > 300 {
		list.Add(fault.Invalid("venue", "event.venue.long", "This address is too long: at most {n} characters.", "n", 300))
	}
	if e.Registers {
		e.validateRegistration(&list)
	}
	return list.Err()
}

func (e Event) validateTimes(list *fault.List) {
	switch {
	case e.Starts == 0:
		list.Add(fault.Invalid("starts", "event.starts.missing", "Write the day it begins."))
	case !e.Endless && e.Ends <= e.Starts:
		list.Add(fault.Invalid("ends", "event.ends.before", "It ends before it begins."))
	case e.Ends > e.Starts.Add(mostDays*24*time.Hour):
		list.Add(fault.Invalid("ends", "event.ends.far", "An event lasts at most {n} days. Make several, or let it repeat.", "n", mostDays))
	}
	if e.Rule != "" && e.Starts != 0 {
		if _, err := parseRule(e.Rule, e.Local(e.Starts)); err != nil {
			list.Add(fault.Invalid("repeat", "event.rule.unknown", "This way of repeating is not understood."))
		} else if len(e.Expand(e.Starts, e.Starts.Add(horizon))) == 0 {
			list.Add(fault.Invalid("repeat", "event.rule.never", "With this way of repeating it never takes place."))
		}
	}
}

func (e Event) validateRegistration(list *fault.List) {
	if e.Rule != "" {
		list.Add(fault.Invalid("registers", "event.register.repeats", "People register for one date. Make an event of its own for a date with registration."))
	}
	if e.Class == Umbrella {
		list.Add(fault.Invalid("registers", "event.register.umbrella", "Nobody registers for a day that unites. The events under it have their own lists."))
	}
	if e.Capacity < 0 || e.Capacity > mostCapacity {
		list.Add(fault.Invalid("capacity", "event.capacity.form", "Write how many places there are, as a number."))
	}
	if e.KeepDays < 1 || e.KeepDays > mostKept {
		list.Add(fault.Invalid("keep", "event.keep.form", "Write a number of days from 1 to {n}.", "n", mostKept))
	}
}

// webAddress: only the web. A link that runs something has no place on a page.
func webAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && len(s) <= 500 && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && u.User == nil && !strings.ContainsAny(s, " \t\r\n\"<>\\")
}

// facts are the side table in words for history: nothing that is not for all.
func (e Event) facts() entry.Facts {
	venue, at := e.Address()
	f := entry.Facts{"starts": e.Local(e.Starts).Format("2006-01-02 15:04"), "zone": e.Zone, "place": at.Name, "country": at.Country}
	if !e.Endless {
		f["ends"] = e.Local(e.Ends).Format("2006-01-02 15:04")
	}
	for name, value := range map[string]string{"venue": venue, "online": e.OnlineFor(false), "link": e.Link, "rule": e.Rule, "umbrella": e.Umbrella,
		"languages": strings.Join(e.Languages, " "), "interpreted": strings.Join(e.Interpreted, " "), "access": strings.Join(e.Access, " ")} {
		if value != "" {
			f[name] = value
		}
	}
	if e.Cancelled != 0 {
		f["cancelled"] = e.Cancelled.Day()
	}
	if e.Registers {
		f["registration"] = "yes"
	}
	return f
}
