package mirror

import (
	"net/url"
	"path"
	"strings"
	"testing"
)

func TestFileOf(t *testing.T) {
	for _, c := range []struct{ key, kind, want string }{
		{"/", "text/html; charset=utf-8", "index.html"},
		{"/fr/", "text/html", "fr/index.html"},
		{"/fr/organisations", "text/html", "fr/organisations.html"},
		{"/fr/organisations?after=0a&country=ML", "text/html", "fr/organisations~after-0a~country-ML.html"},
		{"/fr/agenda?as=csv", "text/csv; charset=utf-8", "fr/agenda~as-csv.csv"},
		{"/fr/calendar.ics?umbrella=0a", "text/calendar", "fr/calendar~umbrella-0a.ics"},
		{"/fr/open/event.feed.json", "application/feed+json", "fr/open/event.feed.json"},
		{"/fr/motions/0a/ballots", "application/json", "fr/motions/0a/ballots.json"},
		{"/s/core.0123.css", "text/css", "s/core.0123.css"},
		{"/fr/x?as=../../etc", "text/html", "fr/x~as-.._.._etc.html"},
	} {
		if got := fileOf(c.key, c.kind); got != c.want {
			t.Errorf("%s: %s, want %s", c.key, got, c.want)
		}
	}
}

func TestBetween(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{"index.html", "fr/index.html", "fr/index.html"},
		{"fr/index.html", "fr/map.html", "map.html"},
		{"fr/organisations/0a.html", "fr/organisations.html", "../organisations.html"},
		{"fr/organisations/0a.html", "ar/organisations/0a.html", "../../ar/organisations/0a.html"},
		{"fr/organisations/0a.html", "s/page.css", "../../s/page.css"},
		{"fr/a.html", "fr/a/b.html", "a/b.html"},
	} {
		if got := between(c.from, c.to); got != c.want {
			t.Errorf("%s → %s: %s, want %s", c.from, c.to, got, c.want)
		}
	}
}

func TestNarrowed(t *testing.T) {
	const none = "no such page"
	for query, want := range map[string]string{
		"":                        "",
		"after=0a":                "after=0a",
		"country=ML":              "country=ML",
		"country=ML&after=0a":     "after=0a&country=ML",
		"after=&country=ML&q=":    "country=ML",
		"country=ML&theme=health": none, // of two filters, all pairs would be too many
		"country=ML&country=NE":   none,
		"box=1,2,3,4":             none,
		"q=words":                 none,
	} {
		q, _ := url.ParseQuery(query)
		got, ok := narrowed(q)
		if !ok {
			got = none
		}
		if got != want {
			t.Errorf("%q: %q, want %q", query, got, want)
		}
	}
}

// FuzzFileOf: whatever an address holds, its file lies within the copy.
func FuzzFileOf(f *testing.F) {
	for _, key := range []string{"/fr/", "/fr/../../etc/passwd", "/fr/x?as=\x00", "//", "/fr/%2e%2e/x", "/fr/é?at=a/b/../.."} {
		f.Add(key, "text/html")
	}
	f.Fuzz(func(t *testing.T, key, kind string) {
		file := fileOf(key, kind)
		if file == "" || strings.HasPrefix(file, "/") || strings.HasPrefix(path.Clean(file), "..") || strings.ContainsAny(file, "\x00\\:?#%\" ") {
			t.Errorf("%q: %q", key, file)
		}
	})
}
