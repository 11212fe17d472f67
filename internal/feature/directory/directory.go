// Package directory is the alliance's book of addresses: organisations with
// their kind, place, languages and lines of work, as a list, on a map, and
// brought in from a spreadsheet.
//
// The one idea: an organisation is two rows with one identifier. The entry is
// what the public reads; people.Organisation is what acts, votes and signs.
// Whoever changes one here changes the other in the same transaction.
package directory

import (
	"net/url"
	"slices"
	"strings"

	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
	"alliance/internal/platform/record"
)

// Kind is the kind of entry this feature owns.
const Kind = "organisation"

// Names of fields beyond title and summary.
const (
	Body  = "body"  // what the organisation does, at length
	Doubt = "doubt" // what is not sure about the entry
)

// Organisation is an entry of the directory with its side table.
type Organisation struct {
	entry.Entry
	Profile
}

// Profile is the side table.
type Profile struct {
	Website   string
	Languages []string // of work, BCP 47
	Countries []string // it works in, ISO codes
	Axes      []string // codes of the alliance's axes
	Street    string   // and number, told to everybody; "" unless the place is told exactly
	Source    string   // where the entry comes from, in words
	SourceKey string   // see KeyOf, of the list it was printed in
	Batch     string   // the import that made it
	Invented  bool     // for the demonstration
}

// Kind of the organisation.
func (o Organisation) OrganisationKind() people.OrganisationKind {
	return people.OrganisationKind(o.Class)
}

// Name in its own language.
func (o Organisation) Name() string { return o.Title().Original() }

// KeyOf is how a row of a list is known again: the folded name, country and
// kind. Signs between words do not count, nor does what a scan adds.
func KeyOf(name, country, kind string) string {
	return cut(strings.Join(strings.FieldsFunc(lang.Fold(name), notWord), " ")) + "|" + strings.ToUpper(country) + "|" + kind
}

// keyBytes is how much of a name, a town or a kind goes into a key.
const keyBytes = 300

func cut(s string) string { return lang.CutBytes(s, keyBytes) }

func notWord(r rune) bool { return strings.ContainsRune(" \t\r\n\u00a0\u202f.,;:!?\"'«»()[]-/", r) }

// Validate checks what a person typed.
func (o Organisation) Validate() error {
	var list fault.List
	if err := o.Entry.Validate(); err != nil {
		list = fault.Of(err)
	}
	if !slices.Contains(people.OrganisationKinds, o.OrganisationKind()) {
		list.Add(fault.Invalid("kind", "directory.kind.choose", "Choose what kind of organisation it is."))
	}
	if len([]rune(o.Text(entry.Summary).Original())) > 300 {
		list.Add(fault.Invalid(entry.Summary, "directory.summary.long", "Say it in one line: at most {n} characters.", "n", 300))
	}
	if o.Website != "" && siteKey(o.Website) == "" {
		list.Add(fault.Invalid("website", "directory.website.form", "Write the address of a website, such as https://example.org."))
	}
	return list.Err()
}

// Address cleans a website as people type it: the scheme may be left out.
func Address(typed string) string {
	typed = strings.TrimSpace(typed)
	if typed != "" && !strings.Contains(typed, "://") {
		typed = "https://" + typed
	}
	return typed
}

// siteKey gives the host of a website as it is compared, "" for what is none.
// Only the web: a link that runs something has no place on a page.
func siteKey(address string) string {
	u, err := url.Parse(address)
	if err != nil || len(address) > 300 || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || !strings.Contains(u.Hostname(), ".") {
		return ""
	}
	if strings.ContainsAny(address, " \t\r\n\"<>\\") {
		return ""
	}
	return strings.TrimPrefix(lang.Fold(u.Hostname()), "www.") + strings.TrimRight(u.EscapedPath(), "/")
}

// Address gives the street where all may know it.
func (o Organisation) Address() string {
	if o.Place.Public().Precision < place.Exact {
		return ""
	}
	return o.Street
}

// MayEdit tells who may change the entry: the coordination, and whoever holds
// a mandate of this organisation that allows editing.
func (o Organisation) MayEdit(a people.Actor) bool {
	return a.Is(people.Coordinator) || o.ID != "" && a.For() == o.ID && a.May(people.Edit)
}

// facts are the side table in words for history.
func (o Organisation) facts() entry.Facts {
	themes := slices.Clone(o.Themes)
	slices.Sort(themes)
	at := o.Place.Public()
	f := entry.Facts{"kind": o.Class, "place": at.Name, "country": at.Country, "website": o.Website,
		"languages": strings.Join(o.Languages, " "), "countries": strings.Join(o.Countries, ", "), "axes": strings.Join(o.Axes, " "), "themes": strings.Join(themes, " ")}
	if street := o.Address(); street != "" {
		f[record.Address] = street
	}
	return f
}
