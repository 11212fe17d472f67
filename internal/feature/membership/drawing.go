package membership

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// A drawing shows who is in what as two columns with lines between: those that
// are members, and their networks. Each column is put into the order in which
// lines cross least, by going to and fro between the two.

// What one drawing holds: beyond it, names can no longer be told apart.
const (
	mostMembers  = 60
	mostNetworks = 24
)

// Measures in units of the drawing.
const (
	nameWide = 280 // of a column of names
	between  = 220
	pitch    = 24 // from one line to the next
	margin   = 14
	longest  = 36 // marks of a name; the list has it whole
)

type spot struct {
	Node
	Y    int
	mean float64
}

type stroke struct {
	From, To int // places in the columns
	Valid    bool
}

type drawing struct {
	Members, Networks []spot
	Lines             []stroke
	Left              int // members that are not drawn
	High              int
	mirrored          bool
}

// draw lays a graph out; mirrored for scripts that run from right to left.
func (g Graph) draw(mirrored bool) (d drawing) {
	d.mirrored = mirrored
	names := map[string]Node{}
	for _, n := range g.Nodes {
		names[n.ID] = n
	}
	members, networks := map[string]int{}, map[string]int{}
	for _, e := range g.Edges {
		networks[e.To]++
	}
	shown := largest(networks, names, mostNetworks)
	for _, e := range g.Edges {
		if slices.Contains(shown, e.To) {
			members[e.From]++
		}
	}
	all := map[string]bool{}
	for _, e := range g.Edges {
		all[e.From] = true
	}
	drawn := largest(members, names, mostMembers)
	d.Left = len(all) - len(drawn)
	at := map[string]int{}
	for i, id := range drawn {
		at["m"+id] = i
		d.Members = append(d.Members, spot{Node: names[id]})
	}
	for i, id := range shown {
		at["n"+id] = i
		d.Networks = append(d.Networks, spot{Node: names[id]})
	}
	for _, e := range g.Edges {
		from, ok := at["m"+e.From]
		to, also := at["n"+e.To]
		if ok && also {
			d.Lines = append(d.Lines, stroke{from, to, e.Vote == string(Valid)})
		}
	}
	d.arrange()
	return d
}

// largest gives those with the highest counts, at most so many, by name where
// counts are the same.
func largest(counts map[string]int, names map[string]Node, most int) []string {
	list := make([]string, 0, len(counts))
	for id := range counts {
		list = append(list, id)
	}
	slices.SortFunc(list, func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(names[a].Name, names[b].Name), cmp.Compare(a, b))
	})
	return list[:min(most, len(list))]
}

// arrange puts each side into the order of the middle of what it is joined to,
// four times, and gives each its height.
func (d *drawing) arrange() {
	for range 4 {
		d.order(true)
		d.order(false)
	}
	rows := max(len(d.Members), len(d.Networks))
	d.High = rows*pitch + 2*margin
	place := func(list []spot) {
		for i := range list {
			list[i].Y = margin + pitch/2 + (2*i+1)*rows*pitch/(2*max(1, len(list))) - pitch/2
		}
	}
	place(d.Members)
	place(d.Networks)
}

func (d *drawing) order(members bool) {
	list := d.Networks
	if members {
		list = d.Members
	}
	sum, n := make([]float64, len(list)), make([]float64, len(list))
	for _, l := range d.Lines {
		here, there := l.To, l.From
		if members {
			here, there = l.From, l.To
		}
		sum[here] += float64(there)
		n[here]++
	}
	was := make([]int, len(list))
	for i := range list {
		was[i] = i
		list[i].mean = sum[i] / max(1, n[i])
	}
	slices.SortStableFunc(was, func(a, b int) int { return cmp.Compare(list[a].mean, list[b].mean) })
	sorted, now := make([]spot, len(list)), make([]int, len(list))
	for i, w := range was {
		sorted[i], now[w] = list[w], i
	}
	for i := range d.Lines {
		if members {
			d.Lines[i].From = now[d.Lines[i].From]
		} else {
			d.Lines[i].To = now[d.Lines[i].To]
		}
	}
	if members {
		d.Members = sorted
	} else {
		d.Networks = sorted
	}
}

// wide is the width of the drawing.
const wide = 2*nameWide + between

// x mirrors a place where the script runs from right to left.
func (d drawing) x(x int) string {
	if d.mirrored {
		x = wide - x
	}
	return strconv.Itoa(x)
}

// path is the line of a membership.
func (d drawing) path(l stroke) string {
	a, b := d.Members[l.From].Y, d.Networks[l.To].Y
	left, right := nameWide+10, nameWide+between-10
	bend := between / 2
	return "M" + d.x(left) + " " + strconv.Itoa(a) + "C" + d.x(left+bend) + " " + strconv.Itoa(a) + " " + d.x(right-bend) + " " + strconv.Itoa(b) + " " + d.x(right) + " " + strconv.Itoa(b)
}

// within lists the networks of the drawing with their members in it, as the
// list beside it says them.
func (d drawing) within(network int) (list []spot) {
	for _, l := range d.Lines {
		if l.To == network {
			list = append(list, d.Members[l.From])
		}
	}
	slices.SortFunc(list, func(a, b spot) int { return cmp.Compare(a.Y, b.Y) })
	return slices.CompactFunc(list, func(a, b spot) bool { return a.ID == b.ID })
}

// short is a name as far as there is room for it.
func short(name string) string {
	if r := []rune(name); len(r) > longest {
		return strings.TrimSpace(string(r[:longest-1])) + "…"
	}
	return name
}
