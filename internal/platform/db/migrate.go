package db

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"path"
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
	files, err := d.expand(schemas)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return nil
	}
	dialect := goose.DialectSQLite3
	if d.Engine == PostgreSQL {
		dialect = goose.DialectPostgres
	}
	provider, err := goose.NewProvider(dialect, d.w, files, goose.WithVerbose(false))
	if err != nil {
		return fmt.Errorf("db: migrations: %w", err)
	}
	current, target, err := provider.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("db: migrations: %w", err)
	}
	if current > target {
		return fmt.Errorf("db: this database (%d) is newer than this program (%d): start the newer program", current, target)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("db: migrations: %w", err)
	}
	d.version.Add(1)
	return nil
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
