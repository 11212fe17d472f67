package people

import (
	"context"
	"fmt"
	"strings"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
	"alliance/internal/platform/seal"
)

// A second factor is something one has, beside the password or the letter box
// one knows. A session that has shown one says so (Actor.Factor); rights that
// need one sleep in all others.

// Factors says what a person has set up.
type Factors struct {
	App      bool       // an authenticator app
	Since    db.Instant // of the app
	Passkeys []Passkey
	Recovery int // codes on paper that are left
}

// Any tells whether there is a second factor to show. Paper alone is none: it
// stands in for one.
func (f Factors) Any() bool { return f.App || len(f.Passkeys) > 0 }

// FactorsOf says what a person has set up.
func FactorsOf(ctx context.Context, q db.Q, person string) (f Factors, err error) {
	since, err := db.All(ctx, q, db.Value[db.Instant], `SELECT created FROM factor WHERE person = $1`, person)
	if err != nil {
		return f, err
	}
	if f.App = len(since) > 0; f.App {
		f.Since = since[0]
	}
	if f.Passkeys, err = PasskeysOf(ctx, q, person); err != nil {
		return f, err
	}
	f.Recovery, err = db.One(ctx, q, db.Value[int], `SELECT count(*) FROM recovery WHERE person = $1 AND used = 0`, person)
	return f, err
}

const totpPurpose = "totp"

// KeepTOTP sets an authenticator app up, in place of an earlier one. The code
// it was set up with does not count again.
func KeepTOTP(ctx context.Context, tx *db.Tx, key *seal.Key, person string, secret []byte, typed string) error {
	step := stepOf(secret, digitsOf(typed), tx.Now(), 0)
	if step == 0 {
		return wrongCode()
	}
	_, err := tx.Exec(ctx, `INSERT INTO factor (person, secret, step, created) VALUES ($1,$2,$3,$4)
		ON CONFLICT (person) DO UPDATE SET secret = $2, step = $3, created = $4`, person, key.Seal(totpPurpose, person, secret), step, tx.Now())
	return err
}

func wrongCode() *fault.Fault {
	return fault.Invalid("code", "people.code.wrong", "This code is not right, or was used already. Wait for the next one.")
}

// ShowSecond takes a code of the app, or one from paper. Each counts once: of
// two who send the same code at once, one is refused.
func ShowSecond(ctx context.Context, tx *db.Tx, key *seal.Key, person, typed string) (paper bool, err error) {
	type row struct {
		sealed string
		step   int64
	}
	found, err := db.All(ctx, tx, func(r db.Row) (f row, err error) { return f, r.Scan(&f.sealed, &f.step) }, `SELECT secret, step FROM factor WHERE person = $1`, person)
	if err != nil {
		return false, err
	}
	if digits := digitsOf(typed); len(found) == 1 && len(digits) == totpDigits && !strings.Contains(digits, "x") {
		secret, err := key.Open(totpPurpose, person, found[0].sealed)
		if err != nil {
			return false, fmt.Errorf("people: second factor: %w", err)
		}
		step := stepOf(secret, digits, tx.Now(), found[0].step)
		if step == 0 {
			return false, wrongCode()
		}
		n, err := tx.Exec(ctx, `UPDATE factor SET step = $2 WHERE person = $1 AND step < $3`, person, step, step)
		if err == nil && n == 0 {
			err = wrongCode()
		}
		return false, err
	}
	n, err := tx.Exec(ctx, `UPDATE recovery SET used = $3 WHERE person = $1 AND mark = $2 AND used = 0`, person, recoveryMark(key, person, typed), tx.Now())
	if err == nil && n == 0 {
		err = wrongCode()
	}
	return true, err
}

// RecoveryCodes is how many codes a sheet of paper has.
const RecoveryCodes = 10

// NewRecovery makes new codes in place of the old ones and gives them, this once.
func NewRecovery(ctx context.Context, tx *db.Tx, key *seal.Key, person string) ([]string, error) {
	if _, err := tx.Exec(ctx, `DELETE FROM recovery WHERE person = $1`, person); err != nil {
		return nil, err
	}
	codes := make([]string, RecoveryCodes)
	for i := range codes {
		c := id.Code(12) // 57 bits, and useless to whoever has the database only
		codes[i] = c[:4] + "-" + c[4:8] + "-" + c[8:]
		if _, err := tx.Exec(ctx, `INSERT INTO recovery (person, mark) VALUES ($1,$2)`, person, recoveryMark(key, person, codes[i])); err != nil {
			return nil, err
		}
	}
	return codes, nil
}

func recoveryMark(key *seal.Key, person, typed string) string {
	plain := strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' || r == '‐' || r == '–' || r == '\u00a0' {
			return -1
		}
		return r
	}, strings.ToLower(typed))
	return key.Mark("recovery", person+"/"+plain)
}

// DropTOTP takes the app away.
func DropTOTP(ctx context.Context, tx *db.Tx, person string) error {
	_, err := tx.Exec(ctx, `DELETE FROM factor WHERE person = $1`, person)
	return err
}

// DropFactors takes the app, all passkeys and the codes on paper away.
func DropFactors(ctx context.Context, tx *db.Tx, person string) error {
	for _, text := range []string{`DELETE FROM factor WHERE person = $1`, `DELETE FROM passkey WHERE person = $1`, `DELETE FROM recovery WHERE person = $1`} {
		if _, err := tx.Exec(ctx, text, person); err != nil {
			return err
		}
	}
	return nil
}

// NeedsSecond tells whether a person has a second factor to show at sign-in.
func NeedsSecond(ctx context.Context, q db.Q, person string) (bool, error) {
	n, err := db.One(ctx, q, db.Value[int], `SELECT count(*) FROM person WHERE id = $1 AND (EXISTS (SELECT 1 FROM factor f WHERE f.person = $1) OR EXISTS (SELECT 1 FROM passkey k WHERE k.person = $1))`, person)
	return n > 0, err
}

// WithFactor tells who has set a second factor up.
func WithFactor(ctx context.Context, q db.Q) (map[string]bool, error) {
	list, err := db.All(ctx, q, db.Value[string], `SELECT person FROM factor UNION SELECT person FROM passkey`)
	with := make(map[string]bool, len(list))
	for _, p := range list {
		with[p] = true
	}
	return with, err
}

// RolesWithFactor lists the roles whose rights need a second factor.
func RolesWithFactor(ctx context.Context, q db.Q) ([]Role, error) {
	return db.All(ctx, q, db.Value[Role], `SELECT role FROM factor_rule ORDER BY role`)
}

// AlwaysFactor are the roles whose rights always need a second factor: others
// rely on what they may change.
var AlwaysFactor = []Role{Operator, Coordinator, Committee}

// FactorRoles are those of which the alliance may ask it too.
var FactorRoles = []Role{Chair, Facilitator, Rapporteur}

// GraceTime is how long somebody with one of AlwaysFactor, who has no second
// factor yet, uses its rights all the same, from when the role was given.
const GraceTime = 7 * 24 * time.Hour

// RequireFactor says which roles need a second factor from now on, beside those
// that always do, in all sessions at once.
func RequireFactor(ctx context.Context, tx *db.Tx, roles []Role) error {
	if _, err := tx.Exec(ctx, `DELETE FROM factor_rule`); err != nil {
		return err
	}
	for _, r := range FactorRoles {
		for _, wanted := range roles {
			if r == wanted {
				if _, err := tx.Exec(ctx, `INSERT INTO factor_rule (role) VALUES ($1) ON CONFLICT DO NOTHING`, string(r)); err != nil {
					return err
				}
			}
		}
	}
	_, err := tx.Exec(ctx, `UPDATE session SET renew = 1 WHERE half = 0 AND person IN (SELECT person FROM role)`)
	return err
}

// RequireFactorFor says whether mandates of an organisation need a second factor.
func RequireFactorFor(ctx context.Context, tx *db.Tx, organisation string, needed bool) error {
	n, err := tx.Exec(ctx, `UPDATE organisation SET factor = $2 WHERE id = $1`, organisation, needed)
	if err == nil && n == 0 {
		err = fault.Missing()
	}
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE session SET renew = 1 WHERE half = 0 AND person IN (SELECT person FROM mandate WHERE organisation = $1 AND ended = 0)`, organisation)
	return err
}

// OrganisationNeedsFactor tells whether an organisation asks its delegates for one.
func OrganisationNeedsFactor(ctx context.Context, q db.Q, organisation string) (bool, error) {
	n, err := db.One(ctx, q, db.Value[int], `SELECT count(*) FROM organisation WHERE id = $1 AND factor = 1`, organisation)
	return n > 0, err
}

// KnowDevice notes that a person signs in with a browser. known is false when
// it is new to them; first tells that no browser was known before.
func KnowDevice(ctx context.Context, tx *db.Tx, person, secret string) (known, first bool, err error) {
	n, err := tx.Exec(ctx, `UPDATE device SET seen = $3 WHERE person = $1 AND hash = $2`, person, Hash(secret), tx.Now())
	if err != nil || n > 0 {
		return true, false, err
	}
	before, err := db.One(ctx, tx, db.Value[int], `SELECT count(*) FROM device WHERE person = $1`, person)
	if err != nil {
		return false, false, err
	}
	_, err = tx.Exec(ctx, `INSERT INTO device (person, hash, seen) VALUES ($1,$2,$3) ON CONFLICT DO NOTHING`, person, Hash(secret), tx.Now())
	return false, before == 0, err
}
