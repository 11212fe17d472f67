package db

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing/fstest"
	"text/template"

	"github.com/pressly/goose/v3"
)

// Migrate brings the schema up to date from the schema files of the house
// (`schema/202611220101_people.sql` …; the number orders them, platform first).
// Each file is one text for both engines, with these words for what differs:
//
//	{{id}}   identifier or code, compared byte by byte
//	{{key}}  folded sort key, compared byte by byte
//	{{text}} {{int}} {{real}} {{blob}}
//	{{strict}} ends a CREATE TABLE
//	{{if sqlite}} … {{else}} … {{end}} for search only
func (d *DB) Migrate(ctx context.Context, schemas ...fs.FS) error {
	return d.MigrateAfter(ctx, nil, schemas...)
}

// ErrNewer says that the database was made by a newer program.
var ErrNewer = errors.New("this database was written by a newer version of the program")

// MigrateAfter is Migrate, but runs before() first where a schema is there
// already and will change: the moment for a backup. An error of before stops it.
// Nodes that start at once wait for each other.
func (d *DB) MigrateAfter(ctx context.Context, before func(ctx context.Context, pending int) error, schemas ...fs.FS) error {
	return d.migrate(ctx, nil, before, schemas)
}

// MigrateTo applies only the named migrations: the schema as it was when a
// backup was made. ErrNewer: this program does not know one of them.
func (d *DB) MigrateTo(ctx context.Context, versions []int64, schemas ...fs.FS) error {
	if len(versions) == 0 {
		return errors.New("db: no migrations are named")
	}
	return d.migrate(ctx, versions, nil, schemas)
}

func (d *DB) migrate(ctx context.Context, only []int64, before func(context.Context, int) error, schemas []fs.FS) error {
	files, err := d.expand(schemas)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return nil
	}
	known := map[int64]string{}
	for name := range files {
		n, err := goose.NumericComponent(name)
		if err != nil {
			return fmt.Errorf("db: %s: %w", name, err)
		}
		known[n] = name
	}
	if only != nil {
		for _, v := range only {
			if known[v] == "" {
				return fmt.Errorf("db: %w (migration %d)", ErrNewer, v)
			}
		}
		for v, name := range known {
			if !slices.Contains(only, v) {
				delete(files, name)
			}
		}
	}
	free, err := d.alone(ctx)
	if err != nil {
		return err
	}
	defer free()
	applied, err := d.Migrations(ctx)
	if err != nil {
		return err
	}
	for _, v := range applied {
		if known[v] == "" {
			return fmt.Errorf("db: %w (migration %d): start the newer program", ErrNewer, v)
		}
	}
	if len(applied) > 0 && len(applied) < len(files) && before != nil {
		if err := before(ctx, len(files)-len(applied)); err != nil {
			return err
		}
	}
	dialect := goose.DialectSQLite3
	if d.Engine == PostgreSQL {
		dialect = goose.DialectPostgres
	}
	// Features number their files on their own, so an update may bring one with
	// a number below the last: it is applied all the same.
	provider, err := goose.NewProvider(dialect, d.w, files, goose.WithVerbose(false), goose.WithAllowOutofOrder(true))
	if err != nil {
		return fmt.Errorf("db: migrations: %w", err)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("db: migrations: %w", err)
	}
	d.version.Add(1)
	return nil
}

// Migrations lists those that were applied; none in an empty database.
func (d *DB) Migrations(ctx context.Context) ([]int64, error) {
	there, err := One(ctx, d, Value[int64], map[Engine]string{
		SQLite:     `SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'goose_db_version'`,
		PostgreSQL: `SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = 'goose_db_version'`,
	}[d.Engine])
	if err != nil || there == 0 {
		return nil, err
	}
	return All(ctx, d, Value[int64], `SELECT version_id FROM goose_db_version WHERE version_id > 0 ORDER BY version_id`)
}

// alone makes nodes that migrate wait for each other.
func (d *DB) alone(ctx context.Context) (free func(), err error) {
	if d.Engine == SQLite {
		return func() {}, nil
	}
	conn, err := d.w.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("db: migrations: %w", err)
	}
	const migrating = 7236_1904_5521 // any number, the same on all nodes
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", int64(migrating)); err != nil {
		conn.Close()
		return nil, fmt.Errorf("db: migrations: %w", err)
	}
	return func() {
		conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", int64(migrating))
		conn.Close()
	}, nil
}

// Keep writes the SQLite database as it is into a new file.
func (d *DB) Keep(ctx context.Context, path string) error {
	if d.Engine != SQLite {
		return errors.New("db: only SQLite can be kept as a file")
	}
	_, err := d.w.ExecContext(ctx, "VACUUM INTO $1", path)
	return err
}

func (d *DB) expand(schemas []fs.FS) (fstest.MapFS, error) {
	lite := d.Engine == SQLite
	word := func(sqlite, postgres string) func() string {
		return func() string {
			if lite {
				return sqlite
			}
			return postgres
		}
	}
	words := template.FuncMap{
		"id": word("TEXT", `TEXT COLLATE "C"`), "key": word("TEXT", `TEXT COLLATE "C"`),
		"text": word("TEXT", "TEXT"), "int": word("INTEGER", "BIGINT"),
		"real": word("REAL", "DOUBLE PRECISION"), "blob": word("BLOB", "BYTEA"),
		"strict": word("STRICT", ""), "sqlite": func() bool { return lite },
	}
	out := fstest.MapFS{}
	for _, schema := range schemas {
		names, err := fs.Glob(schema, "schema/*.sql")
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			raw, err := fs.ReadFile(schema, name)
			if err != nil {
				return nil, err
			}
			t, err := template.New(name).Funcs(words).Parse(string(raw))
			if err != nil {
				return nil, fmt.Errorf("db: %s: %w", name, err)
			}
			var b bytes.Buffer
			if err := t.Execute(&b, nil); err != nil {
				return nil, fmt.Errorf("db: %s: %w", name, err)
			}
			base := path.Base(name)
			if _, twice := out[base]; twice {
				return nil, fmt.Errorf("db: two schema files are called %s", base)
			}
			text := b.String()
			if !strings.Contains(text, "-- +goose Up") {
				text = "-- +goose Up\n" + text // forward only: there is never a Down
			}
			out[base] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	return out, nil
}
