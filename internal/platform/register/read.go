package register

import (
	"context"
	"slices"
	"strings"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/place"
)

// found is a row with its kind, on its way to a shelf.
type found struct {
	row
	kind string
}

// reader gathers rows: the whole register, or what changed.
type reader struct {
	*Register
	whole bool
	rows  []found
	at    map[string]int
}

func (r *Register) read(ctx context.Context, changed []string, whole bool) ([]found, error) {
	x := &reader{Register: r, whole: whole, at: map[string]int{}}
	if whole {
		return x.rows, x.some(ctx, nil)
	}
	for len(changed) > 0 {
		some := changed[:min(len(changed), 200)]
		changed = changed[len(some):]
		if err := x.some(ctx, some); err != nil {
			return nil, err
		}
	}
	return x.rows, nil
}

// some reads the entries of ids, or all, and what stands beside them.
func (x *reader) some(ctx context.Context, ids []string) error {
	var w db.Where
	w.And("e.state = ?", string(entry.Published))
	w.In("e.kind", x.kept())
	w.In("e.id", ids)
	before := len(x.rows)
	if _, err := db.All(ctx, x.db, x.scan, `SELECT e.id, e.kind, e.title_key, e.class, e.organisation, e.axis, e.audience, e.place, e.country, e.lat, e.lon, e.precision_ FROM entry e`+w.SQL(), w.Args()...); err != nil {
		return err
	}
	if len(x.rows) == before {
		return nil
	}
	if err := x.beside(ctx, Beside{Group: ByTheme, Value: "s.theme", From: "entry_theme s"}, ids); err != nil {
		return err
	}
	if err := x.answers(ctx, ids); err != nil {
		return err
	}
	for _, name := range x.kept() {
		if !x.whole && !slices.ContainsFunc(x.rows[before:], func(f found) bool { return f.kind == name }) {
			continue
		}
		k := x.kinds[name]
		for _, b := range k.Beside {
			if err := x.beside(ctx, b, ids); err != nil {
				return err
			}
		}
		if k.Until != nil {
			if err := x.until(ctx, *k.Until, ids); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *Register) kept() []string {
	names := make([]string, 0, len(r.kinds))
	for name := range r.kinds {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (x *reader) scan(s db.Row) (struct{}, error) {
	var f found
	var class, by, axis string
	var audience entry.Audience
	var at place.Place
	var precision int
	if err := s.Scan(&f.id, &f.kind, &f.key, &class, &by, &axis, &audience, &at.Name, &at.Country, &at.Lat, &at.Lon, &precision); err != nil {
		return struct{}{}, err
	}
	at.Precision = place.Precision(precision)
	f.tags, f.by = make([]uint16, 0, 8), -1
	if f.class = x.number(ByClass, class); f.class != 0 {
		f.tags = append(f.tags, f.class)
	}
	f.put(x.number(ByCountry, at.Country))
	f.put(x.number(ByAxis, axis))
	switch audience {
	case entry.Public:
		f.reach = everybody
	case entry.Members:
		f.reach = members
	default:
		f.reach = steering
	}
	if f.kind == organisation {
		by = f.id
	}
	if by != "" {
		f.by = x.owned(by)
	}
	if f.spot = x.spotOf(at); f.spot >= 0 {
		p := x.spots[f.spot]
		f.lat, f.lon = p.Lat, p.Lon
	}
	x.at[f.id] = len(x.rows)
	x.rows = append(x.rows, f)
	return struct{}{}, nil
}

// put adds a tag, once; 0 is none.
func (o *row) put(number uint16) {
	if number != 0 && !slices.Contains(o.tags, number) {
		o.tags = append(o.tags, number)
	}
}

func (x *reader) beside(ctx context.Context, b Beside, ids []string) error {
	var w db.Where
	w.In(b.entry(), ids)
	_, err := db.All(ctx, x.db, func(s db.Row) (struct{}, error) {
		var id, value string
		err := s.Scan(&id, &value)
		i, ok := x.at[id]
		switch {
		case !ok:
		case b.Words:
			for _, v := range strings.Fields(value) {
				x.rows[i].put(x.number(b.Group, v))
			}
		default:
			x.rows[i].put(x.number(b.Group, value))
		}
		return struct{}{}, err
	}, `SELECT `+b.entry()+`, `+b.Value+` FROM `+b.From+w.SQL(), w.Args()...)
	return err
}

// answers reads what was answered to questions that narrow lists.
func (x *reader) answers(ctx context.Context, ids []string) error {
	var names []string
	for _, k := range x.kinds {
		for name := range k.Answers {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	slices.Sort(names)
	var w db.Where
	w.In("s.name", slices.Compact(names))
	w.In("s.entry", ids)
	_, err := db.All(ctx, x.db, func(s db.Row) (struct{}, error) {
		var id, name, value string
		err := s.Scan(&id, &name, &value)
		if i, ok := x.at[id]; ok {
			if group := x.kinds[x.rows[i].kind].Answers[name]; group != "" {
				x.rows[i].put(x.number(group, value))
			}
		}
		return struct{}{}, err
	}, `SELECT s.entry, s.name, s.value FROM record_value s`+w.SQL(), w.Args()...)
	return err
}

func (x *reader) until(ctx context.Context, b Beside, ids []string) error {
	var w db.Where
	w.In(b.entry(), ids)
	_, err := db.All(ctx, x.db, func(s db.Row) (struct{}, error) {
		var id string
		var at db.Instant
		err := s.Scan(&id, &at)
		if i, ok := x.at[id]; ok {
			x.rows[i].until = at
		}
		return struct{}{}, err
	}, `SELECT `+b.entry()+`, `+b.Value+` FROM `+b.From+w.SQL()+` GROUP BY `+b.entry(), w.Args()...)
	return err
}

// number gives the number of a tag, 0 of no value. Numbers are never taken
// back: values are codes, of which there are few.
func (r *Register) number(group, value string) uint16 {
	if value == "" {
		return 0
	}
	t := tag{r.groups[group], value}
	if n, ok := r.numbers[t]; ok { // only who reads writes, and one reads at a time
		return n
	}
	if len(r.tags) >= 1<<16 {
		return 0 // more values than there are codes in the world: not counted
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	n := uint16(len(r.tags))
	r.numbers[t], r.tags = n, append(r.tags, t)
	return n
}

func (r *Register) owned(id string) int32 {
	n, ok := r.owner[id]
	if !ok {
		r.mu.Lock()
		defer r.mu.Unlock()
		n = int32(len(r.owners))
		r.owner[id], r.owners = n, append(r.owners, owner{})
	}
	return n
}

// spotOf gives the number of what may be shown of a place, -1 = nothing. Many
// entries are in one town, which is looked for once.
func (r *Register) spotOf(kept place.Place) int32 {
	if n, ok := r.spot[kept]; ok {
		return n
	}
	p := kept.Public()
	r.mu.Lock()
	defer r.mu.Unlock()
	n, ok := int32(-1), false
	if p.Precision != place.None && p.Located() {
		if n, ok = r.spot[p]; !ok || n < 0 {
			n = int32(len(r.spots))
			r.spots = append(r.spots, p)
			r.spot[p] = n
		}
	}
	r.spot[kept] = n
	return n
}
