package assembly

import (
	"context"
	"slices"
	"time"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/lineage"
	"alliance/internal/platform/people"
)

// Asks are what assemblies need of others.
type Asks struct {
	// Proposals gives all proposals of an assembly.
	Proposals func(ctx context.Context, q db.Q, assembly string) ([]entry.Entry, error)
	// Copy makes a proposal in parent with the texts of another.
	Copy func(ctx context.Context, tx *db.Tx, a people.Actor, parent string, of entry.Entry) (entry.Entry, error)
}

// Add begins an assembly.
func Add(ctx context.Context, tx *db.Tx, a people.Actor, e entry.Entry, s Assembly) (entry.Entry, error) {
	if !MayRun(a, e.Parent) {
		return e, access.Denied()
	}
	return add(ctx, tx, a, e, s)
}

func add(ctx context.Context, tx *db.Tx, a people.Actor, e entry.Entry, s Assembly) (entry.Entry, error) {
	if err := validate(e, s); err != nil {
		return e, err
	}
	if e.Parent != "" {
		if _, err := entry.See(ctx, tx, a, "assembly", e.Parent); err != nil {
			return e, err
		}
	}
	e.Kind = "assembly"
	e, err := entry.Add(ctx, tx, a, e, s.facts(e))
	if err != nil {
		return e, err
	}
	s.Entry = e.ID
	return e, putAssembly(ctx, tx, s)
}

// Change keeps a new version of an assembly.
func Change(ctx context.Context, tx *db.Tx, a people.Actor, e entry.Entry, s Assembly) error {
	if !MayRun(a, e.ID) {
		return access.Denied()
	}
	if err := validate(e, s); err != nil {
		return err
	}
	if _, err := entry.Change(ctx, tx, a, e, s.facts(e)); err != nil {
		return err
	}
	return putAssembly(ctx, tx, s)
}

func validate(e entry.Entry, s Assembly) error {
	var list fault.List
	if err := e.Validate(); err != nil {
		list = append(list, fault.Of(err)...)
	}
	if _, err := time.LoadLocation(s.Timezone); err != nil || s.Timezone == "" || s.Timezone == "Local" {
		list.Add(fault.Invalid("timezone", "assembly.timezone", "Write a time zone such as Europe/Paris."))
	}
	if e.Ends != 0 && e.Ends < e.Starts {
		list.Add(fault.Invalid("ends", "assembly.dates", "The end must come after the beginning."))
	}
	list.Add(checkOrder(s.Starts))
	return list.Err()
}

func (s Assembly) facts(e entry.Entry) entry.Facts {
	f := entry.Facts{"time zone": s.Timezone}
	if e.Starts != 0 {
		f["starts"], f["ends"] = e.Starts.Day(), e.Ends.Day()
	}
	for _, p := range s.Starts {
		if p.Starts != 0 {
			f[string(p.Phase)] = p.Starts.Day()
		}
	}
	if s.ByHand != "" {
		f["phase"] = string(s.ByHand)
	}
	return f
}

// Move sets the phase by hand; from is the phase the person saw, so that of
// two who move it at once, the second is told.
func Move(ctx context.Context, tx *db.Tx, a people.Actor, assembly string, from, to Phase) error {
	if !MayRun(a, assembly) {
		return access.Denied()
	}
	if !slices.Contains(Phases, to) {
		return fault.Invalid("phase", "assembly.phase.unknown", "Choose a phase.")
	}
	if err := tx.Lock(ctx, "assembly:"+assembly); err != nil {
		return err
	}
	s, err := assemblyByID(ctx, tx, assembly)
	if err != nil {
		return err
	}
	if s.Now(tx.Now()) != from {
		return fault.Conflict("assembly.phase.moved", "The phase was changed meanwhile. Look again.")
	}
	s.ByHand = to
	journal.Tell(tx, a, journal.Event{Verb: "assembly.phase", Kind: "assembly", Subject: assembly, Scope: assembly, Data: map[string]string{"phase": string(to)}})
	return putAssembly(ctx, tx, s)
}

// AddItem puts a point on the programme.
func AddItem(ctx context.Context, tx *db.Tx, a people.Actor, i Item) error {
	if !MayRun(a, i.Assembly) {
		return access.Denied()
	}
	title, err := lang.Parse(i.Title)
	if err != nil || title.Empty() {
		return fault.Invalid("title", "assembly.item.title", "Say what happens.")
	}
	if !slices.Contains(ItemKinds, i.Kind) {
		return fault.Invalid("kind", "assembly.item.kind", "Choose what kind of session it is.")
	}
	i.ID = id.New()
	journal.Tell(tx, a, journal.Event{Verb: "assembly.programme", Kind: "assembly", Subject: i.Assembly, Scope: i.Assembly})
	return putItem(ctx, tx, i)
}

// DropItem takes a point off the programme.
func DropItem(ctx context.Context, tx *db.Tx, a people.Actor, assembly, item string) error {
	if !MayRun(a, assembly) {
		return access.Denied()
	}
	journal.Tell(tx, a, journal.Event{Verb: "assembly.programme", Kind: "assembly", Subject: assembly, Scope: assembly})
	return dropItem(ctx, tx, assembly, item)
}

// AddWorkshop begins a workshop with a code of its own.
func AddWorkshop(ctx context.Context, tx *db.Tx, a people.Actor, e entry.Entry, w Workshop) (entry.Entry, error) {
	if !MayRun(a, e.Parent) {
		return e, access.Denied()
	}
	w.Code = id.Code(6)
	return addWorkshop(ctx, tx, a, e, w)
}

func addWorkshop(ctx context.Context, tx *db.Tx, a people.Actor, e entry.Entry, w Workshop) (entry.Entry, error) {
	e.Kind = "workshop"
	e, err := entry.Add(ctx, tx, a, e, w.facts(e))
	if err != nil {
		return e, err
	}
	w.Entry, w.Assembly = e.ID, e.Parent
	return e, putWorkshop(ctx, tx, w)
}

func (w Workshop) facts(e entry.Entry) entry.Facts {
	return entry.Facts{"axis": e.Axis, "room": w.Room, "sequence": []string{"to come", "1", "2", "closed"}[w.Sequence]}
}

// ChangeWorkshop keeps a new version of a workshop.
func ChangeWorkshop(ctx context.Context, tx *db.Tx, a people.Actor, e entry.Entry, w Workshop) error {
	if !MayLead(a, w) {
		return access.Denied()
	}
	if _, err := entry.Change(ctx, tx, a, e, w.facts(e)); err != nil {
		return err
	}
	return putWorkshop(ctx, tx, w)
}

// SetSequence opens a sequence of a workshop, or closes it.
func SetSequence(ctx context.Context, tx *db.Tx, a people.Actor, workshop string, s Sequence) error {
	w, err := workshopByID(ctx, tx, workshop)
	if err != nil {
		return err
	}
	if !MayLead(a, w) {
		return access.Denied()
	}
	if s < ToCome || s > Over {
		return fault.Invalid("sequence", "assembly.sequence", "Choose a sequence.")
	}
	w.Sequence = s
	journal.Tell(tx, a, journal.Event{Verb: "workshop.sequence", Kind: "workshop", Subject: workshop, Scope: w.Assembly})
	return putWorkshop(ctx, tx, w)
}

// NewCode gives a workshop another code: the old one opens nothing any more.
func NewCode(ctx context.Context, tx *db.Tx, a people.Actor, workshop string) error {
	w, err := workshopByID(ctx, tx, workshop)
	if err != nil {
		return err
	}
	if !MayLead(a, w) {
		return access.Denied()
	}
	w.Code = id.Code(6)
	journal.Tell(tx, a, journal.Event{Verb: "workshop.code", Kind: "workshop", Subject: workshop, Scope: w.Assembly})
	return putWorkshop(ctx, tx, w)
}

// Register says that an organisation takes part: its delegate, or whoever runs
// the assembly.
func Register(ctx context.Context, tx *db.Tx, a people.Actor, assembly, organisation string) error {
	if !(a.May(people.Speak) && a.For() == organisation) && !MayRun(a, assembly) {
		return access.Denied()
	}
	if _, err := assemblyByID(ctx, tx, assembly); err != nil {
		return err
	}
	if _, err := people.OrganisationByID(ctx, tx, organisation); err != nil {
		return err
	}
	journal.Tell(tx, a, journal.Event{Verb: "assembly.registered", Kind: "assembly", Subject: assembly, Scope: assembly, Data: map[string]string{"organisation": organisation}})
	return register(ctx, tx, assembly, organisation, a.Person)
}

// Unregister takes that back.
func Unregister(ctx context.Context, tx *db.Tx, a people.Actor, assembly, organisation string) error {
	if !(a.May(people.Speak) && a.For() == organisation) && !MayRun(a, assembly) {
		return access.Denied()
	}
	journal.Tell(tx, a, journal.Event{Verb: "assembly.unregistered", Kind: "assembly", Subject: assembly, Scope: assembly, Data: map[string]string{"organisation": organisation}})
	return unregister(ctx, tx, assembly, organisation)
}

// SetPresent marks who is there; rapporteurs of its workshops may, too.
func SetPresent(ctx context.Context, tx *db.Tx, a people.Actor, assembly string, here []string) error {
	if !MayRun(a, assembly) && !a.Somewhere(people.Rapporteur) {
		return access.Denied()
	}
	all, err := attendanceOf(ctx, tx, assembly)
	if err != nil {
		return err
	}
	for _, x := range all {
		if present := slices.Contains(here, x.Organisation.ID); present != x.Present {
			if err := markPresent(ctx, tx, assembly, x.Organisation.ID, present); err != nil {
				return err
			}
		}
	}
	journal.Tell(tx, a, journal.Event{Verb: "assembly.presence", Kind: "assembly", Subject: assembly, Scope: assembly})
	return nil
}

// BringUp hands proposals of a local assembly to the one it sits in. Each
// becomes a proposal there, joined to the first in the lineage.
func (f *Feature) BringUp(ctx context.Context, tx *db.Tx, a people.Actor, local string, proposals []string) (parent string, err error) {
	if !MayRun(a, local) {
		return "", access.Denied()
	}
	e, err := entry.See(ctx, tx, a, "assembly", local)
	if err != nil {
		return "", err
	}
	if e.Parent == "" {
		return "", fault.Conflict("assembly.up.none", "This assembly sits in no other.")
	}
	if len(proposals) == 0 {
		return "", fault.Invalid("proposals", "assembly.up.choose", "Choose at least one proposal.")
	}
	done, err := lineage.Descended(ctx, tx, proposals)
	if err != nil {
		return "", err
	}
	for _, p := range proposals {
		of, err := entry.See(ctx, tx, a, "proposal", p)
		if err != nil {
			return "", err
		}
		if where, err := AssemblyOf(ctx, tx, p); err != nil || where != local {
			return "", fault.Missing()
		}
		if done[p] {
			return "", fault.Conflict("assembly.up.done", "“{title}” was brought up or dealt with already.", "title", of.Title().Original())
		}
		up, err := f.asks.Copy(ctx, tx, a, e.Parent, of)
		if err != nil {
			return "", err
		}
		if _, err := lineage.Add(ctx, tx, a, lineage.Derivation{Kind: lineage.BroughtUp, Role: "committee", Scope: e.Parent, Certain: true,
			Parents: []lineage.Link{{Entry: p, Revision: of.Revision}}, Children: []lineage.Link{{Entry: up.ID, Revision: up.Revision}}}); err != nil {
			return "", err
		}
	}
	return e.Parent, nil
}
