package earth

import (
	_ "embed"
	"encoding/binary"
	"math"
	"strconv"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// coast.zst is written by design/generate: two coasts of Natural Earth, the
// coarse one first. Each is a number of rings, each ring a number of points in
// hundredths of a degree (longitude, latitude), told as differences.
//
//go:embed coast.zst
var packed []byte

// ring is a closed line, unwrapped: longitudes run on over the date line.
type ring struct {
	points                   [][2]float32
	west, south, east, north float32
}

var coasts = sync.OnceValue(func() (list [2][]ring) {
	d, err := zstd.NewReader(nil)
	if err != nil {
		panic(err)
	}
	defer d.Close()
	b, err := d.DecodeAll(packed, nil)
	if err != nil {
		panic("earth: damaged coast.zst: " + err.Error())
	}
	next := func() int64 {
		n, size := binary.Varint(b)
		if size <= 0 {
			panic("earth: damaged coast.zst")
		}
		b = b[size:]
		return n
	}
	for i := range list {
		for range next() {
			r := ring{points: make([][2]float32, next()), west: 1e9, south: 90, east: -1e9, north: -90}
			var lon, lat int64
			for j := range r.points {
				lon, lat = lon+next(), lat+next()
				x, y := float32(lon)/100, float32(lat)/100
				r.points[j] = [2]float32{x, y}
				r.west, r.east, r.south, r.north = min(r.west, x), max(r.east, x), min(r.south, y), max(r.north, y)
			}
			list[i] = append(list[i], r)
		}
	}
	return list
})

// fine is the widest view, in units, that is drawn with the finer coast.
const fine = 350

// Coast draws the land of a view as the path of an SVG whose width is 1000:
// without borders, which are a statement.
func (v View) Coast() string {
	rings := coasts()[0]
	if v.W < fine {
		rings = coasts()[1]
	}
	b, d := v.Box(), make([]byte, 0, 8<<10)
	for i := range rings {
		r := &rings[i]
		if float64(r.north) < b.South || float64(r.south) > b.North {
			continue
		}
		for _, turn := range []float64{-360, 0, 360} {
			if float64(r.east)+turn < v.Lon-180 || float64(r.west)+turn > v.Lon+180 {
				continue
			}
			d = v.draw(d, r, turn-v.Lon)
		}
	}
	return string(d)
}

type point [2]float64

// draw adds a ring, cut at the edges of the view.
func (v View) draw(d []byte, r *ring, turn float64) []byte {
	line := make([]point, len(r.points))
	for i, p := range r.points {
		line[i] = point{float64(p[0]) + turn, float64(p[1])}
	}
	line = clip(clip(line, 0, -180, 1), 0, 180, -1)
	for i, p := range line {
		x, y := Project(p[1], p[0])
		line[i] = point{(x - v.X) / v.W * 1000, (y - v.Y) / v.W * 1000}
	}
	const edge = 10 // beyond what shows, so that no cut is seen
	line = clip(clip(clip(clip(line, 0, -edge, 1), 0, 1000+edge, -1), 1, -edge, 1), 1, v.H/v.W*1000+edge, -1)
	return write(d, line)
}

// clip keeps what lies on one side of a line (Sutherland and Hodgman).
func clip(line []point, axis int, at, side float64) (out []point) {
	for i, b := range line {
		a := line[(i+len(line)-1)%len(line)]
		was, is := side*(a[axis]-at), side*(b[axis]-at)
		if was < 0 != (is < 0) {
			f := was / (was - is)
			out = append(out, point{a[0] + f*(b[0]-a[0]), a[1] + f*(b[1]-a[1])})
		}
		if is >= 0 {
			out = append(out, b)
		}
	}
	return out
}

// write adds a closed line in whole units, without steps that do not show.
func write(d []byte, line []point) []byte {
	if len(line) < 3 {
		return d
	}
	begun := len(d)
	x, y, n := int64(0), int64(0), 0
	for i, p := range line {
		px, py := int64(math.Round(p[0])), int64(math.Round(p[1]))
		dx, dy := px-x, py-y
		if i == 0 {
			d = append(d, 'M')
		} else if dx*dx+dy*dy < 4 { // a unit is half a point on most screens
			continue
		} else if n == 0 {
			d = append(d, 'l')
		}
		d = strconv.AppendInt(d, dx, 10)
		if dy >= 0 {
			d = append(d, ' ')
		}
		d = strconv.AppendInt(d, dy, 10)
		x, y = px, py
		if i > 0 {
			d, n = append(d, ' '), n+1
		}
	}
	if n < 2 {
		return d[:begun] // nothing that shows
	}
	d[len(d)-1] = 'z'
	return d
}
