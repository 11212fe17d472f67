package lang

import (
	"strings"
	"unicode"
)

// Word is one run of letters and digits, folded. Dense words come from scripts
// written without spaces (Han, kana, Thai …): such a run may hold a sentence,
// so whoever compares takes its Units in pairs.
type Word struct {
	S     string
	Dense bool
}

// Words cuts a text of any script into folded words, in order.
func Words(s string) []Word {
	s = Fold(strings.Map(tidy, s))
	var words []Word
	start, dense := -1, false
	end := func(i int) {
		if start >= 0 {
			words = append(words, Word{S: s[start:i], Dense: dense})
			start = -1
		}
	}
	for i, r := range s {
		switch {
		case IsWordRune(r):
			if d := IsDense(r); start < 0 || d != dense {
				end(i)
				start, dense = i, d
			}
		case start >= 0 && unicode.Is(unicode.M, r): // belongs to the letter before it
		default:
			end(i)
		}
	}
	end(len(s))
	return words
}

// Units cuts a word into letters with the marks that belong to them.
func (w Word) Units() []string {
	var units []string
	start := 0
	for i, r := range w.S {
		if i > start && !unicode.Is(unicode.M, r) {
			units = append(units, w.S[start:i])
			start = i
		}
	}
	if start < len(w.S) {
		units = append(units, w.S[start:])
	}
	return units
}

// IsWordRune tells letters and digits.
func IsWordRune(r rune) bool {
	if r < 0x80 {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r)
}

// tidy drops what is not seen (soft hyphens, joiners, direction marks) and
// writes digits of all scripts alike.
func tidy(r rune) rune {
	if r < 0x80 {
		return r
	}
	if unicode.Is(unicode.Cf, r) {
		return -1
	}
	if unicode.Is(unicode.Nd, r) {
		for _, span := range unicode.Nd.R16 {
			if rune(span.Lo) <= r && r <= rune(span.Hi) {
				return '0' + (r-rune(span.Lo))%10
			}
		}
	}
	return r
}

// IsDense tells the letters of scripts written without spaces.
func IsDense(r rune) bool {
	switch {
	case r < 0xE00:
		return false
	case r >= 0x3005 && r <= 0x3007, r == 0x30FC: // 々 〆 〇 ー belong to no script of their own
		return true
	}
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul,
		unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}
