// Package account is the door and the own corner of everybody who has an
// account: signing in, invitations, mandates, roles, sessions, tokens, and the
// page that says what waits.
//
// The one idea: an account gives no right. Rights come from mandates, which
// organisations give, and from roles, which the coordination gives; both are
// asked again at every request, so what has ended counts no more.
package account

import (
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/people"
)

// What links are for, as platform/people keeps them.
const (
	linkSignIn     = "sign-in"
	linkInvitation = "invitation"
)

// How long things last, and how often they may be tried.
const (
	signInTime     = 30 * time.Minute
	invitationTime = 14 * 24 * time.Hour
	// Passwords: after so many wrong ones for an account its password way waits;
	// the way by link stays, so nobody can be locked out from outside.
	passwordTries = 6
	passwordWait  = 15 * time.Minute
	// Links: more mails than these an hour only fill a letter box.
	linkTries = 5
	linkWait  = time.Hour
	// One network may be one hall full of delegates behind one address: it gets
	// more, and only what fails counts. It still bounds whoever tries one
	// password on every account, or asks for links in other people's names.
	networkPasswords   = 60
	networkLinks       = 300
	networkPasskeys    = 300
	networkInvitations = 300
	personInvitations  = 200
	personTokens       = 20
)

// inForce keeps the mandates that hold at an instant.
func inForce(list []people.Mandate, at db.Instant) (held []people.Mandate) {
	for _, m := range list {
		if m.Holds(at) {
			held = append(held, m)
		}
	}
	return held
}
