package workshop

import (
	"context"
	"strconv"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/lineage"
	"alliance/internal/platform/people"
)

// demo fills in what the workshops of both meetings said.
func (s *Workshops) demo(ctx context.Context, tx *db.Tx) error {
	second := demo.Second()
	for _, m := range []demo.Meeting{demo.Launch(), second} {
		if err := s.demoMeeting(ctx, tx, m.Slug, m); err != nil {
			return err
		}
	}
	for _, local := range second.Local {
		local.Timezone = cmpOr(local.Timezone, second.Timezone)
		if err := s.demoMeeting(ctx, tx, second.Slug, local); err != nil {
			return err
		}
	}
	return nil
}

// space is the meeting whose identifiers are used: a local assembly shares
// those of the one it sits in.
func (s *Workshops) demoMeeting(ctx context.Context, tx *db.Tx, space string, m demo.Meeting) error {
	zone, err := time.LoadLocation(m.Timezone)
	if err != nil {
		zone = time.UTC
	}
	when := func(w demo.When) db.Instant {
		at, ok := w.At(tx.Now().Time(), zone)
		if !ok {
			if at, ok = m.Starts.At(tx.Now().Time(), zone); !ok {
				return tx.Now()
			}
		}
		return db.At(at)
	}
	for _, w := range m.Workshops {
		home, err := entry.Get(ctx, tx, demo.EntryID(space, w.ID))
		if fault.Is(err, fault.KindNotFound) {
			continue // a house without assemblies
		}
		if err != nil {
			return err
		}
		assembly, err := s.asks.AssemblyOf(ctx, tx, home.ID)
		if err != nil {
			return err
		}
		r := Room{Workshop: home, Assembly: assembly, Sequence: 1}
		for _, st := range w.Stakes {
			e := entry.Entry{ID: demo.EntryID(space, st.ID), Kind: StakeKind, Parent: home.ID, Axis: home.Axis, Lang: st.Text.Orig, Created: when(""), Fields: map[string]lang.Text{entry.Title: st.Text}}
			rowsInto(e.Fields, Caution, st.Cautions)
			if _, err := entry.Add(ctx, tx, people.Actor{}, e, nil); err != nil {
				return err
			}
			if err := putCaptured(ctx, tx, Captured{Entry: e.ID, Assembly: assembly, Workshop: home.ID, Kind: StakeKind, Sequence: 1, Source: FromRoom}); err != nil {
				return err
			}
		}
		for _, n := range w.Notes {
			if err := demoNote(ctx, tx, space, r, n, when(n.At)); err != nil {
				return err
			}
		}
		for _, p := range w.Proposals {
			if err := s.demoProposal(ctx, tx, space, r, p, when(p.At)); err != nil {
				return err
			}
		}
		if err := demoRaised(ctx, tx, space, r, w); err != nil {
			return err
		}
	}
	return nil
}

// demoRaised joins a draft to the note its organisation spoke before, as the
// rapporteur does in the room.
func demoRaised(ctx context.Context, tx *db.Tx, space string, r Room, w demo.Workshop) error {
	for _, p := range w.Proposals {
		for _, n := range w.Notes {
			if p.State != "draft" || n.Kind != ProposalKind || n.Organisation == "" || n.Organisation != p.Organisation {
				continue
			}
			if _, err := lineage.Add(ctx, tx, people.Actor{Person: demo.PersonID(w.Rapporteur)}, lineage.Derivation{Kind: lineage.Raised, Role: string(people.Rapporteur),
				Scope: r.Workshop.ID, Certain: true, Parents: []lineage.Link{{Entry: demo.EntryID(space, n.ID), Revision: 1}},
				Children: []lineage.Link{{Entry: demo.EntryID(space, p.ID), Revision: 1}}}); err != nil {
				return err
			}
		}
	}
	return nil
}

func demoNote(ctx context.Context, tx *db.Tx, space string, r Room, n demo.Note, at db.Instant) error {
	e := entry.Entry{ID: demo.EntryID(space, n.ID), Kind: NoteKind, Class: n.Kind, Parent: r.Workshop.ID, Axis: r.Workshop.Axis, Lang: n.Text.Orig, Signed: n.By,
		Organisation: demo.OrganisationID(n.Organisation), Audience: entry.Members, Created: at}
	e.Fields = map[string]lang.Text{entry.Title: n.Text}
	if len([]rune(n.Text.Original())) > longTitle {
		short := lang.Text{Orig: n.Text.Orig, V: map[string]lang.Version{}}
		for tag, v := range n.Text.V {
			v.S = beginning(v.S, longTitle)
			short.V[tag] = v
		}
		e.Fields = map[string]lang.Text{entry.Title: short, Body: n.Text}
	}
	if _, err := entry.Add(ctx, tx, people.Actor{}, e, nil); err != nil {
		return err
	}
	return putCaptured(ctx, tx, Captured{Entry: e.ID, Assembly: r.Assembly, Workshop: r.Workshop.ID, Kind: NoteKind, Sequence: n.Sequence, Source: FromRoom})
}

func (s *Workshops) demoProposal(ctx context.Context, tx *db.Tx, space string, r Room, p demo.Proposal, at db.Instant) error {
	e := entry.Entry{ID: demo.EntryID(space, p.ID), Kind: ProposalKind, Class: p.Level, Parent: r.Workshop.ID, Axis: r.Workshop.Axis, Lang: p.Title.Orig,
		Organisation: demo.OrganisationID(p.Organisation), Themes: p.Themes, Created: at,
		Fields: map[string]lang.Text{entry.Title: p.Title, entry.Summary: p.Plain, Means: p.Means, Carriers: p.Carriers}}
	if p.State == "draft" {
		e.State = entry.Draft
	}
	rowsInto(e.Fields, Caution, p.Cautions)
	rowsInto(e.Fields, Question, p.Questions)
	if !p.Earlier.Empty() { // its words before they were written anew: what was translated then is out of date
		e.Fields[entry.Summary] = earlier(p)
	}
	var stakes []string
	for _, id := range p.Stakes {
		stakes = append(stakes, demo.EntryID(space, id))
	}
	author := people.Actor{Mandate: people.Mandate{Organisation: e.Organisation}}
	e, err := s.addProposal(ctx, tx, author, Room{Workshop: r.Workshop, Assembly: r.Assembly, Sequence: 2}, e, stakes, Captured{Source: FromRoom})
	if err != nil || p.Earlier.Empty() {
		return err
	}
	e.Fields[entry.Summary], e.Themes = p.Plain, p.Themes
	_, err = entry.Change(ctx, tx, author, e, facts(e.Class))
	return err
}

// earlier gives the plain words as they were: the original before its
// rewriting, and the translations made of it.
func earlier(p demo.Proposal) lang.Text {
	t := lang.Text{Orig: p.Plain.Orig, V: map[string]lang.Version{}}
	for tag, v := range p.Plain.V {
		if tag != p.Plain.Orig && v.R <= 1 {
			t.V[tag] = v
		}
	}
	v := p.Earlier.V[p.Earlier.Orig]
	v.R = 1
	t.V[t.Orig] = v
	return t
}

// rowsInto writes repeated texts into fields.
func rowsInto(fields map[string]lang.Text, name string, texts []lang.Text) {
	for i, t := range texts {
		fields[name+"."+strconv.Itoa(i+1)] = t
	}
}
