package handover

import (
	"context"
	"slices"

	"github.com/a-h/templ"

	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
	"alliance/internal/platform/web"
)

// listView is what ends soon, of one organisation or of all.
type listView struct {
	Organisation people.Organisation // zero = of all
	Months       int
	List         []Ending
	Names        map[string]string // of organisations
	HandOvers    []HandOver
	Persons      map[string]string
	Quiet        bool
	Keeps        bool
}

// narrowed gives the organisation a page is about: what was asked for, the
// reader's own, or for the coordination all.
func narrowed(a people.Actor, asked string) (organisation string, err error) {
	if organisation = asked; organisation == "" && !a.Is(people.Coordinator) {
		organisation = a.For()
	}
	if !mayLook(a, organisation) {
		return "", fault.Missing()
	}
	return organisation, nil
}

func (f *Feature) list(c *web.Ctx) error {
	c.Private()
	ctx := c.Context()
	organisation, err := narrowed(c.Actor, c.Query("organisation"))
	if err != nil {
		return err
	}
	v := listView{Months: span(web.Whole(c.Query("months"))), Keeps: mayKeep(c.Actor, organisation)}
	if organisation != "" {
		if v.Organisation, err = people.OrganisationByID(ctx, f.DB, organisation); err != nil {
			return err
		}
	}
	if v.List, err = f.Endings(ctx, f.DB, c.Actor, organisation, v.Months); err != nil {
		return err
	}
	if v.Keeps {
		if v.HandOvers, err = handOversOf(ctx, f.DB, organisation); err != nil {
			return err
		}
	}
	if v.Quiet, err = quiet(ctx, f.DB, c.Actor.Person); err != nil {
		return err
	}
	var ids, persons []string
	for _, e := range v.List {
		ids = append(ids, e.Organisation)
	}
	for _, h := range v.HandOvers {
		ids, persons = append(ids, h.Organisation), append(persons, h.From, h.To)
	}
	if v.Names, err = f.organisations(ctx, ids); err != nil {
		return err
	}
	if v.Persons, err = f.persons(ctx, persons); err != nil {
		return err
	}
	return c.Page(listPage(c.View, v))
}

func (f *Feature) organisations(ctx context.Context, ids []string) (map[string]string, error) {
	slices.Sort(ids)
	list, err := people.OrganisationsByID(ctx, f.DB, slices.Compact(ids))
	names := map[string]string{}
	for _, o := range list {
		names[o.ID] = o.Name
	}
	return names, err
}

func (f *Feature) persons(ctx context.Context, ids []string) (map[string]string, error) {
	slices.Sort(ids)
	list, err := people.PersonsByID(ctx, f.DB, slices.Compact(ids))
	names := map[string]string{}
	for _, p := range list {
		names[p.ID] = p.Name
	}
	return names, err
}

func (f *Feature) mails(c *web.Ctx) error {
	return c.Write(c.View.T("handover.mails.kept", "Kept."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/me", setQuiet(ctx, tx, c.Actor.Person, c.Form("quiet") != "")
	})
}

// quietForm is what the link in a mail opens: nothing ends by looking.
func (f *Feature) quietForm(c *web.Ctx) error {
	c.Private()
	person, err := f.holder(c.Path("token"))
	if err != nil {
		return err
	}
	silent, err := quiet(c.Context(), f.DB, person)
	if err != nil {
		return err
	}
	return c.Page(quietPage(c.View, c.Path("token"), silent))
}

// quietNow ends the mails; mail programs ask it in one click.
func (f *Feature) quietNow(c *web.Ctx) error {
	c.Private()
	person, err := f.holder(c.Path("token"))
	if err != nil {
		return err
	}
	end := func(ctx context.Context, tx *db.Tx) (string, error) {
		if p, err := people.PersonByID(ctx, tx, person); err != nil || p.Erased != 0 {
			return "/endings/quiet/" + c.Path("token"), err
		}
		return "/endings/quiet/" + c.Path("token"), setQuiet(ctx, tx, person, true)
	}
	if c.Form("List-Unsubscribe") != "One-Click" {
		return c.Write("", end)
	}
	// A mail program (RFC 8058) follows no redirect.
	if err := c.DB.Do(c.Context(), func(ctx context.Context, tx *db.Tx) error { _, err := end(ctx, tx); return err }); err != nil {
		return err
	}
	return f.quietForm(c)
}

// renewView asks until when a record is good from now on.
type renewView struct {
	Record    record.Record
	Path      string
	Label     string
	Last, Day string
}

func (f *Feature) renewView(c *web.Ctx) (renewView, error) {
	k, ask, r, err := f.renewable(c.Context(), f.DB, c.Actor, c.Path("id"))
	if err != nil {
		return renewView{}, err
	}
	was := r.Answers.One(ask.Name)
	return renewView{Record: r, Path: k.Path(r.ID), Label: c.View.Say(ask.Label), Last: was, Day: aYearOn(max(record.LastDay(was), c.Actor.At.Day()))}, nil
}

func (f *Feature) renewForm(c *web.Ctx) error {
	v, err := f.renewView(c)
	if err != nil {
		return err
	}
	return c.Page(renewPage(c.View, v))
}

func (f *Feature) renew(c *web.Ctx) error {
	v, err := f.renewView(c)
	if err != nil {
		return err
	}
	v.Day = design.DateValue(c.Form, "until")
	err = c.Write(c.View.T("handover.renewed", "Renewed."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return f.Renew(ctx, tx, c.Actor, c.Path("id"), v.Day)
	})
	if err != nil {
		return c.Retry(err, func(dv design.View) templ.Component { return renewPage(dv, v) })
	}
	return nil
}

// confirmView asks on which day those elected confirmed a vote.
type confirmView struct {
	Vote
	Path, Day string
}

func (f *Feature) confirmView(c *web.Ctx) (confirmView, error) {
	list, err := f.asks.Votes(c.Context(), f.DB, c.Actor, "")
	if err != nil {
		return confirmView{}, err
	}
	for _, v := range list {
		if v.ID == c.Path("id") && v.Elected && mayKeep(c.Actor, v.Member) {
			return confirmView{Vote: v, Path: f.Kinds[v.Kind].Path(v.ID), Day: c.Actor.At.Day()}, nil
		}
	}
	return confirmView{}, fault.Missing()
}

func (f *Feature) confirmForm(c *web.Ctx) error {
	v, err := f.confirmView(c)
	if err != nil {
		return err
	}
	return c.Page(confirmPage(c.View, v))
}

func (f *Feature) confirm(c *web.Ctx) error {
	v, err := f.confirmView(c)
	if err != nil {
		return err
	}
	v.Day = design.DateValue(c.Form, "day")
	err = c.Write(c.View.T("handover.confirmed", "Confirmed: the vote counts."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return v.Path, f.asks.ConfirmVote(ctx, tx, c.Actor, v.ID, v.Day)
	})
	if err != nil {
		return c.Retry(err, func(dv design.View) templ.Component { return confirmPage(dv, v) })
	}
	return nil
}

// showView is what one person passed on to another.
type showView struct {
	HandOver
	Name     string // of the organisation
	From, To string // names
	Rows     []thingRow
	Mine     bool // the reader took over
	Left     int
}

type thingRow struct {
	Thing
	Title lang.Rendering
	Kind  string
	Path  string
}

func (f *Feature) showView(c *web.Ctx) (v showView, err error) {
	c.Private()
	ctx := c.Context()
	if v.HandOver, err = handOverByID(ctx, f.DB, c.Path("id")); err != nil {
		return v, err
	}
	if !v.maySee(c.Actor) {
		return v, fault.Missing()
	}
	v.Mine = c.Actor.Person == v.HandOver.To
	names, err := f.organisations(ctx, []string{v.Organisation})
	if err != nil {
		return v, err
	}
	persons, err := f.persons(ctx, []string{v.HandOver.From, v.HandOver.To})
	if err != nil {
		return v, err
	}
	v.Name, v.From, v.To = names[v.Organisation], persons[v.HandOver.From], persons[v.HandOver.To]
	things, err := thingsOf(ctx, f.DB, v.ID)
	if err != nil {
		return v, err
	}
	var ids []string
	for _, t := range things {
		ids = append(ids, t.Entry)
	}
	entries, err := entry.Many(ctx, f.DB, ids)
	for _, t := range things {
		e, known := entries[t.Entry]
		if !known || e.State == entry.Withdrawn || !e.Visible(c.Actor) && c.Actor.For() != v.Organisation {
			continue // withdrawn since, or not for the reader to know of
		}
		k := f.Kinds[e.Kind]
		if t.State == ToDo {
			v.Left++
		}
		v.Rows = append(v.Rows, thingRow{t, e.Title().In(c.Lang()), c.View.Say(k.One), k.Path(e.ID)})
	}
	return v, err
}

func (f *Feature) show(c *web.Ctx) error {
	v, err := f.showView(c)
	if err != nil {
		return err
	}
	return c.Page(showPage(c.View, v))
}

func (f *Feature) settle(c *web.Ctx) error {
	return c.Write(c.View.T("handover.settled", "Noted."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/handovers/" + c.Path("id"), f.Settle(ctx, tx, c.Actor, c.Path("id"), web.Whole(c.Form("thing")), State(c.Form("act")))
	})
}
