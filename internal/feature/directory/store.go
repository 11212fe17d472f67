package directory

import (
	"context"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
)

const profileColumns = `p.entry, p.website, p.source, p.source_key, p.batch, p.invented`

type profileRow struct {
	entry string
	Profile
}

func scanProfile(r db.Row) (p profileRow, err error) {
	return p, r.Scan(&p.entry, &p.Website, &p.Source, &p.SourceKey, &p.Batch, &p.Invented)
}

type pair struct{ entry, value string }

func scanPair(r db.Row) (p pair, err error) { return p, r.Scan(&p.entry, &p.value) }

type answer struct{ entry, name, value string }

func scanAnswer(r db.Row) (a answer, err error) { return a, r.Scan(&a.entry, &a.name, &a.value) }

// withProfiles reads the side tables of several entries at once, in four queries.
func withProfiles(ctx context.Context, q db.Q, entries []entry.Entry) ([]Organisation, error) {
	list := make([]Organisation, len(entries))
	at := map[string]int{}
	ids := make([]string, len(entries))
	for i, e := range entries {
		list[i].Entry, at[e.ID], ids[i] = e, i, e.ID
	}
	for len(ids) > 0 {
		some := ids[:min(len(ids), 200)]
		ids = ids[len(some):]
		var w db.Where
		w.In("p.entry", some)
		profiles, err := db.All(ctx, q, scanProfile, `SELECT `+profileColumns+` FROM organisation_profile p`+w.SQL(), w.Args()...)
		if err != nil {
			return nil, err
		}
		for _, p := range profiles {
			list[at[p.entry]].Profile = p.Profile
		}
		languages, err := db.All(ctx, q, scanPair, `SELECT p.entry, p.language FROM organisation_language p`+w.SQL()+` ORDER BY p.language`, w.Args()...)
		if err != nil {
			return nil, err
		}
		for _, p := range languages {
			list[at[p.entry]].Languages = append(list[at[p.entry]].Languages, p.value)
		}
		axes, err := db.All(ctx, q, scanPair, `SELECT p.entry, p.axis FROM organisation_axis p`+w.SQL()+` ORDER BY p.axis`, w.Args()...)
		if err != nil {
			return nil, err
		}
		for _, p := range axes {
			list[at[p.entry]].Axes = append(list[at[p.entry]].Axes, p.value)
		}
		var answered db.Where
		answered.In("v.entry", some)
		answered.In("v.name", []string{worksIn, record.Address})
		answers, err := db.All(ctx, q, scanAnswer, `SELECT v.entry, v.name, v.value FROM record_value v`+answered.SQL()+` ORDER BY v.entry, v.name, v.n`, answered.Args()...)
		if err != nil {
			return nil, err
		}
		for _, p := range answers {
			o := &list[at[p.entry]]
			if p.name == worksIn {
				o.Countries = append(o.Countries, p.value)
			} else {
				o.Street = p.value
			}
		}
	}
	return list, nil
}

func putProfile(ctx context.Context, tx *db.Tx, o Organisation) error {
	if _, err := tx.Exec(ctx, `INSERT INTO organisation_profile (entry, website, site_key, name_key, source, source_key, batch, invented)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8) ON CONFLICT (entry) DO UPDATE SET website = $2, site_key = $3, name_key = $4`,
		o.ID, o.Website, siteKey(o.Website), KeyOf(o.Name(), o.Place.Country, o.Class), o.Source, o.SourceKey, o.Batch, o.Invented); err != nil {
		return err
	}
	for _, t := range []struct {
		table, column string
		values        []string
	}{{"organisation_language", "language", o.Languages}, {"organisation_axis", "axis", o.Axes}} {
		if _, err := tx.Exec(ctx, `DELETE FROM `+t.table+` WHERE entry = $1`, o.ID); err != nil {
			return err
		}
		for _, v := range t.values {
			if _, err := tx.Exec(ctx, `INSERT INTO `+t.table+` (entry, `+t.column+`) VALUES ($1,$2) ON CONFLICT DO NOTHING`, o.ID, v); err != nil {
				return err
			}
		}
	}
	return record.PutAnswers(ctx, tx, o.ID, o.answers())
}

const correctionColumns = `c.id, c.entry, c.person, c.words, c.proof, c.at, c.settled`

func scanCorrection(r db.Row) (c Correction, err error) {
	return c, r.Scan(&c.ID, &c.Entry, &c.Person, &c.Words, &c.Proof, &c.At, &c.Settled)
}

func putCorrection(ctx context.Context, tx *db.Tx, c Correction) error {
	_, err := tx.Exec(ctx, `INSERT INTO organisation_correction (id, entry, at, person, words, proof) VALUES ($1,$2,$3,$4,$5,$6)`, c.ID, c.Entry, c.At, c.Person, c.Words, c.Proof)
	return err
}

// openCorrections gives what nobody looked at yet, oldest first, with names.
func openCorrections(ctx context.Context, q db.Q) ([]Correction, error) {
	list, err := db.All(ctx, q, scanCorrection, `SELECT `+correctionColumns+` FROM organisation_correction c WHERE c.settled = 0 ORDER BY c.at, c.id LIMIT 100`)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	entries, persons := make([]string, len(list)), make([]string, len(list))
	for i, c := range list {
		entries[i], persons[i] = c.Entry, c.Person
	}
	found, err := entry.Many(ctx, q, entries)
	if err != nil {
		return nil, err
	}
	who, err := people.PersonsByID(ctx, q, persons)
	if err != nil {
		return nil, err
	}
	for i, c := range list {
		list[i].Name = found[c.Entry].Title()
		for _, p := range who {
			if p.ID == c.Person {
				list[i].By = p.Name
			}
		}
	}
	return list, nil
}

func settleCorrection(ctx context.Context, tx *db.Tx, correction, by string) error {
	_, err := tx.Exec(ctx, `UPDATE organisation_correction SET settled = $2, settled_by = $3 WHERE id = $1 AND settled = 0`, correction, tx.Now(), by)
	return err
}

func waiting(ctx context.Context, q db.Q) (int, error) {
	return db.One(ctx, q, db.Value[int], `SELECT count(*) FROM organisation_correction WHERE settled = 0`)
}
