package event

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/job"
	"alliance/internal/platform/people"
)

// All SQL of registrations, and the work that goes on behind them.

const guestColumns = `g.id, g.event, g.person, g.hash, g.sealed, g.state, g.at, g.turn`

// scanGuest opens what is sealed. What does not open is of another key of the
// house: it is shown without words, and can still be deleted.
func scanGuest(r registrar) func(db.Row) (Guest, error) {
	return func(row db.Row) (g Guest, err error) {
		var sealed string
		if err = row.Scan(&g.ID, &g.Event, &g.Person, &g.hash, &sealed, &g.State, &g.At, &g.Turn); err != nil {
			return g, err
		}
		_ = r.open(&g, sealed)
		return g, nil
	}
}

func (r registrar) put(ctx context.Context, tx *db.Tx, g Guest, secret string) error {
	sealed, err := r.seal(g)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO event_registration (id, event, person, mark, hash, sealed, state, at, turn) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)`,
		g.ID, g.Event, g.Person, r.markOf(g.Person, g.Email), people.Hash(secret), sealed, string(g.State), g.At, g.Turn)
	return err
}

func (r registrar) rewrite(ctx context.Context, tx *db.Tx, g Guest) error {
	sealed, err := r.seal(g)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE event_registration SET sealed = $2 WHERE id = $1`, g.ID, sealed)
	return err
}

func stand(ctx context.Context, tx *db.Tx, g Guest) error {
	_, err := tx.Exec(ctx, `UPDATE event_registration SET state = $2, turn = $3 WHERE id = $1`, g.ID, string(g.State), g.Turn)
	return err
}

func rehash(ctx context.Context, tx *db.Tx, guest, hash string) error {
	_, err := tx.Exec(ctx, `UPDATE event_registration SET hash = $2 WHERE id = $1`, guest, hash)
	return err
}

func dropGuest(ctx context.Context, tx *db.Tx, guest string) error {
	_, err := tx.Exec(ctx, `DELETE FROM event_registration WHERE id = $1`, guest)
	return err
}

func dropGuests(ctx context.Context, tx *db.Tx, event string) error {
	_, err := tx.Exec(ctx, `DELETE FROM event_registration WHERE event = $1`, event)
	return err
}

func guestByMark(ctx context.Context, q db.Q, r registrar, event, mark string) (Guest, error) {
	return db.One(ctx, q, scanGuest(r), `SELECT `+guestColumns+` FROM event_registration g WHERE g.event = $1 AND g.mark = $2`, event, mark)
}

func guestBySecret(ctx context.Context, q db.Q, r registrar, secret string) (Guest, error) {
	g, err := db.One(ctx, q, scanGuest(r), `SELECT `+guestColumns+` FROM event_registration g WHERE g.hash = $1`, people.Hash(secret))
	if errors.Is(err, db.ErrNone) {
		return g, people.LinkOver()
	}
	return g, err
}

func guestByID(ctx context.Context, q db.Q, r registrar, event, guest string) (Guest, error) {
	g, err := db.One(ctx, q, scanGuest(r), `SELECT `+guestColumns+` FROM event_registration g WHERE g.event = $1 AND g.id = $2`, event, guest)
	if errors.Is(err, db.ErrNone) {
		return g, fault.Missing()
	}
	return g, err
}

// guestsOf gives who has a place, then who waits, in order.
func guestsOf(ctx context.Context, q db.Q, r registrar, event string) ([]Guest, error) {
	return db.All(ctx, q, scanGuest(r), `SELECT `+guestColumns+` FROM event_registration g WHERE g.event = $1 ORDER BY CASE g.state WHEN 'in' THEN 0 WHEN 'waiting' THEN 1 ELSE 2 END, g.turn, g.id`, event)
}

func waitingGuests(ctx context.Context, q db.Q, r registrar, event string, n int) ([]Guest, error) {
	return db.All(ctx, q, scanGuest(r), `SELECT `+guestColumns+` FROM event_registration g WHERE g.event = $1 AND g.state = 'waiting' ORDER BY g.turn, g.id LIMIT $2`, event, n)
}

func countGuests(ctx context.Context, q db.Q, event string, s Stand) (int, error) {
	return db.One(ctx, q, db.Value[int], `SELECT count(*) FROM event_registration WHERE event = $1 AND state = $2`, event, string(s))
}

// Names of work.
const (
	jobPlaces    = "event.places"    // free places go to who waits
	jobCancelled = "event.cancelled" // who registered is told
	jobSweep     = "event.sweep"     // what is over is erased
	jobDates     = "event.dates"     // further dates of what repeats
	jobSource    = "event.source"    // a calendar of others is read
	jobSources   = "event.sources"   // all of them are
)

func (f *Feature) work(r *job.Runner) {
	r.Handle(jobPlaces, f.onEvent(func(ctx context.Context, tx *db.Tx, e Event) error { return f.guests.moveUp(ctx, tx, e) }))
	r.Handle(jobCancelled, f.onEvent(func(ctx context.Context, tx *db.Tx, e Event) error {
		return f.guests.tellAll(ctx, tx, e, cancelledMail)
	}))
	r.Every(jobSweep, time.Hour, f.sweep)
	r.Every(jobDates, 24*time.Hour, f.freshDates)
	r.Handle(jobSource, f.readSource)
	r.Every(jobSources, 3*time.Hour, f.readSources)
}

func (f *Feature) onEvent(fn func(context.Context, *db.Tx, Event) error) job.Work {
	return func(ctx context.Context, data []byte) error {
		var event string
		if err := json.Unmarshal(data, &event); err != nil {
			return job.Hopeless(err)
		}
		return f.DB.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
			e, err := get(ctx, tx, event)
			if err != nil {
				return err
			}
			return fn(ctx, tx, e)
		})
	}
}

// sweep erases registrations some days after their event, those that were
// never confirmed, and files that nobody applied.
func (f *Feature) sweep(ctx context.Context) error {
	return f.DB.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
		now := tx.Now()
		if _, err := tx.Exec(ctx, `DELETE FROM event_registration WHERE state = 'asked' AND at < $1`, now.Add(-confirmWithin)); err != nil {
			return err
		}
		day := int64(24 * time.Hour / time.Microsecond)
		if _, err := tx.Exec(ctx, `DELETE FROM event_registration WHERE event IN
			(SELECT v.entry FROM event v JOIN entry e ON e.id = v.entry WHERE e.ends + v.keep_days * $1 < $2)`, day, now); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM event_run WHERE at < $1`, now.Add(-90*24*time.Hour)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `DELETE FROM event_upload WHERE at < $1`, now.Add(-24*time.Hour))
		return err
	})
}

// erase takes out what is personal about somebody: their registrations and
// files; that an organisation goes stays, without who said so.
func erase(ctx context.Context, tx *db.Tx, person string) error {
	for _, text := range []string{
		`DELETE FROM event_registration WHERE person = $1`,
		`DELETE FROM event_upload WHERE person = $1`,
		`UPDATE event_going SET person = '' WHERE person = $1`,
		`UPDATE event_source SET by_ = '' WHERE by_ = $1`,
	} {
		if _, err := tx.Exec(ctx, text, person); err != nil {
			return err
		}
	}
	return nil
}
