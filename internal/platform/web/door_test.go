package web

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestWhatComesInIsMadeFit(t *testing.T) {
	for _, c := range []struct {
		typed, kept string
		ok          bool
	}{
		{"Évreux\r\n\tالبيت", "Évreux\r\n\tالبيت", true},
		{"a\x00b\x1bc\x7f", "abc", true},
		{"\xc9vreux", "\uFFFDvreux", false},
		{"\xff\xfe\x00", "\uFFFD", false},
		{"", "", true},
	} {
		if kept, ok := fit(c.typed); kept != c.kept || ok != c.ok {
			t.Errorf("%q became %q, %v; want %q, %v", c.typed, kept, ok, c.kept, c.ok)
		}
	}
	form := url.Values{"title": {"good", "caf\xe9"}, "a\x00": {"x"}, "zone": {"\xff"}}
	if broken := fitValues(form); broken != "title" || form["title"][1] != "caf\uFFFD" || len(form) != 2 {
		t.Errorf("broken %q in %q", broken, form)
	}
	for raw, want := range map[string]string{"q=a%00b": "q=ab", "q=%C3%A9&page=2": "q=%C3%A9&page=2", "q=%ff": "q=%EF%BF%BD", "after=x": "after=x"} {
		u := &url.URL{Path: "/fr/search", RawQuery: raw}
		if !fitAddress(u) || u.RawQuery != want {
			t.Errorf("%s became %s, want %s", raw, u.RawQuery, want)
		}
	}
	if u := (&url.URL{Path: "/fr/a\x00b\xff"}); fitAddress(u) || u.Path != "/fr/ab\uFFFD" {
		t.Errorf("a path that cannot be: %q", u.Path)
	}
}

// FuzzBody: what is let through is JSON where the body was, without what no
// database keeps, and nothing else is lost.
func FuzzBody(f *testing.F) {
	for _, s := range []string{`{"a":"b"}`, `{"a":"\u0000b\\u0000"}`, `"\\\u0000"`, `"\\\\u001f\u007F\u0009"`, "\"\xff\"", `"\ud800\u0000"`, `\u00`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		clean, err := fitJSON(body)
		if err != nil {
			if utf8.Valid(body) {
				t.Fatal(err)
			}
			return
		}
		if json.Valid(body) != json.Valid(clean) {
			t.Fatalf("%q became %q", body, clean)
		}
		var before, after string
		if json.Unmarshal(body, &before) != nil || json.Unmarshal(clean, &after) != nil {
			return
		}
		want, _ := fit(before)
		if got, _ := fit(after); got != want || strings.ContainsRune(after, 0) {
			t.Fatalf("%q said %q, now %q", body, before, after)
		}
	})
}
