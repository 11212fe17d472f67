package doubt

import (
	"slices"
	"strings"

	"alliance/internal/platform/place"
)

// Towns of a brief row, beside their identifiers.
const (
	nowhere   = 0
	elsewhere = -1 // in a town that is not in its country
)

// city is a kind of organisation in a town.
type city struct {
	town int
	kind string
}

// stem is what a word made from the name of a town begins with.
type stem struct{ country, kind, letters string }

// shortTown is the length of a town's name from which words are made of it.
const shortTown = 7

// settle groups the rows by town, and finds the towns that a word made from
// them tells: "Dunkerquois" stands for Dunkerque where another row names it.
func (x *Reader) settle() {
	x.cities = map[city][]int{}
	for i, r := range x.rows {
		if r.town > nowhere {
			at := city{r.town, r.kind}
			x.cities[at] = append(x.cities[at], i)
		}
	}
	type named struct {
		word string
		row  int
	}
	towns := map[stem][]named{}
	for i, r := range x.rows {
		if r.town <= nowhere || x.cities[city{r.town, r.kind}][0] != i {
			continue
		}
		for _, w := range words(r.name) {
			if len(w) >= shortTown && len(place.Lookup(w, r.country)) > 0 {
				key := stem{r.country, r.kind, w[:shortTown-1]}
				towns[key] = append(towns[key], named{w, i})
			}
		}
	}
	for i, r := range x.rows {
		if r.town != nowhere {
			continue
		}
		for _, w := range words(r.name) {
			if len(w) < shortTown-1 {
				continue
			}
			list := towns[stem{r.country, r.kind, w[:shortTown-1]}]
			if j := slices.IndexFunc(list, func(t named) bool { return made(w, t.word) }); j >= 0 {
				of := x.rows[list[j].row]
				x.rows[i].town, x.rows[i].townName, x.rows[i].lent = of.town, of.townName, true
				at := city{of.town, of.kind}
				x.cities[at] = append(x.cities[at], i)
				break
			}
		}
	}
}

// made tells a word made from the name of a town.
func made(word, town string) bool {
	return word != town && strings.HasPrefix(word, town[:len(town)-1]) && len(word) <= len(town)+5
}

// sameCity asks about a row of a kind of which its town has others.
func (x *Reader) sameCity(i int) []Finding {
	r := x.rows[i]
	if r.town <= nowhere {
		return nil
	}
	list := x.cities[city{r.town, r.kind}]
	if len(list) < 2 || len(list) > 12 { // a list of one town's associations is no doubt
		return nil
	}
	var others []string
	for _, j := range list {
		if j != i {
			others = append(others, x.rows[j].name)
		}
	}
	slices.Sort(others)
	return []Finding{{Code: SameCity, Args: map[string]string{"town": r.townName, "others": strings.Join(others, " · ")}}}
}
