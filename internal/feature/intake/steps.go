package intake

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/intake"
	"alliance/internal/platform/intake/sheet"
	"alliance/internal/platform/job"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/people"
)

// A list of more than atOnce rows is worked through in the background, in
// steps of one short transaction each: others can write in between, what is
// done stays done when the server stops, and the page tells how far it is. A
// list comes in whole, or is taken back.

const (
	atOnce    = 600                   // rows that are dealt with while one waits
	stepLasts = 30 * time.Millisecond // after that a step ends, so that nobody else waits long
	stepRows  = 200                   // rows read for a step
	putRows   = 500                   // rows of a file kept in a step
	turnLasts = 2 * time.Minute       // of one job; the next goes on
	readLasts = time.Hour             // a file that was not read in whole by then is put away
)

// States in which a step is due.
const (
	batchReading   = "reading"   // rows of the file are being kept
	batchLooking   = "looking"   // doubts are being looked for
	batchAccepting = "accepting" // suggestions are being taken
	batchApplying  = "applying"
	batchUndoing   = "undoing"
	batchDropping  = "dropping"
)

// Failed: the house refused a row when it was brought in.
const Failed = "failed"

// busy tells that a list is being worked through.
func (b Batch) busy() bool {
	switch b.State {
	case batchReading, batchLooking, batchAccepting, batchApplying, batchUndoing, batchDropping:
		return true
	}
	return false
}

// Names of work.
const (
	jobSteps = "intake.steps"
	jobSweep = "intake.sweep"
)

func (x *Intake) work(r *job.Runner) {
	r.Handle(jobSteps, x.steps)
	r.Every(jobSweep, readLasts, x.sweep)
}

// task is a list to be worked through, and who wants it.
type task struct{ Batch, Person, Mandate string }

// goOn moves a list into a state with steps, and has them done.
func goOn(ctx context.Context, tx *db.Tx, a people.Actor, b Batch, to string) error {
	n, err := tx.Exec(ctx, `UPDATE import_batch SET state = $3, done = 0 WHERE id = $1 AND state = $2`, b.ID, b.State, to)
	if err != nil || n == 0 {
		return errors.Join(err, closedUnless(err))
	}
	return job.Add(ctx, tx, job.New{Kind: jobSteps, Key: b.ID, Data: task{b.ID, a.Person, a.Mandate.ID}})
}

// steps works a list through, as far as one turn goes.
func (x *Intake) steps(ctx context.Context, data []byte) error {
	var t task
	if err := json.Unmarshal(data, &t); err != nil {
		return job.Hopeless(err)
	}
	for began := time.Now(); time.Since(began) < turnLasts; {
		over, err := x.step(ctx, t)
		if err != nil || over {
			return err
		}
	}
	return x.DB.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
		return job.Add(ctx, tx, job.New{Kind: jobSteps, Key: t.Batch, Data: t})
	})
}

// step does one; over is true when nothing more is due.
func (x *Intake) step(ctx context.Context, t task) (over bool, err error) {
	b, err := batchByID(ctx, x.DB, t.Batch)
	if fault.Of(err) != nil {
		return true, nil // put away
	}
	if err != nil {
		return false, err
	}
	k, err := x.kind(b.Kind)
	if err != nil {
		return true, err
	}
	a, err := people.ActorOf(ctx, x.DB, t.Person, t.Mandate, x.DB.Now())
	if err != nil {
		return false, err
	}
	defer func() {
		if errors.Is(err, errMoved) {
			err = nil // the next step sees what is due now
		}
	}()
	switch b.State {
	case batchLooking:
		return false, k.lookThrough(ctx, x.DB, a, b)
	case batchAccepting:
		return false, k.someRows(ctx, x.DB, b, stepRows, ending{state: batchDraft}, func(_ context.Context, _ *db.Tx, r *importRow) error { k.acceptOne(b, r); return nil })
	case batchApplying:
		return false, k.applyStep(ctx, x.DB, a, b, x.say(k))
	case batchUndoing:
		return false, k.someRows(ctx, x.DB, b, stepRows, ending{batchUndone, "import.undone", a}, func(ctx context.Context, tx *db.Tx, r *importRow) error {
			if r.Revision == 0 && (r.Outcome == "" || r.Outcome == Restored) {
				r.Outcome = Skipped // stopped before it came in
				return nil
			}
			return k.takeBack(ctx, tx, a, r)
		})
	case batchDropping:
		return false, dropStep(ctx, x.DB, b)
	}
	return true, nil
}

// ending is what a list is after its last step, and the line of the journal
// that tells of it; "" tells nothing.
type ending struct {
	state, verb string
	by          people.Actor
}

// someRows does something with the next rows of a list, at most so many, until
// the time of a step is over; after the last row the list is at its end.
func (k kind) someRows(ctx context.Context, d *db.DB, b Batch, most int, end ending, do func(context.Context, *db.Tx, *importRow) error) error {
	rows, err := nextRows(ctx, d, b, most)
	if err != nil {
		return err
	}
	return d.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := tx.Lock(ctx, "import."+k.Name); err != nil {
			return err
		}
		if len(rows) == 0 {
			done, err := endSteps(ctx, tx, b, end.state)
			if err == nil && done && end.verb != "" {
				journal.Tell(tx, end.by, journal.Event{Verb: end.verb, Kind: "import", Subject: b.ID})
			}
			return err
		}
		last := b.Done
		for began := time.Now(); len(rows) > 0 && time.Since(began) < stepLasts; rows = rows[1:] {
			r := rows[0]
			if err := do(ctx, tx, &r); err != nil {
				return err
			}
			if err := changeRow(ctx, tx, r); err != nil {
				return err
			}
			last = r.N
		}
		return moveOn(ctx, tx, b, last)
	})
}

// lookThrough looks for doubts in all rows, outside of any transaction, and
// keeps them in steps.
func (k kind) lookThrough(ctx context.Context, d *db.DB, a people.Actor, b Batch) error {
	rows, err := k.looked(ctx, d, a, b)
	if err != nil {
		return err
	}
	for len(rows) > 0 {
		kept := 0
		err := d.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
			kept = 0
			for began := time.Now(); kept < len(rows) && time.Since(began) < stepLasts; kept++ {
				if err := changeRow(ctx, tx, rows[kept]); err != nil {
					return err
				}
			}
			return moveOn(ctx, tx, b, rows[kept-1].N)
		})
		if err != nil {
			return err
		}
		rows = rows[kept:]
	}
	return d.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := endSteps(ctx, tx, b, batchDraft)
		return err
	})
}

// acceptOne takes the suggestion for a row that nobody decided about.
func (k kind) acceptOne(b Batch, r *importRow) {
	if c, ok := k.plan(b, *r); !ok {
		if c.Action == "import" {
			c.Values = k.whole(b, *r, c.Values)
			if k.check(r.N, c) != nil {
				c = Choice{Action: "skip"}
			}
		}
		r.Choice = &c
	}
}

// applyStep brings the next rows in. A row that the house refuses is noted as
// such, alone, and the others go on.
func (k kind) applyStep(ctx context.Context, d *db.DB, a people.Actor, b Batch, say func(string, intake.Finding) string) error {
	end := ending{batchApplied, "import.applied", a}
	bring := func(ctx context.Context, tx *db.Tx, r *importRow) error {
		one := []importRow{*r}
		if err := k.match(ctx, tx, b, one); err != nil {
			return err
		}
		*r = one[0]
		return k.bringIn(ctx, tx, a, b, r, say)
	}
	err := k.someRows(ctx, d, b, stepRows, end, bring)
	if fault.Of(err) == nil {
		return err
	}
	if err = k.someRows(ctx, d, b, 1, end, bring); fault.Of(err) == nil {
		return err
	}
	return k.someRows(ctx, d, b, 1, end, func(_ context.Context, _ *db.Tx, r *importRow) error {
		r.Outcome = Failed
		return nil
	})
}

// readIn keeps the rows of a file, a long one in steps; what it gives finishes
// that in the transaction of the form.
func (k kind) readIn(ctx context.Context, d *db.DB, a people.Actor, name string, s sheet.Sheet, pageLang string) (func(context.Context, *db.Tx) (Batch, error), error) {
	b := k.batchOf(a, name, s, pageLang, d.Now())
	if len(s.Rows) <= atOnce {
		return func(ctx context.Context, tx *db.Tx) (Batch, error) { return b, k.begin(ctx, tx, a, b, s.Rows) }, nil
	}
	b.State = batchReading
	if err := d.Do(ctx, func(ctx context.Context, tx *db.Tx) error { return putBatch(ctx, tx, b) }); err != nil {
		return nil, err
	}
	for from := 0; from < len(s.Rows); from += putRows {
		err := d.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
			for i, r := range s.Rows[from:min(from+putRows, len(s.Rows))] {
				if err := putRow(ctx, tx, importRow{Batch: b.ID, N: from + i + 1, Line: r.Line, Cells: r.Cells, Marks: r.Marks}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return func(ctx context.Context, tx *db.Tx) (Batch, error) {
		if _, err := endSteps(ctx, tx, b, batchMapping); err != nil {
			return b, err
		}
		b.State = batchMapping
		journal.Tell(tx, a, journal.Event{Verb: "import.begun", Kind: "import", Subject: b.ID})
		return b, nil
	}, nil
}

// stop ends what is being done with a list: what was brought in so far is taken
// back, suggestions taken so far stay, and what is only being read is put away.
func (k kind) stop(ctx context.Context, tx *db.Tx, a people.Actor, b Batch) error {
	switch b.State {
	case batchApplying:
		return goOn(ctx, tx, a, b, batchUndoing)
	case batchAccepting:
		_, err := endSteps(ctx, tx, b, batchDraft)
		return err
	case batchReading, batchLooking:
		return goOn(ctx, tx, a, b, batchDropping)
	}
	return fault.Conflict("intake.steps.over", "There is nothing left to stop.")
}

// drop puts a list away that was not brought in.
func (k kind) drop(ctx context.Context, tx *db.Tx, a people.Actor, b Batch) error {
	long, err := b.long(ctx, tx)
	if err != nil {
		return err
	}
	if long && (b.State == batchMapping || b.State == batchDraft) {
		return goOn(ctx, tx, a, b, batchDropping)
	}
	return dropBatch(ctx, tx, b.ID)
}

// sweep puts files away that were never read in whole.
func (x *Intake) sweep(ctx context.Context) error {
	left, err := unread(ctx, x.DB, x.DB.Now().Add(-readLasts))
	for _, b := range left {
		if err == nil {
			err = x.DB.Do(ctx, func(ctx context.Context, tx *db.Tx) error { return goOn(ctx, tx, people.Actor{}, b, batchDropping) })
		}
	}
	return err
}
