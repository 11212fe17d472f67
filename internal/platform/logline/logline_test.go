package logline_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"alliance/internal/platform/logline"
)

func TestClean(t *testing.T) {
	for said, want := range map[string]string{
		`550 5.1.1 <rosa@example.net>: Recipient address rejected`:                        `550 5.1.1 <[address]>: Recipient address rejected`,
		`mail: "rosa.m+x@mail.example.net" is not an address`:                             `mail: "[address]" is not an address`,
		`Get "https://login.example.org/token?code=abc&state=x": no route`:                `Get "https://login.example.org/token?[query]": no route`,
		`GET /fr/sign-in/link/3k9x2m4p7q1w5e8r0t6y3u9i2o3k9x2m4p7q1w5e8r0t6y3u9i2o: gone`: `GET /fr/sign-in/link/[secret]: gone`,
		`زينب@مثال.إختبار`:                                                                `[address]`,
		"dial tcp 10.0.0.5:5432: connection refused":                                      "dial tcp 10.0.0.5:5432: connection refused", // the operator's own machine
		"job 06h1pnqwyhdds83m failed (2)":                                                 "job 06h1pnqwyhdds83m failed (2)",
		"is it so? yes":                                                                   "is it so? yes",
		"UNIQUE constraint failed: person.email_key":                                      "UNIQUE constraint failed: person.email_key",
		"panic: runtime error: invalid memory address or nil pointer (0xc0000)":           "panic: runtime error: invalid memory address or nil pointer (0xc0000)",
	} {
		if got := logline.Clean(said); got != want {
			t.Errorf("%q\nbecame %q\nwant   %q", said, got, want)
		}
	}
}

type person struct{ Name, Email string }

// Whatever way an address comes into a line, it is not in it.
func TestNoAddressComesThrough(t *testing.T) {
	for _, form := range []string{logline.Text, logline.JSON} {
		var b bytes.Buffer
		l := logline.New(&b, form, slog.LevelDebug)
		l.Debug("to rosa@example.net", "a", "rosa@example.net", "b", errors.New("rosa@example.net"), "c", fmt.Errorf("x: %w", errors.New("rosa@example.net")),
			"d", person{"Rosa", "rosa@example.net"}, "e", []string{"rosa@example.net"}, "f", slog.GroupValue(slog.String("g", "rosa@example.net")),
			slog.Group("h", "i", person{"Rosa", "rosa@example.net"}), "n", 7, "took", time.Second, "stack", "main.go:7")
		l.With("j", "rosa@example.net").WithGroup("k").Warn("x", "l", &person{"Rosa", "rosa@example.net"})
		out := b.String()
		if strings.Contains(out, "rosa@") || strings.Count(out, "[address]") < 9 {
			t.Errorf("%s: %s", form, out)
		}
		for _, kept := range []string{"7", "main.go:7"} {
			if !strings.Contains(out, kept) {
				t.Errorf("%s: %q is lost in %s", form, kept, out)
			}
		}
		if form == logline.JSON {
			for line := range strings.Lines(out) {
				if !json.Valid([]byte(line)) {
					t.Errorf("no JSON: %s", line)
				}
			}
		}
	}
}

// net/http names visitors by their address.
func TestVisitorsAreNotNamed(t *testing.T) {
	var b bytes.Buffer
	l := logline.Server(logline.New(&b, logline.Text, slog.LevelDebug))
	l.Print("http: TLS handshake error from 203.0.113.7:51234: EOF")
	l.Print("http: TLS handshake error from [2001:db8::7]:51234: EOF")
	l.Print("http: panic serving 203.0.113.7:1: boom\ngoroutine 7 [running]:\nmain.main()")
	out := b.String()
	if strings.Contains(out, "203.0.113") || strings.Contains(out, "2001:db8") || strings.Count(out, "[visitor]") != 3 || !strings.Contains(out, "handshake") || !strings.Contains(out, "goroutine 7") {
		t.Error(out)
	}
}
