package personal_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"net/url"
	"strings"
	"testing"
	"time"

	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/file"
	"alliance/internal/platform/people"
)

// unpacked gives the parts of a ZIP by name.
func unpacked(t *testing.T, body string) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader([]byte(body)), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = string(b)
	}
	return parts
}

// TestWhatIsHeldHasATopic: nobody of the demonstration is told of a table without a word what it is about.
func TestWhatIsHeldHasATopic(t *testing.T) {
	h := housetest.New(t, db.SQLite, housetest.Demonstration)
	everybody, err := db.All(t.Context(), h.DB, db.Value[string], `SELECT id FROM person WHERE erased = 0`)
	if err != nil || len(everybody) < 10 {
		t.Fatal(len(everybody), err)
	}
	for _, person := range everybody {
		h.AsStrong(person, "").Get("/en/me/data").Status(200).Has("table", "Account, and ways to sign in").Lacks("table", "Other")
	}
}

// TestEverybodyTakesTheirDataAway: all that is held about them, nothing that
// lets somebody in, nothing of anybody else.
func TestEverybodyTakesTheirDataAway(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		o := h.Organisation("Harbour Town", people.LocalAuthority)
		p, m := h.Delegate("Rosa Trial", o)
		other, _ := h.Delegate("Bo Other", o)
		token := ""
		h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
			token, err = people.AddToken(ctx, tx, people.Token{Person: p.ID, Name: "my script", Reads: true})
			return err
		})
		if _, err := h.Files.Put(t.Context(), strings.NewReader("Minutes of a meeting"), "minutes.txt", p.ID, "public", file.Limits{}); err != nil {
			t.Fatal(err)
		}
		c := h.As(p.ID, m.ID)
		page := c.Get("/en/me/data").Status(200).Has("h1", "What we hold about you").Has("table", "mandate").Has("table", "session").Has("table", "token")
		got := page.Submit("Take all of it away", nil).Status(200)
		parts := unpacked(t, got.Body)
		for _, want := range []string{p.Email, "Rosa Trial", o.ID, "my script", `"table": "session"`, `"table": "mandate"`} {
			if !strings.Contains(parts["data.json"], want) {
				t.Errorf("not in it: %s", want)
			}
		}
		for _, no := range []string{token, people.Hash(token), other.Email, "Bo Other", `"hash"`, `"password"`} {
			if strings.Contains(parts["data.json"], no) {
				t.Errorf("in it: %s", no)
			}
		}
		found := false
		for name, content := range parts {
			found = found || strings.HasPrefix(name, "files/") && strings.HasSuffix(name, "minutes.txt") && content == "Minutes of a meeting"
		}
		if !found || !strings.Contains(parts["readme.txt"], "What is not in it") {
			t.Error("files or page are missing")
		}

		// Of others: only who keeps the house, and only freshly signed in.
		c.Get("/en/people/" + other.ID + "/data").Status(403)
		c.Post("/en/people/"+other.ID+"/erase", url.Values{}).Status(403)
		keeper := h.As(h.Person("Ona", people.Grant{Role: people.Operator}, people.Grant{Role: people.Coordinator}).ID, "")
		keeper.Get("/en/people/"+other.ID+"/data").Status(200).Has("h1", "Bo Other").Has("main", other.Email)
		keeper.Get("/en/people/0000000000000000/data").Status(404)
		find := keeper.Get("/en/people/data").Status(200)
		find.Submit("Look it up", map[string]string{"email": other.Email}).Status(200).Has("h1", "Bo Other")
		find.Submit("Look it up", map[string]string{"email": "nobody@example.org"}).Status(422).Has(".error-summary", "no account")
		form := keeper.Get("/en/people/" + other.ID + "/erase").Status(200)
		h.Clock.Pass(16 * time.Minute)
		keeper.Get("/en/people/"+other.ID+"/data").Has("h1", "Is it still you?")
		c.Get("/en/me/data").Has("h1", "Is it still you?")
		form.Submit("Erase it", nil).Has("h1", "Is it still you?")
		again := h.As(h.Person("Ona 2", people.Grant{Role: people.Operator}).ID, "")
		again.Get("/en/people/"+other.ID+"/erase").Submit("Erase it", nil).Status(200).Has("main", "The account is erased.")
		again.Get("/en/people/" + other.ID + "/data").Status(404)
	})
}

// TestTheLastKeeperStays: nobody erases the last who could give roles.
func TestTheLastKeeperStays(t *testing.T) {
	h := housetest.New(t, db.SQLite)
	last := h.Person("Last", people.Grant{Role: people.Coordinator})
	h.As(h.Person("Ona", people.Grant{Role: people.Operator}).ID, "").Get("/en/people/"+last.ID+"/erase").Submit("Erase it", nil).Status(409)
}
