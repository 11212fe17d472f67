package handover

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/notice"
	"alliance/internal/platform/people"
)

// house is who reads all there is, to tell those concerned.
var house = people.Actor{Grants: []people.Grant{{Role: people.Coordinator}}}

// reminders tells those concerned ahead of what ends: each stage once.
// Closures have their own reminder, where their keepers close and open.
func (f *Feature) reminders(ctx context.Context) error {
	a := house
	a.At = f.DB.Now()
	list, err := f.Endings(ctx, f.DB, a, "", Ahead[0]/30+1)
	if err != nil {
		return err
	}
	var failed []error // one that fails keeps no other waiting
	for _, e := range list {
		ahead := stage(a.At.Day(), e.Last)
		if ahead == 0 || e.Of == OfClosure {
			continue
		}
		if err := f.DB.Do(ctx, func(ctx context.Context, tx *db.Tx) error { return f.remind(ctx, tx, e, ahead) }); err != nil {
			failed = append(failed, fmt.Errorf("handover: %s %s: %w", e.Of, e.ID, err))
		}
	}
	return errors.Join(failed...)
}

func (f *Feature) remind(ctx context.Context, tx *db.Tx, e Ending, ahead int) error {
	first, err := tell(ctx, tx, e, ahead)
	if err != nil || !first {
		return err
	}
	readers, err := editors(ctx, tx, e.Keepers...)
	if err != nil {
		return err
	}
	if e.Person != "" && !slices.Contains(readers, e.Person) {
		readers = append(readers, e.Person)
	}
	others := slices.DeleteFunc(slices.Clone(readers), func(p string) bool { return p == e.Person })
	if len(others) == 0 { // nobody else can renew it
		holders, err := people.Holders(ctx, tx, people.Coordinator, "")
		if err != nil {
			return err
		}
		for _, p := range holders {
			if p.ID != e.Person {
				readers = append(readers, p.ID)
			}
		}
	}
	names := map[string]string{}
	found, err := people.OrganisationsByID(ctx, tx, []string{e.Organisation})
	for _, o := range found {
		names[o.ID] = o.Name
	}
	if err != nil {
		return err
	}
	return f.tellEach(ctx, tx, readers, func(v *locale.Printer, p people.Person) notice.New { return e.notice(v, p, names[e.Organisation]) })
}

// tellEach writes to each in their own language, and to those who asked for
// quiet on their page alone.
func (f *Feature) tellEach(ctx context.Context, tx *db.Tx, persons []string, words func(*locale.Printer, people.Person) notice.New) error {
	slices.Sort(persons)
	list, err := people.PersonsByID(ctx, tx, slices.Compact(persons))
	if err != nil {
		return err
	}
	for _, p := range list {
		if p.Erased != 0 {
			continue
		}
		silent, err := quiet(ctx, tx, p.ID)
		if err != nil {
			return err
		}
		n := words(f.Catalog.For(p.Lang), p)
		n.Person, n.Mail, n.Stop = p.ID, !silent, "/endings/quiet/"+f.token(p.ID)
		if err := notice.Tell(ctx, tx, n); err != nil {
			return err
		}
	}
	return nil
}

// notice is what a reader is told of an ending.
func (e Ending) notice(v *locale.Printer, p people.Person, organisation string) notice.New {
	n := notice.New{Link: "/endings", Args: map[string]string{"date": sayDay(v, e.Last), "organisation": organisation, "title": e.Title.In(v.Lang()).S}}
	if e.Organisation != "" {
		n.Link = "/endings?organisation=" + e.Organisation
	}
	switch {
	case e.Of == OfMandate && e.Person == p.ID:
		n.Key, n.English = "handover.notice.mine", "Your mandate for {organisation} ends on {date}. Who comes next?"
	case e.Of == OfMandate:
		n.Key, n.English = "handover.notice.mandate", "The mandate of {title} for {organisation} ends on {date}."
	case e.Of == OfVote:
		n.Key, n.English = "handover.notice.vote", "{title}: the vote counts until {date}, unless it is renewed."
	default:
		n.Key, n.English = "handover.notice.record", "“{title}” is good until {date}. What comes then?"
	}
	return n
}

// sayDay says a last day in words.
func sayDay(v *locale.Printer, day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return v.Date(t)
}

// editors are the persons who may edit for one of the organisations now.
func editors(ctx context.Context, tx *db.Tx, organisations ...string) (persons []string, err error) {
	for _, o := range organisations {
		list, err := people.MandatesFor(ctx, tx, o)
		if err != nil {
			return nil, err
		}
		for _, m := range list {
			if m.Allows(people.Edit, tx.Now()) && !slices.Contains(persons, m.Person) {
				persons = append(persons, m.Person)
			}
		}
	}
	return persons, nil
}

// token opens the page that ends the mails for a person, without signing in.
func (f *Feature) token(person string) string {
	return person + "." + f.Key.Mark("endings", person)
}

// holder gives the person of a token.
func (f *Feature) holder(token string) (string, error) {
	person, _, _ := strings.Cut(token, ".")
	if subtle.ConstantTimeCompare([]byte(token), []byte(f.token(person))) != 1 {
		return "", fault.Missing()
	}
	return person, nil
}
