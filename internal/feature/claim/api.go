package claim

import (
	"bytes"
	"context"
	"net/http"
	"time"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/file"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// claimJSON is a claim as those who decide see it.
type claimJSON struct {
	ID           string     `json:"id"`
	Organisation string     `json:"organisation"`
	State        string     `json:"state" enum:"asked,waiting,accepted,refused,expired"`
	Since        int64      `json:"since" doc:"Microseconds"`
	Reason       string     `json:"reason,omitempty"`
	SameSite     bool       `json:"sameSite" doc:"The address is at the organisation's web site: a sign, no proof"`
	Name         string     `json:"name,omitempty"`
	Role         string     `json:"role,omitempty"`
	Email        string     `json:"email,omitempty"`
	Proof        string     `json:"proof,omitempty"`
	Said         []saidJSON `json:"said,omitempty"`
}

type saidJSON struct {
	Seat         string `json:"seat" enum:"authority,association,coordination,own"`
	Organisation string `json:"organisation,omitempty"`
	Act          string `json:"act" enum:"agree,refuse,object"`
	Reason       string `json:"reason,omitempty"`
	At           int64  `json:"at"`
}

// jsonOf gives a claim to a seat; "" is its claimant, who knows what they wrote.
func jsonOf(c Claim, said []Said, seat Seat) claimJSON {
	j := claimJSON{ID: c.ID, Organisation: c.Organisation, State: string(c.State), Since: int64(c.At), Reason: string(c.Reason), SameSite: c.SameSite}
	if seat != "" {
		j.Name, j.Role = c.Claimant.Name, c.Claimant.Role
	}
	if seat != "" && seat != Own {
		j.Email, j.Proof = c.Claimant.Email, c.Claimant.Proof
	}
	for _, s := range said {
		j.Said = append(j.Said, saidJSON{string(s.Seat), s.Organisation, string(s.Act), string(s.Reason), int64(s.At)})
	}
	return j
}

type oneOutput struct{ Body claimJSON }

type secretInput struct {
	Secret string `path:"secret" maxLength:"80"`
}

func (f *Feature) api(a *web.API) {
	f.apiClaimant(a)
	f.apiDeciding(a)
}

func (f *Feature) apiClaimant(a *web.API) {
	type claimInput struct {
		ID   string `path:"id" maxLength:"16"`
		Body struct {
			Name         string `json:"name" maxLength:"200"`
			Role         string `json:"role" maxLength:"200"`
			Email        string `json:"email" maxLength:"254"`
			MailLang     string `json:"mailLang,omitempty" maxLength:"10"`
			Proof        string `json:"proof" maxLength:"2000"`
			DocumentName string `json:"documentName,omitempty" maxLength:"200" doc:"Of the document that gives the mandate"`
			Document     []byte `json:"document,omitempty" doc:"A PDF or a picture, base64"`
		}
	}
	web.Handle(a, web.Op{ID: "claim-organisation", Method: http.MethodPost, Path: "/organisations/{id}/claim", Summary: "Says that somebody acts for an organisation; a mail asks them to confirm.", Tag: "claims", Policy: access.Everyone, Status: http.StatusAccepted}, func(c *web.Call, in *claimInput) (*struct{}, error) {
		who := Claimant{Name: in.Body.Name, Role: in.Body.Role, Email: in.Body.Email, Lang: in.Body.MailLang, Proof: in.Body.Proof}
		if who.Lang == "" {
			who.Lang = c.Printer.Lang()
		}
		if err := who.validate(); err != nil {
			return nil, err
		}
		if err := f.limit(c, c.Network(), who.Email); err != nil {
			return nil, err
		}
		var document *file.Taken
		if len(in.Body.Document) > 0 {
			if _, err := f.claimable(c, f.DB, in.ID); err != nil {
				return nil, err // before anything is kept
			}
			taken, err := f.Files.Take(c, bytes.NewReader(in.Body.Document), in.Body.DocumentName, file.Limits{Field: "document"})
			if err != nil {
				return nil, err
			}
			document = &taken
		}
		_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
			return "sent", f.Claim(ctx, tx, Claiming{Organisation: in.ID, Claimant: who, Document: document})
		})
		return nil, err
	})
	web.Handle(a, web.Op{ID: "show-own-claim", Method: http.MethodGet, Path: "/claimed/{secret}", Summary: "Tells a claimant how it stands.", Tag: "claims", Policy: access.Everyone}, func(c *web.Call, in *secretInput) (*oneOutput, error) {
		x, err := f.bySecret(c, f.DB, in.Secret)
		return &oneOutput{jsonOf(x, nil, "")}, err
	})
	type confirmedOutput struct {
		Body struct {
			Secret string `json:"secret" doc:"Of the link that stays"`
		}
	}
	web.Handle(a, web.Op{ID: "confirm-claim", Method: http.MethodPost, Path: "/claimed/{secret}", Summary: "Confirms the address of a claimant.", Tag: "claims", Policy: access.Everyone}, func(c *web.Call, in *secretInput) (*confirmedOutput, error) {
		out := &confirmedOutput{}
		var err error
		out.Body.Secret, err = c.Write(func(ctx context.Context, tx *db.Tx) (string, error) { return f.Confirm(ctx, tx, in.Secret) })
		return out, err
	})
	web.Handle(a, web.Op{ID: "take-claim-back", Method: http.MethodDelete, Path: "/claimed/{secret}", Summary: "Takes a claim back and deletes it.", Tag: "claims", Policy: access.Everyone, Status: http.StatusNoContent}, func(c *web.Call, in *secretInput) (*struct{}, error) {
		_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
			return "taken back", f.TakeBack(ctx, tx, in.Secret)
		})
		return nil, err
	})
}

func (f *Feature) apiDeciding(a *web.API) {
	type listOutput struct {
		Body struct {
			Claims []claimJSON `json:"claims"`
		}
	}
	web.Handle(a, web.Op{ID: "list-claims", Method: http.MethodGet, Path: "/claims", Summary: "Lists the claims that wait for the caller's word.", Tag: "claims", Policy: speaks}, func(c *web.Call, _ *struct{}) (*listOutput, error) {
		list, err := f.forActor(c, f.DB, c.Actor)
		out := &listOutput{}
		out.Body.Claims = []claimJSON{}
		for _, x := range list {
			out.Body.Claims = append(out.Body.Claims, jsonOf(x, nil, ""))
		}
		return out, err
	})
	type oneInput struct {
		ID string `path:"id" maxLength:"16"`
	}
	web.Handle(a, web.Op{ID: "show-claim", Method: http.MethodGet, Path: "/claims/{id}", Summary: "Shows a claim to those who have a say.", Tag: "claims", Policy: speaks}, func(c *web.Call, in *oneInput) (*oneOutput, error) {
		x, err := f.byID(c, f.DB, in.ID)
		if err != nil {
			return nil, err
		}
		l, err := f.lookers(c, f.DB, x)
		if err != nil {
			return nil, err
		}
		seat := l.seat(c.Actor, x)
		if seat == "" || x.State == Asked {
			return nil, fault.Missing()
		}
		said, err := saidOf(c, f.DB, x.ID)
		return &oneOutput{jsonOf(x, said, seat)}, err
	})
	type decideInput struct {
		ID   string `path:"id" maxLength:"16"`
		Body struct {
			Act    string         `json:"act" enum:"agree,refuse,object"`
			Reason string         `json:"reason,omitempty" enum:"unproven,unreachable,person,spoken,other" doc:"Of a refusal"`
			Words  string         `json:"words,omitempty" maxLength:"2000"`
			Scopes []people.Scope `json:"scopes,omitempty" doc:"What the mandate allows: speak, vote, sign, edit"`
			Until  string         `json:"until,omitempty" doc:"Last day of the mandate, 2027-12-31" maxLength:"10"`
		}
	}
	web.Handle(a, web.Op{ID: "decide-claim", Method: http.MethodPost, Path: "/claims/{id}", Summary: "Says the word of one side about a claim, or objects.", Tag: "claims", Policy: speaks}, func(c *web.Call, in *decideInput) (*oneOutput, error) {
		s := Said{Claim: in.ID, Act: Act(in.Body.Act), Reason: Reason(in.Body.Reason), Words: in.Body.Words}
		if s.Act == Agree {
			typed := make([]string, len(in.Body.Scopes))
			for i, x := range in.Body.Scopes {
				typed[i] = string(x)
			}
			if s.Scopes, s.Ends = scopesOf(typed), endOf(in.Body.Until); in.Body.Until == "" {
				s.Ends = endOf(c.Actor.At.Time().Add(mandateLasts).Format(time.DateOnly))
			}
		}
		if _, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
			_, err := f.Decide(ctx, tx, c.Actor, s)
			return in.ID, err
		}); err != nil {
			return nil, err
		}
		x, err := f.byID(c, f.DB, in.ID)
		return &oneOutput{jsonOf(x, nil, "")}, err
	})
}
