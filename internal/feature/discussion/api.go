package discussion

import (
	"context"
	"net/http"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// commentJSON is a comment as programs see it: words only where one may read them.
type commentJSON struct {
	ID           string            `json:"id"`
	Entry        string            `json:"entry"`
	Thread       string            `json:"thread" doc:"the comment it began with"`
	Answers      string            `json:"answers,omitempty" doc:"the comment it answers"`
	Name         string            `json:"name,omitempty" doc:"of the person; none for a deleted account"`
	Organisation string            `json:"organisation,omitempty" doc:"for which it was said"`
	Lang         string            `json:"lang,omitempty" doc:"of the original"`
	Words        map[string]string `json:"words,omitempty" doc:"by language"`
	OutOfDate    []string          `json:"out_of_date,omitempty" doc:"translations made before the original last changed"`
	State        string            `json:"state" enum:"said,withdrawn,hidden"`
	Closed       bool              `json:"closed,omitempty" doc:"nobody answers in its thread any more"`
	At           int64             `json:"at" doc:"microseconds since 1970, UTC"`
	Revision     int               `json:"revision"`
}

func jsonOf(l line) commentJSON {
	j := commentJSON{ID: l.ID, Entry: l.Comment.Entry, Thread: l.Thread, Answers: l.Comment.Answers, Name: l.Name, Organisation: l.Organisation,
		State: string(l.State), Closed: l.Closed, At: int64(l.At), Revision: l.Revision}
	if !l.Reads || l.Words.Empty() {
		return j
	}
	j.Lang, j.Words = l.Words.Orig, map[string]string{}
	for _, tag := range l.Words.Languages() {
		j.Words[tag] = l.Words.V[tag].S
		if l.Words.In(tag).Stale {
			j.OutOfDate = append(j.OutOfDate, tag)
		}
	}
	return j
}

// one gives a comment for an answer of the API.
func (d *Discussion) one(ctx context.Context, q db.Q, a people.Actor, comment string) (commentJSON, error) {
	c, e, err := see(ctx, q, a, comment)
	if err != nil {
		return commentJSON{}, err
	}
	lines, _, err := d.lines(ctx, q, a, e, []Comment{c})
	if err != nil {
		return commentJSON{}, err
	}
	return jsonOf(lines[0]), nil
}

type commentOut struct{ Body commentJSON }

type commentIn struct {
	ID string `path:"id" maxLength:"16"`
}

func (d *Discussion) api(a *web.API) {
	d.apiRead(a)
	d.apiWrite(a)
	d.apiModerate(a)
}

func (d *Discussion) apiRead(a *web.API) {
	type commentsIn struct {
		ID   string `path:"id" maxLength:"16"`
		Page int    `query:"page" minimum:"1" maximum:"100000" default:"1"`
	}
	type commentsOut struct {
		Body struct {
			Total    int           `json:"total"`
			Pages    int           `json:"pages"`
			Summary  *commentJSON  `json:"summary,omitempty" doc:"what the discussion came to"`
			Comments []commentJSON `json:"comments" doc:"in the order of reading: each thread with its answers"`
		}
	}
	web.Handle(a, web.Op{ID: "list-comments", Method: http.MethodGet, Path: "/entries/{id}/comments", Tag: "discussion", Policy: access.Everyone,
		Summary: "What is said about an entry"},
		func(c *web.Call, in *commentsIn) (*commentsOut, error) {
			e, err := entry.See(c, c.DB, c.Actor, "", in.ID)
			if err != nil {
				return nil, err
			}
			out := &commentsOut{}
			out.Body.Comments = []commentJSON{}
			if out.Body.Total, err = count(c, c.DB, e.ID); err != nil {
				return nil, err
			}
			out.Body.Pages = max(1, (out.Body.Total+perPage-1)/perPage)
			list, err := page(c, c.DB, e.ID, (in.Page-1)*perPage, perPage)
			if err != nil {
				return nil, err
			}
			sum, err := summaryOf(c, c.DB, e.ID)
			if err == nil {
				list = append(list, sum)
			} else if !fault.Is(err, fault.KindNotFound) {
				return nil, err
			}
			lines, _, err := d.lines(c, c.DB, c.Actor, e, list)
			for _, l := range lines {
				if j := jsonOf(l); l.Summary {
					out.Body.Summary = &j
				} else {
					out.Body.Comments = append(out.Body.Comments, j)
				}
			}
			return out, err
		})
	web.Handle(a, web.Op{ID: "get-comment", Method: http.MethodGet, Path: "/comments/{id}", Tag: "discussion", Policy: access.Everyone, Summary: "One comment"},
		func(c *web.Call, in *commentIn) (*commentOut, error) {
			j, err := d.one(c, c.DB, c.Actor, in.ID)
			return &commentOut{j}, err
		})

	type commentVersionJSON struct {
		Revision int               `json:"revision"`
		At       int64             `json:"at"`
		Words    map[string]string `json:"words"`
	}
	type versionsOut struct{ Body []commentVersionJSON }
	web.Handle(a, web.Op{ID: "list-comment-versions", Method: http.MethodGet, Path: "/comments/{id}/versions", Tag: "discussion", Policy: access.Everyone,
		Summary: "Every version of a comment, newest first"},
		func(c *web.Call, in *commentIn) (*versionsOut, error) {
			one, e, err := see(c, c.DB, c.Actor, in.ID)
			if err != nil {
				return nil, err
			}
			out := &versionsOut{Body: []commentVersionJSON{}}
			if !one.Reads(c.Actor, e) {
				return out, nil
			}
			list, err := versions(c, c.DB, one.ID)
			for _, v := range list {
				j := commentVersionJSON{v.Revision, int64(v.At), map[string]string{}}
				for _, tag := range v.Words.Languages() {
					j.Words[tag] = v.Words.V[tag].S
				}
				out.Body = append(out.Body, j)
			}
			return out, err
		})
}

func (d *Discussion) apiWrite(a *web.API) {
	// write runs a change and answers with the comment it made or changed.
	write := func(c *web.Call, fn func(context.Context, *db.Tx) (Comment, error)) (*commentOut, error) {
		made, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
			x, err := fn(ctx, tx)
			return x.ID, err
		})
		if err != nil {
			return nil, err
		}
		j, err := d.one(c, c.DB, c.Actor, made)
		return &commentOut{j}, err
	}
	type commentSayIn struct {
		ID   string `path:"id" maxLength:"16"`
		Body struct {
			Answers string `json:"answers,omitempty" maxLength:"16" doc:"the comment that is answered; none begins a thread"`
			Words   string `json:"words" maxLength:"5000"`
			Lang    string `json:"lang" maxLength:"35"`
			Own     bool   `json:"own,omitempty" doc:"for yourself, though the token acts for an organisation"`
			Follow  bool   `json:"follow,omitempty"`
		}
	}
	web.Handle(a, web.Op{ID: "say", Method: http.MethodPost, Path: "/entries/{id}/comments", Tag: "discussion", Policy: access.SignedIn, Status: http.StatusCreated,
		Summary: "Say something about an entry"},
		func(c *web.Call, in *commentSayIn) (*commentOut, error) {
			return write(c, func(ctx context.Context, tx *db.Tx) (Comment, error) {
				return d.Say(ctx, tx, c.Actor, Saying{Entry: in.ID, Answers: in.Body.Answers, Words: in.Body.Words, Lang: in.Body.Lang, Own: in.Body.Own, Follow: in.Body.Follow, Network: c.Network()})
			})
		})
	type commentEditIn struct {
		ID   string `path:"id" maxLength:"16"`
		Body struct {
			Words    string `json:"words" maxLength:"5000"`
			Revision int    `json:"revision" doc:"the one that was read"`
		}
	}
	web.Handle(a, web.Op{ID: "edit-comment", Method: http.MethodPut, Path: "/comments/{id}", Tag: "discussion", Policy: access.SignedIn,
		Summary: "Change your words, within half an hour"},
		func(c *web.Call, in *commentEditIn) (*commentOut, error) {
			return write(c, func(ctx context.Context, tx *db.Tx) (Comment, error) {
				return d.Edit(ctx, tx, c.Actor, in.ID, in.Body.Words, in.Body.Revision)
			})
		})
	type commentTranslateIn struct {
		ID   string `path:"id" maxLength:"16"`
		Body struct {
			Lang  string `json:"lang" maxLength:"35"`
			Words string `json:"words" maxLength:"5000"`
		}
	}
	web.Handle(a, web.Op{ID: "translate-comment", Method: http.MethodPost, Path: "/comments/{id}/translations", Tag: "discussion", Policy: access.SignedIn,
		Summary: "Add or replace a translation"},
		func(c *web.Call, in *commentTranslateIn) (*commentOut, error) {
			return write(c, func(ctx context.Context, tx *db.Tx) (Comment, error) {
				return d.Translate(ctx, tx, c.Actor, in.ID, in.Body.Lang, in.Body.Words)
			})
		})
	web.Handle(a, web.Op{ID: "withdraw-comment", Method: http.MethodDelete, Path: "/comments/{id}", Tag: "discussion", Policy: access.SignedIn,
		Summary: "Take your comment back"},
		func(c *web.Call, in *commentIn) (*commentOut, error) {
			return write(c, func(ctx context.Context, tx *db.Tx) (Comment, error) {
				return Comment{ID: in.ID}, d.Withdraw(ctx, tx, c.Actor, in.ID)
			})
		})
	type discussionSumIn struct {
		ID   string `path:"id" maxLength:"16"`
		Body struct {
			Words    string `json:"words" maxLength:"5000"`
			Lang     string `json:"lang" maxLength:"35"`
			Revision int    `json:"revision" doc:"the one that was read; 0 where there is none yet"`
		}
	}
	web.Handle(a, web.Op{ID: "sum-up", Method: http.MethodPut, Path: "/entries/{id}/discussion-summary", Tag: "discussion", Policy: access.SignedIn,
		Summary: "Write what a discussion came to: rapporteurs, committee, coordination"},
		func(c *web.Call, in *discussionSumIn) (*commentOut, error) {
			return write(c, func(ctx context.Context, tx *db.Tx) (Comment, error) {
				return d.Sum(ctx, tx, c.Actor, in.ID, in.Body.Words, in.Body.Lang, in.Body.Revision)
			})
		})
}

func (d *Discussion) apiModerate(a *web.API) {
	type commentReportIn struct {
		ID   string `path:"id" maxLength:"16"`
		Body struct {
			Reason string `json:"reason" enum:"insult,hatred,private,danger,advertising,off-topic,other"`
			Note   string `json:"note,omitempty" maxLength:"1000"`
		}
	}
	web.Handle(a, web.Op{ID: "report-comment", Method: http.MethodPost, Path: "/comments/{id}/reports", Tag: "discussion", Policy: access.Everyone, Status: http.StatusAccepted,
		Summary: "Point moderators to a comment; no account is needed"},
		func(c *web.Call, in *commentReportIn) (*struct{}, error) {
			_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
				return in.ID, d.Tell(ctx, tx, c.Actor, in.ID, c.Network(), Reason(in.Body.Reason), in.Body.Note)
			})
			return nil, err
		})
	type commentModerateIn struct {
		ID   string `path:"id" maxLength:"16"`
		Body struct {
			Act    string `json:"act" enum:"hidden,shown,closed,opened,kept"`
			Reason string `json:"reason,omitempty" doc:"needed to hide"`
			Note   string `json:"note,omitempty" maxLength:"1000" doc:"read by the author; needed to hide"`
		}
	}
	web.Handle(a, web.Op{ID: "moderate-comment", Method: http.MethodPost, Path: "/comments/{id}/moderation", Tag: "discussion", Policy: moderators,
		Summary: "Hide or show a comment, close or open its thread, or leave it after a report"},
		func(c *web.Call, in *commentModerateIn) (*commentOut, error) {
			if _, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
				return in.ID, d.Moderate(ctx, tx, c.Actor, in.ID, Act(in.Body.Act), Reason(in.Body.Reason), in.Body.Note)
			}); err != nil {
				return nil, err
			}
			j, err := d.one(c, c.DB, c.Actor, in.ID)
			return &commentOut{j}, err
		})

	type commentReportJSON struct {
		Comment commentJSON `json:"comment"`
		Reasons []string    `json:"reasons"`
		Notes   []string    `json:"notes"`
	}
	type reportsOut struct{ Body []commentReportJSON }
	web.Handle(a, web.Op{ID: "list-reports", Method: http.MethodGet, Path: "/moderation/reports", Tag: "discussion", Policy: moderators,
		Summary: "Reported comments that wait for you"},
		func(c *web.Call, _ *struct{}) (*reportsOut, error) {
			list, err := d.waiting(c, c.DB, c.Actor)
			out := &reportsOut{Body: []commentReportJSON{}}
			for _, r := range list {
				j := commentReportJSON{Comment: jsonOf(r.Line), Reasons: []string{}, Notes: []string{}}
				for _, x := range r.Reports {
					j.Reasons, j.Notes = append(j.Reasons, string(x.Reason)), append(j.Notes, x.Note)
				}
				out.Body = append(out.Body, j)
			}
			return out, err
		})

	type logIn struct {
		Before string `query:"before" maxLength:"16" doc:"lines older than this one"`
	}
	type moderationJSON struct {
		ID     string `json:"id"`
		At     int64  `json:"at"`
		Act    string `json:"act"`
		Reason string `json:"reason,omitempty"`
		Entry  string `json:"entry,omitempty" doc:"where it is open to you"`
	}
	type logOut struct{ Body []moderationJSON }
	web.Handle(a, web.Op{ID: "list-moderation", Method: http.MethodGet, Path: "/moderation/log", Tag: "discussion", Policy: access.Everyone,
		Summary: "What moderators did, with reasons and without content"},
		func(c *web.Call, in *logIn) (*logOut, error) {
			p, err := d.logged(c, c.DB, c.Actor, in.Before, c.Printer.Lang())
			out := &logOut{Body: []moderationJSON{}}
			for _, l := range p.Lines {
				out.Body = append(out.Body, moderationJSON{l.ID, int64(l.At), string(l.Act), string(l.Reason), l.Moderation.Entry})
			}
			return out, err
		})
}
