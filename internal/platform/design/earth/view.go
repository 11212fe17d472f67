package earth

import "math"

// View is a part of the Earth as it is drawn: the drawing is made round a
// meridian, so that every part stands upright and none is cut by the date line.
type View struct {
	Lon        float64 // the meridian in the middle, degrees
	X, Y, W, H float64 // part of the drawing
}

// Box is a part of the Earth in degrees; west beyond east crosses the date line.
type Box struct{ West, South, East, North float64 }

// Span is how far a box reaches from west to east.
func (b Box) Span() float64 {
	if b.East < b.West {
		return b.East - b.West + 360
	}
	return b.East - b.West
}

// World is all of it but Antarctica.
func World() View { return View{W: Width, H: Height} }

// Bounds of a view: narrower shows nothing but a coast that is not so exact.
const (
	narrowest = 0.5 // units, some 20 km
	tallest   = 1.0 // width over height
	flattest  = 2.4
)

// Around is the view that shows a box and as little beside it as a fair shape allows.
func Around(b Box) View {
	span := b.Span()
	if span > 300 {
		return World()
	}
	v := View{Lon: Turned(b.West + span/2)}
	right, _ := Project(b.widest(), span/2)
	_, top := Project(b.North, 0)
	_, bottom := Project(b.South, 0)
	v.W, v.H = 2*(right-Width/2), bottom-top
	x, y := Width/2.0, (top+bottom)/2
	v.W = max(v.W, narrowest)
	v.W, v.H = max(v.W, v.H*tallest), max(v.H, v.W/flattest)
	if v.W > Width*.95 {
		return World()
	}
	v.X, v.Y = x-v.W/2, y-v.H/2
	return v
}

// widest is the longest parallel of the box: the one nearest to the equator.
func (b Box) widest() float64 {
	return max(b.South, min(b.North, 0))
}

// Shaped is the view widened to a shape (width over height), with some of the
// Earth about it.
func (v View) Shaped(shape, margin float64) View {
	w, h := v.W*(1+margin), v.H*(1+margin)
	w, h = max(w, h*shape), max(h, w/shape)
	return View{Lon: v.Lon, X: v.X - (w-v.W)/2, Y: v.Y - (h-v.H)/2, W: w, H: h}
}

// Whole tells that the view is the world.
func (v View) Whole() bool { return v == World() }

// Place gives where a point stands in the view, whose width is 1.
func (v View) Place(lat, lon float64) (x, y float64) {
	x, y = Project(lat, Turned(lon-v.Lon))
	return (x - v.X) / v.W, (y - v.Y) / v.W
}

// Box is the part of the Earth that the view shows.
func (v View) Box() Box {
	if v.Whole() {
		return Box{-180, -58, 180, 84}
	}
	north, south := latitude(v.Y), latitude(v.Y+v.H)
	wide := 0.0 // where the view is widest in degrees, or something in its corners would be left out
	for _, lat := range []float64{north, south} {
		edge, _ := Project(lat, 1)
		wide = max(wide, v.W/2/(edge-Width/2))
	}
	if wide >= 180 {
		return Box{-180, south, 180, north}
	}
	return Box{Turned(v.Lon - wide), south, Turned(v.Lon + wide), north}
}

// Frame is the box that Around draws as this view. Its corners may lie within
// the view: only its longest parallel reaches from edge to edge.
func (v View) Frame() Box {
	if v.Whole() {
		return v.Box()
	}
	b := Box{South: latitude(v.Y + v.H), North: latitude(v.Y)}
	edge, _ := Project(b.widest(), 1)
	half := min(v.W/2/(edge-Width/2), 180)
	b.West, b.East = Turned(v.Lon-half), Turned(v.Lon+half)
	return b
}

// latitude of a height in the drawing, held at the poles.
func latitude(y float64) float64 {
	low, high := -90.0, 90.0
	for range 40 { // halving: it is asked for a few times a page
		lat := (low + high) / 2
		if _, at := Project(lat, 0); at < y {
			high = lat
		} else {
			low = lat
		}
	}
	return math.Round((low+high)/2*1e4) / 1e4
}

// Turned brings a longitude between -180 and 180.
func Turned(lon float64) float64 {
	if lon >= -180 && lon <= 180 {
		return lon
	}
	return math.Remainder(lon, 360)
}
