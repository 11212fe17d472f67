package campaign

import (
	"context"

	"github.com/a-h/templ"

	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
	"alliance/internal/platform/web"
)

// textView is what the page of a text shows beyond its words.
type textView struct {
	Campaign
	Roll
	Stage   Stage
	Mine    Signature // of the organisation one acts for; no identifier = none that stands
	MaySign bool
	MayNote bool
}

func (x *Campaigns) more(c *web.Ctx, r record.Record) (templ.Component, error) {
	of := campaignOf(r)
	t := textView{Campaign: of, Stage: of.Stage(x.DB.Now().Day())}
	var err error
	if t.Roll, err = x.Roll(c.Context(), x.DB, c.Actor, r.ID); err != nil {
		return nil, err
	}
	byName := func(list []Signature) { sortByName(c.View, list, t.Names) }
	byName(t.Standing)
	byName(t.Withdrawn)
	mine, has := t.Of(c.Actor.For())
	t.Mine = mine
	t.MaySign = t.Stage == Open && of.State == entry.Published && maySign(c.Actor) && !has
	t.MayNote = of.State == entry.Published && t.Stage != Coming && c.Actor.Is(people.Coordinator)
	return signaturesPart(c.View, t), nil
}

func (x *Campaigns) moreSignature(c *web.Ctx, r record.Record) (templ.Component, error) {
	return signaturePart(c.View, signatureOf(r), signatureOf(r).mayTakeBack(c.Actor)), nil
}

// above names the text whose signatures are listed, and leads back to it.
func (x *Campaigns) above(c *web.Ctx, q record.Query) (templ.Component, error) {
	names, err := entry.Known(c.Context(), x.DB, c.Actor, q.Answers[campaign])
	if err != nil {
		return nil, err
	}
	return listedPart(c.View, names), nil
}

// signView is the form under a text.
type signView struct {
	record.Record
	Typed Signing
	Paper bool   // noted by the coordination
	For   string // name of the organisation one acts for
}

func (x *Campaigns) signable(c *web.Ctx, paper bool) (signView, error) {
	r, err := x.kind.See(c.Context(), x.DB, c.Actor, c.Path("id"))
	return signView{Record: r, Paper: paper, For: c.View.Acting.For}, err
}

func (x *Campaigns) signForm(c *web.Ctx) error {
	p, err := x.signable(c, false)
	if err == nil {
		err = campaignOf(p.Record).Takes(x.DB.Now().Day())
	}
	if err != nil {
		return err
	}
	return c.Page(signPage(c.View, p))
}

func (x *Campaigns) noteForm(c *web.Ctx) error {
	p, err := x.signable(c, true)
	if err != nil {
		return err
	}
	return c.Page(signPage(c.View, p))
}

func (x *Campaigns) sign(c *web.Ctx) error {
	return x.signing(c, false, c.View.T("campaign.sign.done", "Signed. Thank you."), x.Sign)
}

func (x *Campaigns) note(c *web.Ctx) error {
	return x.signing(c, true, c.View.T("campaign.note.done", "The signature is noted."), x.Note)
}

func (x *Campaigns) signing(c *web.Ctx, paper bool, said string, do func(context.Context, *db.Tx, people.Actor, string, Signing) error) error {
	p, err := x.signable(c, paper)
	if err != nil {
		return err
	}
	p.Typed = Signing{Lang: c.Lang(), Word: c.Form("summary"), Decided: design.DateValue(c.Form, decided), Number: c.Form(number), Document: c.Form(document), Signer: c.Form(signer), Day: design.DateValue(c.Form, "day")}
	err = c.Write(said, func(ctx context.Context, tx *db.Tx) (string, error) {
		return x.kind.Page(p.ID), do(ctx, tx, c.Actor, p.ID, p.Typed)
	})
	if err != nil {
		return c.Retry(err, func(v design.View) templ.Component { return signPage(v, p) })
	}
	return nil
}

func (x *Campaigns) takeBackForm(c *web.Ctx) error {
	r, err := x.ending(c.Context(), x.DB, c.Actor, c.Path("id"))
	if err != nil {
		return err
	}
	v, title := c.View, r.Title().In(c.Lang())
	return c.Page(design.ConfirmPage(v, design.Page{Title: v.T("campaign.back.title", "Take back: {name}", "name", title.S), H1Lang: title.Lang, Kind: "form",
		Breadcrumb: []design.Link{{Href: v.Href(x.signatures.Path), Label: v.Say(x.signatures.Many)}, {Href: v.Href(x.signatures.Page(r.ID)), Label: title.S, Lang: title.Lang}}}, design.Confirm{
		Text: v.T("campaign.back.text", "The organisation stands by the text no more from today. The list of signatures says so, with the day."),
		Path: "/signatures/" + r.ID + "/take-back", Key: web.NewKey(), Button: v.T("campaign.back.button", "Take the signature back"), Back: x.signatures.Page(r.ID)}))
}

func (x *Campaigns) takeBack(c *web.Ctx) error {
	return c.Write(c.View.T("campaign.back.done", "The signature is taken back."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return x.signatures.Page(c.Path("id")), x.TakeBack(ctx, tx, c.Actor, c.Path("id"))
	})
}

// Part writes what an organisation signed, on its page.
func (x *Campaigns) Part(c *web.Ctx, o entry.Entry) (templ.Component, error) {
	r, err := x.roll(c.Context(), x.DB, c.Actor, signer, o.ID)
	if err != nil {
		return nil, err
	}
	return signedPart(c.View, r), nil
}
