package contribution

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"alliance/internal/platform/access"
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/notice"
	"alliance/internal/platform/people"
)

const (
	hour       = time.Hour
	turnsEvery = hour
)

// Decide is the word of one seat about the words of a round. When both of a
// pair agree it becomes an entry; one that refuses or asks for a change ends the
// round. Of two at once the second is told what happened, and nothing is done twice.
func (f *Feature) Decide(ctx context.Context, tx *db.Tx, a people.Actor, of alliance.Alliance, s Said) (Contribution, error) {
	if tag, ok := lang.Tag(s.Lang); ok {
		s.Lang = tag
	} else {
		s.Lang = "en"
	}
	if err := s.validate(); err != nil {
		return Contribution{}, err
	}
	if s.Act != Refuse {
		s.Reason = ""
	}
	c, err := f.held(ctx, tx, s.Contribution)
	if err != nil {
		return c, err
	}
	all, err := validators(ctx, tx)
	if err != nil {
		return c, err
	}
	if c.State == Asked {
		return c, fault.Missing()
	}
	if c.State != Waiting {
		return c, fault.Conflict("contribution.decided", "This was decided meanwhile. The page shows how.")
	}
	if s.Round != c.Round {
		return c, fault.Conflict("contribution.rewritten", "Its author changed it meanwhile. Read it again, then decide.")
	}
	own, err := f.ownOffer(ctx, tx, a, c)
	if err != nil {
		return c, err
	}
	if s.Seat = c.SeatFor(a, all); s.Seat == "" || own {
		return c, access.Denied()
	}
	said, err := saidOf(ctx, tx, c.ID)
	if err != nil {
		return c, err
	}
	now := slices.DeleteFunc(said[c.ID], func(x Said) bool { return x.Round != c.Round })
	if slices.ContainsFunc(now, func(x Said) bool { return x.Seat == s.Seat }) {
		return c, fault.Conflict("contribution.turn", "Your side has decided already. The other side has its turn.")
	}
	s.Person, s.Organisation, s.At = a.Person, a.For(), tx.Now()
	if s.Seat == Coordination {
		s.Organisation = ""
	}
	if err := addSaid(ctx, tx, s); err != nil {
		return c, err
	}
	return f.follow(ctx, tx, a, of, c, s, Outcome(append(now, s)))
}

// follow does what follows from the word that was just said.
func (f *Feature) follow(ctx context.Context, tx *db.Tx, a people.Actor, of alliance.Alliance, c Contribution, s Said, to State) (Contribution, error) {
	event := journal.Event{Verb: "contribution." + string(s.Act), Kind: "contribution", Subject: c.ID, Data: map[string]string{"kind": c.Kind}}
	l := letter{said: s}
	switch c.State = to; to {
	case Waiting: // for the other seat
		journal.Tell(tx, a, event)
		return c, nil
	case Changes:
		l.which, c.Due, c.Until = changeMail, 0, tx.Now().Add(linkLasts)
	case Refused:
		l.which, c.Reason = refusedMail, s.Reason
	case Published:
		l.which = publishedMail
		if c.Entry != "" {
			if err := f.conclude(ctx, tx, a, c, entry.Published); err != nil {
				return c, err
			}
		} else if err := f.publish(ctx, tx, of, &c); err != nil {
			return c, err
		}
		event.Verb, event.Kind, event.Subject = "contribution.published", c.Kind, c.Entry
	}
	journal.Tell(tx, a, event)
	return c, f.end(ctx, tx, c, l)
}

// end writes to the author and keeps where it stands; of what is over the
// address and the words go in the same transaction.
func (f *Feature) end(ctx context.Context, tx *db.Tx, c Contribution, l letter) error {
	if c.State.Over() {
		c.Ended, c.Due, c.Until = tx.Now(), 0, tx.Now().Add(linkAfter)
	}
	if c.Entry != "" && c.Author.Email == "" {
		if err := f.tellAuthor(ctx, tx, c, l); err != nil {
			return err
		}
		if c.State == Refused {
			if err := f.conclude(ctx, tx, people.Actor{}, c, entry.Draft); err != nil {
				return err
			}
			c.Entry = "" // the log does not name what was refused
		}
	} else if err := f.write(ctx, tx, c, l); err != nil {
		return err
	}
	return move(ctx, tx, c)
}

// publish makes an entry of it. Nobody is its author: who wrote it has no account.
func (f *Feature) publish(ctx context.Context, tx *db.Tx, of alliance.Alliance, c *Contribution) error {
	k, err := f.kind(c.Kind)
	if err != nil {
		return err
	}
	if c.Changes != "" {
		return f.publishChange(ctx, tx, of, k, c)
	}
	r, err := f.draft(ctx, tx, k, of, c.Typed)
	if fault.Of(err) != nil { // a theme or an organisation is gone since it was written
		return fault.Conflict("contribution.stale", "Something it names is no longer there. Ask its author for a change.")
	}
	if err != nil {
		return err
	}
	r, err = k.keep(ctx, tx, people.Actor{}, r)
	c.Entry = r.ID
	return err
}

// turns lets the next wider pair decide where one let its time go by, ends what
// nobody decided in half a year, and deletes what was never confirmed.
func (f *Feature) turns(ctx context.Context) error {
	now := f.DB.Now()
	if err := f.DB.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := sweepAsked(ctx, tx, tx.Now()); err != nil {
			return err
		}
		return sweepReports(ctx, tx)
	}); err != nil {
		return err
	}
	list, err := f.late(ctx, f.DB, now)
	if err != nil {
		return err
	}
	var failed []error // one that fails keeps no other waiting
	for _, one := range list {
		if err := f.DB.Do(ctx, func(ctx context.Context, tx *db.Tx) error { return f.widen(ctx, tx, one.ID) }); err != nil {
			failed = append(failed, fmt.Errorf("contribution: %s: %w", one.ID, err))
		}
	}
	return errors.Join(failed...)
}

func (f *Feature) widen(ctx context.Context, tx *db.Tx, contribution string) error {
	c, err := f.held(ctx, tx, contribution)
	if fault.Is(err, fault.KindNotFound) {
		return nil
	}
	if err != nil || c.State.Over() {
		return err
	}
	if c.Until <= tx.Now() {
		c.State, c.Reason = Refused, unanswered
		journal.Tell(tx, people.Actor{}, journal.Event{Verb: "contribution.refuse", Kind: "contribution", Subject: c.ID})
		return f.end(ctx, tx, c, letter{which: refusedMail})
	}
	if c.State != Waiting || c.Due == 0 || c.Due > tx.Now() { // decided, or done by another node
		return nil
	}
	c.Widened++
	return f.turn(ctx, tx, &c)
}

// forActor lists what waits for the actor's word, the oldest first.
func (f *Feature) forActor(ctx context.Context, q db.Q, a people.Actor) ([]Contribution, error) {
	list, err := f.waiting(ctx, q)
	if err == nil {
		err = f.known(ctx, q, list)
	}
	if err != nil || len(list) == 0 {
		return nil, err
	}
	all, err := validators(ctx, q)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(list))
	for i, c := range list {
		ids[i] = c.ID
	}
	said, err := saidOf(ctx, q, ids...)
	return slices.DeleteFunc(list, func(c Contribution) bool {
		seat := c.SeatFor(a, all)
		return seat == "" || slices.ContainsFunc(said[c.ID], func(s Said) bool { return s.Round == c.Round && s.Seat == seat })
	}), err
}

// tellPair tells those who hold a mandate to edit for one of the pair that
// joined last, or the coordination.
func (f *Feature) tellPair(ctx context.Context, tx *db.Tx, c Contribution, pairs []Pair, coordination bool) error {
	var persons []string
	if coordination {
		holders, err := people.Holders(ctx, tx, people.Coordinator, "")
		if err != nil {
			return err
		}
		for _, p := range holders {
			persons = append(persons, p.ID)
		}
	} else {
		last := pairs[len(pairs)-1]
		for _, organisation := range slices.Concat(last.Authorities, last.Associations) {
			list, err := people.MandatesFor(ctx, tx, organisation)
			if err != nil {
				return err
			}
			for _, m := range list {
				if m.Allows(people.Edit, tx.Now()) {
					persons = append(persons, m.Person)
				}
			}
		}
	}
	return notice.TellAll(ctx, tx, persons, notice.New{Key: "contribution.notice", English: "A proposal waits for you: “{title}”.",
		Args: map[string]string{"title": c.Typed.One("title")}, Link: "/validate/" + c.ID, Mail: true})
}

// Appoint makes an organisation a validator.
func Appoint(ctx context.Context, tx *db.Tx, a people.Actor, of alliance.Alliance, v Validator) error {
	o, err := people.OrganisationByID(ctx, tx, v.Organisation)
	if fault.Is(err, fault.KindNotFound) {
		return fault.Invalid("organisation", "contribution.validator.organisation", "Choose an organisation of the directory.")
	}
	if err != nil {
		return err
	}
	if SeatOf(o.Kind) == "" {
		return fault.Invalid("organisation", "contribution.validator.seat", "Only authorities, associations and migrant-led organisations can be validators: each pair has one of both sides.")
	}
	if _, known := of.Theme(v.Theme); v.Theme != "" && !known {
		return fault.Invalid("theme", "record.choose", "Choose one of the answers.")
	}
	if err := v.Area.validate(); err != nil {
		return err
	}
	all, err := validators(ctx, tx)
	if err != nil {
		return err
	}
	for _, x := range all {
		if x.Organisation == v.Organisation && x.Area == v.Area && x.Theme == v.Theme {
			return nil // appointed already
		}
	}
	v.Since = tx.Now()
	journal.Tell(tx, a, journal.Event{Verb: "validator.appointed", Kind: "organisation", Subject: v.Organisation, Data: map[string]string{"country": v.Area.Country, "theme": v.Theme}})
	return addValidator(ctx, tx, v, a.Person)
}

// Dismiss ends an appointment.
func Dismiss(ctx context.Context, tx *db.Tx, a people.Actor, validator string) error {
	organisation, err := endValidator(ctx, tx, validator)
	if err == nil {
		journal.Tell(tx, a, journal.Event{Verb: "validator.dismissed", Kind: "organisation", Subject: organisation})
	}
	return err
}
