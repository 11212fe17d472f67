package account

import (
	"context"

	"github.com/a-h/templ"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/notice"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// securityPage is where one looks after how one signs in.
type securityPage struct {
	Person   people.Person
	Factors  people.Factors
	Sessions []people.Session
	Session  string // this one
	Fresh    bool
	Actor    people.Actor

	Providers []Provider
	Linked    map[string]bool // by provider
}

func (a *Account) securityPage(c *web.Ctx) (securityPage, error) {
	c.Private()
	p := securityPage{Session: c.Actor.Session, Fresh: a.Fresh(c.Actor), Actor: c.Actor}
	var err error
	if p.Person, err = people.PersonByID(c.Context(), c.DB, c.Actor.Person); err != nil {
		return p, err
	}
	if p.Factors, err = people.FactorsOf(c.Context(), c.DB, c.Actor.Person); err != nil {
		return p, err
	}
	if p.Providers, err = providers(c.Context(), c.DB); err != nil {
		return p, err
	}
	if p.Linked, err = linkedTo(c.Context(), c.DB, c.Actor.Person); err != nil {
		return p, err
	}
	p.Sessions, err = people.SessionsOf(c.Context(), c.DB, c.Actor.Person, c.Actor.At)
	return p, err
}

func (a *Account) security(c *web.Ctx) error {
	p, err := a.securityPage(c)
	if err != nil {
		return err
	}
	return c.Page(securityView(c.View, p))
}

func (a *Account) securityAgain(c *web.Ctx, failed error) error {
	p, err := a.securityPage(c)
	if err != nil {
		return err
	}
	return c.Retry(failed, func(v design.View) templ.Component { return securityView(v, p) })
}

// setPassword takes a new password; every other session ends with the old one.
func (a *Account) setPassword(c *web.Ctx) error {
	if !a.Proven(c, "/me/security") {
		return nil
	}
	me, err := people.PersonByID(c.Context(), c.DB, c.Actor.Person)
	if err != nil {
		return err
	}
	password := c.R.PostFormValue("password")
	if err := people.ValidPassword(password, me); err != nil {
		return a.securityAgain(c, err)
	}
	hash, err := people.HashPassword(c.Context(), password)
	if err != nil {
		return err
	}
	flash := c.View.T("account.password.set", "Your new password counts from now on. You are signed out everywhere else.")
	return c.Write(flash, func(ctx context.Context, tx *db.Tx) (string, error) {
		if err := people.SetPassword(ctx, tx, me.ID, hash); err != nil {
			return "", err
		}
		if err := people.EndOtherSessions(ctx, tx, me.ID, c.Actor.Session); err != nil {
			return "", err
		}
		journal.Tell(tx, c.Actor, journal.Event{Verb: "person.password", Kind: "person", Subject: me.ID})
		return "/me/security", c.Rotate(ctx, tx)
	})
}

func (a *Account) endSession(c *web.Ctx) error {
	return c.Write(c.View.T("account.session.ended", "Signed out there."), func(ctx context.Context, tx *db.Tx) (string, error) {
		if c.Form("session") == "" {
			return "/me/security", people.EndOtherSessions(ctx, tx, c.Actor.Person, c.Actor.Session)
		}
		return "/me/security", people.EndSession(ctx, tx, c.Actor.Person, c.Form("session"))
	})
}

// appPage sets an authenticator app up. The secret travels sealed in the form
// until a code shows that the app has it: a GET keeps nothing.
type appPage struct {
	Sealed, Text string
	Address      string
	QR           []byte
	Replaces     bool
}

const setupPurpose = "totp-setup"

func (a *Account) appPage(c *web.Ctx, secret []byte) (p appPage, err error) {
	c.Private()
	me, err := people.PersonByID(c.Context(), c.DB, c.Actor.Person)
	if err != nil {
		return p, err
	}
	factors, err := people.FactorsOf(c.Context(), c.DB, c.Actor.Person)
	if err != nil {
		return p, err
	}
	p.Replaces = factors.App
	p.Sealed = a.Key.Seal(setupPurpose, c.Actor.Person, secret)
	p.Text = people.TOTPText(secret)
	p.Address = people.TOTPAddress(secret, c.View.Alliance, me.Email)
	p.QR, err = design.DrawQR(p.Address)
	return p, err
}

func (a *Account) appForm(c *web.Ctx) error {
	if !a.Proven(c, "/me/security/app") {
		return nil
	}
	p, err := a.appPage(c, people.NewTOTPSecret())
	if err != nil {
		return err
	}
	return c.Page(appView(c.View, p))
}

// app keeps the secret once the app has shown a code, and gives the codes on
// paper, this once.
func (a *Account) app(c *web.Ctx) error {
	if !a.Proven(c, "/me/security/app") {
		return nil
	}
	c.Private()
	secret, err := a.Key.Open(setupPurpose, c.Actor.Person, c.Form("secret"))
	if err != nil {
		return fault.Invalid("", "web.key", "This form is too old. Open the page again.")
	}
	var codes []string
	err = c.DB.Do(c.Context(), func(ctx context.Context, tx *db.Tx) error {
		if err := people.KeepTOTP(ctx, tx, a.Key, c.Actor.Person, secret, c.Form("code")); err != nil {
			return err
		}
		var err error
		if codes, err = people.NewRecovery(ctx, tx, a.Key, c.Actor.Person); err != nil {
			return err
		}
		if err := people.ShowedFactor(ctx, tx, c.Actor.Session); err != nil {
			return err
		}
		journal.Tell(tx, c.Actor, journal.Event{Verb: "person.factor-set", Kind: "person", Subject: c.Actor.Person})
		if err := notice.Tell(ctx, tx, notice.New{Person: c.Actor.Person, Key: "account.notice.factor-set", English: "An authenticator app now protects your account.", Link: "/me/security", Mail: true}); err != nil {
			return err
		}
		return c.Rotate(ctx, tx)
	})
	if err != nil {
		p, pageErr := a.appPage(c, secret)
		if pageErr != nil {
			return pageErr
		}
		return c.Retry(err, func(v design.View) templ.Component { return appView(v, p) })
	}
	return c.Page(codesView(c.View, codes, c.View.T("account.app.works", "The app is on. From now on its code is asked for at sign-in.")))
}

// newCodes makes new codes on paper; the old ones end.
func (a *Account) newCodes(c *web.Ctx) error {
	if !a.Proven(c, "/me/security") {
		return nil
	}
	c.Private()
	var codes []string
	err := c.DB.Do(c.Context(), func(ctx context.Context, tx *db.Tx) (err error) {
		second, err := people.NeedsSecond(ctx, tx, c.Actor.Person)
		if err != nil || !second {
			return firstOf(err, fault.Conflict("account.codes.none", "Set up an authenticator app or a passkey first."))
		}
		codes, err = people.NewRecovery(ctx, tx, a.Key, c.Actor.Person)
		journal.Tell(tx, c.Actor, journal.Event{Verb: "person.recovery-made", Kind: "person", Subject: c.Actor.Person})
		return err
	})
	if err != nil {
		return a.securityAgain(c, err)
	}
	return c.Page(codesView(c.View, codes, ""))
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// endApp takes the app away.
func (a *Account) endApp(c *web.Ctx) error {
	if !a.Proven(c, "/me/security") {
		return nil
	}
	return c.Write(c.View.T("account.app.ended", "The authenticator app no longer counts."), func(ctx context.Context, tx *db.Tx) (string, error) {
		factors, err := people.FactorsOf(ctx, tx, c.Actor.Person)
		if err != nil || !factors.App {
			return "", firstOf(err, fault.Missing())
		}
		if err := people.DropTOTP(ctx, tx, c.Actor.Person); err != nil {
			return "", err
		}
		return "/me/security", a.lessFactor(ctx, tx, c.Actor, c.Actor.Person)
	})
}

// requireFactor says which roles need a second factor. Only who has shown one
// may ask others for it: nobody shuts themselves out.
func (a *Account) requireFactor(c *web.Ctx) error {
	if !a.Proven(c, "/roles") {
		return nil
	}
	var roles []people.Role
	for _, r := range c.Forms("needs") {
		roles = append(roles, people.Role(r))
	}
	err := c.Write(c.View.T("account.kept", "Kept."), func(ctx context.Context, tx *db.Tx) (string, error) {
		if len(roles) > 0 && !c.Actor.Factor {
			return "", needOwnFactor("needs")
		}
		journal.Tell(tx, c.Actor, journal.Event{Verb: "alliance.factor", Kind: "alliance"})
		return "/roles", people.RequireFactor(ctx, tx, roles)
	})
	if err == nil {
		return nil
	}
	p, pageErr := a.rolesPage(c)
	if pageErr != nil {
		return pageErr
	}
	p.Needs = roles
	return c.Retry(err, func(v design.View) templ.Component { return rolesView(v, p) })
}

func needOwnFactor(field string) *fault.Fault {
	return fault.Invalid(field, "account.factor.own", "First sign in with a second factor yourself, or you would shut yourself out.")
}

// requireFactorFor is the same for the mandates of one organisation.
func (a *Account) requireFactorFor(c *web.Ctx) error {
	organisation := c.Form("organisation")
	if !MayInvite(c.Actor, organisation) {
		return access.Denied()
	}
	if !a.Proven(c, "/mandates?organisation="+organisation) {
		return nil
	}
	return c.Write(c.View.T("account.kept", "Kept."), func(ctx context.Context, tx *db.Tx) (string, error) {
		needed := c.Form("needed") != ""
		if needed && !c.Actor.Factor {
			return "", fault.Conflict("account.factor.own", "First sign in with a second factor yourself, or you would shut yourself out.")
		}
		journal.Tell(tx, c.Actor, journal.Event{Verb: "organisation.factor", Kind: "organisation", Subject: organisation})
		return "/mandates?organisation=" + organisation, people.RequireFactorFor(ctx, tx, organisation, needed)
	})
}

// mayReset tells whose second factor the actor may take away, for people who
// have lost their phone and their paper.
func (a *Account) mayReset(ctx context.Context, q db.Q, actor people.Actor, person string) (people.Person, error) {
	p, err := people.PersonByID(ctx, q, person)
	if err != nil {
		return p, err
	}
	if p.Erased != 0 || p.ID == actor.Person {
		return p, fault.Missing()
	}
	grants, err := people.GrantsOf(ctx, q, person)
	for _, g := range grants {
		if err := MayGive(actor, g.Role); err != nil {
			return p, err // nobody opens the door of those who stand above them
		}
	}
	return p, err
}

func (a *Account) resetForm(c *web.Ctx) error {
	if !a.Proven(c, "/people/"+c.Path("id")+"/factor") {
		return nil
	}
	p, err := a.mayReset(c.Context(), c.DB, c.Actor, c.Path("id"))
	if err != nil {
		return err
	}
	return c.Page(resetView(c.View, p))
}

func (a *Account) reset(c *web.Ctx) error {
	if !a.Proven(c, "/people/"+c.Path("id")+"/factor") {
		return nil
	}
	return c.Write(c.View.T("account.reset.done", "The second factor is taken away. The person was told by mail."), func(ctx context.Context, tx *db.Tx) (string, error) {
		p, err := a.mayReset(ctx, tx, c.Actor, c.Path("id"))
		if err != nil {
			return "", err
		}
		second, err := people.NeedsSecond(ctx, tx, p.ID)
		if err != nil || !second {
			return "", firstOf(err, fault.Missing())
		}
		if err := people.EndOtherSessions(ctx, tx, p.ID, ""); err != nil {
			return "", err
		}
		if err := people.DropFactors(ctx, tx, p.ID); err != nil {
			return "", err
		}
		return "/people", a.lessFactor(ctx, tx, c.Actor, p.ID)
	})
}
