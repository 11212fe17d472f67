package directory

import (
	"alliance/internal/platform/entry"
)

// points are where entries of others stand in the tables of this feature.
var points = []entry.Point{
	{Table: "organisation_correction", Column: "entry", Key: []string{"id"}},
}
