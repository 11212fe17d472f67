package directory

import (
	"cmp"
	"slices"
	"strings"

	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/intake"
	"alliance/internal/platform/people"
)

// spoken is the language most likely written in a country, where the name
// itself does not tell.
var spoken = map[string]string{
	"FR": "fr", "BE": "fr", "NE": "fr", "ML": "fr", "SN": "fr", "BR": "pt", "PT": "pt", "ES": "es", "UY": "es", "GT": "es", "AR": "es", "CO": "es", "CL": "es", "MX": "es",
	"IT": "it", "DE": "de", "AT": "de", "US": "en", "GB": "en", "IE": "en", "CA": "en", "MA": "fr", "TN": "fr", "DZ": "fr", "DK": "en",
}

// nameLanguage guesses the language of a name, for its marking on pages.
func nameLanguage(name, country string) string {
	if tag := intake.Tongue(name); tag != "" {
		return tag
	}
	if tag := spoken[country]; tag != "" {
		return tag
	}
	return "fr"
}

func kindOptions(v design.View) []design.Option {
	list := make([]design.Option, len(people.OrganisationKinds))
	for i, k := range people.OrganisationKinds {
		list[i] = design.Option{Value: string(k), Label: design.KindName(v, string(k))}
	}
	return list
}

func sortByLabel(v design.View, list []design.Option) {
	slices.SortStableFunc(list, func(a, b design.Option) int { return v.Compare(a.Label, b.Label) })
}

// found says how many there are, or that there are more than one counts.
func found(v design.View, n int) string {
	if n > entry.CountCap {
		return v.T("directory.count.more", "More than {n} organisations", "n", entry.CountCap)
	}
	return v.N("directory.count", n, "{n} organisation", "{n} organisations")
}

// cardOf is an organisation as a card of a list.
func cardOf(v design.View, o Organisation, level int) design.Item {
	title := o.Title().In(v.Lang())
	i := design.Item{Href: v.Href("/organisations/" + o.ID), Title: title.S, Lang: title.Lang, Kind: o.Class, Level: level}
	if s := o.Text(entry.Summary).In(v.Lang()); s.S != "" && !s.Missing {
		i.Text = s.S
	}
	where := design.Where(v, o.Place)
	if where == "" {
		where = v.T("directory.place.unknown", "Country not known")
	}
	if spoken := tongues(v, o.Languages); spoken != "" {
		where += " · " + spoken
	}
	i.Meta = []string{where}
	return i
}

func editTitle(v design.View, f form) string {
	if f.ID == "" {
		return v.T("directory.new", "Add an organisation")
	}
	return v.T("directory.edit.title", "Edit: {name}", "name", f.Name)
}

// precision is how closely the place is to be told, by its town unless said.
func (f form) precision() string { return cmp.Or(f.Precision, "town") }

func editPath(f form) string {
	if f.ID == "" {
		return "/organisations/new"
	}
	return "/organisations/" + f.ID + "/edit"
}

func editCrumbs(v design.View, f form) []design.Link {
	list := []design.Link{{Href: v.Href("/organisations"), Label: v.T("directory.title", "Organisations")}}
	if f.ID != "" {
		list = append(list, design.Link{Href: v.Href("/organisations/" + f.ID), Label: f.Name, Lang: f.NameLang})
	}
	return list
}

// countriesIn are countries in words, as the form asks for them.
func countriesIn(v design.View, codes []string) string {
	names := make([]string, len(codes))
	for i, code := range codes {
		names[i] = v.Country(code)
	}
	return strings.Join(names, ", ")
}

func countryName(v design.View, code string) string {
	if code == "" {
		return ""
	}
	return v.Country(code)
}
