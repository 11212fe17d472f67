package account

import (
	"context"
	"net/http"
	"slices"

	"alliance/internal/platform/access"
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/notice"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// noticeJSON is what somebody was told, in the caller's language.
type noticeJSON struct {
	ID   string `json:"id"`
	At   int64  `json:"at" doc:"microseconds since 1970, UTC"`
	Text string `json:"text"`
	Path string `json:"path,omitempty" doc:"page it leads to, without the language"`
	Read bool   `json:"read"`
}

// ownAPI lets a program read and mark the notices of its person, and change
// the name and the language of mails. Password, second factor, sessions and
// tokens are changed on the pages only, by somebody who is there.
func (a *Account) ownAPI(r *web.API) {
	type listIn struct {
		Before string `query:"before" maxLength:"16" doc:"identifier of the last one of the page before"`
	}
	type listOut struct{ Body []noticeJSON }
	list := func(c *web.Call, before string) (*listOut, error) {
		found, err := notice.List(c, c.DB, c.Actor.Person, before, 50)
		out := &listOut{Body: []noticeJSON{}}
		for _, n := range found {
			out.Body = append(out.Body, noticeJSON{ID: n.ID, At: int64(n.At), Text: n.In(c.Printer), Path: n.Link, Read: n.ReadAt != 0})
		}
		return out, err
	}
	web.Handle(r, web.Op{ID: "list-notices", Method: http.MethodGet, Path: "/me/notices", Tag: "account", Policy: access.SignedIn, Summary: "What one was told, newest first; fifty at a time"},
		func(c *web.Call, in *listIn) (*listOut, error) { return list(c, in.Before) })
	type mailOut struct {
		Body struct {
			Back   bool   `json:"back" doc:"mails to one's address come back, and are withheld"`
			Since  int64  `json:"since,omitempty" doc:"microseconds since 1970, UTC"`
			Status string `json:"status,omitempty" doc:"what the mail server said (RFC 3463)"`
		}
	}
	mailOf := func(c *web.Call) (*mailOut, error) {
		stop, err := a.backOf(c, c.DB, c.Actor.Person)
		out := &mailOut{}
		out.Body.Back, out.Body.Since, out.Body.Status = stop.Since != 0, int64(stop.Since), stop.Status
		return out, err
	}
	web.Handle(r, web.Op{ID: "read-own-mail", Method: http.MethodGet, Path: "/me/mail", Tag: "account", Policy: access.SignedIn, Summary: "Whether mails to one's address arrive"},
		func(c *web.Call, _ *struct{}) (*mailOut, error) { return mailOf(c) })
	web.Handle(r, web.Op{ID: "resume-own-mail", Method: http.MethodPost, Path: "/me/mail", Tag: "account", Policy: access.SignedIn, Summary: "Let mails be sent again to one's address, from which they came back"},
		func(c *web.Call, _ *struct{}) (*mailOut, error) {
			if _, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
				return "/me/account", a.works(ctx, tx, c.Actor.Person)
			}); err != nil {
				return nil, err
			}
			return mailOf(c)
		})
	type readIn struct {
		Body struct {
			Notices []string `json:"notices,omitempty" maxItems:"200" doc:"empty: all of them"`
		}
	}
	web.Handle(r, web.Op{ID: "read-notices", Method: http.MethodPost, Path: "/me/notices/read", Tag: "account", Policy: access.SignedIn, Summary: "Mark notices as read"},
		func(c *web.Call, in *readIn) (*listOut, error) {
			if _, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
				return "/me/notices", notice.MarkRead(ctx, tx, c.Actor.Person, in.Body.Notices...)
			}); err != nil {
				return nil, err
			}
			return list(c, "")
		})
	type renameIn struct {
		Body struct {
			Name string `json:"name" maxLength:"200" doc:"as others see it"`
			Lang string `json:"lang" maxLength:"35" doc:"of mails, BCP 47"`
		}
	}
	type personOut struct {
		Body struct {
			Name string `json:"name"`
			Lang string `json:"lang"`
		}
	}
	web.Handle(r, web.Op{ID: "change-me", Method: http.MethodPut, Path: "/me", Tag: "account", Policy: access.SignedIn, Summary: "Change one's name and the language of mails"},
		func(c *web.Call, in *renameIn) (*personOut, error) {
			if _, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
				settings, err := alliance.Load(ctx, tx)
				if err != nil {
					return "", err
				}
				if !slices.Contains(settings.Languages, in.Body.Lang) {
					return "", fault.Invalid("lang", "people.lang.unknown", "Choose a language.")
				}
				return c.Actor.Person, people.Rename(ctx, tx, c.Actor.Person, in.Body.Name, in.Body.Lang)
			}); err != nil {
				return nil, err
			}
			p, err := people.PersonByID(c, c.DB, c.Actor.Person)
			out := &personOut{}
			out.Body.Name, out.Body.Lang = p.Name, p.Lang
			return out, err
		})
}
