package event

import (
	"context"
	"slices"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
	"alliance/internal/platform/job"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/notice"
	"alliance/internal/platform/people"
)

// Add keeps a new event. Who may not publish proposes: for an organisation, the
// coordination is told; for themselves, a pair of validators looks (see offer).
func Add(ctx context.Context, tx *db.Tx, a people.Actor, e Event, organisers []string) (Event, error) {
	if e.ID == "" {
		e.ID = id.New()
	}
	e.Kind = Kind
	if e.Class == "" {
		e.Class = Gathering
	}
	if err := e.prepare(ctx, tx, a, a.Is(people.Coordinator)); err != nil {
		return e, err
	}
	if !MayPublish(a) && e.Source == "" { // whoever added a calendar of others stands for what it holds
		e.State, e.Audience = entry.Proposed, entry.Public
	}
	kept, err := entry.Add(ctx, tx, a, e.Entry, e.facts())
	if err != nil {
		return e, err
	}
	e.Entry = kept
	if err := keep(ctx, tx, e); err != nil {
		return e, err
	}
	if a.May(people.Edit) && !a.Is(people.Coordinator) && !slices.Contains(organisers, a.For()) {
		organisers = append([]string{a.For()}, organisers...)
	}
	if err := organise(ctx, tx, a, e, organisers); err != nil {
		return e, err
	}
	if e.State == entry.Proposed && e.Organisation != "" {
		return e, tellCoordination(ctx, tx, e, notice.New{Key: "event.notice.proposed", English: "“{title}” is proposed for the calendar."})
	}
	return e, nil
}

// prepare checks what is written, and what it points to.
func (e *Event) prepare(ctx context.Context, q db.Q, a people.Actor, steers bool) error {
	if e.KeepDays == 0 {
		e.KeepDays = 30
	}
	if e.Endless {
		e.Ends = e.Starts
	}
	var list fault.List
	if err := e.Validate(); err != nil {
		list = fault.Of(err)
	}
	if e.Class == Umbrella && !steers {
		return access.Denied()
	}
	if e.Umbrella != "" {
		above, err := see(ctx, q, a, e.Umbrella)
		if err != nil && fault.Of(err) == nil {
			return err
		}
		if err != nil || above.Class != Umbrella || e.Class == Umbrella {
			list.Add(fault.Invalid("umbrella", "event.umbrella.unknown", "Choose one of the days that unite, or none."))
		}
	}
	return list.Err()
}

func keep(ctx context.Context, tx *db.Tx, e Event) error {
	if err := putSide(ctx, tx, e); err != nil {
		return err
	}
	return putDates(ctx, tx, e)
}

// Change keeps a new version. The caller has asked MayEdit.
func change(ctx context.Context, tx *db.Tx, a people.Actor, e Event) (Event, error) {
	if err := e.prepare(ctx, tx, a, a.Is(people.Coordinator)); err != nil {
		return e, err
	}
	return save(ctx, tx, a, e)
}

// save keeps a new version without asking again what was asked already.
func save(ctx context.Context, tx *db.Tx, a people.Actor, e Event) (Event, error) {
	kept, err := entry.Change(ctx, tx, a, e.Entry, e.facts())
	if err != nil {
		return e, err
	}
	e.Entry = kept
	if err := keep(ctx, tx, e); err != nil {
		return e, err
	}
	if !e.Registers {
		return e, nil
	}
	return e, job.Add(ctx, tx, job.New{Kind: jobPlaces, Data: e.ID, Key: e.ID}) // there may be more places now
}

// Rewrite changes an event and who organises it.
func Rewrite(ctx context.Context, tx *db.Tx, a people.Actor, e Event, organisers []string) (Event, error) {
	now, err := mine(ctx, tx, a, e.ID)
	if err != nil {
		return e, err
	}
	if e.State = now.State; now.State == entry.Draft && !MayPublish(a) {
		e.State = entry.Proposed // refused before: its author tries again
	}
	e.Source, e.UID, e.Digest, e.Gone, e.Invented, e.Cancelled, e.Changes, e.Organisers = now.Source, now.UID, now.Digest, now.Gone, now.Invented, now.Cancelled, now.Changes, now.Organisers
	if e.Rule != now.Rule || e.Starts != now.Starts || e.Zone != now.Zone { // dates that are no more cannot differ
		e.Changes = nil
		if err := dropChanges(ctx, tx, e.ID); err != nil {
			return e, err
		}
	}
	if e, err = change(ctx, tx, a, e); err != nil {
		return e, err
	}
	return e, organise(ctx, tx, a, e, organisers)
}

// mine gives an event that the actor may change.
func mine(ctx context.Context, q db.Q, a people.Actor, event string) (Event, error) {
	e, err := see(ctx, q, a, event)
	if err == nil && !e.MayEdit(a) {
		err = access.Denied()
	}
	return e, err
}

// organise sets who organises an event, in order. An organisation is shown
// once it said so itself: the others are asked.
func organise(ctx context.Context, tx *db.Tx, a people.Actor, e Event, organisations []string) error {
	for _, o := range e.Organisers {
		if !slices.Contains(organisations, o.Organisation) {
			if err := dropOrganiser(ctx, tx, e.ID, o.Organisation); err != nil {
				return err
			}
		}
	}
	known, err := people.OrganisationsByID(ctx, tx, organisations)
	if err != nil {
		return err
	}
	for n, one := range organisations {
		if !slices.ContainsFunc(known, func(o people.Organisation) bool { return o.ID == one && o.Withdrawn == 0 }) {
			return fault.Invalid("organisers", "event.organiser.unknown", "One of these organisations is not in the directory.")
		}
		o := Organiser{Organisation: one}
		at := slices.IndexFunc(e.Organisers, func(o Organiser) bool { return o.Organisation == one })
		if at >= 0 {
			o.Confirmed = e.Organisers[at].Confirmed
		}
		if one == a.For() && a.May(people.Edit) {
			o.Confirmed = max(o.Confirmed, tx.Now())
		}
		if err := putOrganiser(ctx, tx, e.ID, o, n); err != nil {
			return err
		}
		if o.Confirmed == 0 && at < 0 {
			if err := tellOrganisation(ctx, tx, one, notice.New{Key: "event.notice.asked", English: "Does your organisation organise “{title}”? It was named.", Mail: true}, e); err != nil {
				return err
			}
		}
	}
	return nil
}

// CoOrganise is the answer of an organisation that was named.
func CoOrganise(ctx context.Context, tx *db.Tx, a people.Actor, event string, yes bool) error {
	e, err := get(ctx, tx, event)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(e.Organisers, func(o Organiser) bool { return o.Organisation == a.For() })
	if !e.Visible(a) && at < 0 {
		return fault.Missing()
	}
	if at < 0 || !a.May(people.Edit) {
		return access.Denied()
	}
	journal.Tell(tx, a, journal.Event{Verb: map[bool]string{true: "event.organised", false: "event.not-organised"}[yes], Kind: Kind, Subject: e.ID})
	if !yes {
		return dropOrganiser(ctx, tx, e.ID, a.For())
	}
	o := e.Organisers[at]
	o.Confirmed = tx.Now()
	return putOrganiser(ctx, tx, e.ID, o, at)
}

// Publish shows a proposed event, or a withdrawn one again.
func Publish(ctx context.Context, tx *db.Tx, a people.Actor, event string) error {
	e, err := see(ctx, tx, a, event)
	if err != nil {
		return err
	}
	if !a.Is(people.Coordinator) && !(e.MayEdit(a) && e.State == entry.Withdrawn) {
		return access.Denied()
	}
	proposed := e.State == entry.Proposed
	if _, err = entry.SetState(ctx, tx, a, event, entry.Published); err != nil || !proposed || e.Person == "" || e.Organisation == "" { // what a pair looks at tells its author itself
		return err
	}
	return notice.Tell(ctx, tx, notice.New{Person: e.Person, Key: "event.notice.published", English: "“{title}” is in the calendar.", Args: titled(e), Link: "/calendar/" + e.ID, Mail: true})
}

// Withdraw takes an event out everywhere at once.
func Withdraw(ctx context.Context, tx *db.Tx, a people.Actor, event string) error {
	e, err := see(ctx, tx, a, event)
	if err != nil {
		return err
	}
	if !e.MayEdit(a) && !(a.SignedIn() && e.Person == a.Person && e.State == entry.Proposed) {
		return access.Denied()
	}
	_, err = entry.SetState(ctx, tx, a, event, entry.Withdrawn)
	return err
}

// Cancel says that an event does not take place; it stays in the calendar with
// the reason. Who registered is told.
func Cancel(ctx context.Context, tx *db.Tx, a people.Actor, event, tag, reason string) error {
	e, err := mine(ctx, tx, a, event)
	if err != nil {
		return err
	}
	if e.Cancelled != 0 {
		return fault.Conflict("event.cancelled.already", "This event is cancelled already.")
	}
	if reason == "" {
		return fault.Invalid("reason", "event.cancel.reason", "Say why in a sentence. People who meant to come read it.")
	}
	tag, ok := lang.Tag(tag)
	if !ok {
		return fault.Invalid("reason", "entry.lang.unknown", "Choose the language you write in.")
	}
	if e.Fields[Reason].Orig != tag {
		e.Fields[Reason] = lang.Text{Orig: tag, V: map[string]lang.Version{tag: {S: reason, R: e.Revision + 1}}}
	} else {
		e.Fields[Reason] = e.Fields[Reason].Rewrite(reason, e.Revision+1)
	}
	e.Cancelled = tx.Now()
	if _, err = save(ctx, tx, a, e); err != nil {
		return err
	}
	journal.Tell(tx, a, journal.Event{Verb: "event.cancelled", Kind: Kind, Subject: e.ID})
	return job.Add(ctx, tx, job.New{Kind: jobCancelled, Data: e.ID, Key: e.ID})
}

// Resume takes a cancellation back.
func Resume(ctx context.Context, tx *db.Tx, a people.Actor, event string) error {
	e, err := mine(ctx, tx, a, event)
	if err != nil {
		return err
	}
	e.Cancelled = 0
	_, err = save(ctx, tx, a, e)
	return err
}

// Move changes one date of a repeated event, or cancels it. at is the date as
// the rule gives it.
func Move(ctx context.Context, tx *db.Tx, a people.Actor, event string, c Change) error {
	e, err := mine(ctx, tx, a, event)
	if err != nil {
		return err
	}
	dates := Event{Entry: e.Entry, Side: e.Side}.Expand(c.At, c.At+1)
	if e.Rule == "" || !slices.ContainsFunc(dates, func(d Date) bool { return d.At == c.At }) {
		return fault.Invalid("at", "event.move.none", "This event has no such date.")
	}
	if !c.Cancelled && (c.Starts == 0 || c.Ends <= c.Starts) {
		return fault.Invalid("starts", "event.ends.before", "It ends before it begins.")
	}
	e.Changes = append(slices.DeleteFunc(e.Changes, func(x Change) bool { return x.At == c.At }), c)
	if err := putChange(ctx, tx, e.ID, c); err != nil {
		return err
	}
	_, err = save(ctx, tx, a, e)
	return err
}

// Go says that an organisation goes to a gathering of others, or no longer.
func Go(ctx context.Context, tx *db.Tx, a people.Actor, event string, yes bool) error {
	e, err := see(ctx, tx, a, event)
	if err != nil {
		return err
	}
	if !yes && a.May(people.Speak) {
		journal.Tell(tx, a, journal.Event{Verb: "event.stays", Kind: Kind, Subject: e.ID})
		return dropGoing(ctx, tx, e.ID, a.For())
	}
	if !e.MayGo(a) {
		if !a.May(people.Speak) {
			return access.Denied()
		}
		return fault.Conflict("event.go.own", "Your organisation organises this event, or it does not take place.")
	}
	journal.Tell(tx, a, journal.Event{Verb: "event.goes", Kind: Kind, Subject: e.ID})
	return putGoing(ctx, tx, e.ID, a.For(), a.Person)
}

func titled(e Event) map[string]string { return map[string]string{"title": e.Title().Original()} }

// tellOrganisation tells those who may edit for an organisation.
func tellOrganisation(ctx context.Context, tx *db.Tx, organisation string, n notice.New, e Event) error {
	mandates, err := people.MandatesFor(ctx, tx, organisation)
	if err != nil {
		return err
	}
	var persons []string
	for _, m := range mandates {
		if m.Allows(people.Edit, tx.Now()) {
			persons = append(persons, m.Person)
		}
	}
	n.Args, n.Link = titled(e), "/calendar/"+e.ID
	return notice.TellAll(ctx, tx, persons, n)
}

func tellCoordination(ctx context.Context, tx *db.Tx, e Event, n notice.New) error {
	holders, err := people.Holders(ctx, tx, people.Coordinator, "")
	if err != nil {
		return err
	}
	persons := make([]string, len(holders))
	for i, p := range holders {
		persons[i] = p.ID
	}
	n.Args, n.Link = titled(e), "/calendar/"+e.ID
	return notice.TellAll(ctx, tx, persons, n)
}

// freshDates works out further dates of repeated events, as days go by.
func (f *Feature) freshDates(ctx context.Context) error {
	ids, err := repeating(ctx, f.DB)
	if err != nil {
		return err
	}
	for _, one := range ids {
		if err := f.DB.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
			e, err := get(ctx, tx, one)
			if err != nil {
				return err
			}
			return putDates(ctx, tx, e)
		}); err != nil {
			return err
		}
	}
	return nil
}
