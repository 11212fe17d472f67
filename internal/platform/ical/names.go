package ical

import (
	_ "embed"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // a server without zone files must not put events at the wrong hour

	ics "github.com/arran4/golang-ical"
	rrule "github.com/teambition/rrule-go"
)

//go:generate go run ./gen

// windows.tsv is written by gen: the names Windows gives time zones, and those of IANA.
//
//go:embed windows.tsv
var windowsLines string

var windows = sync.OnceValue(func() map[string]string {
	names := map[string]string{}
	for line := range strings.Lines(windowsLines) {
		if name, zone, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok && name[0] != '#' {
			names[strings.ToLower(name)] = zone
		}
	}
	return names
})

// zoneNamed finds a zone by the names programs give it: of IANA, of Windows,
// or with something before it ("/example.com/20240101/Europe/Paris").
func zoneNamed(name string) (*time.Location, bool) {
	name = strings.TrimSpace(name)
	if zone := windows()[strings.ToLower(name)]; zone != "" {
		name = zone
	}
	for rest := strings.TrimLeft(name, "/"); rest != ""; {
		if rest != "Local" && len(rest) < 60 && !strings.Contains(rest, "..") {
			if l, err := time.LoadLocation(rest); err == nil {
				return l, true
			}
		}
		_, after, found := strings.Cut(rest, "/")
		if !found {
			break
		}
		rest = after
	}
	return nil, false
}

// rules are a VTIMEZONE as a file tells it.
type rules struct {
	id, location string
	list         []observance
}

func (r *rules) take(p *ics.BaseProperty) {
	switch p.IANAToken {
	case "TZID":
		r.id = strings.TrimSpace(p.Value)
	case "X-LIC-LOCATION":
		r.location = strings.TrimSpace(p.Value)
	}
}

// observance is its standard or summer time.
type observance struct {
	starts time.Time // as a clock shows it, in UTC
	to     int
	rule   string
	dates  []time.Time
}

func (o *observance) take(p *ics.BaseProperty) {
	switch p.IANAToken {
	case "DTSTART":
		o.starts, _ = time.Parse(localForm, strings.TrimSpace(p.Value))
	case "TZOFFSETTO":
		o.to = seconds(p.Value)
	case "RRULE":
		o.rule = strings.ToUpper(strings.TrimSpace(p.Value))
	case "RDATE":
		if t, err := time.Parse(localForm, strings.TrimSpace(p.Value)); err == nil && len(o.dates) < 400 {
			o.dates = append(o.dates, t)
		}
	}
}

func seconds(s string) int {
	s = strings.TrimSpace(s)
	if len(s) < 5 {
		return 0
	}
	h, err1 := strconv.Atoi(s[1:3])
	m, err2 := strconv.Atoi(s[3:5])
	if err1 != nil || err2 != nil || h > 18 {
		return 0
	}
	n := h*3600 + m*60
	if s[0] == '-' {
		return -n
	}
	return n
}

// before gives the last change of clocks at or before a local time; only
// changes of the year count, so that a hostile rule costs nothing.
func (o observance) before(t time.Time) (time.Time, bool) {
	best := o.starts
	if best.IsZero() || best.After(t) {
		return time.Time{}, false
	}
	for _, d := range o.dates {
		if !d.After(t) && d.After(best) {
			best = d
		}
	}
	if strings.Contains(o.rule, "FREQ=YEARLY") {
		option, err := rrule.StrToROption(o.rule)
		if err == nil && len(option.Bymonth) == 1 && len(option.Bymonthday) == 0 && len(option.Byyearday) == 0 && len(option.Byweekno) == 0 {
			from := time.Date(max(t.Year()-2, o.starts.Year()), o.starts.Month(), 1, o.starts.Hour(), o.starts.Minute(), 0, 0, time.UTC)
			option.Dtstart, option.Count = from, 3
			if r, err := rrule.NewRRule(*option); err == nil {
				if last := r.Before(t, true); last.After(best) {
					best = last
				}
			}
		}
	}
	return best, true
}

// offset is how far the zone is from UTC at a local time.
func (r *rules) offset(t time.Time) (seconds int, ok bool) {
	var last time.Time
	for _, o := range r.list {
		if at, found := o.before(t); found && (!ok || at.After(last)) {
			last, seconds, ok = at, o.to, true
		}
	}
	return seconds, ok
}

// zone finds the zone of a name the file uses. One nobody knows is looked for
// by its rules: the zone whose clocks go as these do, in the event's year.
func (p *parser) zone(name, value string) (at *time.Location, guessed bool) {
	if l, ok := zoneNamed(name); ok {
		return l, false
	}
	r := p.zones[name]
	if r == nil {
		return p.fallback, true
	}
	if l, ok := zoneNamed(r.location); ok {
		return l, false
	}
	year := time.Now().Year()
	if len(value) >= 4 {
		if y, err := strconv.Atoi(value[:4]); err == nil && y >= 1900 && y <= 2200 {
			year = y
		}
	}
	if l := r.alike(p.fallback, year); l != nil {
		return l, true
	}
	return p.fallback, true
}

// alike finds a zone that has the same offset in each month of a year: the
// fallback if it will do, else one that Windows names.
func (r *rules) alike(first *time.Location, year int) *time.Location {
	fits := func(l *time.Location) bool {
		for month := time.January; month <= time.December; month++ {
			local := time.Date(year, month, 15, 12, 0, 0, 0, time.UTC)
			want, ok := r.offset(local)
			_, have := time.Date(year, month, 15, 12, 0, 0, 0, l).Zone()
			if !ok || want != have {
				return false
			}
		}
		return true
	}
	if fits(first) {
		return first
	}
	for _, name := range candidates() {
		if l, err := time.LoadLocation(name); err == nil && fits(l) {
			return l
		}
	}
	return nil
}

// candidates are the zones Windows knows, the most lived in of each offset first.
var candidates = sync.OnceValue(func() []string {
	seen := map[string]bool{}
	for _, zone := range windows() {
		seen[zone] = true
	}
	first := []string{"Europe/Paris", "Europe/London", "Europe/Athens", "America/New_York", "America/Sao_Paulo", "Africa/Tunis", "Africa/Casablanca", "Africa/Lagos", "UTC"}
	var rest []string
	for zone := range seen {
		rest = append(rest, zone)
	}
	sort.Strings(rest)
	return append(first, rest...)
})
