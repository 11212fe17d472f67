package practice

import (
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/record"
)

// Repeats and Of are the questions that name what is repeated.
const (
	Repeats    = "repeats"  // of a practice
	Of         = "practice" // of a repetition
	Competence = "competence"
	Result     = "result" // of a repetition
	Stage      = "stage"
)

var words = record.Words{One: locale.Phrase{Key: "practice.one", English: "Practice"}, Many: locale.Phrase{Key: "practice.many", English: "Practices"}, Lead: locale.Phrase{Key: "practice.lead", English: "What cities and associations did to welcome people, what came of it, and whether you can do it too."}, New: locale.Phrase{Key: "practice.new", English: "Record a practice"}, None: locale.Phrase{Key: "practice.none", English: "No practice matches."},
	Count: func(v design.View, n int) string { return v.N("practice.count", n, "{n} practice", "{n} practices") }}

var repetitionWords = record.Words{One: locale.Phrase{Key: "practice.rep.one", English: "Repetition"}, Many: locale.Phrase{Key: "practice.rep.many", English: "Repetitions"}, Lead: locale.Phrase{Key: "practice.rep.lead", English: "Somebody tried what others do: it worked, it went differently, or it failed. All three help."}, New: locale.Phrase{Key: "practice.rep.new", English: "Tell what came of it"}, None: locale.Phrase{Key: "practice.rep.none", English: "Nobody has told of a repetition yet."},
	Count: func(v design.View, n int) string {
		return v.N("practice.rep.count", n, "{n} repetition", "{n} repetitions")
	}}

// licences under which others may reuse what is written.
var licences = []string{"CC-BY-4.0", "CC-BY-SA-4.0", "CC0-1.0", "all-rights"}

var organisations = []string{"organisation"}

// spec is version 1 of what the alliance asks of a practice. Whoever changes a
// question raises Version, and says Since or Until.
var spec = record.Spec{
	Kind: Kind, Version: 1, Place: true, Axis: true, Themes: true, Class: Stage, Licences: licences, Documents: true,
	Partners: []string{"lead", "societies", "partners"},
	Title:    record.Question{Name: entry.Title, Label: locale.Phrase{Key: "practice.q.title", English: "What was done"}, Hint: locale.Phrase{Key: "practice.q.title.hint", English: "Say the deed, not a slogan: “A card for everybody who lives in the city”."}, Type: record.Line, Required: true, Schema: "name"},
	Summary:  record.Question{Name: entry.Summary, Label: locale.Phrase{Key: "practice.q.summary", English: "In one or two lines"}, Type: record.Prose, Max: 500, Required: true, Schema: "description"},
	Sections: []record.Section{
		{Title: locale.Phrase{Key: "practice.s.told", English: "In plain words"}, First: true, Questions: []record.Question{
			{Name: "problem", Label: locale.Phrase{Key: "practice.q.problem", English: "The problem"}, Type: record.Prose},
			{Name: "steps", Label: locale.Phrase{Key: "practice.q.steps", English: "What was done, step by step"}, Type: record.Prose},
			{Name: "results", Label: locale.Phrase{Key: "practice.q.results", English: "What it changed"}, Type: record.Prose},
			{Name: "lessons", Label: locale.Phrase{Key: "practice.q.lessons", English: "What failed, and what to watch"}, Hint: locale.Phrase{Key: "practice.q.lessons.hint", English: "Failures help others as much as success."}, Type: record.Prose},
		}},
		{Title: locale.Phrase{Key: "practice.s.stage", English: "How far it is"}, Questions: []record.Question{
			{Name: Stage, Label: locale.Phrase{Key: "practice.q.stage", English: "Stage"}, Type: record.Choice, Required: true, Facet: true, Options: stages},
			{Name: "outcome", Label: locale.Phrase{Key: "practice.q.outcome", English: "How did it go?"}, Type: record.Choice, Facet: true, Options: []record.Option{
				{Value: "worked", Label: locale.Phrase{Key: "practice.outcome.worked", English: "It worked"}}, {Value: "mixed", Label: locale.Phrase{Key: "practice.outcome.mixed", English: "In part"}}, {Value: "failed", Label: locale.Phrase{Key: "practice.outcome.failed", English: "It failed"}}}},
			{Name: "start", Label: locale.Phrase{Key: "practice.q.start", English: "Began"}, Type: record.Day, Schema: "temporalCoverage"},
			{Name: "end", Label: locale.Phrase{Key: "practice.q.end", English: "Ended on"}, Type: record.Day, Ends: true},
			{Name: "survived", Label: locale.Phrase{Key: "practice.q.survived", English: "Survived a change of majority"}, Type: record.Choice, Facet: true, Options: []record.Option{
				{Value: "yes", Label: locale.Phrase{Key: "practice.survived.yes", English: "Yes, it went on"}}, {Value: "no", Label: locale.Phrase{Key: "practice.survived.no", English: "No, it was ended"}}, {Value: "none", Label: locale.Phrase{Key: "practice.survived.none", English: "There was no change yet"}}}},
		}},
		{Title: locale.Phrase{Key: "practice.s.who", English: "Who"}, Questions: []record.Question{
			{Name: "lead", Label: locale.Phrase{Key: "practice.q.lead", English: "Lead authority"}, Hint: locale.Phrase{Key: "practice.q.partners.hint", English: "One a line, as they stand in the directory. They can edit this page too."}, Type: record.Entries, Kinds: organisations, Schema: "creator"},
			{Name: "societies", Label: locale.Phrase{Key: "practice.q.societies", English: "Lead associations"}, Hint: locale.Phrase{Key: "practice.q.partners.hint", English: "One a line, as they stand in the directory. They can edit this page too."}, Type: record.Entries, Kinds: organisations, Schema: "creator"},
			{Name: "partners", Label: locale.Phrase{Key: "practice.q.partners", English: "Partners"}, Hint: locale.Phrase{Key: "practice.q.partners.hint", English: "One a line, as they stand in the directory. They can edit this page too."}, Type: record.Entries, Kinds: organisations, Schema: "contributor"},
			{Name: "concerned", Label: locale.Phrase{Key: "practice.q.concerned", English: "Part of the people concerned"}, Type: record.Choices, Facet: true, Options: []record.Option{
				{Value: "began", Label: locale.Phrase{Key: "practice.concerned.began", English: "They began it"}}, {Value: "decide", Label: locale.Phrase{Key: "practice.concerned.decide", English: "They decide in it"}}, {Value: "run", Label: locale.Phrase{Key: "practice.concerned.run", English: "They carry it out"}},
				{Value: "asked", Label: locale.Phrase{Key: "practice.concerned.asked", English: "They were asked"}}, {Value: "none", Label: locale.Phrase{Key: "practice.concerned.none", English: "None yet"}}}},
			{Name: "concerned-how", Label: locale.Phrase{Key: "practice.q.concerned-how", English: "How they take part"}, Type: record.Prose, Max: 2000},
			{Name: "public", Label: locale.Phrase{Key: "practice.q.public", English: "For whom"}, Type: record.Line, Schema: "audience"},
			{Name: "scope", Label: locale.Phrase{Key: "practice.q.scope", English: "Where on the way"}, Type: record.Choices, Facet: true, Options: []record.Option{
				{Value: "border", Label: locale.Phrase{Key: "practice.scope.border", English: "At a border"}}, {Value: "transit", Label: locale.Phrase{Key: "practice.scope.transit", English: "On the move"}}, {Value: "arrival", Label: locale.Phrase{Key: "practice.scope.arrival", English: "On arrival and after"}}}},
		}},
		{Title: locale.Phrase{Key: "practice.s.law", English: "Law and decision"}, Questions: []record.Question{
			{Name: "legal", Label: locale.Phrase{Key: "practice.q.legal", English: "Legal basis used"}, Type: record.Prose, Max: 2000},
			{Name: Competence, Label: locale.Phrase{Key: "practice.q.competence", English: "Competence used"}, Hint: locale.Phrase{Key: "practice.q.competence.hint", English: "As it stands in the table of competences, one a line."}, Type: record.Entries, Kinds: []string{"competence"}},
			{Name: "decision", Label: locale.Phrase{Key: "practice.q.decision", English: "Decision or agenda item that carries it"}, Type: record.Entries, Kinds: []string{"item", "motion", "action"}, Schema: "isBasedOn"},
			{Name: "decision-link", Label: locale.Phrase{Key: "practice.q.decision-link", English: "The decision, on the web"}, Type: record.Web},
		}},
		{Title: locale.Phrase{Key: "practice.s.money", English: "Means"}, Questions: []record.Question{
			{Name: "cost", Label: locale.Phrase{Key: "practice.q.cost", English: "Cost a year"}, Type: record.Money},
			{Name: "funding", Label: locale.Phrase{Key: "practice.q.funding", English: "Who pays"}, Type: record.Line, Schema: "funder"},
			{Name: "staff", Label: locale.Phrase{Key: "practice.q.staff", English: "Staff"}, Type: record.Line},
		}},
		{Title: locale.Phrase{Key: "practice.s.proof", English: "Results and evidence"}, Questions: []record.Question{
			{Name: "evidence", Label: locale.Phrase{Key: "practice.q.evidence", English: "Evidence"}, Type: record.Prose},
			{Name: "evidence-link", Label: locale.Phrase{Key: "practice.q.evidence-link", English: "Evidence, on the web"}, Type: record.Web, Schema: "citation"},
			{Name: "evaluated", Label: locale.Phrase{Key: "practice.q.evaluated", English: "Who evaluated it"}, Type: record.Line},
		}},
		{Title: locale.Phrase{Key: "practice.s.copy", English: "Can it be copied?"}, Questions: []record.Question{
			{Name: "conditions", Label: locale.Phrase{Key: "practice.q.conditions", English: "Conditions to do it elsewhere"}, Type: record.Prose},
			{Name: "obstacles", Label: locale.Phrase{Key: "practice.q.obstacles", English: "Obstacles and cautions"}, Type: record.Prose},
			{Name: "documents", Label: locale.Phrase{Key: "practice.q.documents", English: "Documents and kits in the library"}, Type: record.Entries, Kinds: []string{"resource", "training"}, Schema: "hasPart"},
			{Name: "document-link", Label: locale.Phrase{Key: "practice.q.document-link", English: "Document, on the web"}, Type: record.Web},
			{Name: "languages", Label: locale.Phrase{Key: "practice.q.languages", English: "Languages of the documents"}, Type: record.Languages, Facet: true, Schema: "inLanguage"},
			{Name: Repeats, Label: locale.Phrase{Key: "practice.q.repeats", English: "It repeats"}, Hint: locale.Phrase{Key: "practice.q.repeats.hint", English: "Practices of others that you took up, one a line."}, Type: record.Entries, Kinds: []string{Kind}, Schema: "isBasedOn"},
		}},
		{Title: locale.Phrase{Key: "practice.s.source", English: "Contact and source"}, Questions: []record.Question{
			{Name: "contact", Label: locale.Phrase{Key: "practice.q.contact", English: "Whom to write to"}, Hint: locale.Phrase{Key: "practice.q.contact.hint", English: "A task, not a name: “Welcome office of the city”."}, Type: record.Line},
			{Name: "contact-link", Label: locale.Phrase{Key: "practice.q.contact-link", English: "Page for contact"}, Type: record.Web},
			{Name: "source", Label: locale.Phrase{Key: "practice.q.source", English: "Source"}, Type: record.Line},
			{Name: "source-link", Label: locale.Phrase{Key: "practice.q.source-link", English: "Source, on the web"}, Type: record.Web, Schema: "sameAs"},
		}},
	},
}

var stages = []record.Option{
	{Value: "idea", Label: locale.Phrase{Key: "practice.stage.idea", English: "Being prepared"}}, {Value: "trial", Label: locale.Phrase{Key: "practice.stage.trial", English: "On trial"}}, {Value: "running", Label: locale.Phrase{Key: "practice.stage.running", English: "Running"}},
	{Value: "decided", Label: locale.Phrase{Key: "practice.stage.decided", English: "Decided by the authority"}}, {Value: "norm", Label: locale.Phrase{Key: "practice.stage.norm", English: "A norm, in law or budget"}}, {Value: "ended", Label: locale.Phrase{Key: "practice.stage.ended", English: "Ended"}},
}

var repetition = record.Spec{
	Kind: Repetition, Version: 1, Place: true, Class: Result, Partners: []string{"partners"}, Licences: licences, Documents: true,
	Title:   record.Question{Name: entry.Title, Label: locale.Phrase{Key: "practice.r.title", English: "What you tried"}, Type: record.Line, Required: true, Schema: "name"},
	Summary: record.Question{Name: entry.Summary, Label: locale.Phrase{Key: "practice.q.summary", English: "In one or two lines"}, Type: record.Prose, Max: 500, Schema: "description"},
	Sections: []record.Section{{Title: locale.Phrase{Key: "practice.s.told", English: "In plain words"}, First: true, Questions: []record.Question{
		{Name: Of, Label: locale.Phrase{Key: "practice.r.practice", English: "The practice you repeated"}, Type: record.Entries, Kinds: []string{Kind}, Required: true, Schema: "isBasedOn"},
		{Name: Result, Label: locale.Phrase{Key: "practice.r.result", English: "Result"}, Type: record.Choice, Required: true, Facet: true, Options: []record.Option{
			{Value: "worked", Label: locale.Phrase{Key: "practice.r.worked", English: "It worked"}}, {Value: "differently", Label: locale.Phrase{Key: "practice.r.differently", English: "It went differently"}}, {Value: "failed", Label: locale.Phrase{Key: "practice.r.failed", English: "It failed"}}}},
		{Name: "when", Label: locale.Phrase{Key: "practice.r.when", English: "When"}, Type: record.Day},
		{Name: "told", Label: locale.Phrase{Key: "practice.r.told", English: "What you did"}, Type: record.Prose},
		{Name: "changed", Label: locale.Phrase{Key: "practice.r.changed", English: "What you changed"}, Type: record.Prose},
		{Name: "learned", Label: locale.Phrase{Key: "practice.r.learned", English: "What you learned"}, Type: record.Prose},
		{Name: "partners", Label: locale.Phrase{Key: "practice.q.partners", English: "Partners"}, Hint: locale.Phrase{Key: "practice.q.partners.hint", English: "One a line, as they stand in the directory. They can edit this page too."}, Type: record.Entries, Kinds: organisations},
	}}},
}

// Spec is what is asked of a practice.
func Spec() *record.Spec { return &spec }
