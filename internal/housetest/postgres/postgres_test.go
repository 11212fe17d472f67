package postgres

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
)

func query(t *testing.T, address, text string, into ...any) {
	t.Helper()
	c, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.Background())
	if len(into) > 0 {
		err = c.QueryRow(t.Context(), text).Scan(into...)
	} else {
		_, err = c.Exec(t.Context(), text)
	}
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
}

func TestURLGivesEachTestItsOwnEmptyDatabase(t *testing.T) {
	a, b := URL(t), URL(t)
	if a == b {
		t.Fatalf("two tests share %s", a)
	}
	query(t, a, "CREATE TABLE note (words TEXT)")
	var n int
	query(t, b, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", &n)
	if n != 0 {
		t.Fatalf("the other database has %d tables", n)
	}
}

func TestTemplateIsBuiltOnceAndCopied(t *testing.T) {
	built := 0
	for range 3 {
		u := Template(t, "copied", func(url string) error {
			built++
			query(t, url, "CREATE TABLE note (words TEXT)")
			query(t, url, "INSERT INTO note VALUES ('first')")
			return nil
		})
		var n int
		query(t, u, "SELECT count(*) FROM note", &n)
		if n != 1 {
			t.Fatalf("the copy holds %d notes, want 1", n)
		}
		query(t, u, "INSERT INTO note VALUES ('mine')")
	}
	if built != 1 {
		t.Fatalf("built %d times, want once", built)
	}
}

func TestDatabaseIsDroppedWhenTheTestEnds(t *testing.T) {
	var u string
	t.Run("uses one", func(t *testing.T) { u = URL(t) })
	if c, err := pgx.Connect(t.Context(), u); err == nil {
		c.Close(t.Context())
		t.Fatal("the database is still there")
	}
}
