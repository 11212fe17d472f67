package main

import (
	"context"
	"math/rand/v2"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/id"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
)

// calendarSize is how many events the calendar is measured with: its file of a
// thousand must come within 50 ms.
const calendarSize = 1000

// growEvents fills the calendar up, whatever the number of organisations.
func growEvents(ctx context.Context, d *db.DB) error {
	have, err := db.One(ctx, d, db.Value[int], `SELECT count(*) FROM event`)
	if err != nil || have >= calendarSize {
		return err
	}
	r := rand.New(rand.NewPCG(2, uint64(have)))
	return d.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
		for ; have < calendarSize; have++ {
			starts := tx.Now().Add(time.Duration(r.IntN(8000)) * time.Hour)
			ends := starts.Add(2 * time.Hour)
			e := entry.Entry{ID: id.New(), Kind: "event", Class: "gathering", Lang: "fr", Place: town(r), Starts: starts, Ends: ends,
				Fields: map[string]lang.Text{entry.Title: lang.New("fr", phrase(r, 5)), entry.Summary: lang.New("fr", phrase(r, 20)), "body": lang.New("fr", phrase(r, 60))}}
			if _, err := entry.Add(ctx, tx, people.Actor{}, e, nil); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `INSERT INTO event (entry, zone, languages) VALUES ($1, $2, ' fr ')`, e.ID, []string{"Europe/Paris", "Europe/Lisbon", "Africa/Tunis"}[r.IntN(3)]); err != nil {
				return err
			}
			day := starts.Time()
			number := day.Year()*10000 + int(day.Month())*100 + day.Day()
			if _, err := tx.Exec(ctx, `INSERT INTO event_date (event, at, starts, ends, day, last) VALUES ($1, $2, $2, $3, $4, $4)`, e.ID, starts, ends, number); err != nil {
				return err
			}
		}
		return nil
	})
}
