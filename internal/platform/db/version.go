package db

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// Version changes with every write that this process made or noticed, except
// to tables that no kept page shows. Pages rendered at one version may be
// served again until it changes.
func (d *DB) Version() int64 { return d.version.Load() }

// Changed moves the version on, for changes that are not rows (a file, a setting).
func (d *DB) Changed() { d.version.Add(1) }

var unseen sync.Map // tables no kept page shows

// Unseen names tables that no page kept for visitors and no count shows: work
// to do, sessions, attempts. Writing to them leaves the version as it is, so
// that a mail sent in the background does not empty the page cache. The
// package that owns the tables says so, beside its Schema.
func Unseen(tables ...string) bool {
	for _, t := range tables {
		unseen.Store(t, nil)
	}
	return true
}

// seen tells whether a statement may change what pages show. What it cannot
// read counts as a change.
func seen(text string) bool {
	words := firstFields(text)
	switch {
	case words[0] == "SELECT":
		return false
	case words[0] == "UPDATE":
		words[2] = words[1]
	case words[0] == "INSERT" && words[1] == "INTO", words[0] == "DELETE" && words[1] == "FROM":
	default:
		return true
	}
	_, quiet := unseen.Load(words[2])
	return !quiet
}

// firstFields gives the first three words without cutting up the rest.
func firstFields(text string) (words [3]string) {
	for i := range words {
		text = strings.TrimLeft(text, " \t\n")
		end := strings.IndexAny(text, " \t\n(")
		if end < 0 {
			end = len(text)
		}
		words[i], text = text[:end], text[end:]
	}
	return words
}

// watchFile notices what other processes write to the SQLite file, twice a
// second. Asked on the writer's own connection, data_version speaks of others
// only: this process writes nowhere else.
func (d *DB) watchFile(ctx context.Context) {
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	var before int64
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		var now int64
		if err := d.w.QueryRowContext(ctx, "PRAGMA data_version").Scan(&now); err != nil {
			continue
		}
		if before != 0 && now != before {
			d.version.Add(1)
		}
		before = now
	}
}

// channel on which the nodes of one PostgreSQL database tell each other that
// they wrote.
const channel = "alliance_changed"

// tellOthers says in the transaction that something changes: other nodes hear
// it when, and only when, it is kept.
func (tx *Tx) tellOthers(ctx context.Context) error {
	if tx.d.Engine == SQLite {
		return nil
	}
	_, err := tx.tx.ExecContext(ctx, "SELECT pg_notify($1, $2)", channel, tx.d.node)
	return err
}

// listen hears of the writes of other nodes. After a lost connection anything
// may have happened, so hearing again counts as a change.
func (d *DB) listen(ctx context.Context, address string) {
	for first := true; ctx.Err() == nil; first = false {
		d.listenOnce(ctx, address, first)
		select {
		case <-ctx.Done():
		case <-time.After(500 * time.Millisecond):
		}
	}
}

func (d *DB) listenOnce(ctx context.Context, address string, first bool) {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(ctx, "LISTEN "+channel); err != nil {
		return
	}
	if !first {
		d.version.Add(1)
	}
	for {
		told, err := conn.WaitForNotification(ctx)
		if err != nil {
			return
		}
		if told.Payload != d.node {
			d.version.Add(1)
		}
	}
}
