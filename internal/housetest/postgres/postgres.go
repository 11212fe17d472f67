// Package postgres hands each test a fresh, empty PostgreSQL database.
//
// The one idea: a server is expensive, a database is not. There is one server
// per test run, named by ALLIANCE_TEST_POSTGRES (the command in cmd starts one
// for a whole `go test ./...`), and where nobody has started one the first test
// of a package does and its last one stops it. A database may be a copy of a
// Template, so migrations run once per run and not once per test.
//
// A missing PostgreSQL fails the test; it is never skipped.
package postgres

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/url"
	"os"
	"sync"
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

func create(tb testing.TB, from string) string {
	tb.Helper()
	name := fresh("test")
	text := `CREATE DATABASE ` + name + ` TEMPLATE ` + from
	err := retry(func() error { return run(tb, text) })
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
