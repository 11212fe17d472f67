package contribution

import (
	"fmt"
	"strings"
	"testing"

	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
)

func around(t testing.TB, town, country string, km int) Area {
	t.Helper()
	at := place.Of(town, country)
	if at.Precision < place.InTown {
		t.Fatalf("no town %s", town)
	}
	return Area{Country: country, Town: at.Name, Lat: at.Lat, Lon: at.Lon, Km: km}
}

// TestRoute: a proposal goes to the most specific pair, then to each wider one.
func TestRoute(t *testing.T) {
	gao, mali := around(t, "Gao", "ML", 150), Area{Country: "ML"}
	at := func(seat Seat, name string, a Area, theme string) Validator {
		return Validator{Organisation: name, Seat: seat, Area: a, Theme: theme}
	}
	all := []Validator{
		at(Authority, "world-a", Area{}, ""), at(Association, "world-c", Area{}, ""),
		at(Authority, "mali-a", mali, ""), at(Association, "mali-c", mali, ""),
		at(Association, "mali-health", mali, "health"),
		at(Authority, "gao-a", gao, ""), at(Association, "gao-c", gao, ""),
		at(Authority, "gao-near", around(t, "Gao", "ML", 20), ""),
		at(Association, "france-c", Area{Country: "FR"}, ""),
	}
	for _, c := range []struct {
		name   string
		at     place.Place
		themes []string
		all    []Validator
		want   string
	}{
		{"Gao reaches Gao’s pair, then Mali’s, then everybody’s", place.Of("Gao", "ML"), nil, all[:7], "gao-a+gao-c mali-a+mali-c world-a+world-c"},
		{"a smaller region comes before a larger one", place.Of("Gao", "ML"), nil, all, "gao-near+gao-c gao-a+gao-c mali-a+mali-c world-a+world-c"},
		{"another town of the country has the country’s pair", place.Of("Bamako", "ML"), nil, all, "mali-a+mali-c world-a+world-c"},
		{"the one for the theme comes first", place.Of("Bamako", "ML"), []string{"health"}, all, "mali-a+mali-health mali-a+mali-c world-a+world-c"},
		{"where only the country is told, no region looks", place.Of("", "ML"), nil, all, "mali-a+mali-c world-a+world-c"},
		{"a seat that nobody holds in the country is held by the next wider", place.Of("Paris", "FR"), nil, all, "world-a+france-c world-a+world-c"},
		{"nowhere: those of everywhere", place.Place{}, nil, all, "world-a+world-c"},
		{"one side alone is no pair", place.Of("Gao", "ML"), nil, []Validator{all[2], all[5]}, ""},
		{"two of one side share its seat", place.Place{}, nil, append([]Validator{at(Association, "also-c", Area{}, "")}, all[:2]...), "world-a+also-c,world-c"},
		{"nobody", place.Of("Gao", "ML"), nil, nil, ""},
	} {
		var got []string
		for _, p := range Route(c.at, c.themes, c.all) {
			got = append(got, strings.Join(p.Authorities, ",")+"+"+strings.Join(p.Associations, ","))
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: %q, want %q", c.name, s, c.want)
		}
	}
}

// TestLooks: the wider pair joins, the narrower keeps its word; after the last
// the coordination decides.
func TestLooks(t *testing.T) {
	all := []Validator{{Organisation: "world-a", Seat: Authority}, {Organisation: "world-c", Seat: Association}, {Organisation: "mali-a", Seat: Authority, Area: Area{Country: "ML"}}}
	editor := func(organisation string) people.Actor {
		return people.Actor{Person: "p", At: 2, Mandate: people.Mandate{ID: "m", Organisation: organisation, Edit: true, Since: 1}}
	}
	speaker := editor("mali-a")
	speaker.Mandate.Edit, speaker.Mandate.Speak = false, true
	coordinator := people.Actor{Person: "k", Grants: []people.Grant{{Role: people.Coordinator}}}
	for _, c := range []struct {
		widened int
		a       people.Actor
		want    Seat
	}{
		{0, editor("mali-a"), Authority}, {0, editor("world-c"), Association}, {0, editor("world-a"), ""}, {0, speaker, ""}, {0, coordinator, ""},
		{1, editor("mali-a"), Authority}, {1, editor("world-a"), Authority}, {1, coordinator, ""},
		{2, coordinator, Coordination}, {2, editor("mali-a"), Authority}, {2, editor("elsewhere"), ""},
	} {
		x := Contribution{Place: place.Place{Country: "ML"}, Widened: c.widened}
		if got := x.SeatFor(c.a, all); got != c.want {
			t.Errorf("widened %d, %s: %q, want %q", c.widened, c.a.For(), got, c.want)
		}
	}
}

func TestOutcome(t *testing.T) {
	for _, c := range []struct {
		said string
		want State
	}{
		{"", Waiting}, {"authority:agree", Waiting}, {"association:agree", Waiting}, {"authority:agree association:agree", Published},
		{"coordination:agree", Published}, {"coordination:refuse", Refused}, {"authority:agree association:refuse", Refused},
		{"authority:agree association:change", Changes}, {"authority:change", Changes}, {"authority:refuse", Refused}, {"authority:agree coordination:agree", Published},
	} {
		var said []Said
		for _, s := range strings.Fields(c.said) {
			seat, act, _ := strings.Cut(s, ":")
			said = append(said, Said{Seat: Seat(seat), Act: Act(act)})
		}
		if got := Outcome(said); got != c.want {
			t.Errorf("%s: %s, want %s", c.said, got, c.want)
		}
	}
}

func TestSaid(t *testing.T) {
	for _, c := range []struct {
		said Said
		want string // fields at fault
	}{
		{Said{}, "act"}, {Said{Act: Agree}, ""}, {Said{Act: Refuse}, "reason"}, {Said{Act: Refuse, Reason: "double"}, ""}, {Said{Act: Refuse, Reason: unanswered}, "reason"},
		{Said{Act: Change}, "words"}, {Said{Act: Change, Words: " "}, "words"}, {Said{Act: Change, Words: "The hours, please."}, ""}, {Said{Act: Agree, Words: strings.Repeat("x", longest+1)}, "words"},
	} {
		err := c.said.validate()
		if got := fmt.Sprint(err); c.want == "" && err != nil || c.want != "" && err == nil {
			t.Errorf("%+v: %s, want %q", c.said, got, c.want)
		}
	}
}
