package lang

import "strings"

// Cut gives the first characters of words, at most so many.
func Cut(words string, most int) string {
	if r := []rune(words); len(r) > most {
		return string(r[:most])
	}
	return words
}

// Fit is Cut that shows what it did: the last character is then an ellipsis.
func Fit(words string, most int) string {
	if cut := Cut(words, most); cut != words {
		return strings.TrimSpace(Cut(words, most-1)) + "…"
	}
	return words
}

// CutBytes gives the beginning of words, at most so many bytes and no half
// character: what a key of the database holds.
func CutBytes(words string, most int) string {
	if len(words) > most {
		words = words[:most]
	}
	return strings.ToValidUTF8(words, "")
}
