package handover

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// electionsView lists elections, with the form that notes one.
type electionsView struct {
	Steers       bool
	Organisation people.Organisation // of the reader; zero for the coordination
	List         []electionRow
	Typed        Election
}

type electionRow struct {
	Election
	Name    string // of its organisation
	Asked   []string
	Said    map[string]int // by organisation
	Names   map[string]string
	MayDrop bool
}

func (f *Feature) electionsView(c *web.Ctx) (v electionsView, err error) {
	c.Private()
	ctx := c.Context()
	v.Steers = c.Actor.Is(people.Coordinator)
	if !v.Steers {
		if v.Organisation, err = people.OrganisationByID(ctx, f.DB, c.Actor.For()); err != nil {
			return v, err
		}
	}
	list, err := elections(ctx, f.DB, v.Organisation.ID, v.Organisation.Country)
	if err != nil {
		return v, err
	}
	for _, x := range list {
		row := electionRow{Election: x, Said: map[string]int{}, MayDrop: x.Asked == 0 && mayKeep(c.Actor, x.Organisation)}
		if row.Asked, err = askedOf(ctx, f.DB, x.ID); err != nil {
			return v, err
		}
		said, err := saidOf(ctx, f.DB, x.ID)
		if err != nil {
			return v, err
		}
		for _, s := range said {
			row.Said[s.Organisation]++
		}
		if row.Names, err = f.organisations(ctx, append([]string{x.Organisation}, row.Asked...)); err != nil {
			return v, err
		}
		row.Name = row.Names[x.Organisation]
		v.List = append(v.List, row)
	}
	return v, nil
}

func (f *Feature) elections(c *web.Ctx) error {
	v, err := f.electionsView(c)
	if err != nil {
		return err
	}
	return c.Page(electionsPage(c.View, v))
}

func (f *Feature) addElection(c *web.Ctx) error {
	v, err := f.electionsView(c)
	if err != nil {
		return err
	}
	v.Typed = Election{Organisation: v.Organisation.ID, Country: c.Form("country"), Day: design.DateValue(c.Form, "day")}
	err = c.Write(c.View.T("handover.election.kept", "Noted. After that day we ask those concerned."), func(ctx context.Context, tx *db.Tx) (string, error) {
		_, err := f.AddElection(ctx, tx, c.Actor, v.Typed)
		return "/elections", err
	})
	if err != nil {
		return c.Retry(err, func(dv design.View) templ.Component { return electionsPage(dv, v) })
	}
	return nil
}

func (f *Feature) dropElection(c *web.Ctx) error {
	return c.Write(c.View.T("handover.election.dropped", "Taken back."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/elections", f.DropElection(ctx, tx, c.Actor, c.Path("id"))
	})
}

// askedView is what is asked of an organisation after an election.
type askedView struct {
	Election
	Of        people.Organisation
	Questions []Question
	Keeps     bool
	Actor     people.Actor
}

func (f *Feature) askedPage(c *web.Ctx) error {
	c.Private()
	x, err := f.asked(c.Context(), f.DB, c.Actor, c.Path("id"), c.Path("organisation"))
	if err != nil {
		return err
	}
	v := askedView{Election: x, Keeps: mayKeep(c.Actor, c.Path("organisation")), Actor: c.Actor}
	if v.Of, err = people.OrganisationByID(c.Context(), f.DB, c.Path("organisation")); err != nil {
		return err
	}
	if v.Questions, err = f.Questions(c.Context(), f.DB, c.Actor, x, v.Of.ID, c.Lang()); err != nil {
		return err
	}
	return c.Page(askedPage(c.View, v))
}

func (f *Feature) still(c *web.Ctx) error {
	return c.Write(c.View.T("handover.still.kept", "Noted with today’s date. Thank you."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/elections/" + c.Path("id") + "/" + c.Path("organisation"), f.Still(ctx, tx, c.Actor, c.Path("id"), c.Path("organisation"), c.Form("subject"))
	})
}

// aYearOn is the same day a year later.
func aYearOn(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return ""
	}
	return t.AddDate(1, 0, 0).Format(time.DateOnly)
}
