package trace

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

func TestDrawMergesDownwards(t *testing.T) {
	d := Draw("c", []string{"a", "b", "c", "d"}, []Edge{{"a", "c", true}, {"b", "c", true}, {"c", "d", false}}, nil)
	at := map[string]Box{}
	for _, b := range d.Boxes {
		at[b.Entry] = b
	}
	if !(at["a"].Y == at["b"].Y && at["a"].Y < at["c"].Y && at["c"].Y < at["d"].Y) {
		t.Errorf("layers: %+v", d.Boxes)
	}
	if !at["c"].Root || at["a"].Root {
		t.Error("the root is not marked")
	}
	if len(d.Threads) != 3 || d.Threads[2].Certain {
		t.Errorf("threads: %+v", d.Threads)
	}
}

// Whatever the graph: every entry has its own place, parents stand above
// children, and numbers run from 1 without a gap.
func TestDrawAnyGraph(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 30).Draw(t, "n")
		entries := make([]string, n)
		for i := range entries {
			entries[i] = fmt.Sprint("e", i)
		}
		var edges []Edge
		for range rapid.IntRange(0, 40).Draw(t, "edges") {
			i := rapid.IntRange(0, n-1).Draw(t, "i")
			j := rapid.IntRange(0, n-1).Draw(t, "j")
			if i < j { // acyclic by order
				edges = append(edges, Edge{entries[i], entries[j], true})
			}
		}
		d := Draw(entries[0], entries, edges, nil)
		if len(d.Boxes) != n {
			t.Fatalf("%d boxes for %d entries", len(d.Boxes), n)
		}
		taken := map[[2]int]bool{}
		y := map[string]int{}
		for i, b := range d.Boxes {
			if b.Number != i+1 || taken[[2]int{b.X, b.Y}] || b.X < 0 || b.X+boxWidth > d.Width || b.Y+boxHeight > d.Height {
				t.Fatalf("box %+v in %dx%d", b, d.Width, d.Height)
			}
			taken[[2]int{b.X, b.Y}] = true
			y[b.Entry] = b.Y
		}
		for _, e := range edges {
			if y[e.Parent] >= y[e.Child] {
				t.Fatalf("%s is not above %s", e.Parent, e.Child)
			}
		}
	})
}
