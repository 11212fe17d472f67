package doubt

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"alliance/internal/platform/intake"
	"alliance/internal/platform/lang"
)

// Letters that a scan reads for digits, three or more cut by points: "I.I.I".
var lettersForDigits = regexp.MustCompile(`(^|[^\pL])([IlO][.,][IlO]([.,][IlO])+)($|[^\pL])`)

// A digit inside a word, or the other way round: "C0mmune", "V1lle".
var digitInWord = regexp.MustCompile(`\pL[01]\pL|\pL{2}[01](\s|$)`)

func scanDigits(r Row, known wellKnownBody, isKnown bool) (Finding, bool) {
	switch {
	case lettersForDigits.MatchString(r.Name):
		guess := lettersForDigits.ReplaceAllStringFunc(r.Name, func(m string) string { return strings.NewReplacer("I", "1", "l", "1", "O", "0").Replace(m) })
		guess = strings.ReplaceAll(guess, "- ", "-")
		if isKnown && known.name != "" {
			guess = known.name
		}
		return Finding{Code: ScanDigits, Args: map[string]string{"guess": guess}, Set: Suggestion{Name: guess}}, true
	case digitInWord.MatchString(r.Name):
		guess := digitInWord.ReplaceAllStringFunc(r.Name, func(m string) string {
			if strings.ToUpper(m) == m {
				return strings.NewReplacer("0", "O", "1", "I").Replace(m)
			}
			return strings.NewReplacer("0", "o", "1", "l").Replace(m)
		})
		return Finding{Code: ScanDigits, Args: map[string]string{"guess": guess}, Set: Suggestion{Name: guess}}, true
	}
	return Finding{}, false
}

// mojibake is UTF-8 read as Windows-1252.
var mojibake = regexp.MustCompile(`Ã[\x{80}-\x{BF}€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ©¨ª§´±³º¼]|â€|Â[ «»°]`)

func odd(r Row) (Finding, bool) {
	bad := r.Odd || r.Shortened || mojibake.MatchString(r.Name) || strings.ContainsAny(r.Name, "|\\<>{}~^") || strings.ContainsRune(r.Name, utf8.RuneError)
	if !bad {
		return Finding{}, false
	}
	clean := strings.Join(strings.Fields(strings.Map(func(c rune) rune {
		if c == utf8.RuneError || strings.ContainsRune("|\\<>{}~^", c) {
			return -1
		}
		return c
	}, r.Name)), " ")
	f := Finding{Code: NameOdd}
	if clean != r.Name && clean != "" {
		f.Set.Name = clean
	}
	return f, true
}

// scanAcronym compares the letters in brackets with the words before them. Only
// one letter out of place is a slip; anything else is the organisation's choice.
func scanAcronym(r Row) (Finding, bool) {
	rest, inside, ok := bracketed(r.Name)
	if !ok || strings.ContainsAny(inside, " ") {
		return Finding{}, false
	}
	letters, tail, _ := strings.Cut(strings.ReplaceAll(inside, ".", ""), "-")
	if strings.ToUpper(letters) != letters || utf8.RuneCountInString(letters) < 4 {
		return Finding{}, false
	}
	var initials []rune
	for _, w := range words(rest) {
		if !before[w] && !little[w] {
			initials = append(initials, unicode.ToUpper([]rune(w)[0]))
		}
	}
	have := []rune(strings.ToUpper(lang.Fold(letters)))
	if len(have) != len(initials) {
		return Finding{}, false
	}
	differ := 0
	for i := range have {
		if have[i] != initials[i] {
			differ++
		}
	}
	if differ != 1 {
		return Finding{}, false
	}
	right := string(initials)
	if tail != "" {
		right += "-" + tail
	}
	return Finding{Code: ScanAcronym, Args: map[string]string{"acronym": inside, "guess": right},
		Set: Suggestion{Name: strings.Replace(r.Name, "("+inside+")", "("+right+")", 1)}}, true
}

var little = set(`et e y and und pour per para por a au aux en in im une un une uma un una ein eine dans les los las dei delle degli fur for on sur sous o os as i il lo gli the el l s`)

// vocabulary holds common long words as they are written, by their folded
// form: enough to see a letter out of place in the words lists are made of.
var vocabulary = func() map[string]string {
	m := map[string]string{}
	for _, w := range strings.Fields(`collaborateur collaboratrice association associations organisation organisations coordination fédération confédération
		citoyenne citoyenneté citoyennetés solidarité solidarités internationale international internationaux développement départemental départementale régional régionale municipalité
		université recherche institut communauté communautaire coopération agglomération métropole territoires accueillants migrations migrants migration réfugiés étrangers demandeurs
		hébergement logement solidaire solidaires juristes démocrates travailleurs travailleuses immigration immigrés frontières
		foundation federation community refugees immigrants protection international development solidarity university welcome municipality
		asociación fundación federación coordinadora internacional ciudadanía migraciones desplazamientos refugiados universidad ayuntamiento municipalidad trabajadores derechos humanos solidaridad
		associação fundação federação coordenação cidadania trabalhadores imigrantes universidade prefeitura municipal solidariedade direitos refugiados
		associazione fondazione federazione confederazione internazionale cittadinanza cooperativa università generale lavoratori solidarietà rifugiati migrazioni
		flüchtlingsrat flüchtlinge gemeinschaft universität stiftung verwaltung zusammenarbeit nachbarschaft netzwerk
		sénateur sénatrice conseiller conseillère président présidente directeur directrice assistante assistant`) {
		m[lang.Fold(w)] = w
	}
	return m
}()

func scanSpelling(r Row) (Finding, bool) {
	for _, token := range tokens(r.Name) {
		w := fold(strings.Trim(token, ".,-"))
		if utf8.RuneCountInString(w) < 8 || vocabulary[w] != "" || intake.Telling[w] != nil {
			continue
		}
		for v, written := range vocabulary {
			if !slip(w, v) {
				continue
			}
			if capital(token) {
				r, n := utf8.DecodeRuneInString(written)
				written = string(unicode.ToUpper(r)) + written[n:]
			}
			return Finding{Code: ScanSpelling, Args: map[string]string{"word": token, "guess": written},
				Set: Suggestion{Name: strings.Replace(r.Name, strings.Trim(token, ".,-"), written, 1)}}, true
		}
	}
	return Finding{}, false
}

// slip tells one letter read wrong, lost, doubled or swapped inside a word.
// The last two letters do not count: there words bend.
func slip(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	i := 0
	for i < len(x) && x[i] == y[i] {
		i++
	}
	if i >= len(x)-2 || i == 0 {
		return false
	}
	switch len(y) - len(x) {
	case 0:
		return string(x[i+1:]) == string(y[i+1:]) || x[i] == y[i+1] && x[i+1] == y[i] && string(x[i+2:]) == string(y[i+2:])
	case 1:
		return string(x[i:]) == string(y[i+1:])
	}
	return false
}
