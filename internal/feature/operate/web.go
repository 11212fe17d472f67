package operate

import (
	"context"
	"runtime"
	"slices"
	"time"

	"alliance/internal/platform/backup"
	"alliance/internal/platform/db"
	"alliance/internal/platform/health"
	"alliance/internal/platform/job"
	"alliance/internal/platform/mail"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// deskPage is how the house is.
type deskPage struct {
	Findings  []health.Finding
	Thorough  bool
	Jobs      []job.Count
	Dead      []job.Corpse
	Runs      []backup.Run
	Backup    bool        // backups are taken
	Encrypted bool        // to a key that is not here
	Place     string      // where backups lie; "" = in the demonstration
	Keep      backup.Keep // how many stay
	Last      *backup.Run // backup that went well
	Rehearsed *backup.Run // the last one that went well
	Code      string      // of a rehearsal, as it was typed
	Store     health.Store
	Program   string
	Go        string
	Roles     []roleCount
	Mail      mailPart
	Asleep    int // of those, without a second factor
	Key       string
}

// roleCount says how many hold a role that can do harm.
type roleCount struct {
	Role people.Role
	N    int
}

// most runs of backups a page shows.
const mostRuns = 10

func (f *Feature) page(c *web.Ctx) (p deskPage, err error) {
	c.Private()
	h := f.asks.Health()
	p = deskPage{Findings: h.Quick(c.Context()), Backup: h.Backup != "", Encrypted: h.Encrypted, Keep: h.BackupKeep, Program: h.Program, Go: runtime.Version(), Key: web.NewKey()}
	if p.Jobs, err = job.Counts(c.Context(), c.DB); err != nil {
		return p, err
	}
	if p.Dead, err = job.Dead(c.Context(), c.DB); err != nil {
		return p, err
	}
	if p.Runs, err = backup.Last(c.Context(), c.DB, mostRuns); err != nil {
		return p, err
	}
	if !f.Demo { // whoever tries the house is an operator, and no business of this machine's
		p.Place = h.Backup
	}
	if p.Last, err = backup.Good(c.Context(), c.DB, backup.Backup); err != nil {
		return p, err
	}
	if p.Rehearsed, err = backup.Good(c.Context(), c.DB, backup.Rehearsal); err != nil {
		return p, err
	}
	if p.Store, err = h.Measure(c.Context()); err != nil {
		return p, err
	}
	if p.Mail, err = mailOf(c.Context(), h); err != nil {
		return p, err
	}
	return p, f.holders(c.Context(), c.DB, &p)
}

// mailPart is how mails fare: of nobody in particular.
type mailPart struct {
	mail.Tally
	Record, Text string // to publish in the DNS; "" = nothing is signed here
}

// mailDays is how far back the desk counts mails.
const mailDays = 30

func mailOf(ctx context.Context, h health.House) (p mailPart, err error) {
	if p.Tally, err = mail.TallySince(ctx, h.DB, h.DB.Now().Add(-mailDays*24*time.Hour)); err != nil {
		return p, err
	}
	s, err := h.Signed(ctx)
	if s != nil {
		p.Record, p.Text = s.Record()
	}
	return p, err
}

// holders counts who has the roles that can do the most harm, and who of them
// shows no second factor.
func (f *Feature) holders(ctx context.Context, q db.Q, p *deskPage) error {
	grants, err := people.AllGrants(ctx, q)
	if err != nil {
		return err
	}
	with, err := people.WithFactor(ctx, q)
	if err != nil {
		return err
	}
	without := map[string]bool{}
	for _, role := range slices.Concat(people.AlwaysFactor, people.FactorRoles) {
		held := map[string]bool{}
		for _, g := range grants {
			if g.Role == role {
				held[g.Person] = true
				without[g.Person] = !with[g.Person]
			}
		}
		p.Roles = append(p.Roles, roleCount{role, len(held)})
	}
	for _, bare := range without {
		if bare {
			p.Asleep++
		}
	}
	return nil
}

func (f *Feature) desk(c *web.Ctx) error {
	p, err := f.page(c)
	if err != nil {
		return err
	}
	return c.Page(deskView(c.View, p))
}

// check looks at everything, which may take a while.
func (f *Feature) check(c *web.Ctx) error {
	c.Private()
	return c.Page(checkView(c.View, f.asks.Health().Thorough(c.Context())))
}

// settle tries a job that was given up again, or drops it.
func (f *Feature) settle(c *web.Ctx) error {
	again, one := c.Form("do") == "again", c.Form("job")
	flash := c.View.T("operate.dropped", "It is dropped.")
	if again {
		flash = c.View.T("operate.again.done", "It is tried again.")
	}
	return c.Write(flash, func(ctx context.Context, tx *db.Tx) (string, error) {
		do := job.Forget
		if again {
			do = job.Retry
		}
		return "/operate#dead", do(ctx, tx, one)
	})
}

// backup asks for a backup now. It is taken in the background.
func (f *Feature) backup(c *web.Ctx) error {
	return c.Write(c.View.T("operate.backup.asked", "A backup is being taken. It shows below when it is done."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/operate#backups", f.takeBackup(ctx, tx)
	})
}

func (f *Feature) takeBackup(ctx context.Context, tx *db.Tx) error {
	if f.asks.Health().Backup == "" {
		return noBackups()
	}
	return job.Add(ctx, tx, job.New{Kind: jobBackup, Key: "asked"})
}
