package design

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/bidi"
)

// The marks with which phrases isolate what they name (Unicode Standard Annex 9).
const (
	firstStrongIsolate    = "\u2068"
	popDirectionalIsolate = "\u2069"
)

type part struct {
	text     string
	isolated bool
}

// isolated cuts words at the marks around what they name. Marks inside others
// stay with what is around them.
func isolated(words string) (parts []part) {
	add := func(text string, isolated bool) {
		if text != "" {
			parts = append(parts, part{text, isolated})
		}
	}
	depth, from := 0, 0
	for i := 0; i < len(words); {
		switch {
		case strings.HasPrefix(words[i:], firstStrongIsolate):
			if depth == 0 {
				add(words[from:i], false)
				from = i + len(firstStrongIsolate)
			}
			depth++
			i += len(firstStrongIsolate)
		case depth > 0 && strings.HasPrefix(words[i:], popDirectionalIsolate):
			if depth--; depth == 0 {
				add(words[from:i], true)
				from = i + len(popDirectionalIsolate)
			}
			i += len(popDirectionalIsolate)
		default:
			i++
		}
	}
	add(words[from:], false)
	return parts
}

// turned tells whether words begin in the other direction than the page.
func (v View) turned(words string) bool {
	for _, r := range words {
		if !unicode.IsLetter(r) {
			continue
		}
		p, _ := bidi.LookupRune(r)
		rtl := p.Class() == bidi.R || p.Class() == bidi.AL
		return rtl != (v.Dir() == "rtl")
	}
	return false
}
