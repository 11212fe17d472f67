package workshop

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// RoomJSON is a workshop as a phone joins it.
type RoomJSON struct {
	Workshop string            `json:"workshop"`
	Assembly string            `json:"assembly"`
	Title    map[string]string `json:"title" doc:"by language"`
	Sequence int               `json:"sequence"`
	Open     bool              `json:"open" doc:"takes contributions now"`
}

// CapturedJSON is a note, stake or proposal as it was taken down.
type CapturedJSON struct {
	ID           string                       `json:"id"`
	Kind         string                       `json:"kind" enum:"note,stake,proposal"`
	Class        string                       `json:"class,omitempty" doc:"of a note: practice, stake, proposal, caution, quote"`
	Workshop     string                       `json:"workshop,omitempty"`
	Lang         string                       `json:"lang" doc:"original language, BCP 47"`
	Texts        map[string]map[string]string `json:"texts" doc:"field → language → words"`
	Signed       string                       `json:"signed,omitempty"`
	Organisation string                       `json:"organisation,omitempty"`
	State        string                       `json:"state"`
	Source       string                       `json:"source,omitempty" doc:"room, phone, paper"`
	Beside       string                       `json:"beside,omitempty" doc:"another version of this note"`
	Created      int64                        `json:"created" doc:"microseconds since 1970, UTC"`
	Revision     int                          `json:"revision"`
}

// ProposalJSON is a proposal with how far it came.
type ProposalJSON struct {
	CapturedJSON
	Level  string   `json:"level" enum:"local,alliance"`
	Stage  string   `json:"stage" enum:"draft,written,synthesis,vote,adopted,rejected,set_aside,not_carried,withdrawn"`
	Sure   bool     `json:"certain" doc:"false: the stage is a reading of the sources, to be confirmed"`
	Themes []string `json:"themes"`
	Stakes []string `json:"stakes,omitempty" doc:"stakes it answers"`
}

// SentJSON is the answer to a contribution without an account.
type SentJSON struct {
	ID     string `json:"id"`
	Secret string `json:"secret,omitempty" doc:"with it the sender may change the contribution for 15 minutes; given once"`
}

// WordsIn is a line to be taken down.
type WordsIn struct {
	Class  string `json:"class" enum:"practice,stake,proposal,caution,quote"`
	Text   string `json:"text" maxLength:"12000"`
	Lang   string `json:"lang" maxLength:"35" doc:"BCP 47"`
	Signed string `json:"signed,omitempty" maxLength:"500"`
	Mine   bool   `json:"mine,omitempty" doc:"for the organisation of the token's mandate"`
	Key    string `json:"key,omitempty" maxLength:"64" doc:"made by the sender: the same key is the same note, however late it comes; with other words it is kept as another version beside it"`
}

// DraftIn is a proposal as it is written.
type DraftIn struct {
	Lang      string   `json:"lang" maxLength:"35" doc:"BCP 47"`
	Title     string   `json:"title" maxLength:"2000"`
	Summary   string   `json:"summary" maxLength:"80000" doc:"in plain words"`
	Body      string   `json:"body,omitempty" maxLength:"80000"`
	Means     string   `json:"means,omitempty" maxLength:"80000"`
	Carriers  string   `json:"carriers,omitempty" maxLength:"80000"`
	Cautions  []string `json:"cautions,omitempty"`
	Questions []string `json:"questions,omitempty"`
	Level     string   `json:"level" enum:"local,alliance"`
	Themes    []string `json:"themes,omitempty"`
	Stakes    []string `json:"stakes,omitempty"`
	Signed    string   `json:"signed,omitempty" maxLength:"500"`
	Mine      bool     `json:"mine,omitempty" doc:"for the organisation of the token's mandate"`
	Key       string   `json:"key,omitempty" maxLength:"64" doc:"made by the sender: the same key is the same proposal"`
}

func (d DraftIn) draft(source string) Draft {
	return Draft{Lang: d.Lang, Title: d.Title, Summary: d.Summary, Body: d.Body, Means: d.Means, Carriers: d.Carriers, Cautions: d.Cautions, Questions: d.Questions,
		Level: d.Level, Themes: d.Themes, Stakes: d.Stakes, Signed: d.Signed, Mine: d.Mine, Source: source, Key: d.Key}
}

func (w WordsIn) words(source string) Words {
	words := Words{Kind: NoteKind, Class: w.Class, Text: w.Text, Lang: w.Lang, Signed: w.Signed, Mine: w.Mine, Source: source, Key: w.Key}
	if source == FromPhone && w.Class == StakeKind {
		words.Kind = StakeKind
	}
	return words
}

func languages(t lang.Text) map[string]string {
	m := map[string]string{}
	for _, tag := range t.Languages() {
		m[tag] = t.V[tag].S
	}
	return m
}

func capturedJSON(e entry.Entry, c Captured) CapturedJSON {
	j := CapturedJSON{ID: e.ID, Kind: e.Kind, Workshop: c.Workshop, Lang: e.Lang, Texts: map[string]map[string]string{}, Signed: e.Signed, Organisation: e.Organisation,
		State: string(e.State), Source: c.Source, Beside: c.Beside, Created: int64(e.Created), Revision: e.Revision}
	if e.Kind == NoteKind {
		j.Class = e.Class
	}
	for name, t := range e.Fields {
		j.Texts[name] = languages(t)
	}
	return j
}

func linesJSON(lines []Line) []CapturedJSON {
	list := []CapturedJSON{}
	for _, l := range lines {
		list = append(list, capturedJSON(l.Entry, l.Captured))
	}
	return list
}

func proposalJSON(e entry.Entry, f Fate, workshop string, themes, stakes []string) ProposalJSON {
	if themes == nil {
		themes = []string{}
	}
	return ProposalJSON{CapturedJSON: capturedJSON(e, Captured{Workshop: workshop}), Level: e.Class, Stage: string(f.Stage), Sure: f.Certain, Themes: themes, Stakes: stakes}
}

// boardJSON is the board as a file.
func boardJSON(t table) []ProposalJSON {
	list := []ProposalJSON{}
	for _, r := range t.Rows {
		workshop := r.Entry.Parent
		if workshop == t.Assembly.ID {
			workshop = ""
		}
		list = append(list, proposalJSON(r.Entry, r.Fate, workshop, r.Themes, nil))
	}
	return list
}

type (
	codeIn struct {
		Code string `path:"code" maxLength:"20"`
	}
	oneIn struct {
		ID string `path:"id" maxLength:"16"`
	}
	roomOut     struct{ Body RoomJSON }
	linesOut    struct{ Body []CapturedJSON }
	capturedOut struct{ Body CapturedJSON }
	proposalOut struct{ Body ProposalJSON }
	boardOut    struct{ Body []ProposalJSON }
	sentOut     struct{ Body SentJSON }
)

func (s *Workshops) api(a *web.API) {
	s.joinAPI(a)
	s.notesAPI(a)
	s.proposalsAPI(a)
}

// joinAPI is what a phone does with the code alone.
func (s *Workshops) joinAPI(a *web.API) {
	web.Handle(a, web.Op{ID: "join-workshop", Method: http.MethodGet, Path: "/join/{code}", Tag: "workshops", Policy: access.Everyone,
		Summary: "The workshop of a code; no account is needed"},
		func(c *web.Call, in *codeIn) (*roomOut, error) {
			r, err := s.enter(c, c.Network(), in.Code)
			return &roomOut{RoomJSON{Workshop: r.Workshop.ID, Assembly: r.Assembly, Title: languages(r.Workshop.Title()), Sequence: r.Sequence, Open: r.Open}}, err
		})
	web.Handle(a, web.Op{ID: "list-joined-workshop", Method: http.MethodGet, Path: "/join/{code}/list", Tag: "workshops", Policy: access.Everyone,
		Summary: "What the room said, newest first; at most a hundred"},
		func(c *web.Call, in *codeIn) (*linesOut, error) {
			r, err := s.enter(c, c.Network(), in.Code)
			if err != nil {
				return nil, err
			}
			list, err := s.newest(c, r)
			return &linesOut{linesJSON(list)}, err
		})
	// send keeps a contribution once, and gives its secret to whoever sent it.
	send := func(c *web.Call, code string, fn func(context.Context, *db.Tx, Room) (entry.Entry, string, error)) (*sentOut, error) {
		if _, err := s.enter(c, c.Network(), code); err != nil {
			return nil, err
		}
		made, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
			r, err := s.joined(ctx, tx, code)
			if err != nil {
				return "", err
			}
			e, secret, err := fn(ctx, tx, r)
			return strings.TrimSpace(e.ID + " " + secret), err
		})
		entryID, secret, _ := strings.Cut(made, " ")
		return &sentOut{SentJSON{ID: entryID, Secret: secret}}, err
	}
	type sayIn struct {
		Code string `path:"code" maxLength:"20"`
		Body WordsIn
	}
	web.Handle(a, web.Op{ID: "say-in-workshop", Method: http.MethodPost, Path: "/join/{code}/notes", Tag: "workshops", Policy: access.Everyone, Status: http.StatusCreated,
		Summary: "Say something in a workshop by its code, without an account; class stake makes a stake"},
		func(c *web.Call, in *sayIn) (*sentOut, error) {
			return send(c, in.Code, func(ctx context.Context, tx *db.Tx, r Room) (entry.Entry, string, error) {
				return s.Take(ctx, tx, c.Actor, r, in.Body.words(FromPhone))
			})
		})
	type joinProposeIn struct {
		Code string `path:"code" maxLength:"20"`
		Body DraftIn
	}
	web.Handle(a, web.Op{ID: "propose-in-workshop", Method: http.MethodPost, Path: "/join/{code}/proposals", Tag: "workshops", Policy: access.Everyone, Status: http.StatusCreated,
		Summary: "Write a proposal in a workshop by its code, without an account"},
		func(c *web.Call, in *joinProposeIn) (*sentOut, error) {
			return send(c, in.Code, func(ctx context.Context, tx *db.Tx, r Room) (entry.Entry, string, error) {
				return s.Propose(ctx, tx, c.Actor, r, in.Body.draft(FromPhone))
			})
		})
	type mineIn struct {
		Secret string `path:"secret" maxLength:"64"`
		Body   struct {
			Revision int    `json:"revision" minimum:"1" doc:"that was read"`
			Class    string `json:"class,omitempty"`
			Text     string `json:"text" maxLength:"12000"`
			Lang     string `json:"lang" maxLength:"35"`
			Signed   string `json:"signed,omitempty" maxLength:"500"`
		}
	}
	web.Handle(a, web.Op{ID: "change-own-note", Method: http.MethodPut, Path: "/sent/{secret}", Tag: "workshops", Policy: access.Everyone,
		Summary: "Change a note or stake one sent less than 15 minutes ago"},
		func(c *web.Call, in *mineIn) (*capturedOut, error) {
			out := &capturedOut{}
			_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
				captured, e, err := s.own(ctx, tx, in.Secret, tx.Now())
				if err != nil {
					return "", err
				}
				if e.Kind == ProposalKind {
					return "", fault.Missing()
				}
				e, err = s.Change(ctx, tx, people.Actor{At: c.Actor.At}, e, in.Body.Revision, Words{Class: in.Body.Class, Text: in.Body.Text, Lang: in.Body.Lang, Signed: in.Body.Signed})
				out.Body = capturedJSON(e, captured)
				return e.ID, err
			})
			return out, err
		})
}

// notesAPI is the rapporteur's side.
func (s *Workshops) notesAPI(a *web.API) {
	notes := access.Role(Noting...)
	noting := func(c *web.Call, q db.Q, workshop string) (Room, error) {
		r, err := s.room(c, q, workshop)
		if err == nil && !r.MayNote(c.Actor) {
			err = access.Denied()
		}
		return r, err
	}
	web.Handle(a, web.Op{ID: "list-workshop-notes", Method: http.MethodGet, Path: "/workshops/{id}/notes", Tag: "workshops", Policy: notes,
		Summary: "The record of a workshop: notes, stakes and proposals, in order"},
		func(c *web.Call, in *oneIn) (*linesOut, error) {
			r, err := noting(c, c.DB, in.ID)
			if err != nil {
				return nil, err
			}
			list, err := s.lines(c, c.DB, r)
			return &linesOut{linesJSON(list)}, err
		})
	type takeIn struct {
		ID    string `path:"id" maxLength:"16"`
		Paper bool   `query:"paper" doc:"from a paper form"`
		Body  WordsIn
	}
	web.Handle(a, web.Op{ID: "take-note", Method: http.MethodPost, Path: "/workshops/{id}/notes", Tag: "workshops", Policy: notes, Status: http.StatusCreated,
		Summary: "Take a note down for a workshop"},
		func(c *web.Call, in *takeIn) (*sentOut, error) {
			source := FromRoom
			if in.Paper {
				source = FromPaper
			}
			made, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
				r, err := s.room(ctx, tx, in.ID)
				if err != nil {
					return "", err
				}
				e, _, err := s.Take(ctx, tx, c.Actor, r, in.Body.words(source))
				return e.ID, err
			})
			return &sentOut{SentJSON{ID: made}}, err
		})
	// about does something with one thing that was taken down.
	about := func(c *web.Call, id string, fn func(context.Context, *db.Tx, Room, entry.Entry) (entry.Entry, error)) (*capturedOut, error) {
		made, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
			captured, err := capturedByID(ctx, tx, id)
			if err != nil {
				return "", err
			}
			r, err := noting(c, tx, captured.Workshop)
			if err != nil {
				return "", err
			}
			e, err := entry.Get(ctx, tx, id)
			if err != nil {
				return "", err
			}
			e, err = fn(ctx, tx, r, e)
			return e.ID, err
		})
		if err != nil {
			return nil, err
		}
		e, err := entry.Get(c, c.DB, made)
		if err != nil {
			return nil, err
		}
		captured, err := capturedByID(c, c.DB, made)
		return &capturedOut{capturedJSON(e, captured)}, err
	}
	type changeIn struct {
		ID   string `path:"id" maxLength:"16"`
		Body struct {
			Revision int    `json:"revision" minimum:"1" doc:"that was read; when it is no longer the present one the answer is 409"`
			Class    string `json:"class,omitempty"`
			Text     string `json:"text" maxLength:"12000"`
			Lang     string `json:"lang" maxLength:"35"`
			Signed   string `json:"signed,omitempty" maxLength:"500"`
			Beside   bool   `json:"beside,omitempty" doc:"keep these words as another version beside the present ones"`
		}
	}
	web.Handle(a, web.Op{ID: "change-note", Method: http.MethodPut, Path: "/notes/{id}", Tag: "workshops", Policy: notes,
		Summary: "Change a note or stake, or keep other words beside it"},
		func(c *web.Call, in *changeIn) (*capturedOut, error) {
			w := Words{Class: in.Body.Class, Text: in.Body.Text, Lang: in.Body.Lang, Signed: in.Body.Signed, Source: FromRoom}
			return about(c, in.ID, func(ctx context.Context, tx *db.Tx, r Room, e entry.Entry) (entry.Entry, error) {
				if in.Body.Beside {
					return s.Beside(ctx, tx, c.Actor, r, e, w)
				}
				return s.Change(ctx, tx, c.Actor, e, in.Body.Revision, w)
			})
		})
	type raiseIn struct {
		ID   string `path:"id" maxLength:"16"`
		Body struct {
			As string `json:"as" enum:"stake,proposal"`
		}
	}
	web.Handle(a, web.Op{ID: "raise-note", Method: http.MethodPost, Path: "/notes/{id}/raise", Tag: "workshops", Policy: notes, Status: http.StatusCreated,
		Summary: "Make a stake or a proposal of a note"},
		func(c *web.Call, in *raiseIn) (*capturedOut, error) {
			return about(c, in.ID, func(ctx context.Context, tx *db.Tx, r Room, e entry.Entry) (entry.Entry, error) {
				return s.Raise(ctx, tx, c.Actor, r, e, in.Body.As)
			})
		})
	web.Handle(a, web.Op{ID: "bring-up", Method: http.MethodPost, Path: "/notes/{id}/bring-up", Tag: "workshops", Policy: notes,
		Summary: "Publish a stake or proposal that is a draft of the workshop"},
		func(c *web.Call, in *oneIn) (*capturedOut, error) {
			return about(c, in.ID, func(ctx context.Context, tx *db.Tx, r Room, e entry.Entry) (entry.Entry, error) {
				return s.BringUp(ctx, tx, c.Actor, r, e.ID)
			})
		})
	web.Handle(a, web.Op{ID: "take-out", Method: http.MethodPost, Path: "/notes/{id}/take-out", Tag: "workshops", Policy: notes,
		Summary: "Take a note, stake or draft out of the record; its versions stay in the history"},
		func(c *web.Call, in *oneIn) (*capturedOut, error) {
			return about(c, in.ID, func(ctx context.Context, tx *db.Tx, r Room, e entry.Entry) (entry.Entry, error) {
				return e, s.TakeOut(ctx, tx, c.Actor, r, e.ID)
			})
		})
	type orderIn struct {
		ID   string `path:"id" maxLength:"16"`
		Body struct {
			To string `json:"to" enum:"up,down"`
		}
	}
	web.Handle(a, web.Op{ID: "move-note", Method: http.MethodPost, Path: "/notes/{id}/move", Tag: "workshops", Policy: notes,
		Summary: "Move a line one place up or down in the record"},
		func(c *web.Call, in *orderIn) (*capturedOut, error) {
			return about(c, in.ID, func(ctx context.Context, tx *db.Tx, r Room, e entry.Entry) (entry.Entry, error) {
				return e, s.Move(ctx, tx, c.Actor, r, e.ID, in.Body.To == "up")
			})
		})
	type chooseIn struct {
		ID   string `path:"id" maxLength:"16" doc:"the first of the versions"`
		Body struct {
			Keep string `json:"keep,omitempty" doc:"the version that stays; nothing keeps all"`
		}
	}
	web.Handle(a, web.Op{ID: "choose-version", Method: http.MethodPost, Path: "/notes/{id}/choose", Tag: "workshops", Policy: notes,
		Summary: "Choose among the versions of one note"},
		func(c *web.Call, in *chooseIn) (*capturedOut, error) {
			return about(c, in.ID, func(ctx context.Context, tx *db.Tx, r Room, e entry.Entry) (entry.Entry, error) {
				return e, s.Choose(ctx, tx, c.Actor, r, e.ID, in.Body.Keep)
			})
		})
}

// proposalsAPI reads and writes proposals and stakes.
func (s *Workshops) proposalsAPI(a *web.API) {
	type boardIn struct {
		ID       string   `path:"id" maxLength:"16"`
		Q        string   `query:"q" maxLength:"200"`
		Workshop []string `query:"workshop"`
		Level    []string `query:"level"`
		Lang     []string `query:"lang"`
		Stage    []string `query:"stage"`
		Theme    []string `query:"theme"`
	}
	web.Handle(a, web.Op{ID: "list-proposals", Method: http.MethodGet, Path: "/assemblies/{id}/proposals", Tag: "proposals", Policy: access.Everyone,
		Summary: "The proposals of an assembly, of its workshops and of its committee"},
		func(c *web.Call, in *boardIn) (*boardOut, error) {
			assembly, err := entry.See(c, c.DB, c.Actor, "assembly", in.ID)
			if err != nil {
				return nil, err
			}
			t, err := s.gather(c, c.DB, c.Actor, assembly)
			t.narrow(in.Q, map[string][]string{"workshop": in.Workshop, "level": in.Level, "lang": in.Lang, "stage": in.Stage, "theme": in.Theme})
			return &boardOut{boardJSON(t)}, err
		})
	read := func(c *web.Call, id string) (*proposalOut, error) {
		one, err := s.proposal(c, c.DB, c.Actor, id)
		if err != nil {
			return nil, err
		}
		stakes, _, err := answered(c, c.DB, id)
		return &proposalOut{proposalJSON(one.Entry, one.Fate, one.Proposal.Workshop, one.Entry.Themes, stakes)}, err
	}
	web.Handle(a, web.Op{ID: "get-proposal", Method: http.MethodGet, Path: "/proposals/{id}", Tag: "proposals", Policy: access.Everyone,
		Summary: "A proposal with its stage and the stakes it answers"},
		func(c *web.Call, in *oneIn) (*proposalOut, error) { return read(c, in.ID) })
	web.Handle(a, web.Op{ID: "get-stake", Method: http.MethodGet, Path: "/stakes/{id}", Tag: "proposals", Policy: access.Everyone, Summary: "A stake"},
		func(c *web.Call, in *oneIn) (*capturedOut, error) {
			e, err := entry.See(c, c.DB, c.Actor, StakeKind, in.ID)
			if err != nil {
				return nil, err
			}
			captured, err := capturedByID(c, c.DB, in.ID)
			return &capturedOut{capturedJSON(e, captured)}, err
		})
	type proposeIn struct {
		ID    string `path:"id" maxLength:"16"`
		Paper bool   `query:"paper" doc:"from a paper form"`
		Body  DraftIn
	}
	web.Handle(a, web.Op{ID: "add-proposal", Method: http.MethodPost, Path: "/workshops/{id}/proposals", Tag: "proposals", Policy: access.SignedIn, Status: http.StatusCreated,
		Summary: "Write a proposal in a workshop: whoever takes its notes, and who speaks for an organisation while it is open"},
		func(c *web.Call, in *proposeIn) (*proposalOut, error) {
			made, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
				r, err := s.room(ctx, tx, in.ID)
				if err != nil {
					return "", err
				}
				if !r.MayPropose(c.Actor) {
					if c.Actor.May(people.Speak) {
						return "", closed()
					}
					return "", access.Denied()
				}
				d := in.Body.draft(FromRoom)
				if in.Paper {
					d.Source = FromPaper
				}
				d.Mine = d.Mine || !r.MayNote(c.Actor)
				d.Themes = slices.Clone(d.Themes)
				e, _, err := s.Propose(ctx, tx, c.Actor, r, d)
				return e.ID, err
			})
			if err != nil {
				return nil, err
			}
			return read(c, made)
		})
	type rewriteIn struct {
		ID   string `path:"id" maxLength:"16"`
		Body struct {
			Revision int `json:"revision" minimum:"1" doc:"that was read; when it is no longer the present one the answer is 409"`
			DraftIn
		}
	}
	web.Handle(a, web.Op{ID: "change-proposal", Method: http.MethodPut, Path: "/proposals/{id}", Tag: "proposals", Policy: access.SignedIn,
		Summary: "Change a proposal: its author while the workshop is open, the rapporteur until the committee dealt with it"},
		func(c *web.Call, in *rewriteIn) (*proposalOut, error) {
			_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
				one, err := s.proposal(ctx, tx, c.Actor, in.ID)
				if err == nil && !one.May.Edit {
					err = access.Denied()
				}
				if err != nil {
					return "", err
				}
				e, err := s.Rewrite(ctx, tx, c.Actor, one.Room, one.Entry, in.Body.Revision, in.Body.draft(""))
				return e.ID, err
			})
			if err != nil {
				return nil, err
			}
			return read(c, in.ID)
		})
	web.Handle(a, web.Op{ID: "withdraw-proposal", Method: http.MethodPost, Path: "/proposals/{id}/withdraw", Tag: "proposals", Policy: access.SignedIn,
		Summary: "Take a proposal back, at once"},
		func(c *web.Call, in *oneIn) (*proposalOut, error) {
			_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
				return in.ID, s.Withdraw(ctx, tx, c.Actor, in.ID)
			})
			if err != nil {
				return nil, err
			}
			return read(c, in.ID)
		})
}
