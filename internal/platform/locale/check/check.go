// Package check reads the phrases of a whole project and says what is wrong
// with them; one test of internal/app runs it over everything.
//
// The one idea: code is the list of phrases. uses.go collects them from Go and
// templ sources, this file compares each with the phrase files. It is a
// package of its own so that the server does not carry a Go parser.
package check

import (
	"cmp"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"alliance/internal/platform/locale"
)

// Problem is one thing to mend.
type Problem struct {
	Where string // "internal/…/page.templ:12" of the code that says the phrase; "" for a key that only a file has
	Lang  string // "" when the code is wrong
	Key   string
	What  string
}

func (p Problem) String() string {
	var parts []string
	for _, s := range []string{p.Where, p.Lang, p.Key, p.What} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, ": ")
}

// Phrases compares all phrases that sources under root say with the phrase
// files (those given to locale.New). It reads *.go and *.templ but no tests,
// generated *_templ.go, testdata and node_modules. The error is about sources
// or files that cannot be read at all.
func Phrases(root string, files ...fs.FS) ([]Problem, error) {
	uses, problems, err := collect(root)
	if err != nil {
		return nil, err
	}
	said := map[string]use{}
	for _, u := range uses {
		first, again := said[u.key]
		if !again {
			said[u.key] = u
			problems = append(problems, u.inspect()...)
			continue
		}
		if first.english != u.english || first.plural != u.plural {
			problems = append(problems, Problem{u.where, "", u.key, fmt.Sprintf("says %s here, %s at %s", u.text(), first.text(), first.where)})
		}
		problems = append(problems, u.inspectArgs()...)
	}
	all, err := locale.Read(files...)
	if err != nil {
		return nil, err
	}
	for _, lang := range locale.Languages {
		if lang == "en" {
			continue
		}
		for key, u := range said {
			words, ok := all[lang][key]
			if !ok {
				problems = append(problems, Problem{u.where, lang, key, "has no words"})
				continue
			}
			for _, what := range compare(lang, u, words) {
				problems = append(problems, Problem{u.where, lang, key, what})
			}
		}
		for key := range all[lang] {
			if _, ok := said[key]; !ok {
				problems = append(problems, Problem{"", lang, key, "is used nowhere"})
			}
		}
	}
	slices.SortFunc(problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.Lang, b.Lang), cmp.Compare(a.What, b.What), cmp.Compare(a.Where, b.Where))
	})
	return slices.Compact(problems), nil
}

// Words gives the phrases that sources under root say in English, by key, but
// for those that depend on a number.
func Words(root string) (map[string]string, error) {
	uses, _, err := collect(root)
	words := make(map[string]string, len(uses))
	for _, u := range uses {
		if !u.plural {
			words[u.key] = u.english[0]
		}
	}
	return words, err
}

var (
	placeholder = regexp.MustCompile(`\{([a-z][A-Za-z0-9_]*)\}`)
	markup      = regexp.MustCompile(`<[A-Za-z/!]|&[A-Za-z]+;|&#`)
)

// inspect looks at the English words and at the values given to them.
func (u use) inspect() []Problem {
	var out []Problem
	say := func(what string) { out = append(out, Problem{u.where, "", u.key, what}) }
	texts := u.english[:1]
	if u.plural {
		texts = u.english[:]
	}
	for _, text := range texts {
		if what := faults(text); what != "" {
			say("English " + what)
		}
	}
	return append(out, u.inspectArgs()...)
}

func (u use) inspectArgs() []Problem {
	var out []Problem
	known := names(strings.Join(u.english[:], " "))
	for _, name := range u.args {
		if !slices.Contains(known, name) && !(u.plural && name == "n") {
			out = append(out, Problem{u.where, "", u.key, fmt.Sprintf("is given %q, which its words do not have", name)})
		}
	}
	return out
}

// faults of one text, whatever its language.
func faults(text string) string {
	switch rest := placeholder.ReplaceAllString(text, ""); {
	case strings.TrimSpace(text) == "":
		return "is empty"
	case strings.ContainsAny(rest, "{}"):
		return "has a brace that is no {placeholder}"
	case markup.MatchString(text):
		return "has HTML; phrases are plain text"
	}
	return ""
}

// text shows the English words in a message.
func (u use) text() string {
	if u.plural {
		return fmt.Sprintf("%q or %q", u.english[0], u.english[1])
	}
	return fmt.Sprintf("%q", u.english[0])
}

func names(text string) []string {
	var all []string
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		all = append(all, m[1])
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// compare says what is wrong with the words one language has for a phrase.
func compare(lang string, u use, words locale.Words) []string {
	var out []string
	plain, single := words[""]
	switch {
	case u.plural && single:
		return []string{"depends on a number: give the forms " + strings.Join(locale.Categories(lang), ", ")}
	case !u.plural && !single:
		return []string{"is one text: it has no plural forms"}
	case single:
		if a, b := names(u.english[0]), names(plain); !slices.Equal(a, b) {
			out = append(out, fmt.Sprintf("has the placeholders %v, English %v", b, a))
		}
		return append(out, inspectText(lang, u.english[0], plain)...)
	}
	needed := locale.Categories(lang)
	for _, category := range needed {
		if _, ok := words[category]; !ok {
			out = append(out, "lacks the plural form "+category)
		}
	}
	for category, text := range words {
		if !slices.Contains(needed, category) {
			out = append(out, "has the plural form "+category+", which the language does not")
			continue
		}
		for _, what := range append(comparePlural(lang, category, u, text), inspectText(lang, u.english[1], text)...) {
			out = append(out, category+" "+what)
		}
	}
	return out
}

// comparePlural checks the placeholders of one form. A form of one number only
// may leave the number out; French and Portuguese say 0 in "one" too.
func comparePlural(lang, category string, u use, text string) []string {
	expected := names(u.english[1])
	if category == "one" {
		expected = names(u.english[0])
	}
	got := names(text)
	var out []string
	for _, name := range got {
		if !slices.Contains(names(u.english[0]+u.english[1]+"{n}"), name) {
			out = append(out, fmt.Sprintf("has {%s}, which English does not", name))
		}
	}
	exact := category == "zero" || category == "two" || category == "one" && lang != "fr" && lang != "pt"
	for _, name := range expected {
		if !slices.Contains(got, name) && !(name == "n" && exact) {
			out = append(out, fmt.Sprintf("lacks {%s}", name))
		}
	}
	return out
}

// FrenchSlip finds what is set wrong in French, which has a narrow no-break space before ; : ! ? and inside « », and a
// curved apostrophe. A slip is shown with its surroundings.
var FrenchSlip = regexp.MustCompile(`[\pL\pN)}»] ?[;!?]|[\pL\pN)}»] :|[\pL)}»]:(?:\s|$)|[^\x{202f}\x{a0}]»|«[^\x{202f}\x{a0}]|\pL'[\pL{]`)

func inspectText(lang, english, text string) []string {
	var out []string
	if what := faults(text); what != "" {
		out = append(out, what)
	}
	bare := placeholder.ReplaceAllString(text, "")
	if text == english && len(strings.FieldsFunc(bare, func(r rune) bool { return !unicode.IsLetter(r) })) > 3 {
		out = append(out, "is still English")
	}
	if lang == "ar" && text != english && strings.ContainsFunc(bare, unicode.IsLetter) &&
		!strings.ContainsFunc(bare, func(r rune) bool { return unicode.Is(unicode.Arabic, r) }) {
		out = append(out, "has no Arabic letters")
	}
	if lang == "fr" {
		if slip := FrenchSlip.FindString(text); slip != "" {
			out = append(out, fmt.Sprintf("has %q: narrow no-break spaces (U+202F) before ; : ! ? and inside « », and ’", slip))
		}
	}
	return out
}
