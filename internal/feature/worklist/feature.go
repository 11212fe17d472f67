package worklist

import (
	"context"
	"embed"
	"slices"
	"strings"

	"alliance/internal/feature"
	"alliance/internal/platform/access"
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

//go:embed phrases
var phrases embed.FS

//go:embed schema
var schema embed.FS

// Worklist is the feature.
type Worklist struct{ *feature.House }

// New puts it together.
func New(h *feature.House) feature.Feature {
	x := &Worklist{h}
	return feature.Feature{Name: "worklist", Schema: schema, Points: points, Phrases: phrases, Pages: x.pages, API: x.api, Erase: forget, ToDo: x.toDo}
}

// coordinates are those who work through lists.
var coordinates = access.Role(people.Coordinator)

func (x *Worklist) pages(r *web.Router) {
	r.Get("/work", coordinates, x.index)
	r.Get("/work/{kind}", coordinates, x.list)
	r.Post("/work/{kind}", coordinates, x.preview)
	r.Post("/work/{kind}/apply", coordinates, x.apply)
	r.Post("/work/{kind}/views", coordinates, x.keepView)
	r.Post("/work/{kind}/views/drop", coordinates, x.removeView)
	r.Get("/work/{kind}/done/{id}", coordinates, x.done)
	r.Post("/work/{kind}/done/{id}", coordinates, x.undo)
}

// kinds lists what can be worked through, by name.
func (x *Worklist) kinds() (list []feature.Kind) {
	for _, k := range x.Kinds {
		if k.Spec != nil && k.Read != nil {
			list = append(list, k)
		}
	}
	slices.SortFunc(list, func(a, b feature.Kind) int { return strings.Compare(a.Name, b.Name) })
	return list
}

func (x *Worklist) kind(name string) (feature.Kind, error) {
	k, ok := x.Kinds[name]
	if !ok || k.Spec == nil || k.Read == nil {
		return k, fault.Missing()
	}
	return k, nil
}

// choices are the topics of the alliance and those to whom work can be given.
func (x *Worklist) choices(ctx context.Context, q db.Q) (of alliance.Alliance, who []people.Person, err error) {
	if of, err = alliance.Load(ctx, q); err != nil {
		return of, nil, err
	}
	for _, role := range []people.Role{people.Coordinator, people.Committee} {
		held, err := people.Holders(ctx, q, role, "")
		if err != nil {
			return of, nil, err
		}
		for _, p := range held {
			if !slices.ContainsFunc(who, func(o people.Person) bool { return o.ID == p.ID }) {
				who = append(who, p)
			}
		}
	}
	return of, who, nil
}

func topicIDs(topics []alliance.Topic) []string {
	list := make([]string, len(topics))
	for i, t := range topics {
		list[i] = t.ID
	}
	return list
}

// toDo says what was given to the actor.
func (x *Worklist) toDo(ctx context.Context, q db.Q, a people.Actor) (list []feature.Task, err error) {
	if !a.Is(people.Coordinator) {
		return nil, nil
	}
	given, err := assignedTo(ctx, q, a.Person)
	if err != nil {
		return nil, err
	}
	p := x.Catalog.For(a.Lang)
	for _, g := range given {
		if k, ok := x.Kinds[g.A]; ok {
			list = append(list, feature.Task{Kind: locale.Phrase{Key: "work.task", English: "To look after"}, Title: p.T("work.task.title", "{kind}: {n}", "kind", p.Say(k.Many), "n", p.Number(g.B)), Lang: p.Lang(), Path: "/work/" + g.A + "?assigned=" + a.Person})
		}
	}
	return list, nil
}
