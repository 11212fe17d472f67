package handover

import (
	"context"
	"slices"
	"strings"

	"alliance/internal/feature"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/notice"
	"alliance/internal/platform/people"
)

// Handed passes on what somebody looked after for an organisation. Work in hand
// (shares of checking rounds, rows of working lists) goes at once; what bears a
// name or is the organisation's own to say is listed, and passed on one by one.
func (f *Feature) Handed(ctx context.Context, tx *db.Tx, old, successor people.Mandate) error {
	h := HandOver{ID: id.New(), Organisation: old.Organisation, Old: old.ID, Mandate: successor.ID, From: old.Person, To: successor.Person, At: tx.Now()}
	for _, pass := range []struct {
		do func(context.Context, *db.Tx, string, string, string) (int64, error)
		n  *int
	}{{f.asks.Shares, &h.Shares}, {f.asks.Work, &h.Work}} {
		n, err := pass.do(ctx, tx, h.Organisation, h.From, h.To)
		if err != nil {
			return err
		}
		*pass.n = int(n)
	}
	if err := addHandOver(ctx, tx, h); err != nil {
		return err
	}
	things, err := f.things(ctx, tx, h)
	if err != nil {
		return err
	}
	for n, t := range things {
		t.HandOver, t.N, t.State = h.ID, n+1, ToDo
		if err := addThing(ctx, tx, t); err != nil {
			return err
		}
	}
	if len(things)+h.Shares+h.Work == 0 {
		return nil
	}
	return f.tellTaken(ctx, tx, h)
}

func (f *Feature) tellTaken(ctx context.Context, tx *db.Tx, h HandOver) error {
	from, err := people.PersonByID(ctx, tx, h.From)
	if err != nil {
		return err
	}
	return notice.Tell(ctx, tx, notice.New{Person: h.To, Key: "handover.notice.taken", English: "Here is what {person} looked after. Take it over one by one.", Args: map[string]string{"person": from.Name}, Link: "/handovers/" + h.ID, Mail: true})
}

// things lists what there is to take over, what bears the name first.
func (f *Feature) things(ctx context.Context, tx *db.Tx, h HandOver) (list []Thing, err error) {
	from, err := people.PersonByID(ctx, tx, h.From)
	if err != nil {
		return nil, err
	}
	contacts, err := f.asks.Contacts(ctx, tx, h.Organisation)
	if err != nil {
		return nil, err
	}
	for _, r := range contacts {
		list = append(list, Thing{What: ThingContact, Entry: r.ID, Named: names(from, r.Answers.One("person")+" "+r.Answers.One("mail"))})
	}
	actions, err := f.asks.Actions(ctx, tx, h.Organisation)
	if err != nil {
		return nil, err
	}
	for _, one := range actions {
		list = append(list, Thing{What: ThingAction, Entry: one})
	}
	votes, err := f.asks.Votes(ctx, tx, house, h.Organisation)
	if err != nil {
		return nil, err
	}
	for _, v := range votes {
		list = append(list, Thing{What: ThingVote, Entry: v.ID})
	}
	published, err := entry.List(ctx, tx, entry.Filter{Organisation: h.Organisation, Actor: house, Limit: 1000})
	for _, e := range published {
		if names(from, e.Text("contact").Original()) {
			list = append(list, Thing{What: ThingRecord, Entry: e.ID, Named: true})
		}
	}
	slices.SortStableFunc(list, func(a, b Thing) int { return rank(a) - rank(b) })
	return list, err
}

func rank(t Thing) int {
	if t.Named {
		return 0
	}
	return 1
}

// names tells whether words name a person, by name or address.
func names(p people.Person, words string) bool {
	said := lang.Fold(words)
	for _, one := range []string{p.Name, p.Email} {
		if key := lang.Fold(one); key != "" && strings.Contains(said, key) {
			return true
		}
	}
	return false
}

// Settle notes that something was taken over: taken changes it, done only
// says that somebody looked.
func (f *Feature) Settle(ctx context.Context, tx *db.Tx, a people.Actor, handover string, n int, to State) error {
	if err := tx.Lock(ctx, "handover/"+handover); err != nil {
		return err
	}
	h, err := handOverByID(ctx, tx, handover)
	if err != nil {
		return err
	}
	if !h.maySee(a) {
		return fault.Missing()
	}
	all, err := thingsOf(ctx, tx, h.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(t Thing) bool { return t.N == n })
	if i < 0 {
		return fault.Missing()
	}
	t := all[i]
	switch {
	case t.State != ToDo:
		return nil
	case to == Taken && t.takes() && a.Person == h.To:
		if err := f.take(ctx, tx, a, h, t); err != nil {
			return err
		}
	case to != Done:
		return fault.Invalid("", "record.choose", "Choose one of the answers.")
	}
	t.State = to
	return setThing(ctx, tx, t)
}

func (f *Feature) take(ctx context.Context, tx *db.Tx, a people.Actor, h HandOver, t Thing) error {
	if t.What == ThingAction {
		return f.asks.Follow(ctx, tx, a, t.Entry)
	}
	old, err := people.PersonByID(ctx, tx, h.From)
	if err != nil {
		return err
	}
	successor, err := people.PersonByID(ctx, tx, h.To)
	if err != nil {
		return err
	}
	return f.asks.TakeContact(ctx, tx, a, t.Entry, old, successor)
}

// toDo lists what somebody took over and has not looked through.
func (f *Feature) toDo(ctx context.Context, q db.Q, a people.Actor) ([]feature.Task, error) {
	list, err := unfinished(ctx, q, a.Person)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	var ids []string
	for _, h := range list {
		ids = append(ids, h.Organisation)
	}
	found, err := people.OrganisationsByID(ctx, q, ids)
	names := map[string]string{}
	for _, o := range found {
		names[o.ID] = o.Name
	}
	var tasks []feature.Task
	for _, h := range list {
		tasks = append(tasks, feature.Task{Kind: locale.Phrase{Key: "handover.task", English: "To take over"}, Title: names[h.Organisation], Path: "/handovers/" + h.ID})
	}
	return tasks, err
}
