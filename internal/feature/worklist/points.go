package worklist

import (
	"alliance/internal/platform/entry"
)

// points are where entries of others stand in the tables of this feature.
var points = []entry.Point{
	{Table: "work_assigned", Column: "entry", Key: []string{"person"}, Once: []string{}, Rest: []string{"at"}},
}
