package intake

import (
	"math"
	"strconv"

	"alliance/internal/platform/alike"
	"alliance/internal/platform/place"
)

const (
	ask       = 0.8 // from here on somebody should say whether two names are one
	same      = 0.97
	apart     = 30.0 // kilometres: names that are alike further from each other are two
	manyShare = 60   // a word that more names have tells nothing
)

// thing is a row, or what is here, as far as likeness goes.
type thing struct {
	id, shown string
	names     []string // in all its languages
	keys      []string // web sites and addresses of mail: of one who has them alone
	at        place.Place
}

// doubles says of each row whether it is another row of the list, or one that
// is here: by its names in any language and spelling, where it is, its web
// site, its address.
func doubles(rows []Row, look, here []thing, found [][]Finding) {
	inFile, inHouse := newIndex(look), newIndex(here)
	for i, x := range look {
		if len(x.names) == 0 {
			continue
		}
		if j, sure, ok := inFile.nearest(x, func(j int) bool { return j < i }); ok {
			found[i] = append(found[i], Finding{Code: Twice, Args: map[string]string{"other": look[j].shown, "n": strconv.Itoa(rows[j].N)}, Set: Suggestion{Skip: sure}})
		}
		if j, sure, ok := inHouse.nearest(x, func(int) bool { return true }); ok {
			f := Finding{Code: Known, Args: map[string]string{"other": here[j].shown, "entry": here[j].id}}
			if sure {
				f.Set.Same = here[j].id
			}
			found[i] = append(found[i], f)
		}
	}
}

// index finds things that share a telling word, so that not every pair is compared.
type index struct {
	all    []thing
	byWord map[string][]int
	byKey  map[string][]int
}

func newIndex(all []thing) index {
	x := index{all, map[string][]int{}, map[string][]int{}}
	for i, t := range all {
		seen := map[string]bool{}
		for _, name := range t.names {
			for _, w := range alike.Words(name) {
				if !seen[w] {
					seen[w] = true
					x.byWord[w] = append(x.byWord[w], i)
				}
			}
		}
		for _, k := range t.keys {
			x.byKey[k] = append(x.byKey[k], i)
		}
	}
	return x
}

// nearest gives the likest; sure means that nobody needs to look.
func (x index) nearest(t thing, allowed func(int) bool) (best int, sure, ok bool) {
	for _, k := range t.keys {
		for _, j := range x.byKey[k] {
			if allowed(j) && !far(t.at, x.all[j].at) {
				return j, len(x.byKey[k]) <= 2 && likeness(t, x.all[j]) >= 0.5, true
			}
		}
	}
	best, score := -1, ask
	tried := map[int]bool{}
	for _, name := range t.names {
		for _, w := range alike.Words(name) {
			if len(x.byWord[w]) > manyShare {
				continue
			}
			for _, j := range x.byWord[w] {
				if tried[j] || !allowed(j) || far(t.at, x.all[j].at) {
					continue
				}
				tried[j] = true
				if s := likeness(t, x.all[j]); s >= score {
					best, score = j, s
				}
			}
		}
	}
	if best < 0 {
		return 0, false, false
	}
	a, b := t.at, x.all[best].at
	return best, score >= same && (a.Country == b.Country || a.Country == "" || b.Country == "") && !(a.Located() != b.Located() && a.Country == ""), true
}

func likeness(a, b thing) (best float64) {
	for _, x := range a.names {
		for _, y := range b.names {
			best = max(best, alike.Names(x, y))
		}
	}
	return best
}

// far tells that both are somewhere, and not near each other. Where only a
// country is told, it is the country that counts.
func far(a, b place.Place) bool {
	if a.Country != "" && b.Country != "" && a.Country != b.Country {
		return true
	}
	if a.Precision < place.InTown || b.Precision < place.InTown || !a.Located() || !b.Located() {
		return false
	}
	return kilometres(a, b) > apart
}

// kilometres on the ground, over poles and the date line as well.
func kilometres(a, b place.Place) float64 {
	const rad = math.Pi / 180
	la, lb := a.Lat*rad, b.Lat*rad
	h := math.Pow(math.Sin((lb-la)/2), 2) + math.Cos(la)*math.Cos(lb)*math.Pow(math.Sin((b.Lon-a.Lon)*rad/2), 2)
	return 2 * 6371 * math.Asin(math.Sqrt(min(h, 1)))
}
