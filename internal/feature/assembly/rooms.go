package assembly

import (
	"context"
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

// AddWorkshop begins a workshop with a code of its own.
func AddWorkshop(ctx context.Context, tx *db.Tx, a people.Actor, e entry.Entry, w Workshop) (entry.Entry, error) {
	if !MayRun(a, e.Parent) {
		return e, access.Denied()
	}
	var err error
	if w.Code, err = freshCode(ctx, tx); err != nil {
		return e, err
	}
	return addWorkshop(ctx, tx, a, e, w)
}

func addWorkshop(ctx context.Context, tx *db.Tx, a people.Actor, e entry.Entry, w Workshop) (entry.Entry, error) {
	e.Kind = "workshop"
	if err := fits(ctx, tx, e, w); err != nil {
		return e, err
	}
	e, err := entry.Add(ctx, tx, a, e, w.facts(e))
	if err != nil {
		return e, err
	}
	w.Entry, w.Assembly = e.ID, e.Parent
	return e, putWorkshop(ctx, tx, w)
}

// fits checks a workshop against the assembly it is in.
func fits(ctx context.Context, q db.Q, e entry.Entry, w Workshop) error {
	var list fault.List
	if err := e.Validate(); err != nil {
		list = append(list, fault.Of(err)...)
	}
	s, err := assemblyByID(ctx, q, e.Parent)
	if err != nil {
		return err
	}
	if e.Axis != "" && len(s.Axes) > 0 && !slices.Contains(s.Axes, e.Axis) {
		list.Add(fault.Invalid("axis", "assembly.workshop.axis", "Choose one of the axes of this assembly."))
	}
	for _, l := range w.Languages {
		if tag, ok := lang.Tag(l); !ok || tag != l {
			list.Add(fault.Invalid("languages", "entry.lang.unknown", "Choose the language you write in."))
		}
	}
	return list.Err()
}

func (w Workshop) facts(e entry.Entry) entry.Facts {
	f := entry.Facts{}
	for name, value := range map[string]string{"axis": e.Axis, "room": w.Room, "languages": join(w.Languages)} {
		if value != "" {
			f[name] = value
		}
	}
	return f
}

func join(codes []string) string { return strings.Join(codes, " ") }

// freshCode gives a code no workshop has or had a moment ago. Two made at once
// could still meet: then the database refuses the second.
func freshCode(ctx context.Context, q db.Q) (string, error) {
	for {
		code := id.Code(6)
		if taken, err := codeTaken(ctx, q, code); err != nil || !taken {
			return code, err
		}
	}
}

// ChangeWorkshop keeps a new version of a workshop that was read at e.Revision.
func ChangeWorkshop(ctx context.Context, tx *db.Tx, a people.Actor, e entry.Entry, w Workshop) (entry.Entry, error) {
	if !MayLead(a, w) {
		return e, access.Denied()
	}
	if err := fits(ctx, tx, e, w); err != nil {
		return e, err
	}
	e, err := entry.Change(ctx, tx, a, e, w.facts(e))
	if err != nil {
		return e, err
	}
	return e, putWorkshop(ctx, tx, w)
}

// SetSequence opens a sequence of a workshop, or closes it; from is what the
// person saw. Two who do the same at once both succeed; of two who do
// different things, the second is told.
func SetSequence(ctx context.Context, tx *db.Tx, a people.Actor, workshop string, from, to Sequence) error {
	w, err := workshopByID(ctx, tx, workshop)
	if err != nil {
		return err
	}
	if !MayLead(a, w) {
		return access.Denied()
	}
	if !to.known() || !from.known() {
		return fault.Invalid("sequence", "assembly.sequence", "Choose a sequence.")
	}
	moved, err := moveSequence(ctx, tx, workshop, from, to)
	if err != nil {
		return err
	}
	if !moved {
		if w, err = workshopByID(ctx, tx, workshop); err != nil || w.Sequence == to {
			return err
		}
		return fault.Conflict("assembly.sequence.moved", "Somebody else moved the workshop on meanwhile. Look again.")
	}
	journal.Tell(tx, a, journal.Event{Verb: "workshop.sequence", Kind: "workshop", Subject: workshop, Scope: w.Assembly, Data: map[string]string{"from": from.code(), "to": to.code()}})
	return nil
}

// NewCode gives a workshop another code: the old one opens nothing any more.
func NewCode(ctx context.Context, tx *db.Tx, a people.Actor, workshop string) (string, error) {
	w, err := workshopByID(ctx, tx, workshop)
	if err != nil {
		return "", err
	}
	if !MayLead(a, w) {
		return "", access.Denied()
	}
	code, err := freshCode(ctx, tx)
	if err != nil {
		return "", err
	}
	journal.Tell(tx, a, journal.Event{Verb: "workshop.code", Kind: "workshop", Subject: workshop, Scope: w.Assembly})
	return code, putCode(ctx, tx, workshop, code)
}
