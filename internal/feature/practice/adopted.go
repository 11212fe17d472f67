package practice

import (
	"context"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/lineage"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
	"alliance/internal/platform/web"
)

// Names of questions of an adoption.
const (
	version  = "version"
	decision = "decision"
	adopted  = "adopted"
)

var adoptionWords = record.Words{One: locale.Phrase{Key: "practice.a.one", English: "Adopted form"}, Many: locale.Phrase{Key: "practice.a.many", English: "Adopted forms"},
	Lead: locale.Phrase{Key: "practice.a.lead", English: "What is asked of a practice was decided together: which version of the questions, by which decision."},
	New:  locale.Phrase{Key: "practice.a.new", English: "Note the decision for a version"}, None: locale.Phrase{Key: "practice.a.none", English: "No decision is noted yet."},
	Count: func(v design.View, n int) string {
		return v.N("practice.a.count", n, "{n} adopted form", "{n} adopted forms")
	}}

// adoption ties a version of the questions on practices to the decision that
// adopted it: a record, so that it has a history, and a place in the lineage.
var adoption = record.Spec{
	Kind: Adoption, Version: 1,
	Title:   record.Question{Name: entry.Title, Label: locale.Phrase{Key: "practice.a.title", English: "Form and version"}, Type: record.Line, Kept: true, Schema: "name"},
	Summary: record.Question{Name: entry.Summary, Label: locale.Phrase{Key: "practice.a.summary", English: "What it changed"}, Type: record.Prose, Max: 1000, Schema: "description"},
	Sections: []record.Section{{Title: locale.Phrase{Key: "practice.a.decision", English: "The decision"}, Questions: []record.Question{
		{Name: version, Label: locale.Phrase{Key: "practice.a.version", English: "Version of the questions"}, Type: record.Number, Required: true, Schema: "version"},
		{Name: decision, Label: locale.Phrase{Key: "practice.a.by", English: "Adopted by"}, Hint: locale.Phrase{Key: "practice.a.by.hint", English: "The item of the agenda or the motion: its title, or the address of its page."}, Type: record.Entries, Kinds: []string{"item", "motion"}, Required: true, Schema: "isBasedOn"},
		{Name: adopted, Label: locale.Phrase{Key: "practice.a.day", English: "Day"}, Type: record.Day, Schema: "datePublished"},
		{Name: "text", Label: locale.Phrase{Key: "practice.a.text", English: "The decision, on the web"}, Type: record.Web, Schema: "url"},
	}}},
}

// settleAdoption lets the coordination alone say what was adopted, each version
// once.
func (p *Practices) settleAdoption(ctx context.Context, q db.Q, a people.Actor, r *record.Record) error {
	if !a.Is(people.Coordinator) {
		return access.Denied()
	}
	n := web.Whole(r.Answers.One(version))
	if n == 0 {
		return nil // the form says what is missing
	}
	if n > spec.Version {
		return fault.Invalid(version, "practice.a.unknown", "There are versions up to {n}.", "n", spec.Version)
	}
	list, err := p.adoptionsOf(ctx, q, a, n)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(list, func(other record.Record) bool { return other.ID != r.ID }) {
		return fault.Invalid(version, "practice.a.twice", "The decision for this version is noted already. Edit that one.")
	}
	p.titleAdoption(r)
	return nil
}

// titleAdoption names an adoption in every language of the interface.
func (p *Practices) titleAdoption(r *record.Record) {
	t := lang.Text{Orig: "en", V: map[string]lang.Version{}}
	for _, tag := range locale.Languages {
		t.V[tag] = lang.Version{S: p.Catalog.For(tag).T("practice.a.name", "Questions on practices, version {n}", "n", web.Whole(r.Answers.One(version))), R: r.Revision + 1}
	}
	if r.Text(entry.Title).Original() == t.Original() {
		return
	}
	if r.Fields == nil {
		r.Fields = map[string]lang.Text{}
	}
	r.Fields[entry.Title] = t
}

// savedAdoption keeps the lineage in step: the form comes from the decision.
func (p *Practices) savedAdoption(ctx context.Context, tx *db.Tx, a people.Actor, r record.Record) error {
	if a.SignedIn() && !a.Is(people.Coordinator) {
		return access.Denied()
	}
	if r.State != entry.Published {
		return nil
	}
	return follow(ctx, tx, a, r, decision, lineage.Adopted, string(people.Coordinator))
}

// adoptionsOf gives what is noted of the adoption of a version.
func (p *Practices) adoptionsOf(ctx context.Context, q db.Q, a people.Actor, n int) ([]record.Record, error) {
	found, err := entry.List(ctx, q, entry.Filter{Kinds: []string{Adoption}, Actor: a, Order: entry.ByNew, Limit: 10, Side: func(w *db.Where) {
		w.And("e.id IN (SELECT x.entry FROM record_value x WHERE x.name = ? AND x.value = ?)", version, strconv.Itoa(n))
	}})
	if err != nil {
		return nil, err
	}
	return record.Fill(ctx, q, found)
}

// adoptedView is a version of the questions with the decision behind it.
type adoptedView struct {
	Version int
	By      record.Record          // no identifier = none is noted
	Names   map[string]entry.Entry // decisions
	Here    bool                   // on the page of the questions
	MayNote bool
}

func (p *Practices) adoptedBy(c *web.Ctx, n int) (templ.Component, error) {
	list, err := p.adoptionsOf(c.Context(), p.DB, c.Actor, n)
	if err != nil {
		return nil, err
	}
	a := adoptedView{Version: n, Here: c.Path("id") == "", MayNote: c.Actor.Is(people.Coordinator) && len(list) == 0}
	if len(list) > 0 {
		a.By = list[0]
		if a.Names, err = adoption.Named(c.Context(), p.DB, c.Actor, a.By); err != nil {
			return nil, err
		}
	}
	return adoptedPart(c.View, a), nil
}

// when says that it was adopted, and on which day.
func (a adoptedView) when(v design.View) string {
	if day := a.By.Answers.One(adopted); day != "" {
		return v.T("practice.a.adopted-on", "Adopted ({day}) by:", "day", record.SayDay(v, day))
	}
	return v.T("practice.a.adopted", "Adopted by:")
}
