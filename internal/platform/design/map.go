package design

import (
	"math"
	"slices"
	"sort"
	"strconv"

	"alliance/internal/platform/design/earth"
)

// Point is one thing on the map: a town or an office, never a person.
type Point struct {
	Lat, Lon float64
	Href     string
	Label    string
	Kind     string // organisation kind: square, circle, diamond, or a bar for others
	Count    int    // of things at this point, where one point stands for several; then Label names the place
}

// Map is a drawn map; the list that says the same stands on the page too.
type Map struct {
	Title  string
	Points []Point
	Crop   string // "world", "americas", "centre"; "" = world
	List   string // where the same is to be read as a list: "#list"
	// Narrow gives the address of the list narrowed to a part of the Earth, in
	// degrees: where several points stand too close, it leads to them.
	Narrow func(south, west, north, east float64) string
	Small  bool // drawn beside a list: signs are larger and gather sooner
	// Around shows this part of the Earth (south, west, north, east) instead of a crop.
	Around *[4]float64
}

// crops are parts of the drawing: x, y, width, height. On a phone the
// Mediterranean is one blot on a map of the world.
var crops = map[string][4]float64{
	"world":    {0, 0, earth.Width, earth.Height},
	"americas": {90, 40, 420, 385},
	"centre":   {395, 50, 320, 205},
}

// dot is what is drawn at one place: one point, or several that stand too close.
type dot struct {
	x, y   float64
	points []Point
}

func (m Map) crop() [4]float64 {
	if m.Around != nil {
		return around(*m.Around)
	}
	if c, ok := crops[m.Crop]; ok {
		return c
	}
	return crops["world"]
}

// around gives the part of the drawing that shows a part of the Earth with
// some land about it, as wide as the centre's shape.
func around(a [4]float64) [4]float64 {
	x1, y1 := earth.Project(a[2], a[1])
	x2, y2 := earth.Project(a[0], a[3])
	w := min(max(2*math.Abs(x2-x1), 3.2*math.Abs(y2-y1), 48), earth.Width)
	h := w / 1.56
	return [4]float64{(x1+x2)/2 - w/2, (y1+y2)/2 - h/2, w, h}
}

func (m Map) box() string {
	c := m.crop()
	return num(c[0]) + " " + num(c[1]) + " " + num(c[2]) + " " + num(c[3])
}

// unit is the length in the drawing that looks alike in every crop.
func (m Map) unit() float64 {
	if m.Small {
		return m.crop()[2] / 50
	}
	return m.crop()[2] / 100
}

// dots gathers points nearer than a finger's width into one, north to south.
func (m Map) dots() []dot {
	c, near := m.crop(), m.unit()*2.8
	points := append([]Point(nil), m.Points...)
	sort.SliceStable(points, func(i, j int) bool { return points[i].Lat > points[j].Lat })
	var out []dot
next:
	for _, p := range points {
		x, y := earth.Project(p.Lat, p.Lon)
		if x < c[0] || x > c[0]+c[2] || y < c[1] || y > c[1]+c[3] {
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
	return out
}

// total is how many things stand at a dot.
func (d dot) total() (n int) {
	for _, p := range d.points {
		n += max(p.Count, 1)
	}
	return n
}

// href of several points is the list, narrowed to them where that is possible.
func (m Map) href(d dot) string {
	if d.total() == 1 || len(d.points) == 1 && d.points[0].Href != "" {
		return d.points[0].Href
	}
	if m.Narrow != nil {
		south, north, west, east := 90.0, -90.0, 180.0, -180.0
		for _, p := range d.points {
			south, north, west, east = min(south, p.Lat), max(north, p.Lat), min(west, p.Lon), max(east, p.Lon)
		}
		return m.Narrow(south, west, north, east)
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
	for _, p := range d.points {
		if !slices.Contains(names, p.Label) {
			names = append(names, p.Label)
		}
	}
	n := v.Number(d.total()) + ": " // what one sees is what one says: 2.5.3
	if rest := len(names) - 3; rest > 0 {
		return n + v.N("design.map.more", rest, "{names} and {n} other", "{names} and {n} others", "names", v.And(names[:3]))
	}
	return n + v.And(names)
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
