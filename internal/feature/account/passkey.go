package account

import (
	"context"
	"errors"

	"github.com/a-h/templ"

	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/notice"
	"alliance/internal/platform/passkey"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// What challenges of passkeys are for: the answer to one is none to another.
const (
	toMake   = "passkey-make"
	toSignIn = "passkey-sign-in"
	toStep   = "passkey-second" // after a password or a link
)

// site is what passkeys are bound to. Where an address has no name there are
// none, and the script does not offer any.
func site(c *web.Ctx) (passkey.Site, error) {
	s, err := passkey.At(c.View.Origin, c.View.Alliance)
	if errors.Is(err, passkey.ErrNumbers) {
		err = fault.Conflict("account.passkey.numbers", "Browsers make no passkeys for an address of numbers. Open this site by its name.")
	}
	return s, err
}

// ask sets a challenge and gives the browser what it asks the passkey; some are
// those that may answer, nil for any.
func ask(c *web.Ctx, purpose, person string, write func(s passkey.Site, challenge string) ([]byte, error)) error {
	c.Private()
	s, err := site(c)
	if err != nil {
		return err
	}
	var challenge string
	if err := c.DB.Do(c.Context(), func(ctx context.Context, tx *db.Tx) error {
		allowed, err := people.Attempt(ctx, tx, "passkeys-from/"+c.Network(), networkPasskeys, passwordWait)
		if err != nil {
			return err
		}
		if !allowed {
			return people.TooManyFromNetwork()
		}
		challenge, err = people.SetChallenge(ctx, tx, people.Challenge{Purpose: purpose, Person: person, Lasts: passkey.Time})
		return err
	}); err != nil {
		return err
	}
	body, err := write(s, challenge)
	if err != nil {
		return err
	}
	return c.Bytes("application/json", body)
}

func keys(list []people.Passkey) (keys []passkey.Key) {
	for _, k := range list {
		keys = append(keys, k.Key)
	}
	return keys
}

// wrongPasskey is all that a page says of an answer that does not count.
func wrongPasskey() *fault.Fault {
	return fault.Invalid("", "account.passkey.wrong", "This passkey does not count here. Try again, or use another way.")
}

// errCopied travels from the transaction to where the person is told.
var errCopied = fault.Invalid("", "account.passkey.copied", "This passkey may have been copied, so it was refused. Use another way, then remove it.")

// shown judges the passkey in the form, then goes on. A challenge is used up
// even by an answer that does not count.
func (a *Account) shown(c *web.Ctx, purpose, person string, then func(context.Context, *db.Tx, people.Passkey) (string, error)) error {
	s, err := site(c)
	if err != nil {
		return err
	}
	answer, err := passkey.ReadShown(c.Form("answer"))
	if err != nil {
		a.Log.Info("passkey not read", "err", err)
		return wrongPasskey()
	}
	var k people.Passkey
	err = c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
		if _, err := people.TakeChallenge(ctx, tx, purpose, person, answer.Challenge); err != nil {
			return "", err
		}
		if k, err = people.PasskeyByCredential(ctx, tx, answer.Credential); err != nil {
			if fault.Is(err, fault.KindNotFound) {
				err = wrongPasskey()
			}
			return "", err
		}
		if person != "" && k.Person != person || answer.Owner != "" && answer.Owner != k.Person {
			return "", wrongPasskey()
		}
		counter, err := s.Check(answer, answer.Challenge, k.PKIX)
		if err != nil {
			a.Log.Info("passkey refused", "err", err)
			return "", wrongPasskey()
		}
		copied, err := people.UsePasskey(ctx, tx, k.ID, counter)
		if err != nil || copied {
			return "", firstOf(err, errCopied)
		}
		return then(ctx, tx, k)
	})
	if err == nil {
		return nil
	}
	copied := errors.Is(err, errCopied)
	return firstOf(c.DB.Do(c.Context(), func(ctx context.Context, tx *db.Tx) error {
		if copied {
			if err := a.warnOfCopy(ctx, tx, k); err != nil {
				return err
			}
		}
		return people.DropChallenge(ctx, tx, answer.Challenge)
	}), err)
}

// warnOfCopy tells whose passkey was shown by something that is behind it.
func (a *Account) warnOfCopy(ctx context.Context, tx *db.Tx, k people.Passkey) error {
	journal.Tell(tx, people.Actor{Person: k.Person}, journal.Event{Verb: "person.passkey-copied", Kind: "person", Subject: k.Person})
	return notice.Tell(ctx, tx, notice.New{Person: k.Person, Key: "account.notice.passkey-copied", English: "Your passkey “{passkey}” may have been copied. It was refused; remove it.", Args: map[string]string{"passkey": k.Name}, Link: "/me/security", Mail: true})
}

func (a *Account) beginPasskey(c *web.Ctx) error {
	return ask(c, toSignIn, "", func(s passkey.Site, challenge string) ([]byte, error) { return s.ToShow(challenge, nil) })
}

// withPasskey signs in without an address or a password: a passkey is both.
func (a *Account) withPasskey(c *web.Ctx) error {
	c.Private()
	p, err := a.signInPage(c, c.Form("then"))
	if err != nil {
		return err
	}
	err = a.shown(c, toSignIn, "", func(ctx context.Context, tx *db.Tx, k people.Passkey) (string, error) {
		if p.Again && k.Person != c.Actor.Person {
			return "", wrongPasskey()
		}
		mandate, then, err := a.actingFor(ctx, tx, c, k.Person, p.Then)
		if err != nil {
			return "", err
		}
		if err := c.SignInStrong(ctx, tx, k.Person, mandate); err != nil {
			return "", err
		}
		return then, a.isIn(ctx, tx, c, k.Person)
	})
	if err != nil {
		return c.Retry(err, func(v design.View) templ.Component { return signInView(v, p) })
	}
	return nil
}

func (a *Account) beginStep(c *web.Ctx) error {
	w := c.Actor.Waiting
	if w.Person == "" {
		return fault.SignIn()
	}
	own, err := people.PasskeysOf(c.Context(), c.DB, w.Person)
	if err != nil {
		return err
	}
	if len(own) == 0 {
		return fault.Missing()
	}
	return ask(c, toStep, w.Person, func(s passkey.Site, challenge string) ([]byte, error) { return s.ToShow(challenge, keys(own)) })
}

// passkeyPage names a passkey: a new one, or one that is there.
type passkeyPage struct {
	Passkey people.Passkey // zero = a new one
	Name    string
	First   bool // the first second factor: codes on paper come with it
	Key     string
}

func (a *Account) newPasskeyForm(c *web.Ctx) error {
	if !a.Proven(c, "/me/security/passkeys/new") {
		return nil
	}
	c.Private()
	p := passkeyPage{Name: c.Agent()}
	has, err := people.NeedsSecond(c.Context(), c.DB, c.Actor.Person)
	if err != nil {
		return err
	}
	p.First = !has
	return c.Page(newPasskeyView(c.View, p))
}

func (a *Account) beginNewPasskey(c *web.Ctx) error {
	if !a.Fresh(c.Actor) {
		return fault.Forbidden("account.prove", "Show once more who you are, then go on.")
	}
	me, err := people.PersonByID(c.Context(), c.DB, c.Actor.Person)
	if err != nil {
		return err
	}
	own, err := people.PasskeysOf(c.Context(), c.DB, me.ID)
	if err != nil {
		return err
	}
	return ask(c, toMake, me.ID, func(s passkey.Site, challenge string) ([]byte, error) {
		return s.ToMake(challenge, passkey.Owner{ID: me.ID, Address: me.Email, Name: me.Name}, keys(own))
	})
}

// addPasskey keeps a new passkey. With the first second factor come the codes
// on paper, shown this once.
func (a *Account) addPasskey(c *web.Ctx) error {
	if !a.Proven(c, "/me/security/passkeys/new") {
		return nil
	}
	c.Private()
	codes, err := a.keepPasskey(c)
	if err != nil {
		p := passkeyPage{Name: c.Form("name")}
		return c.Retry(err, func(v design.View) templ.Component { return newPasskeyView(v, p) })
	}
	if codes != nil {
		return c.Page(codesView(c.View, codes, c.View.T("account.passkey.works", "The passkey is kept. From now on it, or a code, is asked for after your password or link.")))
	}
	return c.See("/me/security")
}

func (a *Account) keepPasskey(c *web.Ctx) (codes []string, err error) {
	s, err := site(c)
	if err != nil {
		return nil, err
	}
	made, err := passkey.ReadMade(c.Form("answer"))
	if err != nil {
		a.Log.Info("passkey not read", "err", err)
		return nil, wrongPasskey()
	}
	public, err := s.Accept(made, made.Challenge)
	if err != nil {
		a.Log.Info("passkey refused", "err", err)
		return nil, firstOf(c.DB.Do(c.Context(), func(ctx context.Context, tx *db.Tx) error {
			return people.DropChallenge(ctx, tx, made.Challenge)
		}), wrongPasskey())
	}
	me := c.Actor.Person
	err = c.DB.Do(c.Context(), func(ctx context.Context, tx *db.Tx) error {
		if _, err := people.TakeChallenge(ctx, tx, toMake, me, made.Challenge); err != nil {
			return err
		}
		before, err := people.FactorsOf(ctx, tx, me)
		if err != nil {
			return err
		}
		if _, err := people.KeepPasskey(ctx, tx, people.Passkey{Person: me, Name: c.Form("name"), Public: public}); err != nil {
			return err
		}
		if !before.Any() {
			if codes, err = people.NewRecovery(ctx, tx, a.Key, me); err != nil {
				return err
			}
		} else if err := people.SetFlash(ctx, tx, c.Actor.Session, c.View.T("account.passkey.kept", "The passkey is kept.")); err != nil {
			return err
		}
		if err := people.ShowedFactor(ctx, tx, c.Actor.Session); err != nil {
			return err
		}
		journal.Tell(tx, c.Actor, journal.Event{Verb: "person.passkey-made", Kind: "person", Subject: me})
		if err := notice.Tell(ctx, tx, notice.New{Person: me, Key: "account.notice.passkey-made", English: "A passkey was added to your account.", Link: "/me/security", Mail: true}); err != nil {
			return err
		}
		return c.Rotate(ctx, tx)
	})
	return codes, err
}

func (a *Account) onePasskey(c *web.Ctx) (p passkeyPage, err error) {
	c.Private()
	p.Key = web.NewKey()
	p.Passkey, err = people.PasskeyOf(c.Context(), c.DB, c.Actor.Person, c.Path("id"))
	p.Name = p.Passkey.Name
	return p, err
}

func (a *Account) passkeyForm(c *web.Ctx) error {
	p, err := a.onePasskey(c)
	if err != nil {
		return err
	}
	return c.Page(passkeyView(c.View, p))
}

func (a *Account) renamePasskey(c *web.Ctx) error {
	name := c.Form("name")
	err := c.Write(c.View.T("account.kept", "Kept."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/me/security", people.RenamePasskey(ctx, tx, c.Actor.Person, c.Path("id"), name)
	})
	if err == nil {
		return nil
	}
	p, pageErr := a.onePasskey(c)
	if pageErr != nil {
		return pageErr
	}
	p.Name = name
	return c.Retry(err, func(v design.View) templ.Component { return passkeyView(v, p) })
}

func (a *Account) removePasskeyForm(c *web.Ctx) error {
	if !a.Proven(c, "/me/security/passkeys/"+c.Path("id")+"/remove") {
		return nil
	}
	p, err := a.onePasskey(c)
	if err != nil {
		return err
	}
	factors, err := people.FactorsOf(c.Context(), c.DB, c.Actor.Person)
	if err != nil {
		return err
	}
	last := !factors.App && len(factors.Passkeys) == 1
	return c.Page(removePasskeyView(c.View, p.Passkey, last))
}

// removePasskey takes one away. With the last second factor everything that
// needs one falls asleep.
func (a *Account) removePasskey(c *web.Ctx) error {
	if !a.Proven(c, "/me/security/passkeys/"+c.Path("id")+"/remove") {
		return nil
	}
	return c.Write(c.View.T("account.passkey.removed", "The passkey no longer counts."), func(ctx context.Context, tx *db.Tx) (string, error) {
		if err := people.DropPasskey(ctx, tx, c.Actor.Person, c.Path("id")); err != nil {
			return "", err
		}
		return "/me/security", a.lessFactor(ctx, tx, c.Actor, c.Actor.Person)
	})
}

// lessFactor follows when a second factor was taken away: what needs one sleeps
// at once, in all sessions and tokens, if it was the last.
func (a *Account) lessFactor(ctx context.Context, tx *db.Tx, actor people.Actor, person string) error {
	second, err := people.NeedsSecond(ctx, tx, person)
	if err != nil {
		return err
	}
	if !second {
		if err := people.DropFactors(ctx, tx, person); err != nil { // the codes on paper
			return err
		}
		if err := people.ForgetFactor(ctx, tx, person); err != nil {
			return err
		}
	}
	journal.Tell(tx, actor, journal.Event{Verb: "person.factor-removed", Kind: "person", Subject: person})
	return notice.Tell(ctx, tx, notice.New{Person: person, Key: "account.notice.factor-removed", English: "A second factor of your account was taken away.", Link: "/me/security", Mail: true})
}
