package people

import (
	"context"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
)

// Attempt counts one attempt under a key before it is made, and tells whether
// it is still within the limit. Counting first leaves no gap for a burst of
// guesses sent at once. The key is a hash: nobody reads addresses here.
func Attempt(ctx context.Context, tx *db.Tx, key string, limit int, within time.Duration) (bool, error) {
	made, err := Count(ctx, tx, key, limit, within)
	return made != "", err
}

// Count is Attempt for those who may take one attempt back: it gives the
// attempt, "" beyond the limit.
func Count(ctx context.Context, tx *db.Tx, key string, limit int, within time.Duration) (attempt string, err error) {
	key = Hash(key)
	if err := tx.Lock(ctx, "attempt/"+key); err != nil {
		return "", err
	}
	n, err := db.One(ctx, tx, db.Value[int], `SELECT count(*) FROM attempt WHERE key_ = $1 AND at > $2`, key, tx.Now().Add(-within))
	if err != nil || n >= limit {
		return "", err
	}
	attempt = id.New()
	_, err = tx.Exec(ctx, `INSERT INTO attempt (id, key_, at) VALUES ($1,$2,$3)`, attempt, key, tx.Now())
	return attempt, err
}

// TooManyFromNetwork says that a network's limit is reached, which has nothing
// to do with what was asked for: it is the same for everybody behind it.
func TooManyFromNetwork() *fault.Fault {
	return fault.TooMany("people.too-many", "Too much was tried from your network. Wait a quarter of an hour, then try again.")
}

// TakeBack forgets one attempt: it was no guess. The others of its key stay,
// or one right password would wash away the guesses of a whole network.
func TakeBack(ctx context.Context, tx *db.Tx, attempt string) error {
	_, err := tx.Exec(ctx, `DELETE FROM attempt WHERE id = $1`, attempt)
	return err
}

// Succeeded forgets the attempts under a key.
func Succeeded(ctx context.Context, tx *db.Tx, key string) error {
	_, err := tx.Exec(ctx, `DELETE FROM attempt WHERE key_ = $1`, Hash(key))
	return err
}
