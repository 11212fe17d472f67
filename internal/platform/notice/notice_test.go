package notice

import (
	"bytes"
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"alliance/internal/housetest/postgres"
	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/job"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/mail"
	"alliance/internal/platform/people"
	"alliance/internal/platform/seal"
)

func onBoth(t *testing.T, test func(t *testing.T, d *db.DB)) {
	for name, address := range map[string]func() string{
		"sqlite":   func() string { return "sqlite:" + filepath.Join(t.TempDir(), "a.db") },
		"postgres": func() string { return postgres.URL(t) },
	} {
		t.Run(name, func(t *testing.T) {
			d, err := db.Open(t.Context(), address())
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { d.Close() })
			if err := d.Migrate(t.Context(), people.Schema, job.Schema, mail.Schema, Schema); err != nil {
				t.Fatal(err)
			}
			do(t, d, func(ctx context.Context, tx *db.Tx) error {
				for _, p := range []people.Person{
					{ID: "amina", Name: "Amina", Email: "amina@example.org", Lang: "fr"},
					{ID: "jon", Name: "Jon", Email: "jon@example.org", Lang: "en"},
				} {
					if _, err := people.AddPerson(ctx, tx, p); err != nil {
						return err
					}
				}
				return nil
			})
			test(t, d)
		})
	}
}

func do(t *testing.T, d *db.DB, fn func(context.Context, *db.Tx) error) {
	t.Helper()
	if err := d.Do(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

var _ Printer = (*locale.Printer)(nil)

// printer reads this package's phrases and those of the test.
type printer map[string]string

func (p printer) T(key, english string, args ...any) string {
	text := p[key]
	if text == "" {
		text = english
	}
	for i := 0; i+1 < len(args); i += 2 {
		text = strings.ReplaceAll(text, "{"+args[i].(string)+"}", args[i+1].(string))
	}
	return text
}

func words(lang string) Printer {
	p := printer{}
	if raw, err := Phrases.ReadFile("phrases/" + lang + ".json"); err == nil {
		if err := json.Unmarshal(raw, &p); err != nil {
			panic(err)
		}
	}
	if lang == "fr" {
		p["dossier.answered"] = "{who} a répondu à {title}."
	}
	return p
}

var answered = New{Key: "dossier.answered", English: "{who} answered {title}.", Link: "/dossier/1",
	Args: map[string]string{"who": "Metz", "title": "Housing"}}

func TestTellListRead(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		do(t, d, func(ctx context.Context, tx *db.Tx) error {
			if err := TellAll(ctx, tx, []string{"amina", "jon", "amina", ""}, answered); err != nil {
				return err
			}
			n := answered
			n.Person, n.Args, n.Key, n.English = "amina", nil, "dossier.closed", "Closed."
			return Tell(ctx, tx, n)
		})
		list, err := List(ctx, d, "amina", "", 10)
		if err != nil || len(list) != 2 || list[0].Key != "dossier.closed" {
			t.Fatalf("%+v %v", list, err)
		}
		if got := list[1].In(words("fr")); got != "Metz a répondu à Housing." {
			t.Error(got)
		}
		if got := list[1].In(words("en")); got != "Metz answered Housing." {
			t.Error(got)
		}
		if older, err := List(ctx, d, "amina", list[0].ID, 10); err != nil || len(older) != 1 || older[0].ID != list[1].ID {
			t.Errorf("%+v %v", older, err)
		}
		unread := func(person string) int {
			t.Helper()
			n, err := Unread(ctx, d, person)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		do(t, d, func(ctx context.Context, tx *db.Tx) error { return MarkRead(ctx, tx, "jon", list[0].ID) })
		if unread("amina") != 2 || unread("jon") != 1 {
			t.Error("read somebody else's notice")
		}
		do(t, d, func(ctx context.Context, tx *db.Tx) error { return MarkRead(ctx, tx, "amina", list[0].ID) })
		if unread("amina") != 1 {
			t.Error("one of two")
		}
		do(t, d, func(ctx context.Context, tx *db.Tx) error { return MarkRead(ctx, tx, "amina") })
		if unread("amina") != 0 || unread("jon") != 1 {
			t.Error("all of one person")
		}
		if _, err := ByID(ctx, d, "jon", list[0].ID); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("somebody else's notice: %v", err)
		}
		do(t, d, func(ctx context.Context, tx *db.Tx) error { return Forget(ctx, tx, "amina") })
		if list, _ := List(ctx, d, "amina", "", 10); len(list) != 0 {
			t.Errorf("%+v", list)
		}
	})
}

func TestLinksStayOnThisSite(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		for _, link := range []string{"//evil.example", `/\evil.example`, "https://evil.example", "javascript:alert(1)", "/a\r\nb", "/\t/evil.example"} {
			n := answered
			n.Person, n.Link = "amina", link
			if err := d.Do(t.Context(), func(ctx context.Context, tx *db.Tx) error { return Tell(ctx, tx, n) }); err == nil {
				t.Errorf("took %q", link)
			}
		}
	})
}

func TestCopyByMail(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		var console bytes.Buffer
		sender, err := mail.Open(mail.Config{Folder: t.TempDir(), Console: &console})
		if err != nil {
			t.Fatal(err)
		}
		r := job.NewRunner(d)
		key, err := seal.Load("", t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		(&mail.Outbox{DB: d, Book: mail.Book{Key: key}, Sender: sender}).Register(r)
		revoked := false
		Copies{DB: d, Words: words, Base: "https://example.org/", Site: func(context.Context, db.Q, string) (string, error) { return "Alliance", nil },
			May: func(_ context.Context, _ db.Q, p people.Person, link string) (bool, error) {
				return !revoked && link == "/dossier/1", nil
			}}.Register(r)
		tell := func(person string, before func(context.Context, *db.Tx) error) string {
			t.Helper()
			n := answered
			n.Person, n.Mail = person, true
			do(t, d, func(ctx context.Context, tx *db.Tx) error { return Tell(ctx, tx, n) })
			if before != nil {
				do(t, d, before)
			}
			console.Reset()
			if err := r.Drain(t.Context()); err != nil {
				t.Fatal(err)
			}
			return console.String()
		}
		if got, want := tell("amina", nil), "mail  amina@example.org  Metz a répondu à Housing.  https://example.org/fr/dossier/1\n"; got != want {
			t.Errorf("%q, want %q", got, want)
		}
		if got := tell("jon", nil); !strings.Contains(got, "Metz answered Housing.") {
			t.Error(got)
		}
		if got := tell("jon", func(ctx context.Context, tx *db.Tx) error { return MarkRead(ctx, tx, "jon") }); got != "" {
			t.Errorf("a mail for what was read: %s", got)
		}
		if got := tell("jon", func(ctx context.Context, tx *db.Tx) error { return Forget(ctx, tx, "jon") }); got != "" {
			t.Errorf("a mail for what is forgotten: %s", got)
		}
		revoked = true
		if got := tell("amina", nil); got != "" {
			t.Errorf("a mail after the right ended: %s", got)
		}
		n := answered
		n.Person = "amina"
		do(t, d, func(ctx context.Context, tx *db.Tx) error { return Tell(ctx, tx, n) })
		if err := r.Drain(t.Context()); err != nil || console.Len() != 0 {
			t.Errorf("a mail nobody asked for: %s %v", &console, err)
		}
	})
}

func TestMailSpeaksTheReadersLanguage(t *testing.T) {
	n := Notice{Key: answered.Key, English: answered.English, Args: answered.Args, Link: "/dossier/1"}
	c := Copies{Words: words, Base: "https://example.org"}
	m := c.message(n, people.Person{Name: "Amina", Email: "a@example.org", Lang: "fr"}, "Alliance")
	want := "Bonjour Amina,\n\nMetz a répondu à Housing.\n\nhttps://example.org/fr/dossier/1\n\nVous recevez ce message parce que vous avez un compte sur Alliance."
	if m.Text != want || m.Lang != "fr" || m.Subject != "Metz a répondu à Housing." {
		t.Errorf("%+v", m)
	}
}

func TestOldNoticesAreSwept(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB) {
		start := db.Now()
		d.Now = func() db.Instant { return start }
		do(t, d, func(ctx context.Context, tx *db.Tx) error {
			if err := TellAll(ctx, tx, []string{"amina", "jon"}, answered); err != nil {
				return err
			}
			return MarkRead(ctx, tx, "amina")
		})
		for _, step := range []struct {
			after      time.Duration
			amina, jon int
		}{{KeepRead - time.Hour, 1, 1}, {KeepRead + time.Hour, 0, 1}, {KeepUnread + time.Hour, 0, 0}} {
			d.Now = func() db.Instant { return start.Add(step.after) }
			if err := sweep(t.Context(), d); err != nil {
				t.Fatal(err)
			}
			amina, _ := List(t.Context(), d, "amina", "", 10)
			jon, _ := List(t.Context(), d, "jon", "", 10)
			if len(amina) != step.amina || len(jon) != step.jon {
				t.Errorf("after %v: %d and %d", step.after, len(amina), len(jon))
			}
		}
	})
}
