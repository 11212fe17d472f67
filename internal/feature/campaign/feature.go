package campaign

import (
	"embed"

	"alliance/internal/feature"
	"alliance/internal/platform/access"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
	"alliance/internal/platform/web"
)

//go:embed phrases
var phrases embed.FS

// Campaigns is the feature.
type Campaigns struct {
	*feature.House
	kind, signatures *record.Kind
}

// New puts it together. What it gives besides is asked by the page of an
// organisation, and by the question who is in what.
func New(h *feature.House) (feature.Feature, *Campaigns) {
	x := &Campaigns{House: h}
	x.kind = &record.Kind{Spec: &spec, DB: h.DB, Path: "/campaigns", Icon: "megaphone", Words: campaignWords, Settle: x.settle, Saved: x.saved, More: x.more}
	x.signatures = &record.Kind{Spec: &signatureSpec, DB: h.DB, Path: "/signatures", Icon: "signature", Words: signatureWords, Formless: true, More: x.moreSignature, Above: x.above}
	return feature.Feature{Name: "campaign", Phrases: phrases, Kinds: []feature.Kind{feature.Record(x.kind), feature.Record(x.signatures)},
		Pages: x.pages, API: x.api, Demo: x.demo}, x
}

var (
	signers = access.Mandated(people.Sign)
	noters  = access.Role(people.Coordinator)
)

func (x *Campaigns) pages(r *web.Router) {
	x.kind.Pages(r)
	x.signatures.Pages(r)
	r.Get("/campaigns/{id}/sign", signers, x.signForm)
	r.Post("/campaigns/{id}/sign", signers, x.sign)
	r.Get("/campaigns/{id}/note", noters, x.noteForm)
	r.Post("/campaigns/{id}/note", noters, x.note)
	r.Get("/signatures/{id}/take-back", signers.Or(noters), x.takeBackForm)
	r.Post("/signatures/{id}/take-back", signers.Or(noters), x.takeBack)
}
