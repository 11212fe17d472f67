package locale

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

func files(lang, text string) fstest.MapFS {
	return fstest.MapFS{"phrases/" + lang + ".json": {Data: []byte(text)}}
}

func speaking(t testing.TB, lang, text string) *Printer {
	t.Helper()
	c, err := New(files(lang, text))
	if err != nil {
		t.Fatal(err)
	}
	return c.For(lang)
}

func TestPhrases(t *testing.T) {
	p := speaking(t, "fr", `{"a": "Bonjour {name}", "b": {"one": "{n} vote de {name}", "many": "{n} de votes", "other": "{n} votes de {name}"}}`)
	en := catalog(t).For("en")
	for _, c := range []struct{ got, want string }{
		{p.T("a", "Hello {name}", "name", "Zoé"), "Bonjour Zoé"},
		{p.T("a", "Hello {name}"), "Bonjour {name}"},
		{p.T("missing", "Hello {name}", "name", "Zoé"), "Hello Zoé"},
		{p.T("b", "Plural here, text there"), "Plural here, text there"},
		{en.T("a", "Hello {name}", "name", "{n}", "n", 1), "Hello {n}"}, // what people write is never a phrase
		{en.T("a", "{a}{b} {", "a", 12345, "b", 0.25), "12,3450.25 {"},
		{en.T("a", "In {year}, {n}", "year", 2019, "n", int64(2019)), "In 2019, 2,019"},
		{en.T("a", "{d}: {p}", "d", time.Date(2019, 10, 3, 0, 0, 0, 0, time.UTC), "p", Phrase{"x", "Yes"}), "3 October 2019: Yes"},
		{en.T("a", "{a}", "a"), "{a}"},
		{p.N("b", 0, "", "", "name", "Zoé"), "0 vote de Zoé"},
		{p.N("b", 1_000_000, "", ""), "1\u202f000\u202f000 de votes"},
		{p.N("b", 1234, "", "", "name", "Zoé"), "1\u202f234 votes de Zoé"},
		{en.N("b", 1, "{n} vote", "{n} votes"), "1 vote"},
		{en.N("b", 0, "{n} vote", "{n} votes"), "0 votes"},
		{p.N("a", 2, "{n} vote", "{n} votes"), "2 votes"},
		{p.Say(Phrase{"a", "Hello {name}"}, "name", "Zoé"), "Bonjour Zoé"},
		{catalog(t).For("xx").Lang(), "en"},
		{catalog(t).For("ar").Dir() + en.Dir(), "rtlltr"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

func TestDirectionsAreIsolated(t *testing.T) {
	c := catalog(t)
	for _, x := range []struct{ lang, value, want string }{
		{"ar", "Casa Migrante", "[\u2068Casa Migrante\u2069]"},
		{"ar", "بيت المهاجر", "[بيت المهاجر]"},
		{"ar", "بيت 12", "[\u2068بيت 12\u2069]"},
		{"ar", "https://example.org/ar", "[https://example.org/ar]"},
		{"fr", "Maison à Évry", "[Maison à Évry]"},
		{"fr", "بيت", "[\u2068بيت\u2069]"},
		{"fr", "", "[]"},
	} {
		if got := c.For(x.lang).T("k", "[{x}]", "x", x.value); got != x.want {
			t.Errorf("%s: %+q, want %+q", x.lang, got, x.want)
		}
	}
	if got := c.For("ar").T("k", "{n}", "n", 12); got != "12" {
		t.Errorf("numbers need no isolation: %+q", got)
	}
}

func TestFilesThatAreRefused(t *testing.T) {
	for text, want := range map[string]string{
		`{"a": "x", "a": "y"}`:            "twice",
		`{"a": {"one": "x", "one": "y"}}`: "twice",
		`{"a": {"once": "x"}}`:            "once",
		`{"a": 1}`:                        "neither",
		`{"a": {"one": 1}}`:               "expected",
		`["a"]`:                           "object",
		`{"a": "x"} {}`:                   "follows",
		`{"a": `:                          "key",
		``:                                "object",
	} {
		if _, err := New(files("fr", text)); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "fr.json") {
			t.Errorf("%s: %v, want an error about %q", text, err, want)
		}
	}
	if _, err := New(files("fr", `{"a":"x"}`), fstest.MapFS{"fr.json": {Data: []byte(`{"a":"x"}`)}}); err == nil {
		t.Error("one key in two packages is accepted")
	}
	if _, err := New(files("en", `{"a":"x"}`)); err == nil {
		t.Error("a file of English is accepted")
	}
}

// Called hundreds of times a page.
func TestPlainPhrasesCostNothing(t *testing.T) {
	p := speaking(t, "fr", `{"a": "Bonjour"}`)
	if n := testing.AllocsPerRun(100, func() { p.T("a", "Hello"); p.T("b", "Bye") }); n != 0 {
		t.Errorf("T allocates %v times", n)
	}
}

func BenchmarkT(b *testing.B) {
	p := speaking(b, "fr", `{"a": "Bonjour", "b": "Bonjour {name}"}`)
	b.Run("plain", func(b *testing.B) {
		for b.Loop() {
			p.T("a", "Hello")
		}
	})
	b.Run("filled", func(b *testing.B) {
		for b.Loop() {
			p.T("b", "Hello {name}", "name", "Zoé")
		}
	})
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		if _, err := New(); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzFile(f *testing.F) {
	f.Add([]byte(`{"a": {"one": "x", "other": "{n}"}, "b": "{c"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		all := map[string]Words{}
		if parse(b, all) != nil {
			return
		}
		p := catalog(t).For("fr")
		for _, w := range all {
			for _, text := range w {
				p.T("x", text, "c", "{d}", "d", 1)
			}
		}
	})
}
