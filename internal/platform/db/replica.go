package db

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// replica is another PostgreSQL that follows the first (a hot standby). It is
// read only for what is kept for visitors anyway (see MayLag), and only while it
// has all that this process knows to be written: no page goes back behind what
// its readers have seen.
type replica struct {
	pool   *sql.DB
	has    atomic.Int64 // version of which it surely has everything; -1 = none yet
	rests  atomic.Int64 // until when it is not asked, in nanoseconds: it does not answer
	asking sync.Mutex
	want   struct { // what it must have replayed to be at a version
		version int64
		place   string // in the log of the first server
	}
}

const (
	replicaRest  = 5 * time.Second // without an answer
	replicaCalls = 16
)

// Follow reads from a replica, too: postgres://…, of the database that is open.
func (d *DB) Follow(address string) error {
	if d.Engine != PostgreSQL || !strings.HasPrefix(address, "postgres") {
		return errors.New("db: only a PostgreSQL has replicas, and they are postgres://…")
	}
	pool, err := sql.Open("pgx", address)
	if err != nil {
		return err
	}
	pool.SetMaxOpenConns(replicaCalls)
	pool.SetMaxIdleConns(replicaCalls)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	d.replica = &replica{pool: pool}
	d.replica.has.Store(-1)
	return nil
}

// Follows tells whether the replica answers and follows; known is false where
// there is none.
func (d *DB) Follows(ctx context.Context) (well, known bool) {
	if d.replica == nil {
		return false, false
	}
	var follows bool
	err := d.replica.pool.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM pg_stat_wal_receiver)`).Scan(&follows)
	return err == nil && follows, true
}

type mayLag struct{}

// MayLag marks a request whose answer may be read from a replica.
func MayLag(ctx context.Context) context.Context { return context.WithValue(ctx, mayLag{}, true) }

// ask asks PostgreSQL: the replica where that is allowed and it has caught up,
// and the first server where it does not answer.
func (d *DB) ask(ctx context.Context, text string, args []any) (*sql.Rows, error) {
	if r := d.replica; r != nil && ctx.Value(mayLag{}) != nil && r.caughtUp(ctx, d) {
		rows, err := r.pool.QueryContext(ctx, text, args...)
		if err == nil || ctx.Err() != nil {
			return rows, err
		}
		r.rest()
	}
	return d.r.QueryContext(ctx, text, args...)
}

// caughtUp tells whether the replica has everything that this process knows of.
// Nobody waits for it: while one asks, others read from the first server.
func (r *replica) caughtUp(ctx context.Context, d *DB) bool {
	version := d.Version()
	if time.Now().UnixNano() < r.rests.Load() {
		return false
	}
	if r.has.Load() >= version {
		return true
	}
	if !r.asking.TryLock() {
		return false
	}
	defer r.asking.Unlock()
	if r.want.place == "" {
		if d.w.QueryRowContext(ctx, `SELECT pg_current_wal_insert_lsn()::text`).Scan(&r.want.place) != nil {
			return false
		}
		r.want.version = version
	}
	var there bool
	if err := r.pool.QueryRowContext(ctx, `SELECT pg_last_wal_replay_lsn() >= $1::text::pg_lsn`, r.want.place).Scan(&there); err != nil {
		if ctx.Err() == nil {
			r.rest()
		}
		return false
	}
	if there {
		r.has.Store(r.want.version)
		r.want.place = ""
	}
	return r.has.Load() >= version
}

func (r *replica) rest() {
	r.rests.Store(time.Now().Add(replicaRest).UnixNano())
	r.has.Store(-1) // it may come back as another one, which knows less
}
