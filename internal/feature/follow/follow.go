// Package follow lets people follow entries and searches, and tells them what
// happened since the last time: one mail, grouped, with the words that changed.
//
// The one idea: what happened is told once, in the journal. A digest is the
// journal's lines since the follower's last one, joined with what they follow,
// and who may see what is asked again at the moment the mail is made. Nothing
// is kept per follower and event, so nothing can leak later.
package follow

import (
	"slices"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/people"
)

// Pace is how often somebody wants to be told.
type Pace string

const (
	Now    Pace = "now"    // within a minute or two
	Daily  Pace = "daily"  // at the follower's hour
	Weekly Pace = "weekly" // on Monday at that hour
	Never  Pace = "never"  // no mail; the page of news stays, and notices of searches
)

// Paces in the order pages show them.
var Paces = []Pace{Now, Daily, Weekly, Never}

// Where and when somebody is told who chose nothing.
const (
	usualZone = "Europe/Paris"
	usualHour = 7
)

// Limits that keep a mistake, or somebody with bad intentions, from flooding.
const (
	mostFollowed = 500 // by one follower
	networkAsks  = 60  // links asked for without an account, an hour and network
	addressAsks  = 5   // mails with a link, an hour and address
	linkTime     = 3 * 24 * time.Hour
)

// Follower is who is told: an account, or an address without one.
type Follower struct {
	ID, Person, Email string
	Lang              string // of mails to an address
	Pace              Pace
	Hour              int
	Zone              string
	Told              int64
	Due               db.Instant
	Created           db.Instant
}

// Follow is one thing followed: an entry, or a search.
type Follow struct {
	ID, Follower string
	Entry        string
	Search       Search
	Name         string
	Since        int64
	Created      db.Instant
}

// Validate checks what a follower chose.
func (f Follower) Validate() error {
	var list fault.List
	if !slices.Contains(Paces, f.Pace) {
		list.Add(fault.Invalid("pace", "follow.pace.choose", "Choose how often."))
	}
	if f.Hour < 0 || f.Hour > 23 {
		list.Add(fault.Invalid("hour", "follow.hour.choose", "Choose an hour from 0 to 23."))
	}
	if _, err := time.LoadLocation(f.Zone); err != nil || f.Zone == "" || f.Zone == "Local" {
		list.Add(fault.Invalid("zone", "follow.zone.unknown", "This time zone is not known. Write one such as Europe/Paris or Africa/Niamey."))
	}
	return list.Err()
}

// Next is when the next digest is due after an instant: at the follower's
// hour by their own clock, which may jump in spring and autumn.
func (f Follower) Next(after db.Instant) db.Instant {
	if f.Pace == Now {
		return after
	}
	zone, err := time.LoadLocation(f.Zone)
	if err != nil {
		zone = time.UTC
	}
	t := after.Time().In(zone)
	for day := 0; ; day++ {
		at := time.Date(t.Year(), t.Month(), t.Day()+day, f.Hour, 0, 0, 0, zone)
		if !at.After(t) || f.Pace == Weekly && at.Weekday() != time.Monday {
			continue
		}
		return db.At(at)
	}
}

// actors are all in whose name a follower may see something: a person alone
// and under each mandate in force; a visitor for an address. What an ended
// mandate showed is seen no more.
type actors []people.Actor
