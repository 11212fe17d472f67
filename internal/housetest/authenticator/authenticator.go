// Package authenticator holds a passkey for tests without a browser. It does
// what the options ask, or what a liar would: every part of what it signs can
// be set.
package authenticator

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"slices"
	"testing"
)

// Device is an authenticator with one passkey.
type Device struct {
	Origin string // where its browser stands
	Site   string // which site it signs for; "" = the one asked for

	Absent, Unverified, Framed bool   // nobody touched it; no finger; from inside another site's page
	Type                       string // of the client data; "" = the right one
	Counter                    uint32
	Forged                     bool // signs something else
	Renamed                    bool // names its new passkey otherwise than it was made

	Credential []byte
	Owner      []byte
	Key        crypto.Signer
	tb         testing.TB
}

// New gives a device whose browser stands at an origin.
func New(tb testing.TB, origin string) *Device {
	tb.Helper()
	d := &Device{Origin: origin, Credential: make([]byte, 32), tb: tb}
	rand.Read(d.Credential)
	var err error
	if d.Key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		tb.Fatal(err)
	}
	return d
}

type options struct {
	Challenge string
	RPID      string
	RP        struct{ ID string }
	User      struct{ ID string }
}

func (d *Device) options(asked []byte) (o options) {
	d.tb.Helper()
	if err := json.Unmarshal(asked, &o); err != nil || o.Challenge == "" {
		d.tb.Fatalf("options %s: %v", asked, err)
	}
	return o
}

func text(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func (d *Device) client(kind, challenge string) []byte {
	if d.Type != "" {
		kind = d.Type
	}
	b, _ := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": d.Origin, "crossOrigin": d.Framed})
	return b
}

func (d *Device) data(site string, flags byte) []byte {
	if d.Site != "" {
		site = d.Site
	}
	if !d.Absent {
		flags |= 1
	}
	if !d.Unverified {
		flags |= 4
	}
	hash := sha256.Sum256([]byte(site))
	return binary.BigEndian.AppendUint32(append(hash[:], flags), d.Counter)
}

func (d *Device) answer(response map[string]any) string {
	b, _ := json.Marshal(map[string]any{"id": text(d.Credential), "type": "public-key", "response": response})
	return string(b)
}

// Make answers the options that ask for a new passkey.
func (d *Device) Make(asked []byte) string {
	d.tb.Helper()
	o := d.options(asked)
	d.Owner, _ = base64.RawURLEncoding.DecodeString(o.User.ID)
	public, err := x509.MarshalPKIXPublicKey(d.Key.Public())
	if err != nil {
		d.tb.Fatal(err)
	}
	data := slices.Concat(d.data(o.RP.ID, 0x40), make([]byte, 16), []byte{0, byte(len(d.Credential))}, d.Credential, []byte("the key in CBOR, which nobody reads"))
	if d.Renamed {
		data[60]++
	}
	return d.answer(map[string]any{"clientDataJSON": text(d.client("webauthn.create", o.Challenge)), "authenticatorData": text(data), "publicKey": text(public), "transports": []string{"internal"}})
}

// Show answers the options that ask for the passkey.
func (d *Device) Show(asked []byte) string {
	d.tb.Helper()
	o := d.options(asked)
	client, data := d.client("webauthn.get", o.Challenge), d.data(o.RPID, 0)
	hash := sha256.Sum256(client)
	signed := slices.Concat(data, hash[:])
	if d.Forged {
		signed = signed[1:]
	}
	how := crypto.Hash(0) // Ed25519 signs the whole
	if _, ed := d.Key.(ed25519.PrivateKey); !ed {
		sum := sha256.Sum256(signed)
		signed, how = sum[:], crypto.SHA256
	}
	signature, err := d.Key.Sign(rand.Reader, signed, how)
	if err != nil {
		d.tb.Fatal(err)
	}
	return d.answer(map[string]any{"clientDataJSON": text(client), "authenticatorData": text(data), "signature": text(signature), "userHandle": text(d.Owner)})
}
