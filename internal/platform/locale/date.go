package locale

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Dates and times are written in the zone their time.Time carries; the caller
// chooses it with t.In.

// Date is the long one: "3 octobre 2019".
func (p *Printer) Date(t time.Time) string { return p.date(p.long, t) }

// ShortDate has an abbreviated month, in letters all the same since readers of
// one language order numbers differently: "3 oct. 2019".
func (p *Printer) ShortDate(t time.Time) string { return p.date(p.short, t) }

// FullDate has the weekday: "jeudi 3 octobre 2019".
func (p *Printer) FullDate(t time.Time) string { return p.date(p.full, t) }

// Month is a month of a year: "octobre 2019".
func (p *Printer) Month(t time.Time) string { return p.date(p.month, t) }

// Weekday is the name of a day of the week: "jeudi".
func (p *Printer) Weekday(d time.Weekday) string { return p.days[d] }

// Time is hour and minute on a clock of 24 hours: "18:30".
func (p *Printer) Time(t time.Time) string { return p.date(p.clock, t) }

// DateTime is the long date with the time: "3 octobre 2019 à 18:30".
func (p *Printer) DateTime(t time.Time) string { return p.join(p.Date(t), p.Time(t)) }

// DateRange is from one day to another, both included, saying nothing twice:
// "3–5 octobre 2019". The same day twice is Date.
func (p *Printer) DateRange(a, b time.Time) string {
	which := 0
	switch {
	case a.Year() != b.Year():
		which = 2
	case a.Month() != b.Month():
		which = 1
	case a.Day() == b.Day():
		return p.Date(a)
	}
	return p.date(p.ranges[which][0], a) + p.date(p.ranges[which][1], b)
}

// TimeRange is from one time to another: "18:30–20:00".
func (p *Printer) TimeRange(a, b time.Time) string {
	return p.date(p.clocks[0], a) + p.date(p.clocks[1], b)
}

// join puts a date and a time together. Both are inserted after the quotes are
// taken off, since French words have apostrophes.
func (p *Printer) join(date, clock string) string {
	s := strings.ReplaceAll(p.at, "'", "")
	return strings.Replace(strings.Replace(s, "{1}", date, 1), "{0}", clock, 1)
}

// date writes t by a CLDR pattern of those fields that tables.go uses.
func (p *Printer) date(pattern string, t time.Time) string {
	var b strings.Builder
	b.Grow(2 * len(pattern))
	for i := 0; i < len(pattern); {
		c := pattern[i]
		n := 1
		for i+n < len(pattern) && pattern[i+n] == c {
			n++
		}
		switch {
		case c == '\'':
			n = len(pattern) - i
			if end := strings.IndexByte(pattern[i+1:], '\''); end >= 0 {
				b.WriteString(pattern[i+1 : i+1+end])
				n = end + 2
			}
		case c == 'd' && t.Day() == 1 && p.first != "":
			b.WriteString(p.first)
		case c == 'd':
			pad(&b, t.Day(), n)
		case c == 'M' && n == 4:
			b.WriteString(p.months[t.Month()-1])
		case c == 'M' && n == 3:
			b.WriteString(p.shortMonths[t.Month()-1])
		case c == 'M':
			pad(&b, int(t.Month()), n)
		case c == 'y':
			b.WriteString(strconv.Itoa(t.Year()))
		case c == 'E':
			b.WriteString(p.days[t.Weekday()])
		case c == 'H':
			pad(&b, t.Hour(), n)
		case c == 'm':
			pad(&b, t.Minute(), n)
		default:
			b.WriteString(pattern[i : i+n])
		}
		i += n
	}
	return b.String()
}

func pad(b *strings.Builder, n, width int) {
	if width == 2 && n < 10 {
		b.WriteByte('0')
	}
	b.WriteString(strconv.Itoa(n))
}

const (
	minute = iota
	hour
	day
	week
	month
	year
)

// Relative says when t is, seen from now: "il y a 3 heures", "demain", "in 2
// weeks". Within 24 hours it counts minutes and hours; beyond, it counts days
// of the calendar in now's zone, so that "tomorrow" is tomorrow.
func (p *Printer) Relative(t, now time.Time) string {
	d := t.Sub(now)
	span := d.Abs()
	switch {
	case span < time.Minute:
		return p.now
	case span < time.Hour:
		return p.ago(minute, d < 0, int(span/time.Minute))
	case span < 24*time.Hour:
		return p.ago(hour, d < 0, int(span/time.Hour))
	}
	switch days := daysBetween(now, t.In(now.Location())); {
	case days == -1:
		return p.yesterday
	case days == 1:
		return p.tomorrow
	default:
		return p.calendar(t.In(now.Location()), now, days)
	}
}

func (p *Printer) calendar(t, now time.Time, days int) string {
	n, back := magnitude(days), days < 0
	if n < 14 {
		return p.ago(day, back, n)
	}
	if n < 60 {
		return p.ago(week, back, n/7)
	}
	from, to := now, t
	if back {
		from, to = t, now
	}
	months := 12*(to.Year()-from.Year()) + int(to.Month()) - int(from.Month())
	if to.Day() < from.Day() {
		months--
	}
	if months < 24 {
		return p.ago(month, back, max(months, 1))
	}
	return p.ago(year, back, months/12)
}

func daysBetween(a, b time.Time) int {
	noon := func(t time.Time) time.Time {
		return time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, time.UTC)
	}
	return int(math.Round(noon(b).Sub(noon(a)).Hours() / 24))
}

func (p *Printer) ago(unit int, back bool, n int) string {
	forms := &p.future[unit]
	if back {
		forms = &p.past[unit]
	}
	return strings.Replace(forms[category(p.lang, n)], "{0}", p.Number(n), 1)
}
