package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"alliance/internal/platform/backup"
	"alliance/internal/platform/db"
	"alliance/internal/platform/file"
	"alliance/internal/platform/id"
)

// keep measures what an association needs when its server is gone. The house as
// it was filled, with so many octets of files, is backed up to a key by the
// program, and restored by it on an empty place. Both places are then compared
// here, table by table and file by file, whatever the program says of them.
func (b *bench) keep(ctx context.Context, octets int64) error {
	dir, err := os.MkdirTemp("", "alliance-kept-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	path := strings.TrimPrefix(b.database, "sqlite:")
	beside := strings.TrimSuffix(path, filepath.Ext(path)) + "-files" // where the house keeps them
	files, err := fill(ctx, b.d, beside, octets)
	if err != nil {
		return err
	}
	b.close() // a house that serves writes on, and nothing could be compared
	d, err := db.Open(ctx, b.database)
	if err != nil {
		return err
	}
	defer d.Close()
	key, kept := filepath.Join(dir, "backup.key"), filepath.Join(dir, "kept")
	public, err := backup.NewKey(key)
	if err != nil {
		return err
	}
	fmt.Fprintf(&b.kept, "%d organisations, %d files of %.1f GB that cannot be packed: backed up to a key, restored on an empty place.\n\n| stage | took | MB/s of files | memory at most |\n|---|---|---|---|\n", b.have, files, float64(octets)/1e9)
	if err := b.stage(ctx, octets, "backup", "--database", b.database, "--backup", kept, "--backup-to", public); err != nil {
		return err
	}
	anew := "sqlite:" + filepath.Join(dir, "anew.db")
	folder := filepath.Join(dir, "anew-files")
	if err := b.stage(ctx, octets, "restore", kept, "--identity", key, "--database", anew, "--files", folder); err != nil {
		return err
	}
	restored, err := db.Open(ctx, anew)
	if err != nil {
		return err
	}
	defer restored.Close()
	return b.alike(ctx, d, restored, folder)
}

// fill lets the house hold so many octets of files, of some megabytes each as
// those that people send.
func fill(ctx context.Context, d *db.DB, folder string, octets int64) (files int, err error) {
	blobs, err := file.Folder(folder)
	if err != nil {
		return 0, err
	}
	r := rand.NewChaCha8([32]byte{3})
	for ; octets > 0; files++ {
		content := make([]byte, min(octets, 500_000+int64(r.Uint64()%9_000_000)))
		_, _ = r.Read(content)
		octets -= int64(len(content))
		sum := sha256.Sum256(content)
		hash := hex.EncodeToString(sum[:])
		if err := blobs.Put(ctx, hash, bytes.NewReader(content), int64(len(content))); err != nil {
			return files, err
		}
		err := d.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO file (id, hash, name, type, size, at, audience) VALUES ($1, $2, 'bench.pdf', 'application/pdf', $3, $4, $5)`, id.New(), hash, len(content), tx.Now(), grown)
			return err
		})
		if err != nil {
			return files, err
		}
	}
	return files, nil
}

// stage runs one command of the program and tells what it took.
func (b *bench) stage(ctx context.Context, octets int64, command string, flags ...string) error {
	run := exec.CommandContext(ctx, b.program, append([]string{command}, flags...)...)
	run.Stderr = os.Stderr
	began := time.Now()
	if err := run.Run(); err != nil {
		return fmt.Errorf("bench: %s: %w", command, err)
	}
	took := time.Since(began)
	most := run.ProcessState.SysUsage().(*syscall.Rusage).Maxrss
	line := fmt.Sprintf("| %s | %.1f s | %.0f | %.0f MB |", command, took.Seconds(), float64(octets)/1e6/took.Seconds(), float64(most)/1000)
	fmt.Fprintln(&b.kept, line)
	fmt.Fprintln(os.Stderr, "  "+line)
	return nil
}

// alike compares two places. Only the one that was backed up knows that it was.
func (b *bench) alike(ctx context.Context, was, is *db.DB, folder string) error {
	want, err := was.Sums(ctx)
	if err != nil {
		return err
	}
	have, err := is.Sums(ctx)
	if err != nil {
		return err
	}
	delete(want, "backup")
	delete(have, "backup")
	if err := backup.Compare(want, have); err != nil {
		return err
	}
	blobs, err := file.Folder(folder)
	if err != nil {
		return err
	}
	named, err := db.All(ctx, was, db.Value[string], `SELECT DISTINCT hash FROM file`)
	if err != nil {
		return err
	}
	for _, hash := range named {
		if err := whole(ctx, blobs, hash); err != nil {
			return fmt.Errorf("bench: file %s: %w", hash, err)
		}
	}
	fmt.Fprintf(&b.kept, "\n%d tables have the same hash in both places; %d files are whole.\n", len(want), len(named))
	return nil
}

// whole tells whether content is there and is what its name says.
func whole(ctx context.Context, blobs file.Blobs, hash string) error {
	content, err := blobs.Open(ctx, hash)
	if err != nil {
		return err
	}
	defer content.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, content); err != nil {
		return err
	}
	if hex.EncodeToString(sum.Sum(nil)) != hash {
		return errors.New("its content is another")
	}
	return nil
}
