package account

import (
	"context"
	"strings"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
)

const providerColumns = `SELECT id, name, issuer, client, secret, domains, leave, created FROM provider`

func scanProvider(r db.Row) (p Provider, err error) {
	var domains string
	err = r.Scan(&p.ID, &p.Name, &p.Issuer, &p.Client, &p.sealed, &domains, &p.Leave, &p.Created)
	p.Domains = domainsOf(domains)
	return p, err
}

func providers(ctx context.Context, q db.Q) ([]Provider, error) {
	return db.All(ctx, q, scanProvider, providerColumns+` WHERE ended = 0 ORDER BY name, id`)
}

func providerByID(ctx context.Context, q db.Q, provider string) (Provider, error) {
	found, err := db.All(ctx, q, scanProvider, providerColumns+` WHERE id = $1 AND ended = 0`, provider)
	if err == nil && len(found) == 0 {
		err = fault.Missing()
	}
	if err != nil {
		return Provider{}, err
	}
	return found[0], nil
}

func putProvider(ctx context.Context, tx *db.Tx, p Provider) error {
	_, err := tx.Exec(ctx, `INSERT INTO provider (id, name, issuer, client, secret, domains, leave, created) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)
		ON CONFLICT (id) DO UPDATE SET name = $2, issuer = $3, client = $4, secret = $5, domains = $6, leave = $7`,
		p.ID, p.Name, p.Issuer, p.Client, p.sealed, strings.Join(p.Domains, ","), p.Leave, tx.Now())
	return err
}

// endProvider takes a provider away, with what it said of everybody.
func endProvider(ctx context.Context, tx *db.Tx, provider string) error {
	n, err := tx.Exec(ctx, `UPDATE provider SET ended = $2, secret = '' WHERE id = $1 AND ended = 0`, provider, tx.Now())
	if err == nil && n == 0 {
		return fault.Missing()
	}
	if err == nil {
		_, err = tx.Exec(ctx, `DELETE FROM provider_person WHERE provider = $1`, provider)
	}
	return err
}

// personAt gives who somebody at a provider is here, "" for nobody.
func personAt(ctx context.Context, q db.Q, provider, subject string) (string, error) {
	found, err := db.All(ctx, q, db.Value[string], `SELECT person FROM provider_person WHERE provider = $1 AND subject = $2`, provider, subject)
	if err != nil || len(found) == 0 {
		return "", err
	}
	return found[0], nil
}

// linkedTo lists the providers somebody comes from.
func linkedTo(ctx context.Context, q db.Q, person string) (map[string]bool, error) {
	list, err := db.All(ctx, q, db.Value[string], `SELECT l.provider FROM provider_person l JOIN provider p ON p.id = l.provider WHERE l.person = $1 AND p.ended = 0`, person)
	linked := map[string]bool{}
	for _, p := range list {
		linked[p] = true
	}
	return linked, err
}

// link ties somebody at a provider to an account. One account, one name there.
func link(ctx context.Context, tx *db.Tx, provider, subject, person string) error {
	_, err := tx.Exec(ctx, `INSERT INTO provider_person (provider, subject, person, created) VALUES ($1,$2,$3,$4)`, provider, subject, person, tx.Now())
	if db.IsDuplicate(err) {
		return fault.Conflict("account.provider.taken", "This is linked to an account already.")
	}
	return err
}

func unlink(ctx context.Context, tx *db.Tx, provider, person string) error {
	n, err := tx.Exec(ctx, `DELETE FROM provider_person WHERE provider = $1 AND person = $2`, provider, person)
	if err == nil && n == 0 {
		return fault.Missing()
	}
	return err
}

// wasInvited tells whether somebody's account came by an invitation.
func wasInvited(ctx context.Context, q db.Q, person string) (bool, error) {
	n, err := db.One(ctx, q, db.Value[int], `SELECT count(*) FROM invitation WHERE person = $1 AND accepted > 0`, person)
	return n > 0, err
}

// openTo lists the invitations to an address that can be accepted, the oldest first.
func openTo(ctx context.Context, q db.Q, key string, now db.Instant) ([]Invitation, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+from+` WHERE i.email_key = $1 AND i.accepted = 0 AND i.withdrawn = 0 AND i.waits = 0 AND i.expires > $2 ORDER BY i.created, i.id`, key, now)
}
