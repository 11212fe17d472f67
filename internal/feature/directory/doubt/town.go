package doubt

import (
	"slices"
	"strings"
	"unicode"

	"alliance/internal/platform/place"
)

// Towns that a name may mean without saying "city of": smaller ones are too
// often words ("Forest", "Parla", "Sale").
const (
	wellKnownTown = 60_000  // in the country that is printed
	worldTown     = 200_000 // elsewhere
)

// seats are words after which a town stands.
var seats = set(`ville villes commune mairie municipalite metropole universite ccas arrondissement city town council university municipality borough
	ayuntamiento ciudad municipio alcaldia universidad ajuntament camara prefeitura cidade municipal universidade comune citta universita municipalita stadt gemeinde universitat
	epci communaute agglomeration hotel office بلديه مدينه جامعه`)

// before are words that may stand between the two.
var before = set(`de d du des la le les of the di del della dell do da dos das von der den al el`)

// townOf gives the town a row is in: the one in its own column, else the one
// its name says, looked for in the country that is printed first.
func townOf(r Row) (town place.Town, written string) {
	if r.City != "" {
		if found := place.Lookup(r.City, r.Country); len(found) > 0 {
			return found[0], r.City
		}
		if found := place.Lookup(r.City, ""); len(found) > 0 && found[0].Population >= wellKnownTown {
			return found[0], r.City
		}
		return place.Town{}, ""
	}
	tokens := tokens(r.Name)
	for _, c := range candidates(tokens) {
		least := wellKnownTown
		if c.seated {
			least = 0
		}
		if found := place.Lookup(c.words, r.Country); r.Country != "" && len(found) > 0 && found[0].Population >= least {
			return found[0], c.words
		}
		if found := place.Lookup(c.words, ""); c.seated && len(found) > 0 && found[0].Population >= worldTown {
			return found[0], c.words
		}
	}
	return place.Town{}, ""
}

type candidate struct {
	words  string
	seated bool // stands after "city of", "university of"
}

// candidates are runs of words that may name a town, the longest first, those
// after a seat before all others.
func candidates(tokens []string) (list []candidate) {
	var loose []candidate
	for i := range tokens {
		if !capital(tokens[i]) || i == 0 && seats[fold(tokens[0])] {
			continue
		}
		seated := seatBefore(tokens, i)
		for n := min(6, len(tokens)-i); n > 0; n-- {
			run := strings.Join(tokens[i:i+n], " ")
			if !capital(tokens[i+n-1]) && !digitsOnly(tokens[i+n-1]) || n == 1 && (len(fold(run)) < 3 || notTown[fold(run)]) {
				continue
			}
			if _, isCountry := place.ParseCountry(run); isCountry && !seated {
				continue
			}
			if seated {
				list = append(list, candidate{run, true})
			} else if i > 0 || n == len(tokens) {
				loose = append(loose, candidate{run, false})
			}
		}
	}
	slices.SortStableFunc(loose, func(a, b candidate) int { return len(b.words) - len(a.words) })
	return append(list, loose...)
}

// notTown are words of names that are towns somewhere, too.
var notTown = set(`international europe france monde merci accueil droit droits terre migration migrations association culture cultures solidaires solidarites
	africa afrique america latina italia espana brasil portugal maroc tunisie acoge casa centro central union libertes frontieres sale terra network solidarite
	humanos humains human rights nord sud est ouest pas calais savoie isere marne rhone alpes auvergne republica publica citizens`)

func seatBefore(tokens []string, i int) bool {
	for j := i - 1; j >= 0 && i-j <= 3; j-- {
		w := fold(tokens[j])
		if seats[w] {
			return true
		}
		if !before[w] {
			return false
		}
	}
	return false
}

// tokens of a name in order, as written: cut at blanks, apostrophes, slashes
// and brackets; a hyphen stays, towns have them.
func tokens(name string) []string {
	return strings.FieldsFunc(name, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune("'’/()[]\"«»,;:–—", r)
	})
}

func capital(w string) bool {
	for _, r := range w {
		return unicode.IsUpper(r) || unicode.In(r, unicode.Arabic)
	}
	return false
}

func digitsOnly(w string) bool { return strings.Trim(w, "0123456789") == "" && w != "" }

func set(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(s) {
		m[fold(w)] = true
	}
	return m
}
