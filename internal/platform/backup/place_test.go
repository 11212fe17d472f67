package backup_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"alliance/internal/housetest/dbtest"
	"alliance/internal/housetest/s3"
	"alliance/internal/platform/backup"
	"alliance/internal/platform/db"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/people"
)

// places runs a test on a folder and on a bucket.
func places(t *testing.T, test func(*testing.T, backup.Place)) {
	for name, address := range map[string]func(*testing.T) string{
		"folder": func(t *testing.T) string { return filepath.Join(t.TempDir(), "backups") },
		"bucket": func(t *testing.T) string { _, server := s3.New(t); return s3.Address(server) },
	} {
		t.Run(name, func(t *testing.T) {
			p, err := backup.At(address(t))
			if err != nil {
				t.Fatal(err)
			}
			test(t, p)
		})
	}
}

// named is the name of a backup of a day of November.
func named(day string) string { return "alliance-202611" + day + "T041500Z-abcd.tar.gz.age" }

// written is content that begins as an encrypted backup does.
const written = "age-encryption.org/v1\n-> X25519 …\nand what nobody here can read"

func keep(t *testing.T, p backup.Place, name, content string) backup.Run {
	t.Helper()
	n, err := p.Put(t.Context(), name, func(w io.Writer) error { _, err := io.WriteString(w, content); return err })
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(written))
	return backup.Run{What: backup.Backup, File: name, Size: n, Sum: hex.EncodeToString(sum[:])}
}

// TestPlaces: both kinds list, read, keep the newest of each day and forget.
func TestPlaces(t *testing.T) {
	places(t, func(t *testing.T, p backup.Place) {
		ctx := t.Context()
		if list, err := p.List(ctx); len(list) != 0 || err != nil {
			t.Errorf("before the first: %v %v", list, err)
		}
		for _, day := range []string{"01", "03", "02"} {
			keep(t, p, named(day), written)
		}
		keep(t, p, "alliance-notes.txt", "not a backup")
		list, err := p.List(ctx)
		if err != nil || len(list) != 3 || list[0].Name != named("03") || list[2].Name != named("01") || list[0].Size != int64(len(written)) || list[0].Made.Day() != 3 {
			t.Fatalf("%v %v", list, err)
		}
		r, err := p.Open(ctx, named("02"))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(r); string(got) != written || err != nil {
			t.Errorf("%q %v", got, err)
		}
		r.Close()
		gone, err := backup.Keep{Days: 2}.Clean(ctx, p)
		if err != nil || len(gone) != 1 || gone[0] != named("01") {
			t.Errorf("gone: %v %v", gone, err)
		}
		if _, err := p.Open(ctx, named("01")); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("what is gone: %v", err)
		}
		broke := errors.New("broke")
		if _, err := p.Put(ctx, named("09"), func(w io.Writer) error { io.WriteString(w, written); return broke }); !errors.Is(err, broke) {
			t.Error(err)
		}
		if list, err := p.List(ctx); err != nil || len(list) != 2 {
			t.Errorf("a half is listed: %v %v", list, err)
		}
		if strings.Contains(p.String(), s3.Secret[:8]) || p.String() == "" {
			t.Errorf("said as %q", p)
		}
	})
}

// TestLookedAt: without any key, each damage of a backup is found.
func TestLookedAt(t *testing.T) {
	for damage, c := range map[string]struct {
		content, said string
	}{
		"none":        {written, ""},
		"cut":         {written[:len(written)-1], "it holds"},
		"longer":      {written + "x", "it holds"},
		"one bit":     {written[:40] + string(written[40]^1) + written[41:], "its octets are not those"},
		"its head":    {"x" + written[1:], "it begins as no backup does"},
		"empty":       {"", "it begins as no backup does"},
		"not there":   {"", "it is not there"},
		"an web page": {strings.Repeat("<html>", 20), "it begins as no backup does"},
	} {
		t.Run(damage, func(t *testing.T) {
			places(t, func(t *testing.T, p backup.Place) {
				r := keep(t, p, named("01"), c.content)
				if damage == "not there" {
					if err := p.Remove(t.Context(), r.File); err != nil {
						t.Fatal(err)
					}
				}
				said, err := backup.Look(t.Context(), p, r.File, int64(len(written)), r.Sum)
				if err != nil || !strings.HasPrefix(said, c.said) || (said == "") != (c.said == "") {
					t.Errorf("%q %v, want %q", said, err, c.said)
				}
			})
		})
	}
}

// TestEachHasItsTurn: every day two backups are read back; a damaged one is told
// until it is gone, once in the journal; one that the newest are without is missed.
func TestEachHasItsTurn(t *testing.T) {
	dbtest.Both(t, []fs.FS{people.Schema, journal.Schema, backup.Schema}, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		now := db.Now()
		d.Now = func() db.Instant { now++; return now }
		p, err := backup.At(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		for _, day := range []string{"01", "02", "03", "04"} {
			if err := backup.Tell(ctx, d, keep(t, p, named(day), written)); err != nil {
				t.Fatal(err)
			}
		}
		look := func() string {
			t.Helper()
			damaged, err := backup.LookAfter(ctx, d, p)
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, r := range damaged {
				names = append(names, r.File[15:17]+" "+r.Damage)
			}
			return strings.Join(names, ", ")
		}
		if err := os.WriteFile(filepath.Join(p.String(), named("02")), []byte(strings.ToUpper(written)), 0o600); err != nil {
			t.Fatal(err)
		}
		var said []string
		for range 6 {
			said = append(said, look())
		}
		bad := "02 it begins as no backup does"
		if got := strings.Join(said, " | "); strings.Count(got, bad) != 2 || strings.Count(got, "|") != 5 || strings.ReplaceAll(got, bad, "") != " |  |  |  |  | " {
			t.Errorf("in six days: %s", got)
		}
		kept, err := backup.Kept(ctx, d)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range kept {
			if r.Looked == 0 {
				t.Errorf("%s never had its turn", r.File)
			}
		}
		for _, day := range []string{"02", "01"} { // by the operator, and by what is not kept any more
			if err := p.Remove(ctx, named(day)); err != nil {
				t.Fatal(err)
			}
		}
		if got := look(); got != "" {
			t.Error(got)
		}
		if kept, err = backup.Kept(ctx, d); err != nil || len(kept) != 2 {
			t.Errorf("%d are kept: %v", len(kept), err)
		}
		if err := p.Remove(ctx, named("04")); err != nil {
			t.Fatal(err)
		}
		if got := look(); got != "04 it is not there" {
			t.Errorf("the newest was taken away: %q", got)
		}
		told, err := journal.List(ctx, d, journal.Filter{Verb: "backup.damaged"})
		if err != nil || len(told) != 2 {
			t.Errorf("told %d times: %v", len(told), err)
		}
	})
}

// TestNoRoomForABackup: where the last one hardly fits a second time, none is begun.
func TestNoRoomForABackup(t *testing.T) {
	dir := t.TempDir()
	huge, err := os.Create(filepath.Join(dir, named("01")))
	if err == nil {
		err = errors.Join(huge.Truncate(8<<40), huge.Close()) // it takes no room itself
	}
	if err != nil {
		t.Fatal(err)
	}
	p, err := backup.At(dir)
	if err != nil {
		t.Fatal(err)
	}
	begun := false
	_, err = p.Put(t.Context(), named("02"), func(io.Writer) error { begun = true; return nil })
	if !errors.Is(err, backup.ErrRoom) || begun {
		t.Errorf("%v, begun: %v", err, begun)
	}
	if halves, _ := filepath.Glob(filepath.Join(dir, "*.part")); len(halves) != 0 {
		t.Error(halves)
	}
}

// TestNoRoomToRehearse: a backup says how large its database was, and is not begun
// to be restored where that does not fit.
func TestNoRoomToRehearse(t *testing.T) {
	began := time.Now()
	_, err := backup.Rehearse(t.Context(), bytes.NewReader(archive(t, `{"format":1,"made":"2026-11-27T04:15:00Z","database":1000000000000000,"migrations":[],"tables":[]}`)), backup.How{In: t.TempDir()})
	if !errors.Is(err, backup.ErrRoom) || time.Since(began) > time.Minute {
		t.Error(err)
	}
	_, err = backup.Rehearse(t.Context(), bytes.NewReader(archive(t, `{"format":2,"made":"2027-11-27T04:15:00Z"}`)), backup.How{In: t.TempDir()})
	if !errors.Is(err, db.ErrNewer) {
		t.Errorf("of a newer program: %v", err)
	}
}

// archive is a backup with nothing but its head.
func archive(t *testing.T, head string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	if err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: "alliance-backup.json", Size: int64(len(head)), Mode: 0o600}); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, head); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Close(), z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
