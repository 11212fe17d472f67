package db

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"sync/atomic"
)

// statements keeps what SQLite prepared, by text. Filters make many texts, and
// readers choose the filters: beyond the most, a text is prepared each time.
type statements struct {
	kept  sync.Map // text → *sql.Stmt
	count atomic.Int64
}

const mostStatements = 1000

func (s *statements) look(text string) (*sql.Stmt, bool) {
	if kept, ok := s.kept.Load(text); ok {
		return kept.(*sql.Stmt), true
	}
	return nil, false
}

// get gives the statement of a text, prepared on the pool now or before; nil
// when there are enough of them.
func (s *statements) get(ctx context.Context, pool *sql.DB, text string) (*sql.Stmt, error) {
	if stmt, ok := s.look(text); ok {
		return stmt, nil
	}
	if s.count.Load() >= mostStatements {
		return nil, nil
	}
	// Not the request's context: a statement outlives the request that met it first.
	stmt, err := pool.PrepareContext(context.WithoutCancel(ctx), text)
	if err != nil {
		return nil, fmt.Errorf("db: prepare %q: %w", text, err)
	}
	if was, loaded := s.kept.LoadOrStore(text, stmt); loaded {
		stmt.Close()
		return was.(*sql.Stmt), nil
	}
	s.count.Add(1)
	return stmt, nil
}

// Asked counts what was asked of the database under one context.
type Asked struct{ n atomic.Int64 }

// Queries is how many statements were sent so far.
func (a *Asked) Queries() int { return int(a.n.Load()) }

type asking struct{}

// Counting gives a context under which statements are counted: for tests that
// hold a page to a number of queries, and for measuring.
func Counting(ctx context.Context) (context.Context, *Asked) {
	a := &Asked{}
	return context.WithValue(ctx, asking{}, a), a
}

func asked(ctx context.Context) {
	if a, ok := ctx.Value(asking{}).(*Asked); ok {
		a.n.Add(1)
	}
}
