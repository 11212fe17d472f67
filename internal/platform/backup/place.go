package backup

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"filippo.io/age"

	"alliance/internal/platform/file"
)

// Place is where backups lie.
type Place interface {
	// List gives the backups, newest first. Halves are not among them.
	List(ctx context.Context) ([]Found, error)
	// Open gives fs.ErrNotExist for one that is not there.
	Open(ctx context.Context, name string) (io.ReadCloser, error)
	// Put keeps what fill writes under a name, all of it or nothing, and gives its size.
	Put(ctx context.Context, name string, fill func(io.Writer) error) (int64, error)
	Remove(ctx context.Context, name string) error
	// String says where it is, without a secret.
	String() string
}

// Found is a backup in its place.
type Found struct {
	Name string
	Made time.Time
	Size int64
}

var named = regexp.MustCompile(`^alliance-(\d{8}T\d{6}Z)-[0-9a-z]{4}\.tar\.gz(\.age)?$`)

const stamp = "20060102T150405Z"

// made reads from the name when a backup was taken.
func made(name string) (time.Time, bool) {
	m := named.FindStringSubmatch(name)
	if m == nil {
		return time.Time{}, false
	}
	at, err := time.Parse(stamp, m[1])
	return at, err == nil
}

// Elsewhere tells whether an address leads to a bucket.
func Elsewhere(address string) bool { return strings.HasPrefix(address, "s3://") }

// At opens a place: a folder, or s3://KEY:SECRET@HOST/NAME?region=REGION.
func At(address string) (Place, error) {
	if !Elsewhere(address) {
		return folder(address), nil
	}
	shelf, err := file.OpenShelf(address)
	return bucket{shelf}, err
}

// folder is a Place on a disk.
type folder string

func (f folder) String() string { return string(f) }

func (f folder) List(context.Context) (list []Found, err error) {
	all, err := os.ReadDir(string(f))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil // the first one makes it
	}
	if err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	for _, one := range all {
		at, ok := made(one.Name())
		info, err := one.Info()
		if ok && err == nil && info.Mode().IsRegular() {
			list = append(list, Found{one.Name(), at, info.Size()})
		}
	}
	return newest(list), nil
}

func newest(list []Found) []Found {
	slices.SortFunc(list, func(a, b Found) int { return strings.Compare(b.Name, a.Name) })
	return list
}

func (f folder) Open(_ context.Context, name string) (io.ReadCloser, error) {
	return os.Open(filepath.Join(string(f), filepath.Base(name)))
}

func (f folder) Remove(_ context.Context, name string) error {
	return os.Remove(filepath.Join(string(f), filepath.Base(name)))
}

// Put writes beside: until it is whole and on the disk it is called .part, which
// no one takes for a backup.
func (f folder) Put(_ context.Context, name string, fill func(io.Writer) error) (int64, error) {
	if err := os.MkdirAll(string(f), 0o700); err != nil {
		return 0, err
	}
	sweep(string(f), "alliance-*.part")
	if err := f.room(); err != nil {
		return 0, err
	}
	path := filepath.Join(string(f), name)
	part, err := os.OpenFile(path+".part", os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return 0, err
	}
	defer os.Remove(part.Name()) // after the rename there is nothing to remove
	err = fill(part)
	if err == nil {
		err = part.Sync()
	}
	size, _ := part.Seek(0, io.SeekCurrent)
	if err := errors.Join(err, part.Close()); err != nil {
		return 0, err
	}
	if err := os.Rename(part.Name(), path); err != nil {
		return 0, err
	}
	if d, err := os.Open(string(f)); err == nil {
		d.Sync()
		d.Close()
	}
	return size, nil
}

// room looks beforehand whether one more fits, somewhat larger than the last: a
// backup that breaks off fills the disk of those who go on writing.
func (f folder) room() error {
	list, err := f.List(context.Background())
	if err != nil || len(list) == 0 {
		return err
	}
	free, known := file.Free(string(f))
	if need := list[0].Size / 10 * 11; known && free < need {
		return fmt.Errorf("%w: the last backup with a tenth more is %d MB, %d are free in %s", ErrRoom, need/1_000_000, free/1_000_000, f)
	}
	return nil
}

// sweep removes what was left by a program that died while it wrote.
func sweep(dir, pattern string) {
	if dir == "" {
		dir = os.TempDir()
	}
	left, _ := filepath.Glob(filepath.Join(dir, pattern))
	for _, path := range left {
		if info, err := os.Stat(path); err == nil && time.Since(info.ModTime()) > 12*time.Hour {
			os.RemoveAll(path)
		}
	}
}

// bucket is a Place in S3-compatible storage.
type bucket struct{ *file.Shelf }

func (b bucket) List(ctx context.Context) (list []Found, err error) {
	all, err := b.Shelf.List(ctx, "alliance-")
	if err != nil {
		return nil, err
	}
	for _, one := range all {
		if at, ok := made(one.Name); ok {
			list = append(list, Found{one.Name, at, one.Size})
		}
	}
	return newest(list), nil
}

func (b bucket) Open(ctx context.Context, name string) (io.ReadCloser, error) {
	return b.Shelf.Open(ctx, name)
}

// Taken is a backup that was written.
type Taken struct {
	Found
	Report
	Sum string // hash of its octets as they were sent out
}

// Take writes a backup into a place.
func Take(ctx context.Context, p Place, s Source, to []age.Recipient) (t Taken, err error) {
	now := s.DB.Now().Time().UTC()
	t.Found = Found{Name: "alliance-" + now.Format(stamp) + "-" + strings.ToLower(rand.Text()[:4]) + ".tar.gz", Made: now}
	if len(to) > 0 {
		t.Name += ".age"
	}
	sum := sha256.New()
	t.Size, err = p.Put(ctx, t.Name, func(w io.Writer) error {
		t.Report, err = Write(ctx, io.MultiWriter(w, sum), s, to)
		return err
	})
	if err != nil {
		return t, fmt.Errorf("backup: %w", err)
	}
	t.Sum = hex.EncodeToString(sum.Sum(nil))
	return t, nil
}

// Look reads a backup back, as far as one can without its key: whether it is
// there, begins as one, and has the octets that were written. damage is one
// sentence, "" = none; an error says that the place could not be asked.
func Look(ctx context.Context, p Place, name string, size int64, sum string) (damage string, err error) {
	content, err := p.Open(ctx, name)
	if errors.Is(err, fs.ErrNotExist) {
		return "it is not there", nil
	}
	if err != nil {
		return "", err
	}
	defer content.Close()
	h := sha256.New()
	start := bufio.NewReader(content)
	head, err := start.Peek(len(encrypted))
	if err != nil && err != io.EOF {
		return "", err
	}
	if want := strings.HasSuffix(name, ".age"); want && string(head) != encrypted || !want && !packed(head) {
		return "it begins as no backup does", nil
	}
	n, err := io.Copy(h, start)
	switch {
	case err != nil:
		return "", err
	case n != size:
		return fmt.Sprintf("it holds %d octets instead of %d", n, size), nil
	case hex.EncodeToString(h.Sum(nil)) != sum:
		return "its octets are not those that were written", nil
	}
	return "", nil
}

// encrypted is how a file of age begins.
const encrypted = "age-encryption.org/v1"

// packed tells whether a file begins as gzip does.
func packed(head []byte) bool { return len(head) > 1 && head[0] == 0x1f && head[1] == 0x8b }
