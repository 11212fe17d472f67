package main

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"alliance/internal/platform/locale"
)

// Every component in every language: one h1, each id once, labels that reach
// their fields, and nothing that the Content-Security-Policy forbids.
func TestAllComponentsInAllLanguages(t *testing.T) {
	h, err := handler("http://127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	id := regexp.MustCompile(` id="([^"]+)"`)
	refer := regexp.MustCompile(` (?:for|aria-describedby|aria-labelledby)="([^"]+)"`)
	for _, l := range locale.Languages {
		for path := range pages {
			for _, method := range []string{http.MethodGet, http.MethodPost} {
				w := httptest.NewRecorder()
				h.ServeHTTP(w, httptest.NewRequest(method, "/"+l+path, nil))
				page, at := w.Body.String(), method+" /"+l+path
				if n := strings.Count(page, "<h1"); n != 1 {
					t.Errorf("%s: %d h1", at, n)
				}
				ids := map[string]bool{}
				for _, m := range id.FindAllStringSubmatch(page, -1) {
					if ids[m[1]] {
						t.Errorf("%s: id %s stands more than once", at, m[1])
					}
					ids[m[1]] = true
				}
				for _, m := range refer.FindAllStringSubmatch(page, -1) {
					for _, name := range strings.Fields(m[1]) {
						if !ids[name] {
							t.Errorf("%s: nothing has the id %s", at, name)
						}
					}
				}
				for _, bad := range []string{" style=", " onclick=", "javascript:", "%!", " else", "<no value>"} {
					if strings.Contains(page, bad) {
						t.Errorf("%s: contains %q", at, bad)
					}
				}
			}
		}
	}
}
