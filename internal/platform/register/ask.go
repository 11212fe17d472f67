package register

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
	"alliance/internal/platform/search"
)

// Query narrows the register: values by group, of which any is enough, and all
// groups together. Zero fields narrow nothing.
type Query struct {
	Kinds []string            // nothing else is looked at; none = all. Not a filter: its other values are not counted
	Asked map[string][]string // by group; ByKind among them
	Words string
	By    string // identifier of the organisation it is by
	Box   Box
}

// key names a query and who asks, as far as that changes the answer.
func (q Query) key(a people.Actor, now db.Instant) string {
	v := url.Values{"": slices.Sorted(slices.Values(q.Kinds)), "q": {q.Words}, "by": {q.By}, "box": {q.Box.String()}}
	for _, group := range slices.Sorted(maps.Keys(q.Asked)) {
		if len(q.Asked[group]) > 0 {
			v["."+group] = slices.Sorted(slices.Values(q.Asked[group]))
		}
	}
	return fmt.Sprint(reachOf(a), now.Time().Format("2006-01-02T15"), v.Encode())
}

// Box is a part of the Earth in degrees. West beyond east crosses the date
// line. The zero box is all of it.
type Box struct{ West, South, East, North float64 }

// ParseBox reads "west,south,east,north", as GeoJSON orders them. What is no
// such thing is no box.
func ParseBox(s string) Box {
	parts := strings.Split(s, ",")
	if len(parts) != 4 {
		return Box{}
	}
	var f [4]float64
	for i, p := range parts {
		var err error
		if f[i], err = strconv.ParseFloat(strings.TrimSpace(p), 64); err != nil || !(math.Abs(f[i]) <= 180) {
			return Box{}
		}
	}
	b := Box{f[0], f[1], f[2], f[3]}
	if b.South > b.North || b.South < -90 || b.North > 90 {
		return Box{}
	}
	return b
}

// Whole tells that the box leaves nothing out.
func (b Box) Whole() bool { return b == Box{} }

// Span is how far it reaches from west to east, in degrees.
func (b Box) Span() float64 {
	if b.Whole() {
		return 360
	}
	if b.East < b.West {
		return b.East - b.West + 360
	}
	return b.East - b.West
}

// String writes the box for an address, to a hundredth and never smaller than
// it is; "" for all of the Earth.
func (b Box) String() string {
	if b.Whole() {
		return ""
	}
	write := func(hundredths float64) string { return strconv.FormatFloat(hundredths/100+0, 'f', -1, 64) } // no "-0"
	low := func(f float64) string { return write(math.Floor(f*100 + 1e-6)) }
	high := func(f float64) string { return write(math.Ceil(f*100 - 1e-6)) }
	return low(b.West) + "," + low(b.South) + "," + high(b.East) + "," + high(b.North)
}

// Has tells whether a place stands in the box, as closely as it may be told; what
// stands nowhere is in no part of the Earth.
func (b Box) Has(p place.Place) bool {
	if b.Whole() {
		return true
	}
	p = p.Public()
	return p.Located() && b.holds(p.Lat, p.Lon)
}

func (b Box) holds(lat, lon float64) bool {
	if lat < b.South || lat > b.North {
		return false
	}
	if b.West <= b.East {
		return lon >= b.West && lon <= b.East
	}
	return lon >= b.West || lon <= b.East
}

// asking is a query as the register understands it; r.mu is held while it is used.
type asking struct {
	r      *Register
	q      Query
	reach  reach
	now    db.Instant
	by     int32
	box    bool
	only   map[string]bool // found by words; nil = all
	wanted []bool          // by number of the tag
	asked  uint64          // groups with a choice, as bits
	kinds  map[string]bool // ticked
	layers uint8           // ticked
	when   [2]bool         // ticked: coming, over
	bits   struct{ kind, when, layer uint64 }
}

// ask gives a query over a register that is up to date; done must be called.
func (r *Register) ask(ctx context.Context, a people.Actor, q Query) (n *asking, done func(), err error) {
	var only map[string]bool
	if q.Words != "" {
		kinds := q.Kinds
		if len(kinds) == 0 {
			kinds = r.kept()
		}
		ids, asked, err := search.Newest(ctx, r.db, q.Words, kinds...)
		if err != nil {
			return nil, nil, err
		}
		if asked {
			only = make(map[string]bool, len(ids))
			for _, id := range ids {
				only[id] = true
			}
		}
	}
	if err := r.fresh(ctx); err != nil {
		return nil, nil, err
	}
	r.mu.RLock()
	return r.asking(a, q, only, r.db.Now()), r.mu.RUnlock, nil
}

// asking reads a query; r.mu is held.
func (r *Register) asking(a people.Actor, q Query, only map[string]bool, now db.Instant) *asking {
	n := &asking{r: r, q: q, reach: reachOf(a), now: now, by: -1, box: !q.Box.Whole(), only: only, kinds: map[string]bool{}, wanted: make([]bool, len(r.tags))}
	n.bits.kind, n.bits.when, n.bits.layer = 1<<r.groups[ByKind], 1<<r.groups[ByWhen], 1<<r.groups[ByLayer]
	for group, values := range q.Asked {
		g, ok := r.groups[group]
		if !ok || len(values) == 0 {
			continue
		}
		n.asked |= 1 << g
		for _, v := range values {
			if at, ok := r.numbers[tag{g, v}]; ok {
				n.wanted[at] = true
			}
			switch group {
			case ByKind:
				n.kinds[v] = true
			case ByLayer:
				n.layers |= layerBit(v)
			case ByWhen:
				n.when[0], n.when[1] = n.when[0] || v == Coming, n.when[1] || v == Over
			}
		}
	}
	if q.By != "" {
		n.by = -2 // nobody
		if at, ok := r.owner[q.By]; ok {
			n.by = at
		}
	}
	return n
}

// shelves gives those in question, in the order of their names.
func (n *asking) shelves() (list []*shelf) {
	for _, name := range n.r.names {
		if len(n.q.Kinds) == 0 || slices.Contains(n.q.Kinds, name) {
			list = append(list, n.r.shelves[name])
		}
	}
	return list
}

const all = ^uint64(0)

// missing tells which groups of the query an entry does not meet, as bits; all
// of them when it is not in question at all.
func (n *asking) missing(s *shelf, o *row) uint64 {
	if o.reach > n.reach || n.by != -1 && (o.by != n.by || s.Name == organisation) {
		return all
	}
	if n.box && (o.spot < 0 || !n.q.Box.holds(o.lat, o.lon)) {
		return all
	}
	bits := n.asked
	if bits == 0 {
		return 0
	}
	for _, t := range o.tags {
		if n.wanted[t] {
			bits &^= 1 << n.r.tags[t].group
		}
	}
	if n.kinds[s.Name] {
		bits &^= n.bits.kind
	}
	if bits&n.bits.layer != 0 && n.layersOf(s, o)&n.layers != 0 {
		bits &^= n.bits.layer
	}
	if bits&n.bits.when != 0 && o.until != 0 && n.when[n.over(o)] {
		bits &^= n.bits.when
	}
	return bits
}

func (n *asking) over(o *row) int {
	if o.until <= n.now {
		return 1
	}
	return 0
}

func (n *asking) layersOf(s *shelf, o *row) uint8 {
	if s.Name == organisation && o.by >= 0 {
		return s.layer | n.r.owners[o.by].layers
	}
	return s.layer
}

// each calls with every row of a shelf that the words allow, and what it misses.
func (n *asking) each(s *shelf, call func(o *row, bits uint64)) {
	if n.only == nil {
		for i := range s.rows {
			call(&s.rows[i], n.missing(s, &s.rows[i]))
		}
		return
	}
	for id := range n.only {
		if i, ok := s.at[id]; ok {
			call(&s.rows[i], n.missing(s, &s.rows[i]))
		}
	}
}

// Counts are the numbers around a list.
type Counts struct {
	Total int
	More  bool                     // there are more: only the newest with the words were looked at
	By    map[string][]entry.Facet // by group, most first
}

// Shown is the total as pages say it: entry.CountCap+1 stands for more.
func (c Counts) Shown() int {
	if c.More && c.Total > 0 {
		return max(c.Total, entry.CountCap+1)
	}
	return c.Total
}

// Count gives how many meet the query, and the numbers beside the filters:
// each group is counted without its own choice, so that the others stay open.
func (r *Register) Count(ctx context.Context, a people.Actor, q Query) (Counts, error) {
	return r.counts.Get(ctx, r.db, q.key(a, r.db.Now()), func(ctx context.Context) (Counts, error) {
		n, done, err := r.ask(ctx, a, q)
		if err != nil {
			return Counts{}, err
		}
		defer done()
		return n.count(), nil
	})
}

func (n *asking) count() Counts {
	c := Counts{By: map[string][]entry.Facet{}, More: len(n.only) >= search.Limit}
	counts := make([]int, len(n.r.tags))
	var inLayer [8]int
	var when [2]int
	for _, s := range n.shelves() {
		ofKind := 0
		n.each(s, func(o *row, bits uint64) {
			if bits == 0 {
				c.Total++
				for _, t := range o.tags {
					counts[t]++
				}
			} else if bits&(bits-1) != 0 {
				return // more than one choice is not met
			} else {
				for _, t := range o.tags {
					if bits == 1<<n.r.tags[t].group {
						counts[t]++
					}
				}
			}
			if bits&^n.bits.kind == 0 {
				ofKind++
			}
			if bits&^n.bits.layer == 0 {
				for i, in := 0, n.layersOf(s, o); in != 0; i, in = i+1, in>>1 {
					inLayer[i] += int(in & 1)
				}
			}
			if bits&^n.bits.when == 0 && o.until != 0 {
				when[n.over(o)]++
			}
		})
		c.add(ByKind, s.Name, ofKind)
	}
	for t, count := range counts {
		c.add(n.r.grouped[n.r.tags[t].group], n.r.tags[t].value, count)
	}
	for i, l := range layers {
		c.add(ByLayer, l, inLayer[i])
	}
	c.add(ByWhen, Coming, when[0])
	c.add(ByWhen, Over, when[1])
	for _, list := range c.By {
		slices.SortFunc(list, func(a, b entry.Facet) int {
			return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
		})
	}
	return c
}

func (c *Counts) add(group, value string, count int) {
	if count > 0 {
		c.By[group] = append(c.By[group], entry.Facet{Value: value, Count: count})
	}
}

// Turn is a place in a list, as addresses name it: the last entry seen before,
// or the first one after.
type Turn struct{ After, Before string }

// Page is a part of a list by title.
type Page struct {
	Entries  []entry.Entry
	Previous bool
	Next     bool
}

// Page gives up to most entries after a place in the list, or before it. A
// place the actor may not know of is the beginning: it would betray a title.
func (r *Register) Page(ctx context.Context, a people.Actor, q Query, at Turn, most int) (p Page, err error) {
	from, back, err := r.from(ctx, a, at)
	if err != nil {
		return p, err
	}
	n, done, err := r.ask(ctx, a, q)
	if err != nil {
		return p, err
	}
	ids := n.page(from, back, most+1) // one more than asked, to know whether there is another page
	done()
	more := len(ids) > most
	if back {
		ids = ids[max(0, len(ids)-most):]
		p.Previous, p.Next = more, true
	} else {
		ids = ids[:min(len(ids), most)]
		p.Previous, p.Next = from != (entry.Cursor{}), more
	}
	found, err := entry.Many(ctx, r.db, ids)
	for _, id := range ids {
		if e, ok := found[id]; ok && e.Visible(a) {
			p.Entries = append(p.Entries, e)
		}
	}
	return p, err
}

func (r *Register) from(ctx context.Context, a people.Actor, at Turn) (from entry.Cursor, back bool, err error) {
	id := cmp.Or(at.Before, at.After)
	if id == "" {
		return from, false, nil
	}
	seen, err := entry.Many(ctx, r.db, []string{id})
	if e, ok := seen[id]; ok && r.Has(e.Kind) && e.Visible(a) {
		return e.Cursor(), at.Before != "", nil
	}
	return from, false, err
}

func (n *asking) page(from entry.Cursor, back bool, most int) (ids []string) {
	var runs []run
	for _, s := range n.shelves() {
		if r := n.run(s, from, back); r.next() {
			runs = append(runs, r)
		}
	}
	for len(runs) > 0 && len(ids) < most {
		best := 0
		for i := 1; i < len(runs); i++ {
			if c := runs[i].row().compare(runs[best].row().key, runs[best].row().id); c < 0 != back && c != 0 {
				best = i
			}
		}
		ids = append(ids, runs[best].row().id)
		if !runs[best].next() {
			runs = slices.Delete(runs, best, best+1)
		}
	}
	if back {
		slices.Reverse(ids)
	}
	return ids
}

// run walks the rows of a shelf that meet the query, in order or back.
type run struct {
	n     *asking
	s     *shelf
	order []int32
	i     int
	step  int
}

func (n *asking) run(s *shelf, from entry.Cursor, back bool) run {
	r := run{n: n, s: s, order: s.order, i: -1, step: 1}
	if n.only != nil {
		r.order = nil
		for id := range n.only {
			if i, ok := s.at[id]; ok {
				r.order = append(r.order, i)
			}
		}
		slices.SortFunc(r.order, func(a, b int32) int { return s.rows[a].compare(s.rows[b].key, s.rows[b].id) })
	}
	if from != (entry.Cursor{}) {
		i, found := slices.BinarySearchFunc(r.order, from.ID, func(at int32, id string) int { return s.rows[at].compare(from.Key, id) })
		if r.i = i - 1; found && !back {
			r.i = i
		}
	}
	if back {
		r.step, r.i = -1, r.i+1
	}
	return r
}

func (r *run) row() *row { return &r.s.rows[r.order[r.i]] }

func (r *run) next() bool {
	for r.i += r.step; r.i >= 0 && r.i < len(r.order); r.i += r.step {
		if r.n.missing(r.s, r.row()) == 0 {
			return true
		}
	}
	return false
}
