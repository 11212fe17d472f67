package alike

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"alliance/internal/platform/lang"
)

// What one part of a Diff is.
const (
	Same = iota
	Insert
	Delete
)

// Edit is one part of a Diff.
type Edit struct {
	Op   int // Same, Insert or Delete
	Text string
}

// work bounds the steps of one Diff: where it is used up, the rest is shown as
// replaced, which is true if not short.
const work = 4_000_000

// Diff tells what changed, word by word, in any script. The texts of Same and
// Delete in order are before, those of Same and Insert are after, byte by byte.
// Where a passage was replaced, its Delete stands before its Insert.
func Diff(before, after string) []Edit {
	ids := map[string]int32{}
	a, aText := numbered(before, ids)
	b, bText := numbered(after, ids)
	d := differ{a: a, b: b, left: work, gone: make([]bool, len(a)), come: make([]bool, len(b))}
	d.compare(0, len(a), 0, len(b))
	return readable(d.edits(aText, bText))
}

func numbered(s string, ids map[string]int32) ([]int32, []string) {
	texts := parts(s)
	list := make([]int32, len(texts))
	for i, p := range texts {
		id, ok := ids[p]
		if !ok {
			id = int32(len(ids))
			ids[p] = id
		}
		list[i] = id
	}
	return list, texts
}

// parts cuts a text into words, runs of blanks and single other signs; in
// scripts without spaces every sign with its marks is a word. Joined, they are
// the text, broken bytes included.
func parts(s string) []string {
	var list []string
	start, was := 0, byte(0)
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		is := class(r, size)
		glued := i > start && (is == was && (is == 'w' || is == ' ') || is == 'm' && was != ' ')
		if i > start && !glued {
			list = append(list, s[start:i])
			start = i
		}
		if !glued {
			was = is
		}
		i += size
	}
	if start < len(s) {
		list = append(list, s[start:])
	}
	return list
}

// class tells words, blanks, line ends, dense signs, marks and other signs.
func class(r rune, size int) byte {
	switch {
	case r == utf8.RuneError && size == 1:
		return '?'
	case r == '\n':
		return 'n'
	case unicode.IsSpace(r):
		return ' '
	case r < 0x80:
		if lang.IsWordRune(r) {
			return 'w'
		}
		return '?'
	case unicode.In(r, unicode.M, unicode.Cf):
		return 'm'
	case lang.IsDense(r):
		return 'd'
	case lang.IsWordRune(r):
		return 'w'
	}
	return '?'
}

// differ marks what is gone from a and what has come in b.
type differ struct {
	a, b       []int32
	gone, come []bool
	left       int
}

// compare marks a[a0:a1] against b[b0:b1]: first what is the same at both ends,
// then the shortest way between (Myers 1986) if it is short enough to find,
// else in parts between words that both have exactly once.
func (d *differ) compare(a0, a1, b0, b1 int) {
	for a0 < a1 && b0 < b1 && d.a[a0] == d.b[b0] {
		a0, b0 = a0+1, b0+1
	}
	for a0 < a1 && b0 < b1 && d.a[a1-1] == d.b[b1-1] {
		a1, b1 = a1-1, b1-1
	}
	if a0 == a1 || b0 == b1 || d.left <= 0 {
		d.replace(a0, a1, b0, b1)
		return
	}
	if d.shortest(a0, a1, b0, b1) {
		return
	}
	anchors := d.anchors(a0, a1, b0, b1)
	if len(anchors) == 0 {
		d.replace(a0, a1, b0, b1)
		return
	}
	for _, at := range anchors {
		d.compare(a0, at[0], b0, at[1])
		a0, b0 = at[0]+1, at[1]+1
	}
	d.compare(a0, a1, b0, b1)
}

func (d *differ) replace(a0, a1, b0, b1 int) {
	for i := a0; i < a1; i++ {
		d.gone[i] = true
	}
	for j := b0; j < b1; j++ {
		d.come[j] = true
	}
}

// mostChanges is how many words a shortest way may change; beyond it memory
// and time grow with the square.
const mostChanges = 600

func (d *differ) shortest(a0, a1, b0, b1 int) bool {
	a, b := d.a[a0:a1], d.b[b0:b1]
	most := min(len(a)+len(b), mostChanges)
	reach := make([]int32, 2*most+3) // furthest x on each diagonal
	mid := most + 1
	var steps [][]int32
	for n := 0; n <= most; n++ {
		steps = append(steps, slices.Clone(reach[mid-n:mid+n+1]))
		for k := -n; k <= n; k += 2 {
			x := int(reach[mid+k-1]) + 1
			if k == -n || k != n && reach[mid+k-1] < reach[mid+k+1] {
				x = int(reach[mid+k+1])
			}
			y := x - k
			for x < len(a) && y < len(b) && a[x] == b[y] {
				x, y = x+1, y+1
				d.left--
			}
			reach[mid+k] = int32(x)
			if x >= len(a) && y >= len(b) {
				d.walkBack(steps, a0, b0, len(a), len(b))
				return true
			}
		}
		if d.left -= n + 1; d.left <= 0 {
			return false
		}
	}
	return false
}

// walkBack marks the way found. steps[n] holds diagonals -n to n before step n.
func (d *differ) walkBack(steps [][]int32, a0, b0, x, y int) {
	for n := len(steps) - 1; n > 0; n-- {
		before, k := steps[n], x-y
		at := func(k int) int32 { return before[k+n] }
		down := k == -n || k != n && at(k-1) < at(k+1)
		if down {
			k++
		} else {
			k--
		}
		px := int(at(k))
		py := px - k
		if down {
			d.come[b0+py] = true
		} else {
			d.gone[a0+px] = true
		}
		x, y = px, py
	}
}

// anchors gives the longest ascending list of places of words that each side
// has exactly once (patience diff).
func (d *differ) anchors(a0, a1, b0, b1 int) [][2]int {
	type count struct{ inA, inB, at int32 }
	counts := map[int32]count{}
	for j := b0; j < b1; j++ {
		c := counts[d.b[j]]
		c.inB, c.at = c.inB+1, int32(j)
		counts[d.b[j]] = c
	}
	for i := a0; i < a1; i++ {
		if c, ok := counts[d.a[i]]; ok {
			c.inA++
			counts[d.a[i]] = c
		}
	}
	d.left -= a1 - a0 + b1 - b0
	var once [][2]int
	for i := a0; i < a1; i++ {
		if c := counts[d.a[i]]; c.inA == 1 && c.inB == 1 {
			once = append(once, [2]int{i, int(c.at)})
		}
	}
	var ends []int // index in once of the smallest end of an ascending list of each length
	from := make([]int, len(once))
	for i, p := range once {
		n, _ := slices.BinarySearchFunc(ends, p[1], func(e, at int) int { return once[e][1] - at })
		from[i] = -1
		if n > 0 {
			from[i] = ends[n-1]
		}
		if n == len(ends) {
			ends = append(ends, i)
		} else {
			ends[n] = i
		}
	}
	var list [][2]int
	if len(ends) > 0 {
		for i := ends[len(ends)-1]; i >= 0; i = from[i] {
			list = append(list, once[i])
		}
	}
	slices.Reverse(list)
	return list
}

// hunk is a stretch that is the same, or one that was replaced.
type hunk struct{ same, gone, come []string }

func (d *differ) edits(a, b []string) []hunk {
	var list []hunk
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		var h hunk
		for i < len(a) && j < len(b) && !d.gone[i] && !d.come[j] {
			h.same = append(h.same, a[i])
			i, j = i+1, j+1
		}
		if h.same != nil {
			list = append(list, h)
			continue
		}
		for i < len(a) && d.gone[i] {
			h.gone = append(h.gone, a[i])
			i++
		}
		for j < len(b) && d.come[j] {
			h.come = append(h.come, b[j])
			j++
		}
		list = append(list, h)
	}
	return list
}

// readable joins changes with nothing but a blank, a comma or a lone small word
// between them: people read passages, not confetti.
func readable(list []hunk) []Edit {
	var joined []hunk
	for i, h := range list {
		last := len(joined) - 1
		switch {
		case h.same != nil && last >= 0 && i+1 < len(list) && isSmall(h.same) && isBoth(joined[last], list[i+1]):
			joined[last].gone = append(joined[last].gone, h.same...)
			joined[last].come = append(joined[last].come, h.same...)
		case h.same == nil && last >= 0 && joined[last].same == nil:
			joined[last].gone = append(joined[last].gone, h.gone...)
			joined[last].come = append(joined[last].come, h.come...)
		default:
			joined = append(joined, h)
		}
	}
	var edits []Edit
	add := func(op int, texts []string) {
		if len(texts) > 0 {
			edits = append(edits, Edit{op, strings.Join(texts, "")})
		}
	}
	for _, h := range joined {
		add(Same, h.same)
		add(Delete, h.gone)
		add(Insert, h.come)
	}
	return edits
}

// isBoth tells that something goes and something comes around a stretch: two
// insertions with a blank between are better read apart.
func isBoth(a, b hunk) bool {
	return len(a.gone)+len(b.gone) > 0 && len(a.come)+len(b.come) > 0
}

func isSmall(same []string) bool {
	words, size := 0, 0
	for _, s := range same {
		if strings.Contains(s, "\n") {
			return false
		}
		if r, n := utf8.DecodeRuneInString(s); class(r, n) == 'w' || class(r, n) == 'd' {
			words++
			size += len(s)
		}
	}
	return words == 0 && len(same) <= 2 || words == 1 && size <= 3 && len(same) <= 3
}
