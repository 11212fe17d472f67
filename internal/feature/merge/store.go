package merge

import (
	"context"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/people"
)

// Apart notes that two records are not the same thing.
func (f *Feature) Apart(ctx context.Context, tx *db.Tx, a people.Actor, one, other string) error {
	if !a.Is(people.Coordinator) {
		return access.Denied()
	}
	for _, id := range []string{one, other} {
		if _, err := entry.See(ctx, tx, a, "", id); err != nil {
			return err
		}
	}
	if one == other {
		return fault.Invalid("given", "merge.same", "This is the same record twice. Choose another one.")
	}
	pair := orderly(one, other)
	_, err := tx.Exec(ctx, `INSERT INTO record_apart (one, other, person, at) VALUES ($1,$2,$3,$4) ON CONFLICT DO NOTHING`, pair[0], pair[1], a.Person, tx.Now())
	return err
}

// aparts gives all pairs somebody looked at, and found to be two.
func aparts(ctx context.Context, q db.Q) (map[[2]string]bool, error) {
	list, err := db.All(ctx, q, db.Pair[string, string], `SELECT one, other FROM record_apart`)
	all := map[[2]string]bool{}
	for _, p := range list {
		all[[2]string{p.A, p.B}] = true
	}
	return all, err
}

func forget(ctx context.Context, tx *db.Tx, person string) error {
	_, err := tx.Exec(ctx, `UPDATE record_apart SET person = '' WHERE person = $1`, person)
	return err
}
