package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"alliance/internal/housetest/load"
	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/id"
	"alliance/internal/platform/people"
)

// mix measures what visitors meet while somebody writes: every write empties
// the kept pages.
func (b *bench) mix(ctx context.Context, list []page) error {
	var urls []string
	for _, tag := range []string{"fr", "en", "ar"} {
		for _, p := range list {
			urls = append(urls, b.base+"/"+tag+p.path[3:])
		}
	}
	organisations, err := db.All(ctx, b.d, db.Value[string], `SELECT entry FROM organisation_profile WHERE batch = $1 ORDER BY entry LIMIT 21`, grown)
	if err != nil {
		return err
	}
	for _, o := range organisations {
		urls = append(urls, b.base+"/fr/organisations/"+o)
	}
	writer, err := b.writer(ctx)
	if err != nil {
		return err
	}
	writing, stop := context.WithCancel(ctx)
	wrote := make(chan []time.Duration, 1)
	go func() { wrote <- writer.every(writing, 500*time.Millisecond) }()
	r, err := load.Run(ctx, load.Plan{URLs: urls, For: 8 * b.round, Warm: 4 * len(urls), Header: http.Header{"Accept-Encoding": {"gzip"}}})
	stop()
	times := <-wrote
	if err == nil && r.Failed > 0 {
		err = fmt.Errorf("bench: %d of %d failed beside the writer: %s", r.Failed, r.Requests, r.FirstFault)
	}
	if err == nil && writer.refused != "" {
		err = fmt.Errorf("bench: a write was refused: %s", writer.refused)
	}
	if err != nil {
		return err
	}
	p50 := load.Percentile(times, 50)
	fmt.Fprintf(&b.mixes, "| %d | %.0f | %s | %s | %s | %d | %s | %s |\n", b.have, r.PerSecond, ms(r.ServerP50), ms(r.ServerP99), ms(r.Slowest), len(times), ms(p50), ms(slices.Max(times)))
	return nil
}

// writer is a rapporteur who takes notes by the API.
type writer struct {
	address, token string
	refused        string
}

func (b *bench) writer(ctx context.Context) (*writer, error) {
	second := demo.Second()
	for _, w := range second.Workshops {
		if w.State != "open" {
			continue
		}
		person, workshop, token := demo.PersonID(w.Rapporteur), demo.EntryID(second.Slug, w.ID), id.Secret(32)
		return &writer{address: b.base + "/api/v1/workshops/" + workshop + "/notes", token: token}, b.d.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
			if err := people.GiveRole(ctx, tx, person, people.Grant{Role: people.Rapporteur, Scope: workshop}, ""); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `INSERT INTO token (hash, id, person, name, reads, writes, created) VALUES ($1,$2,$3,$4,$5,$6,$7)`,
				people.Hash(token), id.New(), person, "bench", true, true, tx.Now())
			return err
		})
	}
	return nil, fmt.Errorf("bench: no workshop of the demonstration is open")
}

// every writes a note per interval until the context ends, and gives how long each took.
func (w *writer) every(ctx context.Context, interval time.Duration) []time.Duration {
	times := []time.Duration{0}
	for tick := time.NewTicker(interval); ; {
		select {
		case <-ctx.Done():
			tick.Stop()
			return times
		case <-tick.C:
		}
		began := time.Now()
		if err := w.write(ctx); err != nil {
			if ctx.Err() == nil {
				w.refused = err.Error()
			}
			continue
		}
		times = append(times, time.Since(began))
	}
}

func (w *writer) write(ctx context.Context) error {
	body, err := json.Marshal(map[string]string{"class": "practice", "text": "Note " + id.New(), "lang": "fr"})
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.address, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+w.token)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", id.New())
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusCreated {
		return fmt.Errorf("%s", resp.Status)
	}
	return nil
}
