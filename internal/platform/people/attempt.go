package people

import (
	"context"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/id"
)

// Attempt counts one attempt under a key before it is made, and tells whether
// it is still within the limit. Counting first leaves no gap for a burst of
// guesses sent at once. The key is a hash: nobody reads addresses here.
func Attempt(ctx context.Context, tx *db.Tx, key string, limit int, within time.Duration) (bool, error) {
	key = Hash(key)
	if err := tx.Lock(ctx, "attempt/"+key); err != nil {
		return false, err
	}
	n, err := db.One(ctx, tx, db.Value[int], `SELECT count(*) FROM attempt WHERE key_ = $1 AND at > $2`, key, tx.Now().Add(-within))
	if err != nil || n >= limit {
		return false, err
	}
	_, err = tx.Exec(ctx, `INSERT INTO attempt (id, key_, at) VALUES ($1,$2,$3)`, id.New(), key, tx.Now())
	return true, err
}

// Succeeded forgets the attempts under a key.
func Succeeded(ctx context.Context, tx *db.Tx, key string) error {
	_, err := tx.Exec(ctx, `DELETE FROM attempt WHERE key_ = $1`, Hash(key))
	return err
}
