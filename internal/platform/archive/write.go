package archive

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/file"
)

// Source is what an archive is made of.
type Source struct {
	DB        *db.DB
	Files     file.Blobs
	Rules     map[string]Rule // by table
	Schemas   []fs.FS
	Alliance  string
	Version   string // of the program
	Addresses bool   // with e-mail addresses of people
	At        time.Time
	// Readme gives the page that explains the archive, by language.
	Readme map[string]string
}

// Write writes an archive.
func Write(ctx context.Context, w io.Writer, s Source) (Head, error) {
	a := &writer{zip: zip.NewWriter(w), Source: s, kept: map[string]map[string]bool{}}
	a.head = Head{Format: Format, Alliance: s.Alliance, Made: s.At.UTC().Truncate(time.Second), Program: s.Version, Addresses: s.Addresses}
	if err := a.all(ctx); err != nil {
		return a.head, fmt.Errorf("archive: %w", err)
	}
	return a.head, a.zip.Close()
}

type writer struct {
	Source
	zip  *zip.Writer
	head Head
	kept map[string]map[string]bool // ids of rows that went in, of tables others point to
}

func (a *writer) all(ctx context.Context) (err error) {
	for _, lang := range slices.Sorted(maps.Keys(a.Readme)) {
		if err := a.small("README."+lang+".txt", []byte(a.Readme[lang])); err != nil {
			return err
		}
	}
	if a.head.Migrations, err = a.DB.Migrations(ctx); err != nil {
		return err
	}
	type named struct{ hash, name string }
	var files []named
	err = a.DB.Snapshot(ctx, func(snap *db.Snapshot) error {
		tables, err := snap.Tables(ctx)
		if err != nil {
			return err
		}
		told := describe(a.Schemas)
		for _, t := range tables {
			rule, ok := a.Rules[t.Name]
			if !ok {
				return fmt.Errorf("no rule says whether table %s is archived", t.Name)
			}
			if rule.Out != "" {
				a.head.LeftOut = append(a.head.LeftOut, LeftOut{t.Name, rule.Out})
				continue
			}
			schema, err := told.schema(t, rule)
			if err != nil {
				return err
			}
			if err := a.small(schemaDir+t.Name+".json", schema); err != nil {
				return err
			}
			if err := a.table(ctx, snap, t, rule); err != nil {
				return fmt.Errorf("table %s: %w", t.Name, err)
			}
		}
		files, err = db.All(ctx, snap, func(r db.Row) (n named, err error) { return n, r.Scan(&n.hash, &n.name) }, `SELECT hash, min(name) FROM file GROUP BY hash ORDER BY hash`)
		return err
	})
	if err != nil {
		return err
	}
	for _, f := range files {
		if err := a.file(ctx, f.hash, f.name); err != nil {
			return err
		}
	}
	b, err := json.MarshalIndent(a.head, "", " ")
	if err != nil {
		return err
	}
	return a.small(headName, b)
}

// table writes the rows of one table, into one part or one for each value of a column.
func (a *writer) table(ctx context.Context, snap *db.Snapshot, t db.Table, rule Rule) error {
	p, err := rowsOf(t, rule, a.Addresses)
	if err != nil {
		return err
	}
	sum, into := db.NewSummer(), map[string]*os.File{}
	defer func() {
		for _, f := range into {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	ids := map[string]bool{}
	var plain, named bytes.Buffer
	_, err = snap.Copy(ctx, t, func(line []byte) error {
		cells, err := p.read(line)
		if err != nil {
			return err
		}
		if p.over >= 0 && string(cells[p.over]) == "0" || p.of >= 0 && !a.kept[rule.Table][text(cells, p.of)] {
			return nil
		}
		p.hide(cells)
		ids[text(cells, p.id)] = true
		plain.Reset()
		array(&plain, cells)
		sum.Add(plain.Bytes())
		named.Reset()
		p.object(&named, cells)
		named.WriteByte('\n')
		name := rowsDir + t.Name + ".jsonl"
		if p.by >= 0 {
			name = rowsDir + t.Name + "/" + safe(text(cells, p.by)) + ".jsonl"
		}
		f := into[name]
		if f == nil {
			if f, err = os.CreateTemp("", "alliance-archive-*"); err != nil {
				return err
			}
			into[name] = f
		}
		_, err = f.Write(named.Bytes())
		return err
	})
	if err != nil {
		return err
	}
	if a.pointed(t.Name) {
		a.kept[t.Name] = ids
	}
	out := Table{Name: t.Name, Columns: t.Columns, Sum: sum.Sum(), Parts: slices.Sorted(maps.Keys(into))}
	for _, name := range out.Parts {
		if _, err := into[name].Seek(0, io.SeekStart); err != nil {
			return err
		}
		if err := a.copy(name, into[name]); err != nil {
			return err
		}
	}
	a.head.Tables = append(a.head.Tables, out)
	return nil
}

// pointed tells whether a rule keeps rows by what went in of a table.
func (a *writer) pointed(table string) bool {
	for _, r := range a.Rules {
		if r.Table == table {
			return true
		}
	}
	return false
}

func (a *writer) file(ctx context.Context, hash, name string) error {
	content, err := a.Files.Open(ctx, hash)
	if errors.Is(err, fs.ErrNotExist) {
		a.head.Missing = append(a.head.Missing, hash)
		return nil
	}
	if err != nil {
		return err
	}
	defer content.Close()
	if err := ctx.Err(); err != nil {
		return err
	}
	return a.copy(filesDir+hash+ending(name), content)
}

var endings = regexp.MustCompile(`\.[a-z0-9]{1,5}$`)

func ending(name string) string { return endings.FindString(strings.ToLower(name)) }

// safe makes a name of a part out of a value; kinds are plain words already.
func safe(value string) string {
	clean := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '_' || r == '-' {
			return r
		}
		return -1
	}, value)
	if clean == "" {
		return "other"
	}
	return clean
}

// part is a file of the archive being written.
type part struct {
	w io.Writer
	h hash.Hash
	n int64
}

func (p *part) Write(b []byte) (int, error) {
	n, err := p.w.Write(b)
	p.h.Write(b[:n])
	p.n += int64(n)
	return n, err
}

func (a *writer) copy(name string, r io.Reader) error {
	w, err := a.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: a.head.Made})
	if err != nil {
		return err
	}
	p := &part{w: w, h: sha256.New()}
	if _, err := io.Copy(p, r); err != nil {
		return err
	}
	if name != headName {
		a.head.Parts = append(a.head.Parts, Part{name, p.n, hex.EncodeToString(p.h.Sum(nil))})
	}
	return nil
}

func (a *writer) small(name string, b []byte) error { return a.copy(name, bytes.NewReader(b)) }
