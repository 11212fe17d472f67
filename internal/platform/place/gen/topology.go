package main

import (
	"encoding/json"
	"fmt"
)

// topology is a TopoJSON file: rings made of shared arcs, each arc quantised
// and told as differences.
type topology struct {
	Transform struct{ Scale, Translate [2]float64 }
	Arcs      [][][2]float64
	Objects   map[string]struct{ Geometries []shape }
}

type shape struct {
	ID         string
	Type       string
	Arcs       json.RawMessage
	Properties struct{ Name string }
}

type point struct{ x, y float64 } // longitude and latitude, or the map's

// polygons gives the rings of a shape in degrees: the outline first, then holes.
func (t *topology) polygons(s shape) ([][][]point, error) {
	var all [][][]int
	switch s.Type {
	case "Polygon":
		var one [][]int
		if err := json.Unmarshal(s.Arcs, &one); err != nil {
			return nil, err
		}
		all = append(all, one)
	case "MultiPolygon":
		if err := json.Unmarshal(s.Arcs, &all); err != nil {
			return nil, err
		}
	default:
		return nil, fmt.Errorf("a %s is no area", s.Type)
	}
	polygons := make([][][]point, len(all))
	for i, rings := range all {
		for _, arcs := range rings {
			polygons[i] = append(polygons[i], unwrap(t.ring(arcs)))
		}
	}
	return polygons, nil
}

// ring joins arcs; a negative number means the arc backwards.
func (t *topology) ring(arcs []int) []point {
	var ring []point
	for _, a := range arcs {
		back := a < 0
		if back {
			a = ^a
		}
		var x, y float64
		line := make([]point, 0, len(t.Arcs[a]))
		for _, d := range t.Arcs[a] {
			x, y = x+d[0], y+d[1]
			line = append(line, point{x*t.Transform.Scale[0] + t.Transform.Translate[0], y*t.Transform.Scale[1] + t.Transform.Translate[1]})
		}
		if back {
			for i, j := 0, len(line)-1; i < j; i, j = i+1, j-1 {
				line[i], line[j] = line[j], line[i]
			}
		}
		if len(ring) > 0 {
			line = line[1:] // arcs share their ends
		}
		ring = append(ring, line...)
	}
	return ring
}

// unwrap makes longitudes run on over the antimeridian (179, 181 instead of
// 179, -179), so that a ring is one piece. A ring round a pole does not come
// back to where it began: it is led over the pole.
func unwrap(ring []point) []point {
	for i := 1; i < len(ring); i++ {
		for ring[i].x-ring[i-1].x > 180 {
			ring[i].x -= 360
		}
		for ring[i].x-ring[i-1].x < -180 {
			ring[i].x += 360
		}
	}
	first, last := ring[0], ring[len(ring)-1]
	if turn := last.x - first.x; turn > 180 || turn < -180 {
		pole := -90.0
		if first.y > 0 {
			pole = 90
		}
		ring = append(ring, point{last.x, pole}, point{first.x, pole}, first)
	}
	return ring
}

// clip keeps the part of a ring where side*(coordinate-at) >= 0
// (Sutherland and Hodgman).
func clip(ring []point, coordinate func(point) float64, at, side float64) []point {
	var out []point
	for i, p := range ring {
		before := ring[(i+len(ring)-1)%len(ring)]
		a, b := side*(coordinate(before)-at), side*(coordinate(p)-at)
		if a < 0 != (b < 0) {
			f := a / (a - b)
			out = append(out, point{before.x + f*(p.x-before.x), before.y + f*(p.y-before.y)})
		}
		if b >= 0 {
			out = append(out, p)
		}
	}
	return out
}

func longitude(p point) float64 { return p.x }
func latitude(p point) float64  { return p.y }

// area of a ring with sign, and its centre of gravity.
func centre(ring []point) (area float64, c point) {
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		w := p.x*q.y - q.x*p.y
		area += w / 2
		c.x += (p.x + q.x) * w / 6
		c.y += (p.y + q.y) * w / 6
	}
	if area == 0 {
		return 0, ring[0]
	}
	return area, point{c.x / area, c.y / area}
}

func inside(p point, ring []point) bool {
	in := false
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		if a.y > p.y != (b.y > p.y) && p.x < a.x+(p.y-a.y)/(b.y-a.y)*(b.x-a.x) {
			in = !in
		}
	}
	return in
}
