// Package locale is how the program speaks its seven interface languages:
// phrases, plurals, numbers, dates, lists, names of countries and languages.
//
// The one idea: English stands in the code beside its key, the other languages
// in JSON files of each package, so code reads as what it says and no phrase
// can be forgotten in English. What languages do by rule (plurals, dates…)
// comes from Unicode CLDR through gen, never from our own memory.
//
// Package check, below this one, is the lint over all phrases of a project.
package locale

import (
	"io/fs"
	"sync"
)

//go:generate go run ./gen

// Languages of the interface (BCP 47), in the order of the switcher.
var Languages = []string{"fr", "en", "es", "pt", "it", "de", "ar"}

// Phrase is a phrase kept in a table: its key and its English words.
type Phrase struct{ Key, English string }

// Catalog holds all phrases in all languages. It does not change after New
// and serves any number of goroutines.
type Catalog struct {
	printers map[string]*Printer
}

// Printer speaks one language. All it returns is plain text, to be escaped by
// whoever writes HTML.
type Printer struct {
	*speech
	phrases map[string]forms
	names   map[string]string // codes of languages, scripts and territories → name; pattern and separator of "arabe (Maroc)"
	sorting sync.Pool         // of *collate.Collator, which one goroutine uses at a time
	lands   func() []Country  // sorted, made at first use
}

// New merges the phrase files of every fs: fr.json, es.json … ar.json at its
// root or in its folder "phrases". A key given twice, bad JSON, an unknown
// plural category and an en.json (English lives in the code) are errors; a
// missing key is not: English is shown. Package check finds those.
func New(files ...fs.FS) (*Catalog, error) {
	phrases, err := Read(files...)
	if err != nil {
		return nil, err
	}
	names := readNames()
	c := &Catalog{printers: make(map[string]*Printer, len(Languages))}
	for i := range speeches {
		s := &speeches[i]
		p := &Printer{speech: s, phrases: make(map[string]forms, len(phrases[s.lang])), names: names[s.lang]}
		for key, words := range phrases[s.lang] {
			p.phrases[key] = pack(words)
		}
		p.sorting.New = func() any { return newCollator(s.lang) }
		p.lands = sync.OnceValue(p.sortCountries)
		c.printers[s.lang] = p
	}
	return c, nil
}

// For gives the printer of an interface language; English for any other tag.
func (c *Catalog) For(lang string) *Printer {
	if p, ok := c.printers[lang]; ok {
		return p
	}
	return c.printers["en"]
}

// speech is what CLDR knows of a language; tables.go holds one for each.
type speech struct {
	lang                  string
	decimal, group, minus string
	grouped               int // a number is grouped from 3 + this many digits
	percent               [2]string
	months, shortMonths   [12]string
	days                  [7]string
	first                 string // the first of a month, when not "1"
	// Date patterns: y, MMM(M), d, EEEE, H(H), mm, words between quotes.
	long, short, full, month, clock string
	at                              string       // {1} date, {0} time
	ranges                          [3][2]string // days of one month, of one year, of two years
	clocks                          [2]string
	now, yesterday, today, tomorrow string
	past, future                    [6][6]string // minute … year × plural category; {0} number
	and, or                         listing
}

// Lang is the language's tag: "fr".
func (p *Printer) Lang() string { return p.lang }

// Dir is the writing direction for the dir attribute: "ltr" or "rtl".
func (p *Printer) Dir() string {
	if p.rtl() {
		return "rtl"
	}
	return "ltr"
}

func (s *speech) rtl() bool { return s.lang == "ar" }
