package intake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/intake"
	"alliance/internal/platform/intake/sheet"
)

const batchColumns = `b.id, b.at, b.person, b.kind, b.name, b.lang, b.columns, b.heading, b.state, b.facts, b.applied, b.undone, b.done`

func scanBatch(r db.Row) (b Batch, err error) {
	var columns, facts string
	if err = r.Scan(&b.ID, &b.At, &b.Person, &b.Kind, &b.Name, &b.Lang, &columns, &b.Heading, &b.State, &facts, &b.Applied, &b.Undone, &b.Done); err != nil {
		return b, err
	}
	parts := append(strings.Split(facts, "|"), "", "", "")
	b.Encoding, b.Delimiter, b.Exact = parts[0], parts[1], parts[2] == "exact"
	b.Above, _ = strconv.Atoi(parts[3])
	return b, json.Unmarshal([]byte(columns), &b.Columns)
}

// facts say how the file was read.
func (b Batch) facts() string {
	exact := map[bool]string{true: "exact"}[b.Exact]
	return strings.Join([]string{b.Encoding, b.Delimiter, exact, itoa(b.Above)}, "|")
}

func putBatch(ctx context.Context, tx *db.Tx, b Batch) error {
	_, err := tx.Exec(ctx, `INSERT INTO import_batch (id, at, person, kind, name, lang, columns, heading, state, facts) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`,
		b.ID, b.At, b.Person, b.Kind, b.Name, b.Lang, asJSON(b.Columns), b.Heading, b.State, b.facts())
	return err
}

func changeBatch(ctx context.Context, tx *db.Tx, b Batch) error {
	_, err := tx.Exec(ctx, `UPDATE import_batch SET lang = $2, columns = $3, heading = $4, state = $5, facts = $6 WHERE id = $1`, b.ID, b.Lang, asJSON(b.Columns), b.Heading, b.State, b.facts())
	return err
}

// moveBatch moves a batch on, if it is where one thinks it is.
func moveBatch(ctx context.Context, tx *db.Tx, batch, from, to string) (bool, error) {
	column := "applied"
	if to == batchUndone {
		column = "undone"
	}
	n, err := tx.Exec(ctx, `UPDATE import_batch SET state = $3, `+column+` = $4 WHERE id = $1 AND state = $2`, batch, from, to, tx.Now())
	return n == 1, err
}

func batchByID(ctx context.Context, q db.Q, batch string) (Batch, error) {
	b, err := db.One(ctx, q, scanBatch, `SELECT `+batchColumns+` FROM import_batch b WHERE b.id = $1`, batch)
	if errors.Is(err, db.ErrNone) {
		return b, fault.Missing()
	}
	return b, err
}

func batches(ctx context.Context, q db.Q, kind string) ([]Batch, error) {
	return db.All(ctx, q, scanBatch, `SELECT `+batchColumns+` FROM import_batch b WHERE b.kind = $1 AND b.state NOT IN ('reading','dropping') ORDER BY b.at DESC, b.id DESC LIMIT 50`, kind)
}

// dropBatch forgets a list that was never applied.
func dropBatch(ctx context.Context, tx *db.Tx, batch string) error {
	n, err := tx.Exec(ctx, `DELETE FROM import_row WHERE batch IN (SELECT id FROM import_batch WHERE id = $1 AND state IN ('mapping','draft'))`, batch)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Conflict("intake.import.closed", "This list was brought in already.")
	}
	_, err = tx.Exec(ctx, `DELETE FROM import_batch WHERE id = $1`, batch)
	return err
}

// errMoved: somebody stopped the work, or began other work, meanwhile.
var errMoved = errors.New("intake: the list has moved on")

// moveOn notes how far a step came; the step counts for nothing if the list is
// no longer in its state.
func moveOn(ctx context.Context, tx *db.Tx, b Batch, done int) error {
	n, err := tx.Exec(ctx, `UPDATE import_batch SET done = $3 WHERE id = $1 AND state = $2`, b.ID, b.State, done)
	if err == nil && n == 0 {
		return errMoved
	}
	return err
}

// endSteps moves a list on after its last step.
func endSteps(ctx context.Context, tx *db.Tx, b Batch, to string) (bool, error) {
	switch to {
	case batchApplied, batchUndone:
		done, err := moveBatch(ctx, tx, b.ID, b.State, to)
		if err == nil && done {
			_, err = tx.Exec(ctx, `UPDATE import_batch SET done = 0 WHERE id = $1`, b.ID)
		}
		return done, err
	}
	n, err := tx.Exec(ctx, `UPDATE import_batch SET state = $3, done = 0 WHERE id = $1 AND state = $2`, b.ID, b.State, to)
	return n == 1, err
}

// nextRows gives the rows after those that are done.
func nextRows(ctx context.Context, q db.Q, b Batch, most int) ([]importRow, error) {
	first := 1
	if b.Heading {
		first = 2
	}
	return db.All(ctx, q, scanRow, `SELECT `+rowColumns+` FROM import_row r WHERE r.batch = $1 AND r.n >= $2 AND r.n > $3 ORDER BY r.n LIMIT $4`, b.ID, first, b.Done, most)
}

// rowsAmong gives some rows by their numbers.
func rowsAmong(ctx context.Context, q db.Q, b Batch, numbers []int) ([]importRow, error) {
	var all []importRow
	for _, n := range numbers {
		some, err := db.All(ctx, q, scanRow, `SELECT `+rowColumns+` FROM import_row r WHERE r.batch = $1 AND r.n = $2`, b.ID, n)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

func countRows(ctx context.Context, q db.Q, batch string) (int64, error) {
	return db.One(ctx, q, db.Value[int64], `SELECT count(*) FROM import_row WHERE batch = $1`, batch)
}

// countOpen counts the rows that somebody has to decide about.
func countOpen(ctx context.Context, q db.Q, batch string) (int64, error) {
	return db.One(ctx, q, db.Value[int64], `SELECT count(*) FROM import_row WHERE batch = $1 AND choice = '' AND doubts LIKE '{"d":%' AND outcome NOT IN ('unchanged','restored','skipped_before')`, batch)
}

// unread lists files that were begun before an instant and not read in whole.
func unread(ctx context.Context, q db.Q, before db.Instant) ([]Batch, error) {
	return db.All(ctx, q, scanBatch, `SELECT `+batchColumns+` FROM import_batch b WHERE b.state = 'reading' AND b.at < $1 LIMIT 50`, before)
}

// dropStep forgets the next rows of a list that is put away, at last the list.
func dropStep(ctx context.Context, d *db.DB, b Batch, p *pace) error {
	return p.step(ctx, d, p.rows, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.Exec(ctx, `DELETE FROM import_row WHERE batch = $1 AND n < $2 + (SELECT min(o.n) FROM import_row o WHERE o.batch = $1)`, b.ID, p.rows)
		if err == nil && n == 0 {
			_, err = tx.Exec(ctx, `DELETE FROM import_batch WHERE id = $1`, b.ID)
		}
		return err
	})
}

// written is what the cells column holds.
type written struct {
	Line  int          `json:"l"`
	Cells []string     `json:"c"`
	Marks []sheet.Mark `json:"m,omitempty"`
}

type looked struct {
	Doubts []intake.Finding `json:"d,omitempty"`
	Town   string           `json:"t,omitempty"`
}

const rowColumns = `r.batch, r.n, r.cells, r.doubts, r.choice, r.source_key, r.entry, r.outcome, r.revision`

func scanRow(r db.Row) (row importRow, err error) {
	var cells, doubts, choice string
	if err = r.Scan(&row.Batch, &row.N, &cells, &doubts, &choice, &row.SourceKey, &row.Entry, &row.Outcome, &row.Revision); err != nil {
		return row, err
	}
	var w written
	var l looked
	err = json.Unmarshal([]byte(cells), &w)
	if err == nil && doubts != "" {
		err = json.Unmarshal([]byte(doubts), &l)
	}
	if err == nil && choice != "" {
		err = json.Unmarshal([]byte(choice), &row.Choice)
	}
	row.Line, row.Cells, row.Marks, row.Doubts, row.Town = w.Line, w.Cells, w.Marks, l.Doubts, l.Town
	return row, err
}

func putRow(ctx context.Context, tx *db.Tx, r importRow) error {
	_, err := tx.Exec(ctx, `INSERT INTO import_row (batch, n, cells) VALUES ($1,$2,$3)`, r.Batch, r.N, asJSON(written{r.Line, r.Cells, r.Marks}))
	return err
}

func changeRow(ctx context.Context, tx *db.Tx, r importRow) error {
	doubts, choice := "", ""
	if len(r.Doubts) > 0 || r.Town != "" {
		doubts = asJSON(looked{r.Doubts, r.Town})
	}
	if r.Choice != nil {
		choice = asJSON(r.Choice)
	}
	_, err := tx.Exec(ctx, `UPDATE import_row SET doubts = $3, choice = $4, source_key = $5, entry = $6, outcome = $7, revision = $8 WHERE batch = $1 AND n = $2`,
		r.Batch, r.N, doubts, choice, r.SourceKey, r.Entry, r.Outcome, r.Revision)
	return err
}

// rowsOf gives the rows of a batch in order, without the line of headings.
func rowsOf(ctx context.Context, q db.Q, b Batch) ([]importRow, error) {
	first := 1
	if b.Heading {
		first = 2
	}
	return db.All(ctx, q, scanRow, `SELECT `+rowColumns+` FROM import_row r WHERE r.batch = $1 AND r.n >= $2 ORDER BY r.n`, b.ID, first)
}

// firstRows gives the first lines of a file, the headings too.
func firstRows(ctx context.Context, q db.Q, batch string, n int) ([]importRow, error) {
	return db.All(ctx, q, scanRow, `SELECT `+rowColumns+` FROM import_row r WHERE r.batch = $1 AND r.n <= $2 ORDER BY r.n`, batch, n)
}

// matched is something that a row is, or was left out as.
type matched struct {
	key, entry, outcome string
}

// broughtIn finds what earlier lists of the kind made of the same rows; those
// that are withdrawn count less.
func broughtIn(ctx context.Context, q db.Q, b Batch, keys []string) (map[string]intake.There, error) {
	found := map[string]intake.There{}
	for len(keys) > 0 {
		some := keys[:min(len(keys), 200)]
		keys = keys[len(some):]
		var w db.Where
		w.And("b.kind = ?", b.Kind)
		w.And("b.state IN ('applied','undone','applying','undoing')")
		w.And("b.id <> ?", b.ID)
		w.And("r.outcome NOT IN ('same','unchanged','skipped')")
		w.In("r.source_key", some)
		list, err := db.All(ctx, q, func(r db.Row) (m struct {
			key string
			intake.There
		}, err error) {
			return m, r.Scan(&m.key, &m.Entry, &m.State)
		}, `SELECT r.source_key, r.entry, e.state FROM import_row r JOIN import_batch b ON b.id = r.batch JOIN entry e ON e.id = r.entry`+w.SQL()+` ORDER BY b.applied, r.n`, w.Args()...)
		if err != nil {
			return nil, err
		}
		for _, m := range list {
			if was, ok := found[m.key]; !ok || was.State == entry.Withdrawn && m.State != entry.Withdrawn {
				found[m.key] = m.There
			}
		}
	}
	return found, nil
}

// decidedBefore finds rows that an earlier, applied list left out or named as
// something that was here under another name.
func decidedBefore(ctx context.Context, q db.Q, b Batch, keys []string) (map[string]matched, error) {
	found := map[string]matched{}
	for len(keys) > 0 {
		some := keys[:min(len(keys), 200)]
		keys = keys[len(some):]
		var w db.Where
		w.And("b.state IN ('applied','applying')")
		w.And("b.id <> ?", b.ID)
		w.And("b.kind = ?", b.Kind)
		w.And("r.outcome IN ('skipped','same')")
		w.In("r.source_key", some)
		list, err := db.All(ctx, q, func(r db.Row) (m matched, err error) { return m, r.Scan(&m.key, &m.entry, &m.outcome) },
			`SELECT r.source_key, r.entry, r.outcome FROM import_row r JOIN import_batch b ON b.id = r.batch`+w.SQL()+` ORDER BY b.applied, r.n`, w.Args()...)
		if err != nil {
			return nil, err
		}
		for _, m := range list {
			found[m.key] = m
		}
	}
	return found, nil
}

func asJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprint("intake: ", err)) // strings, numbers and slices of them
	}
	return string(b)
}
