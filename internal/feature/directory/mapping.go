package directory

import (
	"strings"

	"alliance/internal/platform/lang"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
)

// What a column of a list may hold.
const (
	colName      = "name"
	colKind      = "kind"
	colCountry   = "country"
	colCity      = "city"
	colWebsite   = "website"
	colLanguages = "languages"
	colSummary   = "summary"
	colWorks     = worksIn
	colAddress   = record.Address
)

var columnFields = []string{colName, colKind, colCountry, colCity, colWebsite, colLanguages, colSummary, colWorks, colAddress}

var columnNames = map[string]locale.Phrase{
	colName:      phrase("directory.field.name", "Name"),
	colKind:      phrase("directory.field.kind", "Kind"),
	colCountry:   phrase("directory.field.country", "Country"),
	colCity:      phrase("directory.field.town", "Town"),
	colWebsite:   phrase("directory.field.website", "Website"),
	colLanguages: phrase("directory.field.languages", "Languages of work"),
	colWorks:     phrase("directory.field.countries", "Countries it works in"),
	colSummary:   phrase("directory.field.summary", "In one line"),
	colAddress:   phrase("directory.field.address", "Street and number"),
}

// contentOf tells columns of countries, kinds and websites by what they hold.
func contentOf(cells []string) string {
	hits := map[string]int{}
	for _, cell := range cells {
		if countryOf(cell) != "" {
			hits[colCountry]++
		}
		if kindOf(cell) != "" {
			hits[colKind]++
		}
		if siteKey(Address(cell)) != "" {
			hits[colWebsite]++
		}
	}
	for _, field := range []string{colCountry, colKind, colWebsite} {
		if hits[field]*10 >= len(cells)*7 {
			return field
		}
	}
	return ""
}

// kindWords tell a kind as lists print it; the first that is found counts.
var kindWords = []struct {
	kind  people.OrganisationKind
	words []string
}{
	{people.MigrantLed, []string{"migrant_led", "migrant-led", "migrant led", "portee par des personnes migrantes", "personnes migrantes", "dirigida por migrantes", "de migrantes", "liderada por migrantes", "di migranti", "von migrant", "migrantenselbstorganisation", "de personas migrantes", "مهاجر"}},
	{people.LocalAuthority, []string{"local_authority", "autorite locale", "collectivite", "local authority", "local authorities", "autoridad local", "gobierno local", "autoridade local", "governo local", "autorita locale", "ente locale", "enti locali", "kommune", "lokale behorde", "gebietskorperschaft", "سلطه محليه", "السلطات المحليه", "جماعه محليه"}},
	{people.PublicInstitution, []string{"public_institution", "institution publique", "etablissement public", "public institution", "institucion publica", "instituicao publica", "istituzione pubblica", "offentliche einrichtung", "موسسه عامه", "موسسه عموميه"}},
	{people.Academia, []string{"academia", "academique", "universit", "recherche", "university", "research", "investigacion", "pesquisa", "ricerca", "wissenschaft", "hochschule", "forschung", "جامع", "بحث"}},
	{people.Network, []string{"network", "reseau", "red de", "redes", "rede de", "rete", "netzwerk", "شبكه"}},
	{people.CivilSociety, []string{"civil_society", "societe civile", "association", "ong", "ngo", "civil society", "sociedad civil", "sociedade civil", "societa civile", "zivilgesellschaft", "verein", "asociacion", "associacao", "associazione", "syndicat", "مجتمع مدني", "المجتمع المدني", "جمعيه"}},
}

// kindOf reads a kind as printed, "" where it is none we know.
func kindOf(printed string) string {
	word := lang.Fold(strings.TrimSpace(printed))
	if word == "" {
		return ""
	}
	for _, k := range kindWords {
		for _, w := range k.words {
			if word == w || len(w) > 3 && strings.Contains(word, w) {
				return string(k.kind)
			}
		}
	}
	return ""
}
