package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"alliance/internal/platform/backup"
	"alliance/internal/platform/db"
	"alliance/internal/platform/journal"
)

// opened is a backup to be read.
type opened struct {
	io.ReadCloser
	name  string // of the backup
	where string // for people
}

// openBackup opens what somebody named: a file, the newest of a folder or of a
// bucket, or one of --backup by its name.
func (c Config) openBackup(ctx context.Context, from string) (opened, error) {
	name := ""
	if !backup.Elsewhere(from) {
		switch info, err := os.Stat(from); {
		case err == nil && !info.IsDir(), err != nil && c.Backup == "":
			f, err := os.Open(from)
			return opened{f, filepath.Base(from), from}, err
		case err != nil:
			from, name = c.Backup, from
		}
	}
	place, err := backup.At(from)
	if err != nil {
		return opened{}, err
	}
	if name == "" {
		list, err := place.List(ctx)
		if err != nil {
			return opened{}, err
		}
		if len(list) == 0 {
			return opened{}, fmt.Errorf("there is no backup in %s", place)
		}
		name = list[0].Name
	}
	content, err := place.Open(ctx, name)
	return opened{content, name, place.String() + "/" + name}, err
}

type rehearseCommand struct {
	Config   `embed:""`
	From     string `arg:"" optional:"" help:"The backup, or the folder or bucket (s3://…) of backups: then the newest; or the name of one in --backup. Default: --backup."`
	Identity string `help:"File with the secret key (AGE-SECRET-KEY-…)." env:"ALLIANCE_IDENTITY" type:"path"`
	In       string `help:"Folder for the temporary database. Default: that of the system." env:"ALLIANCE_REHEARSE_IN" type:"path"`
}

func (s *rehearseCommand) Run(ctx context.Context) error {
	s.defaults()
	if s.From == "" {
		s.From = s.Backup
	}
	if s.From == "" {
		return errors.New("say which backup: alliance rehearse FILE, or a folder or bucket of backups")
	}
	keys, err := backup.Identities(s.Identity)
	if err != nil {
		return err
	}
	f, err := s.openBackup(ctx, s.From)
	if err != nil {
		return err
	}
	defer f.Close()
	run, report, err := rehearse(ctx, f, backup.How{Keys: keys, In: s.In})
	if err != nil && ctx.Err() != nil {
		return err // broken off: that says nothing of the backup
	}
	run.Way = backup.ByConsole
	noted := false
	if run.Failure != backup.Locked { // with the wrong key nothing was rehearsed
		noted = s.tellHouse(ctx, run)
	}
	if err != nil {
		if !noted && len(keys) > 0 {
			s.codeOfFailure(run)
		}
		return fmt.Errorf("%s cannot be restored: %w", f.where, err)
	}
	fmt.Fprintf(s.Console, "%s of %s can be restored: %d tables, %d rows, %d files, all hashes the same, the journal whole. It took %s.\n",
		f.where, report.Made.Format("2006-01-02 15:04 UTC"), len(report.Tables), report.Rows, report.Files, run.Took.Round(time.Millisecond))
	if !noted {
		fmt.Fprintf(s.Console, "Bring this code to the house, at /operate: it says which backup was opened, when, and how long it took.\n%s\n", report.Code(time.Now(), run.Took))
	}
	return nil
}

// codeOfFailure prints what brings a failure to the desk. Which key is the right
// one nobody but who holds it can say.
func (s *rehearseCommand) codeOfFailure(run backup.Run) {
	code := run.Failure.Code(run.File, time.Now(), run.Took)
	switch {
	case code == "":
		fmt.Fprintln(s.Console, "No code can be made for the house, since the file is called otherwise than when it was taken (alliance-….tar.gz.age). Give it that name and rehearse again.")
		return
	case run.Failure == backup.Locked:
		fmt.Fprintln(s.Console, "If this is the key that should open it, and no other is left to try, bring this code to the house, at /operate.")
	default:
		fmt.Fprintln(s.Console, "Bring this code to the house, at /operate.")
	}
	fmt.Fprintf(s.Console, "It says which backup could not be restored, when, and of which kind the failure is; nothing else.\n%s\n", code)
}

// tellHouse tells the desk, where the house itself is at hand.
func (c Config) tellHouse(ctx context.Context, run backup.Run) bool {
	if c.mustExist() != nil {
		return false
	}
	d, err := db.Open(ctx, c.Database)
	if err != nil {
		return false
	}
	defer d.Close()
	kept, err := backup.LastOf(ctx, d, backup.Backup, backup.Most)
	if err != nil {
		return false // empty, or of an older program
	}
	for _, r := range kept {
		if r.File == run.File { // the house that took it
			if err := backup.Tell(ctx, d, run); err != nil {
				fmt.Fprintln(os.Stderr, "alliance: the rehearsal could not be noted in the database:", err)
				return false
			}
			return true
		}
	}
	return false
}

// rehearse restores a backup and says how that went.
func rehearse(ctx context.Context, f opened, how backup.How) (backup.Run, backup.Report, error) {
	began := time.Now()
	how.Schemas = Schemas()
	how.Check = func(ctx context.Context, d *db.DB) error {
		broken, err := journal.Check(ctx, d)
		if err == nil && broken != 0 {
			err = fmt.Errorf("%w at line %d", backup.ErrJournal, broken)
		}
		return err
	}
	report, err := backup.Rehearse(ctx, f, how)
	run := backup.Run{What: backup.Rehearsal, File: f.name, Rows: report.Rows, Files: report.Files, Took: time.Since(began)}
	if err != nil {
		run.Problem, run.Failure = err.Error(), backup.Why(err)
	}
	return run, report, err
}

// rehearseLook is how often the program looks whether a rehearsal is due.
const rehearseLook = time.Hour

// rehearseInTurn restores the newest backup into a temporary place, when the last
// rehearsal lies long enough behind. It is for backups that are not encrypted:
// nobody else can be asked for the key.
func (c Config) rehearseInTurn(ctx context.Context, d *db.DB, place backup.Place) error {
	last, err := backup.LastOf(ctx, d, backup.Rehearsal, 1)
	if err != nil {
		return err
	}
	if len(last) > 0 && last[0].At > d.Now().Add(-c.RehearseEvery) {
		return nil
	}
	return c.rehearseNow(ctx, d, place)
}

func (c Config) rehearseNow(ctx context.Context, d *db.DB, place backup.Place) error {
	list, err := place.List(ctx)
	if err != nil || len(list) == 0 || strings.HasSuffix(list[0].Name, ".age") {
		return err // none yet; or from the time of a key
	}
	name := list[0].Name
	content, err := place.Open(ctx, name)
	if err != nil {
		return err
	}
	defer content.Close()
	run, report, err := rehearse(ctx, opened{content, name, place.String() + "/" + name}, backup.How{In: c.folder()})
	if ctx.Err() != nil {
		return err // the program ends; next time
	}
	run.Way = backup.ByHouse
	c.note(ctx, d, run)
	if err != nil {
		c.Log.Error("a backup cannot be restored", "file", name, "error", err)
		return nil // told; trying the same file twenty times tells no more
	}
	c.Log.Info("restoring was rehearsed", "file", name, "rows", report.Rows, "files", report.Files, "took", run.Took)
	return nil
}
