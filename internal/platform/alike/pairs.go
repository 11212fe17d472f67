package alike

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"alliance/internal/platform/lang"
)

const (
	slots     = 128 // a text's signature: the smallest hash in each of 128 equal ranges
	fewTexts  = 150 // up to here every text is compared with every other
	telling   = 8   // shared words given as a reason
	minLetter = 4   // of a telling word
)

type text struct {
	item   int
	sketch Sketch
}

// Pairs finds the pairs of items that score at least atLeast (above 0), best
// first. Texts meet when a band of their signatures is the same, so that not
// every pair is compared; of pairs at atLeast itself 1 in 100 may be missed.
func Pairs(items []Item, atLeast float64) []Pair {
	var texts []text
	for i, item := range items {
		for _, s := range item.Texts {
			if sketch := NewSketch(s); len(sketch.mins) > 0 {
				texts = append(texts, text{i, sketch})
			}
		}
	}
	best := map[[2]int32]float64{}
	meet := func(x, y text) {
		if x.item == y.item {
			return
		}
		score := x.sketch.Similarity(y.sketch)
		if score < atLeast || score == 0 {
			return
		}
		key := [2]int32{int32(x.item), int32(y.item)}
		if items[y.item].ID < items[x.item].ID {
			key = [2]int32{key[1], key[0]}
		}
		best[key] = max(best[key], score)
	}
	if len(texts) <= fewTexts {
		for i, x := range texts {
			for _, y := range texts[i+1:] {
				meet(x, y)
			}
		}
	} else {
		banded(texts, atLeast, meet)
	}
	list := make([]Pair, 0, len(best))
	reasons := newReasons(items)
	for key, score := range best {
		list = append(list, Pair{A: items[key[0]].ID, B: items[key[1]].ID, Score: score, Shared: reasons.shared(int(key[0]), int(key[1]))})
	}
	sortPairs(list)
	return list
}

// rowsFor is the widest band with which a pair at atLeast still meets 99 times
// in 100: wider bands mean fewer comparisons.
func rowsFor(atLeast float64) int {
	for rows := 8; rows > 1; rows-- {
		if math.Pow(1-math.Pow(atLeast, float64(rows)), float64(slots/rows)) <= 0.01 {
			return rows
		}
	}
	return 1
}

// banded calls meet once for each two texts with a band in common, unless their
// signatures show that they are far from atLeast.
func banded(texts []text, atLeast float64, meet func(x, y text)) {
	rows := rowsFor(atLeast)
	// Four standard deviations below: comparing signatures is a hundred times
	// cheaper than comparing sketches.
	least := int(slots * (atLeast - 4*math.Sqrt(atLeast*(1-atLeast)/slots)))
	signatures := make([][slots]uint64, len(texts))
	for i, t := range texts {
		signatures[i] = signature(t.sketch)
	}
	met := make([]uint64, (len(texts)*len(texts)+63)/64)
	type member struct {
		key uint64
		at  int32
	}
	band := make([]member, len(texts))
	for from := 0; from+rows <= slots; from += rows {
		for i := range texts {
			var key uint64
			for _, v := range signatures[i][from : from+rows] {
				key = (key ^ v) * 0x9E3779B97F4A7C15
				key ^= key >> 29
			}
			band[i] = member{key, int32(i)}
		}
		slices.SortFunc(band, func(a, b member) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.at, b.at)) })
		for i := 0; i < len(band); i++ {
			for j := i + 1; j < len(band) && band[j].key == band[i].key; j++ {
				bit := int(band[i].at)*len(texts) + int(band[j].at)
				if met[bit/64]&(1<<(bit%64)) == 0 {
					met[bit/64] |= 1 << (bit % 64)
					if equal(&signatures[band[i].at], &signatures[band[j].at]) >= least {
						meet(texts[band[i].at], texts[band[j].at])
					}
				}
			}
		}
	}
}

func equal(a, b *[slots]uint64) (n int) {
	for i := range a {
		if a[i] == b[i] {
			n++
		}
	}
	return n
}

// signature is one-permutation MinHash. An empty slot takes the value of
// another that it alone picks (optimal densification, Shrivastava 2017), the
// same in every text.
func signature(s Sketch) (sig [slots]uint64) {
	var full [slots]bool
	for i := len(s.mins) - 1; i >= 0; i-- { // descending: the smallest stays
		at := slot(s.mins[i])
		sig[at], full[at] = s.mins[i], true
	}
	for at := range slots {
		for try := uint64(1); !full[at]; try++ {
			if from := slot(mix(uint64(at)<<32 | try)); full[from] {
				sig[at] = sig[from]
				break
			}
		}
	}
	return sig
}

// slot takes low bits: sketches keep the smallest hashes, so the high ones say little.
func slot(h uint64) int { return int(h % slots) }

func mix(h uint64) uint64 { return hash([]rune{rune(h >> 32), rune(h & 0x7fffffff)}) }

// reasons finds words that explain a pair: shared by the two, rare among all.
type reasons struct {
	items []Item
	words []map[string]string // of each item: folded → as written; made when asked for
	among map[string]int      // in how many items
}

func newReasons(items []Item) *reasons {
	return &reasons{items: items, words: make([]map[string]string, len(items))}
}

func (r *reasons) of(item int) map[string]string {
	if r.words[item] == nil {
		m := map[string]string{}
		for _, s := range r.items[item].Texts {
			for _, p := range parts(s[:min(len(s), longest)]) {
				for _, w := range lang.Words(p) {
					if _, ok := m[w.S]; !ok && (w.Dense || utf8.RuneCountInString(w.S) >= minLetter) {
						m[w.S] = strings.ToLower(p)
					}
				}
			}
		}
		r.words[item] = m
	}
	return r.words[item]
}

func (r *reasons) shared(a, b int) []string {
	if r.among == nil {
		r.among = map[string]int{}
		for i := range r.items {
			for w := range r.of(i) {
				r.among[w]++
			}
		}
	}
	x, y := r.of(a), r.of(b)
	small := x
	if len(y) < len(x) {
		small = y
	}
	common := max(2, len(r.items)/3) // a word that a third of all have explains nothing
	var list []string
	for w := range small {
		_, inA := x[w]
		_, inB := y[w]
		if inA && inB && r.among[w] <= common {
			list = append(list, w)
		}
	}
	slices.SortFunc(list, func(v, w string) int {
		return cmp.Or(cmp.Compare(r.among[v], r.among[w]), cmp.Compare(len(w), len(v)), cmp.Compare(v, w))
	})
	list = list[:min(len(list), telling)]
	for i, w := range list {
		list[i] = x[w]
	}
	return list
}
