package place

import (
	_ "embed"
	"slices"
)

// land.svg is drawn by gen/land.go.
//
//go:embed data/land.svg
var land []byte

// LandSVG gives the land of the Earth as an image of MapWidth × MapHeight, for
// points put by Project to be drawn upon: no borders, no Antarctica, light and
// dark after the reader's preference. The bytes change with the program only,
// so it may be cached for good.
func LandSVG() []byte { return slices.Clone(land) }
