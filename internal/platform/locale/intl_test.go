package locale

import (
	"encoding/json"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// intl.json is what ICU answers (testdata/intl.mjs): an implementation of the
// same CLDR that nobody here wrote.
type intl struct {
	Long, Short, Full, Month, Ranges map[string]string
	Number, Decimal, Percent         map[string]string
	Relative, Language, Country      map[string]string
	Plural                           map[string]string
	And, Or                          [][2]any
}

func TestSameAsICU(t *testing.T) {
	b, err := os.ReadFile("testdata/intl.json")
	if err != nil {
		t.Fatal(err)
	}
	b = regexp.MustCompile(`\b0([1-9])(–| [a-z])`).ReplaceAll(b, []byte("$1$2")) // Italian ranges in CLDR: "03–05"; not ours
	var all map[string]intl
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	c := catalog(t)
	for _, lang := range Languages {
		t.Run(lang, func(t *testing.T) { compareWithICU(t, c.For(lang), all[lang]) })
	}
}

func compareWithICU(t *testing.T, p *Printer, icu intl) {
	compare := func(what string, want map[string]string, say func(string) string) {
		t.Helper()
		if len(want) == 0 {
			t.Errorf("%s: nothing to compare with", what)
		}
		for in, w := range want {
			if got := say(in); got != w {
				t.Errorf("%s of %s: %+q, ICU says %+q", what, in, got, w)
			}
		}
	}
	compare("long", icu.Long, func(s string) string { return p.Date(day0(s)) })
	compare("short", icu.Short, func(s string) string { return p.ShortDate(day0(s)) })
	compare("full", icu.Full, func(s string) string { return p.FullDate(day0(s)) })
	compare("month", icu.Month, func(s string) string { return p.Month(day0(s)) })
	compare("range", icu.Ranges, func(s string) string {
		a, b, _ := strings.Cut(s, "/")
		return p.DateRange(day0(a), day0(b))
	})
	compare("number", icu.Number, func(s string) string { return p.Number(whole(s)) })
	compare("decimal", icu.Decimal, func(s string) string { return p.Decimal(float(s), 2) })
	compare("percent", icu.Percent, func(s string) string { return p.Percent(float(s)) })
	compare("relative", icu.Relative, func(s string) string {
		unit, n, _ := strings.Cut(s, " ")
		i := map[string]int{"minute": minute, "hour": hour, "day": day, "week": week, "month": month, "year": year}[unit]
		return p.ago(i, n[0] == '-', magnitude(whole(n)))
	})
	compare("language", icu.Language, p.Language)
	compare("country", icu.Country, p.Country)
	compare("plural", icu.Plural, func(s string) string { return Plural(p.Lang(), whole(s)) })
	for _, list := range []struct {
		cases [][2]any
		say   func([]string) string
	}{{icu.And, p.And}, {icu.Or, p.Or}} {
		for _, pair := range list.cases {
			var items []string
			for _, item := range pair[0].([]any) {
				items = append(items, item.(string))
			}
			if got := unmarked(list.say(items)); got != pair[1] {
				t.Errorf("list: %q, ICU says %q", got, pair[1])
			}
		}
	}
}

func catalog(t testing.TB) *Catalog {
	t.Helper()
	c, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func day0(s string) time.Time {
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return d
}

func whole(s string) int     { n, _ := strconv.Atoi(s); return n }
func float(s string) float64 { f, _ := strconv.ParseFloat(s, 64); return f }

// unmarked takes off the isolation of directions.
func unmarked(s string) string { return strings.NewReplacer("\u2068", "", "\u2069", "").Replace(s) }
