package place

import (
	_ "embed"
	"math"
	"strconv"
	"strings"
	"sync"
	"time"
)

// zone.tab of the tz database (public domain): a country, a point in it, and
// the time zone that is kept there.
//
//go:embed data/zone.tab
var zoneTable string

type zonePoint struct {
	lat, lon float64
	zone     string
}

var zones = sync.OnceValue(func() map[string][]zonePoint {
	all := map[string][]zonePoint{}
	for line := range strings.Lines(zoneTable) {
		cells := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if strings.HasPrefix(line, "#") || len(cells) < 3 {
			continue
		}
		lat, lon := iso6709(cells[1])
		all[cells[0]] = append(all[cells[0]], zonePoint{lat, lon, cells[2]})
	}
	return all
})

// Zone gives the time zone kept at a place: that of the nearest point of its
// country that the tz database names. "" where more than one is possible.
func (p Place) Zone() string {
	points := zones()[p.Country]
	switch {
	case len(points) == 1:
		return points[0].zone
	case len(points) == 0 || !p.Located() || p.Precision < InTown:
		return ""
	}
	best, least := "", math.Inf(1)
	for _, z := range points {
		if d := angle(p.Lat, p.Lon, z.lat, z.lon); d < least {
			best, least = z.zone, d
		}
	}
	return best
}

// ParseZone cleans the name of a time zone: "europe/paris" is no name.
func ParseZone(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if s == "" || s == "Local" || len(s) > 60 || !strings.Contains(s, "/") && s != "UTC" {
		return "", false
	}
	_, err := time.LoadLocation(s)
	return s, err == nil
}

// iso6709 reads "+4852+00220" and "+404251-0740023".
func iso6709(s string) (lat, lon float64) {
	cut := strings.LastIndexAny(s, "+-")
	if cut < 1 {
		return 0, 0
	}
	return degrees(s[:cut], 2), degrees(s[cut:], 3)
}

func degrees(s string, whole int) float64 {
	sign := 1.0
	if s[0] == '-' {
		sign = -1
	}
	s = s[1:] + "0000"
	value := 0.0
	for i, unit := range []float64{1, 60, 3600} {
		from, to := whole+2*(i-1), whole+2*i
		if i == 0 {
			from, to = 0, whole
		}
		n, _ := strconv.Atoi(s[from:min(to, len(s))])
		value += float64(n) / unit
	}
	return sign * value
}
