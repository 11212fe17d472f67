// Package competence says who is competent for what, from the State to the
// municipality, by country and theme, with the law that says so.
//
// The one idea: a competence is a record of one level in one country; the table
// and the page "What may my city do?" are read from the records. What several
// levels hold alike is an overlap, and is marked: there the demand begins that
// competences and means be shared out anew.
package competence

import (
	"embed"
	"slices"

	"alliance/internal/feature"
	"alliance/internal/platform/access"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/record"
	"alliance/internal/platform/web"
)

//go:embed phrases
var phrases embed.FS

// Kind is the kind of entry this feature owns.
const Kind = "competence"

// used is the question in which practices name competences.
const used = "competence"

// Competences is the feature.
type Competences struct {
	*feature.House
	kind *record.Kind
}

// New puts it together.
func New(h *feature.House) feature.Feature {
	x := &Competences{House: h}
	x.kind = &record.Kind{Spec: &spec, DB: h.DB, Path: "/competences", Icon: "landmark", Words: words, Above: x.above, More: x.more}
	return feature.Feature{Name: "competence", Phrases: phrases, Kinds: []feature.Kind{feature.Record(x.kind)}, Pages: x.pages, API: x.kind.API, Demo: x.demo}
}

func (x *Competences) pages(r *web.Router) {
	x.kind.Pages(r)
	r.Get("/competences/city", access.Everyone, x.city)
}

var words = record.Words{One: locale.Phrase{Key: "competence.one", English: "Competence"}, Many: locale.Phrase{Key: "competence.many", English: "Competences"}, Lead: locale.Phrase{Key: "competence.lead", English: "Who is competent for what, from the State to the municipality, with the law that says so."}, New: locale.Phrase{Key: "competence.new", English: "Add a competence"}, None: locale.Phrase{Key: "competence.none", English: "Nothing is recorded for this yet."},
	Count: func(v design.View, n int) string {
		return v.N("competence.count", n, "{n} competence", "{n} competences")
	}}

// levels from the State to the municipality, as the table shows them.
var levels = []record.Option{
	{Value: "union", Label: locale.Phrase{Key: "competence.level.union", English: "Union of states"}}, {Value: "state", Label: locale.Phrase{Key: "competence.level.state", English: "State"}}, {Value: "region", Label: locale.Phrase{Key: "competence.level.region", English: "Region, federal state"}},
	{Value: "province", Label: locale.Phrase{Key: "competence.level.province", English: "Province, department"}}, {Value: "joint", Label: locale.Phrase{Key: "competence.level.joint", English: "Towns together"}}, {Value: "municipality", Label: locale.Phrase{Key: "competence.level.municipality", English: "Municipality"}},
}

var roles = []record.Option{
	{Value: "decides", Label: locale.Phrase{Key: "competence.role.decides", English: "Decides"}}, {Value: "pays", Label: locale.Phrase{Key: "competence.role.pays", English: "Pays"}}, {Value: "delivers", Label: locale.Phrase{Key: "competence.role.delivers", English: "Delivers"}}, {Value: "may", Label: locale.Phrase{Key: "competence.role.may", English: "May do it too"}},
}

var spec = record.Spec{
	Kind: Kind, Version: 1, Place: true, Themes: true, Class: "level", Schema: "Legislation",
	Title:   record.Question{Name: entry.Title, Label: locale.Phrase{Key: "competence.q.title", English: "What one may do"}, Type: record.Line, Required: true, Schema: "name"},
	Summary: record.Question{Name: entry.Summary, Label: locale.Phrase{Key: "competence.q.summary", English: "In one or two lines"}, Type: record.Prose, Max: 600, Schema: "description"},
	Sections: []record.Section{
		{Title: locale.Phrase{Key: "competence.s.who", English: "Who"}, First: true, Questions: []record.Question{
			{Name: "level", Label: locale.Phrase{Key: "competence.q.level", English: "Level"}, Type: record.Choice, Options: levels, Required: true, Facet: true},
			{Name: "role", Label: locale.Phrase{Key: "competence.q.role", English: "What it holds"}, Type: record.Choices, Options: roles, Required: true, Facet: true},
			{Name: "limits", Label: locale.Phrase{Key: "competence.q.limits", English: "Limits, and what is disputed"}, Type: record.Prose, Max: 3000},
		}},
		{Title: locale.Phrase{Key: "competence.s.source", English: "The law that says so"}, Questions: []record.Question{
			{Name: "law", Label: locale.Phrase{Key: "competence.q.law", English: "Title of the law, and article"}, Type: record.Line, Required: true, Schema: "legislationIdentifier"},
			{Name: "law-link", Label: locale.Phrase{Key: "competence.q.law-link", English: "The law, on the web"}, Type: record.Web, Schema: "citation"},
			{Name: "since", Label: locale.Phrase{Key: "competence.q.since", English: "In force since"}, Type: record.Day, Schema: "legislationDate"},
			{Name: "until", Label: locale.Phrase{Key: "competence.q.until", English: "Until"}, Type: record.Day},
			{Name: "demand", Label: locale.Phrase{Key: "competence.q.demand", English: "Demand that it be shared out anew"}, Hint: locale.Phrase{Key: "competence.q.demand.hint", English: "An item of the agenda, as it stands there."}, Type: record.Entries, Kinds: []string{"item", "action"}},
		}},
	},
}

// Overlaps tells which levels hold the same role: to decide, to pay and to
// deliver are for one level each; what one may do too takes nothing from others.
func Overlaps(list []record.Record) bool {
	holds := map[string]string{}
	for _, r := range list {
		level := r.Answers.One("level")
		for _, role := range r.Answers["role"] {
			if role == "may" {
				continue
			}
			if other, taken := holds[role]; taken && other != level {
				return true
			}
			holds[role] = level
		}
	}
	return false
}

// inForce leaves out what a day has ended.
func inForce(list []record.Record, today string) []record.Record {
	return slices.DeleteFunc(slices.Clone(list), func(r record.Record) bool {
		until := r.Answers.One("until")
		return until != "" && until < today[:len(until)]
	})
}
