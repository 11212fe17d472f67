package event

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
)

const sideColumns = `v.entry, v.zone, v.all_day, v.endless, v.venue, v.online, v.quiet, v.link, v.languages, v.interpreted, v.access, v.umbrella, v.rule, v.except_,
	v.cancelled, v.invented, v.registers, v.capacity, v.closes, v.keep_days, v.source, v.uid, v.digest, v.gone`

type sideRow struct {
	entry string
	Side
}

func scanSide(r db.Row) (s sideRow, err error) {
	var languages, interpreted, access, except string
	err = r.Scan(&s.entry, &s.Zone, &s.AllDay, &s.Endless, &s.Venue, &s.Online, &s.Quiet, &s.Link, &languages, &interpreted, &access, &s.Umbrella, &s.Rule, &except,
		&s.Cancelled, &s.Invented, &s.Registers, &s.Capacity, &s.Closes, &s.KeepDays, &s.Source, &s.UID, &s.Digest, &s.Gone)
	s.Languages, s.Interpreted, s.Access = strings.Fields(languages), strings.Fields(interpreted), strings.Fields(access)
	for _, micros := range strings.Fields(except) {
		if n, err := strconv.ParseInt(micros, 10, 64); err == nil {
			s.Except = append(s.Except, db.Instant(n))
		}
	}
	return s, err
}

// spaced writes codes between spaces, so that one is found by ' fr '.
func spaced(codes []string) string {
	if len(codes) == 0 {
		return ""
	}
	return " " + strings.Join(codes, " ") + " "
}

func micros(list []db.Instant) string {
	words := make([]string, len(list))
	for i, at := range list {
		words[i] = strconv.FormatInt(int64(at), 10)
	}
	return strings.Join(words, " ")
}

func putSide(ctx context.Context, tx *db.Tx, e Event) error {
	_, err := tx.Exec(ctx, `INSERT INTO event (entry, zone, all_day, endless, venue, online, quiet, link, languages, interpreted, access, umbrella, rule, except_,
		cancelled, invented, registers, capacity, closes, keep_days, source, uid, digest, gone)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24)
		ON CONFLICT (entry) DO UPDATE SET zone = $2, all_day = $3, endless = $4, venue = $5, online = $6, quiet = $7, link = $8, languages = $9, interpreted = $10,
		access = $11, umbrella = $12, rule = $13, except_ = $14, cancelled = $15, registers = $17, capacity = $18, closes = $19, keep_days = $20, digest = $23, gone = $24`,
		e.ID, e.Zone, e.AllDay, e.Endless, e.Venue, e.Online, e.Quiet, e.Link, spaced(e.Languages), spaced(e.Interpreted), spaced(e.Access), e.Umbrella, e.Rule, micros(e.Except),
		e.Cancelled, e.Invented, e.Registers, e.Capacity, e.Closes, e.KeepDays, e.Source, e.UID, e.Digest, e.Gone)
	return err
}

// putDates works the dates out anew.
func putDates(ctx context.Context, tx *db.Tx, e Event) error {
	if _, err := tx.Exec(ctx, `DELETE FROM event_date WHERE event = $1`, e.ID); err != nil {
		return err
	}
	for _, d := range e.Expand(tx.Now().Add(-back), tx.Now().Add(horizon)) {
		if d.Cancelled {
			continue
		}
		if _, err := tx.Exec(ctx, `INSERT INTO event_date (event, at, starts, ends, day, last) VALUES ($1,$2,$3,$4,$5,$6) ON CONFLICT DO NOTHING`, e.ID, d.At, d.Starts, d.Ends, d.Day, d.Last); err != nil {
			return err
		}
	}
	return nil
}

func scanDate(r db.Row) (d Date, err error) {
	return d, r.Scan(&d.Event, &d.At, &d.Starts, &d.Ends, &d.Day, &d.Last)
}

// datesOf gives the dates of one event that end after an instant, at most n.
func datesOf(ctx context.Context, q db.Q, event string, after db.Instant, n int) ([]Date, error) {
	return db.All(ctx, q, scanDate, `SELECT event, at, starts, ends, day, last FROM event_date WHERE event = $1 AND ends > $2 ORDER BY starts LIMIT $3`, event, after, n)
}

func putChange(ctx context.Context, tx *db.Tx, event string, c Change) error {
	_, err := tx.Exec(ctx, `INSERT INTO event_change (event, at, starts, ends, cancelled, note) VALUES ($1,$2,$3,$4,$5,$6)
		ON CONFLICT (event, at) DO UPDATE SET starts = $3, ends = $4, cancelled = $5, note = $6`, event, c.At, c.Starts, c.Ends, c.Cancelled, c.Note.JSON())
	return err
}

func dropChanges(ctx context.Context, tx *db.Tx, event string) error {
	_, err := tx.Exec(ctx, `DELETE FROM event_change WHERE event = $1`, event)
	return err
}

type changeRow struct {
	event string
	Change
}

func scanChange(r db.Row) (c changeRow, err error) {
	var note string
	if err = r.Scan(&c.event, &c.At, &c.Starts, &c.Ends, &c.Cancelled, &note); err == nil && note != "" {
		err = json.Unmarshal([]byte(note), &c.Note)
	}
	return c, err
}

type organiserRow struct {
	event string
	Organiser
}

func scanOrganiser(r db.Row) (o organiserRow, err error) {
	return o, r.Scan(&o.event, &o.Organisation, &o.Name, &o.Kind, &o.Confirmed)
}

// withSides reads the side tables of several entries at once.
func withSides(ctx context.Context, q db.Q, entries []entry.Entry) ([]Event, error) {
	list := make([]Event, len(entries))
	at := make(map[string]int, len(entries))
	ids := make([]string, len(entries))
	for i, e := range entries {
		list[i].Entry, at[e.ID], ids[i] = e, i, e.ID
	}
	for len(ids) > 0 {
		some := ids[:min(len(ids), 256)]
		ids = ids[len(some):]
		var v, c, o db.Where
		v.In("v.entry", some)
		sides, err := db.All(ctx, q, scanSide, `SELECT `+sideColumns+` FROM event v`+v.SQL(), v.Args()...)
		if err != nil {
			return nil, err
		}
		for _, s := range sides {
			list[at[s.entry]].Side = s.Side
		}
		c.In("c.event", some)
		changes, err := db.All(ctx, q, scanChange, `SELECT c.event, c.at, c.starts, c.ends, c.cancelled, c.note FROM event_change c`+c.SQL()+` ORDER BY c.at`, c.Args()...)
		if err != nil {
			return nil, err
		}
		for _, x := range changes {
			list[at[x.event]].Changes = append(list[at[x.event]].Changes, x.Change)
		}
		o.In("g.event", some)
		o.And("o.withdrawn = 0")
		organisers, err := db.All(ctx, q, scanOrganiser, `SELECT g.event, g.organisation, o.name, o.kind, g.confirmed FROM event_organiser g JOIN organisation o ON o.id = g.organisation`+o.SQL()+` ORDER BY g.position, o.name_key, o.id`, o.Args()...)
		if err != nil {
			return nil, err
		}
		for _, x := range organisers {
			list[at[x.event]].Organisers = append(list[at[x.event]].Organisers, x.Organiser)
		}
	}
	return list, nil
}

// get gives an event whatever its state: the caller asks Visible.
func get(ctx context.Context, q db.Q, event string) (Event, error) {
	e, err := entry.Get(ctx, q, event)
	if err != nil {
		return Event{}, err
	}
	if e.Kind != Kind {
		return Event{}, fault.Missing()
	}
	list, err := withSides(ctx, q, []entry.Entry{e})
	if err != nil {
		return Event{}, err
	}
	return list[0], nil
}

// see is get for what the actor may know of. Co-organisers see what waits too.
func see(ctx context.Context, q db.Q, a people.Actor, event string) (Event, error) {
	e, err := get(ctx, q, event)
	if err == nil && !e.Visible(a) && !e.MayEdit(a) {
		return Event{}, fault.Missing()
	}
	return e, err
}

// held gives an event as the actor may see it, and whether they may change it.
func held(ctx context.Context, q db.Q, a people.Actor, event string) (entry.Entry, bool, error) {
	e, err := see(ctx, q, a, event)
	return e.Entry, err == nil && e.MayEdit(a), err
}

func putOrganiser(ctx context.Context, tx *db.Tx, event string, o Organiser, position int) error {
	_, err := tx.Exec(ctx, `INSERT INTO event_organiser (event, organisation, position, confirmed) VALUES ($1,$2,$3,$4)
		ON CONFLICT (event, organisation) DO UPDATE SET position = $3, confirmed = $4`, event, o.Organisation, position, o.Confirmed)
	return err
}

func dropOrganiser(ctx context.Context, tx *db.Tx, event, organisation string) error {
	_, err := tx.Exec(ctx, `DELETE FROM event_organiser WHERE event = $1 AND organisation = $2`, event, organisation)
	return err
}

// Going is an organisation that goes to a gathering of others.
type Going struct {
	Event string
	people.Organisation
	At db.Instant
}

func scanGoing(r db.Row) (g Going, err error) {
	return g, r.Scan(&g.Event, &g.ID, &g.Kind, &g.Name, &g.Country, &g.At)
}

func goingTo(ctx context.Context, q db.Q, event string) ([]Going, error) {
	return db.All(ctx, q, scanGoing, `SELECT g.event, o.id, o.kind, o.name, o.country, g.at FROM event_going g JOIN organisation o ON o.id = g.organisation
		WHERE g.event = $1 AND o.withdrawn = 0 ORDER BY o.name_key, o.id`, event)
}

// goingAfter gives who goes to what is still to come: by date, then by name.
func goingAfter(ctx context.Context, q db.Q, after db.Instant) ([]Going, error) {
	return db.All(ctx, q, scanGoing, `SELECT g.event, o.id, o.kind, o.name, o.country, g.at FROM event_going g JOIN organisation o ON o.id = g.organisation
		WHERE o.withdrawn = 0 AND EXISTS (SELECT 1 FROM event_date d WHERE d.event = g.event AND d.ends > $1) ORDER BY o.name_key, o.id, g.event LIMIT 1000`, after)
}

func putGoing(ctx context.Context, tx *db.Tx, event, organisation, person string) error {
	_, err := tx.Exec(ctx, `INSERT INTO event_going (event, organisation, person, at) VALUES ($1,$2,$3,$4) ON CONFLICT DO NOTHING`, event, organisation, person, tx.Now())
	return err
}

func dropGoing(ctx context.Context, tx *db.Tx, event, organisation string) error {
	_, err := tx.Exec(ctx, `DELETE FROM event_going WHERE event = $1 AND organisation = $2`, event, organisation)
	return err
}

// named finds organisations by their names as they are in the directory.
func named(ctx context.Context, q db.Q, names []string) (map[string][]people.Organisation, error) {
	found := map[string][]people.Organisation{}
	keys := make([]string, 0, len(names))
	for _, n := range names {
		keys = append(keys, lang.Fold(n))
	}
	if len(keys) == 0 {
		return found, nil
	}
	var w db.Where
	w.And("withdrawn = 0")
	w.In("name_key", keys)
	list, err := db.All(ctx, q, func(r db.Row) (o people.Organisation, err error) { return o, r.Scan(&o.ID, &o.Kind, &o.Name) },
		`SELECT id, kind, name FROM organisation`+w.SQL()+` ORDER BY id`, w.Args()...)
	for _, o := range list {
		found[lang.Fold(o.Name)] = append(found[lang.Fold(o.Name)], o)
	}
	return found, err
}

// repeating gives the events whose rule may have further dates.
func repeating(ctx context.Context, q db.Q) ([]string, error) {
	return db.All(ctx, q, db.Value[string], `SELECT entry FROM event WHERE rule <> ''`)
}
