package sheet

import (
	"strconv"
	"strings"
)

// top finds the headings below a title, a date and an empty line, as people
// put them above a list, and leaves those out; Above says how many lines. Two
// lines of headings, where one stands over several columns, become one.
func (s *Sheet) top() {
	width := s.Width()
	if width < 3 {
		return
	}
	at := -1
	for i, r := range s.Rows[:min(len(s.Rows), 12)] {
		if r.filled() > 1 && r.filled()*10 >= width*6 {
			at = i
			break
		}
	}
	if at <= 0 || !s.Rows[at].wordy() {
		return
	}
	above := s.Rows[at-1]
	if n := above.cells(); n > 0 && n < s.Rows[at].cells() && above.wordy() {
		s.Rows[at].under(above)
	}
	s.Above, s.Rows = at, s.Rows[at:]
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
