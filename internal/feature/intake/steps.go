package intake

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
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
	atOnce    = 600             // rows that are dealt with while one waits
	stepRows  = 500             // rows of a step, at most
	lookRows  = 1000            // rows looked through at once, outside of any transaction
	turnLasts = 2 * time.Minute // of one job; the next goes on
	readLasts = time.Hour       // a file that was not read in whole by then is put away
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
	p := newPace()
	for began := time.Now(); time.Since(began) < turnLasts; {
		over, err := x.step(ctx, t, p)
		if err != nil || over {
			return err
		}
	}
	return x.DB.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
		return job.Add(ctx, tx, job.New{Kind: jobSteps, Key: t.Batch, Data: t})
	})
}

// step does one; over is true when nothing more is due.
func (x *Intake) step(ctx context.Context, t task, p *pace) (over bool, err error) {
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
		return false, k.lookThrough(ctx, x.DB, a, b, p)
	case batchAccepting:
		return false, k.someRows(ctx, x.DB, b, p, act{row: func(_ context.Context, _ *db.Tx, r *importRow) error { k.acceptOne(b, r); return nil }, end: batchDraft})
	case batchApplying:
		return false, k.applyStep(ctx, x.DB, a, b, p, x.say(k))
	case batchUndoing:
		return false, k.someRows(ctx, x.DB, b, p, act{end: batchUndone, verb: "import.undone", by: a, row: func(ctx context.Context, tx *db.Tx, r *importRow) error {
			if r.Revision == 0 && (r.Outcome == "" || r.Outcome == Restored) {
				r.Outcome = Skipped // stopped before it came in
				return nil
			}
			return k.takeBack(ctx, tx, a, r)
		}})
	case batchDropping:
		return false, dropStep(ctx, x.DB, b, p)
	}
	return true, nil
}

// act is what is done with each row of a list, and how the list ends.
type act struct {
	rows func(context.Context, *db.Tx, []importRow) error // with those of a step, before each; nil = nothing
	row  func(context.Context, *db.Tx, *importRow) error
	end  string // state of the list after the last row
	verb string // of the line of the journal that tells of it; "" tells nothing
	by   people.Actor
}

// someRows does something with the next rows of a list, as many as a step
// takes; after the last row the list is at its end.
func (k kind) someRows(ctx context.Context, d *db.DB, b Batch, p *pace, do act) error {
	rows, err := nextRows(ctx, d, b, p.rows)
	if err != nil {
		return err
	}
	return p.step(ctx, d, len(rows), func(ctx context.Context, tx *db.Tx) error {
		if err := tx.Lock(ctx, "import."+k.Name); err != nil {
			return err
		}
		if len(rows) == 0 {
			done, err := endSteps(ctx, tx, b, do.end)
			if err == nil && done && do.verb != "" {
				journal.Tell(tx, do.by, journal.Event{Verb: do.verb, Kind: "import", Subject: b.ID})
			}
			return err
		}
		some := slices.Clone(rows) // the step may be made again
		if do.rows != nil {
			if err := do.rows(ctx, tx, some); err != nil {
				return err
			}
		}
		for i := range some {
			if err := do.row(ctx, tx, &some[i]); err != nil {
				return err
			}
			if err := changeRow(ctx, tx, some[i]); err != nil {
				return err
			}
		}
		return moveOn(ctx, tx, b, some[len(some)-1].N)
	})
}

// lookThrough looks for doubts in all rows, outside of any transaction, and
// keeps them in steps: first those of each row alone, then those that rows
// raise beside others.
func (k kind) lookThrough(ctx context.Context, d *db.DB, a people.Actor, b Batch, p *pace) error {
	looking, err := k.Look(ctx, d, a, b.List)
	if err != nil {
		return err
	}
	for b.Done = 0; ; {
		rows, err := nextRows(ctx, d, b, lookRows)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			break
		}
		if err := k.alone(ctx, d, b, looking, rows); err != nil {
			return err
		}
		b.Done = rows[len(rows)-1].N
		if err := keepRows(ctx, d, b, p, rows); err != nil {
			return err
		}
	}
	from, seen := b, 0
	for from.Done = 0; ; {
		rows, err := nextRows(ctx, d, from, lookRows)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			break
		}
		from.Done = rows[len(rows)-1].N
		changed := among(looking, seen, rows)
		seen += len(rows)
		if err := keepRows(ctx, d, b, p, changed); err != nil {
			return err
		}
	}
	return d.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := endSteps(ctx, tx, b, batchDraft)
		return err
	})
}

// keepRows keeps rows that were looked through, in steps.
func keepRows(ctx context.Context, d *db.DB, b Batch, p *pace, rows []importRow) error {
	for len(rows) > 0 {
		some := rows[:min(len(rows), p.rows)]
		rows = rows[len(some):]
		if err := p.step(ctx, d, len(some), func(ctx context.Context, tx *db.Tx) error {
			for _, r := range some {
				if err := changeRow(ctx, tx, r); err != nil {
					return err
				}
			}
			return moveOn(ctx, tx, b, b.Done)
		}); err != nil {
			return err
		}
	}
	return nil
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
func (k kind) applyStep(ctx context.Context, d *db.DB, a people.Actor, b Batch, p *pace, say func(string, intake.Finding) string) error {
	bring := act{end: batchApplied, verb: "import.applied", by: a,
		rows: func(ctx context.Context, tx *db.Tx, rows []importRow) error { return k.match(ctx, tx, b, rows) },
		row:  func(ctx context.Context, tx *db.Tx, r *importRow) error { return k.bringIn(ctx, tx, a, b, r, say) },
	}
	err := k.someRows(ctx, d, b, p, bring)
	if fault.Of(err) == nil {
		return err
	}
	p.rows = 1
	if err = k.someRows(ctx, d, b, p, bring); fault.Of(err) == nil {
		return err
	}
	bring.rows, bring.row = nil, func(_ context.Context, _ *db.Tx, r *importRow) error {
		r.Outcome = Failed
		return nil
	}
	return k.someRows(ctx, d, b, p, bring)
}

// readIn keeps the rows of a file, a long one in steps; what it gives finishes
// that in the transaction of the form.
func (k kind) readIn(ctx context.Context, d *db.DB, a people.Actor, name string, s sheet.Sheet, pageLang string) (func(context.Context, *db.Tx) (Batch, error), error) {
	b := k.batchOf(a, name, s, pageLang, d.Now())
	if s.Len <= atOnce {
		return func(ctx context.Context, tx *db.Tx) (Batch, error) { return b, k.begin(ctx, tx, a, b, s.All()) }, nil
	}
	b.State = batchReading
	if err := d.Do(ctx, func(ctx context.Context, tx *db.Tx) error { return putBatch(ctx, tx, b) }); err != nil {
		return nil, err
	}
	if err := keepFile(ctx, d, b.ID, s); err != nil {
		return nil, err
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

// keepFile keeps the rows of a file, in steps.
func keepFile(ctx context.Context, d *db.DB, batch string, s sheet.Sheet) error {
	p := newPace()
	var some []importRow
	keep := func() error {
		err := p.step(ctx, d, len(some), func(ctx context.Context, tx *db.Tx) error {
			for _, r := range some {
				if err := putRow(ctx, tx, r); err != nil {
					return err
				}
			}
			return nil
		})
		some = some[:0]
		return err
	}
	n := 0
	for r := range s.All() {
		n++
		if some = append(some, importRow{Batch: batch, N: n, Line: r.Line, Cells: r.Cells, Marks: r.Marks}); len(some) >= p.rows {
			if err := keep(); err != nil {
				return err
			}
		}
	}
	return keep()
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
