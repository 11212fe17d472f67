package backup

import (
	"archive/tar"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"filippo.io/age"
	"github.com/klauspost/compress/gzip"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/file"
	"alliance/internal/platform/seal"
)

// Target is where a backup is restored: an empty database and folder.
type Target struct {
	DB      *db.DB
	Files   file.Blobs
	Folder  string // for files on their way, and the key of the house
	Schemas []fs.FS
	Room    string // folder the database lies in, to look beforehand whether it has room; "" = nobody looks
}

// Errors an operator can act on; each is one sentence.
var (
	ErrNotEmpty = errors.New("there is data already: restore and move only into an empty database")
	ErrCut      = errors.New("the backup is not whole: it was cut off, or the copying of it was")
	ErrHostile  = errors.New("this is no backup made by this program, or it was changed")
	ErrKey      = errors.New("the backup is encrypted to another key: give the file with the secret key (AGE-SECRET-KEY-…)")
	ErrDiffers  = errors.New("what came back is not what was backed up")
	ErrRoom     = errors.New("there is not enough room on the disk")
)

// limits of a member: what the program writes is far below.
const (
	mostHead  = 4 << 20
	mostChunk = 64 << 20
	mostFile  = 2 << 30
	// mostRatio stops bombs: rows pack to a tenth or twentieth.
	mostRatio = 400
	mostFree  = 256 << 20 // not counted against the ratio
)

// Read restores a backup. The database takes all of it or nothing; the hashes
// of all tables are compared before it does.
func Read(ctx context.Context, r io.Reader, keys []age.Identity, t Target) (Report, error) {
	if err := Empty(ctx, t.DB); err != nil {
		return Report{}, err
	}
	a, err := open(r, keys)
	if err != nil {
		return Report{}, err
	}
	h, err := a.head()
	if err != nil {
		return Report{}, err
	}
	if t.Room != "" {
		if err := enough(t.Room, h.Database); err != nil {
			return Report{}, err
		}
	}
	if err := t.DB.MigrateTo(ctx, h.Migrations, t.Schemas...); err != nil {
		return Report{}, err
	}
	var end Report
	err = t.DB.Load(ctx, func(l *db.Loader) error {
		end, err = a.load(ctx, l, h, t)
		if err != nil {
			return err
		}
		here, err := l.Sums(ctx)
		if err != nil {
			return err
		}
		return Compare(end.Tables, here)
	})
	if err != nil {
		return end, err
	}
	// A backup of an older program: only now forward.
	if err := t.DB.Migrate(ctx, t.Schemas...); err != nil {
		return end, err
	}
	return end, entry.Index(ctx, t.DB)
}

// enough looks whether a database of so many octets can be restored into a folder:
// it is written twice, first beside itself, and searched by an index.
func enough(folder string, octets int64) error {
	free, known := file.Free(folder)
	if need := octets/1_000_000*3 + 50; known && free/1_000_000 < need {
		return fmt.Errorf("%w: %d MB are needed in %s, %d are free", ErrRoom, need, folder, free/1_000_000)
	}
	return nil
}

// Empty tells with ErrNotEmpty that a database holds anything but what its
// migrations put there.
func Empty(ctx context.Context, d *db.DB) error {
	sums, err := d.Sums(ctx)
	if err != nil {
		return err
	}
	for _, t := range slices.Sorted(maps.Keys(sums)) {
		if sums[t].Rows > 0 && t != "journal_head" && t != "job_every" {
			return fmt.Errorf("%w (table %s has %d rows)", ErrNotEmpty, t, sums[t].Rows)
		}
	}
	return nil
}

// Compare tells with ErrDiffers where what came back is not what it was: each table
// with the hash it had, and no rows beside.
func Compare(want, have map[string]db.Sum) error {
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if have[name] != want[name] {
			return fmt.Errorf("%w: table %s had %d rows, now %d, and other content", ErrDiffers, name, want[name].Rows, have[name].Rows)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(have)) {
		if _, known := want[name]; !known && have[name].Rows > 0 {
			return fmt.Errorf("%w: table %s was not in it", ErrDiffers, name)
		}
	}
	return nil
}

type reader struct {
	tar    *tar.Reader
	packed *counter        // what was read of the file
	open   *counter        // what came out of it
	seen   map[string]bool // files
}

type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// bounded stops what unpacks to far more than rows and files do.
type bounded struct{ *reader }

func (b bounded) Read(p []byte) (int, error) {
	n, err := b.open.Read(p)
	if b.open.n > mostFree+mostRatio*b.packed.n {
		return n, fmt.Errorf("%w: it unpacks to more than it can hold", ErrHostile)
	}
	return n, err
}

func open(r io.Reader, keys []age.Identity) (*reader, error) {
	a := &reader{packed: &counter{r: r}, seen: map[string]bool{}}
	start := bufio.NewReader(a.packed)
	first, err := start.Peek(len(encrypted))
	if err != nil && len(first) < 2 {
		return nil, ErrCut
	}
	var clear io.Reader = start
	if string(first) == encrypted {
		if len(keys) == 0 {
			return nil, ErrKey
		}
		if clear, err = age.Decrypt(start, keys...); err != nil {
			var none *age.NoIdentityMatchError
			if errors.As(err, &none) {
				return nil, ErrKey
			}
			return nil, fmt.Errorf("%w (%v)", ErrCut, err)
		}
	} else if !packed(first) {
		return nil, ErrHostile
	}
	unpacked, err := gzip.NewReader(clear)
	if err != nil {
		return nil, told(err)
	}
	a.open = &counter{r: unpacked}
	a.tar = tar.NewReader(bounded{a})
	return a, nil
}

// told turns what decoders say of a damaged file into one of our errors.
func told(err error) error {
	switch {
	case err == nil, errors.Is(err, ErrHostile), errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return ErrCut
	}
	return fmt.Errorf("%w (%v)", ErrCut, err)
}

// next gives the next member; only plain files of names we write are let in,
// so no path of the archive ever becomes a path here.
func (a *reader) next() (*tar.Header, error) {
	h, err := a.tar.Next()
	if err != nil {
		return nil, told(err)
	}
	if h.Typeflag != tar.TypeReg || h.Name == "" || strings.Contains(h.Name, "..") || strings.ContainsAny(h.Name, "\\\x00") || strings.HasPrefix(h.Name, "/") {
		return nil, fmt.Errorf("%w: it holds %.60q", ErrHostile, h.Name)
	}
	return h, nil
}

func (a *reader) small(h *tar.Header, most int64) ([]byte, error) {
	if h.Size > most {
		return nil, fmt.Errorf("%w: %.60q is too large", ErrHostile, h.Name)
	}
	b, err := io.ReadAll(a.tar)
	return b, told(err)
}

func (a *reader) head() (h head, err error) {
	m, err := a.next()
	if err != nil {
		return h, err
	}
	if m.Name != headName {
		return h, ErrHostile
	}
	b, err := a.small(m, mostHead)
	if err != nil {
		return h, err
	}
	if err := json.Unmarshal(b, &h); err != nil || h.Format < 1 {
		return h, ErrHostile
	}
	if h.Format > format {
		return h, db.ErrNewer
	}
	return h, nil
}

// load reads the members after the head, up to the end and what comes after.
func (a *reader) load(ctx context.Context, l *db.Loader, h head, t Target) (end Report, err error) {
	known := map[string]db.Table{}
	for _, one := range h.Tables {
		known[one.Name] = one
	}
	began := ""
	for {
		if err := ctx.Err(); err != nil {
			return end, err
		}
		m, err := a.next()
		if err != nil {
			return end, err
		}
		switch {
		case m.Name == endName:
			b, err := a.small(m, mostHead)
			if err != nil {
				return end, err
			}
			if err := json.Unmarshal(b, &end); err != nil {
				return end, ErrHostile
			}
			end.Proof = proofOf(b)
			if end.Files != len(a.seen) {
				return end, fmt.Errorf("%w: %d files instead of %d", ErrCut, len(a.seen), end.Files)
			}
			// To the last octet: only then age has checked all of it.
			if _, err := a.tar.Next(); !errors.Is(err, io.EOF) {
				return end, told(err)
			}
			_, err = io.Copy(io.Discard, bounded{a})
			return end, told(err)
		case m.Name == keyName:
			b, err := a.small(m, 1000)
			if err == nil && t.Folder != "" {
				err = seal.Put(string(b), t.Folder)
			}
			if err != nil {
				return end, err
			}
		case strings.HasPrefix(m.Name, rowsDir):
			name, _, _ := strings.Cut(strings.TrimPrefix(m.Name, rowsDir), "/")
			table, ok := known[name]
			if !ok {
				return end, fmt.Errorf("%w: it holds %.60q", ErrHostile, m.Name)
			}
			if name != began {
				if err := l.Begin(ctx, table); err != nil {
					return end, fmt.Errorf("%w: %v", ErrHostile, err)
				}
				began = name
			}
			b, err := a.small(m, mostChunk)
			if err != nil {
				return end, err
			}
			for line := range bytes.Lines(b) {
				if err := l.Put(ctx, bytes.TrimSuffix(line, []byte("\n"))); err != nil {
					return end, err
				}
			}
		case strings.HasPrefix(m.Name, filesDir):
			if err := a.file(ctx, m, t); err != nil {
				return end, err
			}
		default:
			return end, fmt.Errorf("%w: it holds %.60q", ErrHostile, m.Name)
		}
	}
}

// file takes one file in. Its name is its hash, so a changed one is found.
func (a *reader) file(ctx context.Context, m *tar.Header, t Target) error {
	hash := strings.TrimPrefix(m.Name, filesDir)
	if b, err := hex.DecodeString(hash); err != nil || len(b) != 32 || m.Size > mostFile {
		return fmt.Errorf("%w: it holds %.60q", ErrHostile, m.Name)
	}
	a.seen[hash] = true
	if t.Files == nil { // a rehearsal: it is whole, and that is all one wants to know
		h := sha256.New()
		if _, err := io.Copy(h, a.tar); err != nil {
			return told(err)
		}
		return same(hash, h.Sum(nil))
	}
	spool, err := os.CreateTemp(t.Folder, "restoring-*")
	if err != nil {
		return err
	}
	defer os.Remove(spool.Name())
	defer spool.Close()
	h := sha256.New()
	if _, err := io.Copy(io.MultiWriter(spool, h), a.tar); err != nil {
		return told(err)
	}
	if err := same(hash, h.Sum(nil)); err != nil {
		return err
	}
	if _, err := spool.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return t.Files.Put(ctx, hash, spool, m.Size)
}

func same(hash string, sum []byte) error {
	if hex.EncodeToString(sum) != hash {
		return fmt.Errorf("%w: file %s", ErrDiffers, hash)
	}
	return nil
}

// How says how a restore is rehearsed.
type How struct {
	Keys    []age.Identity
	Schemas []fs.FS
	In      string // folder for the temporary database; "" = that of the system
	Check   func(context.Context, *db.DB) error
}

// Rehearse restores a backup into a temporary place that is gone afterwards, and
// so proves that it can be restored, on this machine, with this key: every table
// has the hash it had, and every file that the database names comes out whole.
// Files are read to their end and not kept, so that no room is needed for them.
func Rehearse(ctx context.Context, r io.Reader, how How) (Report, error) {
	sweep(how.In, "alliance-rehearsal-*")
	dir, err := os.MkdirTemp(how.In, "alliance-rehearsal-")
	if err != nil {
		return Report{}, err
	}
	defer os.RemoveAll(dir)
	d, err := db.Open(ctx, "sqlite:"+filepath.Join(dir, "rehearsal.db"))
	if err != nil {
		return Report{}, err
	}
	defer d.Close()
	report, err := Read(ctx, r, how.Keys, Target{DB: d, Schemas: how.Schemas, Room: dir})
	if err != nil {
		return report, err
	}
	named, err := db.One(ctx, d, db.Value[int], `SELECT count(DISTINCT hash) FROM file`)
	if err == nil && named != report.Files+len(report.Missing) {
		err = fmt.Errorf("%w: it names %d files and holds %d", ErrDiffers, named, report.Files)
	}
	if err == nil && how.Check != nil {
		err = how.Check(ctx, d)
	}
	return report, err
}

// Move copies a database into another, empty one, of either engine, and
// compares every table. What is written to the first meanwhile is noticed.
func Move(ctx context.Context, from, to *db.DB, schemas []fs.FS) (sums map[string]db.Sum, err error) {
	if err := Empty(ctx, to); err != nil {
		return nil, err
	}
	migrations, err := from.Migrations(ctx)
	if err != nil {
		return nil, err
	}
	if len(migrations) == 0 {
		return nil, errors.New("the database to move from is empty")
	}
	if err := to.MigrateTo(ctx, migrations, schemas...); err != nil {
		return nil, err
	}
	err = from.Snapshot(ctx, func(snap *db.Snapshot) error {
		list, err := snap.Tables(ctx)
		if err != nil {
			return err
		}
		return to.Load(ctx, func(l *db.Loader) error {
			sums = map[string]db.Sum{}
			for _, t := range list {
				if err := l.Begin(ctx, t); err != nil {
					return err
				}
				if sums[t.Name], err = snap.Copy(ctx, t, func(line []byte) error { return l.Put(ctx, line) }); err != nil {
					return err
				}
			}
			here, err := l.Sums(ctx)
			if err != nil {
				return err
			}
			return Compare(sums, here)
		})
	})
	if err != nil {
		return sums, err
	}
	if err := to.Migrate(ctx, schemas...); err != nil {
		return sums, err
	}
	if err := entry.Index(ctx, to); err != nil {
		return sums, err
	}
	now, err := from.Sums(ctx)
	if err == nil && Compare(sums, now) != nil {
		err = errors.New("the first database was written to meanwhile: stop the program, empty the second one and move again")
	}
	return sums, err
}
