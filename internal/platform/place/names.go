package place

import (
	"slices"
	"strings"
)

// Names gives the names by which somebody may look for the place, as closely as
// it may be told: of its town and of its country, in every language known.
func (p Place) Names() []string {
	p = p.Public()
	var list []string
	if p.Name != "" {
		list = append(list, p.Name)
		if t, known := p.town(); known && t.called(p.Name) {
			list = append(list, t.names()...)
		}
	}
	list = append(list, countries().names[p.Country]...)
	slices.Sort(list)
	return slices.Compact(list)
}

// OtherNames gives the other names of what a word names: of a country, and of
// the largest town called so that has names in several languages.
func OtherNames(word string) []string {
	var list []string
	if key := compact(word); len([]rune(key)) > 3 {
		if code := countries().byName[key]; code != "" {
			list = append(list, countries().names[code]...)
		}
	}
	for _, t := range Lookup(word, "") {
		if names := t.names(); len(names) > 1 {
			list = append(list, names...)
			break
		}
	}
	slices.Sort(list)
	return slices.DeleteFunc(slices.Compact(list), func(s string) bool { return strings.EqualFold(s, word) })
}

// names of the town in all languages known.
func (t Town) names() []string {
	list := []string{t.Name}
	for _, name := range load().inOther[t.ID-1] {
		list = append(list, name)
	}
	slices.Sort(list)
	return slices.Compact(list)
}
