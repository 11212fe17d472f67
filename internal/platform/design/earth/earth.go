// Package earth lays the world flat in equal areas, so that Africa keeps its
// size: the Equal Earth projection of Šavrič, Patterson and Jenny (2018).
package earth

import "math"

// Size of the drawing; Antarctica is left out below.
const (
	Width  = 1000
	Height = 430
)

const (
	a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
	scale          = 182.94125769 // the equator fills Width
	middle         = 245          // y of the equator
)

// Project gives the place of a latitude and longitude (degrees) in the drawing.
func Project(lat, lon float64) (x, y float64) {
	m := math.Sqrt(3) / 2
	l := math.Asin(m * math.Sin(lat*math.Pi/180))
	l2 := l * l
	l6 := l2 * l2 * l2
	x = Width/2 + scale*(lon*math.Pi/180)*math.Cos(l)/(m*(a1+3*a2*l2+l6*(7*a3+9*a4*l2)))
	y = middle - scale*l*(a1+a2*l2+l6*(a3+a4*l2))
	return x, y
}
