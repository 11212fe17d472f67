package sheet

import (
	"slices"
	"strconv"
	"strings"
)

// titleLines is how many lines may stand above the headings, and one more.
const titleLines = 12

// top finds the headings below a title, a date and an empty line, as people
// put them above a list, and leaves those out; Above says how many lines. Two
// lines of headings, where one stands over several columns, become one.
func (s *Sheet) top() {
	if s.width < 3 {
		return
	}
	at := slices.IndexFunc(s.First[:min(len(s.First), titleLines)], func(r Row) bool { return r.filled() > 1 && r.filled()*10 >= s.width*6 })
	if at <= 0 || !s.First[at].wordy() {
		return
	}
	above := s.First[at-1]
	if n := above.cells(); n > 0 && n < s.First[at].cells() && above.wordy() {
		s.First[at].under(above)
	}
	s.Above, s.First, s.Len = at, s.First[at:], s.Len-at
}

// filled counts the different things a row says: a title that stands over all
// columns is one.
func (r Row) filled() int {
	said := map[string]bool{}
	for _, c := range r.Cells {
		said[c] = c != ""
	}
	delete(said, "")
	return len(said)
}

func (r Row) cells() (n int) {
	for _, c := range r.Cells {
		if c != "" {
			n++
		}
	}
	return n
}

// wordy tells headings from rows: no cell is a number.
func (r Row) wordy() bool {
	for _, c := range r.Cells {
		if _, err := strconv.ParseFloat(strings.ReplaceAll(c, ",", "."), 64); err == nil {
			return false
		}
	}
	return true
}

// under joins a heading that stands over several columns: it fills what is
// empty, and tells apart what would be the same twice.
func (r *Row) under(above Row) {
	times := map[string]int{}
	for _, c := range r.Cells {
		times[c]++
	}
	over := ""
	for i := range r.Cells {
		if i < len(above.Cells) && above.Cells[i] != "" {
			over = above.Cells[i]
		}
		switch c := r.Cells[i]; {
		case c == "":
			r.Cells[i] = over
		case times[c] > 1 && over != "" && over != c:
			r.Cells[i] = over + " – " + c
		}
	}
}
