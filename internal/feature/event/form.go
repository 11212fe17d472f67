package event

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
	"alliance/internal/platform/web"
)

// form is an event as somebody types it: on the page and in the API.
type form struct {
	ID                                     string
	Revision                               int
	Lang                                   string
	Title, Summary, Body                   string
	AllDay                                 bool
	Starts, Ends                           string // "2026-12-18 18:30", at the place; without a clock for whole days
	Zone                                   string
	Country, Town, Venue, Precision        string
	Online, Link                           string
	Quiet                                  bool
	Organisers                             string // one a line
	Languages, Interpreted, Access, Themes []string
	Axis, Umbrella, Audience               string
	IsUmbrella                             bool
	Repeat                                 Repeat
	Except                                 string // days, one a line
	Rule                                   string // API, and rules the form has no words for
	Registers                              bool
	Capacity, Keep, Closes                 string
	alliance                               alliance.Alliance
	umbrellas                              []Event
	steers, mayPublish                     bool
	problems                               fault.List
}

const dateTime = "2006-01-02 15:04"

func formOf(v design.View, e Event) form {
	starts := e.Local(e.Starts)
	x := form{ID: e.ID, Revision: e.Revision, Lang: e.Lang, Title: e.Title().Original(), Summary: e.Text(entry.Summary).Original(), Body: e.Text(Body).Original(),
		AllDay: e.AllDay, Zone: e.Zone, Country: v.Country(e.Place.Country), Town: e.Place.Name, Venue: e.Venue, Precision: precisionWord(e.Place.Precision), Online: e.Online, Link: e.Link, Quiet: e.Quiet,
		Languages: e.Languages, Interpreted: e.Interpreted, Access: e.Access, Themes: e.Themes, Axis: e.Axis, Umbrella: e.Umbrella, Audience: string(e.Audience), IsUmbrella: e.Class == Umbrella,
		Repeat: RepeatOf(e.Rule, starts), Rule: e.Rule, Registers: e.Registers, Keep: strconv.Itoa(e.KeepDays)}
	if e.Place.Country == "" {
		x.Country = ""
	}
	if e.Starts != 0 {
		x.Starts = starts.Format(dateTime)
	}
	if ends := e.Local(e.Ends); !e.Endless && e.Ends != 0 {
		if e.AllDay {
			ends = ends.AddDate(0, 0, -1) // people count the last day in
		}
		x.Ends = ends.Format(dateTime)
	}
	if e.Capacity > 0 {
		x.Capacity = strconv.Itoa(e.Capacity)
	}
	if e.Closes != 0 {
		x.Closes = e.Local(e.Closes).Format(dateTime)
	}
	var names, except []string
	for _, o := range e.Organisers {
		names = append(names, o.Name)
	}
	for _, at := range e.Except {
		except = append(except, e.Local(at).Format(time.DateOnly))
	}
	x.Organisers, x.Except = strings.Join(names, "\n"), strings.Join(except, "\n")
	return x
}

// precisions in words of the form and the API.
var precisions = []string{"exact", "town", "country"}

func precisionWord(p place.Precision) string {
	switch p {
	case place.InTown:
		return "town"
	case place.InCountry:
		return "country"
	}
	return "exact"
}

func readForm(c *web.Ctx) form {
	x := form{Lang: c.Form("title-lang"), Title: c.Form("title"), Summary: c.Form("summary"), Body: c.Form("body"), AllDay: c.Checked("allday"),
		Starts: design.DateTimeValue(c.Form, "starts"), Ends: design.DateTimeValue(c.Form, "ends"), Zone: c.Form("zone"),
		Country: c.Form("country"), Town: c.Form("town"), Venue: c.Form("venue"), Precision: c.Form("precision"), Online: c.Form("online"), Link: c.Form("link"), Quiet: c.Checked("quiet"),
		Organisers: c.Form("organisers"), Languages: c.Forms("languages"), Interpreted: c.Forms("interpreted"), Access: c.Forms("access"), Themes: c.Forms("themes"), Axis: c.Form("axis"),
		Umbrella: c.Form("umbrella"), Audience: c.Form("audience"), IsUmbrella: c.Checked("isumbrella"), Except: c.Form("except"), Rule: c.Form("rule"), Registers: c.Checked("registers"),
		Capacity: c.Form("capacity"), Keep: c.Form("keep"), Closes: design.DateTimeValue(c.Form, "closes")}
	x.Repeat = Repeat{Every: strings.TrimPrefix(c.Form("repeat"), once), Days: c.Forms("days"), Until: design.DateValue(c.Form, "until")}
	x.Repeat.Interval = number("interval", c.Form("interval"), &x.problems)
	x.Repeat.Count = number("count", c.Form("count"), &x.problems)
	x.Revision, _ = strconv.Atoi(c.Form("revision"))
	return x
}

func number(field, typed string, list *fault.List) int {
	if typed == "" {
		return 0
	}
	n, err := strconv.Atoi(typed)
	if err != nil || n < 0 || n > 1_000_000 {
		list.Add(fault.Invalid(field, "event.number", "Write a number."))
		return 0
	}
	return n
}

// onto writes what was typed onto an event, and gives who organises it.
func (x form) onto(ctx context.Context, q db.Q, e *Event) (organisers []string, err error) {
	list := slices.Clone(x.problems)
	if e.Lang == "" {
		e.Lang, _ = lang.Tag(x.Lang)
	}
	for field, words := range map[string]string{entry.Title: x.Title, entry.Summary: x.Summary, Body: x.Body} {
		e.Set(field, words)
	}
	e.Zone, e.AllDay = x.Zone, x.AllDay
	zone := zoneOf(x.Zone)
	e.Starts = x.instant("starts", x.Starts, zone, &list)
	e.Ends = x.instant("ends", x.Ends, zone, &list)
	if e.AllDay {
		if e.Ends == 0 {
			e.Ends = e.Starts
		}
		if e.Ends != 0 {
			e.Ends = db.At(e.Ends.Time().In(zone).AddDate(0, 0, 1)) // the last day counts whole
		}
	}
	if e.Endless = e.Ends == 0; e.Endless {
		e.Ends = e.Starts
	}
	x.place(e, &list)
	e.Online, e.Link, e.Quiet = address(x.Online), address(x.Link), x.Quiet
	e.Languages, e.Interpreted = tags(x.Languages), tags(x.Interpreted)
	e.Access = only(x.Access, AccessNeeds)
	e.Themes = only(x.Themes, ids(x.alliance.Themes))
	e.Axis = ""
	if slices.Contains(ids(x.alliance.Axes), x.Axis) {
		e.Axis = x.Axis
	}
	e.Umbrella = x.Umbrella
	e.Class = Gathering
	if x.IsUmbrella {
		e.Class = Umbrella
	}
	if a := entry.Audience(x.Audience); a == entry.Members || a == entry.Committee {
		e.Audience = a
	} else {
		e.Audience = entry.Public
	}
	x.recurrence(e, zone, &list)
	e.Registers = x.Registers
	e.Capacity, e.KeepDays = number("capacity", x.Capacity, &list), number("keep", x.Keep, &list)
	if x.Keep == "" {
		e.KeepDays = 30
	}
	e.Closes = x.instant("closes", x.Closes, zone, &list)
	organisers, err = x.organisers(ctx, q, &list)
	if err != nil {
		return nil, err
	}
	if err := e.Validate(); err != nil {
		list = append(list, fault.Of(err)...)
	}
	return organisers, list.Err()
}

// instant reads a date at the place, with or without a time.
func (x form) instant(field, typed string, zone *time.Location, list *fault.List) db.Instant {
	if typed == "" {
		return 0
	}
	day, _, clock := strings.Cut(typed, " ")
	form := dateTime
	if !clock || x.AllDay && field != "closes" {
		form, typed = time.DateOnly, day
	}
	t, err := time.ParseInLocation(form, typed, zone)
	if err != nil || t.Year() < 1900 || t.Year() > 2200 {
		list.Add(fault.Invalid(field, "event.date", "This is not a date. Write day, month, year, and a time such as 18:30."))
		return 0
	}
	if field == "starts" && form == time.DateOnly && !x.AllDay {
		list.Add(fault.Invalid(field, "event.time.missing", "Write the time it begins, or say that it takes whole days."))
	}
	return db.At(t)
}

// place finds the town on the map. What the gazetteer does not know stays as
// it is written, drawn at its country at best.
func (x form) place(e *Event, list *fault.List) {
	code, ok := place.ParseCountry(x.Country)
	if x.Country != "" && !ok {
		list.Add(fault.Invalid("country", "event.country.unknown", "Write the name of a country, or leave it empty."))
	}
	want := place.Exact
	switch x.Precision {
	case "town":
		want = place.InTown
	case "country":
		want = place.InCountry
	}
	e.Venue = x.Venue
	if e.ID != "" && e.Place.Name == x.Town && e.Place.Country == code && e.Place.Precision != place.None {
		e.Place.Precision = want // left as it is: its point stays
		return
	}
	e.Place = place.Place{Name: x.Town, Country: code}
	if x.Town == "" && code == "" {
		if x.Venue != "" {
			list.Add(fault.Invalid("town", "event.town.needed", "Write the town and country of this address."))
		}
		return
	}
	if code == "" {
		list.Add(fault.Invalid("country", "event.country.needed", "Write the country of the town."))
		return
	}
	e.Place.Precision = want
	if towns := place.Lookup(x.Town, code); len(towns) > 0 {
		e.Place.Lat, e.Place.Lon = towns[0].Lat, towns[0].Lon
		return
	}
	if x.Town == "" {
		e.Place.Precision = place.InCountry
	}
	if at, ok := place.Country(code); ok {
		e.Place.Lat, e.Place.Lon = at.Lat, at.Lon
	}
	if x.Town != "" && want == place.InTown {
		list.Add(fault.Invalid("town", "event.town.unknown", "We know no town of that name in this country. Write the nearest one."))
	}
}

// recurrence writes the rule and the dates left out.
func (x form) recurrence(e *Event, zone *time.Location, list *fault.List) {
	start := e.Starts.Time().In(zone)
	switch x.Repeat.Every {
	case "other":
		e.Rule = x.Rule
	case "":
		e.Rule = ""
	default:
		e.Rule = RuleOf(x.Repeat, start)
	}
	if x.Repeat.Every != "" && x.Repeat.Until != "" {
		if _, err := time.Parse(time.DateOnly, x.Repeat.Until); err != nil {
			list.Add(fault.Invalid("until", "event.date", "This is not a date. Write day, month, year, and a time such as 18:30."))
		}
	}
	e.Except = nil
	if e.Rule == "" || e.Starts == 0 {
		return
	}
	for line := range strings.FieldsSeq(x.Except) {
		day, err := time.ParseInLocation(time.DateOnly, line, zone)
		if err != nil {
			list.Add(fault.Invalid("except", "event.except.form", "“{line}” is not a date. Write one a line, such as 2026-12-24.", "line", line))
			continue
		}
		at := db.At(time.Date(day.Year(), day.Month(), day.Day(), start.Hour(), start.Minute(), start.Second(), 0, zone))
		if len(e.Except) < 200 && !slices.Contains(e.Except, at) {
			e.Except = append(e.Except, at)
		}
	}
}

// organisers finds one organisation a line by its name in the directory.
func (x form) organisers(ctx context.Context, q db.Q, list *fault.List) (found []string, err error) {
	var names []string
	for line := range strings.Lines(x.Organisers) {
		if line = strings.TrimSpace(line); line != "" {
			names = append(names, line)
		}
	}
	if len(names) > 30 {
		list.Add(fault.Invalid("organisers", "event.organiser.many", "Name at most {n} organisations.", "n", 30))
		return nil, nil
	}
	known, err := named(ctx, q, names)
	if err != nil {
		return nil, err
	}
	for _, n := range names {
		switch hits := known[lang.Fold(n)]; {
		case len(hits) == 0:
			list.Add(fault.Invalid("organisers", "event.organiser.none", "“{name}” is not in the directory. Write the name as it stands there.", "name", n))
		case len(hits) > 1:
			list.Add(fault.Invalid("organisers", "event.organiser.several", "Several organisations are called “{name}”. Name it apart in the directory first.", "name", n))
		case !slices.Contains(found, hits[0].ID):
			found = append(found, hits[0].ID)
		}
	}
	return found, nil
}

// address cleans a link as people type it: the scheme may be left out.
func address(typed string) string {
	if typed != "" && !strings.Contains(typed, "://") {
		typed = "https://" + typed
	}
	return typed
}

func only(values, allowed []string) []string {
	return slices.DeleteFunc(slices.Clone(allowed), func(s string) bool { return !slices.Contains(values, s) })
}

func tags(values []string) (list []string) {
	for _, v := range values {
		if tag, ok := lang.Tag(v); ok && !slices.Contains(list, tag) && len(list) < 40 {
			list = append(list, tag)
		}
	}
	return list
}

func ids(topics []alliance.Topic) []string {
	list := make([]string, len(topics))
	for i, t := range topics {
		list[i] = t.ID
	}
	return list
}

// umbrellas lists the days that unite which the actor may know of, by title.
func (f *Feature) umbrellas(ctx context.Context, q db.Q, a people.Actor) ([]Event, error) {
	list, err := entry.List(ctx, q, entry.Filter{Kinds: []string{Kind}, Classes: []string{Umbrella}, Actor: a, Limit: 50})
	if err != nil {
		return nil, err
	}
	return withSides(ctx, q, list)
}

// fill adds what the form offers.
func (f *Feature) fill(c *web.Ctx, x form) (form, error) {
	x.alliance, x.steers, x.mayPublish = c.Alliance, c.Actor.Is(people.Coordinator), MayPublish(c.Actor)
	var err error
	x.umbrellas, err = f.umbrellas(c.Context(), f.DB, c.Actor)
	return x, err
}
