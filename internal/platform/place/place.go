// Package place: gazetteer, countries, precision of a place, base map.
package place

// Precision of a place: on purpose, in every output.
type Precision int

const (
	None Precision = iota
	Country1
	Town1
	Exact
)

// Place is where something is.
type Place struct {
	Name      string    `json:"name"`
	Country   string    `json:"country"`
	Lat       float64   `json:"lat"`
	Lon       float64   `json:"lon"`
	Precision Precision `json:"precision"`
}

// Public gives what the precision promises.
func (p Place) Public() Place { return p }
