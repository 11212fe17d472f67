package main

import (
	"cmp"
	"fmt"
	"math"
	"os"
	"slices"
	"sort"
	"strings"
)

// writeCountries writes one line a country: code, three-letter code, continent
// and region (UN M49), latitude and longitude of a point in its middle, names.
func writeCountries(towns []town) error {
	names, err := countryNames()
	if err != nil {
		return err
	}
	continents, regions, err := containment()
	if err != nil {
		return err
	}
	numeric, alpha3, err := codes()
	if err != nil {
		return err
	}
	middles, err := middles(numeric)
	if err != nil {
		return err
	}
	var out strings.Builder
	out.WriteString("# Names: Unicode CLDR. Middles: Natural Earth, GeoNames. Written by go generate.\n")
	list := make([]string, 0, len(regions))
	for code := range regions {
		list = append(list, code)
	}
	sort.Strings(list)
	for _, code := range list {
		m, ok := middles[code]
		if !ok {
			if m, ok = biggest(code, towns); !ok {
				continue // nobody lives there
			}
		}
		if len(names[code]) == 0 {
			return fmt.Errorf("no name for %s", code)
		}
		fmt.Fprintf(&out, "%s\t%s\t%s\t%s\t%.2f\t%.2f\t%s\n", code, alpha3[code], continents[code], regions[code], m.y, m.x, strings.Join(names[code], "|"))
	}
	return save("countries.tsv", []byte(out.String()))
}

func biggest(country string, towns []town) (point, bool) {
	best := -1
	for i, t := range towns {
		if t.country == country && (best < 0 || t.population > towns[best].population) {
			best = i
		}
	}
	if best < 0 {
		return point{}, false
	}
	return point{towns[best].lon, towns[best].lat}, true
}

// countryNames gives every name of a country in the seven languages, in their
// regional forms too, and by hand what CLDR lacks.
func countryNames() (map[string][]string, error) {
	names := map[string][]string{}
	add := func(code, name string) {
		if name != "" && !slices.Contains(names[code], name) {
			names[code] = append(names[code], name)
		}
	}
	for _, tag := range append(slices.Clone(languages), "pt-PT", "en-GB", "es-419", "es-MX", "fr-CA", "fr-BE", "de-AT", "de-CH", "ar-MA", "ar-DZ", "ar-TN", "ar-LY", "ar-EG", "ar-SA") {
		var file struct {
			Main map[string]struct {
				LocaleDisplayNames struct{ Territories map[string]string }
			}
		}
		if err := readJSON("cldr-localenames-full/main/"+tag+"/territories.json", &file); err != nil {
			if os.IsNotExist(err) {
				continue // a region that says nothing of its own
			}
			return nil, err
		}
		territories := file.Main[tag].LocaleDisplayNames.Territories
		keys := make([]string, 0, len(territories))
		for k := range territories {
			keys = append(keys, k)
		}
		sort.Strings(keys)
		for _, k := range keys {
			if code, _, _ := strings.Cut(k, "-"); len(code) == 2 && !strings.HasSuffix(k, "-alt-chagos") {
				add(code, territories[k])
			}
		}
	}
	rows, err := readTSV("gen/country-names.tsv")
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		for _, name := range r[1:] {
			add(r[0], name)
		}
	}
	return names, nil
}

// containment gives the continent and the region of each country.
func containment() (continent, region map[string]string, err error) {
	var file struct {
		Supplemental struct {
			TerritoryContainment map[string]struct {
				Contains []string `json:"_contains"`
			}
		}
	}
	if err := readJSON("cldr-core/supplemental/territoryContainment.json", &file); err != nil {
		return nil, nil, err
	}
	holds := file.Supplemental.TerritoryContainment
	continent, region = map[string]string{}, map[string]string{}
	americas := append(slices.Clone(holds["003"].Contains), "005") // 003 is only a grouping
	for _, c := range []string{"002", "009", "019", "142", "150"} {
		below := holds[c].Contains
		if c == "019" {
			below = americas
		}
		for _, r := range below {
			for _, code := range holds[r].Contains {
				if notCountry(code) {
					continue
				}
				continent[code], region[code] = c, r
			}
		}
	}
	return continent, region, nil
}

// notCountry tells the codes that ISO only reserves: parts of a country.
func notCountry(code string) bool {
	switch code {
	case "EA", "IC", "CQ", "QO", "AC", "TA", "DG", "CP":
		return true
	}
	return len(code) != 2
}

func codes() (numeric, alpha3 map[string]string, err error) {
	var file struct {
		Supplemental struct {
			CodeMappings map[string]struct {
				Numeric string `json:"_numeric"`
				Alpha3  string `json:"_alpha3"`
			}
		}
	}
	if err := readJSON("cldr-core/supplemental/codeMappings.json", &file); err != nil {
		return nil, nil, err
	}
	numeric, alpha3 = map[string]string{}, map[string]string{}
	for code, m := range file.Supplemental.CodeMappings {
		if _, twice := numeric[m.Numeric]; m.Numeric != "" && (!twice || code < numeric[m.Numeric]) {
			numeric[m.Numeric] = code
		}
		alpha3[code] = m.Alpha3
	}
	return numeric, alpha3, nil
}

// middles gives a point in the largest part of each country: its centre of
// gravity, or where that falls outside, the point farthest from the border.
func middles(numeric map[string]string) (map[string]point, error) {
	var t topology
	if err := readJSON("world-atlas/countries-50m.json", &t); err != nil {
		return nil, err
	}
	points := map[string]point{}
	for _, s := range t.Objects["countries"].Geometries {
		code := numeric[s.ID]
		if s.Properties.Name == "Kosovo" { // Natural Earth gives it no number
			code = "XK"
		}
		if code == "" || s.Type == "" {
			continue
		}
		if _, twice := points[code]; twice {
			continue // dependencies under their country's number come after it
		}
		polygons, err := t.polygons(s)
		if err != nil {
			return nil, err
		}
		var largest []point
		size := 0.0
		for _, rings := range polygons {
			a, c := centre(rings[0])
			if a = math.Abs(a) * math.Cos(c.y*math.Pi/180); a > size {
				size, largest = a, rings[0]
			}
		}
		if largest == nil {
			continue
		}
		_, c := centre(largest)
		if !inside(c, largest) {
			c = deepest(largest)
		}
		c.x = math.Remainder(c.x, 360)
		points[code] = c
	}
	return points, nil
}

// deepest looks on a grid for the point inside that is farthest from the ring.
func deepest(ring []point) point {
	byX := func(a, b point) int { return cmp.Compare(a.x, b.x) }
	byY := func(a, b point) int { return cmp.Compare(a.y, b.y) }
	west, east := slices.MinFunc(ring, byX).x, slices.MaxFunc(ring, byX).x
	south, north := slices.MinFunc(ring, byY).y, slices.MaxFunc(ring, byY).y
	best, depth := ring[0], -1.0
	const steps = 60
	for i := range steps {
		for j := range steps {
			p := point{west + (east-west)*(float64(i)+.5)/steps, south + (north-south)*(float64(j)+.5)/steps}
			if !inside(p, ring) {
				continue
			}
			near := math.Inf(1)
			for k, a := range ring {
				near = min(near, offLine(p, a, ring[(k+1)%len(ring)]))
			}
			if near > depth {
				best, depth = p, near
			}
		}
	}
	return best
}
