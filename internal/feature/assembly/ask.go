package assembly

// What other features may ask of this one; app hands these over. Only basic
// and platform types pass.
//
//	WorkshopByCode  code on the wall → workshop
//	CodeOfWorkshop  workshop → code
//	Open            workshop → sequence 1 or 2, and whether it takes things in
//	WorkshopsOf     assembly → its workshops
//	AssemblyOf      any entry → the assembly it lives in
//	PhaseOf         assembly → code of its present phase
//	Allows          assembly, act ("write", "synthesise", "answer", "put", "vote", "carry" …) → may it be done now
//	Stage           assembly → its phase with its name, and when the next one begins
//	ZoneOf          assembly → its time zone
//	ReplyUntil      assembly → end of the right of reply
//	Programme       assembly → each point of its programme
//	Registered      assembly → organisations that come
//	Present         assembly → organisations that are there
//	MarkPresent     notes that one is there, or is not
//	Attended        organisation → assemblies it took part in, newest first

import (
	"context"
	"slices"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
)

// WorkshopByCode gives the workshop a code on the wall belongs to, however it
// was typed; not found is a fault.
func WorkshopByCode(ctx context.Context, q db.Q, code string) (workshop string, err error) {
	w, err := workshopByCode(ctx, q, CodeOf(code))
	return w.Entry, err
}

// CodeOfWorkshop gives the code participants type, "" when nobody may join.
func CodeOfWorkshop(ctx context.Context, q db.Q, workshop string) (string, error) {
	w, err := workshopByID(ctx, q, workshop)
	return w.Code, err
}

// Open tells which sequence of a workshop runs or ran last (0 = none yet), and
// whether participants may write in it now: the sequence is open, and the
// assembly is in a phase that takes things in.
func Open(ctx context.Context, q db.Q, workshop string) (sequence int, open bool, err error) {
	w, err := workshopByID(ctx, q, workshop)
	if err != nil || !w.Open() {
		return w.Sequence.Number(), false, err
	}
	a, err := assemblyByID(ctx, q, w.Assembly)
	return w.Sequence.Number(), a.Now(now(q)).Allows(Write), err
}

// WorkshopsOf lists the workshops of an assembly.
func WorkshopsOf(ctx context.Context, q db.Q, assembly string) (ids []string, err error) {
	list, err := workshopsOf(ctx, q, assembly)
	for _, w := range list {
		ids = append(ids, w.Entry)
	}
	return ids, err
}

// AssemblyOf walks up from any entry to the assembly it lives in; "" when it
// lives in none.
func AssemblyOf(ctx context.Context, q db.Q, id string) (string, error) {
	for range 8 {
		e, err := entry.Get(ctx, q, id)
		if err != nil {
			return "", err
		}
		if e.Kind == "assembly" {
			return e.ID, nil
		}
		if e.Parent == "" {
			return "", nil
		}
		id = e.Parent
	}
	return "", nil
}

// PhaseOf gives the present phase of an assembly.
func PhaseOf(ctx context.Context, q db.Q, assembly string) (string, error) {
	a, err := assemblyByID(ctx, q, assembly)
	return string(a.Now(now(q))), err
}

// ZoneOf gives the time zone of an assembly, as IANA names it.
func ZoneOf(ctx context.Context, q db.Q, assembly string) (string, error) {
	a, err := assemblyByID(ctx, q, assembly)
	return a.Timezone, err
}

// Stage tells in which phase an assembly is, in words, and when the next one
// begins (0 = nobody said).
func Stage(ctx context.Context, q db.Q, assembly string, at db.Instant) (code string, name locale.Phrase, until db.Instant, err error) {
	a, err := assemblyByID(ctx, q, assembly)
	if err != nil {
		return "", name, 0, err
	}
	now := a.Now(at)
	for _, s := range a.Starts {
		if s.Starts > at && slices.Index(Phases, s.Phase) > slices.Index(Phases, now) {
			until = s.Starts
			break
		}
	}
	return string(now), phaseNames[now], until, nil
}

// Allows tells whether the present phase of an assembly allows an act.
func Allows(ctx context.Context, q db.Q, assembly, act string) (bool, error) {
	a, err := assemblyByID(ctx, q, assembly)
	return a.Now(now(q)).Allows(Act(act)), err
}

// ReplyUntil gives the end of the right of reply; 0 = no end is set.
func ReplyUntil(ctx context.Context, q db.Q, assembly string) (db.Instant, error) {
	a, err := assemblyByID(ctx, q, assembly)
	return a.ReplyUntil(), err
}

// Programme hands over each point of an assembly's programme, in order; starts
// 0 = only the order is known. A point without words has its workshop's.
func Programme(ctx context.Context, q db.Q, assembly string, each func(starts db.Instant, title lang.Text, place string)) error {
	items, err := programmeOf(ctx, q, assembly)
	for _, i := range items {
		each(i.Starts, i.Title, i.Place)
	}
	return err
}

// Registered lists the organisations that take part.
func Registered(ctx context.Context, q db.Q, assembly string) ([]string, error) {
	return organisations(ctx, q, assembly, false)
}

// Present lists those that are there.
func Present(ctx context.Context, q db.Q, assembly string) ([]string, error) {
	return organisations(ctx, q, assembly, true)
}

func organisations(ctx context.Context, q db.Q, assembly string, presentOnly bool) (ids []string, err error) {
	all, err := attendanceOf(ctx, q, assembly)
	for _, a := range all {
		if a.Present || !presentOnly {
			ids = append(ids, a.Organisation.ID)
		}
	}
	return ids, err
}

// MarkPresent notes that an organisation is there, or is not; who was not
// registered is then. For the coordination, the committee, the chair and the
// rapporteurs of the assembly.
func MarkPresent(ctx context.Context, tx *db.Tx, a people.Actor, assembly, organisation string, present bool) error {
	if present {
		return Note(ctx, tx, a, assembly, []string{organisation}, nil)
	}
	return Note(ctx, tx, a, assembly, nil, []string{organisation})
}

// Attended lists the assemblies an organisation took part in that the actor
// may know of, newest first.
func Attended(ctx context.Context, q db.Q, a people.Actor, organisation string) ([]entry.Entry, error) {
	ids, err := attendedBy(ctx, q, organisation)
	if err != nil {
		return nil, err
	}
	found, err := entry.Many(ctx, q, ids)
	var list []entry.Entry
	for _, id := range ids {
		if e, ok := found[id]; ok && e.Visible(a) {
			list = append(list, e)
		}
	}
	slices.SortStableFunc(list, func(x, y entry.Entry) int { return int(min(max(y.Starts-x.Starts, -1), 1)) })
	return list, err
}

// Attending gives the organisations that came to assemblies everybody may know
// of, or that are registered there.
func Attending(ctx context.Context, q db.Q) ([]string, error) {
	return db.All(ctx, q, db.Value[string], `SELECT DISTINCT t.organisation FROM attendance t JOIN entry e ON e.id = t.assembly WHERE e.state = 'published' AND e.audience = 'public'`)
}

// now is the instant of a transaction, or of the house's clock.
func now(q db.Q) db.Instant {
	switch q := q.(type) {
	case *db.Tx:
		return q.Now()
	case *db.DB:
		return q.Now()
	}
	return db.Now()
}
