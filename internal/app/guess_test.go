package app_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"alliance/internal/app"
	"alliance/internal/feature/claim"
	"alliance/internal/feature/contribution"
	"alliance/internal/feature/freshness"
	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/people"
)

// worker does requests and says what work each was: its route, statements in the
// database, passwords hashed, and the answer without what names who asked.
type worker struct {
	h    *housetest.House
	done string
}

func newWorker(h *housetest.House) *worker {
	w := &worker{h: h}
	h.App.Router.Seen = func(r *http.Request, status int, _ time.Time, asked int) {
		w.done = fmt.Sprintf("%s %d, %d statements", r.Pattern, status, asked)
	}
	return w
}

var names20 = regexp.MustCompile(`[0-9a-z-]+@example\.org|[0-9a-z]{16,}`)

func (w *worker) do(r *http.Request) string {
	before, answer := people.Hashings(), httptest.NewRecorder()
	w.h.App.Handler.ServeHTTP(answer, r)
	return fmt.Sprintf("%s, %d hashes; %s", w.done, people.Hashings()-before, names20.ReplaceAllString(answer.Body.String(), "X"))
}

// asking makes the same request anew each time; in a value, # is another number then.
func asking(method, path string, values url.Values) func() *http.Request {
	n := 0
	return func() *http.Request {
		n++
		r := httptest.NewRequest(method, path, strings.NewReader(strings.ReplaceAll(values.Encode(), "%23", fmt.Sprint(n))))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return r
	}
}

// TestWorkTellsNothing: an address without an account costs as much work as a
// wrong password, asking for a link costs the same for both, registering again
// the same as registering, and a code that was used, withdrawn, ended or never
// given are one. Work is counted, so that no busy machine blurs it; what the
// clock says of 200 of each stands in make bench.
func TestWorkTellsNothing(t *testing.T) {
	h := housetest.New(t, db.SQLite, housetest.Demonstration)
	known, bare := demo.People()[0], demo.People()[1]
	used, withdrawn := "", ""
	hash, err := people.HashPassword(context.Background(), "four words make one")
	if err != nil {
		t.Fatal(err)
	}
	over := map[string]string{}
	h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
		if err = people.SetPassword(ctx, tx, demo.PersonID(known.ID), hash); err != nil {
			return err
		}
		if used, err = people.NewLink(ctx, tx, people.Link{Purpose: "sign-in", Email: known.Email, Lasts: time.Hour}); err != nil {
			return err
		}
		if _, err = people.UseLink(ctx, tx, "sign-in", used); err != nil {
			return err
		}
		if withdrawn, err = people.NewLink(ctx, tx, people.Link{Purpose: "invitation", Email: known.Email, Data: "gone", Lasts: -time.Hour}); err != nil {
			return err
		}
		for page, end := range map[string]struct{ text, id string }{
			"claimed":   {`UPDATE claim SET hash = $1, until = 1 WHERE id = $2`, claim.DemoID("waiting")},
			"proposed":  {`UPDATE contribution SET hash = $1, until = 1 WHERE id = $2`, contribution.DemoID("gao")},
			"unchanged": {`UPDATE check_item SET link = $1 WHERE round = $2`, freshness.DemoID("now")},
		} {
			over[page] = fmt.Sprintf("%016d", len(over)+1) // looks like any other
			if n, err := tx.Exec(ctx, end.text, people.Hash(over[page]), end.id); err != nil || n == 0 {
				return fmt.Errorf("%s: %d rows: %w", page, n, err)
			}
		}
		_, err = tx.Exec(ctx, `UPDATE check_round SET closed = 1 WHERE id = $1`, freshness.DemoID("now"))
		return err
	})
	random := func(like string) string { return strings.Repeat("z", len(like)) }
	wrong := func(email string) func() *http.Request {
		return asking("POST", "/en/sign-in", url.Values{"email": {email}, "password": {"not that one at all"}})
	}
	register := func(email string) func() *http.Request {
		return asking("POST", "/en/calendar/"+demo.EntryID("calendar", "aide-juridique")+"/register", url.Values{"name": {"Rosa"}, "email": {email}})
	}
	type pair []func() *http.Request
	pairs := map[string]pair{
		"a wrong password":       {wrong(known.Email), wrong(bare.Email), wrong("nobody@example.org")},
		"a link":                 {asking("POST", "/en/sign-in", url.Values{"email": {known.Email}, "way": {"link"}}), asking("POST", "/en/sign-in", url.Values{"email": {"nobody@example.org"}, "way": {"link"}})},
		"following":              {asking("POST", "/en/follow", url.Values{"email": {known.Email}, "query": {"q=card"}}), asking("POST", "/en/follow", url.Values{"email": {"nobody@example.org"}, "query": {"q=card"}})},
		"registering":            {register("rosa@example.org"), register("rosa-#@example.org")},
		"a used link":            {asking("GET", "/en/sign-in/link/"+used, nil), asking("GET", "/en/sign-in/link/"+random(used), nil)},
		"a used link, opened":    {asking("POST", "/en/sign-in/link/"+used, nil), asking("POST", "/en/sign-in/link/"+random(used), nil)},
		"an invitation, expired": {asking("GET", "/en/invitation/"+withdrawn, nil), asking("GET", "/en/invitation/"+random(withdrawn), nil)},
	}
	for page, secret := range over {
		for _, method := range []string{"GET", "POST"} {
			pairs[method+" "+page+", ended"] = pair{asking(method, "/en/"+page+"/"+secret, nil), asking(method, "/en/"+page+"/"+random(secret), nil)}
		}
	}
	w := newWorker(h)
	for name, pair := range pairs {
		for _, ask := range pair { // once before: what the first request alone costs is nobody's account
			w.do(ask())
		}
		first := w.do(pair[0]())
		for i, ask := range pair[1:] {
			if other := w.do(ask()); other != first {
				t.Errorf("%s: the first does\n%.300s\nand number %d does\n%.300s", name, first, i+2, other)
			}
		}
		if !strings.Contains(first, "statements") || strings.Contains(first, ", 0 statements") || name == "a wrong password" && !strings.Contains(first, ", 1 hashes;") {
			t.Errorf("%s: work is not counted: %.300s", name, first)
		}
		if name == "registering" && !strings.Contains(first, " 303,") {
			t.Errorf("%s: %.300s", name, first)
		}
	}
}

// TestSecretsAreNotGuessed tries, from one network, secrets that nobody was
// given at every address that opens by one, pages and API. Each counts; after
// 120 the network waits, also for one that is right. Who had theirs open before
// goes on, and a neighbour is no slower.
func TestSecretsAreNotGuessed(t *testing.T) {
	h := housetest.New(t, db.SQLite, housetest.Demonstration, func(c *app.Config) { c.Proxies = "127.0.0.1" })
	var mine, other string
	h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
		if mine, err = people.NewLink(ctx, tx, people.Link{Purpose: "sign-in", Email: demo.People()[0].Email, Lasts: time.Hour}); err == nil {
			other, err = people.NewLink(ctx, tx, people.Link{Purpose: "sign-in", Email: demo.People()[1].Email, Lasts: time.Hour})
		}
		return err
	})
	doors := secretDoors(t, h)
	if len(doors) < 20 {
		t.Fatalf("only %d addresses open by a secret: are they still found?", len(doors))
	}
	from := func(network, method, path string) int {
		return h.Visitor().Header("X-Forwarded-For", network).Probe(method, path)
	}
	const guesser, neighbour = "203.0.113.9", "198.51.100.7"
	if code := from(guesser, "GET", "/en/sign-in/link/"+mine); code != 200 {
		t.Fatalf("a link that is right: %d", code)
	}
	for n := range 120 {
		d := doors[n%len(doors)]
		if code := from(guesser, d.method, d.at(fmt.Sprintf("nobody%010d", n))); code != d.closed() {
			t.Errorf("guess %d, %s %s: %d", n, d.method, d.pattern, code)
		}
	}
	for _, d := range doors {
		if code := from(guesser, d.method, d.at("yetanother000000")); code != 429 {
			t.Errorf("%s %s after 120 wrong ones: %d", d.method, d.pattern, code)
		}
		if code := from(neighbour, d.method, d.at("yetanother000000")); code != d.closed() {
			t.Errorf("%s %s for a neighbour: %d", d.method, d.pattern, code)
		}
	}
	if code := from(guesser, "GET", "/en/sign-in/link/"+other); code != 429 {
		t.Errorf("a right one tells itself: %d", code)
	}
	if code := from(guesser, "GET", "/en/sign-in/link/"+mine); code != 200 {
		t.Errorf("a link that was open before: %d", code)
	}
	h.Clock.Pass(11 * time.Minute)
	if code := from(guesser, "GET", "/en/sign-in/link/"+other); code != 200 {
		t.Errorf("later: %d", code)
	}
}

// door is an address that opens by a secret.
type door struct{ method, pattern string }

// closed is what it answers to a secret that nobody was given: a phone that opens
// an old page is led back to its room.
func (d door) closed() int {
	if d.pattern == "/join/{code}/sent/{secret}" {
		return http.StatusSeeOther
	}
	return http.StatusNotFound
}

func (d door) at(secret string) string {
	path := strings.NewReplacer("{secret}", secret, "{token}", secret).Replace(d.pattern)
	for _, w := range demo.Second().Workshops {
		if w.State == "open" {
			path = strings.Replace(path, "{code}", w.Code, 1)
		}
	}
	if strings.HasPrefix(path, "/api/") {
		return path
	}
	return "/en" + path
}

// secretDoors are those of the pages and of the API; those of the API that need
// a body stay out, which is looked at first.
func secretDoors(t *testing.T, h *housetest.House) (doors []door) {
	for _, r := range h.App.Router.Routes() {
		if strings.Contains(r.Pattern, "{secret}") && !strings.HasPrefix(r.Pattern, "/set-up/") || strings.Contains(r.Pattern, "{token}") {
			doors = append(doors, door{r.Method, r.Pattern})
		}
	}
	doc, err := openapi3.NewLoader().LoadFromData([]byte(h.Visitor().Get("/api/v1/openapi.json").Status(200).Body))
	if err != nil {
		t.Fatal(err)
	}
	paths := doc.Paths.InMatchingOrder()
	slices.Sort(paths)
	for _, path := range paths {
		for method, op := range doc.Paths.Value(path).Operations() {
			if strings.Contains(path, "{secret}") && op.RequestBody == nil {
				doors = append(doors, door{method, "/api/v1" + path})
			}
		}
	}
	return doors
}
