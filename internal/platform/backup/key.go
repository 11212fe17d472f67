package backup

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"filippo.io/age"
)

// Recipients reads public keys: "age1…", several with commas, or the name of a
// file that holds them.
func Recipients(text string) ([]age.Recipient, error) {
	if text == "" {
		return nil, nil
	}
	if !strings.HasPrefix(text, "age1") {
		b, err := os.ReadFile(text)
		if err != nil {
			return nil, fmt.Errorf("backup: %q is neither a public key (age1…) nor a file with one", text)
		}
		text = string(b)
	}
	list, err := age.ParseRecipients(strings.NewReader(strings.ReplaceAll(text, ",", "\n")))
	if err != nil {
		return nil, fmt.Errorf("backup: the public key cannot be read: %w", err)
	}
	return list, nil
}

// Identities reads the file with the secret key. "" = none.
func Identities(path string) ([]age.Identity, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("backup: the secret key: %w", err)
	}
	defer f.Close()
	list, err := age.ParseIdentities(io.LimitReader(f, 1<<20))
	if err != nil {
		return nil, fmt.Errorf("backup: %s holds no secret key that can be read", path)
	}
	return list, nil
}

// PublicKey gives the public key of one that NewKey made.
func PublicKey(path string) (string, error) {
	list, err := Identities(path)
	if err != nil {
		return "", err
	}
	if k, ok := list[0].(*age.HybridIdentity); ok && len(list) == 1 {
		return k.Recipient().String(), nil
	}
	return "", fmt.Errorf("backup: %s holds another kind of key than those that “alliance key” makes", path)
}

// NewKey makes a key: the secret goes into a new file, the public one is given.
func NewKey(path string) (public string, err error) {
	k, err := age.GenerateHybridIdentity()
	if err != nil {
		return "", err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", fmt.Errorf("backup: %w", err)
	}
	_, err = fmt.Fprintf(f, "# Secret key of the backups. Whoever has it can read them; without it nobody can.\n# public key: %s\n%s\n", k.Recipient(), k)
	return k.Recipient().String(), errors.Join(err, f.Sync(), f.Close())
}
