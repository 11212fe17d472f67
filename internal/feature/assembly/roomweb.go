package assembly

import (
	"context"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"alliance/internal/feature"
	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// workshopForm is a workshop being written.
type workshopForm struct {
	Assembly entry.Entry
	Entry    entry.Entry
	Workshop Workshop
	Axes     []design.Option
	Typed    map[string]string
	Key      string
}

func (f *Feature) workshopForm(c *web.Ctx, assembly entry.Entry, s Assembly, e entry.Entry, w Workshop) workshopForm {
	x := workshopForm{Assembly: assembly, Entry: e, Workshop: w, Key: web.NewKey(), Axes: axes(c, s.Axes)}
	x.Typed = map[string]string{"title": e.Title().Original(), "summary": e.Text(entry.Summary).Original(), "axis": e.Axis, "room": w.Room, "lang": e.Lang}
	return x
}

func (x *workshopForm) read(c *web.Ctx) error {
	x.Key = c.Form(design.KeyField)
	for _, name := range []string{"title", "summary", "axis", "room"} {
		x.Typed[name] = c.Form(name)
	}
	var list fault.List
	if x.Entry.ID != "" {
		list.Add(sameRevision(c, &x.Entry))
	} else if l := c.Form("summary-lang"); l != "" {
		x.Entry.Lang, x.Typed["lang"] = l, l
	}
	x.Entry.Set(entry.Title, x.Typed["title"])
	x.Entry.Set(entry.Summary, x.Typed["summary"])
	x.Entry.Axis, x.Workshop.Room, x.Workshop.Languages = x.Typed["axis"], x.Typed["room"], c.Forms("languages")
	return list.Err()
}

func (f *Feature) newWorkshop(c *web.Ctx) error {
	e, s, err := f.mine(c, c.Query("in"))
	if err != nil {
		return err
	}
	return c.Page(workshopFormPage(c.View, f.workshopForm(c, e, s, entry.Entry{Lang: c.Lang(), Parent: e.ID}, Workshop{Languages: s.Languages})))
}

func (f *Feature) createWorkshop(c *web.Ctx) error {
	e, s, err := f.mine(c, c.Form("in"))
	if err != nil {
		return err
	}
	x := f.workshopForm(c, e, s, entry.Entry{Lang: c.Lang(), Parent: e.ID}, Workshop{})
	if err = x.read(c); err == nil {
		err = c.Write(c.View.T("assembly.workshop.created", "The workshop is there, with its code."), func(ctx context.Context, tx *db.Tx) (string, error) {
			w, err := AddWorkshop(ctx, tx, c.Actor, x.Entry, x.Workshop)
			return "/workshops/" + w.ID, err
		})
	}
	if err != nil {
		return c.Retry(err, func(v design.View) templ.Component { return workshopFormPage(v, x) })
	}
	return nil
}

// workshopView is a workshop with all that its page shows.
type workshopView struct {
	Entry    entry.Entry
	Workshop Workshop
	Assembly entry.Entry
	Settings Assembly
	Leaders  map[people.Role][]people.Person
	Stakes   int
	Proposed int
	Tabs     []feature.Tab
	MayLead  bool
	MayRun   bool
	Speaks   string // the organisation the reader may write for
	Writes   bool   // participants may write now
	Inside   bool   // the code may be shown: to those who run it and to those who come
	Join     string // address to join
	Key      string
}

func (f *Feature) workshopView(c *web.Ctx) (v workshopView, err error) {
	ctx := c.Context()
	if v.Entry, err = entry.See(ctx, c.DB, c.Actor, "workshop", c.Path("id")); err != nil {
		return v, err
	}
	if v.Workshop, err = workshopByID(ctx, c.DB, v.Entry.ID); err != nil {
		return v, err
	}
	if v.Assembly, v.Settings, err = see(ctx, c.DB, c.Actor, v.Entry.Parent); err != nil {
		return v, err
	}
	v.Leaders = map[people.Role][]people.Person{}
	for _, role := range RolesOfWorkshop {
		if v.Leaders[role], err = people.Holders(ctx, c.DB, role, v.Entry.ID); err != nil {
			return v, err
		}
	}
	for kind, n := range map[string]*int{"stake": &v.Stakes, "proposal": &v.Proposed} {
		counts, err := countIn(ctx, c.DB, c.Actor, kind, []string{v.Entry.ID})
		if err != nil {
			return v, err
		}
		*n = counts[v.Entry.ID]
	}
	if v.Tabs, err = f.Tabs(ctx, c.DB, c.Actor, v.Entry); err != nil {
		return v, err
	}
	v.MayLead, v.MayRun, v.Key = MayLead(c.Actor, v.Workshop), MayRun(c.Actor, v.Assembly.ID), web.NewKey()
	v.Writes = v.Workshop.Open() && v.Settings.Now(c.Actor.At).Allows(Write)
	v.Join = c.View.Origin + "/join/" + v.Workshop.Code
	if c.Actor.May(people.Speak) {
		v.Speaks = c.Actor.Mandate.OrganisationName
	}
	v.Inside = v.MayLead || f.Demo // the demonstration lets everybody try
	if !v.Inside && c.Actor.For() != "" {
		come, err := Registered(ctx, c.DB, v.Assembly.ID)
		if err != nil {
			return v, err
		}
		v.Inside = slices.Contains(come, c.Actor.For())
	}
	return v, nil
}

func (f *Feature) workshop(c *web.Ctx) error {
	v, err := f.workshopView(c)
	if err != nil {
		return err
	}
	return c.Page(workshopPage(c.View, v, c.Alliance))
}

func (f *Feature) led(c *web.Ctx) (workshopView, error) {
	v, err := f.workshopView(c)
	if err == nil && !v.MayLead {
		err = access.Denied()
	}
	return v, err
}

// poster is the code, large, for the wall of the room.
func (f *Feature) poster(c *web.Ctx) error {
	v, err := f.led(c)
	if err != nil {
		return err
	}
	picture, err := design.DrawQR(v.Join)
	if err != nil {
		return err
	}
	return c.Page(posterPage(c.View, v, picture))
}

func (f *Feature) editWorkshop(c *web.Ctx) error {
	v, err := f.led(c)
	if err != nil {
		return err
	}
	return c.Page(workshopFormPage(c.View, f.workshopForm(c, v.Assembly, v.Settings, v.Entry, v.Workshop)))
}

func (f *Feature) saveWorkshop(c *web.Ctx) error {
	v, err := f.led(c)
	if err != nil {
		return err
	}
	x := f.workshopForm(c, v.Assembly, v.Settings, v.Entry, v.Workshop)
	if err = x.read(c); err == nil {
		err = c.Write(c.View.T("assembly.saved", "Saved."), func(ctx context.Context, tx *db.Tx) (string, error) {
			_, err := ChangeWorkshop(ctx, tx, c.Actor, x.Entry, x.Workshop)
			return "/workshops/" + x.Entry.ID, err
		})
	}
	if err != nil {
		return c.Retry(err, func(v design.View) templ.Component { return workshopFormPage(v, x) })
	}
	return nil
}

func (f *Feature) sequence(c *web.Ctx) error {
	read := func(name string) Sequence {
		if n, err := strconv.Atoi(c.Form(name)); err == nil {
			return Sequence(n)
		}
		return -1
	}
	return c.Write(c.View.T("assembly.sequence.set", "The workshop moved on."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/workshops/" + c.Path("id"), SetSequence(ctx, tx, c.Actor, c.Path("id"), read("from"), read("sequence"))
	})
}

func (f *Feature) newCode(c *web.Ctx) error {
	return c.Write(c.View.T("assembly.code.new", "There is a new code. The old one opens nothing any more."), func(ctx context.Context, tx *db.Tx) (string, error) {
		_, err := NewCode(ctx, tx, c.Actor, c.Path("id"))
		return "/workshops/" + c.Path("id") + "/code", err
	})
}
