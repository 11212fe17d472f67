package directory

import (
	"context"
	"embed"

	"github.com/a-h/templ"

	"alliance/internal/feature"
	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
	"alliance/internal/platform/register"
	"alliance/internal/platform/web"
)

//go:embed phrases
var phrases embed.FS

//go:embed schema
var schema embed.FS

// Asks are what the directory wants to know of other features; nil tells nothing.
type Asks struct {
	// Attended lists the assemblies an organisation took part in, newest first.
	Attended func(ctx context.Context, q db.Q, a people.Actor, organisation string) ([]entry.Entry, error)
	// Part writes what others know of an organisation, on its page.
	Part func(c *web.Ctx, o entry.Entry) (templ.Component, error)
}

// Directory is the feature.
type Directory struct {
	*feature.House
	asks Asks
}

// New puts it together.
func New(h *feature.House, asks Asks) feature.Feature {
	d := &Directory{House: h, asks: asks}
	kinds := []feature.Kind{kind}
	kinds[0].Intake, kinds[0].Mine = d.intake(), held
	return feature.Feature{
		Name: "directory", Schema: schema, Points: points, Phrases: phrases, Kinds: kinds, Pages: d.pages, API: d.api, Demo: d.demo, ToDo: d.toDo, Erase: erase,
		Menu: []web.Menu{{Path: "/organisations", Label: locale.Phrase{Key: "directory.menu", English: "Organisations"}, Show: access.Everyone}},
	}
}

// byWork is the group of the register that counts where organisations work.
const byWork = "works"

var kind = feature.Kind{
	Spec: &spec, List: "/organisations", Read: record.Fill, Moved: moved, Keep: keepRecord,
	Kept: &register.Kind{Name: Kind, Answers: map[string]string{worksIn: byWork}, Beside: []register.Beside{
		{Group: register.ByAxis, Value: "s.axis", From: "organisation_axis s"}, {Group: register.ByLanguage, Value: "s.language", From: "organisation_language s"}}},
	Name: Kind, One: locale.Phrase{Key: "directory.kind.one", English: "Organisation"}, Many: locale.Phrase{Key: "directory.kind.many", English: "Organisations"},
	Icon: "landmark", Path: func(id string) string { return "/organisations/" + id },
	Fields: []feature.Field{
		{Name: entry.Title, Label: locale.Phrase{Key: "directory.field.name", English: "Name"}},
		{Name: entry.Summary, Label: locale.Phrase{Key: "directory.field.summary", English: "In one line"}},
		{Name: Body, Label: locale.Phrase{Key: "directory.field.body", English: "What it does"}, Long: true},
		{Name: Doubt, Label: locale.Phrase{Key: "directory.field.doubt", English: "What is not sure"}, Long: true},
	},
}

// spec is what is known of an organisation, for files and feeds. Its forms and
// pages are the directory's own.
var spec = record.Spec{
	Kind: Kind, Version: 2, Place: true, Street: true, Axes: true, Themes: true, Class: "kind", Schema: "Organization", Documents: true,
	SchemaBy: map[string]string{string(people.LocalAuthority): "GovernmentOrganization", string(people.PublicInstitution): "GovernmentOrganization",
		string(people.CivilSociety): "NGO", string(people.MigrantLed): "NGO", string(people.Academia): "EducationalOrganization"},
	Title:   record.Question{Name: entry.Title, Label: locale.Phrase{Key: "directory.field.name", English: "Name"}, Type: record.Line, Required: true},
	Summary: record.Question{Name: entry.Summary, Label: locale.Phrase{Key: "directory.field.summary", English: "In one line"}, Type: record.Line},
	Sections: []record.Section{{Title: locale.Phrase{Key: "directory.field.body", English: "What it does"}, Questions: []record.Question{
		{Name: "kind", Label: locale.Phrase{Key: "directory.filter.kind", English: "Kind"}, Type: record.Choice, Required: true, Facet: true, Options: []record.Option{
			{Value: string(people.LocalAuthority), Label: locale.Phrase{Key: "design.kind.local_authority", English: "Local authority"}},
			{Value: string(people.CivilSociety), Label: locale.Phrase{Key: "design.kind.civil_society", English: "Civil society"}},
			{Value: string(people.MigrantLed), Label: locale.Phrase{Key: "design.kind.migrant_led", English: "Migrant-led"}},
			{Value: string(people.Network), Label: locale.Phrase{Key: "design.kind.network", English: "Network"}},
			{Value: string(people.PublicInstitution), Label: locale.Phrase{Key: "design.kind.public_institution", English: "Public institution"}},
			{Value: string(people.Academia), Label: locale.Phrase{Key: "design.kind.academia", English: "University and research"}},
		}},
		{Name: "language", Label: locale.Phrase{Key: "directory.field.languages", English: "Languages of work"}, Type: record.Languages, Facet: true, Schema: "knowsLanguage"},
		{Name: worksIn, Label: locale.Phrase{Key: "directory.field.countries", English: "Countries it works in"}, Type: record.Countries, Facet: true, Schema: "areaServed"},
		{Name: record.Address, Since: 2, Label: locale.Phrase{Key: "directory.field.address", English: "Street and number"}, Hint: locale.Phrase{Key: "directory.field.address.hint", English: "Everybody sees it. Leave it empty where people could be in danger."}, Type: record.Word, Schema: "address.streetAddress"},
		{Name: "website", Label: locale.Phrase{Key: "directory.field.website", English: "Website"}, Type: record.Web, Schema: "sameAs"},
		{Name: Body, Label: locale.Phrase{Key: "directory.field.body", English: "What it does"}, Type: record.Prose},
		{Name: Doubt, Label: locale.Phrase{Key: "directory.field.doubt", English: "What is not sure"}, Type: record.Prose},
	}}},
}

// worksIn is the answer with the countries an organisation works in, beside the
// one it is in.
const worksIn = "countries"

// answers are the profile as lists of any kind know it.
func (o Organisation) answers() record.Answers {
	a := record.Answers{"kind": {o.Class}, "language": o.Languages, worksIn: o.Countries, record.Axes: o.Axes}
	if o.Website != "" {
		a["website"] = []string{o.Website}
	}
	if street := o.Address(); street != "" {
		a[record.Address] = []string{street}
	}
	return a
}

func (d *Directory) pages(r *web.Router) {
	steers := access.Role(people.Coordinator)
	editors := steers.Or(access.Mandated(people.Edit))
	r.Get("/organisations", access.Everyone, d.list)
	r.Get("/organisations.csv", access.Everyone, d.csv)
	r.Get("/organisations/new", steers, d.newForm)
	r.Post("/organisations/new", steers, d.create)
	r.Get("/organisations/corrections", steers, d.corrections)
	r.Post("/organisations/corrections", steers, d.settle)
	r.Get("/organisations/{id}", access.Everyone, d.profile)
	r.Get("/organisations/{id}/edit", editors, d.editForm)
	r.Post("/organisations/{id}/edit", editors, d.edit)
	r.Post("/organisations/{id}/check", editors, d.check)
	r.Get("/organisations/{id}/withdraw", editors, d.withdrawForm)
	r.Post("/organisations/{id}/withdraw", editors, d.withdraw)
	r.Post("/organisations/{id}/publish", editors, d.publish)
	r.Get("/organisations/{id}/correct", access.Everyone, d.correctForm)
	r.Post("/organisations/{id}/correct", access.Everyone, d.correct)
	r.Get("/organisations/import", steers, func(c *web.Ctx) error { return c.See("/import/organisation") })
	r.Get("/organisations/import/lists/{id}", steers, func(c *web.Ctx) error { return c.See("/import/organisation/lists/" + c.Path("id")) })
}
