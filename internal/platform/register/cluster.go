package register

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"

	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
)

// Cluster is one or more entries that stand close together on a map.
type Cluster struct {
	Lat, Lon float64 // of the only place; else the middle of all that stand in it
	Box      Box     // that holds all of them
	Count    int
	ID       string        // of the only one, else ""
	Kind     string        // of entry, where all are of one, else ""
	Strand   string        // kind of organisation that all are, or are by, else ""
	Places   []place.Place // at most three, those with most first
	More     int           // further places
	Vague    bool          // all are told by their country only: an area, no point
}

// Drawing is what a map shows of a query: each entry that has a place is in
// one cluster and no other.
type Drawing struct {
	Clusters []Cluster
	Placed   int // entries in them
	Unplaced int // entries of the query that are nowhere: only a list shows them
}

// Draw gathers what meets a query into clusters, as many across the box as
// asked.
func (r *Register) Draw(ctx context.Context, a people.Actor, q Query, across int) (Drawing, error) {
	across = min(max(across, 1), 200)
	return r.drawn.Get(ctx, r.db, strconv.Itoa(across)+q.key(a, r.db.Now()), func(ctx context.Context) (Drawing, error) {
		n, done, err := r.ask(ctx, a, q)
		if err != nil {
			return Drawing{}, err
		}
		defer done()
		return n.draw(across), nil
	})
}

// standing is what stands at one spot.
type standing struct {
	count        int
	id           string
	kind, strand string
	mixed, torn  bool // kinds, strands
}

func (n *asking) draw(across int) (d Drawing) {
	at := make([]standing, len(n.r.spots))
	for _, s := range n.shelves() {
		n.each(s, func(o *row, bits uint64) {
			if bits != 0 {
				return
			}
			if o.spot < 0 {
				d.Unplaced++
				return
			}
			d.Placed++
			at[o.spot].add(s.Name, n.strand(s, o), o.id)
		})
	}
	d.Clusters = n.gather(at, across)
	return d
}

func (n *asking) strand(s *shelf, o *row) string {
	switch {
	case s.Name == organisation:
		return n.r.tags[o.class].value
	case o.by >= 0:
		return n.r.owners[o.by].class
	}
	return ""
}

func (x *standing) add(kind, strand, id string) {
	if x.count == 0 {
		x.kind, x.strand, x.id = kind, strand, id
	}
	x.mixed = x.mixed || x.kind != kind
	x.torn = x.torn || x.strand != strand
	x.count++
}

// heap is a cluster in the making; west is where longitudes are told from.
type heap struct {
	standing
	spots    []int32
	lat, lon float64 // sums
	box      Box     // longitudes from the west of the map on
}

// gather lays a grid over the map: what falls into one cell is one cluster.
// Those told by their country only keep to themselves, for they stand nowhere.
func (n *asking) gather(at []standing, across int) []Cluster {
	west, wide := -180.0, n.q.Box.Span()
	if n.box {
		west = n.q.Box.West
	}
	cell := max(wide/float64(across), 1e-6)
	type key struct {
		x, y  int
		vague bool
	}
	heaps := map[key]*heap{}
	for i := range at {
		if at[i].count == 0 {
			continue
		}
		p := n.r.spots[i]
		lon := p.Lon - west
		if lon < 0 {
			lon += 360
		}
		k := key{int(lon / cell), int(math.Floor(p.Lat / (cell * .7))), p.Precision == place.InCountry}
		h := heaps[k]
		if h == nil {
			h = &heap{standing: standing{kind: at[i].kind, strand: at[i].strand, id: at[i].id}, box: Box{lon, p.Lat, lon, p.Lat}}
			heaps[k] = h
		}
		h.put(int32(i), at[i], p.Lat, lon)
	}
	list := make([]Cluster, 0, len(heaps))
	for k, h := range heaps {
		list = append(list, h.cluster(n, at, west, k.vague))
	}
	slices.SortFunc(list, func(a, b Cluster) int { // north to south, the same each time
		return cmp.Or(cmp.Compare(b.Lat, a.Lat), cmp.Compare(a.Lon, b.Lon), cmp.Compare(a.Box.West, b.Box.West))
	})
	return list
}

func (h *heap) put(spot int32, s standing, lat, lon float64) {
	h.mixed = h.mixed || s.mixed || s.kind != h.kind
	h.torn = h.torn || s.torn || s.strand != h.strand
	h.count += s.count
	h.spots = append(h.spots, spot)
	h.lat, h.lon = h.lat+lat*float64(s.count), h.lon+lon*float64(s.count)
	h.box = Box{min(h.box.West, lon), min(h.box.South, lat), max(h.box.East, lon), max(h.box.North, lat)}
}

func (h *heap) cluster(n *asking, at []standing, west float64, vague bool) Cluster {
	c := Cluster{Lat: round(h.lat / float64(h.count)), Lon: turned(h.lon/float64(h.count) + west), Count: h.count, Vague: vague,
		Box: Box{turned(h.box.West + west), h.box.South, turned(h.box.East + west), h.box.North}}
	if len(h.spots) == 1 {
		p := n.r.spots[h.spots[0]]
		c.Lat, c.Lon, c.Box = p.Lat, p.Lon, Box{p.Lon, p.Lat, p.Lon, p.Lat}
	}
	if h.count == 1 {
		c.ID = h.id
	}
	if !h.mixed {
		c.Kind = h.kind
	}
	if !h.torn {
		c.Strand = h.strand
	}
	slices.SortFunc(h.spots, func(a, b int32) int { return cmp.Or(cmp.Compare(at[b].count, at[a].count), cmp.Compare(a, b)) })
	c.More = max(0, len(h.spots)-3)
	for _, i := range h.spots[:min(3, len(h.spots))] {
		c.Places = append(c.Places, n.r.spots[i])
	}
	return c
}

// turned brings a longitude between -180 and 180.
func turned(lon float64) float64 {
	if lon > 180 {
		lon -= 360
	}
	return round(lon)
}

// round keeps ten metres, as place.Public does.
func round(degrees float64) float64 { return math.Round(degrees*1e4) / 1e4 }
