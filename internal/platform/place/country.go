package place

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

// countries.tsv is written by gen/countries.go.
//
//go:embed data/countries.tsv
var countryLines string

// CountryInfo is what is known of a country or territory. Package locale has
// its names for readers.
type CountryInfo struct {
	Code      string  // ISO 3166-1 alpha-2; XK for Kosovo, which has none
	Alpha3    string  // ISO 3166-1 alpha-3
	Lat, Lon  float64 // degrees, a point in the middle of its largest part
	Region    string  // UN M49: "155" is Western Europe
	Continent string  // UN M49: 002 Africa, 009 Oceania, 019 Americas, 142 Asia, 150 Europe
}

type atlas struct {
	codes  []string
	byCode map[string]CountryInfo
	byName map[string]string // compact name → code
	names  map[string][]string
}

var countries = sync.OnceValue(func() atlas {
	a := atlas{byCode: map[string]CountryInfo{}, byName: map[string]string{}, names: map[string][]string{}}
	var lines [][]string
	for line := range strings.Lines(countryLines) {
		if line[0] == '#' {
			continue
		}
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(cells) != 7 {
			panic("place: damaged line in countries.tsv: " + line)
		}
		lat, err1 := strconv.ParseFloat(cells[4], 64)
		lon, err2 := strconv.ParseFloat(cells[5], 64)
		if err1 != nil || err2 != nil {
			panic(fmt.Sprintf("place: damaged point in countries.tsv: %v %v", err1, err2))
		}
		info := CountryInfo{Code: cells[0], Alpha3: cells[1], Continent: cells[2], Region: cells[3], Lat: lat, Lon: lon}
		a.codes = append(a.codes, info.Code)
		a.byCode[info.Code] = info
		lines = append(lines, cells)
	}
	for _, cells := range lines { // codes first: "CH" is Switzerland, whatever a name says
		a.byName[compact(cells[0])] = cells[0]
		a.byName[compact(cells[1])] = cells[0]
	}
	delete(a.byName, "")
	for _, cells := range lines {
		a.names[cells[0]] = strings.Split(cells[6], "|")
		for _, name := range a.names[cells[0]] {
			if key := compact(name); a.byName[key] == "" {
				a.byName[key] = cells[0]
			}
		}
	}
	return a
})

// Country gives what is known of an ISO code, in either case.
func Country(code string) (CountryInfo, bool) {
	info, ok := countries().byCode[strings.ToUpper(strings.TrimSpace(code))]
	return info, ok
}

// Countries lists all codes, sorted.
func Countries() []string { return append([]string(nil), countries().codes...) }

// ParseCountry gives the ISO code of a country written in any interface
// language ("États-Unis", "la Tunisie", "Brasil"), or as a code of two or
// three letters; case, accents, spaces and a leading article are ignored.
func ParseCountry(name string) (code string, ok bool) {
	name = strings.TrimSpace(name)
	if len(name) > 200 {
		return "", false
	}
	byName := countries().byName
	if code, ok = byName[compact(name)]; ok {
		return code, true
	}
	words := keyWords(name, false)
	for len(words) > 1 && isArticle(words[0]) {
		words = words[1:]
		if code, ok = byName[strings.Join(words, "")]; ok && len(strings.Join(words, "")) > 3 {
			return code, true
		}
	}
	return "", false
}

// isArticle tells words that may stand before the name of a country or town.
func isArticle(word string) bool {
	switch word {
	case "le", "la", "les", "l", "the", "el", "los", "las", "o", "a", "os", "as", "il", "lo", "gli", "i", "der", "die", "das", "al":
		return true
	}
	return false
}
