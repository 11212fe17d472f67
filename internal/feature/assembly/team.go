package assembly

import (
	"context"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// teamView is who does what in an assembly.
type teamView struct {
	Entry     entry.Entry
	Workshops []workshopRow
	Holders   []holder
	Fresh     bool
	Typed     map[string]string
	Choices   []design.Option // when several persons go by what was typed
	Key       string
}

func (v teamView) of(scope string, role people.Role) (list []holder) {
	for _, h := range v.Holders {
		if h.Scope == scope && h.Role == role {
			list = append(list, h)
		}
	}
	return list
}

func (f *Feature) teamView(c *web.Ctx) (v teamView, err error) {
	if v.Entry, _, err = f.mine(c, c.Path("id")); err != nil {
		return v, err
	}
	if v.Workshops, err = f.workshopRows(c.Context(), c.Actor, v.Entry.ID); err != nil {
		return v, err
	}
	scopes := []string{v.Entry.ID}
	for _, w := range v.Workshops {
		scopes = append(scopes, w.Entry.ID)
	}
	v.Key, v.Fresh, v.Typed = web.NewKey(), f.Fresh(c.Actor), map[string]string{"task": string(people.Rapporteur)}
	v.Holders, err = holdersIn(c.Context(), c.DB, scopes)
	return v, err
}

func (f *Feature) team(c *web.Ctx) error {
	v, err := f.teamView(c)
	if err != nil {
		return err
	}
	c.Private()
	return c.Page(teamPage(c.View, v))
}

// grantOf reads "rapporteur:ID": a role and where it is held.
func grantOf(s string) (g people.Grant, ok bool) {
	for _, r := range slices.Concat(RolesOfAssembly, RolesOfWorkshop) {
		if scope, cut := strings.CutPrefix(s, string(r)+":"); cut {
			return people.Grant{Role: r, Scope: scope}, scope != ""
		}
	}
	return g, false
}

func (f *Feature) giveRole(c *web.Ctx) error {
	v, err := f.teamView(c)
	if err != nil {
		return err
	}
	if !f.Proven(c, "/assemblies/"+c.Path("id")+"/people") {
		return nil
	}
	c.Private()
	v.Key = c.Form(design.KeyField)
	v.Typed = map[string]string{"person": c.Form("person"), "who": c.Form("who"), "task": c.Form("task")}
	person, err := f.whoIs(c, &v)
	if err == nil {
		g, ok := grantOf(v.Typed["task"])
		if !ok {
			err = fault.Invalid("task", "assembly.role.choose", "Choose a role.")
		} else {
			err = c.Write(c.View.T("assembly.role.given", "The role is given."), func(ctx context.Context, tx *db.Tx) (string, error) {
				return "/assemblies/" + v.Entry.ID + "/people", Give(ctx, tx, c.Actor, person, g)
			})
		}
	}
	if err != nil {
		return c.Retry(err, func(view design.View) templ.Component { return teamPage(view, v) })
	}
	return nil
}

// whoIs finds the person that was typed; several make a choice on the form.
func (f *Feature) whoIs(c *web.Ctx, v *teamView) (string, error) {
	found, err := candidates(c.Context(), c.DB, v.Typed["person"])
	if err != nil {
		return "", err
	}
	if len(found) == 0 {
		return "", fault.Invalid("person", "assembly.role.nobody", "Nobody with an account goes by this name or address. Invite the person first.")
	}
	if len(found) == 1 {
		return found[0].ID, nil
	}
	ids := make([]string, len(found))
	for i, p := range found {
		ids[i] = p.ID
	}
	held, err := people.MandatesOfPersons(c.Context(), c.DB, ids, c.Actor.At)
	if err != nil {
		return "", err
	}
	for _, p := range found {
		o := design.Option{Value: p.ID, Label: p.Name}
		for _, m := range held[p.ID] {
			o.Hint = joined(", ", o.Hint, m.OrganisationName)
		}
		v.Choices = append(v.Choices, o)
		if v.Typed["who"] == p.ID {
			return p.ID, nil
		}
	}
	return "", fault.Invalid("who", "assembly.role.several", "Several people go by this name. Choose one.")
}

func (f *Feature) takeRole(c *web.Ctx) error {
	if _, _, err := f.mine(c, c.Path("id")); err != nil {
		return err
	}
	if !f.Proven(c, "/assemblies/"+c.Path("id")+"/people") {
		return nil
	}
	g, ok := grantOf(c.Form("task"))
	if !ok {
		return fault.Missing()
	}
	return c.Write(c.View.T("assembly.role.taken", "The role is taken back."), func(ctx context.Context, tx *db.Tx) (string, error) {
		to := "/assemblies/" + c.Path("id") + "/people"
		if c.Form("person") == c.Actor.Person {
			to = "/assemblies/" + c.Path("id") // perhaps the list is no longer open to them
		}
		return to, Take(ctx, tx, c.Actor, c.Form("person"), g)
	})
}
