package app_test

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"

	"alliance/internal/housetest"
	"alliance/internal/housetest/browser"
	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
)

var kindOfPage = regexp.MustCompile(`<main[^>]* data-kind="([a-z]+)"`)

// TestEveryPageInABrowser audits every page of the demonstration in French and
// Arabic: accessibility, validity, weight, headers, keyboard, reflow, modes,
// scripts off, plain words. Pages for visitors are looked at as a visitor,
// the others as somebody who may open them.
func TestEveryPageInABrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("long: left out with -short only")
	}
	h := housetest.New(t, db.SQLite, housetest.Demonstration)
	var pages []browser.Page
	pattern := map[string]string{} // address → "fr /assemblies/{id}"
	for _, route := range h.App.Router.Routes() {
		if route.Method != "GET" || skipped(route.Pattern) {
			continue
		}
		for _, lang := range []string{"fr", "ar"} {
			if p, ok := seenBySomebody(h, lang, route.Pattern); ok {
				pages = append(pages, p)
				pattern[p.URL] = lang + " " + route.Pattern
			}
		}
	}
	if len(pages) < 60 {
		t.Fatalf("only %d pages found", len(pages))
	}
	found, err := browser.Inspect(pages)
	if err != nil {
		t.Fatal(err)
	}
	holdKnown(t, found, pattern)
}

// holdKnown is a ratchet: what was found and is not mended yet stands in a
// file, by page and rule. Whatever is new fails. The file is to become empty.
func holdKnown(t *testing.T, found []browser.Finding, pattern map[string]string) {
	t.Helper()
	file := filepath.Join("testdata", "audit.txt")
	now := map[string]browser.Finding{}
	for _, f := range found {
		now[pattern[f.Page]+" | "+ruleOf(f)] = f
	}
	var lines []string
	for line := range now {
		lines = append(lines, line)
	}
	sort.Strings(lines)
	head := "# Known findings of the audit, by page and rule, to be mended. Written by: go test ./internal/app -run TestEveryPageInABrowser -update\n"
	if *update {
		if err := os.WriteFile(file, []byte(head+strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	raw, err := os.ReadFile(file)
	if os.IsNotExist(err) {
		// Not listed one by one yet: there may not be more than the first audit found.
		for _, line := range lines {
			t.Log(now[line])
		}
		if len(found) > firstAudit {
			t.Errorf("%d findings, the first audit had %d", len(found), firstAudit)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, line := range strings.Split(string(raw), "\n") {
		if line != "" && !strings.HasPrefix(line, "#") {
			known[line] = true
		}
	}
	for _, line := range lines {
		if !known[line] {
			t.Error(now[line])
		}
		delete(known, line)
	}
	for line := range known {
		t.Logf("mended: take this line out of %s: %s", file, line)
	}
}

// firstAudit is how much the first audit of the whole demonstration found, on
// 23 November 2026; most of it was phrases not translated yet.
const firstAudit = 279

// ruleOf gives the rule without the numbers it was broken by.
func ruleOf(f browser.Finding) string {
	rule, _, _ := strings.Cut(f.Rule, ":")
	return rule
}

// skipped are routes that are no pages: files, parts of pages, leads elsewhere.
func skipped(pattern string) bool {
	for _, s := range []string{"/ballots", "/result", "/file", "/document", "/list", "/sitemap", "/exit", ".ics", "/keep"} {
		if strings.HasSuffix(pattern, s) {
			return true
		}
	}
	return false
}

// seenBySomebody finds who may open a page, the least privileged first.
func seenBySomebody(h *housetest.House, lang, pattern string) (browser.Page, bool) {
	path := "/" + lang + filled(pattern)
	type who struct{ person, mandate string }
	everybody := []who{{}}
	for _, p := range demo.People() {
		mandate := ""
		if len(p.Mandate) > 0 {
			mandate = demo.MandateID(p.ID)
		}
		everybody = append(everybody, who{demo.PersonID(p.ID), mandate})
	}
	for _, w := range everybody {
		c := h.Visitor()
		if w.person != "" {
			c = h.As(w.person, w.mandate)
		}
		if c.Probe("GET", path) != http.StatusOK {
			continue
		}
		page := browser.Page{URL: h.Server.URL + path, Lang: lang, Cookies: c.Cookies()}
		if m := kindOfPage.FindStringSubmatch(c.Get(path).Body); m != nil {
			page.Type = m[1]
		}
		return page, true
	}
	return browser.Page{}, false
}

// filled puts the most telling identifiers of the demonstration into a pattern.
func filled(pattern string) string {
	m := demo.Second()
	id := func(local string) string { return demo.EntryID(m.Slug, local) }
	open, decided, coming, secret := "", "", "", ""
	for _, x := range m.Motions {
		switch {
		case x.State == "open":
			open = x.ID
		case x.State == "decided":
			decided = x.ID
		case x.Secret:
			secret = x.ID
		default:
			coming = x.ID
		}
	}
	code, workshop := "", ""
	for _, w := range m.Workshops {
		if w.State == "open" {
			code, workshop = w.Code, w.ID
		}
	}
	for _, k := range []struct{ from, to string }{
		{"/motions/{id}/vote", "/motions/" + id(open) + "/vote"}, {"/motions/{id}/chair", "/motions/" + id(open) + "/chair"},
		{"/motions/{id}", "/motions/" + id(decided)}, {"/workshops/{id}", "/workshops/" + id(workshop)},
		{"/assemblies/{id}/synthesis/{act}", "/assemblies/" + id("") + "/synthesis/reword?p=" + id(coming+secret)},
		{"/assemblies/{id}/bring-up", "/assemblies/" + demo.EntryID(m.Local[0].Slug, "") + "/bring-up"},
		{"/calendar/{id}/dates", "/calendar/" + demo.EntryID("calendar", "permanence") + "/dates"},
		{"/proposals/new", "/proposals/new?workshop=" + id(workshop)},
		{"{code}", strings.ToLower(strings.ReplaceAll(code, "-", ""))},
	} {
		pattern = strings.Replace(pattern, k.from, k.to, 1)
	}
	return sample(pattern)
}
