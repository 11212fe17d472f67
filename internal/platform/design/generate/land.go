package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strings"

	"github.com/klauspost/compress/zstd"

	"alliance/internal/platform/design/earth"
)

// topology is what of TopoJSON the land needs: arcs of delta-coded points and
// polygons made of arcs (~i is arc i backwards).
type topology struct {
	Arcs      [][][2]float64
	Transform struct{ Scale, Translate [2]float64 }
	Objects   struct {
		Land struct {
			Geometries []struct {
				Type string
				Arcs json.RawMessage
			}
		}
	}
}

// land draws all land but Antarctica, in equal areas, without borders: those
// are a statement that an alliance should not make by accident.
func land(from, to string) error {
	t, polygons, err := readLand(from)
	if err != nil {
		return err
	}
	var path strings.Builder
	for _, p := range polygons {
		for _, ring := range p {
			draw(&path, t.ring(ring))
		}
	}
	svg := fmt.Sprintf("<!-- Land: Natural Earth (public domain), by way of world-atlas (ISC License, Copyright 2013-2019 Michael Bostock). Equal Earth projection. -->\n"+
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d"><style>path{fill:#D9CDBD;stroke:#FBF7F0;stroke-width:.6}@media (prefers-color-scheme:dark){path{fill:#4A4358;stroke:#17141F}}</style><path d="%s"/></svg>`+"\n",
		earth.Width, earth.Height, path.String())
	return os.WriteFile(to, []byte(svg), 0o644)
}

// readLand reads a land as polygons of rings of arcs.
func readLand(from string) (t topology, polygons [][][]int, err error) {
	b, err := os.ReadFile(from)
	if err != nil {
		return t, nil, err
	}
	if err := json.Unmarshal(b, &t); err != nil {
		return t, nil, err
	}
	for _, g := range t.Objects.Land.Geometries {
		var some [][][]int
		if g.Type == "Polygon" {
			some = make([][][]int, 1)
			err = json.Unmarshal(g.Arcs, &some[0])
		} else {
			err = json.Unmarshal(g.Arcs, &some)
		}
		if err != nil {
			return t, nil, err
		}
		polygons = append(polygons, some...)
	}
	return t, polygons, nil
}

// ring joins arcs to a closed line of longitudes and latitudes.
func (t *topology) ring(arcs []int) [][2]float64 {
	var out [][2]float64
	for _, a := range arcs {
		back := a < 0
		if back {
			a = ^a
		}
		var line [][2]float64
		x, y := 0.0, 0.0
		for _, d := range t.Arcs[a] {
			x, y = x+d[0], y+d[1]
			line = append(line, [2]float64{x*t.Transform.Scale[0] + t.Transform.Translate[0], y*t.Transform.Scale[1] + t.Transform.Translate[1]})
		}
		if back {
			for i, j := 0, len(line)-1; i < j; i, j = i+1, j-1 {
				line[i], line[j] = line[j], line[i]
			}
		}
		if len(out) > 0 {
			line = line[1:]
		}
		out = append(out, line...)
	}
	return out
}

// draw adds a ring to the path, cut where it crosses the edge of the map.
func draw(path *strings.Builder, ring [][2]float64) {
	south := 90.0
	ring = unwrap(ring)
	for i := range ring {
		south = math.Min(south, ring[i][1])
	}
	if south < -60 {
		return
	}
	for _, turn := range []float64{-360, 0, 360} {
		part := make([][2]float64, len(ring))
		for i, p := range ring {
			part[i] = [2]float64{p[0] + turn, p[1]}
		}
		part = clip(clip(part, -180, 1), 180, -1)
		write(path, part)
	}
}

// clip keeps what lies on one side of a meridian (Sutherland and Hodgman).
func clip(ring [][2]float64, at, side float64) [][2]float64 {
	var out [][2]float64
	for i := range ring {
		a, b := ring[i], ring[(i+1)%len(ring)]
		in, next := (a[0]-at)*side >= 0, (b[0]-at)*side >= 0
		if in {
			out = append(out, a)
		}
		if in != next {
			f := (at - a[0]) / (b[0] - a[0])
			out = append(out, [2]float64{at, a[1] + f*(b[1]-a[1])})
		}
	}
	return out
}

// write draws one closed line in whole units, leaving out steps that do not show.
func write(path *strings.Builder, ring [][2]float64) {
	var points [][2]int
	for _, p := range ring {
		x, y := earth.Project(p[1], p[0])
		q := [2]int{int(math.Round(x * 2)), int(math.Round(y * 2))}
		if n := len(points); n == 0 || points[n-1] != q {
			points = append(points, q)
		}
	}
	if len(points) < 4 {
		return
	}
	fmt.Fprintf(path, "M%s %s", num(points[0][0]), num(points[0][1]))
	path.WriteByte('l')
	for i := 1; i < len(points); i++ {
		dx, dy := num(points[i][0]-points[i-1][0]), num(points[i][1]-points[i-1][1])
		if i > 1 && !strings.HasPrefix(dx, "-") {
			path.WriteByte(' ')
		}
		path.WriteString(dx)
		if !strings.HasPrefix(dy, "-") {
			path.WriteByte(' ')
		}
		path.WriteString(dy)
	}
	path.WriteByte('z')
}

// num writes half units.
func num(n int) string {
	switch n {
	case 1:
		return ".5"
	case -1:
		return "-.5"
	}
	return fmt.Sprintf("%g", float64(n)/2)
}

// coasts packs two coasts for views of a part of the Earth: see earth.coasts.
func coasts(to string, from ...string) error {
	var b []byte
	for _, name := range from {
		rings, err := readRings(name)
		if err != nil {
			return err
		}
		b = binary.AppendVarint(b, int64(len(rings)))
		for _, ring := range rings {
			b = binary.AppendVarint(b, int64(len(ring)))
			var lon, lat int64
			for _, p := range ring {
				x, y := int64(math.Round(p[0]*100)), int64(math.Round(p[1]*100))
				b = binary.AppendVarint(binary.AppendVarint(b, x-lon), y-lat)
				lon, lat = x, y
			}
		}
	}
	e, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression))
	if err != nil {
		return err
	}
	defer e.Close()
	return os.WriteFile(to, e.EncodeAll(b, nil), 0o644)
}

// readRings gives the closed lines of a land, unwrapped, points that are the
// same to a hundredth of a degree told once.
func readRings(from string) (rings [][][2]float64, err error) {
	t, polygons, err := readLand(from)
	if err != nil {
		return nil, err
	}
	for _, p := range polygons {
		for _, arcs := range p {
			var ring [][2]float64
			for _, q := range unwrap(t.ring(arcs)) {
				q = [2]float64{math.Round(q[0]*100) / 100, math.Round(q[1]*100) / 100}
				if n := len(ring); n == 0 || ring[n-1] != q {
					ring = append(ring, q)
				}
			}
			if len(ring) > 3 {
				rings = append(rings, ring)
			}
		}
	}
	return rings, nil
}

// unwrap makes longitudes run on over the date line: no step is longer than
// half the world. A ring round a pole is led over the pole.
func unwrap(ring [][2]float64) [][2]float64 {
	for i := 1; i < len(ring); i++ {
		for ring[i][0]-ring[i-1][0] > 180 {
			ring[i][0] -= 360
		}
		for ring[i][0]-ring[i-1][0] < -180 {
			ring[i][0] += 360
		}
	}
	if first, last := ring[0], ring[len(ring)-1]; math.Abs(last[0]-first[0]) > 180 {
		pole := math.Copysign(90, first[1])
		ring = append(ring, [2]float64{last[0], pole}, [2]float64{first[0], pole})
	}
	return ring
}
