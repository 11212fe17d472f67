package entry

import (
	"context"
	"slices"
	"strings"

	"alliance/internal/platform/db"
	"alliance/internal/platform/id"
	"alliance/internal/platform/people"
	"alliance/internal/platform/search"
)

// Order of a list.
type Order int

const (
	ByTitle   Order = iota // folded original title
	ByNew                  // newest first
	ByOld                  // oldest first, as raised
	ByChanged              // changed last first
	ByChecked              // never checked first, then the check that is longest ago
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
	After        Cursor // ByTitle only: the entries after this one; as fast on the last page as on the first
	Before       Cursor // ByTitle only: the entries before this one, nearest last
	Limit        int    // default 25
	// Side adds conditions on the kind's own tables, over e.id.
	Side func(*db.Where)
}

// Cursor is a place in a list by title. Offsets are counted anew for each
// page, which is slow far down a long list; a cursor is found in the index.
type Cursor struct{ Key, ID string }

// Cursor gives where the entry stands in lists by title.
func (e Entry) Cursor() Cursor { return Cursor{e.sortKey(), e.ID} }

// Count beyond which pages say "1,000+": counting on is dear and tells no more.
const CountCap = 1000

// Conditions gives the filter over entry e, for a feature that lists its own
// tables beside it.
func (f Filter) Conditions(ctx context.Context, q db.Q) (*db.Where, error) { return f.where(ctx, q) }

func (f Filter) where(ctx context.Context, q db.Q) (*db.Where, error) {
	w := &db.Where{}
	w.In("e.kind", f.Kinds)
	if f.Any {
		w.And("e.kept = ''") // what was given up for another is that other one
	} else {
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
		w.And("EXISTS (SELECT 1 FROM entry_theme s WHERE s.theme = ? AND s.entry = e.id)", f.Theme)
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
	if f.Side != nil {
		f.Side(w)
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
	back := f.Before != Cursor{}
	if back {
		w.And("(e.title_key, e.id) < (?, ?)", f.Before.Key, f.Before.ID)
		order = " ORDER BY e.title_key DESC, e.id DESC"
	} else if (f.After != Cursor{}) {
		w.And("(e.title_key, e.id) > (?, ?)", f.After.Key, f.After.ID)
	}
	switch f.Order {
	case ByNew:
		order = " ORDER BY e.created DESC, e.id DESC"
	case ByOld:
		order = " ORDER BY e.created, e.id"
	case ByChanged:
		order = " ORDER BY e.changed DESC, e.id DESC"
	case ByChecked:
		order = " ORDER BY e.checked, e.id"
	}
	if f.Limit == 0 {
		f.Limit = 25
	}
	limit := " LIMIT " + w.Arg(f.Limit)
	if f.Offset > 0 {
		limit += " OFFSET " + w.Arg(f.Offset)
	}
	// First the page, from an index; then what stands on it. Sorting, where it
	// must be, sorts identifiers and not texts.
	list, err := db.All(ctx, q, scan, `SELECT `+columns+` FROM entry e WHERE e.id IN (SELECT e.id FROM entry e`+w.SQL()+order+limit+`)`+order, w.Args()...)
	if back {
		slices.Reverse(list)
	}
	return list, err
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
	ByParent  FacetBy = "parent"
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

// Called gives the entries of these kinds that somebody may mean by what they
// wrote: an identifier, the address of a page, or the original title, case and
// accents ignored. At most ten; none that the actor may not know of.
func Called(ctx context.Context, q db.Q, a people.Actor, kinds []string, words string) ([]Entry, error) {
	last := words[strings.LastIndexByte(words, '/')+1:]
	var w db.Where
	if last, _, _ = strings.Cut(last, "?"); id.Valid(last) {
		kept, err := KeptFor(ctx, q, last) // written down before two records became one
		if err != nil {
			return nil, err
		}
		w.And("e.id = ?", kept)
	} else {
		w.And("e.title_key = ?", keyOf(words))
		w.And("e.state = ?", string(Published))
	}
	w.In("e.kind", kinds)
	list, err := db.All(ctx, q, scan, `SELECT `+columns+` FROM entry e`+w.SQL()+` ORDER BY e.created, e.id LIMIT 10`, w.Args()...)
	return slices.DeleteFunc(list, func(e Entry) bool { return !e.Visible(a) }), err
}
