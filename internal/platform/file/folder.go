package file

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Blobs keeps content by its hash. So content never changes, and putting it
// twice is putting it once.
type Blobs interface {
	// Put stores content for good before it returns; content that is there
	// counts as new again.
	Put(ctx context.Context, hash string, r io.Reader, size int64) error
	// Open gives fs.ErrNotExist for what is not there.
	Open(ctx context.Context, hash string) (io.ReadSeekCloser, error)
	// Delete deletes content unless it was put after before; what is not there
	// is no error.
	Delete(ctx context.Context, hash string, before time.Time) error
	// Each visits all content with the instant it was last put.
	Each(ctx context.Context, visit func(hash string, at time.Time) error) error
}

// folder is Blobs in a folder: ab/abcdef….
type folder struct {
	dir string
	mu  sync.Mutex // a Delete never falls between the look and the renewal of a Put
}

func openFolder(dir string) (*folder, error) {
	if err := os.MkdirAll(filepath.Join(dir, "tmp"), 0o700); err != nil {
		return nil, fmt.Errorf("file: %w", err)
	}
	return &folder{dir: dir}, nil
}

func (f *folder) path(hash string) (string, error) {
	if !isHash(hash) {
		return "", fmt.Errorf("file: %q is not a hash", hash)
	}
	return filepath.Join(f.dir, hash[:2], hash), nil
}

func isHash(s string) bool { return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == "" }

// renewed tells whether the content is there, and makes it young.
func (f *folder) renewed(path string, size int64) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	info, err := os.Stat(path) // #nosec G703 -- path lets hashes through only
	if err != nil || info.Size() != size {
		return false
	}
	now := time.Now()
	return os.Chtimes(path, now, now) == nil
}

// Put writes beside, then renames: nobody ever sees half a file.
func (f *folder) Put(_ context.Context, hash string, r io.Reader, size int64) error {
	path, err := f.path(hash)
	if err != nil || f.renewed(path, size) {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil { // #nosec G703 -- path lets hashes through only
		return fmt.Errorf("file: %w", err)
	}
	part, err := os.CreateTemp(filepath.Join(f.dir, "tmp"), "storing-*")
	if err != nil {
		return fmt.Errorf("file: %w", err)
	}
	defer os.Remove(part.Name()) // after the rename there is nothing to remove
	n, err := io.Copy(part, r)
	if err == nil && n != size {
		err = io.ErrUnexpectedEOF
	}
	if err == nil {
		err = part.Sync()
	}
	if err := errors.Join(err, part.Close()); err != nil {
		return fmt.Errorf("file: store: %w", err)
	}
	f.mu.Lock()
	err = os.Rename(part.Name(), path) // #nosec G703 -- path lets hashes through only
	f.mu.Unlock()
	if err != nil {
		return fmt.Errorf("file: store: %w", err)
	}
	for _, dir := range []string{filepath.Dir(path), f.dir} {
		if err := keepRename(dir); err != nil {
			return fmt.Errorf("file: store: %w", err)
		}
	}
	return nil
}

// keepRename makes a rename in a directory outlive a power cut.
func keepRename(dir string) error {
	d, err := os.Open(dir) // #nosec G703 -- path lets hashes through only
	if err != nil {
		return err
	}
	err = d.Sync()
	return errors.Join(err, d.Close())
}

func (f *folder) Open(_ context.Context, hash string) (io.ReadSeekCloser, error) {
	path, err := f.path(hash)
	if err != nil {
		return nil, err
	}
	return os.Open(path) // #nosec G703 -- path lets hashes through only
}

func (f *folder) Delete(_ context.Context, hash string, before time.Time) error {
	path, err := f.path(hash)
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.ModTime().After(before) {
		return nil
	}
	return errors.Join(err, os.Remove(path))
}

func (f *folder) Each(ctx context.Context, visit func(string, time.Time) error) error {
	return filepath.WalkDir(f.dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) || ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil || d.IsDir() {
			return err
		}
		if same, err := f.path(d.Name()); err != nil || same != path {
			return nil // tmp, or not ours
		}
		info, err := d.Info()
		if err != nil {
			return nil // deleted meanwhile
		}
		return visit(d.Name(), info.ModTime())
	})
}
