package db

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// A copy of the house is a copy of its tables, row by row, in a form that both
// engines give and take: backups and moves between engines stand on it.
//
// What can be made anew is not copied: the search index, and the engine's own
// tables.

// Table is a table as Copy gives it and Load takes it.
type Table struct {
	Name    string   `json:"name"`
	Columns []Column `json:"columns"`
	Key     []string `json:"key"` // the order of rows
	refers  []string
}

// Column of a table; Kind is "text", "int", "real" or "blob".
type Column struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
}

// Sum is what a table holds: so many rows, and a hash over all of them.
type Sum struct {
	Rows int64  `json:"rows"`
	Hash string `json:"sha256"`
}

// derived tells of tables that are made anew from others, or that belong to
// the engine or to the migrations.
func derived(table string) bool {
	return strings.HasPrefix(table, "search_") || strings.HasPrefix(table, "sqlite_") || table == "goose_db_version"
}

// Snapshot is the whole database at one instant: writers go on meanwhile.
type Snapshot struct {
	d  *DB
	tx *sql.Tx
}

// Snapshot runs fn on the database as it is now.
func (d *DB) Snapshot(ctx context.Context, fn func(*Snapshot) error) error {
	// SQLite: a transaction of a reader sees one state from its first read on.
	o := &sql.TxOptions{ReadOnly: true}
	if d.Engine == PostgreSQL {
		o.Isolation = sql.LevelRepeatableRead
	}
	tx, err := d.r.BeginTx(ctx, o)
	if err != nil {
		return fmt.Errorf("db: snapshot: %w", err)
	}
	defer tx.Rollback()
	return fn(&Snapshot{d, tx})
}

func (s *Snapshot) query(ctx context.Context, text string, args []any) (*sql.Rows, error) {
	return s.tx.QueryContext(ctx, text, plain(args)...)
}

// Tables lists the tables, each after those it refers to.
func (s *Snapshot) Tables(ctx context.Context) ([]Table, error) { return tables(ctx, s, s.d.Engine) }

func tables(ctx context.Context, q Q, engine Engine) ([]Table, error) {
	names, err := All(ctx, q, Value[string], map[Engine]string{
		SQLite:     `SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name`,
		PostgreSQL: `SELECT table_name COLLATE "C" FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY 1`,
	}[engine])
	if err != nil {
		return nil, err
	}
	var list []Table
	for _, name := range names {
		if derived(name) {
			continue
		}
		t := Table{Name: name}
		if err := t.describe(ctx, q, engine); err != nil {
			return nil, fmt.Errorf("db: table %s: %w", name, err)
		}
		list = append(list, t)
	}
	return inOrder(list)
}

func (t *Table) describe(ctx context.Context, q Q, engine Engine) (err error) {
	type column struct {
		name, kind string
		key        int64
	}
	columns, err := All(ctx, q, func(r Row) (c column, err error) { return c, r.Scan(&c.name, &c.kind, &c.key) }, map[Engine]string{
		SQLite: `SELECT name, lower(type), pk FROM pragma_table_info($1) ORDER BY cid`,
		PostgreSQL: `SELECT a.attname::text, format_type(a.atttypid, a.atttypmod), coalesce(array_position(i.indkey::int2[], a.attnum), -1) + 1
			FROM pg_attribute a LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
			WHERE a.attrelid = $1::text::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
	}[engine], t.Name)
	if err != nil {
		return err
	}
	kinds := map[string]string{"text": "text", "integer": "int", "bigint": "int", "real": "real", "double precision": "real", "blob": "blob", "bytea": "blob"}
	keys := map[int64]string{}
	for _, c := range columns {
		kind, known := kinds[c.kind]
		if !known {
			return fmt.Errorf("column %s is of type %s, which the other engine does not have", c.name, c.kind)
		}
		t.Columns = append(t.Columns, Column{c.name, kind})
		if c.key > 0 {
			keys[c.key] = c.name
		}
	}
	// The order of columns differs where one was added later on one engine only.
	slices.SortFunc(t.Columns, func(a, b Column) int { return strings.Compare(a.Name, b.Name) })
	for i := range int64(len(columns) + 2) {
		if name, ok := keys[i]; ok {
			t.Key = append(t.Key, name)
		}
	}
	if len(t.Key) == 0 {
		for _, c := range t.Columns {
			t.Key = append(t.Key, c.Name)
		}
	}
	t.refers, err = All(ctx, q, Value[string], map[Engine]string{
		SQLite:     `SELECT DISTINCT "table" FROM pragma_foreign_key_list($1)`,
		PostgreSQL: `SELECT DISTINCT c.relname::text FROM pg_constraint f JOIN pg_class c ON c.oid = f.confrelid WHERE f.contype = 'f' AND f.conrelid = $1::text::regclass`,
	}[engine], t.Name)
	return err
}

// inOrder puts each table after those it refers to.
func inOrder(list []Table) (sorted []Table, err error) {
	done := map[string]bool{}
	for len(sorted) < len(list) {
		before := len(sorted)
		for _, t := range list {
			if !done[t.Name] && !slices.ContainsFunc(t.refers, func(other string) bool { return other != t.Name && !done[other] }) {
				sorted, done[t.Name] = append(sorted, t), true
			}
		}
		if len(sorted) == before {
			return nil, errors.New("db: tables refer to each other in a circle")
		}
	}
	return sorted, nil
}

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func (t Table) columns() string {
	var names []string
	for _, c := range t.Columns {
		names = append(names, quote(c.Name))
	}
	return strings.Join(names, ", ")
}

// Copy gives each row of a table as one line of JSON, an array of the columns
// in their order, without the line end; the line is only good until the next.
func (s *Snapshot) Copy(ctx context.Context, t Table, each func(line []byte) error) (Sum, error) {
	var order []string
	for _, k := range t.Key {
		o := quote(k)
		if i := slices.IndexFunc(t.Columns, func(c Column) bool { return c.Name == k }); s.d.Engine == PostgreSQL && t.Columns[i].Kind == "text" {
			o += ` COLLATE "C"`
		}
		order = append(order, o)
	}
	sum := NewSummer()
	err := s.lines(ctx, t, " ORDER BY "+strings.Join(order, ", "), nil, func(line []byte) error {
		sum.Add(line)
		if each == nil {
			return nil
		}
		return each(line)
	})
	if err != nil {
		return Sum{}, err
	}
	return sum.Sum(), nil
}

// Naming gives the rows of a table, as Copy does, in which a column of text is
// one of the values.
func (s *Snapshot) Naming(ctx context.Context, t Table, values []string, each func(line []byte) error) error {
	var alike []string
	var args []any
	for _, c := range t.Columns {
		if c.Kind != "text" {
			continue
		}
		for _, v := range values {
			args = append(args, v)
			alike = append(alike, fmt.Sprintf("%s = $%d", quote(c.Name), len(args)))
		}
	}
	if len(alike) == 0 {
		return nil
	}
	return s.lines(ctx, t, " WHERE "+strings.Join(alike, " OR "), args, each)
}

// lines gives rows of a table as lines of JSON; more is what stands after FROM.
func (s *Snapshot) lines(ctx context.Context, t Table, more string, args []any, each func(line []byte) error) error {
	rows, err := s.tx.QueryContext(ctx, "SELECT "+t.columns()+" FROM "+quote(t.Name)+more, args...) // #nosec G202 -- names of tables and columns come from the schema, quoted
	if err != nil {
		return fmt.Errorf("db: copy %s: %w", t.Name, err)
	}
	defer rows.Close()
	into := make([]any, len(t.Columns))
	cells := make([]any, len(t.Columns))
	for i := range cells {
		into[i] = &cells[i]
	}
	var line bytes.Buffer
	for n := 1; rows.Next(); n++ {
		if err := rows.Scan(into...); err != nil {
			return fmt.Errorf("db: copy %s: %w", t.Name, err)
		}
		line.Reset()
		if err := t.write(&line, cells); err != nil {
			return fmt.Errorf("db: copy %s, row %d: %w", t.Name, n, err)
		}
		if err := each(line.Bytes()); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Summer adds up the rows of a table.
type Summer struct {
	rows int64
	h    hash.Hash
}

// NewSummer begins at nothing.
func NewSummer() *Summer { return &Summer{h: sha256.New()} }

// Add adds a row.
func (s *Summer) Add(line []byte) { s.rows++; s.h.Write(line); s.h.Write([]byte{'\n'}) }

// Sum gives what was added so far.
func (s *Summer) Sum() Sum { return Sum{s.rows, hex.EncodeToString(s.h.Sum(nil))} }

func (t Table) write(b *bytes.Buffer, cells []any) error {
	b.WriteByte('[')
	for i, v := range cells {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := writeCell(b, t.Columns[i].Kind, v); err != nil {
			return fmt.Errorf("column %s: %w", t.Columns[i].Name, err)
		}
	}
	b.WriteByte(']')
	return nil
}

func writeCell(b *bytes.Buffer, kind string, v any) error {
	if raw, ok := v.([]byte); ok && kind == "text" {
		v = string(raw)
	}
	switch x := v.(type) {
	case nil:
	case string:
		if kind != "text" || !utf8.ValidString(x) || strings.ContainsRune(x, 0) {
			return errors.New("holds what is no text: bytes that are not UTF-8, or a NUL")
		}
		e := json.NewEncoder(b)
		e.SetEscapeHTML(false)
		if err := e.Encode(x); err != nil {
			return err
		}
		b.Truncate(b.Len() - 1) // the encoder's line end
		return nil
	case []byte:
		v = base64.StdEncoding.EncodeToString(x)
	case int64:
		if kind == "real" {
			v = float64(x)
		}
	case float64:
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return errors.New("holds a number that is none")
		}
	default:
		return fmt.Errorf("holds a %T", v)
	}
	raw, err := json.Marshal(v)
	b.Write(raw)
	return err
}

// Parse reads a line of Copy into what the engine takes.
func (t Table) parse(line []byte) ([]any, error) {
	var raw []json.RawMessage
	if err := json.Unmarshal(line, &raw); err != nil {
		return nil, err
	}
	if len(raw) != len(t.Columns) {
		return nil, fmt.Errorf("%d columns instead of %d", len(raw), len(t.Columns))
	}
	cells := make([]any, len(raw))
	for i, r := range raw {
		if string(r) == "null" {
			continue
		}
		var err error
		switch t.Columns[i].Kind {
		case "int":
			var n int64
			err = json.Unmarshal(r, &n)
			cells[i] = n
		case "real":
			var f float64
			err = json.Unmarshal(r, &f)
			cells[i] = f
		case "blob":
			var b []byte
			err = json.Unmarshal(r, &b)
			cells[i] = b
		default:
			var s string
			err = json.Unmarshal(r, &s)
			cells[i] = s
		}
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", t.Columns[i].Name, err)
		}
	}
	return cells, nil
}

// Loader puts rows into tables that are empty; see Load.
type Loader struct {
	d      *DB
	tx     *sql.Tx
	tables map[string]Table
	before map[string]bool
	stmt   *sql.Stmt
	of     Table
}

// Load runs fn in one transaction over emptied tables: all of it is kept, or
// nothing. Rows come table by table, those referred to first.
func (d *DB) Load(ctx context.Context, fn func(*Loader) error) error {
	return d.Do(ctx, func(ctx context.Context, tx *Tx) error {
		list, err := tables(ctx, tx, d.Engine)
		if err != nil {
			return err
		}
		l := &Loader{d: d, tx: tx.tx, tables: map[string]Table{}, before: map[string]bool{}}
		tx.wrote = true
		if d.Engine == SQLite {
			if _, err := tx.tx.ExecContext(ctx, "PRAGMA defer_foreign_keys = 1"); err != nil {
				return err
			}
		}
		for _, t := range slices.Backward(list) {
			l.tables[t.Name] = t
			if _, err := tx.tx.ExecContext(ctx, "DELETE FROM "+quote(t.Name)); err != nil { // #nosec G202 -- the name comes from the schema, quoted
				return err
			}
		}
		defer l.close()
		return fn(l)
	})
}

func (l *Loader) close() {
	if l.stmt != nil {
		l.stmt.Close()
	}
}

// Begin says of which table the next rows are. Its columns must be those of
// the table here, and no table comes twice.
func (l *Loader) Begin(ctx context.Context, t Table) error {
	here, ok := l.tables[t.Name]
	if !ok {
		return fmt.Errorf("there is no table %.60q here", t.Name)
	}
	if l.before[t.Name] {
		return fmt.Errorf("table %s comes twice", t.Name)
	}
	if !slices.Equal(here.Columns, t.Columns) {
		return fmt.Errorf("table %s has other columns here", t.Name)
	}
	l.close()
	l.before[t.Name], l.of = true, here
	var marks []string
	for i := range here.Columns {
		marks = append(marks, fmt.Sprintf("$%d", i+1))
	}
	var err error
	l.stmt, err = l.tx.PrepareContext(ctx, "INSERT INTO "+quote(here.Name)+" ("+here.columns()+") VALUES ("+strings.Join(marks, ", ")+")") // #nosec G202 -- names come from the schema, quoted; values are marks
	return err
}

// Put puts in one row.
func (l *Loader) Put(ctx context.Context, line []byte) error {
	if l.stmt == nil {
		return errors.New("a row before any table")
	}
	cells, err := l.of.parse(line)
	if err != nil {
		return fmt.Errorf("table %s: a row cannot be read: %w", l.of.Name, err)
	}
	if _, err := l.stmt.ExecContext(ctx, cells...); err != nil {
		return fmt.Errorf("table %s: %w", l.of.Name, err)
	}
	return nil
}

// Sums gives what each table holds before it is kept.
func (l *Loader) Sums(ctx context.Context) (map[string]Sum, error) {
	return (&Snapshot{l.d, l.tx}).sums(ctx)
}

func (s *Snapshot) sums(ctx context.Context) (map[string]Sum, error) {
	sums := map[string]Sum{}
	list, err := s.Tables(ctx)
	for _, t := range list {
		if err == nil {
			sums[t.Name], err = s.Copy(ctx, t, nil)
		}
	}
	return sums, err
}

// Sums gives what each table holds.
func (d *DB) Sums(ctx context.Context) (sums map[string]Sum, err error) {
	err = d.Snapshot(ctx, func(s *Snapshot) error {
		sums, err = s.sums(ctx)
		return err
	})
	return sums, err
}

// Damage asks SQLite whether its file is whole; "" = it is. PostgreSQL has
// checksums of its own.
func (d *DB) Damage(ctx context.Context) (string, error) {
	if d.Engine != SQLite {
		return "", nil
	}
	said, err := One(ctx, d, Value[string], `PRAGMA quick_check(1)`)
	if said == "ok" {
		said = ""
	}
	return said, err
}
