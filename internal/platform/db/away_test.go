package db_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"syscall"
	"testing"

	"alliance/internal/housetest/dbtest"
	"alliance/internal/platform/db"
)

// TestFullAndReadOnly: what cannot be written is told apart from a mistake of
// ours, nothing of it stays, and once there is room the same goes through.
func TestFullAndReadOnly(t *testing.T) {
	dbtest.Both(t, schema, func(t *testing.T, d *db.DB) {
		insert := func(id string) error {
			return d.Do(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				_, err := tx.Exec(ctx, "INSERT INTO shown (id) VALUES ($1)", id)
				return err
			})
		}
		set := func(text string) {
			dbtest.Do(t, d, func(ctx context.Context, tx *db.Tx) error {
				_, err := tx.Exec(ctx, text)
				return err
			})
		}
		if d.Engine == db.SQLite {
			set("PRAGMA max_page_count = 1") // no page more than there are
			if err := insert(strings.Repeat("long ", 20_000)); !db.Away(err) {
				t.Errorf("full: %v", err)
			}
			set("PRAGMA max_page_count = 1000000")
		}
		if err := insert("one"); err != nil {
			t.Error(err)
		}
		if err := insert("one"); err == nil || db.Away(err) {
			t.Errorf("twice the same key is our mistake: %v", err)
		}
		n, err := db.One(t.Context(), d, db.Value[int], "SELECT count(*) FROM shown")
		if n != 1 || err != nil {
			t.Errorf("%d rows: %v", n, err)
		}
		readOnly := map[db.Engine]string{db.SQLite: "PRAGMA query_only = 1", db.PostgreSQL: "SET default_transaction_read_only = on"}
		set(readOnly[d.Engine]) // as after the server became a replica
		if err := insert("two"); !db.Away(err) {
			t.Errorf("read only: %v", err)
		}
	})
}

func TestAway(t *testing.T) {
	_, gone := db.Open(t.Context(), "postgres://nobody@127.0.0.1:1/nothing?sslmode=disable")
	ended, end := context.WithCancel(t.Context())
	end()
	for name, c := range map[string]struct {
		err  error
		away bool
	}{
		"nothing":           {nil, false},
		"no server":         {gone, true},
		"ours":              {errors.New("a mistake"), false},
		"nobody waits":      {fmt.Errorf("db: begin: %w", ended.Err()), false},
		"no row":            {db.ErrNone, false},
		"full disk":         {fmt.Errorf("file: store: %w", syscall.ENOSPC), true},
		"cut by the server": {fmt.Errorf("db: commit: %w", syscall.ECONNRESET), true},
	} {
		if got := db.Away(c.err); got != c.away {
			t.Errorf("%s: %v, %v", name, got, c.err)
		}
	}
}

// TestCutInTheMiddle: the server ends a connection within a transaction, as
// when it is told to start again; the next one finds a new connection.
func TestCutInTheMiddle(t *testing.T) {
	dbtest.Both(t, schema, func(t *testing.T, d *db.DB) {
		if d.Engine != db.PostgreSQL {
			return // no server
		}
		err := d.Do(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			if _, err := tx.Exec(ctx, "INSERT INTO shown (id) VALUES ('cut')"); err != nil {
				return err
			}
			_, _ = tx.Exec(ctx, "SELECT pg_terminate_backend(pg_backend_pid())")
			_, err := tx.Exec(ctx, "INSERT INTO shown (id) VALUES ('after')")
			return err
		})
		if !db.Away(err) {
			t.Errorf("%v", err)
		}
		write(t, d, "INSERT INTO shown (id) VALUES ($1)")
		n, err := db.One(t.Context(), d, db.Value[int], "SELECT count(*) FROM shown")
		if n != 1 || err != nil {
			t.Errorf("%d rows: %v", n, err)
		}
	})
}
