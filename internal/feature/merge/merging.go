package merge

import (
	"context"
	"encoding/json"
	"slices"

	"alliance/internal/feature"
	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lineage"
	"alliance/internal/platform/notice"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
)

// Wanted is what somebody asks for: both as they stood on the page.
type Wanted struct {
	Kept, Given                 string
	KeptRevision, GivenRevision int // 0 = as they are now
	Choices                     Choices
	As                          string // identifier of the merge; "" = a new one
}

// two are both records, read in one transaction.
type two struct {
	kind        feature.Kind
	kept, given record.Record
	parts       [2]Parts // of the kept one, and of the one given up
	fields      []Field
}

// mergeable tells kinds whose records can be merged: all that have questions.
// Of a story nobody but its teller may say that it is another's.
func mergeable(k feature.Kind) bool {
	return k.Spec != nil && k.Read != nil && (k.Records == nil || k.Records.Belongs == nil)
}

// writes tells that the kind's answers can be written from here.
func writes(k feature.Kind) bool { return k.Keep != nil || k.Records != nil }

// both reads two records as the actor may see them.
func (f *Feature) both(ctx context.Context, q db.Q, a people.Actor, kept, given string) (t two, err error) {
	one, err := entry.See(ctx, q, a, "", kept)
	if err != nil {
		return t, err
	}
	other, err := entry.See(ctx, q, a, one.Kind, given)
	if err != nil {
		return t, err
	}
	k, known := f.Kinds[one.Kind]
	if !known || !mergeable(k) {
		return t, fault.Missing()
	}
	if one.ID == other.ID {
		return t, fault.Invalid("given", "merge.same", "This is the same record twice. Choose another one.")
	}
	themes := map[string][]string{one.ID: one.Themes, other.ID: other.Themes}
	list, err := k.Read(ctx, q, []entry.Entry{one, other})
	if err != nil {
		return t, err
	}
	for i := range list {
		list[i].Themes = themes[list[i].ID] // lists leave them out
	}
	t = two{kind: k, kept: list[0], given: list[1]}
	if k.Parts != nil {
		parts, err := k.Parts.Read(ctx, q, []entry.Entry{t.kept.Entry, t.given.Entry})
		if err != nil {
			return t, err
		}
		t.parts = [2]Parts{parts[0], parts[1]}
	}
	t.fields = WithParts(Fields(k.Spec, t.kept, t.given, writes(k)), k.Parts, t.parts[0], t.parts[1])
	return t, nil
}

// held locks both, the same way round whoever comes, and gives the merge where
// one was given up already.
func held(ctx context.Context, tx *db.Tx, one, other string) (entry.Merge, bool, error) {
	pair := []string{one, other}
	slices.Sort(pair)
	for _, id := range pair {
		if err := tx.Lock(ctx, "merge/"+id); err != nil {
			return entry.Merge{}, false, err
		}
	}
	for _, id := range []string{other, one} {
		m, err := entry.MergeOf(ctx, tx, id)
		if err == nil {
			return m, true, nil
		}
		if !fault.Is(err, fault.KindNotFound) {
			return m, false, err
		}
	}
	return entry.Merge{}, false, nil
}

// Merge gives one record up for the other. The same asked twice is one merge;
// of two people who ask for different ones, the second is told.
func (f *Feature) Merge(ctx context.Context, tx *db.Tx, a people.Actor, w Wanted) (entry.Merge, error) {
	if !a.Is(people.Coordinator) {
		return entry.Merge{}, access.Denied()
	}
	if m, there, err := held(ctx, tx, w.Kept, w.Given); err != nil {
		return m, err
	} else if there && m.Kept == w.Kept && m.Given == w.Given {
		return m, nil
	} else if there {
		return m, fault.Conflict("merge.meanwhile", "One of them was merged meanwhile. Look at the list of merges.")
	}
	t, err := f.both(ctx, tx, a, w.Kept, w.Given)
	if err != nil {
		return entry.Merge{}, err
	}
	if w.KeptRevision != 0 && w.KeptRevision != t.kept.Revision || w.GivenRevision != 0 && w.GivenRevision != t.given.Revision {
		return entry.Merge{}, fault.Conflict("merge.changed", "One of them was changed meanwhile. Look at both again.")
	}
	if err := f.refuse(ctx, tx, t); err != nil {
		return entry.Merge{}, err
	}
	before, err := json.Marshal(Before{t.kept.Entry, t.kept.Answers, t.parts[0]})
	if err != nil {
		return entry.Merge{}, err
	}
	joined := Join(t.fields, t.kept, t.given, w.Choices)
	parts := JoinParts(t.fields, t.parts[0], t.parts[1], w.Choices, t.kept.ID, t.given.ID)
	if joined, err = write(ctx, tx, a, t.kind, joined, parts); err != nil {
		return entry.Merge{}, err
	}
	m, err := entry.Keep(ctx, tx, a, w.As, joined.Entry, t.given.Entry, string(before), f.points())
	if err != nil {
		return m, err
	}
	return m, f.follows(ctx, tx, t.kind, m)
}

// refuse says why two records cannot become one: one comes from the other, or a
// vote is under way in which one of them has a voice.
func (f *Feature) refuse(ctx context.Context, q db.Q, t two) error {
	for _, way := range [][2]string{{t.kept.ID, t.given.ID}, {t.given.ID, t.kept.ID}} {
		leads, err := lineage.Leads(ctx, q, way[0], way[1])
		if err != nil {
			return err
		}
		if leads {
			return fault.Conflict("merge.lineage", "One of them came from the other: they are two. Take that back first, if it is wrong.")
		}
	}
	if f.asks.Voting == nil || t.kind.Name != "organisation" {
		return nil
	}
	for _, id := range []string{t.kept.ID, t.given.ID} {
		voting, err := f.asks.Voting(ctx, q, id)
		if err != nil {
			return err
		}
		if voting {
			return fault.Conflict("merge.vote", "A vote is open in which one of them has a voice. Merge them when it is closed.")
		}
	}
	return nil
}

// write keeps a new version of a record in whatever way its kind does.
func write(ctx context.Context, tx *db.Tx, a people.Actor, k feature.Kind, r record.Record, parts Parts) (record.Record, error) {
	switch {
	case k.Parts != nil && len(parts) > 0: // of a merge of before they are not known, and stay
		return k.Parts.Keep(ctx, tx, a, r, parts)
	case k.Keep != nil:
		return k.Keep(ctx, tx, a, r)
	case k.Records != nil:
		r, err := k.Records.Change(ctx, tx, a, r)
		if err == nil && k.Records.Saved != nil {
			err = k.Records.Saved(ctx, tx, a, r)
		}
		return r, err
	}
	facts, err := entry.LatestFacts(ctx, tx, r.ID)
	if err == nil {
		r.Entry, err = entry.Change(ctx, tx, a, r.Entry, facts)
	}
	return r, err
}

// follows keeps in step what hangs on the state of the one that was given up,
// and tells those who act for either.
func (f *Feature) follows(ctx context.Context, tx *db.Tx, k feature.Kind, m entry.Merge) error {
	given, err := entry.Past(ctx, tx, m.Given)
	if err == nil && k.Moved != nil {
		err = k.Moved(ctx, tx, given)
	}
	if err != nil || k.Name != "organisation" {
		return err
	}
	if m.Undone == 0 {
		if err := people.AsStrict(ctx, tx, m.Kept, m.Given); err != nil {
			return err
		}
	}
	kept, err := entry.Get(ctx, tx, m.Kept)
	if err != nil {
		return err
	}
	var persons []string
	for _, id := range []string{m.Kept, m.Given} {
		mandates, err := people.MandatesFor(ctx, tx, id)
		if err != nil {
			return err
		}
		for _, x := range mandates {
			if x.Holds(tx.Now()) && !slices.Contains(persons, x.Person) && x.Person != m.Person {
				persons = append(persons, x.Person)
			}
		}
	}
	told := notice.New{Key: "merge.notice", English: "Two records of your organisation became one: “{name}”.", Args: map[string]string{"name": kept.Title().Original()}, Link: k.Path(m.Kept)}
	if m.Undone != 0 {
		told.Key, told.English = "merge.notice.parted", "A merge with “{name}” was taken back: there are two records again."
	}
	return notice.TellAll(ctx, tx, persons, told)
}

// silent says of every question that was not answered that it was not: what
// nobody speaks of may otherwise stay as the merge left it.
func (b *Before) silent(s *record.Spec) {
	if b.Answers == nil {
		b.Answers = record.Answers{}
	}
	for _, q := range append(s.Questions(), record.Question{Name: record.Axes}) {
		if _, said := b.Answers[q.Name]; !said && !q.Text() && (q.Name != record.Axes || s.Axes) {
			b.Answers[q.Name] = nil
		}
	}
}

// Undone tells how a merge was taken back.
type Undone struct {
	entry.Merge
	Words bool // the kept one has its earlier words again; false: somebody changed it since, and its words stay
}

// Undo takes a merge back: both stand as before. What somebody changed since in
// the one that was kept stays as they left it.
func (f *Feature) Undo(ctx context.Context, tx *db.Tx, a people.Actor, merge string) (u Undone, err error) {
	if !a.Is(people.Coordinator) {
		return u, access.Denied()
	}
	if u.Merge, err = entry.MergeByID(ctx, tx, merge); err != nil {
		return u, err
	}
	if _, _, err := held(ctx, tx, u.Kept, u.Given); err != nil {
		return u, err
	}
	if _, err := entry.MergeOf(ctx, tx, u.Kept); err == nil {
		return u, fault.Conflict("merge.later", "The record that was kept was merged into another one since. Take that back first.")
	} else if !fault.Is(err, fault.KindNotFound) {
		return u, err
	}
	k := f.Kinds[u.Kind]
	if _, err := entry.Part(ctx, tx, a, u.Merge, f.points()); err != nil {
		return u, err
	}
	kept, err := entry.Get(ctx, tx, u.Kept)
	if err != nil {
		return u, err
	}
	if kept.Revision == u.Revision && u.Before != "" {
		var b Before
		if err := json.Unmarshal([]byte(u.Before), &b); err != nil {
			return u, err
		}
		b.Entry.Revision = kept.Revision
		b.silent(k.Spec)
		if _, err := write(ctx, tx, a, k, record.Record{Entry: b.Entry, Answers: b.Answers}, b.Parts); err != nil {
			return u, err
		}
		u.Words = true
	}
	u.Merge.Undone, u.UndoneBy = tx.Now(), a.Person
	return u, f.follows(ctx, tx, k, u.Merge)
}
