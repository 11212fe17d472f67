package intake

import (
	"hash/fnv"
	"iter"
	"slices"
)

// Postings find the things that share a word: eight bytes for each word of a
// thing, so that lists of 100,000 names take a few megabytes. Words are kept by
// a short hash; once in a long while one thing too many is found, so who asks
// compares. The zero Postings are empty and take words until they are first asked.
type Postings struct {
	list   []uint64 // hash of a word, number of a thing
	sorted bool
}

func hashed(word string) uint64 {
	h := fnv.New32a()
	h.Write([]byte(word))
	return uint64(h.Sum32()) << 32
}

// Add says that a thing has a word.
func (p *Postings) Add(word string, thing int) {
	p.list, p.sorted = append(p.list, hashed(word)|uint64(thing)), false
}

// of gives the part of the list that a word stands in.
func (p *Postings) of(word string) []uint64 {
	if !p.sorted {
		slices.Sort(p.list)
		p.list, p.sorted = slices.Clip(slices.Compact(p.list)), true
	}
	h := hashed(word)
	from, _ := slices.BinarySearch(p.list, h)
	to := from
	for to < len(p.list) && p.list[to]>>32 == h>>32 {
		to++
	}
	return p.list[from:to]
}

// Share tells how many things have a word.
func (p *Postings) Share(word string) int { return len(p.of(word)) }

// manyShare is how many things may have a word that still tells something.
const manyShare = 60

// Alike gives the things that share a telling word, each once.
func (p *Postings) Alike(words []string) iter.Seq[int] {
	return func(yield func(int) bool) {
		given := map[int]bool{}
		for _, w := range words {
			if p.Share(w) > manyShare {
				continue
			}
			for j := range p.Of(w) {
				if !given[j] && !yield(j) {
					return
				}
				given[j] = true
			}
		}
	}
}

// Of gives the things that have a word, in order.
func (p *Postings) Of(word string) iter.Seq[int] {
	return func(yield func(int) bool) {
		for _, x := range p.of(word) {
			if !yield(int(x & 0xffffffff)) {
				return
			}
		}
	}
}
