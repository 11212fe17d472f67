package design

import (
	"fmt"
	"testing"
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
