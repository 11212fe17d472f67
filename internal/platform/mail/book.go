package mail

import (
	"context"
	"crypto/subtle"
	"encoding/base32"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/id"
	"alliance/internal/platform/people"
	"alliance/internal/platform/seal"
)

// Book knows from which addresses letters came back.
//
// The one idea: each letter has an address of its own to come back to, with a
// mark that only the key of the house can make. So a report tells which letter
// it speaks of and no more, and nobody can make one up. Addresses stand in the
// book as marks too.
type Book struct {
	Key *seal.Key
	// Address is where reports go, as the mail server hands them on:
	// "bounce@example.org" makes bounce+LETTER-MARK@example.org. "" = to the sender.
	Address string
}

var lower = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// proof of a letter: 128 bits that survive servers which fold the case.
func (b Book) proof(letter string) string {
	sum, err := base64.RawURLEncoding.DecodeString(b.Key.Mark("mail return", letter))
	if err != nil {
		panic(err) // seal wrote it
	}
	return lower.EncodeToString(sum[:16])
}

// Return gives the address a letter comes back to.
func (b Book) Return(letter string) string {
	if b.Address == "" {
		return ""
	}
	at := strings.LastIndexByte(b.Address, '@')
	return b.Address[:at] + "+" + letter + "-" + b.proof(letter) + b.Address[at:]
}

// CheckReturns refuses an address under which letters cannot come back.
func CheckReturns(address string) error {
	if address == "" {
		return nil
	}
	letter := Book{Address: address}.Address
	if at := strings.LastIndexByte(letter, '@'); !Address(letter) || at > 64-1-16-1-26 || strings.Contains(letter[:at], "+") {
		return fmt.Errorf("mail: %q cannot take reports: write an address of up to %d signs before the @, without +", address, 64-1-16-1-26)
	}
	return nil
}

// letterOf gives the letter of an address that Return made.
func (b Book) letterOf(address string) (string, bool) {
	local, _, _ := strings.Cut(strings.ToLower(strings.Trim(strings.TrimSpace(address), "<>")), "@")
	_, tail, ok := strings.Cut(local, "+")
	letter, proof, found := strings.Cut(tail, "-")
	if !ok || !found || !id.Valid(letter) {
		return "", false
	}
	return letter, subtle.ConstantTimeCompare([]byte(proof), []byte(b.proof(letter))) == 1
}

// mark of an address, however its case is written.
func (b Book) mark(address string) string {
	key, ok := people.EmailKey(address)
	if !ok {
		key = strings.ToLower(address)
	}
	return b.Key.Mark("mail address", key)
}

// Verdict is what a report means for the address.
type Verdict int

// Verdicts, the mildest first.
const (
	Passing Verdict = iota // it may work another time
	Refusal                // refused for a reason that is not the address: full, too large, taken for spam
	Gone                   // there is no such mailbox
)

// gone are the details of a status that speak of the mailbox itself (RFC 3463,
// RFC 7505): bad mailbox, bad domain, bad syntax, moved, null MX, disabled.
var gone = map[string]bool{"1.1": true, "1.2": true, "1.3": true, "1.6": true, "1.10": true, "2.1": true}

// judge reads an enhanced status: "5.1.1".
func judge(status string) Verdict {
	class, detail, _ := strings.Cut(status, ".")
	switch {
	case class != "5":
		return Passing
	case gone[detail]:
		return Gone
	}
	return Refusal
}

// judgeReply reads an answer to RCPT: old servers give a code alone.
func judgeReply(code int, status string) Verdict {
	switch {
	case status != "":
		return judge(status)
	case code == 550 || code == 551 || code == 553:
		return Gone
	case code >= 500:
		return Refusal
	}
	return Passing
}

// The rules of stopping. A mailbox that is gone stops letters at once. What is
// refused for other reasons stops them on the third day, each at most a month
// after the one before. Letters somebody asks for at that moment go all the
// same, and after half a year without a report all do.
const (
	refusals   = 3
	within     = 30 * 24 * time.Hour
	forgetting = 182 * 24 * time.Hour
	// reporting is how long a report about a letter may take.
	reporting = 15 * 24 * time.Hour
)

// Stop says since when letters to an address are withheld; Since 0 = they go.
type Stop struct {
	Since  db.Instant
	Status string // "5.1.1"; "" = the server gave none
}

// Stopped looks an address up.
func (b Book) Stopped(ctx context.Context, q db.Q, address string) (Stop, error) {
	if address == "" {
		return Stop{}, nil
	}
	return stopOf(ctx, q, b.mark(address))
}

func stopOf(ctx context.Context, q db.Q, mark string) (Stop, error) {
	s, err := db.One(ctx, q, func(r db.Row) (s Stop, err error) { return s, r.Scan(&s.Since, &s.Status) },
		`SELECT stopped, status FROM mail_back WHERE mark = $1`, mark)
	if errors.Is(err, db.ErrNone) {
		err = nil
	}
	return s, err
}

// Resume sends letters again: whoever reads that mailbox said it works, or
// showed it.
func (b Book) Resume(ctx context.Context, tx *db.Tx, address string) error {
	_, err := tx.Exec(ctx, `DELETE FROM mail_back WHERE mark = $1`, b.mark(address))
	return err
}

// back writes down that a letter came back, once.
func (b Book) back(ctx context.Context, tx *db.Tx, letter, mark string, v Verdict, status string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM mail_sent WHERE letter = $1`, letter); err != nil {
		return err
	}
	if v == Passing {
		return count(ctx, tx, Delayed)
	}
	if err := count(ctx, tx, map[Verdict]string{Refusal: Returned, Gone: Nobody}[v]); err != nil {
		return err
	}
	if err := tx.Lock(ctx, "mail back "+mark); err != nil {
		return err
	}
	var days int
	var last, stopped db.Instant
	_, err := db.One(ctx, tx, func(r db.Row) (int, error) { return 0, r.Scan(&days, &last, &stopped) }, `SELECT days, last, stopped FROM mail_back WHERE mark = $1`, mark)
	if err != nil && !errors.Is(err, db.ErrNone) {
		return err
	}
	switch now := tx.Now(); {
	case last < now.Add(-within):
		days = 1
	case day(last) != day(now):
		days++
	}
	if stopped == 0 && (v == Gone || days >= refusals) {
		stopped = tx.Now()
	}
	_, err = tx.Exec(ctx, `INSERT INTO mail_back (mark, days, last, status, stopped) VALUES ($1,$2,$3,$4,$5)
		ON CONFLICT (mark) DO UPDATE SET days = excluded.days, last = excluded.last, status = excluded.status, stopped = excluded.stopped`,
		mark, days, tx.Now(), status, stopped)
	return err
}

// Take reads a report that a mail server hands on, and tells what it was worth.
// to is the address it was handed on for; "" = the report's own headers tell.
func (b Book) Take(ctx context.Context, d *db.DB, r io.Reader, to string) (what string, err error) {
	report, err := ReadReport(r)
	if err != nil {
		return Unread, d.Do(ctx, func(ctx context.Context, tx *db.Tx) error { return count(ctx, tx, Unread) })
	}
	if to != "" {
		report.To = []string{to}
	}
	letter := ""
	for _, address := range report.To {
		if one, ok := b.letterOf(address); ok {
			letter = one
			break
		}
	}
	err = d.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
		var mark string
		if letter != "" {
			mark, err = db.One(ctx, tx, db.Value[string], `SELECT mark FROM mail_sent WHERE letter = $1`, letter)
			if err != nil && !errors.Is(err, db.ErrNone) {
				return err
			}
		}
		if mark == "" { // nobody's letter, told already, or too late
			what = Unproven
			return count(ctx, tx, what)
		}
		v, status, failed := report.Verdict()
		if !failed {
			what = Delayed
			return count(ctx, tx, what)
		}
		what = map[Verdict]string{Passing: Delayed, Refusal: Returned, Gone: Nobody}[v]
		return b.back(ctx, tx, letter, mark, v, status)
	})
	return what, err
}
