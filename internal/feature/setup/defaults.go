package setup

import (
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
)

// What a new alliance begins with, to be changed at will. The words stand in
// the phrase files, so that they come in every language.
var (
	firstAxes = []locale.Phrase{
		{Key: "setup.axis.welcome", English: "Arriving and being welcomed"},
		{Key: "setup.axis.live", English: "Living: home, health, work"},
		{Key: "setup.axis.part", English: "Taking part in the city"},
		{Key: "setup.axis.rights", English: "Equal rights for all"},
		{Key: "setup.axis.move", English: "Moving freely and safely"},
	}
	firstThemes = []struct {
		id    string
		words locale.Phrase
	}{
		{"housing", locale.Phrase{Key: "setup.theme.housing", English: "Housing"}},
		{"health", locale.Phrase{Key: "setup.theme.health", English: "Health"}},
		{"language", locale.Phrase{Key: "setup.theme.language", English: "Language"}},
		{"work", locale.Phrase{Key: "setup.theme.work", English: "Work"}},
		{"education", locale.Phrase{Key: "setup.theme.education", English: "Education"}},
		{"legal", locale.Phrase{Key: "setup.theme.legal", English: "Legal support"}},
		{"food", locale.Phrase{Key: "setup.theme.food", English: "Food"}},
		{"participation", locale.Phrase{Key: "setup.theme.participation", English: "Participation"}},
		{"culture", locale.Phrase{Key: "setup.theme.culture", English: "Culture"}},
		{"borders", locale.Phrase{Key: "setup.theme.borders", English: "Borders"}},
	}
	firstColleges = []struct {
		id    string
		words locale.Phrase
		kinds []people.OrganisationKind
	}{
		{"authorities", locale.Phrase{Key: "setup.college.authorities", English: "Local authorities"}, []people.OrganisationKind{people.LocalAuthority}},
		{"civil_society", locale.Phrase{Key: "setup.college.civil_society", English: "Civil society"}, []people.OrganisationKind{people.CivilSociety}},
		{"migrant_led", locale.Phrase{Key: "setup.college.migrant_led", English: "Migrant-led collectives"}, []people.OrganisationKind{people.MigrantLed}},
	}
)

func (s *Setup) first(tag string) Draft {
	d := Draft{Name: map[string]string{}, About: map[string]string{}, Languages: inOrder(tag, locale.Languages), Rule: defaultRule, Reply: "7"}
	for i, p := range firstAxes {
		d.Axes = append(d.Axes, Row{ID: "A" + string(rune('1'+i)), Names: s.everywhere(p)})
	}
	for _, t := range firstThemes {
		d.Themes = append(d.Themes, Row{ID: t.id, Names: s.everywhere(t.words)})
	}
	for _, c := range firstColleges {
		d.Colleges = append(d.Colleges, Row{ID: c.id, Names: s.everywhere(c.words), Kinds: c.kinds})
	}
	return d
}

// everywhere gives a phrase in all languages of the interface.
func (s *Setup) everywhere(p locale.Phrase) map[string]string {
	m := map[string]string{}
	for _, l := range locale.Languages {
		m[l] = s.Catalog.For(l).Say(p)
	}
	return m
}
