package health_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"alliance/internal/housetest/dbtest"
	"alliance/internal/platform/backup"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/file"
	"alliance/internal/platform/health"
	"alliance/internal/platform/job"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/mail"
	"alliance/internal/platform/people"
	"alliance/internal/platform/search"
)

var schemas = []fs.FS{people.Schema, journal.Schema, search.Schema, job.Schema, file.Schema, backup.Schema, entry.Schema}

// found gives what a probe says: its state, and the key of its words; "" = nothing.
func found(list []health.Finding, probe string) (health.State, string) {
	for _, f := range list {
		if f.Probe == probe {
			return f.State, f.Said.Key
		}
	}
	return 0, ""
}

func certificate(t *testing.T, until time.Time) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"a.example.org"}, NotAfter: until}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// TestProbes breaks one thing after another and mends it again.
func TestProbes(t *testing.T) {
	dbtest.Both(t, schemas, func(t *testing.T, d *db.DB) {
		ctx, dir := t.Context(), t.TempDir()
		files, err := file.Folder(filepath.Join(dir, "files"))
		if err != nil {
			t.Fatal(err)
		}
		down, err := file.Bucket("s3://key:secret@127.0.0.1:1/alliance?plain=1")
		if err != nil {
			t.Fatal(err)
		}
		now := db.Now()
		d.Now = func() db.Instant { return now }
		keyFile := filepath.Join(dir, "house.key")
		write := func(name string, content []byte, mode os.FileMode) {
			t.Helper()
			if err := os.WriteFile(name, content, mode); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(name, mode); err != nil { // whatever the umask
				t.Fatal(err)
			}
		}
		do := func(text string, args ...any) {
			t.Helper()
			dbtest.Do(t, d, func(ctx context.Context, tx *db.Tx) error {
				_, err := tx.Exec(ctx, text, args...)
				return err
			})
		}
		tell := func(what, problem string) {
			t.Helper()
			now++ // told one after the other
			if err := backup.Tell(ctx, d, backup.Run{What: what, Problem: problem}); err != nil {
				t.Fatal(err)
			}
		}
		h := health.House{DB: d, Files: files, Folder: dir, Key: keyFile, Origin: "https://a.example.org", TLS: true, Certificates: dir,
			Mail: mail.Config{Server: "smtp://mail.example.org:587", From: "a@example.org"}, Backup: dir, BackupFolder: dir, BackupEvery: 24 * time.Hour, Encrypted: true, RehearseEvery: 7 * 24 * time.Hour}

		for _, step := range []struct {
			name  string
			do    func()
			probe string
			state health.State
			said  string
		}{
			{"no key", func() {}, "key", health.Wrong, "health.failed"},
			{"open key", func() { write(keyFile, []byte("x"), 0o644) }, "key", health.Wrong, "health.key.open"},
			{"closed key", func() { write(keyFile, []byte("x"), 0o600) }, "key", health.Well, "health.key.well"},
			{"no certificate", func() {}, "certificate", health.Wrong, "health.certificate.none"},
			{"old certificate", func() {
				write(filepath.Join(dir, "a.example.org"), certificate(t, now.Time().AddDate(0, 0, 13)), 0o600)
			}, "certificate", health.Wrong, "health.certificate.until"},
			{"good certificate", func() {
				write(filepath.Join(dir, "a.example.org"), certificate(t, now.Time().AddDate(0, 0, 40)), 0o600)
			}, "certificate", health.Well, "health.certificate.until"},
			{"behind nothing", func() {}, "https", health.Well, "health.https.well"},
			{"unnamed proxy", func() { h.TLS = false }, "https", health.Watch, "health.https.proxy"},
			{"plain", func() { h.Origin = "http://a.example.org" }, "https", health.Wrong, "health.https.plain"},
			{"local", func() { h.Origin = "http://localhost:8080" }, "https", health.Well, "health.https.well"},
			{"unknown", func() { h.Origin = "" }, "https", health.Watch, "health.https.origin"},
			{"no certificate of its own", func() {}, "certificate", 0, ""},
			{"no storage elsewhere", func() {}, "storage", 0, ""},
			{"storage that answers", func() { h.Bucket = "s3.example.org/alliance" }, "storage", health.Well, "health.storage.well"},
			{"storage that is down", func() { h.Files = down }, "storage", health.Wrong, "health.storage.away"},
			{"clock", func() { h.Bucket, h.Files = "", files }, "clock", health.Well, "health.clock.well"},
			{"clock moved back", func() {
				dbtest.Do(t, d, func(_ context.Context, tx *db.Tx) error {
					journal.Tell(tx, people.Actor{}, journal.Event{Verb: "test", Kind: "test"})
					return nil
				})
				now = now.Add(-time.Hour)
			}, "clock", health.Wrong, "health.clock.back"},
			{"clock set again", func() { now = now.Add(time.Hour) }, "clock", health.Well, "health.clock.well"},
			{"first backup to come", func() {}, "backup", health.Watch, "health.backup.first"},
			{"backup failed", func() { tell(backup.Backup, "the disk is full") }, "backup", health.Wrong, "health.backup.failed"},
			{"backup taken", func() { tell(backup.Backup, "") }, "backup", health.Well, "health.backup.old"},
			{"never rehearsed", func() {}, "rehearsal", health.Watch, "health.rehearsal.never"},
			{"rehearsed", func() { tell(backup.Rehearsal, "") }, "rehearsal", health.Well, "health.rehearsal.held"},
			{"could not be restored", func() { tell(backup.Rehearsal, "cut") }, "rehearsal", health.Wrong, "health.rehearsal.failed"},
			{"rehearsed again", func() { tell(backup.Rehearsal, "") }, "rehearsal", health.Well, "health.rehearsal.held"},
			{"read back", func() { do(`UPDATE backup SET looked = 1`) }, "backup", health.Well, "health.backup.same"},
			{"damaged", func() { do(`UPDATE backup SET damage = 'cut' WHERE what = 'backup'`) }, "backup", health.Wrong, "health.backup.damaged"},
			{"damaged and gone", func() { do(`UPDATE backup SET gone = 1 WHERE what = 'backup'`) }, "backup", health.Well, "health.backup.same"},
			{"backup too old", func() { now = now.Add(49 * time.Hour) }, "backup", health.Wrong, "health.backup.old"},
			{"rehearsed 85 days ago", func() { now = now.Add(83 * 24 * time.Hour) }, "rehearsal", health.Well, "health.rehearsal.held"},
			{"rehearsed 91 days ago", func() { now = now.Add(6 * 24 * time.Hour) }, "rehearsal", health.Watch, "health.rehearsal.held"},
			{"rehearses by itself, and did not", func() { tell(backup.Rehearsal, ""); h.Encrypted = false; now = now.Add(22 * 24 * time.Hour) }, "rehearsal", health.Watch, "health.rehearsal.held"},
			{"no backup", func() { h.Backup = ""; do(`DELETE FROM backup`) }, "backup", health.Wrong, "health.backup.none"},
			{"jobs", func() {}, "jobs", health.Well, "health.jobs.well"},
			{"a job given up", func() { do(`INSERT INTO job (id, kind, state, due, created) VALUES ('a', 'test', 'dead', 1, 1)`) }, "jobs", health.Watch, "health.jobs.dead"},
			{"a job late", func() {
				do(`INSERT INTO job (id, kind, due, created) VALUES ('b', 'test', $1, 1)`, now.Add(-2*time.Hour))
			}, "jobs", health.Wrong, "health.jobs.late"},
			{"mail", func() {}, "mail", health.Well, "health.mail.well"},
			{"mail given up", func() { do(`INSERT INTO job (id, kind, state, due, created) VALUES ('c', 'mail.send', 'dead', 1, 1)`) }, "mail", health.Watch, "health.mail.dead"},
			{"mail tried in vain", func() {
				do(`INSERT INTO job (id, kind, due, created, problem) VALUES ('d', 'mail.send', $1, $2, 'refused')`, now.Add(time.Hour), now.Add(-2*time.Hour))
			}, "mail", health.Wrong, "health.mail.late"},
			{"no mail server", func() { h.Mail.Server = ""; do(`DELETE FROM job`) }, "mail", health.Watch, "health.mail.none"},
			{"room", func() {}, "disk", health.Well, "health.disk.free"},
		} {
			step.do()
			if state, said := found(h.Quick(ctx), step.probe); state != step.state || said != step.said {
				t.Errorf("%s: %d %q, want %d %q", step.name, state, said, step.state, step.said)
			}
		}

		for i, f := range h.Thorough(ctx) {
			if f.State == health.Wrong && f.Probe != "backup" {
				t.Errorf("thorough: %+v", f)
			}
			if i > 0 && f.State < h.Thorough(ctx)[i-1].State {
				t.Error("the worst do not come first")
			}
		}
		do(`UPDATE journal SET verb = 'other' WHERE n = 1`)
		do(`INSERT INTO file (id, hash, name, type, size, at) VALUES ('f', $1, 'x.txt', 'text/plain', 1, 1)`, strings.Repeat("0", 64))
		h.Mail = mail.Config{Server: "smtp://127.0.0.1:1", From: "a@example.org"}
		for probe, said := range map[string]string{"journal": "health.journal.broken", "files": "health.files.missing", "server": "health.server.closed", "database": "health.database.well"} {
			if _, got := found(h.Thorough(ctx), probe); got != said {
				t.Errorf("%s says %q, want %q", probe, got, said)
			}
		}
		if s, err := h.Measure(ctx); err != nil || s.Files != 1 || s.Count != 1 || s.Journal != 5 || s.Database == 0 || s.Version == "" || s.Schema == 0 {
			t.Errorf("%+v %v", s, err)
		}
	})
}
