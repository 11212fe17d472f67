// Package agenda follows what was adopted: items, the joint actions that carry
// them, their updates and evidence, and the review at the next assembly.
//
// The one idea: an action is always joint. A local authority and a
// civil-society or migrant-led organisation both carry it and both said yes
// themselves; until then it is asked for, not pledged. And nobody confirms
// their own evidence.
package agenda

import (
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/people"
)

// Step says how far an action came, in words that somebody stands for.
type Step string

const (
	Asked    Step = "asked"     // the carriers have not all the needed yes
	Pledged  Step = "pledged"   // both sides said yes
	UnderWay Step = "under_way" // a carrier says so
	Done     Step = "done"      // a carrier says so
	Verified Step = "verified"  // somebody else confirmed the evidence
	Dropped  Step = "dropped"   // with a reason
)

// Steps in the order of the way.
var Steps = []Step{Asked, Pledged, UnderWay, Done, Verified}

// next lists the steps a carrier may announce from a step. Verified comes from
// a confirmation alone, Pledged from the carriers' yes alone.
var next = map[Step][]Step{
	Pledged:  {UnderWay, Done},
	UnderWay: {Done},
	Done:     {UnderWay}, // it turned out not to be done
}

// MayAnnounce tells whether a carrier may announce that step.
func MayAnnounce(from, to Step) bool {
	for _, s := range next[from] {
		if s == to {
			return true
		}
	}
	return false
}

// Carrier is an organisation that carries an action.
type Carrier struct {
	Organisation string
	Name         string
	Kind         people.OrganisationKind
	Asked        db.Instant
	Confirmed    db.Instant
	Declined     db.Instant
}

// Joint tells why carriers do not make an action joint; nil when they do.
// confirmed counts only those who said yes.
func Joint(carriers []Carrier, confirmed bool) *fault.Fault {
	authority, society := false, false
	for _, c := range carriers {
		if c.Declined != 0 || confirmed && c.Confirmed == 0 {
			continue
		}
		switch c.Kind {
		case people.LocalAuthority:
			authority = true
		case people.CivilSociety, people.MigrantLed:
			society = true
		}
	}
	switch {
	case !authority && !society:
		return fault.Invalid("carriers", "agenda.joint.nobody", "Choose who carries the action: at least one local authority, and at least one civil-society or migrant-led organisation.")
	case !authority:
		return fault.Invalid("carriers", "agenda.joint.no-authority", "An action is joint. Choose at least one local authority that carries it too.")
	case !society:
		return fault.Invalid("carriers", "agenda.joint.no-society", "An action is joint. Choose at least one civil-society or migrant-led organisation that carries it too.")
	}
	return nil
}

// waiting names the carriers that were asked and have not answered.
func (a Action) waiting() (names []string) {
	for _, c := range a.Carriers {
		if c.Confirmed == 0 && c.Declined == 0 {
			names = append(names, c.Name)
		}
	}
	return names
}

// Health is what the review says of an action.
type Health string

const (
	Moved   Health = "moved"
	Silent  Health = "silent"
	Late    Health = "late"
	Ended   Health = "done"
	Stopped Health = "dropped"
	Waiting Health = "waiting" // for a carrier's yes
)

// SilentAfter is how long an action may go without news.
const SilentAfter = 120 * 24 * time.Hour

// Action is the typed side of an action.
type Action struct {
	Entry, Item string
	Step        Step
	Due         db.Instant // 0 = none; the end of that day
	Heard       db.Instant
	Ended       db.Instant
	Carriers    []Carrier
}

// Health judges an action at an instant. Late comes before silent: it names
// the sharper fact.
func (a Action) Health(now db.Instant) Health {
	switch {
	case a.Step == Dropped:
		return Stopped
	case a.Step == Done || a.Step == Verified:
		return Ended
	case a.Due != 0 && now > a.Due:
		return Late
	case now > a.Heard.Add(SilentAfter):
		return Silent
	case a.Step == Asked:
		return Waiting
	}
	return Moved
}

// CarriedBy tells whether an organisation carries the action and has not declined.
func (a Action) CarriedBy(organisation string) bool {
	for _, c := range a.Carriers {
		if c.Organisation == organisation && organisation != "" && c.Declined == 0 {
			return true
		}
	}
	return false
}

// MayReport: who speaks for a carrier.
func (a Action) MayReport(actor people.Actor) bool {
	return actor.May(people.Speak) && a.CarriedBy(actor.For())
}

// Item is the typed side of an adopted item.
type Item struct {
	Entry, Motion string
	Number        int
	Decided       db.Instant
}

// Evidence is the typed side of a piece of evidence.
type Evidence struct {
	Entry, Action, Link, File string
	Confirmed                 db.Instant
	ConfirmedBy, ConfirmedFor string
}

// MayConfirm: whoever speaks for another organisation than the one that gave it.
func (e Evidence) MayConfirm(actor people.Actor, givenBy string) bool {
	return e.Confirmed == 0 && actor.May(people.Speak) && actor.For() != givenBy
}
