package account

import (
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"
	"golang.org/x/oauth2"

	"github.com/coreos/go-oidc/v3/oidc"

	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/notice"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// leavePage leads to a provider; the browser goes there by itself.
type leavePage struct{ Name, Host, Address string }

// goTo sends somebody to a provider, to sign in or to link. It answers with a
// page, since our policy lets no form lead elsewhere.
func (a *Account) goTo(c *web.Ctx) error {
	c.Private()
	p, err := providerByID(c.Context(), c.DB, c.Path("id"))
	if err != nil {
		return err
	}
	if a.Demo && p.ID == DemoProvider {
		return c.See(inventedPath)
	}
	v := visit{Provider: p.ID, Nonce: id.Secret(16), Verifier: oauth2.GenerateVerifier(), Then: web.Local(c.Form("then")), Lang: c.Lang()}
	if c.Form("link") != "" {
		if !a.Proven(c, "/me/security") {
			return nil
		}
		v.Person = c.Actor.Person
	}
	var state string
	err = c.DB.Do(c.Context(), func(ctx context.Context, tx *db.Tx) error {
		allowed, err := people.Attempt(ctx, tx, "providers-from/"+c.Network(), networkPasskeys, passwordWait)
		if err != nil {
			return err
		}
		if !allowed {
			return people.TooManyFromNetwork()
		}
		v.Browser = people.Hash(c.Device(tx))
		sealed, err := a.sealVisit(v)
		if err != nil {
			return err
		}
		state, err = people.SetChallenge(ctx, tx, people.Challenge{Purpose: toProvider, Data: sealed, Lasts: visitTime})
		return err
	})
	if err != nil {
		return err
	}
	there, _, err := a.found(c.Context(), p.Issuer)
	if err != nil {
		return a.noAnswer(c, p, err)
	}
	conf, err := a.oauth(p, there, c.View.Origin)
	if err != nil {
		return err
	}
	address := conf.AuthCodeURL(state, oidc.Nonce(v.Nonce), oauth2.S256ChallengeOption(v.Verifier))
	u, err := url.Parse(address)
	if err != nil {
		return a.noAnswer(c, p, err)
	}
	c.W.Header().Set("Refresh", "0; url="+address)
	return c.Page(leaveView(c.View, leavePage{p.Name, u.Host, address}))
}

// noAnswer says that a provider does not answer as one should, and keeps the
// reason for the operator.
func (a *Account) noAnswer(c *web.Ctx, p Provider, err error) error {
	a.Log.Warn("provider", "provider", p.ID, "issuer", p.Issuer, "err", err)
	c.Status(http.StatusBadGateway)
	return c.Page(silentView(c.View, p.Name))
}

// backPage is where a provider sends people: one press goes on.
type backPage struct {
	Name, Path, Code, State string
	Link                    bool
}

// back only asks: a GET signs nobody in, and whoever made somebody follow this
// address gains nothing.
func (a *Account) back(c *web.Ctx) error {
	c.Private()
	p, err := providerByID(c.Context(), c.DB, c.Path("id"))
	if err != nil {
		return err
	}
	sealed, err := people.ChallengeOf(c.Context(), c.DB, toProvider, "", c.Query("state"), c.Actor.At)
	if err != nil {
		return err
	}
	v, err := a.openVisit(sealed)
	if err != nil || v.Provider != p.ID {
		return people.ChallengeOver()
	}
	if v.Lang != c.Lang() { // it knows one address of ours, and no language
		return c.SeeIn(v.Lang, c.Here())
	}
	if c.Query("error") != "" || c.Query("code") == "" {
		return c.Page(refusedView(c.View, p.Name))
	}
	return c.Page(backView(c.View, backPage{Name: p.Name, Path: backFrom(p.ID), Code: c.Query("code"), State: c.Query("state"), Link: v.Person != ""}))
}

// backAgain takes what the provider gave and signs in, or links.
func (a *Account) backAgain(c *web.Ctx) error {
	c.Private()
	p, err := providerByID(c.Context(), c.DB, c.Path("id"))
	if err != nil {
		return err
	}
	var v visit
	if err := c.DB.Do(c.Context(), func(ctx context.Context, tx *db.Tx) error {
		sealed, err := people.TakeChallenge(ctx, tx, toProvider, "", c.Form("state"))
		if err != nil {
			return err
		}
		if v, err = a.openVisit(sealed); err != nil || v.Provider != p.ID || v.Browser != people.Hash(c.Device(tx)) {
			return people.ChallengeOver()
		}
		return nil
	}); err != nil {
		return err
	}
	if v.Person != "" && v.Person != c.Actor.Person {
		return people.ChallengeOver()
	}
	said, err := a.said(c.Context(), p, c.View.Origin, v, c.Form("code"))
	if err != nil {
		return a.noAnswer(c, p, err)
	}
	if v.Person != "" {
		return a.linkTo(c, p, said)
	}
	c.From(a.origin(p.ID, said.Session, said.Subject))
	return c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
		person, mandate, err := a.whoComes(ctx, tx, p, said, v.Lang)
		if err != nil {
			return "", err
		}
		then := v.Then
		if mandate == "" {
			if mandate, then, err = a.actingFor(ctx, tx, c, person, v.Then); err != nil {
				return "", err
			}
		}
		return a.comeInBy(ctx, tx, c, person, mandate, orMe(then), c.SignInUnproved)
	})
}

// whoComes finds whose account it is that a provider speaks of: the one linked
// to it; the invited one with the address, where the provider may speak for
// that address and has checked it; or a new one, where that address is invited.
func (a *Account) whoComes(ctx context.Context, tx *db.Tx, p Provider, said claims, tag string) (person, mandate string, err error) {
	if person, err = personAt(ctx, tx, p.ID, said.Subject); err != nil || person != "" {
		return person, "", err
	}
	nobody := fault.Forbidden("account.provider.nobody", "{provider} knows you, but there is no account of yours here that it may open. Sign in another way and link it under Security, or ask for an invitation.", "provider", p.Name)
	key, ok := people.EmailKey(said.Email)
	if !ok || !bool(said.Verified) || !p.Speaks(key) {
		return "", "", nobody
	}
	found, err := people.PersonByEmail(ctx, tx, key)
	switch {
	case err == nil:
		invited, err := wasInvited(ctx, tx, found.ID)
		if err != nil || !invited {
			return "", "", firstOf(err, nobody)
		}
		person = found.ID
	case fault.Is(err, fault.KindNotFound):
		open, err := openTo(ctx, tx, key, tx.Now())
		if err != nil || len(open) == 0 {
			return "", "", firstOf(err, nobody)
		}
		if person, mandate, err = a.acceptProved(ctx, tx, open[0], said.Name, tag); err != nil {
			return "", "", err
		}
	default:
		return "", "", err
	}
	return person, mandate, a.linked(ctx, tx, p, said.Subject, person)
}

// linked ties an account to a provider and tells its person.
func (a *Account) linked(ctx context.Context, tx *db.Tx, p Provider, subject, person string) error {
	if err := link(ctx, tx, p.ID, subject, person); err != nil {
		return err
	}
	journal.Tell(tx, people.Actor{Person: person}, journal.Event{Verb: "person.provider-linked", Kind: "person", Subject: person})
	return notice.Tell(ctx, tx, notice.New{Person: person, Key: "account.notice.provider", English: "You can now sign in through {provider}.", Args: map[string]string{"provider": p.Name}, Link: "/me/security", Mail: true})
}

func (a *Account) linkTo(c *web.Ctx, p Provider, said claims) error {
	if !a.Proven(c, "/me/security") {
		return nil
	}
	return c.Write(c.View.T("account.provider.linked", "You can now sign in through {provider}.", "provider", p.Name), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/me/security", a.linked(ctx, tx, p, said.Subject, c.Actor.Person)
	})
}

func (a *Account) unlinkFrom(c *web.Ctx) error {
	if !a.Proven(c, "/me/security") {
		return nil
	}
	return c.Write(c.View.T("account.provider.unlinked", "That link is gone."), func(ctx context.Context, tx *db.Tx) (string, error) {
		journal.Tell(tx, c.Actor, journal.Event{Verb: "person.provider-unlinked", Kind: "person", Subject: c.Actor.Person})
		return "/me/security", unlink(ctx, tx, c.Path("id"), c.Actor.Person)
	})
}

// leftPage tells who signed out where they may be signed in still.
type leftPage struct{ Providers []Provider }

// left is where one comes after signing out, when a provider may have let one in.
func (a *Account) left(c *web.Ctx) error {
	c.Private()
	var p leftPage
	for _, one := range c.Queries("at") {
		if len(p.Providers) == 5 {
			break
		}
		provider, err := providerByID(c.Context(), c.DB, one)
		switch {
		case fault.Is(err, fault.KindNotFound):
		case err != nil:
			return err
		case provider.Leave != "":
			p.Providers = append(p.Providers, provider)
		}
	}
	return c.Page(leftView(c.View, p))
}

// leaveThere is where one signs out at a provider, and comes back from.
func leaveThere(v design.View, p Provider) templ.SafeURL {
	u, err := url.Parse(p.Leave)
	if err != nil {
		return ""
	}
	q := u.Query()
	q.Set("client_id", p.Client)
	q.Set("post_logout_redirect_uri", v.Origin+"/")
	u.RawQuery = q.Encode()
	return templ.SafeURL(u.String())
}
