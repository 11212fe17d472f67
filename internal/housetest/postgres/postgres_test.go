package postgres

import (
	"context"
	"crypto/rand"
	"strings"
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
	built := map[string]int{}
	note := func(words string) func(string) error {
		return func(url string) error {
			built[words]++
			query(t, url, "CREATE TABLE IF NOT EXISTS note (words TEXT)")
			query(t, url, "INSERT INTO note VALUES ('"+words+"')")
			return nil
		}
	}
	ground := &Template{Name: "copied", Version: strings.ToLower(rand.Text()), Build: note("ground")}
	again := &Template{Name: "copied", Version: ground.Version, Build: note("again")} // as in another process
	above := &Template{Name: "above", From: again, Build: note("above")}
	for _, c := range []struct {
		of    *Template
		notes int
	}{{ground, 1}, {again, 1}, {above, 2}, {above, 2}, {ground, 1}} {
		u := c.of.Copy(t)
		var n int
		query(t, u, "SELECT count(*) FROM note", &n)
		if n != c.notes {
			t.Errorf("a copy of %s holds %d notes, want %d", c.of.Name, n, c.notes)
		}
		query(t, u, "INSERT INTO note VALUES ('mine')")
	}
	if built["ground"] != 1 || built["again"] != 0 || built["above"] != 1 {
		t.Errorf("built %v, want the ground once, what stands on it once, and nothing again", built)
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
