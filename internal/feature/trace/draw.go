package trace

import "sort"

// Drawing is a lineage laid out in layers, sources on top: pure geometry, in
// the units of the SVG. Boxes carry numbers, and the list under the drawing
// carries the same numbers with the titles: the list is the primary, the
// drawing shows the shape.
type Drawing struct {
	Width, Height int
	Boxes         []Box
	Threads       []Thread
}

// Box is an entry.
type Box struct {
	Entry  string
	Number int
	Root   bool // the entry the page is about
	Open   bool // ended without descendant: drawn with an open end
	X, Y   int  // top left corner
}

// Thread joins a parent to a child.
type Thread struct {
	Parent, Child  string
	X1, Y1, X2, Y2 int
	Certain        bool
}

// Sizes fit four boxes beside each other on a phone of 320 px.
const (
	boxWidth  = 64
	boxHeight = 44
	gapX      = 14
	gapY      = 56
	margin    = 8
)

// Edge is a derivation seen from one parent and one child.
type Edge struct {
	Parent, Child string
	Certain       bool
}

// Layers puts each entry one layer below its lowest parent and orders each
// layer so that threads cross little (barycentre, two sweeps). Entries are
// numbered from the top, as they are read.
func Layers(entries []string, edges []Edge) [][]string {
	parents, children := map[string][]string{}, map[string][]string{}
	for _, e := range edges {
		parents[e.Child] = append(parents[e.Child], e.Parent)
		children[e.Parent] = append(children[e.Parent], e.Child)
	}
	depth := map[string]int{}
	var dive func(e string, seen map[string]bool) int
	dive = func(e string, seen map[string]bool) int {
		if d, ok := depth[e]; ok {
			return d
		}
		if seen[e] {
			return 0 // the graph is acyclic by construction; a hostile copy must not hang us
		}
		seen[e] = true
		d := 0
		for _, p := range parents[e] {
			d = max(d, dive(p, seen)+1)
		}
		delete(seen, e)
		depth[e] = d
		return d
	}
	deepest := 0
	for _, e := range entries {
		deepest = max(deepest, dive(e, map[string]bool{}))
	}
	// A source stands just above its first child, not on top of everything.
	for _, e := range entries {
		if len(parents[e]) == 0 && len(children[e]) > 0 {
			nearest := deepest
			for _, c := range children[e] {
				nearest = min(nearest, depth[c])
			}
			depth[e] = max(0, nearest-1)
		}
	}
	layers := make([][]string, deepest+1)
	for _, e := range entries {
		layers[depth[e]] = append(layers[depth[e]], e)
	}
	place := map[string]float64{}
	note := func(layer []string) {
		for i, e := range layer {
			place[e] = float64(i) - float64(len(layer)-1)/2
		}
	}
	for _, l := range layers {
		note(l)
	}
	sweep := func(layer []string, near map[string][]string) {
		weight := map[string]float64{}
		for _, e := range layer {
			weight[e] = place[e]
			if len(near[e]) > 0 {
				sum := 0.0
				for _, n := range near[e] {
					sum += place[n]
				}
				weight[e] = sum / float64(len(near[e]))
			}
		}
		sort.SliceStable(layer, func(i, j int) bool { return weight[layer[i]] < weight[layer[j]] })
		note(layer)
	}
	for range 2 {
		for i := len(layers) - 1; i >= 0; i-- {
			sweep(layers[i], children)
		}
		for _, l := range layers {
			sweep(l, parents)
		}
	}
	return layers
}

// Draw lays a graph out. open marks entries whose story ended.
func Draw(root string, entries []string, edges []Edge, open map[string]bool) Drawing {
	layers := Layers(entries, edges)
	widest := 1
	for _, l := range layers {
		widest = max(widest, len(l))
	}
	d := Drawing{Width: 2*margin + widest*boxWidth + (widest-1)*gapX, Height: 2*margin + len(layers)*boxHeight + (len(layers)-1)*gapY}
	at := map[string]Box{}
	number := 0
	for y, layer := range layers {
		width := len(layer)*boxWidth + (len(layer)-1)*gapX
		x := (d.Width - width) / 2
		for _, e := range layer {
			number++
			b := Box{Entry: e, Number: number, Root: e == root, Open: open[e], X: x, Y: margin + y*(boxHeight+gapY)}
			at[e] = b
			d.Boxes = append(d.Boxes, b)
			x += boxWidth + gapX
		}
	}
	for _, e := range edges {
		p, okP := at[e.Parent]
		c, okC := at[e.Child]
		if okP && okC {
			d.Threads = append(d.Threads, Thread{Parent: e.Parent, Child: e.Child, Certain: e.Certain,
				X1: p.X + boxWidth/2, Y1: p.Y + boxHeight, X2: c.X + boxWidth/2, Y2: c.Y})
		}
	}
	return d
}
