// Package alike tells how much two texts, two names or two versions have in
// common. It is pure: the same input gives the same answer on every machine.
//
// The one idea: a likeness is a suggestion to a person, never an act. So each
// function gives with its number what a person needs to judge it: the words
// shared, the passages changed.
package alike

import (
	"cmp"
	"slices"

	"alliance/internal/platform/lang"
)

// Words gives the folded words of a text in order. A run of a script without
// spaces comes as its overlapping pairs of signs.
func Words(s string) []string { return told(lang.Words(s)) }

func told(words []lang.Word) (list []string) {
	for _, w := range words {
		if !w.Dense {
			list = append(list, w.S)
			continue
		}
		units := w.Units()
		if len(units) == 1 {
			list = append(list, w.S)
		}
		for i := 0; i+1 < len(units); i++ {
			list = append(list, units[i]+units[i+1])
		}
	}
	return list
}

const (
	gram    = 4       // letters in a piece: endings and small edits leave most pieces whole
	kept    = 384     // pieces of a text that a sketch keeps
	longest = 100_000 // bytes of a text that are looked at
)

// Sketch holds the smallest hashes of a text's pieces (MinHash, bottom-k:
// Broder 1997). A text of up to 384 different pieces, some 60 words, is compared exactly;
// of a longer one these are a fair sample.
type Sketch struct{ mins []uint64 } // ascending, no two the same

// NewSketch digests a text: 4-letter pieces of its folded words.
func NewSketch(s string) Sketch {
	var mins []uint64
	if len(s) > longest {
		s = s[:longest]
	}
	for _, w := range lang.Words(s) {
		r := []rune(w.S)
		size := gram
		if w.Dense {
			size = 2 // a sign is a syllable or a word
		} else {
			r = append(append([]rune{' '}, r...), ' ') // beginnings and ends of words count
		}
		for i := 0; i == 0 || i+size <= len(r); i++ {
			mins = append(mins, hash(r[i:min(i+size, len(r))]))
		}
	}
	slices.Sort(mins)
	mins = slices.Compact(mins)
	return Sketch{mins: slices.Clone(mins[:min(kept, len(mins))])}
}

// Similarity estimates the share of pieces two texts have in common among all
// they have: 0 to 1, symmetric; 1 for the same words. Texts without words are
// alike only to each other.
func (a Sketch) Similarity(b Sketch) float64 {
	if len(a.mins) == 0 && len(b.mins) == 0 {
		return 1
	}
	// The sample is the smallest hashes of both together; where neither text
	// was cut, that is all of them.
	room := len(a.mins) + len(b.mins)
	if len(a.mins) == kept || len(b.mins) == kept {
		room = kept
	}
	i, j, both, seen := 0, 0, 0, 0
	for seen < room && i < len(a.mins) && j < len(b.mins) {
		x, y := a.mins[i], b.mins[j]
		if x == y {
			both++
		}
		if x <= y {
			i++
		}
		if y <= x {
			j++
		}
		seen++
	}
	seen += min(room-seen, len(a.mins)-i+len(b.mins)-j)
	return float64(both) / float64(seen)
}

// hash is FNV-1a over the letters, then mixed so that small values are as
// likely as others.
func hash(r []rune) uint64 {
	h := uint64(14695981039346656037)
	for _, c := range r {
		h = (h ^ uint64(c)) * 1099511628211
	}
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

// Item is one thing with its text in all its languages, or several texts of it
// of which the best pair counts.
type Item struct {
	ID    string
	Texts []string
}

// Pair is two items that say nearly the same, A before B.
type Pair struct {
	A, B   string
	Score  float64  // of the two texts most alike, 0 to 1
	Shared []string // at most eight telling words both have, as A writes them
}

func sortPairs(list []Pair) {
	slices.SortFunc(list, func(p, q Pair) int {
		return cmp.Or(cmp.Compare(q.Score, p.Score), cmp.Compare(p.A, q.A), cmp.Compare(p.B, q.B))
	})
}
