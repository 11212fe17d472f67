package account

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/job"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/mail"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// signInPage is the form as typed. The same page asks again who one is before
// something that matters.
type signInPage struct {
	Email, Then string
	Again       bool // somebody is signed in: only their own account will do
	Wait        bool // too many wrong passwords: the link way only
	Providers   []Provider
}

func (a *Account) signInPage(c *web.Ctx, then string) (p signInPage, err error) {
	p = signInPage{Then: web.Local(then), Again: c.Actor.SignedIn()}
	if p.Providers, err = providers(c.Context(), c.DB); err != nil || !p.Again {
		return p, err
	}
	me, err := people.PersonByID(c.Context(), c.DB, c.Actor.Person)
	p.Email = me.Email
	return p, err
}

func (a *Account) signInForm(c *web.Ctx) error {
	p, err := a.signInPage(c, c.Query("then"))
	if err != nil {
		return err
	}
	if p.Again && c.Query("again") == "" {
		return c.See(orMe(p.Then))
	}
	return c.Page(signInView(c.View, p))
}

func orMe(then string) string {
	if then == "" {
		return "/me"
	}
	return then
}

// signIn takes a password, or sends a link. What it answers, and how long it
// takes, is the same whether there is such an account or not.
func (a *Account) signIn(c *web.Ctx) error {
	p, err := a.signInPage(c, c.Form("then"))
	if err != nil {
		return err
	}
	p.Email = c.Form("email")
	key, ok := people.EmailKey(p.Email)
	if !ok {
		return a.signInAgain(c, p, fault.Invalid("email", "people.email.form", "Write an e-mail address, such as name@example.org."))
	}
	network := c.Network()
	if c.Form("way") == "link" {
		return c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
			allowed, err := people.Attempt(ctx, tx, "links-from/"+network, networkLinks, linkWait)
			if err != nil {
				return "", err
			}
			if !allowed {
				return "", people.TooManyFromNetwork()
			}
			return "/sign-in/sent", job.Add(ctx, tx, job.New{Kind: jobLink, Data: wanted{key, p.Then}})
		})
	}
	password := c.R.PostFormValue("password")
	if password == "" {
		return a.signInAgain(c, p, fault.Invalid("password", "account.password.empty", "Write your password, or have a link sent to you."))
	}
	var allowed bool
	var counted string // for the network; taken back when the password is right
	if err := c.DB.Do(c.Context(), func(ctx context.Context, tx *db.Tx) (err error) {
		if counted, err = people.Count(ctx, tx, "passwords-from/"+network, networkPasswords, passwordWait); err != nil || counted == "" {
			return err
		}
		allowed, err = people.Attempt(ctx, tx, "password/"+key, passwordTries, passwordWait)
		return err
	}); err != nil {
		return err
	}
	if counted == "" {
		return people.TooManyFromNetwork()
	}
	if !allowed {
		p.Wait = true
		c.Status(429)
		c.View.Errors = []design.FieldError{{Field: "email", Message: c.View.T("account.password.wait", "Too many passwords were tried for this address. Have a link sent to you, or wait a quarter of an hour.")}}
		return c.Page(signInView(c.View, p))
	}
	person, hash, err := people.PasswordOf(c.Context(), c.DB, key)
	if err != nil {
		return err
	}
	right, err := people.CheckPassword(c.Context(), hash, password)
	if err != nil {
		return err
	}
	if !right || p.Again && person != c.Actor.Person {
		return a.signInAgain(c, p, fault.Invalid("email", "account.sign-in.wrong", "This address and password do not belong together."))
	}
	return c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
		if err := people.Succeeded(ctx, tx, "password/"+key); err != nil {
			return "", err
		}
		if err := people.TakeBack(ctx, tx, counted); err != nil {
			return "", err
		}
		return a.enter(ctx, tx, c, person, p.Then)
	})
}

func (a *Account) signInAgain(c *web.Ctx, p signInPage, f *fault.Fault) error {
	return c.Retry(f, func(v design.View) templ.Component { return signInView(v, p) })
}

// enter starts the session, for the organisation where there is no choice.
// Whoever only proves again who they are goes on acting for the same one.
func (a *Account) enter(ctx context.Context, tx *db.Tx, c *web.Ctx, person, then string) (string, error) {
	mandate, then, err := a.actingFor(ctx, tx, c, person, then)
	if err != nil {
		return "", err
	}
	return a.comeIn(ctx, tx, c, person, mandate, then)
}

// actingFor picks for whom somebody acts who comes in, and where they go.
func (a *Account) actingFor(ctx context.Context, tx *db.Tx, c *web.Ctx, person, then string) (mandate, to string, err error) {
	if c.Actor.Person == person {
		return c.Actor.Mandate.ID, orMe(then), nil
	}
	all, err := people.MandatesOf(ctx, tx, person)
	if err != nil {
		return "", "", err
	}
	held := inForce(all, tx.Now())
	switch {
	case len(held) == 1:
		mandate = held[0].ID
	case len(held) > 1 && then == "":
		return "", "/me#act-for", nil
	}
	return mandate, orMe(then), nil
}

// wanted is a link somebody asked for. Whether there is an account is looked
// up later, by a job, so that the answer cannot tell.
type wanted struct{ Email, Then string }

const jobLink = "account.link"

func (a *Account) sendLink(ctx context.Context, data []byte) error {
	var w wanted
	if err := json.Unmarshal(data, &w); err != nil {
		return job.Hopeless(fmt.Errorf("account: %w", err))
	}
	return a.DB.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
		p, err := people.PersonByEmail(ctx, tx, w.Email)
		if fault.Is(err, fault.KindNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		n, err := people.LinksSince(ctx, tx, linkSignIn, w.Email, tx.Now().Add(-linkWait))
		if err != nil || n >= linkTries {
			return err
		}
		secret, err := people.NewLink(ctx, tx, people.Link{Purpose: linkSignIn, Email: w.Email, Data: w.Then, Lasts: signInTime})
		if err != nil {
			return err
		}
		words := a.Catalog.For(p.Lang)
		return mail.Post(ctx, tx, mail.Message{
			To: p.Email, ToName: p.Name, Lang: words.Lang(), Asked: true,
			Subject: words.T("account.mail.link.subject", "Your link to sign in"),
			Text: words.T("account.mail.hello", "Hello {name},", "name", p.Name) + "\n\n" +
				words.T("account.mail.link.text", "With this link you sign in. It works once, for {n} minutes:", "n", int(signInTime.Minutes())) + "\n\n" +
				a.Origin + "/" + words.Lang() + "/sign-in/link/" + secret + "\n\n" +
				words.T("account.mail.link.not-you", "You did not ask for it? Then do nothing: without the link nobody gets in."),
		})
	})
}

func (a *Account) linkSent(c *web.Ctx) error { return c.Page(linkSentView(c.View)) }

// linkForm only asks: programs that read mails open links, and must not use
// them up.
func (a *Account) linkForm(c *web.Ctx) error {
	c.Private()
	if _, err := people.LinkOf(c.Context(), c.DB, linkSignIn, c.Path("secret"), c.Actor.At); err != nil {
		return err
	}
	return c.Page(linkView(c.View, "/sign-in/link/"+url.PathEscape(c.Path("secret"))))
}

func (a *Account) link(c *web.Ctx) error {
	return c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
		l, err := people.UseLink(ctx, tx, linkSignIn, c.Path("secret"))
		if err != nil {
			return "", err
		}
		p, err := people.PersonByEmail(ctx, tx, l.Email)
		if fault.Is(err, fault.KindNotFound) {
			return "", people.LinkOver()
		}
		if err != nil {
			return "", err
		}
		if err := a.works(ctx, tx, p.ID); err != nil { // the link was read: mails arrive
			return "", err
		}
		return a.enter(ctx, tx, c, p.ID, web.Local(l.Data))
	})
}

func (a *Account) signOut(c *web.Ctx) error {
	if !c.Actor.SignedIn() {
		return c.See("/")
	}
	return c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
		linked, err := linkedTo(ctx, tx, c.Actor.Person)
		if err != nil {
			return "", err
		}
		to := "/"
		if len(linked) > 0 { // perhaps one of them let this person in
			to = "/sign-out/done?" + url.Values{"at": slices.Sorted(maps.Keys(linked))}.Encode()
		}
		journal.Tell(tx, c.Actor, journal.Event{Verb: "person.signed-out", Kind: "person", Subject: c.Actor.Person})
		return to, c.SignOut(ctx, tx)
	})
}

// actFor changes for whom one acts, with a new secret for the session.
func (a *Account) actFor(c *web.Ctx) error {
	then, mandate := orMe(web.Local(c.Form("then"))), c.Form("mandate")
	return c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
		if err := people.ActFor(ctx, tx, c.Actor.Session, c.Actor.Person, mandate); err != nil {
			return "", err
		}
		if mandate != "" && !c.Actor.Factor {
			m, err := people.MandateByID(ctx, tx, mandate)
			if err != nil {
				return "", err
			}
			if m.Factor {
				then = protectFirst(then)
			}
		}
		return then, c.Rotate(ctx, tx)
	})
}
