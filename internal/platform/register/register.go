// Package register keeps in memory what filters ask and the map shows of every
// published entry that lists and the map hold: about 200 bytes each.
//
// The one idea: a database that counts beside many groups of filters, with any
// of them ticked, reads its indexes for a second among a hundred thousand
// entries; a walk over rows of small numbers takes milliseconds. The register
// is never behind: each question first asks whether anything was written, and
// the journal, which every change of an entry is told to in one order for all
// nodes, names the entries to read again.
//
// Lists, the counts beside their filters, the map and its clusters are answered
// here and nowhere else, for all kinds. Places are in it as their people allow
// them to be told (place.Public) and no closer, so that no box can close in on
// one. Titles and texts are not: they are read for the page that shows them.
package register

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
)

// Groups of filters that every kind has. Kinds add their own by name.
const (
	ByKind     = "kind"  // of entry
	ByWhen     = "when"  // Coming or Over, of what has dates
	ByLayer    = "layer" // Welcome or Alliance
	ByClass    = "class"
	ByCountry  = "country"
	ByAxis     = "axis"
	ByTheme    = "theme"
	ByLanguage = "language"
)

// Values of ByWhen.
const (
	Coming = "coming"
	Over   = "over"
)

// Layers the report asks of the map. An organisation is in a layer when it is
// asked for (Engaged), or when something of a kind of that layer is by it.
const (
	Welcome  = "welcome"  // engaged in welcome
	Alliance = "alliance" // engaged in the alliance
)

var layers = []string{Welcome, Alliance}

// organisation is the kind of entry whose identifier others are by.
const organisation = "organisation"

// Kind says what the register reads of a kind of entry beyond what all share.
type Kind struct {
	Name    string
	Answers map[string]string // names of answers (record_value) that narrow → the group each is counted in
	Beside  []Beside          // tables of the kind's own
	Until   *Beside           // when it is over, microseconds; nil = it has no dates
	Layer   string            // the layer all of this kind are in, "" for none
}

// Beside reads a group from a table of the kind's own, over alias s.
type Beside struct {
	Group string
	Value string // "s.axis"; of Until, an aggregate
	From  string // "organisation_axis s"
	Entry string // column that names the entry; "" = "s.entry"
	Words bool   // several values, between spaces
}

func (b Beside) entry() string { return cmp.Or(b.Entry, "s.entry") }

// Register is the memory. Kinds are kept before the first question.
type Register struct {
	db  *db.DB
	log *slog.Logger

	// Engaged gives the organisations of a layer that say so elsewhere; nil = none.
	Engaged map[string]func(context.Context, db.Q) ([]string, error)

	kinds   map[string]Kind
	reading sync.Mutex // one reads the database at a time
	counts  db.Memo[Counts]
	drawn   db.Memo[Drawing]

	mu      sync.RWMutex
	version int64 // of the data when it was last read
	told    int64 // the last line of the journal that is in it
	loaded  bool
	shelves map[string]*shelf // by kind
	names   []string          // of kinds, sorted
	groups  map[string]uint8
	grouped []string // by number of the group
	tags    []tag
	numbers map[tag]uint16
	spots   []place.Place
	spot    map[place.Place]int32 // of places as kept, and as shown
	owners  []owner
	owner   map[string]int32 // organisation → its number
}

// shelf holds the entries of one kind.
type shelf struct {
	Kind
	rows  []row
	at    map[string]int32 // entry → place in rows
	order []int32          // rows by sort key, as lists show them
	layer uint8
}

// row is one entry. A row that is gone reaches nobody.
type row struct {
	id, key string
	tags    []uint16
	class   uint16 // number of the tag, 0 = none
	reach   reach
	lat     float64 // as shown
	lon     float64
	spot    int32 // -1 = none
	by      int32 // number of the organisation it is by, or is; -1 = none
	until   db.Instant
}

// owner is an organisation things are by.
type owner struct {
	class  string // as everybody may know of it
	layers uint8
}

// reach is who may know of an entry in lists.
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

type tag struct {
	group uint8
	value string
}

// most groups of filters there may be: one bit each.
const mostGroups = 64

// New gives an empty register.
func New(d *db.DB, log *slog.Logger) *Register {
	r := &Register{db: d, log: log, kinds: map[string]Kind{}, Engaged: map[string]func(context.Context, db.Q) ([]string, error){},
		groups: map[string]uint8{}, numbers: map[tag]uint16{}, tags: []tag{{}}, spot: map[place.Place]int32{}, owner: map[string]int32{}}
	for _, g := range []string{"", ByKind, ByWhen, ByLayer, ByClass, ByCountry, ByAxis, ByTheme, ByLanguage} {
		r.group(g)
	}
	return r
}

// Keep adds a kind. All are known before anybody asks.
func (r *Register) Keep(k Kind) {
	r.kinds[k.Name] = k
	for _, g := range k.Answers {
		r.group(g)
	}
	for _, b := range k.Beside {
		r.group(b.Group)
	}
}

// Has tells whether entries of a kind are kept.
func (r *Register) Has(kind string) bool { _, ok := r.kinds[kind]; return ok }

func (r *Register) group(name string) uint8 {
	n, ok := r.groups[name]
	if !ok {
		if len(r.grouped) >= mostGroups {
			panic("register: more than 64 groups of filters")
		}
		n = uint8(len(r.grouped))
		r.groups[name], r.grouped = n, append(r.grouped, name)
	}
	return n
}

// Warm reads everything before the first visitor comes.
func (r *Register) Warm(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	if err := r.fresh(ctx); err != nil {
		r.log.Warn("the register will be read when somebody asks", "err", err)
	}
}

// fresh reads what changed since the last question.
func (r *Register) fresh(ctx context.Context) error {
	version := r.db.Version()
	r.mu.RLock()
	known := r.loaded && r.version >= version
	r.mu.RUnlock()
	if known {
		return nil
	}
	r.reading.Lock()
	defer r.reading.Unlock()
	if version = r.db.Version(); r.loaded && r.version >= version {
		return nil
	}
	// The head first: what is told while the rows are read is read once more.
	head, err := db.One(ctx, r.db, db.Value[int64], `SELECT n FROM journal_head WHERE one = 1`)
	if err != nil {
		return err
	}
	var changed []string
	if r.loaded && head > r.told {
		if changed, err = r.changed(ctx, head); err != nil {
			return err
		}
	}
	whole := !r.loaded || len(changed) > 2000
	var read []found
	if whole || len(changed) > 0 {
		if read, err = r.read(ctx, changed, whole); err != nil {
			return err
		}
	}
	engaged := map[string][]string{}
	if whole || head > r.told {
		for layer, ask := range r.Engaged {
			if engaged[layer], err = ask(ctx, r.db); err != nil {
				return err
			}
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if whole {
		r.take(read)
	} else {
		r.change(read, changed)
	}
	if whole || head > r.told {
		r.mark(engaged)
	}
	r.version, r.told, r.loaded = version, head, true
	return nil
}

// changed names the entries that lines of the journal tell of.
func (r *Register) changed(ctx context.Context, head int64) (ids []string, err error) {
	lines, err := db.All(ctx, r.db, db.Pair[string, string], `SELECT DISTINCT kind, subject FROM journal WHERE n > $1 AND n <= $2`, r.told, head)
	for _, l := range lines {
		if r.Has(l.A) {
			ids = append(ids, l.B)
		}
	}
	return ids, err
}

// take puts a whole reading in the place of what was; r.mu is held.
func (r *Register) take(read []found) {
	r.shelves, r.names = map[string]*shelf{}, nil
	for _, k := range r.kinds {
		s := &shelf{Kind: k, at: map[string]int32{}, layer: layerBit(k.Layer)}
		r.shelves[k.Name], r.names = s, append(r.names, k.Name)
	}
	slices.Sort(r.names)
	for _, f := range read {
		s := r.shelves[f.kind]
		s.rows = append(s.rows, f.row)
	}
	for _, s := range r.shelves {
		s.index()
	}
}

// index makes order and places anew.
func (s *shelf) index() {
	s.at, s.order = make(map[string]int32, len(s.rows)), make([]int32, len(s.rows))
	for i := range s.rows {
		s.at[s.rows[i].id], s.order[i] = int32(i), int32(i)
	}
	slices.SortFunc(s.order, func(a, b int32) int { return s.rows[a].compare(s.rows[b].key, s.rows[b].id) })
}

// change takes over what changed; r.mu is held.
func (r *Register) change(read []found, changed []string) {
	for _, id := range changed { // those that are not found any more are gone
		for _, s := range r.shelves {
			if i, ok := s.at[id]; ok {
				at, _ := s.position(s.rows[i].key, id)
				s.order = slices.Delete(s.order, at, at+1)
				delete(s.at, id)
				s.rows[i] = row{reach: nobody, spot: -1, by: -1}
			}
		}
	}
	for _, f := range read {
		s := r.shelves[f.kind]
		at, _ := s.position(f.key, f.id)
		s.at[f.id] = int32(len(s.rows))
		s.order = slices.Insert(s.order, at, int32(len(s.rows)))
		s.rows = append(s.rows, f.row)
	}
	for _, s := range r.shelves {
		if len(s.rows) > 2*len(s.order)+1000 { // mostly gaps
			s.rows = slices.DeleteFunc(s.rows, func(o row) bool { return o.reach == nobody })
			s.index()
		}
	}
}

// mark works out which organisations stand in which layers; r.mu is held.
func (r *Register) mark(engaged map[string][]string) {
	for i := range r.owners {
		r.owners[i] = owner{}
	}
	for layer, ids := range engaged {
		for _, id := range ids {
			if n, ok := r.owner[id]; ok {
				r.owners[n].layers |= layerBit(layer)
			}
		}
	}
	for _, s := range r.shelves {
		for i := range s.rows {
			o := &s.rows[i]
			switch {
			case o.by < 0:
			case s.Name == organisation && o.reach == everybody:
				r.owners[o.by].class = r.tags[o.class].value
			case o.reach == everybody:
				r.owners[o.by].layers |= s.layer
			}
		}
	}
}

func layerBit(layer string) uint8 {
	if i := slices.Index(layers, layer); i >= 0 {
		return 1 << i
	}
	return 0
}

func (s *shelf) position(key, id string) (int, bool) {
	return slices.BinarySearchFunc(s.order, id, func(at int32, id string) int { return s.rows[at].compare(key, id) })
}

func (o *row) compare(key, id string) int {
	return cmp.Or(cmp.Compare(o.key, key), cmp.Compare(o.id, id))
}
