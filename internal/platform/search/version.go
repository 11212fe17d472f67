package search

import (
	"context"

	"alliance/internal/platform/db"
)

// version of what is searched of a document: raise it when analyse.go or what
// is handed to Put changes, and every house puts its documents again.
const version = 2

// Old tells that the documents were put by an older version.
func Old(ctx context.Context, q db.Q) (bool, error) {
	n, err := db.One(ctx, q, db.Value[int], `SELECT n FROM search_version WHERE one = 1`)
	return n < version, err
}

// Renewed notes that every document was put again.
func Renewed(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `UPDATE search_version SET n = $1 WHERE one = 1`, version)
	return err
}
