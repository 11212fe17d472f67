package contribution

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"strings"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
	"alliance/internal/platform/seal"
)

//go:embed schema
var schema embed.FS

const columns = `c.id, c.kind, c.entry, c.sealed, c.address, c.state, c.at, c.round, c.widened, c.due, c.until, c.ended, c.reason, c.country, c.lat, c.lon, c.precision_, c.themes, c.changes, c.was`

// What is sealed does not open under another key of the house: it is shown
// without words then, and can still be deleted.
func scan(key *seal.Key) func(db.Row) (Contribution, error) {
	return func(r db.Row) (c Contribution, err error) {
		var sealed, address, themes, was string
		var precision int
		if err = r.Scan(&c.ID, &c.Kind, &c.Entry, &sealed, &address, &c.State, &c.At, &c.Round, &c.Widened, &c.Due, &c.Until, &c.Ended, &c.Reason,
			&c.Place.Country, &c.Place.Lat, &c.Place.Lon, &precision, &themes, &c.Changes, &was); err != nil {
			return c, err
		}
		c.Place.Precision, c.Themes = place.Precision(precision), strings.Fields(themes)
		open(key, "contribution", c.ID, sealed, &c.Typed)
		open(key, "author", c.ID, address, &c.Author)
		open(key, "was", c.ID, was, &c.Was)
		return c, nil
	}
}

func open(key *seal.Key, purpose, owner, sealed string, to any) {
	if sealed == "" {
		return
	}
	if b, err := key.Open(purpose, owner, sealed); err == nil {
		_ = json.Unmarshal(b, to) // sealed by us: it is what we wrote
	}
}

func sealed(key *seal.Key, purpose, owner string, v any) (string, error) {
	b, err := json.Marshal(v)
	return key.Seal(purpose, owner, b), err
}

func (f *Feature) add(ctx context.Context, tx *db.Tx, c Contribution, secret string) error {
	typed, err := sealed(f.Key, "contribution", c.ID, c.Typed)
	if err != nil {
		return err
	}
	address, err := sealed(f.Key, "author", c.ID, c.Author)
	if err != nil {
		return err
	}
	was, err := f.sealedWas(c)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO contribution (id, kind, hash, sealed, address, state, at, round, widened, due, until, country, lat, lon, precision_, themes, changes, was)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18)`,
		c.ID, c.Kind, people.Hash(secret), typed, address, string(c.State), c.At, c.Round, c.Widened, c.Due, c.Until,
		c.Place.Country, c.Place.Lat, c.Place.Lon, int(c.Place.Precision), strings.Join(c.Themes, " "), c.Changes, was)
	return err
}

// sealedWas is how the record of a change read; "" for a new record.
func (f *Feature) sealedWas(c Contribution) (string, error) {
	if c.Changes == "" {
		return "", nil
	}
	return sealed(f.Key, "was", c.ID, c.Was)
}

// rewrite keeps what its author wrote anew.
func (f *Feature) rewrite(ctx context.Context, tx *db.Tx, c Contribution) error {
	typed, err := sealed(f.Key, "contribution", c.ID, c.Typed)
	if err != nil {
		return err
	}
	was, err := f.sealedWas(c)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE contribution SET sealed=$2, country=$3, lat=$4, lon=$5, precision_=$6, themes=$7, was=$8 WHERE id = $1`,
		c.ID, typed, c.Place.Country, c.Place.Lat, c.Place.Lon, int(c.Place.Precision), strings.Join(c.Themes, " "), was)
	return err
}

// move keeps where a contribution stands. One that is over keeps nothing that
// was sealed: the record has the words, and its author was told.
func move(ctx context.Context, tx *db.Tx, c Contribution) error {
	if _, err := tx.Exec(ctx, `UPDATE contribution SET entry=$2, state=$3, round=$4, widened=$5, due=$6, until=$7, ended=$8, reason=$9 WHERE id = $1`,
		c.ID, c.Entry, string(c.State), c.Round, c.Widened, c.Due, c.Until, c.Ended, string(c.Reason)); err != nil || !c.State.Over() {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE contribution SET sealed = '', address = '', was = '', lat = 0, lon = 0 WHERE id = $1`, c.ID)
	return err
}

func setHash(ctx context.Context, tx *db.Tx, contribution, secret string) error {
	_, err := tx.Exec(ctx, `UPDATE contribution SET hash = $2 WHERE id = $1`, contribution, people.Hash(secret))
	return err
}

// drop deletes all there is of a contribution.
func drop(ctx context.Context, tx *db.Tx, contribution string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM contribution_said WHERE contribution = $1`, contribution); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM contribution WHERE id = $1`, contribution)
	return err
}

func (f *Feature) byID(ctx context.Context, q db.Q, contribution string) (Contribution, error) {
	c, err := db.One(ctx, q, scan(f.Key), `SELECT `+columns+` FROM contribution c WHERE c.id = $1`, contribution)
	if errors.Is(err, db.ErrNone) {
		err = fault.Missing()
	}
	return c, err
}

// bySecret gives the contribution of an author's link.
func (f *Feature) bySecret(ctx context.Context, q db.Q, secret string) (Contribution, error) {
	c, err := db.One(ctx, q, scan(f.Key), `SELECT `+columns+` FROM contribution c WHERE c.hash = $1 AND c.until > $2`, people.Hash(secret), f.DB.Now())
	if errors.Is(err, db.ErrNone) {
		err = people.LinkOver()
	}
	return c, err
}

// open lists what is not decided, the oldest first.
func (f *Feature) waiting(ctx context.Context, q db.Q) ([]Contribution, error) {
	return db.All(ctx, q, scan(f.Key), `SELECT `+columns+` FROM contribution c WHERE c.state = 'waiting' ORDER BY c.at, c.id LIMIT 1000`)
}

// late lists those whose pair let its time go by, and those whose link ends.
func (f *Feature) late(ctx context.Context, q db.Q, now db.Instant) ([]Contribution, error) {
	return db.All(ctx, q, scan(f.Key), `SELECT `+columns+` FROM contribution c
		WHERE c.state = 'waiting' AND c.due > 0 AND c.due <= $1 OR c.state IN ('waiting','changes') AND c.until <= $1 ORDER BY c.at, c.id LIMIT 1000`, now)
}

func sweepAsked(ctx context.Context, tx *db.Tx, now db.Instant) error {
	_, err := tx.Exec(ctx, `DELETE FROM contribution WHERE state = 'asked' AND until <= $1`, now)
	return err
}

const saidColumns = `s.contribution, s.round, s.seat, s.organisation, s.person, s.act, s.reason, s.words, s.lang, s.at`

func scanSaid(r db.Row) (s Said, err error) {
	return s, r.Scan(&s.Contribution, &s.Round, &s.Seat, &s.Organisation, &s.Person, &s.Act, &s.Reason, &s.Words, &s.Lang, &s.At)
}

// addSaid keeps what a seat says. A seat speaks once in a round.
func addSaid(ctx context.Context, tx *db.Tx, s Said) error {
	_, err := tx.Exec(ctx, `INSERT INTO contribution_said (contribution, round, seat, organisation, person, act, reason, words, lang, at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`, s.Contribution, s.Round, string(s.Seat), s.Organisation, s.Person, string(s.Act), string(s.Reason), s.Words, s.Lang, s.At)
	return err
}

// saidOf gives all that was said of contributions, oldest first.
func saidOf(ctx context.Context, q db.Q, contributions ...string) (map[string][]Said, error) {
	of := map[string][]Said{}
	for len(contributions) > 0 {
		some := contributions[:min(len(contributions), 200)]
		contributions = contributions[len(some):]
		var w db.Where
		w.In("s.contribution", some)
		list, err := db.All(ctx, q, scanSaid, `SELECT `+saidColumns+` FROM contribution_said s`+w.SQL()+` ORDER BY s.at, s.seat`, w.Args()...)
		if err != nil {
			return nil, err
		}
		for _, s := range list {
			of[s.Contribution] = append(of[s.Contribution], s)
		}
	}
	return of, nil
}

// forget takes the person out of what was said: the organisation said it.
func forget(ctx context.Context, tx *db.Tx, person string) error {
	if _, err := tx.Exec(ctx, `UPDATE contribution_said SET person = '' WHERE person = $1`, person); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE validator SET by_ = '' WHERE by_ = $1`, person)
	return err
}

const validatorColumns = `v.id, v.organisation, o.kind, o.name, v.country, v.town, v.lat, v.lon, v.km, v.theme, v.since`

func scanValidator(r db.Row) (v Validator, err error) {
	var kind people.OrganisationKind
	err = r.Scan(&v.ID, &v.Organisation, &kind, &v.Name, &v.Area.Country, &v.Area.Town, &v.Area.Lat, &v.Area.Lon, &v.Area.Km, &v.Theme, &v.Since)
	v.Seat = SeatOf(kind)
	return v, err
}

// validators lists those appointed now; one that was withdrawn decides nothing.
func validators(ctx context.Context, q db.Q) ([]Validator, error) {
	return db.All(ctx, q, scanValidator, `SELECT `+validatorColumns+` FROM validator v JOIN organisation o ON o.id = v.organisation
		WHERE v.ended = 0 AND o.withdrawn = 0 ORDER BY v.country, v.town, v.theme, o.name_key, v.id`)
}

func addValidator(ctx context.Context, tx *db.Tx, v Validator, by string) error {
	_, err := tx.Exec(ctx, `INSERT INTO validator (id, organisation, country, town, lat, lon, km, theme, since, by_) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`,
		v.ID, v.Organisation, v.Area.Country, v.Area.Town, v.Area.Lat, v.Area.Lon, v.Area.Km, v.Theme, v.Since, by)
	return err
}

func endValidator(ctx context.Context, tx *db.Tx, validator string) (organisation string, err error) {
	organisation, err = db.One(ctx, tx, db.Value[string], `UPDATE validator SET ended = $2 WHERE id = $1 AND ended = 0 RETURNING organisation`, validator, tx.Now())
	if errors.Is(err, db.ErrNone) {
		err = fault.Missing()
	}
	return organisation, err
}
