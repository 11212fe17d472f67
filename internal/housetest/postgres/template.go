package postgres

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Template is a database that others begin as copies of. It is built at first
// need: once per process or, with a Version, once per server.
type Template struct {
	Name    string
	Version string                 // tells all that is in it, in small letters and digits
	From    *Template              // what it begins as; nil stands for nothing
	Build   func(url string) error // fills it, and closes its connections: only what nobody uses is copied

	once     sync.Once
	database string
}

// Copy gives the address of a fresh copy, dropped when the test ends.
func (t *Template) Copy(tb testing.TB) string {
	tb.Helper()
	t.ready(tb)
	return create(tb, t.database+fastCopy)
}

// fastCopy has files copied as they are, which takes half the time of writing each page to the log first.
const fastCopy = ` STRATEGY FILE_COPY` // PostgreSQL 15

func (t *Template) ready(tb testing.TB) {
	tb.Helper()
	var err error
	t.once.Do(func() {
		from := "template0"
		if t.From != nil {
			t.From.ready(tb)
			from = t.From.database
		}
		sweep(tb)
		t.database = "" // stays so when it fails
		if t.Version == "" {
			t.database, err = t.build(tb, from)
		} else {
			t.database, err = t.shared(tb, from)
		}
	})
	if err != nil || t.database == "" {
		tb.Fatalf("postgres: the template %q could not be built: %v", t.Name, err)
	}
}

func (t *Template) build(tb testing.TB, from string) (string, error) {
	name := fresh("template")
	if err := run(tb, `CREATE DATABASE `+name+` TEMPLATE `+from+fastCopy); err != nil {
		return "", err
	}
	return name, t.Build(address(tb, name))
}

// shared gives the one of this server, which the first process that asks builds while the others wait.
func (t *Template) shared(tb testing.TB, from string) (string, error) {
	name := "alliance_shared_" + t.Name + "_" + t.Version
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	c, err := pgx.Connect(ctx, server(tb))
	if err != nil {
		return "", err
	}
	defer c.Close(ctx) // and with it the lock
	if _, err := c.Exec(ctx, `SELECT pg_advisory_lock(hashtext($1))`, name); err != nil {
		return "", err
	}
	var there bool
	if err := c.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)`, name).Scan(&there); err != nil || there {
		return name, err
	}
	built, err := t.build(tb, from)
	if err != nil {
		return "", err
	}
	return name, retry(func() error { return run(tb, `ALTER DATABASE `+built+` RENAME TO `+name) })
}

// retry tries again while connections that were told to close are still there.
func retry(do func() error) (err error) {
	for range 40 {
		if err = do(); err == nil || !strings.Contains(err.Error(), "being accessed") {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
	return err
}

// sweep drops what processes that ended left on a server that outlives them.
func sweep(tb testing.TB) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c, err := pgx.Connect(ctx, server(tb))
	if err != nil {
		return
	}
	defer c.Close(ctx)
	rows, err := c.Query(ctx, `SELECT datname FROM pg_database WHERE datname ~ '^alliance_(template|test)_[0-9]+_'`)
	if err != nil {
		return
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return
	}
	for _, name := range names {
		pid, err := strconv.Atoi(strings.Split(name, "_")[2])
		if err == nil && errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			_, _ = c.Exec(ctx, `DROP DATABASE IF EXISTS `+name+` WITH (FORCE)`)
		}
	}
}
