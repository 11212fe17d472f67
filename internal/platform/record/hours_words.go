package record

import (
	"slices"
	"strings"
	"time"

	"alliance/internal/platform/design"
)

// hoursTyped puts the fields of a form together: a line a weekday, then the
// dates, as they were typed.
func hoursTyped(dates []string, of func(day string) string) []string {
	var list []string
	for _, day := range Weekdays {
		if s := of(day); s != "" {
			list = append(list, day+" "+s)
		}
	}
	return append(list, said(strings.Split(strings.ReplaceAll(strings.Join(dates, "\n"), "\r\n", "\n"), "\n"))...)
}

// hoursOfDay gives back what was typed for a weekday.
func hoursOfDay(typed []string, day string) string {
	for _, s := range typed {
		if rest, ok := strings.CutPrefix(s, day+" "); ok {
			return rest
		}
	}
	return ""
}

// hoursOfDates gives back what was typed for dates.
func hoursOfDates(typed []string) string {
	var list []string
	for _, s := range typed {
		if first, _, _ := strings.Cut(s, " "); !slices.Contains(Weekdays, first) {
			list = append(list, s)
		}
	}
	return strings.Join(list, "\n")
}

// weekday names the i-th day of the week, from Monday.
func weekday(v design.View, i int) string {
	switch i {
	case 0:
		return v.T("record.weekday.mo", "Monday")
	case 1:
		return v.T("record.weekday.tu", "Tuesday")
	case 2:
		return v.T("record.weekday.we", "Wednesday")
	case 3:
		return v.T("record.weekday.th", "Thursday")
	case 4:
		return v.T("record.weekday.fr", "Friday")
	case 5:
		return v.T("record.weekday.sa", "Saturday")
	}
	return v.T("record.weekday.su", "Sunday")
}

// SayHours says a line of opening hours.
func SayHours(v design.View, line string) string {
	l, ok := ParseHoursLine(line)
	if !ok {
		return line
	}
	when := ""
	switch {
	case l.Weekday != "":
		when = weekday(v, slices.Index(Weekdays, l.Weekday))
	case l.From == l.Until:
		when = SayDay(v, l.From)
	default:
		from, _ := time.Parse("2006-01-02", l.From)
		until, _ := time.Parse("2006-01-02", l.Until)
		when = v.DateRange(from, until)
	}
	if len(l.Spans) == 0 {
		return v.T("record.hours.closed", "{when}: closed", "when", when)
	}
	var spans []string
	for _, s := range l.Spans {
		day := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
		spans = append(spans, v.TimeRange(day.Add(time.Duration(s.Start)*time.Minute), day.Add(time.Duration(s.End)*time.Minute)))
	}
	return v.T("record.hours.line", "{when}: {hours}", "when", when, "hours", v.And(spans))
}

// WayName says how something was checked.
func WayName(v design.View, how string) string {
	switch how {
	case "site":
		return v.T("record.check.site", "On its website")
	case "phone":
		return v.T("record.check.phone", "By telephone")
	case "mail":
		return v.T("record.check.mail", "By e-mail")
	case "visit":
		return v.T("record.check.visit", "On the spot")
	case "itself":
		return v.T("record.check.itself", "We do it ourselves")
	}
	return how
}

func wayOptions(v design.View) (list []design.Option) {
	for _, how := range Ways {
		list = append(list, design.Option{Value: how, Label: WayName(v, how)})
	}
	return list
}
