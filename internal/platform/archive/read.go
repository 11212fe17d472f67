package archive

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"

	"alliance/internal/platform/backup"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
)

// Is tells whether a file looks like an archive (a ZIP), not like a backup.
func Is(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	first := make([]byte, 4)
	_, err = io.ReadFull(f, first)
	return err == nil && string(first) == "PK\x03\x04"
}

// Read brings an archive into an empty house. All of it is looked through before
// anything is written; then the database takes all of it or nothing.
func Read(ctx context.Context, path string, to backup.Target) (Head, error) {
	a, err := open(path)
	if err != nil {
		return Head{}, err
	}
	defer a.zip.Close()
	if err := a.check(ctx); err != nil {
		return a.head, err
	}
	if err := backup.Empty(ctx, to.DB); err != nil {
		return a.head, err
	}
	if err := to.DB.MigrateTo(ctx, a.head.Migrations, to.Schemas...); err != nil {
		return a.head, err
	}
	err = to.DB.Load(ctx, func(l *db.Loader) error {
		want := map[string]db.Sum{}
		for _, t := range a.head.Tables {
			if err := a.table(ctx, l, t); err != nil {
				return err
			}
			want[t.Name] = t.Sum
		}
		here, err := l.Sums(ctx)
		if err != nil {
			return err
		}
		if err := backup.Compare(want, here); err != nil {
			return err
		}
		return a.files(ctx, to)
	})
	if err != nil {
		return a.head, err
	}
	// An archive of an older program: only now forward.
	if err := to.DB.Migrate(ctx, to.Schemas...); err != nil {
		return a.head, err
	}
	return a.head, entry.Index(ctx, to.DB)
}

type reader struct {
	zip   *zip.ReadCloser
	parts map[string]*zip.File
	head  Head
}

var partName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$`)

// open looks at the list of parts: names, sizes, and the head that tells what
// should be there. No name of a part ever becomes a path on this machine.
func open(path string) (*reader, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("archive: %w", err)
	}
	z, err := zip.OpenReader(path)
	if errors.Is(err, zip.ErrInsecurePath) {
		z.Close()
		return nil, fmt.Errorf("%w: a name in it leads out of it", ErrHostile)
	}
	if err != nil {
		return nil, damaged("%v", err)
	}
	a := &reader{zip: z, parts: map[string]*zip.File{}}
	if err := a.look(info.Size()); err != nil {
		z.Close()
		return nil, err
	}
	return a, nil
}

func (a *reader) look(size int64) error {
	if len(a.zip.File) > mostInside {
		return fmt.Errorf("%w: %d parts", ErrHostile, len(a.zip.File))
	}
	left := uint64(mostFree) + mostRatio*uint64(size)
	for _, f := range a.zip.File {
		if !partName.MatchString(f.Name) || strings.Contains(f.Name, "..") || !f.Mode().IsRegular() || a.parts[f.Name] != nil {
			return fmt.Errorf("%w: it holds %.60q", ErrHostile, f.Name)
		}
		if f.UncompressedSize64 > left || f.UncompressedSize64 > mostFile {
			return fmt.Errorf("%w: it unpacks to more than it can hold", ErrHostile)
		}
		left -= f.UncompressedSize64
		a.parts[f.Name] = f
	}
	head := a.parts[headName]
	if head == nil {
		return fmt.Errorf("%w: there is no %s in it", ErrHostile, headName)
	}
	if head.UncompressedSize64 > mostHead {
		return fmt.Errorf("%w: %s is too large", ErrHostile, headName)
	}
	b, err := whole(head)
	if err != nil {
		return err
	}
	var form struct {
		Format int `json:"format"`
	}
	if err := json.Unmarshal(b, &form); err != nil || form.Format < 1 {
		return fmt.Errorf("%w: %s cannot be read", ErrHostile, headName)
	}
	if form.Format > Format {
		return ErrNewer
	}
	if err := json.Unmarshal(b, &a.head); err != nil {
		return fmt.Errorf("%w: %s cannot be read", ErrHostile, headName)
	}
	return a.complete()
}

// complete compares what is there with what the head lists.
func (a *reader) complete() error {
	listed := map[string]bool{headName: true}
	for _, p := range a.head.Parts {
		f := a.parts[p.Name]
		if f == nil {
			return damaged("%.80q is missing", p.Name)
		}
		if listed[p.Name] || f.UncompressedSize64 != uint64(p.Size) {
			return damaged("%.80q is not what it was", p.Name)
		}
		listed[p.Name] = true
	}
	for name := range a.parts {
		if !listed[name] {
			return fmt.Errorf("%w: it holds %.60q", ErrHostile, name)
		}
	}
	for _, t := range a.head.Tables {
		for _, name := range t.Parts {
			if !listed[name] || !strings.HasPrefix(name, rowsDir) {
				return damaged("%.80q is missing", name)
			}
		}
	}
	return nil
}

// whole reads a small part.
func whole(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, damaged("%.80q: %v", f.Name, err)
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, int64(f.UncompressedSize64)+1))
	if err != nil || uint64(len(b)) != f.UncompressedSize64 {
		return nil, damaged("%.80q cannot be read", f.Name)
	}
	return b, nil
}

// check reads all parts once and compares their hashes.
func (a *reader) check(ctx context.Context) error {
	for _, p := range a.head.Parts {
		if err := ctx.Err(); err != nil {
			return err
		}
		r, err := a.parts[p.Name].Open()
		if err != nil {
			return damaged("%.80q: %v", p.Name, err)
		}
		h := sha256.New()
		n, err := io.Copy(h, io.LimitReader(r, p.Size+1))
		r.Close()
		sum := hex.EncodeToString(h.Sum(nil))
		if err != nil || n != p.Size || sum != p.SHA256 {
			return damaged("%.80q is not what it was", p.Name)
		}
		if isFile(p.Name) && hashOf(p.Name) != sum {
			return damaged("%.80q has another hash than its name", p.Name)
		}
	}
	return nil
}

func isFile(name string) bool { return strings.HasPrefix(name, filesDir) }

func hashOf(name string) string {
	hash, _, _ := strings.Cut(strings.TrimPrefix(name, filesDir), ".")
	return hash
}

// table brings in the rows of one table.
func (a *reader) table(ctx context.Context, l *db.Loader, t Table) error {
	p := &rows{table: db.Table{Name: t.Name, Columns: t.Columns}}
	if err := l.Begin(ctx, p.table); err != nil {
		return fmt.Errorf("%w: %v", ErrHostile, err)
	}
	var plain bytes.Buffer
	for _, name := range t.Parts {
		r, err := a.parts[name].Open()
		if err != nil {
			return damaged("%.80q: %v", name, err)
		}
		lines := bufio.NewScanner(r)
		lines.Buffer(make([]byte, 1<<16), mostLine)
		for lines.Scan() && err == nil {
			plain.Reset()
			if err = p.back(&plain, lines.Bytes()); err != nil {
				err = damaged("%.80q: a line cannot be read: %v", name, err)
			} else {
				err = l.Put(ctx, plain.Bytes())
			}
		}
		r.Close()
		if err := errors.Join(err, lines.Err(), ctx.Err()); err != nil {
			return err
		}
	}
	return nil
}

// files puts the files people sent where they belong. If the database then
// takes nothing, no row names them and they are swept.
func (a *reader) files(ctx context.Context, to backup.Target) error {
	for _, p := range a.head.Parts {
		if !isFile(p.Name) {
			continue
		}
		r, err := a.parts[p.Name].Open()
		if err != nil {
			return damaged("%.80q: %v", p.Name, err)
		}
		err = to.Files.Put(ctx, hashOf(p.Name), r, p.Size)
		r.Close()
		if err != nil {
			return err
		}
	}
	return nil
}
