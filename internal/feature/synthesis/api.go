package synthesis

import (
	"context"
	"net/http"
	"slices"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/lineage"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// CandidateJSON is a proposal as the desk shows it.
type CandidateJSON struct {
	ID           string            `json:"id"`
	Home         string            `json:"home" doc:"workshop or assembly it lives in"`
	Organisation string            `json:"organisation,omitempty"`
	Level        string            `json:"level" enum:"local,alliance"`
	Lang         string            `json:"lang" doc:"original language, BCP 47"`
	Title        map[string]string `json:"title" doc:"by language"`
	Summary      map[string]string `json:"summary" doc:"in plain words, by language"`
	Fate         string            `json:"fate,omitempty" doc:"what became of it, one step on; absent: still open"`
	Act          string            `json:"act,omitempty" doc:"derivation that dealt with it"`
}

// AlikeJSON is a suggestion, never an act.
type AlikeJSON struct {
	A      string   `json:"a"`
	B      string   `json:"b"`
	Score  int      `json:"score" doc:"percent"`
	Shared []string `json:"shared" doc:"words both have"`
}

// ActJSON is what the committee did.
type ActJSON struct {
	ID       string            `json:"id"`
	Kind     string            `json:"kind" enum:"merged,split,reworded,set_aside,not_carried"`
	Assembly string            `json:"assembly"`
	At       int64             `json:"at" doc:"microseconds since 1970, UTC"`
	By       string            `json:"by,omitempty" doc:"name"`
	Reason   map[string]string `json:"reason" doc:"by language"`
	From     []CreditJSON      `json:"from"`
	Into     []string          `json:"into" doc:"proposals made"`
	Until    int64             `json:"until,omitempty" doc:"end of the time to reply"`
	Undone   bool              `json:"undone" doc:"taken back: its proposals are open again"`
	Count    int               `json:"reply_count"`
	Replies  []ReplyJSON       `json:"replies,omitempty" doc:"only when one act is asked for"`
}

// CreditJSON names a proposal that went in, with what was made of it.
type CreditJSON struct {
	Proposal string `json:"proposal"`
	Revision int    `json:"revision"`
	Taken    string `json:"taken,omitempty"`
	LeftOut  string `json:"left_out,omitempty"`
	Why      string `json:"why,omitempty"`
}

// ReplyJSON is an author's answer.
type ReplyJSON struct {
	ID           string            `json:"id"`
	Proposal     string            `json:"proposal"`
	Organisation string            `json:"organisation,omitempty"`
	At           int64             `json:"at"`
	Lang         string            `json:"lang"`
	Words        map[string]string `json:"words" doc:"by language"`
}

// DeskJSON is the committee's desk.
type DeskJSON struct {
	Assembly    string          `json:"assembly"`
	All         int             `json:"all"`
	Dealt       int             `json:"dealt"`
	Open        []CandidateJSON `json:"open"`
	Suggestions []AlikeJSON     `json:"suggestions"`
	Acts        []ActJSON       `json:"acts" doc:"newest first"`
}

// CoverageJSON is what became of each proposal.
type CoverageJSON struct {
	Assembly  string          `json:"assembly"`
	All       int             `json:"all"`
	Dealt     int             `json:"dealt"`
	Proposals []CandidateJSON `json:"proposals"`
	Orphans   []string        `json:"orphans" doc:"proposals nothing came of, without a reason"`
	Stakes    []string        `json:"stakes" doc:"stakes that no proposal answers"`
}

// WordingIn is a proposal as the committee writes it.
type WordingIn struct {
	Lang    string `json:"lang" maxLength:"35" doc:"BCP 47"`
	Title   string `json:"title" maxLength:"2000"`
	Summary string `json:"summary" maxLength:"80000" doc:"in plain words"`
	Body    string `json:"body,omitempty" maxLength:"80000"`
	Level   string `json:"level,omitempty" enum:"local,alliance" doc:"default: that of the first proposal"`
}

// CreditIn is a proposal that goes in.
type CreditIn struct {
	Proposal string `json:"proposal" maxLength:"16"`
	Taken    string `json:"taken,omitempty" maxLength:"20000" doc:"of a merge: what was taken"`
	LeftOut  string `json:"left_out,omitempty" maxLength:"20000"`
	Why      string `json:"why,omitempty" maxLength:"20000" doc:"why it was left out"`
}

// SynthesisMadeJSON names what was made or changed.
type SynthesisMadeJSON struct {
	ID string `json:"id"`
}

func byLanguage(t lang.Text) map[string]string {
	words := map[string]string{}
	for _, tag := range t.Languages() {
		words[tag] = t.V[tag].S
	}
	return words
}

func proposalJSON(o one) CandidateJSON {
	return CandidateJSON{ID: o.Entry.ID, Home: o.Home.ID, Organisation: o.Entry.Organisation, Level: o.Entry.Class, Lang: o.Entry.Lang,
		Title: byLanguage(o.Entry.Title()), Summary: byLanguage(o.Entry.Text(entry.Summary)), Fate: string(o.Fate.Kind), Act: o.Fate.Derivation}
}

func actJSON(r actRow) ActJSON {
	d := r.Derivation
	j := ActJSON{ID: d.ID, Kind: string(d.Kind), Assembly: d.Scope, At: int64(d.At), By: r.By, Reason: byLanguage(d.Reason), From: []CreditJSON{}, Into: []string{},
		Until: int64(r.Until), Undone: d.UndoneBy != "", Count: r.Replies}
	links := map[string]lineage.Link{}
	for _, l := range d.Parents {
		links[l.Entry] = l
	}
	for _, p := range r.Parents { // only those the caller may know of
		l := links[p.ID]
		j.From = append(j.From, CreditJSON{p.ID, l.Revision, l.Taken, l.LeftOut, l.Why})
	}
	for _, c := range r.Children {
		j.Into = append(j.Into, c.ID)
	}
	return j
}

type idIn struct {
	ID string `path:"id" maxLength:"16"`
}

func (s *Synthesis) api(a *web.API) {
	s.apiReads(a)
	s.apiWrites(a)
}

func (s *Synthesis) apiReads(a *web.API) {
	type deskOut struct{ Body DeskJSON }
	web.Handle(a, web.Op{ID: "get-synthesis", Method: http.MethodGet, Path: "/assemblies/{id}/synthesis", Tag: "synthesis", Policy: access.Role(people.Committee),
		Summary: "The committee's desk: open proposals, those that look alike, and what was done"},
		func(c *web.Call, in *idIn) (*deskOut, error) {
			v, err := s.deskView(c, c.Actor, in.ID)
			if err != nil {
				return nil, err
			}
			j := DeskJSON{Assembly: in.ID, All: v.All, Dealt: v.Dealt, Open: []CandidateJSON{}, Suggestions: []AlikeJSON{}, Acts: []ActJSON{}}
			for _, g := range v.Open {
				for _, o := range g.Ones {
					j.Open = append(j.Open, proposalJSON(o))
				}
			}
			for _, x := range v.Suggestions {
				j.Suggestions = append(j.Suggestions, AlikeJSON{x.A.Entry.ID, x.B.Entry.ID, x.Score, append([]string{}, x.Shared...)})
			}
			for _, r := range v.Acts {
				j.Acts = append(j.Acts, actJSON(r))
			}
			return &deskOut{j}, nil
		})

	type actOut struct{ Body ActJSON }
	web.Handle(a, web.Op{ID: "get-act", Method: http.MethodGet, Path: "/synthesis/{id}", Tag: "synthesis", Policy: access.Everyone,
		Summary: "What the committee did with proposals, why, and what their authors reply"},
		func(c *web.Call, in *idIn) (*actOut, error) {
			v, err := s.showView(c, c.Actor, in.ID)
			if err != nil {
				return nil, err
			}
			j := actJSON(v.Row)
			for _, r := range v.Replies {
				j.Replies = append(j.Replies, ReplyJSON{r.Entry.ID, r.Entry.Parent, r.Entry.Organisation, int64(r.Entry.Created), r.Entry.Lang, byLanguage(r.Entry.Title())})
			}
			return &actOut{j}, nil
		})

	type coverageOut struct{ Body CoverageJSON }
	web.Handle(a, web.Op{ID: "get-coverage", Method: http.MethodGet, Path: "/assemblies/{id}/coverage", Tag: "synthesis", Policy: access.Everyone,
		Summary: "What became of each proposal, and what nobody answered"},
		func(c *web.Call, in *idIn) (*coverageOut, error) {
			v, err := s.coverageView(c, c.Actor, in.ID)
			if err != nil {
				return nil, err
			}
			j := CoverageJSON{Assembly: in.ID, All: v.All, Dealt: v.Dealt, Proposals: []CandidateJSON{}, Orphans: []string{}, Stakes: []string{}}
			for _, g := range v.Groups {
				for _, o := range g.Ones {
					j.Proposals = append(j.Proposals, proposalJSON(o))
				}
			}
			for _, o := range v.Orphans {
				j.Orphans = append(j.Orphans, o.Entry.ID)
			}
			for _, e := range v.Stakes {
				j.Stakes = append(j.Stakes, e.ID)
			}
			return &coverageOut{j}, nil
		})
}

type madeOut struct{ Body SynthesisMadeJSON }

func (s *Synthesis) apiWrites(a *web.API) {
	committee := access.Role(people.Committee)
	type actIn struct {
		ID   string `path:"id" maxLength:"16"`
		Body struct {
			Kind   string      `json:"kind" enum:"merged,split,reworded,set_aside,not_carried" doc:"not_carried gives the reason for a proposal nothing came of"`
			From   []CreditIn  `json:"from" minItems:"1" maxItems:"50"`
			Into   []WordingIn `json:"into,omitempty" maxItems:"10"`
			Lang   string      `json:"lang" maxLength:"35" doc:"of reason and credits, BCP 47"`
			Reason string      `json:"reason" maxLength:"20000"`
		}
	}
	web.Handle(a, web.Op{ID: "do-act", Method: http.MethodPost, Path: "/assemblies/{id}/synthesis", Tag: "synthesis", Policy: committee, Status: http.StatusCreated,
		Summary: "Merge, split, reword, set aside, or say why nothing came of a proposal"},
		func(c *web.Call, in *actIn) (*madeOut, error) {
			if _, err := s.assembly(c, c.Actor, in.ID); err != nil {
				return nil, err
			}
			act := Act{Kind: lineage.Kind(in.Body.Kind), Assembly: in.ID, Lang: in.Body.Lang, Reason: in.Body.Reason}
			for _, f := range in.Body.From {
				if slices.Contains(act.Parents, f.Proposal) {
					continue
				}
				act.Parents, act.Credits = append(act.Parents, f.Proposal), append(act.Credits, Credit{f.Taken, f.LeftOut, f.Why})
			}
			for _, w := range in.Body.Into {
				act.Into = append(act.Into, Wording(w))
			}
			made, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
				d, err := s.Perform(ctx, tx, c.Actor, act)
				return d.ID, err
			})
			return &madeOut{SynthesisMadeJSON{made}}, err
		})

	type undoIn struct {
		ID   string `path:"id" maxLength:"16"`
		Body struct {
			Lang   string `json:"lang" maxLength:"35" doc:"BCP 47"`
			Reason string `json:"reason" maxLength:"20000"`
		}
	}
	web.Handle(a, web.Op{ID: "undo-act", Method: http.MethodPost, Path: "/synthesis/{id}/undo", Tag: "synthesis", Policy: committee,
		Summary: "Take an act back, with a reason, while nothing is built on its result"},
		func(c *web.Call, in *undoIn) (*madeOut, error) {
			made, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
				_, err := s.Undo(ctx, tx, c.Actor, in.ID, in.Body.Lang, in.Body.Reason)
				return in.ID, err
			})
			return &madeOut{SynthesisMadeJSON{made}}, err
		})

	type replyIn struct {
		ID   string `path:"id" maxLength:"16"`
		Body struct {
			Proposal string `json:"proposal" maxLength:"16" doc:"yours, among those the act deals with"`
			Lang     string `json:"lang" maxLength:"35" doc:"BCP 47"`
			Words    string `json:"words" maxLength:"20000"`
		}
	}
	web.Handle(a, web.Op{ID: "reply-act", Method: http.MethodPost, Path: "/synthesis/{id}/replies", Tag: "synthesis", Policy: access.SignedIn, Status: http.StatusCreated,
		Summary: "Reply, as an author, to what the committee did with your proposal"},
		func(c *web.Call, in *replyIn) (*madeOut, error) {
			made, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
				return s.Reply(ctx, tx, c.Actor, in.ID, in.Body.Proposal, in.Body.Lang, in.Body.Words)
			})
			return &madeOut{SynthesisMadeJSON{made}}, err
		})
}
