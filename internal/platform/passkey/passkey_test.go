package passkey_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"strings"
	"testing"

	"alliance/internal/housetest/authenticator"
	"alliance/internal/platform/passkey"
)

const origin, challenge = "https://alliance.example.org", "Y2hhbGxlbmdlLWNoYWxsZW5nZS1jaGFsbGVuZ2U"

func site(t testing.TB) passkey.Site {
	s, err := passkey.At(origin, "Alliance")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// liars are the ways an answer can be for something else than what was asked.
var liars = map[string]func(*authenticator.Device){
	"a site that looks alike":     func(d *authenticator.Device) { d.Origin = "https://alliance.example.com" },
	"a site below ours":           func(d *authenticator.Device) { d.Origin = "https://evil.alliance.example.org" },
	"our name without encryption": func(d *authenticator.Device) { d.Origin = "http://alliance.example.org" },
	"our name at another port":    func(d *authenticator.Device) { d.Origin = "https://alliance.example.org:8443" },
	"no site":                     func(d *authenticator.Device) { d.Origin = "" },
	"inside another site's page":  func(d *authenticator.Device) { d.Framed = true },
	"a key of another site":       func(d *authenticator.Device) { d.Site = "alliance.example.com" },
	"nobody touched it":           func(d *authenticator.Device) { d.Absent = true },
	"no finger, face or PIN":      func(d *authenticator.Device) { d.Unverified = true },
}

func TestMake(t *testing.T) {
	s := site(t)
	asked, err := s.ToMake(challenge, passkey.Owner{ID: "0123456789abcdef", Address: "rosa@example.org", Name: "Rosa"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, words := range []string{`"userVerification":"required"`, `"residentKey":"required"`, `"attestation":"none"`, `"id":"alliance.example.org"`} {
		if !strings.Contains(string(asked), words) {
			t.Errorf("not asked: %s in %s", words, asked)
		}
	}
	make := func(d *authenticator.Device, set string) (passkey.Public, error) {
		made, err := passkey.ReadMade(d.Make(asked))
		if err != nil {
			t.Fatal(err)
		}
		if made.Challenge != challenge {
			t.Fatal(made.Challenge)
		}
		return s.Accept(made, set)
	}
	d := authenticator.New(t, origin)
	p, err := make(d, challenge)
	if err != nil || string(p.Credential) != string(d.Credential) || p.Synced || len(p.Transports) != 1 {
		t.Fatal(p, err)
	}
	if _, err := make(d, "YW5vdGhlci1jaGFsbGVuZ2UtYW5vdGhlcg"); !errors.Is(err, passkey.ErrAnswer) {
		t.Error("another challenge:", err)
	}
	for name, lie := range liars {
		d := authenticator.New(t, origin)
		lie(d)
		if _, err := make(d, challenge); !errors.Is(err, passkey.ErrAnswer) {
			t.Errorf("%s: %v", name, err)
		}
	}
	liar := func(name string, lie func(*authenticator.Device)) {
		d := authenticator.New(t, origin)
		lie(d)
		if _, err := make(d, challenge); !errors.Is(err, passkey.ErrAnswer) {
			t.Errorf("%s: %v", name, err)
		}
	}
	liar("an answer to something else", func(d *authenticator.Device) { d.Type = "webauthn.get" })
	liar("another name", func(d *authenticator.Device) { d.Renamed = true })
	liar("a weak key", func(d *authenticator.Device) { d.Key = signer(rsa.GenerateKey(rand.Reader, 1024)) })
	liar("a curve we do not know", func(d *authenticator.Device) { d.Key = signer(ecdsa.GenerateKey(elliptic.P384(), rand.Reader)) })
}

func signer[K crypto.Signer](key K, err error) crypto.Signer {
	if err != nil {
		panic(err)
	}
	return key
}

// Each algorithm we ask for is one we judge.
func TestAlgorithms(t *testing.T) {
	s := site(t)
	make, _ := s.ToMake(challenge, passkey.Owner{ID: "0123456789abcdef"}, nil)
	show, _ := s.ToShow(challenge, nil)
	_, edwards, _ := ed25519.GenerateKey(rand.Reader)
	for alg, key := range map[string]crypto.Signer{"-7": signer(ecdsa.GenerateKey(elliptic.P256(), rand.Reader)), "-8": edwards, "-257": signer(rsa.GenerateKey(rand.Reader, 2048))} {
		if !strings.Contains(string(make), `"alg":`+alg+`}`) {
			t.Errorf("%s is not asked for", alg)
		}
		d := authenticator.New(t, origin)
		d.Key = key
		made, err := passkey.ReadMade(d.Make(make))
		if err != nil {
			t.Fatal(alg, err)
		}
		p, err := s.Accept(made, challenge)
		if err != nil {
			t.Fatal(alg, err)
		}
		for _, d.Forged = range []bool{false, true} {
			shown, err := passkey.ReadShown(d.Show(show))
			if err != nil {
				t.Fatal(alg, err)
			}
			if _, err := s.Check(shown, challenge, p.PKIX); (err != nil) != d.Forged {
				t.Errorf("%s, forged %v: %v", alg, d.Forged, err)
			}
		}
	}
}

func TestShow(t *testing.T) {
	s := site(t)
	asked, err := s.ToShow(challenge, []passkey.Key{{Credential: []byte("known"), Transports: []string{"usb"}}})
	if err != nil || !strings.Contains(string(asked), `"userVerification":"required"`) || !strings.Contains(string(asked), `"id":"a25vd24"`) {
		t.Fatal(string(asked), err)
	}
	make, _ := s.ToMake(challenge, passkey.Owner{ID: "0123456789abcdef"}, nil)
	kept := func(d *authenticator.Device) []byte {
		honest := *d
		honest.Origin, honest.Site, honest.Framed, honest.Absent, honest.Unverified, honest.Type = origin, "", false, false, false, ""
		made, err := passkey.ReadMade(honest.Make(make))
		if err != nil {
			t.Fatal(err)
		}
		p, err := s.Accept(made, challenge)
		if err != nil {
			t.Fatal(err)
		}
		d.Owner = honest.Owner
		return p.PKIX
	}
	check := func(d *authenticator.Device, set string, pkix []byte) (uint32, error) {
		shown, err := passkey.ReadShown(d.Show(asked))
		if err != nil {
			t.Fatal(err)
		}
		return s.Check(shown, set, pkix)
	}
	d := authenticator.New(t, origin)
	pkix := kept(d)
	d.Counter = 7
	if n, err := check(d, challenge, pkix); err != nil || n != 7 {
		t.Fatal(n, err)
	}
	if shown, _ := passkey.ReadShown(d.Show(asked)); shown.Owner != "0123456789abcdef" || shown.Challenge != challenge {
		t.Error(shown)
	}
	if _, err := check(d, "YW5vdGhlci1jaGFsbGVuZ2UtYW5vdGhlcg", pkix); !errors.Is(err, passkey.ErrAnswer) {
		t.Error("another challenge:", err)
	}
	if _, err := check(d, challenge, kept(authenticator.New(t, origin))); !errors.Is(err, passkey.ErrAnswer) {
		t.Error("another key:", err)
	}
	liars["a forged signature"] = func(d *authenticator.Device) { d.Forged = true }
	liars["a new passkey in its place"] = func(d *authenticator.Device) { d.Type = "webauthn.create" }
	for name, lie := range liars {
		d := authenticator.New(t, origin)
		lie(d)
		if _, err := check(d, challenge, kept(d)); !errors.Is(err, passkey.ErrAnswer) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAt(t *testing.T) {
	for address, numbers := range map[string]bool{"http://127.0.0.1:8080": true, "https://[::1]": true, "http://localhost:8080": false, origin: false} {
		_, err := passkey.At(address, "Alliance")
		if errors.Is(err, passkey.ErrNumbers) != numbers {
			t.Errorf("%s: %v", address, err)
		}
	}
	for _, wrong := range []string{"", "alliance.example.org", "https://"} {
		if _, err := passkey.At(wrong, "Alliance"); err == nil {
			t.Errorf("%q is taken for an origin", wrong)
		}
	}
}

// What a browser sends is read without a fall, however it looks.
func FuzzAnswer(f *testing.F) {
	s := site(f)
	make, _ := s.ToMake(challenge, passkey.Owner{ID: "0123456789abcdef"}, nil)
	show, _ := s.ToShow(challenge, nil)
	d := authenticator.New(f, origin)
	for _, seed := range []string{d.Make(make), d.Show(show), "", "{}", `{"id":"AA","type":"public-key","response":{"clientDataJSON":"e30"}}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, answer string) {
		if made, err := passkey.ReadMade(answer); err == nil {
			s.Accept(made, made.Challenge)
		}
		if shown, err := passkey.ReadShown(answer); err == nil {
			s.Check(shown, shown.Challenge, []byte(answer))
		}
	})
}
