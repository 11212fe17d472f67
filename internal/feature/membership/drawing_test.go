package membership

import (
	"fmt"
	"slices"
	"testing"
)

func graphOf(edges ...[2]string) (g Graph) {
	seen := map[string]bool{}
	for i, e := range edges {
		for _, id := range e {
			if !seen[id] {
				seen[id] = true
				g.Nodes = append(g.Nodes, Node{ID: id, Name: id})
			}
		}
		g.Edges = append(g.Edges, Edge{ID: fmt.Sprint(i), From: e[0], To: e[1], Vote: string(Valid)})
	}
	return g
}

func crossings(d drawing) (n int) {
	for i, a := range d.Lines {
		for _, b := range d.Lines[i+1:] {
			if (a.From-b.From)*(a.To-b.To) < 0 {
				n++
			}
		}
	}
	return n
}

// Every membership is a line between its two, the list says the same, and lines
// that need not cross do not.
func TestDrawingSaysWhatTheGraphSays(t *testing.T) {
	edges := [][2]string{{"a", "X"}, {"b", "Y"}, {"c", "X"}, {"d", "Y"}, {"e", "Z"}, {"f", "Z"}, {"X", "Z"}}
	g := graphOf(edges...)
	for _, mirrored := range []bool{false, true} {
		d := g.draw(mirrored)
		var got [][2]string
		for i, n := range d.Networks {
			for _, m := range d.within(i) {
				got = append(got, [2]string{m.ID, n.ID})
			}
		}
		if len(got) != len(edges) || len(d.Lines) != len(edges) || d.Left != 0 {
			t.Errorf("%d lines, %d in the list, %d left out", len(d.Lines), len(got), d.Left)
		}
		for _, e := range edges {
			if !slices.Contains(got, e) {
				t.Errorf("%v is not drawn", e)
			}
		}
		if n := crossings(d); n > 0 {
			t.Errorf("%d crossings", n)
		}
	}
	if a, b := g.draw(false), g.draw(true); a.x(nameWide) == b.x(nameWide) || a.path(a.Lines[0]) == b.path(b.Lines[0]) {
		t.Error("nothing is mirrored")
	}
	if d := (Graph{}).draw(false); len(d.Lines) != 0 {
		t.Error("lines out of nothing")
	}
}

// A large graph is drawn as far as names can be read, the largest first.
func TestDrawingIsBounded(t *testing.T) {
	var edges [][2]string
	for i := range 3000 {
		edges = append(edges, [2]string{fmt.Sprintf("o%04d", i%700), fmt.Sprintf("N%02d", (i*i+i/7)%40)})
	}
	d := graphOf(edges...).draw(false)
	if len(d.Members) != mostMembers || len(d.Networks) != mostNetworks || d.Left != 700-mostMembers {
		t.Errorf("%d members, %d networks, %d left", len(d.Members), len(d.Networks), d.Left)
	}
	ys := map[int]bool{}
	for _, s := range d.Members {
		if ys[s.Y] || s.Y < margin || s.Y > d.High-margin {
			t.Fatalf("%d of %d", s.Y, d.High)
		}
		ys[s.Y] = true
	}
}
