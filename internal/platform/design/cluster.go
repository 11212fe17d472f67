package design

import (
	"alliance/internal/platform/design/earth"
	"alliance/internal/platform/place"
	"alliance/internal/platform/register"
)

// ClusterPoint is a cluster of the register as maps draw it. Whoever draws it
// names the only one where it stands alone.
func ClusterPoint(v View, c register.Cluster) Point {
	p := Point{Lat: c.Lat, Lon: c.Lon, Kind: c.Strand, Count: c.Count, More: c.More, Box: earth.Box(c.Box), Vague: c.Vague, Hollow: c.Kind != "organisation"}
	for _, at := range c.Places {
		p.Names = append(p.Names, Whereabouts(v, at))
	}
	if len(p.Names) > 0 {
		p.Label = p.Names[0]
	}
	return p
}

// Whereabouts is Where, and says so where only the country is told.
func Whereabouts(v View, p place.Place) string {
	if p.Public().Precision == place.InCountry {
		return v.T("design.map.country", "{country}, town not told", "country", v.Country(p.Country))
	}
	return Where(v, p)
}
