package locale

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// CLDR gives samples with each rule; testdata/plurals.json holds those of the
// seven languages, written by gen.
func TestPluralSamplesOfCLDR(t *testing.T) {
	b, err := os.ReadFile("testdata/plurals.json")
	if err != nil {
		t.Fatal(err)
	}
	var samples map[string]map[string]string
	if err := json.Unmarshal(b, &samples); err != nil {
		t.Fatal(err)
	}
	for _, lang := range Languages {
		seen := 0
		for want, sample := range samples[lang] {
			if !slices.Contains(Categories(lang), want) {
				t.Errorf("%s: Categories lacks %s", lang, want)
			}
			for _, n := range integers(t, sample) {
				seen++
				if got := Plural(lang, n); got != want {
					t.Errorf("%s %d: %s, CLDR says %s", lang, n, got, want)
				}
			}
		}
		if seen < 20 || len(samples[lang]) != len(Categories(lang)) {
			t.Errorf("%s: only %d samples, %d categories", lang, seen, len(samples[lang]))
		}
	}
}

// integers reads "@integer 0, 2~4, 1c6, … @decimal …". 1c6 is a compact
// "1 million", a form this program does not write.
func integers(t *testing.T, sample string) []int {
	_, list, _ := strings.Cut(sample, "@integer")
	list, _, _ = strings.Cut(list, "@decimal")
	var all []int
	for _, item := range strings.Split(list, ",") {
		if item = strings.TrimSpace(item); item == "" || item == "…" || strings.Contains(item, "c") {
			continue
		}
		from, to, span := strings.Cut(item, "~")
		a, err := strconv.Atoi(from)
		if err != nil {
			t.Fatal(err)
		}
		b := a
		if span {
			if b, err = strconv.Atoi(to); err != nil {
				t.Fatal(err)
			}
		}
		for ; a <= b; a++ {
			all = append(all, a)
		}
	}
	return all
}

func TestPluralArabic(t *testing.T) {
	for n, want := range map[int]string{0: "zero", 1: "one", 2: "two", 3: "few", 10: "few", 11: "many", 99: "many", 100: "other", 102: "other", 103: "few", 111: "many"} {
		if got := Plural("ar", n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}

func TestPluralOutsideTheRules(t *testing.T) {
	for _, c := range []struct {
		lang string
		n    int
		want string
	}{{"fr", -1, "one"}, {"xx", 1, "other"}, {"fr", math.MinInt, "one"}, {"fr", 1_000_000, "many"}, {"fr", 1_000_001, "other"}, {"de", 1_000_000, "other"}} {
		if got := Plural(c.lang, c.n); got != c.want {
			t.Errorf("%s %d: %s, want %s", c.lang, c.n, got, c.want)
		}
	}
}
