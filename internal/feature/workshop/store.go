package workshop

import (
	"context"
	"errors"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
)

// Captured is the typed side of what was taken down in a workshop.
type Captured struct {
	Entry, Assembly, Workshop, Kind string
	Sequence, Position              int
	Source, Key, Beside             string
	Edit                            string // hash
	EditUntil                       db.Instant
}

const capturedColumns = `c.entry, c.assembly, c.workshop, c.kind, c.sequence_, c.position, c.source, c.key_, c.beside, c.edit, c.edit_until`

func scanCaptured(r db.Row) (c Captured, err error) {
	return c, r.Scan(&c.Entry, &c.Assembly, &c.Workshop, &c.Kind, &c.Sequence, &c.Position, &c.Source, &c.Key, &c.Beside, &c.Edit, &c.EditUntil)
}

// capturedIn lists what a workshop took down, in the order of its record.
func capturedIn(ctx context.Context, q db.Q, workshop string) ([]Captured, error) {
	return db.All(ctx, q, scanCaptured, `SELECT `+capturedColumns+` FROM captured c WHERE c.workshop = $1 ORDER BY c.position, c.entry`, workshop)
}

func capturedByID(ctx context.Context, q db.Q, entry string) (Captured, error) {
	return missing(db.One(ctx, q, scanCaptured, `SELECT `+capturedColumns+` FROM captured c WHERE c.entry = $1`, entry))
}

func capturedByKey(ctx context.Context, q db.Q, workshop, key string) (Captured, error) {
	return missing(db.One(ctx, q, scanCaptured, `SELECT `+capturedColumns+` FROM captured c WHERE c.workshop = $1 AND c.key_ = $2`, workshop, key))
}

// capturedByEdit finds what a phone's own link may change.
func capturedByEdit(ctx context.Context, q db.Q, hash string) (Captured, error) {
	return missing(db.One(ctx, q, scanCaptured, `SELECT `+capturedColumns+` FROM captured c WHERE c.edit = $1`, hash))
}

// stakesOf lists the stakes of an assembly, in order.
func stakesOf(ctx context.Context, q db.Q, assembly string) ([]string, error) {
	return db.All(ctx, q, db.Value[string], `SELECT c.entry FROM captured c WHERE c.assembly = $1 AND c.kind = 'stake' ORDER BY c.workshop, c.position, c.entry`, assembly)
}

func putCaptured(ctx context.Context, tx *db.Tx, c Captured) error {
	if err := tx.Lock(ctx, "workshop:"+c.Workshop); err != nil { // positions in the order of arrival
		return err
	}
	if c.Position == 0 {
		n, err := db.One(ctx, tx, db.Value[int], `SELECT coalesce(max(position), 0) + 1 FROM captured WHERE workshop = $1`, c.Workshop)
		if err != nil {
			return err
		}
		c.Position = n
	}
	_, err := tx.Exec(ctx, `INSERT INTO captured (entry, assembly, workshop, kind, sequence_, position, source, key_, beside, edit, edit_until)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)`,
		c.Entry, c.Assembly, c.Workshop, c.Kind, c.Sequence, c.Position, c.Source, c.Key, c.Beside, c.Edit, c.EditUntil)
	return err
}

// place moves an entry in the record.
func place(ctx context.Context, tx *db.Tx, entry string, position int) error {
	_, err := tx.Exec(ctx, `UPDATE captured SET position = $2 WHERE entry = $1`, entry, position)
	return err
}

// settle ends that an entry is one of two versions.
func settle(ctx context.Context, tx *db.Tx, entry string) error {
	_, err := tx.Exec(ctx, `UPDATE captured SET beside = '' WHERE entry = $1 OR beside = $1`, entry)
	return err
}

// Proposal is the typed side of a proposal.
type Proposal struct {
	Entry, Assembly, Workshop, Level string
	Position                         int
}

const proposalColumns = `p.entry, p.assembly, p.workshop, p.level, p.position`

func scanProposal(r db.Row) (p Proposal, err error) {
	return p, r.Scan(&p.Entry, &p.Assembly, &p.Workshop, &p.Level, &p.Position)
}

func proposalByID(ctx context.Context, q db.Q, entry string) (Proposal, error) {
	return missing(db.One(ctx, q, scanProposal, `SELECT `+proposalColumns+` FROM proposal p WHERE p.entry = $1`, entry))
}

// proposalsOf lists all proposals of an assembly, its workshops' and the committee's.
func proposalsOf(ctx context.Context, q db.Q, assembly string) ([]Proposal, error) {
	return db.All(ctx, q, scanProposal, `SELECT `+proposalColumns+` FROM proposal p WHERE p.assembly = $1 ORDER BY p.position, p.entry`, assembly)
}

func putProposal(ctx context.Context, tx *db.Tx, p Proposal) error {
	if err := tx.Lock(ctx, "proposals:"+p.Assembly); err != nil {
		return err
	}
	if p.Position == 0 {
		n, err := db.One(ctx, tx, db.Value[int], `SELECT coalesce(max(position), 0) + 1 FROM proposal WHERE assembly = $1`, p.Assembly)
		if err != nil {
			return err
		}
		p.Position = n
	}
	_, err := tx.Exec(ctx, `INSERT INTO proposal (entry, assembly, workshop, level, position) VALUES ($1,$2,$3,$4,$5)
		ON CONFLICT (entry) DO UPDATE SET level = $4`, p.Entry, p.Assembly, p.Workshop, p.Level, p.Position)
	return err
}

// themesOf gives the themes of many entries.
func themesOf(ctx context.Context, q db.Q, ids []string) (map[string][]string, error) {
	found := map[string][]string{}
	for len(ids) > 0 {
		n := min(len(ids), 200)
		var w db.Where
		w.In("entry", ids[:n])
		rows, err := db.All(ctx, q, db.Pair[string, string], `SELECT entry, theme FROM entry_theme`+w.SQL()+` ORDER BY entry, theme`, w.Args()...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			found[r.A] = append(found[r.A], r.B)
		}
		ids = ids[n:]
	}
	return found, nil
}

func missing[T any](v T, err error) (T, error) {
	if errors.Is(err, db.ErrNone) {
		return v, fault.Missing()
	}
	return v, err
}
