package record

import (
	"context"
	"embed"
	"slices"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/people"
)

// Schema holds the tables of this package.
//
//go:embed schema
var Schema embed.FS

// Add keeps a new record.
func (s *Spec) Add(ctx context.Context, tx *db.Tx, a people.Actor, r Record) (Record, error) {
	r.Kind, r.Class = s.Kind, s.classOf(r)
	r.guard()
	if err := s.Validate(r); err != nil {
		return r, err
	}
	e, err := entry.Add(ctx, tx, a, r.Entry, s.facts(r))
	if err != nil {
		return r, err
	}
	r.Entry = e
	if _, err := tx.Exec(ctx, `INSERT INTO record (entry, spec) VALUES ($1,$2)`, r.ID, s.Version); err != nil {
		return r, err
	}
	return r, addAnswers(ctx, tx, r.ID, r.Answers)
}

// Change keeps a new version of a record that was read at r.Revision.
func (s *Spec) Change(ctx context.Context, tx *db.Tx, a people.Actor, r Record) (Record, error) {
	r.Class = s.classOf(r)
	r.guard()
	if err := s.Validate(r); err != nil {
		return r, err
	}
	e, err := entry.Change(ctx, tx, a, r.Entry, s.facts(r))
	if err != nil {
		return r, err
	}
	r.Entry = e
	if _, err := tx.Exec(ctx, `INSERT INTO record (entry, spec) VALUES ($1,$2) ON CONFLICT (entry) DO UPDATE SET spec = $2`, r.ID, s.Version); err != nil {
		return r, err
	}
	return r, PutAnswers(ctx, tx, r.ID, r.Answers)
}

func (s *Spec) classOf(r Record) string {
	if s.Class == "" {
		return r.Class
	}
	return r.Answers.One(s.Class)
}

// PutAnswers replaces the values of an entry: for kinds that keep a table of
// their own beside, and want the same lists, exports and filters.
func PutAnswers(ctx context.Context, tx *db.Tx, entry string, answers Answers) error {
	if _, err := tx.Exec(ctx, `DELETE FROM record_value WHERE entry = $1`, entry); err != nil {
		return err
	}
	return addAnswers(ctx, tx, entry, answers)
}

func addAnswers(ctx context.Context, tx *db.Tx, entry string, answers Answers) error {
	for name, values := range answers {
		for n, value := range values {
			if _, err := tx.Exec(ctx, `INSERT INTO record_value (entry, name, n, value) VALUES ($1,$2,$3,$4)`, entry, name, n, value); err != nil {
				return err
			}
		}
	}
	return nil
}

// Fill reads the answers of entries, in the same order.
func Fill(ctx context.Context, q db.Q, entries []entry.Entry) ([]Record, error) {
	list := make([]Record, len(entries))
	at := make(map[string]int, len(entries))
	ids := make([]string, len(entries))
	for i, e := range entries {
		e.Themes = nil // lists leave them out, a single one brings them
		list[i], at[e.ID], ids[i] = Record{Entry: e, Answers: Answers{}}, i, e.ID
	}
	for some := range slices.Chunk(ids, 200) {
		var themes db.Where
		themes.In("t.entry", some)
		if _, err := db.All(ctx, q, func(x db.Row) (struct{}, error) {
			var entry, theme string
			err := x.Scan(&entry, &theme)
			if err == nil {
				r := &list[at[entry]].Entry
				r.Themes = append(r.Themes, theme)
			}
			return struct{}{}, err
		}, `SELECT t.entry, t.theme FROM entry_theme t`+themes.SQL()+` ORDER BY t.entry, t.theme`, themes.Args()...); err != nil {
			return nil, err
		}
		var w db.Where
		w.In("v.entry", some)
		if _, err := db.All(ctx, q, func(x db.Row) (struct{}, error) {
			var entry, name, value string
			err := x.Scan(&entry, &name, &value)
			if err == nil {
				to := list[at[entry]].Answers
				to[name] = append(to[name], value)
			}
			return struct{}{}, err
		}, `SELECT v.entry, v.name, v.value FROM record_value v`+w.SQL()+` ORDER BY v.entry, v.name, v.n`, w.Args()...); err != nil {
			return nil, err
		}
		var specs db.Where
		specs.In("r.entry", some)
		if _, err := db.All(ctx, q, func(x db.Row) (struct{}, error) {
			var entry string
			var spec int
			err := x.Scan(&entry, &spec)
			if err == nil {
				list[at[entry]].Spec = spec
			}
			return struct{}{}, err
		}, `SELECT r.entry, r.spec FROM record r`+specs.SQL(), specs.Args()...); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Get gives a record whatever its state: the caller asks Visible.
func (s *Spec) Get(ctx context.Context, q db.Q, id string) (Record, error) {
	e, err := entry.Get(ctx, q, id)
	if err != nil {
		return Record{}, err
	}
	if e.Kind != s.Kind {
		return Record{}, fault.Missing()
	}
	list, err := Fill(ctx, q, []entry.Entry{e})
	if err != nil {
		return Record{}, err
	}
	return list[0], nil
}

// See gives a record if the actor may know of it. Partners see drafts, too.
func (s *Spec) See(ctx context.Context, q db.Q, a people.Actor, id string) (Record, error) {
	r, err := s.Get(ctx, q, id)
	if err == nil && !r.Visible(a) && !s.MayEdit(a, r) {
		return Record{}, fault.Missing()
	}
	return r, err
}

// PointingAll is Pointing for several at once, by the entry they name.
func PointingAll(ctx context.Context, q db.Q, name string, to []string) (map[string][]entry.Entry, error) {
	type pair struct{ from, to string }
	var pairs []pair
	for some := range slices.Chunk(to, 200) {
		var w db.Where
		w.And("v.name = ?", name)
		w.In("v.value", some)
		found, err := db.All(ctx, q, func(x db.Row) (p pair, err error) { return p, x.Scan(&p.from, &p.to) },
			`SELECT v.entry, v.value FROM record_value v`+w.SQL()+` ORDER BY v.entry DESC LIMIT 2000`, w.Args()...)
		if err != nil {
			return nil, err
		}
		pairs = append(pairs, found...)
	}
	ids := make([]string, len(pairs))
	for i, p := range pairs {
		ids[i] = p.from
	}
	found, err := entry.Many(ctx, q, ids)
	list := map[string][]entry.Entry{}
	for _, p := range pairs {
		if e, ok := found[p.from]; ok {
			list[p.to] = append(list[p.to], e)
		}
	}
	return list, err
}

// Values gives the answers to one question by entry, of any kind.
func Values(ctx context.Context, q db.Q, name string, ids []string) (map[string][]string, error) {
	by := map[string][]string{}
	for some := range slices.Chunk(ids, 200) {
		var w db.Where
		w.And("v.name = ?", name)
		w.In("v.entry", some)
		found, err := db.All(ctx, q, db.Pair[string, string], `SELECT v.entry, v.value FROM record_value v`+w.SQL()+` ORDER BY v.entry, v.n`, w.Args()...)
		if err != nil {
			return nil, err
		}
		for _, p := range found {
			by[p.A] = append(by[p.A], p.B)
		}
	}
	return by, nil
}

// Pointing gives the entries that name one in the answers to a question, of
// any kind, newest first: the caller asks Visible.
func Pointing(ctx context.Context, q db.Q, name, to string) ([]entry.Entry, error) {
	ids, err := db.All(ctx, q, db.Value[string], `SELECT v.entry FROM record_value v JOIN entry e ON e.id = v.entry
		WHERE v.name = $1 AND v.value = $2 ORDER BY e.created DESC, e.id LIMIT 500`, name, to)
	if err != nil {
		return nil, err
	}
	return entry.InOrder(ctx, q, ids)
}

// Themed reads the themes of records, which lists leave out.
func Themed(ctx context.Context, q db.Q, list []Record) error {
	at := make(map[string]int, len(list))
	ids := make([]string, len(list))
	for i, r := range list {
		at[r.ID], ids[i] = i, r.ID
		list[i].Entry.Themes = nil
	}
	for some := range slices.Chunk(ids, 200) {
		var w db.Where
		w.In("x.entry", some)
		if _, err := db.All(ctx, q, func(r db.Row) (struct{}, error) {
			var entry, theme string
			err := r.Scan(&entry, &theme)
			if err == nil {
				to := &list[at[entry]].Entry
				to.Themes = append(to.Themes, theme)
			}
			return struct{}{}, err
		}, `SELECT x.entry, x.theme FROM entry_theme x`+w.SQL()+` ORDER BY x.entry, x.theme`, w.Args()...); err != nil {
			return err
		}
	}
	return nil
}
