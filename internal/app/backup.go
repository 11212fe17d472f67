package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"filippo.io/age"

	"alliance/internal/platform/archive"
	"alliance/internal/platform/backup"
	"alliance/internal/platform/db"
	"alliance/internal/platform/file"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/seal"
)

// Schemas gives those of the whole house, without opening one.
func Schemas() []fs.FS { return schemas(allFeatures()) }

// store opens what backups are taken of and put into; nothing else runs.
func (c Config) store(ctx context.Context) (*db.DB, file.Blobs, error) {
	d, err := db.Open(ctx, c.Database)
	if err != nil {
		return nil, nil, err
	}
	files, err := c.blobs()
	if err != nil {
		d.Close()
		return nil, nil, err
	}
	return d, files, nil
}

// backUp takes one backup as the settings say, and tells the operator's page.
func (c Config) backUp(ctx context.Context, d *db.DB, files file.Blobs) (backup.Found, backup.Report, error) {
	began := time.Now()
	found, report, err := c.tryBackUp(ctx, d, files)
	run := backup.Run{What: backup.Backup, File: filepath.Base(found.Path), Size: found.Size, Rows: report.Rows, Files: report.Files, Took: time.Since(began)}
	if err != nil {
		run.File, run.Problem = "", err.Error()
	}
	telling, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if tellErr := backup.Tell(telling, d, run); tellErr != nil && c.Log != nil {
		c.Log.Warn("a backup could not be noted in the database", "error", tellErr)
	}
	return found, report, err
}

func (c Config) tryBackUp(ctx context.Context, d *db.DB, files file.Blobs) (found backup.Found, report backup.Report, err error) {
	if c.Backup == "" {
		return found, report, errors.New("say where backups go: --backup FOLDER")
	}
	to, err := backup.Recipients(c.BackupTo)
	if err != nil {
		return found, report, err
	}
	if len(to) == 0 && !c.BackupPlain {
		return found, report, errors.New("say to which public key the backup is encrypted: --backup-to age1… (make one with “alliance key FILE”), or --backup-plain to leave it readable for anyone")
	}
	keep, err := backup.ParseKeep(c.BackupKeep)
	if err != nil {
		return found, report, err
	}
	key, err := seal.Load(c.Key, c.folder())
	if err != nil {
		return found, report, err
	}
	found, report, err = backup.ToFolder(ctx, c.Backup, backup.Source{DB: d, Files: files, Key: key.Text(), Version: Version}, to)
	if err != nil {
		return found, report, err
	}
	_, err = keep.Clean(c.Backup)
	return found, report, err
}

// regular takes backups while the program serves. They may take longer than a
// job's lease, so the job only starts one; of two at once the second waits for
// its next turn.
func (a *App) regular(c Config) error {
	if c.Backup == "" {
		return nil
	}
	to, err := backup.Recipients(c.BackupTo)
	if err != nil {
		return err
	}
	if len(to) == 0 && !c.BackupPlain {
		return errors.New("backups are wanted (--backup), but not to which public key: --backup-to age1… (make one with “alliance key FILE”), or --backup-plain")
	}
	if _, err := backup.ParseKeep(c.BackupKeep); err != nil {
		return err
	}
	var one sync.Mutex
	a.House.Jobs.Every("backup", c.BackupEvery, func(ctx context.Context) error {
		if !one.TryLock() {
			return nil
		}
		done := make(chan error, 1)
		long, cancel := context.WithCancel(context.WithoutCancel(ctx))
		a.ending = append(a.ending, cancel)
		a.working.Go(func() {
			defer one.Unlock()
			_, report, err := c.backUp(long, a.House.DB, a.House.Files.Content())
			if err != nil {
				c.Log.Error("backup failed", "error", err)
			} else {
				c.Log.Info("backup taken", "rows", report.Rows, "files", report.Files, "missing", len(report.Missing))
			}
			done <- err
		})
		select {
		case err := <-done:
			return err
		case <-ctx.Done():
			return nil // it goes on; what becomes of it is in the log and on the desk
		}
	})
	return nil
}

// beforeMigration keeps the data as it is before a new program changes the schema.
func (c Config) beforeMigration(d *db.DB) func(context.Context, int) error {
	return func(ctx context.Context, pending int) error {
		if c.Reading {
			return errors.New("this version of the program changes the database first: start it once with serve")
		}
		now := time.Now().UTC().Format("20060102T150405Z")
		if path, ok := strings.CutPrefix(c.Database, "sqlite:"); ok {
			kept := strings.TrimSuffix(path, filepath.Ext(path)) + "-before-" + now + filepath.Ext(path)
			if err := d.Keep(ctx, kept); err != nil {
				os.Remove(kept)
				return fmt.Errorf("this version changes the database, and a copy could not be kept first (is the disk full?): %w", err)
			}
			fmt.Fprintf(c.Console, "This version changes the database (%d steps). A copy as it was: %s\n", pending, kept)
			if err := os.Chmod(kept, 0o600); err != nil {
				fmt.Fprintln(c.Console, "Others on this machine may be able to read it:", err)
			}
			return nil
		}
		if c.BackedUp {
			return nil
		}
		if c.Backup == "" {
			return errors.New("this version changes the database. Take a backup first (pg_dump), then start once with --backed-up; or set --backup and --backup-to, and one is taken before each change")
		}
		files, err := c.blobs()
		if err != nil {
			return err
		}
		found, _, err := c.tryBackUp(ctx, d, files)
		if err != nil {
			return fmt.Errorf("this version changes the database, and the backup before it failed: %w", err)
		}
		fmt.Fprintf(c.Console, "This version changes the database (%d steps). Backup as it was: %s\n", pending, found.Path)
		return nil
	}
}

type keyCommand struct {
	File string `arg:"" help:"New file for the secret key." type:"path"`
}

func (s *keyCommand) Run() error {
	public, err := backup.NewKey(s.File)
	if err != nil {
		return err
	}
	fmt.Printf("The secret key is in %s. Keep it away from this machine, in two places: without it no backup can be read.\nPublic key, for --backup-to:\n%s\n", s.File, public)
	return nil
}

type backupCommand struct {
	Config `embed:""`
}

func (s *backupCommand) Run(ctx context.Context) error {
	s.defaults()
	if err := s.mustExist(); err != nil {
		return err
	}
	d, files, err := s.store(ctx)
	if err != nil {
		return err
	}
	defer d.Close()
	found, report, err := s.backUp(ctx, d, files)
	if err != nil {
		return err
	}
	fmt.Printf("%s: %d tables, %d rows, %d files, %.1f MB\n", found.Path, len(report.Tables), report.Rows, report.Files, float64(found.Size)/1e6)
	if len(report.Missing) > 0 {
		return fmt.Errorf("%d files are named in the database and not in the folder; “alliance check” lists them", len(report.Missing))
	}
	return nil
}

// mustExist stops commands that read from making an empty database by mistake.
func (c Config) mustExist() error {
	path, ok := strings.CutPrefix(c.Database, "sqlite:")
	if !ok {
		return nil
	}
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("there is no database at %s", path)
	}
	return nil
}

type restoreCommand struct {
	Config   `embed:""`
	From     string `arg:"" help:"The backup, or the folder of backups: then the newest. Or an archive."`
	Identity string `help:"File with the secret key (AGE-SECRET-KEY-…)." env:"ALLIANCE_IDENTITY" type:"path"`

	Coordinator string `help:"E-mail address of somebody who coordinates where an archive without addresses is brought in."`
}

func (s *restoreCommand) Run(ctx context.Context) error {
	s.defaults()
	if archive.Is(s.From) {
		return s.fromArchive(ctx)
	}
	f, keys, err := openBackup(s.From, s.Identity)
	if err != nil {
		return err
	}
	defer f.Close()
	d, files, err := s.store(ctx)
	if err != nil {
		return err
	}
	defer d.Close()
	report, err := backup.Read(ctx, f, keys, backup.Target{DB: d, Files: files, Folder: s.folder(), Schemas: Schemas()})
	if err != nil {
		return fmt.Errorf("not restored, the database was left empty: %w", err)
	}
	fmt.Printf("Restored from %s: %d tables, %d rows, %d files. Every table has the hash it had.\n", f.Name(), len(report.Tables), report.Rows, report.Files)
	for _, m := range report.Missing {
		fmt.Println("This file was missing already when the backup was taken:", m)
	}
	if !report.Key {
		fmt.Println("The key of the house was not in this backup: put house.key into the folder of files, or second factors must be set up anew.")
	}
	return nil
}

func openBackup(from, identity string) (*os.File, []age.Identity, error) {
	if info, err := os.Stat(from); err == nil && info.IsDir() {
		list, err := backup.List(from)
		if err != nil {
			return nil, nil, err
		}
		if len(list) == 0 {
			return nil, nil, fmt.Errorf("there is no backup in %s", from)
		}
		from = list[0].Path
	}
	keys, err := backup.Identities(identity)
	if err != nil {
		return nil, nil, err
	}
	f, err := os.Open(from)
	return f, keys, err
}

type rehearseCommand struct {
	Config   `embed:""`
	From     string `arg:"" optional:"" help:"The backup, or the folder of backups: then the newest. Default: --backup."`
	Identity string `help:"File with the secret key (AGE-SECRET-KEY-…)." env:"ALLIANCE_IDENTITY" type:"path"`
}

func (s *rehearseCommand) Run(ctx context.Context) error {
	s.defaults()
	if s.From == "" {
		s.From = s.Backup
	}
	if s.From == "" {
		return errors.New("say which backup: alliance rehearse FILE, or a folder of backups")
	}
	f, keys, err := openBackup(s.From, s.Identity)
	if err != nil {
		return err
	}
	defer f.Close()
	began := time.Now()
	report, err := rehearse(ctx, f, keys)
	run := backup.Run{What: backup.Rehearsal, File: filepath.Base(f.Name()), Rows: report.Rows, Files: report.Files, Took: time.Since(began)}
	if err != nil {
		run.Problem = err.Error()
	}
	// Where the house itself is at hand, its desk is told.
	if s.mustExist() == nil {
		if d, openErr := db.Open(ctx, s.Database); openErr == nil {
			if applied, listErr := d.Migrations(ctx); listErr == nil && len(applied) > 0 {
				if tellErr := backup.Tell(ctx, d, run); tellErr != nil {
					fmt.Fprintln(os.Stderr, "alliance: the rehearsal could not be noted in the database:", tellErr)
				}
			}
			d.Close()
		}
	}
	if err != nil {
		return fmt.Errorf("%s cannot be restored: %w", f.Name(), err)
	}
	fmt.Printf("%s of %s can be restored: %d tables, %d rows, %d files, all hashes the same, the journal whole. It took %s.\n",
		f.Name(), report.Made.Format("2006-01-02 15:04 UTC"), len(report.Tables), report.Rows, report.Files, time.Since(began).Round(time.Millisecond))
	return nil
}

func rehearse(ctx context.Context, r io.Reader, keys []age.Identity) (backup.Report, error) {
	return backup.Rehearse(ctx, r, keys, Schemas(), func(ctx context.Context, d *db.DB) error {
		broken, err := journal.Check(ctx, d)
		if err == nil && broken != 0 {
			err = fmt.Errorf("the journal is broken at line %d", broken)
		}
		return err
	})
}

type moveCommand struct {
	From string `help:"The database as it is: sqlite:PATH or postgres://…" required:""`
	To   string `help:"An empty database of either engine." required:""`
}

func (s *moveCommand) Run(ctx context.Context) error {
	if s.From == s.To {
		return errors.New("--from and --to are the same database")
	}
	if err := (Config{Database: s.From}).mustExist(); err != nil {
		return err
	}
	from, err := db.Open(ctx, s.From)
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := db.Open(ctx, s.To)
	if err != nil {
		return err
	}
	defer to.Close()
	sums, err := backup.Move(ctx, from, to, Schemas())
	if err != nil {
		return fmt.Errorf("not moved; the first database is as it was: %w", err)
	}
	for _, name := range slices.Sorted(maps.Keys(sums)) {
		fmt.Printf("%-24s %8d rows  %s\n", name, sums[name].Rows, sums[name].Hash[:16])
	}
	fmt.Println("Moved: every table has the same hash on both sides. The folder of files stays where it is; now start with --database of the new one and --files of that folder.")
	return nil
}
