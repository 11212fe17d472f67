package account

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// rolesPage says who holds which role.
type rolesPage struct {
	People []roleHolder
	Offer  []people.Role // what the actor may give
	Needs  []people.Role // roles that need a second factor
	Fresh  bool
	Email  string
	Role   string
	Key    string
	Actor  people.Actor
}

// roleHolder is a person with all roles the reader may know of.
type roleHolder struct {
	Name string
	Rows []roleRow
}

type roleRow struct {
	people.Held
	Name    string
	Where   lang.Text // title of the assembly or workshop; empty = everywhere
	Takable bool
}

func (a *Account) rolesPage(c *web.Ctx) (rolesPage, error) {
	p := rolesPage{Actor: c.Actor, Fresh: a.Fresh(c.Actor), Key: web.NewKey()}
	for _, r := range people.Roles {
		if MayGive(c.Actor, r) == nil {
			p.Offer = append(p.Offer, r)
		}
	}
	var err error
	if p.Needs, err = people.RolesWithFactor(c.Context(), c.DB); err != nil {
		return p, err
	}
	all, err := people.AllGrants(c.Context(), c.DB)
	if err != nil {
		return p, err
	}
	var persons, scoped []string
	for _, h := range all {
		persons = append(persons, h.Person)
		if h.Scope != "" {
			scoped = append(scoped, h.Scope)
		}
	}
	names, err := a.names(c.Context(), c.DB, persons)
	if err != nil {
		return p, err
	}
	where, err := entry.Many(c.Context(), c.DB, scoped)
	if err != nil {
		return p, err
	}
	at := map[string]int{}
	for _, role := range people.Roles {
		for _, h := range all {
			if h.Role != role {
				continue
			}
			e, known := where[h.Scope]
			if h.Scope != "" && (!known || !e.Visible(c.Actor)) {
				continue // a role in something one may not know of
			}
			i, known := at[h.Person]
			if !known {
				i = len(p.People)
				at[h.Person], p.People = i, append(p.People, roleHolder{Name: names[h.Person]})
			}
			p.People[i].Rows = append(p.People[i].Rows, roleRow{Held: h, Name: names[h.Person], Where: e.Title(), Takable: MayGive(c.Actor, h.Role) == nil})
		}
	}
	return p, nil
}

// names gives the names of persons by their keys.
func (a *Account) names(ctx context.Context, q db.Q, persons []string) (map[string]string, error) {
	list, err := people.PersonsByID(ctx, q, persons)
	names := map[string]string{}
	for _, p := range list {
		names[p.ID] = p.Name
	}
	return names, err
}

func (a *Account) roles(c *web.Ctx) error {
	p, err := a.rolesPage(c)
	if err != nil {
		return err
	}
	p.Email = c.Query("email")
	return c.Page(rolesView(c.View, p))
}

func (a *Account) giveRole(c *web.Ctx) error {
	if !a.Proven(c, "/roles") {
		return nil
	}
	email, role := c.Form("email"), people.Role(c.Form("role"))
	flash := c.View.T("account.role.given", "The role is given.")
	err := c.Write(flash, func(ctx context.Context, tx *db.Tx) (string, error) {
		person, err := people.PersonByEmail(ctx, tx, email)
		if fault.Is(err, fault.KindNotFound) {
			return "", fault.Invalid("email", "account.role.nobody", "There is no account with this address. Invite the person first.")
		}
		if err != nil {
			return "", err
		}
		known := false
		for _, r := range people.Roles {
			known = known || r == role
		}
		if !known {
			return "", fault.Invalid("role", "account.role.choose", "Choose a role.")
		}
		return "/roles", a.Give(ctx, tx, c.Actor, person.ID, role)
	})
	if err == nil {
		return nil
	}
	p, pageErr := a.rolesPage(c)
	if pageErr != nil {
		return pageErr
	}
	p.Email, p.Role = email, string(role)
	return c.Retry(err, func(v design.View) templ.Component { return rolesView(v, p) })
}

func (a *Account) takeRole(c *web.Ctx) error {
	if !a.Proven(c, "/roles") {
		return nil
	}
	flash := c.View.T("account.role.taken", "The role is taken back.")
	return c.Write(flash, func(ctx context.Context, tx *db.Tx) (string, error) {
		g := people.Grant{Role: people.Role(c.Form("role")), Scope: c.Form("scope")}
		to := "/roles"
		if c.Form("person") == c.Actor.Person {
			to = "/me" // perhaps the list is no longer open to them
		}
		return to, a.Take(ctx, tx, c.Actor, c.Form("person"), g)
	})
}

// peoplePage lists the accounts, for the coordination.
type peoplePage struct {
	Query      string
	Rows       []personRow
	Total      int
	Page, Last int
	Open       []Invitation
	Actor      people.Actor
}

type personRow struct {
	people.Person
	Mandates []people.Mandate
	Roles    []people.Role
	Factor   bool // has set a second factor up
}

const pageSize = 50

func (a *Account) people(c *web.Ctx) error {
	p := peoplePage{Actor: c.Actor, Query: c.Query("q"), Page: max(1, number(c.Query("page")))}
	all, err := people.Persons(c.Context(), c.DB)
	if err != nil {
		return err
	}
	if words := lang.Fold(p.Query); words != "" {
		kept := all[:0]
		for _, one := range all {
			if strings.Contains(lang.Fold(one.Name), words) || strings.Contains(lang.Fold(one.Email), words) {
				kept = append(kept, one)
			}
		}
		all = kept
	}
	// By name as people look it up: the engines disagree on where É stands.
	slices.SortStableFunc(all, func(a, b people.Person) int { return cmp.Compare(lang.Fold(a.Name), lang.Fold(b.Name)) })
	p.Total, p.Last = len(all), (len(all)+pageSize-1)/pageSize
	p.Page = min(p.Page, max(1, p.Last))
	all = all[min(len(all), (p.Page-1)*pageSize):min(len(all), p.Page*pageSize)]
	var ids []string
	for _, one := range all {
		ids = append(ids, one.ID)
	}
	held, err := people.MandatesOfPersons(c.Context(), c.DB, ids, c.Actor.At)
	if err != nil {
		return err
	}
	grants, err := people.AllGrants(c.Context(), c.DB)
	if err != nil {
		return err
	}
	factors, err := people.WithFactor(c.Context(), c.DB)
	if err != nil {
		return err
	}
	for _, one := range all {
		row := personRow{Person: one, Mandates: held[one.ID], Factor: factors[one.ID]}
		for _, role := range people.Roles {
			for _, g := range grants {
				if g.Person == one.ID && g.Role == role {
					row.Roles = append(row.Roles, role)
					break
				}
			}
		}
		p.Rows = append(p.Rows, row)
	}
	if p.Page == 1 && p.Query == "" {
		if p.Open, err = open(c.Context(), c.DB, "*", c.Actor.At); err != nil {
			return err
		}
	}
	return c.Page(peopleView(c.View, p))
}

func number(s string) int {
	n := 0
	for _, r := range s {
		if r < '0' || r > '9' || n > 100000 {
			return 0
		}
		n = n*10 + int(r-'0')
	}
	return n
}

var coordination = access.Role(people.Coordinator)
