package worklist

import (
	"context"
	"encoding/json"
	"errors"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
)

func assignedOf(ctx context.Context, q db.Q, ids []string) (map[string]string, error) {
	by := map[string]string{}
	for len(ids) > 0 {
		some := ids[:min(len(ids), 200)]
		ids = ids[len(some):]
		var w db.Where
		w.In("entry", some)
		list, err := db.All(ctx, q, db.Pair[string, string], `SELECT entry, person FROM work_assigned`+w.SQL(), w.Args()...)
		if err != nil {
			return nil, err
		}
		for _, p := range list {
			by[p.A] = p.B
		}
	}
	return by, nil
}

// assign gives an entry to a person; "" to nobody.
func assign(ctx context.Context, tx *db.Tx, entry, person string) error {
	if person == "" {
		_, err := tx.Exec(ctx, `DELETE FROM work_assigned WHERE entry = $1`, entry)
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO work_assigned (entry, person, at) VALUES ($1,$2,$3) ON CONFLICT (entry) DO UPDATE SET person = $2, at = $3`, entry, person, tx.Now())
	return err
}

// forget takes a person out who leaves.
func forget(ctx context.Context, tx *db.Tx, person string) error {
	_, err := tx.Exec(ctx, `DELETE FROM work_assigned WHERE person = $1`, person)
	return err
}

func assignedTo(ctx context.Context, q db.Q, person string) ([]struct {
	A string
	B int
}, error) {
	return db.All(ctx, q, db.Pair[string, int], `SELECT e.kind, count(*) FROM work_assigned w JOIN entry e ON e.id = w.entry WHERE w.person = $1 GROUP BY e.kind ORDER BY e.kind`, person)
}

// View is a list with a name, which all who coordinate share.
type View struct {
	ID, Kind, Name, Query, Person string
}

func scanView(r db.Row) (v View, err error) {
	return v, r.Scan(&v.ID, &v.Kind, &v.Name, &v.Query, &v.Person)
}

func viewsOf(ctx context.Context, q db.Q, kind string) ([]View, error) {
	return db.All(ctx, q, scanView, `SELECT id, kind, name, query, person FROM work_view WHERE kind = $1 ORDER BY created, id LIMIT 100`, kind)
}

func putView(ctx context.Context, tx *db.Tx, v View) error {
	_, err := tx.Exec(ctx, `INSERT INTO work_view (id, kind, name, query, person, created) VALUES ($1,$2,$3,$4,$5,$6)`, v.ID, v.Kind, v.Name, v.Query, v.Person, tx.Now())
	return err
}

func dropView(ctx context.Context, tx *db.Tx, kind, id string) error {
	n, err := tx.Exec(ctx, `DELETE FROM work_view WHERE id = $1 AND kind = $2`, id, kind)
	if err == nil && n == 0 {
		err = fault.Missing()
	}
	return err
}

// Batch is a change of many at once.
type Batch struct {
	ID, Kind, Person string
	At, Undone       db.Instant
	Change           Change
}

func scanBatch(r db.Row) (b Batch, err error) {
	var change string
	if err = r.Scan(&b.ID, &b.Kind, &b.Person, &b.At, &b.Undone, &change); err == nil {
		err = json.Unmarshal([]byte(change), &b.Change)
	}
	return b, err
}

func batchByID(ctx context.Context, q db.Q, id string) (Batch, error) {
	b, err := db.One(ctx, q, scanBatch, `SELECT id, kind, person, at, undone, change FROM work_batch WHERE id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		err = fault.Missing()
	}
	return b, err
}

func latest(ctx context.Context, q db.Q, kind string) ([]Batch, error) {
	return db.All(ctx, q, scanBatch, `SELECT id, kind, person, at, undone, change FROM work_batch WHERE kind = $1 ORDER BY at DESC, id DESC LIMIT 5`, kind)
}

func addBatch(ctx context.Context, tx *db.Tx, b Batch) error {
	change, err := json.Marshal(b.Change)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO work_batch (id, kind, person, at, change) VALUES ($1,$2,$3,$4,$5)`, b.ID, b.Kind, b.Person, tx.Now(), string(change))
	return err
}

// kept is a row of a batch: what was before, and the revision after.
type kept struct {
	Entry    string
	Was      Before
	Revision int
}

func addRow(ctx context.Context, tx *db.Tx, batch string, n int, k kept) error {
	was, err := json.Marshal(k.Was)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO work_row (batch, entry, n, was, revision) VALUES ($1,$2,$3,$4,$5)`, batch, k.Entry, n, string(was), k.Revision)
	return err
}

func rowsOf(ctx context.Context, q db.Q, batch string) ([]kept, error) {
	return db.All(ctx, q, func(r db.Row) (k kept, err error) {
		var was string
		if err = r.Scan(&k.Entry, &was, &k.Revision); err == nil {
			err = json.Unmarshal([]byte(was), &k.Was)
		}
		return k, err
	}, `SELECT entry, was, revision FROM work_row WHERE batch = $1 ORDER BY n`, batch)
}

func setUndone(ctx context.Context, tx *db.Tx, batch string) error {
	_, err := tx.Exec(ctx, `UPDATE work_batch SET undone = $2 WHERE id = $1`, batch, tx.Now())
	return err
}

// Pass gives what somebody looks after of an organisation to who comes next
// there, and says how much it was.
func Pass(ctx context.Context, tx *db.Tx, organisation, from, to string) (int64, error) {
	return tx.Exec(ctx, `UPDATE work_assigned SET person = $3 WHERE person = $1 AND entry IN (SELECT e.id FROM entry e WHERE e.organisation = $2)`, from, organisation, to)
}
