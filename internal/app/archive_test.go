package app_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"alliance/internal/app"
	"alliance/internal/housetest"
	"alliance/internal/housetest/postgres"
	"alliance/internal/platform/archive"
	"alliance/internal/platform/backup"
	"alliance/internal/platform/db"
	"alliance/internal/platform/file"
	"alliance/internal/platform/journal"
)

// TestArchive: what the demonstration's alliance owns goes out and comes into an
// empty house of the other engine, with the same rows, files and public pages;
// nothing secret, sealed or private goes along.
func TestArchive(t *testing.T) {
	demonstration(t, func(t *testing.T, h *housetest.House) {
		at := time.Now().UTC().Truncate(time.Second)
		now := func() db.Instant { return db.At(at) }
		h.DB.Now = now
		path := filepath.Join(t.TempDir(), "alliance.zip")
		sent := filesOf(t, h.DB)
		head, _, err := app.ArchiveTo(t.Context(), path, h.DB, h.Files.Content(), at, false)
		if err != nil || head.Files() != sent || head.Rows() < 2000 || len(head.Tables)+len(head.LeftOut) != len(app.Archived) {
			t.Fatalf("%d files, %d rows, %d+%d of %d tables: %v", head.Files(), head.Rows(), len(head.Tables), len(head.LeftOut), len(app.Archived), err)
		}
		nothingSecret(t, h, path)
		// What is under way and sealed does not come along; the rest of each page does.
		h.Do(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `DELETE FROM event_registration`)
			if err == nil {
				_, err = tx.Exec(ctx, `UPDATE workshop SET code = ''`)
			}
			return err
		})

		other := map[db.Engine]db.Engine{db.SQLite: db.PostgreSQL, db.PostgreSQL: db.SQLite}[h.DB.Engine]
		address, folder := emptyPlace(t, other)
		to := place(t, address, folder)
		if _, err := archive.Read(t.Context(), path, to); err != nil {
			t.Fatal(err)
		}
		if broken, err := journal.Check(t.Context(), to.DB); broken != 0 || err != nil {
			t.Errorf("the journal breaks at %d: %v", broken, err)
		}
		if _, err := archive.Read(t.Context(), path, to); !errors.Is(err, backup.ErrNotEmpty) {
			t.Errorf("brought in over data: %v", err)
		}
		again := filepath.Join(t.TempDir(), "again.zip")
		if _, _, err := app.ArchiveTo(t.Context(), again, to.DB, to.Files, at, false); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(read(t, path), read(t, again)) {
			t.Error("an archive of what was brought in is another archive")
		}
		house, err := app.Open(t.Context(), app.Config{Database: address, Files: folder, Demo: true, Reading: true, Console: io.Discard, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		defer house.Close()
		house.House.DB.Now = now
		samePages(t, h.App.Handler, house.Handler)
	})
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func emptyPlace(t *testing.T, engine db.Engine) (address, folder string) {
	t.Helper()
	if engine == db.PostgreSQL {
		return postgres.URL(t), t.TempDir()
	}
	return "sqlite:" + filepath.Join(t.TempDir(), "empty.db"), t.TempDir()
}

func place(t *testing.T, address, folder string) backup.Target {
	t.Helper()
	d, err := db.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	files, err := file.Folder(folder)
	if err != nil {
		t.Fatal(err)
	}
	return backup.Target{DB: d, Files: files, Folder: folder, Schemas: app.Schemas()}
}

// nothingSecret looks for every secret of the house in every part of an archive.
func nothingSecret(t *testing.T, h *housetest.House, path string) {
	t.Helper()
	var secrets []string
	for _, text := range []string{
		`SELECT email FROM person WHERE email <> ''`, `SELECT password FROM person WHERE password <> ''`, `SELECT sealed FROM contribution WHERE sealed <> ''`,
		`SELECT address FROM contribution WHERE address <> ''`, `SELECT hash FROM contribution`, `SELECT sealed FROM event_registration`, `SELECT sealed FROM claim WHERE sealed <> ''`, `SELECT hash FROM claim`, `SELECT hash FROM event_registration`,
		`SELECT code FROM workshop WHERE code <> ''`, `SELECT edit FROM captured WHERE edit <> ''`, `SELECT email FROM follower WHERE email <> ''`,
	} {
		some, err := db.All(t.Context(), h.DB, db.Value[string], text)
		if err != nil {
			t.Fatal(err)
		}
		secrets = append(secrets, some...)
	}
	if len(secrets) < 20 {
		t.Fatalf("only %d secrets to look for", len(secrets))
	}
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		r.Close()
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range secrets {
			if bytes.Contains(b, []byte(s)) {
				t.Errorf("%s holds %.30q", f.Name, s)
			}
		}
	}
}

var (
	inSitemap = regexp.MustCompile(`<loc>[^<]*?/fr(/[^<]*)</loc>`)
	formKey   = regexp.MustCompile(`name="_key" value="[^"]*"`)
)

// samePages compares what two houses show a visitor.
func samePages(t *testing.T, a, b http.Handler) {
	t.Helper()
	ask := func(h http.Handler, path string) string {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://house"+path, nil))
		return fmt.Sprint(w.Code, " ", formKey.ReplaceAllString(w.Body.String(), ""))
	}
	paths := []string{"/ar/", "/ar/map", "/fr/map.geojson", "/fr/calendar.ics", "/fr/open/organisation.csv", "/fr/open/event.json", "/fr/moderation/log", "/fr/search?q=logement", "/fr/library", "/fr/checks"}
	for i, m := range inSitemap.FindAllStringSubmatch(ask(a, "/sitemap.xml"), -1) {
		paths = append(paths, "/fr"+m[1])
		if id := m[1][strings.LastIndexByte(m[1], '/')+1:]; len(id) == 16 && i%4 == 0 {
			paths = append(paths, "/ar/history/"+id, "/ar/lineage/"+id, "/ar/discussions/"+id)
		}
	}
	if len(paths) < 300 {
		t.Fatalf("only %d pages to compare", len(paths))
	}
	for _, path := range paths {
		if was, is := ask(a, path), ask(b, path); was != is {
			i := 0
			for i < min(len(was), len(is)) && was[i] == is[i] {
				i++
			}
			t.Errorf("%s is different: …%.200s… was …%.200s…", path, is[max(0, i-60):], was[max(0, i-60):])
		}
	}
}

// TestDamagedArchives: whatever was done to an archive, bringing it in says so in
// one sentence, and nothing is written.
func TestDamagedArchives(t *testing.T) {
	h := housetest.New(t, db.SQLite)
	if _, err := h.Files.Put(t.Context(), strings.NewReader("Minutes"), "minutes.txt", "", "public", file.Limits{}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "good.zip")
	if _, _, err := app.ArchiveTo(t.Context(), path, h.DB, h.Files.Content(), time.Now(), true); err != nil {
		t.Fatal(err)
	}
	if _, _, err := app.ArchiveTo(t.Context(), path, h.DB, h.Files.Content(), time.Now(), true); err == nil {
		t.Error("an archive was written over another one")
	}
	good := read(t, path)
	// repack writes the archive anew; a part that change gives nil for is left out.
	repack := func(change func(name string, b []byte) []byte, more ...func(*zip.Writer)) []byte {
		var out bytes.Buffer
		w := zip.NewWriter(&out)
		z, err := zip.NewReader(bytes.NewReader(good), int64(len(good)))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range z.File {
			r, _ := f.Open()
			b, _ := io.ReadAll(r)
			if b = change(f.Name, b); b != nil {
				p, _ := w.Create(f.Name)
				p.Write(b)
			}
		}
		for _, m := range more {
			m(w)
		}
		w.Close()
		return out.Bytes()
	}
	same := func(_ string, b []byte) []byte { return b }
	in := func(part, old, now string) func(string, []byte) []byte {
		return func(name string, b []byte) []byte {
			if !strings.HasPrefix(name, part) {
				return b
			}
			if changed := bytes.ReplaceAll(b, []byte(old), []byte(now)); !bytes.Equal(b, changed) {
				return changed
			}
			t.Errorf("%s holds no %q", name, old)
			return b
		}
	}
	without := func(part string) func(string, []byte) []byte {
		return func(name string, b []byte) []byte {
			if strings.HasPrefix(name, part) {
				return nil
			}
			return b
		}
	}
	part := func(name string) func(*zip.Writer) { return func(w *zip.Writer) { w.Create(name) } }
	for name, c := range map[string]struct {
		archive []byte
		want    error
	}{
		"nothing":          {nil, archive.ErrDamaged},
		"half":             {good[:len(good)/2], archive.ErrDamaged},
		"without end":      {good[:len(good)-9], archive.ErrDamaged},
		"no archive":       {[]byte(strings.Repeat("no archive ", 100)), archive.ErrDamaged},
		"another zip":      {repack(without("")), archive.ErrHostile},
		"a word changed":   {repack(in("data/alliance", "Trial", "Final")), archive.ErrDamaged},
		"a word more":      {repack(in("data/alliance", "Trial", "Trials")), archive.ErrDamaged},
		"a file changed":   {repack(in("files/", "Minutes", "Minutos")), archive.ErrDamaged},
		"a file lost":      {repack(without("files/")), archive.ErrDamaged},
		"a table lost":     {repack(without("data/alliance")), archive.ErrDamaged},
		"a strange table":  {repack(in("archive.json", `"name": "role"`, `"name": "rope"`)), archive.ErrHostile},
		"a newer one":      {repack(in("archive.json", `"format": 1`, `"format": 2`)), archive.ErrNewer},
		"newer tables":     {repack(in("archive.json", `"migrations": [`, `"migrations": [ 299901010000,`)), db.ErrNewer},
		"another sum":      {repack(in("archive.json", `"rows": 1,`, `"rows": 2,`)), backup.ErrDiffers},
		"a way out":        {repack(same, part("data/../../etc/passwd")), archive.ErrHostile},
		"an absolute path": {repack(same, part("/etc/passwd")), archive.ErrHostile},
		"a Windows path":   {repack(same, part(`data\..\x`)), archive.ErrHostile},
		"a part twice":     {repack(same, part("data/alliance.jsonl")), archive.ErrHostile},
		"a bomb": {repack(same, func(w *zip.Writer) {
			w.CreateRaw(&zip.FileHeader{Name: "files/" + strings.Repeat("ab", 32), Method: zip.Deflate, UncompressedSize64: 1 << 30, CompressedSize64: 0})
		}), archive.ErrHostile},
	} {
		t.Run(name, func(t *testing.T) {
			bad := filepath.Join(t.TempDir(), "bad.zip")
			if err := os.WriteFile(bad, c.archive, 0o600); err != nil {
				t.Fatal(err)
			}
			to := place(t, "sqlite:"+filepath.Join(t.TempDir(), "empty.db"), t.TempDir())
			if _, err := archive.Read(t.Context(), bad, to); !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
			if err := backup.Empty(context.Background(), to.DB); err != nil {
				t.Error("something of it stays:", err)
			}
		})
	}
	whole := filepath.Join(t.TempDir(), "whole.zip")
	if err := os.WriteFile(whole, repack(same), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := archive.Read(t.Context(), whole, place(t, "sqlite:"+filepath.Join(t.TempDir(), "empty.db"), t.TempDir())); err != nil {
		t.Error("packed again without a change:", err)
	}
}

// TestWhoOpensTheDoorStandsInTheJournal: whoever coordinates what an archive
// brought in did not come from nowhere.
func TestWhoOpensTheDoorStandsInTheJournal(t *testing.T) {
	h := housetest.New(t, db.SQLite)
	if err := app.AddCoordinator(t.Context(), h.DB, "door@example.org"); err != nil {
		t.Fatal(err)
	}
	lines, err := journal.List(t.Context(), h.DB, journal.Filter{Verb: "role.given"})
	if err != nil || len(lines) != 2 || lines[0].Subject != lines[1].Subject || lines[0].Data["role"] == lines[1].Data["role"] {
		t.Errorf("%v %+v", err, lines)
	}
}
