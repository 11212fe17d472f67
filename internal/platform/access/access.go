// Package access says who may do what.
//
// The one idea: no route without a policy, and a policy is a plain function of
// the actor. A policy on the route answers "may somebody like this come in";
// whether this person may do it to this thing is asked again in the use case,
// where the thing is known. The table of routes, roles and answers is golden:
// internal/app/testdata/access.txt.
package access

import (
	"strings"

	"alliance/internal/platform/fault"
	"alliance/internal/platform/people"
)

// Policy lets an actor in, or not.
type Policy struct {
	Name  string
	Allow func(people.Actor) bool
	// Hidden answers "not found" to those it keeps out: the route itself tells something.
	Hidden bool
}

// Everyone may come in, visitors too.
var Everyone = Policy{Name: "everyone", Allow: func(people.Actor) bool { return true }}

// SignedIn needs an account, no mandate.
var SignedIn = Policy{Name: "signed in", Allow: people.Actor.SignedIn}

// Mandated needs a mandate that allows the scope now.
func Mandated(s people.Scope) Policy {
	return Policy{Name: "mandate to " + string(s), Allow: func(a people.Actor) bool { return a.May(s) }}
}

// Role needs one of the roles, for any scope: the use case asks for which.
func Role(roles ...people.Role) Policy {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = string(r)
	}
	return Policy{Name: strings.Join(names, " or "), Allow: func(a people.Actor) bool {
		for _, r := range roles {
			if a.Somewhere(r) {
				return true
			}
		}
		return false
	}}
}

// Or lets in whoever one of the policies lets in.
func (p Policy) Or(other Policy) Policy {
	return Policy{Name: p.Name + " or " + other.Name, Hidden: p.Hidden && other.Hidden,
		Allow: func(a people.Actor) bool { return p.Allow(a) || other.Allow(a) }}
}

// Hide answers "not found" to those it keeps out.
func (p Policy) Hide() Policy { p.Hidden = true; return p }

// Check is nil for those who may come in.
func (p Policy) Check(a people.Actor) error {
	switch {
	case p.Allow(a):
		return nil
	case p.Hidden:
		return fault.Missing()
	case !a.SignedIn():
		return fault.SignIn()
	}
	if a.Sleeps() {
		return fault.Forbidden("access.asleep", "This right sleeps until you sign in with a second factor. Your page says how, under Security.")
	}
	return Denied()
}

// Denied is the answer to somebody known who lacks a right.
func Denied() *fault.Fault {
	return fault.Forbidden("access.denied", "Your role or mandate does not allow this.")
}
