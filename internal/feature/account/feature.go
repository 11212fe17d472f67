package account

import (
	"embed"
	"sync"

	"alliance/internal/feature"
	"alliance/internal/platform/access"
	"alliance/internal/platform/job"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

//go:embed phrases
var phrases embed.FS

//go:embed schema
var schema embed.FS

// Account is the feature.
type Account struct {
	*feature.House
	rings sync.Map    // the keys of providers, by provider
	ended web.Guesses // what was said in their name, and was not theirs
}

// New puts it together. The second value is for those who ask it something.
func New(h *feature.House) (feature.Feature, *Account) {
	a := &Account{House: h}
	return feature.Feature{Name: "account", Schema: schema, Points: points, Phrases: phrases, Pages: a.pages, API: a.api, Work: a.work, Demo: a.demo, Erase: a.forget, ToDo: a.toDo}, a
}

func (a *Account) pages(r *web.Router) {
	if a.Demo {
		a.demoPages(r)
	}
	r.Get("/sign-in", access.Everyone, a.signInForm)
	r.Post("/sign-in", access.Everyone, a.signIn)
	r.Get("/sign-in/sent", access.Everyone, a.linkSent)
	r.Get("/sign-in/link/{secret}", access.Everyone, a.linkForm)
	r.Post("/sign-in/link/{secret}", access.Everyone, a.link)
	r.Get("/sign-in/second", access.Everyone, a.secondForm)
	r.Post("/sign-in/second", access.Everyone, a.second)
	r.Post("/sign-in/passkey", access.Everyone, a.withPasskey)
	r.Post("/sign-in/passkey/begin", access.Everyone, a.beginPasskey)
	r.Post("/sign-in/second/begin", access.Everyone, a.beginStep)
	r.Post("/sign-in/with/{id}", access.Everyone, a.goTo)
	r.Get("/sign-in/with/{id}/back", access.Everyone, a.back)
	r.Post("/sign-in/with/{id}/back", access.Everyone, a.backAgain)
	r.Post("/sign-out", access.Everyone, a.signOut)
	r.Get("/sign-out/done", access.Everyone, a.left)

	r.Get("/me", access.SignedIn, a.me)
	r.Post("/act-for", access.SignedIn, a.actFor)
	r.Get("/me/contributions", access.SignedIn, a.contributions)
	r.Get("/me/notices", access.SignedIn, a.notices)
	r.Post("/me/notices", access.SignedIn, a.readNotices)
	r.Get("/me/account", access.SignedIn, a.account)
	r.Post("/me/account", access.SignedIn, a.rename)
	r.Post("/me/mail", access.SignedIn, a.resume)
	r.Get("/me/security", access.SignedIn, a.security)
	r.Get("/me/security/app", access.SignedIn, a.appForm)
	r.Post("/me/security/app", access.SignedIn, a.app)
	r.Post("/me/security/app/end", access.SignedIn, a.endApp)
	r.Post("/me/security/codes", access.SignedIn, a.newCodes)
	r.Get("/me/security/second", access.SignedIn, a.protect)
	r.Get("/me/security/passkeys/new", access.SignedIn, a.newPasskeyForm)
	r.Post("/me/security/passkeys/new", access.SignedIn, a.addPasskey)
	r.Post("/me/security/passkeys/begin", access.SignedIn, a.beginNewPasskey)
	r.Get("/me/security/passkeys/{id}", access.SignedIn, a.passkeyForm)
	r.Post("/me/security/passkeys/{id}", access.SignedIn, a.renamePasskey)
	r.Get("/me/security/passkeys/{id}/remove", access.SignedIn, a.removePasskeyForm)
	r.Post("/me/security/passkeys/{id}/remove", access.SignedIn, a.removePasskey)
	r.Post("/me/security/providers/{id}/unlink", access.SignedIn, a.unlinkFrom)
	r.Post("/me/password", access.SignedIn, a.setPassword)
	r.Post("/me/sessions", access.SignedIn, a.endSession)
	r.Get("/me/tokens", access.SignedIn, a.tokens)
	r.Post("/me/tokens", access.SignedIn, a.addToken)
	r.Post("/me/tokens/end", access.SignedIn, a.endToken)
	r.Get("/me/erase", access.SignedIn, a.eraseForm)
	r.Post("/me/erase", access.SignedIn, a.erase)

	mayInvite := coordination.Or(access.Mandated(people.Edit))
	r.Get("/invitations/new", mayInvite, a.inviteForm)
	r.Post("/invitations/new", mayInvite, a.invite)
	r.Post("/invitations/{id}/withdraw", mayInvite, a.withdraw)
	r.Get("/invitation/{secret}", access.Everyone, a.acceptForm)
	r.Post("/invitation/{secret}", access.Everyone, a.accept)

	r.Get("/mandates", access.SignedIn, a.mandates)
	r.Get("/mandates/{id}/end", access.SignedIn, a.endForm)
	r.Post("/mandates/{id}/end", access.SignedIn, a.end)
	r.Get("/mandates/{id}/renew", access.SignedIn, a.renewForm)
	r.Post("/mandates/{id}/renew", access.SignedIn, a.renew)
	r.Get("/mandates/{id}/hand-over", access.SignedIn, a.successorForm)
	r.Post("/mandates/{id}/hand-over", access.SignedIn, a.successor)
	r.Post("/invitations/{id}/confirm", coordination, a.confirmInvitation)
	r.Get("/mandates/{id}/document", access.SignedIn, a.mandateDocument)

	serving := access.Role(people.Coordinator, people.Operator)
	r.Get("/roles", serving, a.roles)
	r.Post("/roles", serving, a.giveRole)
	r.Post("/roles/take", serving, a.takeRole)
	r.Post("/roles/factor", coordination, a.requireFactor)
	r.Post("/mandates/factor", mayInvite, a.requireFactorFor)
	runs := access.Role(people.Operator)
	r.Get("/providers", runs, a.providers)
	r.Get("/providers/new", runs, a.providerForm)
	r.Post("/providers/new", runs, a.keepProvider)
	r.Get("/providers/{id}", runs, a.providerForm)
	r.Post("/providers/{id}", runs, a.keepProvider)
	r.Get("/providers/{id}/end", runs, a.endProviderForm)
	r.Post("/providers/{id}/end", runs, a.endProvider)
	r.Get("/people", coordination, a.people)
	r.Get("/people/{id}/factor", serving, a.resetForm)
	r.Post("/people/{id}/factor", serving, a.reset)
}

func (a *Account) work(r *job.Runner) {
	r.Handle(jobLink, a.sendLink)
}
