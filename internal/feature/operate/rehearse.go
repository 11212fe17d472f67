package operate

import (
	"context"
	"time"

	"alliance/internal/platform/backup"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/job"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"

	"github.com/a-h/templ"
)

// ways say who rehearsed.
var ways = map[string]locale.Phrase{
	backup.ByHouse:   {Key: "operate.way.house", English: "by the program itself"},
	backup.ByConsole: {Key: "operate.way.console", English: "by hand, on this machine"},
	backup.ByCode:    {Key: "operate.way.code", English: "by hand, where the secret key is; the code was brought here"},
}

// rehearse asks the program to restore its newest backup into a temporary place.
func (f *Feature) rehearse(c *web.Ctx) error {
	return c.Write(c.View.T("operate.rehearse.asked", "Restoring is being rehearsed. It shows below when it is done."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/operate#backups", f.askRehearsal(ctx, tx)
	})
}

func (f *Feature) askRehearsal(ctx context.Context, tx *db.Tx) error {
	switch h := f.asks.Health(); {
	case h.Backup == "":
		return noBackups()
	case h.Encrypted:
		return fault.Conflict("operate.rehearse.key", "The key of the backups is not on this server. Rehearse where it is, and bring the code here.")
	}
	return job.Add(ctx, tx, job.New{Kind: jobRehearse, Key: "asked"})
}

func noBackups() error {
	return fault.Conflict("operate.backup.none", "No backups are taken here: the program was not told where they go (--backup).")
}

// bring takes the code of a rehearsal that was done where the key is.
func (f *Feature) bring(c *web.Ctx) error {
	code := c.Form("code")
	said, err := f.readCode(c.Context(), c.DB, code)
	if err == nil {
		flash := c.View.T("operate.code.taken", "The rehearsal is noted.")
		if said.Failure != "" {
			flash = c.View.T("operate.code.failed", "It is noted that this backup could not be restored. That stands here until a later rehearsal goes well.")
		}
		err = c.Write(flash, func(ctx context.Context, tx *db.Tx) (string, error) {
			return "/operate#backups", noteRehearsal(ctx, tx, c.Actor, said)
		})
	}
	if err == nil {
		return nil
	}
	p, failed := f.page(c)
	if failed != nil {
		return failed
	}
	p.Code = code
	return c.Retry(err, func(v design.View) templ.Component { return deskView(v, p) })
}

// readCode finds what a code tells of.
func (f *Feature) readCode(ctx context.Context, q db.Q, code string) (said backup.Told, err error) {
	if f.asks.Health().Backup == "" {
		return said, noBackups()
	}
	taken, err := backup.LastOf(ctx, q, backup.Backup, backup.Most)
	if err != nil {
		return said, err
	}
	said, ok := backup.ReadCode(code, taken)
	if !ok {
		return said, fault.Invalid("code", "operate.code.wrong", "This code fits no backup of this house. Compare it letter by letter. Backups from before the last upgrade have none.")
	}
	return said, nil
}

// noteRehearsal keeps what a code told, once. Of one that failed nobody knows what
// the backup held.
func noteRehearsal(ctx context.Context, tx *db.Tx, a people.Actor, said backup.Told) error {
	run := backup.Run{What: backup.Rehearsal, File: said.Of.File, Took: said.Took, Proof: said.Code, Way: backup.ByCode, Failure: said.Failure}
	if said.Failure != "" {
		run.Problem = said.Failure.Error()
	} else {
		run.Rows, run.Files = said.Of.Rows, said.Of.Files
	}
	done, err := backup.LastOf(ctx, tx, backup.Rehearsal, backup.Most)
	if err != nil {
		return err
	}
	for _, r := range done {
		old := r.Proof == "" && r.File == run.File && r.Took == run.Took && run.Failure == "" // noted by a program that did not keep the code
		if r.Way == run.Way && (old || r.Proof == run.Proof) {
			return fault.Invalid("code", "operate.code.again", "This code was brought here already.")
		}
	}
	if now := tx.Now(); now.Time().Sub(said.At) > 2*24*time.Hour { // the code knows the day alone
		run.At = db.At(said.At)
	}
	return backup.Note(ctx, tx, a, run)
}
