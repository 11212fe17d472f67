package backup

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"strings"
	"time"
)

// A code brings a rehearsal back to a house that has no key, in 16 characters,
// so that they can be read over the telephone. That it went well must be proved:
// the code is signed with what only the end of the backup says, so who shows it
// has opened that backup to its end. Who failed did not come there and proves
// nothing: that code is signed with the backup's name, which finds the backup
// and what was mistyped. Neither is ever taken for the other.

// proofOf is the hash of the end of an archive.
func proofOf(end []byte) string {
	sum := sha256.Sum256(end)
	return hex.EncodeToString(sum[:])
}

// alphabet has no letter that is taken for another (Crockford).
var alphabet = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// Of 24 bits a code says the day with 10, counted from the backup. The other 14
// are seconds, or 4 of them the failure: who took longer took at least so long.
const (
	mostDays = 1<<10 - 1
	forTook  = 14
	forKind  = 4
	saidLen  = 3
	codeLen  = 10

	saysWell   = "alliance rehearsal 1\n"
	saysFailed = "alliance rehearsal failed 1\n"
)

// Code tells of a rehearsal that went well.
func (r Report) Code(at time.Time, took time.Duration) string {
	return coded(r.Proof, saysWell, days(r.Made, at)<<forTook|seconds(took, forTook))
}

// Code tells of a rehearsal of the backup of a name that failed. "" = this is
// the name of no backup.
func (f Failure) Code(name string, at time.Time, took time.Duration) string {
	from, ok := made(name)
	if !ok {
		return ""
	}
	return coded(name, saysFailed, days(from, at)<<forTook|f.number()<<(forTook-forKind)|seconds(took, forTook-forKind))
}

func days(from, at time.Time) int { return min(max(int(at.Sub(from).Hours()/24), 0), mostDays) }

func seconds(took time.Duration, bits int) int {
	return min(max(int(took.Round(time.Second).Seconds()), 1), 1<<bits-1)
}

func coded(key, says string, n int) string {
	said := []byte{byte(n >> 16), byte(n >> 8), byte(n)}
	text := alphabet.EncodeToString(append(said, signed(key, says, said)...))
	return strings.Join([]string{text[:4], text[4:8], text[8:12], text[12:]}, "-")
}

func signed(key, says string, said []byte) []byte {
	m := hmac.New(sha256.New, []byte(key))
	m.Write([]byte(says))
	m.Write(said)
	return m.Sum(nil)[:codeLen-saidLen]
}

// retyped puts right what people type: small letters, letters for digits, gaps.
var retyped = strings.NewReplacer("O", "0", "I", "1", "L", "1", "U", "V", "-", "", " ", "", "\u00a0", "", "\u200e", "", "–", "")

// Told is what a code says of a rehearsal.
type Told struct {
	Of      Run       // the backup
	At      time.Time // the day alone counts
	Took    time.Duration
	Failure Failure // "" = it went well
	Code    string  // as it is, however it was typed
}

// ReadCode finds the backup that a code tells of among those that were taken.
func ReadCode(text string, taken []Run) (t Told, ok bool) {
	text = retyped.Replace(strings.ToUpper(text))
	raw, err := alphabet.DecodeString(text)
	if err != nil || len(raw) != codeLen {
		return t, false
	}
	said, sign := raw[:saidLen], raw[saidLen:]
	n := int(said[0])<<16 | int(said[1])<<8 | int(said[2])
	for _, r := range taken {
		from, named := made(r.File)
		if !named {
			continue // it failed, or was taken by an older program
		}
		t = Told{Of: r, At: from.AddDate(0, 0, n>>forTook), Code: text}
		switch {
		case r.Proof != "" && hmac.Equal(sign, signed(r.Proof, saysWell, said)):
			t.Took = time.Duration(n&(1<<forTook-1)) * time.Second
			return t, true
		case hmac.Equal(sign, signed(r.File, saysFailed, said)):
			t.Took = time.Duration(n&(1<<(forTook-forKind)-1)) * time.Second
			t.Failure = failureOf(n >> (forTook - forKind) & (1<<forKind - 1))
			return t, true
		}
	}
	return Told{}, false
}

// failureOf reads its number, which a newer program may have written.
func failureOf(n int) Failure {
	if n < len(failures) {
		return failures[n].Failure
	}
	return Another
}
