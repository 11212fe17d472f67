package app

import (
	"context"
	"embed"
	"strings"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/design"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// Phrases of the demonstration's own page.
//
//go:embed phrases
var Phrases embed.FS

// demoPeople makes the accounts of the role bar before any feature fills in
// its part, so that all of them can point to these people and their mandates.
// Roles in one assembly or workshop are given by the feature that has it.
func demoPeople(ctx context.Context, tx *db.Tx) error {
	organisations := map[string]demo.Organisation{}
	for _, o := range demo.Invented() {
		organisations[o.Slug] = o
	}
	for _, p := range demo.People() {
		person := demo.PersonID(p.ID)
		if _, err := people.AddPerson(ctx, tx, people.Person{ID: person, Name: p.Name, Email: p.Email, Lang: p.Lang}); err != nil {
			return err
		}
		for _, r := range p.Roles {
			if r.Scope != "" {
				continue
			}
			if err := people.GiveRole(ctx, tx, person, people.Grant{Role: people.Role(r.Role)}, ""); err != nil {
				return err
			}
		}
		if len(p.Mandate) == 0 {
			continue
		}
		o := organisations[p.Organisation]
		if err := people.PutOrganisation(ctx, tx, people.Organisation{ID: demo.OrganisationID(o.Slug), Kind: people.OrganisationKind(o.Kind), Name: o.Name, Country: o.Country}); err != nil {
			return err
		}
		m := people.Mandate{ID: demo.MandateID(p.ID), Organisation: demo.OrganisationID(o.Slug), Person: person, Since: tx.Now().Add(-90 * 24 * time.Hour)}
		for _, s := range p.Mandate {
			m.Allow(people.Scope(s))
		}
		if _, err := people.AddMandate(ctx, tx, m); err != nil {
			return err
		}
	}
	return nil
}

// visitor stands in the role bar for nobody in particular.
const visitor = "visitor"

// demoBar lets a visitor of the demonstration step into a role.
func (a *App) demoBar(v design.View, actor people.Actor) *design.DemoBar {
	bar := &design.DemoBar{Current: visitor, Note: v.T("app.demo.real", "What is real here?"), NoteURL: v.Href("/demo")}
	label := demo.Visitor().In(v.Lang())
	bar.Roles = append(bar.Roles, design.Option{Value: visitor, Label: label.S, Lang: label.Lang})
	for _, p := range demo.People() {
		label := p.Label.In(v.Lang())
		bar.Roles = append(bar.Roles, design.Option{Value: p.ID, Label: label.S, Lang: label.Lang})
		if actor.Person == demo.PersonID(p.ID) {
			bar.Current = p.ID
		}
	}
	return bar
}

// demoPage says what is real and who can be stepped into.
func (a *App) demoPage(c *web.Ctx) error { return c.Page(demoView(c.View, demo.People())) }

// stepIn changes who acts, without a password: its route exists in the
// demonstration only. One stays on the page where the new role may see it.
func (a *App) stepIn(c *web.Ctx) error {
	role, then := c.Form("role"), web.Local(c.Form("then"))
	var into *demo.Person
	for _, p := range demo.People() {
		if p.ID == role {
			into = &p
		}
	}
	if into == nil && role != visitor {
		return fault.Missing()
	}
	return c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
		if into == nil {
			if c.Actor.SignedIn() {
				if err := c.SignOut(ctx, tx); err != nil {
					return "", err
				}
			}
			return a.stayOr(then, "/", people.Actor{}), nil
		}
		mandate := ""
		if len(into.Mandate) > 0 {
			mandate = demo.MandateID(into.ID)
		}
		if err := c.SignInStrong(ctx, tx, demo.PersonID(into.ID), mandate); err != nil {
			return "", err
		}
		actor, err := people.ActorOf(ctx, tx, demo.PersonID(into.ID), mandate, tx.Now())
		return a.stayOr(then, "/me", actor), err
	})
}

func (a *App) stayOr(then, other string, actor people.Actor) string {
	if then == "" || then == "/demo" || strings.HasPrefix(then, "/sign-in") || !a.Router.MayOpen(then, actor) {
		return other
	}
	return then
}
