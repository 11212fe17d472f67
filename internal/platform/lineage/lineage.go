// Package lineage is the graph of how texts came from others: raised,
// proposed, merged, split, reworded, set aside, put to the vote, adopted,
// carried by, evidenced by.
//
// The one idea: a derivation joins n parents to m children and says who did
// it, in which role and why. It is append-only and acyclic. It is at once the
// merge record, the credit of every author and the answer to "what became of
// it?". What was wrong is undone by another derivation, which stays as well.
package lineage

import (
	"context"
	"embed"
	"errors"
	"slices"
	"sort"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
)

// Schema holds the tables of this package.
//
//go:embed schema
var Schema embed.FS

// Kind of a derivation.
type Kind string

const (
	Answers    Kind = "answers"     // a proposal answers a stake
	Raised     Kind = "raised"      // from a note to a stake or a proposal
	BroughtUp  Kind = "brought_up"  // from a local assembly to the one above
	Merged     Kind = "merged"      // n → 1
	Split      Kind = "split"       // 1 → n
	Reworded   Kind = "reworded"    // 1 → 1
	SetAside   Kind = "set_aside"   // 1 → none, with a reason
	PutToVote  Kind = "put_to_vote" // proposals → motion
	Amended    Kind = "amended"     // motion and amendment → motion
	Adopted    Kind = "adopted"     // motion or proposals → item
	Rejected   Kind = "rejected"    // motion → none
	CarriedBy  Kind = "carried_by"  // item → action
	Evidenced  Kind = "evidenced"   // action → evidence
	Repeats    Kind = "repeats"     // practice → practice
	Undone     Kind = "undone"      // takes an earlier one back
	Dropped    Kind = "dropped"     // action or item → none, with a reason
	NotCarried Kind = "not_carried" // a reason given afterwards for an orphan
)

// Link joins an entry to a derivation.
type Link struct {
	Entry    string
	Revision int // of the entry when it happened
	// Of a merge, for each parent: what was taken, what was left out, and why.
	Taken, LeftOut, Why string
}

// Derivation is one fact of the graph.
type Derivation struct {
	ID                            string
	Kind                          Kind
	At                            db.Instant
	Person, Organisation, Mandate string
	Role                          string    // role in which it was done: committee, rapporteur …
	Scope                         string    // assembly or workshop
	Reason                        lang.Text // why, in the words of who did it
	Certain                       bool      // false: a reading, to be confirmed
	Undoes                        string    // derivation this one takes back
	UndoneBy                      string    // filled when read
	Parents, Children             []Link
}

// Add keeps a derivation. It refuses a circle.
func Add(ctx context.Context, tx *db.Tx, a people.Actor, d Derivation) (Derivation, error) {
	if len(d.Parents)+len(d.Children) == 0 {
		return d, errors.New("lineage: a derivation of nothing")
	}
	// One at a time within an assembly: two people who merge the same proposals meet here.
	if err := tx.Lock(ctx, "lineage:"+d.Scope); err != nil {
		return d, err
	}
	if err := refuseCircle(ctx, tx, d); err != nil {
		return d, err
	}
	d.ID = id.New()
	if d.At == 0 { // set only where history is told afterwards
		d.At = tx.Now()
	}
	d.Person, d.Organisation, d.Mandate = a.Person, a.Mandate.Organisation, a.Mandate.ID
	if _, err := tx.Exec(ctx, `INSERT INTO derivation (id, kind, at, person, organisation, mandate, role, scope, reason, certain, undoes)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)`,
		d.ID, string(d.Kind), d.At, d.Person, d.Organisation, d.Mandate, d.Role, d.Scope, d.Reason.JSON(), d.Certain, d.Undoes); err != nil {
		if db.IsDuplicate(err) {
			return d, fault.Conflict("lineage.undone", "This was taken back already.")
		}
		return d, err
	}
	for side, links := range [][]Link{d.Parents, d.Children} {
		for i, l := range links {
			if _, err := tx.Exec(ctx, `INSERT INTO derivation_link (derivation, side, entry, revision, position, taken, left_out, why)
				VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`, d.ID, side, l.Entry, l.Revision, i, l.Taken, l.LeftOut, l.Why); err != nil {
				return d, err
			}
		}
	}
	subject := d.links()[0].Entry
	if len(d.Children) > 0 {
		subject = d.Children[0].Entry
	}
	journal.Tell(tx, a, journal.Event{Verb: "lineage." + string(d.Kind), Kind: "derivation", Subject: subject, Scope: d.Scope, Data: map[string]string{"derivation": d.ID}})
	return d, nil
}

// Undo takes a derivation back. Parents live again; the trace of both stays.
func Undo(ctx context.Context, tx *db.Tx, a people.Actor, derivation, role string, reason lang.Text) (Derivation, error) {
	d, err := Get(ctx, tx, derivation)
	if err != nil {
		return d, err
	}
	if d.UndoneBy != "" {
		return d, fault.Conflict("lineage.undone", "This was taken back already.")
	}
	// Parents and children are named again on the parent side only: an undoing adds no edge.
	return Add(ctx, tx, a, Derivation{Kind: Undone, Role: role, Scope: d.Scope, Reason: reason, Certain: true, Undoes: d.ID, Parents: d.links()})
}

func (d Derivation) links() []Link { return slices.Concat(d.Parents, d.Children) }

func refuseCircle(ctx context.Context, q db.Q, d Derivation) error {
	if len(d.Parents) == 0 || len(d.Children) == 0 {
		return nil
	}
	below, err := reach(ctx, q, entries(d.Children), 0, 1, everything)
	if err != nil {
		return err
	}
	for _, p := range d.Parents {
		if slices.Contains(below, p.Entry) {
			return fault.Conflict("lineage.circle", "This would make a text its own ancestor.")
		}
	}
	return nil
}

// reach gives every entry that can be walked to, from links of one side to the
// other: 0→1 walks down, 1→0 up. The start is included; the nearest come first.
// One query walks the whole way, however long a story is.
func reach(ctx context.Context, q db.Q, from []string, start, end, most int) ([]string, error) {
	var w db.Where
	w.In("e.id", from)
	return db.All(ctx, q, db.Value[string], `WITH RECURSIVE walk (entry) AS (
		SELECT e.id FROM entry e`+w.SQL()+`
		UNION
		SELECT b.entry FROM walk JOIN derivation_link a ON a.entry = walk.entry AND a.side = `+w.Arg(start)+`
			JOIN derivation_link b ON b.derivation = a.derivation AND b.side = `+w.Arg(end)+`
			LEFT JOIN derivation u ON u.undoes = a.derivation AND u.undoes <> ''
		WHERE u.id IS NULL)
		SELECT entry FROM walk LIMIT `+w.Arg(most), w.Args()...)
}

// everything is more than any story has.
const everything = 1_000_000

func entries(links []Link) []string {
	ids := make([]string, len(links))
	for i, l := range links {
		ids[i] = l.Entry
	}
	return ids
}

const columns = `d.id, d.kind, d.at, d.person, d.organisation, d.mandate, d.role, d.scope, d.reason, d.certain, d.undoes, coalesce(u.id, '')`
const from = ` FROM derivation d LEFT JOIN derivation u ON u.undoes = d.id AND u.undoes <> ''`

func scan(r db.Row) (d Derivation, err error) {
	var reason string
	if err = r.Scan(&d.ID, &d.Kind, &d.At, &d.Person, &d.Organisation, &d.Mandate, &d.Role, &d.Scope, &reason, &d.Certain, &d.Undoes, &d.UndoneBy); err != nil {
		return d, err
	}
	d.Reason, err = lang.Parse(reason)
	return d, err
}

// Get gives one derivation.
func Get(ctx context.Context, q db.Q, derivation string) (Derivation, error) {
	list, err := db.All(ctx, q, scan, `SELECT `+columns+from+` WHERE d.id = $1`, derivation)
	if err != nil {
		return Derivation{}, err
	}
	if len(list) == 0 {
		return Derivation{}, fault.Missing()
	}
	err = fill(ctx, q, list)
	return list[0], err
}

// Within lists the derivations of an assembly or workshop, oldest first.
func Within(ctx context.Context, q db.Q, scope string) ([]Derivation, error) {
	list, err := db.All(ctx, q, scan, `SELECT `+columns+from+` WHERE d.scope = $1 ORDER BY d.at, d.id`, scope)
	if err != nil {
		return nil, err
	}
	return list, fill(ctx, q, list)
}

// Touching lists the derivations in which any of the entries takes part,
// oldest first.
func Touching(ctx context.Context, q db.Q, entries ...string) ([]Derivation, error) {
	byID := map[string]Derivation{}
	for len(entries) > 0 {
		n := min(len(entries), 200)
		var w db.Where
		w.In("l.entry", entries[:n])
		list, err := db.All(ctx, q, scan, `SELECT `+columns+from+` WHERE d.id IN (SELECT l.derivation FROM derivation_link l`+w.SQL()+`)`, w.Args()...)
		if err != nil {
			return nil, err
		}
		for _, d := range list {
			byID[d.ID] = d
		}
		entries = entries[n:]
	}
	list := make([]Derivation, 0, len(byID))
	for _, d := range byID {
		list = append(list, d)
	}
	sort.Slice(list, func(i, j int) bool {
		return list[i].At < list[j].At || list[i].At == list[j].At && list[i].ID < list[j].ID
	})
	return list, fill(ctx, q, list)
}

func fill(ctx context.Context, q db.Q, list []Derivation) error {
	type link struct {
		derivation string
		side       int
		l          Link
	}
	at := map[string]*Derivation{}
	ids := make([]string, len(list))
	for i := range list {
		at[list[i].ID], ids[i] = &list[i], list[i].ID
	}
	for len(ids) > 0 {
		n := min(len(ids), 200)
		var w db.Where
		w.In("derivation", ids[:n])
		links, err := db.All(ctx, q, func(r db.Row) (l link, err error) {
			return l, r.Scan(&l.derivation, &l.side, &l.l.Entry, &l.l.Revision, &l.l.Taken, &l.l.LeftOut, &l.l.Why)
		}, `SELECT derivation, side, entry, revision, taken, left_out, why FROM derivation_link`+w.SQL()+` ORDER BY derivation, side, position`, w.Args()...)
		if err != nil {
			return err
		}
		for _, l := range links {
			if d := at[l.derivation]; l.side == 0 {
				d.Parents = append(d.Parents, l.l)
			} else {
				d.Children = append(d.Children, l.l)
			}
		}
		ids = ids[n:]
	}
	return nil
}

// Graph is what lies around an entry, walked both ways.
type Graph struct {
	Root        string
	Derivations []Derivation // in order of time, undone ones included
	Entries     []string     // every entry in it
	Truncated   bool         // there was more than fits
}

// Around walks from an entry up to all it came from and down to all that came
// from it; at most most entries, the nearest.
func Around(ctx context.Context, q db.Q, entry string, most int) (Graph, error) {
	g := Graph{Root: entry, Entries: []string{entry}}
	up, err := reach(ctx, q, []string{entry}, 1, 0, most+1)
	if err != nil {
		return g, err
	}
	down, err := reach(ctx, q, []string{entry}, 0, 1, most+1)
	if err != nil {
		return g, err
	}
	seen := map[string]bool{entry: true}
	for i := range max(len(up), len(down)) { // a step up, a step down
		for _, side := range [][]string{up, down} {
			if i < len(side) && !seen[side[i]] {
				seen[side[i]] = true
				g.Entries = append(g.Entries, side[i])
			}
		}
	}
	if len(g.Entries) > most {
		g.Entries, g.Truncated = g.Entries[:most], true
	}
	sort.Strings(g.Entries)
	touching, err := Touching(ctx, q, g.Entries...)
	if err != nil {
		return g, err
	}
	inside := map[string]bool{}
	for _, e := range g.Entries {
		inside[e] = true
	}
	for _, d := range touching {
		if d.Undoes != "" {
			continue // told with the derivation it takes back
		}
		// What was taken back leads nowhere, and is told where it touches.
		if d.UndoneBy != "" || d.within(inside) {
			g.Derivations = append(g.Derivations, d)
		}
	}
	return g, nil
}

// within tells whether at least one link of each side that has any is in the set.
func (d Derivation) within(inside map[string]bool) bool {
	has := func(links []Link) bool {
		return len(links) == 0 || slices.ContainsFunc(links, func(l Link) bool { return inside[l.Entry] })
	}
	return has(d.Parents) && has(d.Children)
}

// Descended tells for each entry whether anything stands that came from it, or
// that closed it with a reason: those without are orphans.
func Descended(ctx context.Context, q db.Q, entries []string) (map[string]bool, error) {
	found := map[string]bool{}
	for len(entries) > 0 {
		n := min(len(entries), 200)
		var w db.Where
		w.In("l.entry", entries[:n])
		list, err := db.All(ctx, q, db.Value[string], `SELECT DISTINCT l.entry FROM derivation_link l JOIN derivation d ON d.id = l.derivation
			LEFT JOIN derivation u ON u.undoes = d.id AND u.undoes <> ''`+w.SQL()+` AND l.side = 0 AND d.undoes = '' AND u.id IS NULL`, w.Args()...)
		if err != nil {
			return nil, err
		}
		for _, e := range list {
			found[e] = true
		}
		entries = entries[n:]
	}
	return found, nil
}

// Leads tells whether one entry came from another, by whatever steps stand.
func Leads(ctx context.Context, q db.Q, from, to string) (bool, error) {
	below, err := reach(ctx, q, []string{from}, 0, 1, everything)
	return slices.Contains(below, to), err
}
