package browser

import (
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
)

// Authenticator is what keeps passkeys in a tab's device, as a phone with a
// finger print would. Pages must be opened at localhost: browsers make no
// passkeys for addresses of numbers.
type Authenticator struct {
	tab *Tab
	id  webauthn.AuthenticatorID
}

// Authenticator gives the tab an authenticator whose owner touches it whenever
// it asks.
func (t *Tab) Authenticator() *Authenticator {
	t.tb.Helper()
	t.must("webauthn", call(t.v, webauthn.Enable, webauthn.EnableParams{}))
	got, err := chromedp.Call(t.v.ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
		Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
		HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
	}})
	t.must("authenticator", err)
	return &Authenticator{t, got.AuthenticatorID}
}

// Verifies says whether its owner is recognised from now on: a finger that is
// not theirs otherwise.
func (a *Authenticator) Verifies(owner bool) {
	a.tab.tb.Helper()
	a.tab.must("user verified", call(a.tab.v, webauthn.SetUserVerified, webauthn.SetUserVerifiedParams{AuthenticatorID: a.id, IsUserVerified: owner}))
}

// Forges lets it sign with zeros from now on.
func (a *Authenticator) Forges(bogus bool) {
	a.tab.tb.Helper()
	a.tab.must("signature", call(a.tab.v, webauthn.SetResponseOverrideBits, webauthn.SetResponseOverrideBitsParams{AuthenticatorID: a.id, IsBogusSignature: &bogus}))
}

// Passkeys counts those it holds.
func (a *Authenticator) Passkeys() int {
	a.tab.tb.Helper()
	got, err := chromedp.Call(a.tab.v.ctx, webauthn.GetCredentials, webauthn.GetCredentialsParams{AuthenticatorID: a.id})
	a.tab.must("credentials", err)
	return len(got.Credentials)
}
