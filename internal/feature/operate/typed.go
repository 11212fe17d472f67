package operate

import (
	"regexp"
	"strings"
)

// word is a piece of running text.
type word struct {
	text    string
	command bool // to be typed as it stands
}

// A command with an option, or an option alone, each with what it takes where
// that stands in capitals; before it the mark that keeps it from left to right in
// plain Arabic text.
var commands = regexp.MustCompile(`\x{200e}?(alliance [a-z]+ )?--[a-z][a-z-]*( [A-Z]{3,})?`)

// typed cuts running text at what is typed into a console.
func typed(words string) (list []word) {
	from := 0
	for _, at := range commands.FindAllStringIndex(words, -1) {
		if at[0] > from {
			list = append(list, word{words[from:at[0]], false})
		}
		list = append(list, word{strings.TrimPrefix(words[at[0]:at[1]], "\u200e"), true})
		from = at[1]
	}
	if from < len(words) {
		list = append(list, word{words[from:], false})
	}
	return list
}
