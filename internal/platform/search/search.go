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
	"slices"
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
	Marks    []string // what filters ask, as name=value: "country=PT", "theme=health"
	Quiet    bool     // not everybody may read it: its words are never offered for mistyped ones
}

// Narrow says among which documents to look; the zero value is among all.
type Narrow struct {
	Kinds []string
	// Marks are groups of marks: a document has one of each group.
	Marks [][]string
	// Or gives marks that do in the place of a folded word: who writes
	// "portuguese" also means what is marked "lang=pt".
	Or map[string][]string
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
	w.And(column+` IN (SELECT d.id`+cond+newestFirst(q)+` LIMIT `+strconv.Itoa(Limit)+`)`, args...)
	return true, nil
}

// Newest gives the same hits as Condition, newest first.
func Newest(ctx context.Context, q db.Q, text string, kinds ...string) (ids []string, ok bool, err error) {
	x, n, _, err := look(ctx, q, text, Narrow{Kinds: kinds})
	if err != nil || n == 0 {
		return nil, len(x) > 0, err
	}
	newest, err := x.newest(ctx, q, false, kinds, Limit)
	for _, h := range newest {
		ids = append(ids, h.ID)
	}
	return ids, true, err
}

// Ranked gives at most n hits of these kinds (none: all), best first: words in
// titles count most. Where more than Limit documents have the words, those with
// the words in their titles; are these too many as well, the newest.
func Ranked(ctx context.Context, q db.Q, text string, kinds []string, n int) ([]Hit, error) {
	hits, _, err := Find(ctx, q, text, Narrow{Kinds: kinds}, n)
	return hits, err
}

// Find is Ranked and Corrections at once, for half the work.
func Find(ctx context.Context, q db.Q, text string, in Narrow, n int) ([]Hit, []Correction, error) {
	x, all, corrections, err := look(ctx, q, text, in)
	if err != nil || all == 0 || n <= 0 {
		return nil, corrections, err
	}
	titles := false
	if all > Limit {
		inTitles, err := x.count(ctx, q, true, in.Kinds)
		if err != nil {
			return nil, nil, err
		}
		titles = inTitles > 0
		if !titles || inTitles > Limit {
			hits, err := x.newest(ctx, q, titles, in.Kinds, min(n, Limit))
			return hits, corrections, err
		}
	}
	hits, err := x.ranked(ctx, q, titles, in.Kinds, n)
	return hits, corrections, err
}

// Among gives those of some documents that Find would give, however many others
// there are; none where text has no word to search for.
func Among(ctx context.Context, q db.Q, text string, in Narrow, ids []string) (found []string, err error) {
	x, _, _, err := look(ctx, q, text, in)
	if err != nil || len(x) == 0 {
		return nil, err
	}
	for some := range slices.Chunk(ids, 200) {
		var w db.Where
		cond, args := hits(q, x, false, in.Kinds)
		w.And(cond, args...)
		w.In("d.id", some)
		list, err := db.All(ctx, q, db.Value[string], `SELECT d.id`+strings.TrimPrefix(w.SQL(), ` WHERE `), w.Args()...)
		if err != nil {
			return nil, err
		}
		found = append(found, list...)
	}
	return found, nil
}

// look reads a query and counts its hits, Limit+1 standing for more. Most
// queries are answered by the first or second question; who mistyped pays for more.
func look(ctx context.Context, q db.Q, text string, in Narrow) (x query, n int, list []Correction, err error) {
	x, kinds := parse(text, in), in.Kinds
	if len(x) == 0 {
		return nil, 0, nil, nil
	}
	// A whole word that everybody uses needs no words that begin with it:
	// gathering those is what takes long in a large index.
	if whole, beginning := x.whole(); beginning {
		if n, err = whole.count(ctx, q, false, kinds); err != nil || n > Limit {
			return whole, n, nil, err
		}
	}
	if n, err = x.count(ctx, q, false, kinds); err != nil || n > 0 {
		return x, n, nil, err
	}
	x, list, err = forgive(ctx, q, x)
	if err == nil && len(list) > 0 {
		n, err = x.count(ctx, q, false, kinds)
	}
	return x, n, list, err
}

func scanHit(r db.Row) (h Hit, err error) { return h, r.Scan(&h.ID, &h.Kind) }

// count gives how many hits there are, Limit+1 standing for more.
func (x query) count(ctx context.Context, q db.Q, titles bool, kinds []string) (int, error) {
	var w db.Where
	cond, args := hits(q, x, titles, kinds)
	if db.EngineOf(q) == db.SQLite && len(kinds) == 0 { // the words alone know
		cond = ` FROM search_text WHERE search_text MATCH ?`
	}
	w.And(cond, args...)
	return db.One(ctx, q, db.Value[int], `SELECT count(*) FROM (SELECT 1`+strings.TrimPrefix(w.SQL(), ` WHERE `)+` LIMIT `+strconv.Itoa(Limit+1)+`) AS found`, w.Args()...)
}

func (x query) newest(ctx context.Context, q db.Q, titles bool, kinds []string, n int) ([]Hit, error) {
	var w db.Where
	cond, args := hits(q, x, titles, kinds)
	w.And(cond, args...)
	return db.All(ctx, q, scanHit, `SELECT d.id, d.kind`+strings.TrimPrefix(w.SQL(), ` WHERE `)+newestFirst(q)+` LIMIT `+w.Arg(n), w.Args()...)
}

func (x query) ranked(ctx context.Context, q db.Q, titles bool, kinds []string, n int) ([]Hit, error) {
	if db.EngineOf(q) == db.SQLite && len(kinds) == 0 { // the best are known before anything else is read of them
		return db.All(ctx, q, scanHit, `SELECT d.id, d.kind FROM (SELECT rowid AS n, bm25(search_text, 8.0, 1.0) AS weight FROM search_text
			WHERE search_text MATCH $1 ORDER BY weight, n DESC LIMIT $2) h CROSS JOIN search_doc d ON d.n = h.n ORDER BY h.weight, h.n DESC`, x.match(titles), n)
	}
	var w db.Where
	cond, args := hits(q, x, titles, kinds)
	w.And(cond, args...)
	order := `bm25(search_text, 8.0, 1.0), d.n DESC`
	if db.EngineOf(q) == db.PostgreSQL {
		order = `ts_rank(d.words, CAST(CAST(` + w.Arg(x.tsquery(titles)) + ` AS text) AS tsquery), 1) DESC, d.n DESC`
	}
	return db.All(ctx, q, scanHit, `SELECT d.id, d.kind`+strings.TrimPrefix(w.SQL(), ` WHERE `)+` ORDER BY `+order+` LIMIT `+w.Arg(n), w.Args()...)
}

// newestFirst: FTS5 walks its own rows backwards and stops at the limit; by
// the other table's number it would fetch and sort every hit first.
func newestFirst(q db.Q) string {
	if db.EngineOf(q) == db.PostgreSQL {
		return ` ORDER BY d.n DESC`
	}
	return ` ORDER BY search_text.rowid DESC`
}

// Corrections tells which words of a query were replaced by nearer ones, for
// "results for Lisbonne instead of Lisbnone".
func Corrections(ctx context.Context, q db.Q, text string) ([]Correction, error) {
	_, list, err := read(ctx, q, text)
	return list, err
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
