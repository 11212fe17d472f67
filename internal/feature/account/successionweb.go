package account

import (
	"context"

	"github.com/a-h/templ"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// renewPage is the form that moves the end of a mandate.
type renewPage struct {
	people.Mandate
	Day, Decision string // as typed
}

func (a *Account) renewPage(c *web.Ctx) (renewPage, error) {
	m, err := people.MandateByID(c.Context(), c.DB, c.Path("id"))
	if err == nil && !MayRenew(c.Actor, m) {
		err = access.Denied()
	}
	if err == nil && m.Until == 0 {
		err = fault.Conflict("account.renew.endless", "This mandate has no end: there is nothing to renew.")
	}
	if err == nil {
		err = over(m, c.Actor.At)
	}
	return renewPage{Mandate: m, Day: usual(c.Actor, m).Add(-1).Day()}, err
}

func (a *Account) renewForm(c *web.Ctx) error {
	p, err := a.renewPage(c)
	if err != nil {
		return err
	}
	return c.Page(renewView(c.View, p))
}

func (a *Account) renew(c *web.Ctx) error {
	p, err := a.renewPage(c)
	if err != nil {
		return err
	}
	p.Day, p.Decision = design.DateValue(c.Form, "until"), c.Form("reference")
	until, wrong := day("until", p.Day, true)
	if wrong == nil && until == 0 {
		wrong = fault.Invalid("until", "account.day", "Write a day, a month and a year, such as 22 11 2026.")
	}
	if wrong != nil {
		err = wrong
	} else {
		err = c.Write(c.View.T("account.renewed", "The mandate goes on."), func(ctx context.Context, tx *db.Tx) (string, error) {
			m, err := a.Renew(ctx, tx, c.Actor, p.ID, until, p.Decision)
			return "/mandates?organisation=" + m.Organisation, err
		})
	}
	if err != nil {
		return c.Retry(err, func(v design.View) templ.Component { return renewView(v, p) })
	}
	return nil
}

// successorPage is the form of an invitation, filled in from the mandate that
// is handed over.
func (a *Account) successorPage(c *web.Ctx) (invitePage, error) {
	m, err := people.MandateByID(c.Context(), c.DB, c.Path("id"))
	p := invitePage{Languages: c.Alliance.Languages, Key: web.NewKey(), Lang: c.Lang(), Old: m, Confirms: !c.Actor.Is(people.Coordinator)}
	if err == nil && !MayEnd(c.Actor, m) {
		err = access.Denied()
	}
	if err == nil {
		err = over(m, c.Actor.At)
	}
	if err != nil {
		return p, err
	}
	for _, s := range scopes {
		if s.of(m) {
			p.Scopes = append(p.Scopes, string(s.scope))
		}
		if s.of(m) || c.Actor.Is(people.Coordinator) || c.Actor.For() == m.Organisation && c.Actor.May(s.scope) {
			p.Offer = append(p.Offer, s.scope)
		}
	}
	if m.Until != 0 {
		p.Since = m.Until.Day() // the day after its last one
	}
	p.Organisation, err = people.OrganisationByID(c.Context(), c.DB, m.Organisation)
	return p, err
}

func (a *Account) successorForm(c *web.Ctx) error {
	p, err := a.successorPage(c)
	if err != nil {
		return err
	}
	return c.Page(inviteView(c.View, p))
}

func (a *Account) successor(c *web.Ctx) error {
	p, err := a.successorPage(c)
	if err != nil {
		return err
	}
	return a.sendInvitation(c, p, func(ctx context.Context, tx *db.Tx, actor people.Actor, network string, i Invitation) (Invitation, error) {
		return a.HandOver(ctx, tx, actor, network, p.Old.ID, i)
	})
}

func (a *Account) confirmInvitation(c *web.Ctx) error {
	return c.Write(c.View.T("account.invitation.confirmed", "Confirmed: the invitation is on its way."), func(ctx context.Context, tx *db.Tx) (string, error) {
		i, err := a.Confirm(ctx, tx, c.Actor, c.Path("id"))
		return "/mandates?organisation=" + i.Mandate.Organisation, err
	})
}
