package search

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"strconv"
	"strings"

	"alliance/internal/platform/db"
)

// Put adds or replaces a document; nothing is written when its words are the
// same as before.
func Put(ctx context.Context, tx *db.Tx, d Doc) error {
	strong, weak := tokens(d.Strong, strongWords), tokens(d.Weak, weakWords)
	for _, mark := range d.Marks {
		strong = append(strong, token{s: markToken(mark)})
	}
	digest := digestOf(d, strong, weak)
	before, err := db.One(ctx, tx, db.Value[string], `SELECT digest FROM search_doc WHERE id = $1`, d.ID)
	if err != nil && !errors.Is(err, db.ErrNone) {
		return err
	}
	if before == digest {
		return nil
	}
	if db.EngineOf(tx) == db.PostgreSQL {
		_, err = tx.Exec(ctx, `INSERT INTO search_doc (id, kind, digest, words) VALUES ($1, $2, $3, CAST(CAST($4 AS text) AS tsvector))
			ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, digest = excluded.digest, words = excluded.words`,
			d.ID, d.Kind, digest, vector(strong, weak))
	} else {
		err = putLite(ctx, tx, d, digest, strong, weak)
	}
	if err != nil || d.Quiet {
		return err
	}
	return learn(ctx, tx, strong, weak)
}

func putLite(ctx context.Context, tx *db.Tx, d Doc, digest string, strong, weak []token) error {
	n, err := db.One(ctx, tx, db.Value[int64], `INSERT INTO search_doc (id, kind, digest) VALUES ($1, $2, $3)
		ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, digest = excluded.digest RETURNING n`, d.ID, d.Kind, digest)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT OR REPLACE INTO search_text (rowid, strong, weak) VALUES ($1, $2, $3)`, n, spaced(strong), spaced(weak))
	return err
}

// Drop takes a document out. Its words leave the file with the next Tidy.
func Drop(ctx context.Context, tx *db.Tx, id string) error {
	if db.EngineOf(tx) == db.SQLite {
		if _, err := tx.Exec(ctx, `DELETE FROM search_text WHERE rowid = (SELECT n FROM search_doc WHERE id = $1)`, id); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `DELETE FROM search_doc WHERE id = $1`, id)
	return err
}

// Tidy forgets words that no document has any more. It reads the whole index:
// for a nightly job, and after an erasure.
func Tidy(ctx context.Context, tx *db.Tx) error {
	steps := []string{
		`DELETE FROM search_word WHERE word NOT IN (SELECT word FROM ts_stat('SELECT words FROM search_doc'))`,
		`DELETE FROM search_piece WHERE word NOT IN (SELECT word FROM search_word)`,
	}
	if db.EngineOf(tx) == db.SQLite {
		steps[0] = `DELETE FROM search_word WHERE word NOT IN (SELECT term FROM search_term)`
		// Dropped texts are only marked as gone until their segments are merged.
		steps = append([]string{`INSERT INTO search_text (search_text) VALUES ('optimize')`}, steps...)
	}
	for _, step := range steps {
		if _, err := tx.Exec(ctx, step); err != nil {
			return err
		}
	}
	return nil
}

func digestOf(d Doc, strong, weak []token) string {
	h := sha256.New()
	io.WriteString(h, d.Kind+"\x00"+strconv.FormatBool(d.Quiet))
	for _, list := range [][]token{strong, weak} {
		io.WriteString(h, "\x00")
		for _, t := range list {
			io.WriteString(h, t.s)
			io.WriteString(h, " ")
		}
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:18])
}

func spaced(list []token) string {
	var b strings.Builder
	for _, t := range list {
		b.WriteString(t.s)
		b.WriteByte(' ')
	}
	return b.String()
}

// PostgreSQL keeps no position beyond this one, and 255 positions a word.
const (
	lastPosition  = 16383
	mostPositions = 100
)

// vector writes a tsvector: 'accueil':1A,7 'ville':2A. The server's parser and
// dictionaries have no say in it.
func vector(strong, weak []token) string {
	places := map[string][]string{}
	var order []string
	n := 0
	for i, list := range [][]token{strong, weak} {
		class := [...]string{"A", ""}[i]
		for _, t := range list {
			n = min(n+1, lastPosition)
			p, seen := places[t.s]
			if !seen {
				order = append(order, t.s)
			}
			if len(p) < mostPositions {
				places[t.s] = append(p, strconv.Itoa(n)+class)
			}
		}
	}
	var b strings.Builder
	for _, s := range order {
		b.WriteString(quoted(s))
		b.WriteByte(':')
		b.WriteString(strings.Join(places[s], ","))
		b.WriteByte(' ')
	}
	return b.String()
}

// quoted writes a lexeme. Tokens hold letters and digits only; the escapes
// stand here so that safety does not hang on the analyser.
func quoted(s string) string {
	return `'` + strings.NewReplacer(`\`, `\\`, `'`, `''`).Replace(s) + `'`
}
