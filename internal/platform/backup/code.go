package backup

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"strings"
	"time"
)

// A code brings a rehearsal back to a house that has no key. It holds the day
// and how long it took, and is signed with what only the end of the backup says:
// who shows it has opened that backup to its end. 16 characters, so that they
// can be read over the telephone.

// proofOf is the hash of the end of an archive.
func proofOf(end []byte) string {
	sum := sha256.Sum256(end)
	return hex.EncodeToString(sum[:])
}

// alphabet has no letter that is taken for another (Crockford).
var alphabet = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

const (
	mostDays = 1<<10 - 1
	mostTook = 1<<14 - 1 // seconds: who took longer took at least so long
	saidLen  = 3
	codeLen  = 10
)

// Code tells of a rehearsal that went well.
func (r Report) Code(at time.Time, took time.Duration) string {
	days := min(max(int(at.Sub(r.Made).Hours()/24), 0), mostDays)
	seconds := min(max(int(took.Round(time.Second).Seconds()), 1), mostTook)
	n := days<<14 | seconds
	said := []byte{byte(n >> 16), byte(n >> 8), byte(n)}
	text := alphabet.EncodeToString(append(said, signed(r.Proof, said)...))
	return strings.Join([]string{text[:4], text[4:8], text[8:12], text[12:]}, "-")
}

func signed(proof string, said []byte) []byte {
	m := hmac.New(sha256.New, []byte(proof))
	m.Write([]byte("alliance rehearsal 1\n"))
	m.Write(said)
	return m.Sum(nil)[:codeLen-saidLen]
}

// retyped puts right what people type: small letters, letters for digits, gaps.
var retyped = strings.NewReplacer("O", "0", "I", "1", "L", "1", "U", "V", "-", "", " ", "", "\u00a0", "", "\u200e", "", "–", "")

// ReadCode finds the backup that a code tells of, with the day of the rehearsal
// and how long it took.
func ReadCode(text string, kept []Run) (of Run, at time.Time, took time.Duration, ok bool) {
	raw, err := alphabet.DecodeString(retyped.Replace(strings.ToUpper(text)))
	if err != nil || len(raw) != codeLen {
		return Run{}, at, 0, false
	}
	said := raw[:saidLen]
	n := int(said[0])<<16 | int(said[1])<<8 | int(said[2])
	for _, r := range kept {
		if r.Proof != "" && hmac.Equal(raw[saidLen:], signed(r.Proof, said)) {
			taken, _ := made(r.File)
			return r, taken.AddDate(0, 0, n>>14), time.Duration(n&mostTook) * time.Second, true
		}
	}
	return Run{}, at, 0, false
}
