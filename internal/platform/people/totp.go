package people

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1" // #nosec G505 -- the standard of authenticator apps; sound inside HMAC
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"
	"strings"
	"time"

	"alliance/internal/platform/db"
)

// Codes of authenticator apps as all of them can make them: RFC 6238 with
// SHA-1, 30 seconds, 6 digits. (SHA-1 is sound inside HMAC.)
const (
	totpStep   = 30 * time.Second
	totpDigits = 6
	totpDrift  = 1 // steps a clock may be off, either way
)

// NewTOTPSecret makes the secret of an authenticator app: 160 bits, as RFC 4226 asks.
func NewTOTPSecret() []byte {
	b := make([]byte, 20)
	rand.Read(b)
	return b
}

// TOTPText is the secret as one types it into an app.
func TOTPText(secret []byte) string {
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
}

// TOTPAddress is the secret as an app reads it from a picture; site and
// account are what the app shows.
func TOTPAddress(secret []byte, site, account string) string {
	return "otpauth://totp/" + url.PathEscape(site+":"+account) + "?" + "secret=" + TOTPText(secret) + "&issuer=" + url.QueryEscape(site)
}

// code is HOTP (RFC 4226) at a step.
func code(secret []byte, step int64, digits int) string {
	m := hmac.New(sha1.New, secret)
	binary.Write(m, binary.BigEndian, uint64(step))
	sum := m.Sum(nil)
	at := sum[len(sum)-1] & 15
	n := uint64(binary.BigEndian.Uint32(sum[at:]) & 0x7fffffff)
	ten := uint64(1)
	for range digits {
		ten *= 10
	}
	return fmt.Sprintf("%0*d", digits, n%ten)
}

// stepOf gives the step whose code this is, at most totpDrift from now and
// after the last one taken; 0 when there is none.
func stepOf(secret []byte, typed string, now db.Instant, last int64) int64 {
	if len(typed) != totpDigits {
		return 0
	}
	at, found := now.Time().Unix()/int64(totpStep.Seconds()), int64(0)
	for step := at - totpDrift; step <= at+totpDrift; step++ {
		if hmac.Equal([]byte(code(secret, step, totpDigits)), []byte(typed)) && step > last && found == 0 {
			found = step
		}
	}
	return found
}

// TOTPCode gives the code of an instant: what the app shows.
func TOTPCode(secret []byte, at db.Instant) string {
	return code(secret, at.Time().Unix()/int64(totpStep.Seconds()), totpDigits)
}

// FitsTOTP tells whether a code is the secret's now, before it is kept.
func FitsTOTP(secret []byte, typed string, now db.Instant) bool {
	return stepOf(secret, digitsOf(typed), now, 0) != 0
}

// digitsOf drops what apps and people put between digits, and reads the
// digits of any script, as phones in Arabic or Persian type them.
func digitsOf(typed string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return r
		case r >= '٠' && r <= '٩':
			return r - '٠' + '0'
		case r >= '۰' && r <= '۹':
			return r - '۰' + '0'
		case r == ' ' || r == '-' || r == '\u00a0' || r == '\u202f':
			return -1
		}
		return 'x'
	}, typed)
}
