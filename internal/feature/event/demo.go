package event

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/id"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
)

//go:embed demo.json
var demoEvents []byte

// DemoID gives the entry of an event of the demonstration.
func DemoID(name string) string { return demo.EntryID("calendar", name) }

// shown is an event of the demonstration as the file holds it.
type shown struct {
	ID, Start, At, Ends, Zone, Weekday, Rule, Umbrella, Venue, Precision, Online, Link, Organisation, Proposed string
	By, Languages, Interpreted, Access, Themes, Going                                                          []string
	Days, Skip, Move, Capacity                                                                                 int
	Quiet, Registers                                                                                           bool
	Title, Summary, Body, Cancelled, Note                                                                      map[string]string
}

// demo shows the days that unite and the meeting of 2019, which are facts, and
// invented events of invented organisations, which say so.
func (f *Feature) demo(ctx context.Context, tx *db.Tx) error {
	launch := demo.Launch()
	for _, d := range launch.Days {
		if err := demoDay(ctx, tx, d); err != nil {
			return err
		}
	}
	if err := demoLaunch(ctx, tx, launch); err != nil {
		return err
	}
	var all []shown
	if err := json.Unmarshal(demoEvents, &all); err != nil {
		return fmt.Errorf("demo.json: %w", err)
	}
	for _, s := range all {
		if err := f.demoEvent(ctx, tx, s); err != nil {
			return fmt.Errorf("demo.json: %s: %w", s.ID, err)
		}
	}
	return demoSource(ctx, tx)
}

// demoDay is a day that unites: each year since the alliance began.
func demoDay(ctx context.Context, tx *db.Tx, d demo.Day) error {
	t, err := time.Parse("2006-01-02", "2019-"+d.Date)
	if err != nil {
		return err
	}
	e := Event{Entry: entry.Entry{ID: DemoID(d.Date), Kind: Kind, Class: Umbrella, Lang: d.Title.Orig, Fields: map[string]lang.Text{entry.Title: d.Title, entry.Summary: d.Plain},
		Starts: db.At(t), Ends: db.At(t.AddDate(0, 0, 1)), Created: tx.Now()}}
	e.Zone, e.AllDay, e.Rule, e.KeepDays = "UTC", true, "FREQ=YEARLY", 30
	return demoAdd(ctx, tx, people.Actor{}, e)
}

// demoLaunch is the meeting of 2019: its days and place are in the report.
func demoLaunch(ctx context.Context, tx *db.Tx, m demo.Meeting) error {
	zone := zoneOf(m.Timezone)
	starts, ok := m.Starts.At(tx.Now().Time(), zone)
	last, ok2 := m.Ends.At(tx.Now().Time(), zone)
	if !ok || !ok2 {
		return nil
	}
	e := Event{Entry: entry.Entry{ID: DemoID("launch"), Kind: Kind, Class: Gathering, Lang: m.Title.Orig, Fields: map[string]lang.Text{entry.Title: m.Title, Body: m.Lead},
		Place: place.Place{Name: m.City, Country: m.Country, Lat: m.Lat, Lon: m.Lon, Precision: place.Exact}, Starts: db.At(starts), Ends: db.At(last.AddDate(0, 0, 1)), Created: tx.Now()}}
	e.Zone, e.AllDay, e.Venue, e.Languages, e.KeepDays = m.Timezone, true, m.Venue, []string{"fr"}, 30
	if err := demoAdd(ctx, tx, people.Actor{}, e); err != nil {
		return err
	}
	for n, slug := range m.Organisers {
		if err := putOrganiser(ctx, tx, e.ID, Organiser{Organisation: demo.OrganisationID(slug), Confirmed: tx.Now()}, n); err != nil {
			return err
		}
	}
	return nil
}

func demoAdd(ctx context.Context, tx *db.Tx, a people.Actor, e Event) error {
	kept, err := entry.Add(ctx, tx, a, e.Entry, e.facts())
	if err != nil {
		return err
	}
	e.Entry = kept
	return keep(ctx, tx, e)
}

func (s shown) text(words map[string]string) lang.Text {
	versions := map[string]string{}
	for tag, w := range words {
		if tag != "o" {
			versions[tag] = w
		}
	}
	return lang.Of(versions, s.Title["o"])
}

// when is the day a demonstration's event begins: days from today, the last or
// next time of a day of the year, moved to a weekday where one is given.
func (s shown) when(now time.Time, zone *time.Location) (time.Time, error) {
	today := time.Date(now.In(zone).Year(), now.In(zone).Month(), now.In(zone).Day(), 0, 0, 0, 0, zone)
	which, day, yearly := strings.Cut(s.Start, ":")
	var t time.Time
	if yearly {
		d, err := time.ParseInLocation("2006-01-02", strconv.Itoa(today.Year())+"-"+day, zone)
		if err != nil {
			return t, err
		}
		if t = d; which == "next" && !t.After(today) {
			t = t.AddDate(1, 0, 0)
		} else if which == "last" && !t.Before(today) {
			t = t.AddDate(-1, 0, 0)
		}
	} else {
		n, err := strconv.Atoi(s.Start)
		if err != nil {
			return t, err
		}
		t = today.AddDate(0, 0, n)
	}
	for s.Weekday != "" && weekday(t) != s.Weekday {
		t = t.AddDate(0, 0, 1)
	}
	return t, nil
}

func clock(day time.Time, hhmm string) (time.Time, error) {
	c, err := time.Parse("15:04", hhmm)
	return time.Date(day.Year(), day.Month(), day.Day(), c.Hour(), c.Minute(), 0, 0, day.Location()), err
}

func (f *Feature) demoEvent(ctx context.Context, tx *db.Tx, s shown) error {
	zone := zoneOf(s.Zone)
	day, err := s.when(tx.Now().Time(), zone)
	if err != nil {
		return err
	}
	e := Event{Entry: entry.Entry{ID: DemoID(s.ID), Kind: Kind, Class: Gathering, Lang: s.Title["o"], Themes: s.Themes, Created: tx.Now().Add(-14 * 24 * time.Hour),
		Fields: map[string]lang.Text{entry.Title: s.text(s.Title), entry.Summary: s.text(s.Summary), Body: s.text(s.Body), Reason: s.text(s.Cancelled)}}}
	e.Zone, e.Venue, e.Online, e.Link, e.Quiet, e.Languages, e.Interpreted, e.Access, e.Invented, e.KeepDays = s.Zone, s.Venue, s.Online, s.Link, s.Quiet, s.Languages, s.Interpreted, s.Access, true, 30
	e.Registers, e.Capacity = s.Registers, s.Capacity
	if s.Umbrella != "" {
		e.Umbrella = DemoID(s.Umbrella)
	}
	from, to := day, day.AddDate(0, 0, max(s.Days, 1))
	if e.AllDay = s.At == ""; !e.AllDay {
		if from, err = clock(day, s.At); err != nil {
			return err
		}
		if to, err = clock(day, s.Ends); err != nil {
			return err
		}
	}
	e.Starts, e.Ends = db.At(from), db.At(to)
	switch s.Rule {
	case "week":
		e.Rule = RuleOf(Repeat{Every: "week"}, from)
	case "month":
		e.Rule = RuleOf(Repeat{Every: "month_week"}, from)
	}
	if len(s.Cancelled) > 0 {
		e.Cancelled = tx.Now()
	}
	if err := s.place(&e); err != nil {
		return err
	}
	if s.Skip > 0 {
		dates := e.Expand(tx.Now(), tx.Now().Add(horizon))
		e.Except = []db.Instant{dates[s.Skip].At}
	}
	var actor people.Actor
	switch {
	case s.Proposed != "":
		actor.Person, e.State = demo.PersonID(s.Proposed), entry.Proposed
	case len(s.By) > 0:
		actor.Mandate.Organisation = demo.OrganisationID(s.By[0])
	}
	if err := demoAdd(ctx, tx, actor, e); err != nil {
		return err
	}
	return f.demoCompany(ctx, tx, s, e)
}

// place puts the event in the town of its organiser, which is invented too.
func (s shown) place(e *Event) error {
	slug := s.Organisation
	if slug == "" && len(s.By) > 0 {
		slug = s.By[0]
	}
	if s.Precision == "" {
		return nil
	}
	for _, o := range demo.Invented() {
		if o.Slug == slug {
			// Invented towns are in no gazetteer: told as an address, or only by their country.
			e.Place = place.Place{Name: o.City, Country: o.Country, Lat: o.Lat, Lon: o.Lon, Precision: place.Exact}
			if s.Precision == "town" {
				e.Place.Precision = place.InCountry
			}
			return nil
		}
	}
	return fmt.Errorf("no organisation %q", slug)
}

func (f *Feature) demoCompany(ctx context.Context, tx *db.Tx, s shown, e Event) error {
	for n, slug := range s.By {
		if err := putOrganiser(ctx, tx, e.ID, Organiser{Organisation: demo.OrganisationID(slug), Confirmed: tx.Now()}, n); err != nil {
			return err
		}
	}
	for _, slug := range s.Going {
		if err := putGoing(ctx, tx, e.ID, demo.OrganisationID(slug), ""); err != nil {
			return err
		}
	}
	if s.Move > 0 {
		dates := e.Expand(tx.Now(), tx.Now().Add(horizon))
		d := dates[s.Move]
		if err := putChange(ctx, tx, e.ID, Change{At: d.At, Starts: d.Starts.Add(90 * time.Minute), Ends: d.Ends.Add(90 * time.Minute), Note: lang.Of(s.Note)}); err != nil {
			return err
		}
		whole, err := get(ctx, tx, e.ID)
		if err != nil {
			return err
		}
		if err := putDates(ctx, tx, whole); err != nil {
			return err
		}
	}
	if s.ID != "aide-juridique" {
		return nil
	}
	for n, guest := range []Written{{Name: "Rosa", Needs: "Comida sem carne.", Lang: "pt"}, {Name: "أم سليم", Needs: "ترجمة إلى العربية", Lang: "ar"}, {Name: "Tij", Lang: "fr"}} {
		g := Guest{ID: id.New(), Event: e.ID, State: In, At: tx.Now(), Turn: tx.Now(), Written: guest}
		g.Email = fmt.Sprintf("guest%d@example.org", n+1)
		if err := f.guests.put(ctx, tx, g, id.Secret(16)); err != nil {
			return err
		}
	}
	return nil
}
