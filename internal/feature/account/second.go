package account

import (
	"context"
	"net/url"

	"github.com/a-h/templ"

	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/mail"
	"alliance/internal/platform/notice"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// comeIn goes on after the first proof (password, link, invitation): straight
// in, or to the second factor where there is one. No way in goes past it.
func (a *Account) comeIn(ctx context.Context, tx *db.Tx, c *web.Ctx, person, mandate, then string) (string, error) {
	return a.comeInBy(ctx, tx, c, person, mandate, then, c.SignIn)
}

func (a *Account) comeInBy(ctx context.Context, tx *db.Tx, c *web.Ctx, person, mandate, then string, signIn func(ctx context.Context, tx *db.Tx, person, mandate string) error) (string, error) {
	second, err := people.NeedsSecond(ctx, tx, person)
	if err != nil {
		return "", err
	}
	if second {
		return "/sign-in/second?then=" + url.QueryEscape(then), c.SignInHalf(ctx, tx, person, mandate)
	}
	if err := signIn(ctx, tx, person, mandate); err != nil {
		return "", err
	}
	if err := a.isIn(ctx, tx, c, person); err != nil || c.Actor.SignedIn() {
		return then, err
	}
	// Whose rights need a second factor is led to setting one up; "later" leads on.
	actor, err := people.ActorWithout(ctx, tx, person, mandate, tx.Now())
	if err == nil && actor.LacksFactor() && !a.Demo {
		then = protectFirst(then)
	}
	return then, err
}

// isIn is what follows every sign-in: the journal, and a mail when the browser
// is new to the person.
func (a *Account) isIn(ctx context.Context, tx *db.Tx, c *web.Ctx, person string) error {
	journal.Tell(tx, people.Actor{Person: person}, journal.Event{Verb: "person.signed-in", Kind: "person", Subject: person})
	known, first, err := people.KnowDevice(ctx, tx, person, c.Device(tx))
	if err != nil || known || first {
		return err
	}
	p, err := people.PersonByID(ctx, tx, person)
	if err != nil {
		return err
	}
	words := a.Catalog.For(p.Lang)
	browser := c.Agent()
	if browser == "" {
		browser = words.T("account.session.unknown", "Unknown browser")
	}
	if err := notice.Tell(ctx, tx, notice.New{Person: person, Key: "account.notice.device", English: "New sign-in to your account: {browser}.", Args: map[string]string{"browser": browser}, Link: "/me/security"}); err != nil {
		return err
	}
	// Not as a copy of the notice: whoever came in could mark that as read.
	return mail.Post(ctx, tx, mail.Message{To: p.Email, ToName: p.Name, Lang: words.Lang(),
		Subject: words.T("account.mail.device.subject", "New sign-in to your account"),
		Text: words.T("account.mail.hello", "Hello {name},", "name", p.Name) + "\n\n" +
			words.T("account.mail.device.text", "Somebody signed in to your account with a browser that was not used before: {browser}, {when} (UTC).", "browser", browser, "when", words.DateTime(tx.Now().Time().UTC())) + "\n\n" +
			words.T("account.mail.device.you", "If that was you, there is nothing to do.") + "\n\n" +
			words.T("account.mail.device.not", "If not, sign out everywhere and choose a new password here:") + "\n\n" +
			a.Origin + "/" + words.Lang() + "/me/security"})
}

// secondPage asks for a code.
type secondPage struct {
	Then     string
	Wait     bool
	App      bool // there is an app
	Passkeys bool // there is a passkey
}

func (a *Account) secondPage(c *web.Ctx, then string) (secondPage, error) {
	p := secondPage{Then: then}
	factors, err := people.FactorsOf(c.Context(), c.DB, c.Actor.Waiting.Person)
	p.App, p.Passkeys = factors.App, len(factors.Passkeys) > 0
	return p, err
}

func (a *Account) secondForm(c *web.Ctx) error {
	c.Private()
	if then := web.Local(c.Query("then")); c.Actor.Waiting.Person == "" {
		return c.See(signInFor(c.Actor, then))
	}
	p, err := a.secondPage(c, web.Local(c.Query("then")))
	if err != nil {
		return err
	}
	return c.Page(secondView(c.View, p))
}

// signInFor is where one goes who has waited too long, or waits for nothing.
func signInFor(actor people.Actor, then string) string {
	if actor.SignedIn() {
		return orMe(then)
	}
	if then == "" {
		return "/sign-in"
	}
	return "/sign-in?then=" + url.QueryEscape(then)
}

func (a *Account) second(c *web.Ctx) error {
	c.Private()
	w := c.Actor.Waiting
	if w.Person == "" {
		return c.See(signInFor(c.Actor, web.Local(c.Form("then"))))
	}
	p, err := a.secondPage(c, web.Local(c.Form("then")))
	if err != nil {
		return err
	}
	if c.Form("answer") != "" {
		return a.secondPasskey(c, p)
	}
	var allowed bool
	if err := c.DB.Do(c.Context(), func(ctx context.Context, tx *db.Tx) (err error) {
		allowed, err = people.Attempt(ctx, tx, "second/"+w.Person, passwordTries, passwordWait)
		return err
	}); err != nil {
		return err
	}
	if !allowed {
		p.Wait = true
		c.Status(429)
		c.View.Errors = []design.FieldError{{Message: c.View.T("account.second.wait", "Too many codes were tried. Wait a quarter of an hour.")}}
		return c.Page(secondView(c.View, p))
	}
	gone := false
	err = c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
		paper, err := people.ShowSecond(ctx, tx, a.Key, w.Person, c.Form("code"))
		if err != nil {
			return "", err
		}
		in, err := c.Complete(ctx, tx)
		if err != nil {
			return "", err
		}
		if gone = !in; gone {
			return "", late()
		}
		if err := people.Succeeded(ctx, tx, "second/"+w.Person); err != nil {
			return "", err
		}
		if paper {
			if err := a.paperUsed(ctx, tx, w.Person); err != nil {
				return "", err
			}
		}
		return orMe(p.Then), a.isIn(ctx, tx, c, w.Person)
	})
	if err != nil && !gone {
		return c.Retry(err, func(v design.View) templ.Component { return secondView(v, p) })
	}
	if gone {
		return c.See(signInFor(people.Actor{}, p.Then))
	}
	return nil
}

func late() *fault.Fault {
	return fault.Invalid("code", "account.second.late", "That took too long. Sign in again.")
}

// secondPasskey takes a passkey as the second step.
func (a *Account) secondPasskey(c *web.Ctx, p secondPage) error {
	w, gone := c.Actor.Waiting, false
	err := a.shown(c, toStep, w.Person, func(ctx context.Context, tx *db.Tx, _ people.Passkey) (string, error) {
		in, err := c.Complete(ctx, tx)
		if err != nil {
			return "", err
		}
		if gone = !in; gone {
			return "", late()
		}
		return orMe(p.Then), a.isIn(ctx, tx, c, w.Person)
	})
	switch {
	case gone:
		return c.See(signInFor(people.Actor{}, p.Then))
	case err != nil:
		return c.Retry(err, func(v design.View) templ.Component { return secondView(v, p) })
	}
	return nil
}

// paperUsed says that a code from paper was used, and how many are left.
func (a *Account) paperUsed(ctx context.Context, tx *db.Tx, person string) error {
	journal.Tell(tx, people.Actor{Person: person}, journal.Event{Verb: "person.recovery-used", Kind: "person", Subject: person})
	return notice.Tell(ctx, tx, notice.New{Person: person, Key: "account.notice.recovery", English: "A recovery code was used to sign in. Make new ones when few are left.", Link: "/me/security", Mail: true})
}
