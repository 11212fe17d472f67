// Package backup copies the whole house into one file, and back.
//
// The one idea: a backup is not the engine's file but every row of every table
// and every file people sent, in a tar that is compressed and encrypted to a
// key which lies elsewhere. So it restores on either engine, any tool opens it
// (`age -d -i key FILE | tar tz`), and a hash over each table, written at the
// end, tells whether all of it came back. A file without that end is not a
// backup, whatever its name.
package backup

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"filippo.io/age"
	"github.com/klauspost/compress/gzip"

	"alliance/internal/platform/db"
	"alliance/internal/platform/file"
)

// format is raised when an older program can no longer read what is written.
const format = 1

// Source is what a backup is taken of.
type Source struct {
	DB    *db.DB
	Files file.Blobs
	// Key of the house; it goes only into encrypted backups, since it seals
	// what a copy of the database must not give away.
	Key     string
	Version string // of the program
}

// head stands first in the archive.
type head struct {
	Format     int        `json:"format"`
	Made       time.Time  `json:"made"`
	Program    string     `json:"program"`
	Engine     db.Engine  `json:"engine"`
	Database   int64      `json:"database"` // octets it took there; 0 = an older program did not say
	Migrations []int64    `json:"migrations"`
	Tables     []db.Table `json:"tables"`
}

// Report is what an archive holds; it stands last in it.
type Report struct {
	Made    time.Time         `json:"made"`
	Tables  map[string]db.Sum `json:"tables"`
	Rows    int64             `json:"rows"`
	Files   int               `json:"files"`
	Bytes   int64             `json:"bytes"`   // of the files
	Missing []string          `json:"missing"` // files the database names and the folder does not have
	Key     bool              `json:"key"`     // the key of the house is in it

	Proof string `json:"-"` // hash of this as it stands in the archive: who opened it to its end knows it
}

const (
	headName = "alliance-backup.json"
	keyName  = "house.key"
	endName  = "end.json"
	rowsDir  = "table/"
	filesDir = "file/"
	// chunk is how much of a table goes into one member of the archive: tar
	// wants the size first, and nothing is written to disk in clear for that.
	chunk = 1 << 20
)

// Write writes a backup. Without recipients it is not encrypted.
func Write(ctx context.Context, w io.Writer, s Source, to []age.Recipient) (Report, error) {
	outer := io.WriteCloser(nopCloser{w})
	if len(to) > 0 {
		var err error
		if outer, err = age.Encrypt(w, to...); err != nil {
			return Report{}, fmt.Errorf("backup: encrypt: %w", err)
		}
	}
	packed, err := gzip.NewWriterLevel(outer, 5)
	if err != nil {
		return Report{}, err
	}
	a := &writer{tar: tar.NewWriter(packed), now: s.DB.Now().Time().UTC().Truncate(time.Second)}
	r, err := a.all(ctx, s, len(to) > 0)
	if err != nil {
		return r, fmt.Errorf("backup: %w", err)
	}
	return r, errors.Join(a.tar.Close(), packed.Close(), outer.Close())
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

type writer struct {
	tar *tar.Writer
	now time.Time
}

func (a *writer) all(ctx context.Context, s Source, encrypted bool) (r Report, err error) {
	r = Report{Made: a.now, Tables: map[string]db.Sum{}}
	h := head{Format: format, Made: a.now, Program: s.Version, Engine: s.DB.Engine}
	if h.Migrations, err = s.DB.Migrations(ctx); err != nil {
		return r, err
	}
	if _, h.Database, err = s.DB.About(ctx); err != nil {
		return r, err
	}
	var hashes []string
	err = s.DB.Snapshot(ctx, func(snap *db.Snapshot) error {
		if h.Tables, err = snap.Tables(ctx); err != nil {
			return err
		}
		if err := a.json(headName, h); err != nil {
			return err
		}
		if encrypted && s.Key != "" {
			r.Key = true
			if err := a.member(keyName, []byte(s.Key)); err != nil {
				return err
			}
		}
		for _, t := range h.Tables {
			sum, err := a.table(ctx, snap, t)
			if err != nil {
				return err
			}
			r.Tables[t.Name] = sum
			r.Rows += sum.Rows
		}
		hashes, err = db.All(ctx, snap, db.Value[string], `SELECT DISTINCT hash FROM file ORDER BY hash`)
		return err
	})
	if err != nil {
		return r, err
	}
	for _, hash := range hashes {
		n, err := a.file(ctx, s.Files, hash)
		if errors.Is(err, errGone) {
			r.Missing = append(r.Missing, hash)
			continue
		}
		if err != nil {
			return r, err
		}
		r.Files++
		r.Bytes += n
	}
	end, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return r, err
	}
	r.Proof = proofOf(end)
	return r, a.member(endName, end)
}

func (a *writer) table(ctx context.Context, snap *db.Snapshot, t db.Table) (db.Sum, error) {
	var rows bytes.Buffer
	n := 0
	flush := func() error {
		if rows.Len() == 0 {
			return nil
		}
		n++
		err := a.member(fmt.Sprintf("%s%s/%06d.jsonl", rowsDir, t.Name, n), rows.Bytes())
		rows.Reset()
		return err
	}
	sum, err := snap.Copy(ctx, t, func(line []byte) error {
		rows.Write(line)
		rows.WriteByte('\n')
		if rows.Len() >= chunk {
			return flush()
		}
		return nil
	})
	return sum, errors.Join(err, flush())
}

var errGone = errors.New("gone")

func (a *writer) file(ctx context.Context, files file.Blobs, hash string) (int64, error) {
	content, err := files.Open(ctx, hash)
	if err != nil {
		return 0, errGone
	}
	defer content.Close()
	size, err := content.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = content.Seek(0, io.SeekStart)
	}
	if err != nil {
		return 0, err
	}
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	if err := a.header(filesDir+hash, size); err != nil {
		return 0, err
	}
	return io.Copy(a.tar, content)
}

func (a *writer) json(name string, v any) error {
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return err
	}
	return a.member(name, b)
}

func (a *writer) member(name string, content []byte) error {
	if err := a.header(name, int64(len(content))); err != nil {
		return err
	}
	_, err := a.tar.Write(content)
	return err
}

func (a *writer) header(name string, size int64) error {
	return a.tar.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o600, ModTime: a.now, Format: tar.FormatPAX})
}
