package worklist

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"alliance/internal/feature"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
)

// Query is a working list as its address says it.
type Query struct {
	Words     string
	States    []string
	Countries []string
	Themes    []string // "-" = none
	Checked   string   // "never", "year": not within a year
	Assigned  string   // a person, or "nobody"
	Sort      string   // title, changed, checked, created
	Columns   []string
	Page      int
}

// sorts are the orders of a list, the usual one first.
var sorts = map[string]entry.Order{"title": entry.ByTitle, "changed": entry.ByChanged, "checked": entry.ByChecked, "created": entry.ByNew}

// usual columns of a list for which none are chosen.
var usual = []string{"state", "place", "themes", "checked", "assigned"}

func readQuery(v url.Values) Query {
	q := Query{Words: lang.Cut(strings.TrimSpace(v.Get("q")), 200), Checked: v.Get("checked"), Assigned: v.Get("assigned"), Sort: v.Get("sort"), Page: 1}
	for name, into := range map[string]*[]string{"state": &q.States, "country": &q.Countries, "theme": &q.Themes, "column": &q.Columns} {
		for _, value := range v[name] {
			if value != "" && len(value) <= 40 && len(*into) < 50 && !slices.Contains(*into, value) {
				*into = append(*into, value)
			}
		}
	}
	if _, ok := sorts[q.Sort]; !ok {
		q.Sort = "title"
	}
	if len(q.Assigned) > 16 {
		q.Assigned = ""
	}
	if n, err := strconv.Atoi(v.Get("page")); err == nil {
		q.Page = max(1, min(n, 1000))
	}
	return q
}

func (q Query) values() url.Values {
	v := url.Values{}
	for name, value := range map[string]string{"q": q.Words, "checked": q.Checked, "assigned": q.Assigned} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if q.Sort != "title" && q.Sort != "" {
		v.Set("sort", q.Sort)
	}
	for name, list := range map[string][]string{"state": q.States, "country": q.Countries, "theme": q.Themes, "column": q.Columns} {
		if len(list) > 0 {
			v[name] = list
		}
	}
	return v
}

func (q Query) columns() []string {
	if len(q.Columns) == 0 {
		return usual
	}
	return q.Columns
}

// filter is the query as the spine understands it: every state and audience,
// since only those who coordinate come here.
func (q Query) filter(a people.Actor, kind string, now db.Instant) entry.Filter {
	return entry.Filter{Kinds: []string{kind}, Countries: q.Countries, Words: q.Words, Actor: a, Any: true, Order: sorts[q.Sort], Side: func(w *db.Where) {
		w.In("e.state", q.States)
		var themes []string
		for _, t := range q.Themes {
			if t == "-" {
				w.And("NOT EXISTS (SELECT 1 FROM entry_theme s WHERE s.entry = e.id)")
			} else {
				themes = append(themes, t)
			}
		}
		if len(themes) > 0 {
			args := make([]any, len(themes))
			for i, t := range themes {
				args[i] = t
			}
			w.And("EXISTS (SELECT 1 FROM entry_theme s WHERE s.entry = e.id AND s.theme IN ("+strings.TrimSuffix(strings.Repeat("?,", len(themes)), ",")+"))", args...)
		}
		switch q.Checked {
		case "never":
			w.And("e.checked = 0")
		case "year":
			w.And("e.checked < ?", now.Add(-365*24*time.Hour))
		}
		switch q.Assigned {
		case "":
		case nobody:
			w.And("NOT EXISTS (SELECT 1 FROM work_assigned s WHERE s.entry = e.id)")
		default:
			w.And("EXISTS (SELECT 1 FROM work_assigned s WHERE s.entry = e.id AND s.person = ?)", q.Assigned)
		}
	}}
}

// Row is one entry of a working list.
type Row struct {
	record.Record
	Assigned string // person
}

// rows gives a page of the list; page 0 gives all of it up to most.
func (x *Worklist) rows(ctx context.Context, q db.Q, a people.Actor, k feature.Kind, query Query) ([]Row, error) {
	f := query.filter(a, k.Name, x.DB.Now())
	f.Limit = onPage
	if query.Page > 0 {
		f.Offset = (query.Page - 1) * onPage
	} else {
		f.Limit = most
	}
	list, err := entry.List(ctx, q, f)
	if err != nil {
		return nil, err
	}
	return x.asRows(ctx, q, k, list)
}

func (x *Worklist) asRows(ctx context.Context, q db.Q, k feature.Kind, list []entry.Entry) ([]Row, error) {
	records, err := k.Read(ctx, q, list)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(list))
	for i, e := range list {
		ids[i] = e.ID
	}
	assigned, err := assignedOf(ctx, q, ids)
	rows := make([]Row, len(records))
	for i, r := range records {
		rows[i] = Row{Record: r, Assigned: assigned[r.ID]}
	}
	return rows, err
}

// picked gives the entries of a kind among these identifiers, in their order.
func (x *Worklist) picked(ctx context.Context, q db.Q, a people.Actor, k feature.Kind, ids []string) ([]Row, error) {
	found, err := entry.Many(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	var list []entry.Entry
	seen := map[string]bool{}
	for _, id := range ids {
		if e, ok := found[id]; ok && e.Kind == k.Name && e.Visible(a) && !seen[id] {
			seen[id] = true
			list = append(list, e)
		}
	}
	return x.asRows(ctx, q, k, list)
}

// with is the query with other questions of check and person; "" keeps none.
func (q Query) with(checked, assigned string) Query {
	q.Checked, q.Assigned, q.Page = checked, assigned, 1
	return q
}
