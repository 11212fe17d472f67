package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"alliance/internal/platform/place"
)

const (
	coast    = 0.45  // how far, in units of the map, a simplified coast may stray
	islet    = 1.2   // islands smaller than this many square units are left out
	southern = -58.0 // the map ends here: Antarctica is left out
)

// writeLand draws the land without borders: where a border runs is a political
// statement, and the map needs none to be read.
func writeLand() error {
	var t topology
	if err := readJSON("world-atlas/land-110m.json", &t); err != nil {
		return err
	}
	var path strings.Builder
	for _, s := range t.Objects["land"].Geometries {
		polygons, err := t.polygons(s)
		if err != nil {
			return err
		}
		for _, rings := range polygons {
			for _, ring := range rings {
				for _, turn := range []float64{-360, 0, 360} { // what hangs over one edge comes in at the other
					draw(&path, ring, turn)
				}
			}
		}
	}
	svg := fmt.Sprintf("<!-- %s -->\n"+`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d"><style>path{fill:#D9CDBD}@media (prefers-color-scheme:dark){path{fill:#4A4358}}</style><path fill-rule="evenodd" d="%s"/></svg>`+"\n",
		"Land: Natural Earth, public domain. Equal Earth projection.", place.MapWidth, place.MapHeight, path.String())
	return save("land.svg", []byte(svg))
}

func draw(path *strings.Builder, ring []point, turn float64) {
	part := make([]point, len(ring))
	for i, p := range ring {
		part[i] = point{p.x + turn, p.y}
	}
	part = clip(clip(clip(part, longitude, -180, 1), longitude, 180, -1), latitude, southern, 1)
	if len(part) < 3 {
		return
	}
	for i, p := range part {
		lon := max(-179.9999, min(179.9999, p.x)) // the edge itself must not wrap
		part[i].x, part[i].y = place.Project(p.y, lon)
	}
	if area, _ := centre(part); math.Abs(area) < islet {
		return
	}
	write(path, simplify(part))
}

// simplify drops points that the eye would not miss (Douglas and Peucker). The
// ring is halved first: a closed line has no ends.
func simplify(ring []point) []point {
	far, at := 0.0, 0
	for i, p := range ring {
		if d := math.Hypot(p.x-ring[0].x, p.y-ring[0].y); d > far {
			far, at = d, i
		}
	}
	closed := append(append([]point(nil), ring[at:]...), ring[0])
	return append(thin(ring[:at+1]), thin(closed)[1:]...)
}

func thin(line []point) []point {
	a, b := line[0], line[len(line)-1]
	far, at := 0.0, 0
	for i := 1; i < len(line)-1; i++ {
		if d := offLine(line[i], a, b); d > far {
			far, at = d, i
		}
	}
	if far <= coast {
		return []point{a, b}
	}
	return append(thin(line[:at+1]), thin(line[at:])[1:]...)
}

func offLine(p, a, b point) float64 {
	dx, dy := b.x-a.x, b.y-a.y
	if dx == 0 && dy == 0 {
		return math.Hypot(p.x-a.x, p.y-a.y)
	}
	f := max(0, min(1, ((p.x-a.x)*dx+(p.y-a.y)*dy)/(dx*dx+dy*dy)))
	return math.Hypot(p.x-a.x-f*dx, p.y-a.y-f*dy)
}

// write adds a ring in whole units, each point told from the one before.
func write(path *strings.Builder, ring []point) {
	var steps strings.Builder
	x0, y0 := math.Round(ring[0].x), math.Round(ring[0].y)
	x, y, n := x0, y0, 0
	for _, p := range ring[1:] {
		dx, dy := math.Round(p.x)-x, math.Round(p.y)-y
		if dx == 0 && dy == 0 {
			continue
		}
		x, y, n = x+dx, y+dy, n+1
		if n > 1 && dx >= 0 {
			steps.WriteByte(' ')
		}
		steps.WriteString(strconv.Itoa(int(dx)))
		if dy >= 0 {
			steps.WriteByte(' ')
		}
		steps.WriteString(strconv.Itoa(int(dy)))
	}
	if n < 3 {
		return
	}
	fmt.Fprintf(path, "M%d %dl%sz", int(x0), int(y0), steps.String())
}
