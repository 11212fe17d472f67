package practice

import (
	"context"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lineage"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
	"alliance/internal/platform/web"
)

// saved keeps the lineage in step with what a record says it repeats. Drafts
// and proposals are joined to nothing until they are published.
func (p *Practices) saved(ctx context.Context, tx *db.Tx, a people.Actor, r record.Record) error {
	if r.State != entry.Published {
		return nil
	}
	question := Repeats
	if r.Kind == Repetition {
		question = Of
	}
	return follow(ctx, tx, a, r, question, lineage.Repeats, "delegate")
}

// follow joins a record in the lineage to what it names, and to nothing else.
func follow(ctx context.Context, tx *db.Tx, a people.Actor, r record.Record, question string, kind lineage.Kind, role string) error {
	wanted := r.Answers[question]
	standing, err := parents(ctx, tx, r.ID, kind)
	if err != nil {
		return err
	}
	for parent, derivation := range standing {
		if !slices.Contains(wanted, parent) {
			if _, err := lineage.Undo(ctx, tx, a, derivation, role, r.Fields["changed"]); err != nil {
				return err
			}
		}
	}
	found, err := entry.Many(ctx, tx, wanted)
	if err != nil {
		return err
	}
	for _, parent := range wanted {
		if standing[parent] != "" {
			continue
		}
		_, err := lineage.Add(ctx, tx, a, lineage.Derivation{Kind: kind, Role: role, Certain: true,
			Parents: []lineage.Link{{Entry: parent, Revision: found[parent].Revision}}, Children: []lineage.Link{{Entry: r.ID, Revision: r.Revision}}})
		if fault.Is(err, fault.KindConflict) {
			return fault.Invalid(question, "practice.circle", "A practice cannot repeat itself, nor one that repeats it.")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// parents gives what an entry comes from in one way, with the derivation that
// says so.
func parents(ctx context.Context, q db.Q, id string, kind lineage.Kind) (map[string]string, error) {
	list, err := lineage.Touching(ctx, q, id)
	standing := map[string]string{}
	for _, d := range list {
		if d.Kind != kind || d.UndoneBy != "" || len(d.Children) != 1 || d.Children[0].Entry != id {
			continue
		}
		for _, l := range d.Parents {
			standing[l.Entry] = d.ID
		}
	}
	return standing, err
}

// repeated is who repeated a practice, as far as the actor may know of them.
type repeated struct {
	List    []record.Record
	By      map[string]entry.Entry // organisations
	Results map[string]int         // of repetitions, by result
}

func (p *Practices) repeatedBy(ctx context.Context, q db.Q, a people.Actor, practice string) (x repeated, err error) {
	x.Results = map[string]int{}
	var all []entry.Entry
	for _, question := range []string{Repeats, Of} {
		list, err := record.Pointing(ctx, q, question, practice)
		if err != nil {
			return x, err
		}
		for _, e := range list {
			if e.State == entry.Published && e.Visible(a) && (e.Kind == Kind || e.Kind == Repetition) {
				all = append(all, e)
			}
		}
	}
	if x.List, err = record.Fill(ctx, q, all); err != nil {
		return x, err
	}
	for _, r := range x.List {
		if r.Kind == Repetition {
			x.Results[r.Answers.One(Result)]++
		}
	}
	x.By, err = spec.Named(ctx, q, a, x.List...)
	return x, err
}

type moreView struct {
	repeated
	ID        string
	Practices *record.Kind
	Tried     *record.Kind
	Drawn     templ.Component
	MayTell   bool
}

// more is what stands below the answers of a practice.
func (p *Practices) more(c *web.Ctx, r record.Record) (templ.Component, error) {
	m := moreView{ID: r.ID, Practices: p.practices, Tried: p.repetitions, MayTell: r.State == entry.Published}
	var err error
	if m.repeated, err = p.repeatedBy(c.Context(), p.DB, c.Actor, r.ID); err != nil {
		return nil, err
	}
	if p.asks.Drawn != nil {
		if m.Drawn, err = p.asks.Drawn(c.Context(), p.DB, c.Actor, c.View, r.ID); err != nil {
			return nil, err
		}
	}
	return morePart(c.View, m), nil
}

type practiceRepeatsInput struct {
	ID string `path:"id"`
}

type practiceRepeatsOutput struct {
	Body struct {
		Records []record.JSON  `json:"records" doc:"Practices and repetitions that say they repeat it"`
		Results map[string]int `json:"results" doc:"Of the repetitions: worked, differently, failed"`
	}
}

func (p *Practices) repeatsAPI(a *web.API) {
	web.Handle(a, web.Op{ID: "list-practice-repeats", Method: http.MethodGet, Path: "/practices/{id}/repeats", Tag: "practices", Policy: access.Everyone,
		Summary: "Lists who repeated a practice, with their results."}, func(c *web.Call, in *practiceRepeatsInput) (*practiceRepeatsOutput, error) {
		if _, err := p.practices.See(c, p.DB, c.Actor, in.ID); err != nil {
			return nil, err
		}
		x, err := p.repeatedBy(c, p.DB, c.Actor, in.ID)
		out := &practiceRepeatsOutput{}
		out.Body.Records, out.Body.Results = []record.JSON{}, x.Results
		for _, r := range x.List {
			out.Body.Records = append(out.Body.Records, r.JSON())
		}
		return out, err
	})
}
