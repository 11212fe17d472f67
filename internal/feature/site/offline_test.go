package site_test

import (
	"strings"
	"testing"

	"alliance/internal/housetest"
	"alliance/internal/platform/db"
)

// The worker is small, says its words in all languages, and secret links are
// told not to be kept.
func TestWorkerIsSmallAndSecretLinksAreNotKept(t *testing.T) {
	h := housetest.New(t, db.SQLite)
	p := h.Visitor().Header("Accept-Encoding", "gzip").Get("/offline-worker.js").Status(200)
	if n := len(p.Body); n > 2000 || n < 500 || p.Header.Get("Content-Encoding") != "gzip" {
		t.Errorf("%d bytes on the wire, at most 2000", n)
	}
	body := h.Visitor().Get("/offline-worker.js").Status(200).Body
	for _, words := range []string{"Vous lisez une copie", "تقرؤون نسخة", `"read-`} {
		if !strings.Contains(body, words) {
			t.Errorf("the worker lacks %q", words)
		}
	}
	for _, path := range []string{"/en/registrations/nothing", "/en/following/nothing", "/en/unchanged/nothing"} {
		if got := h.Visitor().Get(path).Header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s: Cache-Control %q", path, got)
		}
	}
}
