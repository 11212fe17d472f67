package place

import (
	"regexp"
	"strconv"
)

const degree = `(-?\d{1,3}(?:\.\d{1,15})?)`

// points are the forms in which people hand on a point: an address of
// OpenStreetMap or of another map, the link of a telephone, two numbers.
var points = []*regexp.Regexp{
	regexp.MustCompile(`[?&]mlat=` + degree + `&mlon=` + degree),
	regexp.MustCompile(`#map=\d{1,2}(?:\.\d+)?/` + degree + `/` + degree),
	regexp.MustCompile(`^geo:` + degree + `,` + degree),
	regexp.MustCompile(`/@` + degree + `,` + degree),
	regexp.MustCompile(`[?&](?:q|ll|query)=` + degree + `(?:,|%2C)` + degree),
	regexp.MustCompile(`^\s*` + degree + `\s*[,;\s]\s*` + degree + `\s*$`),
}

// ParsePoint reads latitude and longitude out of what people write or paste.
func ParsePoint(s string) (lat, lon float64, ok bool) {
	if len(s) > 500 {
		return 0, 0, false
	}
	for _, form := range points {
		if m := form.FindStringSubmatch(s); m != nil {
			lat, err := strconv.ParseFloat(m[1], 64)
			lon, other := strconv.ParseFloat(m[2], 64)
			return lat, lon, err == nil && other == nil && onEarth(lat, lon)
		}
	}
	return 0, 0, false
}
