// Package claim lets somebody without an account say that they act for an
// organisation of the directory, and lets the right people decide it.
//
// The one idea: a claim proves nothing. An address at the organisation's web
// site is a sign; a pair of validators of its place, or the coordination,
// decides, and what follows is an invitation with a mandate, with an end. Who
// speaks for the organisation already is told, and an objection leaves the
// decision to the coordination. What is known of the claimant is erased then.
package claim

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/mail"
	"alliance/internal/platform/people"
)

// State of a claim.
type State string

const (
	Asked    State = "asked"   // its address is not confirmed
	Waiting  State = "waiting" // for a decision
	Accepted State = "accepted"
	Refused  State = "refused"
	Expired  State = "expired" // nobody decided in time
)

// Over tells that nothing changes any more.
func (s State) Over() bool { return s == Accepted || s == Refused || s == Expired }

// How long things last, and how many may come.
const (
	hour          = time.Hour
	day           = 24 * hour
	confirmWithin = 48 * hour
	turnLasts     = 14 * day // before the next wider pair may decide, too
	claimLasts    = 60 * day
	linkAfter     = 30 * day // after the end
	mandateLasts  = 365 * day
	mostLasts     = 6 * 366 * day // of a mandate: a term of office
	networkAsks   = 10            // an hour
	addressMails  = 5             // a day
	mostOpen      = 5             // claims of one organisation at a time
	longest       = 2000          // of words
)

// Claimant is who claims: sealed, and erased with the decision.
type Claimant struct {
	Name  string `json:"n"`
	Role  string `json:"r"` // in the organisation
	Email string `json:"e"`
	Lang  string `json:"l"` // of the mails
	Proof string `json:"p"` // what proves it, in their words
}

func (c Claimant) validate() error {
	var list fault.List
	if strings.TrimSpace(c.Name) == "" {
		list.Add(fault.Invalid("name", "people.name.empty", "Write a name."))
	}
	if strings.TrimSpace(c.Role) == "" {
		list.Add(fault.Invalid("role", "claim.role.empty", "Say what you do there."))
	}
	if strings.TrimSpace(c.Proof) == "" {
		list.Add(fault.Invalid("proof", "claim.proof.empty", "Say how we can verify it."))
	}
	for _, x := range []struct {
		field, value string
		most         int
	}{{"name", c.Name, 200}, {"role", c.Role, 200}, {"proof", c.Proof, longest}} {
		if len([]rune(x.value)) > x.most {
			list.Add(fault.Invalid(x.field, "entry.text.long", "This text is too long: at most {n} characters.", "n", x.most))
		}
	}
	if _, ok := people.EmailKey(c.Email); !ok || !mail.Address(c.Email) {
		list.Add(fault.Invalid("email", "people.email.form", "Write an e-mail address, such as name@example.org."))
	}
	return list.Err()
}

// Claim is one.
type Claim struct {
	ID, Organisation  string
	State             State
	Claimant          Claimant
	Document          string
	SameSite          bool
	At                db.Instant
	Widened           int
	Due, Until, Ended db.Instant
	Reason            Reason
}

// Act is what somebody says of a claim.
type Act string

const (
	Agree  Act = "agree"
	Refuse Act = "refuse"
	Object Act = "object" // of those who speak for the organisation already
)

// Seat is the side from which somebody says it.
type Seat string

const (
	Authority    Seat = "authority"
	Association  Seat = "association"
	Coordination Seat = "coordination"
	Own          Seat = "own"
)

// Reason of a refusal.
type Reason string

// Reasons in the order pages show them.
var Reasons = []Reason{"unproven", "unreachable", "person", "spoken", "other"}

// Said is what a seat says.
type Said struct {
	Claim        string
	Seat         Seat
	Organisation string
	Person       string
	Act          Act
	Reason       Reason
	Words        string
	Scopes       []people.Scope // with Agree
	Ends         db.Instant     // of the mandate
	At           db.Instant
}

// Scopes a mandate can have, in the order pages show them.
var Scopes = []people.Scope{people.Speak, people.Vote, people.Sign, people.Edit}

func (s Said) validate(now db.Instant) error {
	var list fault.List
	switch s.Act {
	case Agree:
		if len(s.Scopes) == 0 {
			list.Add(fault.Invalid("scope", "people.mandate.no-scope", "Choose at least one thing the mandate allows."))
		}
		if s.Ends <= now || s.Ends > now.Add(mostLasts) {
			list.Add(fault.Invalid("until", "claim.until", "The mandate needs an end: a day to come, at most six years from now."))
		}
	case Refuse:
		if !slices.Contains(Reasons, s.Reason) {
			list.Add(fault.Invalid("reason", "claim.reason.choose", "Choose the reason: the claimant is told."))
		}
	case Object:
		if strings.TrimSpace(s.Words) == "" {
			list.Add(fault.Invalid("words", "claim.object.words", "Say why: those who decide read it."))
		}
	default:
		list.Add(fault.Invalid("act", "claim.act.choose", "Choose what you decide."))
	}
	if len([]rune(s.Words)) > longest {
		list.Add(fault.Invalid("words", "entry.text.long", "This text is too long: at most {n} characters.", "n", longest))
	}
	return list.Err()
}

// Outcome is what follows from what was said. One refusal ends it. It takes both
// of a pair to accept, and the coordination alone where somebody objected.
func Outcome(said []Said) State {
	agreed, objected := map[Seat]bool{}, false
	for _, s := range said {
		switch s.Act {
		case Refuse:
			return Refused
		case Object:
			objected = true
		case Agree:
			agreed[s.Seat] = true
		}
	}
	if agreed[Coordination] || !objected && agreed[Authority] && agreed[Association] {
		return Accepted
	}
	return Waiting
}

// Narrowest is the mandate that all who agreed would give: what each of them
// allows, until the first of their ends. The coordination's word counts alone.
func Narrowest(said []Said) (scopes []people.Scope, ends db.Instant) {
	scopes = slices.Clone(Scopes)
	for _, s := range said {
		if s.Act == Agree && s.Seat == Coordination {
			return s.Scopes, s.Ends
		}
	}
	for _, s := range said {
		if s.Act != Agree {
			continue
		}
		scopes = slices.DeleteFunc(scopes, func(x people.Scope) bool { return !slices.Contains(s.Scopes, x) })
		if ends == 0 || s.Ends < ends {
			ends = s.Ends
		}
	}
	return scopes, ends
}

// SameSite tells that an address of mail is at the host of a web site: a sign,
// since whoever has an address there need not speak for it.
func SameSite(email, site string) bool {
	key, ok := people.EmailKey(email)
	u, err := url.Parse(site)
	if !ok || err != nil || u.Hostname() == "" {
		return false
	}
	host := strings.TrimPrefix(lang.Fold(u.Hostname()), "www.")
	return key[strings.LastIndexByte(key, '@')+1:] == host
}
