package library

import (
	"alliance/internal/platform/design"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/record"
)

var (
	initiativeWords = record.Words{One: locale.Phrase{Key: "library.i.one", English: "Initiative"}, Many: locale.Phrase{Key: "library.i.many", English: "Initiatives"}, Lead: locale.Phrase{Key: "library.i.lead", English: "Places and groups that help, with their hours and what they ask of you."}, New: locale.Phrase{Key: "library.i.new", English: "Add an initiative"}, None: locale.Phrase{Key: "library.i.none", English: "No initiative matches."},
		Count: func(v design.View, n int) string {
			return v.N("library.i.count", n, "{n} initiative", "{n} initiatives")
		}}
	resourceWords = record.Words{One: locale.Phrase{Key: "library.r.one", English: "Resource"}, Many: locale.Phrase{Key: "library.r.many", English: "Resources"}, Lead: locale.Phrase{Key: "library.r.lead", English: "Guides, kits, studies, posters and arguments to use and to share."}, New: locale.Phrase{Key: "library.r.new", English: "Add a resource"}, None: locale.Phrase{Key: "library.r.none", English: "No resource matches."},
		Count: func(v design.View, n int) string { return v.N("library.r.count", n, "{n} resource", "{n} resources") }}
	trainingWords = record.Words{One: locale.Phrase{Key: "library.t.one", English: "Training"}, Many: locale.Phrase{Key: "library.t.many", English: "Trainings"}, Lead: locale.Phrase{Key: "library.t.lead", English: "Modules that somebody can come and give, and the next dates."}, New: locale.Phrase{Key: "library.t.new", English: "Add a training"}, None: locale.Phrase{Key: "library.t.none", English: "No training matches."},
		Count: func(v design.View, n int) string { return v.N("library.t.count", n, "{n} training", "{n} trainings") }}
	trainerWords = record.Words{One: locale.Phrase{Key: "library.p.one", English: "Trainer"}, Many: locale.Phrase{Key: "library.p.many", English: "Trainers"}, Lead: locale.Phrase{Key: "library.p.lead", English: "Teams and people who can come and train yours."}, New: locale.Phrase{Key: "library.p.new", English: "Add a trainer"}, None: locale.Phrase{Key: "library.p.none", English: "No trainer matches."},
		Count: func(v design.View, n int) string { return v.N("library.p.count", n, "{n} trainer", "{n} trainers") }}
	storyWords = record.Words{One: locale.Phrase{Key: "library.story.one", English: "Story"}, Many: locale.Phrase{Key: "library.story.many", English: "Stories"}, Lead: locale.Phrase{Key: "library.story.lead", English: "Told from experience by those who lived it, as long as they agree. No name is needed."}, New: locale.Phrase{Key: "library.story.new", English: "Tell a story"}, None: locale.Phrase{Key: "library.story.none", English: "No story matches."},
		Count: func(v design.View, n int) string { return v.N("library.story.count", n, "{n} story", "{n} stories") }}
)

// licences under which others may reuse what is written.
var licences = []string{"CC-BY-4.0", "CC-BY-SA-4.0", "CC0-1.0", "all-rights"}

var organisations = []string{"organisation"}

// rights that kits, trainings and stories are about.
var rights = []record.Option{
	{Value: "asylum", Label: locale.Phrase{Key: "library.right.asylum", English: "Asylum"}}, {Value: "residence", Label: locale.Phrase{Key: "library.right.residence", English: "Residence"}}, {Value: "health", Label: locale.Phrase{Key: "library.right.health", English: "Health"}},
	{Value: "housing", Label: locale.Phrase{Key: "library.right.housing", English: "Housing"}}, {Value: "work", Label: locale.Phrase{Key: "library.right.work", English: "Work"}}, {Value: "education", Label: locale.Phrase{Key: "library.right.education", English: "Education"}},
	{Value: "family", Label: locale.Phrase{Key: "library.right.family", English: "Family"}}, {Value: "movement", Label: locale.Phrase{Key: "library.right.movement", English: "Freedom of movement"}}, {Value: "vote", Label: locale.Phrase{Key: "library.right.vote", English: "Political rights"}}, {Value: "equality", Label: locale.Phrase{Key: "library.right.equality", English: "Equality and dignity"}},
}

var levels = []record.Option{{Value: "start", Label: locale.Phrase{Key: "library.level.start", English: "To begin with"}}, {Value: "further", Label: locale.Phrase{Key: "library.level.further", English: "To go further"}}, {Value: "teach", Label: locale.Phrase{Key: "library.level.teach", English: "To train others"}}}

// Questions that several kinds ask in the same words.
var (
	askRight     = record.Question{Name: "right", Label: locale.Phrase{Key: "library.right", English: "Right it is about"}, Type: record.Choices, Options: rights, Facet: true, Schema: "about"}
	askLanguages = record.Question{Name: "languages", Label: locale.Phrase{Key: "library.languages", English: "Languages"}, Type: record.Languages, Facet: true, Schema: "inLanguage"}
	askLevel     = record.Question{Name: "level", Label: locale.Phrase{Key: "library.level", English: "Level"}, Type: record.Choice, Options: levels, Facet: true, Schema: "educationalLevel"}
	askLink      = record.Question{Name: "link", Label: locale.Phrase{Key: "library.link", English: "On the web"}, Type: record.Web, Schema: "url"}
	askContact   = record.Question{Name: "contact", Label: locale.Phrase{Key: "library.contact", English: "Whom to write to"}, Hint: locale.Phrase{Key: "library.contact.hint", English: "A task, not a name."}, Type: record.Line}
	askPartners  = record.Question{Name: "partners", Label: locale.Phrase{Key: "library.partners", English: "Partners"}, Hint: locale.Phrase{Key: "library.partners.hint", English: "One a line, as they stand in the directory. They can edit this page too."}, Type: record.Entries, Kinds: organisations, Schema: "contributor"}
)
