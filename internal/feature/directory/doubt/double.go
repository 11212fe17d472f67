package doubt

import (
	"slices"
	"strings"

	"alliance/internal/platform/alike"
	"alliance/internal/platform/intake"
)

const (
	ask  = 0.8 // from here on somebody should say whether two names are one
	same = 0.97
)

// doubles asks about a row that may be one organisation with one before it, or
// with one that the directory holds.
func (x *Reader) doubles(i int) (list []Finding) {
	r := x.rows[i]
	if strings.TrimSpace(r.name) == "" {
		return nil
	}
	twice := func(j int, s Suggestion) {
		list = append(list, Finding{Code: Twice, Args: map[string]string{"other": x.rows[j].name, "n": number(x.rows[j].n)}, Set: s})
	}
	key := fold(r.name) + "|" + r.country + "|" + r.kind
	if first, ok := x.first[key]; ok {
		twice(first, Suggestion{Skip: true})
	} else {
		x.first[key] = i
		if j, ok := x.sites[r.site]; ok && r.site != "" {
			twice(j, Suggestion{})
		} else if j, ok := nearest(&x.inFile, r.name, func(j int) string { return x.rows[j].name }, func(j int) bool { return j < i }); ok {
			twice(j, Suggestion{})
		}
	}
	if r.site != "" {
		x.sites[r.site] = i
	}
	return append(list, x.inDirectory(r)...)
}

func (x *Reader) inDirectory(r brief) []Finding {
	if j, ok := x.siteHere[r.site]; ok && r.site != "" {
		e := x.here[j]
		return []Finding{{Code: Known, Args: map[string]string{"other": e.Name, "entry": e.ID}, Set: Suggestion{Same: e.ID}}}
	}
	j, ok := nearest(&x.inHouse, r.name, func(j int) string { return x.here[j].Name }, func(int) bool { return true })
	if !ok {
		return nil
	}
	e := x.here[j]
	f := Finding{Code: Known, Args: map[string]string{"other": e.Name, "entry": e.ID}}
	if alike.Names(e.Name, r.name) >= same && (e.Country == r.country || r.country == "" || e.Country == "") {
		f.Set.Same = e.ID
	}
	return []Finding{f}
}

func addName(p *intake.Postings, i int, name string) {
	for _, w := range keys(name) {
		p.Add(w, i)
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

func nearest(p *intake.Postings, name string, of func(int) string, allowed func(int) bool) (int, bool) {
	best, score := -1, ask
	read := alike.ReadName(name)
	for j := range p.Alike(keys(name)) {
		if !allowed(j) {
			continue
		}
		if s := read.Like(alike.ReadName(of(j))); s >= score {
			best, score = j, s
		}
	}
	return best, best >= 0
}
