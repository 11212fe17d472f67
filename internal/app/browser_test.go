package app_test

import (
	"cmp"
	"flag"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"alliance/internal/app"
	"alliance/internal/housetest"
	"alliance/internal/housetest/browser"
	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/web"
)

// only narrows a run by hand: go test ./internal/app -run EveryPage -v -pages '/agenda'
var (
	only  = flag.String("pages", "", "look only at pages whose address matches")
	timed = flag.Bool("timed", false, "measure the first view of one page of each type on a slow network: on an idle machine only")
	both  = flag.Bool("both", false, "look at each page in French and in Arabic and in all its faces; otherwise at one face in one of the two languages, in turn: half an hour less")
)

var kindOfPage = regexp.MustCompile(`<main[^>]* data-kind="([a-z]+)"`)

// TestEveryPageInABrowser audits every page of the demonstration in French and
// Arabic: accessibility, validity, weight, headers, keyboard, reflow, modes,
// scripts off, plain words, the first view on a slow network. Pages for
// visitors are looked at as a visitor, the others as somebody who may open
// them; a page with several faces (a motion before, during and after its vote)
// is looked at in each. Any finding fails.
func TestEveryPageInABrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("long: left out with -short only")
	}
	browser.Timed = *timed
	h := housetest.New(t, db.SQLite, housetest.Demonstration, func(c *app.Config) { c.DemoKept = true })
	h.Drain() // its backup among the rest
	made, readers, wanted := makePages(t, h), everybody(h), regexp.MustCompile(*only)
	alike := shared(h.App.Router.Routes())
	var pages []browser.Page
	for at, route := range h.App.Router.Routes() {
		if route.Method != "GET" || noPage(route.Pattern) || !*both && alike(route.Pattern) {
			continue
		}
		opened := false
		for i, path := range addresses(made, route.Pattern) {
			if opened && !*both {
				break
			}
			langs := []string{"fr", "ar"}
			if i > 0 || !*both { // its further faces in one language each
				n := (i + at) % 2
				langs = langs[n : n+1]
			}
			for _, lang := range langs {
				if !wanted.MatchString("/" + lang + path) {
					opened = true
				} else if p, ok := seenBySomebody(h, readers, "/"+lang+path, lang); ok {
					pages, opened = append(pages, p), true
				} else if i > 0 {
					t.Errorf("nobody can open %s", path)
				}
			}
		}
		if !opened {
			t.Errorf("nobody can open %s: give it an identifier in makePages, or name it in noPage", route.Pattern)
		}
	}
	for _, lang := range []string{"fr", "ar"} {
		pages = append(pages, browser.Page{URL: h.Server.URL + "/" + lang + "/motions/0000000000000000", Lang: lang, Type: "text", Status: http.StatusNotFound})
	}
	pages = append(pages, secondStep(t, h)...)
	pages = append(pages, firstStart(t)...)
	pages = slices.DeleteFunc(pages, func(p browser.Page) bool { return !wanted.MatchString(p.URL) })
	// What a phone sent may be changed for a quarter of an hour, and a sign-in waits no longer for its second step: those pages first.
	slices.SortStableFunc(pages, func(a, b browser.Page) int { return cmp.Compare(briefly(b), briefly(a)) })
	browser.Audit(t, pages)
}

func briefly(p browser.Page) int {
	return strings.Count(p.URL, "/join/") + strings.Count(p.URL, "/sign-in/second")
}

var ofRecords = regexp.MustCompile(`^/([a-z]+)/(questions|\{id\}/edit|\{id\}/withdraw)$`)

// shared tells pages that all kinds of record make alike but for their words
// (decision 40): each kind shows one of the three, in turn, and is passed over
// in the others.
func shared(routes []web.Route) func(pattern string) bool {
	var kinds []string
	for _, r := range routes {
		if m := ofRecords.FindStringSubmatch(r.Pattern); m != nil && m[2] == "questions" && r.Method == "GET" {
			kinds = append(kinds, m[1])
		}
	}
	three := []string{"questions", "{id}/edit", "{id}/withdraw"}
	return func(pattern string) bool {
		m := ofRecords.FindStringSubmatch(pattern)
		return m != nil && slices.Contains(kinds, m[1]) && m[2] != three[slices.Index(kinds, m[1])%len(three)]
	}
}

// noPage tells routes that are no pages: files, parts of pages, ways elsewhere.
func noPage(pattern string) bool {
	switch pattern {
	case "/organisations.csv", "/entries/{id}", "/map/points", "/map.geojson", "/oembed", "/opensearch.xml", "/import/{kind}/lists/{id}/log", "/organisations/import", "/organisations/import/lists/{id}", "/amendments/{id}", "/updates/{id}", "/evidence/{id}", "/replies/{id}":
		return true
	}
	for _, s := range []string{"/ballots", "/result", "/file", "/document", "/list", "/sitemap", "/exit", ".ics", ".atom", "/keep", "{file}"} {
		if strings.HasSuffix(pattern, s) {
			return true
		}
	}
	return strings.HasPrefix(pattern, "/set-up/") || strings.HasPrefix(pattern, "/unchanged/") || pattern == "/sign-in/second" || pattern == "/sign-in/with/{id}/back" || pattern == "/people/{id}/factor" // see firstStart, secondStep; one comes back from a provider only; /unchanged/ is mailed in a round of its own: tests of freshness
}

// everybody is a visitor and the people of the demonstration, each signed in once.
func everybody(h *housetest.House) []*housetest.Client {
	list := []*housetest.Client{h.Visitor()}
	for _, p := range demo.People() {
		list = append(list, as(h, p.ID))
	}
	return list
}

// seenBySomebody finds who may open a page, the least privileged first.
func seenBySomebody(h *housetest.House, readers []*housetest.Client, path, lang string) (browser.Page, bool) {
	for _, c := range readers {
		if c.Probe("GET", path) != http.StatusOK {
			continue
		}
		page := browser.Page{URL: h.Server.URL + path, Lang: lang, Cookies: c.Cookies()}
		if m := kindOfPage.FindStringSubmatch(c.Get(path).Body); m != nil {
			page.Type = m[1]
		}
		page.Sensitive = page.Type == "sensitive" || page.Type == "vault"
		return page, true
	}
	return browser.Page{}, false
}

// TestEveryLink follows the links of the demonstration as a visitor in two
// languages and as the coordination: each reaches something, each fragment too.
func TestEveryLink(t *testing.T) {
	h := housetest.New(t, db.SQLite, housetest.Demonstration)
	browser.Links(t, []string{h.Server.URL + "/fr/", h.Server.URL + "/ar/"}, 2500)
	c := coordination(h)
	browser.Links(t, []string{h.Server.URL + "/fr/me", h.Server.URL + "/fr/settings"}, 600, c.Cookies()...)
}
