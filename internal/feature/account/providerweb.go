package account

import (
	"context"
	"strings"

	"github.com/a-h/templ"

	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/web"
)

// providersPage lists the providers, for the operator.
type providersPage struct{ Providers []Provider }

func (a *Account) providers(c *web.Ctx) error {
	c.Private()
	list, err := providers(c.Context(), c.DB)
	if err != nil {
		return err
	}
	return c.Page(providersView(c.View, providersPage{list}))
}

// providerPage is the form of one, as typed.
type providerPage struct {
	Provider                      Provider // as it is kept; zero = a new one
	Name, Issuer, Client, Domains string
	Back                          string // the address to give there
	Ended                         string // and where it tells that somebody signed out
	Key                           string
}

func (a *Account) providerPage(c *web.Ctx) (p providerPage, err error) {
	c.Private()
	p.Key = web.NewKey()
	provider := c.Path("id")
	if provider == "" { // a new one: its address must be known there first
		p.Provider.ID = c.Form("id")
		if !id.Valid(p.Provider.ID) {
			p.Provider.ID = id.New()
		}
	} else {
		if p.Provider, err = providerByID(c.Context(), c.DB, provider); err != nil {
			return p, err
		}
		p.Name, p.Issuer, p.Client, p.Domains = p.Provider.Name, p.Provider.Issuer, p.Provider.Client, strings.Join(p.Provider.Domains, ", ")
	}
	p.Back, p.Ended = c.View.Origin+backFrom(p.Provider.ID), c.View.Origin+web.APIPrefix+"/providers/"+p.Provider.ID+"/signed-out"
	return p, nil
}

func (a *Account) providerForm(c *web.Ctx) error {
	if !a.Proven(c, c.View.Path) {
		return nil
	}
	p, err := a.providerPage(c)
	if err != nil {
		return err
	}
	return c.Page(providerView(c.View, p))
}

// keepProvider keeps a provider once it answers as one should.
func (a *Account) keepProvider(c *web.Ctx) error {
	if !a.Proven(c, c.View.Path) {
		return nil
	}
	p, err := a.providerPage(c)
	if err != nil {
		return err
	}
	p.Name, p.Issuer, p.Client, p.Domains = c.Form("name"), strings.TrimRight(c.Form("issuer"), "/"), c.Form("client"), c.Form("domains")
	again := func(err error) error {
		return c.Retry(err, func(v design.View) templ.Component { return providerView(v, p) })
	}
	made := p.Provider
	made.Name, made.Issuer, made.Client, made.Domains = p.Name, p.Issuer, p.Client, domainsOf(p.Domains)
	problems := fault.Of(made.Validate(strings.HasPrefix(c.View.Origin, "https://")))
	secret := c.R.PostFormValue("secret")
	if secret == "" && made.sealed == "" {
		problems.Add(fault.Invalid("secret", "account.provider.secret", "Write the secret you got there."))
	}
	if err := problems.Err(); err != nil {
		return again(err)
	}
	if secret != "" {
		made.sealed = a.Key.Seal(providerSecret, made.ID, []byte(secret))
	}
	// Some write the slash at the end of their name, and mean it.
	for _, issuer := range []string{made.Issuer, made.Issuer + "/"} {
		if _, made.Leave, err = a.found(c.Context(), issuer); err == nil {
			made.Issuer = issuer
			break
		}
	}
	if err != nil {
		a.Log.Info("provider", "issuer", made.Issuer, "err", err)
		return again(fault.Invalid("issuer", "account.provider.not", "There is no provider of OpenID Connect at this address, or it does not answer."))
	}
	err = c.Write(c.View.T("account.kept", "Kept."), func(ctx context.Context, tx *db.Tx) (string, error) {
		journal.Tell(tx, c.Actor, journal.Event{Verb: "alliance.provider", Kind: "alliance"})
		return "/providers", putProvider(ctx, tx, made)
	})
	if err != nil {
		return again(err)
	}
	return nil
}

func (a *Account) endProviderForm(c *web.Ctx) error {
	if !a.Proven(c, c.View.Path) {
		return nil
	}
	p, err := a.providerPage(c)
	if err != nil {
		return err
	}
	return c.Page(endProviderView(c.View, p.Provider))
}

func (a *Account) endProvider(c *web.Ctx) error {
	if !a.Proven(c, c.View.Path) {
		return nil
	}
	return c.Write(c.View.T("account.provider.ended", "Nobody signs in through it any more."), func(ctx context.Context, tx *db.Tx) (string, error) {
		journal.Tell(tx, c.Actor, journal.Event{Verb: "alliance.provider", Kind: "alliance"})
		return "/providers", endProvider(ctx, tx, c.Path("id"))
	})
}
