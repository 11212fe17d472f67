// Package file takes files that people send, and gives them back harmless.
//
// The one idea: what a file is, its content says, never its name or the
// browser. A short list of kinds is accepted; pictures are always decoded and
// written anew, so only pixels survive. Taking (slow: network, decoding) comes
// before the transaction, keeping (one row) within it; content that no row
// names is swept. Who may have a file is for the caller to ask, each time.
package file

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
	"alliance/internal/platform/job"
)

// Schema holds the tables of this package.
//
//go:embed schema
var Schema embed.FS

// Phrases holds the phrases of this package.
//
//go:embed phrases
var Phrases embed.FS

// File is a file that was kept.
type File struct {
	ID, Hash      string
	Name          string // safe to show and to save under
	Type          string // media type
	Size          int64  // octets
	Width, Height int    // pixels; 0 = not a picture
	By            string // person
	At            db.Instant
	Audience      string
}

// Picture tells whether the file can be shown in a page.
func (f File) Picture() bool { return f.Width > 0 }

// Limits says what is taken. Zero fields mean the default.
type Limits struct {
	Field     string   // form field the faults belong to; "file"
	Bytes     int64    // of the file as sent; 10 MB
	Pixels    int      // of a picture as sent; 40 million
	Side      int      // longer side of a picture as kept, it is shrunk to it; 3000
	PerPerson int64    // octets one person may keep; 500 MB
	Types     []string // media types; nil = All
}

func (l Limits) filled() Limits {
	or := func(n *int64, v int64) {
		if *n == 0 {
			*n = v
		}
	}
	if l.Field == "" {
		l.Field = "file"
	}
	or(&l.Bytes, 10_000_000)
	or(&l.PerPerson, 500_000_000)
	if l.Pixels == 0 {
		l.Pixels = 40_000_000
	}
	if l.Side == 0 {
		l.Side = 3000
	}
	if l.Types == nil {
		l.Types = All
	}
	return l
}

func (l Limits) invalid(key, english string, args ...any) error {
	return fault.Invalid(l.Field, key, english, args...)
}

func (l Limits) tooLarge(key, english string, args ...any) error {
	f := fault.TooLarge(key, english, args...)
	f.Field = l.Field
	return f
}

// Store keeps files: rows in the database, content in Blobs.
type Store struct {
	d     *db.DB
	blobs Blobs
	spool string
	// One picture at a time: 40 million pixels take up to 600 MB while decoded.
	decoding chan struct{}
}

// Open keeps content in a folder of this machine.
func Open(d *db.DB, dir string) (*Store, error) {
	blobs, err := openFolder(dir)
	if err != nil {
		return nil, err
	}
	return With(d, blobs, filepath.Join(dir, "tmp"))
}

// Folder gives the content kept in a folder, without a database around it.
func Folder(dir string) (Blobs, error) { return openFolder(dir) }

// Content gives the content of all files, for backups.
func (s *Store) Content() Blobs { return s.blobs }

// With keeps content elsewhere; spool is a local folder for what is arriving.
func With(d *db.DB, blobs Blobs, spool string) (*Store, error) {
	if err := os.MkdirAll(spool, 0o700); err != nil {
		return nil, fmt.Errorf("file: %w", err)
	}
	return &Store{d: d, blobs: blobs, spool: spool, decoding: make(chan struct{}, 1)}, nil
}

// Taken is content that was checked and stored, but that no row names yet.
type Taken struct {
	file   File
	limits Limits
}

// Picture tells whether what was taken can be shown in a page.
func (t Taken) Picture() bool { return t.file.Picture() }

// Take reads, checks and stores content; call it outside a transaction. What
// is not kept within the hour is swept. Faults: file.too-large, file.empty,
// file.type, file.broken, file.pixels, file.macro.
func (s *Store) Take(ctx context.Context, r io.Reader, name string, l Limits) (Taken, error) {
	l = l.filled()
	t := Taken{limits: l}
	arrived, err := os.CreateTemp(s.spool, "arriving-*")
	if err != nil {
		return t, fmt.Errorf("file: %w", err)
	}
	defer os.Remove(arrived.Name())
	defer arrived.Close()
	n, err := io.Copy(arrived, io.LimitReader(r, l.Bytes+1))
	if err != nil {
		return t, fmt.Errorf("file: read: %w", err)
	}
	if n > l.Bytes {
		return t, l.tooLarge("file.too-large", "The file is too large. At most {size} MB are possible.", "size", megabytes(l.Bytes))
	}
	if n == 0 {
		return t, l.invalid("file.empty", "The file is empty.")
	}
	clean, err := s.clean(ctx, arrived, n, name, l)
	if err != nil {
		return t, err
	}
	defer clean.close()
	t.file = File{Name: safeName(name, clean.kind), Type: clean.kind, Width: clean.width, Height: clean.height}
	t.file.Hash, t.file.Size, err = s.store(ctx, clean.content)
	return t, err
}

func megabytes(n int64) string {
	return strings.TrimSuffix(fmt.Sprintf("%.1f", float64(n)/1e6), ".0")
}

func (s *Store) store(ctx context.Context, content io.ReadSeeker) (hash string, size int64, err error) {
	h := sha256.New()
	if size, err = rewound(content, h); err != nil {
		return "", 0, fmt.Errorf("file: %w", err)
	}
	hash = hex.EncodeToString(h.Sum(nil))
	if _, err := content.Seek(0, io.SeekStart); err != nil {
		return "", 0, fmt.Errorf("file: %w", err)
	}
	return hash, size, s.blobs.Put(ctx, hash, content, size)
}

func rewound(r io.ReadSeeker, w io.Writer) (int64, error) {
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return 0, err
	}
	return io.Copy(w, r)
}

// Keep writes the row within the caller's transaction. Fault: file.quota.
func (s *Store) Keep(ctx context.Context, tx *db.Tx, t Taken, by, audience string) (File, error) {
	f := t.file
	if f.Hash == "" {
		return f, errors.New("file: nothing was taken")
	}
	if by != "" {
		used, err := Usage(ctx, tx, by)
		if err != nil {
			return f, err
		}
		if used+f.Size > t.limits.PerPerson {
			return f, t.limits.tooLarge("file.quota", "Your files take {size} MB already. Please remove some first.", "size", megabytes(used))
		}
	}
	content, err := s.blobs.Open(ctx, f.Hash)
	if err != nil {
		return f, fmt.Errorf("file: taken content is gone: %w", err)
	}
	content.Close()
	f.ID, f.By, f.At, f.Audience = id.New(), by, tx.Now(), audience
	_, err = tx.Exec(ctx, `INSERT INTO file (id, hash, name, type, size, width, height, by_, at, audience)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`,
		f.ID, f.Hash, f.Name, f.Type, f.Size, f.Width, f.Height, f.By, f.At, f.Audience)
	return f, err
}

// Put takes and keeps in a transaction of its own.
func (s *Store) Put(ctx context.Context, r io.Reader, name, by, audience string, l Limits) (f File, err error) {
	t, err := s.Take(ctx, r, name, l)
	if err != nil {
		return f, err
	}
	err = s.d.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
		f, err = s.Keep(ctx, tx, t, by, audience)
		return err
	})
	return f, err
}

const columns = `id, hash, name, type, size, width, height, by_, at, audience`

func scan(r db.Row) (f File, err error) {
	return f, r.Scan(&f.ID, &f.Hash, &f.Name, &f.Type, &f.Size, &f.Width, &f.Height, &f.By, &f.At, &f.Audience)
}

// ByID gives a file's row.
func ByID(ctx context.Context, q db.Q, file string) (File, error) {
	f, err := db.One(ctx, q, scan, `SELECT `+columns+` FROM file WHERE id = $1`, file)
	if errors.Is(err, db.ErrNone) {
		return f, fault.Missing()
	}
	return f, err
}

// By lists a person's files, newest first.
func By(ctx context.Context, q db.Q, person string) ([]File, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM file WHERE by_ = $1 ORDER BY id DESC`, person)
}

// Usage sums up the octets of a person's files.
func Usage(ctx context.Context, q db.Q, person string) (int64, error) {
	return db.One(ctx, q, db.Value[int64], `SELECT cast(coalesce(sum(size), 0) AS bigint) FROM file WHERE by_ = $1`, person)
}

// Open gives the content of a file; the caller closes it.
func (s *Store) Open(ctx context.Context, f File) (io.ReadSeekCloser, error) {
	content, err := s.blobs.Open(ctx, f.Hash)
	if err != nil {
		return nil, fmt.Errorf("file: %s: %w", f.ID, err)
	}
	return content, nil
}

// Forget takes a person's name off the files, when the account is erased.
func Forget(ctx context.Context, tx *db.Tx, person string) error {
	_, err := tx.Exec(ctx, `UPDATE file SET by_ = '' WHERE by_ = $1`, person)
	return err
}

const dropKind = "file.drop"

// Remove deletes a file; its content goes with the last row that names it.
func Remove(ctx context.Context, tx *db.Tx, file string) error {
	f, err := ByID(ctx, tx, file)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM file WHERE id = $1`, file); err != nil {
		return err
	}
	return job.Add(ctx, tx, job.New{Kind: dropKind, Data: f.Hash, Key: f.Hash})
}

// Register lets the runner drop removed content and sweep what was never kept.
func (s *Store) Register(r *job.Runner) {
	r.Handle(dropKind, func(ctx context.Context, data []byte) error {
		var hash string
		if err := json.Unmarshal(data, &hash); err != nil {
			return job.Hopeless(fmt.Errorf("file: %w", err))
		}
		return s.drop(ctx, hash)
	})
	r.Every("file.sweep", time.Hour, s.Sweep)
}

// arriving is how long content may lie between Take and Keep.
const arriving = time.Hour

// drop deletes content that no row names, unless it was taken again just now.
func (s *Store) drop(ctx context.Context, hash string) error {
	n, err := db.One(ctx, s.d, db.Value[int64], `SELECT count(*) FROM file WHERE hash = $1`, hash)
	if err != nil || n > 0 {
		return err
	}
	return s.blobs.Delete(ctx, hash, s.d.Now().Time().Add(-arriving))
}

// Sweep deletes content that no row names and what broke off while arriving.
func (s *Store) Sweep(ctx context.Context) error {
	before := s.d.Now().Time().Add(-arriving)
	err := s.blobs.Each(ctx, func(hash string, at time.Time) error {
		if at.After(before) {
			return nil
		}
		return s.drop(ctx, hash)
	})
	broken, readErr := os.ReadDir(s.spool)
	for _, one := range broken {
		if info, statErr := one.Info(); statErr == nil && info.ModTime().Before(before) {
			err = errors.Join(err, os.Remove(filepath.Join(s.spool, one.Name())))
		}
	}
	return errors.Join(err, readErr)
}
