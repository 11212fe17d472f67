package discussion

import (
	"context"
	"embed"

	"alliance/internal/feature"
	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

//go:embed phrases
var phrases embed.FS

// Asks are what this feature asks of others.
type Asks struct {
	// Follow lets somebody hear how an entry goes on.
	Follow func(ctx context.Context, tx *db.Tx, a people.Actor, entry string) error
}

// Discussion is the feature.
type Discussion struct {
	*feature.House
	asks Asks
}

// New puts it together.
func New(h *feature.House, asks Asks) feature.Feature {
	d := &Discussion{h, asks}
	return feature.Feature{Name: "discussion", Schema: schema, Points: points, Phrases: phrases, Pages: d.pages, API: d.api, Demo: d.demo, Erase: forget, Onward: d.onward, ToDo: d.toDo}
}

var moderators = access.Role(people.Coordinator, people.Committee)

func (d *Discussion) pages(r *web.Router) {
	r.Get("/discussions/{id}", access.Everyone, d.show)
	r.Post("/discussions/{id}", access.SignedIn, d.say)
	r.Get("/discussions/{id}/summary", access.SignedIn, d.sumForm)
	r.Post("/discussions/{id}/summary", access.SignedIn, d.sum)
	r.Get("/comments/{id}", access.Everyone, d.comment)
	r.Post("/comments/{id}/answer", access.SignedIn, d.answer)
	r.Post("/comments/{id}/edit", access.SignedIn, d.edit)
	r.Post("/comments/{id}/translate", access.SignedIn, d.translate)
	r.Post("/comments/{id}/withdraw", access.SignedIn, d.withdraw)
	r.Post("/comments/{id}/report", access.Everyone, d.report)
	r.Post("/comments/{id}/moderate", moderators, d.moderate)
	r.Get("/moderation/comments", moderators, d.reports)
	r.Get("/moderation/log", access.Everyone, d.log)
}

// onward leads from every entry to what is said about it.
func (d *Discussion) onward(ctx context.Context, q db.Q, v design.View, _ people.Actor, of string) ([]design.Onward, error) {
	n, err := count(ctx, q, of)
	return []design.Onward{{Link: design.Link{Href: v.Href("/discussions/" + of), Label: v.T("discussion.link", "Discussion"), Icon: "message-square", Count: n}}}, err
}

// toDo lists the reports that wait for a moderator.
func (d *Discussion) toDo(ctx context.Context, q db.Q, a people.Actor) ([]feature.Task, error) {
	if !moderators.Allow(a) {
		return nil, nil
	}
	list, err := d.waiting(ctx, q, a)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	title := list[0].Entry.Title()
	return []feature.Task{{Kind: locale.Phrase{Key: "discussion.task", English: "Reported comments"}, Title: title.Original(), Lang: title.Orig, Path: "/moderation/comments"}}, nil
}

// Said is what somebody said and still stands, for those who pass it on.
type Said struct {
	ID, Name string
	Words    lang.Text
}

// SaidOf gives comments of an entry that stand, with the name shown beside
// each. The caller has asked whether the entry may be seen.
func SaidOf(ctx context.Context, q db.Q, of string, comments []string) (list []Said, err error) {
	found, err := many(ctx, q, comments)
	if err != nil {
		return nil, err
	}
	var standing []Comment
	for _, one := range comments {
		if c, ok := found[one]; ok && c.Entry == of && c.State == Standing {
			standing = append(standing, c)
			delete(found, one) // named twice, told once
		}
	}
	n, err := namesOf(ctx, q, standing)
	for _, c := range standing {
		list = append(list, Said{c.ID, n.of(c), c.Words})
	}
	return list, err
}

// names of those who speak.
type names struct {
	persons       map[string]string
	organisations map[string]people.Organisation
}

func namesOf(ctx context.Context, q db.Q, comments []Comment) (names, error) {
	n := names{map[string]string{}, map[string]people.Organisation{}}
	persons, organisations := map[string]bool{}, map[string]bool{}
	for _, c := range comments {
		persons[c.Person], organisations[c.Organisation] = true, true
		for _, v := range c.Words.V {
			persons[v.By] = true
		}
	}
	found, err := people.PersonsByID(ctx, q, keys(persons))
	if err != nil {
		return n, err
	}
	for _, p := range found {
		n.persons[p.ID] = p.Name
	}
	orgs, err := people.OrganisationsByID(ctx, q, keys(organisations))
	for _, o := range orgs {
		n.organisations[o.ID] = o
	}
	return n, err
}

func keys(set map[string]bool) (list []string) {
	for k := range set {
		if k != "" {
			list = append(list, k)
		}
	}
	return list
}

// of gives who said it in one line: "Nadia (Metz)", "Metz" or "Nadia"; "" for
// an erased account.
func (n names) of(c Comment) string {
	person, organisation := n.persons[c.Person], n.organisations[c.Organisation].Name
	switch {
	case person != "" && organisation != "":
		return person + " (" + organisation + ")"
	case organisation != "":
		return organisation
	}
	return person
}

// kindPath is the page of an entry.
func (d *Discussion) kindPath(e entry.Entry) string {
	if k, ok := d.Kinds[e.Kind]; ok && k.Path != nil {
		return k.Path(e.ID)
	}
	return "/lineage/" + e.ID
}
