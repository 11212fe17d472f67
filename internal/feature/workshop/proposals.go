package workshop

import (
	"context"
	"maps"
	"slices"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/lineage"
	"alliance/internal/platform/people"
)

// Propose takes a proposal down. It is a draft of the room until the
// rapporteur brings it up. From a phone it gives the secret of its link.
func (s *Workshops) Propose(ctx context.Context, tx *db.Tx, a people.Actor, r Room, d Draft) (e entry.Entry, secret string, err error) {
	if d.Source == FromPhone || !r.MayPropose(a) {
		if err := s.mayWrite(ctx, tx, a, r, d.Source); err != nil {
			return e, "", err
		}
	}
	if err := d.Validate(); err != nil {
		return e, "", err
	}
	if d.Key != "" {
		was, err := capturedByKey(ctx, tx, r.Workshop.ID, d.Key)
		if err == nil {
			e, err = entry.Get(ctx, tx, was.Entry)
			return e, "", err
		}
		if !fault.Is(err, fault.KindNotFound) {
			return e, "", err
		}
	}
	e = entry.Entry{Kind: ProposalKind, Parent: r.Workshop.ID, Lang: d.Lang, Signed: d.Signed, Axis: r.Workshop.Axis, State: entry.Draft, Person: a.Person}
	if d.Mine && a.May(people.Speak) {
		e.Organisation, e.Mandate = a.Mandate.Organisation, a.Mandate.ID
	}
	d.write(&e)
	c := Captured{Source: d.Source, Key: d.Key}
	secret = s.grant(tx, &c)
	e, err = s.addProposal(ctx, tx, a, r, e, d.Stakes, c)
	return e, secret, err
}

// addProposal keeps a proposal of a workshop with its typed side and its stakes.
func (s *Workshops) addProposal(ctx context.Context, tx *db.Tx, a people.Actor, r Room, e entry.Entry, stakes []string, c Captured) (entry.Entry, error) {
	if e.Person == "" && e.Organisation == "" {
		a = people.Actor{At: a.At} // nobody: the room
	}
	e, err := entry.Add(ctx, tx, a, e, facts(e.Class))
	if err != nil {
		return e, err
	}
	c.Entry, c.Assembly, c.Workshop, c.Kind, c.Sequence = e.ID, r.Assembly, r.Workshop.ID, ProposalKind, r.Sequence
	if err := putCaptured(ctx, tx, c); err != nil {
		return e, err
	}
	if err := putProposal(ctx, tx, Proposal{Entry: e.ID, Assembly: r.Assembly, Workshop: r.Workshop.ID, Level: e.Class}); err != nil {
		return e, err
	}
	return e, s.answer(ctx, tx, a, r, e, stakes)
}

func facts(level string) entry.Facts { return entry.Facts{"level": level} }

// answer joins a proposal to the stakes it answers; only stakes of its assembly.
func (s *Workshops) answer(ctx context.Context, tx *db.Tx, a people.Actor, r Room, e entry.Entry, stakes []string) error {
	known, err := stakesOf(ctx, tx, r.Assembly)
	if err != nil {
		return err
	}
	d := lineage.Derivation{Kind: lineage.Answers, Role: role(a, r), Scope: r.Workshop.ID, Certain: true, Children: []lineage.Link{{Entry: e.ID, Revision: e.Revision}}}
	if d.Scope == "" {
		d.Scope = r.Assembly
	}
	if e.Revision == 1 { // said with the proposal; later it is said when it is added
		d.At = e.Created
	}
	there, err := entry.Many(ctx, tx, stakes)
	if err != nil {
		return err
	}
	for _, stake := range stakes {
		if slices.Contains(known, stake) && !slices.ContainsFunc(d.Parents, func(l lineage.Link) bool { return l.Entry == stake }) {
			d.Parents = append(d.Parents, lineage.Link{Entry: stake, Revision: there[stake].Revision})
		}
	}
	if len(d.Parents) == 0 {
		return nil
	}
	_, err = lineage.Add(ctx, tx, a, d)
	return err
}

// answered gives the stakes a proposal answers, and the standing derivations that say so.
func answered(ctx context.Context, q db.Q, proposal string) (stakes []string, said []lineage.Derivation, err error) {
	touching, err := lineage.Touching(ctx, q, proposal)
	for _, d := range touching {
		if d.Kind != lineage.Answers || d.UndoneBy != "" || len(d.Children) == 0 || d.Children[0].Entry != proposal {
			continue
		}
		said = append(said, d)
		for _, p := range d.Parents {
			if !slices.Contains(stakes, p.Entry) {
				stakes = append(stakes, p.Entry)
			}
		}
	}
	return stakes, said, err
}

// May says what the actor may do with a proposal.
type May struct{ Read, Edit, BringUp, Withdraw bool }

// may: words are their author's while the workshop is open, and the
// rapporteur's until the committee has dealt with the proposal; from then on
// the committee makes new ones beside it. Its organisation takes it back at once.
func may(a people.Actor, r Room, e entry.Entry, f Fate) May {
	author := a.SignedIn() && (e.Person == a.Person && e.Organisation == "" || e.Organisation != "" && e.Organisation == a.For() && a.May(people.Speak))
	notes := r.MayNote(a)
	live := e.State != entry.Withdrawn
	return May{
		Read:     e.Visible(a) || notes,
		Edit:     live && !f.Dealt && (notes || author && r.Open),
		BringUp:  e.State == entry.Draft && notes && r.Workshop.ID != "",
		Withdraw: live && (author || e.Organisation == "" && notes && !f.Dealt),
	}
}

// Rewrite keeps a new version of a proposal that was read at base.
func (s *Workshops) Rewrite(ctx context.Context, tx *db.Tx, a people.Actor, r Room, e entry.Entry, base int, d Draft) (entry.Entry, error) {
	if err := d.Validate(); err != nil {
		return e, err
	}
	p, err := proposalByID(ctx, tx, e.ID)
	if err != nil {
		return e, err
	}
	e.Revision, e.Fields = base, maps.Clone(e.Fields) // the caller may still show what was there
	e.Signed = d.Signed
	d.write(&e)
	if e, err = entry.Change(ctx, tx, a, e, facts(d.Level)); err != nil {
		return e, err
	}
	p.Level = d.Level
	if err := putProposal(ctx, tx, p); err != nil {
		return e, err
	}
	was, said, err := answered(ctx, tx, e.ID)
	if err != nil {
		return e, err
	}
	slices.Sort(was)
	now := slices.Clone(d.Stakes)
	slices.Sort(now)
	if slices.Equal(was, slices.Compact(now)) {
		return e, nil
	}
	for _, old := range said {
		if _, err := lineage.Undo(ctx, tx, a, old.ID, role(a, r), lang.Text{}); err != nil {
			return e, err
		}
	}
	return e, s.answer(ctx, tx, a, r, e, d.Stakes)
}

// Withdraw takes a proposal back, at once and everywhere.
func (s *Workshops) Withdraw(ctx context.Context, tx *db.Tx, a people.Actor, proposal string) error {
	v, err := s.proposal(ctx, tx, a, proposal)
	if err != nil {
		return err
	}
	if !v.May.Withdraw {
		return access.Denied()
	}
	_, err = entry.SetState(ctx, tx, a, proposal, entry.Withdrawn)
	return err
}

// Shown is a proposal with its room, its fate and what the actor may do.
type One struct {
	Entry    entry.Entry
	Proposal Proposal
	Room     Room
	Fate     Fate
	May      May
}

// proposal reads one, if the actor may know of it.
func (s *Workshops) proposal(ctx context.Context, q db.Q, a people.Actor, id string) (v One, err error) {
	if v.Entry, err = entry.Get(ctx, q, id); err != nil {
		return v, err
	}
	if v.Proposal, err = proposalByID(ctx, q, id); err != nil {
		return v, err
	}
	if v.Room, err = s.roomOf(ctx, q, v.Proposal); err != nil {
		return v, err
	}
	all, err := fates(ctx, q, []entry.Entry{v.Entry})
	if err != nil {
		return v, err
	}
	v.Fate = all[id]
	v.May = may(a, v.Room, v.Entry, v.Fate)
	if !v.May.Read {
		return v, fault.Missing()
	}
	return v, nil
}

// roomOf gives the workshop of a proposal; of the committee's own an empty one.
func (s *Workshops) roomOf(ctx context.Context, q db.Q, p Proposal) (Room, error) {
	if p.Workshop == "" {
		return Room{Assembly: p.Assembly}, nil
	}
	return s.room(ctx, q, p.Workshop)
}
