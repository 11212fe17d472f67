package housetest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"alliance/internal/app"
	"alliance/internal/housetest/postgres"
	"alliance/internal/platform/db"
	"alliance/internal/platform/search"
)

// template is a house that others begin as copies of, since to migrate and to
// fill one takes seconds. It is made at first need and kept while the process lives.
type template struct {
	once  sync.Once
	err   error
	files fstest.MapFS // its folder, and house.db on SQLite; a PostgreSQL server keeps its databases
}

var (
	lite = map[bool]*template{false: {}, true: {}} // with the demonstration, and without

	house         = &postgres.Template{Name: "house", Version: schemaVersion(), Build: migrate}
	filled        template
	demonstration = &postgres.Template{Name: "demonstration", From: house, Build: func(url string) error { return filled.make(url, true) }}
)

// begin gives the address of a new database and the folder of its files.
func begin(tb testing.TB, engine db.Engine, demo bool) (database, folder string) {
	tb.Helper()
	folder = tb.TempDir()
	switch {
	case engine == db.PostgreSQL && demo:
		return demonstration.Copy(tb), copied(tb, &filled, folder)
	case engine == db.PostgreSQL:
		return house.Copy(tb), folder
	}
	t := lite[demo]
	t.once.Do(func() { t.err = t.make("", demo) })
	return "sqlite:" + filepath.Join(folder, "house.db"), copied(tb, t, folder)
}

func copied(tb testing.TB, t *template, folder string) string {
	tb.Helper()
	err := t.err
	if err == nil {
		err = os.CopyFS(folder, t.files)
	}
	if err != nil {
		tb.Fatal(err)
	}
	return folder
}

// make makes the house in a database, or for "" in a SQLite file.
func (t *template) make(database string, demo bool) error {
	dir, err := os.MkdirTemp("", "alliance-template-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if database == "" {
		database = "sqlite:" + filepath.Join(dir, "house.db")
	}
	if demo {
		err = fill(database, dir)
	} else {
		err = migrate(database)
	}
	if err != nil {
		return err
	}
	t.files, err = inMemory(os.DirFS(dir))
	return err
}

func fill(database, folder string) error {
	a, err := app.Open(context.Background(), app.Config{Database: database, Files: folder, Demo: true, Console: io.Discard, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	// What is searched is put in order behind the visitors' backs. Copies begin
	// when that is done: they would all do it again, while tests count what is written.
	for old := true; old && err == nil; time.Sleep(10 * time.Millisecond) {
		old, err = search.Old(context.Background(), a.House.DB)
	}
	return errors.Join(err, a.Close())
}

func migrate(database string) error {
	d, err := db.Open(context.Background(), database)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Migrate(context.Background(), app.Schemas()...)
}

// schemaVersion tells apart the schemas of two programs that share a server.
func schemaVersion() string {
	sum := sha256.New()
	for _, schema := range app.Schemas() {
		_ = fs.WalkDir(schema, ".", func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			b, err := fs.ReadFile(schema, path)
			fmt.Fprintf(sum, "%s %d\n%s", path, len(b), b)
			return err
		})
	}
	return hex.EncodeToString(sum.Sum(nil)[:12])
}

// inMemory reads a folder. A file that goes away meanwhile (SQLite takes its
// journal into the database when the last connection ends) makes it begin again.
func inMemory(dir fs.FS) (fstest.MapFS, error) {
	for again := 0; ; again++ {
		files, err := read(dir)
		if !errors.Is(err, fs.ErrNotExist) || again == 3 {
			return files, err
		}
	}
}

func read(dir fs.FS) (fstest.MapFS, error) {
	files := fstest.MapFS{}
	return files, fs.WalkDir(dir, ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		b, err := fs.ReadFile(dir, path)
		files[path] = &fstest.MapFile{Data: b, Mode: info.Mode()}
		return err
	})
}
