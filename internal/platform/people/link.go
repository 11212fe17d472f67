package people

import (
	"context"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
)

// Link is a secret address sent by e-mail or shown on the console: it works
// once, for a while. Only the hash of its secret is kept.
type Link struct {
	Purpose string // "sign-in", "invitation", "set-up"
	Email   string // key of the address it was sent to
	Data    string
	Created db.Instant
	Lasts   time.Duration // of a new link
	Expires db.Instant
}

// NewLink makes a link and gives its secret.
func NewLink(ctx context.Context, tx *db.Tx, l Link) (secret string, err error) {
	secret = id.Secret(32)
	_, err = tx.Exec(ctx, `INSERT INTO link (hash, purpose, email_key, data, created, expires) VALUES ($1,$2,$3,$4,$5,$6)`,
		Hash(secret), l.Purpose, l.Email, l.Data, tx.Now(), tx.Now().Add(l.Lasts))
	return secret, err
}

// LinkOver says that a link does nothing any more, without telling why.
func LinkOver() *fault.Fault {
	return fault.NotFound("people.link.over", "This link was used already, or is too old. Ask for a new one.")
}

// LinkOf looks at a link without using it. Programs that read mails open
// links, so looking must change nothing.
func LinkOf(ctx context.Context, q db.Q, purpose, secret string, now db.Instant) (Link, error) {
	found, err := db.All(ctx, q, func(r db.Row) (l Link, err error) {
		return l, r.Scan(&l.Purpose, &l.Email, &l.Data, &l.Created, &l.Expires)
	}, `SELECT purpose, email_key, data, created, expires FROM link WHERE hash = $1 AND purpose = $2 AND used = 0 AND expires > $3`, Hash(secret), purpose, now)
	if err != nil {
		return Link{}, err
	}
	if len(found) == 0 {
		return Link{}, LinkOver()
	}
	return found[0], nil
}

// UseLink uses a link up. Of two who use it at once, one is told that it is over.
func UseLink(ctx context.Context, tx *db.Tx, purpose, secret string) (Link, error) {
	l, err := LinkOf(ctx, tx, purpose, secret, tx.Now())
	if err != nil {
		return l, err
	}
	n, err := tx.Exec(ctx, `UPDATE link SET used = $2 WHERE hash = $1 AND used = 0`, Hash(secret), tx.Now())
	if err == nil && n == 0 {
		err = LinkOver()
	}
	return l, err
}

// DropLinks takes back the unused links of a purpose for an address ("" = all addresses).
func DropLinks(ctx context.Context, tx *db.Tx, purpose, email string) error {
	_, err := tx.Exec(ctx, `DELETE FROM link WHERE purpose = $1 AND ($2 = '' OR email_key = $3) AND used = 0`, purpose, email, email)
	return err
}

// LinksSince counts the links made for an address, to send no flood of mails.
func LinksSince(ctx context.Context, q db.Q, purpose, email string, since db.Instant) (int, error) {
	return db.One(ctx, q, db.Value[int], `SELECT count(*) FROM link WHERE purpose = $1 AND email_key = $2 AND created > $3`, purpose, email, since)
}

// DropLink takes one link back by the hash that was kept of its secret.
func DropLink(ctx context.Context, tx *db.Tx, hash string) error {
	_, err := tx.Exec(ctx, `DELETE FROM link WHERE hash = $1`, hash)
	return err
}
