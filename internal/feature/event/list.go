package event

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/people"
)

// PageSize is how many dates a page of the list holds.
const PageSize = 24

// query is what a reader asked of the calendar: the same on the list, the
// month, the archive, the feed and the API.
type query struct {
	Words       string
	Countries   []string
	Axes        []string
	Themes      []string
	Languages   []string // spoken, or translated into
	Organisers  []string
	Umbrellas   []string
	Online      []string // "online", "place"
	Month       string   // "2026-12", "" = what is coming
	Past        bool     // what is over, newest first
	After       string   // place in the list: "starts-event"
	onlyEvents  []string // of these only
	withoutDate bool     // events, not their dates: for the feed
}

func readQuery(v url.Values) query {
	q := query{Words: strings.TrimSpace(v.Get("q")), Axes: v["axis"], Themes: v["theme"], Languages: v["language"], Organisers: v["organiser"], Umbrellas: v["umbrella"], Online: v["where"], After: v.Get("after"), Past: v.Get("past") != ""}
	for _, c := range v["country"] {
		q.Countries = append(q.Countries, strings.ToUpper(c))
	}
	if _, err := time.Parse("2006-01", v.Get("month")); err == nil {
		q.Month = v.Get("month")
	}
	return q
}

// choices are what was ticked, as it stands in an address.
func (q query) choices() url.Values {
	v := url.Values{}
	if q.Words != "" {
		v.Set("q", q.Words)
	}
	for name, list := range map[string][]string{"country": q.Countries, "axis": q.Axes, "theme": q.Themes, "language": q.Languages, "organiser": q.Organisers, "umbrella": q.Umbrellas, "where": q.Online} {
		if len(list) > 0 {
			v[name] = list
		}
	}
	return v
}

// href is the address of a page with this query, without the language.
func (q query) href(path string, more ...string) string {
	v := q.choices()
	for i := 0; i+1 < len(more); i += 2 {
		if more[i+1] != "" {
			v.Set(more[i], more[i+1])
		}
	}
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// onMap is the map of what the list holds. The map knows no organisers and no
// umbrella days, and shows what has a place.
func (q query) onMap() string {
	v := url.Values{"kind": {Kind}, "when": {"coming"}}
	if q.Past {
		v.Set("when", "over")
	}
	for name, list := range q.choices() {
		if name != "organiser" && name != "umbrella" && name != "where" {
			v[name] = list
		}
	}
	return "/map?" + v.Encode()
}

func (q query) memoKey(a people.Actor, now db.Instant) string {
	who := "visitor"
	switch {
	case a.Is(people.Coordinator) || a.Is(people.Committee):
		who = "steers"
	case a.For() != "":
		who = "member"
	}
	return who + "?" + q.choices().Encode() + "#" + q.Month + strconv.FormatBool(q.Past) + now.Time().Format("2006-01-02T15")
}

// span are the first and last day of the month asked for.
func (q query) span() (first, last int) {
	t, err := time.Parse("2006-01", q.Month)
	if err != nil {
		return 0, 0
	}
	return dayNumber(t), dayNumber(t.AddDate(0, 1, -1))
}

// conditions are the query over dates d, events v and entries e.
func (q query) conditions(ctx context.Context, qq db.Q, a people.Actor, now db.Instant) (*db.Where, error) {
	w, err := entry.Filter{Kinds: []string{Kind}, Countries: q.Countries, Axes: q.Axes, Words: q.Words, Actor: a}.Conditions(ctx, qq)
	if err != nil {
		return nil, err
	}
	among := func(text string, values []string, as func(string) any) {
		if len(values) == 0 {
			return
		}
		args := make([]any, len(values))
		for i, one := range values {
			args[i] = as(one)
		}
		w.And("("+strings.TrimSuffix(strings.Repeat(text+" OR ", len(values)), " OR ")+")", args...)
	}
	plain := func(s string) any { return s }
	among("EXISTS (SELECT 1 FROM entry_theme s WHERE s.theme = ? AND s.entry = e.id)", q.Themes, plain)
	among("(v.languages || v.interpreted) LIKE ?", q.Languages, spoken)
	among("EXISTS (SELECT 1 FROM event_organiser s WHERE s.organisation = ? AND s.event = e.id AND s.confirmed <> 0)", q.Organisers, plain)
	among("v.umbrella = ?", q.Umbrellas, plain)
	w.In("e.id", q.onlyEvents)
	if online, there := slices.Contains(q.Online, "online"), slices.Contains(q.Online, "place"); online != there {
		if online {
			w.And("v.online <> ''")
		} else {
			w.And("e.precision_ > 0")
		}
	}
	if q.withoutDate {
		return w, nil
	}
	first, last := q.span()
	switch {
	case first != 0:
		w.And("d.day <= ?", last)
		w.And("d.last >= ?", first)
	case q.Past:
		w.And("d.ends <= ?", now)
	default:
		w.And("d.ends > ?", now)
	}
	return w, nil
}

// listed is a page of dates with what stands around it.
type listed struct {
	Query  query
	Dates  []dated
	Next   string
	Count  int
	Facets facets
}

// dated is one date with its event.
type dated struct {
	Date
	Event Event
}

// read gives a page of the calendar; a month comes whole.
func (f *Feature) read(ctx context.Context, a people.Actor, q query) (listed, error) {
	l := listed{Query: q}
	now := f.DB.Now()
	w, err := q.conditions(ctx, f.DB, a, now)
	if err != nil {
		return l, err
	}
	limit, order := PageSize+1, " ORDER BY d.starts, d.event"
	if q.Month != "" {
		limit = 500
	}
	if q.Past {
		order = " ORDER BY d.starts DESC, d.event DESC"
	}
	if at, event, ok := cursor(q.After); ok {
		if q.Past {
			w.And("(d.starts, d.event) < (?, ?)", at, event)
		} else {
			w.And("(d.starts, d.event) > (?, ?)", at, event)
		}
	}
	dates, err := db.All(ctx, f.DB, scanDate, `SELECT d.event, d.at, d.starts, d.ends, d.day, d.last FROM event_date d JOIN event v ON v.entry = d.event JOIN entry e ON e.id = d.event`+w.SQL()+order+` LIMIT `+w.Arg(limit), w.Args()...)
	if err != nil {
		return l, err
	}
	if len(dates) == limit && q.Month == "" {
		dates = dates[:PageSize]
		last := dates[len(dates)-1]
		l.Next = fmt.Sprintf("%d-%s", last.Starts, last.Event)
	}
	if l.Dates, err = f.withEvents(ctx, a, dates); err != nil {
		return l, err
	}
	l.Count, l.Facets, err = f.tally(ctx, a, q)
	return l, err
}

func cursor(s string) (at db.Instant, event string, ok bool) {
	head, event, ok := strings.Cut(s, "-")
	n, err := strconv.ParseInt(head, 10, 64)
	return db.Instant(n), event, ok && err == nil && len(event) <= 32
}

// withEvents joins dates and their events, and asks again who may see them.
func (f *Feature) withEvents(ctx context.Context, a people.Actor, dates []Date) ([]dated, error) {
	ids := make([]string, 0, len(dates))
	for _, d := range dates {
		if !slices.Contains(ids, d.Event) {
			ids = append(ids, d.Event)
		}
	}
	events, err := f.events(ctx, a, ids)
	if err != nil {
		return nil, err
	}
	list := make([]dated, 0, len(dates))
	for _, d := range dates {
		if e, ok := events[d.Event]; ok {
			list = append(list, dated{d, e})
		}
	}
	return list, nil
}

// events gives the events among ids that the actor may know of.
func (f *Feature) events(ctx context.Context, a people.Actor, ids []string) (map[string]Event, error) {
	found, err := entry.Many(ctx, f.DB, ids)
	if err != nil {
		return nil, err
	}
	var entries []entry.Entry
	for _, e := range found {
		if e.Kind == Kind && e.Visible(a) {
			entries = append(entries, e)
		}
	}
	all, err := withSides(ctx, f.DB, entries)
	events := make(map[string]Event, len(all))
	for _, e := range all {
		events[e.ID] = e
	}
	return events, err
}

// facets are the counts beside the filters: of dates, as the list counts.
type facets struct {
	Countries, Axes, Themes, Languages, Organisers, Umbrellas, Online []entry.Facet
	Names                                                             map[string]string // of organisations
}

// head is what counting needs of a date.
type head struct {
	event, country, axis, umbrella string
	online, placed                 bool
	languages                      []string
	themes, organisers             []string
}

type tallied struct {
	count  int
	facets facets
}

// tally counts what the query finds, and for each filter what else there is.
func (f *Feature) tally(ctx context.Context, a people.Actor, q query) (int, facets, error) {
	q.After = ""
	t, err := f.tallies.Get(ctx, f.DB, q.memoKey(a, f.DB.Now()), func(ctx context.Context) (t tallied, err error) {
		wide := query{Words: q.Words, Month: q.Month, Past: q.Past}
		heads, names, err := f.heads(ctx, a, wide)
		if err != nil {
			return t, err
		}
		t.count, t.facets = count(heads, q)
		t.facets.Names = names
		return t, nil
	})
	return t.count, t.facets, err
}

// heads gives all dates of a query in short, and the names of organisers.
func (f *Feature) heads(ctx context.Context, a people.Actor, q query) ([]head, map[string]string, error) {
	w, err := q.conditions(ctx, f.DB, a, f.DB.Now())
	if err != nil {
		return nil, nil, err
	}
	heads, err := db.All(ctx, f.DB, func(r db.Row) (h head, err error) {
		var languages string
		err = r.Scan(&h.event, &h.country, &h.axis, &h.umbrella, &h.online, &h.placed, &languages)
		h.languages = strings.Fields(languages)
		return h, err
	}, `SELECT d.event, e.country, e.axis, v.umbrella, CASE WHEN v.online <> '' THEN 1 ELSE 0 END, CASE WHEN e.precision_ > 0 THEN 1 ELSE 0 END, v.languages || v.interpreted
		FROM event_date d JOIN event v ON v.entry = d.event JOIN entry e ON e.id = d.event`+w.SQL(), w.Args()...)
	if err != nil {
		return nil, nil, err
	}
	at := map[string][]int{}
	for i, h := range heads {
		at[h.event] = append(at[h.event], i)
	}
	themes, err := db.All(ctx, f.DB, db.Pair[string, string], `SELECT t.entry, t.theme FROM entry_theme t JOIN event v ON v.entry = t.entry ORDER BY t.theme`)
	if err != nil {
		return nil, nil, err
	}
	for _, t := range themes {
		for _, i := range at[t.A] {
			heads[i].themes = append(heads[i].themes, t.B)
		}
	}
	names := map[string]string{}
	organisers, err := db.All(ctx, f.DB, func(r db.Row) (o organiserRow, err error) { return o, r.Scan(&o.event, &o.Organisation, &o.Name) },
		`SELECT g.event, o.id, o.name FROM event_organiser g JOIN organisation o ON o.id = g.organisation WHERE g.confirmed <> 0 AND o.withdrawn = 0`)
	for _, o := range organisers {
		for _, i := range at[o.event] {
			heads[i].organisers = append(heads[i].organisers, o.Organisation)
			names[o.Organisation] = o.Name
		}
	}
	return heads, names, err
}

// dimension is one filter: what was ticked and what a date offers.
type dimension struct {
	ticked []string
	of     func(head) []string
}

func (q query) dimensions() []dimension {
	one := func(of func(head) string) func(head) []string {
		return func(h head) []string {
			if s := of(h); s != "" {
				return []string{s}
			}
			return nil
		}
	}
	return []dimension{
		{q.Countries, one(func(h head) string { return h.country })},
		{q.Axes, one(func(h head) string { return h.axis })},
		{q.Themes, func(h head) []string { return h.themes }},
		{q.Languages, func(h head) []string { return slices.Compact(slices.Sorted(slices.Values(h.languages))) }},
		{q.Organisers, func(h head) []string { return h.organisers }},
		{q.Umbrellas, one(func(h head) string { return h.umbrella })},
		{q.Online, func(h head) (list []string) {
			if h.online {
				list = append(list, "online")
			}
			if h.placed {
				list = append(list, "place")
			}
			return list
		}},
	}
}

// count counts the dates the query finds, and for each filter those that all
// other filters leave, so that the other choices stay open.
func count(heads []head, q query) (n int, f facets) {
	dims := q.dimensions()
	counts := make([]map[string]int, len(dims))
	for i := range counts {
		counts[i] = map[string]int{}
	}
	for _, h := range heads {
		missed, where := 0, -1
		for i, d := range dims {
			if len(d.ticked) > 0 && !slices.ContainsFunc(d.of(h), func(s string) bool { return slices.Contains(d.ticked, s) }) {
				missed, where = missed+1, i
			}
		}
		if missed == 0 {
			n++
		}
		for i, d := range dims {
			if missed == 0 || missed == 1 && where == i {
				for _, s := range d.of(h) {
					counts[i][s]++
				}
			}
		}
	}
	for i, to := range []*[]entry.Facet{&f.Countries, &f.Axes, &f.Themes, &f.Languages, &f.Organisers, &f.Umbrellas, &f.Online} {
		for value, c := range counts[i] {
			*to = append(*to, entry.Facet{Value: value, Count: c})
		}
		slices.SortFunc(*to, func(a, b entry.Facet) int {
			return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
		})
	}
	return n, f
}

// Coming gives what is next in the calendar, each event once, for other pages.
func Coming(ctx context.Context, q db.Q, a people.Actor, now db.Instant, n int) (entries []entry.Entry, at []db.Instant, err error) {
	return query{}.next(ctx, q, a, now, n)
}

// ComingOf gives the next event that one of these organisations organises, as
// far as the actor may know of it.
func ComingOf(ctx context.Context, q db.Q, a people.Actor, now db.Instant, organisations []string) (e entry.Entry, at db.Instant, err error) {
	list, starts, err := query{Organisers: organisations}.next(ctx, q, a, now, 1)
	if err != nil || len(list) == 0 || len(organisations) == 0 {
		return e, 0, err
	}
	return list[0], starts[0], nil
}

func (asked query) next(ctx context.Context, q db.Q, a people.Actor, now db.Instant, n int) (entries []entry.Entry, at []db.Instant, err error) {
	w, err := asked.conditions(ctx, q, a, now)
	if err != nil {
		return nil, nil, err
	}
	w.And("v.cancelled = 0")
	dates, err := db.All(ctx, q, scanDate, `SELECT d.event, d.at, d.starts, d.ends, d.day, d.last FROM event_date d JOIN event v ON v.entry = d.event JOIN entry e ON e.id = d.event`+w.SQL()+` ORDER BY d.starts, d.event LIMIT `+w.Arg(4*n), w.Args()...)
	if err != nil {
		return nil, nil, err
	}
	ids := make([]string, len(dates))
	for i, x := range dates {
		ids[i] = x.Event
	}
	found, err := entry.Many(ctx, q, ids)
	for _, x := range dates {
		e, ok := found[x.Event]
		if ok && e.Visible(a) && len(entries) < n {
			entries, at = append(entries, e), append(at, x.Starts)
			delete(found, x.Event)
		}
	}
	return entries, at, err
}
