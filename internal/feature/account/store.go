package account

import (
	"context"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/people"
)

const columns = `i.id, i.email, i.name, i.lang, i.organisation, coalesce(o.name, ''), i.speak, i.vote, i.sign, i.edit, i.since, i.until,
	i.document, i.reference, i.by_, p.name, i.by_mandate, i.link, i.created, i.expires, i.withdrawn, i.accepted, i.person, i.decided, i.replaces, i.waits`
const from = ` FROM invitation i JOIN person p ON p.id = i.by_ LEFT JOIN organisation o ON o.id = i.organisation`

func scan(r db.Row) (i Invitation, err error) {
	m := &i.Mandate
	return i, r.Scan(&i.ID, &i.Email, &i.Name, &i.Lang, &m.Organisation, &m.OrganisationName, &m.Speak, &m.Vote, &m.Sign, &m.Edit, &m.Since, &m.Until,
		&m.Document, &m.Reference, &i.By, &i.ByName, &i.ByMandate, &i.link, &i.Created, &i.Expires, &i.Withdrawn, &i.Accepted, &i.Person, &i.Decided, &i.Replaces, &i.Waits)
}

func add(ctx context.Context, tx *db.Tx, i Invitation) error {
	key, _ := people.EmailKey(i.Email)
	m := i.Mandate
	_, err := tx.Exec(ctx, `INSERT INTO invitation (id, email, email_key, name, lang, organisation, speak, vote, sign, edit, since, until,
		document, reference, by_, by_mandate, link, created, expires, decided, replaces, waits) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22)`,
		i.ID, i.Email, key, i.Name, i.Lang, m.Organisation, m.Speak, m.Vote, m.Sign, m.Edit, m.Since, m.Until,
		m.Document, m.Reference, i.By, i.ByMandate, i.link, i.Created, i.Expires, i.Decided, i.Replaces, i.Waits)
	return err
}

func byID(ctx context.Context, q db.Q, invitation string) (Invitation, error) {
	found, err := db.All(ctx, q, scan, `SELECT `+columns+from+` WHERE i.id = $1`, invitation)
	if err == nil && len(found) == 0 {
		return Invitation{}, fault.Missing()
	}
	if err != nil {
		return Invitation{}, err
	}
	return found[0], nil
}

// open lists invitations that nobody has accepted yet, newest first; for one
// organisation, or for all with "*".
func open(ctx context.Context, q db.Q, organisation string, now db.Instant) ([]Invitation, error) {
	var w db.Where
	w.And("i.accepted = 0 AND i.withdrawn = 0")
	w.And("i.expires > ?", now)
	if organisation != "*" {
		w.And("i.organisation = ?", organisation)
	}
	return db.All(ctx, q, scan, `SELECT `+columns+from+w.SQL()+` ORDER BY i.created DESC, i.id LIMIT 200`, w.Args()...)
}

// openFor lists the open invitations of an address for an organisation.
func openFor(ctx context.Context, q db.Q, key, organisation string) ([]Invitation, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+from+` WHERE i.email_key = $1 AND i.organisation = $2 AND i.accepted = 0 AND i.withdrawn = 0`, key, organisation)
}

func setWithdrawn(ctx context.Context, tx *db.Tx, i Invitation) error {
	if err := people.DropLink(ctx, tx, i.link); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE invitation SET withdrawn = $2 WHERE id = $1 AND accepted = 0`, i.ID, tx.Now())
	return err
}

func setAccepted(ctx context.Context, tx *db.Tx, invitation, person string) error {
	n, err := tx.Exec(ctx, `UPDATE invitation SET accepted = $2, person = $3 WHERE id = $1 AND accepted = 0 AND withdrawn = 0`, invitation, tx.Now(), person)
	if err == nil && n == 0 {
		return people.LinkOver()
	}
	return err
}

// forget blanks the address and name in a person's invitations, who they are
// at providers, and that mails came back from them.
func (a *Account) forget(ctx context.Context, tx *db.Tx, person string) error {
	_, err := tx.Exec(ctx, `DELETE FROM provider_person WHERE person = $1`, person)
	if err != nil {
		return err
	}
	if err := a.works(ctx, tx, person); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE invitation SET email = '', email_key = '', name = '' WHERE person = $1
		OR (email_key <> '' AND email_key IN (SELECT email_key FROM person WHERE id = $2))`, person, person)
	return err
}
