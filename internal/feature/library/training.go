package library

import (
	"context"

	"github.com/a-h/templ"

	"alliance/internal/platform/entry"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/record"
	"alliance/internal/platform/web"
)

var training = record.Spec{
	Kind: Training, Version: 1, Place: true, Themes: true, Class: "level", Schema: "Course", Partners: []string{"partners"}, Licences: licences, Documents: true,
	Title:   record.Question{Name: entry.Title, Label: locale.Phrase{Key: "library.r.title", English: "Title"}, Type: record.Line, Required: true, Schema: "name"},
	Summary: record.Question{Name: entry.Summary, Label: locale.Phrase{Key: "library.summary", English: "In one or two lines"}, Type: record.Prose, Max: 500, Required: true, Schema: "description"},
	Sections: []record.Section{
		{Title: locale.Phrase{Key: "library.s.what", English: "What it is"}, First: true, Questions: []record.Question{
			{Name: "programme", Label: locale.Phrase{Key: "library.t.programme", English: "Programme"}, Type: record.Prose},
			{Name: "needs", Label: locale.Phrase{Key: "library.t.needs", English: "What one needs for it"}, Type: record.Prose, Max: 2000},
			askRight, askLanguages, askLevel,
			{Name: "given", Label: locale.Phrase{Key: "library.t.format", English: "How it is given"}, Type: record.Choices, Facet: true, Schema: "hasCourseInstance.courseMode", Options: []record.Option{
				{Value: "room", Label: locale.Phrase{Key: "library.t.room", English: "In a room"}}, {Value: "online", Label: locale.Phrase{Key: "library.t.online", English: "Online"}}, {Value: "alone", Label: locale.Phrase{Key: "library.t.alone", English: "By oneself"}}}},
			{Name: "hours", Label: locale.Phrase{Key: "library.t.hours", English: "Hours"}, Type: record.Number},
			{Name: "trainers", Label: locale.Phrase{Key: "library.t.trainers", English: "Who can give it"}, Hint: locale.Phrase{Key: "library.t.trainers.hint", English: "One a line, as they stand in the list of trainers or in the directory."}, Type: record.Entries, Kinds: []string{Trainer, "organisation"}, Schema: "hasCourseInstance.instructor"},
			{Name: "kits", Label: locale.Phrase{Key: "library.t.kits", English: "Kits it uses"}, Type: record.Entries, Kinds: []string{Resource}, Schema: "hasPart"},
		}},
		{Title: locale.Phrase{Key: "library.s.where", English: "Where and when"}, Questions: []record.Question{
			{Name: "begins", Label: locale.Phrase{Key: "library.t.begins", English: "Next date"}, Type: record.Day, Schema: "hasCourseInstance.startDate"},
			{Name: "ends", Label: locale.Phrase{Key: "library.t.ends", English: "Last day"}, Type: record.Day, Schema: "hasCourseInstance.endDate"},
			{Name: "venue", Label: locale.Phrase{Key: "library.t.venue", English: "Venue"}, Type: record.Line},
			{Name: "price", Label: locale.Phrase{Key: "library.t.price", English: "Price"}, Type: record.Money},
		}},
		{Title: locale.Phrase{Key: "library.s.reach", English: "Contact"}, Questions: []record.Question{askContact, askLink, askPartners}},
	},
}

var trainer = record.Spec{
	Kind: Trainer, Version: 1, Place: true, Themes: true, Partners: []string{"partners"},
	Title:   record.Question{Name: entry.Title, Label: locale.Phrase{Key: "library.p.title", English: "Name of the team, or the name one works under"}, Hint: locale.Phrase{Key: "library.p.title.hint", English: "Name a person only when the person agreed."}, Type: record.Line, Required: true, Schema: "name"},
	Summary: record.Question{Name: entry.Summary, Label: locale.Phrase{Key: "library.summary", English: "In one or two lines"}, Type: record.Prose, Max: 500, Required: true, Schema: "description"},
	Sections: []record.Section{
		{Title: locale.Phrase{Key: "library.s.what", English: "What it is"}, First: true, Questions: []record.Question{
			{Name: "about", Label: locale.Phrase{Key: "library.p.about", English: "Experience"}, Type: record.Prose},
			{Name: "practised", Label: locale.Phrase{Key: "library.p.practised", English: "Lived it"}, Hint: locale.Phrase{Key: "library.p.practised.hint", English: "Trained by experience of migration, not by study alone."}, Type: record.YesNo, Facet: true},
			askRight, askLanguages,
			{Name: "reach", Label: locale.Phrase{Key: "library.p.reach", English: "Countries it travels to"}, Type: record.Countries, Facet: true},
			{Name: "gives", Label: locale.Phrase{Key: "library.p.gives", English: "What can be given"}, Type: record.Entries, Kinds: []string{Training}},
		}},
		{Title: locale.Phrase{Key: "library.s.reach", English: "Contact"}, Questions: []record.Question{askContact, askLink, askPartners}},
	},
}

var resource = record.Spec{
	Kind: Resource, Version: 1, Place: true, Axis: true, Themes: true, Class: "sort", Partners: []string{"partners"}, Licences: licences, Documents: true,
	Title:   record.Question{Name: entry.Title, Label: locale.Phrase{Key: "library.r.title", English: "Title"}, Type: record.Line, Required: true, Schema: "name"},
	Summary: record.Question{Name: entry.Summary, Label: locale.Phrase{Key: "library.summary", English: "In one or two lines"}, Type: record.Prose, Max: 500, Required: true, Schema: "description"},
	Sections: []record.Section{
		{Title: locale.Phrase{Key: "library.s.what", English: "What it is"}, First: true, Questions: []record.Question{
			{Name: "sort", Label: locale.Phrase{Key: "library.r.sort", English: "Kind"}, Type: record.Choice, Required: true, Facet: true, Options: []record.Option{
				{Value: "guide", Label: locale.Phrase{Key: "library.sort.guide", English: "Guide"}}, {Value: "kit", Label: locale.Phrase{Key: "library.sort.kit", English: "Kit"}}, {Value: "study", Label: locale.Phrase{Key: "library.sort.study", English: "Study"}}, {Value: "data", Label: locale.Phrase{Key: "library.sort.data", English: "Data"}},
				{Value: "model", Label: locale.Phrase{Key: "library.sort.model", English: "Model text"}}, {Value: "argument", Label: locale.Phrase{Key: "library.sort.argument", English: "Arguments"}}, {Value: "media", Label: locale.Phrase{Key: "library.sort.media", English: "Film, sound, picture"}}}},
			{Name: "about", Label: locale.Phrase{Key: "library.r.about", English: "What is in it"}, Type: record.Prose},
			askRight, askLanguages, askLevel,
			{Name: "format", Label: locale.Phrase{Key: "library.r.format", English: "Format"}, Type: record.Choices, Facet: true, Options: []record.Option{
				{Value: "paper", Label: locale.Phrase{Key: "library.format.paper", English: "To print"}}, {Value: "screen", Label: locale.Phrase{Key: "library.format.screen", English: "To read on a screen"}}, {Value: "audio", Label: locale.Phrase{Key: "library.format.audio", English: "To listen to"}}, {Value: "video", Label: locale.Phrase{Key: "library.format.video", English: "To watch"}}, {Value: "easy", Label: locale.Phrase{Key: "library.format.easy", English: "Easy to read"}}}},
			{Name: "year", Label: locale.Phrase{Key: "library.r.year", English: "Published"}, Type: record.Day, Schema: "datePublished"},
			{Name: "author", Label: locale.Phrase{Key: "library.r.author", English: "Author, as it names itself"}, Type: record.Line, Schema: "author"},
		}},
		{Title: locale.Phrase{Key: "library.s.reach", English: "Contact"}, Questions: []record.Question{askLink, askContact, askPartners}},
	},
}

// usedBy writes who names a record in the answers to these questions: the
// trainings of a trainer, the kits' trainings, the practices of a document.
func (l *Library) usedBy(questions ...string) func(*web.Ctx, record.Record) (templ.Component, error) {
	return func(c *web.Ctx, r record.Record) (templ.Component, error) {
		list, err := l.pointing(c.Context(), c, r.ID, questions)
		if err != nil || len(list) == 0 {
			return nil, err
		}
		return usedPart(c.View, list, l.Kinds), nil
	}
}

func (l *Library) pointing(ctx context.Context, c *web.Ctx, to string, questions []string) (list []entry.Entry, err error) {
	for _, q := range questions {
		found, err := record.Pointing(ctx, l.DB, q, to)
		if err != nil {
			return nil, err
		}
		for _, e := range found {
			if e.State == entry.Published && e.Visible(c.Actor) {
				list = append(list, e)
			}
		}
	}
	return list, nil
}
