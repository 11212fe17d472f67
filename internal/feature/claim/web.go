package claim

import (
	"context"
	"slices"
	"time"

	"github.com/a-h/templ"

	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/file"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// formView is the form of a claim, as typed.
type formView struct {
	Organisation entry.Entry
	Typed        Claimant
	Spoken       bool // somebody acts for it already, and will be told
}

func (f *Feature) formView(c *web.Ctx) (v formView, err error) {
	c.Private()
	if v.Organisation, err = f.claimable(c.Context(), f.DB, c.Path("id")); err != nil {
		return v, err
	}
	v.Typed.Lang = c.Lang()
	v.Spoken, err = spokenFor(c.Context(), f.DB, v.Organisation.ID, c.Actor.At)
	return v, err
}

func (f *Feature) form(c *web.Ctx) error {
	v, err := f.formView(c)
	if err != nil {
		return err
	}
	return c.Page(formPage(c.View, v))
}

func (f *Feature) send(c *web.Ctx) error {
	v, err := f.formView(c)
	if err != nil {
		return err
	}
	v.Typed = Claimant{Name: c.Form("name"), Role: c.Form("role"), Email: c.Form("email"), Lang: c.Form("mail-lang"), Proof: c.Form("proof")}
	if !slices.Contains(locale.Languages, v.Typed.Lang) {
		v.Typed.Lang = c.Lang()
	}
	again := func(err error) error {
		return c.Retry(err, func(dv design.View) templ.Component { return formPage(dv, v) })
	}
	if err := v.Typed.validate(); err != nil {
		return again(err)
	}
	if err := f.limit(c.Context(), c.Network(), v.Typed.Email); err != nil {
		return err
	}
	document, err := f.Files.Sent(c.R, file.Limits{Field: "document"})
	if err != nil {
		return again(err)
	}
	err = c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/organisations/" + v.Organisation.ID + "/claim/sent", f.Claim(ctx, tx, Claiming{Organisation: v.Organisation.ID, Claimant: v.Typed, Document: document})
	})
	if err != nil {
		return again(err)
	}
	return nil
}

// sent says that a mail is on its way; the same to everybody.
func (f *Feature) sent(c *web.Ctx) error {
	e, err := f.claimable(c.Context(), f.DB, c.Path("id"))
	if err != nil {
		return err
	}
	return c.Page(sentPage(c.View, e))
}

// mineView is what the claimant's link shows.
type mineView struct {
	Claim
	Organisation entry.Entry
	Secret       string
}

func (f *Feature) mine(c *web.Ctx) error {
	c.Private()
	v := mineView{Secret: c.Path("secret")}
	var err error
	if v.Claim, err = f.bySecret(c.Context(), f.DB, v.Secret); err != nil {
		return err
	}
	if v.Organisation, err = entry.Past(c.Context(), f.DB, v.Claim.Organisation); err != nil {
		return err
	}
	return c.Page(minePage(c.View, v))
}

// confirm is a button, not the link itself: programs that read mails open links.
func (f *Feature) confirm(c *web.Ctx) error {
	c.Private()
	return c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
		secret, err := f.Confirm(ctx, tx, c.Path("secret"))
		return "/claimed/" + secret, err
	})
}

func (f *Feature) takeBack(c *web.Ctx) error {
	c.Private()
	return c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/organisations", f.TakeBack(ctx, tx, c.Path("secret"))
	})
}

// queueView is what waits for the reader, and for the coordination what was decided.
type queueView struct {
	Waiting, Past []Claim
	Names         map[string]entry.Entry
}

func (f *Feature) queue(c *web.Ctx) error {
	c.Private()
	var v queueView
	var err error
	if v.Waiting, err = f.forActor(c.Context(), f.DB, c.Actor); err != nil {
		return err
	}
	if c.Actor.Is(people.Coordinator) {
		if v.Past, err = f.past(c.Context(), f.DB); err != nil {
			return err
		}
	}
	var ids []string
	for _, x := range slices.Concat(v.Waiting, v.Past) {
		ids = append(ids, x.Organisation)
	}
	if v.Names, err = entry.Many(c.Context(), f.DB, ids); err != nil {
		return err
	}
	return c.Page(queuePage(c.View, v))
}

// lookView is a claim as those who have a say look at it.
type lookView struct {
	Claim
	Organisation entry.Entry
	Site         string
	Said         []Said
	Orgs         map[string]people.Organisation
	Seat         Seat
	Spoken       bool // the reader's seat has spoken
	Typed        Said
	Until        string
}

func (f *Feature) lookView(c *web.Ctx) (v lookView, err error) {
	c.Private()
	ctx := c.Context()
	if v.Claim, err = f.byID(ctx, f.DB, c.Path("id")); err != nil {
		return v, err
	}
	l, err := f.lookers(ctx, f.DB, v.Claim)
	if err != nil {
		return v, err
	}
	if v.Seat = l.seat(c.Actor, v.Claim); v.Seat == "" || v.State == Asked {
		return v, fault.Missing()
	}
	if v.Organisation, err = entry.Get(ctx, f.DB, v.Claim.Organisation); err != nil {
		return v, err
	}
	if v.Site, err = f.site(ctx, f.DB, v.Organisation); err != nil {
		return v, err
	}
	if v.Said, err = saidOf(ctx, f.DB, v.Claim.ID); err != nil {
		return v, err
	}
	var ids []string
	for _, s := range v.Said {
		ids = append(ids, s.Organisation)
		v.Spoken = v.Spoken || s.Seat == v.Seat
	}
	v.Orgs = map[string]people.Organisation{}
	list, err := people.OrganisationsByID(ctx, f.DB, slices.DeleteFunc(ids, func(s string) bool { return s == "" }))
	for _, o := range list {
		v.Orgs[o.ID] = o
	}
	v.Typed.Scopes = []people.Scope{people.Speak, people.Edit}
	v.Until = c.Actor.At.Add(mandateLasts).Day()
	return v, err
}

func (f *Feature) look(c *web.Ctx) error {
	v, err := f.lookView(c)
	if err != nil {
		return err
	}
	return c.Page(lookPage(c.View, v))
}

func (f *Feature) decide(c *web.Ctx) error {
	v, err := f.lookView(c)
	if err != nil {
		return err
	}
	v.Until = design.DateValue(c.Form, "until")
	v.Typed = Said{Claim: v.Claim.ID, Act: Act(c.Form("act")), Reason: Reason(c.Form("reason")), Words: c.Form("words"), Scopes: scopesOf(c.Forms("scope")), Ends: endOf(v.Until)}
	if v.Typed.Act != Agree {
		v.Typed.Ends = 0
	}
	err = c.Write(c.View.T("claim.said", "Noted."), func(ctx context.Context, tx *db.Tx) (string, error) {
		_, err := f.Decide(ctx, tx, c.Actor, v.Typed)
		return "/claims/" + v.Claim.ID, err
	})
	if err != nil {
		typed, until := v.Typed, v.Until
		if again, err2 := f.lookView(c); err2 == nil { // the form comes back with what is there now
			again.Typed, again.Until = typed, until
			v = again
		}
		return c.Retry(err, func(dv design.View) templ.Component { return lookPage(dv, v) })
	}
	return nil
}

func scopesOf(typed []string) (list []people.Scope) {
	for _, s := range Scopes {
		if slices.Contains(typed, string(s)) {
			list = append(list, s)
		}
	}
	return list
}

// endOf is the end of a day, 0 for what is none.
func endOf(typed string) db.Instant {
	t, err := time.Parse(time.DateOnly, typed)
	if err != nil {
		return 0
	}
	return db.At(t.AddDate(0, 0, 1))
}

// document shows the mandate document to those who decide.
func (f *Feature) document(c *web.Ctx) error {
	v, err := f.lookView(c)
	if err != nil {
		return err
	}
	if v.Document == "" || v.Seat == Own {
		return fault.Missing()
	}
	d, err := file.ByID(c.Context(), f.DB, v.Document)
	if err != nil {
		return err
	}
	return f.Files.Serve(c.W, c.R, d)
}
