package design

import (
	"fmt"
	"testing"

	"alliance/internal/platform/locale"
)

func TestIsolated(t *testing.T) {
	for words, want := range map[string]string{
		"":                                "[]",
		"plain":                           "[{plain false}]",
		"Edit: \u2068Un titre\u2069":      "[{Edit:  false} {Un titre true}]",
		"\u2068a\u2069 et \u2068b\u2069":  "[{a true} { et  false} {b true}]",
		"\u2068a \u2068in\u2069 b\u2069.": "[{a \u2068in\u2069 b true} {. false}]",
		"never \u2068closed":              "[{never  false} {closed false}]",
		"only \u2069 closed":              "[{only \u2069 closed false}]",
	} {
		if got := fmt.Sprint(isolated(words)); got != want {
			t.Errorf("%q: %q, want %q", words, got, want)
		}
	}
}

func TestTurned(t *testing.T) {
	catalog, err := locale.New(Phrases)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		lang, words string
		want        bool
	}{
		{"fr", "Pas une nuit dehors", false}, {"fr", "جمعية الضفتين – Pas une nuit dehors", true}, {"fr", "« 2026 » جمعية", true},
		{"ar", "ولا ليلة واحدة", false}, {"ar", "Casa da Figueira – ولا ليلة", true}, {"ar", "2026", false}, {"fr", "", false},
	} {
		if got := (View{Printer: catalog.For(c.lang)}).turned(c.words); got != c.want {
			t.Errorf("%s, %q: %v", c.lang, c.words, got)
		}
	}
}
