package event

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
)

func at(t testing.TB, zone, when string) db.Instant {
	t.Helper()
	x, err := time.ParseInLocation(dateTime, when, zoneOf(zone))
	if err != nil {
		t.Fatal(err)
	}
	return db.At(x)
}

func event(t testing.TB, zone, starts, ends, rule string) Event {
	e := Event{Entry: entry.Entry{ID: "1", Kind: Kind, Class: Gathering, Lang: "fr", Fields: map[string]lang.Text{entry.Title: lang.New("fr", "Accueil")}, Starts: at(t, zone, starts), Ends: at(t, zone, ends)}}
	e.Zone, e.Rule, e.KeepDays = zone, rule, 30
	return e
}

func shownDates(e Event, n int) []string {
	var out []string
	for _, d := range e.Expand(e.Starts, e.Starts.Add(horizon)) {
		if len(out) < n {
			out = append(out, e.Local(d.Starts).Format("2006-01-02 15:04 -0700"))
		}
	}
	return out
}

// TestHourStays: what begins at 18:00 begins at 18:00 on both sides of a
// change of clocks, in the zone of the place.
func TestHourStays(t *testing.T) {
	for _, c := range []struct {
		zone, starts, rule string
		want               []string
	}{
		{"Europe/Paris", "2026-10-20 18:00", "FREQ=WEEKLY;BYDAY=TU", []string{"2026-10-20 18:00 +0200", "2026-10-27 18:00 +0100"}},
		{"Europe/Lisbon", "2027-03-25 18:00", "FREQ=WEEKLY", []string{"2027-03-25 18:00 +0000", "2027-04-01 18:00 +0100"}},
		{"America/New_York", "2026-10-26 18:00", "FREQ=WEEKLY", []string{"2026-10-26 18:00 -0400", "2026-11-02 18:00 -0500"}},
		{"Africa/Casablanca", "2027-02-01 18:00", "FREQ=WEEKLY", []string{"2027-02-01 18:00 +0100", "2027-02-08 18:00 +0000"}},
		{"Europe/Paris", "2026-01-31 18:00", "FREQ=MONTHLY;BYMONTHDAY=31", []string{"2026-01-31 18:00 +0100", "2026-03-31 18:00 +0200"}},
		{"Europe/Paris", "2026-11-26 18:00", "FREQ=MONTHLY;BYDAY=-1TH", []string{"2026-11-26 18:00 +0100", "2026-12-31 18:00 +0100"}},
		{"Europe/Paris", "2026-11-26 18:00", "FREQ=DAILY;COUNT=2", []string{"2026-11-26 18:00 +0100", "2026-11-27 18:00 +0100"}},
	} {
		e := event(t, c.zone, c.starts, strings.Replace(c.starts, "18:00", "20:00", 1), c.rule)
		if got := shownDates(e, 2); !slices.Equal(got, c.want) {
			t.Errorf("%s %s: %v, want %v", c.zone, c.rule, got, c.want)
		}
	}
}

func TestExceptionsAndChanges(t *testing.T) {
	e := event(t, "Europe/Paris", "2026-10-20 18:00", "2026-10-20 20:00", "FREQ=WEEKLY;COUNT=4")
	e.Except = []db.Instant{at(t, e.Zone, "2026-10-27 18:00")}
	e.Changes = []Change{{At: at(t, e.Zone, "2026-11-03 18:00"), Starts: at(t, e.Zone, "2026-11-04 19:00"), Ends: at(t, e.Zone, "2026-11-04 21:00")}, {At: at(t, e.Zone, "2026-11-10 18:00"), Cancelled: true}}
	dates := e.Expand(e.Starts, e.Starts.Add(horizon))
	if len(dates) != 3 || dates[1].Day != 20261104 || e.Local(dates[1].Starts).Hour() != 19 || !dates[2].Cancelled {
		t.Errorf("%+v", dates)
	}
}

func TestWholeDaysAreDays(t *testing.T) {
	e := event(t, "Europe/Paris", "2026-10-24 00:00", "2026-10-26 00:00", "FREQ=WEEKLY;COUNT=2") // 49 hours: clocks go back
	e.AllDay = true
	for i, want := range [][2]int{{20261024, 20261025}, {20261031, 20261101}} {
		if d := e.Expand(e.Starts, e.Starts.Add(horizon))[i]; d.Day != want[0] || d.Last != want[1] {
			t.Errorf("%+v, want %v", d, want)
		}
	}
}

func TestRulesOfOthers(t *testing.T) {
	start := time.Date(2026, 11, 26, 18, 0, 0, 0, zoneOf("Europe/Paris"))
	for rule, want := range map[string]bool{
		"FREQ=WEEKLY;WKST=MO;UNTIL=20270630T215959Z;BYDAY=TH": true, "FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=3": true, "FREQ=MONTHLY;BYSETPOS=-1;BYDAY=MO,TU,WE,TH,FR": true,
		"FREQ=SECONDLY": false, "FREQ=HOURLY;COUNT=3": false, "FREQ=DAILY;BYHOUR=1,2,3": false, "FREQ=WEEKLY;COUNT=1000000": false, "": false, "garbage": false, "FREQ=WEEKLY\nX:1": false,
		"FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30": false, "DTSTART=20260101T000000Z;FREQ=WEEKLY": false,
	} {
		if _, err := parseRule(rule, start); (err == nil) != want {
			t.Errorf("%q: %v", rule, err)
		}
	}
}

// TestNeverEnding: a rule that never gives a date costs little.
func TestNeverEnding(t *testing.T) {
	for _, rule := range []string{"FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=31"} {
		e := event(t, "Europe/Paris", "2026-11-26 18:00", "2026-11-26 20:00", rule)
		if err := e.Validate(); fault.Of(err) == nil {
			t.Errorf("%s: %v", rule, err)
		}
	}
}

func TestFormAndRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := time.Date(2026, 1, 1, 18, 0, 0, 0, zoneOf("Europe/Paris")).AddDate(0, 0, rapid.IntRange(0, 800).Draw(t, "day"))
		r := Repeat{Every: rapid.SampledFrom(Everies[1:]).Draw(t, "every"), Interval: rapid.IntRange(1, 4).Draw(t, "interval")}
		if r.Every == "week" {
			r.Days = rapid.SliceOfDistinct(rapid.SampledFrom(weekdays), rapid.ID[string]).Draw(t, "days")
		}
		if rapid.Bool().Draw(t, "until") {
			r.Until = start.AddDate(1, 0, 0).Format(time.DateOnly)
		} else {
			r.Count = rapid.IntRange(0, 20).Draw(t, "count")
		}
		rule := RuleOf(r, start)
		if _, err := parseRule(rule, start); err != nil {
			t.Fatalf("%s: %v", rule, err)
		}
		back := RepeatOf(rule, start)
		if back.Every != r.Every || RuleOf(back, start) != rule {
			t.Fatalf("%+v → %s → %+v → %s", r, rule, back, RuleOf(back, start))
		}
	})
}

func TestSMSFits(t *testing.T) {
	for _, c := range []struct{ title, when, place, want string }{
		{"Accueil", "3 oct. 2026 18:00", "Port-Oriane", "Accueil\n3 oct. 2026 18:00\nPort-Oriane\nexample.org/calendar/0123456789abcdef"},
		{"L’été à la mer", "3 oct. 2026", "", "L'été à la mer\n3 oct. 2026\nexample.org/calendar/0123456789abcdef"},
	} {
		if got := smsText(c.title, c.when, c.place, "https://example.org/calendar/0123456789abcdef"); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		letters := rapid.SampledFrom([]rune("abc é’€ملتقىçŽ😀\n"))
		text := func(name string, most int) string { return string(rapid.SliceOfN(letters, 0, most).Draw(t, name)) }
		s := smsText(text("title", 300), "18 déc. 2026 19:00", text("place", 100), "https://alliance.example.org/calendar/0123456789abcdef")
		if n, most := smsSize(s); n > most || n == 0 {
			t.Fatalf("%d of %d: %q", n, most, s)
		}
	})
}

func TestWhoMayDoWhat(t *testing.T) {
	now := db.Instant(1_000_000)
	mandate := func(organisation string, m people.Mandate) people.Actor {
		m.ID, m.Organisation = "m", organisation
		return people.Actor{Person: "p", Mandate: m, At: now}
	}
	edit, speak := people.Mandate{Edit: true}, people.Mandate{Speak: true}
	coordinator := people.Actor{Person: "c", Grants: []people.Grant{{Role: people.Coordinator}}, At: now}
	e := Event{Entry: entry.Entry{Organisation: "A", State: entry.Published, Audience: entry.Public, Class: Gathering}, Organisers: []Organiser{{Organisation: "A", Confirmed: 1}, {Organisation: "B"}, {Organisation: "C", Confirmed: 1}}}
	umbrella, imported := e, e
	umbrella.Class, imported.Source = Umbrella, "s"
	for _, c := range []struct {
		name     string
		e        Event
		a        people.Actor
		may, goo bool
	}{
		{"a visitor", e, people.Actor{}, false, false},
		{"own", e, mandate("A", edit), true, false},
		{"co-organiser who said so", e, mandate("C", edit), true, false},
		{"named, not confirmed", e, mandate("B", edit), false, false},
		{"another", e, mandate("D", edit), false, false},
		{"another who speaks", e, mandate("D", speak), false, true},
		{"own who speaks", e, mandate("A", speak), false, false},
		{"coordination", e, coordinator, true, false},
		{"a day that unites", umbrella, mandate("A", edit), false, false},
		{"coordination, a day that unites", umbrella, coordinator, true, false},
		{"of another calendar", imported, mandate("A", edit), false, false},
	} {
		if got := c.e.MayEdit(c.a); got != c.may {
			t.Errorf("%s: may edit %v", c.name, got)
		}
		if got := c.e.MayGo(c.a); got != c.goo {
			t.Errorf("%s: may go %v", c.name, got)
		}
	}
}

func TestPlaceIsToldAsPromised(t *testing.T) {
	e := Event{}
	e.Venue, e.Place = "12 rue des Lilas, 3e étage", place.Place{Name: "Paris", Country: "FR", Lat: 48.85, Lon: 2.35}
	for precision, want := range map[place.Precision][2]string{place.Exact: {"12 rue des Lilas, 3e étage", "Paris"}, place.InTown: {"", "Paris"}, place.InCountry: {"", ""}, place.None: {"", ""}} {
		e.Place.Precision = precision
		if venue, at := e.Address(); venue != want[0] || at.Name != want[1] {
			t.Errorf("%d: %q %q", precision, venue, at.Name)
		}
		if precision != place.Exact && strings.Contains(strings.Join(valuesOf(e.facts()), " "), "Lilas") {
			t.Errorf("%d: the history tells the address", precision)
		}
	}
}

func valuesOf(f entry.Facts) (out []string) {
	for _, v := range f {
		out = append(out, v)
	}
	return out
}

func TestMonthTable(t *testing.T) {
	for start, want := range map[time.Weekday]string{time.Monday: "2026-11-30", time.Sunday: "2026-11-29", time.Saturday: "2026-11-28"} {
		w := weeks("2026-12", start, time.Time{}, nil)
		if got := w[0][0].Date.Format(time.DateOnly); got != want {
			t.Errorf("%s: %s, want %s", start, got, want)
		}
		days := 0
		for _, week := range w {
			for _, d := range week {
				if d.In {
					days++
				}
			}
		}
		if days != 31 {
			t.Errorf("%s: %d days", start, days)
		}
	}
}

func TestPlainText(t *testing.T) {
	for in, want := range map[string]string{
		"a < b and c > d":                      "a < b and c > d",
		"<p>Une <b>nuit</b></p><ul><li>x</li>": "Une nuit\n- x",
		"x<script>alert(1)</script>y":          "xy",
		"1&nbsp;2 &amp; 3<br>4":                "1\u00a02 & 3\n4",
	} {
		if got := plainText(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

func FuzzRule(f *testing.F) {
	f.Add("FREQ=WEEKLY;BYDAY=TU,TH;INTERVAL=2")
	f.Add("FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20300101")
	f.Add("FREQ=YEARLY;BYWEEKNO=53;BYDAY=SU")
	f.Fuzz(func(t *testing.T, rule string) {
		e := event(t, "Europe/Paris", "2026-11-26 18:00", "2026-11-26 20:00", rule)
		dates := e.Expand(e.Starts, e.Starts.Add(horizon))
		if len(dates) > mostDates {
			t.Fatal(len(dates))
		}
		RepeatOf(rule, e.Local(e.Starts))
	})
}
