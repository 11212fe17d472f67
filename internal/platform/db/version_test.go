package db_test

import (
	"context"
	"io/fs"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"alliance/internal/housetest/dbtest"
	"alliance/internal/housetest/postgres"
	"alliance/internal/platform/db"
)

var schema = []fs.FS{fstest.MapFS{"schema/202001010000_version.sql": {Data: []byte(
	`CREATE TABLE shown (id {{id}} PRIMARY KEY) {{strict}};
CREATE TABLE aside (id {{id}} PRIMARY KEY) {{strict}};
`)}}}

var _ = db.Unseen("aside")

func write(t *testing.T, d *db.DB, text string) {
	t.Helper()
	dbtest.Do(t, d, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, text, time.Now().String())
		return err
	})
}

func TestWritesThatNoPageShowsLeaveTheVersion(t *testing.T) {
	dbtest.Both(t, schema, func(t *testing.T, d *db.DB) {
		before := d.Version()
		write(t, d, "INSERT INTO aside (id) VALUES ($1)")
		write(t, d, "UPDATE aside SET id = $1")
		write(t, d, "\n\tDELETE FROM aside WHERE id <> $1")
		dbtest.Do(t, d, func(ctx context.Context, tx *db.Tx) error {
			_, err := db.All(ctx, tx, db.Value[string], "SELECT id FROM shown")
			return err
		})
		if d.Version() != before {
			t.Error("writing aside moved the version")
		}
		write(t, d, "INSERT INTO shown (id) VALUES ($1)")
		if d.Version() != before+1 {
			t.Errorf("a write moved the version by %d", d.Version()-before)
		}
		time.Sleep(1200 * time.Millisecond)
		if d.Version() != before+1 {
			t.Error("this process took its own write for another's")
		}
	})
}

// TestWritesOfOthersAreNoticed: a second process on the same file, a second
// node on the same server.
func TestWritesOfOthersAreNoticed(t *testing.T) {
	for _, engine := range []db.Engine{db.SQLite, db.PostgreSQL} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			address := "sqlite:" + filepath.Join(t.TempDir(), "test.db")
			if engine == db.PostgreSQL {
				address = postgres.URL(t)
			}
			one, other := openAt(t, address), openAt(t, address)
			time.Sleep(1100 * time.Millisecond) // both listen
			before := one.Version()
			write(t, other, "INSERT INTO shown (id) VALUES ($1)")
			for wait := time.Now().Add(5 * time.Second); one.Version() == before; time.Sleep(10 * time.Millisecond) {
				if time.Now().After(wait) {
					t.Fatal("a write of the other was never noticed")
				}
			}
		})
	}
}

func openAt(t *testing.T, address string) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	if err := d.Migrate(t.Context(), schema...); err != nil {
		t.Fatal(err)
	}
	return d
}
