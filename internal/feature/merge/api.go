package merge

import (
	"context"
	"net/http"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/web"
)

type mergeJSON struct {
	ID     string `json:"id"`
	Kind   string `json:"kind"`
	Kept   string `json:"kept"`
	Given  string `json:"given" doc:"Its identifier stands for the kept one"`
	At     int64  `json:"at" doc:"Microseconds"`
	Undone int64  `json:"undone,omitempty"`
	Led    int    `json:"led,omitempty" doc:"How many things that pointed at it point at the kept one"`
}

func jsonOf(m entry.Merge) mergeJSON {
	return mergeJSON{m.ID, m.Kind, m.Kept, m.Given, int64(m.At), int64(m.Undone), len(m.Rows)}
}

type oneInput struct {
	ID string `path:"id" maxLength:"16"`
}

type oneOutput struct{ Body mergeJSON }

func (f *Feature) api(a *web.API) {
	f.apiRead(a)
	f.apiWrite(a)
}

func (f *Feature) apiRead(a *web.API) {
	type listOutput struct {
		Body struct {
			Merges []mergeJSON `json:"merges"`
		}
	}
	web.Handle(a, web.Op{ID: "list-merges", Method: http.MethodGet, Path: "/merges", Summary: "Lists what was merged, newest first.", Tag: "merges", Policy: steers}, func(c *web.Call, _ *struct{}) (*listOutput, error) {
		list, err := entry.Merges(c, f.DB, mostPast)
		out := &listOutput{}
		out.Body.Merges = []mergeJSON{}
		for _, m := range list {
			out.Body.Merges = append(out.Body.Merges, jsonOf(m))
		}
		return out, err
	})
	type alikeInput struct {
		Kind string `query:"kind" required:"true" maxLength:"40"`
	}
	type pairJSON struct {
		Kept  string `json:"kept"`
		Given string `json:"given"`
		Sure  bool   `json:"sure" doc:"Their names are the same"`
	}
	type alikeOutput struct {
		Body struct {
			Pairs []pairJSON `json:"pairs"`
		}
	}
	web.Handle(a, web.Op{ID: "list-records-alike", Method: http.MethodGet, Path: "/merges/alike", Summary: "Lists pairs of records of a kind that look alike.", Tag: "merges", Policy: steers}, func(c *web.Call, in *alikeInput) (*alikeOutput, error) {
		list, err := f.alikeOf(c, c.Actor, in.Kind)
		out := &alikeOutput{}
		out.Body.Pairs = []pairJSON{}
		for _, p := range list {
			out.Body.Pairs = append(out.Body.Pairs, pairJSON{p.Kept.ID, p.Given.ID, p.Sure})
		}
		return out, err
	})
	web.Handle(a, web.Op{ID: "show-merge", Method: http.MethodGet, Path: "/merges/{id}", Summary: "Shows one merge.", Tag: "merges", Policy: steers}, func(c *web.Call, in *oneInput) (*oneOutput, error) {
		m, err := entry.MergeByID(c, f.DB, in.ID)
		return &oneOutput{jsonOf(m)}, err
	})
}

func (f *Feature) apiWrite(a *web.API) {
	type mergeInput struct {
		Body struct {
			Kept          string            `json:"kept" maxLength:"16"`
			Given         string            `json:"given" maxLength:"16"`
			KeptRevision  int               `json:"keptRevision,omitempty" doc:"As it was read; 0 = as it is now"`
			GivenRevision int               `json:"givenRevision,omitempty"`
			Choices       map[string]string `json:"choices,omitempty" doc:"By field: kept, given or both. Without one nothing is lost that only one of them says"`
		}
	}
	web.Handle(a, web.Op{ID: "merge-records", Method: http.MethodPost, Path: "/merges", Summary: "Makes one record of two; the same asked twice is one merge.", Tag: "merges", Policy: steers, Status: http.StatusCreated}, func(c *web.Call, in *mergeInput) (*oneOutput, error) {
		w := Wanted{Kept: in.Body.Kept, Given: in.Body.Given, KeptRevision: in.Body.KeptRevision, GivenRevision: in.Body.GivenRevision, Choices: Choices{}}
		for name, side := range in.Body.Choices {
			w.Choices[name] = Side(side)
		}
		made, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
			m, err := f.Merge(ctx, tx, c.Actor, w)
			return m.ID, err
		})
		if err != nil {
			return nil, err
		}
		m, err := entry.MergeByID(c, f.DB, made)
		return &oneOutput{jsonOf(m)}, err
	})
	type undoOutput struct {
		Body struct {
			Words bool `json:"words" doc:"The kept one has its earlier words again; false: it was changed since"`
		}
	}
	web.Handle(a, web.Op{ID: "undo-merge", Method: http.MethodPost, Path: "/merges/{id}/undo", Summary: "Takes a merge back: there are two records again.", Tag: "merges", Policy: steers}, func(c *web.Call, in *oneInput) (*undoOutput, error) {
		out := &undoOutput{}
		_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
			u, err := f.Undo(ctx, tx, c.Actor, in.ID)
			out.Body.Words = u.Words
			return in.ID, err
		})
		return out, err
	})
	type apartInput struct {
		Body struct {
			One   string `json:"one" maxLength:"16"`
			Other string `json:"other" maxLength:"16"`
		}
	}
	web.Handle(a, web.Op{ID: "keep-records-apart", Method: http.MethodPost, Path: "/merges/apart", Summary: "Notes that two records which look alike are two.", Tag: "merges", Policy: steers, Status: http.StatusNoContent}, func(c *web.Call, in *apartInput) (*struct{}, error) {
		_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
			return in.Body.One, f.Apart(ctx, tx, c.Actor, in.Body.One, in.Body.Other)
		})
		return nil, err
	})
}
