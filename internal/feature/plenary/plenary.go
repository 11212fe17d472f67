// Package plenary puts motions to the vote of the colleges.
//
// The one idea: this package collects, and package ballot counts. Opening a
// motion freezes its roll and rule; casting adds a ballot; closing writes one
// file with everything that matters, hands it to ballot.Count and keeps file
// and result. Nothing tells how a vote stands before it is closed, to anybody.
package plenary

import (
	"alliance/internal/feature/plenary/ballot"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
)

// State of a motion.
type State string

const (
	Coming    State = "coming"
	Open      State = "open"
	Decided   State = "decided"
	Withdrawn State = "withdrawn"
)

// Motion is the typed side of a motion.
type Motion struct {
	Entry, Assembly   string
	Number            int
	Becomes           string // action or principle
	State             State
	Secret, Revisable bool
	Rule              string // JSON, frozen at opening
	Opened, Closes    db.Instant
	Result, Outcome   string
	Item              string
}

// Seat is an organisation on the roll.
type Seat struct {
	Organisation string
	Name         string
	Kind         people.OrganisationKind
	College      string
	Voices       int
	Present      bool
	Votes        int
}

// Accepts tells whether a vote at that instant counts. The closing instant
// itself is late.
func (m Motion) Accepts(at db.Instant) bool {
	return m.State == Open && at >= m.Opened && (m.Closes == 0 || at < m.Closes)
}

// Over tells that the motion's time has passed and it waits to be counted.
func (m Motion) Over(at db.Instant) bool {
	return m.State == Open && m.Closes != 0 && at >= m.Closes
}

// Choices one may vote, in the order of the paper.
var Choices = []string{ballot.For, ballot.Against, ballot.Abstain}

// MayChair: the chair of this assembly, or its committee or coordination.
func MayChair(a people.Actor, assembly string) bool {
	return a.IsAny([]string{assembly}, people.Chair, people.Committee, people.Coordinator)
}

// Amendment is a proposed change of one text of a motion.
type Amendment struct {
	Entry, Motion, Field, Base string
	State                      string // proposed, accepted, refused
}

// setWords gives an amendment or reservation its words. Titles are short
// everywhere, so longer words stand in the body, with their beginning as title.
func setWords(e *entry.Entry, words string) {
	if r := []rune(words); len(r) > entry.Limit(entry.Title) {
		e.Set(entry.Title, string(r[:120])+"…")
		e.Set("body", words)
		return
	}
	e.Set(entry.Title, words)
}

// wordsOf gives them back.
func wordsOf(e entry.Entry) lang.Text {
	if body := e.Text("body"); !body.Empty() {
		return body
	}
	return e.Title()
}

// Texts of a motion that may be amended.
var amendable = []string{"title", "summary", "body"}
