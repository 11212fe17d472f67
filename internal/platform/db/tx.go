package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/fnv"
	"strings"
)

// Tx is one transaction that writes.
type Tx struct {
	d      *DB
	tx     *sql.Tx
	now    Instant
	before []func(context.Context, *Tx) error
	saved  map[any][]any
	after  []func()
	wrote  bool
}

// Do runs fn in a transaction: all of it is kept, or nothing. On SQLite
// writers queue; on PostgreSQL fn runs again when the engine asks for it
// (serialisation, deadlock), so it must do nothing but use the Tx.
func (d *DB) Do(ctx context.Context, fn func(context.Context, *Tx) error) error {
	if ctx.Value(inTx{}) != nil {
		return errors.New("db: a transaction inside a transaction; pass the Tx on")
	}
	for try := 0; ; try++ {
		after, err := d.try(ctx, fn)
		if err != nil && try < 4 && mayRepeat(err) {
			continue
		}
		for _, f := range after {
			f()
		}
		return err
	}
}

// try runs fn once and gives what is to be done after it was kept.
func (d *DB) try(ctx context.Context, fn func(context.Context, *Tx) error) (after []func(), err error) {
	if d.turn != nil {
		select {
		case d.turn <- struct{}{}:
			defer func() { <-d.turn }()
		case <-ctx.Done():
			return nil, fmt.Errorf("db: waiting to write: %w", ctx.Err())
		}
	}
	sqlTx, err := d.w.BeginTx(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("db: begin: %w", err)
	}
	tx := &Tx{d: d, tx: sqlTx, now: d.Now()}
	defer sqlTx.Rollback() // does nothing after a commit; on a panic it frees the writer
	inside := context.WithValue(ctx, inTx{}, true)
	if err := fn(inside, tx); err != nil {
		return nil, err
	}
	for i := 0; i < len(tx.before); i++ { // one of them may add another
		if err := tx.before[i](inside, tx); err != nil {
			return nil, err
		}
	}
	if tx.wrote {
		if err := tx.tellOthers(inside); err != nil {
			return nil, err
		}
	}
	if err := sqlTx.Commit(); err != nil {
		return nil, fmt.Errorf("db: commit: %w", err)
	}
	if tx.wrote {
		d.version.Add(1)
	}
	return tx.after, nil
}

// Now is the instant of the transaction: everything in it happened then.
func (tx *Tx) Now() Instant { return tx.now }

// Before adds work at the end of the transaction, inside it.
func (tx *Tx) Before(f func(context.Context, *Tx) error) { tx.before = append(tx.before, f) }

// Save keeps a thing until the end of the transaction, where write is given all
// that were saved under the same key, in order: what is written for many things
// at once holds its locks shorter than one after the other.
func (tx *Tx) Save(key, thing any, write func(context.Context, *Tx, []any) error) {
	if tx.saved == nil {
		tx.saved = map[any][]any{}
	}
	if len(tx.saved[key]) == 0 {
		tx.Before(func(ctx context.Context, tx *Tx) error {
			things := tx.saved[key]
			delete(tx.saved, key)
			return write(ctx, tx, things)
		})
	}
	tx.saved[key] = append(tx.saved[key], thing)
}

// After adds work once the transaction is kept: waking a worker, never a write.
func (tx *Tx) After(f func()) { tx.after = append(tx.after, f) }

func (tx *Tx) query(ctx context.Context, text string, args []any) (*sql.Rows, error) {
	asked(ctx)
	tx.wrote = tx.wrote || seen(text)
	if tx.d.Engine == PostgreSQL {
		return tx.tx.QueryContext(ctx, text, plain(args)...)
	}
	stmt, err := tx.stmt(ctx, text)
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(ctx, plain(args)...)
}

// Exec runs a statement and gives the number of rows it changed.
func (tx *Tx) Exec(ctx context.Context, text string, args ...any) (int64, error) {
	asked(ctx)
	tx.wrote = tx.wrote || seen(text)
	var res sql.Result
	var err error
	if tx.d.Engine == PostgreSQL {
		res, err = tx.tx.ExecContext(ctx, text, plain(args)...)
	} else {
		stmt, prepErr := tx.stmt(ctx, text)
		if prepErr != nil {
			return 0, prepErr
		}
		res, err = stmt.ExecContext(ctx, plain(args)...)
	}
	if err != nil {
		return 0, fmt.Errorf("db: %s: %w", firstWords(text), err)
	}
	return res.RowsAffected()
}

// stmt prepares on the writer inside the transaction: its one connection is
// taken by this transaction, so preparing on the pool would wait for ever.
func (tx *Tx) stmt(ctx context.Context, text string) (*sql.Stmt, error) {
	stmt, ok := tx.d.writing.look(text)
	if ok {
		return tx.tx.StmtContext(ctx, stmt), nil
	}
	stmt, err := tx.tx.PrepareContext(ctx, text)
	if err != nil {
		return nil, fmt.Errorf("db: prepare %q: %w", text, err)
	}
	tx.After(func() { // the connection is free again: keep it prepared for the next one
		tx.d.writing.get(context.Background(), tx.d.w, text)
	})
	return stmt, nil
}

// Lock makes transactions that lock the same name wait for each other.
// SQLite has one writer, so there it is free.
func (tx *Tx) Lock(ctx context.Context, name string) error {
	return tx.advise(ctx, "SELECT pg_advisory_xact_lock($1)", name)
}

// Share waits for a transaction that locked the name, and makes one that wants
// to lock it wait; those that share it go on side by side.
func (tx *Tx) Share(ctx context.Context, name string) error {
	return tx.advise(ctx, "SELECT pg_advisory_xact_lock_shared($1)", name)
}

func (tx *Tx) advise(ctx context.Context, text, name string) error {
	if tx.d.Engine == SQLite {
		return nil
	}
	h := fnv.New64a()
	h.Write([]byte(name))
	_, err := tx.tx.ExecContext(ctx, text, int64(h.Sum64()))
	return err
}

// IsDuplicate tells that a unique key refused a row.
func IsDuplicate(err error) bool {
	if err == nil {
		return false
	}
	s := err.Error()
	return strings.Contains(s, "UNIQUE constraint failed") || strings.Contains(s, "SQLSTATE 23505")
}

func mayRepeat(err error) bool {
	s := err.Error()
	return strings.Contains(s, "SQLSTATE 40001") || strings.Contains(s, "SQLSTATE 40P01")
}

func firstWords(text string) string {
	words := strings.Fields(text)
	return strings.Join(words[:min(len(words), 4)], " ")
}
