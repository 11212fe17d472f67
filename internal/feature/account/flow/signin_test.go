package flow_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
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

// An address without an account costs as much work as a wrong password, asking
// for a link costs the same for both, and a code that was used, withdrawn or
// never given are one. Work is counted, so that no busy machine blurs it: each
// request, its statements in the database and the passwords hashed; what the
// clock says of 200 of each stands in make bench.
func TestWorkTellsNothing(t *testing.T) {
	h := housetest.New(t, db.SQLite)
	var done string
	h.App.Router.Seen = func(r *http.Request, status int, _ time.Time, asked int) {
		done = fmt.Sprintf("%s %d, %d statements", r.Pattern, status, asked)
	}
	mask := regexp.MustCompile(`[0-9a-z-]+@example\.org|[0-9a-z]{20,}`)
	work := func(r func() *http.Request) string {
		before, answer := people.Hashings(), httptest.NewRecorder()
		h.App.Handler.ServeHTTP(answer, r())
		return fmt.Sprintf("%s, %d hashes; %s", done, people.Hashings()-before, mask.ReplaceAllString(answer.Body.String(), "X"))
	}
	form := func(path string, values url.Values) func() *http.Request {
		return func() *http.Request {
			r := httptest.NewRequest("POST", path, strings.NewReader(values.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			return r
		}
	}
	page := func(path string) func() *http.Request {
		return func() *http.Request { return httptest.NewRequest("GET", path, nil) }
	}
	known, bare := h.Person("Known"), h.Person("Without a password")
	give(t, h, known, password)
	used, withdrawn := strings.Repeat("0", 26), strings.Repeat("1", 26)
	h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
		if used, err = people.NewLink(ctx, tx, people.Link{Purpose: "sign-in", Email: known.Email, Lasts: time.Hour}); err != nil {
			return err
		}
		if _, err = people.UseLink(ctx, tx, "sign-in", used); err != nil {
			return err
		}
		withdrawn, err = people.NewLink(ctx, tx, people.Link{Purpose: "invitation", Email: known.Email, Data: "gone", Lasts: -time.Hour})
		return err
	})
	random := func(like string) string { return strings.Repeat("z", len(like)) }
	for name, pair := range map[string][]func() *http.Request{
		"a wrong password": {form("/en/sign-in", url.Values{"email": {known.Email}, "password": {"not that one at all"}}), form("/en/sign-in", url.Values{"email": {bare.Email}, "password": {"not that one at all"}}),
			form("/en/sign-in", url.Values{"email": {"nobody@example.org"}, "password": {"not that one at all"}})},
		"a link":                 {form("/en/sign-in", url.Values{"email": {known.Email}, "way": {"link"}}), form("/en/sign-in", url.Values{"email": {"nobody@example.org"}, "way": {"link"}})},
		"following":              {form("/en/follow", url.Values{"email": {known.Email}, "query": {"q=card"}}), form("/en/follow", url.Values{"email": {"nobody@example.org"}, "query": {"q=card"}})},
		"a used link":            {page("/en/sign-in/link/" + used), page("/en/sign-in/link/" + random(used))},
		"a used link, opened":    {form("/en/sign-in/link/"+used, nil), form("/en/sign-in/link/"+random(used), nil)},
		"an invitation, expired": {page("/en/invitation/" + withdrawn), page("/en/invitation/" + random(withdrawn))},
	} {
		for _, send := range pair { // once before: what the first request alone costs is nobody's account
			work(send)
		}
		first := work(pair[0])
		for i, send := range pair[1:] {
			if other := work(send); other != first {
				t.Errorf("%s: the first does\n%.300s\nand number %d does\n%.300s", name, first, i+2, other)
			}
		}
		if !strings.Contains(first, "statements") || name == "a wrong password" && !strings.Contains(first, ", 1 hashes;") {
			t.Errorf("%s: work is not counted: %.300s", name, first)
		}
	}
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
