package follow_test

import (
	"net/url"
	"testing"
	"time"

	"alliance/internal/feature/follow"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/place"
)

func at(t *testing.T, zone, clock string) db.Instant {
	t.Helper()
	z, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	x, err := time.ParseInLocation("2006-01-02 15:04", clock, z)
	if err != nil {
		t.Fatal(err)
	}
	return db.At(x)
}

// When a digest comes: at the hour of the follower's own clock, also on the
// days on which clocks are put forward and back.
func TestNext(t *testing.T) {
	for _, c := range []struct {
		pace        follow.Pace
		hour        int
		zone        string
		after, want string
	}{
		{follow.Daily, 7, "Europe/Paris", "2026-11-26 06:59", "2026-11-26 07:00"},
		{follow.Daily, 7, "Europe/Paris", "2026-11-26 07:00", "2026-11-27 07:00"},
		{follow.Daily, 7, "Africa/Niamey", "2026-11-26 08:00", "2026-11-27 07:00"},
		{follow.Daily, 7, "Europe/Paris", "2026-03-28 12:00", "2026-03-29 07:00"}, // forward that night
		{follow.Daily, 7, "Europe/Paris", "2026-10-24 12:00", "2026-10-25 07:00"}, // back that night
		{follow.Daily, 2, "Europe/Paris", "2026-03-28 12:00", "2026-03-29 03:00"}, // an hour that is not there
		{follow.Daily, 0, "America/Sao_Paulo", "2026-12-31 23:59", "2027-01-01 00:00"},
		{follow.Weekly, 7, "Europe/Paris", "2026-11-26 12:00", "2026-11-30 07:00"},
		{follow.Weekly, 7, "Europe/Paris", "2026-11-30 06:00", "2026-11-30 07:00"},
		{follow.Weekly, 7, "Europe/Paris", "2026-11-30 07:00", "2026-12-07 07:00"},
		{follow.Now, 7, "Europe/Paris", "2026-11-26 12:00", "2026-11-26 12:00"},
	} {
		f := follow.Follower{Pace: c.pace, Hour: c.hour, Zone: c.zone}
		if got, want := f.Next(at(t, c.zone, c.after)), at(t, c.zone, c.want); got != want {
			t.Errorf("%s at %d in %s after %s: %s, want %s", c.pace, c.hour, c.zone, c.after, got.Time(), want.Time())
		}
	}
}

func TestSettingsAreChecked(t *testing.T) {
	good := follow.Follower{Pace: follow.Daily, Hour: 7, Zone: "Africa/Niamey"}
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
	for name, spoil := range map[string]func(*follow.Follower){
		"pace": func(f *follow.Follower) { f.Pace = "hourly" }, "hour": func(f *follow.Follower) { f.Hour = 24 },
		"no hour": func(f *follow.Follower) { f.Hour = -1 }, "zone": func(f *follow.Follower) { f.Zone = "Mars/Olympus" },
		"no zone": func(f *follow.Follower) { f.Zone = "" }, "the server's zone": func(f *follow.Follower) { f.Zone = "Local" },
	} {
		bad := good
		spoil(&bad)
		if bad.Validate() == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestFits(t *testing.T) {
	metz := place.Place{Name: "Metz", Country: "FR", Lat: 49.119, Lon: 6.176, Precision: place.InTown}
	hidden := metz
	hidden.Precision = place.InCountry
	e := entry.Entry{Kind: "action", Lang: "pt", Axis: "A1", Themes: []string{"health", "housing"}, Place: metz}
	for _, c := range []struct {
		query string
		e     entry.Entry
		want  bool
	}{
		{"kind=action", e, true}, {"kind=practice&kind=action", e, true}, {"kind=practice", e, false},
		{"theme=housing", e, true}, {"theme=work", e, false}, {"theme=housing&kind=practice", e, false},
		{"axis=A1", e, true}, {"axis=A2", e, false}, {"country=FR", e, true}, {"country=DE&country=FR", e, true}, {"country=DE", e, false},
		{"right=health", e, true}, {"right=asylum&right=health", e, true}, {"right=asylum", e, false}, {"right=health&theme=work", e, false},
		{"language=pt", e, true}, {"language=fr", e, false}, {"language=fr&language=pt&right=health", e, true},
		{"near=48.692,6.184&within=60", e, true},                                          // Nancy
		{"near=48.692,6.184&within=30", e, false},                                         // Nancy
		{"near=49.119,6.176&within=5", entry.Entry{Kind: "action", Place: hidden}, false}, // told by its country only
		{"near=49.119,6.176&within=5", entry.Entry{Kind: "action"}, false},
	} {
		q, _ := url.ParseQuery(c.query)
		if got := follow.ParseSearch(q).Fits(c.e, []string{"health", "residence"}); got != c.want {
			t.Errorf("%s: %v", c.query, got)
		}
	}
}

// What was read is written alike, and reading it again changes nothing.
func FuzzSearch(f *testing.F) {
	for _, s := range []string{"q=housing+now&kind=action&theme=housing", "near=49.1,6.2&place=Metz&within=30", "near=NaN,1", "near=1e300,2&within=-4",
		"country=FR&country=DE&country=FR", "right=health&right=&language=ar&language=pt-BR", "q=%00%ff", "page=3&order=new", "q=" + "%D9%85%D8%AF%D8%B1%D8%B3%D8%A9"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q, _ := url.ParseQuery(text)
		once := follow.ParseSearch(q).Query()
		again, err := url.ParseQuery(once)
		if err != nil {
			t.Fatalf("%q cannot be read again: %v", once, err)
		}
		if twice := follow.ParseSearch(again).Query(); twice != once {
			t.Errorf("%q becomes %q", once, twice)
		}
		follow.ParseSearch(again).Fits(entry.Entry{Place: place.Place{Country: "FR", Lat: 1, Lon: 1, Precision: place.Exact}}, nil)
	})
}
