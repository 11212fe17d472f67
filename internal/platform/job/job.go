// Package job keeps work that must happen after a transaction: a mail, an
// export, a sweep. The web request only writes a row and never waits.
//
// The one idea: the job is added in the caller's transaction, so it exists
// exactly when the change exists. A node takes a job by moving it to "running"
// with a lease; a node that dies leaves a lease that ends, and another takes
// the job again. So work runs AT LEAST once: write it to bear a repetition.
package job

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"unicode/utf8"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
)

// Schema holds the tables of this package.
//
//go:embed schema
var Schema embed.FS

var _ = db.Unseen("job", "job_every")

// New is a job to add.
type New struct {
	Kind string
	// Data is what the work needs: []byte and json.RawMessage as they are
	// (UTF-8), anything else as JSON.
	Data any
	// RunAt is the earliest instant; 0 = as soon as the transaction is kept.
	RunAt db.Instant
	// Key makes the job unique while it waits: adding it again keeps one job,
	// with the newer data and the earlier instant. Jobs of one key never run
	// at the same time.
	Key string
}

// Add puts a job into the caller's transaction.
func Add(ctx context.Context, tx *db.Tx, n New) error {
	if n.Kind == "" {
		return errors.New("job: a job without a kind")
	}
	data, err := encode(n.Data)
	if err != nil {
		return fmt.Errorf("job: %s: %w", n.Kind, err)
	}
	due := n.RunAt
	if due == 0 {
		due = tx.Now()
	}
	// DO UPDATE, not DO NOTHING: it holds the waiting row, so nobody starts it
	// before this transaction is kept and its change can be seen.
	_, err = tx.Exec(ctx, `INSERT INTO job (id, kind, key_, data, due, created) VALUES ($1,$2,$3,$4,$5,$6)
		ON CONFLICT (kind, key_) WHERE key_ <> '' AND state = 'waiting' DO UPDATE SET data = excluded.data,
		due = CASE WHEN excluded.due < job.due THEN excluded.due ELSE job.due END`,
		id.New(), n.Kind, n.Key, data, due, tx.Now())
	if err != nil {
		return err
	}
	tx.After(nudge)
	return nil
}

func encode(data any) (string, error) {
	var raw []byte
	switch v := data.(type) {
	case nil:
		return "", nil
	case []byte:
		raw = v
	case json.RawMessage:
		raw = v
	default:
		var err error
		if raw, err = json.Marshal(v); err != nil {
			return "", err
		}
	}
	if !utf8.Valid(raw) {
		return "", errors.New("data is not UTF-8")
	}
	return string(raw), nil
}

// hopeless is an error that no further attempt will mend.
type hopeless struct{ error }

func (h hopeless) Unwrap() error { return h.error }

// Hopeless marks an error that no further attempt will mend: the job dies at once.
func Hopeless(err error) error {
	if err == nil {
		return nil
	}
	return hopeless{err}
}

// Count tells how one kind of job stands.
type Count struct {
	Kind                   string
	Waiting, Running, Dead int64
	Oldest                 db.Instant // due of the oldest that waits, 0 = none waits
}

// Counts gives the numbers for the operator, by kind.
func Counts(ctx context.Context, q db.Q) ([]Count, error) {
	return db.All(ctx, q, func(r db.Row) (c Count, err error) {
		return c, r.Scan(&c.Kind, &c.Waiting, &c.Running, &c.Dead, &c.Oldest)
	}, `SELECT kind, count(*) FILTER (WHERE state = 'waiting'), count(*) FILTER (WHERE state = 'running'),
		count(*) FILTER (WHERE state = 'dead'), coalesce(min(due) FILTER (WHERE state = 'waiting'), 0)
		FROM job GROUP BY kind ORDER BY kind`)
}

// Corpse is a job that was given up. Its data is not shown: it may hold a mail.
type Corpse struct {
	ID, Kind, Problem string
	Attempts          int
	Created, Died     db.Instant
}

// Dead lists the jobs that were given up, newest first, at most 200.
func Dead(ctx context.Context, q db.Q) ([]Corpse, error) {
	return db.All(ctx, q, func(r db.Row) (c Corpse, err error) {
		return c, r.Scan(&c.ID, &c.Kind, &c.Problem, &c.Attempts, &c.Created, &c.Died)
	}, `SELECT id, kind, problem, attempt, created, due FROM job WHERE state = 'dead' ORDER BY due DESC, id LIMIT 200`)
}

// Retry gives a dead job a new life, with all its attempts.
func Retry(ctx context.Context, tx *db.Tx, job string) error {
	n, err := tx.Exec(ctx, putBack, job, tx.Now(), 0, "", "dead")
	if err != nil {
		return err
	}
	if n == 0 { // not there, or the same key waits already
		return Forget(ctx, tx, job)
	}
	tx.After(nudge)
	return nil
}

// Forget deletes a dead job.
func Forget(ctx context.Context, tx *db.Tx, job string) error {
	n, err := tx.Exec(ctx, `DELETE FROM job WHERE id = $1 AND state = 'dead'`, job)
	if err == nil && n == 0 {
		return fault.Missing()
	}
	return err
}

// putBack makes a job wait again, unless its key waits already.
const putBack = `UPDATE job SET state = 'waiting', due = $2, attempt = $3, problem = $4 WHERE id = $1 AND state = $5
	AND NOT EXISTS (SELECT 1 FROM job o WHERE o.kind = job.kind AND o.key_ = job.key_ AND o.key_ <> '' AND o.state = 'waiting')`

// Runners of this process that want to hear of new jobs. A nudge only means
// "look": what is due is in the table alone, so one too many does no harm.
var listeners sync.Map // *Runner → nothing

func nudge() {
	listeners.Range(func(r, _ any) bool {
		r.(*Runner).look()
		return true
	})
}
