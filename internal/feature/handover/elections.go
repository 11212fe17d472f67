package handover

import (
	"context"
	"errors"
	"fmt"
	"time"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/notice"
	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
)

// AddElection notes the day of an election: the coordination of any country or
// organisation, a delegate who may edit of their own.
func (f *Feature) AddElection(ctx context.Context, tx *db.Tx, a people.Actor, x Election) (Election, error) {
	if !mayKeep(a, x.Organisation) {
		return x, access.Denied()
	}
	var list fault.List
	if _, err := time.Parse(time.DateOnly, x.Day); err != nil {
		list.Add(fault.Invalid("day", "account.day", "Write a day, a month and a year, such as 22 11 2026."))
	} else if x.Day < tx.Now().Time().AddDate(-1, 0, 0).Format(time.DateOnly) {
		list.Add(fault.Invalid("day", "handover.election.old", "This election is more than a year ago."))
	}
	if x.Organisation == "" {
		code, known := place.ParseCountry(x.Country)
		if !known {
			list.Add(fault.Invalid("country", "record.country", "We do not know this country: {name}.", "name", x.Country))
		}
		x.Country = code
	} else {
		x.Country = ""
		if _, err := people.OrganisationByID(ctx, tx, x.Organisation); err != nil {
			return x, err
		}
	}
	if err := list.Err(); err != nil {
		return x, err
	}
	x.ID, x.By, x.At = id.New(), a.Person, tx.Now()
	added, err := putElection(ctx, tx, x)
	if err == nil && !added {
		err = fault.Conflict("handover.election.twice", "This election is noted already.")
	}
	journal.Tell(tx, a, journal.Event{Verb: "election.noted", Kind: "election", Subject: x.ID, Scope: x.Organisation})
	return x, err
}

// DropElection takes one back that is still to come.
func (f *Feature) DropElection(ctx context.Context, tx *db.Tx, a people.Actor, election string) error {
	x, err := electionByID(ctx, tx, election)
	if err != nil {
		return err
	}
	if !mayKeep(a, x.Organisation) {
		return fault.Missing()
	}
	return dropElection(ctx, tx, x.ID)
}

// askAll asks after every election that is over whether all is still so.
func (f *Feature) askAll(ctx context.Context) error {
	due, err := dueElections(ctx, f.DB, f.DB.Now().Day())
	if err != nil {
		return err
	}
	var failed []error
	for _, x := range due {
		if err := f.DB.Do(ctx, func(ctx context.Context, tx *db.Tx) error { return f.ask(ctx, tx, x) }); err != nil {
			failed = append(failed, fmt.Errorf("handover: election %s: %w", x.ID, err))
		}
	}
	return errors.Join(failed...)
}

// ask tells those whom an election concerns. It begins the time in which those
// elected confirm what others voted.
func (f *Feature) ask(ctx context.Context, tx *db.Tx, x Election) error {
	first, err := setAsked(ctx, tx, x.ID)
	if err != nil || !first {
		return err
	}
	concerned, err := f.concerned(ctx, tx, x)
	if err != nil {
		return err
	}
	for _, o := range concerned {
		if _, err := addAsk(ctx, tx, x.ID, o.ID); err != nil {
			return err
		}
		if err := f.asks.Elected(ctx, tx, o.ID, x.Day); err != nil {
			return err
		}
		if err := f.tellElected(ctx, tx, x, o); err != nil {
			return err
		}
	}
	return nil
}

// concerned are the organisation of an election, or the authorities of its
// country for which somebody acts or acted.
func (f *Feature) concerned(ctx context.Context, q db.Q, x Election) (list []people.Organisation, err error) {
	if x.Organisation != "" {
		o, err := people.OrganisationByID(ctx, q, x.Organisation)
		return []people.Organisation{o}, err
	}
	all, err := people.Organisations(ctx, q, authorities...)
	if err != nil {
		return nil, err
	}
	for _, o := range all {
		if o.Country != x.Country {
			continue
		}
		mandates, err := people.MandatesFor(ctx, q, o.ID)
		if err != nil {
			return nil, err
		}
		if len(mandates) > 0 {
			list = append(list, o)
		}
	}
	return list, nil
}

func (f *Feature) tellElected(ctx context.Context, tx *db.Tx, x Election, o people.Organisation) error {
	readers, err := editors(ctx, tx, o.ID)
	if err != nil {
		return err
	}
	if len(readers) == 0 {
		holders, err := people.Holders(ctx, tx, people.Coordinator, "")
		if err != nil {
			return err
		}
		for _, p := range holders {
			readers = append(readers, p.ID)
		}
	}
	return f.tellEach(ctx, tx, readers, func(v *locale.Printer, _ people.Person) notice.New {
		return notice.New{Key: "handover.notice.elected", English: "After the election of {date}: is this still so for {organisation}?",
			Args: map[string]string{"date": sayDay(v, x.Day), "organisation": o.Name}, Link: "/elections/" + x.ID + "/" + o.ID}
	})
}

// Question is one thing that is asked after an election.
type Question struct {
	What, Subject string // OfMandate, ThingContact or OfVote
	Title, Lang   string
	Mandate       people.Mandate
	Path          string
	Confirm       string     // of a vote: the page that confirms it
	At            db.Instant // when somebody said that it is still so; 0 = not yet
}

// Questions are what is asked of an organisation after an election: who acted
// for it before and still does, its contacts, and its votes.
func (f *Feature) Questions(ctx context.Context, q db.Q, a people.Actor, x Election, organisation, tag string) (list []Question, err error) {
	mandates, err := people.MandatesFor(ctx, q, organisation)
	if err != nil {
		return nil, err
	}
	for _, m := range mandates {
		if m.Holds(f.DB.Now()) && m.Since.Day() <= x.Day {
			list = append(list, Question{What: OfMandate, Subject: m.ID, Title: m.PersonName, Mandate: m, Path: "/mandates?organisation=" + organisation})
		}
	}
	contacts, err := f.asks.Contacts(ctx, q, organisation)
	if err != nil {
		return nil, err
	}
	for _, r := range contacts {
		t := r.Title().In(tag)
		list = append(list, Question{What: ThingContact, Subject: r.ID, Title: t.S, Lang: t.Lang, Path: f.Kinds[r.Kind].Path(r.ID)})
	}
	votes, err := f.asks.Votes(ctx, q, a, organisation)
	if err != nil {
		return nil, err
	}
	for _, v := range votes {
		if v.Elected {
			t := v.Title().In(tag)
			list = append(list, Question{What: OfVote, Subject: v.ID, Title: t.S, Lang: t.Lang, Path: f.Kinds[v.Kind].Path(v.ID), Confirm: "/endings/votes/" + v.ID + "/confirm"})
		}
	}
	said, err := saidOf(ctx, q, x.ID)
	for i, one := range list {
		for _, s := range said {
			if s.Organisation == organisation && s.Subject == one.Subject {
				list[i].At = s.At
			}
		}
	}
	return list, err
}

// Still notes that something is still so after an election: a contact bears the
// proof of a check from then on, a mandate a line in the journal.
func (f *Feature) Still(ctx context.Context, tx *db.Tx, a people.Actor, election, organisation, subject string) error {
	x, err := f.asked(ctx, tx, a, election, organisation)
	if err != nil {
		return err
	}
	if !mayKeep(a, organisation) {
		return access.Denied()
	}
	list, err := f.Questions(ctx, tx, a, x, organisation, a.Lang)
	if err != nil {
		return err
	}
	for _, one := range list {
		if one.Subject != subject || one.What == OfVote {
			continue
		}
		if one.At != 0 {
			return nil
		}
		if one.What == ThingContact {
			if _, err := f.Kinds["contact"].Records.Verify(ctx, tx, a, subject, "itself"); err != nil {
				return err
			}
		} else {
			journal.Tell(tx, a, journal.Event{Verb: "mandate.still", Kind: "mandate", Subject: subject, Scope: organisation})
		}
		return addSaid(ctx, tx, Said{Election: x.ID, Organisation: organisation, What: one.What, Subject: subject, Person: a.Person})
	}
	return fault.Missing()
}

// asked gives an election after which an organisation was asked, to who may look.
func (f *Feature) asked(ctx context.Context, q db.Q, a people.Actor, election, organisation string) (Election, error) {
	x, err := electionByID(ctx, q, election)
	if err != nil {
		return x, err
	}
	list, err := askedOf(ctx, q, x.ID)
	if err != nil {
		return x, err
	}
	for _, one := range list {
		if one == organisation && mayLook(a, organisation) {
			return x, nil
		}
	}
	return x, fault.Missing()
}
