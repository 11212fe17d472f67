package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"alliance/internal/app"
	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/job"
	"alliance/internal/platform/logline"
)

// marked is what stands for somebody: it may be in no line, number or span.
const marked = "zaynab-almarquee"

// names every metric of a text, with what histograms add.
func metricNames(text string) map[string]bool {
	found := map[string]bool{}
	for line := range strings.Lines(text) {
		found[regexp.MustCompile(`^[a-zA-Z_:][a-zA-Z0-9_:]*`).FindString(line)] = true
	}
	return found
}

// TestObserved: numbers and spans of requests and work say what was asked for
// by its pattern, and nothing that anybody typed; the dashboard asks only for
// numbers that are there.
func TestObserved(t *testing.T) {
	var mu sync.Mutex
	var sent []byte
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		sent = append(sent, body...)
	}))
	t.Cleanup(collector.Close)
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		c := h.Visitor()
		org := demo.OrganisationID(demo.Invented()[0].Slug)
		c.Get("/fr/organisations/" + org).Status(200)
		c.Get("/fr/search?q=" + marked).Status(200)
		c.Get("/fr/" + marked).Status(404)
		c.Probe("POST", "/fr/sign-in?"+marked)
		c.Probe(strings.ToUpper(marked[:6]), "/fr/")
		if code := c.Probe("GET", "/api/v1/organisations/"+org); code != 200 {
			t.Fatal(code)
		}
		h.Do(func(ctx context.Context, tx *db.Tx) error { // one is done, one waits
			if err := job.Add(ctx, tx, job.New{Kind: "mail.sweep"}); err != nil {
				return err
			}
			return job.Add(ctx, tx, job.New{Kind: "mail.sweep", RunAt: tx.Now().Add(time.Hour)})
		})
		h.Drain()
		var b bytes.Buffer
		if err := h.App.Counts().Write(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		if err := h.App.Spans().Send(t.Context()); err != nil {
			t.Fatal(err)
		}
		mu.Lock()
		spans := string(sent)
		mu.Unlock()
		for _, want := range []string{`alliance_http_requests_total{route="GET /{lang}/organisations/{id}",status="200"}`, `route="/",status="404"`,
			`route="GET /api/v1/organisations/{id}",status="200"`, `alliance_jobs_total{kind="mail.sweep",result="done"}`, `alliance_health{probe="mail"}`} {
			if !strings.Contains(b.String(), want) {
				t.Errorf("no %s in\n%s", want, b.String())
			}
		}
		for _, want := range []string{`"GET /{lang}/organisations/{id}"`, `"db.queries"`, `"mail.sweep"`} {
			if !strings.Contains(spans, want) {
				t.Errorf("no span with %s", want)
			}
		}
		for what, text := range map[string]string{"numbers": b.String(), "spans": spans} {
			if low := strings.ToLower(text); strings.Contains(low, marked[:6]) || strings.Contains(text, org) || strings.Contains(text, "127.0.0.1") {
				t.Errorf("%s name what was asked for", what)
			}
		}
		known := metricNames(b.String())
		raw, err := os.ReadFile("../../packaging/dashboard.json")
		if err != nil {
			t.Fatal(err)
		}
		var board any
		if err := json.Unmarshal(raw, &board); err != nil {
			t.Fatal(err)
		}
		asked := 0
		for _, expression := range expressions(board) {
			for _, name := range regexp.MustCompile(`\b(?:alliance|process|go)_[a-z0-9_]+`).FindAllString(expression, -1) {
				if asked++; !known[name] {
					t.Errorf("the dashboard asks for %s, which is not there", name)
				}
			}
		}
		if asked < 20 {
			t.Errorf("the dashboard asks for %d numbers only", asked)
		}
	}, housetest.Demonstration, func(c *app.Config) { c.Metrics, c.Traces = "127.0.0.1:0", collector.URL })
}

// expressions gives every "expr" of a dashboard.
func expressions(node any) (list []string) {
	switch v := node.(type) {
	case map[string]any:
		for key, below := range v {
			if text, ok := below.(string); ok && key == "expr" {
				list = append(list, text)
			}
			list = append(list, expressions(below)...)
		}
	case []any:
		for _, below := range v {
			list = append(list, expressions(below)...)
		}
	}
	return list
}

// TestNumbersHaveADoorOfTheirOwn: the site never tells them; another address
// does, to who shows the token.
func TestNumbersHaveADoorOfTheirOwn(t *testing.T) {
	for address, good := range map[string]bool{"127.0.0.1:9600": true, "[::1]:9600": true, "localhost:9600": true, ":9600": false, "0.0.0.0:9600": false, "10.0.0.5:9600": false, "9600": false, "metrics.example.org:9600": false} {
		if err := app.MayAnswer(address, ""); (err == nil) != good {
			t.Errorf("%s without a token: %v", address, err)
		}
		if err := app.MayAnswer(address, "s3cret"); (err == nil) != (address != "9600") {
			t.Errorf("%s with a token: %v", address, err)
		}
	}
	ready := make(spoken, 16)
	a, err := app.Open(t.Context(), app.Config{Database: "sqlite:" + filepath.Join(t.TempDir(), "a.db"), Still: true, Console: ready, Log: slog.New(slog.DiscardHandler), Metrics: "127.0.0.1:0", MetricsToken: "s3cret"})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- a.Serve(ctx, "127.0.0.1:0") }()
	site := regexp.MustCompile(`http://\S+`).FindString(ready.line("answers on"))
	numbers := regexp.MustCompile(`http://\S+`).FindString(ready.line("Numbers for Prometheus"))
	for _, x := range []struct {
		address, token string
		want           int
	}{{site + "/metrics", "s3cret", 503 /* not set up yet, as all of the site */}, {numbers, "", 401}, {numbers, "s3cret", 200}} {
		req, _ := http.NewRequest(http.MethodGet, x.address, nil)
		req.Header.Set("Authorization", "Bearer "+x.token)
		answer, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != x.want {
			t.Errorf("%s: %d", x.address, answer.StatusCode)
		}
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// spoken is a console one listens to.
type spoken chan string

func (s spoken) Write(said []byte) (int, error) {
	select {
	case s <- string(said):
	default:
	}
	return len(said), nil
}

// line waits until the program says something.
func (s spoken) line(part string) string {
	for said := range s {
		if strings.Contains(said, part) {
			return said
		}
	}
	return ""
}

// TestLogHoldsNobody sends every form that two roles and a visitor find on the
// pages, filled with somebody; once as it is, once while the database refuses to
// keep anything. What the program writes about it names nobody.
func TestLogHoldsNobody(t *testing.T) {
	var log housetest.Console
	h := housetest.New(t, db.SQLite, housetest.Demonstration, func(c *app.Config) { c.Log = logline.New(&log, logline.JSON, slog.LevelDebug) })
	everybody := attackers(h)
	sent := sow(h, everybody["ferrandiz"])
	_ = h.Jobs.Drain(t.Context()) // what fails is read below
	h.Do(func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `CREATE TRIGGER refuse BEFORE INSERT ON journal BEGIN SELECT RAISE(ABORT, 'planted'); END`)
		return err
	})
	sent += sow(h, everybody["terranova"]) + sow(h, h.Visitor)
	lines := log.String()
	if failures := strings.Count(lines, `"request failed"`); sent < 100 || failures < 10 {
		t.Errorf("%d forms, %d failures in the log: are they still found?", sent, failures)
	}
	problems, err := db.All(t.Context(), h.DB, db.Value[string], `SELECT problem FROM job WHERE problem <> ''`)
	if err != nil {
		t.Fatal(err)
	}
	lines += strings.Join(problems, "\n")
	nobody := []string{marked, "almarquee", "@example.org", "127.0.0.1:"}
	for _, p := range demo.People() {
		nobody = append(nobody, p.Name, demo.PersonID(p.ID))
	}
	for line := range strings.Lines(lines) {
		for _, one := range nobody {
			if strings.Contains(strings.ToLower(line), strings.ToLower(one)) {
				t.Errorf("the log names %q: %s", one, line)
			}
		}
	}
}

// sow sends each form that somebody finds, with a person in all that is empty.
func sow(h *housetest.House, client func() *housetest.Client) (sent int) {
	seen := map[string]bool{}
	for _, r := range h.App.Router.Routes() {
		if r.Method != http.MethodGet {
			continue
		}
		c := client()
		for _, f := range c.Get("/fr" + sample(r.Pattern)).Forms() {
			if seen[f.Action] || strings.Contains(f.Action, "sign-out") || strings.Contains(f.Action, "demo/") || strings.Contains(f.Action, "erase") {
				continue
			}
			seen[f.Action] = true
			for name, values := range f.Fields {
				switch {
				case strings.Contains(name, "email") || strings.Contains(name, "address"):
					f.Fields[name] = []string{marked + "@example.org"}
				case strings.Join(values, "") == "":
					f.Fields[name] = []string{"Zaynab " + marked}
				}
			}
			c.Knock(f.Action, f.Fields)
			sent++
		}
	}
	return sent
}
