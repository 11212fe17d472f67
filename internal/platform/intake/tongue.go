package intake

import (
	"strings"
	"unicode"

	"alliance/internal/platform/lang"
)

// Telling are words of names of organisations, folded, by language. Words that two
// languages share stand in both, or in neither.
var Telling = tongues(map[string]string{
	"fr": `le les des du aux et pour sans avec l d de la en ville commune mairie communaute agence conseil departemental departementale regional reseau francais francaise societe droit droits homme migrations
		accueillants solidaires solidarites solidarite ensemble terre solidaire medecins monde frontieres etranger etrangers ecole universite institut musee association collectif mouvement organisation ligue
		citoyenne citoyennete international association europe amerique afrique habitants logement asile union federation fondation fonds forum femmes quartiers comite maison jeunes culture cultures voyage nationale national populaire accueil refugies demandeurs tunisienne`,
	"en": `the of and for in with from to center centre protection refugees immigrants refugee womens women rights network snapshots borders peace horn european city council university society international
		association action house welcome free school students people community alliance federation trust fund support union institute`,
	"es": `el los las del y en con sin por para una red asociacion fundacion derechos humanos espacio fronteras migrantes promocion defensa acoge ciudad ayuntamiento comite migraciones desplazamientos
		universidad centro instituto movimiento federacion union internacional mujeres jesuita colectivo de la agora rumiñahui jornaleras plataforma`,
	"pt": `o os do da dos das e em com sem por para uma rede associacao fundacao direitos humanos cidadania imigrante imigrantes casa cidade camara municipal universidade centro central instituto movimento
		trabalhadores geral presenca federacao uniao internacional mulheres coletivo de america brasileira`,
	"it": `il lo gli di della delle dei degli del e con senza per una rete associazione fondazione diritti comune citta universita centro istituto movimento generale lavoro confederazione italiana economia
		civile piccoli comuni sale terra federazione unione internazionale donne collettivo cooperativa sociale`,
	"de": `der die das des und fur mit ohne von im am ein eine verein verband stadt gemeinde stiftung netzwerk fluchtlinge fluchtlingsrat rechte menschen universitat bund haus willkommen zentrum bewegung freunde`,
})

// Weights: a word that only one language has says more than one that two share.
func tongues(lists map[string]string) map[string][]string {
	m := map[string][]string{}
	for _, tag := range []string{"fr", "en", "es", "pt", "it", "de"} {
		seen := map[string]bool{}
		for _, w := range strings.Fields(lists[tag]) {
			w = lang.Fold(w)
			if !seen[w] {
				seen[w] = true
				m[w] = append(m[w], tag)
			}
		}
	}
	return m
}

// Tongue guesses the language a name is written in, "" when it does not tell:
// proper names and acronyms have none.
func Tongue(name string) string {
	score := map[string]float64{}
	for _, w := range NameWords(name) {
		tags := Telling[w]
		for _, tag := range tags {
			score[tag] += 1 / float64(len(tags))
		}
		for _, e := range endings {
			if strings.HasSuffix(w, e.end) && len(w) > len(e.end)+2 {
				score[e.tag] += e.weight
			}
		}
	}
	for _, r := range name { // letters that one language has
		switch unicode.ToLower(r) {
		case 'ñ', '¿':
			score["es"]++
		case 'ã', 'õ':
			score["pt"]++
		case 'ß':
			score["de"]++
		case 'è', 'ê', 'œ', 'û', 'î':
			score["fr"] += 0.5
		case 'ç':
			score["fr"] += 0.25
			score["pt"] += 0.25
		}
		if unicode.Is(unicode.Arabic, r) {
			return "ar"
		}
	}
	best, next := "", ""
	for _, tag := range []string{"fr", "en", "es", "pt", "it", "de"} {
		switch {
		case score[tag] > score[best]:
			best, next = tag, best
		case score[tag] > score[next]:
			next = tag
		}
	}
	if score[best] < 0.9 || score[best]-score[next] < 0.3 {
		return ""
	}
	return best
}

var endings = []struct {
	end, tag string
	weight   float64
}{
	{"cion", "es", 0.9}, {"ciones", "es", 0.9}, {"cao", "pt", 0.9}, {"coes", "pt", 0.9}, {"zione", "it", 0.9}, {"zioni", "it", 0.9},
	{"keit", "de", 0.9}, {"ung", "de", 0.6}, {"eaux", "fr", 0.9}, {"ais", "fr", 0.4}, {"aise", "fr", 0.4}, {"dade", "pt", 0.8}, {"dad", "es", 0.6}, {"ita", "it", 0.1},
}

// NameWords are the words of a name, folded, cut at everything but letters and digits.
func NameWords(s string) []string {
	return strings.FieldsFunc(lang.Fold(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) })
}
