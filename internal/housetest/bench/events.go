package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"time"

	"alliance/internal/housetest/load"
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

// calendar measures the calendar's file: made anew, asked again by a program
// that has it, and what readers of a list meet while it is made all the time.
func (b *bench) calendar(ctx context.Context) error {
	file, list := b.base+"/fr/calendar.ics", b.base+"/fr/organisations?kind=civil_society"
	own := http.Header{"Accept-Encoding": {"gzip"}, "Cookie": {b.cookie}}
	plan := func(url string, h http.Header, connections int) load.Plan {
		return load.Plan{URLs: []string{url}, For: 4 * b.round, Warm: 4, Header: h, Connections: connections}
	}
	made, err := load.Run(ctx, plan(file, own, 1))
	if err != nil {
		return err
	}
	ask, err := http.NewRequestWithContext(ctx, http.MethodGet, file, nil)
	if err != nil {
		return err
	}
	ask.Header.Set("Accept-Encoding", "gzip")
	a, err := http.DefaultClient.Do(ask)
	if err != nil {
		return err
	}
	a.Body.Close()
	again, err := load.Run(ctx, plan(file, http.Header{"Accept-Encoding": {"gzip"}, "If-None-Match": {a.Header.Get("ETag")}}, 1))
	if err != nil {
		return err
	}
	quiet, err := load.Run(ctx, plan(list, own, 2))
	if err != nil {
		return err
	}
	making, stop := context.WithCancel(ctx)
	made2 := make(chan int, 1)
	go func() {
		r, _ := load.Run(making, load.Plan{URLs: []string{file}, For: time.Hour, Header: own, Connections: 1})
		made2 <- r.Requests
	}()
	beside, err := load.Run(ctx, plan(list, own, 2))
	stop()
	if err != nil {
		return err
	}
	fmt.Fprintf(&b.files, "The calendar's file of %d events: made anew in %s (p99 %s); asked again with its ETag %s, %d bytes an answer. A list made anew: %s (p99 %s); while the file is made all the time (%d times) %s (p99 %s).\n",
		calendarSize, ms(made.ServerP50), ms(made.ServerP99), ms(again.ServerP50), again.Bytes/int64(max(again.Requests, 1)), ms(quiet.ServerP50), ms(quiet.ServerP99), <-made2, ms(beside.ServerP50), ms(beside.ServerP99))
	fmt.Fprint(os.Stderr, "  "+b.files.String())
	return nil
}
