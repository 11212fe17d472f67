package people

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
)

// Challenge is something random that is set to be answered once, soon: signed
// by a passkey, or brought back from another site. Any node takes the answer.
type Challenge struct {
	Purpose string
	Person  string // who alone may answer; "" = whoever can
	Data    string
	Lasts   time.Duration
}

// SetChallenge sets one and gives its text, of which only a hash is kept.
func SetChallenge(ctx context.Context, tx *db.Tx, c Challenge) (text string, err error) {
	b := make([]byte, 32)
	rand.Read(b)
	text = base64.RawURLEncoding.EncodeToString(b)
	_, err = tx.Exec(ctx, `INSERT INTO challenge (hash, purpose, person, data, expires) VALUES ($1,$2,$3,$4,$5)`,
		Hash(text), c.Purpose, c.Person, c.Data, tx.Now().Add(c.Lasts))
	return text, err
}

// ChallengeOver says that a challenge was answered, is too old or was never set.
func ChallengeOver() *fault.Fault {
	return fault.Invalid("", "people.challenge.over", "That took too long, or was sent twice. Please try again.")
}

// TakeChallenge uses one up and gives what was kept with it. Of two who answer
// at once, one is told that it is over.
func TakeChallenge(ctx context.Context, tx *db.Tx, purpose, person, text string) (data string, err error) {
	if data, err = ChallengeOf(ctx, tx, purpose, person, text, tx.Now()); err != nil {
		return "", err
	}
	n, err := tx.Exec(ctx, `DELETE FROM challenge WHERE hash = $1`, Hash(text))
	if err == nil && n == 0 {
		err = ChallengeOver()
	}
	return data, err
}

// ChallengeOf looks at a challenge without using it up.
func ChallengeOf(ctx context.Context, q db.Q, purpose, person, text string, now db.Instant) (data string, err error) {
	found, err := db.All(ctx, q, db.Value[string], `SELECT data FROM challenge WHERE hash = $1 AND purpose = $2 AND person = $3 AND expires > $4`, Hash(text), purpose, person, now)
	if err == nil && len(found) == 0 {
		err = ChallengeOver()
	}
	if err != nil {
		return "", err
	}
	return found[0], nil
}

// DropChallenge takes one back: its answer was wrong, and nobody tries again.
func DropChallenge(ctx context.Context, tx *db.Tx, text string) error {
	_, err := tx.Exec(ctx, `DELETE FROM challenge WHERE hash = $1`, Hash(text))
	return err
}

// Once notes that something was said, and tells whether it is the first time.
func Once(ctx context.Context, tx *db.Tx, purpose, said string, remembered time.Duration) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO challenge (hash, purpose, expires) VALUES ($1,$2,$3) ON CONFLICT DO NOTHING`, Hash(purpose+"\n"+said), purpose, tx.Now().Add(remembered))
	return n > 0, err
}
