package assembly

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/place"
	"alliance/internal/platform/web"
)

// form is an assembly being written.
type form struct {
	Entry    entry.Entry
	Assembly Assembly
	Parents  []entry.Entry // it may sit in one of these
	Typed    map[string]string
	Axes     []design.Option
	Key      string
	New      bool
}

func (f *Feature) form(c *web.Ctx, e entry.Entry, a Assembly) (form, error) {
	x := form{Entry: e, Assembly: a, Key: web.NewKey(), Typed: map[string]string{}, New: e.ID == ""}
	all, err := entry.List(c.Context(), c.DB, entry.Filter{Kinds: []string{"assembly"}, Actor: c.Actor, Limit: 200})
	if err != nil {
		return x, err
	}
	for _, p := range all {
		if (x.New || p.ID != e.ID && p.Parent != e.ID) && (MayRun(c.Actor, p.ID) || p.ID == e.Parent) {
			x.Parents = append(x.Parents, p)
		}
	}
	x.Axes = axes(c, nil)
	zone := zoneOf(a.Timezone)
	x.Typed["title"], x.Typed["summary"] = e.Title().Original(), e.Text(entry.Summary).Original()
	x.Typed["lang"], x.Typed["timezone"], x.Typed["parent"] = e.Lang, a.Timezone, e.Parent
	x.Typed["starts"], x.Typed["ends"] = dayTyped(e.Starts, zone), dayTyped(e.Ends, zone)
	x.Typed["venue"], x.Typed["online"], x.Typed["town"], x.Typed["country"] = a.Venue, a.Online, e.Place.Name, e.Place.Country
	for _, p := range Phases[1:] {
		x.Typed["starts."+string(p)] = clockTyped(a.StartsAt(p), zone)
	}
	organisers, err := inNamedOrder(c.Context(), c.DB, a.Organisers)
	names := make([]string, len(organisers))
	for i, o := range organisers {
		names[i] = o.Name
	}
	x.Typed["organisers"] = strings.Join(names, "\n")
	return x, err
}

func dayTyped(i db.Instant, zone *time.Location) string {
	if i == 0 {
		return ""
	}
	return i.Time().In(zone).Format(time.DateOnly)
}

func clockTyped(i db.Instant, zone *time.Location) string {
	if i == 0 {
		return ""
	}
	return i.Time().In(zone).Format("2006-01-02 15:04")
}

// axes offers the axes of the alliance, or only some of them.
func axes(c *web.Ctx, only []string) (list []design.Option) {
	for _, a := range c.Alliance.Axes {
		if t := a.Name.In(c.Lang()); len(only) == 0 || slices.Contains(only, a.ID) {
			list = append(list, design.Option{Value: a.ID, Label: t.S, Lang: t.Lang})
		}
	}
	return list
}

// read takes what was typed, and makes entry and assembly of it.
func (x *form) read(c *web.Ctx) error {
	for _, name := range []string{"title", "summary", "timezone", "parent", "venue", "online", "town", "country", "organisers"} {
		x.Typed[name] = c.Form(name)
	}
	x.Key = c.Form(design.KeyField)
	if l := c.Form("summary-lang"); l != "" && x.New {
		x.Typed["lang"] = l
	}
	var list fault.List
	if !x.New {
		list.Add(sameRevision(c, &x.Entry))
	}
	x.Entry.Lang = x.Typed["lang"]
	x.Entry.Set(entry.Title, x.Typed["title"])
	x.Entry.Set(entry.Summary, x.Typed["summary"])
	x.Entry.Parent = x.Typed["parent"]
	x.Assembly.Timezone, x.Assembly.Venue, x.Assembly.Online = x.Typed["timezone"], x.Typed["venue"], x.Typed["online"]
	x.Assembly.Languages, x.Assembly.Axes = c.Forms("languages"), c.Forms("axes")
	x.readDates(c, &list)
	x.Entry.Place = placeTyped(x.Typed["town"], x.Typed["country"])
	organisers, err := organisersTyped(c, x.Typed["organisers"])
	if err != nil {
		list = append(list, fault.Of(err)...)
		if fault.Of(err) == nil {
			return err
		}
	}
	x.Assembly.Organisers = organisers
	return list.Err()
}

// sameRevision tells a person whose form is older than the present version.
// The form they see then is about the present one: saving again is deliberate.
func sameRevision(c *web.Ctx, e *entry.Entry) *fault.Fault {
	if n, err := strconv.Atoi(c.Form("revision")); err != nil || n != e.Revision {
		return fault.Conflict("entry.changed", "Somebody else changed this meanwhile. Compare with the present version, then save again.")
	}
	return nil
}

func (x *form) readDates(c *web.Ctx, list *fault.List) {
	zone := zoneOf(x.Assembly.Timezone)
	read := func(name, typed, layout string) db.Instant {
		x.Typed[name] = typed
		if typed == "" {
			return 0
		}
		t, err := time.ParseInLocation(layout, typed, zone)
		if err != nil || t.Year() < 1900 || t.Year() > 2200 {
			list.Add(fault.Invalid(name, "assembly.date", "This is not a date. Write day, month and year."))
			return 0
		}
		return db.At(t)
	}
	x.Entry.Starts = read("starts", design.DateValue(c.Form, "starts"), time.DateOnly)
	x.Entry.Ends = read("ends", design.DateValue(c.Form, "ends"), time.DateOnly)
	if x.Entry.Ends != 0 { // the last day counts whole
		x.Entry.Ends = db.At(x.Entry.Ends.Time().In(zone).AddDate(0, 0, 1).Add(-time.Second))
	} else if x.Entry.Starts != 0 {
		x.Entry.Ends = db.At(x.Entry.Starts.Time().In(zone).AddDate(0, 0, 1).Add(-time.Second))
	}
	x.Assembly.Starts = nil
	for _, p := range Phases[1:] {
		name := "starts." + string(p)
		typed := design.DateTimeValue(c.Form, name)
		if len(typed) == len(time.DateOnly) { // no clock: the day begins at midnight
			typed += " 00:00"
		}
		if at := read(name, typed, "2006-01-02 15:04"); at != 0 {
			x.Assembly.Starts = append(x.Assembly.Starts, Start{p, at})
		}
	}
}

// placeTyped finds the town on the map; one that is not known is shown by its country.
func placeTyped(town, country string) place.Place {
	p := place.Place{Name: town, Country: country}
	if towns := place.Lookup(town, country); len(towns) > 0 {
		p.Country, p.Lat, p.Lon, p.Precision = towns[0].Country, towns[0].Lat, towns[0].Lon, place.InTown
	} else if at, ok := place.Country(country); ok {
		p.Lat, p.Lon, p.Precision = at.Lat, at.Lon, place.InCountry
	}
	return p
}

// organisersTyped reads one organisation a line, by its name in the directory.
func organisersTyped(c *web.Ctx, typed string) (ids []string, err error) {
	names := strings.FieldsFunc(typed, func(r rune) bool { return r == '\n' })
	for i := range names {
		names[i] = strings.TrimSpace(names[i])
	}
	names = slices.DeleteFunc(names, func(s string) bool { return s == "" })
	found, err := named(c.Context(), c.DB, names)
	if err != nil {
		return nil, err
	}
	var list fault.List
	for _, n := range names {
		switch hits := found[lang.Fold(n)]; {
		case len(hits) == 1 && !slices.Contains(ids, hits[0]):
			ids = append(ids, hits[0])
		case len(hits) == 0:
			list.Add(fault.Invalid("organisers", "assembly.organiser.none", "“{name}” is not in the directory. Write the name as it stands there.", "name", n))
		case len(hits) > 1:
			list.Add(fault.Invalid("organisers", "assembly.organiser.several", "Several organisations are called “{name}”. Name it apart in the directory first.", "name", n))
		}
	}
	return ids, list.Err()
}

func zoneOf(name string) *time.Location {
	if zone, err := time.LoadLocation(name); err == nil && name != "Local" {
		return zone
	}
	return time.UTC
}

func (f *Feature) newForm(c *web.Ctx) error {
	a := Assembly{Timezone: "Europe/Paris"}
	if above, err := assemblyByID(c.Context(), c.DB, c.Query("in")); err == nil {
		a.Timezone, a.Axes, a.Languages = above.Timezone, above.Axes, above.Languages
	}
	x, err := f.form(c, entry.Entry{Lang: c.Lang(), Parent: c.Query("in")}, a)
	if err != nil {
		return err
	}
	return c.Page(formPage(c.View, x))
}

func (f *Feature) create(c *web.Ctx) error {
	x, err := f.form(c, entry.Entry{Lang: c.Lang()}, Assembly{})
	if err != nil {
		return err
	}
	if err = x.read(c); err == nil {
		err = c.Write(c.View.T("assembly.created", "The assembly is there. Add its workshops and programme."), func(ctx context.Context, tx *db.Tx) (string, error) {
			e, err := Add(ctx, tx, c.Actor, x.Entry, x.Assembly)
			return "/assemblies/" + e.ID, err
		})
	}
	if err != nil {
		return c.Retry(err, func(v design.View) templ.Component { return formPage(v, x) })
	}
	return nil
}

func (f *Feature) editForm(c *web.Ctx) error {
	e, a, err := f.mine(c, c.Path("id"))
	if err != nil {
		return err
	}
	x, err := f.form(c, e, a)
	if err != nil {
		return err
	}
	return c.Page(formPage(c.View, x))
}

func (f *Feature) edit(c *web.Ctx) error {
	e, a, err := f.mine(c, c.Path("id"))
	if err != nil {
		return err
	}
	x, err := f.form(c, e, a)
	if err != nil {
		return err
	}
	if err = x.read(c); err == nil {
		err = c.Write(c.View.T("assembly.saved", "Saved."), func(ctx context.Context, tx *db.Tx) (string, error) {
			_, err := Change(ctx, tx, c.Actor, x.Entry, x.Assembly)
			return "/assemblies/" + e.ID, err
		})
	}
	if err != nil {
		return c.Retry(err, func(v design.View) templ.Component { return formPage(v, x) })
	}
	return nil
}
