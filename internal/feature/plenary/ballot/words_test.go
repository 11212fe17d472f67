package ballot_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"alliance/internal/feature/plenary/ballot"
)

// english says the English text, as a reader's printer would.
func english(_, text string, args ...any) string {
	for i := 0; i+1 < len(args); i += 2 {
		text = strings.ReplaceAll(text, "{"+fmt.Sprint(args[i])+"}", fmt.Sprint(args[i+1]))
	}
	return text
}

var (
	// written finds a key beside its English, as a phrase or a call.
	written     = regexp.MustCompile(`"(plenary\.ballot\.[a-z_.]+)", (?:English: )?"((?:[^"\\]|\\.)*)"`)
	placeholder = regexp.MustCompile(`\{[a-z]+\}`)
)

func TestEveryPhraseInEveryLanguage(t *testing.T) {
	code := map[string]string{}
	paths, _ := filepath.Glob("*.go")
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range written.FindAllStringSubmatch(string(raw), -1) {
			code[m[1]] = m[2]
		}
	}
	for _, lang := range []string{"fr", "es", "pt", "it", "de", "ar"} {
		raw, err := ballot.Phrases.ReadFile("phrases/" + lang + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var phrases map[string]string
		if err := json.Unmarshal(raw, &phrases); err != nil {
			t.Fatal(lang, err)
		}
		for key := range maps.Keys(phrases) {
			if _, known := code[key]; !known {
				t.Errorf("%s: %s is not in the code", lang, key)
			}
		}
		for key, text := range code {
			want, got := placeholder.FindAllString(text, -1), placeholder.FindAllString(phrases[key], -1)
			slices.Sort(want)
			slices.Sort(got)
			if phrases[key] == "" || !slices.Equal(want, got) {
				t.Errorf("%s: %s: %q for %q", lang, key, phrases[key], text)
			}
		}
	}
}

// A trace and a rule leave no placeholder open and no line without words.
func TestWordsAreWhole(t *testing.T) {
	paths, _ := filepath.Glob("testdata/*.json")
	for _, path := range paths {
		var v vector
		raw, _ := os.ReadFile(path)
		if err := json.Unmarshal(raw, &v); err != nil {
			t.Fatal(err)
		}
		r, err := ballot.ParseResult(v.Result)
		if err != nil {
			t.Fatal(path, err)
		}
		lines := append(ballot.Explain(r, english, strings.ToUpper), ballot.ExplainRule(r.Rule, english, strings.ToUpper)...)
		for _, line := range lines {
			if line == "" || placeholder.MatchString(line) {
				t.Errorf("%s: %q", path, line)
			}
		}
		if len(ballot.Explain(r, english, strings.ToUpper)) < 3 {
			t.Errorf("%s: hardly a word", path)
		}
	}
}
