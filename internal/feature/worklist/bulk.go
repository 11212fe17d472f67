package worklist

import (
	"context"
	"slices"
	"strings"

	"alliance/internal/feature"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
)

// Step is what a change does to one row, before it is done.
type Step struct {
	Row
	After    entry.Entry
	Assigned string       // after
	Changed  bool         // the entry itself is another
	Why      *fault.Fault // it stays as it is, because …
}

// Does tells that the row is another afterwards.
func (s Step) Does() bool { return s.Why == nil && (s.Changed || s.Assigned != s.Row.Assigned) }

// plan says what a change would do to rows, and to which it can not.
func (x *Worklist) plan(k feature.Kind, rows []Row, c Change) []Step {
	steps := make([]Step, len(rows))
	for i, r := range rows {
		s := Step{Row: r, Assigned: r.Assigned}
		s.After, s.Changed = c.onto(r.Entry)
		switch c.Assign {
		case "":
		case nobody:
			s.Assigned = ""
		default:
			s.Assigned = c.Assign
		}
		if r.Title().Empty() {
			s.Why = fault.Conflict("work.erased", "Its words were erased.")
		} else if s.Changed && k.Records != nil && s.After.State == entry.Published {
			after := r.Record
			after.Entry = s.After
			if list := fault.Of(k.Records.Validate(after)); len(list) > 0 {
				s.Why = list[0]
			}
		}
		steps[i] = s
	}
	return steps
}

// Apply changes many at once, and keeps what was before. Rows that cannot take
// the change stay as they are.
func (x *Worklist) Apply(ctx context.Context, tx *db.Tx, a people.Actor, k feature.Kind, ids []string, c Change) (Batch, error) {
	b := Batch{ID: id.New(), Kind: k.Name, Person: a.Person, At: tx.Now(), Change: c}
	if len(ids) == 0 {
		return b, fault.Invalid("", "work.no-rows", "Choose at least one row.")
	}
	if len(ids) > most {
		return b, fault.Invalid("", "work.too-many", "At most {n} rows at once.", "n", most)
	}
	if err := x.valid(ctx, tx, k, c); err != nil {
		return b, err
	}
	rows, err := x.picked(ctx, tx, a, k, ids)
	if err != nil {
		return b, err
	}
	if err := addBatch(ctx, tx, b); err != nil {
		return b, err
	}
	n := 0
	for _, s := range x.plan(k, rows, c) {
		if !s.Does() {
			continue
		}
		was := Before{Themes: s.Themes, Axis: s.Axis, State: s.State, Checked: int64(s.Entry.Checked), CheckedBy: s.CheckedBy, CheckedHow: s.CheckedHow, Assigned: s.Row.Assigned}
		after := s.After
		if c.Check != "" {
			after.Checked, after.CheckedBy, after.CheckedHow = tx.Now(), a.For(), c.Check
		}
		if s.Changed {
			if after, err = x.write(ctx, tx, a, k, s.State, after); err != nil {
				return b, err
			}
		}
		if s.Assigned != s.Row.Assigned {
			if err := assign(ctx, tx, s.ID, s.Assigned); err != nil {
				return b, err
			}
		}
		if err := addRow(ctx, tx, b.ID, n, kept{s.ID, was, after.Revision}); err != nil {
			return b, err
		}
		n++
	}
	if n == 0 {
		return b, fault.Invalid("", "work.no-change", "Nothing would change in these rows.")
	}
	journal.Tell(tx, a, journal.Event{Verb: "work.applied", Kind: "work", Subject: b.ID})
	return b, nil
}

// write keeps a new version of an entry with the facts that follow from it.
func (x *Worklist) write(ctx context.Context, tx *db.Tx, a people.Actor, k feature.Kind, before entry.State, e entry.Entry) (entry.Entry, error) {
	facts, err := entry.LatestFacts(ctx, tx, e.ID)
	if err != nil {
		return e, err
	}
	if facts == nil {
		facts = entry.Facts{}
	}
	separator := ", "
	if k.Records == nil {
		separator = " " // as the directory writes them
	}
	facts["themes"], facts["axis"] = strings.Join(e.Themes, separator), e.Axis
	for _, name := range []string{"themes", "axis"} {
		if facts[name] == "" {
			delete(facts, name)
		}
	}
	if e, err = entry.Change(ctx, tx, a, e, facts); err != nil {
		return e, err
	}
	switch {
	case e.State == before:
	case k.Moved != nil:
		err = k.Moved(ctx, tx, e)
	case k.Records != nil && k.Records.Saved != nil:
		var list []record.Record
		if list, err = record.Fill(ctx, tx, []entry.Entry{e}); err == nil {
			list[0].Entry = e
			err = k.Records.Saved(ctx, tx, a, list[0])
		}
	}
	return e, err
}

// Undo takes a change back. Rows that somebody changed meanwhile stay as they
// are; it gives how many went back and how many stayed.
func (x *Worklist) Undo(ctx context.Context, tx *db.Tx, a people.Actor, batch string) (b Batch, back, stayed int, err error) {
	if b, err = batchByID(ctx, tx, batch); err != nil {
		return b, 0, 0, err
	}
	if b.Undone != 0 {
		return b, 0, 0, fault.Conflict("work.undone-already", "This was taken back already.")
	}
	k, err := x.kind(b.Kind)
	if err != nil {
		return b, 0, 0, err
	}
	rows, err := rowsOf(ctx, tx, batch)
	if err != nil {
		return b, 0, 0, err
	}
	for _, r := range rows {
		e, err := entry.Get(ctx, tx, r.Entry)
		if err != nil {
			return b, 0, 0, err
		}
		if e.Revision != r.Revision || e.Title().Empty() {
			stayed++
			continue
		}
		before := e.State
		same := slices.Equal(e.Themes, r.Was.Themes) && e.Axis == r.Was.Axis && e.State == r.Was.State && int64(e.Checked) == r.Was.Checked
		e.Themes, e.Axis, e.State = r.Was.Themes, r.Was.Axis, r.Was.State
		e.Checked, e.CheckedBy, e.CheckedHow = db.Instant(r.Was.Checked), r.Was.CheckedBy, r.Was.CheckedHow
		if !same {
			if _, err := x.write(ctx, tx, a, k, before, e); err != nil {
				return b, 0, 0, err
			}
		}
		if b.Change.Assign != "" {
			if err := assign(ctx, tx, e.ID, r.Was.Assigned); err != nil {
				return b, 0, 0, err
			}
		}
		back++
	}
	journal.Tell(tx, a, journal.Event{Verb: "work.undone", Kind: "work", Subject: b.ID})
	return b, back, stayed, setUndone(ctx, tx, batch)
}

// valid checks a change against what the alliance and the kind know.
func (x *Worklist) valid(ctx context.Context, q db.Q, k feature.Kind, c Change) error {
	of, who, err := x.choices(ctx, q)
	if err != nil {
		return err
	}
	ids := make([]string, len(who))
	for i, p := range who {
		ids[i] = p.ID
	}
	return c.Validate(k.Spec, movable(k), topicIDs(of.Themes), topicIDs(of.Axes), ids)
}

// movable tells that a working list may change the state of a kind: what more
// than the entry hangs on it, its feature does.
func movable(k feature.Kind) bool {
	return k.Records != nil && k.Records.Belongs == nil || k.Moved != nil
}
