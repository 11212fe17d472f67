package people

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
	"alliance/internal/platform/passkey"
)

// Passkey is one passkey of a person.
type Passkey struct {
	ID, Person, Name string
	passkey.Public
	Created, Used db.Instant // Used 0 = never
}

const (
	passkeyName = 100 // letters
	passkeysMax = 20  // of one person
)

func namePasskey(name string) (string, error) {
	name = strings.TrimSpace(name)
	if name == "" || len([]rune(name)) > passkeyName {
		return "", fault.Invalid("name", "people.passkey.name", "Give the passkey a name of at most {n} letters.", "n", passkeyName)
	}
	return name, nil
}

// KeepPasskey adds a passkey to an account and gives its identifier.
func KeepPasskey(ctx context.Context, tx *db.Tx, k Passkey) (string, error) {
	var err error
	if k.Name, err = namePasskey(k.Name); err != nil {
		return "", err
	}
	n, err := db.One(ctx, tx, db.Value[int], `SELECT count(*) FROM passkey WHERE person = $1`, k.Person)
	if err != nil {
		return "", err
	}
	if n >= passkeysMax {
		return "", fault.Conflict("people.passkey.many", "You have {n} passkeys. Remove one first.", "n", passkeysMax)
	}
	k.ID = id.New()
	_, err = tx.Exec(ctx, `INSERT INTO passkey (id, person, name, credential, pkix, transports, counter, synced, created) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)`,
		k.ID, k.Person, k.Name, base64.RawURLEncoding.EncodeToString(k.Credential), base64.RawURLEncoding.EncodeToString(k.PKIX),
		strings.Join(k.Transports, ","), int64(k.Counter), k.Synced, tx.Now())
	if db.IsDuplicate(err) {
		return "", fault.Conflict("people.passkey.known", "This passkey is known here already.")
	}
	return k.ID, err
}

const passkeyColumns = `SELECT id, person, name, credential, pkix, transports, counter, synced, created, used FROM passkey` // #nosec G101 -- names of columns

func scanPasskey(r db.Row) (k Passkey, err error) {
	var credential, pkix, transports string
	var counter int64
	if err := r.Scan(&k.ID, &k.Person, &k.Name, &credential, &pkix, &transports, &counter, &k.Synced, &k.Created, &k.Used); err != nil {
		return k, err
	}
	if k.Credential, err = base64.RawURLEncoding.DecodeString(credential); err == nil {
		k.PKIX, err = base64.RawURLEncoding.DecodeString(pkix)
	}
	if err != nil {
		return k, fmt.Errorf("people: passkey %s: %w", k.ID, err)
	}
	if transports != "" {
		k.Transports = strings.Split(transports, ",")
	}
	k.Counter = uint32(counter)
	return k, nil
}

// PasskeysOf lists the passkeys of a person, the oldest first.
func PasskeysOf(ctx context.Context, q db.Q, person string) ([]Passkey, error) {
	return db.All(ctx, q, scanPasskey, passkeyColumns+` WHERE person = $1 ORDER BY created, id`, person)
}

// PasskeyOf gives one passkey of a person.
func PasskeyOf(ctx context.Context, q db.Q, person, passkey string) (Passkey, error) {
	return missing(db.One(ctx, q, scanPasskey, passkeyColumns+` WHERE id = $1 AND person = $2`, passkey, person))
}

// PasskeyByCredential finds whose passkey was shown.
func PasskeyByCredential(ctx context.Context, q db.Q, credential []byte) (Passkey, error) {
	return missing(db.One(ctx, q, scanPasskey, passkeyColumns+` WHERE credential = $1`, base64.RawURLEncoding.EncodeToString(credential)))
}

// UsePasskey notes that a passkey was shown. copied tells that its counter did
// not go on: somebody signs with a copy, or did before.
func UsePasskey(ctx context.Context, tx *db.Tx, passkey string, counter uint32) (copied bool, err error) {
	n, err := tx.Exec(ctx, `UPDATE passkey SET counter = $2, used = $3 WHERE id = $1 AND (counter < $4 OR counter = 0 AND counter = $5)`,
		passkey, int64(counter), tx.Now(), int64(counter), int64(counter))
	return err == nil && n == 0, err
}

// RenamePasskey changes what its person calls it.
func RenamePasskey(ctx context.Context, tx *db.Tx, person, passkey, name string) error {
	name, err := namePasskey(name)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE passkey SET name = $3 WHERE id = $1 AND person = $2`, passkey, person, name)
	if err == nil && n == 0 {
		return fault.Missing()
	}
	return err
}

// DropPasskey removes one.
func DropPasskey(ctx context.Context, tx *db.Tx, person, passkey string) error {
	n, err := tx.Exec(ctx, `DELETE FROM passkey WHERE id = $1 AND person = $2`, passkey, person)
	if err == nil && n == 0 {
		return fault.Missing()
	}
	return err
}
