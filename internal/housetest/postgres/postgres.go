// Package postgres hands each test a fresh, empty PostgreSQL database.
//
// The one idea: a server is expensive, a database is not. There is one server
// per test run, named by ALLIANCE_TEST_POSTGRES (the command in cmd starts one
// for a whole `go test ./...`), and where nobody has started one the first test
// of a package does and its last one stops it. A database is a copy of a
// template, so migrations run once per process and not once per test.
//
// A missing PostgreSQL fails the test; it is never skipped.
package postgres

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Env names the variable that holds the URL of a server on which the tests may
// create databases, such as postgres://postgres@127.0.0.1:5432/postgres.
const Env = "ALLIANCE_TEST_POSTGRES"

// URL gives the address of a fresh, empty database that is dropped when the
// test ends. The test must have closed its connections by then, or they are cut.
func URL(tb testing.TB) string {
	tb.Helper()
	return create(tb, "template0")
}

// Template gives the address of a fresh database that is a copy of one that
// build has filled. build runs once per process and name, and must close its
// connections before it returns: PostgreSQL copies only a database nobody uses.
func Template(tb testing.TB, name string, build func(url string) error) string {
	tb.Helper()
	templates.Lock()
	t := templates.made[name]
	if t == nil {
		t = &template{}
		templates.made[name] = t
	}
	templates.Unlock()
	t.once.Do(func() {
		sweep(tb)
		t.name = fresh("template")
		if t.err = run(tb, `CREATE DATABASE `+t.name+` TEMPLATE template0 ENCODING 'UTF8'`); t.err == nil {
			t.err = build(address(tb, t.name))
		}
	})
	if t.err != nil {
		tb.Fatalf("postgres: the template %q could not be built: %v", name, t.err)
	}
	return create(tb, t.name)
}

type template struct {
	once sync.Once
	name string
	err  error
}

var templates = struct {
	sync.Mutex
	made map[string]*template
}{made: map[string]*template{}}

func create(tb testing.TB, from string) string {
	tb.Helper()
	name := fresh("test")
	text := `CREATE DATABASE ` + name + ` TEMPLATE ` + from
	var err error
	for try := 0; try < 40; try++ { // connections to the template close a moment after they were told to
		if err = run(tb, text); err == nil || !strings.Contains(err.Error(), "being accessed") {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if err != nil {
		tb.Fatalf("postgres: %s: %v", text, err)
	}
	tb.Cleanup(func() {
		if err := run(tb, `DROP DATABASE IF EXISTS `+name+` WITH (FORCE)`); err != nil {
			tb.Errorf("postgres: drop %s: %v", name, err)
		}
	})
	return address(tb, name)
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

func fresh(kind string) string {
	var b [6]byte
	_, _ = rand.Read(b[:])
	return fmt.Sprintf("alliance_%s_%d_%s", kind, os.Getpid(), hex.EncodeToString(b[:]))
}

func run(tb testing.TB, text string) error {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c, err := pgx.Connect(ctx, server(tb))
	if err != nil {
		return err
	}
	defer c.Close(ctx)
	_, err = c.Exec(ctx, text)
	return err
}

func address(tb testing.TB, database string) string {
	tb.Helper()
	u, err := url.Parse(server(tb))
	if err != nil {
		tb.Fatalf("postgres: %s is not a URL: %v", Env, err)
	}
	u.Path = "/" + database
	return u.String()
}

var shared struct {
	once    sync.Once
	url     string
	err     error
	cluster *Cluster // kept: collected as garbage, its pipe would close and the server stop in mid-run
}

// server is the URL of the server of this run, started here when no one has.
func server(tb testing.TB) string {
	tb.Helper()
	shared.once.Do(func() {
		if shared.url = os.Getenv(Env); shared.url != "" {
			return
		}
		var c *Cluster
		if c, shared.err = Start(); shared.err == nil {
			shared.url = c.URL
			c.stopWithProcess()
			shared.cluster = c
		}
	})
	if shared.err != nil {
		tb.Fatalf("postgres: %v", shared.err)
	}
	return shared.url
}
