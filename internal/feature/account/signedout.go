package account

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/danielgtaylor/huma/v2"
	"github.com/go-jose/go-jose/v4"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/outside"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// A provider tells us that somebody's session there is over (OpenID Connect
// Back-Channel Logout 1.0), and what it opened here ends.

const (
	endedEvent = "http://schemas.openid.net/event/backchannel-logout"
	endedOld   = 10 * time.Minute // since when it may have been said
	endedAhead = time.Minute      // by how much the clock there may be fast
	endedMost  = 16 << 10         // letters of what is said
)

// ended is what a provider says of a session that is over.
type ended struct {
	Subject string                     `json:"sub"`
	Session string                     `json:"sid"`
	ID      string                     `json:"jti"`
	Events  map[string]json.RawMessage `json:"events"`
	Nonce   json.RawMessage            `json:"nonce"`
}

// Validate tells a word about a session that is over from all others that a
// provider signs: what people bring to sign in has a nonce and no event.
func (e ended) Validate(typ string, said, now time.Time) error {
	var event map[string]json.RawMessage
	switch strings.ToLower(typ) {
	case "", "jwt", "logout+jwt", "application/logout+jwt":
	default:
		return errors.New("it is of another type")
	}
	switch {
	case len(e.Nonce) > 0:
		return errors.New("it has a nonce")
	case json.Unmarshal(e.Events[endedEvent], &event) != nil || event == nil:
		return errors.New("it tells of another event")
	case e.ID == "":
		return errors.New("it has no name of its own")
	case e.Subject == "" && e.Session == "":
		return errors.New("it names nobody")
	case said.Before(now.Add(-endedOld)) || said.After(now.Add(endedAhead)):
		return errors.New("it was said at another time")
	}
	return nil
}

// origin is where a session at a provider is noted as coming from.
func (a *Account) origin(provider, session, subject string) (o people.Origin) {
	if session != "" {
		o.There = a.Key.Mark("session-there", provider+"\n"+session)
	}
	if subject != "" {
		o.Whom = a.Key.Mark("person-there", provider+"\n"+subject)
	}
	return o
}

func (a *Account) apiSignedOut(r *web.API) {
	type in struct {
		ID      string `path:"id" maxLength:"64"`
		RawBody []byte `contentType:"application/x-www-form-urlencoded"`
	}
	web.Handle(r, web.Op{ID: "end-sessions-from-provider", Method: http.MethodPost, Path: "/providers/{id}/signed-out", Tag: "account", Policy: access.Everyone, Status: http.StatusOK, Form: []string{"logout_token"},
		Summary: "Tells that a session ended at a provider of sign-in (OpenID Connect Back-Channel Logout 1.0)"},
		func(c *web.Call, in *in) (*struct{}, error) {
			form, _ := url.ParseQuery(string(in.RawBody))
			return nil, a.signedOut(c, in.ID, form.Get("logout_token"))
		})
}

// signedOut ends what a provider says is over. Whether there was anything to end
// is not told; what is not its word is refused, always in the same way.
func (a *Account) signedOut(c *web.Call, provider, token string) error {
	network, now := c.Network(), c.DB.Now()
	if a.ended.Slow(network, token, now) {
		return people.TooManyFromNetwork()
	}
	refused := func(err error) error {
		a.ended.Tried(network, token, false, now)
		a.Log.Info("signed out at a provider: refused", "provider", provider, "err", err)
		return huma.Error400BadRequest(c.Printer.T("account.ended.not", "This is no word of that provider about a session that is over."))
	}
	if len(token) > endedMost {
		return refused(errors.New("too long"))
	}
	p, err := providerByID(c, c.DB, provider)
	if fault.Is(err, fault.KindNotFound) {
		return refused(errors.New("there is no such provider"))
	}
	if err != nil {
		return err
	}
	e, err := a.overThere(c, p, token)
	if err != nil {
		return refused(err)
	}
	first := false
	err = c.DB.Do(c, func(ctx context.Context, tx *db.Tx) error {
		if first, err = people.Once(ctx, tx, "ended/"+p.ID, e.ID, endedOld+2*endedAhead); err != nil || !first {
			return err
		}
		persons, err := people.EndSessionsFrom(ctx, tx, a.origin(p.ID, e.Session, e.Subject))
		for _, person := range persons {
			journal.Tell(tx, people.Actor{Person: person}, journal.Event{Verb: "person.signed-out-there", Kind: "person", Subject: person})
		}
		return err
	})
	if err == nil && !first {
		return refused(errors.New("it was said before"))
	}
	return err
}

// overThere proves what a provider says of a session: signature, issuer,
// audience and time as when somebody signs in, and that it is about this.
func (a *Account) overThere(ctx context.Context, p Provider, token string) (e ended, err error) {
	now := a.DB.Now()
	checked, err := a.ringOf(p).prove(now, func() (*signing, error) { return a.keysOf(ctx, p) }, func(k *signing) (*oidc.IDToken, error) {
		return oidc.NewVerifier(k.issuer, &k.set, &oidc.Config{ClientID: p.Client, SupportedSigningAlgs: k.ways, Now: now.Time}).Verify(ctx, token)
	})
	if err != nil {
		return e, err
	}
	if err := checked.Claims(&e); err != nil {
		return e, err
	}
	return e, e.Validate(typeOf(token), checked.IssuedAt, now.Time())
}

// typeOf reads the type in the head of a token, "" for none.
func typeOf(token string) string {
	var head struct {
		Type string `json:"typ"`
	}
	first, _, _ := strings.Cut(token, ".")
	b, err := base64.RawURLEncoding.DecodeString(first)
	if err != nil || json.Unmarshal(b, &head) != nil {
		return "unreadable"
	}
	return head.Type
}

// ring remembers the keys of a provider for a while. Whoever signs in makes us
// ask there anyway; here anybody may say anything in its name, and must not make
// us ask each time, nor hold up what it says itself.
type ring struct {
	known  atomic.Pointer[signing]
	asking sync.Mutex
	asked  db.Instant // when we asked last
}

const (
	keysLast  = 10 * time.Minute
	keysPause = 10 * time.Second
)

// signing is what a provider signs with: keys, and in which ways.
type signing struct {
	issuer string
	ways   []string
	set    oidc.StaticKeySet
	read   db.Instant
}

func (a *Account) ringOf(p Provider) *ring {
	r, _ := a.rings.LoadOrStore(p.ID+"\n"+p.Issuer, &ring{})
	return r.(*ring)
}

// prove tries the keys that are known, then those the provider has now.
func (r *ring) prove(now db.Instant, ask func() (*signing, error), try func(*signing) (*oidc.IDToken, error)) (*oidc.IDToken, error) {
	err := errors.New("its keys cannot be had just now")
	known := r.known.Load()
	if known != nil && now < known.read.Add(keysLast) {
		var token *oidc.IDToken
		if token, err = try(known); err == nil {
			return token, nil
		}
	}
	r.asking.Lock()
	defer r.asking.Unlock()
	if others := r.known.Load(); others != known { // somebody asked while we waited
		return try(others)
	}
	if now < r.asked.Add(keysPause) {
		return nil, err
	}
	r.asked = now
	asked, err := ask()
	if err != nil {
		return nil, err
	}
	asked.read = now
	r.known.Store(asked)
	return try(asked)
}

// keysOf asks a provider for its keys, to the end: whoever made us ask may have
// gone, and the next in line needs them too.
func (a *Account) keysOf(ctx context.Context, p Provider) (*signing, error) {
	ctx = context.WithoutCancel(ctx)
	there, err := oidc.NewProvider(a.outward(ctx), p.Issuer)
	if err != nil {
		return nil, err
	}
	var more struct {
		Keys string   `json:"jwks_uri"`
		Ways []string `json:"id_token_signing_alg_values_supported"`
	}
	if err := there.Claims(&more); err != nil {
		return nil, err
	}
	answer, err := a.Outside.Get(ctx, more.Keys, providerMost, outside.Kept{})
	if err != nil {
		return nil, err
	}
	var list jose.JSONWebKeySet
	if err := json.Unmarshal(answer.Body, &list); err != nil {
		return nil, fmt.Errorf("account: keys of provider %s: %w", p.ID, err)
	}
	k := &signing{issuer: p.Issuer, ways: signingWays(more.Ways)}
	for _, one := range list.Keys {
		if key := publicKey(one); key != nil {
			k.set.PublicKeys = append(k.set.PublicKeys, key)
		}
	}
	return k, nil
}

// signingWays leaves those in which the signer alone has the key; RS256 is the
// one that every provider must have.
func signingWays(said []string) (ways []string) {
	for _, w := range said {
		switch w {
		case oidc.RS256, oidc.RS384, oidc.RS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.EdDSA:
			ways = append(ways, w)
		}
	}
	if len(ways) == 0 {
		ways = []string{oidc.RS256}
	}
	return ways
}

// publicKey gives a key that signatures are checked with, nil for any other.
func publicKey(k jose.JSONWebKey) crypto.PublicKey {
	if k.Use == "enc" {
		return nil
	}
	switch key := k.Key.(type) {
	case *rsa.PublicKey, *ecdsa.PublicKey, ed25519.PublicKey:
		return key
	}
	return nil
}
