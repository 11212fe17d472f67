package event

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"alliance/internal/platform/alliance"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/place"
)

// What pages say, where a template would be too long for it.

func crumbs(v design.View) []design.Link {
	return []design.Link{{Href: v.Href("/calendar"), Label: v.T("event.title", "Calendar")}}
}

func oneCrumbs(v design.View, e Event) []design.Link {
	t := e.Title().In(v.Lang())
	return append(crumbs(v), design.Link{Href: v.Href("/calendar/" + e.ID), Label: t.S, Lang: t.Lang})
}

func eventCrumbs(v design.View, e eventView) []design.Link {
	if e.Above == nil {
		return crumbs(v)
	}
	return oneCrumbs(v, *e.Above)
}

func sourceCrumbs(v design.View) []design.Link {
	return append(crumbs(v), design.Link{Href: v.Href("/calendar/sources"), Label: v.T("event.sources", "Calendars of others")})
}

func uploadCrumbs(v design.View) []design.Link {
	return append(crumbs(v), design.Link{Href: v.Href("/calendar/import"), Label: v.T("event.upload.title", "Bring in a calendar file")})
}

func listTitle(v design.View, l listView) string {
	switch {
	case l.Query.Past:
		return v.T("event.past.title", "Past events")
	case l.Query.Month != "":
		return v.T("event.month.title", "Calendar: {month}", "month", v.Month(monthOf(l.Query.Month)))
	}
	return v.T("event.title", "Calendar")
}

func listCrumbs(v design.View, l listView) []design.Link {
	if l.Query.Past || l.Query.Month != "" {
		return crumbs(v)
	}
	return nil
}

func addWords(v design.View, l listView) string {
	if l.MayPublish {
		return v.T("event.add", "Add an event")
	}
	return v.T("event.propose", "Propose an event")
}

func monthOf(month string) time.Time {
	t, _ := time.Parse("2006-01", month)
	return t
}

// monthGroup are the dates of a list that begin in one month.
type monthGroup struct {
	First time.Time
	Dates []dated
}

func months(dates []dated) (list []monthGroup) {
	for _, d := range dates {
		first := time.Date(d.Day/10000, time.Month(d.Day/100%100), 1, 0, 0, 0, 0, time.UTC)
		if n := len(list); n == 0 || !list[n-1].First.Equal(first) {
			list = append(list, monthGroup{First: first})
		}
		list[len(list)-1].Dates = append(list[len(list)-1].Dates, d)
	}
	return list
}

func headColumns(l listView) []design.Column {
	list := make([]design.Column, len(l.Heads))
	for i, h := range l.Heads {
		list[i].Label = h
	}
	return list
}

// first is the date an event's page tells: the next one, or its first.
func first(e eventView) Date {
	if len(e.Next) > 0 {
		return e.Next[0]
	}
	return e.date()
}

// date is the first date of an event.
func (e Event) date() Date {
	return e.days(Date{Event: e.ID, At: e.Starts, Starts: e.Starts, Ends: e.Until()})
}

// moment is a date as machines read it: a day, or an instant with its offset.
func moment(e Event, d Date) string {
	if e.AllDay {
		return e.Local(d.Starts).Format(time.DateOnly)
	}
	return e.Local(d.Starts).Format(time.RFC3339)
}

func kicker(v design.View, e Event) string {
	if e.Class == Umbrella {
		return v.T("event.umbrella.tag", "A day that unites")
	}
	return v.T("event.kind.one", "Event")
}

func zoneWords(zone string) string { return strings.ReplaceAll(zone, "_", " ") }

// hidden tells that there is an address which is not for all.
func hidden(e eventView) bool { return e.Venue != "" && e.Place.Precision != place.Exact }

func confirmed(e Event) []Organiser {
	return slices.DeleteFunc(slices.Clone(e.Organisers), func(o Organiser) bool { return o.Confirmed == 0 })
}

func askedNames(v design.View, list []Organiser) string {
	names := make([]string, len(list))
	for i, o := range list {
		names[i] = o.Name
	}
	return v.And(names)
}

func topicName(v design.View, all []alliance.Topic, code string) string {
	for _, t := range all {
		if t.ID == code {
			return t.Name.In(v.Lang()).S
		}
	}
	return ""
}

func topicNames(v design.View, all []alliance.Topic, codes []string) string {
	var names []string
	for _, c := range codes {
		if n := topicName(v, all, c); n != "" {
			names = append(names, n)
		}
	}
	return v.And(names)
}

func changeNote(e Event, d Date) lang.Text {
	for _, c := range e.Changes {
		if c.At == d.At {
			return c.Note
		}
	}
	return lang.Text{}
}

func underWords(v design.View, e eventView) string {
	all := 0
	for _, y := range e.Years {
		all += y.Count
	}
	words := v.N("event.under.count", all, "{n} event", "{n} events")
	if e.Countries > 0 {
		words += " · " + v.N("event.under.countries", e.Countries, "{n} country", "{n} countries")
	}
	return words
}

func yearRows(v design.View, years []yearCount) (rows [][]string) {
	for _, y := range years {
		rows = append(rows, []string{strconv.Itoa(y.Year), v.Number(y.Count)})
	}
	return rows
}

// smsHref opens the message program of a phone with the text.
func smsHref(text string) templ.SafeURL {
	return templ.SafeURL("sms:?&body=" + strings.ReplaceAll(url.QueryEscape(text), "+", "%20"))
}

func dateOptions(v design.View, e Event, dates []Date) []design.Option {
	list := make([]design.Option, len(dates))
	for i, d := range dates {
		list[i] = design.Option{Value: strconv.FormatInt(int64(d.At), 10), Label: whenWords(v, e, e.Local(d.Starts), e.Local(d.Ends))}
	}
	return list
}

// filters are the questions that narrow the calendar, with counts.
func filters(v design.View, l listView) design.Filters {
	q, c := l.Query, l.Facets
	f := design.Filters{Path: l.Self, Query: q.Words, Label: v.T("event.search", "Title, town or word")}
	if q.Month != "" {
		f.Hidden = append(f.Hidden, design.Hide{Name: "month", Value: q.Month})
	}
	add := func(name, label string, counts []entry.Facet, ticked []string, say func(string) string, foreign func(string) string) {
		var options []design.Option
		for _, x := range counts {
			if words := say(x.Value); words != "" {
				options = append(options, design.Option{Value: x.Value, Label: words, Count: x.Count, Lang: foreign(x.Value)})
			}
		}
		for _, t := range ticked { // a choice without hits can still be taken back
			if words := say(t); words != "" && !slices.ContainsFunc(counts, func(x entry.Facet) bool { return x.Value == t }) {
				options = append(options, design.Option{Value: t, Label: words})
			}
		}
		slices.SortStableFunc(options, func(a, b design.Option) int { return v.Compare(a.Label, b.Label) })
		if len(options) > 0 {
			f.Groups = append(f.Groups, design.Group{Name: name, Label: label, Options: options, Values: ticked})
		}
	}
	own := func(string) string { return "" }
	topic := func(all []alliance.Topic) (say, foreign func(string) string) {
		find := func(code string) lang.Rendering {
			for _, t := range all {
				if t.ID == code {
					return t.Name.In(v.Lang())
				}
			}
			return lang.Rendering{}
		}
		return func(s string) string { return find(s).S }, func(s string) string { return find(s).Lang }
	}
	add("country", v.T("event.fact.country", "Country"), c.Countries, q.Countries, v.Country, own)
	add("where", v.T("event.filter.where", "In a place or online"), c.Online, q.Online, func(s string) string {
		switch s {
		case "online":
			return v.T("event.online", "Online")
		case "place":
			return v.T("event.filter.place", "In a place")
		}
		return ""
	}, own)
	say, foreign := topic(l.Alliance.Axes)
	add("axis", v.T("event.fact.axis", "Line of work"), c.Axes, q.Axes, say, foreign)
	say, foreign = topic(l.Alliance.Themes)
	add("theme", v.T("event.fact.themes", "Themes"), c.Themes, q.Themes, say, foreign)
	add("language", v.T("event.filter.language", "Spoken or translated aloud"), c.Languages, q.Languages, v.Language, own)
	say = func(s string) string {
		for _, u := range l.Umbrellas {
			if u.ID == s {
				return u.Title().In(v.Lang()).S
			}
		}
		return ""
	}
	add("umbrella", v.T("event.filter.umbrella", "Day that unites"), c.Umbrellas, q.Umbrellas, say, own)
	add("organiser", v.T("event.fact.organisers", "Organised by"), top(c.Organisers, 30), q.Organisers, func(s string) string { return c.Names[s] }, own)
	return f
}

func top(list []entry.Facet, n int) []entry.Facet { return list[:min(len(list), n)] }

func formTitle(v design.View, x form) string {
	switch {
	case x.ID != "":
		return v.T("event.edit.title", "Edit: {title}", "title", x.Title)
	case x.mayPublish:
		return v.T("event.add", "Add an event")
	}
	return v.T("event.propose", "Propose an event")
}

func formLead(v design.View, x form) string {
	if x.mayPublish {
		return ""
	}
	return v.T("event.propose.lead", "A local authority and an association look at it before it is shown. You are told.")
}

func formPath(x form) string {
	if x.ID == "" {
		return "/calendar/new"
	}
	return "/calendar/" + x.ID + "/edit"
}

func formCrumbs(v design.View, x form) []design.Link {
	list := crumbs(v)
	if x.ID != "" {
		list = append(list, design.Link{Href: v.Href("/calendar/" + x.ID), Label: x.Title, Lang: x.Lang})
	}
	return list
}

func submitWords(v design.View, x form) string {
	if x.mayPublish {
		return v.T("event.save", "Save")
	}
	return v.T("event.propose", "Propose an event")
}

func tick(yes bool) string {
	if yes {
		return "1"
	}
	return ""
}

func plain(n int) string {
	if n <= 1 {
		return ""
	}
	return strconv.Itoa(n)
}

// once is what the form posts for no repetition: radios need a value.
const once = "once"

func orOnce(every string) string { return cmp.Or(every, once) }

func repeatOptions(v design.View, x form) []design.Option {
	all := Everies
	if x.Repeat.Every == "other" {
		all = append(slices.Clone(all), "other")
	}
	list := make([]design.Option, len(all))
	for i, e := range all {
		list[i] = design.Option{Value: orOnce(e), Label: v.Say(repeatNames[e])}
	}
	return list
}

func weekdayOptions(v design.View) []design.Option {
	list := make([]design.Option, len(weekdays))
	for i, w := range weekdays {
		list[i] = design.Option{Value: w, Label: weekdayName(v, w)}
	}
	return list
}

func umbrellaOptions(v design.View, x form) []design.Option {
	list := []design.Option{{Value: "", Label: v.T("event.none", "None")}}
	for _, u := range x.umbrellas {
		if u.ID != x.ID {
			t := u.Title().In(v.Lang())
			list = append(list, design.Option{Value: u.ID, Label: t.S, Lang: t.Lang})
		}
	}
	return list
}

func axisOptions(v design.View, x form) []design.Option {
	return append([]design.Option{{Value: "", Label: v.T("event.none", "None")}}, design.TopicOptions(v, x.alliance.Axes)...)
}

var audiences = []string{string(entry.Public), string(entry.Members), string(entry.Committee)}

func outcomeStyle(r Run) string {
	switch r.Outcome {
	case wasRead, wasSame:
		return "ok"
	}
	return "warn"
}

// takeable tells what of a file can be brought in; a likely double only when
// somebody ticks it.
func takeable(x Found) bool {
	return x.What == taken || x.What == changed || x.What == double || x.What == gone
}

func uploadLead(v design.View, u uploadView) string {
	if u.Applied != 0 {
		return v.T("event.upload.applied", "Brought in on {date}.", "date", v.Date(u.Applied.Time()))
	}
	return v.T("event.upload.dry", "Nothing is in the calendar yet. The file is forgotten after a day.")
}

// refusalWords say which rule an event of others breaks.
func refusalWords(v design.View, key string) string {
	switch key {
	case "event.rule.unknown":
		return v.T("event.rule.unknown", "This way of repeating is not understood.")
	case "event.rule.never":
		return v.T("event.rule.never", "With this way of repeating it never takes place.")
	case "event.ends.far":
		return v.T("event.ends.far", "An event lasts at most {n} days. Make several, or let it repeat.", "n", mostDays)
	case "event.ends.before":
		return v.T("event.ends.before", "It ends before it begins.")
	}
	return v.T("event.refused", "It breaks a rule of our calendar.")
}
