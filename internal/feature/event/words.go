package event

import (
	"slices"
	"strings"
	"time"

	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/place"
)

var accessNames = map[string]locale.Phrase{
	"step_free":     {Key: "event.access.step_free", English: "Step-free"},
	"sign_language": {Key: "event.access.sign_language", English: "Sign language"},
	"captions":      {Key: "event.access.captions", English: "Written captions"},
	"childcare":     {Key: "event.access.childcare", English: "Childcare"},
	"no_id":         {Key: "event.access.no_id", English: "No ID asked"},
	"free":          {Key: "event.access.free", English: "Free of charge"},
	"meal":          {Key: "event.access.meal", English: "A meal is offered"},
	"quiet_room":    {Key: "event.access.quiet_room", English: "A quiet room"},
	"travel_paid":   {Key: "event.access.travel_paid", English: "Travel can be paid back"},
}

var repeatNames = map[string]locale.Phrase{
	"":           {Key: "event.repeat.once", English: "Once"},
	"week":       {Key: "event.repeat.week", English: "Every week"},
	"month_week": {Key: "event.repeat.month_week", English: "Every month, on the same weekday (such as the first Thursday)"},
	"month_day":  {Key: "event.repeat.month_day", English: "Every month, on the same day (such as the 15th)"},
	"year":       {Key: "event.repeat.year", English: "Every year, on the same day"},
	"other":      {Key: "event.repeat.other", English: "As it is now"},
}

var precisionNames = map[string]locale.Phrase{
	"exact":   {Key: "event.precision.exact", English: "The address, for everybody"},
	"town":    {Key: "event.precision.town", English: "The town for everybody, the address for those who registered"},
	"country": {Key: "event.precision.country", English: "The country for everybody, the rest for those who registered"},
}

var audienceNames = map[string]locale.Phrase{
	string(entry.Public):    {Key: "event.audience.public", English: "Everybody"},
	string(entry.Members):   {Key: "event.audience.members", English: "People who act for an organisation"},
	string(entry.Committee): {Key: "event.audience.committee", English: "The steering committee"},
}

var standNames = map[Stand]locale.Phrase{
	Asked:   {Key: "event.stand.asked", English: "Not confirmed yet"},
	In:      {Key: "event.stand.in", English: "Has a place"},
	Waiting: {Key: "event.stand.waiting", English: "On the waiting list"},
}

// zones are those the form offers; others can be written in the API.
var zones = []string{
	"Africa/Abidjan", "Africa/Algiers", "Africa/Cairo", "Africa/Casablanca", "Africa/Dakar", "Africa/Johannesburg", "Africa/Lagos", "Africa/Nairobi", "Africa/Niamey", "Africa/Tripoli", "Africa/Tunis",
	"America/Argentina/Buenos_Aires", "America/Bogota", "America/Chicago", "America/Guatemala", "America/Lima", "America/Los_Angeles", "America/Mexico_City", "America/Montevideo", "America/New_York", "America/Santiago", "America/Sao_Paulo", "America/Toronto",
	"Asia/Beirut", "Asia/Dhaka", "Asia/Istanbul", "Asia/Kabul", "Asia/Karachi", "Asia/Tehran", "Atlantic/Canary",
	"Europe/Athens", "Europe/Berlin", "Europe/Brussels", "Europe/Bucharest", "Europe/Copenhagen", "Europe/Kyiv", "Europe/Lisbon", "Europe/London", "Europe/Madrid", "Europe/Paris", "Europe/Rome", "Europe/Stockholm", "Europe/Warsaw", "Europe/Zurich", "UTC",
}

func zoneOptions(now string) []design.Option {
	all := zones
	if now != "" && !slices.Contains(all, now) {
		all = append([]string{now}, all...)
	}
	list := make([]design.Option, len(all))
	for i, z := range all {
		list[i] = design.Option{Value: z, Label: strings.ReplaceAll(z, "_", " "), Lang: "en"}
	}
	return list
}

// spokenLanguages are those the form offers for an event.
var spokenLanguages = []string{"fr", "en", "es", "pt", "it", "de", "ar", "fa", "ps", "ti", "am", "bn", "uk", "tr", "ur", "so", "ha", "wo", "bm", "ff", "ln", "ht", "ro", "sq"}

// phraseOptions offers codes in words.
func phraseOptions(v design.View, codes []string, names map[string]locale.Phrase) []design.Option {
	list := make([]design.Option, len(codes))
	for i, c := range codes {
		list[i] = design.Option{Value: c, Label: v.Say(names[c])}
	}
	return list
}

func inWords(v design.View, codes []string, names map[string]locale.Phrase) string {
	words := make([]string, len(codes))
	for i, c := range codes {
		words[i] = v.Say(names[c])
	}
	return v.And(words)
}

// tongues are languages in words.
func tongues(v design.View, list []string) string {
	names := make([]string, len(list))
	for i, t := range list {
		names[i] = v.Language(t)
	}
	return v.And(names)
}

// townWords says town and country for the reader, as closely as it may be told.
func townWords(v design.View, e Event) string {
	_, at := e.Address()
	country := ""
	if at.Country != "" {
		country = v.Country(at.Country)
	}
	if at.Name == "" {
		return country
	}
	name := at.Name
	if found := place.Lookup(at.Name, at.Country); len(found) > 0 {
		if known := found[0].In(v.Lang()); known != found[0].Name {
			name = known
		}
	}
	if country == "" {
		return name
	}
	return v.T("event.place", "{town}, {country}", "town", name, "country", country)
}

// placeWords is the whole place in one line, "" when it is only online.
func placeWords(v design.View, e Event) string {
	venue, _ := e.Address()
	words := townWords(v, e)
	switch {
	case venue == "":
	case words == "":
		words = venue
	default:
		words = v.T("event.venue", "{address}, {town}", "address", venue, "town", words)
	}
	if words == "" && e.Online != "" {
		return v.T("event.online", "Online")
	}
	return words
}

// whenWords says when a date is, in the time of the place.
func whenWords(v design.View, e Event, starts, ends time.Time) string {
	if e.AllDay {
		last := ends.AddDate(0, 0, -1)
		if last.After(starts) && dayNumber(last) != dayNumber(starts) {
			return v.DateRange(starts, last)
		}
		return v.FullDate(starts)
	}
	switch {
	case e.Endless:
		return v.T("event.when.at", "{date}, {time}", "date", v.FullDate(starts), "time", v.Time(starts))
	case dayNumber(starts) == dayNumber(ends):
		return v.T("event.when.at", "{date}, {time}", "date", v.FullDate(starts), "time", v.TimeRange(starts, ends))
	}
	return v.T("event.when.until", "{from} until {to}", "from", v.DateTime(starts), "to", v.DateTime(ends))
}

// repeatWords says how an event repeats, "" when it does not.
func repeatWords(v design.View, e Event) string {
	if e.Rule == "" {
		return ""
	}
	starts := e.Local(e.Starts)
	r := RepeatOf(e.Rule, starts)
	var words string
	switch r.Every {
	case "week":
		names := make([]string, 0, len(r.Days))
		for _, d := range r.Days {
			names = append(names, weekdayName(v, d))
		}
		words = v.T("event.every.week", "Every week: {days}", "days", v.And(names))
	case "month_week":
		nth, day := (starts.Day()-1)/7+1, weekdayName(v, weekday(starts))
		words = v.T("event.every.nth", "Every month: {day}, number {nth} in the month", "day", day, "nth", nth)
		if nth == 5 {
			words = v.T("event.every.last", "Every month: {day}, the last of the month", "day", day)
		}
	case "month_day":
		words = v.T("event.every.day", "Every month: day {day}", "day", starts.Day())
	case "year":
		words = v.T("event.every.year", "Every year")
	default:
		words = v.T("event.every.other", "It repeats. The next dates are below.")
	}
	if r.Interval > 1 && r.Every != "other" {
		words = v.T("event.every.interval", "{rule}, one in {n}", "rule", words, "n", r.Interval)
	}
	if until, err := time.Parse(time.DateOnly, r.Until); err == nil {
		words = v.T("event.every.until", "{rule}, until {date}", "rule", words, "date", v.Date(until))
	} else if r.Count > 0 {
		words = v.T("event.every.count", "{rule}, {n} times in all", "rule", words, "n", r.Count)
	}
	return words
}

// weekdayName is the name of MO … SU, taken from a date that is one.
func weekdayName(v design.View, code string) string {
	for i, w := range weekdays {
		if w == code {
			return v.Weekday(time.Weekday((i + 1) % 7))
		}
	}
	return code
}

// cardOf is a date as a card of a list.
func cardOf(v design.View, d dated, level int) design.Item {
	e := d.Event
	title := e.Title().In(v.Lang())
	i := design.Item{Href: v.Href("/calendar/" + e.ID), Title: title.S, Lang: title.Lang, Level: level}
	if s := e.Text(entry.Summary).In(v.Lang()); s.S != "" {
		i.Text, i.TextLang = s.S, s.Lang
	}
	if e.Class == Umbrella {
		i.Tag = v.T("event.umbrella.tag", "A day that unites")
	}
	where := placeWords(v, e)
	if e.Online != "" && where != "" && e.Place.Precision != place.None {
		where = v.T("event.place.and-online", "{place}, and online", "place", where)
	}
	i.Meta = []string{where, organiserWords(v, e)}
	return i
}

// organiserWords names who organises, "" when nobody said so.
func organiserWords(v design.View, e Event) string {
	var names []string
	for _, o := range e.Organisers {
		if o.Confirmed != 0 {
			names = append(names, o.Name)
		}
	}
	return v.And(names)
}
