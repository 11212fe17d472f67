package assembly

import (
	"strings"
	"time"
	"unicode/utf8"

	"alliance/internal/platform/web"
)

// calendar writes the points of a programme that have a time as an iCalendar
// file (RFC 5545), in the reader's language; where none has, the days of the
// assembly as one event.
func calendar(c *web.Ctx, v programmeView) []byte {
	var b strings.Builder
	line := func(name, value string) { b.WriteString(fold(name + ":" + value)) }
	line("BEGIN", "VCALENDAR")
	line("VERSION", "2.0")
	line("PRODID", "-//Alliance//Programme//"+strings.ToUpper(c.Lang()))
	line("X-WR-CALNAME", escape(v.Entry.Title().In(c.Lang()).S))
	stamp := func(t time.Time) string { return t.UTC().Format("20060102T150405Z") }
	event := func(id, title, where string, starts, ends time.Time, whole bool) {
		line("BEGIN", "VEVENT")
		line("UID", id+"@alliance")
		line("DTSTAMP", stamp(v.Entry.Changed.Time()))
		if whole {
			line("DTSTART;VALUE=DATE", starts.Format("20060102"))
			line("DTEND;VALUE=DATE", ends.AddDate(0, 0, 1).Format("20060102"))
		} else {
			line("DTSTART", stamp(starts))
			line("DTEND", stamp(ends))
		}
		line("SUMMARY", escape(title))
		if where != "" {
			line("LOCATION", escape(where))
		}
		line("URL", c.View.Origin+c.View.Href("/assemblies/"+v.Entry.ID))
		line("END", "VEVENT")
	}
	zone, any := zoneOf(v.Assembly.Timezone), false
	for _, i := range v.Items {
		if i.Starts == 0 {
			continue
		}
		any = true
		starts := i.Starts.Time().In(zone)
		ends := i.Ends.Time().In(zone)
		if i.Ends == 0 {
			ends = starts.Add(time.Hour)
		}
		event(i.ID, i.Title.In(c.Lang()).S, joined(", ", i.Place, v.Assembly.Venue, v.Entry.Place.Name), starts, ends, dayOnly(starts))
	}
	if !any && v.Entry.Starts != 0 {
		event(v.Entry.ID, v.Entry.Title().In(c.Lang()).S, joined(", ", v.Assembly.Venue, v.Entry.Place.Name), v.Entry.Starts.Time().In(zone), v.Entry.Ends.Time().In(zone), true)
	}
	line("END", "VCALENDAR")
	return []byte(b.String())
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

func escape(s string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`).Replace(s)
}

// fold cuts a line after 75 bytes at most, never inside a letter.
func fold(s string) string {
	var b strings.Builder
	room := 75
	for _, r := range s {
		n := utf8.RuneLen(r)
		if n > room {
			b.WriteString("\r\n ")
			room = 74
		}
		b.WriteRune(r)
		room -= n
	}
	return b.String() + "\r\n"
}
