package entry

import (
	"context"

	"alliance/internal/platform/db"
	"alliance/internal/platform/people"
	"alliance/internal/platform/search"
)

// Order of a list.
type Order int

const (
	ByTitle Order = iota // folded original title
	ByNew                // newest first
	ByOld                // oldest first, as raised
)

// Filter narrows a list. Zero fields do not. Lists hold only what the actor
// may know of: visitors see public entries, people under a mandate see
// members' too; drafts are found through their own pages (Any).
type Filter struct {
	Kinds        []string
	Classes      []string
	Countries    []string
	Axes         []string
	Theme        string
	Parent       string
	Organisation string
	Person       string
	Words        string // full-text
	Actor        people.Actor
	Any          bool // every state and audience: for those who steer; the caller has checked
	Order        Order
	Offset       int
	Limit        int // default 25
}

// Count beyond which pages say "1,000+": counting on is dear and tells no more.
const CountCap = 1000

func (f Filter) where(ctx context.Context, q db.Q) (*db.Where, error) {
	w := &db.Where{}
	w.In("e.kind", f.Kinds)
	if !f.Any {
		w.And("e.state = ?", string(Published))
		switch {
		case f.Actor.Is(people.Coordinator) || f.Actor.Is(people.Committee):
		case f.Actor.For() != "":
			w.And("e.audience IN ('public','members')")
		default:
			w.And("e.audience = 'public'")
		}
	}
	w.In("e.class", f.Classes)
	w.In("e.country", f.Countries)
	w.In("e.axis", f.Axes)
	if f.Theme != "" {
		w.And("e.id IN (SELECT entry FROM entry_theme WHERE theme = ?)", f.Theme)
	}
	if f.Parent != "" {
		w.And("e.parent = ?", f.Parent)
	}
	if f.Organisation != "" {
		w.And("e.organisation = ?", f.Organisation)
	}
	if f.Person != "" {
		w.And("e.person = ?", f.Person)
	}
	if f.Words != "" {
		if _, err := search.Condition(ctx, q, w, "e.id", f.Words, f.Kinds...); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// List gives a page of entries.
func List(ctx context.Context, q db.Q, f Filter) ([]Entry, error) {
	w, err := f.where(ctx, q)
	if err != nil {
		return nil, err
	}
	order := " ORDER BY e.title_key, e.id"
	switch f.Order {
	case ByNew:
		order = " ORDER BY e.created DESC, e.id DESC"
	case ByOld:
		order = " ORDER BY e.created, e.id"
	}
	if f.Limit == 0 {
		f.Limit = 25
	}
	limit := " LIMIT " + w.Arg(f.Limit)
	if f.Offset > 0 {
		limit += " OFFSET " + w.Arg(f.Offset)
	}
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM entry e`+w.SQL()+order+limit, w.Args()...)
}

// Count counts up to CountCap+1.
func Count(ctx context.Context, q db.Q, f Filter) (int, error) {
	w, err := f.where(ctx, q)
	if err != nil {
		return 0, err
	}
	return db.One(ctx, q, db.Value[int], `SELECT count(*) FROM (SELECT 1 AS one FROM entry e`+w.SQL()+` LIMIT `+w.Arg(CountCap+1)+`) AS counted`, w.Args()...)
}

// Facet is one value of a column and how many entries have it.
type Facet struct {
	Value string
	Count int
}

// FacetBy names the columns that can be counted by.
type FacetBy string

const (
	ByClass   FacetBy = "class"
	ByCountry FacetBy = "country"
	ByAxis    FacetBy = "axis"
)

// Facets counts the entries of the filter by a column, without that column's
// own condition, so that the other choices stay open. Dear on large tables:
// callers keep the answer in a db.Memo.
func Facets(ctx context.Context, q db.Q, f Filter, by FacetBy) ([]Facet, error) {
	switch by {
	case ByClass:
		f.Classes = nil
	case ByCountry:
		f.Countries = nil
	case ByAxis:
		f.Axes = nil
	}
	w, err := f.where(ctx, q)
	if err != nil {
		return nil, err
	}
	column := "e." + string(by)
	return db.All(ctx, q, func(r db.Row) (c Facet, err error) { return c, r.Scan(&c.Value, &c.Count) },
		`SELECT `+column+`, count(*) AS n FROM entry e`+w.SQL()+` GROUP BY `+column+` ORDER BY n DESC, `+column, w.Args()...)
}

// Point is an entry on the map, at the precision its place promises.
type Point struct {
	ID, Kind, Class, Title string
	Lat, Lon               float64
}

// Points gives every entry of the filter that has a place.
func Points(ctx context.Context, q db.Q, f Filter, tag string) ([]Point, error) {
	w, err := f.where(ctx, q)
	if err != nil {
		return nil, err
	}
	w.And("e.precision_ > 0")
	list, err := db.All(ctx, q, scan, `SELECT `+columns+` FROM entry e`+w.SQL()+` ORDER BY e.title_key, e.id LIMIT 2000`, w.Args()...)
	if err != nil {
		return nil, err
	}
	points := make([]Point, len(list))
	for i, e := range list {
		at := e.Place.Public()
		points[i] = Point{ID: e.ID, Kind: e.Kind, Class: e.Class, Title: e.Title().In(tag).S, Lat: at.Lat, Lon: at.Lon}
	}
	return points, nil
}
