package web

import (
	"context"
	"errors"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/people"
	"alliance/internal/platform/seal"
)

// answer is where the answer to a form or a call is kept, so that the same one
// sent again is answered alike. The answer may be an address that alone opens a
// page: it lies sealed, and only whoever sends the same key again opens it, since
// of that key no more than a hash is kept. The zero answer is kept nowhere.
type answer struct {
	key, who string
	lock     *seal.Key
}

const sealedAnswer = "answer"

// called is the place of the answer to a call under its key.
func called(house *seal.Key, key string, by people.Actor) answer {
	if key == "" {
		return answer{}
	}
	return answer{people.Hash(key), sender(by), house.With(key)}
}

// given is the answer that was given before, "" for none.
func (a answer) given(ctx context.Context, q db.Q) (string, error) {
	if a.key == "" {
		return "", nil
	}
	sealed, err := db.One(ctx, q, db.Value[string], `SELECT location FROM done WHERE key_ = $1 AND who = $2`, a.key, a.who)
	if errors.Is(err, db.ErrNone) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	to, err := a.lock.Open(sealedAnswer, a.owner(), sealed)
	if err != nil { // it counted, and must not count again
		return "", fault.Conflict("web.key.changed", "This was sent before, and it counted. The key of this house was changed since, so we cannot lead you to it. Look for it where it should stand.")
	}
	return string(to), nil
}

func (a answer) keep(ctx context.Context, tx *db.Tx, to string) error {
	if a.key == "" {
		return nil
	}
	_, err := tx.Exec(ctx, `INSERT INTO done (key_, who, location, at) VALUES ($1,$2,$3,$4)`, a.key, a.who, a.lock.Seal(sealedAnswer, a.owner(), []byte(to)), tx.Now())
	return err
}

// sender is whose answer it is: what others send under the same key is theirs.
func sender(a people.Actor) string {
	if a.SignedIn() {
		return a.Person
	}
	return "visitor"
}

func (a answer) owner() string { return a.key + "/" + a.who }

// twin looks, after a change that failed, for the same form sent a moment
// earlier and kept meanwhile (a double click, a phone that sends again): this
// one failed because of it, and has the same answer. On PostgreSQL both run
// side by side, so the second may meet any rule that the first made true.
func (a answer) twin(ctx context.Context, d *db.DB) string {
	to, err := a.given(ctx, d)
	if err != nil {
		return "" // the first error says more
	}
	return to
}
