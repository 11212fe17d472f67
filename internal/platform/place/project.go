package place

import "math"

// The map is 1000 units wide; the whole Earth is 490 high, of which the drawn
// part ends at 430, below Tierra del Fuego and above Antarctica.
const (
	MapWidth  = 1000
	MapHeight = 430
)

// Project gives the point of the map (x to the east, y to the south) of a
// latitude and longitude in degrees: Equal Earth, so that Africa keeps its
// size (Šavrič, Patterson, Jenny: The Equal Earth map projection, 2018).
// Latitudes beyond the poles are held at the pole; longitudes wrap round.
func Project(lat, lon float64) (x, y float64) {
	if math.IsNaN(lat) || math.IsInf(lat, 0) || math.IsNaN(lon) || math.IsInf(lon, 0) {
		return MapWidth / 2, 245
	}
	if lon > 180 || lon < -180 {
		lon = math.Remainder(lon, 360)
	}
	return project(lat, lon)
}

// project takes longitudes as they are: the drawing needs ±180 and beyond.
func project(lat, lon float64) (x, y float64) {
	const a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
	const scale = 182.94125769 // half the width over the length of half the equator
	m := math.Sqrt(3) / 2
	t := math.Asin(m * math.Sin(max(-90, min(90, lat))*math.Pi/180))
	t2 := t * t
	t6 := t2 * t2 * t2
	x = 500 + scale*lon*math.Pi/180*math.Cos(t)/(m*(a1+3*a2*t2+t6*(7*a3+9*a4*t2)))
	y = 245 - scale*t*(a1+a2*t2+t6*(a3+a4*t2))
	return x, y
}
