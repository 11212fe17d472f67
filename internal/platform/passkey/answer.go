package passkey

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// The steps are those of WebAuthn level 2, 7.1 (a new passkey) and 7.2 (one
// that is shown).

// ErrAnswer says that an answer does not count; pages say no more than that.
var ErrAnswer = errors.New("passkey: this answer does not count")

func refused(why string) error { return fmt.Errorf("%w: %s", ErrAnswer, why) }

// most bytes of an answer: a key and its signature are far below.
const most = 16 << 10

// answer is what our script sends of what the browser gave.
type answer struct {
	ID       binary64 `json:"id"`
	Type     string   `json:"type"`
	Response struct {
		Client     binary64 `json:"clientDataJSON"`
		Data       binary64 `json:"authenticatorData"`
		Signature  binary64 `json:"signature"`  // of one that is shown
		User       binary64 `json:"userHandle"` // of one that is shown
		PublicKey  binary64 `json:"publicKey"`  // of a new one, SubjectPublicKeyInfo
		Transports []string `json:"transports"` // of a new one
	} `json:"response"`
	client client
}

// client is what the browser says of where it stands, as it was signed.
type client struct {
	Type      string `json:"type"`
	Challenge string `json:"challenge"`
	Origin    string `json:"origin"`
	Framed    bool   `json:"crossOrigin"`
}

// binary64 is bytes in base64url, with nothing at the end.
type binary64 []byte

func (b *binary64) UnmarshalJSON(text []byte) error {
	var s string
	if err := json.Unmarshal(text, &s); err != nil {
		return err
	}
	read, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if strings.ContainsAny(s, "\r\n") { // the decoder passes over them
		err = errors.New("a line break")
	}
	*b = read
	return err
}

func read(text string) (a answer, err error) {
	if len(text) > most {
		return a, refused("too long")
	}
	if err := json.Unmarshal([]byte(text), &a); err != nil {
		return a, refused(err.Error())
	}
	if err := json.Unmarshal(a.Response.Client, &a.client); err != nil {
		return a, refused(err.Error())
	}
	if a.Type != "public-key" || len(a.ID) == 0 || len(a.ID) > 1023 {
		return a, refused("no passkey")
	}
	return a, nil
}

// fits judges what is signed in both cases: 7.1 steps 7-10 and 13-15, 7.2 steps
// 11-13 and 15-17.
func (s Site) fits(a answer, kind, challenge string) (d data, err error) {
	if a.client.Type != kind {
		return d, refused("an answer to something else: " + a.client.Type)
	}
	if subtle.ConstantTimeCompare([]byte(a.client.Challenge), []byte(challenge)) != 1 {
		return d, refused("another challenge")
	}
	if a.client.Origin != s.origin {
		return d, refused("signed at " + a.client.Origin)
	}
	if a.client.Framed {
		return d, refused("inside the page of another site")
	}
	if d, err = parse(a.Response.Data); err != nil {
		return d, err
	}
	if id := sha256.Sum256([]byte(s.id)); !bytes.Equal(d.site, id[:]) {
		return d, refused("for another site")
	}
	if d.flags&present == 0 {
		return d, refused("nobody touched it")
	}
	if d.flags&verified == 0 {
		return d, refused("nobody was recognised")
	}
	if d.flags&synced != 0 && d.flags&syncable == 0 { // no authenticator says so
		return d, refused("copied though it cannot be")
	}
	return d, nil
}

// data is what an authenticator says: 6.1, as far as it concerns us.
type data struct {
	site       []byte // SHA-256 of its name
	flags      byte
	counter    uint32
	credential []byte // of a new passkey
}

// Flags.
const (
	present  = 1 << 0
	verified = 1 << 2
	syncable = 1 << 3
	synced   = 1 << 4
	attested = 1 << 6 // a new passkey follows
)

func parse(b []byte) (d data, err error) {
	if len(b) < 37 {
		return d, refused("cut off")
	}
	d = data{site: b[:32], flags: b[32], counter: binary.BigEndian.Uint32(b[33:37])}
	if d.flags&attested == 0 {
		return d, nil
	}
	// 16 bytes of its make, the length of the identifier, the identifier, and
	// the key once more in another form.
	if len(b) < 55 {
		return d, refused("cut off")
	}
	n := int(binary.BigEndian.Uint16(b[53:55]))
	if n == 0 || n > 1023 || len(b) < 55+n {
		return d, refused("cut off")
	}
	d.credential = b[55 : 55+n]
	return d, nil
}

// Made is a new passkey as the browser gives it, not judged yet.
type Made struct {
	Challenge string
	answer
}

// ReadMade reads the answer to ToMake.
func ReadMade(text string) (Made, error) {
	a, err := read(text)
	return Made{a.client.Challenge, a}, err
}

// Public is the half of a passkey that is kept.
type Public struct {
	Key
	PKIX    []byte // the public key, SubjectPublicKeyInfo
	Counter uint32 // of signatures; many authenticators do not count and say 0
	Synced  bool   // its maker may copy it to other devices of the same person
}

// Accept judges a new passkey against the challenge that was set. The key is
// taken as the browser reads it out: without attestation nothing in the
// authenticator's own form of it is signed either.
func (s Site) Accept(m Made, challenge string) (Public, error) {
	d, err := s.fits(m.answer, "webauthn.create", challenge)
	if err != nil {
		return Public{}, err
	}
	if d.credential == nil || !bytes.Equal(d.credential, m.ID) {
		return Public{}, refused("named otherwise than it was made")
	}
	if _, err := publicKey(m.Response.PublicKey); err != nil {
		return Public{}, err
	}
	p := Public{Key: Key{Credential: d.credential}, PKIX: m.Response.PublicKey, Counter: d.counter, Synced: d.flags&syncable != 0}
	for _, t := range m.Response.Transports {
		if len(p.Transports) < 8 && len(t) <= 20 && strings.Trim(t, "abcdefghijklmnopqrstuvwxyz-") == "" {
			p.Transports = append(p.Transports, t)
		}
	}
	return p, nil
}

// Shown is a passkey's signature, not judged yet.
type Shown struct {
	Challenge  string
	Credential []byte
	Owner      string // "" where the browser did not say
	answer
}

// ReadShown reads the answer to ToShow.
func ReadShown(text string) (Shown, error) {
	a, err := read(text)
	return Shown{a.client.Challenge, a.ID, string(a.Response.User), a}, err
}

// Check judges a signature against the challenge that was set and the public
// key that is kept, and gives the counter.
func (s Site) Check(sh Shown, challenge string, pkix []byte) (counter uint32, err error) {
	d, err := s.fits(sh.answer, "webauthn.get", challenge)
	if err != nil {
		return 0, err
	}
	key, err := publicKey(pkix)
	if err != nil {
		return 0, err
	}
	// 7.2 steps 19 and 20: what is signed is the data, then the hash of the client's words.
	hash := sha256.Sum256(sh.Response.Client)
	if !signed(key, append(bytes.Clone(sh.Response.Data), hash[:]...), sh.Response.Signature) {
		return 0, refused("a wrong signature")
	}
	return d.counter, nil
}

// publicKey reads a key of one of our algorithms.
func publicKey(pkix []byte) (crypto.PublicKey, error) {
	key, err := x509.ParsePKIXPublicKey(pkix)
	if err != nil {
		return nil, refused(err.Error())
	}
	switch k := key.(type) {
	case *ecdsa.PublicKey:
		if k.Curve == elliptic.P256() {
			return k, nil
		}
	case ed25519.PublicKey:
		return k, nil
	case *rsa.PublicKey:
		if n := k.N.BitLen(); n >= 2048 && n <= 8192 {
			return k, nil
		}
	}
	return nil, refused("a key of another sort")
}

func signed(key crypto.PublicKey, text, signature []byte) bool {
	sum := sha256.Sum256(text)
	switch k := key.(type) {
	case *ecdsa.PublicKey:
		return ecdsa.VerifyASN1(k, sum[:], signature)
	case ed25519.PublicKey:
		return ed25519.Verify(k, text, signature)
	case *rsa.PublicKey:
		return rsa.VerifyPKCS1v15(k, crypto.SHA256, sum[:], signature) == nil
	}
	return false
}
