// Package handover keeps in view what ends: mandates, memberships, votes for a
// charter, contacts, closures. It tells those concerned ahead, lets them renew
// it in one click, and passes on what somebody looked after when another takes
// over. After an election it asks whether all is still so.
//
// The one idea: nothing here ends or begins anything by itself. Each ending
// stands where it always stood (a mandate, a day in a record); this package
// reads them all in one list, and every act goes through the feature whose
// matter it is. So who may renew is decided in one place only.
package handover

import (
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
)

// What an ending is of, beside the kinds of records.
const (
	OfMandate = "mandate"
	OfVote    = "vote"    // for a charter, of a membership
	OfClosure = "closure" // of a place, which opens again
)

// Ending is one thing that ends on a day to come.
type Ending struct {
	Of, ID        string
	Kind          locale.Phrase
	Organisation  string   // whose, "" for none
	Keepers       []string // organisations whose editors look after it
	Person        string   // who holds the mandate
	PersonName    string
	Title         lang.Text
	Last          string // last day, 2026-12-31
	Path          string // its page
	Renew, Follow string // pages that renew it or hand it over; "" where the actor may not
}

// Ahead are how many days before an end people are told, each time once.
var Ahead = []int{60, 14}

// How far the list looks ahead, in months; the second is usual.
var Spans = []int{3, 6, 12}

const usualSpan = 6

// stage is how near an end is: the smallest of Ahead it lies within, 0 where it
// is further off or over. Days as 2026-12-31.
func stage(today, last string) int {
	from, err := time.Parse(time.DateOnly, today)
	to, err2 := time.Parse(time.DateOnly, last)
	if err != nil || err2 != nil || to.Before(from) {
		return 0
	}
	days, near := int(to.Sub(from).Hours()/24), 0
	for _, n := range Ahead {
		if days <= n {
			near = n
		}
	}
	return near
}

// span gives a span that is offered.
func span(months int) int {
	for _, n := range Spans {
		if n == months {
			return n
		}
	}
	return usualSpan
}

// mayLook tells whether the actor may see what ends for an organisation, ""
// being all: the coordination, and whoever acts for it.
func mayLook(a people.Actor, organisation string) bool {
	return a.Is(people.Coordinator) || organisation != "" && a.For() == organisation
}

// mayKeep tells whether the actor answers for an organisation.
func mayKeep(a people.Actor, organisation string) bool {
	return a.Is(people.Coordinator) || organisation != "" && a.For() == organisation && a.May(people.Edit)
}

// What a thing to take over is.
const (
	ThingContact = "contact"
	ThingAction  = "action"
	ThingRecord  = "record"
	ThingVote    = "vote"
)

// State of a thing to take over.
type State string

const (
	ToDo  State = "todo"
	Taken State = "taken" // who took over stands in it, or follows it
	Done  State = "done"  // looked at: it stays as it is, or was changed on its page
)

// HandOver is what one person passed on to another.
type HandOver struct {
	ID, Organisation string
	Old, Mandate     string // mandates
	From, To         string // persons
	Shares, Work     int    // passed on at once
	At               db.Instant
}

// maySee: who took over, whoever answers for the organisation, the coordination.
func (h HandOver) maySee(a people.Actor) bool {
	return a.SignedIn() && (a.Person == h.To || mayKeep(a, h.Organisation))
}

// Thing is one thing to take over.
type Thing struct {
	HandOver    string
	N           int
	What, Entry string
	Named       bool // who left stands in it
	State       State
	At          db.Instant
}

// takes tells whether taking it on changes it: a contact in which who left
// stands gets a new name, an action is followed.
func (t Thing) takes() bool { return t.What == ThingContact && t.Named || t.What == ThingAction }

// Election is a day on which an organisation's body, or the authorities of a
// country, are elected.
type Election struct {
	ID, Organisation, Country string
	Day                       string
	Asked                     db.Instant // 0 = to come
	By                        string
	At                        db.Instant
}

// authorities are the kinds of organisations that an election in a country is about.
var authorities = []people.OrganisationKind{people.LocalAuthority, people.PublicInstitution}
