package account

import (
	"context"

	"alliance/internal/feature"
	"alliance/internal/platform/db"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/mail"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// book knows from which addresses mails came back.
func (a *Account) book() mail.Book { return mail.Book{Key: a.Key} }

// backOf tells since when mails to somebody come back.
func (a *Account) backOf(ctx context.Context, q db.Q, person string) (mail.Stop, error) {
	p, err := people.PersonByID(ctx, q, person)
	if err != nil {
		return mail.Stop{}, err
	}
	return a.book().Stopped(ctx, q, p.Email)
}

// toDo tells somebody in the house what no mail can tell: that mails come back.
func (a *Account) toDo(ctx context.Context, q db.Q, actor people.Actor) ([]feature.Task, error) {
	stop, err := a.backOf(ctx, q, actor.Person)
	if err != nil || stop.Since == 0 {
		return nil, err
	}
	words := a.Catalog.For(actor.Lang)
	return []feature.Task{{Kind: locale.Phrase{Key: "account.back.task", English: "To put right"}, Lang: words.Lang(), Path: "/me/account",
		Title: words.T("account.back.title", "Mails to you come back")}}, nil
}

// works forgets that mails came back from somebody.
func (a *Account) works(ctx context.Context, tx *db.Tx, person string) error {
	p, err := people.PersonByID(ctx, tx, person)
	if err != nil || p.Email == "" {
		return err
	}
	return a.book().Resume(ctx, tx, p.Email)
}

func (a *Account) resume(c *web.Ctx) error {
	return c.Write(c.View.T("account.back.done", "Mails are sent again."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/me/account", a.works(ctx, tx, c.Actor.Person)
	})
}
