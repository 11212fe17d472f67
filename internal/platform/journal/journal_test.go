package journal_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"testing"

	"alliance/internal/housetest/dbtest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/people"
)

var amina = people.Actor{Person: "amina", Mandate: people.Mandate{ID: "m1", Organisation: "metz"}}

func both(t *testing.T, test func(*testing.T, *db.DB)) {
	dbtest.Both(t, []fs.FS{people.Schema, journal.Schema}, test)
}

func tell(t *testing.T, d *db.DB, e journal.Event) {
	t.Helper()
	dbtest.Do(t, d, func(_ context.Context, tx *db.Tx) error { journal.Tell(tx, amina, e); return nil })
}

func checked(t *testing.T, d *db.DB) int64 {
	t.Helper()
	n, err := journal.Check(context.Background(), d)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestTold(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		if n := checked(t, d); n != 0 {
			t.Errorf("an empty journal is broken at %d", n)
		}
		for i := range 120 {
			tell(t, d, journal.Event{Verb: "proposal.merged", Kind: "proposal", Subject: fmt.Sprint("p", i%2), Scope: "a1", Data: map[string]string{"n": fmt.Sprint(i)}})
		}
		list, err := journal.List(context.Background(), d, journal.Filter{Subject: "p1"})
		if err != nil || len(list) != 50 || list[0].N != 120 || list[0].Data["n"] != "119" || list[0].Person != "amina" || list[0].Organisation != "metz" || list[0].Mandate != "m1" {
			t.Fatalf("%d %+v %v", len(list), list[0], err)
		}
		next, _ := journal.List(context.Background(), d, journal.Filter{Subject: "p1", Before: list[49].N})
		if len(next) != 10 {
			t.Errorf("%d on the last page", len(next))
		}
		if n := checked(t, d); n != 0 {
			t.Errorf("broken at %d", n)
		}
	})
}

// What is not done is not told.
func TestNotDoneNotTold(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		failed := errors.New("no")
		err := d.Do(context.Background(), func(_ context.Context, tx *db.Tx) error {
			journal.Tell(tx, amina, journal.Event{Verb: "a.b"})
			return failed
		})
		if !errors.Is(err, failed) {
			t.Fatal(err)
		}
		if list, _ := journal.List(context.Background(), d, journal.Filter{}); len(list) != 0 {
			t.Errorf("%+v", list)
		}
	})
}

// Many who write at once stand one after the other, without a gap.
func TestToldAtOnce(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() {
				if err := d.Do(context.Background(), func(_ context.Context, tx *db.Tx) error {
					journal.Tell(tx, amina, journal.Event{Verb: "a.b", Subject: fmt.Sprint(i)})
					journal.Tell(tx, amina, journal.Event{Verb: "a.c", Subject: fmt.Sprint(i)})
					return nil
				}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		list, _ := journal.List(context.Background(), d, journal.Filter{Limit: 100})
		if len(list) != 40 || list[0].N != 40 || checked(t, d) != 0 {
			t.Errorf("%d lines, last %d", len(list), list[0].N)
		}
	})
}

// A line changed, taken out or cut off at the end is found.
func TestTampering(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want int64
	}{
		"another person": {`UPDATE journal SET person = 'jon' WHERE n = 3`, 3},
		"another time":   {`UPDATE journal SET at = at - 1 WHERE n = 4`, 4},
		"other data":     {`UPDATE journal SET data = '' WHERE n = 2`, 2},
		"taken out":      {`DELETE FROM journal WHERE n = 3`, 3},
		"cut off":        {`DELETE FROM journal WHERE n = 5`, 5},
		"head put back":  {`UPDATE journal_head SET n = 4`, 6},
	} {
		t.Run(name, func(t *testing.T) {
			both(t, func(t *testing.T, d *db.DB) {
				for i := range 5 {
					tell(t, d, journal.Event{Verb: "a.b", Data: map[string]string{"n": fmt.Sprint(i)}})
				}
				dbtest.Do(t, d, func(ctx context.Context, tx *db.Tx) error { _, err := tx.Exec(ctx, c.text); return err })
				if n := checked(t, d); n != c.want {
					t.Errorf("found at %d, want %d", n, c.want)
				}
			})
		})
	}
}
