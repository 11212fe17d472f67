// Package mail sends mails, after the transaction that asked for them.
//
// The one idea: Post writes the mail into the outbox, which is the job table,
// in the caller's transaction. So a mail exists exactly when the change it
// speaks of exists, no request waits for a mail server, and a dead server only
// delays. Mails carry no picture, no tracked link and no name of the program.
package mail

import (
	"context"
	"embed"
	"fmt"
	"net/mail"
	"net/url"
	"strings"
	"unicode"

	"alliance/internal/platform/db"
	"alliance/internal/platform/id"
	"alliance/internal/platform/job"
	"alliance/internal/platform/lang"
)

// Schema holds the tables of this package.
//
//go:embed schema
var Schema embed.FS

var _ = db.Unseen("mail_key", "mail_sent", "mail_back", "mail_tally")

// Kind is the kind of the jobs that are mails.
const Kind = "mail.send"

// Message is a mail to one person.
type Message struct {
	To     string // address
	ToName string
	Lang   string // BCP 47, of subject and text
	// Subject and ToName may hold what people typed: control characters become
	// spaces, the rest is encoded.
	Subject string
	Text    string // plain; every mail has it
	HTML    string // optional alternative, made by our own templates only
	// Unsubscribe is an optional address that ends this kind of mail; with
	// https a mail program can ask it in one click (RFC 8058).
	Unsubscribe string
	// Asked: the reader asks for it at this moment. It is sent also to an address
	// from which mails came back.
	Asked bool
}

// Letter is a message in the outbox. Every attempt sends the same letter, so
// that a mail program recognises a repetition.
type Letter struct {
	ID string
	At db.Instant
	Message
}

// Post puts a message into the outbox within the caller's transaction.
func Post(ctx context.Context, tx *db.Tx, m Message) error {
	if err := m.check(); err != nil {
		return err
	}
	return job.Add(ctx, tx, job.New{Kind: Kind, Data: Letter{ID: id.New(), At: tx.Now(), Message: m}})
}

// check refuses what cannot be a mail, before it is in the outbox.
func (m Message) check() error {
	if !Address(m.To) {
		return fmt.Errorf("mail: %q is not an address", m.To)
	}
	if line(m.Subject) == "" || strings.TrimSpace(m.Text) == "" {
		return fmt.Errorf("mail: a mail needs a subject and a text")
	}
	if m.Lang != "" {
		if _, ok := lang.Tag(m.Lang); !ok {
			return fmt.Errorf("mail: %q is not a language", m.Lang)
		}
	}
	if m.Unsubscribe != "" {
		u, err := url.Parse(m.Unsubscribe)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || strings.ContainsAny(m.Unsubscribe, "<>, ") {
			return fmt.Errorf("mail: %q is not an address to unsubscribe", m.Unsubscribe)
		}
	}
	return nil
}

// Address tells whether s is one bare address: no name, no list, nothing that
// could begin another header or command.
func Address(s string) bool {
	at := strings.LastIndexByte(s, '@')
	if at < 1 || at > 64 || len(s) > 254 || strings.HasPrefix(s, "-") {
		return false
	}
	for _, r := range s {
		if unicode.IsControl(r) || unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`,;:<>()[]"\%`, r) {
			return false
		}
	}
	parsed, err := mail.ParseAddress(s)
	return err == nil && parsed.Name == "" && parsed.Address == s
}

// line makes one line of what somebody typed: no control characters, no marks
// that turn the direction of all that follows.
func line(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), r == '\u2028', r == '\u2029', r == unicode.ReplacementChar:
			return ' '
		case r >= '\u202A' && r <= '\u202E': // isolates stay: printers put them round names
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if runes := []rune(s); len(runes) > 200 {
		s = string(runes[:199]) + "…"
	}
	return s
}
