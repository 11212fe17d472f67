package design

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"alliance/internal/platform/design/earth"
)

// Point is one thing on the map, or several that stand together: towns and
// offices, never a person.
type Point struct {
	Lat, Lon float64
	Href     string
	Label    string
	Kind     string    // organisation kind: square, circle, diamond, or a bar for others
	Hollow   bool      // what people do, as against who they are
	Count    int       // of things, where one point stands for several; 0 is one
	Names    []string  // then the places they are at, those with most first
	More     int       // further places
	Box      earth.Box // that holds all of them
	Vague    bool      // told by the country only: drawn as an area
}

// Map is a drawn map; the list that says the same stands on the page too.
type Map struct {
	Title  string
	Points []Point
	Crop   string // "world", "americas", "centre"; "" = world
	List   string // where the same is to be read as a list: "#list"
	// Narrow gives the address of the list narrowed to a part of the Earth:
	// where several stand too close, it leads to them.
	Narrow func(earth.Box) string
	Small  bool        // drawn beside a list: signs are larger and gather sooner
	View   *earth.View // shows this part of the Earth instead of a crop
	Box    string      // for the script that moves the map: the part shown, as it stands in addresses
}

// crops are parts of the drawing: x, y, width, height. On a phone the
// Mediterranean is one blot on a map of the world.
var crops = map[string]earth.View{
	"world":    earth.World(),
	"americas": {X: 90, Y: 40, W: 420, H: 385},
	"centre":   {X: 395, Y: 50, W: 320, H: 205},
}

// dot is what is drawn at one place: one point, or several that stand too close.
type dot struct {
	x, y   float64
	points []Point
}

// width of every drawing, in its own units.
const width = 1000

func (m Map) view() earth.View {
	if m.View != nil {
		return *m.View
	}
	if c, ok := crops[m.Crop]; ok {
		return c
	}
	return crops["world"]
}

func (m Map) height() float64 { return math.Round(m.view().H / m.view().W * width) }

// land tells where the picture of the whole land lies behind the view; ok is
// false where the coast is drawn anew.
func (m Map) land() (x, y, w, h string, ok bool) {
	v := m.view()
	k := width / v.W
	return num(-v.X * k), num(-v.Y * k), num(earth.Width * k), num(earth.Height * k), m.View == nil || v.Whole()
}

func (m Map) box() string { return "0 0 " + num(width) + " " + num(m.height()) }

// unit is the length by which signs are drawn.
func (m Map) unit() float64 {
	if m.Small {
		return width / 50
	}
	return width / 85.
}

// dots gathers points nearer than a finger's width into one, about the one that
// stands for most, and gives them north to south.
// What lies beyond the edge of the Earth's drawing is drawn at its edge.
func (m Map) dots() []dot {
	v, near, high := m.view(), m.unit()*2.9, m.height()
	points := append([]Point(nil), m.Points...)
	slices.SortStableFunc(points, func(a, b Point) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(b.Lat, a.Lat)) })
	var out []dot
next:
	for _, p := range points {
		x, y := v.Place(p.Lat, p.Lon)
		x, y = x*width, y*width
		if v.Whole() {
			y = min(max(y, 0), high)
		}
		if x < 0 || x > width || y < 0 || y > high {
			continue
		}
		for i := range out {
			if dx, dy := out[i].x-x, out[i].y-y; dx*dx+dy*dy < near*near {
				out[i].points = append(out[i].points, p)
				continue next
			}
		}
		out = append(out, dot{x, y, []Point{p}})
	}
	slices.SortStableFunc(out, func(a, b dot) int { return cmp.Compare(a.y, b.y) })
	return out
}

// total is how many things stand at a dot.
func (d dot) total() (n int) {
	for _, p := range d.points {
		n += max(p.Count, 1)
	}
	return n
}

// around is the box of all that stands at a dot.
func (d dot) around(v earth.View) earth.Box {
	west, south, east, north := 720.0, 90.0, -720.0, -90.0
	for _, p := range d.points {
		b := p.Box
		if b == (earth.Box{}) {
			b = earth.Box{West: p.Lon, South: p.Lat, East: p.Lon, North: p.Lat}
		}
		from := earth.Turned(b.West - v.Lon)
		west, east = min(west, from), max(east, from+b.Span())
		south, north = min(south, b.South), max(north, b.North)
	}
	return earth.Box{West: earth.Turned(west + v.Lon), South: south, East: earth.Turned(east + v.Lon), North: north}
}

// href of several points is the list, narrowed to them where that is possible.
func (m Map) href(d dot) string {
	if d.total() == 1 || len(d.points) == 1 && d.points[0].Href != "" {
		return d.points[0].Href
	}
	if m.Narrow != nil {
		return m.Narrow(d.around(m.view()))
	}
	if m.List == "" {
		return d.points[0].Href
	}
	return m.List
}

// label names what stands at a dot, at most three of them.
func (m Map) label(v View, d dot) string {
	if d.total() == 1 {
		return d.points[0].Label
	}
	var names []string
	rest := 0
	for _, p := range d.points {
		all := p.Names
		if len(all) == 0 {
			all = []string{p.Label}
		}
		rest += p.More
		for _, name := range all {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	n := v.Number(d.total()) + ": " // what one sees is what one says: 2.5.3
	if rest += max(0, len(names)-3); rest > 0 {
		return n + v.N("design.map.more", rest, "{names} and {n} other", "{names} and {n} others", "names", v.And(names[:min(3, len(names))]))
	}
	return n + v.And(names)
}

// sign is the class of a dot: its strand, and whether it stands for an area or
// for what people do.
func (d dot) sign() string {
	class := Strand(d.kind())
	if !slices.ContainsFunc(d.points, func(p Point) bool { return !p.Vague }) {
		class += " vague"
	}
	if !slices.ContainsFunc(d.points, func(p Point) bool { return !p.Hollow }) {
		class += " does"
	}
	return class
}

func (d dot) vague() bool {
	return !slices.ContainsFunc(d.points, func(p Point) bool { return !p.Vague })
}

// diamond draws the sign of the third strand.
func diamond(x, y, r float64) string {
	return "M" + num(x) + " " + num(y-r) + "L" + num(x+r) + " " + num(y) + " " + num(x) + " " + num(y+r) + " " + num(x-r) + " " + num(y) + "z"
}

// num writes a length; a tenth of a unit is less than one sees.
func num(f float64) string {
	return strconv.FormatFloat(math.Round(f*10)/10, 'f', -1, 64)
}

// kind of a dot colours it; several of different kinds are nobody's.
func (d dot) kind() string {
	for _, p := range d.points {
		if p.Kind != d.points[0].Kind {
			return ""
		}
	}
	return d.points[0].Kind
}

// moved tells the script that moves the map which part is shown.
func moved(m Map) templ.Attributes {
	if m.Box == "" {
		return nil
	}
	return templ.Attributes{"data-box": m.Box}
}

// size of a number in a sign, by how many digits it has.
func size(n int) float64 {
	switch {
	case n < 100:
		return 1.6
	case n < 1000:
		return 1.25
	case n < 10_000:
		return .95
	}
	return .75
}
