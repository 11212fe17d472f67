package assembly

import (
	"context"
	"errors"
	"slices"
	"strings"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
)

func assemblyByID(ctx context.Context, q db.Q, id string) (Assembly, error) {
	found, err := assembliesByID(ctx, q, []string{id})
	if err != nil {
		return Assembly{}, err
	}
	a, ok := found[id]
	if !ok {
		return a, fault.Missing()
	}
	a.Organisers, err = db.All(ctx, q, db.Value[string], `SELECT organisation FROM organiser WHERE assembly = $1 ORDER BY position`, id)
	return a, err
}

// assembliesByID gives several at once, without their organisers.
func assembliesByID(ctx context.Context, q db.Q, ids []string) (map[string]Assembly, error) {
	found := map[string]Assembly{}
	for len(ids) > 0 {
		n := min(len(ids), 200)
		var w, of db.Where
		w.In("a.entry", ids[:n])
		of.In("assembly", ids[:n])
		ids = ids[n:]
		list, err := db.All(ctx, q, scanAssembly, `SELECT a.entry, a.timezone, a.venue, a.online, a.languages, a.axes, a.by_hand, a.moved, e.starts, e.ends
			FROM assembly a JOIN entry e ON e.id = a.entry`+w.SQL(), w.Args()...)
		if err != nil {
			return nil, err
		}
		type dated struct {
			assembly string
			Start
		}
		starts, err := db.All(ctx, q, func(r db.Row) (d dated, err error) { return d, r.Scan(&d.assembly, &d.Phase, &d.Starts) },
			`SELECT assembly, phase, starts FROM phase`+of.SQL(), of.Args()...)
		if err != nil {
			return nil, err
		}
		for _, a := range list {
			for _, s := range starts {
				if s.assembly == a.Entry {
					a.Starts = append(a.Starts, s.Start)
				}
			}
			slices.SortFunc(a.Starts, func(x, y Start) int { return slices.Index(Phases, x.Phase) - slices.Index(Phases, y.Phase) })
			found[a.Entry] = a
		}
	}
	return found, nil
}

func scanAssembly(r db.Row) (a Assembly, err error) {
	var languages, axes string
	err = r.Scan(&a.Entry, &a.Timezone, &a.Venue, &a.Online, &languages, &axes, &a.ByHand, &a.Moved, &a.Begins, &a.Ends)
	a.Languages, a.Axes = strings.Fields(languages), strings.Fields(axes)
	return a, err
}

// putAssembly keeps everything but the phase, which has its own way.
func putAssembly(ctx context.Context, tx *db.Tx, a Assembly) error {
	if _, err := tx.Exec(ctx, `INSERT INTO assembly (entry, timezone, venue, online, languages, axes) VALUES ($1,$2,$3,$4,$5,$6)
		ON CONFLICT (entry) DO UPDATE SET timezone = $2, venue = $3, online = $4, languages = $5, axes = $6`,
		a.Entry, a.Timezone, a.Venue, a.Online, strings.Join(a.Languages, " "), strings.Join(a.Axes, " ")); err != nil {
		return err
	}
	for _, text := range []string{`DELETE FROM phase WHERE assembly = $1`, `DELETE FROM organiser WHERE assembly = $1`} {
		if _, err := tx.Exec(ctx, text, a.Entry); err != nil {
			return err
		}
	}
	for _, s := range a.Starts {
		if s.Starts == 0 {
			continue
		}
		if _, err := tx.Exec(ctx, `INSERT INTO phase (assembly, phase, starts) VALUES ($1,$2,$3)`, a.Entry, string(s.Phase), s.Starts); err != nil {
			return err
		}
	}
	for n, o := range a.Organisers {
		if _, err := tx.Exec(ctx, `INSERT INTO organiser (assembly, organisation, position) VALUES ($1,$2,$3) ON CONFLICT DO NOTHING`, a.Entry, o, n); err != nil {
			return err
		}
	}
	return nil
}

// moveRow is one change of the phase by hand.
type moveRow struct {
	At          db.Instant
	Person      string
	Was, Became Phase // Became "" = by the dates again
	Reason      lang.Text
}

func putMove(ctx context.Context, tx *db.Tx, assembly string, m moveRow) error {
	if _, err := tx.Exec(ctx, `UPDATE assembly SET by_hand = $2, moved = $3 WHERE entry = $1`, assembly, string(m.Became), m.At); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO phase_move (id, assembly, at, person, was, became, reason) VALUES ($1,$2,$3,$4,$5,$6,$7)`,
		id.New(), assembly, m.At, m.Person, string(m.Was), string(m.Became), m.Reason.JSON())
	return err
}

func movesOf(ctx context.Context, q db.Q, assembly string) ([]moveRow, error) {
	return db.All(ctx, q, func(r db.Row) (m moveRow, err error) {
		var reason string
		if err = r.Scan(&m.At, &m.Person, &m.Was, &m.Became, &reason); err != nil {
			return m, err
		}
		m.Reason, err = lang.Parse(reason)
		return m, err
	}, `SELECT at, person, was, became, reason FROM phase_move WHERE assembly = $1 ORDER BY at DESC, id DESC`, assembly)
}

const workshopColumns = `entry, assembly, code, sequence, room, languages`

func scanWorkshop(r db.Row) (w Workshop, err error) {
	var languages string
	err = r.Scan(&w.Entry, &w.Assembly, &w.Code, &w.Sequence, &w.Room, &languages)
	w.Languages = strings.Fields(languages)
	return w, err
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

func workshopsByID(ctx context.Context, q db.Q, ids []string) ([]Workshop, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var w db.Where
	w.In("entry", ids[:min(len(ids), 500)])
	return db.All(ctx, q, scanWorkshop, `SELECT `+workshopColumns+` FROM workshop`+w.SQL()+` ORDER BY entry`, w.Args()...)
}

// putWorkshop keeps everything but the sequence and the code, which have their own ways.
func putWorkshop(ctx context.Context, tx *db.Tx, w Workshop) error {
	_, err := tx.Exec(ctx, `INSERT INTO workshop (entry, assembly, code, sequence, room, languages) VALUES ($1,$2,$3,$4,$5,$6)
		ON CONFLICT (entry) DO UPDATE SET room = $5, languages = $6`, w.Entry, w.Assembly, w.Code, int(w.Sequence), w.Room, strings.Join(w.Languages, " "))
	return err
}

// moveSequence sets the sequence if it is still what the person saw.
func moveSequence(ctx context.Context, tx *db.Tx, workshop string, from, to Sequence) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE workshop SET sequence = $3 WHERE entry = $1 AND sequence = $2`, workshop, int(from), int(to))
	return n == 1, err
}

func putCode(ctx context.Context, tx *db.Tx, workshop, code string) error {
	_, err := tx.Exec(ctx, `UPDATE workshop SET code = $2 WHERE entry = $1`, workshop, code)
	return err
}

func codeTaken(ctx context.Context, q db.Q, code string) (bool, error) {
	n, err := db.One(ctx, q, db.Value[int], `SELECT count(*) FROM workshop WHERE code = $1`, code)
	return n > 0, err
}

func programmeOf(ctx context.Context, q db.Q, assembly string) ([]Item, error) {
	return db.All(ctx, q, func(r db.Row) (i Item, err error) {
		var title string
		if err = r.Scan(&i.ID, &i.Assembly, &i.Starts, &i.Ends, &i.Position, &i.Kind, &title, &i.Place, &i.Workshop, &i.Revision); err != nil {
			return i, err
		}
		i.Title, err = lang.Parse(title)
		return i, err
	}, `SELECT id, assembly, starts, ends, position, kind, title, place, workshop, revision FROM programme WHERE assembly = $1 ORDER BY position, id`, assembly)
}

// putProgramme keeps a programme as it now stands; the caller has locked it.
func putProgramme(ctx context.Context, tx *db.Tx, assembly string, items []Item) error {
	if _, err := tx.Exec(ctx, `DELETE FROM programme WHERE assembly = $1`, assembly); err != nil {
		return err
	}
	for _, i := range items {
		if _, err := tx.Exec(ctx, `INSERT INTO programme (id, assembly, starts, ends, position, kind, title, place, workshop, revision) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`,
			i.ID, assembly, i.Starts, i.Ends, i.Position, i.Kind, i.Title.JSON(), i.Place, i.Workshop, i.Revision); err != nil {
			return err
		}
	}
	return nil
}

func attendanceOf(ctx context.Context, q db.Q, assembly string) ([]Attendance, error) {
	return db.All(ctx, q, func(r db.Row) (a Attendance, err error) {
		return a, r.Scan(&a.Organisation.ID, &a.Organisation.Name, &a.Organisation.Kind, &a.Organisation.Country, &a.Registered, &a.Present)
	}, `SELECT o.id, o.name, o.kind, o.country, t.registered, t.present FROM attendance t JOIN organisation o ON o.id = t.organisation
		WHERE t.assembly = $1 AND o.withdrawn = 0 ORDER BY o.name_key, o.id`, assembly)
}

// strangers finds organisations that are not registered, by a part of their name.
func strangers(ctx context.Context, q db.Q, assembly, words string, most int) ([]people.Organisation, error) {
	part := "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(lang.Fold(words)) + "%"
	return db.All(ctx, q, func(r db.Row) (o people.Organisation, err error) {
		return o, r.Scan(&o.ID, &o.Name, &o.Kind, &o.Country)
	},
		`SELECT id, name, kind, country FROM organisation WHERE withdrawn = 0 AND name_key LIKE $2 ESCAPE '\'
		AND id NOT IN (SELECT organisation FROM attendance WHERE assembly = $1) ORDER BY name_key, id LIMIT $3`, assembly, part, most)
}

// named finds organisations by their names as people write them.
func named(ctx context.Context, q db.Q, names []string) (map[string][]string, error) {
	keys := make([]string, len(names))
	for i, n := range names {
		keys[i] = lang.Fold(n)
	}
	found := map[string][]string{}
	if len(keys) == 0 {
		return found, nil
	}
	var w db.Where
	w.And("withdrawn = 0")
	w.In("name_key", keys)
	type row struct{ id, key string }
	list, err := db.All(ctx, q, func(r db.Row) (x row, err error) { return x, r.Scan(&x.id, &x.key) }, `SELECT id, name_key FROM organisation`+w.SQL(), w.Args()...)
	for _, x := range list {
		found[x.key] = append(found[x.key], x.id)
	}
	return found, err
}

func register(ctx context.Context, tx *db.Tx, assembly, organisation, person string) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO attendance (assembly, organisation, registered, person) VALUES ($1,$2,$3,$4) ON CONFLICT DO NOTHING`,
		assembly, organisation, tx.Now(), person)
	return n == 1, err
}

func unregister(ctx context.Context, tx *db.Tx, assembly, organisation string) (bool, error) {
	n, err := tx.Exec(ctx, `DELETE FROM attendance WHERE assembly = $1 AND organisation = $2`, assembly, organisation)
	return n == 1, err
}

func markPresent(ctx context.Context, tx *db.Tx, assembly, organisation string, present bool) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE attendance SET present = $3 WHERE assembly = $1 AND organisation = $2 AND present <> $3`, assembly, organisation, present)
	return n == 1, err
}

// attendedBy lists the assemblies an organisation is registered in.
func attendedBy(ctx context.Context, q db.Q, organisation string) ([]string, error) {
	return db.All(ctx, q, db.Value[string], `SELECT assembly FROM attendance WHERE organisation = $1 ORDER BY assembly`, organisation)
}

func forgetPerson(ctx context.Context, tx *db.Tx, person string) error {
	_, err := tx.Exec(ctx, `UPDATE attendance SET person = '' WHERE person = $1`, person)
	return err
}

func missing[T any](v T, err error) (T, error) {
	if errors.Is(err, db.ErrNone) {
		return v, fault.Missing()
	}
	return v, err
}
