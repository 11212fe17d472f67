// Package db opens SQLite or PostgreSQL and makes them look the same.
//
// The one idea: ONE SQL text serves both engines, so what differs is kept out
// of the text. Write `$1` placeholders; store times as Instant (µs UTC),
// truth as 0 or 1 in {{int}} columns, identifiers and sort keys as {{id}} or
// {{key}} (compared byte by byte), no NULLs; fold case in Go (lang.Fold).
// Rules and counts live in Go.
//
// SQLite has one writer connection and a pool of readers; on PostgreSQL both
// are the same pool. Inside Do use only the Tx it hands you: asking the DB
// again would wait for ever for the one writer, so it is refused.
package db

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
	_ "modernc.org/sqlite"             // driver "sqlite"
)

// Engine names the database engine. Only packages db and search may ask.
type Engine string

const (
	SQLite     Engine = "sqlite"
	PostgreSQL Engine = "postgres"
)

// ErrNone is returned by One when there is no row.
var ErrNone = errors.New("db: no row")

// DB is an open database.
type DB struct {
	Engine Engine
	// Now is the clock of the house; tests set it.
	Now func() Instant

	w, r     *sql.DB
	replica  *replica   // PostgreSQL; nil = none
	prepared statements // SQLite, of the readers
	writing  statements // SQLite, of the writer
	// turn is whose turn it is to write to SQLite: who came first. The pool of
	// connections picks among those who wait by chance, so that of many who
	// vote at once some would wait for very long.
	turn     chan struct{}
	version  atomic.Int64
	node     string // this process, among those that write to the database
	stop     context.CancelFunc
	watching sync.WaitGroup
}

// Open opens "sqlite:PATH" or "postgres://…". The SQLite file is created when
// it is not there.
func Open(ctx context.Context, address string) (*DB, error) {
	d := &DB{Now: Now, node: rand.Text()}
	var err error
	switch {
	case strings.HasPrefix(address, "sqlite:"):
		err = d.openSQLite(strings.TrimPrefix(address, "sqlite:"))
	case strings.HasPrefix(address, "postgres://"), strings.HasPrefix(address, "postgresql://"):
		err = d.openPostgreSQL(address)
	default:
		return nil, fmt.Errorf("db: %q is neither sqlite:PATH nor postgres://…", address)
	}
	if err != nil {
		return nil, err
	}
	if err := d.w.PingContext(ctx); err != nil {
		d.Close()
		return nil, fmt.Errorf("db: open: %w", err)
	}
	watch, stop := context.WithCancel(context.Background())
	d.stop = stop
	d.watching.Go(func() {
		if d.Engine == SQLite {
			d.watchFile(watch)
		} else {
			d.listen(watch, address)
		}
	})
	return d, nil
}

func (d *DB) openSQLite(path string) (err error) {
	// synchronous FULL: a vote that was acknowledged survives a power cut too.
	pragmas := "_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)" +
		"&_pragma=foreign_keys(1)&_pragma=secure_delete(1)&_pragma=temp_store(2)&_pragma=cache_size(-16000)"
	file := (&url.URL{Scheme: "file", Opaque: path}).String()
	if d.w, err = sql.Open("sqlite", file+"?"+pragmas+"&_txlock=immediate"); err != nil {
		return err
	}
	d.w.SetMaxOpenConns(1)
	d.turn = make(chan struct{}, 1)
	if d.r, err = sql.Open("sqlite", file+"?"+pragmas+"&_pragma=query_only(1)"); err != nil {
		return err
	}
	readers := max(4, 2*runtime.NumCPU())
	d.r.SetMaxOpenConns(readers)
	d.r.SetMaxIdleConns(readers)
	d.Engine = SQLite
	return nil
}

func (d *DB) openPostgreSQL(address string) (err error) {
	if d.w, err = sql.Open("pgx", address); err != nil {
		return err
	}
	d.w.SetMaxOpenConns(16)
	d.w.SetMaxIdleConns(16)
	d.w.SetConnMaxIdleTime(5 * time.Minute)
	d.r, d.Engine = d.w, PostgreSQL
	return nil
}

// Pools tells how the pools of connections are used. On PostgreSQL there is one,
// and one of a replica.
func (d *DB) Pools() map[string]sql.DBStats {
	switch {
	case d.replica != nil:
		return map[string]sql.DBStats{"all": d.w.Stats(), "replica": d.replica.pool.Stats()}
	case d.r == d.w:
		return map[string]sql.DBStats{"all": d.w.Stats()}
	}
	return map[string]sql.DBStats{"writer": d.w.Stats(), "readers": d.r.Stats()}
}

// Close closes every connection.
func (d *DB) Close() error {
	if d.stop != nil {
		d.stop()
		d.watching.Wait()
	}
	err := d.w.Close()
	if d.r != d.w {
		err = errors.Join(err, d.r.Close())
	}
	if d.replica != nil {
		err = errors.Join(err, d.replica.pool.Close())
	}
	return err
}

// Ready tells whether the database answers.
func (d *DB) Ready(ctx context.Context) error { return d.r.PingContext(ctx) }

// Q reads: a DB (readers) or a Tx.
type Q interface {
	query(ctx context.Context, text string, args []any) (*sql.Rows, error)
}

type inTx struct{}

func (d *DB) query(ctx context.Context, text string, args []any) (*sql.Rows, error) {
	if d.Engine == SQLite && ctx.Value(inTx{}) != nil {
		return nil, errors.New("db: query on the DB inside a transaction; use the Tx")
	}
	asked(ctx)
	if d.Engine == PostgreSQL {
		return d.ask(ctx, text, plain(args))
	}
	stmt, err := d.prepared.get(ctx, d.r, text)
	if err != nil {
		return nil, err
	}
	if stmt == nil {
		return d.r.QueryContext(ctx, text, plain(args)...)
	}
	return stmt.QueryContext(ctx, plain(args)...)
}

// plain turns our own types into what both drivers take.
func plain(args []any) []any {
	out := make([]any, len(args))
	for i, a := range args {
		switch v := a.(type) {
		case bool:
			out[i] = int64(0)
			if v {
				out[i] = int64(1)
			}
		case Instant:
			out[i] = int64(v)
		case int:
			out[i] = int64(v)
		default:
			out[i] = a
		}
	}
	return out
}

// Row is one row to scan; a scan function turns it into a T.
type Row interface{ Scan(dest ...any) error }

// All reads every row.
func All[T any](ctx context.Context, q Q, scan func(Row) (T, error), text string, args ...any) ([]T, error) {
	rows, err := q.query(ctx, text, args)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("db: scan: %w", err)
		}
		list = append(list, one)
	}
	return list, rows.Err()
}

// One reads the first row, or gives ErrNone.
func One[T any](ctx context.Context, q Q, scan func(Row) (T, error), text string, args ...any) (T, error) {
	var none T
	rows, err := q.query(ctx, text, args)
	if err != nil {
		return none, err
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return none, err
		}
		return none, ErrNone
	}
	one, err := scan(rows)
	if err != nil {
		return none, fmt.Errorf("db: scan: %w", err)
	}
	return one, rows.Close()
}

// Value scans one column: db.One(ctx, q, db.Value[int64], "SELECT count(*) …").
func Value[T any](r Row) (v T, err error) { return v, r.Scan(&v) }

// Pair scans two columns.
func Pair[A, B any](r Row) (p struct {
	A A
	B B
}, err error) {
	return p, r.Scan(&p.A, &p.B)
}

// Prepare tells whether the engine understands a statement. For tests.
func (d *DB) Prepare(ctx context.Context, text string) error {
	stmt, err := d.w.PrepareContext(ctx, text)
	if err != nil {
		return err
	}
	return stmt.Close()
}
