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
	"time"

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

// Act is something that some phases allow.
type Act string

const (
	Register   Act = "register"   // say that one's organisation comes
	Write      Act = "write"      // in a workshop, while one of its sequences is open
	BringUp    Act = "bring_up"   // hand results to the assembly above
	Synthesise Act = "synthesise" // merge, split, reword, set aside
	Answer     Act = "answer"     // the right of reply
	Put        Act = "put"        // put and amend motions
	Vote       Act = "vote"
	Carry      Act = "carry" // joint actions, news of them
)

// Acts in the order of the way.
var Acts = []Act{Register, Write, BringUp, Synthesise, Answer, Put, Vote, Carry}

// allows is the whole rule. Workshops may run late, so they write until the
// plenary ends; replies stay open while the committee works.
var allows = map[Phase][]Act{
	Preparation: {Register, Write},
	Workshops:   {Register, Write, BringUp},
	Synthesis:   {Register, Write, BringUp, Synthesise, Answer},
	Reply:       {Register, Write, BringUp, Synthesise, Answer, Put},
	Plenary:     {Register, Write, BringUp, Synthesise, Answer, Put, Vote, Carry},
	FollowUp:    {BringUp, Carry},
	Closed:      {},
}

// Allows tells whether something may be done in a phase.
func (p Phase) Allows(a Act) bool { return slices.Contains(allows[p], a) }

// Known tells whether it is a phase at all.
func (p Phase) Known() bool { return slices.Contains(Phases, p) }

// Start is when a phase begins.
type Start struct {
	Phase  Phase
	Starts db.Instant
}

// Assembly is the typed side of an assembly.
type Assembly struct {
	Entry, Timezone string
	Venue           string // a house and a street; the town is in the entry
	Online          string // address of the room online, "" = only in place
	Languages, Axes []string
	Organisers      []string   // organisations, in the order they were named
	Begins, Ends    db.Instant // of its entry
	ByHand          Phase      // "" = by the dates
	Moved           db.Instant // when it was set by hand
	Starts          []Start    // in the order of Phases; phases without a date are left out
}

// Now is the phase at an instant.
func (a Assembly) Now(at db.Instant) Phase {
	if a.ByHand != "" {
		return a.ByHand
	}
	return a.ByDates(at)
}

// ByDates is the phase that the dates alone give. Where no phase has one, the
// days of the meeting are its workshops.
func (a Assembly) ByDates(at db.Instant) Phase {
	starts := a.Starts
	if len(starts) == 0 && a.Begins != 0 {
		starts = []Start{{Workshops, a.Begins}}
		if a.Ends > a.Begins {
			starts = append(starts, Start{FollowUp, a.Ends})
		}
	}
	now := Preparation
	for _, s := range starts {
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

// ReplyUntil is the end of the right of reply: the beginning of the next phase
// that has a date, or the moment it was passed by hand; 0 = open.
func (a Assembly) ReplyUntil() db.Instant {
	after := slices.Index(Phases, Reply)
	if slices.Index(Phases, a.ByHand) > after {
		return a.Moved
	}
	for _, s := range a.Starts {
		if slices.Index(Phases, s.Phase) > after && s.Starts != 0 {
			return s.Starts
		}
	}
	return 0
}

// Season groups assemblies in a list.
type Season int

const (
	Current Season = iota
	Coming
	Past
)

// SeasonOf tells where a list shows an assembly of that phase.
func SeasonOf(p Phase) Season {
	switch p {
	case Preparation:
		return Coming
	case FollowUp, Closed:
		return Past
	}
	return Current
}

// check finds what does not fit together.
func (a Assembly) check() (list fault.List) {
	if _, err := time.LoadLocation(a.Timezone); err != nil || a.Timezone == "" || a.Timezone == "Local" {
		list.Add(fault.Invalid("timezone", "assembly.timezone", "Write a time zone such as Europe/Paris."))
	}
	if a.Online != "" && !strings.HasPrefix(a.Online, "https://") && !strings.HasPrefix(a.Online, "http://") {
		list.Add(fault.Invalid("online", "assembly.online.form", "Write an address that begins with https://"))
	}
	if a.Ends != 0 && a.Ends < a.Begins {
		list.Add(fault.Invalid("ends", "assembly.dates", "The end must come after the beginning."))
	}
	var before db.Instant
	for _, s := range a.Starts {
		if s.Starts == 0 {
			continue
		}
		if s.Starts < before {
			list.Add(fault.Invalid("starts."+string(s.Phase), "assembly.phase.order", "This phase begins before the one that comes before it."))
			break
		}
		before = s.Starts
	}
	return list
}

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

// MayMark: who notes which organisations are there. workshops are those of the assembly.
func MayMark(a people.Actor, assembly string, workshops []string) bool {
	return MayRun(a, assembly) || a.IsAny(append([]string{assembly}, workshops...), people.Rapporteur, people.Chair)
}

// MayAnswerFor: who says whether an organisation comes: itself, or who leads.
func MayAnswerFor(a people.Actor, assembly, organisation string) bool {
	return organisation != "" && a.For() == organisation && a.May(people.Speak) || MayRun(a, assembly)
}
