// Package passkey asks for passkeys and judges what comes back.
//
// The one idea: the browser signs a challenge of ours together with the address
// it stands at, so an answer is worth nothing on another site, nor twice. What
// is kept here is the public half alone. Nobody is asked which make of
// authenticator they have: without attestation, what WebAuthn leaves to a site
// is small. It is in answer.go, beside the step of the standard each check is.
package passkey

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"time"
)

// Site is what passkeys are bound to: the address as visitors see it.
type Site struct {
	id     string // its host, without the port
	origin string
	name   string
}

// ErrNumbers says that browsers make no passkeys for an address of numbers.
var ErrNumbers = errors.New("passkey: this address has no name")

// At gives the site at an origin, "https://alliance.example.org". name is what
// authenticators show.
func At(origin, name string) (Site, error) {
	u, err := url.Parse(origin)
	if err != nil || u.Hostname() == "" {
		return Site{}, fmt.Errorf("passkey: %q is no origin", origin)
	}
	if _, err := netip.ParseAddr(u.Hostname()); err == nil {
		return Site{}, ErrNumbers
	}
	return Site{id: u.Hostname(), origin: u.Scheme + "://" + u.Host, name: name}, nil
}

// Time is how long somebody may take to show a passkey.
const Time = 5 * time.Minute

// algorithms of signature by their COSE numbers, the preferred first: ES256
// (ECDSA on P-256), EdDSA (Ed25519), RS256 (RSA). See signed.
var algorithms = []int{-7, -8, -257}

// Owner is whom a passkey is made for. ID is what it gives back at a sign-in
// without an address typed; Address and Name are shown by authenticators.
type Owner struct{ ID, Address, Name string }

// Key names a passkey to a browser.
type Key struct {
	Credential []byte
	Transports []string
}

type keyJSON struct {
	Type       string   `json:"type"`
	ID         string   `json:"id"`
	Transports []string `json:"transports,omitempty"`
}

func keysJSON(keys []Key) []keyJSON {
	list := []keyJSON{}
	for _, k := range keys {
		list = append(list, keyJSON{"public-key", text(k.Credential), k.Transports})
	}
	return list
}

func text(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// ToMake is what the browser is asked in order to make a passkey; known are
// those the person has, so that one authenticator holds one.
func (s Site) ToMake(challenge string, o Owner, known []Key) ([]byte, error) {
	type parameter struct {
		Type string `json:"type"`
		Alg  int    `json:"alg"`
	}
	parameters := []parameter{}
	for _, a := range algorithms {
		parameters = append(parameters, parameter{"public-key", a})
	}
	return json.Marshal(map[string]any{
		"challenge": challenge, "timeout": Time.Milliseconds(), "attestation": "none", "pubKeyCredParams": parameters,
		"rp":                     map[string]string{"id": s.id, "name": s.name},
		"user":                   map[string]string{"id": text([]byte(o.ID)), "name": o.Address, "displayName": o.Name},
		"excludeCredentials":     keysJSON(known),
		"authenticatorSelection": map[string]any{"residentKey": "required", "requireResidentKey": true, "userVerification": "required"},
	})
}

// ToShow is what the browser is asked in order to show a passkey: one of some,
// or any it has for this site.
func (s Site) ToShow(challenge string, some []Key) ([]byte, error) {
	return json.Marshal(map[string]any{
		"challenge": challenge, "timeout": Time.Milliseconds(), "rpId": s.id, "userVerification": "required", "allowCredentials": keysJSON(some),
	})
}
