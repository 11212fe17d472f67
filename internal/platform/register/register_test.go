package register

import (
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"strings"
	"testing"

	"alliance/internal/platform/entry"
	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
)

func TestBox(t *testing.T) {
	for typed, want := range map[string]string{
		"4,45,5,46": "4,45,5,46", " 4 , 45,5,46": "4,45,5,46", "170,-50,-170,0": "170,-50,-170,0", "4.8302,45.7601,4.8302,45.7601": "4.83,45.76,4.84,45.77",
		"": "", "nonsense": "", "1,2,3": "", "4,46,5,45": "", "181,0,182,1": "", "0,-91,1,0": "", "NaN,0,1,1": "", "0,0,Inf,1": "",
	} {
		if got := ParseBox(typed).String(); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
	pacific := Box{West: 170, South: -30, East: -170, North: 10}
	for at, want := range map[[2]float64]bool{{-18, 178}: true, {-13, -172}: true, {-18, 180}: true, {0, 0}: false, {11, 175}: false, {-30, 170}: true} {
		if pacific.holds(at[0], at[1]) != want {
			t.Errorf("%v in the box: %v", at, !want)
		}
	}
	if pacific.Span() != 20 {
		t.Errorf("it reaches over %g degrees", pacific.Span())
	}
}

func FuzzBox(f *testing.F) {
	for _, s := range []string{"4,45,5,46", "170,-50,-170,0", "-0.001,-0.001,0.001,0.001", "1e3,0,0,0", ",,,", "180,-90,-180,90"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		b := ParseBox(s)
		if b.Whole() {
			return
		}
		again := ParseBox(b.String())
		if again.Whole() || !again.holds(b.South, b.West) || !again.holds(b.North, b.East) {
			t.Errorf("%q becomes %v, then %v", s, b, again)
		}
	})
}

// grown gives a register of n entries of three kinds in some 20,000 places.
func grown(n int) *Register {
	r := New(nil, slog.New(slog.NewTextHandler(io.Discard, nil)))
	kinds := []string{"organisation", "practice", "initiative"}
	for _, k := range kinds {
		r.Keep(Kind{Name: k, Layer: map[string]string{"initiative": Welcome}[k]})
	}
	random := rand.New(rand.NewPCG(1, 2))
	var spots []int32
	for range 20_000 {
		p := place.Place{Name: fmt.Sprint("place ", random.IntN(1e9)), Country: "FR", Lat: 35 + 20*random.Float64(), Lon: -8 + 25*random.Float64(), Precision: place.Exact}
		spots = append(spots, r.spotOf(p))
	}
	var read []found
	for i := range n {
		f := found{kind: kinds[i%3], row: row{id: fmt.Sprintf("%016d", i), key: fmt.Sprintf("%016x", random.Int64()), by: -1, spot: -1}}
		f.class = r.number(ByClass, string(people.OrganisationKinds[random.IntN(4)]))
		f.put(f.class)
		f.put(r.number(ByCountry, []string{"FR", "IT", "ES", "PT"}[random.IntN(4)]))
		f.put(r.number(ByTheme, fmt.Sprint("theme", random.IntN(20))))
		f.put(r.number(ByAxis, fmt.Sprint("A", random.IntN(5))))
		f.by = r.owned(fmt.Sprintf("%016d", i-i%3))
		if i%10 != 0 {
			f.spot = spots[random.IntN(len(spots))]
			f.lat, f.lon = r.spots[f.spot].Lat, r.spots[f.spot].Lon
		}
		read = append(read, f)
	}
	r.take(read)
	r.mark(nil)
	return r
}

// Each count beside a filter is what ticking it gives, and the clusters of any
// part hold what its list holds, each once.
func TestCountsAreWhatTheyPromise(t *testing.T) {
	r := grown(3000)
	ask := func(q Query) *asking { return r.asking(people.Actor{}, q, nil, 0) }
	for _, base := range []Query{
		{}, {Asked: map[string][]string{ByCountry: {"FR", "IT"}}}, {Asked: map[string][]string{ByLayer: {Welcome}, ByTheme: {"theme3"}}},
		{Kinds: []string{"practice"}, Box: Box{0, 40, 10, 50}}, {Asked: map[string][]string{ByKind: {"organisation"}, ByAxis: {"A1"}}, Box: Box{-5, 36, 12, 51}},
		{Asked: map[string][]string{ByCountry: {"XX"}}},
	} {
		counts := ask(base).count()
		d := ask(base).draw(20)
		sum := 0
		for _, c := range d.Clusters {
			sum += c.Count
			if b := (Box{c.Box.West - 1e-4, c.Box.South - 1e-4, c.Box.East + 1e-4, c.Box.North + 1e-4}); !b.holds(c.Lat, c.Lon) {
				t.Errorf("%v: a cluster at %g %g is not in its box %v", base, c.Lat, c.Lon, c.Box)
			}
		}
		if list := ask(base).page(zero, false, 1e6); len(list) != counts.Total || sum != d.Placed || sum+d.Unplaced != counts.Total {
			t.Errorf("%v: the list has %d, the count says %d, the clusters hold %d and %d are nowhere", base, len(list), counts.Total, sum, d.Unplaced)
		}
		for group, list := range counts.By {
			for _, f := range list {
				with := Query{Kinds: base.Kinds, Box: base.Box, Asked: map[string][]string{}}
				for g, v := range base.Asked {
					with.Asked[g] = v
				}
				with.Asked[group] = []string{f.Value}
				if got := ask(with).count().Total; got != f.Count {
					t.Errorf("%v: %s=%s promises %d, gives %d", base, group, f.Value, f.Count, got)
				}
			}
		}
	}
}

// Pages lead through the whole list of several kinds without a gap or a
// repetition, there and back.
func TestPages(t *testing.T) {
	r := grown(500)
	n := r.asking(people.Actor{}, Query{Asked: map[string][]string{ByKind: {"practice", "organisation"}}}, nil, 0)
	whole := n.page(zero, false, 1e6)
	at := func(id string) (c cursor) {
		for _, s := range r.shelves {
			if i, ok := s.at[id]; ok {
				c = cursor{Key: s.rows[i].key, ID: id}
			}
		}
		return c
	}
	var there []string
	for from := zero; ; {
		some := n.page(from, false, 7)
		there = append(there, some...)
		if len(some) < 7 {
			break
		}
		from = at(some[6])
	}
	back := []string{whole[len(whole)-1]}
	for {
		some := n.page(at(back[0]), true, 7)
		back = append(some, back...)
		if len(some) < 7 {
			break
		}
	}
	if all := strings.Join(whole, " "); strings.Join(there, " ") != all || strings.Join(back, " ") != all {
		t.Errorf("%d in the list, %d there, %d back", len(whole), len(there), len(back))
	}
}

// Clusters over the date line are one, and told by their country only are
// never drawn in with what is somewhere.
func TestClustersAtTheEdges(t *testing.T) {
	r := grown(0)
	add := func(kind string, p place.Place) {
		f := found{kind: kind, row: row{id: fmt.Sprint(kind, p), by: -1}}
		f.spot = r.spotOf(p)
		f.lat, f.lon = r.spots[f.spot].Lat, r.spots[f.spot].Lon
		s := r.shelves[kind]
		s.rows = append(s.rows, f.row)
		s.index()
	}
	add("practice", place.Place{Lat: -17, Lon: 179.9, Precision: place.Exact})
	add("practice", place.Place{Lat: -17, Lon: -179.9, Precision: place.Exact})
	add("practice", place.Place{Lat: -89.9, Lon: 0, Precision: place.Exact})
	add("practice", place.Place{Country: "FJ", Precision: place.InCountry})
	pacific := r.asking(people.Actor{}, Query{Box: Box{170, -40, -170, 10}}, nil, 0).draw(3)
	if len(pacific.Clusters) != 2 || pacific.Placed != 3 {
		t.Fatalf("%+v", pacific)
	}
	for _, c := range pacific.Clusters {
		if c.Vague != (c.Count == 1) || c.Count == 2 && (c.Box.West != 179.9 || c.Box.East > -179 || c.Lon < 179.8 && c.Lon > -179.8) {
			t.Errorf("%+v", c)
		}
	}
	if world := r.asking(people.Actor{}, Query{}, nil, 0).draw(30); world.Placed != 4 {
		t.Errorf("%+v", world)
	}
}

func BenchmarkRegister(b *testing.B) {
	r := grown(100_000)
	for name, q := range map[string]Query{"all": {}, "filtered": {Asked: map[string][]string{ByCountry: {"FR"}, ByTheme: {"theme3", "theme4"}}}, "box": {Box: Box{0, 40, 10, 50}}} {
		ask := func() *asking { return r.asking(people.Actor{}, q, nil, 0) }
		b.Run("count/"+name, func(b *testing.B) {
			for b.Loop() {
				ask().count()
			}
		})
		b.Run("draw/"+name, func(b *testing.B) {
			for b.Loop() {
				ask().draw(36)
			}
		})
		b.Run("page/"+name, func(b *testing.B) {
			for b.Loop() {
				ask().page(zero, false, 25)
			}
		})
	}
}

type cursor = entry.Cursor

var zero cursor
