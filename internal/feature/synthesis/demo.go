package synthesis

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/lineage"
	"alliance/internal/platform/people"
)

// demo does what the committee of the invented meeting did. What the report of
// 2019 tells of the synthesis is the lineage of its adopted items, which the
// agenda shows.
func (s *Synthesis) demo(ctx context.Context, tx *db.Tx) error {
	m := demo.Second()
	zone, err := time.LoadLocation(m.Timezone)
	if err != nil {
		zone = time.UTC
	}
	when := func(w demo.When) db.Instant {
		at, _ := w.At(tx.Now().Time(), zone)
		return db.At(at)
	}
	for _, act := range m.Synthesis {
		if act.Result == nil && act.Kind != "set_aside" {
			continue // its words are an adopted item
		}
		if err := s.demoAct(ctx, tx, m, act, when); err != nil {
			return fmt.Errorf("act %s: %w", act.ID, err)
		}
	}
	return nil
}

var demoKinds = map[string]lineage.Kind{"merge": lineage.Merged, "split": lineage.Split, "reword": lineage.Reworded, "set_aside": lineage.SetAside}

func (s *Synthesis) demoAct(ctx context.Context, tx *db.Tx, m demo.Meeting, act demo.Act, when func(demo.When) db.Instant) error {
	assembly := demo.EntryID(m.Slug, "")
	actor := people.Actor{Person: demo.PersonID(act.By)}
	d := lineage.Derivation{Kind: demoKinds[act.Kind], Role: "committee", Scope: assembly, Certain: !act.Reading, Reason: act.Reason, At: when(act.At)}
	for _, from := range act.From {
		l := lineage.Link{Entry: demo.EntryID(m.Slug, from), Revision: 1}
		for _, t := range act.Taken {
			if t.From == from {
				l.Taken, l.LeftOut = t.Taken.Original(), t.LeftOut.Original()
			}
		}
		d.Parents = append(d.Parents, l)
	}
	if r := act.Result; r != nil {
		fields := map[string]lang.Text{entry.Title: r.Title, entry.Summary: r.Plain, "means": r.Means, "carriers": r.Carriers}
		for i, c := range r.Cautions {
			fields["caution."+strconv.Itoa(i+1)] = c
		}
		e, err := s.asks.Create(ctx, tx, actor, entry.Entry{ID: demo.EntryID(m.Slug, r.ID), Parent: assembly, Lang: r.Title.Orig, Fields: fields, Class: r.Level, Themes: r.Themes, Created: when(act.At)}, nil)
		if err != nil {
			return err
		}
		d.Children = []lineage.Link{{Entry: e.ID, Revision: e.Revision}}
	}
	d, err := lineage.Add(ctx, tx, actor, d)
	if err != nil {
		return err
	}
	if until := when(act.Until); until != 0 {
		if err := putPeriod(ctx, tx, d.ID, until); err != nil {
			return err
		}
	}
	for _, r := range act.Replies {
		e, err := entry.Add(ctx, tx, people.Actor{}, entry.Entry{Kind: "reply", Parent: d.Parents[0].Entry, Lang: r.Text.Orig, Created: when(r.At),
			Organisation: demo.OrganisationID(r.Organisation), Fields: map[string]lang.Text{entry.Title: r.Text}}, nil)
		if err != nil {
			return err
		}
		if err := putReply(ctx, tx, e.ID, d.ID, d.Parents[0].Entry); err != nil {
			return err
		}
	}
	return nil
}
