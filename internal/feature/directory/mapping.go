package directory

import (
	"slices"
	"strings"

	"alliance/internal/feature/directory/sheet"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
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
)

var columnFields = []string{colName, colKind, colCountry, colCity, colWebsite, colLanguages, colSummary}

// headings are what such columns are called, folded, in the seven languages.
var headings = map[string][]string{
	colName: {"nom", "organisation", "structure", "denomination", "raison sociale", "intitule", "name", "organization", "title", "nombre", "organizacion", "entidad", "nome", "organizacao",
		"entidade", "organizzazione", "ente", "denominazione", "bezeichnung", "الاسم", "المنظمه", "اسم"},
	colKind:      {"type", "categorie", "kind", "category", "college", "tipo", "categoria", "genre", "art", "typ", "kategorie", "statut", "النوع", "نوع", "الفيه"},
	colCountry:   {"pays", "country", "pais", "paese", "land", "staat", "nation", "stato", "البلد", "بلد", "الدوله"},
	colCity:      {"ville", "city", "town", "commune", "ciudad", "municipio", "cidade", "citta", "comune", "stadt", "ort", "localite", "lieu", "place", "المدينه", "مدينه"},
	colWebsite:   {"site", "site web", "site internet", "web", "website", "url", "www", "internet", "sitio web", "sitio", "sito", "sito web", "webseite", "adresse web", "homepage", "الموقع"},
	colLanguages: {"langue", "langues", "language", "languages", "idioma", "idiomas", "lingua", "lingue", "linguas", "sprache", "sprachen", "اللغه", "اللغات"},
	colSummary:   {"description", "resume", "activite", "activites", "objet", "summary", "about", "descripcion", "resumen", "descricao", "resumo", "descrizione", "beschreibung", "وصف"},
}

// guessColumns says what each column seems to hold, by its heading, and
// whether the first line is one of headings. Where no heading tells, the cells do.
func guessColumns(rows []sheet.Row) (columns []string, heading bool) {
	if len(rows) == 0 {
		return nil, false
	}
	width := 0
	for _, r := range rows[:min(len(rows), 50)] {
		width = max(width, len(r.Cells))
	}
	columns = make([]string, width)
	for i, cell := range rows[0].Cells {
		if f := headingOf(cell); f != "" && !slices.Contains(columns, f) {
			columns[i], heading = f, true
		}
	}
	if heading {
		if !slices.Contains(columns, colName) { // an unknown heading over the first free column
			if i := slices.Index(columns, ""); i >= 0 {
				columns[i] = colName
			}
		}
		return columns, true
	}
	for i := range columns {
		if f := contentOf(rows, i); f != "" && !slices.Contains(columns, f) {
			columns[i] = f
		}
	}
	if i := slices.Index(columns, ""); i >= 0 && !slices.Contains(columns, colName) {
		columns[i] = colName
	}
	return columns, false
}

func headingOf(cell string) string {
	word := strings.Join(strings.FieldsFunc(lang.Fold(cell), func(r rune) bool { return strings.ContainsRune(" :*._()/", r) }), " ")
	for _, field := range columnFields {
		if slices.Contains(headings[field], word) {
			return field
		}
	}
	for _, field := range columnFields { // "Nom de la structure", "Country of residence"
		for _, h := range headings[field] {
			if len(h) > 3 && strings.HasPrefix(word, h+" ") {
				return field
			}
		}
	}
	return ""
}

// contentOf tells columns of countries, kinds and websites by what they hold.
func contentOf(rows []sheet.Row, column int) string {
	seen, hits := 0, map[string]int{}
	for _, r := range rows[:min(len(rows), 50)] {
		if column >= len(r.Cells) || r.Cells[column] == "" {
			continue
		}
		cell := r.Cells[column]
		seen++
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
	for field, n := range hits {
		if seen > 0 && n*10 >= seen*7 {
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
