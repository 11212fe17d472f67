package people

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/argon2"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lang"
)

// Argon2id as OWASP's first choice for servers with little memory: 19 MiB, two
// passes, one lane. The parameters stand in every hash, so they may grow.
const (
	argonMemory = 19 * 1024 // KiB
	argonTime   = 2
	argonLanes  = 1
)

// Each hash takes 19 MiB and a core: no more at once than there are cores.
var hashing = make(chan struct{}, runtime.NumCPU())

var hashed atomic.Int64

// Hashings tells how many passwords were hashed since the program started:
// what costs most of all that anybody may ask for.
func Hashings() int64 { return hashed.Load() }

func hashSlot(ctx context.Context) (release func(), err error) {
	wait, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	select {
	case hashing <- struct{}{}:
		hashed.Add(1)
		return func() { <-hashing }, nil
	case <-wait.Done():
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fault.TooMany("people.password.busy", "Too many people are signing in. Try again in a minute.")
	}
}

// Shortest and longest password; between them the length is free.
const (
	PasswordMin = 12
	PasswordMax = 200
)

// ValidPassword says what is wrong with a new password: length is what
// protects, so rules on signs are left out; what anybody would try first is not.
func ValidPassword(password string, p Person) error {
	n := len([]rune(password))
	if n < PasswordMin || n > PasswordMax {
		return fault.Invalid("password", "people.password.length", "A password has at least {n} characters. Several words in a row are fine.", "n", PasswordMin)
	}
	different := map[rune]bool{}
	for _, r := range password {
		different[r] = true
	}
	folded := lang.Fold(password)
	easy := len(different) < 5 || strings.Contains("012345678901234567890", folded) || strings.Contains("abcdefghijklmnopqrstuvwxyz", folded)
	for _, known := range []string{p.Email, p.Name, strings.ReplaceAll(p.Name, " ", ""), strings.Split(p.Email, "@")[0]} {
		if known = lang.Fold(known); len(known) > 3 && len(folded)-len(known) < 4 && strings.Contains(folded, known) {
			easy = true
		}
	}
	if easy {
		return fault.Invalid("password", "people.password.easy", "This password is too easy to guess. Choose another one.")
	}
	return nil
}

// HashPassword gives the form that is kept. Slow on purpose; never inside a
// transaction.
func HashPassword(ctx context.Context, password string) (string, error) {
	release, err := hashSlot(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	salt := make([]byte, 16)
	rand.Read(salt)
	return encodeHash(salt, argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonLanes, 32)), nil
}

func encodeHash(salt, sum []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonLanes, b64.EncodeToString(salt), b64.EncodeToString(sum))
}

// A hash no password has, for accounts that are not there or have no password.
var nobody = encodeHash(make([]byte, 16), make([]byte, 32))

// CheckPassword compares; an empty hash never fits but takes as long, so that
// time does not tell which accounts exist.
func CheckPassword(ctx context.Context, hash, password string) (bool, error) {
	release, err := hashSlot(ctx)
	if err != nil {
		return false, err
	}
	defer release()
	known := hash != ""
	if !known {
		hash = nobody
	}
	var version, memory, passes, lanes int
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, fmt.Errorf("people: a password in an unknown form")
	}
	if _, err := fmt.Sscanf(parts[2]+parts[3], "v=%dm=%d,t=%d,p=%d", &version, &memory, &passes, &lanes); err != nil {
		return false, fmt.Errorf("people: password parameters: %w", err)
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	want, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil {
		return false, fmt.Errorf("people: a password in an unknown form")
	}
	if len(password) > 4*PasswordMax {
		password = "" // takes as long, fits nothing
		known = false
	}
	got := argon2.IDKey([]byte(password), salt, uint32(passes), uint32(memory), uint8(lanes), uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1 && known, nil
}

// PasswordOf gives the account and hash of an address, both "" when there is
// none; the caller checks the password all the same.
func PasswordOf(ctx context.Context, q db.Q, email string) (person, hash string, err error) {
	key, _ := EmailKey(email)
	found, err := db.All(ctx, q, db.Pair[string, string], `SELECT id, password FROM person WHERE email_key = $1 AND email_key <> '' AND erased = 0`, key)
	if err != nil || len(found) == 0 {
		return "", "", err
	}
	return found[0].A, found[0].B, nil
}

// SetPassword keeps a hash ("" = sign in by links only).
func SetPassword(ctx context.Context, tx *db.Tx, person, hash string) error {
	_, err := tx.Exec(ctx, `UPDATE person SET password = $2 WHERE id = $1 AND erased = 0`, person, hash)
	return err
}
