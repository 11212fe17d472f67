// Package notice holds what people are told, and sends copies by mail.
//
// The one idea: a notice keeps a phrase and its arguments, not a sentence. It
// is put into words for the reader, in the reader's language, at the moment of
// reading. The phrases belong to the packages that tell.
package notice

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"sort"
	"strings"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
	"alliance/internal/platform/job"
)

// Schema holds the tables of this package.
//
//go:embed schema
var Schema embed.FS

var _ = db.Unseen("notice")

// Phrases holds this package's own phrases.
//
//go:embed phrases
var Phrases embed.FS

// New is a notice to tell.
type New struct {
	Person  string
	Key     string            // phrase key of the telling package: "dossier.answered"
	English string            // its English text, with {name} placeholders
	Args    map[string]string // shown as they are: names and titles, no secrets
	Link    string            // path on this site, "/…"
	Mail    bool              // send a copy by mail
	Stop    string            // path on this site where mails of this sort end, in one click; "" = none
}

// Notice is what a person was told.
type Notice struct {
	ID, Person   string
	At           db.Instant
	Key, English string
	Args         map[string]string
	Link, Stop   string
	ReadAt       db.Instant // 0 = unread
}

// Printer puts phrases into words of one language; *locale.Printer is one.
type Printer interface {
	T(key, english string, args ...any) string
}

// In gives the sentence in the printer's language.
func (n Notice) In(p Printer) string { return p.T(n.Key, n.English, pairs(n.Args)...) }

func pairs(args map[string]string) []any {
	names := make([]string, 0, len(args))
	for name := range args {
		names = append(names, name)
	}
	sort.Strings(names)
	list := make([]any, 0, 2*len(names))
	for _, name := range names {
		list = append(list, name, args[name])
	}
	return list
}

// Tell tells one person within the caller's transaction.
func Tell(ctx context.Context, tx *db.Tx, n New) error {
	if n.Key == "" || n.English == "" {
		return errors.New("notice: a notice needs a phrase key and its English text")
	}
	for _, path := range []string{n.Link, n.Stop} {
		if path != "" && !local(path) {
			return fmt.Errorf("notice: %q is not a path on this site", path)
		}
	}
	args := ""
	if len(n.Args) > 0 {
		b, err := json.Marshal(n.Args)
		if err != nil {
			return fmt.Errorf("notice: %w", err)
		}
		args = string(b)
	}
	one := id.New()
	if !n.Mail {
		n.Stop = "" // it stands in the mail alone
	}
	_, err := tx.Exec(ctx, `INSERT INTO notice (id, person, at, phrase, english, args, link, mailed, stop) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)`,
		one, n.Person, tx.Now(), n.Key, n.English, args, n.Link, n.Mail, n.Stop)
	if err != nil || !n.Mail {
		return err
	}
	return job.Add(ctx, tx, job.New{Kind: copyKind, Data: one})
}

// TellAll tells several persons the same, each once.
func TellAll(ctx context.Context, tx *db.Tx, persons []string, n New) error {
	told := map[string]bool{}
	for _, n.Person = range persons {
		if n.Person == "" || told[n.Person] {
			continue
		}
		told[n.Person] = true
		if err := Tell(ctx, tx, n); err != nil {
			return err
		}
	}
	return nil
}

// local refuses "//host", "/\host" and whatever a browser would mend into them.
func local(link string) bool {
	return strings.HasPrefix(link, "/") && !strings.HasPrefix(link, "//") && !strings.ContainsAny(link, "\\\r\n\t\x00 ")
}

const columns = `id, person, at, phrase, english, args, link, stop, read_at`

func scan(r db.Row) (n Notice, err error) {
	var args string
	if err := r.Scan(&n.ID, &n.Person, &n.At, &n.Key, &n.English, &args, &n.Link, &n.Stop, &n.ReadAt); err != nil {
		return n, err
	}
	if args != "" {
		err = json.Unmarshal([]byte(args), &n.Args)
	}
	return n, err
}

// List gives a person's notices, newest first: at most limit, older than the
// notice before ("" = from the newest). What a person may no longer see, the
// caller leaves out: a notice is no proof of access.
func List(ctx context.Context, q db.Q, person, before string, limit int) ([]Notice, error) {
	if before == "" {
		before = "~" // after every identifier
	}
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM notice WHERE person = $1 AND id < $2 ORDER BY id DESC LIMIT $3`, person, before, limit)
}

// Unread counts a person's unread notices, at most 100.
func Unread(ctx context.Context, q db.Q, person string) (int, error) {
	return db.One(ctx, q, db.Value[int],
		`SELECT count(*) FROM (SELECT id FROM notice WHERE person = $1 AND read_at = 0 LIMIT 100) AS few`, person)
}

// MarkRead marks some of a person's notices as read, or all when none is named.
// Notices of others are left alone.
func MarkRead(ctx context.Context, tx *db.Tx, person string, notices ...string) error {
	var w db.Where
	now := w.Arg(tx.Now())
	w.And("person = ?", person)
	w.And("read_at = 0")
	w.In("id", notices)
	_, err := tx.Exec(ctx, `UPDATE notice SET read_at = `+now+w.SQL(), w.Args()...)
	return err
}

// MailedSince gives the instants at which a person was told something by mail
// too. A notice bears the instant of its transaction, as the journal's line
// does: whoever tells the journal on knows by it what was told already.
func MailedSince(ctx context.Context, q db.Q, person string, since db.Instant) (map[db.Instant]bool, error) {
	list, err := db.All(ctx, q, db.Value[db.Instant], `SELECT at FROM notice WHERE person = $1 AND mailed = 1 AND at >= $2`, person, since)
	told := make(map[db.Instant]bool, len(list))
	for _, at := range list {
		told[at] = true
	}
	return told, err
}

// ByID gives one notice of a person.
func ByID(ctx context.Context, q db.Q, person, notice string) (Notice, error) {
	n, err := db.One(ctx, q, scan, `SELECT `+columns+` FROM notice WHERE id = $1 AND person = $2`, notice, person)
	if errors.Is(err, db.ErrNone) {
		return n, fault.Missing()
	}
	return n, err
}

// Forget deletes all notices of a person, when the account is erased.
func Forget(ctx context.Context, tx *db.Tx, person string) error {
	_, err := tx.Exec(ctx, `DELETE FROM notice WHERE person = $1`, person)
	return err
}

// How long notices are kept: they name people and links, so not for ever.
const (
	KeepRead   = 90 * 24 * time.Hour
	KeepUnread = 365 * 24 * time.Hour
)

func sweep(ctx context.Context, d *db.DB) error {
	return d.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM notice WHERE (read_at <> 0 AND read_at < $1) OR at < $2`,
			tx.Now().Add(-KeepRead), tx.Now().Add(-KeepUnread))
		return err
	})
}
