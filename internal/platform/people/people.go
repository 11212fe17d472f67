// Package people knows persons, organisations, mandates and sessions.
//
// The one idea: a person is not an organisation. A mandate joins them, with a
// scope and dates; rights to speak, vote, sign or edit for an organisation
// come from mandates alone, and authorship outlives them. Whoever acts has
// picked for whom: that is the Actor.
package people

import (
	"strings"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lang"
)

// OrganisationKind is what an organisation is; which college it sits in is the
// alliance's choice.
type OrganisationKind string

const (
	LocalAuthority    OrganisationKind = "local_authority"
	CivilSociety      OrganisationKind = "civil_society"
	MigrantLed        OrganisationKind = "migrant_led"
	Network           OrganisationKind = "network"
	PublicInstitution OrganisationKind = "public_institution"
	Academia          OrganisationKind = "academia"
)

// OrganisationKinds lists the kinds in the order pages show them.
var OrganisationKinds = []OrganisationKind{LocalAuthority, CivilSociety, MigrantLed, Network, PublicInstitution, Academia}

// Person is an account.
type Person struct {
	ID, Name, Email, Lang string
	HasPassword           bool
	Created, Erased       db.Instant
}

// Organisation is a member or contact, as one who acts. Its public profile is
// the entry with the same identifier.
type Organisation struct {
	ID        string
	Kind      OrganisationKind
	Name      string
	Country   string
	Created   db.Instant
	Withdrawn db.Instant
}

// Scope is what a mandate allows.
type Scope string

const (
	Speak Scope = "speak"
	Vote  Scope = "vote"
	Sign  Scope = "sign"
	Edit  Scope = "edit"
)

// Mandate is the right of a person to act for an organisation, from and until
// a date. One organisation has one voice: several may hold a vote mandate, but
// only one ballot counts.
type Mandate struct {
	ID, Organisation, Person string
	OrganisationName         string
	OrganisationKind         OrganisationKind
	PersonName               string
	Speak, Vote, Sign, Edit  bool
	Since, Until             db.Instant
	Document, Reference      string
	GrantedBy                string
	Granted, Ended           db.Instant
	Factor                   bool // the organisation asks for a second factor
}

// Allows tells whether the mandate gives the scope at that instant.
func (m Mandate) Allows(s Scope, at db.Instant) bool {
	if !m.Holds(at) {
		return false
	}
	switch s {
	case Speak:
		return m.Speak
	case Vote:
		return m.Vote
	case Sign:
		return m.Sign
	case Edit:
		return m.Edit
	}
	return false
}

// Allow adds a scope to a mandate that is being made.
func (m *Mandate) Allow(s Scope) {
	switch s {
	case Speak:
		m.Speak = true
	case Vote:
		m.Vote = true
	case Sign:
		m.Sign = true
	case Edit:
		m.Edit = true
	}
}

// Holds tells whether the mandate is in force at that instant.
func (m Mandate) Holds(at db.Instant) bool {
	return m.ID != "" && m.Since <= at && (m.Until == 0 || at < m.Until) && (m.Ended == 0 || at < m.Ended)
}

// Validate checks a new mandate.
func (m Mandate) Validate() error {
	var list fault.List
	if !m.Speak && !m.Vote && !m.Sign && !m.Edit {
		list.Add(fault.Invalid("scope", "people.mandate.no-scope", "Choose at least one thing the mandate allows."))
	}
	if m.Until != 0 && m.Until <= m.Since {
		list.Add(fault.Invalid("until", "people.mandate.dates", "The end must come after the beginning."))
	}
	return list.Err()
}

// Role is a task somebody has, for the whole alliance or in one assembly or workshop.
type Role string

const (
	Operator    Role = "operator"    // runs the server; has no say in content
	Coordinator Role = "coordinator" // the secretariat: directory, people, assemblies
	Committee   Role = "committee"   // the steering committee: synthesis, plenary, agenda
	Chair       Role = "chair"       // opens and closes votes in an assembly
	Facilitator Role = "facilitator" // of a workshop
	Rapporteur  Role = "rapporteur"  // of a workshop
)

// Roles lists the roles in the order pages show them.
var Roles = []Role{Operator, Coordinator, Committee, Chair, Facilitator, Rapporteur}

// Grant is a role held, for one scope.
type Grant struct {
	Role  Role
	Scope string // "" = everywhere
}

// Actor is who acts, and for whom. The zero Actor is a visitor.
type Actor struct {
	Person  string // "" = visitor
	Name    string
	Lang    string
	Mandate Mandate // zero = for oneself
	Grants  []Grant
	Session string     // id of the session, "" for a token
	Proved  db.Instant // last time the person proved who they are
	Seen    db.Instant // the session was noted as used
	Renew   bool       // the session must take a new secret
	Reads   bool       // tokens only: may read what the person may
	Writes  bool       // tokens only: may write
	Token   bool
	Factor  bool    // a second factor was shown in this session
	Asleep  []Grant // roles that need a second factor this session has not shown
	// Grace is until when roles count without the second factor they need; 0 = none does.
	Grace db.Instant
	// AsleepFor is the organisation whose mandate sleeps for the same reason, by name.
	AsleepFor string
	Waiting   Waiting    // somebody who has not yet shown a second factor: nobody is signed in
	At        db.Instant // instant of the request
}

// Waiting is a sign-in that is half done: no right comes from it.
type Waiting struct{ Session, Person, Mandate string }

// freshTime is how long ago somebody may have shown who they are, to do what
// cannot be undone or gives much away.
const freshTime = 15 * time.Minute

// Fresh tells whether the actor has shown lately, in this session, who they are.
func (a Actor) Fresh() bool { return a.Session != "" && a.At < a.Proved.Add(freshTime) }

// LacksFactor tells whether somebody has rights that sleep for want of a second
// factor, or will.
func (a Actor) LacksFactor() bool { return a.Sleeps() || a.Grace != 0 }

// Sleeps tells whether rights wait for a second factor.
func (a Actor) Sleeps() bool { return len(a.Asleep) > 0 || a.AsleepFor != "" }

// SignedIn tells whether the actor is known.
func (a Actor) SignedIn() bool { return a.Person != "" }

// Is tells whether the actor holds one of the roles' grants everywhere or for
// one of the scopes. a.Is(Committee, assembly)
func (a Actor) Is(role Role, scopes ...string) bool {
	for _, g := range a.Grants {
		if g.Role != role {
			continue
		}
		if g.Scope == "" {
			return true
		}
		for _, s := range scopes {
			if s == g.Scope {
				return true
			}
		}
	}
	return false
}

// IsAny tells whether the actor holds one of several roles (for any scope given).
func (a Actor) IsAny(scopes []string, roles ...Role) bool {
	for _, r := range roles {
		if a.Is(r, scopes...) {
			return true
		}
	}
	return false
}

// Somewhere tells whether the actor holds the role for any scope at all.
func (a Actor) Somewhere(role Role) bool {
	for _, g := range a.Grants {
		if g.Role == role {
			return true
		}
	}
	return false
}

// May tells whether the chosen mandate gives the scope now.
func (a Actor) May(s Scope) bool { return a.Mandate.Allows(s, a.At) }

// For is the organisation the actor acts for, "" for oneself.
func (a Actor) For() string { return a.Mandate.Organisation }

// EmailKey is the form in which addresses are compared; ok is false for what
// cannot be an address. Length and form only: proof is the mail that arrives.
func EmailKey(email string) (key string, ok bool) {
	key = strings.TrimSpace(lang.Fold(email))
	at := strings.LastIndexByte(key, '@')
	if at < 1 || at == len(key)-1 || len(key) > 254 || strings.ContainsAny(key, " \t\r\n,;<>\"") || !strings.Contains(key[at:], ".") {
		return "", false
	}
	return key, true
}
