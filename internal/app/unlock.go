package app

import (
	"context"
	"fmt"

	"alliance/internal/platform/db"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/notice"
	"alliance/internal/platform/people"
)

type unlockCommand struct {
	Address string `arg:"" help:"E-mail address of the account."`
	Config  `embed:""`
}

func (s *unlockCommand) Run(ctx context.Context) error {
	a, err := Open(ctx, s.Config)
	if err != nil {
		return err
	}
	defer a.Close()
	if err := a.Unlock(ctx, s.Address); err != nil {
		return err
	}
	fmt.Println("The second factor is taken away, and told by mail. A password or a link signs in; set a new one up at once.")
	return nil
}

// Unlock takes the second factor of an account away. On the pages somebody
// above does it; for the last one up there, whoever has the machine.
func (a *App) Unlock(ctx context.Context, address string) error {
	return a.House.DB.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
		p, err := people.PersonByEmail(ctx, tx, address)
		if err != nil {
			return fmt.Errorf("%s: %w", address, err)
		}
		if has, err := people.NeedsSecond(ctx, tx, p.ID); err != nil || !has {
			return orElse(err, fmt.Errorf("%s has no second factor", address))
		}
		for _, step := range []func() error{
			func() error { return people.EndOtherSessions(ctx, tx, p.ID, "") },
			func() error { return people.DropFactors(ctx, tx, p.ID) },
			func() error { return people.ForgetFactor(ctx, tx, p.ID) },
		} {
			if err := step(); err != nil {
				return err
			}
		}
		journal.Tell(tx, people.Actor{}, journal.Event{Verb: "person.factor-removed", Kind: "person", Subject: p.ID})
		return notice.Tell(ctx, tx, notice.New{Person: p.ID, Key: "account.notice.factor-removed", English: "A second factor of your account was taken away.", Link: "/me/security", Mail: true})
	})
}

func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}
