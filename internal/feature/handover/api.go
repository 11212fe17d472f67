package handover

import (
	"context"
	"net/http"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/web"
)

type endingJSON struct {
	Of           string `json:"of" doc:"mandate, vote, closure, or the kind of a record"`
	ID           string `json:"id" doc:"of the mandate or the record"`
	Organisation string `json:"organisation,omitempty"`
	Person       string `json:"person,omitempty" doc:"who holds the mandate"`
	Title        string `json:"title"`
	Lang         string `json:"lang,omitempty"`
	Last         string `json:"last" doc:"last day, 2026-12-31"`
	Page         string `json:"page" doc:"without the language"`
	Renewable    bool   `json:"renewable" doc:"by who asks"`
}

type electionJSON struct {
	ID           string   `json:"id"`
	Organisation string   `json:"organisation,omitempty" doc:"whose; empty = of a country"`
	Country      string   `json:"country,omitempty" doc:"whose authorities are asked"`
	Day          string   `json:"day"`
	Asked        int64    `json:"asked,omitempty" doc:"when those concerned were asked, microseconds; 0 = to come"`
	Concerned    []string `json:"concerned" doc:"organisations that were asked"`
}

type thingJSON struct {
	N     int    `json:"n"`
	What  string `json:"what" enum:"contact,action,record,vote"`
	Entry string `json:"entry"`
	Named bool   `json:"named" doc:"who left stands in it"`
	State string `json:"state" enum:"todo,taken,done"`
}

type handOverJSON struct {
	ID           string      `json:"id"`
	Organisation string      `json:"organisation"`
	Old          string      `json:"old" doc:"mandate"`
	Mandate      string      `json:"mandate" doc:"that took its place"`
	From         string      `json:"from"`
	To           string      `json:"to"`
	Shares       int         `json:"shares" doc:"of checking rounds, passed on at once"`
	Work         int         `json:"work" doc:"records to look after, passed on at once"`
	At           int64       `json:"at"`
	Things       []thingJSON `json:"things"`
}

type questionJSON struct {
	What    string `json:"what" enum:"mandate,contact,vote"`
	Subject string `json:"subject"`
	Title   string `json:"title"`
	Still   int64  `json:"still,omitempty" doc:"when somebody said that it is still so, microseconds"`
}

type idInput struct {
	ID string `path:"id" maxLength:"16"`
}

func (f *Feature) api(a *web.API) {
	f.endingsAPI(a)
	f.handOverAPI(a)
	f.electionsAPI(a)
}

func (f *Feature) endingsAPI(a *web.API) {
	op := func(id, method, path, summary string, status int) web.Op {
		return web.Op{ID: id, Method: method, Path: path, Tag: "endings", Policy: access.SignedIn, Summary: summary, Status: status}
	}
	type listIn struct {
		Organisation string `query:"organisation" maxLength:"16" doc:"empty = one's own; for the coordination all"`
		Months       int    `query:"months" doc:"3, 6 or 12"`
	}
	type listOut struct{ Body []endingJSON }
	web.Handle(a, op("list-endings", http.MethodGet, "/endings", "What ends soon: mandates, memberships, votes, contacts, closures.", 0), func(c *web.Call, in *listIn) (*listOut, error) {
		organisation, err := narrowed(c.Actor, in.Organisation)
		if err != nil {
			return nil, err
		}
		list, err := f.Endings(c, c.DB, c.Actor, organisation, span(in.Months))
		out := &listOut{Body: []endingJSON{}}
		for _, e := range list {
			t := e.Title.In(c.Printer.Lang())
			out.Body = append(out.Body, endingJSON{Of: e.Of, ID: e.ID, Organisation: e.Organisation, Person: e.Person, Title: t.S, Lang: t.Lang, Last: e.Last, Page: e.Path, Renewable: e.Renew != ""})
		}
		return out, err
	})
	type renewIn struct {
		ID   string `path:"id" maxLength:"16"`
		Body struct {
			Until string `json:"until" maxLength:"10" doc:"last day"`
		}
	}
	web.Handle(a, op("renew-record", http.MethodPost, "/endings/records/{id}/renew", "Moves the last day of a record, which counts as checked.", http.StatusNoContent), func(c *web.Call, in *renewIn) (*struct{}, error) {
		_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
			return f.Renew(ctx, tx, c.Actor, in.ID, in.Body.Until)
		})
		return nil, err
	})
	type confirmIn struct {
		ID   string `path:"id" maxLength:"16" doc:"of the membership"`
		Body struct {
			Day string `json:"day" maxLength:"10"`
		}
	}
	web.Handle(a, op("confirm-vote", http.MethodPost, "/endings/votes/{id}/confirm", "Notes that those elected confirmed a vote.", http.StatusNoContent), func(c *web.Call, in *confirmIn) (*struct{}, error) {
		_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
			return in.ID, f.asks.ConfirmVote(ctx, tx, c.Actor, in.ID, in.Body.Day)
		})
		return nil, err
	})
	type mailsIn struct {
		Body struct {
			Quiet bool `json:"quiet"`
		}
	}
	web.Handle(a, op("set-ending-mails", http.MethodPost, "/endings/mails", "Ends the mails about what ends, or begins them again.", http.StatusNoContent), func(c *web.Call, in *mailsIn) (*struct{}, error) {
		_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
			return "kept", setQuiet(ctx, tx, c.Actor.Person, in.Body.Quiet)
		})
		return nil, err
	})
}

func (f *Feature) handOverAPI(a *web.API) {
	type out struct{ Body handOverJSON }
	get := func(c *web.Call, id string) (*out, error) {
		h, err := handOverByID(c, c.DB, id)
		if err == nil && !h.maySee(c.Actor) {
			err = fault.Missing()
		}
		if err != nil {
			return nil, err
		}
		things, err := thingsOf(c, c.DB, h.ID)
		o := &out{handOverJSON{ID: h.ID, Organisation: h.Organisation, Old: h.Old, Mandate: h.Mandate, From: h.From, To: h.To, Shares: h.Shares, Work: h.Work, At: int64(h.At), Things: []thingJSON{}}}
		for _, t := range things {
			o.Body.Things = append(o.Body.Things, thingJSON{t.N, t.What, t.Entry, t.Named, string(t.State)})
		}
		return o, err
	}
	web.Handle(a, web.Op{ID: "get-hand-over", Method: http.MethodGet, Path: "/handovers/{id}", Tag: "endings", Policy: access.SignedIn, Summary: "What one person passed on to another."},
		func(c *web.Call, in *idInput) (*out, error) { return get(c, in.ID) })
	type settleIn struct {
		ID   string `path:"id" maxLength:"16"`
		Body struct {
			Thing int    `json:"thing"`
			Act   string `json:"act" enum:"taken,done"`
		}
	}
	web.Handle(a, web.Op{ID: "take-over-thing", Method: http.MethodPost, Path: "/handovers/{id}/things", Tag: "endings", Policy: access.SignedIn, Summary: "Takes one thing over, or says that it was looked at."},
		func(c *web.Call, in *settleIn) (*out, error) {
			if _, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
				return in.ID, f.Settle(ctx, tx, c.Actor, in.ID, in.Body.Thing, State(in.Body.Act))
			}); err != nil {
				return nil, err
			}
			return get(c, in.ID)
		})
}

func (f *Feature) electionsAPI(a *web.API) {
	op := func(id, method, path, summary string, p access.Policy, status int) web.Op {
		return web.Op{ID: id, Method: method, Path: path, Tag: "endings", Policy: p, Summary: summary, Status: status}
	}
	shape := func(c *web.Call, x Election) (electionJSON, error) {
		asked, err := askedOf(c, c.DB, x.ID)
		if asked == nil {
			asked = []string{}
		}
		return electionJSON{ID: x.ID, Organisation: x.Organisation, Country: x.Country, Day: x.Day, Asked: int64(x.Asked), Concerned: asked}, err
	}
	type listOut struct{ Body []electionJSON }
	web.Handle(a, op("list-elections", http.MethodGet, "/elections", "Elections: one's own, or for the coordination all.", keeps, 0), func(c *web.Call, _ *struct{}) (*listOut, error) {
		organisation, err := narrowed(c.Actor, "")
		if err != nil {
			return nil, err
		}
		list, err := elections(c, c.DB, organisation, c.Actor.For())
		out := &listOut{Body: []electionJSON{}}
		for _, x := range list {
			j, err := shape(c, x)
			if err != nil {
				return nil, err
			}
			out.Body = append(out.Body, j)
		}
		return out, err
	})
	type oneOut struct{ Body electionJSON }
	type addIn struct {
		Body struct {
			Organisation string `json:"organisation,omitempty" maxLength:"16"`
			Country      string `json:"country,omitempty" maxLength:"80"`
			Day          string `json:"day" maxLength:"10"`
		}
	}
	web.Handle(a, op("add-election", http.MethodPost, "/elections", "Notes the day of an election. After it those concerned are asked.", keeps, http.StatusCreated), func(c *web.Call, in *addIn) (*oneOut, error) {
		made, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
			x, err := f.AddElection(ctx, tx, c.Actor, Election{Organisation: in.Body.Organisation, Country: in.Body.Country, Day: in.Body.Day})
			return x.ID, err
		})
		if err != nil {
			return nil, err
		}
		x, err := electionByID(c, c.DB, made)
		if err != nil {
			return nil, err
		}
		j, err := shape(c, x)
		return &oneOut{j}, err
	})
	web.Handle(a, op("drop-election", http.MethodPost, "/elections/{id}/drop", "Takes an election back that is to come.", keeps, http.StatusNoContent), func(c *web.Call, in *idInput) (*struct{}, error) {
		_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
			return in.ID, f.DropElection(ctx, tx, c.Actor, in.ID)
		})
		return nil, err
	})
	type askedIn struct {
		ID           string `path:"id" maxLength:"16"`
		Organisation string `path:"organisation" maxLength:"16"`
	}
	type askedOut struct{ Body []questionJSON }
	get := func(c *web.Call, election, organisation string) (*askedOut, error) {
		x, err := f.asked(c, c.DB, c.Actor, election, organisation)
		if err != nil {
			return nil, err
		}
		list, err := f.Questions(c, c.DB, c.Actor, x, organisation, c.Printer.Lang())
		out := &askedOut{Body: []questionJSON{}}
		for _, q := range list {
			out.Body = append(out.Body, questionJSON{q.What, q.Subject, q.Title, int64(q.At)})
		}
		return out, err
	}
	web.Handle(a, op("list-still-so", http.MethodGet, "/elections/{id}/{organisation}", "What an organisation is asked after an election.", access.SignedIn, 0),
		func(c *web.Call, in *askedIn) (*askedOut, error) { return get(c, in.ID, in.Organisation) })
	type stillIn struct {
		ID           string `path:"id" maxLength:"16"`
		Organisation string `path:"organisation" maxLength:"16"`
		Body         struct {
			Subject string `json:"subject" maxLength:"16"`
		}
	}
	web.Handle(a, op("say-still-so", http.MethodPost, "/elections/{id}/{organisation}", "Says that something is still so after an election.", access.SignedIn, 0), func(c *web.Call, in *stillIn) (*askedOut, error) {
		if _, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
			return in.ID, f.Still(ctx, tx, c.Actor, in.ID, in.Organisation, in.Body.Subject)
		}); err != nil {
			return nil, err
		}
		return get(c, in.ID, in.Organisation)
	})
}
