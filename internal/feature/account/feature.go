package account

import (
	"embed"

	"alliance/internal/feature"
	"alliance/internal/platform/access"
	"alliance/internal/platform/job"
	"alliance/internal/platform/web"
)

//go:embed phrases
var phrases embed.FS

// Account is the feature.
type Account struct{ *feature.House }

// New puts it together.
func New(h *feature.House) feature.Feature {
	a := &Account{h}
	return feature.Feature{Name: "account", Phrases: phrases, Pages: a.pages, Work: a.work}
}

func (a *Account) pages(r *web.Router) {
	r.Get("/sign-in", access.Everyone, a.signInForm)
	r.Post("/sign-in", access.Everyone, a.signIn)
	r.Get("/sign-in/sent", access.Everyone, a.linkSent)
	r.Get("/sign-in/link/{secret}", access.Everyone, a.linkForm)
	r.Post("/sign-in/link/{secret}", access.Everyone, a.link)
	r.Post("/sign-out", access.Everyone, a.signOut)
	r.Get("/me", access.SignedIn, a.me)
	r.Post("/act-for", access.SignedIn, a.actFor)
}

func (a *Account) work(r *job.Runner) {
	r.Handle(jobLink, a.sendLink)
}
