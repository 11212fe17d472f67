package doubt

import (
	"strings"
	"sync"
	"unicode/utf8"

	"alliance/internal/platform/locale"
)

// functions are words that begin the description of a person.
var functions = set(`collaborateur collaboratrice senateur senatrice depute deputee maire adjoint adjointe conseiller conseillere attache attachee assistant assistante elu elue president presidente
	directeur directrice m mme mlle mr mrs ms dr prof professeur chercheur chercheuse etudiant etudiante journaliste avocat avocate militant militante benevole particulier individuel individuelle consultant consultante
	mayor senator deputy adviser advisor researcher student journalist volunteer individual lawyer
	alcalde alcaldesa senador senadora diputado diputada concejal concejala asesor asesora asistente colaborador colaboradora periodista estudiante sr sra
	prefeito prefeita vereador vereadora deputado deputada assessor assessora estudante jornalista
	sindaco sindaca senatore senatrice deputato deputata assessore collaboratore consigliere consigliera studente giornalista
	burgermeister burgermeisterin abgeordnete abgeordneter mitarbeiter mitarbeiterin stadtrat stadtratin studentin
	مستشار مستشاره نائب نائبه`)

func isPerson(r Row) (Finding, bool) {
	all := words(r.Name)
	if len(all) == 0 || len(all) == 1 && r.Kind != "" && len(all[0]) < 4 {
		return Finding{}, false
	}
	first := all[0]
	hit := functions[first]
	if !hit && utf8.RuneCountInString(first) >= 8 {
		for f := range functions {
			if len(f) >= 8 && slip(first, f) {
				hit = true
			}
		}
	}
	return Finding{Code: Person, Set: Suggestion{Skip: true}}, hit
}

// local are words that say a local authority.
var local = set(`ville villes commune communes mairie municipalite municipal municipale metropole metropolitaine departement departemental departementale region regional regionale epci arrondissement
	agglomeration intercommunalite canton district province prefecture comte city town county borough municipality ayuntamiento ajuntament municipio ciudad alcaldia diputacion cabildo intendencia
	camara prefeitura cidade freguesia comune citta provincia regione unione stadt gemeinde landkreis kreis bezirk landeshauptstadt samtgemeinde communaute-urbaine kommune gmina بلديه مدينه جماعه ولايه`)

var national = set(`national nationale nationaux nationales nacional nacionales nazionale nazionali nationaler ministere ministry ministerio ministero ministerium etat state estado stato republique republica repubblica
	republic federal federale gouvernement government gobierno governo regierung senat senado senate parlement parliament parlamento وطني وطنيه وزاره`)

// authority asks about a local authority whose name says nothing local.
func authority(r Row) (Finding, bool) {
	if r.Kind != "local_authority" || r.Town.ID != 0 {
		return Finding{}, false
	}
	whole := false
	for _, w := range words(r.Name) {
		if national[w] || ofCountry(w, r.Country) {
			whole = true
		}
		if local[w] {
			return Finding{}, false
		}
	}
	if whole {
		return Finding{Code: National, Args: map[string]string{"printed": r.Country}, Set: Suggestion{Kind: "public_institution"}}, true
	}
	return Finding{Code: Authority}, true
}

// ofCountry tells a word made from the name of the country: "marocaine".
func ofCountry(w, country string) bool {
	if country == "" || utf8.RuneCountInString(w) < 6 {
		return false
	}
	for _, name := range countryNames(country) {
		stem := []rune(name)
		if len(stem) > 5 {
			stem = stem[:5]
		}
		if len(stem) == 5 && strings.HasPrefix(w, string(stem)) {
			return true
		}
	}
	return false
}

var printers = sync.OnceValue(func() []*locale.Printer {
	c, err := locale.New()
	if err != nil {
		return nil
	}
	var list []*locale.Printer
	for _, l := range []string{"fr", "en", "es", "pt", "it", "de"} {
		list = append(list, c.For(l))
	}
	return list
})

func countryNames(code string) (names []string) {
	for _, p := range printers() {
		names = append(names, fold(p.Country(code)))
	}
	return names
}

// guessKind suggests a kind where none is printed that could be read.
func guessKind(r Row) string {
	for _, w := range words(r.Name) {
		switch {
		case strings.HasPrefix(w, "universi") || w == "faculte" || w == "laboratoire":
			return "academia"
		case w == "reseau" || w == "network" || w == "red" || w == "rede" || w == "rete" || w == "netzwerk" || w == "شبكه":
			return "network"
		case w == "ville" || w == "mairie" || w == "commune" || w == "ayuntamiento" || w == "prefeitura" || w == "comune" || w == "stadt" || w == "city" || w == "بلديه":
			return "local_authority"
		}
	}
	return "civil_society"
}
