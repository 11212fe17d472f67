package entry

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
	"alliance/internal/platform/search"
)

// Schema holds the tables of this package.
//
//go:embed schema
var Schema embed.FS

const columns = `e.id, e.kind, e.class, e.parent, e.organisation, e.person, e.mandate, e.signed, e.lang, e.fields,
	e.place, e.country, e.lat, e.lon, e.precision_, e.starts, e.ends, e.axis, e.audience, e.state,
	e.checked, e.checked_by, e.checked_how, e.licence, e.created, e.changed, e.revision, e.kept,
	CASE WHEN e.parent = '' THEN '' ELSE coalesce((SELECT up.parent FROM entry up WHERE up.id = e.parent AND up.kind = 'workshop'), '') END`

func scan(r db.Row) (e Entry, err error) {
	var fields string
	var precision int
	err = r.Scan(&e.ID, &e.Kind, &e.Class, &e.Parent, &e.Organisation, &e.Person, &e.Mandate, &e.Signed, &e.Lang, &fields,
		&e.Place.Name, &e.Place.Country, &e.Place.Lat, &e.Place.Lon, &precision, &e.Starts, &e.Ends, &e.Axis, &e.Audience, &e.State,
		&e.Checked, &e.CheckedBy, &e.CheckedHow, &e.Licence, &e.Created, &e.Changed, &e.Revision, &e.Kept, &e.Hall)
	if err != nil {
		return e, err
	}
	e.Place.Precision = place.Precision(precision)
	e.Fields, err = parseFields(fields)
	return e, err
}

func parseFields(s string) (fields map[string]lang.Text, err error) {
	if err = json.Unmarshal([]byte(s), &fields); err != nil {
		return nil, fmt.Errorf("entry: fields: %w", err)
	}
	return fields, nil
}

func fieldsJSON(fields map[string]lang.Text) string {
	kept := map[string]lang.Text{}
	for name, t := range fields {
		if !t.Empty() {
			kept[name] = t
		}
	}
	b, err := json.Marshal(kept) // keys sorted: same texts, same bytes
	if err != nil {
		panic(err) // strings and ints only
	}
	return string(b)
}

// Add keeps a new entry, its first revision, its search words and its line in
// the journal. Author and mandate are the actor's unless already set.
func Add(ctx context.Context, tx *db.Tx, a people.Actor, e Entry, facts Facts) (Entry, error) {
	if e.ID == "" {
		e.ID = id.New()
	}
	if e.Person == "" && e.Organisation == "" {
		e.Person, e.Organisation, e.Mandate = a.Person, a.Mandate.Organisation, a.Mandate.ID
	}
	if e.Audience == "" {
		e.Audience = Public
	}
	if e.State == "" {
		e.State = Published
	}
	if e.Created == 0 {
		e.Created = tx.Now()
	}
	e.Changed, e.Revision = tx.Now(), 1
	if err := e.Validate(); err != nil {
		return e, err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO entry (id, kind, class, parent, organisation, person, mandate, signed, lang, fields, title_key,
		place, country, lat, lon, precision_, starts, ends, axis, audience, state, checked, checked_by, checked_how, licence, created, changed, revision)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25,$26,$27,$28)`,
		e.ID, e.Kind, e.Class, e.Parent, e.Organisation, e.Person, e.Mandate, e.Signed, e.Lang, fieldsJSON(e.Fields), e.sortKey(),
		e.Place.Name, e.Place.Country, e.Place.Lat, e.Place.Lon, int(e.Place.Precision), e.Starts, e.Ends, e.Axis, string(e.Audience), string(e.State),
		e.Checked, e.CheckedBy, e.CheckedHow, e.Licence, e.Created, e.Changed, e.Revision); err != nil {
		return e, err
	}
	return e, e.follow(ctx, tx, a, facts, e.Kind+".added")
}

// Change keeps a new version of an entry that was read at e.Revision. Of two
// people who change it at once, the second is told, with both texts kept.
func Change(ctx context.Context, tx *db.Tx, a people.Actor, e Entry, facts Facts) (Entry, error) {
	return change(ctx, tx, a, e, facts, e.Kind+".changed")
}

func change(ctx context.Context, tx *db.Tx, a people.Actor, e Entry, facts Facts, verb string) (Entry, error) {
	if err := e.Validate(); err != nil {
		return e, err
	}
	e.Changed = tx.Now()
	n, err := tx.Exec(ctx, `UPDATE entry SET class=$3, parent=$4, fields=$5, title_key=$6, place=$7, country=$8, lat=$9, lon=$10, precision_=$11,
		starts=$12, ends=$13, axis=$14, audience=$15, state=$16, checked=$17, checked_by=$18, checked_how=$19, licence=$20, changed=$21,
		revision = revision + 1 WHERE id = $1 AND revision = $2`,
		e.ID, e.Revision, e.Class, e.Parent, fieldsJSON(e.Fields), e.sortKey(), e.Place.Name, e.Place.Country, e.Place.Lat, e.Place.Lon,
		int(e.Place.Precision), e.Starts, e.Ends, e.Axis, string(e.Audience), string(e.State), e.Checked, e.CheckedBy, e.CheckedHow, e.Licence, e.Changed)
	if err != nil {
		return e, err
	}
	if n == 0 {
		return e, fault.Conflict("entry.changed", "Somebody else changed this meanwhile. Compare with the present version, then save again.")
	}
	e.Revision++
	return e, e.follow(ctx, tx, a, facts, verb)
}

// follow writes what goes with every version.
func (e Entry) follow(ctx context.Context, tx *db.Tx, a people.Actor, facts Facts, verb string) error {
	if e.Revision > 1 {
		if _, err := tx.Exec(ctx, `DELETE FROM entry_theme WHERE entry = $1`, e.ID); err != nil {
			return err
		}
	}
	for _, theme := range e.Themes {
		if _, err := tx.Exec(ctx, `INSERT INTO entry_theme (entry, theme) VALUES ($1,$2) ON CONFLICT DO NOTHING`, e.ID, theme); err != nil {
			return err
		}
	}
	known, err := json.Marshal(facts)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO entry_revision (entry, revision, at, person, organisation, mandate, state, fields, facts)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)`,
		e.ID, e.Revision, e.Changed, a.Person, a.Mandate.Organisation, a.Mandate.ID, string(e.State), fieldsJSON(e.Fields), string(known)); err != nil {
		return err
	}
	if err := search.Put(ctx, tx, e.words(facts)); err != nil {
		return err
	}
	journal.Tell(tx, a, journal.Event{Verb: verb, Kind: e.Kind, Subject: e.ID, Scope: e.Parent})
	return nil
}

// words gives what search may find: every language of every field, and the
// place by any of its names, as closely as it may be told.
func (e Entry) words(facts Facts) search.Doc {
	// Words of what is not public are never offered as a correction to strangers.
	d := search.Doc{ID: e.ID, Kind: e.Kind, Quiet: e.State != Published || e.Audience != Public}
	for name, t := range e.Fields {
		for _, tag := range t.Languages() {
			if name == Title {
				d.Strong = append(d.Strong, t.V[tag].S)
			} else {
				d.Weak = append(d.Weak, t.V[tag].S)
			}
		}
	}
	d.Strong = append(d.Strong, e.Place.Names()...)
	if country := e.Place.Public().Country; country != "" {
		d.Marks = append(d.Marks, "country="+country)
	}
	for _, theme := range e.Themes {
		d.Marks = append(d.Marks, "theme="+theme)
	}
	for _, right := range cutCodes(facts["right"]) {
		d.Marks = append(d.Marks, "right="+right)
	}
	d.Marks = append(d.Marks, "written="+e.Lang)
	for _, tag := range e.spoken(facts) {
		d.Marks = append(d.Marks, "lang="+tag)
	}
	return d
}

// spoken are the languages in which an entry can be read, and those that it
// says are spoken there.
func (e Entry) spoken(facts Facts) []string {
	list := append(e.Title().Languages(), cutCodes(facts["languages"])...)
	slices.Sort(list)
	return slices.Compact(list)
}

// cutCodes takes apart codes that stand in one fact.
func cutCodes(fact string) []string {
	return strings.FieldsFunc(fact, func(r rune) bool { return r == ' ' || r == ',' })
}

func (e Entry) sortKey() string { return keyOf(e.Title().Original()) }

// keyOf is a title as lists sort by it.
func keyOf(title string) string {
	key := lang.Fold(title)
	if len(key) > 200 {
		key = key[:200]
	}
	return string([]rune(key)) // a cut rune becomes valid again
}

// Get gives an entry whatever its state: the caller asks Visible. One that was
// given up for another is not there: its address leads on (package web).
func Get(ctx context.Context, q db.Q, entry string) (Entry, error) {
	e, err := Past(ctx, q, entry)
	if err == nil && e.Kept != "" {
		return Entry{}, fault.Missing()
	}
	return e, err
}

// See gives an entry of a kind if the actor may know of it; kind "" is any.
func See(ctx context.Context, q db.Q, a people.Actor, kind, entry string) (Entry, error) {
	e, err := Get(ctx, q, entry)
	if err != nil {
		return e, err
	}
	if kind != "" && e.Kind != kind || !e.Visible(a) {
		return Entry{}, fault.Missing()
	}
	return e, nil
}

// Many gives entries by identifier; those that are not there are left out. For
// one that was given up for another, that other one stands under its identifier.
func Many(ctx context.Context, q db.Q, ids []string) (map[string]Entry, error) {
	found, err := many(ctx, q, ids)
	if err == nil {
		err = stand(ctx, q, found)
	}
	return found, err
}

// InOrder gives entries in the order of their identifiers, those that are there.
func InOrder(ctx context.Context, q db.Q, ids []string) ([]Entry, error) {
	found, err := Many(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	list := make([]Entry, 0, len(ids))
	for _, id := range ids {
		if e, ok := found[id]; ok {
			list = append(list, e)
		}
	}
	return list, nil
}

// Known gives those that the actor may know of; an identifier may come twice.
func Known(ctx context.Context, q db.Q, a people.Actor, ids []string) (map[string]Entry, error) {
	slices.Sort(ids)
	found, err := Many(ctx, q, slices.Compact(ids))
	maps.DeleteFunc(found, func(_ string, e Entry) bool { return !e.Visible(a) })
	return found, err
}

func many(ctx context.Context, q db.Q, ids []string) (map[string]Entry, error) {
	found := map[string]Entry{}
	for len(ids) > 0 {
		n := min(len(ids), 200)
		var w db.Where
		w.In("e.id", ids[:n])
		list, err := db.All(ctx, q, scan, `SELECT `+columns+` FROM entry e`+w.SQL(), w.Args()...)
		if err != nil {
			return nil, err
		}
		for _, e := range list {
			found[e.ID] = e
		}
		ids = ids[n:]
	}
	return found, nil
}

// Themed fills in the themes of entries by identifier, which lists leave out.
func Themed(ctx context.Context, q db.Q, entries map[string]Entry) error {
	ids := make([]string, 0, len(entries))
	for one := range entries {
		ids = append(ids, one)
	}
	for len(ids) > 0 {
		n := min(len(ids), 512)
		var w db.Where
		w.In("entry", ids[:n])
		list, err := db.All(ctx, q, db.Pair[string, string], `SELECT entry, theme FROM entry_theme`+w.SQL()+` ORDER BY entry, theme`, w.Args()...)
		if err != nil {
			return err
		}
		for _, t := range list {
			e := entries[t.A]
			e.Themes = append(e.Themes, t.B)
			entries[t.A] = e
		}
		ids = ids[n:]
	}
	return nil
}

// Heads gives entries without their texts, with the country of their places: enough to ask who may see
// them, a tenth of the work. Those that are not there are left out.
func Heads(ctx context.Context, q db.Q, ids []string) (map[string]Entry, error) {
	found := make(map[string]Entry, len(ids))
	for len(ids) > 0 {
		n := min(len(ids), 512)
		var w db.Where
		w.In("e.id", ids[:n])
		list, err := db.All(ctx, q, func(r db.Row) (e Entry, err error) {
			return e, r.Scan(&e.ID, &e.Kind, &e.Parent, &e.Organisation, &e.Person, &e.Audience, &e.State, &e.Place.Country, &e.Lang, &e.Kept)
		}, `SELECT e.id, e.kind, e.parent, e.organisation, e.person, e.audience, e.state, CASE WHEN e.precision_ = 0 THEN '' ELSE e.country END, e.lang, e.kept FROM entry e`+w.SQL(), w.Args()...)
		if err != nil {
			return nil, err
		}
		for _, e := range list {
			found[e.ID] = e
		}
		ids = ids[n:]
	}
	return found, nil
}

// SetState moves an entry to another state as a new version.
func SetState(ctx context.Context, tx *db.Tx, a people.Actor, entry string, s State) (Entry, error) {
	e, err := Get(ctx, tx, entry)
	if err != nil {
		return e, err
	}
	if e.State == s {
		return e, nil
	}
	facts, err := LatestFacts(ctx, tx, entry)
	if err != nil {
		return e, err
	}
	e.State = s
	return change(ctx, tx, a, e, facts, e.Kind+"."+string(s))
}

// Translate adds a translation of one field by a person, as a new version.
func Translate(ctx context.Context, tx *db.Tx, a people.Actor, entry, field, tag, words string) (Entry, error) {
	e, err := Get(ctx, tx, entry)
	if err != nil {
		return e, err
	}
	if !e.MayTranslate(a) {
		return e, fault.Missing()
	}
	tag, ok := lang.Tag(tag)
	t, there := e.Fields[field]
	if !there {
		return e, fault.Missing()
	}
	if !ok {
		return e, fault.Invalid("lang", "entry.lang.unknown", "Choose the language you write in.")
	}
	if tag == t.Orig {
		return e, fault.Invalid("lang", "entry.translate.original", "This is the language of the original. Edit the original instead.")
	}
	facts, err := LatestFacts(ctx, tx, entry)
	if err != nil {
		return e, err
	}
	e.Fields[field] = t.Translate(tag, words, a.Person, int64(tx.Now()))
	return change(ctx, tx, a, e, facts, e.Kind+".translated")
}

// Revision is one version of an entry.
type Revision struct {
	Entry                         string
	Revision                      int
	At                            db.Instant
	Person, Organisation, Mandate string
	State                         State
	Fields                        map[string]lang.Text
	Facts                         Facts
}

// Revisions gives every version, newest first, with their places as closely as
// they may be told now.
func Revisions(ctx context.Context, q db.Q, entry string) ([]Revision, error) {
	e, err := Past(ctx, q, entry)
	if err != nil {
		return nil, err
	}
	list, err := db.All(ctx, q, scanRevision, `SELECT entry, revision, at, person, organisation, mandate, state, fields, facts
		FROM entry_revision WHERE entry = $1 ORDER BY revision DESC`, entry)
	return tellable(e.Place, list), err
}

// LatestFacts gives the facts of the present version.
func LatestFacts(ctx context.Context, q db.Q, entry string) (Facts, error) {
	r, err := db.One(ctx, q, scanRevision, `SELECT entry, revision, at, person, organisation, mandate, state, fields, facts
		FROM entry_revision WHERE entry = $1 ORDER BY revision DESC LIMIT 1`, entry)
	if errors.Is(err, db.ErrNone) {
		return nil, nil
	}
	return r.Facts, err
}

func scanRevision(s db.Row) (r Revision, err error) {
	var fields, facts string
	if err = s.Scan(&r.Entry, &r.Revision, &r.At, &r.Person, &r.Organisation, &r.Mandate, &r.State, &fields, &facts); err != nil {
		return r, err
	}
	if r.Fields, err = parseFields(fields); err != nil {
		return r, err
	}
	return r, json.Unmarshal([]byte(facts), &r.Facts)
}

// Index puts the words of all entries into the search anew: after a restore or
// a move, which leave the index out.
func Index(ctx context.Context, d *db.DB) error {
	for after := ""; ; {
		ids, err := db.All(ctx, d, db.Value[string], `SELECT id FROM entry WHERE id > $1 ORDER BY id LIMIT 200`, after)
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			return d.Do(ctx, search.Renewed)
		}
		after = ids[len(ids)-1]
		err = d.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
			all, err := many(ctx, tx, ids)
			if err == nil {
				err = Themed(ctx, tx, all)
			}
			for _, one := range ids {
				if err != nil {
					return err
				}
				var facts Facts
				if facts, err = LatestFacts(ctx, tx, one); err == nil {
					err = search.Put(ctx, tx, all[one].words(facts))
				}
			}
			return err
		})
		if err != nil {
			return err
		}
	}
}

// Check notes that somebody looked at an entry and found all of it right: a
// version with the same words and a dated proof of who looked, and how.
func Check(ctx context.Context, tx *db.Tx, a people.Actor, entry, organisation, how string) error {
	e, err := Get(ctx, tx, entry)
	if err != nil {
		return err
	}
	facts, err := LatestFacts(ctx, tx, entry)
	if err != nil {
		return err
	}
	e.Checked, e.CheckedBy, e.CheckedHow = tx.Now(), organisation, how
	_, err = change(ctx, tx, a, e, facts, e.Kind+".checked")
	return err
}
