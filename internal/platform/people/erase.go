package people

import (
	"context"

	"alliance/internal/platform/db"
)

// ErasePerson blanks an account. What the person wrote for organisations stays
// under the same key, which no longer leads to a name; rights end with it.
func ErasePerson(ctx context.Context, tx *db.Tx, person string) error {
	for _, text := range []string{
		`DELETE FROM session WHERE person = $1`,
		`DELETE FROM token WHERE person = $1`,
		`DELETE FROM role WHERE person = $1`,
		`DELETE FROM challenge WHERE person = $1`,
		`DELETE FROM device WHERE person = $1`,
		`DELETE FROM link WHERE email_key <> '' AND email_key IN (SELECT email_key FROM person WHERE id = $1)`,
	} {
		if _, err := tx.Exec(ctx, text, person); err != nil {
			return err
		}
	}
	if err := DropFactors(ctx, tx, person); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE mandate SET ended = $2, ended_by = $3 WHERE person = $1 AND ended = 0`, person, tx.Now(), person); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE person SET name = '', email = '', email_key = '', password = '', erased = $2 WHERE id = $1`, person, tx.Now())
	return err
}
