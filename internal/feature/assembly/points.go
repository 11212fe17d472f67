package assembly

import (
	"alliance/internal/platform/entry"
)

// points are where entries of others stand in the tables of this feature.
var points = []entry.Point{
	{Table: "organiser", Column: "organisation", Key: []string{"assembly"}, Once: []string{"assembly"}, Rest: []string{"position"}},
	{Table: "attendance", Column: "organisation", Key: []string{"assembly"}, Once: []string{"assembly"}, Rest: []string{"registered", "person", "present"}},
}
