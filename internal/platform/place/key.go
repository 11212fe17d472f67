package place

import (
	"strings"
	"unicode"

	"alliance/internal/platform/lang"
)

// Key is the form in which names of towns are compared: folded, hyphens and
// apostrophes gone, "St" written out. "La-Seyne-sur-Mer" and "la Seyne sur
// mer" have one key. Towns are stored in the order of their keys, so after a
// change here run go generate.
func Key(name string) string { return strings.Join(keyWords(name, true), " ") }

// prefixKey leaves a last "st" as it is, for somebody typing "Stuttgart".
func prefixKey(typed string) string {
	words := keyWords(typed, false)
	for i := range words {
		if i < len(words)-1 || endsInSpace(typed) {
			words[i] = writtenOut(words[i])
		}
	}
	key := strings.Join(words, " ")
	if endsInSpace(typed) && key != "" {
		key += " "
	}
	return key
}

func endsInSpace(s string) bool { return strings.TrimRight(s, " -.") != s }

func keyWords(s string, full bool) []string {
	folded := lang.Fold(s)
	var words []string
	var word strings.Builder
	end := func() {
		if word.Len() == 0 {
			return
		}
		w := word.String()
		word.Reset()
		if full {
			w = writtenOut(w)
		}
		words = append(words, w)
	}
	for _, r := range folded {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			word.WriteRune(r)
		case isApostrophe(r):
			if elides(word.String()) { // L'Aquila is two words, Sana'a is one
				end()
			}
		default:
			end()
		}
	}
	end()
	return words
}

func isApostrophe(r rune) bool {
	switch r {
	case '\'', '’', '‘', '`', '´', 'ʻ', 'ʼ', 'ʿ', 'ʾ':
		return true
	}
	return false
}

// elides tells the words that lose their vowel before the next one (French,
// Italian, Catalan). Other apostrophes stand for a sound inside a word.
func elides(word string) bool {
	switch word {
	case "d", "l", "s", "qu", "dell", "nell", "all", "dall", "sull":
		return true
	}
	return false
}

func writtenOut(word string) string {
	switch word {
	case "st", "sankt":
		return "saint"
	case "ste":
		return "sainte"
	}
	return word
}

// compact is the form in which names of countries are compared: letters and
// digits only, so that "U.S.A." and "États Unis" are found.
func compact(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			return r
		}
		return -1
	}, lang.Fold(name))
}
