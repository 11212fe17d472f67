package handover

import (
	"context"
	"errors"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
)

// ending lists published records of a kind whose answer to a question lies
// between two days; the earlier may be a year.
func ending(ctx context.Context, q db.Q, kind, question, from, until string) ([]entry.Entry, error) {
	ids, err := db.All(ctx, q, db.Value[string], `SELECT v.entry FROM record_value v JOIN entry e ON e.id = v.entry
		WHERE v.name = $1 AND e.kind = $2 AND e.state = 'published' AND v.value >= $3 AND v.value <= $4 ORDER BY v.value, v.entry LIMIT 2000`, question, kind, from, until)
	if err != nil {
		return nil, err
	}
	return entry.InOrder(ctx, q, ids)
}

// closed lists published records of a kind with a closure over several days.
func closed(ctx context.Context, q db.Q, kind, question string) ([]entry.Entry, error) {
	ids, err := db.All(ctx, q, db.Value[string], `SELECT DISTINCT v.entry FROM record_value v JOIN entry e ON e.id = v.entry
		WHERE v.name = $1 AND e.kind = $2 AND e.state = 'published' AND v.value LIKE $3 ORDER BY v.entry LIMIT 2000`, question, kind, "%..% closed")
	if err != nil {
		return nil, err
	}
	return entry.InOrder(ctx, q, ids)
}

// tell notes that people are told of an ending; false when they were.
func tell(ctx context.Context, tx *db.Tx, e Ending, ahead int) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO ending_told (of_, subject, last, ahead, at) VALUES ($1,$2,$3,$4,$5) ON CONFLICT DO NOTHING`, e.Of, e.ID, e.Last, ahead, tx.Now())
	return n > 0, err
}

func quiet(ctx context.Context, q db.Q, person string) (bool, error) {
	n, err := db.One(ctx, q, db.Value[int], `SELECT count(*) FROM ending_quiet WHERE person = $1`, person)
	return n > 0, err
}

func setQuiet(ctx context.Context, tx *db.Tx, person string, on bool) error {
	if !on {
		_, err := tx.Exec(ctx, `DELETE FROM ending_quiet WHERE person = $1`, person)
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO ending_quiet (person, at) VALUES ($1,$2) ON CONFLICT DO NOTHING`, person, tx.Now())
	return err
}

const handoverColumns = `h.id, h.organisation, h.old, h.mandate, h.from_, h.to_, h.shares, h.work, h.at`

func scanHandOver(r db.Row) (h HandOver, err error) {
	return h, r.Scan(&h.ID, &h.Organisation, &h.Old, &h.Mandate, &h.From, &h.To, &h.Shares, &h.Work, &h.At)
}

func addHandOver(ctx context.Context, tx *db.Tx, h HandOver) error {
	_, err := tx.Exec(ctx, `INSERT INTO handover (id, organisation, old, mandate, from_, to_, shares, work, at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)`,
		h.ID, h.Organisation, h.Old, h.Mandate, h.From, h.To, h.Shares, h.Work, h.At)
	return err
}

func handOverByID(ctx context.Context, q db.Q, id string) (HandOver, error) {
	h, err := db.One(ctx, q, scanHandOver, `SELECT `+handoverColumns+` FROM handover h WHERE h.id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		err = fault.Missing()
	}
	return h, err
}

// handOversOf lists those of an organisation, newest first; "" = of all.
func handOversOf(ctx context.Context, q db.Q, organisation string) ([]HandOver, error) {
	var w db.Where
	if organisation != "" {
		w.And("h.organisation = ?", organisation)
	}
	return db.All(ctx, q, scanHandOver, `SELECT `+handoverColumns+` FROM handover h`+w.SQL()+` ORDER BY h.at DESC, h.id LIMIT 20`, w.Args()...)
}

// unfinished lists what somebody took over and has not looked through.
func unfinished(ctx context.Context, q db.Q, person string) ([]HandOver, error) {
	return db.All(ctx, q, scanHandOver, `SELECT `+handoverColumns+` FROM handover h WHERE h.to_ = $1 AND EXISTS
		(SELECT 1 FROM handover_thing t WHERE t.handover = h.id AND t.state = 'todo') ORDER BY h.at, h.id LIMIT 20`, person)
}

func addThing(ctx context.Context, tx *db.Tx, t Thing) error {
	_, err := tx.Exec(ctx, `INSERT INTO handover_thing (handover, n, what, entry, named, state, at) VALUES ($1,$2,$3,$4,$5,$6,$7)`, t.HandOver, t.N, t.What, t.Entry, t.Named, string(t.State), t.At)
	return err
}

func thingsOf(ctx context.Context, q db.Q, handover string) ([]Thing, error) {
	return db.All(ctx, q, func(r db.Row) (t Thing, err error) {
		return t, r.Scan(&t.HandOver, &t.N, &t.What, &t.Entry, &t.Named, &t.State, &t.At)
	}, `SELECT t.handover, t.n, t.what, t.entry, t.named, t.state, t.at FROM handover_thing t WHERE t.handover = $1 ORDER BY t.n`, handover)
}

func setThing(ctx context.Context, tx *db.Tx, t Thing) error {
	_, err := tx.Exec(ctx, `UPDATE handover_thing SET state = $3, at = $4 WHERE handover = $1 AND n = $2`, t.HandOver, t.N, string(t.State), tx.Now())
	return err
}

const electionColumns = `x.id, x.organisation, x.country, x.day, x.asked, x.by_, x.at`

func scanElection(r db.Row) (x Election, err error) {
	return x, r.Scan(&x.ID, &x.Organisation, &x.Country, &x.Day, &x.Asked, &x.By, &x.At)
}

func putElection(ctx context.Context, tx *db.Tx, x Election) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO election (id, organisation, country, day, by_, at) VALUES ($1,$2,$3,$4,$5,$6) ON CONFLICT DO NOTHING`, x.ID, x.Organisation, x.Country, x.Day, x.By, x.At)
	return n > 0, err
}

func electionByID(ctx context.Context, q db.Q, id string) (Election, error) {
	x, err := db.One(ctx, q, scanElection, `SELECT `+electionColumns+` FROM election x WHERE x.id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		err = fault.Missing()
	}
	return x, err
}

// elections lists all, or those about one organisation or its country; the
// latest day first.
func elections(ctx context.Context, q db.Q, organisation, country string) ([]Election, error) {
	var w db.Where
	if organisation != "" {
		w.And("(x.organisation = ? OR x.organisation = '' AND x.country = ?)", organisation, country)
	}
	return db.All(ctx, q, scanElection, `SELECT `+electionColumns+` FROM election x`+w.SQL()+` ORDER BY x.day DESC, x.id LIMIT 200`, w.Args()...)
}

// dueElections lists those that are over and after which nobody was asked.
func dueElections(ctx context.Context, q db.Q, today string) ([]Election, error) {
	return db.All(ctx, q, scanElection, `SELECT `+electionColumns+` FROM election x WHERE x.asked = 0 AND x.day < $1 ORDER BY x.day, x.id`, today)
}

func setAsked(ctx context.Context, tx *db.Tx, election string) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE election SET asked = $2 WHERE id = $1 AND asked = 0`, election, tx.Now())
	return n > 0, err
}

func addAsk(ctx context.Context, tx *db.Tx, election, organisation string) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO election_ask (election, organisation, at) VALUES ($1,$2,$3) ON CONFLICT DO NOTHING`, election, organisation, tx.Now())
	return n > 0, err
}

func askedOf(ctx context.Context, q db.Q, election string) ([]string, error) {
	return db.All(ctx, q, db.Value[string], `SELECT organisation FROM election_ask WHERE election = $1 ORDER BY organisation`, election)
}

// dropElection takes one back that is still to come.
func dropElection(ctx context.Context, tx *db.Tx, election string) error {
	n, err := tx.Exec(ctx, `DELETE FROM election WHERE id = $1 AND asked = 0`, election)
	if err == nil && n == 0 {
		err = fault.Missing()
	}
	return err
}

// Said is what somebody said is still so after an election.
type Said struct {
	Election, Organisation, What, Subject, Person string
	At                                            db.Instant
}

func addSaid(ctx context.Context, tx *db.Tx, s Said) error {
	_, err := tx.Exec(ctx, `INSERT INTO election_said (election, organisation, what, subject, person, at) VALUES ($1,$2,$3,$4,$5,$6) ON CONFLICT DO NOTHING`,
		s.Election, s.Organisation, s.What, s.Subject, s.Person, tx.Now())
	return err
}

func saidOf(ctx context.Context, q db.Q, election string) ([]Said, error) {
	return db.All(ctx, q, func(r db.Row) (s Said, err error) {
		return s, r.Scan(&s.Election, &s.Organisation, &s.What, &s.Subject, &s.Person, &s.At)
	}, `SELECT election, organisation, what, subject, person, at FROM election_said WHERE election = $1 ORDER BY at, subject`, election)
}

// forget takes a person out who leaves.
func forget(ctx context.Context, tx *db.Tx, person string) error {
	for _, text := range []string{
		`DELETE FROM ending_quiet WHERE person = $1`,
		`UPDATE election SET by_ = '' WHERE by_ = $1`,
		`UPDATE election_said SET person = '' WHERE person = $1`,
	} {
		if _, err := tx.Exec(ctx, text, person); err != nil {
			return err
		}
	}
	return nil
}
