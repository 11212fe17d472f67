package doubt

import (
	"slices"
	"strings"

	"alliance/internal/platform/alike"
)

const (
	ask       = 0.8 // from here on somebody should say whether two names are one
	same      = 0.97
	manyShare = 60 // a word that more names have tells nothing
)

// doubles asks about rows that may be one organisation, with each other and
// with what the directory holds.
func doubles(rows []Row, existing []Existing, found [][]Finding) {
	seen := map[string]int{}
	sites := map[string]int{}
	byWord := newIndex(len(existing))
	for i, e := range existing {
		byWord.add(i, e.Name)
	}
	inFile := newIndex(len(rows))
	for i, r := range rows {
		inFile.add(i, r.Name)
	}
	for i, r := range rows {
		if strings.TrimSpace(r.Name) == "" {
			continue
		}
		key := fold(r.Name) + "|" + r.Country + "|" + r.Kind
		if first, ok := seen[key]; ok {
			found[i] = append(found[i], Finding{Code: Twice, Args: map[string]string{"other": rows[first].Name, "n": number(rows[first].N)}, Set: Suggestion{Skip: true}})
		} else {
			seen[key] = i
			if j, ok := sites[r.Website]; ok && r.Website != "" {
				found[i] = append(found[i], Finding{Code: Twice, Args: map[string]string{"other": rows[j].Name, "n": number(rows[j].N)}})
			} else if j, ok := inFile.nearest(i, r.Name, func(j int) string { return rows[j].Name }, func(j int) bool { return j < i }); ok {
				found[i] = append(found[i], Finding{Code: Twice, Args: map[string]string{"other": rows[j].Name, "n": number(rows[j].N)}})
			}
		}
		if r.Website != "" {
			sites[r.Website] = i
		}
		if f, ok := inDirectory(r, existing, byWord); ok {
			found[i] = append(found[i], f)
		}
	}
}

func inDirectory(r Row, existing []Existing, byWord index) (Finding, bool) {
	if r.Website != "" {
		for _, e := range existing {
			if e.Site == r.Website {
				return Finding{Code: Known, Args: map[string]string{"other": e.Name, "entry": e.ID}, Set: Suggestion{Same: e.ID}}, true
			}
		}
	}
	j, ok := byWord.nearest(-1, r.Name, func(j int) string { return existing[j].Name }, func(int) bool { return true })
	if !ok {
		return Finding{}, false
	}
	e := existing[j]
	f := Finding{Code: Known, Args: map[string]string{"other": e.Name, "entry": e.ID}}
	if alike.Names(e.Name, r.Name) >= same && (e.Country == r.Country || r.Country == "" || e.Country == "") {
		f.Set.Same = e.ID
	}
	return f, true
}

// index finds names that share a telling word, so that not every pair is compared.
type index struct {
	byWord map[string][]int
	size   int
}

func newIndex(size int) index { return index{map[string][]int{}, size} }

func (x index) add(i int, name string) {
	for _, w := range keys(name) {
		x.byWord[w] = append(x.byWord[w], i)
	}
}

// keys are the words by which a name is found, and the letters they begin with.
func keys(name string) []string {
	var list []string
	var initials strings.Builder
	for _, w := range words(name) {
		if len(w) > 2 {
			list = append(list, w)
		}
		if !before[w] && !little[w] {
			initials.WriteByte(w[0])
		}
	}
	if initials.Len() >= 3 {
		list = append(list, initials.String())
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func (x index) nearest(self int, name string, of func(int) string, allowed func(int) bool) (int, bool) {
	best, score := -1, ask
	tried := map[int]bool{}
	for _, w := range keys(name) {
		if len(x.byWord[w]) > manyShare {
			continue
		}
		for _, j := range x.byWord[w] {
			if j == self || tried[j] || !allowed(j) {
				continue
			}
			tried[j] = true
			if s := alike.Names(name, of(j)); s >= score {
				best, score = j, s
			}
		}
	}
	return best, best >= 0
}
