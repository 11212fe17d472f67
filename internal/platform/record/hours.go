package record

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Opening hours are values of one question, one line each:
//
//	"mo 09:00-12:00 14:00-18:00"     every Monday
//	"2026-12-24 09:00-12:00"         on that day instead
//	"2026-12-25 closed"
//	"2026-08-01..2026-08-31 closed"  it ends by itself
//
// What is written later of a day counts for less than what is nearer: a single
// day before a span, a span before the weekday.
type Hours []HoursLine

// HoursLine is one line: of a weekday, or from a day until another.
type HoursLine struct {
	Weekday     string // "mo" … "su", "" for dates
	From, Until string // "2026-12-24"; the same for one day
	Spans       []Span // none = closed
}

// Span is a time of a day in minutes after midnight; one that ends before it
// begins goes on past midnight.
type Span struct{ Start, End int }

// Weekdays in the order of forms.
var Weekdays = []string{"mo", "tu", "we", "th", "fr", "sa", "su"}

// ParseHoursLine reads one line, as forms and programs write it.
func ParseHoursLine(s string) (HoursLine, bool) {
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return r == ' ' || r == ',' || r == ';' || r == '\t' || r == '\u00a0' || r == '\u202f'
	})
	if len(words) < 2 || len(words) > 12 {
		return HoursLine{}, false
	}
	var l HoursLine
	first := strings.TrimSuffix(words[0], ":")
	if slices.Contains(Weekdays, first) {
		l.Weekday = first
	} else {
		from, until, several := strings.Cut(first, "..")
		var ok bool
		if l.From, ok = wholeDay(from); !ok {
			return l, false
		}
		if l.Until = l.From; several {
			if l.Until, ok = wholeDay(until); !ok || l.Until < l.From {
				return l, false
			}
		}
	}
	if len(words) == 2 && words[1] == "closed" {
		return l, true
	}
	for _, w := range words[1:] {
		span, ok := parseSpan(w)
		if !ok {
			return l, false
		}
		l.Spans = append(l.Spans, span)
	}
	slices.SortFunc(l.Spans, func(a, b Span) int { return a.Start - b.Start })
	for i := 1; i < len(l.Spans); i++ {
		if before := l.Spans[i-1]; before.End <= before.Start || l.Spans[i].Start < before.End {
			return l, false // they overlap, or only the last may pass midnight
		}
	}
	return l, true
}

func wholeDay(s string) (string, bool) {
	day, ok := ParseDay(s)
	return day, ok && len(day) == len("2006-01-02")
}

// parseSpan reads "9-12", "9:00-12:30", "9h-12h30", "14–18".
func parseSpan(s string) (Span, bool) {
	a, b, two := strings.Cut(strings.NewReplacer("–", "-", "—", "-").Replace(s), "-")
	start, ok := parseClock(a)
	end, ok2 := parseClock(b)
	if end == 0 {
		end = 24 * 60
	}
	return Span{start, end}, two && ok && ok2 && start != end && start < 24*60
}

func parseClock(s string) (int, bool) {
	hour, minute, _ := strings.Cut(strings.NewReplacer("h", ":", ".", ":").Replace(s), ":")
	if minute == "" {
		minute = "0"
	}
	h, err := strconv.ParseUint(hour, 10, 8)
	m, err2 := strconv.ParseUint(minute, 10, 8)
	if err != nil || err2 != nil || len(hour) > 2 || len(minute) > 2 || h > 24 || m > 59 || h == 24 && m > 0 {
		return 0, false
	}
	return int(h)*60 + int(m), true
}

// String writes the line in its canonical form.
func (l HoursLine) String() string {
	s := l.Weekday
	if s == "" {
		if s = l.From; l.Until != l.From {
			s += ".." + l.Until
		}
	}
	if len(l.Spans) == 0 {
		return s + " closed"
	}
	for _, span := range l.Spans {
		s += " " + span.String()
	}
	return s
}

func (s Span) String() string { return clock(s.Start) + "-" + clock(s.End) }

func clock(minutes int) string {
	two := func(n int) string { return strings.Repeat("0", 2-len(strconv.Itoa(n))) + strconv.Itoa(n) }
	return two(minutes/60) + ":" + two(minutes%60)
}

// HoursOf reads the answers to a question; lines that cannot be read are left out.
func HoursOf(values []string) (h Hours) {
	for _, v := range values {
		if l, ok := ParseHoursLine(v); ok {
			h = append(h, l)
		}
	}
	return h
}

// of gives the line that counts on a day.
func (h Hours) of(day time.Time) (HoursLine, bool) {
	date, weekday := day.Format("2006-01-02"), Weekdays[(int(day.Weekday())+6)%7]
	best, found := HoursLine{}, false
	for _, l := range h {
		if l.Weekday == weekday && !found || l.Weekday == "" && l.From <= date && date <= l.Until && (!found || best.Weekday != "" || l.From == l.Until) {
			best, found = l, true
		}
	}
	return best, found
}

// Open tells whether it is open at an instant, by the clock of the place.
func (h Hours) Open(at time.Time) bool {
	minute := at.Hour()*60 + at.Minute()
	today, _ := h.of(at)
	for _, s := range today.Spans {
		if s.Start <= minute && (minute < s.End || s.End < s.Start) {
			return true
		}
	}
	yesterday, _ := h.of(time.Date(at.Year(), at.Month(), at.Day()-1, 12, 0, 0, 0, at.Location()))
	for _, s := range yesterday.Spans {
		if s.End < s.Start && minute < s.End {
			return true
		}
	}
	return false
}

// ClosedUntil gives the last day of a closure that holds at an instant and has
// more than a day; "" when there is none.
func (h Hours) ClosedUntil(at time.Time) string {
	l, found := h.of(at)
	if found && l.Weekday == "" && len(l.Spans) == 0 && l.Until > l.From {
		return l.Until
	}
	return ""
}

// Coming leaves out dates that are over.
func (h Hours) Coming(at time.Time) (list Hours) {
	today := at.Format("2006-01-02")
	for _, l := range h {
		if l.Weekday != "" || l.Until >= today {
			list = append(list, l)
		}
	}
	return list
}

// readHours takes one line a rule.
func (ask Question) readHours(typed []string) ([]string, error) {
	var lines []HoursLine
	for _, s := range strings.Split(strings.Join(typed, "\n"), "\n") {
		if s = strings.TrimSpace(s); s == "" || slices.Contains(Weekdays, s) {
			continue // nothing was written beside that day
		}
		l, ok := ParseHoursLine(s)
		if !ok || len(lines) > 60 {
			return nil, hoursFault(ask.Name, s)
		}
		lines = append(lines, l)
	}
	slices.SortStableFunc(lines, func(a, b HoursLine) int {
		return strings.Compare(a.order(), b.order())
	})
	var values []string
	for i, l := range lines {
		if i > 0 && l.order() == lines[i-1].order() {
			return nil, hoursFault(ask.Name, l.String()) // the same day twice
		}
		values = append(values, l.String())
	}
	return values, nil
}

func (l HoursLine) order() string {
	if i := slices.Index(Weekdays, l.Weekday); i >= 0 {
		return " " + strconv.Itoa(i) // before all dates
	}
	return l.From + l.Until
}
