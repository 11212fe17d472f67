package app_test

import (
	"regexp"
	"strings"
	"testing"

	"alliance/internal/housetest"
	"alliance/internal/platform/db"
)

// TestSecretAddressesAreKeptNowhere walks through all that leads to a page which
// its address alone opens, by the forms and by the mails, sends each form twice,
// and looks for those addresses in all tables: no row may hold one in clear. The
// page itself asks search engines to forget it, should its address get about.
func TestSecretAddressesAreKeptNowhere(t *testing.T) {
	h := housetest.New(t, db.SQLite, housetest.Demonstration)
	made := makePages(t, h)
	h.Drain() // a mail that waits holds its link
	n := 0
	for pattern, paths := range made {
		at := strings.Index(pattern, "{secret}")
		if at < 0 {
			at = strings.Index(pattern, "{token}")
		}
		if at < 0 {
			continue
		}
		parts := strings.Count(pattern[:at], "/")
		for _, path := range paths {
			secret, _, _ := strings.Cut(strings.Split(path, "/")[parts], "?")
			if !regexp.MustCompile(`^[0-9A-Za-z_.-]{16,}$`).MatchString(secret) {
				t.Fatalf("%s: %q is no secret", path, secret)
			}
			n++
			if page := h.Visitor().Get("/en" + path); page.Path == "/en"+path && page.Header.Get("X-Robots-Tag") != "noindex" {
				t.Errorf("%s may be found by search engines", pattern)
			}
			if where := h.Kept(secret); len(where) > 0 {
				t.Errorf("the secret of %s lies in clear in %v", pattern, where)
			}
		}
	}
	if n < 10 {
		t.Errorf("only %d secret addresses were found", n)
	}
}
