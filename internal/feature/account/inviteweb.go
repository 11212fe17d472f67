package account

import (
	"context"
	"strings"

	"github.com/a-h/templ"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/file"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// nobody stands in the address for "without an organisation".
const nobody = "none"

// invitePage is the form to invite, as typed.
type invitePage struct {
	Organisation people.Organisation // zero = an account only
	Email, Name  string
	Lang         string
	Scopes       []string
	Since, Until string
	Reference    string
	Offer        []people.Scope // what the actor may hand on
	Languages    []string
	Key          string
	Old          people.Mandate // that ends when this one is accepted; zero = none
	Confirms     bool           // the coordination may have to confirm it
}

func (p invitePage) path() string {
	if p.Old.ID != "" {
		return "/mandates/" + p.Old.ID + "/hand-over"
	}
	return "/invitations/new"
}

// organisationChoice helps the coordination to say for whom.
type organisationChoice struct {
	Query string
	Found []people.Organisation
	More  bool
}

func (a *Account) inviteForm(c *web.Ctx) error {
	organisation := c.Query("organisation")
	if organisation == "" {
		switch {
		case c.Actor.Is(people.Coordinator):
			return a.chooseOrganisation(c)
		case MayInvite(c.Actor, c.Actor.For()):
			return c.See("/invitations/new?organisation=" + c.Actor.For())
		}
		return access.Denied()
	}
	p, err := a.invitePage(c, organisation)
	if err != nil {
		return err
	}
	p.Lang = c.Lang()
	p.Scopes = []string{string(people.Speak)}
	return c.Page(inviteView(c.View, p))
}

func (a *Account) invitePage(c *web.Ctx, organisation string) (invitePage, error) {
	p := invitePage{Languages: c.Alliance.Languages, Key: web.NewKey()}
	if organisation == nobody {
		organisation = ""
	}
	if !MayInvite(c.Actor, organisation) {
		return p, access.Denied()
	}
	for _, s := range scopes {
		if c.Actor.Is(people.Coordinator) || c.Actor.May(s.scope) {
			p.Offer = append(p.Offer, s.scope)
		}
	}
	var err error
	if organisation != "" {
		p.Organisation, err = people.OrganisationByID(c.Context(), c.DB, organisation)
	}
	return p, err
}

func (a *Account) chooseOrganisation(c *web.Ctx) error {
	p := organisationChoice{Query: c.Query("q")}
	if p.Query != "" {
		all, err := people.Organisations(c.Context(), c.DB)
		if err != nil {
			return err
		}
		for _, o := range all {
			if strings.Contains(lang.Fold(o.Name), lang.Fold(p.Query)) {
				p.Found = append(p.Found, o)
			}
		}
		if p.More = len(p.Found) > 30; p.More {
			p.Found = p.Found[:30]
		}
	}
	return c.Page(chooseView(c.View, p))
}

func (a *Account) invite(c *web.Ctx) error {
	p, err := a.invitePage(c, c.Form("organisation"))
	if err != nil {
		return err
	}
	return a.sendInvitation(c, p, a.Invite)
}

// sendInvitation reads the form of an invitation and keeps what it asks, with
// the document of the decision.
func (a *Account) sendInvitation(c *web.Ctx, p invitePage, keep func(context.Context, *db.Tx, people.Actor, string, Invitation) (Invitation, error)) error {
	p.Email, p.Name, p.Lang, p.Reference = c.Form("email"), c.Form("name"), c.Form("lang"), c.Form("reference")
	p.Scopes, p.Key = c.Forms("scope"), c.Form(design.KeyField)
	p.Since, p.Until = design.DateValue(c.Form, "since"), design.DateValue(c.Form, "until")
	again := func(err error) error {
		return c.Retry(err, func(v design.View) templ.Component { return inviteView(v, p) })
	}
	i, problems := p.invitation()
	problems = append(problems, fault.Of(i.Validate(c.Actor.At))...)
	document, err := a.Files.Sent(c.R, file.Limits{Field: "document"})
	if err != nil {
		if found := fault.Of(err); found != nil {
			problems = append(problems, found...)
		} else {
			return err
		}
	}
	if err := problems.Err(); err != nil {
		return again(err)
	}
	flash := c.View.T("account.invitation.sent", "The invitation is on its way to {email}.", "email", p.Email)
	if p.Old.ID != "" {
		flash = c.View.T("account.successor.named", "Noted. {email} is invited; where the coordination must confirm it, that comes first.", "email", p.Email)
	}
	err = c.Write(flash, func(ctx context.Context, tx *db.Tx) (string, error) {
		i := i
		if document != nil {
			kept, err := a.Files.Keep(ctx, tx, *document, c.Actor.Person, "mandate")
			if err != nil {
				return "", err
			}
			i.Mandate.Document = kept.ID
		}
		if _, err := keep(ctx, tx, c.Actor, c.Network(), i); err != nil {
			return "", err
		}
		if p.Old.ID != "" && p.Old.Person == c.Actor.Person {
			return "/me", nil
		}
		if i.Mandate.Organisation == "" {
			return "/people", nil
		}
		return "/mandates?organisation=" + i.Mandate.Organisation, nil
	})
	if err != nil {
		return again(err)
	}
	return nil
}

func (p invitePage) invitation() (i Invitation, list fault.List) {
	i = Invitation{Email: p.Email, Name: p.Name, Lang: p.Lang}
	m := &i.Mandate
	m.Organisation, m.Reference = p.Organisation.ID, p.Reference
	for _, s := range p.Scopes {
		m.Allow(people.Scope(s))
	}
	var f *fault.Fault
	m.Since, f = day("since", p.Since, false)
	list.Add(f)
	m.Until, f = day("until", p.Until, true)
	list.Add(f)
	known := false
	for _, l := range p.Languages {
		known = known || l == p.Lang
	}
	if !known {
		list.Add(fault.Invalid("lang", "people.lang.unknown", "Choose a language."))
	}
	return i, list
}

func (a *Account) withdraw(c *web.Ctx) error {
	flash := c.View.T("account.invitation.withdrawn", "The invitation is taken back.")
	return c.Write(flash, func(ctx context.Context, tx *db.Tx) (string, error) {
		i, err := a.Withdraw(ctx, tx, c.Actor, c.Path("id"))
		if i.Mandate.Organisation == "" {
			return "/people", err
		}
		return "/mandates?organisation=" + i.Mandate.Organisation, err
	})
}

// acceptPage is what an invited person sees, and typed.
type acceptPage struct {
	Invitation Invitation
	Path       string
	Known      bool   // there is an account with this address already
	Other      string // somebody else is signed in in this browser
	Name       string
	Lang       string
	Languages  []string
}

func (a *Account) acceptPage(c *web.Ctx) (acceptPage, error) {
	c.Private()
	i, err := a.invited(c.Context(), c.DB, c.Path("secret"), c.Actor.At)
	if err != nil {
		return acceptPage{}, err
	}
	p := acceptPage{Invitation: i, Path: "/invitation/" + c.Path("secret"), Name: i.Name, Lang: c.Lang(), Languages: c.Alliance.Languages}
	known, err := people.PersonByEmail(c.Context(), c.DB, i.Email)
	switch {
	case fault.Is(err, fault.KindNotFound):
	case err != nil:
		return p, err
	default:
		p.Known, p.Name = true, known.Name
	}
	if c.Actor.SignedIn() && c.Actor.Person != known.ID {
		p.Other = c.Actor.Name
	}
	return p, nil
}

func (a *Account) acceptForm(c *web.Ctx) error {
	p, err := a.acceptPage(c)
	if err != nil {
		return err
	}
	return c.Page(acceptView(c.View, p))
}

func (a *Account) accept(c *web.Ctx) error {
	p, err := a.acceptPage(c)
	if err != nil {
		return err
	}
	hash := ""
	if !p.Known {
		p.Name, p.Lang = c.Form("name"), c.Form("lang")
		var list fault.List
		if p.Name == "" || len([]rune(p.Name)) > 200 {
			list.Add(fault.Invalid("name", "people.name.empty", "Write a name."))
		}
		if _, ok := lang.Tag(p.Lang); !ok {
			list.Add(fault.Invalid("lang", "people.lang.unknown", "Choose a language."))
		}
		if password := c.R.PostFormValue("password"); password != "" {
			list = append(list, fault.Of(people.ValidPassword(password, people.Person{Name: p.Name, Email: p.Invitation.Email}))...)
			if len(list) == 0 {
				if hash, err = people.HashPassword(c.Context(), password); err != nil {
					return err
				}
			}
		}
		if err := list.Err(); err != nil {
			return c.Retry(err, func(v design.View) templ.Component { return acceptView(v, p) })
		}
	}
	return c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
		person, mandate, err := a.Accept(ctx, tx, c.Path("secret"), p.Name, hash, p.Lang)
		if err != nil {
			return "", err
		}
		return a.comeIn(ctx, tx, c, person, mandate, "/me")
	})
}
