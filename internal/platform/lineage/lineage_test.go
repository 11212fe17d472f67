package lineage_test

import (
	"context"
	"io/fs"
	"sync"
	"testing"

	"alliance/internal/housetest/dbtest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/lineage"
	"alliance/internal/platform/people"
	"alliance/internal/platform/search"
)

var schemas = []fs.FS{people.Schema, journal.Schema, search.Schema, entry.Schema, lineage.Schema}

func add(t *testing.T, d *db.DB, titles ...string) []string {
	t.Helper()
	var ids []string
	dbtest.Do(t, d, func(ctx context.Context, tx *db.Tx) error {
		for _, title := range titles {
			e, err := entry.Add(ctx, tx, people.Actor{}, entry.Entry{Kind: "proposal", Lang: "fr", Fields: map[string]lang.Text{"title": lang.New("fr", title)}}, nil)
			if err != nil {
				return err
			}
			ids = append(ids, e.ID)
		}
		return nil
	})
	return ids
}

func merge(d *db.DB, parents []string, child string) (lineage.Derivation, error) {
	var done lineage.Derivation
	err := d.Do(context.Background(), func(ctx context.Context, tx *db.Tx) (err error) {
		step := lineage.Derivation{Kind: lineage.Merged, Scope: "assembly", Certain: true, Children: []lineage.Link{{Entry: child}}}
		for _, p := range parents {
			step.Parents = append(step.Parents, lineage.Link{Entry: p, Taken: "all"})
		}
		done, err = lineage.Add(ctx, tx, people.Actor{}, step)
		return err
	})
	return done, err
}

func TestMergeIsWalkedBothWays(t *testing.T) {
	dbtest.Both(t, schemas, func(t *testing.T, d *db.DB) {
		ids := add(t, d, "a", "b", "merged", "adopted", "stranger")
		if _, err := merge(d, ids[:2], ids[2]); err != nil {
			t.Fatal(err)
		}
		if _, err := merge(d, ids[2:3], ids[3]); err != nil {
			t.Fatal(err)
		}
		for _, root := range ids[:4] {
			g, err := lineage.Around(context.Background(), d, root, 100)
			if err != nil {
				t.Fatal(err)
			}
			// A root sees all it came from and all that came from it, not its siblings.
			want := map[string]int{ids[0]: 3, ids[1]: 3, ids[2]: 4, ids[3]: 4}[root]
			if len(g.Entries) != want || len(g.Derivations) != 2 {
				t.Errorf("around %s: %d entries, %d derivations", root, len(g.Entries), len(g.Derivations))
			}
		}
		has, err := lineage.Descended(context.Background(), d, ids)
		if err != nil || !has[ids[0]] || !has[ids[2]] || has[ids[3]] || has[ids[4]] {
			t.Errorf("descended: %v %v", has, err)
		}
	})
}

func TestCirclesAreRefused(t *testing.T) {
	dbtest.Both(t, schemas, func(t *testing.T, d *db.DB) {
		ids := add(t, d, "a", "b", "c")
		for i := range 2 {
			if _, err := merge(d, ids[i:i+1], ids[i+1]); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := merge(d, ids[2:3], ids[0]); !fault.Is(err, fault.KindConflict) {
			t.Errorf("a circle of three: %v", err)
		}
		if _, err := merge(d, ids[:1], ids[0]); !fault.Is(err, fault.KindConflict) {
			t.Errorf("its own parent: %v", err)
		}
	})
}

func TestUndoneNoLongerCounts(t *testing.T) {
	dbtest.Both(t, schemas, func(t *testing.T, d *db.DB) {
		ids := add(t, d, "a", "b", "merged")
		done, err := merge(d, ids[:2], ids[2])
		if err != nil {
			t.Fatal(err)
		}
		undo := func() error {
			return d.Do(context.Background(), func(ctx context.Context, tx *db.Tx) error {
				_, err := lineage.Undo(ctx, tx, people.Actor{}, done.ID, "committee", lang.New("fr", "erreur"))
				return err
			})
		}
		// Two people take it back at once: one does, the other is told.
		var wait sync.WaitGroup
		errs := make([]error, 2)
		for i := range errs {
			wait.Add(1)
			go func() { defer wait.Done(); errs[i] = undo() }()
		}
		wait.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("one of two should be told: %v", errs)
		}
		has, err := lineage.Descended(context.Background(), d, ids)
		if err != nil || has[ids[0]] {
			t.Errorf("the parents live again: %v %v", has, err)
		}
		g, err := lineage.Around(context.Background(), d, ids[0], 10)
		if err != nil || len(g.Entries) != 1 {
			t.Errorf("around a parent: %+v %v", g, err)
		}
		if len(g.Derivations) != 1 || g.Derivations[0].UndoneBy == "" {
			t.Errorf("what was taken back is not told: %+v", g.Derivations)
		}
		if _, err := merge(d, ids[:2], ids[2]); err != nil {
			t.Errorf("merging again: %v", err)
		}
	})
}

// Of many who make circles at once, none gets through.
func TestCirclesRace(t *testing.T) {
	dbtest.Both(t, schemas, func(t *testing.T, d *db.DB) {
		ids := add(t, d, "a", "b")
		var wait sync.WaitGroup
		ok := make([]bool, 8)
		for i := range ok {
			wait.Add(1)
			go func() {
				defer wait.Done()
				from, to := ids[i%2], ids[(i+1)%2]
				_, err := merge(d, []string{from}, to)
				ok[i] = err == nil
			}()
		}
		wait.Wait()
		both := [2]bool{}
		for i, o := range ok {
			both[i%2] = both[i%2] || o
		}
		if both[0] == both[1] {
			t.Errorf("exactly one direction may win: %v", ok)
		}
	})
}

func TestTheJournalTells(t *testing.T) {
	dbtest.Both(t, schemas, func(t *testing.T, d *db.DB) {
		ids := add(t, d, "a", "b")
		if _, err := merge(d, ids[:1], ids[1]); err != nil {
			t.Fatal(err)
		}
		lines, err := journal.List(context.Background(), d, journal.Filter{})
		if err != nil || len(lines) != 3 || lines[0].Verb != "lineage.merged" {
			t.Fatalf("%v %v", lines, err)
		}
		if broken, err := journal.Check(context.Background(), d); broken != 0 || err != nil {
			t.Fatalf("line %d: %v", broken, err)
		}
		// Whoever changes a line later is found.
		dbtest.Do(t, d, func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE journal SET person = $1 WHERE n = 2`, "somebody")
			return err
		})
		if broken, _ := journal.Check(context.Background(), d); broken != 2 {
			t.Errorf("a changed line: found at %d", broken)
		}
		dbtest.Do(t, d, func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `DELETE FROM journal WHERE n = 3`)
			return err
		})
		if broken, _ := journal.Check(context.Background(), d); broken == 0 {
			t.Error("a missing line was not found")
		}
	})
}
