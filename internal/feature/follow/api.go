package follow

import (
	"context"
	"net/http"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/web"
)

type followJSON struct {
	ID    string `json:"id"`
	Entry string `json:"entry,omitempty" doc:"entry followed, with all within it; of an organisation all it publishes"`
	Query string `json:"query,omitempty" doc:"search followed, as the query of its address"`
	Name  string `json:"name,omitempty"`
	Since int64  `json:"since" doc:"microseconds since 1970, UTC"`
}

type followSettingsJSON struct {
	Pace string `json:"pace" enum:"now,daily,weekly,never"`
	Hour int    `json:"hour" minimum:"0" maximum:"23" doc:"by the clock of the zone"`
	Zone string `json:"zone" maxLength:"64" doc:"such as Europe/Paris"`
}

type newsJSON struct {
	Entry string         `json:"entry"`
	Title string         `json:"title"`
	Lang  string         `json:"lang" doc:"of the title"`
	Found []string       `json:"found,omitempty" doc:"names of the searches that found it"`
	Items []newsItemJSON `json:"items"`
}

type newsItemJSON struct {
	Entry string         `json:"entry"`
	What  []string       `json:"what" doc:"what was done, in words of the caller's language"`
	Texts []newsTextJSON `json:"texts"`
}

type newsTextJSON struct {
	Label   string `json:"label"`
	Words   string `json:"words"`
	Lang    string `json:"lang"`
	Missing bool   `json:"missing,omitempty" doc:"not there in the caller's language: the original"`
	Stale   bool   `json:"stale,omitempty" doc:"the original has changed since this translation"`
}

func textOf(label string, r lang.Rendering) newsTextJSON {
	return newsTextJSON{label, r.S, r.Lang, r.Missing, r.Stale}
}

func (f *Feature) api(a *web.API) {
	type followingOut struct {
		Body struct {
			Settings followSettingsJSON `json:"settings"`
			Follows  []followJSON       `json:"follows"`
		}
	}
	list := func(c *web.Call) (*followingOut, error) {
		who, err := f.own(c, c.DB, c.Actor.Person)
		if err != nil {
			return nil, err
		}
		o := &followingOut{}
		o.Body.Settings, o.Body.Follows = followSettingsJSON{string(who.Pace), who.Hour, who.Zone}, []followJSON{}
		if who.ID == "" {
			return o, nil
		}
		follows, err := followsOf(c, c.DB, who.ID)
		for _, x := range follows {
			o.Body.Follows = append(o.Body.Follows, followJSON{x.ID, x.Entry, x.Search.Query(), x.Name, int64(x.Created)})
		}
		return o, err
	}
	web.Handle(a, web.Op{ID: "list-following", Method: http.MethodGet, Path: "/following", Tag: "follow", Policy: access.SignedIn,
		Summary: "What you follow, and how you are told"},
		func(c *web.Call, _ *struct{}) (*followingOut, error) { return list(c) })

	type followIn struct {
		Body struct {
			Entry string `json:"entry,omitempty" maxLength:"16"`
			Query string `json:"query,omitempty" maxLength:"4000" doc:"q, kind, theme, right, axis, country, language, near, place, within"`
			Name  string `json:"name,omitempty" maxLength:"200"`
		}
	}
	web.Handle(a, web.Op{ID: "follow", Method: http.MethodPost, Path: "/following", Tag: "follow", Policy: access.SignedIn,
		Summary: "Follow an entry or a search"},
		func(c *web.Call, in *followIn) (*followingOut, error) {
			if _, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
				return f.Add(ctx, tx, c.Actor, Wanted{in.Body.Entry, in.Body.Query, in.Body.Name})
			}); err != nil {
				return nil, err
			}
			return list(c)
		})

	type idIn struct {
		ID string `path:"id" maxLength:"16"`
	}
	web.Handle(a, web.Op{ID: "unfollow", Method: http.MethodDelete, Path: "/following/{id}", Tag: "follow", Policy: access.SignedIn,
		Summary: "Stop following"},
		func(c *web.Call, in *idIn) (*followingOut, error) {
			if _, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
				who, err := followerOf(ctx, tx, c.Actor.Person)
				if err != nil {
					return "", err
				}
				return in.ID, stopOne(ctx, tx, who, in.ID)
			}); err != nil {
				return nil, err
			}
			return list(c)
		})

	type followSettingsIn struct{ Body followSettingsJSON }
	web.Handle(a, web.Op{ID: "set-following", Method: http.MethodPut, Path: "/following/settings", Tag: "follow", Policy: access.SignedIn,
		Summary: "Choose how often and when you are told"},
		func(c *web.Call, in *followSettingsIn) (*followingOut, error) {
			if _, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
				who, err := f.followerFor(ctx, tx, c.Actor.Person)
				if err != nil {
					return "", err
				}
				return who.ID, Settings(ctx, tx, who, Pace(in.Body.Pace), in.Body.Hour, in.Body.Zone)
			}); err != nil {
				return nil, err
			}
			return list(c)
		})

	type followNewsOut struct{ Body []newsJSON }
	web.Handle(a, web.Op{ID: "list-news", Method: http.MethodGet, Path: "/following/news", Tag: "follow", Policy: access.SignedIn,
		Summary: "News of what you follow, of the last 30 days"},
		func(c *web.Call, _ *struct{}) (*followNewsOut, error) {
			o := &followNewsOut{Body: []newsJSON{}}
			who, err := f.own(c, c.DB, c.Actor.Person)
			if err != nil || who.ID == "" {
				return o, err
			}
			d, err := f.newsOf(c, c.DB, who, c.Actor.At, c.Printer.Lang())
			l := letter{p: c.Printer}
			for _, x := range d.Objects {
				title := l.title(x.Entry)
				n := newsJSON{Entry: x.Entry.ID, Title: title.S, Lang: title.Lang, Items: []newsItemJSON{}}
				for _, s := range x.Found {
					n.Found = append(n.Found, s.Name)
				}
				for _, i := range x.Items {
					j := newsItemJSON{Entry: i.Entry.ID, What: []string{}, Texts: []newsTextJSON{}}
					for _, deed := range i.Deeds {
						j.What = append(j.What, c.Printer.Say(deed.What))
					}
					for _, piece := range i.Pieces {
						j.Texts = append(j.Texts, textOf(l.label(piece), piece.Text))
					}
					n.Items = append(n.Items, j)
				}
				o.Body = append(o.Body, n)
			}
			return o, err
		})

	type followAskIn struct {
		Body struct {
			Email string `json:"email" maxLength:"254"`
			Entry string `json:"entry,omitempty" maxLength:"16"`
			Query string `json:"query,omitempty" maxLength:"4000"`
			Name  string `json:"name,omitempty" maxLength:"200"`
		}
	}
	web.Handle(a, web.Op{ID: "ask-to-follow", Method: http.MethodPost, Path: "/following/ask", Tag: "follow", Policy: access.Everyone, Status: http.StatusAccepted,
		Summary: "Follow without an account: a link to confirm is mailed"},
		func(c *web.Call, in *followAskIn) (*struct{}, error) {
			_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
				return "asked", f.Ask(ctx, tx, c.Network(), in.Body.Email, c.Printer.Lang(), Wanted{in.Body.Entry, in.Body.Query, in.Body.Name})
			})
			return nil, err
		})
}
