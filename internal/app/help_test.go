package app

import (
	"bytes"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// The help is read in a terminal: commands to copy stand on lines of their own.
func TestHelp(t *testing.T) {
	var out bytes.Buffer
	parser := newParser(kong.Writers(&out, &out), kong.Exit(func(int) {}))
	parser.Parse([]string{"--help"})
	for _, line := range []string{"    alliance demo", "    alliance serve --database sqlite:alliance.db", "    alliance archive --database sqlite:alliance.db alliance.zip", "    alliance count ballots-3.json"} {
		if !strings.Contains(out.String(), "\n"+line+"\n") {
			t.Errorf("no line %q in\n%s", line, out.String())
		}
	}
	for _, command := range []string{"serve", "demo", "check", "backup", "restore", "archive", "copy", "count"} {
		if !strings.Contains(out.String(), "\n  "+command+" ") {
			t.Errorf("the help does not name %s", command)
		}
	}
}
