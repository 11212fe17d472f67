package freshness

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
)

// aMember sees what members see: volunteers are members.
var aMember = people.Actor{Person: "-", Mandate: people.Mandate{Organisation: "-"}}

// kinds lists the kinds that can be checked: those that ask questions.
func (f *Feature) kinds() (names []string) {
	for name, k := range f.Kinds {
		if k.Spec != nil && (k.Records == nil || k.Records.Belongs == nil && k.Records.Settle == nil) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// filter is a choice as the spine understands it.
func (f *Feature) filter(c Choice) entry.Filter {
	kinds := f.kinds()
	if len(c.Kinds) > 0 {
		kinds = slices.DeleteFunc(kinds, func(k string) bool { return !slices.Contains(c.Kinds, k) })
	}
	return entry.Filter{Kinds: kinds, Countries: c.Countries, Actor: aMember, Side: func(w *db.Where) {
		if c.Before > 0 {
			w.And("e.checked < ?", c.Before)
		}
		if len(c.Themes) > 0 {
			args := make([]any, len(c.Themes))
			for i, t := range c.Themes {
				args[i] = t
			}
			w.And("EXISTS (SELECT 1 FROM entry_theme x WHERE x.entry = e.id AND x.theme IN ("+strings.TrimSuffix(strings.Repeat("?,", len(c.Themes)), ",")+"))", args...)
		}
	}}
}

// Begin chooses the records of a round, neighbours beside each other, so that
// a share lies in one area.
func (f *Feature) Begin(ctx context.Context, tx *db.Tx, a people.Actor, r Round) (Round, error) {
	if !a.Is(people.Coordinator) {
		return r, access.Denied()
	}
	r.At = tx.Now()
	if err := r.validate(); err != nil {
		return r, err
	}
	filter := f.filter(r.Choice)
	if len(filter.Kinds) == 0 {
		return r, fault.Invalid("kinds", "record.choose", "Choose one of the answers.")
	}
	filter.Limit = mostItems + 1
	list, err := entry.List(ctx, tx, filter)
	switch {
	case err != nil:
		return r, err
	case len(list) == 0:
		return r, fault.Invalid("kinds", "freshness.round.none", "No record fits this choice. Take something away from it.")
	case len(list) > mostItems:
		return r, fault.Invalid("kinds", "freshness.round.many", "More than {n} records fit. Narrow the choice.", "n", mostItems)
	}
	slices.SortStableFunc(list, func(a, b entry.Entry) int {
		return cmp.Or(cmp.Compare(a.Place.Country, b.Place.Country), cmp.Compare(a.Place.Public().Name, b.Place.Public().Name))
	})
	if r.ID == "" {
		r.ID = id.New()
	}
	if err := addRound(ctx, tx, r, a.Person); err != nil {
		return r, err
	}
	for i, e := range list {
		if err := addItem(ctx, tx, Item{Round: r.ID, N: i + 1, Entry: e.ID}); err != nil {
			return r, err
		}
	}
	journal.Tell(tx, a, journal.Event{Verb: "check.begun", Kind: "check", Subject: r.ID})
	return r, nil
}

func (r *Round) validate() error {
	var list fault.List
	if r.Title = strings.TrimSpace(r.Title); r.Title == "" {
		list.Add(fault.Invalid("title", "entry.title.empty", "Give it a title."))
	}
	if len([]rune(r.Title)) > titleMost {
		list.Add(fault.Invalid("title", "entry.text.long", "This text is too long: at most {n} characters.", "n", titleMost))
	}
	if r.Ends <= r.At || r.Ends > r.At.Add(roundMost) {
		list.Add(fault.Invalid("ends", "freshness.round.ends", "Choose a last day within a year from now."))
	}
	if tag, ok := lang.Tag(r.Lang); ok {
		r.Lang = tag
	} else {
		r.Lang = "en"
	}
	return list.Err()
}

// held gives a round under its lock, if it is under way.
func held(ctx context.Context, tx *db.Tx, round string) (Round, error) {
	if err := tx.Lock(ctx, "check/"+round); err != nil {
		return Round{}, err
	}
	r, err := roundByID(ctx, tx, round)
	if err == nil && r.Closed != 0 {
		err = fault.Conflict("freshness.closed", "This round is over.")
	}
	return r, err
}

// Take gives a volunteer the next records that nobody has: for the
// organisation they act for, whose name stands on each proof. The coordination
// may take some for somebody who works on paper.
func Take(ctx context.Context, tx *db.Tx, a people.Actor, round string, count int, paper bool) (Share, error) {
	if a.For() == "" && !a.Is(people.Coordinator) || paper && !a.Is(people.Coordinator) {
		return Share{}, access.Denied()
	}
	if count < 1 || count > mostShare {
		return Share{}, fault.Invalid("count", "freshness.share.count", "Take from 1 to {n} records.", "n", mostShare)
	}
	if _, err := held(ctx, tx, round); err != nil {
		return Share{}, err
	}
	all, err := sharesOf(ctx, tx, round)
	if err != nil {
		return Share{}, err
	}
	s := Share{ID: id.New(), Round: round, N: len(all) + 1, Person: a.Person, Organisation: a.For(), At: tx.Now()}
	if paper {
		s.Person = ""
	}
	if err := addShare(ctx, tx, s); err != nil {
		return s, err
	}
	taken, err := take(ctx, tx, round, s.ID, count)
	if err == nil && taken == 0 {
		err = fault.Conflict("freshness.share.none", "Others have taken all that is left.")
	}
	return s, err
}

// MayEnter tells who may write what was found for a share.
func (s Share) MayEnter(a people.Actor) bool {
	return a.SignedIn() && s.Person == a.Person || a.Is(people.Coordinator)
}

// Enter keeps what was found of the records of a share, all or nothing. Each
// that is as it was has its dated proof at once. What another way was faster
// for, such as the link to its people, stays as it is.
func (f *Feature) Enter(ctx context.Context, tx *db.Tx, a people.Actor, share string, results []Result) error {
	s, err := shareByID(ctx, tx, share)
	if err != nil {
		return err
	}
	if !s.MayEnter(a) {
		return access.Denied()
	}
	if _, err := held(ctx, tx, s.Round); err != nil {
		return err
	}
	items, err := itemsOfShare(ctx, tx, s.ID)
	if err != nil {
		return err
	}
	by := map[int]Item{}
	for _, i := range items {
		by[i.N] = i
	}
	for _, r := range results {
		i, ours := by[r.N]
		if !ours {
			return fault.Invalid("numbers-phone", "freshness.number.unknown", "Number {n} is not on this sheet.", "n", r.N)
		}
		if err := f.result(ctx, tx, a, i, s.Organisation, r); err != nil {
			return err
		}
	}
	return nil
}

// result keeps what came of one record.
func (f *Feature) result(ctx context.Context, tx *db.Tx, a people.Actor, i Item, organisation string, r Result) error {
	i.State, i.How, i.By, i.At = r.State, r.How, organisation, tx.Now()
	done, err := setResult(ctx, tx, i)
	if err != nil || !done {
		return err
	}
	switch r.State {
	case Same:
		return entry.Check(ctx, tx, a, i.Entry, organisation, r.How)
	case Changed:
		if f.asks.Report != nil {
			return f.asks.Report(ctx, tx, a, i.Entry, r.Note, a.Lang)
		}
	}
	return nil
}

// End closes a round.
func End(ctx context.Context, tx *db.Tx, a people.Actor, round string) error {
	if !a.Is(people.Coordinator) {
		return access.Denied()
	}
	if _, err := held(ctx, tx, round); err != nil {
		return err
	}
	return end(ctx, tx, a, round)
}

func end(ctx context.Context, tx *db.Tx, a people.Actor, round string) error {
	journal.Tell(tx, a, journal.Event{Verb: "check.ended", Kind: "check", Subject: round})
	return closeRound(ctx, tx, round)
}

// endings closes rounds whose last day is over.
func (f *Feature) endings(ctx context.Context) error {
	list, err := over(ctx, f.DB, f.DB.Now())
	var failed []error
	for _, round := range list {
		if err := f.DB.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
			if _, err := held(ctx, tx, round); err != nil {
				return ignoreConflict(err)
			}
			return end(ctx, tx, people.Actor{}, round)
		}); err != nil {
			failed = append(failed, fmt.Errorf("freshness: %s: %w", round, err))
		}
	}
	return errors.Join(append(failed, err)...)
}

// ignoreConflict: another node was first.
func ignoreConflict(err error) error {
	if fault.Is(err, fault.KindConflict) {
		return nil
	}
	return err
}
