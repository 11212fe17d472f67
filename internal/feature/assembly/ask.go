package assembly

import (
	"context"
	"slices"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/locale"
)

// What other features ask of this one; app hands these over.

// WorkshopByCode gives the workshop a code on the wall belongs to.
func WorkshopByCode(ctx context.Context, q db.Q, code string) (workshop string, err error) {
	w, err := workshopByCode(ctx, q, CodeOf(code))
	return w.Entry, err
}

// Open tells which sequence of a workshop is open: 1 or 2, or open false.
func Open(ctx context.Context, q db.Q, workshop string) (sequence int, open bool, err error) {
	w, err := workshopByID(ctx, q, workshop)
	return int(w.Sequence), w.Open(), err
}

// PhaseOf gives the present phase of an assembly.
func PhaseOf(ctx context.Context, q db.Q, assembly string, at db.Instant) (string, error) {
	a, err := assemblyByID(ctx, q, assembly)
	return string(a.Now(at)), err
}

// ZoneOf gives the time zone of an assembly, as IANA names it.
func ZoneOf(ctx context.Context, q db.Q, assembly string) (string, error) {
	a, err := assemblyByID(ctx, q, assembly)
	return a.Timezone, err
}

// AssemblyOf walks up from any entry to the assembly it lives in; "" when it
// lives in none.
func AssemblyOf(ctx context.Context, q db.Q, id string) (string, error) {
	for range 8 {
		e, err := entry.Get(ctx, q, id)
		if err != nil {
			return "", err
		}
		if e.Kind == "assembly" || e.Parent == "" {
			if e.Kind != "assembly" {
				return "", nil
			}
			return e.ID, nil
		}
		id = e.Parent
	}
	return "", nil
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

// CodeOfWorkshop gives the code participants type, "" when nobody may join.
func CodeOfWorkshop(ctx context.Context, q db.Q, workshop string) (string, error) {
	w, err := workshopByID(ctx, q, workshop)
	return w.Code, err
}

// WorkshopsOf lists the workshops of an assembly.
func WorkshopsOf(ctx context.Context, q db.Q, assembly string) (ids []string, err error) {
	list, err := workshopsOf(ctx, q, assembly)
	for _, w := range list {
		ids = append(ids, w.Entry)
	}
	return ids, err
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
