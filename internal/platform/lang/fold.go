package lang

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Fold gives the form in which words are compared, sorted and searched: case,
// accents and typographic variants ignored. Marks are dropped below U+0700
// only (Indic vowel signs carry meaning); Arabic letters that people type one
// for the other are unified.
func Fold(s string) string {
	if isPlain(s) {
		return strings.ToLower(s)
	}
	s = cases.Fold().String(norm.NFKD.String(s))
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		if r < 0x700 && unicode.Is(unicode.Mn, r) {
			continue
		}
		if r == 0x640 { // tatweel only stretches a word
			continue
		}
		if to, ok := variants[r]; ok {
			b.WriteString(to)
			continue
		}
		b.WriteRune(r)
	}
	return norm.NFC.String(b.String())
}

var variants = map[rune]string{
	'ß': "ss", 'ł': "l", 'ø': "o", 'æ': "ae", 'œ': "oe", 'ı': "i", 'đ': "d", 'ð': "d", 'þ': "th",
	'’': "'", '‘': "'", 'ʼ': "'", '–': "-", '—': "-", '‐': "-", '‑': "-", '·': ".",
	'أ': "ا", 'إ': "ا", 'آ': "ا", 'ٱ': "ا", 'ى': "ي", 'ی': "ي", 'ة': "ه", 'ک': "ك", 'ؤ': "و", 'ئ': "ي",
}

func isPlain(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
