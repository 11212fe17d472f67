// Package seal keeps small secrets at rest: what a database dump, a backup or
// a copied disk must not give away.
//
// The one idea: the key of the house lies outside the database. What is sealed
// is bound to a purpose and to whom it belongs, so that a sealed text moved to
// another row or used for another end does not open.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Key is the key of a house. Its uses have keys of their own, drawn from it.
type Key struct{ main []byte }

// FileName is where the key lies in the folder of files.
const FileName = "house.key"

// Load gives the key as configured (32 bytes in base64), or the one in the
// folder, made at the first start and readable by the owner alone.
func Load(configured, folder string) (*Key, error) {
	if configured != "" {
		return parse(configured, "the configured key")
	}
	path := filepath.Join(folder, FileName)
	if b, err := os.ReadFile(path); err == nil {
		return parse(string(b), path)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("seal: %w", err)
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	// Two that start at once: link fails for the second, which reads the first's.
	made := make([]byte, 32)
	rand.Read(made)
	f, err := os.CreateTemp(folder, ".key-*")
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(base64.StdEncoding.EncodeToString(made) + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("seal: %w", err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return parse(string(b), path)
}

// Text writes the key as the folder and the configuration hold it: for an
// encrypted backup, and for nothing else.
func (k *Key) Text() string { return base64.StdEncoding.EncodeToString(k.main) }

// Put puts a key into a folder that has none; the same key is no error.
func Put(text, folder string) error {
	if _, err := parse(text, "the key"); err != nil {
		return err
	}
	path := filepath.Join(folder, FileName)
	if b, err := os.ReadFile(path); err == nil {
		if strings.TrimSpace(string(b)) != strings.TrimSpace(text) {
			return fmt.Errorf("seal: %s holds another key already", path)
		}
		return nil
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("seal: %w", err)
	}
	return os.WriteFile(path, []byte(strings.TrimSpace(text)+"\n"), 0o600)
}

func parse(text, where string) (*Key, error) {
	b, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if err != nil || len(b) != 32 {
		return nil, fmt.Errorf("seal: %s is not 32 bytes in base64", where)
	}
	return &Key{b}, nil
}

func (k *Key) of(use string) []byte {
	b, err := hkdf.Key(sha256.New, k.main, nil, "alliance "+use, 32)
	if err != nil {
		panic(err) // only for lengths nobody asks for
	}
	return b
}

func (k *Key) box(purpose string) cipher.AEAD {
	block, err := aes.NewCipher(k.of("seal " + purpose))
	if err != nil {
		panic(err) // the length is right
	}
	box, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err)
	}
	return box
}

// With gives a key that is drawn from this one and a secret of somebody else.
// Whoever does not keep that secret cannot open again what was sealed with it,
// even with the key of the house at hand.
func (k *Key) With(secret string) *Key {
	m := hmac.New(sha256.New, k.of("with a secret of others"))
	m.Write([]byte(secret))
	return &Key{m.Sum(nil)}
}

// Seal closes a secret for a purpose and its owner.
func (k *Key) Seal(purpose, owner string, secret []byte) string {
	return "1." + base64.RawURLEncoding.EncodeToString(k.box(purpose).Seal(nil, nil, secret, []byte(owner))) // #nosec G407 -- no nonce is given: the cipher draws one at random for each
}

// ErrSealed says that a text was not sealed with this key, for this purpose
// and owner.
var ErrSealed = errors.New("seal: does not open with the key of this house")

// Open opens what Seal closed.
func (k *Key) Open(purpose, owner, sealed string) ([]byte, error) {
	text, ok := strings.CutPrefix(sealed, "1.")
	b, err := base64.RawURLEncoding.DecodeString(text)
	if !ok || err != nil {
		return nil, ErrSealed
	}
	secret, err := k.box(purpose).Open(nil, nil, b, []byte(owner))
	if err != nil {
		return nil, ErrSealed
	}
	return secret, nil
}

// Mark gives a mark of a text that can be compared but not guessed back
// without the key, even when there are few possible texts.
func (k *Key) Mark(purpose, text string) string {
	m := hmac.New(sha256.New, k.of("mark "+purpose))
	m.Write([]byte(text))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}
