package ical

import (
	"fmt"
	"slices"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"
)

// zone is a time zone with the span a file needs of it.
type zone struct {
	at       *time.Location
	from, to time.Time
}

// ahead is how far the rules of a zone are told beyond the last event: events
// that repeat have no end.
const ahead = 10 * 365 * 24 * time.Hour

// zonesOf gives the zones that timed events use, by name.
func zonesOf(events []Event) []zone {
	byName := map[string]*zone{}
	for _, e := range events {
		l := e.Starts.Location()
		if e.AllDay || !named(l) {
			continue
		}
		z := byName[l.String()]
		if z == nil {
			z = &zone{at: l, from: e.Starts, to: e.Starts}
			byName[l.String()] = z
		}
		for _, t := range []time.Time{e.Starts, e.Ends, e.Instance} {
			if t.IsZero() {
				continue
			}
			if t.Before(z.from) {
				z.from = t
			}
			if t.After(z.to) {
				z.to = t
			}
		}
	}
	list := make([]zone, 0, len(byName))
	for _, z := range byName {
		list = append(list, *z)
	}
	slices.SortFunc(list, func(a, b zone) int { return strings.Compare(a.at.String(), b.at.String()) })
	return list
}

// change is one change of clocks.
type change struct {
	at       time.Time // first instant of the new offset
	from, to int       // seconds east of UTC
	name     string
	summer   bool
}

// onset is the change as clocks showed it before.
func (c change) onset() time.Time { return c.at.In(time.FixedZone("", c.from)) }

// changes lists the changes of clocks from the one in force at z.from on.
func (z zone) changes() []change {
	var list []change
	t := z.from
	start, _ := t.In(z.at).ZoneBounds()
	for {
		name, offset := t.In(z.at).Zone()
		c := change{at: start, to: offset, name: name, summer: t.In(z.at).IsDST()}
		if start.IsZero() { // it was always so: any early day will do
			c.at, c.from = time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC).Add(-time.Duration(offset)*time.Second), offset
		} else {
			_, c.from = start.Add(-time.Second).In(z.at).Zone()
		}
		list = append(list, c)
		_, end := t.In(z.at).ZoneBounds()
		if end.IsZero() || end.After(z.to.Add(ahead)) {
			return list
		}
		start, t = end, end
	}
}

// component writes the zone. Changes that follow a rule of the year ("last
// Sunday of March") are told as the rule; others, such as those of Ramadan in
// Morocco, one by one.
func (z zone) component() *ics.VTimezone {
	v := ics.NewTimezone(z.at.String())
	v.AddProperty("X-LIC-LOCATION", z.at.String())
	var groups [][]change
next:
	for _, c := range z.changes() {
		for i, g := range groups {
			if g[0].from == c.from && g[0].to == c.to && g[0].name == c.name && g[0].summer == c.summer {
				groups[i] = append(g, c)
				continue next
			}
		}
		groups = append(groups, []change{c})
	}
	for _, g := range groups {
		base := ics.ComponentBase{}
		first := g[0]
		base.AddProperty(ics.ComponentPropertyDtStart, first.onset().Format(localForm))
		base.AddProperty("TZOFFSETFROM", offset(first.from))
		base.AddProperty("TZOFFSETTO", offset(first.to))
		base.AddProperty("TZNAME", first.name)
		if rule := yearly(g); rule != "" {
			base.AddRrule(rule)
		} else if len(g) > 1 {
			for _, c := range g { // the first again: ical.js forgets DTSTART where there are RDATEs
				base.AddRdate(c.onset().Format(localForm))
			}
		}
		if first.summer {
			v.Components = append(v.Components, &ics.Daylight{ComponentBase: base})
		} else {
			v.Components = append(v.Components, &ics.Standard{ComponentBase: base})
		}
	}
	return v
}

func offset(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	return fmt.Sprintf("%c%02d%02d", sign, seconds/3600, seconds/60%60)
}

// yearly gives the rule that all changes follow, "" when there is none: same
// month, same weekday of it from the beginning or the end, same hour, each year.
func yearly(list []change) string {
	if len(list) < 5 {
		return ""
	}
	first := list[0].onset()
	nth, last := (first.Day()-1)/7+1, true
	for i, c := range list {
		t := c.onset()
		if t.Year() != first.Year()+i || t.Month() != first.Month() || t.Weekday() != first.Weekday() || t.Format("150405") != first.Format("150405") {
			return ""
		}
		if t.AddDate(0, 0, 7).Month() == t.Month() {
			last = false
		}
		if (t.Day()-1)/7+1 != nth {
			nth = 0
		}
	}
	switch {
	case last:
		nth = -1
	case nth == 0:
		return ""
	}
	return fmt.Sprintf("FREQ=YEARLY;BYMONTH=%d;BYDAY=%d%s", first.Month(), nth, weekdays[first.Weekday()])
}

var weekdays = [7]string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}
