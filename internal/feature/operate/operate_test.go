package operate_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"alliance/internal/app"
	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/job"
	"alliance/internal/platform/mail"
	"alliance/internal/platform/people"
)

// TestDesk: the operator alone sees how the house is, tries again what was
// given up, and asks for a backup where none are taken in vain.
func TestDesk(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		h.Jobs.Handle("test.fails", func(context.Context, []byte) error { return job.Hopeless(errors.New("the cable is cut")) })
		h.Do(func(ctx context.Context, tx *db.Tx) error { return job.Add(ctx, tx, job.New{Kind: "test.fails"}) })
		failing := func() { // by this drain, or by the house's own runner
			for dead := 0; dead == 0 && t.Context().Err() == nil; {
				_ = h.Jobs.Drain(t.Context())
				list, err := job.Dead(t.Context(), h.DB)
				if err != nil {
					t.Fatal(err)
				}
				dead = len(list)
			}
		}
		failing()
		c := h.As(h.Person("Ona", people.Grant{Role: people.Operator}).ID, "")
		c.Get("/en/me").Follow("Running the server")
		page := c.Get("/en/operate").Status(200).Has("h1", "Running the server").Has("td", "There is no mail server").Has("td", "None was ever taken").
			Has("li.card", "the cable is cut").Has("dl", "Accounts").Has("dl", "Coordination").Lacks("button", "Take a backup now")
		page.Submit("Try again", nil).Status(200).Has("main", "It is tried again.")
		// Options can be copied, and stand from left to right, whole.
		if want := `<code dir="ltr" translate="no">--backup</code> ثم <code dir="ltr" translate="no">--backup-to</code>.`; !strings.Contains(c.Get("/ar/operate").Body, want) {
			t.Errorf("no %s", want)
		}
		failing()
		c.Get("/en/operate").Submit("Drop it", nil).Status(200).Lacks("main", "the cable is cut")
		page.Submit("Drop it", nil).Status(404) // dropped already, from an old page
		c.Get("/en/operate/check").Status(200).Has("td", "No line was changed").Has("td", "All 0 are in the folder")
		c.Post("/en/operate/backup", nil).Status(409)
		for _, role := range []people.Role{people.Coordinator, people.Committee} {
			other := h.As(h.Person("Other", people.Grant{Role: role}).ID, "")
			other.Get("/en/operate").Status(403)
			other.Get("/en/me").Lacks("main", "Running the server")
		}
	})
}

// TestOperatorsAreTold: once of what broke, in their language, and again when
// it breaks again.
func TestOperatorsAreTold(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		var p people.Person
		h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
			if p, err = people.AddPerson(ctx, tx, people.Person{Name: "Ona", Email: "ona@example.org", Lang: "fr"}); err == nil {
				err = people.GiveRole(ctx, tx, p.ID, people.Grant{Role: people.Operator}, p.ID)
			}
			return err
		})
		told := func() (n int) {
			h.Clock.Pass(20 * time.Minute) // less than what makes work late
			h.Drain()
			for _, m := range h.Mails() {
				if strings.Contains(m, "ona@example.org") && strings.Contains(m, "/fr/operate") {
					n++
				}
			}
			return n
		}
		first := told()
		if first != 1 { // no backup was ever taken
			t.Fatalf("told %d times", first)
		}
		if again := told(); again != first {
			t.Errorf("told again of the same: %d", again)
		}
		h.Do(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO job (id, kind, due, created, problem) VALUES ('late', 'mail.send', $1, 1, 'refused')`, tx.Now().Add(24*time.Hour))
			return err
		})
		if now := told(); now != first+1 {
			t.Errorf("of mail that does not leave: %d", now)
		}
		h.As(p.ID, "").Get("/fr/me").Has("main", "À réparer")
	})
}

// TestAPI: a program of the operator watches the house.
func TestAPI(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		p, other := h.Person("Ona", people.Grant{Role: people.Operator}), h.Person("Other")
		var token, theirs string
		h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
			if token, err = people.AddToken(ctx, tx, people.Token{Person: p.ID, Name: "watch", Reads: true, Writes: true}); err == nil {
				theirs, err = people.AddToken(ctx, tx, people.Token{Person: other.ID, Name: "watch", Reads: true, Writes: true})
			}
			return err
		})
		var list []struct{ Probe, State, Said, Do string }
		if code := h.Call(token, "GET", "/operate/health?thorough=true", nil, &list); code != 200 || len(list) < 8 || list[0].State != "wrong" {
			t.Errorf("%d %+v", code, list)
		}
		if code := h.Call(theirs, "GET", "/operate/health", nil, nil); code != 403 {
			t.Errorf("somebody else: %d", code)
		}
		h.Do(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO job (id, kind, state, due, created, problem) VALUES ('gone', 'x', 'dead', 1, 1, 'cut')`)
			return err
		})
		var jobs struct {
			Dead []struct{ ID, Problem string }
		}
		if code := h.Call(token, "GET", "/operate/jobs", nil, &jobs); code != 200 || len(jobs.Dead) != 1 || jobs.Dead[0].Problem != "cut" {
			t.Errorf("%d %+v", code, jobs)
		}
		for _, want := range []struct {
			path string
			code int
		}{{"/operate/jobs/gone/retry", 204}, {"/operate/jobs/gone/drop", 404}, {"/operate/backup", 409}} {
			if code := h.Call(token, "POST", want.path, nil, nil); code != want.code {
				t.Errorf("%s: %d", want.path, code)
			}
		}
	})
}

// TestMailOnTheDesk: the operator sees how mails fare, which record to publish
// and what others find of it; never whose mails they were.
func TestMailOnTheDesk(t *testing.T) {
	dns := map[string][]string{}
	h := housetest.New(t, db.SQLite, func(c *app.Config) {
		c.Mail, c.MailFrom = "smtp://127.0.0.1:1?starttls=never", "no-reply@example.org"
		c.TXT = func(_ context.Context, name string) ([]string, error) { return dns[name], nil }
	})
	signer, err := mail.MakeSigner(t.Context(), h.DB, h.Key, "example.org")
	if err != nil {
		t.Fatal(err)
	}
	h.Do(func(ctx context.Context, tx *db.Tx) error {
		if err := mail.Post(ctx, tx, mail.Message{To: "rosa@example.net", Subject: "s", Text: "t"}); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO mail_tally (day, what, n) VALUES ($1, 'nobody', 1234)`, tx.Now().Time().Unix()/86400)
		return err
	})
	_ = h.Jobs.Drain(t.Context()) // nobody listens at that port
	p := h.Person("Ona", people.Grant{Role: people.Operator})
	c := h.As(p.ID, "")
	name, text := signer.Record()
	c.Get("/en/operate").Status(200).Has("dl", "1,234").Has("dl", "Came back: no such mailbox").Has("details", name).Has("details", text).Lacks("main", "rosa")
	c.Get("/en/operate/check").Status(200).Has("td", "The key does not stand in the DNS").Has("td", name).Has("td", "example.org does not say which servers")
	dns[name], dns["example.org"] = []string{text}, []string{"v=spf1 mx -all"}
	c.Get("/en/operate/check").Has("td", "The key stands in the DNS").Has("td", "v=spf1 mx -all").Has("td", "It does not answer")
	var token string
	h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
		token, err = people.AddToken(ctx, tx, people.Token{Person: p.ID, Name: "watch", Reads: true})
		return err
	})
	var counts struct {
		Counts       map[string]int
		Record, Text string
	}
	if code := h.Call(token, "GET", "/operate/mail", nil, &counts); code != 200 || counts.Counts["nobody"] != 1234 || counts.Record != name || counts.Text != text {
		t.Errorf("%d %+v", code, counts)
	}
	h.As(h.Person("Other").ID, "").Get("/en/operate/check").Status(403)
}
