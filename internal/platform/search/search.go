package search

import (
	"context"
	"embed"

	"alliance/internal/platform/db"
)

// Schema holds the tables of this package.
//
//go:embed schema
var Schema embed.FS

// Limit is how many hits a condition or a ranking looks at: beyond it, the
// newest count and the page says "1000+".
const Limit = 1000

// Doc is what is known of one thing for searching.
type Doc struct {
	ID, Kind string
	Strong   []string // titles and names, in all their languages
	Weak     []string // other texts
	Quiet    bool     // not everybody may read it: its words are never offered as corrections
}

// Hit is one thing found.
type Hit struct{ ID, Kind string }

// Put adds or replaces a document; nothing is written when nothing changed.
func Put(ctx context.Context, tx *db.Tx, d Doc) error { return nil }

// Drop takes a document out.
func Drop(ctx context.Context, tx *db.Tx, id string) error { return nil }

// Condition adds `column IN (…)` with the newest Limit hits, of these kinds
// if any are named. ok is false, and nothing is added, when text has no word
// to search for. The last word matches as a beginning.
func Condition(ctx context.Context, q db.Q, w *db.Where, column, text string, kinds ...string) (ok bool, err error) {
	return false, nil
}

// Ranked gives at most n hits, best first.
func Ranked(ctx context.Context, q db.Q, text string, kinds []string, n int) ([]Hit, error) {
	return nil, nil
}
