package account

import (
	"context"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/file"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// mandatesPage says who may act for an organisation.
type mandatesPage struct {
	Organisation people.Organisation
	Held, Past   []people.Mandate
	Open         []Invitation
	Actor        people.Actor
	MayInvite    bool
	Factor       bool // delegates need a second factor
}

func (a *Account) mandates(c *web.Ctx) error {
	organisation := c.Query("organisation")
	if organisation == "" {
		switch {
		case c.Actor.For() != "":
			return c.See("/mandates?organisation=" + c.Actor.For())
		case c.Actor.Is(people.Coordinator):
			return c.See("/people")
		}
		return fault.Missing()
	}
	p := mandatesPage{Actor: c.Actor, MayInvite: MayInvite(c.Actor, organisation)}
	var err error
	if p.Organisation, err = people.OrganisationByID(c.Context(), c.DB, organisation); err != nil {
		return err
	}
	all, err := people.MandatesFor(c.Context(), c.DB, organisation)
	if err != nil {
		return err
	}
	p.Held, p.Past = split(all, c.Actor.At)
	if p.Factor, err = people.OrganisationNeedsFactor(c.Context(), c.DB, organisation); err != nil {
		return err
	}
	if p.MayInvite {
		if p.Open, err = open(c.Context(), c.DB, organisation, c.Actor.At); err != nil {
			return err
		}
	}
	return c.Page(mandatesView(c.View, p))
}

// split parts what holds, or will, from what is over.
func split(all []people.Mandate, at db.Instant) (held, past []people.Mandate) {
	for _, m := range all {
		if m.Ended != 0 || m.Until != 0 && m.Until <= at {
			past = append(past, m)
		} else {
			held = append(held, m)
		}
	}
	return held, past
}

func (a *Account) endForm(c *web.Ctx) error {
	m, err := people.MandateByID(c.Context(), c.DB, c.Path("id"))
	if err != nil {
		return err
	}
	if !MayEnd(c.Actor, m) {
		return access.Denied()
	}
	return c.Page(endView(c.View, m, c.Actor))
}

func (a *Account) end(c *web.Ctx) error {
	flash := c.View.T("account.mandate.ended", "The mandate has ended. What was written under it stays.")
	return c.Write(flash, func(ctx context.Context, tx *db.Tx) (string, error) {
		m, err := a.End(ctx, tx, c.Actor, c.Path("id"))
		if m.Person == c.Actor.Person {
			return "/me", err
		}
		return "/mandates?organisation=" + m.Organisation, err
	})
}

func (a *Account) mandateDocument(c *web.Ctx) error {
	m, err := people.MandateByID(c.Context(), c.DB, c.Path("id"))
	if err != nil {
		return err
	}
	if m.Document == "" || !MaySeeDocument(c.Actor, m) {
		return fault.Missing()
	}
	f, err := file.ByID(c.Context(), c.DB, m.Document)
	if err != nil {
		return err
	}
	return a.Files.Serve(c.W, c.R, f)
}

// dates says from when to when a mandate holds.
func dates(v design.View, m people.Mandate) string {
	from := v.Date(m.Since.Time())
	switch {
	case m.Ended != 0:
		return v.T("account.mandate.from-ended", "From {from}, ended {until}", "from", from, "until", v.Date(m.Ended.Time()))
	case m.Until != 0:
		return v.T("account.mandate.from-until", "From {from} until {until}", "from", from, "until", v.Date(m.Until.Add(-1).Time()))
	}
	return v.T("account.mandate.from", "From {from}, with no end", "from", from)
}

// state is one word about a mandate, and how it is coloured.
func state(v design.View, m people.Mandate, at db.Instant) (word, style string) {
	switch {
	case m.Ended != 0:
		return v.T("account.mandate.state.ended", "Ended"), ""
	case m.Until != 0 && m.Until <= at:
		return v.T("account.mandate.state.expired", "Run out"), ""
	case m.Since > at:
		return v.T("account.mandate.state.coming", "Begins later"), "info"
	}
	return v.T("account.mandate.state.holds", "In force"), "ok"
}
