package plenary

import (
	"context"
	"net/http"
	"slices"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// MotionJSON is a motion as programs see it. How a vote stands is told to
// nobody before the close; who has voted, by college, is.
type MotionJSON struct {
	ID        string                       `json:"id"`
	Assembly  string                       `json:"assembly"`
	Number    int                          `json:"number"`
	Lang      string                       `json:"lang" doc:"original language, BCP 47"`
	Texts     map[string]map[string]string `json:"texts" doc:"field → language → words"`
	State     string                       `json:"state" enum:"coming,open,decided,withdrawn"`
	Becomes   string                       `json:"becomes" enum:"action,principle"`
	Secret    bool                         `json:"secret"`
	Revisable bool                         `json:"revisable"`
	Opened    int64                        `json:"opened,omitempty" doc:"microseconds since 1970, UTC"`
	Closes    int64                        `json:"closes,omitempty" doc:"the first instant at which no vote counts"`
	Turnout   []TurnoutJSON                `json:"turnout,omitempty" doc:"while it is open"`
	Outcome   string                       `json:"outcome,omitempty" enum:"adopted,rejected,no_quorum,tie,void"`
	Item      string                       `json:"item,omitempty" doc:"what it became on the agenda"`
	Revision  int                          `json:"revision"`
}

// TurnoutJSON is how many organisations of a college have voted.
type TurnoutJSON struct {
	College string `json:"college"`
	Roll    int    `json:"roll" doc:"organisations that may vote"`
	Voted   int    `json:"voted"`
}

// SaidJSON is an amendment or a reservation.
type SaidJSON struct {
	ID           string            `json:"id"`
	Organisation string            `json:"organisation,omitempty"`
	Words        map[string]string `json:"words" doc:"by language"`
	Why          map[string]string `json:"why,omitempty"`
	Field        string            `json:"field,omitempty" doc:"of an amendment: the text it changes"`
	Base         string            `json:"base,omitempty" doc:"of an amendment: the words it was written against"`
	State        string            `json:"state,omitempty" doc:"of an amendment: proposed, accepted, refused"`
}

// MotionIn is a motion as the chair puts it.
type MotionIn struct {
	Lang      string   `json:"lang" maxLength:"35"`
	Title     string   `json:"title" maxLength:"2000"`
	Summary   string   `json:"summary" maxLength:"80000" doc:"in plain words"`
	Body      string   `json:"body,omitempty" maxLength:"80000"`
	From      []string `json:"from,omitempty" maxItems:"200" doc:"proposals of this assembly"`
	Becomes   string   `json:"becomes,omitempty" enum:"action,principle"`
	Secret    bool     `json:"secret,omitempty"`
	Revisable bool     `json:"revisable,omitempty" doc:"an open vote may be changed until the close"`
}

func languages(t lang.Text) map[string]string {
	m := map[string]string{}
	for _, tag := range t.Languages() {
		m[tag] = t.V[tag].S
	}
	return m
}

func motionJSON(r row) MotionJSON {
	m, e := r.Motion, r.Entry
	j := MotionJSON{ID: e.ID, Assembly: m.Assembly, Number: m.Number, Lang: e.Lang, Texts: map[string]map[string]string{}, State: string(m.State), Becomes: m.Becomes,
		Secret: m.Secret, Revisable: m.Revisable, Opened: int64(m.Opened), Closes: int64(m.Closes), Outcome: m.Outcome, Item: m.Item, Revision: e.Revision}
	for name, t := range e.Fields {
		j.Texts[name] = languages(t)
	}
	for _, t := range r.Turnout {
		j.Turnout = append(j.Turnout, TurnoutJSON(t))
	}
	return j
}

type (
	idIn struct {
		ID string `path:"id" maxLength:"16"`
	}
	motionsOut struct{ Body []MotionJSON }
	motionOut  struct{ Body MotionJSON }
	saidOut    struct{ Body []SaidJSON }
	// fileOut is a file in its one form: its bytes are what was counted.
	fileOut struct {
		ContentType string `header:"Content-Type"`
		Body        []byte
	}
)

func (p *Plenary) api(a *web.API) {
	p.motionsAPI(a)
	p.votingAPI(a)
	p.rollAPI(a)
	p.wordsAPI(a)
}

// told gives a motion as the caller may see it.
func (p *Plenary) told(c *web.Call, motion string) (*motionOut, error) {
	if _, err := entry.See(c, c.DB, c.Actor, "motion", motion); err != nil {
		return nil, err
	}
	m, err := motionByID(c, c.DB, motion)
	if err != nil {
		return nil, err
	}
	rows, err := p.rows(c, c.Actor, []Motion{m})
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &motionOut{motionJSON(rows[0])}, nil
}

// write does something to a motion and tells how it is then.
func (p *Plenary) write(c *web.Call, motion string, fn func(context.Context, *db.Tx) error) (*motionOut, error) {
	_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) { return motion, fn(ctx, tx) })
	if err != nil {
		return nil, err
	}
	return p.told(c, motion)
}

func (p *Plenary) motionsAPI(a *web.API) {
	chair := access.Role(people.Chair, people.Committee, people.Coordinator)
	web.Handle(a, web.Op{ID: "list-motions", Method: http.MethodGet, Path: "/assemblies/{id}/motions", Tag: "plenary", Policy: access.Everyone, Summary: "The motions of an assembly, in order"},
		func(c *web.Call, in *idIn) (*motionsOut, error) {
			if _, err := entry.See(c, c.DB, c.Actor, "assembly", in.ID); err != nil {
				return nil, err
			}
			motions, err := motionsOf(c, c.DB, in.ID)
			if err != nil {
				return nil, err
			}
			rows, err := p.rows(c, c.Actor, motions)
			out := &motionsOut{Body: []MotionJSON{}}
			for _, r := range rows {
				out.Body = append(out.Body, motionJSON(r))
			}
			return out, err
		})
	web.Handle(a, web.Op{ID: "get-motion", Method: http.MethodGet, Path: "/motions/{id}", Tag: "plenary", Policy: access.Everyone, Summary: "One motion; while it is open, how many have voted and never how"},
		func(c *web.Call, in *idIn) (*motionOut, error) { return p.told(c, in.ID) })
	type putIn struct {
		ID   string `path:"id" maxLength:"16"`
		Body MotionIn
	}
	web.Handle(a, web.Op{ID: "put-motion", Method: http.MethodPost, Path: "/assemblies/{id}/motions", Tag: "plenary", Policy: chair, Status: 201, Summary: "Put a motion on the list"},
		func(c *web.Call, in *putIn) (*motionOut, error) {
			made, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
				b := in.Body
				e, err := p.Put(ctx, tx, c.Actor, NewMotion{Assembly: in.ID, Lang: b.Lang, Title: b.Title, Summary: b.Summary, Body: b.Body, From: b.From, Becomes: b.Becomes, Secret: b.Secret, Revisable: b.Revisable})
				return e.ID, err
			})
			if err != nil {
				return nil, err
			}
			return p.told(c, made)
		})
	web.Handle(a, web.Op{ID: "get-result", Method: http.MethodGet, Path: "/motions/{id}/result", Tag: "plenary", Policy: access.Everyone, Summary: "The result with its trace, after the close; small groups of a secret vote are withheld"},
		func(c *web.Call, in *idIn) (*fileOut, error) {
			if _, err := entry.See(c, c.DB, c.Actor, "motion", in.ID); err != nil {
				return nil, err
			}
			m, err := motionByID(c, c.DB, in.ID)
			if err != nil {
				return nil, err
			}
			rows, err := p.rows(c, c.Actor, []Motion{m})
			if err != nil || len(rows) == 0 || rows[0].Result == nil {
				return nil, orMissing(err)
			}
			b, err := rows[0].Result.Bytes()
			return &fileOut{"application/json", b}, err
		})
	web.Handle(a, web.Op{ID: "get-ballots", Method: http.MethodGet, Path: "/motions/{id}/ballots", Tag: "plenary", Policy: access.Everyone,
		Summary: "The file that was counted, after the close: everybody's of an open vote, the chair's of a secret one"},
		func(c *web.Call, in *idIn) (*fileOut, error) {
			if _, err := entry.See(c, c.DB, c.Actor, "motion", in.ID); err != nil {
				return nil, err
			}
			m, err := motionByID(c, c.DB, in.ID)
			if err != nil || m.State != Decided || !mayExport(c.Actor, m) {
				return nil, orMissing(err)
			}
			file, err := fileOf(c, c.DB, in.ID)
			return &fileOut{"application/json", []byte(file)}, err
		})
}

func orMissing(err error) error {
	if err == nil {
		err = fault.Missing()
	}
	return err
}

func (p *Plenary) votingAPI(a *web.API) {
	chair := access.Role(people.Chair, people.Committee, people.Coordinator)
	type openIn struct {
		ID   string `path:"id" maxLength:"16"`
		Body struct {
			Minutes int `json:"minutes,omitempty" minimum:"0" maximum:"43200" doc:"closes by itself after so many; 0: when the chair closes it"`
		}
	}
	web.Handle(a, web.Op{ID: "open-motion", Method: http.MethodPost, Path: "/motions/{id}/open", Tag: "plenary", Policy: chair, Summary: "Open the vote: words, rule and roll are frozen"},
		func(c *web.Call, in *openIn) (*motionOut, error) {
			return p.write(c, in.ID, func(ctx context.Context, tx *db.Tx) error { return p.Begin(ctx, tx, c.Actor, in.ID, in.Body.Minutes) })
		})
	type withdrawIn struct {
		ID   string `path:"id" maxLength:"16"`
		Body struct {
			Lang   string `json:"lang" maxLength:"35"`
			Reason string `json:"reason" maxLength:"80000" doc:"stays with the motion"`
		}
	}
	web.Handle(a, web.Op{ID: "withdraw-motion", Method: http.MethodPost, Path: "/motions/{id}/withdraw", Tag: "plenary", Policy: access.SignedIn, Summary: "Withdraw a coming motion: who made it, or the chair, with a reason"},
		func(c *web.Call, in *withdrawIn) (*motionOut, error) {
			return p.write(c, in.ID, func(ctx context.Context, tx *db.Tx) error {
				return p.Withdraw(ctx, tx, c.Actor, in.ID, in.Body.Lang, in.Body.Reason)
			})
		})
	web.Handle(a, web.Op{ID: "close-motion", Method: http.MethodPost, Path: "/motions/{id}/close", Tag: "plenary", Policy: chair, Summary: "Close the vote and count it"},
		func(c *web.Call, in *idIn) (*motionOut, error) {
			return p.write(c, in.ID, func(ctx context.Context, tx *db.Tx) error { return p.Close(ctx, tx, c.Actor, in.ID) })
		})
	type voteIn struct {
		ID   string `path:"id" maxLength:"16"`
		Body struct {
			Choice string `json:"choice" enum:"for,against,abstain"`
		}
	}
	type voteOut struct {
		Body struct {
			Receipt string `json:"receipt,omitempty" doc:"identifier of the ballot in the file of ballots; a secret vote has none"`
		}
	}
	web.Handle(a, web.Op{ID: "vote", Method: http.MethodPost, Path: "/motions/{id}/vote", Tag: "plenary", Policy: access.Mandated(people.Vote), Summary: "Cast the vote of the organisation of the token's mandate"},
		func(c *web.Call, in *voteIn) (*voteOut, error) {
			const none = "-"
			made, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
				receipt, err := p.Cast(ctx, tx, c.Actor, in.ID, in.Body.Choice)
				if receipt == "" {
					receipt = none // what is kept with the key must not be empty, or a repeated call would vote again
				}
				return receipt, err
			})
			out := &voteOut{}
			if made != none {
				out.Body.Receipt = made
			}
			return out, err
		})
	type papersIn struct {
		ID   string `path:"id" maxLength:"16"`
		Body struct {
			HandedOut int                       `json:"handed_out" minimum:"0" maximum:"100000"`
			Spoilt    int                       `json:"spoilt,omitempty" minimum:"0" maximum:"100000"`
			Votes     map[string]string         `json:"votes,omitempty" doc:"open vote: organisation → choice"`
			Counts    map[string]map[string]int `json:"counts,omitempty" doc:"secret vote: college → choice → papers"`
			Signed    []string                  `json:"signed,omitempty" maxItems:"10000" doc:"secret vote: organisations that took a paper"`
		}
	}
	web.Handle(a, web.Op{ID: "enter-papers", Method: http.MethodPost, Path: "/motions/{id}/papers", Tag: "plenary", Policy: chair, Summary: "Enter a box of votes on paper while the vote is open"},
		func(c *web.Call, in *papersIn) (*motionOut, error) {
			b := in.Body
			return p.write(c, in.ID, func(ctx context.Context, tx *db.Tx) error {
				return p.Enter(ctx, tx, c.Actor, in.ID, Papers{HandedOut: b.HandedOut, Spoilt: b.Spoilt, Votes: b.Votes, Counts: b.Counts, Signed: b.Signed})
			})
		})
}

// rollJSON is a seat of the roll, as who chairs sees it.
type rollJSON struct {
	Organisation string `json:"organisation"`
	Name         string `json:"name"`
	College      string `json:"college"`
	Voices       int    `json:"voices"`
	Present      bool   `json:"present"`
	Voted        bool   `json:"voted" doc:"never how"`
}

type rollOut struct{ Body []rollJSON }

func (p *Plenary) rollAPI(a *web.API) {
	chair := access.Role(people.Chair, people.Committee, people.Coordinator)
	show := func(c *web.Call, motion string) (*rollOut, error) {
		if _, err := entry.See(c, c.DB, c.Actor, "motion", motion); err != nil {
			return nil, err
		}
		m, err := motionByID(c, c.DB, motion)
		if err == nil && !MayChair(c.Actor, m.Assembly) {
			err = access.Denied()
		}
		if err != nil {
			return nil, err
		}
		seats, err := p.seats(c, m)
		out := &rollOut{Body: []rollJSON{}}
		for _, s := range seats {
			out.Body = append(out.Body, rollJSON{s.Organisation, s.Name, s.College, s.Voices, s.Present, s.Votes > 0})
		}
		return out, err
	}
	web.Handle(a, web.Op{ID: "get-roll", Method: http.MethodGet, Path: "/motions/{id}/roll", Tag: "plenary", Policy: chair, Summary: "Who may vote, who is present and who has voted; of a coming motion, as it would be now"},
		func(c *web.Call, in *idIn) (*rollOut, error) { return show(c, in.ID) })
	type presenceIn struct {
		ID   string `path:"id" maxLength:"16"`
		Body struct {
			Present []string `json:"present,omitempty" maxItems:"10000" doc:"organisations that are there"`
			Absent  []string `json:"absent,omitempty" maxItems:"10000" doc:"organisations that are not; who voted stays present"`
		}
	}
	web.Handle(a, web.Op{ID: "note-presence", Method: http.MethodPost, Path: "/motions/{id}/presence", Tag: "plenary", Policy: chair, Summary: "Note who is present while the vote is open; those not named stay as they are"},
		func(c *web.Call, in *presenceIn) (*rollOut, error) {
			if _, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
				seats, err := rollOf(ctx, tx, in.ID)
				if err != nil {
					return "", err
				}
				var here []string
				for _, s := range seats {
					if slices.Contains(in.Body.Present, s.Organisation) || s.Present && !slices.Contains(in.Body.Absent, s.Organisation) {
						here = append(here, s.Organisation)
					}
				}
				return in.ID, p.Attend(ctx, tx, c.Actor, in.ID, presenceShown(seats), here)
			}); err != nil {
				return nil, err
			}
			return show(c, in.ID)
		})
}

func saidJSON(e entry.Entry) SaidJSON {
	return SaidJSON{ID: e.ID, Organisation: e.Organisation, Words: languages(wordsOf(e)), Why: languages(e.Text("why"))}
}

func (p *Plenary) wordsAPI(a *web.API) {
	speaker := access.Mandated(people.Speak)
	chair := access.Role(people.Chair, people.Committee, people.Coordinator)
	amendments := func(c *web.Call, motion string) (*saidOut, error) {
		if _, err := entry.See(c, c.DB, c.Actor, "motion", motion); err != nil {
			return nil, err
		}
		list, err := amendmentsOf(c, c.DB, motion)
		if err != nil {
			return nil, err
		}
		ids := make([]string, len(list))
		for i, x := range list {
			ids[i] = x.Entry
		}
		found, err := entry.Many(c, c.DB, ids)
		out := &saidOut{Body: []SaidJSON{}}
		for _, x := range list {
			if e, ok := found[x.Entry]; ok && e.Visible(c.Actor) {
				j := saidJSON(e)
				j.Field, j.Base, j.State = x.Field, x.Base, x.State
				out.Body = append(out.Body, j)
			}
		}
		return out, err
	}
	web.Handle(a, web.Op{ID: "list-amendments", Method: http.MethodGet, Path: "/motions/{id}/amendments", Tag: "plenary", Policy: access.Everyone, Summary: "Amendments of a motion"},
		func(c *web.Call, in *idIn) (*saidOut, error) { return amendments(c, in.ID) })
	type amendIn struct {
		ID   string `path:"id" maxLength:"16"`
		Body struct {
			Field string `json:"field" enum:"title,summary,body"`
			Words string `json:"words" maxLength:"80000" doc:"as you want them, in the motion's language"`
			Why   string `json:"why,omitempty" maxLength:"80000"`
		}
	}
	web.Handle(a, web.Op{ID: "amend-motion", Method: http.MethodPost, Path: "/motions/{id}/amendments", Tag: "plenary", Policy: speaker, Status: 201, Summary: "Propose other words for one text of a coming motion"},
		func(c *web.Call, in *amendIn) (*saidOut, error) {
			_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
				e, err := p.Amend(ctx, tx, c.Actor, in.ID, in.Body.Field, in.Body.Words, in.Body.Why)
				return e.ID, err
			})
			if err != nil {
				return nil, err
			}
			return amendments(c, in.ID)
		})
	type settleIn struct {
		ID   string `path:"id" maxLength:"16"`
		Body struct {
			Accept bool `json:"accept"`
		}
	}
	web.Handle(a, web.Op{ID: "settle-amendment", Method: http.MethodPost, Path: "/amendments/{id}/settle", Tag: "plenary", Policy: chair, Summary: "Accept or refuse an amendment"},
		func(c *web.Call, in *settleIn) (*motionOut, error) {
			motion, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
				return p.Settle(ctx, tx, c.Actor, in.ID, in.Body.Accept)
			})
			if err != nil {
				return nil, err
			}
			return p.told(c, motion)
		})
	reservations := func(c *web.Call, motion string) (*saidOut, error) {
		if _, err := entry.See(c, c.DB, c.Actor, "motion", motion); err != nil {
			return nil, err
		}
		list, err := entry.List(c, c.DB, entry.Filter{Kinds: []string{"reservation"}, Parent: motion, Actor: c.Actor, Order: entry.ByOld, Limit: 200})
		out := &saidOut{Body: []SaidJSON{}}
		for _, e := range list {
			out.Body = append(out.Body, saidJSON(e))
		}
		return out, err
	}
	web.Handle(a, web.Op{ID: "list-reservations", Method: http.MethodGet, Path: "/motions/{id}/reservations", Tag: "plenary", Policy: access.Everyone, Summary: "Reservations that travel with a decision"},
		func(c *web.Call, in *idIn) (*saidOut, error) { return reservations(c, in.ID) })
	type reserveIn struct {
		ID   string `path:"id" maxLength:"16"`
		Body struct {
			Lang  string `json:"lang" maxLength:"35"`
			Words string `json:"words" maxLength:"80000"`
		}
	}
	web.Handle(a, web.Op{ID: "reserve", Method: http.MethodPost, Path: "/motions/{id}/reservations", Tag: "plenary", Policy: speaker, Status: 201, Summary: "Add a reservation to a decision"},
		func(c *web.Call, in *reserveIn) (*saidOut, error) {
			_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
				return in.ID, p.Reserve(ctx, tx, c.Actor, in.ID, in.Body.Lang, in.Body.Words)
			})
			if err != nil {
				return nil, err
			}
			return reservations(c, in.ID)
		})
}
