package mail

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"

	"github.com/emersion/go-msgauth/dkim"

	"alliance/internal/platform/db"
	"alliance/internal/platform/seal"
)

// Signer signs letters for a domain (DKIM, RFC 6376), so that others can tell
// them from forged ones.
type Signer struct {
	Domain, Selector string
	key              *rsa.PrivateKey
}

// keyBits: RSA, since many who check do not know Ed25519 (RFC 8463) yet; 2048
// because a longer key does not fit into one string of a TXT record's usual forms.
const keyBits = 2048

const keyPurpose = "mail key"

// LoadSigner gives the signer of a domain; nil where no key was made yet.
func LoadSigner(ctx context.Context, q db.Q, key *seal.Key, domain string) (*Signer, error) {
	type row struct{ selector, sealed string }
	one, err := db.One(ctx, q, func(r db.Row) (x row, err error) { return x, r.Scan(&x.selector, &x.sealed) },
		`SELECT selector, sealed FROM mail_key ORDER BY made DESC, selector LIMIT 1`)
	if errors.Is(err, db.ErrNone) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	raw, err := key.Open(keyPurpose, one.selector, one.sealed)
	if err != nil {
		return nil, fmt.Errorf("mail: the key for signing: %w", err)
	}
	private, err := x509.ParsePKCS1PrivateKey(raw)
	if err != nil {
		return nil, fmt.Errorf("mail: the key for signing: %w", err)
	}
	return &Signer{Domain: domain, Selector: one.selector, key: private}, nil
}

// MakeSigner is LoadSigner that makes the key where there is none. All nodes
// get the same.
func MakeSigner(ctx context.Context, d *db.DB, key *seal.Key, domain string) (*Signer, error) {
	if s, err := LoadSigner(ctx, d, key, domain); s != nil || err != nil {
		return s, err
	}
	private, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return nil, fmt.Errorf("mail: %w", err)
	}
	err = d.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := tx.Lock(ctx, "mail key"); err != nil {
			return err
		}
		if s, err := LoadSigner(ctx, tx, key, domain); s != nil || err != nil {
			return err // another node was faster
		}
		selector := "alliance" + tx.Now().Time().Format("200601")
		_, err := tx.Exec(ctx, `INSERT INTO mail_key (selector, sealed, made) VALUES ($1,$2,$3)`,
			selector, key.Seal(keyPurpose, selector, x509.MarshalPKCS1PrivateKey(private)), tx.Now())
		return err
	})
	if err != nil {
		return nil, err
	}
	return LoadSigner(ctx, d, key, domain)
}

// Record gives the DNS record that lets others check the signature: its name,
// and its text.
func (s *Signer) Record() (name, text string) {
	public, err := x509.MarshalPKIXPublicKey(&s.key.PublicKey)
	if err != nil {
		panic(err) // of RSA it always can
	}
	return s.Selector + "._domainkey." + s.Domain, "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(public)
}

// signed are the headers a signature covers. Those of unsubscribing must be
// among them (RFC 8058), and who adds a second sender or subject breaks it.
var (
	signed   = []string{"From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Language", "Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post"}
	notAgain = []string{"From", "To", "Subject", "Date", "List-Unsubscribe", "List-Unsubscribe-Post"}
)

// sign puts the signature before a letter whose lines end as in SMTP.
func (s *Signer) sign(letter []byte) ([]byte, error) {
	var out bytes.Buffer
	err := dkim.Sign(&out, bytes.NewReader(letter), &dkim.SignOptions{Domain: s.Domain, Selector: s.Selector, Signer: s.key,
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed, HeaderKeys: slices.Concat(signed, notAgain)})
	if err != nil {
		return nil, fmt.Errorf("mail: signing: %w", err)
	}
	return out.Bytes(), nil
}
