// Package assembly holds meetings and consultations: their phases, programme,
// workshops, who takes part, and one inside another.
//
// The one idea: the phase says what may be done now. It follows from the dates
// unless the committee moved it by hand; a table, and nothing else, says what
// each phase allows. What a workshop says is another feature's matter.
package assembly

import (
	"slices"
	"strings"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/people"
)

// Phase of an assembly.
type Phase string

const (
	Preparation Phase = "preparation"
	Workshops   Phase = "workshops"
	Synthesis   Phase = "synthesis"
	Reply       Phase = "reply"
	Plenary     Phase = "plenary"
	FollowUp    Phase = "follow_up"
	Closed      Phase = "closed"
)

// Phases in the order of the way.
var Phases = []Phase{Preparation, Workshops, Synthesis, Reply, Plenary, FollowUp, Closed}

// Start is when a phase begins.
type Start struct {
	Phase  Phase
	Starts db.Instant
}

// Assembly is the typed side of an assembly.
type Assembly struct {
	Entry, Timezone string
	Online          bool
	ByHand          Phase
	Starts          []Start // in the order of Phases; phases without a date are left out
}

// Now is the phase at an instant.
func (a Assembly) Now(at db.Instant) Phase {
	if a.ByHand != "" {
		return a.ByHand
	}
	now := Preparation
	for _, s := range a.Starts {
		if s.Starts != 0 && s.Starts <= at && slices.Index(Phases, s.Phase) > slices.Index(Phases, now) {
			now = s.Phase
		}
	}
	return now
}

// StartsAt gives the beginning of a phase, 0 when it has no date.
func (a Assembly) StartsAt(p Phase) db.Instant {
	for _, s := range a.Starts {
		if s.Phase == p {
			return s.Starts
		}
	}
	return 0
}

// checkOrder finds dates that do not follow each other.
func checkOrder(starts []Start) *fault.Fault {
	var before db.Instant
	for _, s := range starts {
		if s.Starts == 0 {
			continue
		}
		if s.Starts < before {
			return fault.Invalid("starts."+string(s.Phase), "assembly.phase.order", "This phase begins before the one that comes before it.")
		}
		before = s.Starts
	}
	return nil
}

// Sequence of a workshop.
type Sequence int

const (
	ToCome Sequence = iota
	First           // practices are presented, stakes raised
	Second          // proposals are drafted
	Over
)

// Workshop is the typed side of a workshop.
type Workshop struct {
	Entry, Assembly, Code, Room string
	Sequence                    Sequence
}

// Open tells whether participants may write.
func (w Workshop) Open() bool { return w.Sequence == First || w.Sequence == Second }

// Item is a point of the programme.
type Item struct {
	ID, Assembly, Kind, Title, Place string // Title is a lang.Text as JSON
	Starts                           db.Instant
	Position                         int
}

// ItemKinds in the order forms show them.
var ItemKinds = []string{"plenary", "workshop", "committee", "public"}

// Attendance of an organisation.
type Attendance struct {
	Organisation people.Organisation
	Registered   db.Instant
	Present      bool
}

// MayRun: who leads an assembly.
func MayRun(a people.Actor, assembly string) bool {
	return a.IsAny([]string{assembly}, people.Coordinator, people.Committee)
}

// MayLead: who runs a workshop, or the assembly it is in.
func MayLead(a people.Actor, w Workshop) bool {
	return a.IsAny([]string{w.Entry}, people.Facilitator, people.Rapporteur) || MayRun(a, w.Assembly)
}

// CodeOf cleans a code as people type it from a wall: spaces, dashes and case
// do not matter.
func CodeOf(typed string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '.' {
			return -1
		}
		return r
	}, strings.ToLower(strings.TrimSpace(typed)))
}
