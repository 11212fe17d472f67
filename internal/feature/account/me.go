package account

import (
	"alliance/internal/feature"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// mePage is what one sees first of one's own.
type mePage struct {
	Actor    people.Actor
	Tasks    []feature.Task
	Mandates []people.Mandate // in force
	Past     []people.Mandate
}

func (a *Account) me(c *web.Ctx) error {
	p := mePage{Actor: c.Actor}
	all, err := people.MandatesOf(c.Context(), c.DB, c.Actor.Person)
	if err != nil {
		return err
	}
	for _, m := range all {
		if m.Holds(c.Actor.At) {
			p.Mandates = append(p.Mandates, m)
		} else {
			p.Past = append(p.Past, m)
		}
	}
	if a.Tasks != nil {
		if p.Tasks, err = a.Tasks(c.Context(), c.DB, c.Actor); err != nil {
			return err
		}
	}
	return c.Page(meView(c.View, p))
}
