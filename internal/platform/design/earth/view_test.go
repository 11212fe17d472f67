package earth_test

import (
	"math"
	"strings"
	"testing"

	"alliance/internal/platform/design/earth"
)

// A view shows all of the box it was made for, and its own box is where it is.
func TestViewsShowTheirBox(t *testing.T) {
	for name, b := range map[string]earth.Box{
		"Lyon": {West: 4, South: 45, East: 5, North: 46}, "the centre": {West: -25, South: 4, East: 48, North: 62}, "over the date line": {West: 170, South: -50, East: -170, North: 10},
		"a pole": {West: -30, South: 70, East: 60, North: 90}, "one point": {West: 13, South: -10, East: 13, North: -10}, "the south": {West: 100, South: -90, East: 140, North: -60},
	} {
		v := earth.Around(b)
		for _, corner := range [][2]float64{{b.South, b.West}, {b.South, b.East}, {b.North, b.West}, {b.North, b.East}} {
			x, y := v.Place(corner[0], corner[1])
			if high := v.H / v.W; x < -1e-6 || x > 1+1e-6 || y < -1e-6 || y > high+1e-6 {
				t.Errorf("%s: the corner %v stands at %.3f %.3f, outside of 1 × %.3f", name, corner, x, y, high)
			}
		}
		shown := v.Box()
		if shown.South > b.South+1e-3 || shown.North < b.North-1e-3 || shown.Span() < b.Span()-1e-3 {
			t.Errorf("%s: %v is made for %v and shows %v", name, v, b, shown)
		}
		if shape := v.W / v.H; shape < .99 || shape > 2.41 {
			t.Errorf("%s has the shape %.2f", name, shape)
		}
		if x, _ := v.Place((b.South+b.North)/2, v.Lon); math.Abs(x-.5) > 1e-6 {
			t.Errorf("%s: the middle stands at %.3f", name, x)
		}
	}
	if v := earth.Around(earth.Box{West: -180, South: -90, East: 180, North: 90}); !v.Whole() {
		t.Errorf("the whole Earth is %v", v)
	}
}

// Whoever goes to the frame of a view stays where they are: going on from one
// part to the next never widens what is shown.
func TestFramesStay(t *testing.T) {
	for name, b := range map[string]earth.Box{
		"Lyon": {West: 4, South: 45, East: 5, North: 46}, "the centre": {West: -25, South: 4, East: 48, North: 62}, "over the date line": {West: 170, South: -50, East: -170, North: 10},
		"one point": {West: 13, South: -10, East: 13, North: -10}, "half of the world": {West: -90, South: -22.5, East: 90, North: 48.5}, "the north": {West: -30, South: 50, East: 60, North: 68},
	} {
		v := earth.Around(b)
		again := earth.Around(v.Frame())
		for what, apart := range map[string]float64{"middle": again.Lon - v.Lon, "left": again.X - v.X, "top": again.Y - v.Y, "width": again.W - v.W, "height": again.H - v.H} {
			if math.Abs(apart) > v.W/1000 {
				t.Errorf("%s: %v becomes %v: %s", name, v, again, what)
			}
		}
	}
}

// The coast is drawn within its view, over the date line and at the poles too.
func TestCoast(t *testing.T) {
	for name, b := range map[string]earth.Box{
		"France": {West: -5, South: 42, East: 9, North: 51}, "Fiji": {West: 176, South: -20, East: -178, North: -15}, "the south": {West: -60, South: -90, East: 60, North: -60}, "a town inland": {West: 25, South: 10, East: 26, North: 11},
	} {
		d := earth.Around(b).Coast()
		if !strings.HasPrefix(d, "M") || strings.Contains(d, "NaN") || len(d) > 40_000 {
			t.Errorf("%s: %d signs, %.60s", name, len(d), d)
		}
	}
	if d := earth.Around(earth.Box{West: -30, South: -30, East: -20, North: -20}).Coast(); d != "" {
		t.Errorf("the open sea has land: %.60s", d)
	}
}

func BenchmarkCoast(b *testing.B) {
	v := earth.Around(earth.Box{West: -25, South: 4, East: 48, North: 62})
	for b.Loop() {
		v.Coast()
	}
}
