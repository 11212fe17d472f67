// Package search finds documents by their words, alike on SQLite and PostgreSQL.
//
// The one idea: words are cut and folded here, in Go, by one analyser for texts
// and queries; FTS5 and tsvector only store what it gives and find it again. So
// both engines give the same hits, and no server setting has a say. To change
// what is found, change analyse.go, and Put every document again.
//
// It knows identifiers and words, never what a document is or who may read it:
// the caller adds its own conditions beside Condition, and must filter what
// Ranked gives.
package search

import (
	"context"
	"embed"
	"strconv"
	"strings"

	"alliance/internal/platform/db"
)

// Schema holds the tables of this package.
//
//go:embed schema
var Schema embed.FS

// Limit is how many hits a condition or a ranking looks at. Counting and
// ranking a word that everybody uses costs more than the page it is for:
// beyond the limit the newest count, and the page says "1000+".
const Limit = 1000

// Doc is what is known of one thing for searching.
type Doc struct {
	ID, Kind string
	Strong   []string // titles and names, in all their languages
	Weak     []string // other texts
	Quiet    bool     // not everybody may read it: its words are never offered for mistyped ones
}

// Hit is one thing found.
type Hit struct{ ID, Kind string }

// Correction is a word that was not found and those looked for instead.
type Correction struct {
	Typed string
	Meant []string // folded, nearest; at most three
}

// Condition adds `column IN (…)` with the newest Limit hits, of these kinds if
// any are named. All words must be there; the last one may be a beginning; a
// word nobody wrote stands for the nearest ones that somebody did. ok is false,
// and nothing is added, when text has no word to search for.
func Condition(ctx context.Context, q db.Q, w *db.Where, column, text string, kinds ...string) (ok bool, err error) {
	x, _, err := read(ctx, q, text)
	if err != nil || len(x) == 0 {
		return false, err
	}
	cond, args := hits(q, x, false, kinds)
	w.And(column+` IN (SELECT d.id`+cond+` ORDER BY d.n DESC LIMIT `+strconv.Itoa(Limit)+`)`, args...)
	return true, nil
}

// Newest gives the same hits as Condition, newest first.
func Newest(ctx context.Context, q db.Q, text string, kinds ...string) (ids []string, ok bool, err error) {
	x, _, err := read(ctx, q, text)
	if err != nil || len(x) == 0 {
		return nil, false, err
	}
	var w db.Where
	cond, args := hits(q, x, false, kinds)
	w.And(cond, args...)
	ids, err = db.All(ctx, q, db.Value[string], `SELECT d.id`+strings.TrimPrefix(w.SQL(), ` WHERE `)+` ORDER BY d.n DESC LIMIT `+strconv.Itoa(Limit), w.Args()...)
	return ids, true, err
}

// Ranked gives at most n hits of these kinds (none: all), best first: words in
// titles count most. Where more than Limit documents have the words, those with
// the words in their titles; are these too many as well, the newest.
func Ranked(ctx context.Context, q db.Q, text string, kinds []string, n int) ([]Hit, error) {
	x, _, err := read(ctx, q, text)
	if err != nil || len(x) == 0 || n <= 0 {
		return nil, err
	}
	titles := false
	count, err := countHits(ctx, q, x, titles, kinds)
	if err != nil || count == 0 {
		return nil, err
	}
	if count > Limit {
		inTitles, err := countHits(ctx, q, x, true, kinds)
		if err != nil {
			return nil, err
		}
		if inTitles > 0 {
			titles, count = true, inTitles
		}
	}
	var w db.Where
	cond, args := hits(q, x, titles, kinds)
	w.And(cond, args...)
	order := `d.n DESC`
	if count <= Limit {
		order = `bm25(search_text, 8.0, 1.0), d.n DESC`
		if db.EngineOf(q) == db.PostgreSQL {
			order = `ts_rank(d.words, CAST(CAST(` + w.Arg(x.tsquery(titles)) + ` AS text) AS tsquery), 1) DESC, d.n DESC`
		}
	}
	return db.All(ctx, q, func(r db.Row) (h Hit, err error) { return h, r.Scan(&h.ID, &h.Kind) },
		`SELECT d.id, d.kind`+strings.TrimPrefix(w.SQL(), ` WHERE `)+` ORDER BY `+order+` LIMIT `+w.Arg(n), w.Args()...)
}

// Corrections tells which words of a query were replaced by nearer ones, for
// "results for Lisbonne instead of Lisbnone".
func Corrections(ctx context.Context, q db.Q, text string) ([]Correction, error) {
	_, list, err := read(ctx, q, text)
	return list, err
}

func countHits(ctx context.Context, q db.Q, x query, titles bool, kinds []string) (int64, error) {
	var w db.Where
	cond, args := hits(q, x, titles, kinds)
	w.And(cond, args...)
	return db.One(ctx, q, db.Value[int64],
		`SELECT count(*) FROM (SELECT 1`+strings.TrimPrefix(w.SQL(), ` WHERE `)+` LIMIT `+strconv.Itoa(Limit+1)+`) AS hit`, w.Args()...)
}

// hits is ` FROM … WHERE …` over search_doc d, with `?` for its arguments.
func hits(q db.Q, x query, titles bool, kinds []string) (text string, args []any) {
	if db.EngineOf(q) == db.PostgreSQL {
		text = ` FROM search_doc d WHERE d.words @@ CAST(CAST(? AS text) AS tsquery)`
		args = append(args, x.tsquery(titles))
	} else {
		// CROSS JOIN: SQLite keeps this order, words first.
		text = ` FROM search_text CROSS JOIN search_doc d ON d.n = search_text.rowid WHERE search_text MATCH ?`
		args = append(args, x.match(titles))
	}
	if len(kinds) > 0 {
		text += ` AND d.kind IN (` + strings.TrimSuffix(strings.Repeat("?,", len(kinds)), ",") + `)`
		for _, k := range kinds {
			args = append(args, k)
		}
	}
	return text, args
}
