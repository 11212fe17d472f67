package assembly

import (
	"context"

	"github.com/a-h/templ"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lineage"
	"alliance/internal/platform/web"
)

// upView is what a local assembly may bring up.
type upView struct {
	Entry  entry.Entry
	Parent entry.Entry
	Early  bool // it has not begun
	Open   []entry.Entry
	Chosen []string
	Key    string
}

func (f *Feature) upView(c *web.Ctx) (v upView, err error) {
	ctx := c.Context()
	var s Assembly
	if v.Entry, s, err = see(ctx, c.DB, c.Actor, c.Path("id")); err != nil {
		return v, err
	}
	if !mayBringUp(c.Actor, v.Entry) {
		return v, access.Denied()
	}
	if v.Entry.Parent == "" {
		return v, fault.Missing()
	}
	if v.Parent, err = entry.See(ctx, c.DB, c.Actor, "assembly", v.Entry.Parent); err != nil {
		return v, err
	}
	v.Early, v.Key = !s.Now(c.Actor.At).Allows(BringUp), web.NewKey()
	all, err := f.asks.Proposals(ctx, c.DB, v.Entry.ID)
	if err != nil {
		return v, err
	}
	ids := make([]string, len(all))
	for i, e := range all {
		ids[i] = e.ID
	}
	dealt, err := lineage.Descended(ctx, c.DB, ids)
	for _, e := range all {
		if !dealt[e.ID] && e.State == entry.Published && e.Visible(c.Actor) {
			v.Open = append(v.Open, e)
		}
	}
	return v, err
}

func (f *Feature) bringUpForm(c *web.Ctx) error {
	v, err := f.upView(c)
	if err != nil {
		return err
	}
	return c.Page(upPage(c.View, v))
}

func (f *Feature) bringUp(c *web.Ctx) error {
	v, err := f.upView(c)
	if err != nil {
		return err
	}
	v.Chosen, v.Key = c.Forms("proposals"), c.Form(design.KeyField)
	err = c.Write(c.View.T("assembly.up.kept", "Brought up. They stand among the proposals of the assembly above."), func(ctx context.Context, tx *db.Tx) (string, error) {
		parent, err := f.BringUp(ctx, tx, c.Actor, v.Entry.ID, v.Chosen)
		return "/assemblies/" + parent + "/proposals", err
	})
	if err != nil {
		return c.Retry(err, func(view design.View) templ.Component { return upPage(view, v) })
	}
	return nil
}
