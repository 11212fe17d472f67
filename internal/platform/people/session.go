package people

import (
	"context"

	"alliance/internal/platform/db"
	"alliance/internal/platform/id"
)

// Session is one sign-in, as its person sees it in the list.
type Session struct {
	ID, Mandate, Agent     string
	Created, Seen, Expires db.Instant
	Factor                 bool // a second factor was shown
}

// SessionsOf lists the sessions of a person that are not over, newest first.
func SessionsOf(ctx context.Context, q db.Q, person string, now db.Instant) ([]Session, error) {
	return db.All(ctx, q, func(r db.Row) (s Session, err error) {
		return s, r.Scan(&s.ID, &s.Mandate, &s.Agent, &s.Created, &s.Seen, &s.Expires, &s.Factor)
	}, `SELECT id, mandate, agent, created, seen, expires, factor FROM session WHERE person = $1 AND expires > $2 AND half = 0 ORDER BY created DESC, id`, person, now)
}

// RotateSession gives a session a new secret: the old cookie is worth nothing.
func RotateSession(ctx context.Context, tx *db.Tx, session string) (secret string, err error) {
	secret = id.Secret(32)
	_, err = tx.Exec(ctx, `UPDATE session SET hash = $2, renew = 0 WHERE id = $1`, session, Hash(secret))
	return secret, err
}

// RenewSessions asks the person's browsers to take a new secret with their
// next page: their rights have changed.
func RenewSessions(ctx context.Context, tx *db.Tx, person string) error {
	_, err := tx.Exec(ctx, `UPDATE session SET renew = 1 WHERE person = $1`, person)
	return err
}

// SeeSession notes that a session is in use and lets it live on.
func SeeSession(ctx context.Context, tx *db.Tx, session string) error {
	_, err := tx.Exec(ctx, `UPDATE session SET seen = $2, expires = $3 WHERE id = $1`, session, tx.Now(), tx.Now().Add(SessionTime))
	return err
}

// EndOtherSessions signs a person out everywhere but in one session ("" = everywhere).
func EndOtherSessions(ctx context.Context, tx *db.Tx, person, but string) error {
	_, err := tx.Exec(ctx, `DELETE FROM session WHERE person = $1 AND id <> $2`, person, but)
	return err
}

// Complete makes a session whole that waited for its second factor, with a new
// secret. It gives "" when the session has gone meanwhile.
func Complete(ctx context.Context, tx *db.Tx, w Waiting) (secret string, err error) {
	secret = id.Secret(32)
	now := tx.Now()
	n, err := tx.Exec(ctx, `UPDATE session SET hash = $3, half = 0, factor = 1, created = $4, proved = $4, seen = $4, expires = $5 WHERE id = $1 AND person = $2 AND half = 1 AND expires > $6`,
		w.Session, w.Person, Hash(secret), now, now.Add(SessionTime), now)
	if err != nil || n == 0 {
		return "", err
	}
	return secret, nil
}

// ShowedFactor notes that a second factor was shown in a session.
func ShowedFactor(ctx context.Context, tx *db.Tx, session string) error {
	_, err := tx.Exec(ctx, `UPDATE session SET factor = 1 WHERE id = $1`, session)
	return err
}

// ForgetFactor puts to sleep what needs a second factor, in all sessions and
// tokens of a person: the factor is gone.
func ForgetFactor(ctx context.Context, tx *db.Tx, person string) error {
	for _, text := range []string{`UPDATE session SET factor = 0, renew = 1 WHERE person = $1`, `UPDATE token SET factor = 0 WHERE person = $1`} {
		if _, err := tx.Exec(ctx, text, person); err != nil {
			return err
		}
	}
	return nil
}
