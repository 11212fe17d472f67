package job

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/logline"
)

// Work does one job. It gets the job's data and must stop when ctx ends.
type Work func(ctx context.Context, data []byte) error

// Runner does the jobs of one node.
type Runner struct {
	Poll     time.Duration // how often to look for jobs of other nodes; default 3 s
	Lease    time.Duration // the longest one attempt may take; default 5 min
	Attempts int           // after so many a job is dead; default 20, about three days
	Each     int           // jobs of one kind at once, so that a slow kind never holds up others; default 2
	Keep     time.Duration // how long dead jobs are kept; default 30 days
	Grace    time.Duration // what running jobs get when the node stops; default 10 s
	Log      *slog.Logger
	// Did hears of every attempt, for numbers and spans; nil = nobody does.
	Did func(kind string, began time.Time, failed bool)

	d      *db.DB
	works  map[string]Work
	every  map[string]time.Duration
	nudged chan struct{}
	wait   sync.WaitGroup

	mu      sync.Mutex
	running map[string]int
}

// NewRunner makes a runner; register all work before Start.
func NewRunner(d *db.DB) *Runner {
	r := &Runner{
		Poll: 3 * time.Second, Lease: 5 * time.Minute, Attempts: 20, Each: 2,
		Keep: 30 * 24 * time.Hour, Grace: 10 * time.Second, Log: slog.Default(),
		d: d, works: map[string]Work{}, every: map[string]time.Duration{},
		nudged: make(chan struct{}, 1), running: map[string]int{},
	}
	r.Every("job.sweep", 6*time.Hour, r.sweep)
	return r
}

// Handle registers the work of one kind.
func (r *Runner) Handle(kind string, work Work) {
	if _, twice := r.works[kind]; twice {
		panic("job: two works for " + kind)
	}
	r.works[kind] = work
}

// HandleAll registers the work of several kinds.
func (r *Runner) HandleAll(works map[string]Work) {
	for kind, work := range works {
		r.Handle(kind, work)
	}
}

// Every registers work that repeats: once per interval over all nodes, first
// at the first start. A failed one is tried again like any job.
func (r *Runner) Every(name string, interval time.Duration, fn func(context.Context) error) {
	r.Handle(name, func(ctx context.Context, _ []byte) error { return fn(ctx) })
	r.every[name] = interval
}

// Start looks for jobs until ctx ends; it returns at once. Wait waits.
func (r *Runner) Start(ctx context.Context) {
	listeners.Store(r, nil)
	r.wait.Add(1)
	go func() {
		defer r.wait.Done()
		defer listeners.Delete(r)
		for {
			if err := r.round(ctx); err != nil && ctx.Err() == nil {
				r.Log.Error("jobs cannot be read", "error", err)
			}
			select {
			case <-ctx.Done():
				return
			case <-r.nudged:
			case <-time.After(r.pause(ctx)):
			}
		}
	}()
}

// pause is how long to wait before looking again: until the next job is due,
// for a vote closes at its instant, and Poll at the most.
func (r *Runner) pause(ctx context.Context) time.Duration {
	now := r.d.Now()
	next, err := db.One(ctx, r.d, db.Value[db.Instant], `SELECT coalesce(min(due), 0) FROM job WHERE state = 'waiting' AND due > $1`, now)
	if err != nil || next == 0 {
		return r.Poll
	}
	return min(r.Poll, max(time.Duration(next-now)*time.Microsecond, 10*time.Millisecond))
}

// Wait waits, after the end of Start's ctx, for the jobs that still run.
func (r *Runner) Wait() { r.wait.Wait() }

func (r *Runner) look() {
	select {
	case r.nudged <- struct{}{}:
	default: // it will look anyway
	}
}

// Drain does every job that is due now, one after the other, and the jobs they
// add, without sleeping; for tests and for the command line. The error joins
// those of jobs that failed; they wait for their next attempt.
func (r *Runner) Drain(ctx context.Context) error {
	var failed []error
	for range 100_000 {
		if err := r.putRepeated(ctx); err != nil {
			return err
		}
		kinds, err := r.due(ctx)
		if err != nil {
			return err
		}
		did := false
		for _, kind := range kinds {
			t, err := r.take(ctx, kind)
			if err != nil {
				return err
			}
			if t == nil {
				continue
			}
			did = true
			if err := r.do(ctx, *t); err != nil {
				failed = append(failed, fmt.Errorf("%s: %w", t.kind, err))
			}
		}
		if !did {
			return errors.Join(failed...)
		}
	}
	return errors.New("job: there is no end of jobs")
}

// round starts what is due, as far as there is room.
func (r *Runner) round(ctx context.Context) error {
	if err := r.putRepeated(ctx); err != nil {
		return err
	}
	kinds, err := r.due(ctx)
	if err != nil {
		return err
	}
	for _, kind := range kinds {
		for ctx.Err() == nil && r.enter(kind) {
			t, err := r.take(ctx, kind)
			if t == nil || err != nil {
				r.leave(kind)
				if err != nil {
					return err
				}
				break
			}
			r.wait.Add(1)
			go func() {
				defer r.wait.Done()
				err := r.do(ctx, *t)
				r.leave(kind)
				if err != nil && ctx.Err() == nil {
					r.Log.Warn("job failed", "kind", kind, "job", t.id, "attempt", t.attempt, "error", err)
				}
				r.look() // there may be more, or another of this key
			}()
		}
	}
	return nil
}

func (r *Runner) enter(kind string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.running[kind] >= r.Each {
		return false
	}
	r.running[kind]++
	return true
}

func (r *Runner) leave(kind string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running[kind]--
}

// due lists the kinds with a job that could run now and that this node knows.
func (r *Runner) due(ctx context.Context) ([]string, error) {
	all, err := db.All(ctx, r.d, db.Value[string],
		`SELECT DISTINCT kind FROM job WHERE state <> 'dead' AND due <= $1 ORDER BY kind`, r.d.Now())
	var known []string
	for _, kind := range all {
		if r.works[kind] != nil {
			known = append(known, kind)
		}
	}
	return known, err
}

// taken is a job this node holds.
type taken struct {
	id, kind string
	data     []byte
	attempt  int
}

// notBusy: no other job of the same key is running under a lease ($n = now).
const notBusy = ` AND (key_ = '' OR NOT EXISTS (SELECT 1 FROM job o WHERE o.kind = job.kind AND o.key_ = job.key_
	AND o.state = 'running' AND o.due > $2 AND o.id <> job.id))`

// take gives the next job of a kind, or nil. Nodes may race: the update names
// the row and asks again for what made it free, so one of them gets it.
func (r *Runner) take(ctx context.Context, kind string) (*taken, error) {
	now := r.d.Now()
	free, err := db.All(ctx, r.d, db.Value[string], `SELECT id FROM job WHERE kind = $1 AND state <> 'dead' AND due <= $2`+
		notBusy+` ORDER BY due, id LIMIT 8`, kind, now)
	if err != nil {
		return nil, err
	}
	for _, one := range free {
		t := taken{id: one, kind: kind}
		err := r.d.Do(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
			_, err = db.One(ctx, tx, func(row db.Row) (int, error) { return 0, row.Scan(&t.data, &t.attempt) },
				`UPDATE job SET state = 'running', due = $3, attempt = attempt + 1
				WHERE id = $1 AND state <> 'dead' AND due <= $2`+notBusy+` RETURNING data, attempt`,
				one, now, now.Add(r.Lease))
			return err
		})
		if errors.Is(err, db.ErrNone) {
			continue // another node was first
		}
		if err != nil {
			return nil, err
		}
		return &t, nil
	}
	return nil, nil
}

// do does a job and settles it; the error is the work's.
func (r *Runner) do(ctx context.Context, t taken) error {
	if t.attempt > r.Attempts+3 { // its leases ended again and again: it takes the node down with it
		err := errors.New("given up: it never came to an end")
		return errors.Join(err, r.settle(ctx, t, Hopeless(err)))
	}
	within, cancel := context.WithTimeout(context.WithoutCancel(ctx), r.Lease*9/10)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(r.Grace, cancel) })
	defer stop()
	began := time.Now()
	err := safely(within, r.works[t.kind], t.data)
	if r.Did != nil {
		r.Did(t.kind, began, err != nil)
	}
	if settling := r.settle(ctx, t, err); settling != nil {
		return errors.Join(err, settling) // the lease will end and the job run again
	}
	return err
}

func safely(ctx context.Context, work Work, data []byte) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return work(ctx, data)
}

func (r *Runner) settle(ctx context.Context, t taken, failure error) error {
	stopping := ctx.Err() != nil
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer cancel()
	return r.d.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
		// Ours only while the attempt is: after the lease another node may hold it.
		ours, err := db.All(ctx, tx, db.Value[string],
			`SELECT id FROM job WHERE id = $1 AND attempt = $2 AND state = 'running'`, t.id, t.attempt)
		if err != nil || len(ours) == 0 {
			return err
		}
		if failure == nil {
			_, err := tx.Exec(ctx, `DELETE FROM job WHERE id = $1`, t.id)
			return err
		}
		var never hopeless
		problem := short(logline.Clean(failure.Error())) // it is shown to whoever runs the server
		if errors.As(failure, &never) || t.attempt >= r.Attempts && !stopping {
			_, err := tx.Exec(ctx, `UPDATE job SET state = 'dead', due = $2, problem = $3 WHERE id = $1`, t.id, tx.Now(), problem)
			return err
		}
		due, attempt := tx.Now().Add(Backoff(t.attempt)), t.attempt
		if stopping { // not the job's fault: the next node takes it at once
			due, attempt = tx.Now(), t.attempt-1
		}
		n, err := tx.Exec(ctx, putBack, t.id, due, attempt, problem, "running")
		if err == nil && n == 0 { // a newer one of this key waits and will do
			_, err = tx.Exec(ctx, `DELETE FROM job WHERE id = $1`, t.id)
		}
		return err
	})
}

// Backoff is the pause after a failed attempt: 30 s, doubled up to 6 h, give
// or take a tenth so that jobs which failed together do not return together.
func Backoff(attempt int) time.Duration {
	pause := 6 * time.Hour
	if attempt < 11 {
		pause = min(pause, 30*time.Second<<max(0, attempt-1))
	}
	return time.Duration(float64(pause) * (0.9 + 0.2*rand.Float64())) // #nosec G404 -- spreads work in time, guards nothing
}

// putRepeated adds a job for each repeated work whose time has come.
func (r *Runner) putRepeated(ctx context.Context) error {
	now := r.d.Now()
	rows, err := db.All(ctx, r.d, db.Pair[string, db.Instant], `SELECT name, due FROM job_every`)
	if err != nil {
		return err
	}
	due := map[string]db.Instant{}
	for _, row := range rows {
		due[row.A] = row.B
	}
	for name, interval := range r.every {
		if at, known := due[name]; known && at > now {
			continue
		}
		err := r.d.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
			n, err := tx.Exec(ctx, `INSERT INTO job_every (name, due) VALUES ($1, $2) ON CONFLICT (name)
				DO UPDATE SET due = excluded.due WHERE job_every.due <= $3`, name, now.Add(interval), now)
			if err != nil || n == 0 {
				return err
			}
			return Add(ctx, tx, New{Kind: name, Key: name})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *Runner) sweep(ctx context.Context) error {
	return r.d.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM job WHERE state = 'dead' AND due < $1`, tx.Now().Add(-r.Keep))
		return err
	})
}

// short makes a problem fit to be kept: PostgreSQL refuses NUL and bad UTF-8.
func short(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "�"), "\x00", "")
	if runes := []rune(s); len(runes) > 500 {
		return string(runes[:500]) + "…"
	}
	return s
}
