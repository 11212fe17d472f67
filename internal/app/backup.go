package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"alliance/internal/platform/archive"
	"alliance/internal/platform/backup"
	"alliance/internal/platform/db"
	"alliance/internal/platform/file"
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

// place is where backups go.
func (c Config) place() (backup.Place, error) {
	if c.Backup == "" {
		return nil, errors.New("say where backups go: --backup FOLDER, or --backup s3://KEY:SECRET@HOST/NAME")
	}
	return backup.At(c.Backup)
}

// backUp takes one backup as the settings say, reads it back as far as that goes
// without its key, and tells the operator's page.
func (c Config) backUp(ctx context.Context, d *db.DB, files file.Blobs) (taken backup.Taken, err error) {
	began := time.Now()
	place, err := c.place()
	if err == nil {
		taken, err = c.tryBackUp(ctx, d, files, place)
	}
	run := backup.Run{What: backup.Backup, File: taken.Name, Size: taken.Size, Rows: taken.Rows, Files: taken.Files, Took: time.Since(began), Sum: taken.Sum, Proof: taken.Proof}
	if err != nil {
		run.File, run.Problem = "", err.Error()
	}
	c.note(ctx, d, run)
	if err != nil {
		return taken, err
	}
	damaged, err := backup.LookAfter(ctx, d, place)
	for _, r := range damaged {
		err = errors.Join(err, fmt.Errorf("the backup %s is damaged: %s", r.File, r.Damage))
	}
	return taken, err
}

// note tells the operator's page of a run, also where nobody waits any more.
func (c Config) note(ctx context.Context, d *db.DB, run backup.Run) {
	telling, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := backup.Tell(telling, d, run); err != nil && c.Log != nil {
		c.Log.Warn("what became of a backup could not be noted in the database", "what", run.What, "error", err)
	}
}

func (c Config) tryBackUp(ctx context.Context, d *db.DB, files file.Blobs, place backup.Place) (taken backup.Taken, err error) {
	to, err := backup.Recipients(c.BackupTo)
	if err != nil {
		return taken, err
	}
	if len(to) == 0 && !c.BackupPlain {
		return taken, errors.New("say to which public key the backup is encrypted: --backup-to age1… (make one with “alliance key FILE”), or --backup-plain to leave it readable for anyone")
	}
	keep, err := backup.ParseKeep(c.BackupKeep)
	if err != nil {
		return taken, err
	}
	key, err := seal.Load(c.Key, c.folder())
	if err != nil {
		return taken, err
	}
	taken, err = backup.Take(ctx, place, backup.Source{DB: d, Files: files, Key: key.Text(), Version: Version}, to)
	if err != nil {
		return taken, err
	}
	_, err = keep.Clean(ctx, place)
	return taken, err
}

// regular takes backups while the program serves, and rehearses restoring those
// that need no key.
func (a *App) regular(c Config) error {
	if c.Backup == "" {
		return nil
	}
	place, err := c.place()
	if err != nil {
		return err
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
	jobs := a.House.Jobs
	jobs.Every("backup", c.BackupEvery, a.long(func(ctx context.Context) error {
		taken, err := c.backUp(ctx, a.House.DB, a.House.Files.Content())
		if err != nil {
			c.Log.Error("backup failed", "error", err)
			return err
		}
		c.Log.Info("backup taken", "rows", taken.Rows, "files", taken.Files, "missing", len(taken.Missing))
		return nil
	}))
	if len(to) > 0 {
		return nil // nobody here can open them
	}
	jobs.Every("backup.rehearse", rehearseLook, a.long(func(ctx context.Context) error { return c.rehearseInTurn(ctx, a.House.DB, place) }))
	asked := a.long(func(ctx context.Context) error { return c.rehearseNow(ctx, a.House.DB, place) })
	jobs.Handle("backup.rehearse.now", func(ctx context.Context, _ []byte) error { return asked(ctx) })
	return nil
}

// long is work that may take longer than a job's lease, so the job only starts it;
// of two at once the second waits for its next turn.
func (a *App) long(work func(context.Context) error) func(context.Context) error {
	var one sync.Mutex
	return func(ctx context.Context) error {
		if !one.TryLock() {
			return nil
		}
		done := make(chan error, 1)
		long, cancel := context.WithCancel(context.WithoutCancel(ctx))
		a.ending = append(a.ending, cancel)
		a.working.Go(func() {
			defer one.Unlock()
			done <- work(long)
		})
		select {
		case err := <-done:
			return err
		case <-ctx.Done():
			return nil // it goes on; what becomes of it is in the log and on the desk
		}
	}
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
		place, err := c.place()
		if err != nil {
			return err
		}
		taken, err := c.tryBackUp(ctx, d, files, place)
		if err != nil {
			return fmt.Errorf("this version changes the database, and the backup before it failed: %w", err)
		}
		fmt.Fprintf(c.Console, "This version changes the database (%d steps). Backup as it was: %s\n", pending, place.String()+"/"+taken.Name)
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
	taken, err := s.backUp(ctx, d, files)
	if err != nil {
		return err
	}
	fmt.Printf("%s: %d tables, %d rows, %d files, %.1f MB\n", taken.Name, len(taken.Tables), taken.Rows, taken.Files, float64(taken.Size)/1e6)
	if len(taken.Missing) > 0 {
		return fmt.Errorf("%d files are named in the database and not in the folder; “alliance check” lists them", len(taken.Missing))
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
	From     string `arg:"" help:"The backup, or the folder or bucket (s3://…) of backups: then the newest; or the name of one in --backup. Or an archive."`
	Identity string `help:"File with the secret key (AGE-SECRET-KEY-…)." env:"ALLIANCE_IDENTITY" type:"path"`

	Coordinator string `help:"E-mail address of somebody who coordinates where an archive without addresses is brought in."`
}

func (s *restoreCommand) Run(ctx context.Context) error {
	s.defaults()
	if archive.Is(s.From) {
		return s.fromArchive(ctx)
	}
	f, err := s.openBackup(ctx, s.From)
	if err != nil {
		return err
	}
	defer f.Close()
	keys, err := backup.Identities(s.Identity)
	if err != nil {
		return err
	}
	d, files, err := s.store(ctx)
	if err != nil {
		return err
	}
	defer d.Close()
	report, err := backup.Read(ctx, f, keys, backup.Target{DB: d, Files: files, Folder: s.folder(), Schemas: Schemas()})
	if err != nil {
		return fmt.Errorf("not restored, the database was left empty: %w", err)
	}
	fmt.Printf("Restored from %s: %d tables, %d rows, %d files. Every table has the hash it had.\n", f.name, len(report.Tables), report.Rows, report.Files)
	for _, m := range report.Missing {
		fmt.Println("This file was missing already when the backup was taken:", m)
	}
	if !report.Key {
		fmt.Println("The key of the house was not in this backup: put house.key into the folder of files, or second factors must be set up anew.")
	}
	return nil
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
