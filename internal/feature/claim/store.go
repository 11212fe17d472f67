package claim

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"strings"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/file"
	"alliance/internal/platform/people"
)

//go:embed schema
var schema embed.FS

const columns = `c.id, c.organisation, c.sealed, c.document, c.same_site, c.state, c.at, c.widened, c.due, c.until, c.ended, c.reason`

// scan opens what is sealed; under another key of the house it is shown without
// a name, and can still be refused.
func (f *Feature) scan(r db.Row) (c Claim, err error) {
	var sealed string
	if err = r.Scan(&c.ID, &c.Organisation, &sealed, &c.Document, &c.SameSite, &c.State, &c.At, &c.Widened, &c.Due, &c.Until, &c.Ended, &c.Reason); err != nil || sealed == "" {
		return c, err
	}
	if b, err := f.Key.Open("claim", c.ID, sealed); err == nil {
		_ = json.Unmarshal(b, &c.Claimant) // sealed by us: it is what we wrote
	}
	return c, nil
}

func (f *Feature) add(ctx context.Context, tx *db.Tx, c Claim, secret string) error {
	b, err := json.Marshal(c.Claimant)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO claim (id, organisation, hash, sealed, document, same_site, state, at, widened, due, until) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)`,
		c.ID, c.Organisation, people.Hash(secret), f.Key.Seal("claim", c.ID, b), c.Document, c.SameSite, string(c.State), c.At, c.Widened, c.Due, c.Until)
	return err
}

// move keeps where a claim stands. One that is over keeps nothing that was sealed.
func move(ctx context.Context, tx *db.Tx, c Claim) error {
	if _, err := tx.Exec(ctx, `UPDATE claim SET state=$2, document=$3, widened=$4, due=$5, until=$6, ended=$7, reason=$8 WHERE id = $1`,
		c.ID, string(c.State), c.Document, c.Widened, c.Due, c.Until, c.Ended, string(c.Reason)); err != nil || !c.State.Over() {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE claim_said SET words = '' WHERE claim = $1`, c.ID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE claim SET sealed = '' WHERE id = $1`, c.ID)
	return err
}

func setHash(ctx context.Context, tx *db.Tx, claim, secret string) error {
	_, err := tx.Exec(ctx, `UPDATE claim SET hash = $2 WHERE id = $1`, claim, people.Hash(secret))
	return err
}

// drop deletes all there is of a claim.
func (f *Feature) drop(ctx context.Context, tx *db.Tx, c Claim) error {
	if c.Document != "" {
		if err := file.Remove(ctx, tx, c.Document); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, `DELETE FROM claim_said WHERE claim = $1`, c.ID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM claim WHERE id = $1`, c.ID)
	return err
}

func (f *Feature) byID(ctx context.Context, q db.Q, claim string) (Claim, error) {
	c, err := db.One(ctx, q, f.scan, `SELECT `+columns+` FROM claim c WHERE c.id = $1`, claim)
	if errors.Is(err, db.ErrNone) {
		err = fault.Missing()
	}
	return c, err
}

// bySecret gives the claim of a claimant's link.
func (f *Feature) bySecret(ctx context.Context, q db.Q, secret string) (Claim, error) {
	c, err := db.One(ctx, q, f.scan, `SELECT `+columns+` FROM claim c WHERE c.hash = $1 AND c.until > $2`, people.Hash(secret), f.DB.Now())
	if errors.Is(err, db.ErrNone) {
		err = people.LinkOver()
	}
	return c, err
}

func (f *Feature) waiting(ctx context.Context, q db.Q) ([]Claim, error) {
	return db.All(ctx, q, f.scan, `SELECT `+columns+` FROM claim c WHERE c.state = 'waiting' ORDER BY c.at, c.id LIMIT 1000`)
}

// past lists what was decided, newest first.
func (f *Feature) past(ctx context.Context, q db.Q) ([]Claim, error) {
	return db.All(ctx, q, f.scan, `SELECT `+columns+` FROM claim c WHERE c.ended > 0 ORDER BY c.ended DESC, c.id LIMIT 50`)
}

// late lists those whose pair let its time go by, and those whose time is over.
func (f *Feature) late(ctx context.Context, q db.Q, now db.Instant) ([]Claim, error) {
	return db.All(ctx, q, f.scan, `SELECT `+columns+` FROM claim c WHERE c.state IN ('asked','waiting') AND (c.until <= $1 OR c.due > 0 AND c.due <= $1) ORDER BY c.at, c.id LIMIT 1000`, now)
}

func openOf(ctx context.Context, q db.Q, organisation string) (int, error) {
	return db.One(ctx, q, db.Value[int], `SELECT count(*) FROM claim WHERE organisation = $1 AND state = 'waiting'`, organisation)
}

func scanSaid(r db.Row) (s Said, err error) {
	var scopes string
	err = r.Scan(&s.Claim, &s.Seat, &s.Organisation, &s.Person, &s.Act, &s.Reason, &s.Words, &scopes, &s.Ends, &s.At)
	for x := range strings.FieldsSeq(scopes) {
		s.Scopes = append(s.Scopes, people.Scope(x))
	}
	return s, err
}

func addSaid(ctx context.Context, tx *db.Tx, s Said) error {
	scopes := make([]string, len(s.Scopes))
	for i, x := range s.Scopes {
		scopes[i] = string(x)
	}
	_, err := tx.Exec(ctx, `INSERT INTO claim_said (claim, seat, organisation, person, act, reason, words, scopes, ends, at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`,
		s.Claim, string(s.Seat), s.Organisation, s.Person, string(s.Act), string(s.Reason), s.Words, strings.Join(scopes, " "), s.Ends, s.At)
	return err
}

func saidOf(ctx context.Context, q db.Q, claim string) ([]Said, error) {
	return db.All(ctx, q, scanSaid, `SELECT s.claim, s.seat, s.organisation, s.person, s.act, s.reason, s.words, s.scopes, s.ends, s.at FROM claim_said s WHERE s.claim = $1 ORDER BY s.at, s.seat`, claim)
}

// forget takes the person out of what was said: the organisation said it.
func forget(ctx context.Context, tx *db.Tx, person string) error {
	_, err := tx.Exec(ctx, `UPDATE claim_said SET person = '' WHERE person = $1`, person)
	return err
}
