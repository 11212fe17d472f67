package assembly

import (
	"strings"
	"time"

	"alliance/internal/platform/ical"
	"alliance/internal/platform/web"
)

// calendar writes the points of a programme that have a time as a calendar
// file, in the reader's language and the time of the place; where none has,
// the days of the assembly as one event.
func calendar(c *web.Ctx, v programmeView) []byte {
	cal := ical.Calendar{Name: v.Entry.Title().In(c.Lang()).S, Lang: c.Lang()}
	event := func(id string, title ical.Text, where string, starts, ends time.Time, whole bool) {
		cal.Events = append(cal.Events, ical.Event{UID: id + "@alliance", Sequence: v.Entry.Revision - 1, Stamp: v.Entry.Changed.Time(), Starts: starts, Ends: ends, AllDay: whole,
			Summary: title, Location: ical.Text{S: where}, URL: c.View.Origin + c.View.Href("/assemblies/"+v.Entry.ID)})
	}
	zone := zoneOf(v.Assembly.Timezone)
	for _, i := range v.Items {
		if i.Starts == 0 {
			continue
		}
		starts, ends := i.Starts.Time().In(zone), i.Ends.Time().In(zone)
		whole := dayOnly(starts)
		switch {
		case whole && i.Ends == 0:
			ends = starts.AddDate(0, 0, 1)
		case whole:
			ends = dayAfter(ends)
		case i.Ends == 0:
			ends = starts.Add(time.Hour)
		}
		title := i.Title.In(c.Lang())
		event(i.ID, ical.Text{S: title.S, Lang: title.Lang}, joined(", ", i.Place, v.Assembly.Venue, v.Entry.Place.Name), starts, ends, whole)
	}
	if len(cal.Events) == 0 && v.Entry.Starts != 0 {
		title := v.Entry.Title().In(c.Lang())
		event(v.Entry.ID, ical.Text{S: title.S, Lang: title.Lang}, joined(", ", v.Assembly.Venue, v.Entry.Place.Name), v.Entry.Starts.Time().In(zone), dayAfter(v.Entry.Ends.Time().In(zone)), true)
	}
	return cal.Bytes()
}

// dayAfter is the midnight after a time.
func dayAfter(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day()+1, 0, 0, 0, 0, t.Location())
}

// dayOnly: a session at midnight is one of which only the day is known.
func dayOnly(t time.Time) bool { return t.Hour() == 0 && t.Minute() == 0 }

func joined(between string, parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, between)
}
