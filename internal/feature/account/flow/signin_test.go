package flow_test

import (
	"context"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/people"
)

// give sets a password without the pages.
func give(t *testing.T, h *housetest.House, p people.Person, password string) {
	t.Helper()
	hash, err := people.HashPassword(context.Background(), password)
	if err != nil {
		t.Fatal(err)
	}
	h.Do(func(ctx context.Context, tx *db.Tx) error { return people.SetPassword(ctx, tx, p.ID, hash) })
}

const password = "four words make one"

// linkIn finds the address in the newest mail to somebody.
func linkIn(t *testing.T, h *housetest.House, to, path string) string {
	t.Helper()
	var mails []string
	for range 100 { // a job in hand elsewhere may still be writing it
		mails = h.Mails()
		for i := len(mails) - 1; i >= 0; i-- {
			if !strings.Contains(mails[i], to) {
				continue
			}
			unfolded := strings.NewReplacer("=\r\n", "", "=\n", "").Replace(mails[i])
			if found := regexp.MustCompile(`/[a-z]{2}` + path + `/[0-9a-z]+`).FindString(unfolded); found != "" {
				return found
			}
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("no mail to %s with %s among %d", to, path, len(mails))
	return ""
}

func TestSignInWithPassword(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		p := h.Person("Rosa Example")
		give(t, h, p, password)
		c := h.Visitor()
		page := c.Get("/en/me").Status(200).Has("h1", "Sign in") // led to the door, and back afterwards
		page = page.Submit("Sign in", map[string]string{"email": strings.ToUpper(p.Email), "password": password})
		if page.Status(200); page.Path != "/en/me" {
			t.Errorf("led to %s", page.Path)
		}
		page.Has("h1", "My page").Has("nav.who", "Rosa Example")
		page.Submit("Sign out", nil)
		c.Get("/en/me").Has("h1", "Sign in")
	})
}

func TestWrongPasswordTellsNothing(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		known, bare := h.Person("Known"), h.Person("Without password")
		give(t, h, known, password)
		mask := regexp.MustCompile(`[0-9a-z]{16}@example\.org`)
		var bodies []string
		for _, email := range []string{known.Email, bare.Email, "0123456789abcdef@example.org"} {
			page := h.Visitor().Get("/en/sign-in").Submit("Sign in", map[string]string{"email": email, "password": "not that one at all"})
			page.Status(422).Has(".error-summary", "do not belong together")
			bodies = append(bodies, mask.ReplaceAllString(page.Body, "X"))
		}
		if bodies[0] != bodies[1] || bodies[0] != bodies[2] {
			t.Error("the answers differ")
		}
	})
}

func TestSignInWithLink(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		p := h.Person("Rosa Example")
		ask := func(email string) *housetest.Page {
			return h.Visitor().Get("/en/sign-in").Submit("Send me a link", map[string]string{"email": email})
		}
		there, not := ask(p.Email).Status(200), ask("nobody@example.org").Status(200)
		if there.Body != not.Body {
			t.Error("the answers differ")
		}
		link := linkIn(t, h, p.Email, "/sign-in/link")
		if n := len(h.Mails()); n != 1 {
			t.Fatalf("%d mails, want 1", n)
		}
		// A scanner opens it twice; the person presses the button later.
		h.Visitor().Get(link).Status(200)
		c := h.Visitor()
		c.Get(link).Status(200).Submit("Sign in", nil).Status(200).Has("h1", "My page")
		h.Visitor().Get(link).Status(404)
		h.Visitor().Post(link, nil).Status(404)

		ask(p.Email)
		link = linkIn(t, h, p.Email, "/sign-in/link")
		h.Clock.Pass(31 * time.Minute)
		h.Visitor().Get(link).Status(404)
	})
}

func TestDemonstrationRoleBar(t *testing.T) {
	h := housetest.New(t, db.SQLite, housetest.Demonstration)
	c := h.Visitor()
	page := c.Get("/en/demo").Status(200).Submit("Step in", map[string]string{"role": "terranova"})
	page.Status(200).Has("h1", "My page").Has("nav.who", "Giulia Terranova")
	page = page.Submit("Step in", map[string]string{"role": "marchetti"}).Status(200)
	page.Has("nav.who", "Port-Oriane")
	page.Submit("Step in", map[string]string{"role": "visitor"}).Status(200, 404).Has("nav.who", "Sign in")
	c.Post("/en/demo/step-in", map[string][]string{"role": {"nobody"}}).Status(404)

	real := housetest.New(t, db.SQLite)
	real.Visitor().Post("/en/demo/step-in", map[string][]string{"role": {"terranova"}}).Status(404)
}

func TestEveryRoleOfTheBar(t *testing.T) {
	h := housetest.New(t, db.SQLite, housetest.Demonstration)
	c := h.Visitor()
	for _, p := range demo.People() {
		page := c.Post("/fr/demo/step-in", url.Values{"role": {p.ID}, "then": {"/me"}}).Status(200)
		page.Has("nav.who", p.Name)
		if page.Path != "/fr/me" {
			t.Errorf("%s: led to %s", p.ID, page.Path)
		}
		for _, r := range p.Roles {
			if r.Scope == "" {
				page.Has("main", "Vos rôles")
			}
		}
	}
	// One stays where the new role may be, and leaves where it may not.
	if page := c.Post("/fr/demo/step-in", url.Values{"role": {"ferrandiz"}, "then": {"/people"}}); page.Path != "/fr/people" {
		t.Errorf("coordinator: led to %s", page.Path)
	}
	if page := c.Post("/fr/demo/step-in", url.Values{"role": {"fontainha"}, "then": {"/people"}}); page.Path != "/fr/me" {
		t.Errorf("delegate: led to %s", page.Path)
	}
}
