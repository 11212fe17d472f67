package search

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func FuzzAnalyse(f *testing.F) {
	for _, s := range []string{"Müller & Söhne", "المدرسة", "水资源2019年", "ह हिन्दी", "a\xff'\\:*", "ﷺ", "\u0301x\u00ad", "İıſß", "ยินดี", "٢٠١٩"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		index := map[string]bool{}
		for _, x := range tokens([]string{s}, weakWords) {
			index[x.s] = true
			if x.s == "" || !utf8.ValidString(x.s) || utf8.RuneCountInString(x.s) > wordRunes {
				t.Fatalf("%q is cut to %q", s, x.s)
			}
			for _, r := range x.s {
				if !unicode.In(r, unicode.L, unicode.M, unicode.N) {
					t.Fatalf("%q: %q holds %U", s, x.s, r)
				}
			}
		}
		if len(s) > queryBytes {
			return
		}
		for _, x := range terms(s) { // every text finds itself
			if !index[x.s] {
				t.Fatalf("%q is asked for %q, which is not in its index", s, x.s)
			}
		}
	})
}

// Every word within reach of a mistyped one shares a key with it.
func TestPiecesReachEveryNeighbour(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		letters := []rune("abcdeéم")
		meant := []rune(rapid.StringOfN(rapid.RuneFrom(letters), 4, 24, -1).Draw(t, "meant"))
		typed := append([]rune(nil), meant...)
		k := rapid.IntRange(1, mistakes(len(meant))).Draw(t, "mistakes")
		for range k {
			at := rapid.IntRange(0, len(typed)-1).Draw(t, "at")
			r := rapid.RuneFrom(letters).Draw(t, "letter")
			switch rapid.IntRange(0, 2).Draw(t, "how") {
			case 0:
				typed[at] = r
			case 1:
				typed = append(typed[:at], typed[at+1:]...)
			case 2:
				typed = append(typed[:at], append([]rune{r}, typed[at:]...)...)
			}
		}
		if d := distance(typed, meant, k); d > k {
			t.Fatalf("distance %d after %d mistakes", d, k)
		}
		keys := " " + strings.Join(probes(string(typed)), " ") + " "
		for _, p := range pieces(string(meant)) {
			if strings.Contains(keys, " "+p+" ") {
				return
			}
		}
		t.Fatalf("%q does not reach %q", string(typed), string(meant))
	})
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"ville", "ville", 0}, {"vile", "ville", 1}, {"vlile", "ville", 1}, {"vxxle", "ville", 2}, {"", "ab", 2}, {"abc", "xyz", 3}, {"a", "abcdefgh", 3}} {
		if got := distance([]rune(c.a), []rune(c.b), 2); got != c.want {
			t.Errorf("%s %s: %d, want %d", c.a, c.b, got, c.want)
		}
		if got := distance([]rune(c.b), []rune(c.a), 2); got != c.want {
			t.Errorf("%s %s: not symmetric", c.b, c.a)
		}
	}
}

func TestVector(t *testing.T) {
	got := vector([]token{{s: "b"}, {s: "a'\\"}}, []token{{s: "b"}})
	if want := `'b':1A,3 'a''\\':2A `; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
