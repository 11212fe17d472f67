package place

import (
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"sort"
	"strings"
	"sync"

	"github.com/klauspost/compress/zstd"
)

//go:generate go run ./gen

// towns.zst holds the towns of the world in columns, sorted by key and then
// by falling population; gen/towns.go writes it.
//
//go:embed data/towns.zst
var packedTowns []byte

// names.tsv holds what towns are called in the languages of the interface.
//
//go:embed data/names.tsv
var townNames string

// gazetteer is the towns unpacked. A town's number is its row: the rows are in
// the order of their keys, so a search halves the table and needs no index.
type gazetteer struct {
	names      string
	starts     []uint32 // of row i in names; one more at the end
	country    []uint8  // row in countries
	countries  []string
	lat, lon   []int32 // thousandths of a degree
	population []uint32

	sparse []string // key of every 32nd row

	aliases []alias                   // sorted by key
	inOther map[int]map[string]string // row → language → name
	bands   bands
}

// alias is another name of a town.
type alias struct {
	key string
	row int
}

const sparseStep = 32

var load = sync.OnceValue(func() *gazetteer {
	g, err := unpack(packedTowns)
	if err != nil {
		panic(fmt.Sprintf("place: the towns in the program are damaged: %v", err))
	}
	g.nameTowns(townNames)
	g.bands = newBands(g.lat)
	return g
})

func unpack(packed []byte) (*gazetteer, error) {
	z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	defer z.Close()
	b, err := z.DecodeAll(packed, nil)
	if err != nil {
		return nil, err
	}
	short := errors.New("too short")
	count := func() int {
		v, n := binary.Uvarint(b)
		if n <= 0 || v > 1<<30 {
			err = short
			return 0
		}
		b = b[n:]
		return int(v)
	}
	column := func(n int) []byte {
		if len(b) < n {
			err = short
			return make([]byte, n)
		}
		c := b[:n]
		b = b[n:]
		return c
	}
	g := &gazetteer{}
	n, nc := count(), count()
	for code := column(2 * nc); len(code) > 0; code = code[2:] {
		g.countries = append(g.countries, string(code[:2]))
	}
	restSize := count()
	if err != nil {
		return nil, err
	}
	shared, length, rest := column(n), column(n), column(restSize)
	g.country = column(n)
	var plane [6][]byte
	for i := range plane {
		plane[i] = column(n)
	}
	if err != nil {
		return nil, err
	}
	g.lat, g.lon, g.population = make([]int32, n), make([]int32, n), make([]uint32, n)
	for i := range n {
		g.lat[i] = int32(plane[0][i]) | int32(plane[1][i])<<8 | int32(plane[2][i])<<16 - 90_000
		g.lon[i] = int32(plane[3][i]) | int32(plane[4][i])<<8 | int32(plane[5][i])<<16 - 180_000
		g.population[i] = uint32(count())
	}
	if err != nil {
		return nil, err
	}
	return g, g.spell(shared, length, rest)
}

// spell puts the names together: each keeps only what differs from the one before.
func (g *gazetteer) spell(shared, length, rest []byte) error {
	var names strings.Builder
	names.Grow(3 * len(rest))
	g.starts = make([]uint32, 0, len(shared)+1)
	var name []byte
	for i := range shared {
		if int(shared[i]) > len(name) || int(length[i]) > len(rest) {
			return errors.New("names do not fit")
		}
		name = append(name[:shared[i]], rest[:length[i]]...)
		rest = rest[length[i]:]
		g.starts = append(g.starts, uint32(names.Len()))
		names.Write(name)
		if i%sparseStep == 0 {
			g.sparse = append(g.sparse, Key(string(name)))
		}
	}
	g.starts = append(g.starts, uint32(names.Len()))
	g.names = names.String()
	return nil
}

// nameTowns reads lines of country, town, and names as language:name or :name.
func (g *gazetteer) nameTowns(tsv string) {
	g.inOther = map[int]map[string]string{}
	for line := range strings.Lines(tsv) {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(cells) < 3 || line[0] == '#' {
			continue
		}
		row := g.rowOf(cells[1], cells[0])
		if row < 0 {
			continue // a test tells
		}
		for _, cell := range cells[2:] {
			tag, name, _ := strings.Cut(cell, ":")
			g.aliases = append(g.aliases, alias{Key(name), row})
			if tag == "" {
				continue
			}
			if g.inOther[row] == nil {
				g.inOther[row] = map[string]string{}
			}
			g.inOther[row][tag] = name
		}
	}
	sort.SliceStable(g.aliases, func(i, j int) bool { return g.aliases[i].key < g.aliases[j].key })
}

// rowOf gives the most populous town of that name in a country, -1 if none.
func (g *gazetteer) rowOf(name, country string) int {
	key := Key(name)
	for i := g.lowest(key); i < len(g.lat) && g.key(i) == key; i++ {
		if g.countries[g.country[i]] == country {
			return i
		}
	}
	return -1
}

func (g *gazetteer) name(i int) string { return g.names[g.starts[i]:g.starts[i+1]] }
func (g *gazetteer) key(i int) string {
	if i%sparseStep == 0 {
		return g.sparse[i/sparseStep]
	}
	return Key(g.name(i))
}

// lowest gives the first row whose key is not below key.
func (g *gazetteer) lowest(key string) int {
	block := sort.SearchStrings(g.sparse, key) // the first block that starts at or above
	if block == 0 {
		return 0
	}
	from := (block-1)*sparseStep + 1
	to := min(block*sparseStep, len(g.lat))
	return from + sort.Search(to-from, func(i int) bool { return g.key(from+i) >= key })
}

func (g *gazetteer) town(i int) Town {
	return Town{
		ID: i + 1, Name: g.name(i), Country: g.countries[g.country[i]],
		Lat: float64(g.lat[i]) / 1000, Lon: float64(g.lon[i]) / 1000, Population: int(g.population[i]),
	}
}
