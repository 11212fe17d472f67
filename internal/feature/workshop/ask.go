package workshop

import (
	"context"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
)

// Asks is what this feature wants to know of assemblies.
type Asks struct {
	// WorkshopByCode gives the entry of the workshop with that code; not found is a fault.
	WorkshopByCode func(ctx context.Context, q db.Q, code string) (string, error)
	// CodeOf gives the code of a workshop, "" when nobody joins it (any more).
	CodeOf func(ctx context.Context, q db.Q, workshop string) (string, error)
	// Open tells which sequence of a workshop is going on, and whether it takes things in.
	Open func(ctx context.Context, q db.Q, workshop string) (sequence int, open bool, err error)
	// ZoneOf gives the time zone of an assembly: people in a room read its clock.
	ZoneOf func(ctx context.Context, q db.Q, assembly string) (string, error)
	// AssemblyOf gives the assembly an entry lives in.
	AssemblyOf func(ctx context.Context, q db.Q, entry string) (string, error)
}

// What others may ask of this feature: Proposals, Stage, Stages,
// CreateProposal, AddProposal, CopyProposal. Only platform types pass.

// Proposals gives all proposals of an assembly, those of its workshops and
// those the committee made, in the order in which they came. Drafts and
// withdrawn ones are among them: the caller asks e.State and e.Visible(actor).
func (s *Workshops) Proposals(ctx context.Context, q db.Q, assembly string) ([]entry.Entry, error) {
	list, err := proposalsOf(ctx, q, assembly)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(list))
	for i, p := range list {
		ids[i] = p.Entry
	}
	return entry.InOrder(ctx, q, ids)
}

// Stage gives how far a proposal came: a code of Stages.
func (s *Workshops) Stage(ctx context.Context, q db.Q, proposal string) (string, error) {
	e, err := entry.Get(ctx, q, proposal)
	if err != nil {
		return "", err
	}
	all, err := fates(ctx, q, []entry.Entry{e})
	return string(all[proposal].Stage), err
}

// StagesOf is Stage for many at once: entry → code.
func (s *Workshops) StagesOf(ctx context.Context, q db.Q, proposals []entry.Entry) (map[string]string, error) {
	all, err := fates(ctx, q, proposals)
	codes := make(map[string]string, len(all))
	for id, f := range all {
		codes[id] = string(f.Stage)
	}
	return codes, err
}

// CreateProposal makes a published proposal in parent, a workshop or, when the
// committee makes it, the assembly. fields holds the texts by name (title,
// summary, body, means, carriers, caution.1 …); stakes it answers are joined in
// the lineage. What it was made from is the caller's to say there.
func (s *Workshops) CreateProposal(ctx context.Context, tx *db.Tx, a people.Actor, parent, tag string, fields map[string]lang.Text, level string, themes, stakes []string) (entry.Entry, error) {
	return s.AddProposal(ctx, tx, a, entry.Entry{Parent: parent, Lang: tag, Fields: fields, Class: level, Themes: themes}, stakes)
}

// AddProposal is CreateProposal with everything else an entry may say of
// itself: its identifier, author, state, date. Class is the level.
func (s *Workshops) AddProposal(ctx context.Context, tx *db.Tx, a people.Actor, e entry.Entry, stakes []string) (entry.Entry, error) {
	e.Kind = ProposalKind
	if e.Class == "" {
		e.Class = Levels[1]
	}
	parent, err := entry.Get(ctx, tx, e.Parent)
	if err != nil {
		return e, err
	}
	r := Room{Assembly: parent.ID}
	if parent.Kind == "workshop" {
		r.Workshop = parent
		if r.Assembly, err = s.asks.AssemblyOf(ctx, tx, parent.ID); err != nil {
			return e, err
		}
	} else if parent.Kind != "assembly" {
		return e, fault.Missing()
	}
	if e.Axis == "" {
		e.Axis = parent.Axis
	}
	if e.Organisation == "" { // the committee's words are not those of its members' organisations
		e.Person = a.Person
	}
	if e, err = entry.Add(ctx, tx, a, e, facts(e.Class)); err != nil {
		return e, err
	}
	if err := putProposal(ctx, tx, Proposal{Entry: e.ID, Assembly: r.Assembly, Workshop: r.Workshop.ID, Level: e.Class}); err != nil {
		return e, err
	}
	return e, s.answer(ctx, tx, a, r, e, stakes)
}

// CopyProposal makes a published proposal in parent with the texts, the author
// and the themes of another, as when a local assembly hands its results up.
// The derivation that joins the two is the caller's.
func (s *Workshops) CopyProposal(ctx context.Context, tx *db.Tx, a people.Actor, parent string, of entry.Entry) (entry.Entry, error) {
	e := entry.Entry{Parent: parent, Lang: of.Lang, Class: of.Class, Themes: of.Themes, Axis: of.Axis, Signed: of.Signed,
		Organisation: of.Organisation, Mandate: of.Mandate, Fields: map[string]lang.Text{}}
	for name, t := range of.Fields {
		e.Fields[name] = fresh(t)
	}
	return s.AddProposal(ctx, tx, a, e, nil)
}
