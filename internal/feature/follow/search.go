package follow

import (
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"alliance/internal/platform/alliance"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/place"
)

// Search is a search one follows: words and filters. Zero fields do not narrow.
type Search struct {
	Words     string
	Kinds     []string
	Themes    []string
	Axes      []string
	Rights    []string // it is about
	Countries []string
	Languages []string // it was written in
	Near      Area
}

// Area is a circle round a town, kept by name and coordinates: the numbers of
// a gazetteer change with it.
type Area struct {
	Name     string
	Lat, Lon float64
	Within   int // kilometres; 0 = no area
}

// Names of the search's values in an address, the same as in the address of a
// list, so that a list can be followed as it stands.
const (
	byWords   = "q"
	byKind    = "kind"
	byTheme   = "theme"
	byRight   = "right"
	byWritten = "language"
	byAxis    = "axis"
	byCountry = "country"
	byNear    = "near" // "49.119,6.176"
	byPlace   = "place"
	byWithin  = "within"
)

// Longest parts of a search.
const (
	longestWords = 200
	mostValues   = 50
	usualWithin  = 30
)

// ParseSearch reads a search from the query of an address. What it does not
// know (the page, the order) is left out.
func ParseSearch(q url.Values) Search {
	words := []rune(strings.Join(strings.Fields(q.Get(byWords)), " "))
	s := Search{Words: string(words[:min(len(words), longestWords)])}
	for name, into := range map[string]*[]string{byKind: &s.Kinds, byTheme: &s.Themes, byRight: &s.Rights, byWritten: &s.Languages, byAxis: &s.Axes, byCountry: &s.Countries} {
		for _, v := range q[name] {
			if v = strings.TrimSpace(v); v != "" && len(v) <= 64 && len(*into) < mostValues && !slices.Contains(*into, v) {
				*into = append(*into, v)
			}
		}
		slices.Sort(*into)
	}
	s.Near = parseArea(q.Get(byNear), q.Get(byPlace), q.Get(byWithin))
	return s
}

// parseArea reads a point, its name and a distance; no area where there is no point.
func parseArea(near, name, within string) (a Area) {
	lat, lon, _ := strings.Cut(near, ",")
	var errLat, errLon error
	a.Lat, errLat = strconv.ParseFloat(lat, 64)
	a.Lon, errLon = strconv.ParseFloat(lon, 64)
	if errLat != nil || errLon != nil || !(place.Place{Lat: a.Lat, Lon: a.Lon}).Located() {
		return Area{}
	}
	a.Lat, a.Lon = math.Round(a.Lat*1000)/1000, math.Round(a.Lon*1000)/1000
	words := []rune(strings.Join(strings.Fields(name), " "))
	a.Name = string(words[:min(len(words), 100)])
	var err error
	if a.Within, err = strconv.Atoi(within); err != nil || a.Within < 1 || a.Within > 2000 {
		a.Within = usualWithin
	}
	return a
}

// point is the area's middle as it stands in an address.
func (a Area) point() string {
	return strconv.FormatFloat(a.Lat, 'f', -1, 64) + "," + strconv.FormatFloat(a.Lon, 'f', -1, 64)
}

// Values writes the search as the query of an address; the same search always
// gives the same text.
func (s Search) Values() url.Values {
	q := url.Values{}
	if s.Words != "" {
		q.Set(byWords, s.Words)
	}
	for name, list := range map[string][]string{byKind: s.Kinds, byTheme: s.Themes, byRight: s.Rights, byWritten: s.Languages, byAxis: s.Axes, byCountry: s.Countries} {
		if len(list) > 0 {
			q[name] = list
		}
	}
	if s.Near.Within != 0 {
		q.Set(byNear, s.Near.point())
		q.Set(byPlace, s.Near.Name)
		q.Set(byWithin, strconv.Itoa(s.Near.Within))
	}
	return q
}

// Query is Values as text.
func (s Search) Query() string { return s.Values().Encode() }

// Empty tells that the search narrows nothing.
func (s Search) Empty() bool { return s.Query() == "" }

// Validate refuses a search for everything, and for what this house does not have.
func (s Search) Validate(a alliance.Alliance, kinds, rights func(string) bool) error {
	var list fault.List
	if s.Empty() {
		list.Add(fault.Invalid("q", "follow.search.empty", "Write a word or choose a filter: a search for everything would never be silent."))
	}
	known := func(values []string, is func(string) bool) bool {
		return !slices.ContainsFunc(values, func(v string) bool { return !is(v) })
	}
	if !known(s.Kinds, kinds) || !known(s.Rights, rights) ||
		!known(s.Languages, func(v string) bool { _, ok := lang.Tag(v); return ok }) ||
		!known(s.Themes, func(v string) bool { _, ok := a.Theme(v); return ok }) ||
		!known(s.Axes, func(v string) bool { _, ok := a.Axis(v); return ok }) ||
		!known(s.Countries, func(v string) bool { _, ok := place.Country(v); return ok }) {
		list.Add(fault.Invalid("q", "follow.search.unknown", "One of the filters is not known here. Choose again."))
	}
	return list.Err()
}

// Fits tells whether an entry lies within the filters; words are looked for by
// the search. The entry's themes must be filled in; rights are those it says it
// is about.
func (s Search) Fits(e entry.Entry, rights []string) bool {
	one := func(wanted []string, has ...string) bool {
		return len(wanted) == 0 || slices.ContainsFunc(has, func(h string) bool { return slices.Contains(wanted, h) })
	}
	return one(s.Kinds, e.Kind) && one(s.Themes, e.Themes...) && one(s.Rights, rights...) && one(s.Languages, e.Lang) && one(s.Axes, e.Axis) && one(s.Countries, e.Place.Country) && s.near(e.Place)
}

// near asks the public place: a follower must not learn from an alert where
// somebody is more closely than the page tells.
func (s Search) near(p place.Place) bool {
	if s.Near.Within == 0 {
		return true
	}
	p = p.Public()
	return p.Precision >= place.InTown && p.Located() && kilometres(s.Near.Lat, s.Near.Lon, p.Lat, p.Lon) <= float64(s.Near.Within)
}

// kilometres between two points on the Earth (haversine).
func kilometres(lat1, lon1, lat2, lon2 float64) float64 {
	const rad, earth = math.Pi / 180, 6371.0
	a, b := math.Sin((lat2-lat1)*rad/2), math.Sin((lon2-lon1)*rad/2)
	return 2 * earth * math.Asin(min(1, math.Sqrt(a*a+math.Cos(lat1*rad)*math.Cos(lat2*rad)*b*b)))
}
