package app_test

import (
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"alliance/internal/app"
	"alliance/internal/platform/db"
	"alliance/internal/platform/mail"
)

// report is what a mail server writes about a letter to a mailbox that is not there.
func report(to string) string {
	return "Return-Path: <>\nTo: " + to + "\nAuto-Submitted: auto-replied\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n" +
		"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.net\n\nFinal-Recipient: rfc822; rosa@example.net\nAction: failed\nStatus: 5.1.1\n\n--b--\n"
}

// TestBounce: what a mail server hands to `alliance bounce`, beside a program
// that serves.
func TestBounce(t *testing.T) {
	dir := t.TempDir()
	c := app.Config{Database: "sqlite:" + filepath.Join(dir, "a.db"), MailBack: "bounce@example.org", Still: true, Console: io.Discard, Log: slog.New(slog.DiscardHandler)}
	a, err := app.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if err := a.House.DB.Do(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		return mail.Post(ctx, tx, mail.Message{To: "rosa@example.net", Subject: "s", Text: "t"})
	}); err != nil {
		t.Fatal(err)
	}
	if err := a.House.Jobs.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	names, _ := filepath.Glob(filepath.Join(a.Folder, "mail", "*.eml"))
	if len(names) != 1 {
		t.Fatal(names)
	}
	book := mail.Book{Key: a.House.Key, Address: "bounce@example.org"}
	back := book.Return(strings.TrimSuffix(filepath.Base(names[0]), ".eml"))
	take := func(c app.Config, text, to, want string) {
		t.Helper()
		if what, err := c.Bounce(t.Context(), strings.NewReader(text), to); what != want || (err != nil) != (want == "") {
			t.Errorf("%q %v, want %q", what, err, want)
		}
	}
	stop := func() bool {
		s, err := book.Stopped(t.Context(), a.House.DB, "rosa@example.net")
		if err != nil {
			t.Fatal(err)
		}
		return s.Since != 0
	}
	take(c, report("bounce@example.org"), "", mail.Unproven)
	take(c, "From: rosa@example.net\nTo: "+back+"\n\nHello", "", mail.Unread)
	elsewhere := c
	elsewhere.Files = filepath.Join(dir, "elsewhere")
	take(elsewhere, report(back), "", "") // the wrong folder: the mail server tries again
	elsewhere.Database = "sqlite:" + filepath.Join(dir, "b.db")
	take(elsewhere, report(back), "", "")
	if made, _ := os.ReadDir(dir); len(made) > 4 || stop() {
		t.Errorf("made %v, stopped %v", made, stop())
	}
	take(c, report("bounce@example.org"), back, mail.Nobody) // the mail server says for whom it was
	if !stop() {
		t.Error("letters still go")
	}
}

// TestMailIsExplained: the documents name what the program knows.
func TestMailIsExplained(t *testing.T) {
	text, err := os.ReadFile("../../docs/operating.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"--mail-back", "alliance bounce", "DKIM", "SPF", "DMARC"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("operating.md does not speak of %s", want)
		}
	}
}
