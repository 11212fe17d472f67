package alike

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"alliance/internal/platform/lang"
)

// Weights of a name's words: what tells nothing, what many organisations are
// called, and what names this one.
const (
	nothing = 0.05
	common  = 0.25
	own     = 1.0
)

// particles and legal forms, folded.
var particles = set(`l d de des du le la les un une et pour en au aux a par dans sur sous avec the of and for in on to an u
	el los las del y e o por para con da do das dos os as na no di della delle dei degli dello il lo i gli per tra fra der die das und
	fur von zu im am van het een voor van
	asbl aisbl ev eingetragener verein ong ngo onlus aps odv ets scic scop sarl gmbh ggmbh ltd llc inc sa spa srl cic loi 1901 aps`)

// generic words that many names share, in the languages of the alliance.
var generic = set(`association associations asociacion asociaciones associacao associazione associaziun verein verband
	federation federacion federacao federazione foderation fondation fundacion fundacao fondazione foundation stiftung
	collectif colectivo coletivo collettivo collective kollektiv comite comites committee comitato komitee reseau red rede rete network netzwerk
	union uniao unione mouvement movimiento movimento movement organisation organizacion organizacao organizzazione organization
	institut instituto istituto institute centre centro center zentrum conseil consejo conselho consiglio council rat
	ville villes ciudad ciudades cidade citta city cities stadt commune comune municipio municipalite municipality gemeinde
	mairie ayuntamiento ajuntament prefeitura camara municipal metropole metropolitana region regione departement provincia
	national nationale nacional nazionale internationale international internacional internazionale
	francaise francais espanola italiana europeenne european europea europeo
	جمعيه منظمه شبكه مدينه بلديه اتحاد مركز المركز مؤسسه موسسه`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// Name is a name read once, to be compared with many.
type Name struct {
	plain   string // folded, where it has no words
	words   []string
	weights []float64
	total   float64
	acronym string   // in brackets, or the whole name
	whole   []string // all words in order, for spelling an acronym out
}

// Names compares names of organisations, 0 (nothing in common) to 1 (the same
// but for accents, case, order, legal form or an acronym in brackets).
// Symmetric. From 0.8 on, a person should be asked whether they are one.
func Names(a, b string) float64 { return ReadName(a).Like(ReadName(b)) }

// Like compares two names, as Names does.
func (x Name) Like(y Name) float64 {
	if len(x.words) == 0 || len(y.words) == 0 {
		if len(x.words) == len(y.words) && x.plain == y.plain {
			return 1
		}
		return 0
	}
	score := (matched(x, y) + matched(y, x)) / (x.total + y.total)
	switch {
	case x.acronym != "" && x.acronym == y.acronym:
		score = max(score, 0.9)
	case spells(x, y) || spells(y, x):
		score = max(score, 0.85)
	}
	return min(score, 1)
}

// forms are legal forms that are words of one letter else.
var forms = strings.NewReplacer("e.V.", "eV", "E.V.", "eV", "’", "'")

// ReadName cuts a name into what tells it apart.
func ReadName(s string) Name {
	var n Name
	whole := s
	if len(s) > 500 {
		s = s[:500]
	}
	s, n.acronym = bracket(forms.Replace(s))
	words := lang.Words(s)
	all := told(words)
	if len(words) == 0 { // nothing but the acronym
		words = lang.Words(n.acronym)
	}
	for _, w := range words {
		n.whole = append(n.whole, w.S)
	}
	if n.acronym == "" && len(n.whole) == 1 && utf8.RuneCountInString(n.whole[0]) <= 10 {
		n.acronym = n.whole[0]
	}
	for _, w := range all {
		w = unabridged(w)
		if !slices.Contains(n.words, w) {
			n.words = append(n.words, w)
		}
	}
	if len(n.words) == 0 {
		n.words = n.whole
	}
	if len(n.words) == 0 {
		n.plain = lang.Fold(strings.TrimSpace(whole))
	}
	for _, w := range n.words {
		weight := own
		switch {
		case particles[w]:
			weight = nothing
		case generic[w]:
			weight = common
		}
		n.weights = append(n.weights, weight)
		n.total += weight
	}
	return n
}

// bracket takes an acronym in brackets out of a name: capitals, no blank.
func bracket(s string) (rest, acronym string) {
	from := strings.IndexByte(s, '(')
	if from < 0 {
		return s, ""
	}
	to := strings.IndexByte(s[from:], ')')
	if to < 0 {
		return s, ""
	}
	inside := strings.TrimSpace(s[from+1 : from+to])
	capitals := 0
	for _, r := range inside {
		if unicode.IsUpper(r) {
			capitals++
		}
	}
	if capitals < 2 || strings.ContainsAny(inside, " \t,") {
		return s, ""
	}
	return s[:from] + " " + s[from+to+1:], strings.ReplaceAll(lang.Fold(inside), ".", "")
}

// matched is the weight of x's words that y has too, spelt nearly the same.
func matched(x, y Name) float64 {
	sum := 0.0
	for i, w := range x.words {
		best := 0.0
		for j, v := range y.words {
			// A word that tells and one that does not are no match, however spelt.
			if like := spelling(w, v); like > best && x.weights[i] == y.weights[j] {
				best = like
			}
		}
		sum += x.weights[i] * best
	}
	return sum
}

// spelling is 1 for the same word and falls fast with each letter that differs;
// numbers and short words are the same or not.
func spelling(a, b string) float64 {
	if a == b {
		return 1
	}
	x, y := []rune(a), []rune(b)
	long := max(len(x), len(y))
	if long < 5 || long > 40 || strings.ContainsAny(a+b, "0123456789") {
		return 0
	}
	like := 1 - float64(edits(x, y))/float64(long)
	if like < 0.7 {
		return 0
	}
	return like
}

// edits is Levenshtein's distance.
func edits(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, r := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, s := range b {
			cost := 1
			if r == s {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}

// spells tells whether a's acronym stands for b's words: A-N-VI-T-A for
// "Association Nationale des Villes et Territoires Accueillants".
func spells(a, b Name) bool {
	letters := []rune(a.acronym)
	if len(letters) < 3 || len(b.whole) < 3 || len(b.whole) > 24 || len(letters) > 12 {
		return false
	}
	return spelt(letters, b.whole)
}

func spelt(letters []rune, words []string) bool {
	if len(words) == 0 {
		return len(letters) == 0
	}
	if particles[words[0]] && spelt(letters, words[1:]) {
		return true
	}
	i := 0
	for _, r := range words[0] {
		if i == len(letters) || i == 2 || letters[i] != r {
			break
		}
		i++
		if spelt(letters[i:], words[1:]) {
			return true
		}
	}
	return false
}
