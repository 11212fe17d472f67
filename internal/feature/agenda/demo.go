package agenda

import (
	"context"
	"errors"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/lineage"
	"alliance/internal/platform/people"
)

// demo shows what both meetings adopted, and the invented one's joint actions.
func (g *Agenda) demo(ctx context.Context, tx *db.Tx) error {
	for _, m := range []demo.Meeting{demo.Launch(), demo.Second()} {
		if err := demoItems(ctx, tx, m); err != nil {
			return err
		}
		for _, a := range m.Actions {
			if err := demoAction(ctx, tx, m, a); err != nil {
				return err
			}
		}
	}
	return nil
}

func when(tx *db.Tx, m demo.Meeting, w demo.When) db.Instant {
	zone, err := time.LoadLocation(m.Timezone)
	if err != nil {
		zone = time.UTC
	}
	at, _ := w.At(tx.Now().Time(), zone)
	return db.At(at)
}

func demoItems(ctx context.Context, tx *db.Tx, m demo.Meeting) error {
	for n, r := range m.Adopted {
		id := demo.EntryID(m.Slug, r.ID)
		decided := when(tx, m, r.Decided)
		if decided == 0 {
			decided = when(tx, m, m.Ends)
		}
		i := Item{Number: n + 1, Decided: decided}
		if r.Motion != "" {
			i.Motion = demo.EntryID(m.Slug, r.Motion)
		}
		if _, err := addItem(ctx, tx, people.Actor{}, entry.Entry{ID: id, Kind: ItemKind, Class: r.Kind, Parent: demo.EntryID(m.Slug, ""),
			Lang: r.Title.Orig, Fields: map[string]lang.Text{entry.Title: r.Title, entry.Summary: r.Plain}, Created: decided}, i); err != nil {
			return err
		}
		// The motion, or where there was none on record the proposals themselves.
		certain, doubtful := r.From, r.Unsure
		if i.Motion != "" {
			certain, doubtful = []string{r.Motion}, nil
		}
		for sure, list := range map[bool][]string{true: certain, false: doubtful} {
			role := "plenary"
			if r.Reading {
				role = "editors"
			}
			parents, err := there(ctx, tx, m, list)
			if err != nil {
				return err
			}
			if err := derive(ctx, tx, people.Actor{}, lineage.Derivation{Kind: lineage.Adopted, Role: role, Scope: demo.EntryID(m.Slug, ""), Certain: sure && !r.Reading, At: decided}, parents, id); err != nil {
				return err
			}
		}
	}
	return nil
}

// there gives the entries of local names that exist in this house.
func there(ctx context.Context, tx *db.Tx, m demo.Meeting, names []string) (ids []string, err error) {
	for _, n := range names {
		id := demo.EntryID(m.Slug, n)
		found, err := entry.Many(ctx, tx, []string{id})
		if err != nil {
			return nil, err
		}
		if _, ok := found[id]; ok {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

func demoAction(ctx context.Context, tx *db.Tx, m demo.Meeting, a demo.Action) error {
	act := Action{Item: demo.EntryID(m.Slug, a.Item), Step: Step(a.Step), Due: when(tx, m, a.Due), Ended: when(tx, m, a.Ended)}
	start := when(tx, m, a.Starts)
	act.Heard = start
	for _, c := range a.Carriers {
		act.Carriers = append(act.Carriers, Carrier{Organisation: demo.OrganisationID(c.Organisation), Asked: start, Confirmed: when(tx, m, c.Confirmed)})
	}
	if len(act.Carriers) == 0 {
		return errors.New("an action without carriers")
	}
	proposer := people.Actor{Mandate: people.Mandate{Organisation: act.Carriers[0].Organisation}}
	id := demo.EntryID(m.Slug, a.ID)
	if _, err := addAction(ctx, tx, proposer, entry.Entry{ID: id, Kind: ActionKind, Class: a.Step, Parent: act.Item, Lang: a.Title.Orig,
		Fields: map[string]lang.Text{entry.Title: a.Title, entry.Summary: a.Plain}, Created: start, Ends: act.Due}, act); err != nil {
		return err
	}
	act.Entry = id
	for _, u := range a.Updates {
		at := when(tx, m, u.At)
		if _, err := entry.Add(ctx, tx, people.Actor{}, entry.Entry{Kind: UpdateKind, Parent: id, Lang: u.Text.Orig, Created: at,
			Organisation: demo.OrganisationID(u.Organisation), Fields: map[string]lang.Text{entry.Title: u.Text}}, nil); err != nil {
			return err
		}
		act.Heard = max(act.Heard, at)
	}
	for _, v := range a.Evidence {
		at := when(tx, m, v.At)
		e, err := entry.Add(ctx, tx, people.Actor{}, entry.Entry{Kind: EvidenceKind, Parent: id, Lang: v.Text.Orig, Created: at,
			Organisation: demo.OrganisationID(v.Organisation), Fields: map[string]lang.Text{entry.Title: v.Text}}, nil)
		if err != nil {
			return err
		}
		if err := putEvidence(ctx, tx, Evidence{Entry: e.ID, Action: id}); err != nil {
			return err
		}
		if v.ConfirmedBy != "" {
			if _, err := confirmEvidence(ctx, tx, Evidence{Entry: e.ID, Confirmed: when(tx, m, v.Confirmed), ConfirmedFor: demo.OrganisationID(v.ConfirmedBy)}); err != nil {
				return err
			}
		}
		if err := derive(ctx, tx, people.Actor{}, lineage.Derivation{Kind: lineage.Evidenced, Role: "delegate", Scope: act.Item, Certain: true, At: e.Created}, []string{id}, e.ID); err != nil {
			return err
		}
		act.Heard = max(act.Heard, at)
	}
	if act.Step == Dropped {
		if _, err := lineage.Add(ctx, tx, people.Actor{}, lineage.Derivation{Kind: lineage.Dropped, Role: "committee", Scope: act.Item, Certain: true,
			Reason: a.Reason, Parents: []lineage.Link{{Entry: id, Revision: 1}}}); err != nil {
			return err
		}
	}
	return putAction(ctx, tx, act)
}
