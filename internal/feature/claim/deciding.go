package claim

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/file"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/people"
)

// lookers are who may decide a claim now.
type lookers struct {
	authorities, associations [][]string // pair by pair, the widest last
	coordination              bool       // no pair is left: only the coordination is told
}

func (f *Feature) lookers(ctx context.Context, q db.Q, c Claim) (l lookers, err error) {
	all, err := f.lookersOf(ctx, q, c)
	if l, ok := all[c.ID]; ok || err != nil {
		return l, err
	}
	return l, fault.Missing()
}

// lookersOf gives them by claim; one whose organisation is no longer there is left out.
func (f *Feature) lookersOf(ctx context.Context, q db.Q, list ...Claim) (map[string]lookers, error) {
	pairs, err := f.asks.Pairs(ctx, q)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, c := range list {
		ids = append(ids, c.Organisation)
	}
	found, err := entry.Many(ctx, q, ids)
	if err == nil {
		err = entry.Themed(ctx, q, found)
	}
	all := map[string]lookers{}
	for _, c := range list {
		if e := found[c.Organisation]; e.ID == c.Organisation { // not one that it was merged into since
			var l lookers
			l.authorities, l.associations, l.coordination = pairs(e.Place, e.Themes, c.Widened)
			all[c.ID] = l
		}
	}
	return all, err
}

// seat gives from where an actor may speak on a claim, "" for nowhere. Who
// speaks for the organisation does not decide about it.
func (l lookers) seat(a people.Actor, c Claim) Seat {
	mine := a.For()
	switch {
	case mine != "" && mine == c.Organisation:
		return Own
	case a.Is(people.Coordinator):
		return Coordination
	case mine == "" || !a.May(people.Edit):
		return ""
	}
	for i := range l.authorities {
		switch {
		case slices.Contains(l.authorities[i], mine):
			return Authority
		case slices.Contains(l.associations[i], mine):
			return Association
		}
	}
	return ""
}

// deciders are the persons who are told of a claim: those who edit for one of
// the pair that joined last, or the coordination.
func (f *Feature) deciders(ctx context.Context, q db.Q, l lookers) (persons []string, err error) {
	if n := len(l.authorities); n > 0 && !l.coordination {
		for _, organisation := range slices.Concat(l.authorities[n-1], l.associations[n-1]) {
			list, err := people.MandatesFor(ctx, q, organisation)
			if err != nil {
				return nil, err
			}
			for _, m := range list {
				if m.Allows(people.Edit, f.DB.Now()) {
					persons = append(persons, m.Person)
				}
			}
		}
		return persons, nil
	}
	holders, err := people.Holders(ctx, q, people.Coordinator, "")
	for _, p := range holders {
		persons = append(persons, p.ID)
	}
	return persons, err
}

// Decide is the word of one seat. Of two at once the second is told.
func (f *Feature) Decide(ctx context.Context, tx *db.Tx, a people.Actor, s Said) (Claim, error) {
	c, err := f.held(ctx, tx, s.Claim)
	if err != nil {
		return c, err
	}
	l, err := f.lookers(ctx, tx, c)
	if err != nil {
		return c, err
	}
	if s.Seat = l.seat(a, c); s.Seat == "" || c.State == Asked {
		return c, fault.Missing()
	}
	if (s.Seat == Own) != (s.Act == Object) {
		return c, access.Denied()
	}
	if c.State != Waiting {
		return c, fault.Conflict("claim.decided", "This was decided meanwhile. The page shows how.")
	}
	if err := s.validate(tx.Now()); err != nil {
		return c, err
	}
	said, err := saidOf(ctx, tx, c.ID)
	if err != nil {
		return c, err
	}
	if slices.ContainsFunc(said, func(x Said) bool { return x.Seat == s.Seat }) {
		return c, fault.Conflict("claim.turn", "Your side has spoken already. The others have their turn.")
	}
	s.Person, s.Organisation, s.At = a.Person, a.For(), tx.Now()
	if s.Seat == Coordination {
		s.Organisation = ""
	}
	said = append(said, s)
	if scopes, _ := Narrowest(said); s.Act == Agree && len(scopes) == 0 {
		return c, fault.Invalid("scope", "claim.scope.common", "The other side allows other things. Choose at least one that it allows, too.")
	}
	if err := addSaid(ctx, tx, s); err != nil {
		return c, err
	}
	journal.Tell(tx, a, journal.Event{Verb: "claim." + string(s.Act), Kind: "claim", Subject: c.ID, Scope: c.Organisation})
	switch c.State = Outcome(said); c.State {
	case Accepted:
		return c, f.accept(ctx, tx, a, c, said)
	case Refused:
		c.Reason = s.Reason
		return c, f.end(ctx, tx, c, letter{which: refusedMail, words: s.Words})
	}
	return c, nil
}

// accept invites the claimant with the narrowest mandate that was agreed.
func (f *Feature) accept(ctx context.Context, tx *db.Tx, a people.Actor, c Claim, said []Said) error {
	if c.Claimant.Email == "" {
		return fault.Conflict("claim.unreadable", "What was sealed cannot be read any more. Ask for a new claim.")
	}
	scopes, ends := Narrowest(said)
	m := people.Mandate{Organisation: c.Organisation, Until: ends, Document: c.Document}
	for _, s := range scopes {
		m.Allow(s)
	}
	if err := f.asks.Invite(ctx, tx, a, Invited{Claim: c.ID, Name: c.Claimant.Name, Email: c.Claimant.Email, Lang: c.Claimant.Lang, Mandate: m}); err != nil {
		return err
	}
	c.Document = "" // it goes with the mandate
	return f.end(ctx, tx, c, letter{which: acceptedMail})
}

// end tells the claimant, and erases what is known of them.
func (f *Feature) end(ctx context.Context, tx *db.Tx, c Claim, l letter) error {
	c.Ended, c.Due, c.Until = tx.Now(), 0, tx.Now().Add(linkAfter)
	if err := f.write(ctx, tx, c, l); err != nil {
		return err
	}
	if c.Document != "" {
		if err := file.Remove(ctx, tx, c.Document); err != nil {
			return err
		}
		c.Document = ""
	}
	return move(ctx, tx, c)
}

// turns lets the next wider pair decide, ends what nobody decided in time, and
// deletes what was never confirmed.
func (f *Feature) turns(ctx context.Context) error {
	list, err := f.late(ctx, f.DB, f.DB.Now())
	if err != nil {
		return err
	}
	var failed []error // one that fails keeps no other waiting
	for _, one := range list {
		if err := f.DB.Do(ctx, func(ctx context.Context, tx *db.Tx) error { return f.pass(ctx, tx, one.ID) }); err != nil {
			failed = append(failed, fmt.Errorf("claim: %s: %w", one.ID, err))
		}
	}
	return errors.Join(failed...)
}

func (f *Feature) pass(ctx context.Context, tx *db.Tx, claim string) error {
	c, err := f.held(ctx, tx, claim)
	if fault.Is(err, fault.KindNotFound) {
		return nil
	}
	if err != nil || c.State.Over() {
		return err
	}
	switch {
	case c.State == Asked && c.Until <= tx.Now():
		return f.drop(ctx, tx, c)
	case c.State == Waiting && c.Until <= tx.Now():
		c.State = Expired
		journal.Tell(tx, people.Actor{}, journal.Event{Verb: "claim.expired", Kind: "claim", Subject: c.ID, Scope: c.Organisation})
		return f.end(ctx, tx, c, letter{which: expiredMail})
	case c.State == Waiting && c.Due != 0 && c.Due <= tx.Now():
		c.Widened++
		return f.turn(ctx, tx, &c)
	}
	return nil // done by another node
}

// forActor lists what waits for the actor's word, the oldest first.
func (f *Feature) forActor(ctx context.Context, q db.Q, a people.Actor) (list []Claim, err error) {
	waiting, err := f.waiting(ctx, q)
	if err != nil || len(waiting) == 0 {
		return nil, err
	}
	all, err := f.lookersOf(ctx, q, waiting...)
	for _, c := range waiting {
		if l, ok := all[c.ID]; ok && l.seat(a, c) != "" {
			list = append(list, c)
		}
	}
	return list, err
}
