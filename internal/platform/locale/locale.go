// Package locale is how the program speaks its seven interface languages.
package locale

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"
)

// Languages of the interface, in the order of the switcher.
var Languages = []string{"fr", "en", "es", "pt", "it", "de", "ar"}

// Phrase is a phrase kept in a table: its key and English words.
type Phrase struct{ Key, English string }

// Country is a country or territory and its name for the reader.
type Country struct{ Code, Name string }

// Catalog holds all phrases.
type Catalog struct{ printers map[string]*Printer }

// Printer speaks one language.
type Printer struct {
	lang    string
	phrases map[string]map[string]string // key → plural category ("" for plain) → words
}

// New merges phrase files.
func New(files ...fs.FS) (*Catalog, error) {
	c := &Catalog{printers: map[string]*Printer{}}
	for _, l := range Languages {
		p := &Printer{lang: l, phrases: map[string]map[string]string{}}
		c.printers[l] = p
		for _, f := range files {
			b, err := fs.ReadFile(f, "phrases/"+l+".json")
			if err != nil {
				if b, err = fs.ReadFile(f, l+".json"); err != nil {
					continue
				}
			}
			var raw map[string]json.RawMessage
			if err := json.Unmarshal(b, &raw); err != nil {
				return nil, fmt.Errorf("locale: %s: %w", l, err)
			}
			for k, v := range raw {
				if _, twice := p.phrases[k]; twice {
					return nil, fmt.Errorf("locale: %s: key %s twice", l, k)
				}
				var s string
				if json.Unmarshal(v, &s) == nil {
					p.phrases[k] = map[string]string{"": s}
					continue
				}
				var m map[string]string
				if err := json.Unmarshal(v, &m); err != nil {
					return nil, fmt.Errorf("locale: %s: %s: %w", l, k, err)
				}
				p.phrases[k] = m
			}
		}
	}
	return c, nil
}

func (c *Catalog) For(l string) *Printer {
	if p, ok := c.printers[l]; ok {
		return p
	}
	return c.printers["en"]
}
func (p *Printer) Lang() string { return p.lang }
func (p *Printer) Dir() string {
	if p.lang == "ar" {
		return "rtl"
	}
	return "ltr"
}
func (p *Printer) T(key, english string, args ...any) string {
	s := english
	if m, ok := p.phrases[key]; ok && m[""] != "" {
		s = m[""]
	}
	return fill(s, args)
}
func (p *Printer) Say(ph Phrase, args ...any) string { return p.T(ph.Key, ph.English, args...) }
func (p *Printer) N(key string, n int, one, other string, args ...any) string {
	s := other
	if n == 1 {
		s = one
	}
	if m, ok := p.phrases[key]; ok {
		if v := m[Plural(p.lang, n)]; v != "" {
			s = v
		} else if v := m["other"]; v != "" {
			s = v
		}
	}
	return fill(s, append([]any{"n", n}, args...))
}
func fill(s string, args []any) string {
	for i := 0; i+1 < len(args); i += 2 {
		s = strings.ReplaceAll(s, "{"+fmt.Sprint(args[i])+"}", fmt.Sprint(args[i+1]))
	}
	return s
}
func (p *Printer) Number(n int) string { return strconv.Itoa(n) }
func (p *Printer) Decimal(f float64, digits int) string {
	return strconv.FormatFloat(f, 'f', digits, 64)
}
func (p *Printer) Percent(share float64) string     { return strconv.Itoa(int(share*100+.5)) + " %" }
func (p *Printer) Date(t time.Time) string          { return t.Format("2 January 2006") }
func (p *Printer) ShortDate(t time.Time) string     { return t.Format("02/01/2006") }
func (p *Printer) FullDate(t time.Time) string      { return t.Format("Monday 2 January 2006") }
func (p *Printer) Time(t time.Time) string          { return t.Format("15:04") }
func (p *Printer) DateTime(t time.Time) string      { return p.Date(t) + " " + p.Time(t) }
func (p *Printer) DateRange(a, b time.Time) string  { return p.Date(a) + " – " + p.Date(b) }
func (p *Printer) Relative(t, now time.Time) string { return t.Sub(now).Round(time.Minute).String() }
func (p *Printer) And(items []string) string        { return strings.Join(items, ", ") }
func (p *Printer) Or(items []string) string         { return strings.Join(items, ", ") }
func (p *Printer) Country(code string) string       { return code }
func (p *Printer) Countries() []Country             { return nil }
func (p *Printer) TimeRange(a, b time.Time) string  { return p.Time(a) + "–" + p.Time(b) }
func (p *Printer) Month(t time.Time) string         { return t.Format("January 2006") }
func (p *Printer) Language(tag string) string       { return tag }
func (p *Printer) Compare(a, b string) int          { return strings.Compare(a, b) }
func NativeName(l string) string                    { return l }
func Plural(l string, n int) string {
	if n == 1 {
		return "one"
	}
	return "other"
}
func Negotiate(accept string, otherwise ...string) string {
	for _, l := range Languages {
		if strings.HasPrefix(accept, l) {
			return l
		}
	}
	return "en"
}
