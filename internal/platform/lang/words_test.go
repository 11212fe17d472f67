package lang

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestWords(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"L’Été à Łódź!", "l ete a lodz"},
		{"Hos\u00adpitalité", "hospitalite"}, // soft hyphen
		{"٢٠١٩ ۲۰۱۹ २०१९ ²", "2019 2019 2019 2"},
		{"2019年の水", "2019 年の水*"},
		{"हिन्दी में", "हिन्दी में"},
		{"مُدَرِّسة", "مدرسه"},
		{"a\xffb", "a b"}, {"\u0301 …", ""},
	} {
		var got []string
		for _, w := range Words(c.text) {
			s := w.S
			if w.Dense {
				s += "*"
			}
			got = append(got, s)
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%q: %q, want %q", c.text, s, c.want)
		}
	}
}

func FuzzWords(f *testing.F) {
	f.Add("é\u0301水ก\u200dﷺ")
	f.Fuzz(func(t *testing.T, s string) {
		for _, w := range Words(s) {
			if w.S == "" || !utf8.ValidString(w.S) || strings.Join(w.Units(), "") != w.S {
				t.Fatalf("%q: %q", s, w.S)
			}
		}
	})
}
