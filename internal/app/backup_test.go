package app_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"alliance/internal/app"
	"alliance/internal/housetest"
	"alliance/internal/housetest/postgres"
	"alliance/internal/platform/backup"
	"alliance/internal/platform/db"
	"alliance/internal/platform/file"
	"alliance/internal/platform/journal"
)

// demonstration gives a house with all of the demonstration, and a file.
func demonstration(t *testing.T, test func(*testing.T, *housetest.House)) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		h.Drain()
		if _, err := h.Files.Put(t.Context(), strings.NewReader("Minutes of a meeting"), "minutes.txt", "", "public", file.Limits{}); err != nil {
			t.Fatal(err)
		}
		h.Drain()
		test(t, h)
	}, housetest.Demonstration)
}

// filesOf counts what a database says people sent, each content once.
func filesOf(t *testing.T, d *db.DB) int {
	t.Helper()
	n, err := db.One(t.Context(), d, db.Value[int], `SELECT count(DISTINCT hash) FROM file`)
	if err != nil || n < 2 {
		t.Fatalf("%d files: %v", n, err)
	}
	return n
}

func source(h *housetest.House) backup.Source {
	return backup.Source{DB: h.DB, Files: h.Files.Content(), Key: h.Key.Text(), Version: "test"}
}

func target(t *testing.T, engine db.Engine) backup.Target {
	t.Helper()
	address := "sqlite:" + filepath.Join(t.TempDir(), "empty.db")
	if engine == db.PostgreSQL {
		address = postgres.URL(t)
	}
	d, err := db.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	folder := t.TempDir()
	files, err := file.Folder(folder)
	if err != nil {
		t.Fatal(err)
	}
	return backup.Target{DB: d, Files: files, Folder: folder, Schemas: app.Schemas()}
}

// TestBackupRoundTrip: an encrypted backup of the demonstration restores on
// both engines, whichever it came from, to the same hashes, and is searched.
func TestBackupRoundTrip(t *testing.T) {
	demonstration(t, func(t *testing.T, h *housetest.House) {
		key, err := age.GenerateHybridIdentity()
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		made, err := backup.Write(t.Context(), &b, source(h), []age.Recipient{key.Recipient()})
		if err != nil {
			t.Fatal(err)
		}
		if made.Files != filesOf(t, h.DB) || made.Rows < 500 || !made.Key {
			t.Errorf("the backup holds %+v", made)
		}
		if bytes.Contains(b.Bytes(), []byte("entry")) {
			t.Error("the backup can be read without its key")
		}
		for _, engine := range []db.Engine{db.SQLite, db.PostgreSQL} {
			to := target(t, engine)
			report, err := backup.Read(t.Context(), bytes.NewReader(b.Bytes()), []age.Identity{key}, to)
			if err != nil {
				t.Fatalf("to %s: %v", engine, err)
			}
			sums, err := to.DB.Sums(t.Context())
			if err != nil || !maps.Equal(sums, made.Tables) || !maps.Equal(report.Tables, sums) {
				t.Errorf("to %s: other hashes (%v)", engine, err)
			}
			if broken, err := journal.Check(t.Context(), to.DB); broken != 0 || err != nil {
				t.Errorf("to %s: the journal breaks at %d: %v", engine, broken, err)
			}
			docs := `SELECT count(*) FROM search_doc`
			was, _ := db.One(t.Context(), h.DB, db.Value[int64], docs)
			is, err := db.One(t.Context(), to.DB, db.Value[int64], docs)
			if was == 0 || is != was || err != nil {
				t.Errorf("to %s: %d of %d documents can be searched: %v", engine, is, was, err)
			}
			if k, err := os.ReadFile(filepath.Join(to.Folder, "house.key")); err != nil || strings.TrimSpace(string(k)) != h.Key.Text() {
				t.Errorf("to %s: the key of the house did not come back: %v", engine, err)
			}
			if _, err := backup.Read(t.Context(), bytes.NewReader(b.Bytes()), []age.Identity{key}, to); !errors.Is(err, backup.ErrNotEmpty) {
				t.Errorf("restored over data: %v", err)
			}
		}
		other, _ := age.GenerateHybridIdentity()
		for _, keys := range [][]age.Identity{nil, {other}} {
			if _, err := backup.Read(t.Context(), bytes.NewReader(b.Bytes()), keys, target(t, db.SQLite)); !errors.Is(err, backup.ErrKey) {
				t.Errorf("opened with %v: %v", keys, err)
			}
		}
	})
}

// TestMoveThereAndBack: SQLite → PostgreSQL → SQLite and the other way round,
// the hashes of all tables stay the same.
func TestMoveThereAndBack(t *testing.T) {
	demonstration(t, func(t *testing.T, h *housetest.House) {
		first, err := h.DB.Sums(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		there := target(t, map[db.Engine]db.Engine{db.SQLite: db.PostgreSQL, db.PostgreSQL: db.SQLite}[h.DB.Engine])
		back := target(t, h.DB.Engine)
		for _, step := range []struct{ from, to *db.DB }{{h.DB, there.DB}, {there.DB, back.DB}} {
			sums, err := backup.Move(t.Context(), step.from, step.to, app.Schemas())
			if err != nil {
				t.Fatalf("%s → %s: %v", step.from.Engine, step.to.Engine, err)
			}
			if !maps.Equal(sums, first) {
				t.Errorf("%s → %s: other hashes", step.from.Engine, step.to.Engine)
			}
		}
		if _, err := backup.Move(t.Context(), h.DB, back.DB, app.Schemas()); !errors.Is(err, backup.ErrNotEmpty) {
			t.Errorf("moved over data: %v", err)
		}
	})
}

// plain is a small backup that is not encrypted, to be damaged.
func plain(t *testing.T) []byte {
	t.Helper()
	h := housetest.New(t, db.SQLite)
	if _, err := h.Files.Put(t.Context(), strings.NewReader("Minutes"), "minutes.txt", "", "public", file.Limits{}); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := backup.Write(t.Context(), &b, source(h), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// repacked packs a backup again: each part as change gives it back, nil = left
// out, and more parts without content after the first.
func repacked(t *testing.T, good []byte, change func(*tar.Header, []byte) []byte, more ...*tar.Header) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	w := tar.NewWriter(z)
	r := tar.NewReader(bytes.NewReader(unpacked(t, good)))
	for i := 0; ; i++ {
		m, err := r.Next()
		if err != nil {
			break
		}
		b, _ := io.ReadAll(r)
		if b = change(m, b); b != nil {
			m.Size = int64(len(b))
			w.WriteHeader(m)
			w.Write(b)
		}
		if i == 0 {
			for _, extra := range more {
				w.WriteHeader(extra)
			}
		}
	}
	w.Close()
	z.Close()
	return out.Bytes()
}

// TestDamagedBackups: whatever was done to a backup, restoring says so in one
// sentence, and the database stays empty.
func TestDamagedBackups(t *testing.T) {
	good := plain(t)
	if bytes.Contains(unpacked(t, good), []byte("house.key")) {
		t.Error("the key of the house lies in a backup that anybody can read")
	}
	repack := func(change func(*tar.Header, []byte) []byte, more ...*tar.Header) []byte {
		return repacked(t, good, change, more...)
	}
	same := func(_ *tar.Header, b []byte) []byte { return b }
	for name, c := range map[string]struct {
		archive []byte
		want    error
	}{
		"nothing":        {nil, backup.ErrCut},
		"half":           {good[:len(good)/2], backup.ErrCut},
		"without end":    {good[:len(good)-3], backup.ErrCut},
		"no archive":     {[]byte(strings.Repeat("no archive ", 100)), backup.ErrHostile},
		"a file changed": {repack(func(m *tar.Header, b []byte) []byte { return change(m, b, "file/", "Minutes", "Minutos") }), backup.ErrDiffers},
		"a row changed":  {repack(func(m *tar.Header, b []byte) []byte { return change(m, b, "table/", "Trial", "Final") }), backup.ErrDiffers},
		"a row lost": {repack(func(m *tar.Header, b []byte) []byte {
			if strings.HasPrefix(m.Name, "table/file/") {
				return nil
			}
			return b
		}), backup.ErrDiffers},
		"a file lost": {repack(func(m *tar.Header, b []byte) []byte {
			if strings.HasPrefix(m.Name, "file/") {
				return nil
			}
			return b
		}), backup.ErrCut},
		"a way out":        {repack(same, &tar.Header{Typeflag: tar.TypeReg, Name: "file/../../etc/passwd"}), backup.ErrHostile},
		"an absolute path": {repack(same, &tar.Header{Typeflag: tar.TypeReg, Name: "/etc/passwd"}), backup.ErrHostile},
		"a link":           {repack(same, &tar.Header{Typeflag: tar.TypeSymlink, Name: "file/x", Linkname: "/etc/passwd"}), backup.ErrHostile},
		"a strange table":  {repack(same, &tar.Header{Typeflag: tar.TypeReg, Name: "table/sqlite_schema/1.jsonl"}), backup.ErrHostile},
		"a bomb":           {bomb(t, unpacked(t, good)), backup.ErrHostile},
	} {
		t.Run(name, func(t *testing.T) {
			to := target(t, db.SQLite)
			_, err := backup.Read(t.Context(), bytes.NewReader(c.archive), nil, to)
			if !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
			if err := backup.Empty(t.Context(), to.DB); err != nil {
				t.Error("something of it stays:", err)
			}
		})
	}
	if _, err := backup.Read(t.Context(), bytes.NewReader(repack(same)), nil, target(t, db.SQLite)); err != nil {
		t.Error("packed again without a change:", err)
	}
}

func change(m *tar.Header, b []byte, in, old, now string) []byte {
	if strings.HasPrefix(m.Name, in) {
		return bytes.Replace(b, []byte(old), []byte(now), 1)
	}
	return b
}

func unpacked(t *testing.T, archive []byte) []byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// bomb is a backup with a "file" of a gigabyte of zeros.
func bomb(t *testing.T, good []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z, _ := gzip.NewWriterLevel(&out, gzip.BestCompression)
	w := tar.NewWriter(z)
	r := tar.NewReader(bytes.NewReader(good))
	m, _ := r.Next()
	w.WriteHeader(m)
	io.Copy(w, r)
	w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: "file/" + strings.Repeat("ab", 32), Size: 1 << 30})
	zeros := make([]byte, 1<<20)
	for range 1 << 10 {
		w.Write(zeros)
	}
	z.Close()
	return out.Bytes()
}

// TestKilledWhileBackingUp kills the program with -9 at many instants of a
// backup: what lies in the folder under a backup's name can be restored.
func TestKilledWhileBackingUp(t *testing.T) {
	dir := t.TempDir()
	program := filepath.Join(dir, "alliance")
	if out, err := exec.Command("go", "build", "-o", program, "../../cmd/alliance").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	address := "sqlite:" + filepath.Join(dir, "house.db")
	seed(t, address, t.TempDir())
	folder := filepath.Join(dir, "backups")
	run := func(ctx context.Context) {
		exec.CommandContext(ctx, program, "backup", "--database", address, "--backup", folder, "--backup-plain", "--backup-keep", "all").Run()
	}
	whole := time.Now()
	run(t.Context())
	took := time.Since(whole)
	for i := range 12 {
		ctx, cancel := context.WithTimeout(t.Context(), took*time.Duration(i+1)/12)
		run(ctx) // CommandContext kills with -9
		cancel()
	}
	place, err := backup.At(folder)
	if err != nil {
		t.Fatal(err)
	}
	found, err := place.List(t.Context())
	if err != nil || len(found) == 0 {
		t.Fatal("no backup at all", err)
	}
	for _, f := range found {
		if out, err := exec.Command(program, "rehearse", filepath.Join(folder, f.Name), "--database", address).CombinedOutput(); err != nil || !strings.Contains(string(out), "can be restored") {
			t.Errorf("%s: %v\n%s", f.Name, err, out)
		}
	}
	t.Logf("%d of 13 came to their end", len(found))
}

// TestRetention: the newest of each day, week and month stay.
func TestRetention(t *testing.T) {
	keep, err := backup.ParseKeep("3d 2w 2m")
	if err != nil {
		t.Fatal(err)
	}
	var list []backup.Found
	noon := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) // a Sunday
	for i := range 60 {
		list = append(list, backup.Found{Made: noon.AddDate(0, 0, -i)})
	}
	old := keep.Old(list)
	var stay []string
	for _, f := range list {
		if !slices.Contains(old, f) {
			stay = append(stay, f.Made.Format("01-02"))
		}
	}
	if got := strings.Join(stay, " "); got != "11-22 11-21 11-20 11-15 10-31" {
		t.Errorf("what stays: %s", got)
	}
	for _, bad := range []string{"", "7", "d", "-1d", "7x", "0d"} {
		if _, err := backup.ParseKeep(bad); err == nil {
			t.Errorf("%q is no rule", bad)
		}
	}
}

// TestCopyBeforeMigration: a program that changes the schema keeps the data as
// it was; one that is older than the data does not start.
func TestCopyBeforeMigration(t *testing.T) {
	ctx := t.Context()
	for _, engine := range []db.Engine{db.SQLite, db.PostgreSQL} {
		t.Run(string(engine), func(t *testing.T) {
			dir := t.TempDir()
			c := app.Config{Database: "sqlite:" + filepath.Join(dir, "house.db"), Files: filepath.Join(dir, "files"), Console: io.Discard}
			if engine == db.PostgreSQL {
				c.Database = postgres.URL(t)
			}
			d, err := db.Open(ctx, c.Database)
			if err != nil {
				t.Fatal(err)
			}
			all := app.Schemas()
			if err := d.Migrate(ctx, all[:len(all)-1]...); err != nil { // without the last feature
				t.Fatal(err)
			}
			d.Close()
			a, err := app.Open(ctx, c)
			if engine == db.PostgreSQL {
				if err == nil || !strings.Contains(err.Error(), "--backed-up") {
					t.Fatalf("migrated without a backup: %v", err)
				}
				c.BackedUp = true
				a, err = app.Open(ctx, c)
			}
			if err != nil {
				t.Fatal(err)
			}
			a.Close()
			if kept, _ := filepath.Glob(filepath.Join(dir, "house-before-*.db")); engine == db.SQLite && len(kept) != 1 {
				t.Error("no copy was kept before the migration")
			}
			d, err = db.Open(ctx, c.Database)
			if err != nil {
				t.Fatal(err)
			}
			err = d.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
				_, err := tx.Exec(ctx, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (209901010000, `+map[db.Engine]string{db.SQLite: "1", db.PostgreSQL: "TRUE"}[engine]+`)`)
				return err
			})
			d.Close()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := app.Open(ctx, c); !errors.Is(err, db.ErrNewer) {
				t.Errorf("started on a newer database: %v", err)
			}
		})
	}
}
