package assembly

import (
	"strings"

	"alliance/internal/platform/people"
)

// Sequence is where a workshop stands between its two sequences. The numbers
// are kept in the database.
type Sequence int

const (
	ToCome  Sequence = 0
	First   Sequence = 1 // practices are presented, stakes raised
	Second  Sequence = 2 // proposals are drafted
	Over    Sequence = 3
	Between Sequence = 4 // the first is closed, the second not yet open
)

// Sequences in the order of time.
var Sequences = []Sequence{ToCome, First, Between, Second, Over}

// Step of one sequence, or of the workshop as a whole.
type Step string

const (
	StepComing Step = "coming"
	StepOpen   Step = "open"
	StepClosed Step = "closed"
)

// Steps gives the state of both sequences.
func (s Sequence) Steps() [2]Step {
	switch s {
	case First:
		return [2]Step{StepOpen, StepComing}
	case Between:
		return [2]Step{StepClosed, StepComing}
	case Second:
		return [2]Step{StepClosed, StepOpen}
	case Over:
		return [2]Step{StepClosed, StepClosed}
	}
	return [2]Step{StepComing, StepComing}
}

// Number is the sequence that runs, or ran last: 0, 1 or 2.
func (s Sequence) Number() int {
	switch s {
	case First, Between:
		return 1
	case Second, Over:
		return 2
	}
	return 0
}

func (s Sequence) known() bool { return s >= ToCome && s <= Between }

// code names a sequence in the API and in histories.
func (s Sequence) code() string {
	return [...]string{"coming", "first", "second", "closed", "between"}[s]
}

func sequenceOf(code string) (Sequence, bool) {
	for _, s := range Sequences {
		if s.code() == code {
			return s, true
		}
	}
	return 0, false
}

// Workshop is the typed side of a workshop.
type Workshop struct {
	Entry, Assembly, Code, Room string
	Languages                   []string
	Sequence                    Sequence
}

// Open tells whether one of its sequences is open.
func (w Workshop) Open() bool { return w.Sequence == First || w.Sequence == Second }

// Step is the state of the whole.
func (w Workshop) Step() Step {
	switch w.Sequence {
	case ToCome:
		return StepComing
	case Over:
		return StepClosed
	}
	return StepOpen
}

// MayLead: who runs a workshop, or the assembly it is in.
func MayLead(a people.Actor, w Workshop) bool {
	return a.IsAny([]string{w.Entry}, people.Facilitator, people.Rapporteur) || MayRun(a, w.Assembly)
}

// CodeOf cleans a code as people type it from a wall: spaces, dashes and case
// do not matter.
func CodeOf(typed string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '.' || r == '\u00a0' || r == '\u202f' {
			return -1
		}
		return r
	}, strings.ToLower(strings.TrimSpace(typed)))
}
