package handover

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"alliance/internal/feature"
	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
)

// Endings lists what ends within some months, the first first, as far as the
// actor may know of it: for one organisation, or with "" for all.
func (f *Feature) Endings(ctx context.Context, q db.Q, a people.Actor, organisation string, months int) ([]Ending, error) {
	now := f.DB.Now()
	today, until := now.Day(), now.Time().AddDate(0, months, 0)
	list, err := f.mandates(ctx, q, a, organisation, now, db.At(until))
	if err != nil {
		return nil, err
	}
	for _, more := range []func() ([]Ending, error){
		func() ([]Ending, error) { return f.records(ctx, q, a, organisation, today, db.At(until).Day()) },
		func() ([]Ending, error) { return f.votes(ctx, q, a, organisation, today, db.At(until).Day()) },
	} {
		some, err := more()
		if err != nil {
			return nil, err
		}
		list = append(list, some...)
	}
	slices.SortStableFunc(list, func(a, b Ending) int {
		return cmp.Or(cmp.Compare(a.Last, b.Last), cmp.Compare(a.Of, b.Of), cmp.Compare(a.ID, b.ID))
	})
	return list, nil
}

func (f *Feature) mandates(ctx context.Context, q db.Q, a people.Actor, organisation string, now, until db.Instant) (list []Ending, err error) {
	found, err := people.EndingMandates(ctx, q, organisation, now, until)
	for _, m := range found {
		e := Ending{Of: OfMandate, ID: m.ID, Kind: locale.Phrase{Key: "handover.of.mandate", English: "Mandate"}, Organisation: m.Organisation, Keepers: []string{m.Organisation},
			Person: m.Person, PersonName: m.PersonName, Title: lang.New("en", m.PersonName), Last: m.Until.Add(-1).Day(), Path: "/mandates?organisation=" + m.Organisation}
		if f.asks.MayRenew(a, m) {
			e.Renew = "/mandates/" + m.ID + "/renew"
		}
		if f.asks.MayHandOver(a, m) {
			e.Follow = "/mandates/" + m.ID + "/hand-over"
		}
		list = append(list, e)
	}
	return list, err
}

// records lists records that say themselves until when they are good, and
// places that are closed until a day.
func (f *Feature) records(ctx context.Context, q db.Q, a people.Actor, organisation, today, until string) (list []Ending, err error) {
	for _, name := range slices.Sorted(maps.Keys(f.Kinds)) {
		k := f.Kinds[name]
		if k.Records == nil {
			continue
		}
		for _, ask := range k.Spec.Questions() {
			var found []entry.Entry
			switch {
			case ask.Ends:
				found, err = ending(ctx, q, name, ask.Name, today[:4], until)
			case ask.Type == record.Opening:
				found, err = closed(ctx, q, name, ask.Name)
			default:
				continue
			}
			if err != nil {
				return nil, err
			}
			some, err := f.ends(ctx, q, a, k, ask, found)
			if err != nil {
				return nil, err
			}
			for _, e := range some {
				if e.Last >= today && e.Last <= until && (organisation == "" || slices.Contains(e.Keepers, organisation)) {
					list = append(list, e)
				}
			}
		}
	}
	return list, nil
}

// ends puts into words when each of some records ends by one question.
func (f *Feature) ends(ctx context.Context, q db.Q, a people.Actor, k feature.Kind, ask record.Question, found []entry.Entry) (list []Ending, err error) {
	records, err := record.Fill(ctx, q, found)
	for _, r := range records {
		may := k.Records.MayEdit(a, r)
		if !r.Visible(a) && !may {
			continue
		}
		e := Ending{Of: k.Name, ID: r.ID, Kind: k.One, Organisation: r.Organisation, Keepers: keepersOf(k.Spec, r), Title: r.Title(), Path: k.Path(r.ID)}
		if len(e.Keepers) > 0 && e.Organisation == "" {
			e.Organisation = e.Keepers[0]
		}
		lasts := []string{record.LastDay(r.Answers.One(ask.Name))}
		if ask.Type == record.Opening {
			e.Of, e.Kind, lasts = OfClosure, locale.Phrase{Key: "handover.of.closure", English: "Closed for some days"}, closures(r.Answers[ask.Name], f.DB.Now().Day())
		}
		if may {
			e.Renew = "/endings/records/" + r.ID + "/renew"
			if e.Of == OfClosure {
				e.Renew = "/closures/" + r.ID
			}
		}
		for _, e.Last = range lasts {
			list = append(list, e)
		}
	}
	return list, err
}

// closures are the last days of closures that are under way.
func closures(lines []string, today string) (days []string) {
	for _, line := range lines {
		if l, ok := record.ParseHoursLine(line); ok && l.Weekday == "" && l.From < l.Until && l.From <= today {
			days = append(days, l.Until)
		}
	}
	return days
}

// keepersOf are the organisations whose editors may change a record.
func keepersOf(s *record.Spec, r record.Record) (list []string) {
	if r.Organisation != "" {
		list = append(list, r.Organisation)
	}
	for _, name := range s.Partners {
		for _, one := range r.Answers[name] {
			if !slices.Contains(list, one) {
				list = append(list, one)
			}
		}
	}
	return list
}

func (f *Feature) votes(ctx context.Context, q db.Q, a people.Actor, organisation, today, until string) (list []Ending, err error) {
	found, err := f.asks.Votes(ctx, q, a, organisation)
	for _, v := range found {
		if v.Last < today || v.Last > until {
			continue
		}
		e := Ending{Of: OfVote, ID: v.ID, Kind: locale.Phrase{Key: "handover.of.vote", English: "Vote for a charter"}, Organisation: v.Member, Keepers: []string{v.Member}, Title: v.Title(), Last: v.Last, Path: f.Kinds[v.Kind].Path(v.ID)}
		if mayKeep(a, v.Member) {
			if e.Renew = e.Path + "/edit"; v.Elected {
				e.Renew = "/endings/votes/" + v.ID + "/confirm"
			}
		}
		list = append(list, e)
	}
	return list, err
}

// renewable gives a record that ends, the question that says when, and its kind.
func (f *Feature) renewable(ctx context.Context, q db.Q, a people.Actor, id string) (k feature.Kind, ask record.Question, r record.Record, err error) {
	heads, err := entry.Heads(ctx, q, []string{id})
	if err != nil {
		return k, ask, r, err
	}
	k = f.Kinds[heads[id].Kind]
	if k.Records == nil {
		return k, ask, r, fault.Missing()
	}
	if r, err = k.Records.See(ctx, q, a, id); err != nil {
		return k, ask, r, err
	}
	i := slices.IndexFunc(k.Spec.Questions(), func(q record.Question) bool { return q.Ends })
	if i < 0 {
		return k, ask, r, fault.Missing()
	}
	if !k.Records.MayEdit(a, r) {
		return k, ask, r, access.Denied()
	}
	return k, k.Spec.Questions()[i], r, nil
}

// Renew moves the last day of a record. Whoever does it has looked at it: it
// bears the proof of a check with that date.
func (f *Feature) Renew(ctx context.Context, tx *db.Tx, a people.Actor, id, day string) (path string, err error) {
	k, ask, r, err := f.renewable(ctx, tx, a, id)
	if err != nil {
		return "", err
	}
	said, ok := record.ParseDay(day)
	if !ok {
		return "", fault.Invalid("until", "record.day", "Write a day such as 18/10/2019. Month and day may be left out.")
	}
	if was := record.LastDay(r.Answers.One(ask.Name)); record.LastDay(said) <= max(was, tx.Now().Day()) {
		return "", fault.Invalid("until", "account.renew.later", "Choose a day after the present end.")
	}
	r.Answers[ask.Name] = []string{said}
	r.Entry.Checked, r.CheckedBy, r.CheckedHow = tx.Now(), a.For(), "itself"
	if _, err = k.Records.Change(ctx, tx, a, r); err != nil {
		return "", err
	}
	return k.Path(r.ID), nil
}
