package place

import (
	"cmp"
	"slices"
	"sort"
	"strings"
)

// Town is a populated place of the gazetteer.
type Town struct {
	ID         int     `json:"id"`      // row of this gazetteer; a newer one may number anew, so keep the name and coordinates
	Name       string  `json:"name"`    // as in GeoNames: mostly the local name in Latin letters, English for the best known
	Country    string  `json:"country"` // ISO 3166-1 alpha-2
	Lat        float64 `json:"lat"`     // degrees, to a thousandth (about 100 m)
	Lon        float64 `json:"lon"`
	Population int     `json:"population"` // three digits; 0 where nobody counted
}

// In gives the name of the town for a reader of an interface language
// ("Lisbonne" in "fr"), where it has one, else its own name.
func (t Town) In(tag string) string {
	if name := load().inOther[t.ID-1][tag]; name != "" {
		return name
	}
	return t.Name
}

// Place gives the town as a place told by its town.
func (t Town) Place() Place {
	return Place{Name: t.Name, Country: t.Country, Lat: t.Lat, Lon: t.Lon, Precision: InTown}
}

// ByID gives the town of that number.
func ByID(id int) (Town, bool) {
	g := load()
	if id < 1 || id > len(g.lat) {
		return Town{}, false
	}
	return g.town(id - 1), true
}

// Lookup gives the towns of that name in any language that is known, accents,
// case and hyphens ignored, the most populous first. Country is an ISO code or
// "" for the whole world.
func Lookup(name, country string) []Town {
	return slices.Clone(looked.get([2]string{name, country}, func() []Town { return lookup(Key(name), country) }))
}

func lookup(key, country string) []Town {
	if key == "" {
		return nil
	}
	g := load()
	var rows []int
	for i := g.lowest(key); i < len(g.lat) && g.key(i) == key; i++ {
		rows = append(rows, i)
	}
	for i := g.lowestAlias(key); i < len(g.aliases) && g.aliases[i].key == key; i++ {
		rows = append(rows, g.aliases[i].row)
	}
	return g.largest(rows, country, len(rows))
}

// Suggest gives up to n towns whose name, in any language that is known,
// begins with what somebody typed, the most populous first.
func Suggest(prefix, country string, n int) []Town {
	key := prefixKey(prefix)
	if strings.TrimSpace(key) == "" || n <= 0 {
		return nil
	}
	g := load()
	var rows []int
	end := g.lowest(key + "\U0010ffff")
	for i := g.lowest(key); i < end; i++ {
		rows = append(rows, i)
	}
	for i := g.lowestAlias(key); i < len(g.aliases) && strings.HasPrefix(g.aliases[i].key, key); i++ {
		rows = append(rows, g.aliases[i].row)
	}
	if whole := strings.TrimSuffix(key, " "); whole != key { // "Paris " still means Paris
		return g.withWhole(whole, rows, country, n)
	}
	return g.largest(rows, country, n)
}

func (g *gazetteer) withWhole(key string, rows []int, country string, n int) []Town {
	for i := g.lowest(key); i < len(g.lat) && g.key(i) == key; i++ {
		rows = append(rows, i)
	}
	for i := g.lowestAlias(key); i < len(g.aliases) && g.aliases[i].key == key; i++ {
		rows = append(rows, g.aliases[i].row)
	}
	return g.largest(rows, country, n)
}

func (g *gazetteer) lowestAlias(key string) int {
	return sort.Search(len(g.aliases), func(i int) bool { return g.aliases[i].key >= key })
}

// largest gives the n most populous of the rows, each once. Few of many are
// asked for, so they are picked in one pass and not sorted.
func (g *gazetteer) largest(rows []int, country string, n int) []Town {
	country = strings.ToUpper(country)
	before := func(a, b int) int {
		return cmp.Or(cmp.Compare(g.population[b], g.population[a]), cmp.Compare(a, b))
	}
	var best []int
	for _, row := range rows {
		if country != "" && g.countries[g.country[row]] != country {
			continue
		}
		if len(best) == n && before(row, best[n-1]) > 0 {
			continue
		}
		at, there := slices.BinarySearchFunc(best, row, before)
		if there {
			continue
		}
		best = slices.Insert(best, at, row)
		best = best[:min(n, len(best))]
	}
	towns := make([]Town, len(best))
	for i, row := range best {
		towns[i] = g.town(row)
	}
	return towns
}

// Of puts a place together from what people write: the town of that name in
// the country (an ISO code), else the country alone, else nowhere.
func Of(town, country string) Place {
	if town = strings.TrimSpace(town); town != "" {
		if found := Lookup(town, country); len(found) > 0 {
			p := found[0].Place()
			p.Name = town
			return p
		}
	}
	at, ok := Country(country)
	if !ok {
		return Place{}
	}
	return Place{Name: town, Country: at.Code, Lat: at.Lat, Lon: at.Lon, Precision: InCountry}
}
