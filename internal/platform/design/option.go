package design

import (
	"slices"

	"alliance/internal/platform/alliance"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/place"
)

// LanguageOptions offers languages by their names in the reader's language:
// tags first, then those of also that are not among them.
func LanguageOptions(v View, tags []string, also ...string) []Option {
	list := make([]Option, 0, len(tags))
	for i, tag := range slices.Concat(tags, also) {
		if tag == "" || i >= len(tags) && slices.ContainsFunc(list, func(o Option) bool { return o.Value == tag }) {
			continue
		}
		list = append(list, Option{Value: tag, Label: v.Language(tag)})
	}
	return list
}

// OwnLanguageOptions offers languages by the names they give themselves, for
// whoever does not read the page yet.
func OwnLanguageOptions(tags []string) []Option {
	list := make([]Option, len(tags))
	for i, tag := range tags {
		list[i] = Option{Value: tag, Label: locale.NativeName(tag), Lang: tag}
	}
	return list
}

// TopicOptions offers axes or themes of the alliance.
func TopicOptions(v View, topics []alliance.Topic) []Option {
	list := make([]Option, len(topics))
	for i, t := range topics {
		r := t.Name.In(v.Lang())
		list[i] = Option{Value: t.ID, Label: r.S, Lang: r.Lang}
	}
	return list
}

// Where says where something is, no nearer than everybody may know.
func Where(v View, p place.Place) string {
	p = p.Public()
	country := ""
	if p.Country != "" {
		country = v.Country(p.Country)
	}
	if p.Name == "" {
		return country
	}
	name := p.Name
	if found := place.Lookup(p.Name, p.Country); len(found) > 0 {
		// A name in the reader's language; else the one its people write.
		if known := found[0].In(v.Lang()); known != found[0].Name {
			name = known
		}
	}
	if country == "" {
		return name
	}
	return v.T("design.place", "{town}, {country}", "town", name, "country", country)
}
