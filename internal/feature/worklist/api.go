package worklist

import (
	"context"
	"net/http"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/web"
)

type changeJSON struct {
	AddTheme  string `json:"addTheme,omitempty"`
	DropTheme string `json:"dropTheme,omitempty"`
	Axis      string `json:"axis,omitempty"`
	State     string `json:"state,omitempty" enum:"draft,proposed,published,withdrawn"`
	Assign    string `json:"assign,omitempty" doc:"Identifier of a person who coordinates, or nobody"`
	Check     string `json:"check,omitempty" enum:"site,phone,mail,visit,itself" doc:"Notes the rows as checked today, and how"`
}

func (c changeJSON) change() Change {
	return Change{c.AddTheme, c.DropTheme, c.Axis, entry.State(c.State), c.Assign, c.Check}
}

type stepJSON struct {
	ID      string   `json:"id"`
	Changes bool     `json:"changes"`
	Why     string   `json:"why,omitempty" doc:"It stays as it is, because"`
	Themes  []string `json:"themes" doc:"After the change"`
	Axis    string   `json:"axis,omitempty"`
	State   string   `json:"state"`
}

type bulkInput struct {
	Kind string `path:"kind" maxLength:"40"`
	Body struct {
		IDs    []string   `json:"ids" minItems:"1" maxItems:"1000"`
		Change changeJSON `json:"change"`
		DryRun bool       `json:"dryRun,omitempty" doc:"Says what would change, and changes nothing"`
	}
}

type bulkOutput struct {
	Body struct {
		Batch string     `json:"batch,omitempty" doc:"With it the change can be taken back"`
		Steps []stepJSON `json:"steps" doc:"Of a dry run: what happens to each row"`
	}
}

func (x *Worklist) api(a *web.API) {
	web.Handle(a, web.Op{ID: "change-many", Method: http.MethodPost, Path: "/work/{kind}", Summary: "Changes many entries of a kind at once: all of them, or none.", Tag: "working lists", Policy: coordinates}, x.apiBulk)
	type undoInput struct {
		ID string `path:"id" maxLength:"16"`
	}
	type undoOutput struct {
		Body struct {
			Back   int `json:"back" doc:"Rows as they were"`
			Stayed int `json:"stayed" doc:"Rows that somebody changed meanwhile"`
		}
	}
	web.Handle(a, web.Op{ID: "undo-change-of-many", Method: http.MethodPost, Path: "/work-batches/{id}/undo", Summary: "Takes a change of many back.", Tag: "working lists", Policy: coordinates}, func(c *web.Call, in *undoInput) (*undoOutput, error) {
		out := &undoOutput{}
		_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
			var err error
			_, out.Body.Back, out.Body.Stayed, err = x.Undo(ctx, tx, c.Actor, in.ID)
			return in.ID, err
		})
		return out, err
	})
	type viewsInput struct {
		Kind string `path:"kind" maxLength:"40"`
	}
	type viewJSON struct {
		ID    string `json:"id"`
		Name  string `json:"name" maxLength:"80"`
		Query string `json:"query" doc:"Of the address of the list"`
	}
	type viewsOutput struct {
		Body struct {
			Views []viewJSON `json:"views"`
		}
	}
	views := func(c *web.Call, kind string) (*viewsOutput, error) {
		if _, err := x.kind(kind); err != nil {
			return nil, err
		}
		list, err := viewsOf(c, x.DB, kind)
		out := &viewsOutput{}
		out.Body.Views = []viewJSON{}
		for _, v := range list {
			out.Body.Views = append(out.Body.Views, viewJSON{v.ID, v.Name, v.Query})
		}
		return out, err
	}
	web.Handle(a, web.Op{ID: "list-views", Method: http.MethodGet, Path: "/work/{kind}/views", Summary: "Lists the views of a working list that have a name.", Tag: "working lists", Policy: coordinates}, func(c *web.Call, in *viewsInput) (*viewsOutput, error) {
		return views(c, in.Kind)
	})
}

func (x *Worklist) apiBulk(c *web.Call, in *bulkInput) (*bulkOutput, error) {
	k, err := x.kind(in.Kind)
	if err != nil {
		return nil, err
	}
	out, change := &bulkOutput{}, in.Body.Change.change()
	out.Body.Steps = []stepJSON{}
	if in.Body.DryRun {
		if err := x.valid(c, x.DB, k, change); err != nil {
			return nil, err
		}
		rows, err := x.picked(c, x.DB, c.Actor, k, in.Body.IDs)
		if err != nil {
			return nil, err
		}
		for _, s := range x.plan(k, rows, change) {
			one := stepJSON{ID: s.ID, Changes: s.Does(), Themes: append([]string{}, s.After.Themes...), Axis: s.After.Axis, State: string(s.After.State)}
			if s.Why != nil {
				one.Why = c.Printer.T(s.Why.Key, s.Why.English, s.Why.Args...)
			}
			out.Body.Steps = append(out.Body.Steps, one)
		}
		return out, nil
	}
	out.Body.Batch, err = c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
		b, err := x.Apply(ctx, tx, c.Actor, k, in.Body.IDs, change)
		return b.ID, err
	})
	return out, err
}
