package locale

import (
	"fmt"
	"strings"
	"time"
)

// T says a phrase: the words of key in this language, english when there are
// none. Placeholders {name} are replaced from name, value pairs; a placeholder
// without a value stays (design.Inline puts links there).
//
// Whole numbers are written as by Number, except under the name "year"; floats
// with up to 3 decimals; a time as its long date; a Phrase is said; anything
// else is fmt.Sprint. Texts are isolated (U+2068, U+2069) where their direction
// could disturb the phrase: nearly all of them in Arabic, in other languages
// those with right-to-left letters. Web addresses are left alone.
func (p *Printer) T(key, english string, args ...any) string {
	s := english
	if f, ok := p.phrases[key]; ok && f.plural == nil {
		s = f.plain
	}
	if len(args) == 0 {
		return s
	}
	return p.fill(s, args)
}

// Say is T for a phrase kept in a table.
func (p *Printer) Say(ph Phrase, args ...any) string { return p.T(ph.Key, ph.English, args...) }

// N says a phrase that depends on a number; {n} is the number. one and other
// are the English forms, used when this language has no words for the key.
func (p *Printer) N(key string, n int, one, other string, args ...any) string {
	s := other
	if n == 1 {
		s = one
	}
	if f, ok := p.phrases[key]; ok && f.plural != nil {
		s = f.plural[category(p.lang, magnitude(n))]
	}
	if len(args) == 0 && !strings.Contains(s, "{n}") {
		return s
	}
	return p.fill(s, append(args[:len(args):len(args)], "n", n))
}

// Plural gives the CLDR category of a whole number: "one", "many"… A number
// below zero counts as its opposite; a language unknown here has "other" only.
func Plural(lang string, n int) string { return categoryNames[category(lang, magnitude(n))] }

// Categories lists the plural categories of an interface language, in CLDR's order.
func Categories(lang string) []string { return categories[lang] }

func magnitude(n int) int {
	if n < 0 {
		return max(-n, 0) // the smallest int has no opposite
	}
	return n
}

func (p *Printer) fill(s string, args []any) string {
	open := strings.IndexByte(s, '{')
	if open < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 32)
	for ; open >= 0; open = strings.IndexByte(s, '{') {
		end := strings.IndexByte(s[open:], '}')
		if end < 0 {
			break
		}
		b.WriteString(s[:open])
		name := s[open+1 : open+end]
		if value, ok := find(args, name); ok {
			b.WriteString(p.show(name, value))
		} else {
			b.WriteString(s[open : open+end+1])
		}
		s = s[open+end+1:]
	}
	b.WriteString(s)
	return b.String()
}

func find(args []any, name string) (any, bool) {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == name {
			return args[i+1], true
		}
	}
	return nil, false
}

func (p *Printer) show(name string, value any) string {
	switch v := value.(type) {
	case string:
		return p.isolate(v)
	case int:
		if name == "year" {
			return fmt.Sprint(v)
		}
		return p.Number(v)
	case int64:
		return p.show(name, int(v))
	case int32:
		return p.show(name, int(v))
	case int16:
		return p.show(name, int(v))
	case uint64:
		return p.digits(fmt.Sprint(v))
	case uint:
		return p.digits(fmt.Sprint(v))
	case uint32:
		return p.Number(int(v))
	case float64:
		return p.trimmed(v)
	case time.Time:
		return p.Date(v)
	case Phrase:
		return p.Say(v)
	}
	return p.isolate(fmt.Sprint(value))
}

// isolate keeps a text of another direction from rearranging its surroundings
// (UAX 9: FSI … PDI). Within a right-to-left phrase a digit or a full stop is
// enough to do that. Programs that turn addresses into links would take the
// mark as a part of the address.
func (p *Printer) isolate(s string) string {
	if !p.disturbs(s) || strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://") {
		return s
	}
	return "\u2068" + s + "\u2069"
}

func (p *Printer) disturbs(s string) bool {
	for _, r := range s {
		if p.rtl() {
			if r != ' ' && !rightToLeft(r) {
				return true
			}
		} else if r >= 0x590 && rightToLeft(r) {
			return true
		}
	}
	return false
}

func rightToLeft(r rune) bool {
	return r >= 0x590 && r < 0x900 || r >= 0xfb1d && r < 0xfe00 || r >= 0xfe70 && r < 0xff00 ||
		r >= 0x10800 && r < 0x11000 || r >= 0x1e800 && r < 0x1f000 || r == 0x200f
}
