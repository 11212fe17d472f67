package intake

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"alliance/internal/platform/alike"
	"alliance/internal/platform/place"
)

const (
	ask   = 0.8 // from here on somebody should say whether two names are one
	same  = 0.97
	apart = 30.0 // kilometres: names that are alike further from each other are two
)

// thing is a row, or what is here, as far as likeness goes. A long list has
// 100,000 of them in memory, so it holds nothing else.
type thing struct {
	id    string
	line  int32    // of a row in its file
	names string   // in all its languages, one a line; the first is shown
	keys  []string // web sites and addresses of mail: of one who has them alone
	at    spot
}

// words are those of all its names.
func (t thing) words() (list []string) {
	for name := range strings.Lines(t.names) {
		list = append(list, alike.Words(name)...)
	}
	return list
}

func (t thing) shown() string { return firstOf(t.names) }

// spot is where a thing is, as far as nearness goes.
type spot struct {
	country  string
	lat, lon float32
	located  bool
	town     bool // told to its town, or closer
}

func spotOf(p place.Place) spot {
	located := p.Located()
	return spot{p.Country, float32(p.Lat), float32(p.Lon), located, located && p.Precision >= place.InTown}
}

// among says of a row whether it is an earlier row of the list, or one that is
// here: by its names in any language and spelling, where it is, its web site,
// its address.
func among(i int, rows, here *index) (found []Finding) {
	x := rows.all[i]
	if x.names == "" {
		return nil
	}
	if j, sure, ok := rows.nearest(x, func(j int) bool { return j < i }); ok {
		y := rows.all[j]
		found = append(found, Finding{Code: Twice, Args: map[string]string{"other": y.shown(), "n": strconv.Itoa(int(y.line))}, Set: Suggestion{Skip: sure}})
	}
	if j, sure, ok := here.nearest(x, func(int) bool { return true }); ok {
		y := here.all[j]
		f := Finding{Code: Known, Args: map[string]string{"other": y.shown(), "entry": y.id}}
		if sure {
			f.Set.Same = y.id
		}
		found = append(found, f)
	}
	return found
}

// index finds things that share a telling word, so that not every pair is compared.
type index struct {
	all           []thing
	byWord, byKey Postings
}

func (x *index) add(t thing) {
	i := len(x.all)
	x.all = append(x.all, t)
	for _, w := range t.words() {
		x.byWord.Add(w, i)
	}
	for _, k := range t.keys {
		x.byKey.Add(k, i)
	}
}

// nearest gives the likest; sure means that nobody needs to look.
func (x *index) nearest(t thing, allowed func(int) bool) (best int, sure, ok bool) {
	read := t.read()
	for _, k := range t.keys {
		for j := range x.byKey.Of(k) {
			if allowed(j) && slices.Contains(x.all[j].keys, k) && !far(t.at, x.all[j].at) {
				return j, x.byKey.Share(k) <= 2 && likeness(read, x.all[j]) >= 0.5, true
			}
		}
	}
	best, score := -1, ask
	for j := range x.byWord.Alike(t.words()) {
		if !allowed(j) || far(t.at, x.all[j].at) {
			continue
		}
		if s := likeness(read, x.all[j]); s >= score {
			best, score = j, s
		}
	}
	if best < 0 {
		return 0, false, false
	}
	a, b := t.at, x.all[best].at
	return best, score >= same && (a.country == b.country || a.country == "" || b.country == "") && !(a.located != b.located && a.country == ""), true
}

// likeness of a thing, whose names were read, and another.
func likeness(read []alike.Name, b thing) (best float64) {
	for name := range strings.SplitSeq(b.names, "\n") {
		y := alike.ReadName(name)
		for _, x := range read {
			best = max(best, x.Like(y))
		}
	}
	return best
}

func (t thing) read() (names []alike.Name) {
	for name := range strings.SplitSeq(t.names, "\n") {
		names = append(names, alike.ReadName(name))
	}
	return names
}

// far tells that both are somewhere, and not near each other. Where only a
// country is told, it is the country that counts.
func far(a, b spot) bool {
	if a.country != "" && b.country != "" && a.country != b.country {
		return true
	}
	return a.town && b.town && kilometres(a, b) > apart
}

// kilometres on the ground, over poles and the date line as well.
func kilometres(a, b spot) float64 {
	const rad = math.Pi / 180
	la, lb := float64(a.lat)*rad, float64(b.lat)*rad
	h := math.Pow(math.Sin((lb-la)/2), 2) + math.Cos(la)*math.Cos(lb)*math.Pow(math.Sin(float64(b.lon-a.lon)*rad/2), 2)
	return 2 * 6371 * math.Asin(math.Sqrt(min(h, 1)))
}
