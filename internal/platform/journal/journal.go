// Package journal tells once what happened: who, for whom, what, to what, when.
//
// Audit, activity pages, notices and the public record read it. It is told in
// the transaction that makes the change and holds codes only: no words of
// people, nothing sealed; a person stands in it by a key whose name can be
// erased. Each row carries a hash over the one before, so a row changed or
// taken out later is found by Check.
package journal

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"alliance/internal/platform/db"
	"alliance/internal/platform/people"
)

// Schema holds the tables of this package.
//
//go:embed schema
var Schema embed.FS

// Event is one line of the journal.
type Event struct {
	N            int64
	At           db.Instant
	Person       string
	Organisation string // for whom
	Mandate      string
	Verb         string            // "proposal.merged": phrase key "journal.proposal.merged"
	Kind         string            // kind of the subject
	Subject      string            // entry, person or mandate
	Scope        string            // the assembly, workshop or organisation it belongs to
	Data         map[string]string // codes and identifiers only
	Hash         string
}

// Tell writes an event at the end of the transaction.
func Tell(tx *db.Tx, a people.Actor, e Event) {
	e.At, e.Person, e.Organisation, e.Mandate = tx.Now(), a.Person, a.Mandate.Organisation, a.Mandate.ID
	tx.Save(told{}, e, write)
}

type told struct{}

// write adds lines to the chain. Whoever else tells something waits from its
// first word until the transaction ends, so it asks for the head once.
func write(ctx context.Context, tx *db.Tx, lines []any) error {
	head, err := db.One(ctx, tx, db.Pair[int64, string], `UPDATE journal_head SET n = n + $1 WHERE one = 1 RETURNING n, hash`, len(lines))
	if err != nil {
		return fmt.Errorf("journal: head: %w", err)
	}
	n, hash := head.A-int64(len(lines)), head.B
	for _, line := range lines {
		e := line.(Event)
		data := ""
		if len(e.Data) > 0 {
			b, err := json.Marshal(e.Data)
			if err != nil {
				return err
			}
			data = string(b)
		}
		n++
		e.N = n
		e.Hash = e.chain(hash, data)
		hash = e.Hash
		if _, err := tx.Exec(ctx, `INSERT INTO journal (n, at, person, organisation, mandate, verb, kind, subject, scope, data, hash)
			VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)`,
			e.N, e.At, e.Person, e.Organisation, e.Mandate, e.Verb, e.Kind, e.Subject, e.Scope, data, e.Hash); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `UPDATE journal_head SET hash = $1 WHERE one = 1`, hash)
	return err
}

func (e Event) chain(before, data string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%d\n%d\n%s\n%s\n%s\n%s\n%s\n%s\n%s\n%s",
		before, e.N, e.At, e.Person, e.Organisation, e.Mandate, e.Verb, e.Kind, e.Subject, e.Scope, data))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// Filter narrows a list; zero fields do not.
type Filter struct {
	Subject, Scope, Person, Organisation, Verb string
	Before                                     int64 // events with a smaller number, for the next page
	Limit                                      int   // default 50
}

const columns = `n, at, person, organisation, mandate, verb, kind, subject, scope, data, hash`

func scan(r db.Row) (e Event, err error) {
	var data string
	if err = r.Scan(&e.N, &e.At, &e.Person, &e.Organisation, &e.Mandate, &e.Verb, &e.Kind, &e.Subject, &e.Scope, &data, &e.Hash); err != nil {
		return e, err
	}
	if data != "" {
		err = json.Unmarshal([]byte(data), &e.Data)
	}
	return e, err
}

// List gives events, newest first.
func List(ctx context.Context, q db.Q, f Filter) ([]Event, error) {
	var w db.Where
	for _, c := range []struct{ column, value string }{
		{"subject", f.Subject}, {"scope", f.Scope}, {"person", f.Person}, {"organisation", f.Organisation}, {"verb", f.Verb},
	} {
		if c.value != "" {
			w.And(c.column+" = ?", c.value)
		}
	}
	if f.Before > 0 {
		w.And("n < ?", f.Before)
	}
	if f.Limit == 0 {
		f.Limit = 50
	}
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM journal`+w.SQL()+` ORDER BY n DESC LIMIT `+w.Arg(f.Limit), w.Args()...)
}

// Since gives the lines after a number, oldest first.
func Since(ctx context.Context, q db.Q, after int64, limit int) ([]Event, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM journal WHERE n > $1 ORDER BY n LIMIT $2`, after, limit)
}

// Head is the number of the last line.
func Head(ctx context.Context, q db.Q) (int64, error) {
	return db.One(ctx, q, db.Value[int64], `SELECT n FROM journal_head WHERE one = 1`)
}

// At is the number of the last line before an instant, 0 when there is none.
func At(ctx context.Context, q db.Q, before db.Instant) (int64, error) {
	n, err := db.One(ctx, q, db.Value[int64], `SELECT n FROM journal WHERE at < $1 ORDER BY n DESC LIMIT 1`, before)
	if errors.Is(err, db.ErrNone) {
		return 0, nil
	}
	return n, err
}

// Check walks the whole chain and gives the number of the first line that was
// changed, or 0 when all stand as they were told.
func Check(ctx context.Context, q db.Q) (broken int64, err error) {
	before, next := "", int64(1)
	for {
		lines, err := db.All(ctx, q, scan, `SELECT `+columns+` FROM journal WHERE n >= $1 ORDER BY n LIMIT 1000`, next)
		if err != nil {
			return 0, err
		}
		for _, e := range lines {
			data := ""
			if len(e.Data) > 0 {
				b, _ := json.Marshal(e.Data)
				data = string(b)
			}
			if e.N != next || e.chain(before, data) != e.Hash {
				return next, nil
			}
			before, next = e.Hash, e.N+1
		}
		if len(lines) < 1000 {
			break
		}
	}
	head, err := db.One(ctx, q, db.Pair[int64, string], `SELECT n, hash FROM journal_head WHERE one = 1`)
	if err != nil {
		return 0, err
	}
	if head.A != next-1 || head.B != before {
		return next, nil
	}
	return 0, nil
}
