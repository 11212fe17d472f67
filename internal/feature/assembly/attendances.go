package assembly

import (
	"context"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/people"
)

// Come says that an organisation takes part: its delegate, or whoever leads.
// Saying it twice changes nothing.
func Come(ctx context.Context, tx *db.Tx, a people.Actor, assembly, organisation string) error {
	if _, err := entry.See(ctx, tx, a, "assembly", assembly); err != nil {
		return err
	}
	if !MayAnswerFor(a, assembly, organisation) {
		return access.Denied()
	}
	s, err := assemblyByID(ctx, tx, assembly)
	if err != nil {
		return err
	}
	if !s.Now(tx.Now()).Allows(Register) && !MayRun(a, assembly) {
		return fault.Conflict("assembly.register.over", "This assembly is over. Nobody can register any more.")
	}
	return enrol(ctx, tx, a, assembly, organisation)
}

func enrol(ctx context.Context, tx *db.Tx, a people.Actor, assembly, organisation string) error {
	o, err := people.OrganisationByID(ctx, tx, organisation)
	if err != nil {
		return err
	}
	if o.Withdrawn != 0 {
		return fault.Missing()
	}
	added, err := register(ctx, tx, assembly, organisation, a.Person)
	if added {
		journal.Tell(tx, a, journal.Event{Verb: "assembly.registered", Kind: "assembly", Subject: assembly, Scope: assembly, Data: map[string]string{"organisation": organisation}})
	}
	return err
}

// Stay takes that back. Who was noted as present stays on the list: that they
// were there is a fact.
func Stay(ctx context.Context, tx *db.Tx, a people.Actor, assembly, organisation string) error {
	if _, err := entry.See(ctx, tx, a, "assembly", assembly); err != nil {
		return err
	}
	if !MayAnswerFor(a, assembly, organisation) {
		return access.Denied()
	}
	all, err := attendanceOf(ctx, tx, assembly)
	if err != nil {
		return err
	}
	for _, x := range all {
		if x.Organisation.ID == organisation && x.Present {
			return fault.Conflict("assembly.unregister.present", "This organisation is noted as present.")
		}
	}
	gone, err := unregister(ctx, tx, assembly, organisation)
	if gone {
		journal.Tell(tx, a, journal.Event{Verb: "assembly.unregistered", Kind: "assembly", Subject: assembly, Scope: assembly, Data: map[string]string{"organisation": organisation}})
	}
	return err
}

// Note marks who has arrived and who is not there after all; rapporteurs and
// the chair may, too. Only what changes is told, so that two people with one
// list each do not undo each other. Who arrives unregistered is registered.
func Note(ctx context.Context, tx *db.Tx, a people.Actor, assembly string, arrived, absent []string) error {
	if _, err := entry.See(ctx, tx, a, "assembly", assembly); err != nil {
		return err
	}
	if may, err := mayMark(ctx, tx, a, assembly); err != nil || !may {
		if err == nil {
			err = access.Denied()
		}
		return err
	}
	for _, o := range arrived {
		if err := enrol(ctx, tx, a, assembly, o); err != nil {
			return err
		}
	}
	noted := func(list []string, present bool, verb string) error {
		for _, o := range list {
			changed, err := markPresent(ctx, tx, assembly, o, present)
			if err != nil {
				return err
			}
			if changed {
				journal.Tell(tx, a, journal.Event{Verb: verb, Kind: "assembly", Subject: assembly, Scope: assembly, Data: map[string]string{"organisation": o}})
			}
		}
		return nil
	}
	if err := noted(arrived, true, "assembly.present"); err != nil {
		return err
	}
	return noted(absent, false, "assembly.absent")
}

func mayMark(ctx context.Context, q db.Q, a people.Actor, assembly string) (bool, error) {
	if MayMark(a, assembly, nil) {
		return true, nil
	}
	list, err := workshopsOf(ctx, q, assembly)
	ids := make([]string, len(list))
	for i, w := range list {
		ids[i] = w.Entry
	}
	return MayMark(a, assembly, ids), err
}
