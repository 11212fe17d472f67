package place

import "math"

// bands hold the rows of towns by latitude, a tenth of a degree each, so that
// the nearest town is found among its neighbours.
type bands struct {
	starts []uint32
	rows   []uint32
}

const bandCount, bandHeight = 1801, 100 // in thousandths of a degree

func band(lat int32) int { return int(lat+90_000) / bandHeight }

func newBands(lat []int32) bands {
	b := bands{starts: make([]uint32, bandCount+1), rows: make([]uint32, len(lat))}
	for _, l := range lat {
		b.starts[band(l)+1]++
	}
	for i := range bandCount {
		b.starts[i+1] += b.starts[i]
	}
	next := append([]uint32(nil), b.starts...)
	for row, l := range lat {
		b.rows[next[band(l)]] = uint32(row)
		next[band(l)]++
	}
	return b
}

// Nearest gives the town nearest to a point in degrees, across the
// antimeridian too; the zero Town for what is not a point on Earth.
func Nearest(lat, lon float64) Town { return nearest(lat, lon, 0) }

// nearest among the towns of at least so many inhabitants.
func nearest(lat, lon float64, least uint32) Town {
	if !onEarth(lat, lon) {
		return Town{}
	}
	g := load()
	here := band(int32(math.Round(lat * 1000)))
	best, far, row := math.Inf(1), math.Inf(1), -1
	parallel := math.Cos(lat * math.Pi / 180)
	look := func(at int) {
		if at < 0 || at >= bandCount {
			return
		}
		// Most of a band is far to the east or west: known without a sine, for
		// hav(d) >= cos(lat1) cos(lat2) sin²(Δlon/2) and sin x >= 2x/π.
		edge := math.Abs(float64(at)*bandHeight/1000-90) + bandHeight/1000.
		across := parallel * math.Cos(min(edge, 90)*math.Pi/180) / (180 * 180)
		for _, i := range g.bands.rows[g.bands.starts[at]:g.bands.starts[at+1]] {
			if g.population[i] < least {
				continue
			}
			turn := math.Abs(float64(g.lon[i])/1000 - lon)
			if turn = min(turn, 360-turn); turn*turn*across > far {
				continue
			}
			d := angle(lat, lon, float64(g.lat[i])/1000, float64(g.lon[i])/1000)
			if d < best || d == best && int(i) < row {
				best, row = d, int(i)
				far = math.Pow(math.Sin(best*math.Pi/360), 2) * 1.000001
			}
		}
	}
	look(here)
	for away := 1; away < bandCount; away++ {
		// Every town in this band is at least this far: no need to go on.
		if float64(away-1)*bandHeight/1000 > best {
			break
		}
		look(here - away)
		look(here + away)
	}
	return g.town(row)
}

// angle between two points, in degrees (haversine).
func angle(lat1, lon1, lat2, lon2 float64) float64 {
	const rad = math.Pi / 180
	s, t := math.Sin((lat2-lat1)*rad/2), math.Sin((lon2-lon1)*rad/2)
	h := s*s + math.Cos(lat1*rad)*math.Cos(lat2*rad)*t*t
	return 2 * math.Asin(min(1, math.Sqrt(h))) / rad
}

// Kilometres between two points on Earth, along its surface.
func Kilometres(lat1, lon1, lat2, lon2 float64) float64 {
	return angle(lat1, lon1, lat2, lon2) * 111.195
}
