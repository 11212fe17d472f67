// Package place knows where things are: towns, countries, how precisely a
// place may be told, and the base map on which it is drawn.
//
// The one idea: precision is a promise, not a display setting. A place told
// by its town loses its street the moment it leaves through Public, so every
// output (page, map, feed, export) shows p.Public() and never p.
package place

import "math"

// Attribution must be shown wherever towns or the map are: the licence of
// GeoNames asks for it. Natural Earth is in the public domain.
const Attribution = "GeoNames, CC BY 4.0 · Natural Earth"

// Precision says how closely a place may be told, chosen by its people.
type Precision int

const (
	None      Precision = iota // nowhere, or not told
	InCountry                  // the country only
	InTown                     // the town only
	Exact                      // an address, given on purpose
)

// Place is where something is. Lat and Lon are degrees (WGS 84); both zero
// means that they are not known.
type Place struct {
	Name      string    `json:"name"`    // town or address, as its people write it
	Country   string    `json:"country"` // ISO 3166-1 alpha-2
	Lat       float64   `json:"lat"`
	Lon       float64   `json:"lon"`
	Precision Precision `json:"precision"`
}

// Located tells whether the coordinates are known and on Earth.
func (p Place) Located() bool {
	return (p.Lat != 0 || p.Lon != 0) && onEarth(p.Lat, p.Lon)
}

func onEarth(lat, lon float64) bool { return math.Abs(lat) <= 90 && math.Abs(lon) <= 180 } // false for NaN
