// Package doubt reads a list of organisations as a careful person would and
// says what is odd: a country that does not go with the name, what a scan got
// wrong, a person among organisations, two rows that may be one.
//
// The one idea: a doubt is a question with a suggestion, never a change. Each
// finding says why, in a code with arguments, and what would mend it; somebody
// decides. All rules are general: none knows a single list.
package doubt

import (
	"slices"
	"strconv"
	"strings"

	"alliance/internal/platform/intake"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/place"
)

// Row is one line of a list, as printed and as far as it could be read.
type Row struct {
	N                    int
	Name, City, Website  string
	KindRaw, CountryRaw  string // as printed
	Kind, Country        string // codes, "" where they could not be read
	Short, Long, Odd     bool   // of the line itself
	OpenQuote, Shortened bool
	Town                 place.Town // filled by Look: where it seems to be
	TownName             string     // as the row writes it
}

// Code of a finding.
type Code string

const (
	NameMissing     Code = "name_missing"
	NameOdd         Code = "name_odd" // signs that are no text
	KindMissing     Code = "kind_missing"
	KindUnknown     Code = "kind_unknown"
	CountryMissing  Code = "country_missing"
	CountryUnknown  Code = "country_unknown"
	CountryTown     Code = "country_town"     // the town in the name is elsewhere
	TownElsewhere   Code = "town_elsewhere"   // a larger town of that name is in another country
	CountryLanguage Code = "country_language" // the name is in a language not spoken there
	CountryNamed    Code = "country_named"    // the name itself says another country
	CountryKnown    Code = "country_known"    // known to be elsewhere
	Region          Code = "region"           // works in a region the country is not in
	Agency          Code = "agency"           // an agency of the United Nations
	ScanDigits      Code = "scan_digits"      // letters where digits stood
	ScanAcronym     Code = "scan_acronym"     // letters in brackets that do not spell the name
	ScanSpelling    Code = "scan_spelling"    // a letter away from a common word
	Person          Code = "person"
	National        Code = "national"  // a national institution as local authority
	Authority       Code = "authority" // nothing says that it is a local authority
	SameCity        Code = "same_city"
	Twice           Code = "twice" // in the file
	Known           Code = "known" // in the directory
	LineShort       Code = "line_short"
	LineLong        Code = "line_long"
	LineQuote       Code = "line_quote"
)

// Codes in the order pages show them.
var Codes = []Code{CountryMissing, CountryUnknown, CountryTown, TownElsewhere, CountryNamed, CountryKnown, CountryLanguage, Region, Agency, ScanDigits, ScanAcronym, ScanSpelling, NameOdd,
	Person, National, Authority, SameCity, Twice, Known, KindMissing, KindUnknown, NameMissing, LineShort, LineLong, LineQuote}

// Finding is one doubt about a row.
type Finding struct {
	Code Code              `json:"code"`
	Args map[string]string `json:"args,omitempty"` // for the sentence; "country" and "language" hold codes
	Set  Suggestion        `json:"set"`            // what would mend it; zero: nothing surer than what is printed
}

// Suggestion changes what is not empty.
type Suggestion struct {
	Name    string `json:"name,omitempty"`
	Kind    string `json:"kind,omitempty"`
	Country string `json:"country,omitempty"`
	City    string `json:"city,omitempty"`
	Skip    bool   `json:"skip,omitempty"`
	Same    string `json:"same,omitempty"` // identifier of the organisation it is
}

// Existing is an organisation that is in the directory already.
type Existing struct{ ID, Name, Country, Kind, Site string }

// Look reads all rows of a short list and gives the doubts of each, in the
// order of rows. It fills in the towns of rows. listLang is the language the
// list is written in: names in it say nothing about a country.
func Look(rows []Row, existing []Existing, listLang string) [][]Finding {
	x := NewReader(existing, listLang)
	found := make([][]Finding, len(rows))
	for i := range rows {
		found[i] = x.Alone(&rows[i])
	}
	for i := range rows {
		more, town := x.Among(i)
		found[i] = append(found[i], more...)
		if town != "" {
			rows[i].TownName = town
		}
	}
	return found
}

// Reader reads a list in two walks: first each row alone, then each among the
// others. Of a row it remembers only what others are compared with.
type Reader struct {
	lang  string
	rows  []brief
	here  []Existing
	first map[string]int // row by name, country and kind
	sites map[string]int // last row by web site

	siteHere        map[string]int
	inFile, inHouse intake.Postings
	cities          map[city][]int // rows of a kind in a town; nil before the second walk
}

// brief is what others are compared with of a row.
type brief struct {
	n                         int
	name, site, country, kind string
	town                      int    // identifier, nowhere or elsewhere
	townName                  string // as the row writes it
	lent                      bool   // told by another row
}

// NewReader begins to read a list.
func NewReader(existing []Existing, listLang string) *Reader {
	x := &Reader{lang: listLang, here: existing, first: map[string]int{}, sites: map[string]int{}, siteHere: map[string]int{}}
	for i, e := range existing {
		addName(&x.inHouse, i, e.Name)
		if _, ok := x.siteHere[e.Site]; !ok {
			x.siteHere[e.Site] = i
		}
	}
	return x
}

// Alone gives the doubts that the next row raises by itself, and fills in its town.
func (x *Reader) Alone(r *Row) []Finding {
	r.Town, r.TownName = townOf(*r)
	b := brief{n: r.N, name: r.Name, site: r.Website, country: r.Country, kind: r.Kind}
	if r.Town.ID != 0 {
		b.town, b.townName = elsewhere, r.TownName
		if r.Town.Country == r.Country {
			b.town = r.Town.ID
		}
	}
	addName(&x.inFile, len(x.rows), r.Name)
	x.rows = append(x.rows, b)
	return alone(*r, x.lang)
}

// Among gives the doubts that a row raises beside the others and beside what
// is here, and its town where only another row tells it. Rows are asked in
// order, after all were read alone.
func (x *Reader) Among(i int) (list []Finding, town string) {
	if x.cities == nil {
		x.settle()
	}
	if r := x.rows[i]; r.lent {
		town = r.townName
	}
	return append(x.sameCity(i), x.doubles(i)...), town
}

// alone gives what can be said of a row without the others.
func alone(r Row, listLang string) (list []Finding) {
	add := func(f Finding, ok bool) {
		if ok {
			list = append(list, f)
		}
	}
	if strings.TrimSpace(r.Name) == "" {
		return []Finding{{Code: NameMissing, Set: Suggestion{Skip: true}}}
	}
	add(Finding{Code: LineShort}, r.Short)
	add(Finding{Code: LineLong}, r.Long)
	add(Finding{Code: LineQuote}, r.OpenQuote)
	add(odd(r))
	known, isKnown := wellKnown(r)
	add(country(r, known, isKnown))
	add(foreign(r, listLang, isKnown))
	add(agency(known, isKnown, r))
	person, isPerson := isPerson(r)
	add(person, isPerson)
	digits, hasDigits := scanDigits(r, known, isKnown)
	add(digits, hasDigits)
	add(scanAcronym(r))
	add(scanSpelling(r))
	if !isPerson {
		if hasDigits {
			r.Name = digits.Set.Name
		}
		add(authority(r))
	}
	switch {
	case r.Kind != "":
	case r.KindRaw == "":
		add(Finding{Code: KindMissing, Set: Suggestion{Kind: guessKind(r)}}, true)
	default:
		add(Finding{Code: KindUnknown, Args: map[string]string{"value": r.KindRaw}, Set: Suggestion{Kind: guessKind(r)}}, true)
	}
	return list
}

// country tells what is wrong with the country, the surest reason only.
func country(r Row, known wellKnownBody, isKnown bool) (Finding, bool) {
	elsewhere := ""
	if isKnown && !known.agency {
		elsewhere = known.country
	}
	if named := namedCountry(r.Name); named != "" && named != r.Country && r.Country != "" {
		return Finding{Code: CountryNamed, Args: map[string]string{"country": named, "printed": r.Country}, Set: Suggestion{Country: named}}, true
	}
	switch {
	case r.Country == "" && r.CountryRaw == "":
		f := Finding{Code: CountryMissing, Set: Suggestion{Country: elsewhere}}
		if f.Set.Country == "" && r.Town.ID != 0 {
			f.Set.Country, f.Set.City = r.Town.Country, r.TownName
		}
		return f, true
	case r.Country == "":
		return Finding{Code: CountryUnknown, Args: map[string]string{"value": r.CountryRaw}, Set: Suggestion{Country: elsewhere}}, true
	case r.Town.ID != 0 && r.Town.Country != r.Country:
		return Finding{Code: CountryTown, Args: map[string]string{"town": r.TownName, "country": r.Town.Country, "printed": r.Country},
			Set: Suggestion{Country: r.Town.Country, City: r.TownName}}, true
	case elsewhere != "" && elsewhere != r.Country:
		return Finding{Code: CountryKnown, Args: map[string]string{"country": elsewhere, "printed": r.Country}, Set: Suggestion{Country: elsewhere}}, true
	}
	if r.Town.ID != 0 && r.City == "" {
		if largest := place.Lookup(r.Town.Name, "")[0]; largest.Country != r.Country {
			return Finding{Code: TownElsewhere, Args: map[string]string{"town": r.TownName, "country": largest.Country, "printed": r.Country}}, true
		}
	}
	return Finding{}, false
}

// foreign tells a name in a language that the country does not go with. English
// is everybody's, and the list's own language is the language of who wrote it.
func foreign(r Row, listLang string, isKnown bool) (Finding, bool) {
	if known, ok := wellKnown(r); isKnown && ok && known.region != "" {
		if at, ok := place.Country(r.Country); ok && at.Continent != known.region {
			return Finding{Code: Region, Args: map[string]string{"region": known.region, "printed": r.Country}}, true
		}
		return Finding{}, false
	}
	tongue := intake.Tongue(r.Name)
	if tongue == "" || tongue == "en" || tongue == listLang || r.Country == "" || isKnown {
		return Finding{}, false
	}
	if r.Town.ID != 0 && r.Town.Country == r.Country || slices.Contains(spokenIn(r.Country), tongue) {
		return Finding{}, false
	}
	return Finding{Code: CountryLanguage, Args: map[string]string{"language": tongue, "printed": r.Country}}, true
}

// namedCountry gives the country that stands in brackets after a name.
func namedCountry(name string) string {
	from, to := strings.LastIndexByte(name, '('), strings.LastIndexByte(name, ')')
	if from < 0 || to < from || len(strings.TrimSpace(name[from+1:to])) < 4 {
		return ""
	}
	code, _ := place.ParseCountry(name[from+1 : to])
	return code
}

// Suggested puts the suggestions of a row's doubts together; the first wins.
func Suggested(list []Finding) (s Suggestion) {
	for _, f := range list {
		for _, p := range []struct{ to, from *string }{{&s.Name, &f.Set.Name}, {&s.Kind, &f.Set.Kind}, {&s.Country, &f.Set.Country}, {&s.City, &f.Set.City}, {&s.Same, &f.Set.Same}} {
			if *p.to == "" {
				*p.to = *p.from
			}
		}
		s.Skip = s.Skip || f.Set.Skip
	}
	return s
}

func fold(s string) string { return lang.Fold(strings.TrimSpace(s)) }

var words = intake.NameWords

func number(n int) string { return strconv.Itoa(n) }
