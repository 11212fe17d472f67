package ballot_test

import (
	"fmt"
	"strings"
)

// english says the English text, as a reader's printer would.
func english(_, text string, args ...any) string {
	for i := 0; i+1 < len(args); i += 2 {
		text = strings.ReplaceAll(text, "{"+fmt.Sprint(args[i])+"}", fmt.Sprint(args[i+1]))
	}
	return text
}
