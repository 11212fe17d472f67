package intake

import (
	"testing"
	"time"
)

// TestPace: a step that was too long is cut at once, short ones grow by and by,
// and whatever a row costs, steps come to last as long as they should.
func TestPace(t *testing.T) {
	for _, row := range []time.Duration{10 * time.Microsecond, time.Millisecond, 10 * time.Millisecond, 3 * stepLasts} {
		p := newPace()
		for range 40 {
			p.follow(p.rows, time.Duration(p.rows)*row)
		}
		want := min(max(int(stepLasts/row), 1), stepRows)
		if p.rows != want {
			t.Errorf("rows of %s each: %d a step, want %d", row, p.rows, want)
		}
		p.follow(p.rows, 10*stepLasts) // something else kept the machine busy
		if p.rows > max(want/10, 1) {
			t.Errorf("rows of %s each: %d a step after one that was ten times too long", row, p.rows)
		}
		before := p.rows
		p.follow(1, time.Microsecond) // the last row of a list says little
		if p.rows < before || p.rows > max(before, 2) {
			t.Errorf("%d rows a step become %d after a step of one", before, p.rows)
		}
	}
}
