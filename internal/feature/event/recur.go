package event

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	rrule "github.com/teambition/rrule-go"

	"alliance/internal/platform/db"
)

// How far dates are worked out ahead, and how many of one event.
const (
	horizon   = 2 * 366 * 24 * time.Hour
	back      = 8 * 366 * 24 * time.Hour
	mostDates = 750
)

var errRule = errors.New("event: a rule that is not understood")

// parseRule reads a rule whose first date is at start. Rules finer than a day
// have no place in a calendar of gatherings.
func parseRule(rule string, start time.Time) (*rrule.RRule, error) {
	if len(rule) > 300 || strings.ContainsAny(rule, "\r\n") {
		return nil, errRule
	}
	option, err := rrule.StrToROptionInLocation(rule, start.Location())
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errRule, err)
	}
	if option.Freq > rrule.DAILY || len(option.Byhour)+len(option.Byminute)+len(option.Bysecond)+len(option.Byeaster) > 0 || !option.Dtstart.IsZero() || option.Interval < 0 || option.Interval > 1000 || option.Count < 0 || option.Count > 5000 {
		return nil, errRule
	}
	if option.Freq == rrule.DAILY && len(option.Bymonth)+len(option.Bymonthday)+len(option.Byyearday)+len(option.Byweekno) > 0 {
		return nil, errRule // such a rule may look for its next day for ever
	}
	option.Dtstart = start
	r, err := rrule.NewRRule(*option)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errRule, err)
	}
	return r, nil
}

// Expand gives the dates between two instants, with exceptions left out and
// changes made, in order; at most mostDates.
func (e Event) Expand(from, to db.Instant) []Date {
	length := e.Ends - e.Starts
	if e.Endless {
		length = db.Instant(untold.Microseconds())
	}
	start := e.Local(e.Starts)
	var starts []time.Time
	if e.Rule == "" {
		starts = []time.Time{start}
	} else if r, err := parseRule(e.Rule, start); err == nil {
		next := r.Iterator()
		for len(starts) < mostDates {
			t, ok := next()
			if !ok || db.At(t) > to {
				break
			}
			if db.At(t)+length >= from {
				starts = append(starts, t)
			}
		}
	}
	dates := make([]Date, 0, len(starts))
	for _, t := range starts {
		at := db.At(t)
		if slices.Contains(e.Except, at) {
			continue
		}
		d := Date{Event: e.ID, At: at, Starts: at, Ends: at + length}
		if e.AllDay { // a day is not always 24 hours
			days := int((time.Duration(length)*time.Microsecond + 12*time.Hour) / (24 * time.Hour))
			d.Ends = db.At(t.AddDate(0, 0, max(days, 1)))
		}
		for _, c := range e.Changes {
			if c.At == at {
				d.Starts, d.Ends, d.Cancelled = c.Starts, c.Ends, c.Cancelled
			}
		}
		dates = append(dates, e.days(d))
	}
	return dates
}

// days fills in the days of a date at the place.
func (e Event) days(d Date) Date {
	first, last := e.Local(d.Starts), e.Local(max(d.Ends-1, d.Starts))
	d.Day, d.Last = dayNumber(first), dayNumber(last)
	return d
}

func dayNumber(t time.Time) int { return t.Year()*10000 + int(t.Month())*100 + t.Day() }

// Repeat is a rule as the form asks for it.
type Repeat struct {
	Every    string   // "", week, month_day, month_week, year, other
	Interval int      // every so many
	Days     []string // MO … SU, for weeks
	Until    string   // "2027-06-30", last day
	Count    int
}

// Everies are the ways of repeating in the order of the form.
var Everies = []string{"", "week", "month_week", "month_day", "year"}

var weekdays = []string{"MO", "TU", "WE", "TH", "FR", "SA", "SU"}

func weekday(t time.Time) string { return weekdays[(int(t.Weekday())+6)%7] }

// RuleOf writes what was asked for as a rule, for an event that begins at start.
func RuleOf(r Repeat, start time.Time) string {
	var parts []string
	switch r.Every {
	case "week":
		days := slices.Clone(r.Days)
		if !slices.Contains(days, weekday(start)) {
			days = append(days, weekday(start)) // the first date is a date
		}
		slices.SortFunc(days, func(a, b string) int { return slices.Index(weekdays, a) - slices.Index(weekdays, b) })
		parts = []string{"FREQ=WEEKLY", "BYDAY=" + strings.Join(days, ",")}
	case "month_week":
		nth := (start.Day()-1)/7 + 1
		if nth == 5 {
			nth = -1
		}
		parts = []string{"FREQ=MONTHLY", fmt.Sprintf("BYDAY=%+d%s", nth, weekday(start))}
	case "month_day":
		parts = []string{"FREQ=MONTHLY", fmt.Sprintf("BYMONTHDAY=%d", start.Day())}
	case "year":
		parts = []string{"FREQ=YEARLY"}
	default:
		return ""
	}
	if r.Interval > 1 {
		parts = append(parts, "INTERVAL="+strconv.Itoa(r.Interval))
	}
	if until, err := time.ParseInLocation(time.DateOnly, r.Until, start.Location()); err == nil {
		parts = append(parts, "UNTIL="+until.AddDate(0, 0, 1).Add(-time.Second).UTC().Format("20060102T150405Z"))
	} else if r.Count > 0 {
		parts = append(parts, "COUNT="+strconv.Itoa(r.Count))
	}
	return strings.Join(parts, ";")
}

// RepeatOf reads a rule for the form; "other" is one it has no words for.
func RepeatOf(rule string, start time.Time) Repeat {
	if rule == "" {
		return Repeat{}
	}
	r := Repeat{Interval: 1}
	values := map[string]string{}
	for part := range strings.SplitSeq(rule, ";") {
		name, value, _ := strings.Cut(part, "=")
		values[name] = value
	}
	r.Count, _ = strconv.Atoi(values["COUNT"])
	if n, err := strconv.Atoi(values["INTERVAL"]); err == nil {
		r.Interval = n
	}
	for _, form := range []string{"20060102T150405Z", "20060102"} {
		if t, err := time.Parse(form, values["UNTIL"]); err == nil {
			r.Until = t.In(start.Location()).Format(time.DateOnly)
		}
	}
	for _, every := range Everies[1:] {
		r.Every = every
		if every == "week" {
			r.Days = strings.Split(values["BYDAY"], ",")
		}
		if sameRule(RuleOf(r, start), rule) {
			return r
		}
		r.Days = nil
	}
	r.Every = "other"
	return r
}

// sameRule compares rules whatever the order of their parts; until counts by its day.
func sameRule(a, b string) bool {
	key := func(s string) string {
		parts := strings.Split(strings.ReplaceAll(s, "BYDAY=+", "BYDAY="), ";")
		parts = slices.DeleteFunc(parts, func(p string) bool {
			return strings.HasPrefix(p, "UNTIL=") || strings.HasPrefix(p, "WKST=") || p == "INTERVAL=1" || p == ""
		})
		slices.Sort(parts)
		return strings.Join(parts, ";")
	}
	return key(a) == key(b)
}
