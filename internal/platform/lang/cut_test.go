package lang

import "testing"

func TestCut(t *testing.T) {
	for _, c := range []struct {
		words           string
		most            int
		cut, fit, bytes string
	}{
		{"", 3, "", "", ""},
		{"abc", 3, "abc", "abc", "abc"},
		{"abcd", 3, "abc", "ab…", "abc"},
		{"ab cd", 4, "ab c", "ab…", "ab c"},
		{"été", 3, "été", "été", "ét"},
		{"مدينة", 3, "مدي", "مد…", "م"},
		{"a\xff", 5, "a\xff", "a\xff", "a"},
	} {
		if cut, fit, bytes := Cut(c.words, c.most), Fit(c.words, c.most), CutBytes(c.words, c.most); cut != c.cut || fit != c.fit || bytes != c.bytes {
			t.Errorf("%q at %d: %q, %q, %q", c.words, c.most, cut, fit, bytes)
		}
	}
}
