package account

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
)

// Provider is a site of a member where its people sign in: a city's or an
// association's own accounts, by OpenID Connect.
type Provider struct {
	ID, Name, Issuer, Client string
	Domains                  []string // of the addresses it speaks for
	Leave                    string   // where one signs out there; "" = nowhere
	Created                  db.Instant
	sealed                   string
}

const providerSecret = "provider" // what the house seals its secret for

// Speaks tells whether the provider's word about an address counts: nobody
// vouches for the addresses of others.
func (p Provider) Speaks(email string) bool {
	_, domain, ok := strings.Cut(strings.ToLower(email), "@")
	for _, d := range p.Domains {
		if ok && domain == d {
			return true
		}
	}
	return false
}

// Validate checks what was typed; https tells that the house itself is asked by
// https, and asks others so.
func (p Provider) Validate(https bool) error {
	var list fault.List
	if n := len([]rune(p.Name)); n == 0 || n > 100 {
		list.Add(fault.Invalid("name", "account.provider.name", "Give it a name of at most {n} letters, as its people know it.", "n", 100))
	}
	u, err := url.Parse(p.Issuer)
	if err != nil || u.Host == "" || u.Scheme != "https" && (https || u.Scheme != "http") || u.User != nil || u.RawQuery != "" || u.Fragment != "" || len(p.Issuer) > 500 {
		list.Add(fault.Invalid("issuer", "account.provider.issuer", "Write its address, such as https://login.example.org."))
	}
	if p.Client == "" || len(p.Client) > 300 {
		list.Add(fault.Invalid("client", "account.provider.client", "Write the client identifier you got there."))
	}
	for _, d := range p.Domains {
		if !strings.Contains(d, ".") || strings.ContainsAny(d, "@/: ") || len(d) > 253 {
			list.Add(fault.Invalid("domains", "account.provider.domains", "Write domains such as example.org, with commas."))
			break
		}
	}
	return list.Err()
}

// domainsOf reads domains as typed.
func domainsOf(typed string) (list []string) {
	for _, d := range strings.FieldsFunc(strings.ToLower(typed), func(r rune) bool { return r == ',' || r == ';' || r == ' ' || r == '\n' || r == '،' }) {
		list = append(list, strings.TrimPrefix(d, "@"))
	}
	return list
}

// claims are what a provider says of somebody.
type claims struct {
	Subject  string `json:"sub"`
	Email    string `json:"email"`
	Verified truth  `json:"email_verified"`
	Name     string `json:"name"`
	Session  string `json:"sid"` // what the provider calls the session there
}

// truth is true or "true": some providers write it as a word.
type truth bool

func (t *truth) UnmarshalJSON(b []byte) error {
	*t = truth(string(b) == "true" || string(b) == `"true"`)
	return nil
}

// visit is what is remembered of somebody who went to a provider, until they
// come back. It lies sealed beside its challenge, which is the state.
type visit struct {
	Provider, Nonce, Verifier string
	Browser                   string // mark of the browser they left with
	Person                    string // who links, signed in; "" = somebody signs in
	Then, Lang                string
}

const (
	toProvider = "provider"
	visitTime  = 10 * time.Minute
	// Bytes of an answer of a provider: its keys are the longest.
	providerMost = 256 << 10
)

func (a *Account) sealVisit(v visit) (string, error) {
	b, err := json.Marshal(v)
	return a.Key.Seal(toProvider, "", b), err
}

func (a *Account) openVisit(sealed string) (v visit, err error) {
	b, err := a.Key.Open(toProvider, "", sealed)
	if err == nil {
		err = json.Unmarshal(b, &v)
	}
	return v, err
}

// outward lets the libraries ask others by the rule of the house.
func (a *Account) outward(ctx context.Context) context.Context {
	return oidc.ClientContext(ctx, a.Outside.HTTP(providerMost))
}

// found asks a provider what it is; where it signs people out too.
func (a *Account) found(ctx context.Context, issuer string) (there *oidc.Provider, leave string, err error) {
	there, err = oidc.NewProvider(a.outward(ctx), issuer)
	if err != nil {
		return nil, "", err
	}
	var more struct {
		Leave string `json:"end_session_endpoint"`
	}
	if err := there.Claims(&more); err != nil {
		return nil, "", err
	}
	if u, err := url.Parse(more.Leave); err != nil || u.Scheme != "https" && u.Scheme != "http" || len(more.Leave) > 500 {
		more.Leave = ""
	}
	return there, more.Leave, nil
}

func (a *Account) oauth(p Provider, there *oidc.Provider, origin string) (*oauth2.Config, error) {
	secret, err := a.Key.Open(providerSecret, p.ID, p.sealed)
	if err != nil {
		return nil, fmt.Errorf("account: secret of provider %s: %w", p.ID, err)
	}
	return &oauth2.Config{ClientID: p.Client, ClientSecret: string(secret), Endpoint: there.Endpoint(), RedirectURL: origin + backFrom(p.ID), Scopes: []string{oidc.ScopeOpenID, oidc.ScopeEmail, oidc.ScopeProfile}}, nil
}

// backFrom is where a provider sends people back to: an address of its own for
// each, so that none can pass for another.
func backFrom(provider string) string { return "/sign-in/with/" + provider + "/back" }

// said exchanges a code for what the provider says of somebody, and proves it:
// signature, issuer, audience, time and nonce.
func (a *Account) said(ctx context.Context, p Provider, origin string, v visit, code string) (c claims, err error) {
	there, _, err := a.found(ctx, p.Issuer)
	if err != nil {
		return c, err
	}
	conf, err := a.oauth(p, there, origin)
	if err != nil {
		return c, err
	}
	token, err := conf.Exchange(a.outward(ctx), code, oauth2.VerifierOption(v.Verifier))
	if err != nil {
		return c, err
	}
	raw, _ := token.Extra("id_token").(string)
	checked, err := there.VerifierContext(a.outward(ctx), &oidc.Config{ClientID: p.Client, Now: func() time.Time { return a.DB.Now().Time() }}).Verify(a.outward(ctx), raw)
	if err != nil {
		return c, err
	}
	if subtle.ConstantTimeCompare([]byte(checked.Nonce), []byte(v.Nonce)) != 1 {
		return c, fmt.Errorf("account: provider %s answers to another nonce", p.ID)
	}
	if err := checked.Claims(&c); err != nil {
		return c, err
	}
	if c.Email == "" && there.UserInfoEndpoint() != "" {
		more, err := there.UserInfo(a.outward(ctx), conf.TokenSource(a.outward(ctx), token))
		if err != nil {
			return c, err
		}
		if more.Subject == checked.Subject {
			c.Email, c.Verified = more.Email, truth(more.EmailVerified)
		}
	}
	if c.Subject == "" || len(c.Subject) > 255 {
		return c, fmt.Errorf("account: provider %s names nobody", p.ID)
	}
	return c, nil
}
