package place

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// FindInText gives the towns that a name or a sentence speaks of: "Ville
// d'Agadez", "Emmaüs Dunkerque", "MJC du Briançonnais". Country is the ISO code
// of the country it is probably in, or "" (then a country in brackets counts).
// First come towns named by a body of theirs ("Ville de …"), then longer
// names, then the order of the text. It guesses: let people confirm.
func FindInText(text string, country string) []Town {
	if len(text) > 2000 {
		text = strings.ToValidUTF8(text[:2000], "")
	}
	country = strings.ToUpper(country)
	if country == "" {
		country = countryIn(text)
	}
	f := finder{words: readWords(text), country: country}
	for i := 0; i < len(f.words); {
		i = max(i+1, f.from(i))
	}
	slices.SortStableFunc(f.found, func(a, b finding) int {
		return cmp.Or(cmp.Compare(b.cue, a.cue), cmp.Compare(b.words, a.words))
	})
	var towns []Town
	for _, hit := range f.found {
		if !slices.ContainsFunc(towns, func(t Town) bool { return t.ID == hit.town.ID }) {
			towns = append(towns, hit.town)
		}
	}
	return towns
}

// countryIn reads the country of "Ville de São Paulo (Brésil)" or "Gao, Mali".
func countryIn(text string) string {
	parts := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("(),;/", r) })
	for _, part := range parts[min(1, len(parts)):] {
		if code, ok := ParseCountry(part); ok && len(compact(part)) > 3 {
			return code
		}
	}
	return ""
}

// token is a word of a text. Parts of one hyphenated word carry one number:
// nobody who writes Nord-Pas-de-Calais speaks of Calais.
type token struct {
	key     string // folded
	chain   int    // number of the hyphenated word
	capital bool
	shouted bool // an abbreviation: all capitals
}

func readWords(text string) []token {
	lower := strings.IndexFunc(text, unicode.IsLower) >= 0
	upper := strings.IndexFunc(text, unicode.IsUpper) >= 0
	var tokens []token
	chain := 0
	for _, run := range strings.FieldsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && !isApostrophe(r) && !isHyphen(r)
	}) {
		for _, piece := range elided(run) {
			chain++
			for _, part := range strings.FieldsFunc(piece, isHyphen) {
				for _, key := range keyWords(part, true) {
					t := token{key: key, chain: chain}
					t.shouted = lower && len([]rune(part)) > 1 && strings.ToUpper(part) == part && strings.ToLower(part) != part
					first := []rune(part)[0]
					t.capital = !unicode.IsLower(first) || !upper
					tokens = append(tokens, t)
				}
			}
		}
	}
	return tokens
}

func isHyphen(r rune) bool { return r == '-' || r == '‐' || r == '‑' || r == '–' }

// elided cuts "d'Ivry-sur-Seine" after its article.
func elided(run string) []string {
	for i, r := range run {
		if isApostrophe(r) {
			if elides(strings.ToLower(run[:i])) {
				rest := strings.TrimLeftFunc(run[i:], isApostrophe)
				return append([]string{run[:i]}, elided(rest)...)
			}
			break
		}
	}
	if run == "" {
		return nil
	}
	return []string{run}
}

type finder struct {
	words   []token
	country string
	found   []finding
}

type finding struct {
	town  Town
	cue   int // how clearly the text says that a town follows
	words int
}

const (
	plain  = iota
	after  // after a preposition: "Casa do Brasil de Lisboa"
	bodied // after a body of a town: "Ville de …"
)

const longestName = 7 // words

// from looks for the longest name that begins at word i and gives where it
// ends, i if there is none.
func (f *finder) from(i int) int {
	w := f.words[i]
	cue := f.cue(i)
	if i > 0 && f.words[i-1].chain == w.chain || !w.capital && !isArticle(w.key) && cue < bodied {
		return i
	}
	for j := min(len(f.words), i+longestName); j > i; j-- {
		last := f.words[j-1]
		if !last.capital && cue < bodied || j < len(f.words) && f.words[j].chain == last.chain {
			continue
		}
		if t, ok := f.town(i, j, cue); ok && (last.capital || t.Population >= 10_000) {
			f.found = append(f.found, finding{t, cue, j - i})
			return j
		}
	}
	return i
}

// cue tells what stands before word i.
func (f *finder) cue(i int) int {
	cue := plain
	for k := i - 1; k >= 0; k-- {
		switch w := f.words[k]; {
		case bodies[w.key]:
			return bodied
		case isPreposition(w.key):
			if k == i-1 {
				cue = after
			}
		case (w.key == "et" || w.key == "and" || w.key == "y" || w.key == "e" || w.key == "und") && len(f.found) > 0 && k > 0:
			return max(cue, plain) // a second town is not surer for the first
		case w.capital && f.afterEmmaus(k):
			return bodied
		default:
			return cue
		}
	}
	return cue
}

// afterEmmaus: communities of Emmaus are named after their town, sometimes after two.
func (f *finder) afterEmmaus(k int) bool {
	for ; k >= 0 && f.words[k].capital; k-- {
		if f.words[k].key == "emmaus" {
			return true
		}
	}
	return false
}

func (f *finder) town(i, j, cue int) (Town, bool) {
	keys := make([]string, 0, j-i)
	letters := 0
	for _, w := range f.words[i:j] {
		keys = append(keys, w.key)
		letters += len([]rune(w.key))
	}
	if j-i == 1 && (stopped[keys[0]] || bodies[keys[0]] || isPreposition(keys[0]) || isArticle(keys[0]) || letters < 2 || f.words[i].shouted && cue < bodied) {
		return Town{}, false
	}
	name := strings.Join(keys, " ")
	if cue < bodied {
		if _, ok := ParseCountry(name); ok {
			return Town{}, false
		}
	}
	hyphenated := j-i > 1 && f.words[i].chain == f.words[j-1].chain
	names := Lookup(name, f.country)
	if i > 0 { // "Ville du Havre" is Le Havre, whatever Havre there is
		if article := contracted[f.words[i-1].key]; article != "" {
			if whole := Lookup(article+" "+name, f.country); len(whole) > 0 && whole[0].Population >= 10_000 &&
				(len(names) == 0 || whole[0].Population > names[0].Population) {
				names = whole
			}
		}
	}
	if t, ok := f.pick(f.likelier(names, i), cue, hyphenated); ok {
		return t, true
	}
	if f.country != "" && cue == bodied { // a wrong country is a common slip
		if abroad := Lookup(name, ""); len(abroad) > 0 && abroad[0].Population >= 100_000 {
			return abroad[0], true
		}
	}
	if j-i == 1 {
		return f.inhabitants(keys[0])
	}
	return Town{}, false
}

// likelier puts namesakes first that lie where the word before is used: an
// ajuntament is in Spain, so its València is not the one in Venezuela.
func (f *finder) likelier(towns []Town, i int) []Town {
	if f.country != "" || len(towns) < 2 {
		return towns
	}
	for k := i - 1; k >= 0; k-- {
		if at := usedIn[f.words[k].key]; at != "" {
			for _, t := range towns {
				if t.Country == at && t.Population >= 5_000 {
					return []Town{t}
				}
			}
		}
		if !isPreposition(f.words[k].key) {
			break
		}
	}
	return towns
}

var usedIn = map[string]string{"mairie": "FR", "ajuntament": "ES", "concello": "ES", "comune": "IT", "prefeitura": "BR", "freguesia": "PT", "gemeente": "NL"}

// pick takes the most populous namesake if it is known enough for what the
// text says: any village after "Ville de", only cities out of the blue.
func (f *finder) pick(towns []Town, cue int, hyphenated bool) (Town, bool) {
	if len(towns) == 0 {
		return Town{}, false
	}
	least := 0
	switch {
	case cue == bodied || hyphenated:
	case f.country != "" && cue == after:
		least = 5_000
	case f.country != "":
		least = 15_000
	case cue == after:
		least = 50_000
	default:
		least = 100_000
	}
	return towns[0], towns[0].Population >= least
}

// inhabitants reads French names of inhabitants and areas: "Dunkerquois" is of
// Dunkerque, "Briançonnais" of Briançon, "Nantais" of Nantes.
func (f *finder) inhabitants(word string) (Town, bool) {
	if f.country != "" && f.country != "FR" {
		return Town{}, false
	}
	for _, ending := range []string{"oises", "aises", "iennes", "oise", "aise", "ienne", "ois", "ais", "iens", "ien"} {
		stem, ok := strings.CutSuffix(word, ending)
		if !ok || len(stem) < 4 {
			continue
		}
		forms := []string{stem, stem + "e", stem + "es", stem + "s"}
		if n := len(stem); stem[n-1] == stem[n-2] {
			forms = append(forms, stem[:n-1])
		}
		for _, form := range forms {
			if towns := Lookup(form, "FR"); len(towns) > 0 && towns[0].Population >= 10_000 {
				return towns[0], true
			}
		}
	}
	return Town{}, false
}

var contracted = map[string]string{"du": "le", "au": "le", "des": "les", "aux": "les", "del": "el", "do": "o", "da": "a", "dell": "l"}

func isPreposition(word string) bool {
	switch word {
	case "d", "de", "du", "des", "l", "la", "le", "les", "a", "au", "aux", "en", "sur", "pour",
		"of", "in", "at", "for", "the", "del", "el", "los", "las", "di", "della", "dell", "dei", "do", "da", "dos", "das", "no", "na", "em",
		"von", "der", "zu", "im", "bei", "van", "في", "من":
		return true
	}
	return false
}

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// bodies are what a town has one of: what follows is its name.
var bodies = set(`ville villes commune communes mairie municipalite metropole eurometropole agglomeration arrondissement epci
ccas cias mjc universite emmaus maire hopital tribunal diocese faculte
city town municipality council university mayor borough
ayuntamiento municipio municipalidad alcaldia universidad ciudad ajuntament concello
prefeitura camara cidade universidade freguesia junta
comune citta universita municipalita sindaco
stadt gemeinde stadtverwaltung rathaus universitat gemeente stad
بلديه مدينه جامعه`)

// stopped are words that some village somewhere is called, but that mean
// something else in names of organisations.
var stopped = set(`association associations collectif comite conseil communaute bourg nord sud est ouest europe afrique
international internationale national nationale federation reseau union centre maison terre monde france accueil
forum fondation institut ecole musee ligue mouvement emmaus solidarite solidarites citoyen citoyenne citoyens
general generale grand grande saint sainte notre dame region departement departemental pays val port ile mer
asociacion red centro casa instituto fundacion espacio derechos humanos migrantes america san santa santo sol
associacao movimento rede brasil associazione rete forza civile sale pace terra
center house network world human rights refugee refugees women peace horn open society union mission hope
verein haus hilfe netz bund caritas latina latino sin fronteras vladimir martin david marie paul victoria jose
migration migrations citoyennete citoyennetes droit droits femmes hommes enfants jeunes tous merci
carrefour beni janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre march may`)
