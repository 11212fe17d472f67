// Package id makes identifiers that sort by the time they were made.
//
// An identifier is 16 characters of lower-case Crockford base 32: 48 bits of
// milliseconds and 32 bits that are random at the first of a millisecond and
// counted up within it, so two made by one process never collide or disorder.
package id

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"strings"
	"sync"
	"time"
)

var encoding = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

var last struct {
	sync.Mutex
	ms  uint64
	low uint32
}

// New gives the next identifier.
func New() string {
	last.Lock()
	defer last.Unlock()
	if ms := uint64(time.Now().UnixMilli()); ms > last.ms {
		last.ms, last.low = ms, random32()>>1 // half the range is left to count up
	} else {
		last.low++
	}
	return encode(last.ms, last.low)
}

// Named gives the same identifier for the same name, for demonstrations and
// tests, where links must survive a restart. It sorts before every New.
func Named(name string) string {
	sum := sha256.Sum256([]byte(name))
	return encode(uint64(binary.BigEndian.Uint32(sum[:])), binary.BigEndian.Uint32(sum[4:]))
}

// Valid tells whether s has the form of an identifier.
func Valid(s string) bool {
	if len(s) != 16 {
		return false
	}
	return strings.Trim(s, "0123456789abcdefghjkmnpqrstvwxyz") == ""
}

// Secret gives a random token of n bytes for links and sessions, 8 bits each.
func Secret(n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails since Go 1.24: the program ends instead
	return encoding.EncodeToString(b)
}

// Code gives n characters that are easy to read aloud and to type on a phone:
// no vowel, no 0, 1, l: no words, no mix-ups.
func Code(n int) string {
	const letters = "23456789bcdfghjkmnpqrstvwxz"
	b := make([]byte, 0, n)
	for len(b) < n {
		var r [1]byte
		rand.Read(r[:])
		if int(r[0]) < 256/len(letters)*len(letters) { // no bias
			b = append(b, letters[int(r[0])%len(letters)])
		}
	}
	return string(b)
}

func random32() uint32 {
	var b [4]byte
	rand.Read(b[:])
	return binary.BigEndian.Uint32(b[:])
}

func encode(ms uint64, low uint32) string {
	var b [10]byte
	binary.BigEndian.PutUint32(b[6:], low)
	for i := 5; i >= 0; i-- {
		b[i] = byte(ms)
		ms >>= 8
	}
	return encoding.EncodeToString(b[:])
}
