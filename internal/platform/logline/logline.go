// Package logline writes what the program says to whoever keeps it running,
// without what belongs to people.
//
// The one idea: code says what happened, to which kind of thing, and never to
// whom. What slips in all the same, in the error of a mail server or of the
// database, is blotted out on the way to the line: addresses of mail, secrets
// of links, what follows a question mark.
package logline

import (
	"context"
	"fmt"
	"io"
	"log"
	"log/slog"
	"regexp"
	"strings"
)

// Forms of lines.
const (
	Text = "text" // for people
	JSON = "json" // for programs
)

// New gives a log that writes lines in a form.
func New(w io.Writer, form string, level slog.Level) *slog.Logger {
	o := &slog.HandlerOptions{Level: level}
	if form == JSON {
		return slog.New(Blot(slog.NewJSONHandler(w, o)))
	}
	return slog.New(Blot(slog.NewTextHandler(w, o)))
}

// What is taken out.
var (
	address = regexp.MustCompile(`[^\s<>"'(),;:=\[\]{}]+@[^\s<>"'(),;:=\[\]{}]+`)
	query   = regexp.MustCompile(`\?[A-Za-z0-9_.%-]+=[^\s"'<>]*`)
	numbery = regexp.MustCompile(`\b[A-Za-z0-9_-]*[0-9][A-Za-z0-9_-]*\b`)
)

// longest is how long a word with a digit may be and still be a name of ours, or
// a commit. Secrets of links and tokens are longer.
const longest = 40

// Clean blots out of a text what may belong to somebody.
func Clean(s string) string {
	s = address.ReplaceAllString(s, "[address]")
	s = query.ReplaceAllString(s, "?[query]")
	return numbery.ReplaceAllStringFunc(s, func(word string) string {
		if len(word) > longest {
			return "[secret]"
		}
		return word
	})
}

// network takes addresses of visitors out as well, with their ports.
var network = regexp.MustCompile(`\[?[0-9a-fA-F:.]*(?:[0-9]{1,3}\.){3}[0-9]{1,3}\]?(?::[0-9]+)?|\[[0-9a-fA-F:]+(?:%[^\]]*)?\](?::[0-9]+)?`)

// Server is a log for net/http, which names the address of whoever sent what it
// could not read.
func Server(l *slog.Logger) *log.Logger { return log.New(server{l}, "", 0) }

type server struct{ to *slog.Logger }

func (s server) Write(line []byte) (int, error) {
	text, stack, _ := strings.Cut(strings.TrimSpace(string(line)), "\n")
	args := []any{}
	if stack != "" {
		args = append(args, "stack", stack)
	}
	s.to.Warn(network.ReplaceAllString(text, "[visitor]"), args...)
	return len(line), nil
}

// Blot puts the blotting before a handler. It does no harm twice.
func Blot(h slog.Handler) slog.Handler {
	if b, done := h.(blotting); done {
		return b
	}
	return blotting{h}
}

type blotting struct{ to slog.Handler }

func (b blotting) Enabled(ctx context.Context, l slog.Level) bool { return b.to.Enabled(ctx, l) }

func (b blotting) Handle(ctx context.Context, r slog.Record) error {
	clean := slog.NewRecord(r.Time, r.Level, Clean(r.Message), r.PC)
	r.Attrs(func(a slog.Attr) bool {
		clean.AddAttrs(attr(a))
		return true
	})
	return b.to.Handle(ctx, clean)
}

func (b blotting) WithAttrs(list []slog.Attr) slog.Handler {
	clean := make([]slog.Attr, len(list))
	for i, a := range list {
		clean[i] = attr(a)
	}
	return blotting{b.to.WithAttrs(clean)}
}

func (b blotting) WithGroup(name string) slog.Handler { return blotting{b.to.WithGroup(name)} }

// attr blots a value whatever it is, but for numbers, times and the names of
// functions in a stack.
func attr(a slog.Attr) slog.Attr {
	v := a.Value.Resolve()
	switch v.Kind() {
	case slog.KindString:
		if a.Key == "stack" {
			return a
		}
		return slog.String(a.Key, Clean(v.String()))
	case slog.KindAny:
		return slog.String(a.Key, Clean(fmt.Sprint(v.Any())))
	case slog.KindGroup:
		group := make([]slog.Attr, len(v.Group()))
		for i, one := range v.Group() {
			group[i] = attr(one)
		}
		return slog.Attr{Key: a.Key, Value: slog.GroupValue(group...)}
	}
	return slog.Attr{Key: a.Key, Value: v}
}
