package backup

import (
	"context"
	"embed"
	"errors"
	"slices"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/id"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/people"
)

// Schema holds the tables of this package.
//
//go:embed schema
var Schema embed.FS

var _ = db.Unseen("backup")

// Run is one backup or rehearsal, as the operator is told.
type Run struct {
	ID      string
	At      db.Instant // 0 = now
	What    string     // Backup or Rehearsal
	File    string     // name of the backup
	Size    int64
	Rows    int64
	Files   int
	Took    time.Duration
	Problem string // "" = it went well

	// Of a backup: what tells later whether it is still the same, and whether
	// somebody opened it.
	Sum    string     // of its octets
	Proof  string     // of its end, see Report; of a rehearsal: the code that was brought
	Looked db.Instant // when it was last read back
	Damage string     // what was found then; "" = nothing
	Gone   db.Instant // since when it is not kept any more; 0 = it is

	// Of a rehearsal.
	Way     string  // who did it
	Failure Failure // "" = it went well, or nobody said why not
}

// What a Run was.
const (
	Backup    = "backup"
	Rehearsal = "rehearsal"
)

// Ways of a rehearsal.
const (
	ByHouse   = "house"   // by the program itself
	ByConsole = "console" // by hand, where the database is at hand
	ByCode    = "code"    // by hand, elsewhere; its code was brought here
)

// Tell keeps a run, and forgets those of more than a year ago.
func Tell(ctx context.Context, d *db.DB, r Run) error {
	return d.Do(ctx, func(ctx context.Context, tx *db.Tx) error { return Note(ctx, tx, people.Actor{}, r) })
}

// Note is Tell within a transaction, by somebody. The journal holds rehearsals
// and what was found damaged: backups themselves are too many to tell.
func Note(ctx context.Context, tx *db.Tx, a people.Actor, r Run) error {
	if _, err := tx.Exec(ctx, `DELETE FROM backup WHERE at < $1`, tx.Now().Add(-400*24*time.Hour)); err != nil {
		return err
	}
	data := map[string]string{"file": r.File, "way": r.Way}
	if r.Failure != "" {
		data["failure"] = string(r.Failure)
	}
	switch {
	case r.What == Rehearsal && r.Problem == "":
		journal.Tell(tx, a, journal.Event{Verb: "backup.rehearsed", Kind: "backup", Data: data})
	case r.What == Rehearsal:
		journal.Tell(tx, a, journal.Event{Verb: "backup.unrestored", Kind: "backup", Data: data})
	}
	if r.At == 0 {
		r.At = tx.Now()
	}
	_, err := tx.Exec(ctx, `INSERT INTO backup (id, at, what, file, size, rows_, files, took, problem, hash, proof, way, looked, damage, failure)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15)`,
		id.New(), r.At, r.What, r.File, r.Size, r.Rows, r.Files, r.Took.Microseconds(), r.Problem, r.Sum, r.Proof, r.Way, r.Looked, r.Damage, r.Failure)
	return err
}

const columns = `id, at, what, file, size, rows_, files, took, problem, hash, proof, way, looked, damage, gone, failure`

func scan(row db.Row) (r Run, err error) {
	var took int64
	err = row.Scan(&r.ID, &r.At, &r.What, &r.File, &r.Size, &r.Rows, &r.Files, &took, &r.Problem, &r.Sum, &r.Proof, &r.Way, &r.Looked, &r.Damage, &r.Gone, &r.Failure)
	r.Took = time.Duration(took) * time.Microsecond
	return r, err
}

// Last lists the newest runs.
func Last(ctx context.Context, q db.Q, limit int) ([]Run, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM backup ORDER BY at DESC, id DESC LIMIT $1`, limit)
}

// LastOf lists the newest backups, or the newest rehearsals.
func LastOf(ctx context.Context, q db.Q, what string, limit int) ([]Run, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM backup WHERE what = $1 ORDER BY at DESC, id DESC LIMIT $2`, what, limit)
}

// Most is more runs than are kept in mind.
const Most = 10_000

// Good gives the newest backup, or the newest rehearsal, that went well; nil =
// none did.
func Good(ctx context.Context, q db.Q, what string) (*Run, error) {
	r, err := db.One(ctx, q, scan, `SELECT `+columns+` FROM backup WHERE what = $1 AND problem = '' ORDER BY at DESC, id DESC LIMIT 1`, what)
	if errors.Is(err, db.ErrNone) {
		return nil, nil
	}
	return &r, err
}

// Kept lists the backups that were taken and are still kept, newest first.
func Kept(ctx context.Context, q db.Q) ([]Run, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM backup WHERE what = $1 AND problem = '' AND hash <> '' AND gone = 0 ORDER BY at DESC, id DESC`, Backup)
}

// LookAfter reads two of the kept backups back: the newest, and the one that was
// read longest ago. So each has its turn, and no day costs more than two. It
// gives what is damaged of them.
func LookAfter(ctx context.Context, d *db.DB, p Place) (damaged []Run, err error) {
	list, err := p.List(ctx)
	if err != nil {
		return nil, err
	}
	kept, err := Kept(ctx, d)
	if err != nil || len(kept) == 0 {
		return nil, err
	}
	there := map[string]bool{}
	for _, f := range list {
		there[f.Name] = true
	}
	turn := kept[:1:1]
	var gone []Run
	for _, r := range kept[1:] {
		switch {
		case !there[r.File]:
			gone = append(gone, r)
		case len(turn) == 1:
			turn = append(turn, r)
		case r.Looked < turn[1].Looked:
			turn[1] = r
		}
	}
	for i, r := range turn {
		if turn[i].Damage, err = Look(ctx, p, r.File, r.Size, r.Sum); err != nil {
			return nil, err
		}
	}
	err = d.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, r := range gone {
			if _, err := tx.Exec(ctx, `UPDATE backup SET gone = $1, damage = '' WHERE id = $2`, tx.Now(), r.ID); err != nil {
				return err
			}
		}
		for _, r := range turn {
			if _, err := tx.Exec(ctx, `UPDATE backup SET looked = $1, damage = $2 WHERE id = $3`, tx.Now(), r.Damage, r.ID); err != nil {
				return err
			}
			before := kept[slices.IndexFunc(kept, func(k Run) bool { return k.ID == r.ID })].Damage
			if r.Damage != "" && before == "" {
				journal.Tell(tx, people.Actor{}, journal.Event{Verb: "backup.damaged", Kind: "backup", Data: map[string]string{"file": r.File}})
			}
		}
		return nil
	})
	return slices.DeleteFunc(turn, func(r Run) bool { return r.Damage == "" }), err
}
