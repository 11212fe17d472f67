// Package dbtest gives tests of the platform a migrated database on both
// engines, without a house around it.
package dbtest

import (
	"context"
	"io/fs"
	"path/filepath"
	"testing"

	"alliance/internal/housetest/postgres"
	"alliance/internal/platform/db"
)

// Both runs a test on a fresh SQLite and a fresh PostgreSQL database with the
// schemas given.
func Both(t *testing.T, schemas []fs.FS, test func(*testing.T, *db.DB)) {
	t.Helper()
	for _, engine := range []db.Engine{db.SQLite, db.PostgreSQL} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			address := "sqlite:" + filepath.Join(t.TempDir(), "test.db")
			if engine == db.PostgreSQL {
				address = postgres.URL(t)
			}
			d, err := db.Open(context.Background(), address)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { d.Close() })
			if err := d.Migrate(context.Background(), schemas...); err != nil {
				t.Fatal(err)
			}
			test(t, d)
		})
	}
}

// Do runs a transaction and fails the test on an error.
func Do(t *testing.T, d *db.DB, fn func(context.Context, *db.Tx) error) {
	t.Helper()
	if err := d.Do(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}
