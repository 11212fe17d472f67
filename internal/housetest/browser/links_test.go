package browser

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestLinksFindsWhatReachesNothing(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		switch r.URL.Path {
		case "/":
			fmt.Fprint(w, `<a href="/a#here">a</a><a href="/a#gone">b</a><a href="/nowhere">c</a><a href="https://example.org/">d</a>
				<form method="post" action="/write"></form><img src="/missing.png"><a href="mailto:x@example.org">e</a><a href="/moved">f</a>`)
		case "/a":
			fmt.Fprint(w, `<p id="here">a</p><a href="/">back</a>`)
		case "/moved":
			http.Redirect(w, r, "/a", http.StatusSeeOther)
		default:
			if r.URL.Path == "/write" {
				t.Error("a form was sent")
			}
			http.NotFound(w, r)
		}
	}))
	defer s.Close()
	found, read := follow([]string{s.URL + "/"}, 100, nil)
	var said []string
	for _, f := range found {
		said = append(said, f.Rule+" "+strings.ReplaceAll(f.Expected, s.URL, ""))
	}
	want := "broken link /nowhere to answer, it is 404|broken link /missing.png to answer, it is 404|fragment that reaches nothing /a#gone to be the id of an element"
	if got := strings.Join(said, "|"); got != want {
		t.Errorf("found %s\nwant %s", got, want)
	}
	if read != 5 {
		t.Errorf("read %d addresses, want 5", read)
	}
}
