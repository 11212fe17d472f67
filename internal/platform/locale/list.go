package locale

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// listing holds CLDR's patterns of a list; {0} and {1} are filled.
type listing struct{ start, middle, end, two string }

// And enumerates: "a, b et c". Items are isolated like values in T.
func (p *Printer) And(items []string) string { return p.enumerate(&p.and, items) }

// Or gives a choice: "a, b ou c".
func (p *Printer) Or(items []string) string { return p.enumerate(&p.or, items) }

func (p *Printer) enumerate(l *listing, items []string) string {
	switch len(items) {
	case 0:
		return ""
	case 1:
		return items[0]
	case 2:
		return both(p.sounding(l.two, items[1]), p.isolate(items[0]), p.isolate(items[1]))
	}
	last := len(items) - 1
	s := p.isolate(items[0])
	for i := 1; i < last; i++ {
		pattern := l.middle
		if i == 1 {
			pattern = l.start
		}
		s = both(pattern, s, p.isolate(items[i]))
	}
	return both(p.sounding(l.end, items[last]), s, p.isolate(items[last]))
}

func both(pattern, a, b string) string {
	before, rest, _ := strings.Cut(pattern, "{0}")
	between, after, _ := strings.Cut(rest, "{1}")
	return before + a + between + b + after
}

// sounding avoids two equal sounds in Spanish: "y" is "e" before i, "o" is "u"
// before o (CLDR leaves this to programs).
func (p *Printer) sounding(pattern, next string) string {
	if p.lang != "es" {
		return pattern
	}
	word := strings.ToLower(next)
	word = strings.TrimPrefix(word, "h")
	first, size := utf8.DecodeRuneInString(word)
	then, _ := utf8.DecodeRuneInString(word[size:])
	switch {
	case (first == 'i' || first == 'í') && !strings.ContainsRune("aeou", then):
		return strings.Replace(pattern, " y ", " e ", 1)
	case first == 'o' || first == 'ó' || first == '8' && !unicode.IsDigit(then):
		return strings.Replace(pattern, " o ", " u ", 1)
	}
	return pattern
}
