package account

import (
	"context"
	"net/http"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// successionAPI is for what follows a mandate: more of it, or somebody else.
func (a *Account) successionAPI(r *web.API) {
	type renewIn struct {
		ID   string `path:"id" maxLength:"16"`
		Body struct {
			Until     string `json:"until" maxLength:"10" doc:"last day, 2026-11-22"`
			Reference string `json:"reference,omitempty" maxLength:"300" doc:"of the decision; empty = as it was"`
		}
	}
	type mandateOutput struct{ Body mandateJSON }
	web.Handle(r, web.Op{ID: "renew-mandate", Method: http.MethodPost, Path: "/mandates/{id}/renew", Tag: "account", Policy: access.SignedIn,
		Summary: "Moves the end of a mandate to a later day"},
		func(c *web.Call, in *renewIn) (*mandateOutput, error) {
			until, wrong := day("until", in.Body.Until, true)
			if wrong == nil && until == 0 {
				wrong = fault.Invalid("until", "account.day", "Write a day, a month and a year, such as 22 11 2026.")
			}
			if wrong != nil {
				return nil, wrong
			}
			if _, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
				m, err := a.Renew(ctx, tx, c.Actor, in.ID, until, in.Body.Reference)
				return m.ID, err
			}); err != nil {
				return nil, err
			}
			m, err := people.MandateByID(c, c.DB, in.ID)
			return &mandateOutput{mandateOut(m, c.DB.Now())}, err
		})

	type handIn struct {
		ID   string `path:"id" maxLength:"16" doc:"of the mandate that is handed over"`
		Body struct {
			Email     string   `json:"email" maxLength:"254"`
			Name      string   `json:"name,omitempty" maxLength:"200"`
			Lang      string   `json:"lang" maxLength:"35" doc:"language of the mail"`
			Scopes    []string `json:"scopes,omitempty" enum:"speak,vote,sign,edit"`
			Since     string   `json:"since,omitempty" maxLength:"10" doc:"day on which the old mandate ends and the new one begins; empty = when it is accepted"`
			Until     string   `json:"until,omitempty" maxLength:"10" doc:"day, itself included"`
			Reference string   `json:"reference,omitempty" maxLength:"300"`
		}
	}
	type invitationOutput struct{ Body invitationJSON }
	answer := func(c *web.Call, made string) (*invitationOutput, error) {
		i, err := byID(c, c.DB, made)
		return &invitationOutput{invitationOut(i, c.DB.Now())}, err
	}
	web.Handle(r, web.Op{ID: "hand-over-mandate", Method: http.MethodPost, Path: "/mandates/{id}/hand-over", Tag: "account", Policy: access.SignedIn, Status: http.StatusCreated,
		Summary: "Names who follows under a mandate: it ends on the day the new one begins"},
		func(c *web.Call, in *handIn) (*invitationOutput, error) {
			b := in.Body
			p := invitePage{Email: b.Email, Name: b.Name, Lang: b.Lang, Languages: []string{b.Lang}, Scopes: b.Scopes, Since: b.Since, Until: b.Until, Reference: b.Reference}
			i, problems := p.invitation()
			if err := problems.Err(); err != nil {
				return nil, err
			}
			made, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
				i, err := a.HandOver(ctx, tx, c.Actor, c.Network(), in.ID, i)
				return i.ID, err
			})
			if err != nil {
				return nil, err
			}
			return answer(c, made)
		})
	web.Handle(r, web.Op{ID: "confirm-invitation", Method: http.MethodPost, Path: "/invitations/{id}/confirm", Tag: "account", Policy: coordination,
		Summary: "Lets an invitation out that waits for the coordination"},
		func(c *web.Call, in *idInput) (*invitationOutput, error) {
			made, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
				i, err := a.Confirm(ctx, tx, c.Actor, in.ID)
				return i.ID, err
			})
			if err != nil {
				return nil, err
			}
			return answer(c, made)
		})
}
