package entry

import (
	"context"
	"errors"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/people"
)

// Merge is that one of two records of the same thing was given up for the other.
type Merge struct {
	ID, Kind    string
	Kept, Given string
	State       State  // of the one given up, before
	Before      string // the one kept as it was, in the form of whoever merged; "" = its words were erased
	Revision    int    // of the one kept, after
	Person      string
	At          db.Instant
	Undone      db.Instant
	UndoneBy    string
	Rows        []Led // filled by MergeByID
}

// longestChain is how often what was kept may be given up for another in turn.
const longestChain = 50

// Keep gives one of two entries up for the other, which was changed before as
// people chose: it disappears at once everywhere, its identifier stands for
// the kept one, and what pointed at it points there. given was read at its
// revision; as is the identifier of the merge, "" for a new one. Of two who
// merge the same at once, the second is told.
func Keep(ctx context.Context, tx *db.Tx, a people.Actor, as string, kept, given Entry, before string, points []Point) (Merge, error) {
	if as == "" {
		as = id.New()
	}
	m := Merge{ID: as, Kind: kept.Kind, Kept: kept.ID, Given: given.ID, State: given.State, Before: before, Revision: kept.Revision, Person: a.Person, At: tx.Now()}
	facts, err := LatestFacts(ctx, tx, given.ID)
	if err != nil {
		return m, err
	}
	given.State = Withdrawn
	if _, err := change(ctx, tx, a, given, facts, given.Kind+".given-up"); err != nil {
		return m, err
	}
	if _, err := tx.Exec(ctx, `UPDATE entry SET kept = $2 WHERE id = $1`, given.ID, kept.ID); err != nil {
		return m, err
	}
	if m.Rows, err = Lead(ctx, tx, points, given.ID, kept.ID); err != nil {
		return m, err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO record_merge (id, kind, kept, given, state, before_, revision, person, at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)`,
		m.ID, m.Kind, m.Kept, m.Given, string(m.State), m.Before, m.Revision, m.Person, m.At); err != nil {
		return m, err
	}
	for n, r := range m.Rows {
		if _, err := tx.Exec(ctx, `INSERT INTO record_merge_row (merge, n, point, key_, whole) VALUES ($1,$2,$3,$4,$5)`, m.ID, n, r.Point, cellsJSON(r.Key), cellsJSON(r.Whole)); err != nil {
			return m, err
		}
	}
	journal.Tell(tx, a, journal.Event{Verb: m.Kind + ".merged", Kind: m.Kind, Subject: m.Kept, Data: map[string]string{"merge": m.ID, "given": m.Given}})
	return m, told(ctx, tx, a, m.Rows)
}

// Part takes a merge back: what was given up stands for itself again, and what
// had pointed at it does so again. What becomes of the kept one's words is the
// caller's matter.
func Part(ctx context.Context, tx *db.Tx, a people.Actor, m Merge, points []Point) (Entry, error) {
	n, err := tx.Exec(ctx, `UPDATE record_merge SET undone = $2, undone_by = $3 WHERE id = $1 AND undone = 0`, m.ID, tx.Now(), a.Person)
	if err != nil {
		return Entry{}, err
	}
	if n == 0 {
		return Entry{}, fault.Conflict("entry.parted", "This merge was taken back already.")
	}
	if err := LeadBack(ctx, tx, points, m.Rows, m.Given, m.Kept); err != nil {
		return Entry{}, err
	}
	if _, err := tx.Exec(ctx, `UPDATE entry SET kept = '' WHERE id = $1`, m.Given); err != nil {
		return Entry{}, err
	}
	e, err := SetState(ctx, tx, a, m.Given, m.State)
	if err != nil {
		return e, err
	}
	// Giving it up and back were versions, too: what it kept of an earlier merge
	// was not changed by anybody.
	since := 2
	if m.State == Withdrawn {
		since = 1
	}
	if _, err := tx.Exec(ctx, `UPDATE record_merge SET revision = $2 WHERE kept = $1 AND undone = 0 AND revision = $3`, e.ID, e.Revision, e.Revision-since); err != nil {
		return e, err
	}
	journal.Tell(tx, a, journal.Event{Verb: m.Kind + ".parted", Kind: m.Kind, Subject: m.Kept, Data: map[string]string{"merge": m.ID, "given": m.Given}})
	return e, told(ctx, tx, a, m.Rows)
}

// told tells once of each entry that points elsewhere now, so that whatever
// keeps it in memory reads it again.
func told(ctx context.Context, tx *db.Tx, a people.Actor, rows []Led) error {
	seen := map[string]bool{}
	var ids []string
	for _, r := range rows {
		of := r.Of
		if of == "" && len(r.Key) > 0 {
			of, _ = r.Key[0].(string) // where a table is about one entry, its key begins with it
		}
		if id.Valid(of) && !seen[of] {
			seen[of] = true
			ids = append(ids, of)
		}
	}
	found, err := many(ctx, tx, ids)
	for _, one := range ids {
		if e, ok := found[one]; ok {
			journal.Tell(tx, a, journal.Event{Verb: e.Kind + ".led", Kind: e.Kind, Subject: e.ID, Scope: e.Parent})
		}
	}
	return err
}

const mergeColumns = `m.id, m.kind, m.kept, m.given, m.state, m.before_, m.revision, m.person, m.at, m.undone, m.undone_by`

func scanMerge(r db.Row) (m Merge, err error) {
	return m, r.Scan(&m.ID, &m.Kind, &m.Kept, &m.Given, &m.State, &m.Before, &m.Revision, &m.Person, &m.At, &m.Undone, &m.UndoneBy)
}

// MergeByID gives one merge with all it led elsewhere.
func MergeByID(ctx context.Context, q db.Q, merge string) (Merge, error) {
	m, err := db.One(ctx, q, scanMerge, `SELECT `+mergeColumns+` FROM record_merge m WHERE m.id = $1`, merge)
	if errors.Is(err, db.ErrNone) {
		return m, fault.Missing()
	}
	if err != nil {
		return m, err
	}
	m.Rows, err = db.All(ctx, q, func(r db.Row) (l Led, err error) {
		var key, whole string
		if err = r.Scan(&l.Point, &key, &whole); err != nil {
			return l, err
		}
		if l.Key, err = parseCells(key); err == nil {
			l.Whole, err = parseCells(whole)
		}
		return l, err
	}, `SELECT point, key_, whole FROM record_merge_row WHERE merge = $1 ORDER BY n`, merge)
	return m, err
}

// MergeOf gives the merge that stands in which an entry was given up.
func MergeOf(ctx context.Context, q db.Q, given string) (Merge, error) {
	m, err := db.One(ctx, q, scanMerge, `SELECT `+mergeColumns+` FROM record_merge m WHERE m.given = $1 AND m.undone = 0`, given)
	if errors.Is(err, db.ErrNone) {
		err = fault.Missing()
	}
	return m, err
}

// Merges lists what was merged, newest first, without rows.
func Merges(ctx context.Context, q db.Q, limit int) ([]Merge, error) {
	return db.All(ctx, q, scanMerge, `SELECT `+mergeColumns+` FROM record_merge m ORDER BY m.at DESC, m.id DESC LIMIT $1`, limit)
}

// KeptFor gives the entry that one stands for: itself, or the last of those it
// was given up for. "" when there is no such entry.
func KeptFor(ctx context.Context, q db.Q, entry string) (string, error) {
	for range longestChain {
		next, err := db.One(ctx, q, db.Value[string], `SELECT kept FROM entry WHERE id = $1`, entry)
		if errors.Is(err, db.ErrNone) {
			return "", nil
		}
		if err != nil || next == "" {
			return entry, err
		}
		entry = next
	}
	return entry, nil
}

// Past gives an entry as it is kept, also one that was given up for another:
// for the page of that merge alone.
func Past(ctx context.Context, q db.Q, entry string) (Entry, error) {
	e, err := db.One(ctx, q, scan, `SELECT `+columns+` FROM entry e WHERE e.id = $1`, entry)
	if errors.Is(err, db.ErrNone) {
		return e, fault.Missing()
	}
	if err != nil {
		return e, err
	}
	e.Themes, err = db.All(ctx, q, db.Value[string], `SELECT theme FROM entry_theme WHERE entry = $1 ORDER BY theme`, entry)
	return e, err
}

// stand puts the kept entry in the place of each that was given up, under the
// identifier that was asked for.
func stand(ctx context.Context, q db.Q, found map[string]Entry) error {
	for range longestChain {
		asked := map[string][]string{}
		var ids []string
		for one, e := range found {
			if e.Kept != "" {
				asked[e.Kept] = append(asked[e.Kept], one)
				ids = append(ids, e.Kept)
			}
		}
		if len(ids) == 0 {
			return nil
		}
		kept, err := many(ctx, q, ids)
		if err != nil {
			return err
		}
		for to, from := range asked {
			for _, one := range from {
				if e, ok := kept[to]; ok {
					found[one] = e
				} else {
					delete(found, one)
				}
			}
		}
	}
	return nil
}

// ForgetPerson takes a person out of what was merged and parted.
func ForgetPerson(ctx context.Context, tx *db.Tx, person string) error {
	if _, err := tx.Exec(ctx, `UPDATE record_merge SET person = '' WHERE person = $1`, person); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE record_merge SET undone_by = '' WHERE undone_by = $1`, person)
	return err
}

// forgetMerges erases the words of whatever was given up for an entry, and of
// what it was before: who erases for good means all of it.
func forgetMerges(ctx context.Context, tx *db.Tx, a people.Actor, entry string) error {
	if _, err := tx.Exec(ctx, `UPDATE record_merge SET before_ = '' WHERE kept = $1`, entry); err != nil {
		return err
	}
	given, err := db.All(ctx, tx, db.Value[string], `SELECT id FROM entry WHERE kept = $1`, entry)
	for _, one := range given {
		if err == nil {
			err = Forget(ctx, tx, a, one)
		}
	}
	return err
}
