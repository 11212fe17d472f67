package setup

import (
	"context"
	"net/http"

	"alliance/internal/platform/access"
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// settingsJSON is what the alliance says of itself.
type settingsJSON struct {
	Version   int64             `json:"version" doc:"send back the one you read: of two who change at once, the second is told"`
	Name      map[string]string `json:"name" doc:"by language"`
	About     map[string]string `json:"about,omitempty"`
	Languages []string          `json:"languages" doc:"of the interface; the first is the default"`
	Axes      []topicJSON       `json:"axes"`
	Themes    []topicJSON       `json:"themes"`
	Colleges  []collegeJSON     `json:"colleges"`
	Rule      string            `json:"rule,omitempty" doc:"decision rule, JSON"`
	ReplyDays int               `json:"reply_days"`
}

type topicJSON struct {
	ID   string            `json:"id,omitempty" doc:"empty for a new one"`
	Name map[string]string `json:"name"`
}

type collegeJSON struct {
	ID    string            `json:"id,omitempty"`
	Name  map[string]string `json:"name"`
	Kinds []string          `json:"kinds" doc:"kinds of organisations that sit in it; those in none have a voice without a vote"`
}

func settingsOut(a alliance.Alliance) settingsJSON {
	j := settingsJSON{Version: a.Version, Name: words(a.Name), About: words(a.About), Languages: a.Languages, Rule: a.Rule, ReplyDays: a.Reply,
		Axes: []topicJSON{}, Themes: []topicJSON{}, Colleges: []collegeJSON{}}
	for _, t := range a.Axes {
		j.Axes = append(j.Axes, topicJSON{t.ID, words(t.Name)})
	}
	for _, t := range a.Themes {
		j.Themes = append(j.Themes, topicJSON{t.ID, words(t.Name)})
	}
	for _, c := range a.Colleges {
		out := collegeJSON{ID: c.ID, Name: words(c.Name), Kinds: []string{}}
		for _, k := range c.Kinds {
			out.Kinds = append(out.Kinds, string(k))
		}
		j.Colleges = append(j.Colleges, out)
	}
	return j
}

func (s *Setup) api(r *web.API) {
	type out struct{ Body settingsJSON }
	web.Handle(r, web.Op{ID: "get-settings", Method: http.MethodGet, Path: "/settings", Tag: "setup", Policy: access.Everyone,
		Summary: "What the alliance says of itself: name, languages, axes, themes, colleges, rule"},
		func(c *web.Call, _ *struct{}) (*out, error) {
			a, err := alliance.Load(c, c.DB)
			return &out{settingsOut(a)}, err
		})

	type in struct{ Body settingsJSON }
	web.Handle(r, web.Op{ID: "put-settings", Method: http.MethodPut, Path: "/settings", Tag: "setup", Policy: access.Role(people.Coordinator),
		Summary: "Change the settings; what is left out of a list is taken away"},
		func(c *web.Call, in *in) (*out, error) {
			_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
				present, err := alliance.Load(ctx, tx)
				if err != nil {
					return "", err
				}
				next, err := s.apply(present, in.Body.draft(), writer{c.Actor.Person, c.Printer.Lang(), int64(tx.Now())})
				if err != nil {
					return "", err
				}
				_, err = alliance.Save(ctx, tx, c.Actor, next)
				return "settings", err
			})
			if err != nil {
				return nil, err
			}
			a, err := alliance.Load(c, c.DB)
			return &out{settingsOut(a)}, err
		})
}

func (j settingsJSON) draft() Draft {
	d := Draft{Version: j.Version, Name: j.Name, About: j.About, Reply: itoa(j.ReplyDays), Rule: ruleDraft(j.Rule)}
	for _, l := range j.Languages {
		if tag, ok := lang.Tag(l); ok {
			d.Languages = append(d.Languages, tag)
		}
	}
	for _, t := range j.Axes {
		d.Axes = append(d.Axes, Row{ID: t.ID, Names: t.Name})
	}
	for _, t := range j.Themes {
		d.Themes = append(d.Themes, Row{ID: t.ID, Names: t.Name})
	}
	for _, c := range j.Colleges {
		row := Row{ID: c.ID, Names: c.Name}
		for _, k := range c.Kinds {
			row.Kinds = append(row.Kinds, people.OrganisationKind(k))
		}
		d.Colleges = append(d.Colleges, row)
	}
	return d
}
