package people

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"slices"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
	"alliance/internal/platform/lang"
)

const personColumns = `id, name, email, lang, password <> '', created, erased`

func scanPerson(r db.Row) (p Person, err error) {
	return p, r.Scan(&p.ID, &p.Name, &p.Email, &p.Lang, &p.HasPassword, &p.Created, &p.Erased)
}

// AddPerson makes an account; the address must be new.
func AddPerson(ctx context.Context, tx *db.Tx, p Person) (Person, error) {
	key, ok := EmailKey(p.Email)
	if !ok {
		return p, fault.Invalid("email", "people.email.form", "Write an e-mail address, such as name@example.org.")
	}
	if p.Name == "" {
		return p, fault.Invalid("name", "people.name.empty", "Write a name.")
	}
	if p.ID == "" {
		p.ID = id.New()
	}
	p.Created = tx.Now()
	_, err := tx.Exec(ctx, `INSERT INTO person (id, name, email, email_key, lang, created) VALUES ($1,$2,$3,$4,$5,$6)`,
		p.ID, p.Name, p.Email, key, p.Lang, p.Created)
	if db.IsDuplicate(err) {
		return p, fault.Conflict("people.email.taken", "There is an account with this address already.")
	}
	return p, err
}

// PersonByID gives a person, erased ones too (their name is empty then).
func PersonByID(ctx context.Context, q db.Q, person string) (Person, error) {
	return missing(db.One(ctx, q, scanPerson, `SELECT `+personColumns+` FROM person WHERE id = $1`, person))
}

// PersonByEmail gives the account of an address.
func PersonByEmail(ctx context.Context, q db.Q, email string) (Person, error) {
	key, ok := EmailKey(email)
	if !ok {
		return Person{}, fault.Missing()
	}
	return missing(db.One(ctx, q, scanPerson, `SELECT `+personColumns+` FROM person WHERE email_key = $1`, key))
}

// Persons lists accounts by name.
func Persons(ctx context.Context, q db.Q) ([]Person, error) {
	return db.All(ctx, q, scanPerson, `SELECT `+personColumns+` FROM person WHERE erased = 0 ORDER BY name, id`)
}

const organisationColumns = `id, kind, name, country, created, withdrawn`

func scanOrganisation(r db.Row) (o Organisation, err error) {
	return o, r.Scan(&o.ID, &o.Kind, &o.Name, &o.Country, &o.Created, &o.Withdrawn)
}

// PutOrganisation adds or updates the acting side of an organisation.
func PutOrganisation(ctx context.Context, tx *db.Tx, o Organisation) error {
	if o.Created == 0 {
		o.Created = tx.Now()
	}
	_, err := tx.Exec(ctx, `INSERT INTO organisation (id, kind, name, name_key, country, created, withdrawn) VALUES ($1,$2,$3,$4,$5,$6,$7)
		ON CONFLICT (id) DO UPDATE SET kind = $2, name = $3, name_key = $4, country = $5, withdrawn = $7`,
		o.ID, string(o.Kind), o.Name, lang.Fold(o.Name), o.Country, o.Created, o.Withdrawn)
	return err
}

// OrganisationByID gives one organisation.
func OrganisationByID(ctx context.Context, q db.Q, organisation string) (Organisation, error) {
	return missing(db.One(ctx, q, scanOrganisation, `SELECT `+organisationColumns+` FROM organisation WHERE id = $1`, organisation))
}

// Organisations lists those that are not withdrawn, by name; kinds narrow it.
func Organisations(ctx context.Context, q db.Q, kinds ...OrganisationKind) ([]Organisation, error) {
	var w db.Where
	w.And("withdrawn = 0")
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = string(k)
	}
	w.In("kind", names)
	return db.All(ctx, q, scanOrganisation, `SELECT `+organisationColumns+` FROM organisation`+w.SQL()+` ORDER BY name_key, id`, w.Args()...)
}

const mandateColumns = `m.id, m.organisation, m.person, o.name, o.kind, p.name, m.speak, m.vote, m.sign, m.edit,
	m.since, m.until, m.document, m.reference, m.granted_by, m.granted, m.ended, o.factor`
const mandateFrom = ` FROM mandate m JOIN organisation o ON o.id = m.organisation JOIN person p ON p.id = m.person`

func scanMandate(r db.Row) (m Mandate, err error) {
	return m, r.Scan(&m.ID, &m.Organisation, &m.Person, &m.OrganisationName, &m.OrganisationKind, &m.PersonName,
		&m.Speak, &m.Vote, &m.Sign, &m.Edit, &m.Since, &m.Until, &m.Document, &m.Reference, &m.GrantedBy, &m.Granted, &m.Ended, &m.Factor)
}

// AddMandate grants a mandate.
func AddMandate(ctx context.Context, tx *db.Tx, m Mandate) (Mandate, error) {
	if m.ID == "" {
		m.ID = id.New()
	}
	m.Granted = tx.Now()
	if m.Since == 0 {
		m.Since = m.Granted
	}
	if err := m.Validate(); err != nil {
		return m, err
	}
	_, err := tx.Exec(ctx, `INSERT INTO mandate (id, organisation, person, speak, vote, sign, edit, since, until, document, reference, granted_by, granted)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)`,
		m.ID, m.Organisation, m.Person, m.Speak, m.Vote, m.Sign, m.Edit, m.Since, m.Until, m.Document, m.Reference, m.GrantedBy, m.Granted)
	return m, err
}

// EndMandate ends it now. What was written under it stays; sessions that act
// under it act for the person alone from the next request on.
func EndMandate(ctx context.Context, tx *db.Tx, mandate, by string) error {
	n, err := tx.Exec(ctx, `UPDATE mandate SET ended = $2, ended_by = $3 WHERE id = $1 AND ended = 0`, mandate, tx.Now(), by)
	if err == nil && n == 0 {
		return fault.Missing()
	}
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE session SET renew = 1 WHERE person IN (SELECT person FROM mandate WHERE id = $1)`, mandate)
	return err
}

// MandateByID gives one mandate, ended or not.
func MandateByID(ctx context.Context, q db.Q, mandate string) (Mandate, error) {
	return missing(db.One(ctx, q, scanMandate, `SELECT `+mandateColumns+mandateFrom+` WHERE m.id = $1`, mandate))
}

// MandatesOf lists all mandates of a person, newest first.
func MandatesOf(ctx context.Context, q db.Q, person string) ([]Mandate, error) {
	return db.All(ctx, q, scanMandate, `SELECT `+mandateColumns+mandateFrom+` WHERE m.person = $1 ORDER BY m.granted DESC, m.id`, person)
}

// MandatesFor lists all mandates of an organisation, newest first.
func MandatesFor(ctx context.Context, q db.Q, organisation string) ([]Mandate, error) {
	return db.All(ctx, q, scanMandate, `SELECT `+mandateColumns+mandateFrom+` WHERE m.organisation = $1 ORDER BY m.granted DESC, m.id`, organisation)
}

// GiveRole grants a role; giving it twice changes nothing. The person's
// browsers take a new secret with their next page, whoever gives the role.
func GiveRole(ctx context.Context, tx *db.Tx, person string, g Grant, by string) error {
	n, err := tx.Exec(ctx, `INSERT INTO role (person, role, scope, granted, by_) VALUES ($1,$2,$3,$4,$5) ON CONFLICT DO NOTHING`,
		person, string(g.Role), g.Scope, tx.Now(), by)
	if err != nil || n == 0 {
		return err
	}
	return RenewSessions(ctx, tx, person)
}

// TakeRole takes a role back; a role the person does not hold is not found.
// The person's browsers take a new secret with their next page.
func TakeRole(ctx context.Context, tx *db.Tx, person string, g Grant) error {
	n, err := tx.Exec(ctx, `DELETE FROM role WHERE person = $1 AND role = $2 AND scope = $3`, person, string(g.Role), g.Scope)
	if err == nil && n == 0 {
		return fault.Missing()
	}
	if err != nil {
		return err
	}
	return RenewSessions(ctx, tx, person)
}

func scanGrant(r db.Row) (g Grant, err error) { return g, r.Scan(&g.Role, &g.Scope) }

// GrantsOf lists the roles of a person.
func GrantsOf(ctx context.Context, q db.Q, person string) ([]Grant, error) {
	return db.All(ctx, q, scanGrant, `SELECT role, scope FROM role WHERE person = $1 ORDER BY role, scope`, person)
}

// Holders lists the persons who hold a role for a scope.
func Holders(ctx context.Context, q db.Q, role Role, scope string) ([]Person, error) {
	return db.All(ctx, q, scanPerson, `SELECT `+personColumns+` FROM person WHERE id IN
		(SELECT person FROM role WHERE role = $1 AND scope = $2) ORDER BY name, id`, string(role), scope)
}

// SessionTime is how long a session lives without being used.
const SessionTime = 14 * 24 * time.Hour

// StartSession signs a person in and gives the secret for the cookie; only its
// hash is kept. An earlier session of the same browser must be ended by the caller.
func StartSession(ctx context.Context, tx *db.Tx, person, mandate, agent string) (secret string, err error) {
	return startSession(ctx, tx, person, mandate, agent, tx.Now(), false)
}

// StartStrong is StartSession for somebody who has shown a second factor with
// the first, as a passkey does.
func StartStrong(ctx context.Context, tx *db.Tx, person, mandate, agent string) (secret string, err error) {
	return startSession(ctx, tx, person, mandate, agent, tx.Now(), true)
}

// StartUnproved is StartSession for somebody another site vouches for, who may
// be signed in there since days: they have proved nothing now.
func StartUnproved(ctx context.Context, tx *db.Tx, person, mandate, agent string) (secret string, err error) {
	return startSession(ctx, tx, person, mandate, agent, 0, false)
}

func startSession(ctx context.Context, tx *db.Tx, person, mandate, agent string, proved db.Instant, factor bool) (secret string, err error) {
	secret = id.Secret(32)
	now := tx.Now()
	_, err = tx.Exec(ctx, `INSERT INTO session (hash, id, person, mandate, agent, created, proved, seen, expires, factor) VALUES ($1,$2,$3,$4,$5,$6,$7,$6,$8,$9)`,
		Hash(secret), id.New(), person, mandate, agent, now, proved, now.Add(SessionTime), factor)
	return secret, err
}

// HalfTime is how long a sign-in waits for its second factor.
const HalfTime = 10 * time.Minute

// StartHalf begins a session that waits for the second factor: it gives no
// right and shows nothing. Complete makes it whole.
func StartHalf(ctx context.Context, tx *db.Tx, person, mandate, agent string) (secret string, err error) {
	secret = id.Secret(32)
	now := tx.Now()
	_, err = tx.Exec(ctx, `INSERT INTO session (hash, id, person, mandate, agent, created, proved, seen, expires, half) VALUES ($1,$2,$3,$4,$5,$6,0,$6,$7,1)`,
		Hash(secret), id.New(), person, mandate, agent, now, now.Add(HalfTime))
	return secret, err
}

// Hash is what is kept of a secret.
func Hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// ActorOfSession gives who acts in a session; the zero Actor when it is not
// there or over. An ended mandate no longer counts, from this instant on.
func ActorOfSession(ctx context.Context, q db.Q, secret string, now db.Instant) (a Actor, flash string, err error) {
	type row struct {
		id, person, mandate, flash string
		proved, seen               db.Instant
		renew, half, factor        bool
	}
	s, err := db.One(ctx, q, func(r db.Row) (s row, err error) {
		return s, r.Scan(&s.id, &s.person, &s.mandate, &s.flash, &s.proved, &s.seen, &s.renew, &s.half, &s.factor)
	}, `SELECT id, person, mandate, flash, proved, seen, renew, half, factor FROM session WHERE hash = $1 AND expires > $2`, Hash(secret), now)
	if errors.Is(err, db.ErrNone) {
		return Actor{At: now}, "", nil
	}
	if err != nil {
		return a, "", err
	}
	if s.half {
		return Actor{At: now, Waiting: Waiting{s.id, s.person, s.mandate}}, "", nil
	}
	a, err = actorOf(ctx, q, s.person, s.mandate, s.factor, now)
	a.Session, a.Proved, a.Seen, a.Renew = s.id, s.proved, s.seen, s.renew
	return a, s.flash, err
}

// ActorOf puts an actor together: person, mandate if it holds, roles. It is
// asked about people who are not here (may they still?), so nothing sleeps.
func ActorOf(ctx context.Context, q db.Q, person, mandate string, now db.Instant) (Actor, error) {
	return actorOf(ctx, q, person, mandate, true, now)
}

// ActorWithout is ActorOf in a session that has shown no second factor.
func ActorWithout(ctx context.Context, q db.Q, person, mandate string, now db.Instant) (Actor, error) {
	return actorOf(ctx, q, person, mandate, false, now)
}

// actorOf leaves out what needs a second factor when none was shown.
func actorOf(ctx context.Context, q db.Q, person, mandate string, factor bool, now db.Instant) (Actor, error) {
	a := Actor{At: now, Factor: factor}
	p, err := PersonByID(ctx, q, person)
	if err != nil || p.Erased != 0 {
		return a, ignoreMissing(err)
	}
	a.Person, a.Name, a.Lang = p.ID, p.Name, p.Lang
	if mandate != "" {
		m, err := MandateByID(ctx, q, mandate)
		if err := ignoreMissing(err); err != nil {
			return a, err
		}
		switch {
		case m.Person != person || !m.Holds(now):
		case m.Factor && !factor:
			a.AsleepFor = m.OrganisationName
		default:
			a.Mandate = m
		}
	}
	held, err := db.All(ctx, q, func(r db.Row) (g ruled, err error) { return g, r.Scan(&g.Role, &g.Scope, &g.given, &g.asked) },
		`SELECT r.role, r.scope, r.granted, CASE WHEN f.role IS NULL THEN 0 ELSE 1 END FROM role r LEFT JOIN factor_rule f ON f.role = r.role WHERE r.person = $1 ORDER BY r.role, r.scope`, person)
	if err != nil {
		return a, err
	}
	for _, g := range held {
		always := slices.Contains(AlwaysFactor, g.Role)
		if factor || !always && !g.asked {
			a.Grants = append(a.Grants, g.Grant)
			continue
		}
		end := g.given.Add(GraceTime)
		if always && now < end {
			// Whoever has a second factor shows it; the others have time to set one up.
			if has, err := NeedsSecond(ctx, q, person); err != nil {
				return a, err
			} else if !has {
				a.Grants = append(a.Grants, g.Grant)
				if a.Grace == 0 || end < a.Grace {
					a.Grace = end
				}
				continue
			}
		}
		a.Asleep = append(a.Asleep, g.Grant)
	}
	return a, nil
}

// ruled is a grant, since when it is held, and whether the alliance asks a
// second factor for it.
type ruled struct {
	Grant
	given db.Instant
	asked bool
}

// ActFor picks the mandate of a session.
func ActFor(ctx context.Context, tx *db.Tx, session, person, mandate string) error {
	if mandate != "" {
		m, err := MandateByID(ctx, tx, mandate)
		if err != nil {
			return err
		}
		if m.Person != person || !m.Holds(tx.Now()) {
			return fault.Forbidden("people.mandate.not-yours", "This mandate is not yours, or it has ended.")
		}
	}
	_, err := tx.Exec(ctx, `UPDATE session SET mandate = $3 WHERE id = $1 AND person = $2`, session, person, mandate)
	return err
}

// SetFlash keeps one message for the next page of a session; "" clears it.
func SetFlash(ctx context.Context, tx *db.Tx, session, flash string) error {
	_, err := tx.Exec(ctx, `UPDATE session SET flash = $2 WHERE id = $1`, session, flash)
	return err
}

// EndSession signs out.
func EndSession(ctx context.Context, tx *db.Tx, person, session string) error {
	_, err := tx.Exec(ctx, `DELETE FROM session WHERE id = $1 AND person = $2`, session, person)
	return err
}

func missing[T any](v T, err error) (T, error) {
	if errors.Is(err, db.ErrNone) {
		return v, fault.Missing()
	}
	return v, err
}

func ignoreMissing(err error) error {
	if fault.Is(err, fault.KindNotFound) {
		return nil
	}
	return err
}

// ActorOfToken gives who calls with a token; the zero Actor when it is not
// valid. A token acts for one person and one mandate, and never outlives them.
func ActorOfToken(ctx context.Context, q db.Q, secret string, now db.Instant) (Actor, error) {
	type row struct {
		person, mandate string
		reads, writes   bool
		factor          bool
		seen            db.Instant
	}
	t, err := db.One(ctx, q, func(r db.Row) (t row, err error) {
		return t, r.Scan(&t.person, &t.mandate, &t.reads, &t.writes, &t.seen, &t.factor)
	},
		`SELECT person, mandate, reads, writes, seen, factor FROM token WHERE hash = $1 AND (expires = 0 OR expires > $2)`, Hash(secret), now)
	if errors.Is(err, db.ErrNone) {
		return Actor{At: now}, nil
	}
	if err != nil {
		return Actor{}, err
	}
	a, err := actorOf(ctx, q, t.person, t.mandate, t.factor, now)
	if t.mandate != "" && a.Mandate.ID == "" {
		return Actor{At: now}, err // its mandate has ended: so has the token
	}
	a.Token, a.Reads, a.Writes, a.Seen = true, t.reads, t.writes, t.seen
	return a, err
}

// PersonsByID gives several persons at once, in no order; erased ones have no name.
func PersonsByID(ctx context.Context, q db.Q, ids []string) ([]Person, error) {
	return byID(ctx, q, scanPerson, `SELECT `+personColumns+` FROM person`, ids)
}

// OrganisationsByID gives several organisations at once, in no order.
func OrganisationsByID(ctx context.Context, q db.Q, ids []string) ([]Organisation, error) {
	return byID(ctx, q, scanOrganisation, `SELECT `+organisationColumns+` FROM organisation`, ids)
}

func byID[T any](ctx context.Context, q db.Q, scan func(db.Row) (T, error), text string, ids []string) (all []T, err error) {
	for len(ids) > 0 {
		n := min(len(ids), 200)
		var w db.Where
		w.In("id", ids[:n])
		some, err := db.All(ctx, q, scan, text+w.SQL(), w.Args()...)
		if err != nil {
			return nil, err
		}
		all, ids = append(all, some...), ids[n:]
	}
	return all, nil
}

// AsStrict lets one organisation ask for a second factor where another does,
// whose mandates it takes over: nobody gets around it by a merge.
func AsStrict(ctx context.Context, tx *db.Tx, organisation, as string) error {
	_, err := tx.Exec(ctx, `UPDATE organisation SET factor = 1 WHERE id = $1 AND EXISTS (SELECT 1 FROM organisation o WHERE o.id = $2 AND o.factor = 1)`, organisation, as)
	return err
}
