package main

import (
	"cmp"
	"fmt"
	"slices"
	"sort"
	"strings"

	"alliance/internal/platform/place"
)

// nameRow is what one town is called: language → name, and names without one.
type nameRow struct {
	in    map[string]string
	other []string
}

// writeNames writes names of towns: by hand, from CLDR's cities of the time
// zones, and older spellings of the gazetteer.
func writeNames(towns []town, renamed map[string][]string) error {
	first := map[string]town{} // country and key → the most populous
	for _, t := range towns {
		if _, ok := first[t.country+t.key]; !ok {
			first[t.country+t.key] = t
		}
	}
	rows := map[string]*nameRow{}
	row := func(country, name string) *nameRow {
		t, ok := first[country+place.Key(name)]
		if !ok {
			return nil
		}
		id := t.country + "\t" + t.name
		if rows[id] == nil {
			rows[id] = &nameRow{in: map[string]string{}}
		}
		return rows[id]
	}
	if err := zoneCities(row); err != nil {
		return err
	}
	if err := handNames(row); err != nil {
		return err
	}
	for id, names := range renamed {
		country, name, _ := strings.Cut(id, "\t")
		if t := first[country+place.Key(name)]; t.population == 0 || t.name != name {
			continue
		}
		if r := row(country, name); r != nil {
			for _, n := range names {
				if t, taken := first[country+place.Key(n)]; !taken || t.population == 0 {
					r.other = append(r.other, n)
				}
			}
		}
	}
	return saveNames(rows)
}

func saveNames(rows map[string]*nameRow) error {
	ids := make([]string, 0, len(rows))
	for id := range rows {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	var out strings.Builder
	out.WriteString("# Country, town, its names as language:name, or :name. CLDR, GeoNames, and by hand. Written by go generate.\n")
	for _, id := range ids {
		_, own, _ := strings.Cut(id, "\t")
		r, cells := rows[id], []string{}
		for _, tag := range languages {
			if name := r.in[tag]; name != "" && name != own {
				cells = append(cells, tag+":"+name)
			}
		}
		slices.Sort(r.other)
		for _, name := range slices.Compact(r.other) {
			if place.Key(name) != place.Key(own) && place.Key(name) != "" {
				cells = append(cells, ":"+name)
			}
		}
		if len(cells) > 0 {
			fmt.Fprintf(&out, "%s\t%s\n", id, strings.Join(cells, "\t"))
		}
	}
	return save("names.tsv", []byte(out.String()))
}

// handNames reads country, town, then language=name, or =name for any other language.
func handNames(row func(country, name string) *nameRow) error {
	lines, err := readTSV("gen/town-names.tsv")
	if err != nil {
		return err
	}
	var missing []string
	for _, cells := range lines {
		r := row(cells[0], cells[1])
		if r == nil {
			missing = append(missing, cells[0]+" "+cells[1])
			continue
		}
		for _, cell := range cells[2:] {
			tag, name, ok := strings.Cut(cell, "=")
			switch {
			case !ok || tag != "" && !slices.Contains(languages, tag):
				return fmt.Errorf("town-names.tsv: %s: %q", cells[1], cell)
			case tag == "":
				r.other = append(r.other, name)
			default:
				r.in[tag] = name
			}
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("town-names.tsv: not in the gazetteer: %s", strings.Join(missing, ", "))
	}
	return nil
}

// zoneCities takes the cities that time zones are named after, some 400.
func zoneCities(row func(country, name string) *nameRow) error {
	territory, err := zoneTerritories()
	if err != nil {
		return err
	}
	zones := make([]string, 0, len(territory))
	for z := range territory {
		zones = append(zones, z)
	}
	sort.Strings(zones)
	cities := map[string]map[string]string{} // language → zone → city
	for _, tag := range languages {
		var file struct {
			Main map[string]struct {
				Dates struct {
					TimeZoneNames struct{ Zone map[string]any }
				}
			}
		}
		if err := readJSON("cldr-dates-full/main/"+tag+"/timeZoneNames.json", &file); err != nil {
			return err
		}
		cities[tag] = map[string]string{}
		exemplars("", file.Main[tag].Dates.TimeZoneNames.Zone, cities[tag])
	}
	for _, zone := range zones {
		path := strings.Split(zone, "/")
		english := cmp.Or(cities["en"][zone], strings.ReplaceAll(path[len(path)-1], "_", " "))
		r := row(territory[zone], english)
		if r == nil && territory[zone] == "US" && english == "New York" {
			r = row("US", "New York City")
		}
		if r == nil {
			continue // an island, a base, a county
		}
		for _, tag := range languages {
			if name := cities[tag][zone]; name != "" {
				r.in[tag] = name
			}
		}
		if r.in["en"] == "" {
			r.in["en"] = english
		}
	}
	return nil
}

func exemplars(path string, node map[string]any, into map[string]string) {
	if city, ok := node["exemplarCity"].(string); ok {
		into[path] = city
		return
	}
	for name, below := range node {
		if below, ok := below.(map[string]any); ok {
			exemplars(strings.TrimPrefix(path+"/"+name, "/"), below, into)
		}
	}
}

// zoneTerritories gives the country of each time zone, as CLDR maps them for Windows.
func zoneTerritories() (map[string]string, error) {
	var file struct {
		Supplemental struct {
			WindowsZones struct {
				MapTimezones []struct {
					MapZone struct {
						Type      string `json:"_type"`
						Territory string `json:"_territory"`
					}
				}
			}
		}
	}
	if err := readJSON("cldr-core/supplemental/windowsZones.json", &file); err != nil {
		return nil, err
	}
	territory := map[string]string{}
	for _, m := range file.Supplemental.WindowsZones.MapTimezones {
		if m.MapZone.Territory == "001" || m.MapZone.Territory == "ZZ" {
			continue
		}
		for _, zone := range strings.Fields(m.MapZone.Type) {
			territory[zone] = m.MapZone.Territory
		}
	}
	return territory, nil
}
