package merge

import (
	"context"

	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/id"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
)

// DemoGiven is an invented record that became one with another.
func DemoGiven() string { return id.Named("demo/merge/given") }

// DemoMerge is the merge of the demonstration.
func DemoMerge() string { return id.Named("demo/merge") }

// demo leaves two invented resources twice, as a list brought in from two sides
// does: one pair waits for somebody to look, the other became one record.
func (f *Feature) demo(ctx context.Context, tx *db.Tx) error {
	k, ok := f.Kinds["resource"]
	if !ok {
		return nil
	}
	found, err := entry.List(ctx, tx, entry.Filter{Kinds: []string{k.Name}, Any: true, Order: entry.ByOld, Limit: 2})
	if err != nil || len(found) < 2 {
		return err
	}
	first, err := k.Read(ctx, tx, found)
	if err != nil {
		return err
	}
	for i, as := range []string{id.Named("demo/merge/twin"), DemoGiven()} {
		r := first[i]
		twin := record.Record{Answers: r.Answers, Entry: entry.Entry{ID: as, Kind: k.Name, Lang: r.Lang, State: entry.Published, Place: r.Place, Fields: map[string]lang.Text{}}}
		for _, name := range []string{entry.Title, entry.Summary} {
			twin.Fields[name] = r.Text(name)
		}
		if _, err := k.Records.Add(ctx, tx, people.Actor{}, twin); err != nil {
			return err
		}
	}
	by := people.Actor{Person: demo.PersonID("ferrandiz"), Grants: []people.Grant{{Role: people.Coordinator}}, At: tx.Now()}
	_, err = f.Merge(ctx, tx, by, Wanted{Kept: first[1].ID, Given: DemoGiven(), As: DemoMerge()})
	return err
}
