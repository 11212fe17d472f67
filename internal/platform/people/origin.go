package people

import (
	"context"
	"errors"

	"alliance/internal/platform/db"
)

// Origin is where a session came from, when another site let its person in: as
// marks, never as names. Zero for those who showed here who they are.
type Origin struct {
	There string // of the session there; "" = that site has no name for it
	Whom  string // of the person there
}

// CameFrom notes where a session came from that has just begun.
func CameFrom(ctx context.Context, tx *db.Tx, secret string, o Origin) error {
	_, err := tx.Exec(ctx, `UPDATE session SET there = $2, whom = $3 WHERE hash = $1`, Hash(secret), o.There, o.Whom)
	return err
}

// OriginOf gives where a session came from.
func OriginOf(ctx context.Context, q db.Q, session string) (Origin, error) {
	o, err := db.One(ctx, q, func(r db.Row) (o Origin, err error) { return o, r.Scan(&o.There, &o.Whom) }, `SELECT there, whom FROM session WHERE id = $1`, session)
	if errors.Is(err, db.ErrNone) {
		return Origin{}, nil
	}
	return o, err
}

// EndSessionsFrom ends what came from there: one session, or all of a person
// where none is named. Given both, a session that has no name there ends as well:
// nobody can tell that it is not the one. It gives whose sessions ended.
func EndSessionsFrom(ctx context.Context, tx *db.Tx, o Origin) (persons []string, err error) {
	var w db.Where
	switch {
	case o.There == "":
		w.And("whom = ?", o.Whom)
	case o.Whom == "":
		w.And("there = ?", o.There)
	default:
		w.And("whom = ?", o.Whom)
		w.And("(there = ? OR there = '')", o.There)
	}
	w.And("whom <> ''")
	persons, err = db.All(ctx, tx, db.Value[string], `SELECT DISTINCT person FROM session`+w.SQL()+` ORDER BY person`, w.Args()...)
	if err == nil && len(persons) > 0 {
		_, err = tx.Exec(ctx, `DELETE FROM session`+w.SQL(), w.Args()...)
	}
	return persons, err
}
