package freshness

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/notice"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
)

// remindBefore is how many days before the end of a closure its keepers hear of it.
const remindBefore = 2

// Close adds days on which a record is closed to its opening hours. They end
// by themselves; those that are over are taken out.
func (f *Feature) Close(ctx context.Context, tx *db.Tx, a people.Actor, id, from, until string) (path string, err error) {
	k, r, err := f.hoursRecord(ctx, tx, a, id)
	if err != nil {
		return "", err
	}
	line, fine := closureLine(from, until)
	today := tx.Now().Time().Format(time.DateOnly)
	switch {
	case !fine:
		return "", fault.Invalid("from", "freshness.close.dates", "Write the first and the last day; the last does not come before the first.")
	case line.Until < today:
		return "", fault.Invalid("until", "freshness.close.past", "This closure is over already.")
	}
	name := hoursOf(k.Spec)
	hours := record.HoursOf(r.Answers[name])
	hours = slices.DeleteFunc(hours, func(l record.HoursLine) bool {
		return l.Weekday == "" && (l.Until < today || l.From == line.From && l.Until == line.Until)
	})
	r.Answers[name] = nil
	for _, l := range append(hours, line) {
		r.Answers[name] = append(r.Answers[name], l.String())
	}
	if _, err := k.Change(ctx, tx, a, r); err != nil {
		return "", err
	}
	return k.Page(r.ID), nil
}

// closureLine is the line of opening hours that says: closed from a day until another.
func closureLine(from, until string) (record.HoursLine, bool) {
	for _, day := range []string{from, until} {
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			return record.HoursLine{}, false
		}
	}
	return record.HoursLine{From: from, Until: until}, from <= until
}

// hoursRecord gives a record with opening hours that the actor may edit.
func (f *Feature) hoursRecord(ctx context.Context, q db.Q, a people.Actor, id string) (*record.Kind, record.Record, error) {
	for _, k := range f.Kinds {
		if k.Records == nil || hoursOf(k.Spec) == "" {
			continue
		}
		r, err := k.Records.See(ctx, q, a, id)
		if fault.Is(err, fault.KindNotFound) {
			continue
		}
		if err == nil && !k.Records.MayEdit(a, r) {
			err = access.Denied()
		}
		return k.Records, r, err
	}
	return nil, record.Record{}, fault.Missing()
}

// reminders tells keepers that a closure ends soon, each closure once.
func (f *Feature) reminders(ctx context.Context) error {
	var names []string
	for _, k := range f.Kinds {
		if k.Spec != nil && hoursOf(k.Spec) != "" {
			names = append(names, hoursOf(k.Spec))
		}
	}
	if len(names) == 0 {
		return nil
	}
	found, err := closures(ctx, f.DB, names)
	if err != nil {
		return err
	}
	now := f.DB.Now().Time()
	today, soon := now.Format(time.DateOnly), now.AddDate(0, 0, remindBefore).Format(time.DateOnly)
	var failed []error
	for id, lines := range found {
		for _, line := range lines {
			l, ok := record.ParseHoursLine(line)
			if !ok || l.From == l.Until || l.Until < today || l.Until > soon || l.From > today {
				continue
			}
			if err := f.DB.Do(ctx, func(ctx context.Context, tx *db.Tx) error { return f.remindKeepers(ctx, tx, id, l.Until) }); err != nil {
				failed = append(failed, fmt.Errorf("freshness: %s: %w", id, err))
			}
		}
	}
	return errors.Join(failed...)
}

func (f *Feature) remindKeepers(ctx context.Context, tx *db.Tx, id, until string) error {
	first, err := remind(ctx, tx, id, until)
	if err != nil || !first {
		return err
	}
	keepers, r, err := f.keepers(ctx, tx, id)
	if err != nil {
		return err
	}
	return notice.TellAll(ctx, tx, keepers, notice.New{Key: "freshness.notice.closure", English: "“{title}” opens again after {date}. Is that still right?",
		Args: map[string]string{"title": r.Title().Original(), "date": until}, Link: "/closures/" + id, Mail: true})
}

// keepers are those who may edit for the organisation a record is by, and for
// its partners; without an organisation, its author.
func (f *Feature) keepers(ctx context.Context, q db.Q, id string) (persons []string, r record.Record, err error) {
	for _, k := range f.Kinds {
		if k.Records == nil || hoursOf(k.Spec) == "" {
			continue
		}
		if r, err = k.Records.Get(ctx, q, id); fault.Is(err, fault.KindNotFound) {
			err = nil
			continue
		} else if err != nil {
			return nil, r, err
		}
		organisations := []string{r.Organisation}
		for _, name := range k.Spec.Partners {
			organisations = append(organisations, r.Answers[name]...)
		}
		for _, o := range organisations {
			if o == "" {
				continue
			}
			mandates, err := people.MandatesFor(ctx, q, o)
			if err != nil {
				return nil, r, err
			}
			for _, m := range mandates {
				if m.Allows(people.Edit, f.DB.Now()) {
					persons = append(persons, m.Person)
				}
			}
		}
		if r.Organisation == "" {
			persons = append(persons, r.Person)
		}
		return persons, r, nil
	}
	return nil, r, nil
}
