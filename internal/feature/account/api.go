package account

import (
	"context"
	"net/http"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// mandateJSON is a mandate as programs see it.
type mandateJSON struct {
	ID           string   `json:"id"`
	Organisation string   `json:"organisation"`
	Person       string   `json:"person"`
	PersonName   string   `json:"person_name,omitempty"`
	Scopes       []string `json:"scopes" doc:"speak, vote, sign, edit"`
	Since        int64    `json:"since" doc:"microseconds since 1970, UTC"`
	Until        int64    `json:"until,omitempty"`
	Ended        int64    `json:"ended,omitempty"`
	Reference    string   `json:"reference,omitempty"`
	InForce      bool     `json:"in_force"`
}

func mandateOut(m people.Mandate, at db.Instant) mandateJSON {
	j := mandateJSON{ID: m.ID, Organisation: m.Organisation, Person: m.Person, PersonName: m.PersonName, Scopes: []string{},
		Since: int64(m.Since), Until: int64(m.Until), Ended: int64(m.Ended), Reference: m.Reference, InForce: m.Holds(at)}
	for _, s := range scopes {
		if s.of(m) {
			j.Scopes = append(j.Scopes, string(s.scope))
		}
	}
	return j
}

func mandatesOut(list []people.Mandate, at db.Instant) []mandateJSON {
	out := []mandateJSON{}
	for _, m := range list {
		out = append(out, mandateOut(m, at))
	}
	return out
}

type roleJSON struct {
	Person string `json:"person,omitempty"`
	Role   string `json:"role"`
	Scope  string `json:"scope,omitempty" doc:"assembly or workshop; empty = the whole alliance"`
}

type invitationJSON struct {
	ID      string      `json:"id"`
	Email   string      `json:"email"`
	Name    string      `json:"name,omitempty"`
	Mandate mandateJSON `json:"mandate" doc:"what it will give; without id and person"`
	By      string      `json:"by"`
	Created int64       `json:"created"`
	Expires int64       `json:"expires"`
	// Of a hand-over:
	Replaces string `json:"replaces,omitempty" doc:"mandate that ends when this one is accepted"`
	Waits    bool   `json:"waits,omitempty" doc:"the coordination confirms it before a mail goes out"`
}

func invitationOut(i Invitation, at db.Instant) invitationJSON {
	return invitationJSON{ID: i.ID, Email: i.Email, Name: i.Name, Mandate: mandateOut(i.Mandate, at), By: i.By, Created: int64(i.Created), Expires: int64(i.Expires), Replaces: i.Replaces, Waits: i.Waits}
}

type idInput struct {
	ID string `path:"id" maxLength:"16"`
}

func (a *Account) api(r *web.API) {
	a.apiSignedOut(r)
	type meOut struct {
		Body struct {
			Person  string        `json:"person"`
			Name    string        `json:"name"`
			Lang    string        `json:"lang"`
			ActsFor string        `json:"acts_for,omitempty" doc:"organisation of the token's mandate"`
			Roles   []roleJSON    `json:"roles"`
			Held    []mandateJSON `json:"mandates" doc:"all of the person, over ones too"`
			Tasks   []taskJSON    `json:"tasks" doc:"what waits, the most urgent first"`
		}
	}
	web.Handle(r, web.Op{ID: "get-me", Method: http.MethodGet, Path: "/me", Tag: "account", Policy: access.SignedIn,
		Summary: "Who calls, for whom, and what waits"},
		func(c *web.Call, _ *struct{}) (*meOut, error) {
			out := &meOut{}
			b := &out.Body
			b.Person, b.Name, b.Lang, b.ActsFor, b.Roles, b.Tasks = c.Actor.Person, c.Actor.Name, c.Actor.Lang, c.Actor.For(), []roleJSON{}, []taskJSON{}
			for _, g := range c.Actor.Grants {
				b.Roles = append(b.Roles, roleJSON{Role: string(g.Role), Scope: g.Scope})
			}
			list, err := people.MandatesOf(c, c.DB, c.Actor.Person)
			if err != nil {
				return nil, err
			}
			b.Held = mandatesOut(list, c.Actor.At)
			reader := c.Actor
			reader.Lang = c.Printer.Lang()
			tasks, err := a.Tasks(c, c.DB, reader)
			for _, t := range tasks {
				b.Tasks = append(b.Tasks, taskJSON{c.Printer.Say(t.Kind), t.Title, t.Lang, t.Path, int64(t.Until)})
			}
			return out, err
		})

	a.ownAPI(r)

	type mandatesIn struct {
		Organisation string `query:"organisation" required:"true" maxLength:"16"`
	}
	type mandatesOutput struct{ Body []mandateJSON }
	web.Handle(r, web.Op{ID: "list-mandates", Method: http.MethodGet, Path: "/mandates", Tag: "account", Policy: access.SignedIn,
		Summary: "Who may act for an organisation, or could"},
		func(c *web.Call, in *mandatesIn) (*mandatesOutput, error) {
			if _, err := people.OrganisationByID(c, c.DB, in.Organisation); err != nil {
				return nil, err
			}
			list, err := people.MandatesFor(c, c.DB, in.Organisation)
			return &mandatesOutput{mandatesOut(list, c.Actor.At)}, err
		})

	type mandateOutput struct{ Body mandateJSON }
	web.Handle(r, web.Op{ID: "end-mandate", Method: http.MethodPost, Path: "/mandates/{id}/end", Tag: "account", Policy: access.SignedIn,
		Summary: "End a mandate; what was written under it stays"},
		func(c *web.Call, in *idInput) (*mandateOutput, error) {
			if _, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
				m, err := a.End(ctx, tx, c.Actor, in.ID)
				return m.ID, err
			}); err != nil {
				return nil, err
			}
			m, err := people.MandateByID(c, c.DB, in.ID)
			return &mandateOutput{mandateOut(m, c.DB.Now())}, err
		})

	a.successionAPI(r)
	a.invitationAPI(r)

	type rolesOut struct{ Body []roleJSON }
	web.Handle(r, web.Op{ID: "list-roles", Method: http.MethodGet, Path: "/roles", Tag: "account", Policy: access.Role(people.Coordinator, people.Operator),
		Summary: "Who holds a role in the whole alliance. Roles are given on the page only, after a fresh sign-in"},
		func(c *web.Call, _ *struct{}) (*rolesOut, error) {
			all, err := people.AllGrants(c, c.DB)
			out := &rolesOut{Body: []roleJSON{}}
			for _, h := range all {
				if h.Scope == "" {
					out.Body = append(out.Body, roleJSON{h.Person, string(h.Role), h.Scope})
				}
			}
			return out, err
		})
}

type taskJSON struct {
	Kind  string `json:"kind"`
	Title string `json:"title"`
	Lang  string `json:"lang,omitempty"`
	Path  string `json:"path" doc:"page, without the language"`
	Until int64  `json:"until,omitempty"`
}

func (a *Account) invitationAPI(r *web.API) {
	mayInvite := coordination.Or(access.Mandated(people.Edit))
	type inviteIn struct {
		Body struct {
			Email        string   `json:"email" maxLength:"254"`
			Name         string   `json:"name,omitempty" maxLength:"200"`
			Lang         string   `json:"lang" maxLength:"35" doc:"language of the mail"`
			Organisation string   `json:"organisation,omitempty" maxLength:"16" doc:"empty = an account only"`
			Scopes       []string `json:"scopes,omitempty" enum:"speak,vote,sign,edit"`
			Since        string   `json:"since,omitempty" doc:"day, 2026-11-22"`
			Until        string   `json:"until,omitempty" doc:"day, itself included"`
			Reference    string   `json:"reference,omitempty" maxLength:"300"`
		}
	}
	type invitationOutput struct{ Body invitationJSON }
	web.Handle(r, web.Op{ID: "invite", Method: http.MethodPost, Path: "/invitations", Tag: "account", Policy: mayInvite, Status: http.StatusCreated,
		Summary: "Invite somebody by e-mail to act for an organisation"},
		func(c *web.Call, in *inviteIn) (*invitationOutput, error) {
			b := in.Body
			p := invitePage{Email: b.Email, Name: b.Name, Lang: b.Lang, Languages: []string{b.Lang}, Scopes: b.Scopes, Since: b.Since, Until: b.Until, Reference: b.Reference}
			p.Organisation.ID = b.Organisation
			i, problems := p.invitation()
			if err := problems.Err(); err != nil {
				return nil, err
			}
			made, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
				i, err := a.Invite(ctx, tx, c.Actor, c.Network(), i)
				return i.ID, err
			})
			if err != nil {
				return nil, err
			}
			i, err = byID(c, c.DB, made)
			return &invitationOutput{invitationOut(i, c.DB.Now())}, err
		})

	type listIn struct {
		Organisation string `query:"organisation" maxLength:"16" doc:"empty = all, for the coordination"`
	}
	type listOut struct{ Body []invitationJSON }
	web.Handle(r, web.Op{ID: "list-invitations", Method: http.MethodGet, Path: "/invitations", Tag: "account", Policy: mayInvite,
		Summary: "Invitations nobody has answered yet"},
		func(c *web.Call, in *listIn) (*listOut, error) {
			if !MayInvite(c.Actor, in.Organisation) {
				return nil, access.Denied()
			}
			which := in.Organisation
			if which == "" {
				which = "*"
			}
			list, err := open(c, c.DB, which, c.Actor.At)
			out := &listOut{Body: []invitationJSON{}}
			for _, i := range list {
				out.Body = append(out.Body, invitationOut(i, c.Actor.At))
			}
			return out, err
		})

	type none struct{}
	web.Handle(r, web.Op{ID: "withdraw-invitation", Method: http.MethodPost, Path: "/invitations/{id}/withdraw", Tag: "account", Policy: mayInvite, Status: http.StatusNoContent,
		Summary: "Take an invitation back"},
		func(c *web.Call, in *idInput) (*none, error) {
			_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
				i, err := a.Withdraw(ctx, tx, c.Actor, in.ID)
				return i.ID, err
			})
			return nil, err
		})
}
