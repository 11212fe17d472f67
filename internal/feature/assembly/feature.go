package assembly

import (
	"context"
	"embed"

	"alliance/internal/feature"
	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

//go:embed phrases
var phrases embed.FS

//go:embed schema
var schema embed.FS

// Feature is the feature.
type Feature struct {
	*feature.House
	asks Asks
}

// New puts it together.
func New(h *feature.House, asks Asks) feature.Feature {
	f := &Feature{h, asks}
	return feature.Feature{Name: "assembly", Schema: schema, Points: points, Phrases: phrases, Kinds: kinds, Pages: f.pages, API: f.api,
		Demo: f.demo, Board: f.board, ToDo: f.toDo, Erase: forgetPerson,
		Menu: []web.Menu{{Path: "/assemblies", Label: locale.Phrase{Key: "assembly.menu", English: "Assemblies"}, Show: access.Everyone}}}
}

var kinds = []feature.Kind{
	{Name: "assembly", One: locale.Phrase{Key: "assembly.kind", English: "Assembly"}, Many: locale.Phrase{Key: "assembly.menu", English: "Assemblies"}, Icon: "users",
		Path: func(id string) string { return "/assemblies/" + id }, Fields: texts},
	{Name: "workshop", One: locale.Phrase{Key: "assembly.kind.workshop", English: "Workshop"}, Many: locale.Phrase{Key: "assembly.kind.workshops", English: "Workshops"}, Icon: "message-square",
		Path: func(id string) string { return "/workshops/" + id }, Fields: texts},
}

var texts = []feature.Field{
	{Name: entry.Title, Label: locale.Phrase{Key: "assembly.field.title", English: "Title"}},
	{Name: entry.Summary, Label: locale.Phrase{Key: "assembly.field.summary", English: "In plain words"}, Long: true},
}

var (
	leading = access.Role(people.Coordinator, people.Committee)
	holding = access.Role(people.Coordinator, people.Committee, people.Facilitator, people.Rapporteur)
	marking = access.Role(people.Coordinator, people.Committee, people.Chair, people.Rapporteur)
	coming  = access.Mandated(people.Speak).Or(leading)
)

func (f *Feature) pages(r *web.Router) {
	r.Get("/assemblies", access.Everyone, f.list)
	r.Get("/assemblies/new", leading, f.newForm)
	r.Post("/assemblies/new", leading, f.create)
	r.Get("/assemblies/{id}", access.Everyone, f.show)
	r.Get("/assemblies/{id}/edit", leading, f.editForm)
	r.Post("/assemblies/{id}/edit", leading, f.edit)
	r.Post("/assemblies/{id}/state", leading, f.state("assembly", "/assemblies/"))
	r.Get("/assemblies/{id}/phases", access.Everyone, f.phases)
	r.Post("/assemblies/{id}/phases", leading, f.move)
	r.Get("/assemblies/{id}/programme", access.Everyone, f.programme)
	r.Get("/assemblies/{id}/programme/edit", leading, f.programmeForm)
	r.Post("/assemblies/{id}/programme/edit", leading, f.putItem)
	r.Post("/assemblies/{id}/programme/drop", leading, f.dropItem)
	r.Get("/assemblies/{id}/attendance", access.Everyone, f.attendance)
	r.Post("/assemblies/{id}/attendance", marking, f.note)
	r.Post("/assemblies/{id}/register", coming, f.come)
	r.Post("/assemblies/{id}/unregister", coming, f.stay)
	r.Get("/assemblies/{id}/people", leading, f.team)
	r.Post("/assemblies/{id}/people", leading, f.giveRole)
	r.Post("/assemblies/{id}/people/take", leading, f.takeRole)
	r.Get("/assemblies/{id}/bring-up", leading, f.bringUpForm)
	r.Post("/assemblies/{id}/bring-up", leading, f.bringUp)
	r.Get("/workshops/new", leading, f.newWorkshop)
	r.Post("/workshops/new", leading, f.createWorkshop)
	r.Get("/workshops/{id}", access.Everyone, f.workshop)
	r.Get("/workshops/{id}/code", holding, f.poster)
	r.Post("/workshops/{id}/code", holding, f.newCode)
	r.Get("/workshops/{id}/edit", holding, f.editWorkshop)
	r.Post("/workshops/{id}/edit", holding, f.saveWorkshop)
	r.Post("/workshops/{id}/sequence", holding, f.sequence)
	r.Post("/workshops/{id}/state", leading, f.state("workshop", "/workshops/"))
}

// board leads to the pages of this feature beside an assembly.
func (f *Feature) board(ctx context.Context, q db.Q, a people.Actor, of entry.Entry) ([]feature.Tab, error) {
	if of.Kind != "assembly" {
		return nil, nil
	}
	path := "/assemblies/" + of.ID
	tabs := []feature.Tab{
		{Label: locale.Phrase{Key: "assembly.programme", English: "Programme"}, Path: path + "/programme", Order: 10},
		{Label: locale.Phrase{Key: "assembly.tab.attendance", English: "Who takes part"}, Path: path + "/attendance", Order: 15},
	}
	if of.Parent != "" && mayBringUp(a, of) {
		tabs = append(tabs, feature.Tab{Label: locale.Phrase{Key: "assembly.tab.up", English: "Bring results up"}, Path: path + "/bring-up", Order: 45})
	}
	return tabs, nil
}

var tasks = map[people.Role]locale.Phrase{
	people.Facilitator: {Key: "assembly.task.facilitator", English: "You lead this workshop now"},
	people.Rapporteur:  {Key: "assembly.task.rapporteur", English: "You are rapporteur of this workshop now"},
}

// toDo reminds those who hold an open workshop of it.
func (f *Feature) toDo(ctx context.Context, q db.Q, a people.Actor) ([]feature.Task, error) {
	role := map[string]people.Role{}
	var ids []string
	for _, g := range a.Grants {
		if _, ok := tasks[g.Role]; ok && g.Scope != "" {
			if role[g.Scope] == "" {
				ids = append(ids, g.Scope)
			}
			role[g.Scope] = g.Role
		}
	}
	todo, err := f.begin(ctx, q, a)
	if err != nil {
		return nil, err
	}
	list, err := workshopsByID(ctx, q, ids)
	if err != nil || len(list) == 0 {
		return todo, err
	}
	found, err := entry.Many(ctx, q, ids)
	for _, w := range list {
		if e, ok := found[w.Entry]; ok && w.Open() && e.Visible(a) {
			title := e.Title().In(a.Lang)
			todo = append(todo, feature.Task{Kind: tasks[role[w.Entry]], Title: title.S, Lang: title.Lang, Path: "/workshops/" + w.Entry})
		}
	}
	return todo, err
}

// begin is the task of a coordination whose house has no assembly yet.
func (f *Feature) begin(ctx context.Context, q db.Q, a people.Actor) ([]feature.Task, error) {
	if !a.Is(people.Coordinator) {
		return nil, nil
	}
	first, err := entry.List(ctx, q, entry.Filter{Kinds: []string{"assembly"}, Any: true, Limit: 1})
	if err != nil || len(first) > 0 {
		return nil, err
	}
	return []feature.Task{{Kind: locale.Phrase{Key: "assembly.task.first", English: "To begin"},
		Title: f.Catalog.For(a.Lang).T("assembly.task.first.title", "Prepare the first assembly"), Path: "/assemblies/new"}}, nil
}
