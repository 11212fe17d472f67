package membership

import (
	"context"
	"slices"

	"github.com/a-h/templ"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
	"alliance/internal/platform/web"
)

// contactsOf gives the contacts of an organisation that the actor may read, by
// task in the order of the form.
func (x *Memberships) contactsOf(ctx context.Context, q db.Q, a people.Actor, organisation string) ([]record.Record, error) {
	found, err := record.Pointing(ctx, q, of, organisation)
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(e entry.Entry) bool {
		return e.Kind != Contact || e.State != entry.Published || !e.Visible(a)
	})
	list, err := record.Fill(ctx, q, found)
	rank := func(r record.Record) int {
		return slices.IndexFunc(tasks, func(o record.Option) bool { return o.Value == r.Class })
	}
	slices.SortStableFunc(list, func(a, b record.Record) int { return rank(a) - rank(b) })
	return list, err
}

// partView is what the page of an organisation shows of this feature.
type partView struct {
	Organisation entry.Entry
	Contacts     []record.Record
	In           []Membership // networks it is in
	Members      int          // in it, for a network
	Registry     Registry
	MayEdit      bool
}

// Part writes whom to write to and which networks an organisation is in.
func (x *Memberships) Part(c *web.Ctx, o entry.Entry) (templ.Component, error) {
	p := partView{Organisation: o, MayEdit: c.Actor.Is(people.Coordinator) || c.Actor.For() == o.ID && c.Actor.May(people.Edit)}
	var err error
	if p.Contacts, err = x.contactsOf(c.Context(), x.DB, c.Actor, o.ID); err != nil {
		return nil, err
	}
	if p.Registry, err = x.around(c.Context(), x.DB, c.Actor, o.ID); err != nil {
		return nil, err
	}
	for _, m := range p.Registry.Memberships {
		if m.Member == o.ID {
			p.In = append(p.In, m)
		}
	}
	p.Members = p.Registry.tally(o.ID).Members
	return part(c.View, p), nil
}

// moreContact offers to erase a contact for good.
func (x *Memberships) moreContact(c *web.Ctx, r record.Record) (templ.Component, error) {
	if !x.contacts.MayEdit(c.Actor, r) {
		return nil, nil
	}
	return eraseLink(c.View, r.ID), nil
}

func (x *Memberships) eraseForm(c *web.Ctx) error {
	r, err := x.erasable(c.Context(), x.DB, c.Actor, c.Path("id"))
	if err != nil {
		return err
	}
	v := c.View
	return c.Page(design.ConfirmPage(v, design.Page{Title: v.T("membership.c.erase.title", "Erase: {name}", "name", r.Title().In(v.Lang()).S), Kind: "form"}, design.Confirm{
		Text: v.T("membership.c.erase.text", "Name, addresses and numbers go for good, from all versions. This cannot be undone."),
		Path: "/contacts/" + r.ID + "/erase", Key: web.NewKey(), Button: v.T("membership.c.erase.button", "Erase it for good"), Back: "/contacts/" + r.ID}))
}

func (x *Memberships) erasable(ctx context.Context, q db.Q, a people.Actor, id string) (record.Record, error) {
	r, err := x.contacts.See(ctx, q, a, id)
	if err == nil && !x.contacts.MayEdit(a, r) {
		err = access.Denied()
	}
	return r, err
}

func (x *Memberships) erase(c *web.Ctx) error {
	return c.Write(c.View.T("membership.c.erased", "The contact is erased."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/contacts", x.EraseContact(ctx, tx, c.Actor, c.Path("id"))
	})
}

// EraseContact takes a contact out for good: people stand in it.
func (x *Memberships) EraseContact(ctx context.Context, tx *db.Tx, a people.Actor, id string) error {
	r, err := x.erasable(ctx, tx, a, id)
	if err != nil || r.Title().Empty() { // erased already
		return err
	}
	if _, err := entry.SetState(ctx, tx, a, id, entry.Withdrawn); err != nil {
		return err
	}
	if err := record.PutAnswers(ctx, tx, id, nil); err != nil {
		return err
	}
	return entry.Forget(ctx, tx, a, id)
}
