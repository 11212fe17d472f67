package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"alliance/internal/platform/lang"
)

// What one document and one query may hold; what is beyond is not searched.
const (
	wordRunes   = 40
	strongWords = 1_000
	weakWords   = 8_000
	docBytes    = 200_000
	queryBytes  = 1_000
	queryTerms  = 16
)

// token is one thing the index knows; word tells a whole word of letters that
// can be mistyped, as against a pair of signs or a number.
type token struct {
	s    string
	word bool
}

// tokens cuts texts for the index.
func tokens(texts []string, most int) []token {
	var list []token
	bytes := 0
	for _, text := range texts {
		for _, w := range lang.Words(head(text, docBytes-bytes)) {
			for _, t := range indexed(w) {
				if len(list) == most {
					return list
				}
				list = append(list, t)
			}
		}
		if bytes += len(text); bytes >= docBytes {
			break
		}
	}
	return list
}

// indexed gives all tokens under which a word is found.
func indexed(w lang.Word) []token {
	if w.Dense {
		units := w.Units()
		list := make([]token, 0, len(units))
		for i := 0; i+1 < len(units); i++ {
			list = append(list, token{s: short(units[i] + units[i+1])})
		}
		// The last sign alone as well: one sign is asked as a beginning, and
		// every other sign begins a pair.
		return append(list, token{s: short(units[len(units)-1])})
	}
	s := short(w.S)
	list := []token{{s, isMistypable(s)}}
	if bare := bareArabic(s); bare != s {
		list = append(list, token{bare, isMistypable(bare)})
	}
	return list
}

// term is one thing a query asks for.
type term struct {
	s      string
	prefix bool
	word   bool
}

// terms cuts a query. Words that every text has are left out, unless there are
// no others.
func terms(text string) []term {
	words := lang.Words(head(text, queryBytes))
	telling := make([]lang.Word, 0, len(words))
	for _, w := range words {
		if !stop[w.S] {
			telling = append(telling, w)
		}
	}
	if len(telling) == 0 {
		telling = words
	}
	var list []term
	seen := map[string]bool{}
	for i, w := range telling {
		for _, t := range asked(w, i == len(telling)-1) {
			if !seen[t.s] && len(list) < queryTerms {
				seen[t.s] = true
				list = append(list, t)
			}
		}
	}
	return list
}

func asked(w lang.Word, last bool) []term {
	units := w.Units()
	if w.Dense {
		if len(units) == 1 {
			return []term{{s: short(w.S), prefix: true}}
		}
		list := make([]term, 0, len(units)-1)
		for i := 0; i+1 < len(units); i++ {
			list = append(list, term{s: short(units[i] + units[i+1])})
		}
		return list
	}
	// One letter is not a beginning: ह must not find हिन्दी, nor "a" everything.
	s := short(w.S)
	prefix := last && len(units) > 1
	s = bareArabic(s)
	return []term{{s: s, prefix: prefix, word: isMistypable(s)}}
}

// bareArabic drops the article, also after و ب ك ف and as لل. A word that only
// looks so loses two letters too, in texts as in queries, and is still found.
func bareArabic(s string) string {
	for _, article := range [...]string{"وال", "بال", "كال", "فال", "ولل", "ال", "لل"} {
		if rest, ok := strings.CutPrefix(s, article); ok && utf8.RuneCountInString(rest) >= 2 {
			return rest
		}
	}
	return s
}

func isMistypable(s string) bool {
	n := 0
	for _, r := range s {
		if !unicode.IsLetter(r) && !unicode.Is(unicode.M, r) {
			return false
		}
		n++
	}
	return n >= 4 && n <= 24
}

// short keeps the first letters of overlong words.
func short(s string) string {
	if len(s) <= wordRunes {
		return s
	}
	n := 0
	for i := range s {
		if n == wordRunes {
			return s[:i]
		}
		n++
	}
	return s
}

// head keeps the first bytes, at a letter's edge.
func head(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:max(most, 0)]
}
