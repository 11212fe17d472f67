package atlas_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
)

// What the tests put on the map. Kept coordinates of those told by town or
// country are those of a street; nothing may show them.
const streetLat, streetLon = 45.7712, 4.8861

type world struct {
	*housetest.House
	id     map[string]string
	member *housetest.Client
	token  string
}

func both(t *testing.T, test func(*testing.T, *world)) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		w := &world{House: h, id: map[string]string{}}
		helper := h.Organisation("Harbour Friends", people.CivilSociety)
		p, m := h.Delegate("Amina", helper)
		w.member = h.As(p.ID, m.ID)
		h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
			if w.token, err = people.AddToken(ctx, tx, people.Token{Person: p.ID, Mandate: m.ID, Name: "test", Reads: true}); err != nil {
				return err
			}
			add := func(name string, e entry.Entry) {
				if err != nil {
					return
				}
				e.Lang, e.Fields = "en", map[string]lang.Text{entry.Title: lang.New("en", name)}
				e, err = entry.Add(ctx, tx, people.Actor{}, e, nil)
				w.id[name] = e.ID
			}
			town := place.Place{Name: "Lyon", Country: "FR", Lat: streetLat, Lon: streetLon, Precision: place.InTown}
			country := place.Place{Name: "Rue Secrète 7", Country: "FR", Lat: streetLat, Lon: streetLon, Precision: place.InCountry}
			exact := func(lat, lon float64, country string) place.Place {
				return place.Place{Name: "Exact", Country: country, Lat: lat, Lon: lon, Precision: place.Exact}
			}
			add("Harbour Friends", entry.Entry{ID: helper.ID, Kind: "organisation", Class: "civil_society", Organisation: helper.ID, Place: exact(43.2965, 5.3698, "FR"), Themes: []string{"housing"}})
			add("City of Lyon", entry.Entry{Kind: "organisation", Class: "local_authority", Place: town})
			add("Night shelter", entry.Entry{Kind: "initiative", Class: "housing", Organisation: helper.ID, Place: town, Themes: []string{"housing"}})
			add("Hidden house", entry.Entry{Kind: "initiative", Class: "housing", Place: country})
			add("A card for all", entry.Entry{Kind: "practice", Class: "running", Place: exact(38.1157, 13.3615, "IT"), Axis: "A1"})
			add("A kit without a place", entry.Entry{Kind: "resource"})
			add("Who is in what", entry.Entry{Kind: "membership"}) // is no thing of a map
			add("Whom to ask", entry.Entry{Kind: "contact"})
			add("Only members read this", entry.Entry{Kind: "practice", Audience: entry.Members, Place: exact(48.8566, 2.3522, "FR")})
			add("Nobody reads this yet", entry.Entry{Kind: "practice", State: entry.Draft, Place: exact(48.8566, 2.3522, "FR")})
			add("Suva meets", entry.Entry{Kind: "event", Class: "gathering", Place: exact(-18.1416, 178.4419, "FJ"), Starts: tx.Now()})
			add("Apia met", entry.Entry{Kind: "event", Class: "gathering", Place: exact(-13.8333, -171.7667, "WS"), Starts: tx.Now()})
			add("At the pole", entry.Entry{Kind: "practice", Class: "running", Place: exact(-89.9, 0.5, "")})
			for name, ends := range map[string]db.Instant{"Suva meets": tx.Now().Add(time.Hour), "Apia met": tx.Now().Add(-time.Hour)} {
				if err == nil {
					_, err = tx.Exec(ctx, `INSERT INTO event (entry, zone, languages) VALUES ($1, 'UTC', ' en ')`, w.id[name])
				}
				if err == nil {
					_, err = tx.Exec(ctx, `INSERT INTO event_date (event, at, starts, ends, day, last) VALUES ($1,$2,$2,$3,20261126,20261126)`, w.id[name], ends.Add(-time.Hour), ends)
				}
			}
			return err
		})
		test(t, w)
	})
}

type listed struct {
	Entries []struct {
		ID, Kind, Precision string
		Lat, Lon            *float64
		Title               map[string]string
	}
	Count   int
	Filters map[string]map[string]int
}

func (w *world) list(t *testing.T, token, query string) (l listed) {
	t.Helper()
	if code := w.Call(token, "GET", "/map?"+query, nil, &l); code != 200 {
		t.Fatalf("%s: %d", query, code)
	}
	return l
}

func (l listed) has(title string) bool {
	for _, e := range l.Entries {
		if e.Title["en"] == title {
			return true
		}
	}
	return false
}

type drawing struct {
	Clusters []struct {
		Count int
		Box   [4]float64
		Vague bool
		ID    string
	}
	Placed, Unplaced int
}

// One query, three answers: the list, the counts beside the filters, and the
// clusters. They always say the same.
func TestListCountsAndClustersAgree(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		for query, want := range map[string]int{
			"": 9, "kind=practice": 2, "kind=membership": 0, "kind=contact": 0, "kind=practice&kind=event": 4, "country=FR": 4, "country=fr&theme=housing": 2, "class=local_authority": 1, "axis=A1": 1,
			"q=shelter": 1, "q=Lyon": 2, "layer=welcome": 5, "kind=organisation&layer=welcome": 1, "layer=alliance": 0, "layer=sheep": 0, "when=coming": 1, "when=over": 1,
			"when=over&when=coming": 2, "language=en": 2, "box=4,45,6,46": 2, "box=170,-50,-170,0": 2, "box=-180,-90,180,-60": 1, "box=nonsense": 9, "box=5,50,4,60": 0, "q=Secr%C3%A8te": 0, "after=nowhere": 9,
		} {
			l := w.list(t, "", query)
			if l.Count != want || len(l.Entries) != want {
				t.Errorf("%q: %d counted, %d listed, want %d", query, l.Count, len(l.Entries), want)
			}
			for _, zoom := range []string{"", "&zoom=0", "&zoom=7"} {
				var d drawing
				if code := w.Call("", "GET", "/map/points?"+query+zoom, nil, &d); code != 200 {
					t.Fatal(query, code)
				}
				sum := 0
				for _, c := range d.Clusters {
					sum += c.Count
				}
				if sum != d.Placed || sum+d.Unplaced != want {
					t.Errorf("%q%s: clusters hold %d of %d, %d are nowhere, want %d", query, zoom, sum, d.Placed, d.Unplaced, want)
				}
			}
			for group, values := range l.Filters {
				for value, n := range values {
					v, _ := url.ParseQuery(query)
					v[group] = []string{value}
					if got := w.list(t, "", v.Encode()).Count; got != n {
						t.Errorf("%q: %s=%s promises %d, gives %d", query, group, value, n, got)
					}
				}
			}
		}
	})
}

// A place is told as closely as its people allow, in every output, and no
// question closes in on it.
func TestPrecisionIsKept(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		for _, path := range []string{"/en/map", "/en/map?box=4,45,6,46", "/en/map?q=Night", "/en/map/points?zoom=20", "/en/map.geojson", "/en/embed/map", "/api/v1/map", "/api/v1/map/points?zoom=20", "/api/v1/map.geojson",
			"/en/organisations?box=4,45,6,46", "/api/v1/organisations.geojson", "/en/organisations.csv", "/en/open/initiative.geojson"} {
			body := w.Visitor().Get(path).Status(200).Body
			for _, secret := range []string{"45.77", "4.88", "Rue Secr"} {
				if at := strings.Index(body, secret); at >= 0 {
					t.Errorf("%s tells %s: …%s…", path, secret, body[max(0, at-60):min(len(body), at+60)])
				}
			}
		}
		near := fmt.Sprintf("box=%g,%g,%g,%g", streetLon-.01, streetLat-.01, streetLon+.01, streetLat+.01)
		if l := w.list(t, "", near); l.Count != 0 {
			t.Errorf("a box about the street finds %d", l.Count)
		}
		var d drawing
		w.Call("", "GET", "/map/points?country=FR&zoom=9", nil, &d)
		vague := 0
		for _, c := range d.Clusters {
			if c.Vague {
				vague += c.Count
			}
		}
		if vague != 1 {
			t.Errorf("%d are drawn as an area, want 1: %+v", vague, d)
		}
		w.Visitor().Get("/en/map").Has("main", "town not told")
	})
}

// What one may not know of is on no map, and what is withdrawn is gone at once.
func TestWhoSeesWhat(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		everybody, member := w.list(t, "", "kind=practice"), w.list(t, w.token, "kind=practice")
		if everybody.Count != 2 || everybody.has("Only members read this") || member.Count != 3 || !member.has("Only members read this") || member.has("Nobody reads this yet") {
			t.Errorf("everybody: %+v\nmember: %+v", everybody, member)
		}
		w.member.Get("/en/map?kind=practice").Has("p.result", "3 results")
		// The place in the order of what one may not know of is no place.
		w.Visitor().Get("/en/map?kind=practice&after="+w.id["Only members read this"]).Has("p.result", "2 results").Lacks("nav", "Previous page")
		w.Do(func(ctx context.Context, tx *db.Tx) error {
			_, err := entry.SetState(ctx, tx, people.Actor{}, w.id["A card for all"], entry.Withdrawn)
			return err
		})
		for _, path := range []string{"/en/map", "/en/map/points", "/en/map.geojson", "/en/embed/map", "/api/v1/map"} {
			if body := w.Visitor().Get(path).Status(200).Body; strings.Contains(body, w.id["A card for all"]) || strings.Contains(body, "A card for all") {
				t.Errorf("%s still shows what was withdrawn", path)
			}
		}
	})
}

// The page works by its links alone: closer, and out again; outputs keep the filters.
func TestPage(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p := w.Visitor().Get("/en/map?kind=event").Status(200).Has("p.result", "2 results").Has("h3", "Suva meets").Has("form.filter", "Events (2)").Has("form.filter", "Practices (2)")
		p.Follow("As GeoJSON").Status(200)
		closer := p.Follow("Closer").Status(200)
		closer.Follow("Further").Status(200).Has("p.result", "2 results")
		w.Visitor().Get("/en/map?box=170,-50,-170,0").Has("p.result", "2 results").Has("a", "Event: Suva meets").Has("a", "Event: Apia met").Lacks("a", "Lyon")
		w.Visitor().Get("/en/map?q=nobody").Has("main", "Nothing here matches.").Has("main", "Show everything")
		w.Visitor().Get("/en/map").Has("main", "has no place and stands in the list only")
		e := w.Visitor().Get("/en/embed/map?kind=event").Status(200).Has("main", "Suva meets")
		if csp := e.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "frame-ancestors *") || e.Header.Get("Set-Cookie") != "" {
			t.Errorf("embed: %s", csp)
		}
		first := w.Visitor().Get("/en/map/points?kind=event").Status(200)
		var d drawing
		if err := json.Unmarshal([]byte(first.Body), &d); err != nil || d.Placed != 2 {
			t.Errorf("%v %+v", err, d)
		}
		w.Visitor().Header("If-None-Match", first.Header.Get("ETag")).Get("/en/map/points?kind=event").Status(304)
	})
}

// The demonstration has something of every kind that can be somewhere.
func TestDemonstration(t *testing.T) {
	h := housetest.New(t, db.SQLite, housetest.Demonstration)
	var l listed
	h.Call("", "GET", "/map", nil, &l)
	for _, kind := range []string{"organisation", "practice", "initiative", "resource", "training", "event", "competence"} {
		if l.Filters["kind"][kind] == 0 {
			t.Errorf("no %s on the map of the demonstration: %v", kind, l.Filters["kind"])
		}
	}
	for _, layer := range []string{"welcome", "alliance"} {
		if l.Filters["layer"][layer] == 0 {
			t.Errorf("nobody is in the layer %s", layer)
		}
	}
}

// The map of events leads to the calendar with the same filter, and back; what
// the calendar cannot say leads to none.
func TestMapAndCalendarLeadToEachOther(t *testing.T) {
	h := housetest.New(t, db.SQLite)
	v := h.Visitor()
	for query, want := range map[string]string{
		"kind=event&country=FJ&when=coming&axis=A1":      "/en/calendar?axis=A1&country=FJ",
		"kind=event&when=over&q=fair&box=170,-50,-170,0": "/en/calendar/past?q=fair",
		"kind=event&kind=practice":                       "",
		"country=FJ":                                     "",
	} {
		links := strings.Join(v.Get("/en/map?"+query).Status(200).Links("main"), "\n") + "\n"
		if got := strings.Contains(links, "/en/calendar"); got != (want != "") || !strings.Contains(links, want+"\n") {
			t.Errorf("%s leads to %s, want %q", query, links, want)
		}
	}
	for path, want := range map[string]string{
		"/en/calendar?country=FJ&organiser=x&theme=housing": "/en/map?country=FJ&kind=event&theme=housing&when=coming",
		"/en/calendar/past?q=fair":                          "/en/map?kind=event&q=fair&when=over",
	} {
		if links := v.Get(path).Status(200).Links("main"); !strings.Contains(strings.Join(links, "\n")+"\n", want+"\n") {
			t.Errorf("%s leads to %q, want %s", path, links, want)
		}
	}
}
