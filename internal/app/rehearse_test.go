package app_test

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"alliance/internal/app"
	"alliance/internal/housetest"
	"alliance/internal/housetest/s3"
	"alliance/internal/platform/backup"
	"alliance/internal/platform/db"
	"alliance/internal/platform/file"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/people"
)

// newestIn gives the name of the newest backup of a place.
func newestIn(t *testing.T, address string) string {
	t.Helper()
	p, err := backup.At(address)
	if err != nil {
		t.Fatal(err)
	}
	list, err := p.List(t.Context())
	if err != nil || len(list) == 0 {
		t.Fatalf("%d backups: %v", len(list), err)
	}
	return list[0].Name
}

// reheaded packs a backup again with another word in its head.
func reheaded(t *testing.T, good []byte, old, now string) []byte {
	t.Helper()
	head := true
	return repacked(t, good, func(_ *tar.Header, b []byte) []byte {
		if !head {
			return b
		}
		head = false
		changed := regexp.MustCompile(old).ReplaceAll(b, []byte(now))
		if bytes.Equal(changed, b) {
			t.Fatalf("no %s in %s", old, b)
		}
		return changed
	})
}

// TestRehearsedByItself: backups that need no key are restored by the program once
// a week, and when asked for; whatever is wrong with one is on the desk, in the
// journal and in a mail.
func TestRehearsedByItself(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		folder := h.App.Health().BackupFolder
		operator := h.Person("Ona", people.Grant{Role: people.Operator})
		if _, err := h.Files.Put(t.Context(), strings.NewReader("Minutes"), "minutes.txt", "", "public", file.Limits{}); err != nil {
			t.Fatal(err)
		}
		h.Drain()
		h.Clock.Pass(2 * time.Hour)
		h.Drain()
		desk := func() *housetest.Page { return h.AsStrong(operator.ID, "").Get("/en/operate").Status(200) }
		good := newestIn(t, folder)
		desk().Has("td", "It was read back").Has("td", "Restoring was last rehearsed on").Has("dl", good).Has("dl", "by the program itself").Has("dl", "files: 1").
			Lacks("label", "Code of a rehearsal")
		runs := func() []backup.Run {
			t.Helper()
			list, err := backup.LastOf(t.Context(), h.DB, backup.Rehearsal, 100)
			if err != nil {
				t.Fatal(err)
			}
			return list
		}
		if first := runs(); len(first) != 1 || first[0].Rows < 20 || first[0].Files != 1 || first[0].File != good {
			t.Fatalf("%+v", first)
		}
		h.Clock.Pass(3 * 24 * time.Hour)
		h.Drain()
		if again := runs(); len(again) != 1 {
			t.Errorf("after three days: %d", len(again))
		}
		h.Clock.Pass(5 * 24 * time.Hour)
		h.Drain()
		if again := runs(); len(again) != 2 || again[0].Problem != "" {
			t.Errorf("after a week: %+v", again)
		}
		whole, err := os.ReadFile(filepath.Join(folder, good))
		if err != nil {
			t.Fatal(err)
		}
		middle := len(whole) / 2
		flipped := bytes.Clone(whole)
		flipped[middle] ^= 4
		mails := 0
		for _, c := range []struct {
			name    string
			content []byte
			want    error
		}{
			{"cut", whole[:middle], backup.ErrCut},
			{"one bit", flipped, nil},
			{"of a newer program", reheaded(t, whole, `"format": 1`, `"format": 2`), db.ErrNewer},
			{"of a newer schema", reheaded(t, whole, `"migrations": \[`, `"migrations": [ 209901010000,`), db.ErrNewer},
			{"no room", reheaded(t, whole, `"database": \d+`, `"database": 9000000000000000`), backup.ErrRoom},
		} {
			h.Clock.Pass(time.Second)
			newest := filepath.Join(folder, "alliance-"+h.Clock.Now().Time().UTC().Format("20060102T150405Z")+"-test.tar.gz")
			if err := os.WriteFile(newest, c.content, 0o600); err != nil {
				t.Fatal(err)
			}
			desk().Submit("Rehearse restoring now", nil).Status(200)
			h.Drain()
			last := runs()[0]
			if last.Problem == "" || c.want != nil && !strings.Contains(last.Problem, c.want.Error()) || last.File != filepath.Base(newest) {
				t.Errorf("%s: %+v", c.name, last)
			}
			desk().Has("td", "a backup could not be restored: ").Has("dl", "Last rehearsal")
			h.Clock.Pass(16 * time.Minute)
			h.Drain()
			told := 0
			for _, m := range h.Mails() {
				if strings.Contains(m, "/en/operate") {
					told++
				}
			}
			if told != mails+1 {
				t.Errorf("%s: %d mails, want %d", c.name, told, mails+1)
			}
			mails = told
			if err := os.Remove(newest); err != nil {
				t.Fatal(err)
			}
			desk().Submit("Rehearse restoring now", nil) // well again
			h.Clock.Pass(16 * time.Minute)
			h.Drain()
			desk().Lacks("main", "a backup could not be restored: ")
		}
		for verb, want := range map[string]int{"backup.rehearsed": 7, "backup.unrestored": 5} {
			if list, err := journal.List(t.Context(), h.DB, journal.Filter{Verb: verb}); err != nil || len(list) != want {
				t.Errorf("%s: %d in the journal, want %d: %v", verb, len(list), want, err)
			}
		}
		if left, _ := filepath.Glob(filepath.Join(h.App.Folder, "alliance-rehearsal-*")); len(left) != 0 {
			t.Errorf("left behind: %v", left)
		}
		var b bytes.Buffer
		if err := h.App.Counts().Write(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		for _, line := range []string{`alliance_backup_last_failed{what="rehearsal"} 0`, `alliance_backup_last_time_seconds{what="rehearsal"} `, `alliance_backup_last_size_bytes `, `alliance_health{probe="rehearsal"} 2`} {
			if !strings.Contains(b.String(), line) {
				t.Errorf("the numbers lack %s", line)
			}
		}
	}, func(c *app.Config) { c.Backup, c.BackupPlain, c.Metrics = t.TempDir(), true, "127.0.0.1:0" })
}

var rehearsalCode = regexp.MustCompile(`[0-9A-Z]{4}(-[0-9A-Z]{4}){3}`)

// TestRehearsedElsewhere: backups in a bucket, encrypted to a key that is not on the
// server. Where the key is, the newest is restored out of the bucket, and the code
// that is printed there tells the house.
func TestRehearsedElsewhere(t *testing.T) {
	for _, engine := range []db.Engine{db.SQLite, db.PostgreSQL} {
		t.Run(string(engine), func(t *testing.T) { t.Parallel(); rehearsedElsewhere(t, engine) })
	}
}

func rehearsedElsewhere(t *testing.T, engine db.Engine) {
	_, storage := s3.New(t)
	bucket, key := s3.Address(storage), filepath.Join(t.TempDir(), "backup.key")
	public, err := backup.NewKey(key)
	if err != nil {
		t.Fatal(err)
	}
	h := housetest.New(t, engine, func(c *app.Config) { c.Backup, c.BackupTo = bucket, public })
	person := h.Person("Ona", people.Grant{Role: people.Operator}).ID
	operator := h.AsStrong(person, "")
	h.Drain()
	first := newestIn(t, bucket)
	desk := operator.Get("/en/operate").Status(200).Has("td", "Restoring was never rehearsed").Has("td", "It was read back").Lacks("button", "Rehearse restoring now")
	operator.Post("/en/operate/rehearse", nil).Status(409) // the key is not here

	var console bytes.Buffer
	elsewhere := app.Config{Database: "sqlite:" + filepath.Join(t.TempDir(), "none.db"), Backup: bucket, Console: &console}
	if err := (&app.RehearseCommand{Config: elsewhere}).Run(t.Context()); err == nil || !strings.Contains(err.Error(), backup.ErrKey.Error()) {
		t.Errorf("without the key: %v", err)
	}
	if err := (&app.RehearseCommand{Config: elsewhere, Identity: key}).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	code := rehearsalCode.FindString(console.String())
	if code == "" || strings.Contains(console.String(), s3.Secret[:8]) {
		t.Fatalf("no code, or a secret, in\n%s", console.String())
	}
	wrong := code[:18] + map[bool]string{true: "8", false: "9"}[code[18] == '9']
	again := desk.Submit("Note the rehearsal", map[string]string{"code": wrong}).Status(422).Has("main", "fits no backup of this house")
	if kept := again.Form("/en/operate/rehearsals").Get("code"); kept != wrong {
		t.Errorf("what was typed is not kept: %q", kept)
	}
	desk.Submit("Note the rehearsal", map[string]string{"code": " " + strings.ToLower(code)}).Status(200).Has("main", "The rehearsal is noted.").
		Has("dl", first).Has("dl", "the code was brought here").Lacks("main", "never rehearsed")
	operator.Get("/en/operate").Submit("Note the rehearsal", map[string]string{"code": code}).Status(422).Has("main", "brought here already")
	if list, err := journal.List(t.Context(), h.DB, journal.Filter{Verb: "backup.rehearsed"}); err != nil || len(list) != 1 || list[0].Person == "" {
		t.Error(list, err)
	}
	h.Clock.Pass(91 * 24 * time.Hour)
	h.AsStrong(person, "").Get("/en/operate").Has("td", "Bring the code it prints to the desk")

	// On an empty machine, by the name of one and out of the bucket.
	empty := app.RestoreCommand{Config: app.Config{Database: "sqlite:" + filepath.Join(t.TempDir(), "new.db"), Backup: bucket}, From: first, Identity: key}
	if err := empty.Run(t.Context()); err != nil {
		t.Error(err)
	}
	storage.Close()
	if err := (&app.BackupCommand{Config: app.Config{Database: "sqlite:" + filepath.Join(t.TempDir(), "none.db"), Backup: bucket, BackupTo: public}}).Run(t.Context()); err == nil {
		t.Error("a house that is not there was backed up")
	}
}

// TestRehearsalThatFailedElsewhere: what went wrong where the key is comes to the
// desk with a code as well. The operators are told, in their language, until a
// later rehearsal goes well.
func TestRehearsalThatFailedElsewhere(t *testing.T) {
	folder, key, lost := t.TempDir(), filepath.Join(t.TempDir(), "backup.key"), filepath.Join(t.TempDir(), "lost.key")
	public, err := backup.NewKey(key)
	if err == nil {
		_, err = backup.NewKey(lost)
	}
	if err != nil {
		t.Fatal(err)
	}
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		ona := h.Person("Ona", people.Grant{Role: people.Operator})
		h.Drain()
		folder := h.App.Health().BackupFolder
		name := newestIn(t, folder)
		whole, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		there := t.TempDir()
		rehearse := func(name, identity string, content []byte) (code, said string, err error) {
			t.Helper()
			file := filepath.Join(there, name)
			if err := os.WriteFile(file, content, 0o600); err != nil {
				t.Fatal(err)
			}
			var console bytes.Buffer
			c := app.Config{Database: "sqlite:" + filepath.Join(there, "none.db"), Console: &console}
			err = (&app.RehearseCommand{Config: c, From: file, Identity: identity}).Run(t.Context())
			return rehearsalCode.FindString(console.String()), console.String(), err
		}
		bring := func(code string) *housetest.Page {
			t.Helper()
			h.Clock.Pass(time.Minute)
			return h.AsStrong(ona.ID, "").Get("/en/operate").Status(200).Submit("Note the rehearsal", map[string]string{"code": code})
		}
		mails := func() (n int) {
			h.Clock.Pass(16 * time.Minute)
			for _, m := range h.Mails() { // works before
				if strings.Contains(m, "/en/operate") && strings.Contains(m, "could not be restored") {
					n++
				}
			}
			return n
		}
		if code, said, err := rehearse(name, "", whole); code != "" || !errors.Is(err, backup.ErrKey) {
			t.Errorf("without a key: %v\n%s", err, said)
		}
		if code, said, err := rehearse("sunday.age", key, whole[:len(whole)/2]); code != "" || !errors.Is(err, backup.ErrCut) || !strings.Contains(said, "called otherwise") {
			t.Errorf("of a file that was renamed: %v\n%s", err, said)
		}
		cut, said, err := rehearse(name, key, whole[:len(whole)/2])
		if cut == "" || !errors.Is(err, backup.ErrCut) || strings.Contains(said, there) {
			t.Fatalf("cut: %v\n%s", err, said)
		}
		bring(cut).Status(200).Has("main", "It is noted that this backup could not be restored").Has("td", "a backup could not be restored: it was cut off, or the copying of it was").Has("td", name)
		bring(strings.ReplaceAll(cut, "-", " ")).Status(422).Has("main", "brought here already")
		bring(backup.Cut.Code(name, h.Clock.Now().Time().Add(25*time.Hour), time.Second)).Status(200) // another day it is told anew
		if n := mails(); n != 1 {
			t.Errorf("%d mails", n)
		}
		h.AsStrong(ona.ID, "").Get("/ar/operate").Has("td", "تعذرت استعادة نسخة: قُطعت النسخة")
		locked, said, err := rehearse(name, lost, whole)
		if locked == "" || !errors.Is(err, backup.ErrKey) || !strings.Contains(said, "If this is the key") {
			t.Fatalf("with another key: %v\n%s", err, said)
		}
		bring(locked).Status(200).Has("td", "the secret key does not open it").Has("td", "Look for the right key")
		well, said, err := rehearse(name, key, whole)
		if well == "" || err != nil {
			t.Fatalf("%v\n%s", err, said)
		}
		bring(well).Status(200).Has("main", "The rehearsal is noted.").Lacks("main", "a backup could not be restored").Has("td", "the secret key does not open it")
		if n := mails(); n != 1 {
			t.Errorf("%d mails after one that went well", n)
		}
		if list, err := journal.List(t.Context(), h.DB, journal.Filter{Verb: "backup.unrestored"}); err != nil || len(list) != 3 || list[0].Person == "" {
			t.Error(list, err)
		}
		broughtByAProgram(t, h, ona.ID, name)
	}, func(c *app.Config) { c.Backup, c.BackupTo = filepath.Join(folder, rand.Text()), public })
}

// broughtByAProgram brings a failure through the API.
func broughtByAProgram(t *testing.T, h *housetest.House, operator, name string) {
	t.Helper()
	var token string
	h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
		token, err = people.AddToken(ctx, tx, people.Token{Person: operator, Name: "watch", Reads: true, Writes: true})
		return err
	})
	bring := func(code string) int {
		return h.Call(token, "POST", "/operate/rehearsals", map[string]string{"code": code}, nil)
	}
	code := backup.NoRoom.Code(name, h.Clock.Now().Time(), time.Minute)
	if got := bring(code); got != 204 {
		t.Errorf("brought: %d", got)
	}
	if got := bring(code[:18] + "0"); got != 422 && code[18] != '0' {
		t.Errorf("mistyped: %d", got)
	}
	var list []struct{ What, Failure, Problem, Way string }
	if got := h.Call(token, "GET", "/operate/backups", nil, &list); got != 200 || len(list) < 4 || list[0].Failure != "room" || list[0].Problem != backup.ErrRoom.Error() || list[0].Way != backup.ByCode {
		t.Errorf("%d %+v", got, list)
	}
}

// TestBackupsOfTheDemonstration: who tries the house sees a backup that it took by
// itself, no path of the machine, and can try a rehearsal to its end.
func TestBackupsOfTheDemonstration(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		desk := func(lang string) *housetest.Page { return as(h, "ashdown").Get("/" + lang + "/operate").Status(200) }
		desk("en").Has("dl", "into a folder of the demonstration").Has("td", "The first one has not been taken yet").Has("label", "Code of a rehearsal")
		h.Drain()
		page := desk("en").Has("td", "The last one is of").Has("dl", "days: 7, weeks: 5, months: 6").Has("dl", "Last backup").Has("td", "Restoring was never rehearsed")
		if strings.Contains(page.Body, h.App.Folder) {
			t.Error("a path of this machine stands on the desk")
		}
		var console bytes.Buffer
		there := app.Config{Database: "sqlite:" + filepath.Join(t.TempDir(), "none.db"), Console: &console}
		if err := (&app.RehearseCommand{Config: there, From: filepath.Join(h.App.Folder, "backups"), Identity: filepath.Join(h.App.Folder, "backup.key")}).Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		page.Submit("Note the rehearsal", map[string]string{"code": rehearsalCode.FindString(console.String())}).Status(200).Has("main", "The rehearsal is noted.")
		desk("ar").Lacks("main", "لم تُجرّب الاستعادة قط")
		first, err := app.DemoBackups(h.App.Folder)
		again, err2 := app.DemoBackups(h.App.Folder)
		if err := errors.Join(err, err2); err != nil || first != again || !strings.HasPrefix(first, "age1") {
			t.Errorf("started again it takes another key: %v", err)
		}
	}, housetest.Demonstration, func(c *app.Config) { c.DemoKept = true })
}
