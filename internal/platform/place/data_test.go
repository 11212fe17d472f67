package place

import (
	"bytes"
	"compress/gzip"
	"encoding/xml"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

func TestTownsAreInTheOrderOfTheirKeys(t *testing.T) {
	g := load()
	before := ""
	for i := range g.lat {
		key := Key(g.name(i))
		if key == "" || key < before {
			t.Fatalf("%q after %q: has lang.Fold or Key changed? Run go generate", key, before)
		}
		if key == before && g.country[i] == g.country[i-1] && g.population[i] > g.population[i-1] {
			t.Fatalf("%s: the larger town comes later", key)
		}
		before = key
	}
	if len(g.lat) < 150_000 {
		t.Errorf("only %d towns", len(g.lat))
	}
	if len(packedTowns) > 2_000_000 {
		t.Errorf("%d bytes of towns", len(packedTowns))
	}
}

func TestNamesBelongToTowns(t *testing.T) {
	for line := range strings.Lines(townNames) {
		if cells := strings.Split(line, "\t"); line[0] != '#' && load().rowOf(cells[1], cells[0]) < 0 {
			t.Errorf("no town %s in %s", cells[1], cells[0])
		}
	}
}

func TestDamagedTownsAreRefused(t *testing.T) {
	for _, b := range [][]byte{nil, {1, 2, 3}, packedTowns[:1000], packedTowns[:len(packedTowns)-1]} {
		if _, err := unpack(b); err == nil {
			t.Errorf("%d bytes were taken", len(b))
		}
	}
}

func TestNearestIsWhatComparingAllGives(t *testing.T) {
	g := load()
	points := [][2]float64{{48.1, 11.5}, {-17.1, 179.9}, {-17.1, -179.9}, {89.9, 40}, {-60, -120}, {0, 0}, {71.2, -179.5}, {90, 0}, {-90, 77}}
	for i := range 60 {
		points = append(points, [2]float64{float64(i*37%180) - 89.5, float64(i*101%360) - 179.7})
	}
	for _, p := range points {
		best, row := math.Inf(1), -1
		for i := range g.lat {
			if d := angle(p[0], p[1], float64(g.lat[i])/1000, float64(g.lon[i])/1000); d < best {
				best, row = d, i
			}
		}
		if got := Nearest(p[0], p[1]); got != g.town(row) {
			t.Errorf("%v: %v, want %v", p, got, g.town(row))
		}
	}
}

func TestProject(t *testing.T) {
	for _, c := range []struct{ lat, lon, x, y, within float64 }{
		{0, 0, 500, 245, 1e-9}, {0, 180, 995.154, 245, 1e-3}, {0, -180, 4.846, 245, 1e-3}, {0, 540, 995.154, 245, 1e-3},
		{90, 0, 500, 245 - 240.9, 1}, {-90, 0, 500, 245 + 240.9, 1}, {120, 0, 500, 245 - 240.9, 1},
		{48.85, 2.35, 505.38, 76.1, 0.01}, {math.NaN(), 0, 500, 245, 0}, {0, math.Inf(1), 500, 245, 0},
	} {
		if x, y := Project(c.lat, c.lon); !(math.Abs(math.Abs(x-500)-math.Abs(c.x-500)) <= c.within) || !(math.Abs(y-c.y) <= c.within) {
			t.Errorf("%v %v: %v %v, want %v %v", c.lat, c.lon, x, y, c.x, c.y)
		}
	}
	if x, _ := Project(10, -30); x >= 500 {
		t.Error("west is not left")
	}
	if _, y := Project(-53.2, -70.9); y > MapHeight {
		t.Errorf("Punta Arenas is at %v, off the map", y)
	}
}

// rings reads the path back: every ring as points in units of the map.
func rings(t *testing.T) [][][2]float64 {
	d := regexp.MustCompile(` d="([^"]+)"`).FindSubmatch(LandSVG())
	if d == nil {
		t.Fatal("no path")
	}
	number := regexp.MustCompile(`-?\d+`)
	var all [][][2]float64
	for _, piece := range strings.Split(strings.TrimPrefix(string(d[1]), "M"), "M") {
		var ring [][2]float64
		var at [2]float64
		values := number.FindAllString(piece, -1)
		for i := 0; i+1 < len(values); i += 2 {
			dx, _ := strconv.ParseFloat(values[i], 64)
			dy, _ := strconv.ParseFloat(values[i+1], 64)
			at = [2]float64{at[0] + dx, at[1] + dy}
			ring = append(ring, at)
		}
		all = append(all, ring)
	}
	return all
}

func onLand(all [][][2]float64, lat, lon float64) bool {
	x, y := Project(lat, lon)
	in := false
	for _, ring := range all {
		for i, a := range ring {
			b := ring[(i+1)%len(ring)]
			if a[1] > y != (b[1] > y) && x < a[0]+(y-a[1])/(b[1]-a[1])*(b[0]-a[0]) {
				in = !in
			}
		}
	}
	return in
}

func TestLandIsWhereItIs(t *testing.T) {
	all := rings(t)
	for what, p := range map[string][2]float64{
		"Paris": {48.8, 2.3}, "Agadez": {17, 8}, "Chukotka, west of the antimeridian": {67, 178}, "Chukotka, east of it": {66.5, -175.5},
		"Alaska": {65, -150}, "Fiji": {-17.8, 178}, "Patagonia": {-50, -70}, "Sydney": {-33, 150}, "Greenland": {75, -40}, "Madagascar": {-20, 46.5},
	} {
		if !onLand(all, p[0], p[1]) {
			t.Errorf("%s is at sea", what)
		}
	}
	for what, p := range map[string][2]float64{
		"the Atlantic": {30, -40}, "the Pacific at the antimeridian": {20, 179.5}, "the Pacific on its other side": {20, -179.5}, "the Arctic": {87, 100},
		"the Caspian Sea": {42, 50.5}, "the Mediterranean": {34.5, 18}, "the Southern Ocean": {-57, 10},
	} {
		if onLand(all, p[0], p[1]) {
			t.Errorf("%s is on land", what)
		}
	}
}

func TestLandStaysOnTheMap(t *testing.T) {
	for _, ring := range rings(t) {
		for i, a := range ring {
			if a[0] < 0 || a[0] > MapWidth || a[1] < 0 || a[1] > MapHeight+10 {
				t.Errorf("a point at %v", a)
			}
			// A ring torn at the antimeridian draws a line across the world.
			if b := ring[(i+1)%len(ring)]; math.Hypot(a[0]-b[0], a[1]-b[1]) > 60 {
				t.Errorf("a line from %v to %v", a, b)
			}
		}
	}
}

func TestLandIsLightAndWellFormed(t *testing.T) {
	svg := LandSVG()
	var packed bytes.Buffer
	z, _ := gzip.NewWriterLevel(&packed, 9)
	if _, err := z.Write(svg); err != nil {
		t.Fatal(err)
	}
	z.Close()
	if packed.Len() > 5000 {
		t.Errorf("%d bytes packed, more than 5000", packed.Len())
	}
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		if _, err := d.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Contains(svg, []byte(`viewBox="0 0 1000 430"`)) || bytes.Contains(svg, []byte("stroke")) {
		t.Error("another frame, or borders")
	}
}

// The same packages give the same bytes, on any machine.
func TestGeneratingAgainChangesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	modules, err := filepath.Abs("../../../npm/node_modules")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(modules); err != nil {
		t.Fatalf("the npm packages are missing, run make packages: %v", err)
	}
	dir := t.TempDir()
	out, err := exec.Command("go", "run", "./gen", "-into", dir).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, name := range []string{"towns.zst", "names.tsv", "countries.tsv", "land.svg"} {
		fresh, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if kept, _ := os.ReadFile(filepath.Join("data", name)); !bytes.Equal(fresh, kept) {
			t.Errorf("%s is not what the generator writes now: run go generate", name)
		}
	}
}

func BenchmarkLookup(b *testing.B) {
	load()
	for b.Loop() {
		Lookup("Grande-Synthe", "FR")
	}
}

func BenchmarkSuggest(b *testing.B) {
	load()
	for b.Loop() {
		Suggest("sa", "", 8)
	}
}

func BenchmarkNearest(b *testing.B) {
	load()
	for b.Loop() {
		Nearest(48.85, 2.35)
	}
}
