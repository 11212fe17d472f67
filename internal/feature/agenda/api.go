package agenda

import (
	"bytes"
	"context"
	"net/http"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/file"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/lineage"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// AgendaItemJSON is an adopted item as programs see it.
type AgendaItemJSON struct {
	ID       string            `json:"id"`
	Number   int               `json:"number" doc:"within its assembly"`
	Class    string            `json:"class" enum:"action,principle,dropped"`
	Assembly string            `json:"assembly"`
	Motion   string            `json:"motion,omitempty"`
	Decided  int64             `json:"decided" doc:"microseconds since 1970, UTC"`
	Lang     string            `json:"lang" doc:"original language, BCP 47"`
	Title    map[string]string `json:"title" doc:"by language"`
	Summary  map[string]string `json:"summary" doc:"in plain words, by language"`
	From     []string          `json:"from,omitempty" doc:"entries it comes from, one step up"`
	Dropped  []DropReasonJSON  `json:"dropped,omitempty"`
	Actions  []ActionJSON      `json:"actions"`
}

// ActionJSON is a joint action.
type ActionJSON struct {
	ID       string            `json:"id"`
	Item     string            `json:"item"`
	Step     string            `json:"step" enum:"asked,pledged,under_way,done,verified,dropped"`
	Health   string            `json:"health" enum:"moved,silent,late,done,dropped,waiting" doc:"what a review says of it now"`
	Due      int64             `json:"due,omitempty" doc:"microseconds since 1970, UTC"`
	Heard    int64             `json:"heard" doc:"last news"`
	Ended    int64             `json:"ended,omitempty"`
	Lang     string            `json:"lang"`
	Title    map[string]string `json:"title" doc:"by language"`
	Summary  map[string]string `json:"summary" doc:"in plain words, by language"`
	Carriers []CarrierJSON     `json:"carriers"`
}

// CarrierJSON is an organisation asked to carry an action.
type CarrierJSON struct {
	Organisation string `json:"organisation"`
	Name         string `json:"name"`
	Kind         string `json:"kind"`
	Asked        int64  `json:"asked"`
	Confirmed    int64  `json:"confirmed,omitempty" doc:"when it said yes"`
	Declined     int64  `json:"declined,omitempty" doc:"when it said no"`
}

// ToldJSON is an update or a piece of evidence.
type ToldJSON struct {
	ID           string            `json:"id"`
	Kind         string            `json:"kind" enum:"update,evidence"`
	Step         string            `json:"step,omitempty" doc:"of an update: the step it announced"`
	Organisation string            `json:"organisation,omitempty"`
	At           int64             `json:"at"`
	Lang         string            `json:"lang"`
	Words        map[string]string `json:"words" doc:"by language"`
	Block        map[string]string `json:"block,omitempty" doc:"what stops the carriers, by language"`
	Link         string            `json:"link,omitempty"`
	File         bool              `json:"file,omitempty" doc:"a document is there: /{lang}/evidence/{id}/file"`
	Confirmed    int64             `json:"confirmed,omitempty"`
	ConfirmedBy  string            `json:"confirmed_by,omitempty" doc:"organisation"`
}

// DropReasonJSON is why something was dropped.
type DropReasonJSON struct {
	At     int64             `json:"at"`
	Role   string            `json:"role"`
	Reason map[string]string `json:"reason" doc:"by language"`
}

// WholeActionJSON is an action with everything told of it, newest first.
type WholeActionJSON struct {
	ActionJSON
	Dropped []DropReasonJSON `json:"dropped,omitempty"`
	News    []ToldJSON       `json:"news"`
}

// ReviewJSON takes stock for an assembly.
type ReviewJSON struct {
	Assembly string           `json:"assembly"`
	Counts   map[string]int   `json:"counts" doc:"actions by health"`
	Items    []AgendaItemJSON `json:"items" doc:"adopted there and before"`
}

// AgendaMadeJSON names what was made or changed.
type AgendaMadeJSON struct {
	ID string `json:"id"`
}

func byLanguage(t lang.Text) map[string]string {
	words := map[string]string{}
	for _, tag := range t.Languages() {
		words[tag] = t.V[tag].S
	}
	return words
}

func itemJSON(r itemRow) AgendaItemJSON {
	j := AgendaItemJSON{ID: r.Entry.ID, Number: r.Item.Number, Class: r.Entry.Class, Assembly: r.Entry.Parent, Motion: r.Item.Motion, Decided: int64(r.Item.Decided),
		Lang: r.Entry.Lang, Title: byLanguage(r.Entry.Title()), Summary: byLanguage(r.Entry.Text(entry.Summary)), Actions: []ActionJSON{}}
	for _, a := range r.Actions {
		j.Actions = append(j.Actions, actionJSON(a))
	}
	return j
}

func actionJSON(r row) ActionJSON {
	j := ActionJSON{ID: r.Entry.ID, Item: r.Action.Item, Step: string(r.Action.Step), Health: string(r.Health), Due: int64(r.Action.Due), Heard: int64(r.Action.Heard),
		Ended: int64(r.Action.Ended), Lang: r.Entry.Lang, Title: byLanguage(r.Entry.Title()), Summary: byLanguage(r.Entry.Text(entry.Summary)), Carriers: []CarrierJSON{}}
	for _, c := range r.Action.Carriers {
		j.Carriers = append(j.Carriers, CarrierJSON{c.Organisation, c.Name, string(c.Kind), int64(c.Asked), int64(c.Confirmed), int64(c.Declined)})
	}
	return j
}

func wholeJSON(v actionView) WholeActionJSON {
	j := WholeActionJSON{ActionJSON: actionJSON(v.Row), Dropped: reasonsJSON(v.Reason), News: []ToldJSON{}}
	for _, n := range v.News {
		t := ToldJSON{ID: n.Entry.ID, Kind: n.Entry.Kind, Step: n.Entry.Class, Organisation: n.Entry.Organisation, At: int64(n.Entry.Created), Lang: n.Entry.Lang, Words: byLanguage(n.Entry.Title())}
		if block := n.Entry.Text("block"); !block.Empty() {
			t.Block = byLanguage(block)
		}
		if e := n.Evidence; e != nil {
			t.Link, t.File, t.Confirmed, t.ConfirmedBy = e.Link, e.File != "", int64(e.Confirmed), e.ConfirmedFor
		}
		j.News = append(j.News, t)
	}
	return j
}

func reasonsJSON(list []lineage.Derivation) (reasons []DropReasonJSON) {
	for _, d := range list {
		reasons = append(reasons, DropReasonJSON{int64(d.At), d.Role, byLanguage(d.Reason)})
	}
	return reasons
}

type idIn struct {
	ID string `path:"id" maxLength:"16"`
}

func (g *Agenda) api(a *web.API) {
	g.apiReads(a)
	g.apiActions(a)
	g.apiNews(a)
}

func (g *Agenda) apiReads(a *web.API) {
	type listIn struct {
		Assembly string `query:"assembly" maxLength:"16" doc:"only what this one adopted"`
	}
	type listOut struct{ Body []AgendaItemJSON }
	web.Handle(a, web.Op{ID: "list-agenda", Method: http.MethodGet, Path: "/agenda", Tag: "agenda", Policy: access.Everyone,
		Summary: "What was adopted, with the actions that carry it"},
		func(c *web.Call, in *listIn) (*listOut, error) {
			groups, err := g.groups(c, c.Actor, in.Assembly)
			return &listOut{groupsJSON(groups)}, err
		})

	type itemOut struct{ Body AgendaItemJSON }
	web.Handle(a, web.Op{ID: "get-item", Method: http.MethodGet, Path: "/agenda/{id}", Tag: "agenda", Policy: access.Everyone,
		Summary: "An adopted item, where it comes from and who carries it"},
		func(c *web.Call, in *idIn) (*itemOut, error) {
			v, err := g.itemView(c, c.Actor, in.ID)
			if err != nil {
				return nil, err
			}
			j := itemJSON(v.Row)
			for _, e := range v.From {
				j.From = append(j.From, e.ID)
			}
			j.Dropped = reasonsJSON(v.Dropped)
			return &itemOut{j}, nil
		})

	type actionOut struct{ Body WholeActionJSON }
	web.Handle(a, web.Op{ID: "get-action", Method: http.MethodGet, Path: "/actions/{id}", Tag: "agenda", Policy: access.Everyone,
		Summary: "A joint action, its carriers, news and evidence"},
		func(c *web.Call, in *idIn) (*actionOut, error) {
			v, err := g.actionView(c, c.Actor, in.ID)
			if err != nil {
				return nil, err
			}
			return &actionOut{wholeJSON(v)}, nil
		})

	type reviewOut struct{ Body ReviewJSON }
	web.Handle(a, web.Op{ID: "get-review", Method: http.MethodGet, Path: "/assemblies/{id}/review", Tag: "agenda", Policy: access.Everyone,
		Summary: "Where the actions stand, for an assembly that takes stock"},
		func(c *web.Call, in *idIn) (*reviewOut, error) {
			v, err := g.reviewView(c, c.Actor, in.ID)
			if err != nil {
				return nil, err
			}
			j := ReviewJSON{Assembly: in.ID, Counts: map[string]int{}, Items: groupsJSON(v.Groups)}
			for _, h := range healths {
				j.Counts[string(h)] = v.Counts[h]
			}
			return &reviewOut{j}, nil
		})
}

func groupsJSON(groups []group) []AgendaItemJSON {
	list := []AgendaItemJSON{}
	for _, group := range groups {
		for _, r := range group.Rows {
			list = append(list, itemJSON(r))
		}
	}
	return list
}

type madeOut struct{ Body AgendaMadeJSON }

// made runs a write and names what it made.
func made(c *web.Call, fn func(context.Context, *db.Tx) (string, error)) (*madeOut, error) {
	id, err := c.Write(fn)
	return &madeOut{AgendaMadeJSON{id}}, err
}

func (g *Agenda) apiActions(a *web.API) {
	carriers := access.Mandated(people.Speak)
	type proposeIn struct {
		ID   string `path:"id" maxLength:"16"`
		Body struct {
			Lang     string   `json:"lang" maxLength:"35" doc:"BCP 47"`
			Title    string   `json:"title" maxLength:"2000"`
			Summary  string   `json:"summary,omitempty" maxLength:"80000" doc:"in plain words"`
			Carriers []string `json:"carriers" maxItems:"100" doc:"organisations asked; the token's own is among them already"`
			Due      string   `json:"due,omitempty" maxLength:"10" doc:"last day, 2027-06-30"`
		}
	}
	web.Handle(a, web.Op{ID: "propose-action", Method: http.MethodPost, Path: "/agenda/{id}/actions", Tag: "agenda", Policy: carriers, Status: http.StatusCreated,
		Summary: "Propose a joint action under an item; the other carriers are asked"},
		func(c *web.Call, in *proposeIn) (*madeOut, error) {
			due, err := day("due", in.Body.Due)
			if err != nil {
				return nil, err
			}
			return made(c, func(ctx context.Context, tx *db.Tx) (string, error) {
				e, err := Propose(ctx, tx, c.Actor, NewAction{Item: in.ID, Lang: in.Body.Lang, Title: in.Body.Title, Summary: in.Body.Summary, Carriers: in.Body.Carriers, Due: due})
				return e.ID, err
			})
		})

	type answerIn struct {
		ID   string `path:"id" maxLength:"16"`
		Body struct {
			Yes bool `json:"yes" doc:"whether your organisation carries it; no also takes a yes back"`
		}
	}
	web.Handle(a, web.Op{ID: "answer-action", Method: http.MethodPost, Path: "/actions/{id}/answer", Tag: "agenda", Policy: carriers,
		Summary: "Say yes or no for your organisation, which was asked to carry an action"},
		func(c *web.Call, in *answerIn) (*madeOut, error) {
			return made(c, func(ctx context.Context, tx *db.Tx) (string, error) {
				return in.ID, Answer(ctx, tx, c.Actor, in.ID, in.Body.Yes)
			})
		})

	type dropIn struct {
		ID   string `path:"id" maxLength:"16"`
		Body struct {
			Lang   string `json:"lang" maxLength:"35" doc:"BCP 47"`
			Reason string `json:"reason" maxLength:"20000"`
		}
	}
	for _, what := range []struct {
		kind, path, summary string
		policy              access.Policy
	}{
		{ActionKind, "/actions/{id}/drop", "Drop an action, with a reason", carriers.Or(access.Role(people.Committee))},
		{ItemKind, "/agenda/{id}/drop", "Drop an adopted item, with a reason", access.Role(people.Committee)},
	} {
		web.Handle(a, web.Op{ID: "drop-" + what.kind, Method: http.MethodPost, Path: what.path, Tag: "agenda", Policy: what.policy, Summary: what.summary},
			func(c *web.Call, in *dropIn) (*madeOut, error) {
				return made(c, func(ctx context.Context, tx *db.Tx) (string, error) {
					return in.ID, Drop(ctx, tx, c.Actor, what.kind, in.ID, in.Body.Lang, in.Body.Reason)
				})
			})
	}
}

func (g *Agenda) apiNews(a *web.API) {
	carriers := access.Mandated(people.Speak)
	type updateIn struct {
		ID   string `path:"id" maxLength:"16"`
		Body struct {
			Lang  string `json:"lang" maxLength:"35" doc:"BCP 47"`
			Words string `json:"words" maxLength:"20000"`
			Block string `json:"block,omitempty" maxLength:"20000" doc:"what stops you"`
			Step  string `json:"step,omitempty" enum:"under_way,done" doc:"a step reached"`
		}
	}
	web.Handle(a, web.Op{ID: "report-action", Method: http.MethodPost, Path: "/actions/{id}/updates", Tag: "agenda", Policy: carriers, Status: http.StatusCreated,
		Summary: "Tell news of an action your organisation carries"},
		func(c *web.Call, in *updateIn) (*madeOut, error) {
			return made(c, func(ctx context.Context, tx *db.Tx) (string, error) {
				e, err := Report(ctx, tx, c.Actor, in.ID, in.Body.Lang, in.Body.Words, in.Body.Block, Step(in.Body.Step))
				return e.ID, err
			})
		})

	type evidenceIn struct {
		ID   string `path:"id" maxLength:"16"`
		Body struct {
			Lang  string `json:"lang" maxLength:"35" doc:"BCP 47"`
			Words string `json:"words" maxLength:"20000" doc:"what it shows"`
			Link  string `json:"link,omitempty" maxLength:"2000" format:"uri"`
			Name  string `json:"name,omitempty" maxLength:"200" doc:"of the document"`
			File  []byte `json:"file,omitempty" doc:"document or picture, base64"`
		}
	}
	web.Handle(a, web.Op{ID: "add-evidence", Method: http.MethodPost, Path: "/actions/{id}/evidence", Tag: "agenda", Policy: carriers, Status: http.StatusCreated,
		Summary: "Add evidence to an action your organisation carries"},
		func(c *web.Call, in *evidenceIn) (*madeOut, error) {
			var taken *file.Taken
			if len(in.Body.File) > 0 {
				if _, err := g.actionView(c, c.Actor, in.ID); err != nil {
					return nil, err // before anything is kept
				}
				t, err := g.Files.Take(c, bytes.NewReader(in.Body.File), in.Body.Name, file.Limits{Field: "file"})
				if err != nil {
					return nil, err
				}
				taken = &t
			}
			return made(c, func(ctx context.Context, tx *db.Tx) (string, error) {
				return g.keep(ctx, tx, c.Actor, in.ID, in.Body.Lang, in.Body.Words, in.Body.Link, taken)
			})
		})

	web.Handle(a, web.Op{ID: "confirm-evidence", Method: http.MethodPost, Path: "/evidence/{id}/confirm", Tag: "agenda", Policy: carriers,
		Summary: "Confirm evidence that another organisation gave; names the action"},
		func(c *web.Call, in *idIn) (*madeOut, error) {
			return made(c, func(ctx context.Context, tx *db.Tx) (string, error) {
				return Confirm(ctx, tx, c.Actor, in.ID)
			})
		})
}
