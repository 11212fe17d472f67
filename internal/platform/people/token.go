package people

import (
	"context"
	"strings"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
)

// Token lets a program act for one person under one mandate ("" = for the
// person alone), to read or also to write, until a date (0 = none).
type Token struct {
	ID, Person, Mandate, Name string
	Reads, Writes             bool
	Factor                    bool // made in a session that had shown a second factor
	Created, Expires, Seen    db.Instant
}

// TokenPrefix begins every token, so that scanners of published code know one.
const TokenPrefix = "alliance_"

// AddToken makes a token and gives its secret, which is kept nowhere.
func AddToken(ctx context.Context, tx *db.Tx, t Token) (secret string, err error) {
	t.Name = strings.TrimSpace(t.Name)
	if t.Name == "" || len([]rune(t.Name)) > 100 {
		return "", fault.Invalid("name", "people.token.name", "Give the token a name of at most 100 letters.")
	}
	if t.Mandate != "" {
		m, err := MandateByID(ctx, tx, t.Mandate)
		if err != nil {
			return "", err
		}
		if m.Person != t.Person || !m.Holds(tx.Now()) {
			return "", fault.Invalid("mandate", "people.mandate.not-yours", "This mandate is not yours, or it has ended.")
		}
	}
	secret = TokenPrefix + id.Secret(32)
	_, err = tx.Exec(ctx, `INSERT INTO token (hash, id, person, mandate, name, reads, writes, created, expires, factor) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`,
		Hash(secret), id.New(), t.Person, t.Mandate, t.Name, t.Reads, t.Writes, tx.Now(), t.Expires, t.Factor)
	return secret, err
}

// TokensOf lists the tokens of a person, newest first.
func TokensOf(ctx context.Context, q db.Q, person string) ([]Token, error) {
	return db.All(ctx, q, func(r db.Row) (t Token, err error) {
		return t, r.Scan(&t.ID, &t.Person, &t.Mandate, &t.Name, &t.Reads, &t.Writes, &t.Created, &t.Expires, &t.Seen, &t.Factor)
	}, `SELECT id, person, mandate, name, reads, writes, created, expires, seen, factor FROM token WHERE person = $1 ORDER BY created DESC, id`, person)
}

// EndToken revokes a token of a person.
func EndToken(ctx context.Context, tx *db.Tx, person, token string) error {
	n, err := tx.Exec(ctx, `DELETE FROM token WHERE id = $1 AND person = $2`, token, person)
	if err == nil && n == 0 {
		return fault.Missing()
	}
	return err
}

// SeenEvery is how often the use of a token or a session is noted: enough to
// tell a forgotten one, too seldom to tell what somebody does.
const SeenEvery = time.Hour

// SeeToken notes that a token is in use, at most once in SeenEvery: of many
// calls at once one writes.
func SeeToken(ctx context.Context, tx *db.Tx, secret string) error {
	_, err := tx.Exec(ctx, `UPDATE token SET seen = $2 WHERE hash = $1 AND seen < $3`, Hash(secret), tx.Now(), tx.Now().Add(-SeenEvery))
	return err
}
