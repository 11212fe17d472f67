package entry

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"alliance/internal/platform/db"
)

// Point is a column in which identifiers of entries or organisations stand.
// A feature lists those of its tables, so that what points at a record that is
// given up can be led to the one that is kept. What tells of the past (votes,
// versions, the journal) is no point: it stays, and is read under the name of
// the one that is kept.
type Point struct {
	Table, Column string
	Key           []string // columns that, with Column, tell a row from all others
	// Once are columns that, with Column, only one row may hold: the same
	// organisation carries an action once. nil = there may be many.
	Once []string
	Rest []string // with Once: the other columns, to put a row back that gave way
	Own  string   // column with the entry a row is part of: what the two say of each other stays
	// Drawn are columns that follow from the identifier.
	Drawn map[string]func(entry string) string
	// Needs is the table, by its id, in which a column's value must still stand
	// before a row is put back.
	Needs map[string]string
}

// Name is how a point is known again.
func (p Point) Name() string { return p.Table + "." + p.Column }

// Led is a row that pointed at one entry and points at another now.
type Led struct {
	Point string
	Key   []any
	Whole []any // nil unless the row gave way
	Of    string
}

// Lead lets every row that points at from point at to. A row beside which there
// is such a one already gives way to it.
func Lead(ctx context.Context, tx *db.Tx, points []Point, from, to string) (all []Led, err error) {
	for _, p := range points {
		columns := slices.Concat(p.Key, p.Rest)
		if p.Own != "" {
			columns = append(columns, p.Own)
		}
		rows, err := db.All(ctx, tx, scanAny(len(columns)), `SELECT `+strings.Join(columns, ", ")+` FROM `+p.Table+` WHERE `+p.Column+` = $1 ORDER BY `+strings.Join(p.Key, ", "), from)
		if err != nil {
			return nil, fmt.Errorf("entry: %s: %w", p.Name(), err)
		}
		for _, row := range rows {
			one := Led{Point: p.Name(), Key: row[:len(p.Key)]}
			if p.Own != "" {
				if one.Of, _ = row[len(row)-1].(string); one.Of == from || one.Of == to {
					continue
				}
			}
			taken, err := p.taken(ctx, tx, columns, row, to)
			if err != nil {
				return nil, err
			}
			if taken {
				one.Whole = row[:len(p.Key)+len(p.Rest)]
				err = p.drop(ctx, tx, from, one.Key)
			} else {
				err = p.turn(ctx, tx, from, to, one.Key)
			}
			if err != nil {
				return nil, err
			}
			all = append(all, one)
		}
	}
	return all, nil
}

// LeadBack undoes Lead, from the last row to the first. Rows that somebody
// took away or led elsewhere meanwhile stay so.
func LeadBack(ctx context.Context, tx *db.Tx, points []Point, rows []Led, from, to string) error {
	for _, one := range slices.Backward(rows) {
		i := slices.IndexFunc(points, func(p Point) bool { return p.Name() == one.Point })
		if i < 0 {
			continue // the table is gone
		}
		p := points[i]
		err := error(nil)
		if one.Whole != nil {
			err = p.putBack(ctx, tx, one.Whole, from)
		} else {
			err = p.turn(ctx, tx, to, from, one.Key)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// taken tells that a row with the same Once points there already.
func (p Point) taken(ctx context.Context, q db.Q, columns []string, row []any, to string) (bool, error) {
	if p.Once == nil {
		return false, nil
	}
	var w db.Where
	w.And(p.Column+" = ?", to)
	for _, c := range p.Once {
		w.And(c+" = ?", row[slices.Index(columns, c)])
	}
	n, err := db.One(ctx, q, db.Value[int], `SELECT count(*) FROM `+p.Table+w.SQL(), w.Args()...)
	return n > 0, err
}

// turn lets the row with the key that points at from point at to.
func (p Point) turn(ctx context.Context, tx *db.Tx, from, to string, key []any) error {
	var w db.Where
	set := p.Column + " = " + w.Arg(to)
	for column, of := range p.Drawn {
		set += ", " + column + " = " + w.Arg(of(to))
	}
	return p.run(ctx, tx, &w, `UPDATE `+p.Table+` SET `+set, from, key)
}

func (p Point) drop(ctx context.Context, tx *db.Tx, from string, key []any) error {
	return p.run(ctx, tx, &db.Where{}, `DELETE FROM `+p.Table, from, key)
}

func (p Point) run(ctx context.Context, tx *db.Tx, w *db.Where, text, at string, key []any) error {
	w.And(p.Column+" = ?", at)
	for i, c := range p.Key {
		w.And(c+" = ?", key[i])
	}
	if _, err := tx.Exec(ctx, text+w.SQL(), w.Args()...); err != nil {
		return fmt.Errorf("entry: %s: %w", p.Name(), err)
	}
	return nil
}

func (p Point) putBack(ctx context.Context, tx *db.Tx, whole []any, at string) error {
	columns := slices.Concat(p.Key, p.Rest)
	for column, table := range p.Needs {
		n, err := db.One(ctx, tx, db.Value[int], `SELECT count(*) FROM `+table+` WHERE id = $1`, whole[slices.Index(columns, column)])
		if err != nil || n == 0 {
			return err
		}
	}
	args, marks := []any{at}, []string{"$1"}
	for i, v := range whole {
		args, marks = append(args, v), append(marks, "$"+strconv.Itoa(i+2))
	}
	_, err := tx.Exec(ctx, `INSERT INTO `+p.Table+` (`+p.Column+`, `+strings.Join(columns, ", ")+`) VALUES (`+strings.Join(marks, ", ")+`) ON CONFLICT DO NOTHING`, args...)
	return err
}

// scanAny reads n cells as the engine gives them: text, or a whole number.
func scanAny(n int) func(db.Row) ([]any, error) {
	return func(r db.Row) ([]any, error) {
		cells, to := make([]any, n), make([]any, n)
		for i := range cells {
			to[i] = &cells[i]
		}
		err := r.Scan(to...)
		for i, c := range cells {
			if b, ok := c.([]byte); ok {
				cells[i] = string(b)
			}
		}
		return cells, err
	}
}

func cellsJSON(cells []any) string {
	if cells == nil {
		return ""
	}
	b, err := json.Marshal(cells)
	if err != nil {
		panic(err) // texts and numbers only
	}
	return string(b)
}

func parseCells(s string) (cells []any, err error) {
	if s == "" {
		return nil, nil
	}
	d := json.NewDecoder(bytes.NewReader([]byte(s)))
	d.UseNumber()
	if err := d.Decode(&cells); err != nil {
		return nil, fmt.Errorf("entry: row of a merge: %w", err)
	}
	for i, c := range cells {
		if n, ok := c.(json.Number); ok {
			if cells[i], err = n.Int64(); err != nil {
				return nil, err
			}
		}
	}
	return cells, nil
}
