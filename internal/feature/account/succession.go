package account

import (
	"context"
	"time"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/notice"
	"alliance/internal/platform/people"
)

// MayRenew tells whether the actor may move the end of a mandate: the
// coordination, or another delegate who may edit. Nobody prolongs their own.
func MayRenew(a people.Actor, m people.Mandate) bool {
	return a.Is(people.Coordinator) || m.Person != a.Person && MayInvite(a, m.Organisation)
}

// over is the answer about a mandate that counts no more; nil for others.
func over(m people.Mandate, at db.Instant) error {
	if m.Ended != 0 || m.Until != 0 && m.Until <= at {
		return fault.Conflict("account.mandate.over", "This mandate has ended already.")
	}
	return nil
}

// usual is the end a renewal offers: as long again as the mandate lasted, at
// least a year, and not longer than the actor's own.
func usual(a people.Actor, m people.Mandate) db.Instant {
	long := max(db.Instant(0).Add(365*24*time.Hour), m.Until-m.Since)
	until := m.Until + long
	if own := a.Mandate.Until; own != 0 && !a.Is(people.Coordinator) {
		until = min(until, own)
	}
	return until
}

// Renew moves the end of a mandate to a later day; another decision may be named.
func (a *Account) Renew(ctx context.Context, tx *db.Tx, actor people.Actor, mandate string, until db.Instant, reference string) (people.Mandate, error) {
	m, err := people.MandateByID(ctx, tx, mandate)
	if err != nil {
		return m, err
	}
	if !MayRenew(actor, m) {
		return m, access.Denied()
	}
	if err := over(m, tx.Now()); err != nil {
		return m, err
	}
	switch {
	case m.Until == 0:
		return m, fault.Conflict("account.renew.endless", "This mandate has no end: there is nothing to renew.")
	case until <= m.Until:
		return m, fault.Invalid("until", "account.renew.later", "Choose a day after the present end.")
	case len([]rune(reference)) > 300:
		return m, fault.Invalid("reference", "account.reference.long", "At most 300 characters.")
	}
	m.Until = until
	if err := within(actor, m); err != nil {
		return m, err
	}
	if err := people.RenewMandate(ctx, tx, m.ID, until, reference); err != nil {
		return m, err
	}
	journal.Tell(tx, actor, journal.Event{Verb: "mandate.renewed", Kind: "mandate", Subject: m.ID, Scope: m.Organisation, Data: map[string]string{"person": m.Person}})
	if m.Person == actor.Person {
		return m, nil
	}
	return m, notice.Tell(ctx, tx, notice.New{Person: m.Person, Key: "account.notice.renewed", English: "Your mandate for {organisation} goes on.",
		Args: map[string]string{"organisation": m.OrganisationName}, Link: "/me", Mail: true})
}

// HandOver names who follows under a mandate. The invitation goes out at once
// where the actor could invite so; otherwise the coordination confirms it
// first: somebody whose right ends does not alone decide on what comes after.
func (a *Account) HandOver(ctx context.Context, tx *db.Tx, actor people.Actor, network, mandate string, i Invitation) (Invitation, error) {
	m, err := people.MandateByID(ctx, tx, mandate)
	if err != nil {
		return i, err
	}
	if !MayEnd(actor, m) {
		return i, access.Denied()
	}
	if err := over(m, tx.Now()); err != nil {
		return i, err
	}
	i.Mandate.Organisation, i.Mandate.OrganisationName, i.Replaces = m.Organisation, m.OrganisationName, m.ID
	if err := i.Validate(tx.Now()); err != nil {
		return i, err
	}
	if err := a.another(ctx, tx, m, i); err != nil {
		return i, err
	}
	if err := mayMail(ctx, tx, actor, network, i.Email); err != nil {
		return i, err
	}
	if i.Waits = !MayInvite(actor, m.Organisation) || within(actor, i.Mandate) != nil; !i.Waits {
		return a.offer(ctx, tx, actor, i)
	}
	for _, s := range scopes {
		if s.of(i.Mandate) && !s.of(m) {
			return i, fault.Invalid("scope", "account.scope.wider", "You can only hand on what your own mandate allows.")
		}
	}
	if i, err = a.offer(ctx, tx, actor, i); err != nil {
		return i, err
	}
	holders, err := people.Holders(ctx, tx, people.Coordinator, "")
	if err != nil {
		return i, err
	}
	var persons []string
	for _, p := range holders {
		persons = append(persons, p.ID)
	}
	return i, notice.TellAll(ctx, tx, persons, notice.New{Key: "account.notice.successor", English: "{person} names who comes next for {organisation}. Please confirm.",
		Args: map[string]string{"person": actor.Name, "organisation": m.OrganisationName}, Link: "/people", Mail: true})
}

// another refuses to hand over to who holds the mandate already.
func (a *Account) another(ctx context.Context, q db.Q, m people.Mandate, i Invitation) error {
	p, err := people.PersonByEmail(ctx, q, i.Email)
	if err == nil && p.ID == m.Person {
		return fault.Invalid("email", "account.successor.same", "This is who holds the mandate now. Renew it instead.")
	}
	if fault.Is(err, fault.KindNotFound) {
		return nil
	}
	return err
}

// Confirm lets an invitation out that waits for the coordination.
func (a *Account) Confirm(ctx context.Context, tx *db.Tx, actor people.Actor, invitation string) (Invitation, error) {
	if !actor.Is(people.Coordinator) {
		return Invitation{}, access.Denied()
	}
	i, err := byID(ctx, tx, invitation)
	if err != nil {
		return i, err
	}
	if !i.Waits || !i.Open(tx.Now()) {
		return i, fault.Conflict("account.invitation.over", "This invitation was accepted, taken back, or is too old.")
	}
	named := i.By
	i.Waits = false
	if i, err = a.offer(ctx, tx, actor, i); err != nil || named == actor.Person {
		return i, err
	}
	return i, notice.Tell(ctx, tx, notice.New{Person: named, Key: "account.notice.confirmed", English: "The coordination confirmed who comes next for {organisation}. The invitation is on its way.",
		Args: map[string]string{"organisation": i.Mandate.OrganisationName}, Link: "/mandates?organisation=" + i.Mandate.Organisation})
}

// succeed ends the mandate that a new one takes the place of, on the day the
// new one begins. What was written under it stays; who held it is told.
func (a *Account) succeed(ctx context.Context, tx *db.Tx, i Invitation, m people.Mandate) error {
	old, err := people.MandateByID(ctx, tx, i.Replaces)
	if err != nil || old.Person == m.Person {
		return err
	}
	if over(old, tx.Now()) == nil {
		if err := people.EndMandateOn(ctx, tx, old.ID, m.Since, i.By); err != nil {
			return err
		}
	}
	journal.Tell(tx, people.Actor{Person: i.By}, journal.Event{Verb: "mandate.handed-over", Kind: "mandate", Subject: old.ID, Scope: old.Organisation, Data: map[string]string{"person": old.Person, "to": m.Person}})
	if a.Handed != nil {
		if err := a.Handed(ctx, tx, old, m); err != nil {
			return err
		}
	}
	to, err := people.PersonByID(ctx, tx, m.Person)
	if err != nil {
		return err
	}
	return notice.Tell(ctx, tx, notice.New{Person: old.Person, Key: "account.notice.succeeded", English: "{person} has accepted to act for {organisation} after you.",
		Args: map[string]string{"person": to.Name, "organisation": old.OrganisationName}, Link: "/me", Mail: true})
}
