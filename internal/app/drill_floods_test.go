package app_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"alliance/internal/app"
	"alliance/internal/feature/library"
	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/design"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// TestFloods sends of each thing that needs no account more than anybody needs,
// from one network: it is told to wait, reads on, and a neighbour is answered.
// Passwords are flooded in TestOneNetworkTriesManyAccounts, tokens in
// TestTokensThatAreNotValid, uploads of people with an account in TestQuotaAndErasure.
func TestFloods(t *testing.T) {
	h := housetest.New(t, db.SQLite, housetest.Demonstration, func(c *app.Config) { c.Proxies = "127.0.0.1" })
	room := ""
	for _, w := range demo.Second().Workshops {
		if w.State == "open" {
			room = "/fr/join/" + w.Code
		}
	}
	record, organisation := library.DemoID("desk"), "/fr/organisations/"+demo.OrganisationID(demo.Invented()[0].Slug)
	for i, flood := range []struct {
		name, at string
		most     int  // that come through
		wait     int  // what is answered to more
		all      bool // the limit is the room's or the record's, not a network's
		send     func(c *housetest.Client, at string, n int) *housetest.Page
	}{
		{"links to sign in", "/fr/sign-in", 300, 429, false, func(c *housetest.Client, at string, n int) *housetest.Page {
			return c.Post(at, url.Values{"email": {fmt.Sprintf("nobody%d@example.org", n)}, "way": {"link"}})
		}},
		{"codes of rooms", "/fr/join", 120, 429, false, func(c *housetest.Client, at string, n int) *housetest.Page {
			return c.Get(fmt.Sprintf("%s/zz%04d", at, n))
		}},
		{"lines in a room", room, 60, 409, true, sendFilled},
		{"claims with a document", organisation + "/claim", 10, 429, false, func(c *housetest.Client, at string, n int) *housetest.Page {
			return c.Get(at).Upload("Envoyer", map[string]string{"name": "A", "role": "B", "email": fmt.Sprintf("a%d@example.org", n), "proof": "C", design.KeyField: web.NewKey()},
				map[string][2]string{"document": {"mandate.txt", "The board gives the mandate."}})
		}},
		{"records", "/fr/propose/initiative", 20, 429, false, sendFilled},
		{"errors", "/fr/report/" + record, 20, 429, false, sendFilled},
		{"corrections", organisation + "/correct", 10, 429, true, sendFilled},
		{"registrations", "/fr/calendar/" + demo.EntryID("calendar", "aide-juridique") + "/register", 30, 429, false, sendFilled},
		{"links to follow", "/fr/follow", 60, 429, false, func(c *housetest.Client, at string, n int) *housetest.Page {
			return c.Post(at, url.Values{"email": {fmt.Sprintf("nobody%d@example.org", n)}, "query": {"q=carte"}})
		}},
	} {
		from := func(k int) *housetest.Client {
			return h.Visitor().Header("X-Forwarded-For", fmt.Sprintf("203.0.113.%d", 2*i+k))
		}
		c, codes := from(0), map[int]int{}
		for n := range flood.most + 2 {
			codes[flood.send(c, flood.at, n).Code]++
		}
		if codes[flood.wait] != 2 || len(codes) != 2 {
			t.Errorf("%s: answers %v, want %d others and 2 of %d", flood.name, codes, flood.most, flood.wait)
		}
		c.Get("/fr/organisations").Status(200)
		neighbour := from(1)
		neighbour.Get(flood.at).Status(200)
		if code := flood.send(neighbour, flood.at, flood.most+9).Code; code == flood.wait && !flood.all {
			t.Errorf("%s: a neighbour waits too", flood.name)
		}
	}
}

// sendFilled sends the form of a page to itself, sendFilled in.
func sendFilled(c *housetest.Client, at string, n int) *housetest.Page {
	page := c.Get(at)
	f, ok := formOn(page, at)
	if !ok {
		return page
	}
	delete(f.Kinds, "lang-other") // a code of a language, for those that are not in the list
	fill(&f, n, slices.Collect(maps.Keys(f.Kinds)))
	f.Fields.Set(design.KeyField, web.NewKey())
	return c.Post(at, f.Fields)
}

// TestOddAddresses: an address leads out of no folder, and to no other site.
func TestOddAddresses(t *testing.T) {
	h := housetest.New(t, db.SQLite, housetest.Demonstration)
	host := strings.TrimPrefix(h.Server.URL, "http://")
	up := []string{"../../../../../../etc/passwd", "..%2f..%2f..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/%2e%2e/etc/passwd", "..%5c..%5cetc%5cpasswd", "....//....//etc/passwd", "%252e%252e%252fetc%252fpasswd", "%2fetc%2fpasswd", "/etc/passwd", "..%00/etc/passwd", "../house.db", "..%2fhouse.db", "../alliance.key", ".env", "app.go"}
	for _, below := range []string{"/", "/s/", "/fr/", "/fr/open/", "/fr/open/organisation/", "/fr/documents/" + library.DemoID("desk") + "/", "/fr/embed/", "/fr/help/", "/fr/network-graph/", "/api/v1/", "/api/v1/files/"} {
		for _, path := range up {
			code, body := line(t, host, "GET "+below+path)
			if code >= 500 || code == 200 && (strings.Contains(body, "root:") || strings.Contains(body, "SQLite format") || strings.Contains(body, "package ")) {
				t.Errorf("%s%s: %d %.100q", below, path, code, body)
			}
		}
	}

	hash, err := people.HashPassword(context.Background(), "four words make one")
	if err != nil {
		t.Fatal(err)
	}
	who := demo.People()[0]
	h.Do(func(ctx context.Context, tx *db.Tx) error {
		return people.SetPassword(ctx, tx, demo.PersonID(who.ID), hash)
	})
	away := []string{"//elsewhere.example", "https://elsewhere.example/", `/\elsewhere.example`, `\\elsewhere.example`, "/\t/elsewhere.example", "/%09/elsewhere.example", "/%0d%0aX-Zqx:%201", "/\r\nX-Zqx: 1", "javascript:alert(1)", "///elsewhere.example", "/fr/..//elsewhere.example", "http:elsewhere.example", "/.//elsewhere.example"}
	led := 0
	for _, then := range away {
		asks := []*http.Request{get(h, "/"+then), get(h, "/fr"+then), get(h, "/?then="+url.QueryEscape(then))}
		for _, r := range h.App.Router.Routes() {
			if r.Method == http.MethodGet && (strings.Contains(r.Pattern, "sign") || strings.Contains(r.Pattern, "second") || strings.Contains(r.Pattern, "follow")) {
				asks = append(asks, get(h, "/fr"+sample(r.Pattern)+"?then="+url.QueryEscape(then)))
			}
		}
		for _, form := range []struct {
			path string
			url.Values
		}{{"/fr/sign-in", url.Values{"email": {who.Email}, "password": {"four words make one"}}}, {"/fr/demo/step-in", url.Values{"role": {who.ID}}}, {"/fr/follow", url.Values{"email": {"a@example.org"}, "query": {"q=carte"}}}} {
			form.Set("then", then)
			req, err := http.NewRequest(http.MethodPost, h.Server.URL+form.path, strings.NewReader(form.Encode()))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			asks = append(asks, req)
		}
		for _, req := range asks {
			if req == nil {
				continue
			}
			res, err := http.DefaultTransport.RoundTrip(req)
			if err != nil {
				t.Fatal(err)
			}
			io.Copy(io.Discard, res.Body)
			res.Body.Close()
			to := res.Header.Get("Location")
			if to == "" {
				continue
			}
			led++
			// A browser takes \ for / and leaves out tabs and ends of lines.
			at, err := req.URL.Parse(strings.NewReplacer(`\`, "/", "\t", "", "\r", "", "\n", "").Replace(to))
			if err != nil || at.Host != host || res.Header.Get("X-Zqx") != "" {
				t.Errorf("%s %s with then=%q leads to %q", req.Method, req.URL, then, to)
			}
		}
	}
	if led < 2*len(away) {
		t.Errorf("only %d answers led anywhere", led)
	}
}

// get is nil for what a client cannot even write.
func get(h *housetest.House, path string) *http.Request {
	req, err := http.NewRequest(http.MethodGet, h.Server.URL+path, nil)
	if err != nil {
		return nil
	}
	return req
}

// line sends one request as it is written, without what clients make good.
func line(t *testing.T, host, what string) (code int, body string) {
	t.Helper()
	c, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprintf(c, "%s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", what, host)
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	defer res.Body.Close()
	b, _ := io.ReadAll(res.Body)
	return res.StatusCode, string(b)
}
