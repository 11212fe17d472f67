package assembly

import (
	"context"
	"errors"
	"slices"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
)

func assemblyByID(ctx context.Context, q db.Q, id string) (Assembly, error) {
	a, err := db.One(ctx, q, func(r db.Row) (a Assembly, err error) {
		return a, r.Scan(&a.Entry, &a.Timezone, &a.Online, &a.ByHand)
	}, `SELECT entry, timezone, online, by_hand FROM assembly WHERE entry = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return a, fault.Missing()
	}
	if err != nil {
		return a, err
	}
	a.Starts, err = db.All(ctx, q, func(r db.Row) (s Start, err error) { return s, r.Scan(&s.Phase, &s.Starts) },
		`SELECT phase, starts FROM phase WHERE assembly = $1`, id)
	slices.SortFunc(a.Starts, func(x, y Start) int { return slices.Index(Phases, x.Phase) - slices.Index(Phases, y.Phase) })
	return a, err
}

func putAssembly(ctx context.Context, tx *db.Tx, a Assembly) error {
	if _, err := tx.Exec(ctx, `INSERT INTO assembly (entry, timezone, online, by_hand) VALUES ($1,$2,$3,$4)
		ON CONFLICT (entry) DO UPDATE SET timezone = $2, online = $3, by_hand = $4`, a.Entry, a.Timezone, a.Online, string(a.ByHand)); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM phase WHERE assembly = $1`, a.Entry); err != nil {
		return err
	}
	for _, s := range a.Starts {
		if s.Starts == 0 {
			continue
		}
		if _, err := tx.Exec(ctx, `INSERT INTO phase (assembly, phase, starts) VALUES ($1,$2,$3)`, a.Entry, string(s.Phase), s.Starts); err != nil {
			return err
		}
	}
	return nil
}

const workshopColumns = `entry, assembly, code, sequence, room`

func scanWorkshop(r db.Row) (w Workshop, err error) {
	return w, r.Scan(&w.Entry, &w.Assembly, &w.Code, &w.Sequence, &w.Room)
}

func workshopByID(ctx context.Context, q db.Q, id string) (Workshop, error) {
	return missing(db.One(ctx, q, scanWorkshop, `SELECT `+workshopColumns+` FROM workshop WHERE entry = $1`, id))
}

func workshopByCode(ctx context.Context, q db.Q, code string) (Workshop, error) {
	if code == "" {
		return Workshop{}, fault.Missing()
	}
	return missing(db.One(ctx, q, scanWorkshop, `SELECT `+workshopColumns+` FROM workshop WHERE code = $1`, code))
}

func workshopsOf(ctx context.Context, q db.Q, assembly string) ([]Workshop, error) {
	return db.All(ctx, q, scanWorkshop, `SELECT `+workshopColumns+` FROM workshop WHERE assembly = $1 ORDER BY entry`, assembly)
}

func putWorkshop(ctx context.Context, tx *db.Tx, w Workshop) error {
	_, err := tx.Exec(ctx, `INSERT INTO workshop (entry, assembly, code, sequence, room) VALUES ($1,$2,$3,$4,$5)
		ON CONFLICT (entry) DO UPDATE SET code = $3, sequence = $4, room = $5`, w.Entry, w.Assembly, w.Code, int(w.Sequence), w.Room)
	return err
}

func programmeOf(ctx context.Context, q db.Q, assembly string) ([]Item, error) {
	return db.All(ctx, q, func(r db.Row) (i Item, err error) {
		return i, r.Scan(&i.ID, &i.Assembly, &i.Starts, &i.Position, &i.Kind, &i.Title, &i.Place)
	}, `SELECT id, assembly, starts, position, kind, title, place FROM programme WHERE assembly = $1 ORDER BY starts, position, id`, assembly)
}

func putItem(ctx context.Context, tx *db.Tx, i Item) error {
	_, err := tx.Exec(ctx, `INSERT INTO programme (id, assembly, starts, position, kind, title, place) VALUES ($1,$2,$3,$4,$5,$6,$7)`,
		i.ID, i.Assembly, i.Starts, i.Position, i.Kind, i.Title, i.Place)
	return err
}

func dropItem(ctx context.Context, tx *db.Tx, assembly, item string) error {
	n, err := tx.Exec(ctx, `DELETE FROM programme WHERE id = $1 AND assembly = $2`, item, assembly)
	if err == nil && n == 0 {
		return fault.Missing()
	}
	return err
}

func attendanceOf(ctx context.Context, q db.Q, assembly string) ([]Attendance, error) {
	return db.All(ctx, q, func(r db.Row) (a Attendance, err error) {
		return a, r.Scan(&a.Organisation.ID, &a.Organisation.Name, &a.Organisation.Kind, &a.Organisation.Country, &a.Registered, &a.Present)
	}, `SELECT o.id, o.name, o.kind, o.country, t.registered, t.present FROM attendance t JOIN organisation o ON o.id = t.organisation
		WHERE t.assembly = $1 AND o.withdrawn = 0 ORDER BY o.name_key, o.id`, assembly)
}

func register(ctx context.Context, tx *db.Tx, assembly, organisation, person string) error {
	_, err := tx.Exec(ctx, `INSERT INTO attendance (assembly, organisation, registered, person) VALUES ($1,$2,$3,$4) ON CONFLICT DO NOTHING`,
		assembly, organisation, tx.Now(), person)
	return err
}

func unregister(ctx context.Context, tx *db.Tx, assembly, organisation string) error {
	_, err := tx.Exec(ctx, `DELETE FROM attendance WHERE assembly = $1 AND organisation = $2`, assembly, organisation)
	return err
}

func markPresent(ctx context.Context, tx *db.Tx, assembly, organisation string, present bool) error {
	_, err := tx.Exec(ctx, `UPDATE attendance SET present = $3 WHERE assembly = $1 AND organisation = $2`, assembly, organisation, present)
	return err
}

func missing[T any](v T, err error) (T, error) {
	if errors.Is(err, db.ErrNone) {
		return v, fault.Missing()
	}
	return v, err
}
