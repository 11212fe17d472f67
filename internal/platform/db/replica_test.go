package db_test

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"alliance/internal/housetest/postgres"
	"alliance/internal/platform/db"
)

// TestReplica: what may lag is read from a replica that has all that was written
// here, and from nobody else: a reader never misses what was written before.
func TestReplica(t *testing.T) {
	first, err := postgres.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = first.Stop() })
	second, err := first.Follower()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = second.Stop() })
	d, err := db.Open(t.Context(), first.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	if err := d.Follow(second.URL); err != nil {
		t.Fatal(err)
	}
	write := func(text string, args ...any) {
		t.Helper()
		if err := d.Do(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, text, args...)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	write(`CREATE TABLE word (n BIGINT PRIMARY KEY)`)
	type seen struct {
		n       int64
		replica bool
	}
	read := func(ctx context.Context) seen {
		t.Helper()
		s, err := db.One(ctx, d, func(r db.Row) (s seen, err error) { return s, r.Scan(&s.n, &s.replica) }, `SELECT count(*), pg_is_in_recovery() FROM word`)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	lagging := db.MayLag(t.Context())
	from := func(replica bool) {
		t.Helper()
		for until := time.Now().Add(20 * time.Second); read(lagging).replica != replica; {
			if time.Now().After(until) {
				t.Fatalf("never read from the replica: %v", replica)
			}
		}
	}
	from(true)
	for n := range int64(200) {
		write(`INSERT INTO word (n) VALUES ($1)`, n)
		for range 3 {
			if s := read(lagging); s.n != n+1 {
				t.Fatalf("%d words were written, %d are read (from the replica: %v)", n+1, s.n, s.replica)
			}
		}
	}
	from(true)
	if read(t.Context()).replica {
		t.Error("what may not lag is read from the replica")
	}

	admin, err := sql.Open("pgx", second.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	stop := func(text string) {
		t.Helper()
		if _, err := admin.ExecContext(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	stop(`SELECT pg_wal_replay_pause()`)
	write(`INSERT INTO word (n) VALUES (1000)`)
	if s := read(lagging); s.replica || s.n != 201 {
		t.Errorf("of a replica that stands still: %+v", s)
	}
	stop(`SELECT pg_wal_replay_resume()`)
	from(true)
	if well, known := d.Follows(t.Context()); !well || !known {
		t.Error("a replica that follows is not known to")
	}

	_ = second.Stop()
	if s := read(lagging); s.replica || s.n != 201 {
		t.Errorf("once the replica is gone: %+v", s)
	}
	if well, known := d.Follows(t.Context()); well || !known {
		t.Error("a replica that is gone is said to follow")
	}
}
