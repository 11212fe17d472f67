package directory

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
)

// register is what the filters ask and the map shows of every published
// organisation, kept in memory: about 200 bytes each. Counting beside five
// groups of filters, with any of them ticked, then takes milliseconds among a
// hundred thousand, where a database reads its indexes for a second.
//
// It is never behind: each question first asks whether anything was written,
// and the journal, which every change of an entry is told to in one order for
// all nodes, names the organisations to read again.
type register struct {
	reading sync.Mutex // one reads the database at a time

	mu      sync.RWMutex
	version int64 // of the data when it was last read
	told    int64 // the last line of the journal that is in it
	loaded  bool
	rows    []row
	at      map[string]int32 // organisation → place in rows
	order   []int32          // rows by sort key, as lists show them
	tags    []tag
	numbers map[tag]uint16
	spots   []place.Place
	spot    map[place.Place]int32 // of places as kept, and as shown
}

// row is one organisation. A row that is gone reaches nobody.
type row struct {
	id, key string
	tags    []uint16
	lat     float64 // as kept, for boxes; what is shown is rounded
	lon     float64
	spot    int32 // -1 = none
	reach   reach
}

// reach is who may know of an organisation in lists.
type reach uint8

const (
	everybody reach = iota
	members
	steering
	nobody
)

func reachOf(a people.Actor) reach {
	switch {
	case a.Is(people.Coordinator) || a.Is(people.Committee):
		return steering
	case a.For() != "":
		return members
	}
	return everybody
}

// groups of filters.
const (
	byKind = iota
	byCountry
	byAxis
	byTheme
	byLanguage
	groups
)

type tag struct {
	group uint8
	value string
}

// fresh reads what changed since the last question.
func (r *register) fresh(ctx context.Context, d *db.DB) error {
	version := d.Version()
	r.mu.RLock()
	known := r.loaded && r.version >= version
	r.mu.RUnlock()
	if known {
		return nil
	}
	r.reading.Lock()
	defer r.reading.Unlock()
	if version = d.Version(); r.loaded && r.version >= version {
		return nil
	}
	// The head first: what is told while the rows are read is read once more.
	head, err := db.One(ctx, d, db.Value[int64], `SELECT n FROM journal_head WHERE one = 1`)
	if err != nil {
		return err
	}
	var changed []string
	if r.loaded && head > r.told {
		if changed, err = db.All(ctx, d, db.Value[string], `SELECT DISTINCT subject FROM journal WHERE n > $1 AND n <= $2 AND kind = $3`, r.told, head, Kind); err != nil {
			return err
		}
	}
	whole := !r.loaded || len(changed) > 2000
	var read []row
	if whole || len(changed) > 0 {
		if read, err = r.read(ctx, d, changed, whole); err != nil {
			return err
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if whole {
		r.take(read)
	} else {
		r.change(read, changed)
	}
	r.version, r.told, r.loaded = version, head, true
	return nil
}

// read reads rows: the whole register, or what changed.
func (r *register) read(ctx context.Context, d *db.DB, changed []string, whole bool) (rows []row, err error) {
	if whole {
		changed = []string{""}
	}
	at := map[string]int{}
	for len(changed) > 0 {
		some := changed[:min(len(changed), 200)]
		changed = changed[len(some):]
		var w, side db.Where
		w.And("e.kind = ?", Kind)
		w.And("e.state = ?", string(entry.Published))
		if !whole {
			w.In("e.id", some)
			side.In("s.entry", some)
		}
		if _, err = db.All(ctx, d, func(x db.Row) (struct{}, error) {
			o, err := r.scan(x)
			at[o.id], rows = len(rows), append(rows, o)
			return struct{}{}, err
		}, `SELECT e.id, e.title_key, e.class, e.audience, e.place, e.country, e.lat, e.lon, e.precision_ FROM entry e`+w.SQL(), w.Args()...); err != nil {
			return nil, err
		}
		for _, of := range []struct {
			group uint8
			from  string
		}{{byAxis, "axis FROM organisation_axis"}, {byTheme, "theme FROM entry_theme"}, {byLanguage, "language FROM organisation_language"}} {
			if _, err = db.All(ctx, d, func(x db.Row) (struct{}, error) {
				p, err := scanPair(x)
				if i, ok := at[p.entry]; ok {
					rows[i].tags = append(rows[i].tags, r.number(tag{of.group, p.value}))
				}
				return struct{}{}, err
			}, `SELECT s.entry, s.`+of.from+` s`+side.SQL(), side.Args()...); err != nil {
				return nil, err
			}
		}
	}
	return rows, nil
}

func (r *register) scan(x db.Row) (o row, err error) {
	var class string
	var audience entry.Audience
	var at place.Place
	var precision int
	if err = x.Scan(&o.id, &o.key, &class, &audience, &at.Name, &at.Country, &at.Lat, &at.Lon, &precision); err != nil {
		return o, err
	}
	at.Precision = place.Precision(precision)
	o.tags = append(make([]uint16, 0, 8), r.number(tag{byKind, class}), r.number(tag{byCountry, at.Country}))
	switch audience {
	case entry.Public:
		o.reach = everybody
	case entry.Members:
		o.reach = members
	default:
		o.reach = steering
	}
	o.lat, o.lon, o.spot = at.Lat, at.Lon, -1
	if precision <= 0 {
		o.lat, o.lon = nowhere, nowhere
	} else {
		o.spot = r.spotOf(at)
	}
	return o, nil
}

// nowhere is in no box.
const nowhere = 1000

// take puts a whole reading in the place of what was; r.mu is held.
func (r *register) take(rows []row) {
	r.rows, r.at, r.order = rows, make(map[string]int32, len(rows)), make([]int32, len(rows))
	for i := range rows {
		r.at[rows[i].id], r.order[i] = int32(i), int32(i)
	}
	slices.SortFunc(r.order, func(a, b int32) int { return rows[a].compare(rows[b].key, rows[b].id) })
}

// change takes over what changed; r.mu is held.
func (r *register) change(rows []row, changed []string) {
	for _, id := range changed { // those that are not found any more are gone
		if i, ok := r.at[id]; ok {
			at, _ := r.position(r.rows[i].key, id)
			r.order = slices.Delete(r.order, at, at+1)
			delete(r.at, id)
			r.rows[i] = row{reach: nobody}
		}
	}
	for _, o := range rows {
		at, _ := r.position(o.key, o.id)
		r.at[o.id] = int32(len(r.rows))
		r.order = slices.Insert(r.order, at, int32(len(r.rows)))
		r.rows = append(r.rows, o)
	}
	if len(r.rows) > 2*len(r.order)+1000 { // mostly gaps
		r.take(slices.DeleteFunc(r.rows, func(o row) bool { return o.reach == nobody }))
	}
}

func (r *register) position(key, id string) (int, bool) {
	return slices.BinarySearchFunc(r.order, id, func(at int32, id string) int { return r.rows[at].compare(key, id) })
}

func (o *row) compare(key, id string) int {
	return cmp.Or(cmp.Compare(o.key, key), cmp.Compare(o.id, id))
}

// number gives the number of a tag. Numbers are never taken back.
func (r *register) number(t tag) uint16 {
	r.mu.Lock()
	defer r.mu.Unlock()
	n, ok := r.numbers[t]
	if !ok {
		if r.numbers == nil {
			r.numbers = map[tag]uint16{}
		}
		n = uint16(len(r.tags))
		r.numbers[t], r.tags = n, append(r.tags, t)
	}
	return n
}

// spotOf gives the number of what may be shown of a place, -1 = nothing. Many
// organisations are in one town, which is looked for once.
func (r *register) spotOf(kept place.Place) int32 {
	r.mu.RLock()
	n, ok := r.spot[kept]
	r.mu.RUnlock()
	if ok {
		return n
	}
	p := kept.Public()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.spot == nil {
		r.spot = map[place.Place]int32{}
	}
	if p.Precision == place.None {
		n = -1
	} else if n, ok = r.spot[p]; !ok || n < 0 {
		n = int32(len(r.spots))
		r.spots = append(r.spots, p)
	}
	r.spot[kept] = n
	if n >= 0 {
		r.spot[p] = n
	}
	return n
}

// narrow is a query as the register understands it; r.mu is held while it is used.
type narrow struct {
	r      *register
	reach  reach
	box    box
	only   map[string]bool // found by words; nil = all
	wanted []bool          // by number of the tag
	ask    [groups]bool    // groups with a choice
}

func (r *register) narrow(a people.Actor, q query, only map[string]bool) narrow {
	n := narrow{r: r, reach: reachOf(a), box: q.Box, only: only, wanted: make([]bool, len(r.tags))}
	for group, values := range [groups][]string{q.Kinds, q.Countries, q.Axes, q.Themes, q.Languages} {
		for _, v := range values {
			n.ask[group] = true
			if at, ok := r.numbers[tag{uint8(group), v}]; ok {
				n.wanted[at] = true
			}
		}
	}
	return n
}

// missing tells which groups of the query an organisation does not meet, as
// bits; all of them when it is not in question at all.
func (n *narrow) missing(o *row) (bits uint8) {
	const all = 1<<groups - 1
	if o.reach > n.reach || n.only != nil && !n.only[o.id] {
		return all
	}
	// The address rounds to a hundredth.
	if b := n.box; b != (box{}) && !(o.lat >= b.South-.006 && o.lat <= b.North+.006 && o.lon >= b.West-.006 && o.lon <= b.East+.006) {
		return all
	}
	for group, asked := range n.ask {
		if asked {
			bits |= 1 << group
		}
	}
	for _, t := range o.tags {
		if n.wanted[t] {
			bits &^= 1 << n.r.tags[t].group
		}
	}
	return bits
}

// count gives how many meet the query, and the numbers beside the filters:
// each group is counted without its own choice, so that the others stay open.
func (n *narrow) count() (total int, f facets) {
	counts := make([]int, len(n.r.tags))
	for i := range n.r.rows {
		o := &n.r.rows[i]
		bits := n.missing(o)
		if bits == 0 {
			total++
			for _, t := range o.tags {
				counts[t]++
			}
			continue
		}
		if bits&(bits-1) != 0 {
			continue // more than one choice is not met
		}
		for _, t := range o.tags {
			if bits == 1<<n.r.tags[t].group {
				counts[t]++
			}
		}
	}
	for t, count := range counts {
		if count == 0 {
			continue
		}
		of := n.r.tags[t]
		into := [groups]*[]entry.Facet{&f.Kinds, &f.Countries, &f.Axes, &f.Themes, &f.Languages}[of.group]
		*into = append(*into, entry.Facet{Value: of.value, Count: count})
	}
	for _, list := range [][]entry.Facet{f.Kinds, f.Countries, f.Axes, f.Themes, f.Languages} {
		slices.SortFunc(list, func(a, b entry.Facet) int {
			return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
		})
	}
	return total, f
}

// page gives up to most organisations after or before a place in the list,
// those before it nearest last.
func (n *narrow) page(from entry.Cursor, back bool, most int) (ids []string) {
	r := n.r
	i, step := 0, 1
	if from != (entry.Cursor{}) {
		var found bool
		i, found = r.position(from.Key, from.ID)
		if back {
			i--
		} else if found {
			i++
		}
	}
	if back {
		step = -1
	}
	for ; i >= 0 && i < len(r.order) && len(ids) < most; i += step {
		if o := &r.rows[r.order[i]]; n.missing(o) == 0 {
			ids = append(ids, o.id)
		}
	}
	if back {
		slices.Reverse(ids)
	}
	return ids
}

// onMap gives where those that meet the query stand, most first.
func (n *narrow) onMap() (list []entry.Spot) {
	type key struct {
		spot int32
		kind uint16
	}
	at := map[key]int{}
	for i := range n.r.rows {
		o := &n.r.rows[i]
		if o.spot < 0 || n.missing(o) != 0 {
			continue
		}
		k := key{o.spot, o.tags[0]} // the kind comes first
		j, ok := at[k]
		if !ok {
			j = len(list)
			at[k] = j
			list = append(list, entry.Spot{Place: n.r.spots[o.spot], Class: n.r.tags[k.kind].value, ID: o.id})
		}
		list[j].Count++
		list[j].ID = min(list[j].ID, o.id)
	}
	slices.SortFunc(list, func(a, b entry.Spot) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Class, b.Class), cmp.Compare(a.Place.Country, b.Place.Country),
			cmp.Compare(a.Place.Name, b.Place.Name), cmp.Compare(a.Place.Lat, b.Place.Lat), cmp.Compare(a.ID, b.ID))
	})
	return list[:min(len(list), mostSpots)]
}

// mostSpots bounds what a map draws.
const mostSpots = 5000

// asking gives a query over a register that is up to date; done must be called.
func (d *Directory) asking(ctx context.Context, a people.Actor, q query) (n narrow, done func(), err error) {
	only, err := d.found(ctx, q)
	if err != nil {
		return n, nil, err
	}
	if err := d.register.fresh(ctx, d.DB); err != nil {
		return n, nil, err
	}
	d.register.mu.RLock()
	return d.register.narrow(a, q, only), d.register.mu.RUnlock, nil
}

// warm reads the register before the first visitor comes.
func (d *Directory) warm(ctx context.Context, _ string) error {
	go func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
		defer cancel()
		if err := d.register.fresh(ctx, d.DB); err != nil {
			d.Log.Warn("the register of organisations will be read when somebody asks", "err", err)
		}
	}()
	return nil
}
