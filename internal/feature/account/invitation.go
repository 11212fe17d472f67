package account

import (
	"time"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/people"
)

// Invitation asks somebody by e-mail to act for an organisation. With no
// organisation it gives an account only, for those who serve the alliance.
type Invitation struct {
	ID, Email, Name, Lang string
	Mandate               people.Mandate // what it will give: organisation, scopes, dates, document, reference
	By, ByName, ByMandate string
	Created, Expires      db.Instant
	Withdrawn, Accepted   db.Instant
	Person                string // who accepted
	Decided               string // the claim whose acceptance it follows from; "" = whoever wrote it may invite
	Replaces              string // mandate that ends when this one is accepted; "" = none
	Waits                 bool   // for the coordination to confirm: no mail went out
	link                  string
}

// Open tells whether it can still be accepted.
func (i Invitation) Open(at db.Instant) bool {
	return i.Withdrawn == 0 && i.Accepted == 0 && at < i.Expires
}

// Validate checks what was typed.
func (i Invitation) Validate(now db.Instant) error {
	var list fault.List
	if _, ok := people.EmailKey(i.Email); !ok {
		list.Add(fault.Invalid("email", "people.email.form", "Write an e-mail address, such as name@example.org."))
	}
	if len([]rune(i.Name)) > 200 {
		list.Add(fault.Invalid("name", "account.name.long", "This name is too long."))
	}
	m := i.Mandate
	if m.Organisation == "" {
		return list.Err()
	}
	if m.Since == 0 {
		m.Since = now
	}
	for _, f := range fault.Of(m.Validate()) {
		list.Add(f)
	}
	if m.Until != 0 && m.Until <= now {
		list.Add(fault.Invalid("until", "account.until.past", "This day is over. Choose a later one."))
	}
	if len([]rune(i.Mandate.Reference)) > 300 {
		list.Add(fault.Invalid("reference", "account.reference.long", "At most 300 characters."))
	}
	return list.Err()
}

// MayInvite tells whether the actor may invite for an organisation: the
// coordination for all of them and for none, a delegate who may edit for their own.
func MayInvite(a people.Actor, organisation string) bool {
	return a.Is(people.Coordinator) || organisation != "" && a.For() == organisation && a.May(people.Edit)
}

// within refuses a mandate wider than the one it is handed on from: nobody
// gives what they do not have. The coordination gives what an organisation decided.
func within(a people.Actor, m people.Mandate) error {
	if a.Is(people.Coordinator) {
		return nil
	}
	for _, s := range scopes {
		if s.of(m) && !a.May(s.scope) {
			return fault.Invalid("scope", "account.scope.wider", "You can only hand on what your own mandate allows.")
		}
	}
	if own := a.Mandate.Until; own != 0 && (m.Until == 0 || m.Until > own) {
		return fault.Invalid("until", "account.until.wider", "It cannot last longer than your own mandate.")
	}
	return nil
}

// MaySeeDocument tells whether the actor may read the deliberation behind a
// mandate: its person, the organisation's delegates, the coordination.
func MaySeeDocument(a people.Actor, m people.Mandate) bool {
	return a.SignedIn() && (a.Person == m.Person || a.For() == m.Organisation || a.Is(people.Coordinator))
}

// MayEnd tells whether the actor may end a mandate: its person gives it up,
// the organisation takes it back, the coordination ends it.
func MayEnd(a people.Actor, m people.Mandate) bool {
	return a.SignedIn() && (a.Person == m.Person || MayInvite(a, m.Organisation))
}

// MayGive tells whether the actor may give or take a role everywhere. Operators
// run the server and have no say in content: they make operators, nothing else.
func MayGive(a people.Actor, r people.Role) error {
	switch {
	case r == people.Operator && a.Is(people.Operator):
	case r != people.Operator && a.Is(people.Coordinator):
	default:
		return access.Denied()
	}
	return nil
}

// day reads "2026-11-22"; an end counts to the end of its day.
func day(field, typed string, end bool) (db.Instant, *fault.Fault) {
	if typed == "" {
		return 0, nil
	}
	t, err := time.Parse(time.DateOnly, typed)
	if err != nil || t.Year() < 2000 || t.Year() > 2200 {
		return 0, fault.Invalid(field, "account.day", "Write a day, a month and a year, such as 22 11 2026.")
	}
	if end {
		t = t.AddDate(0, 0, 1)
	}
	return db.At(t), nil
}
