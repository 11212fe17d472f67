package account

import (
	"alliance/internal/platform/entry"
)

// points are where entries of others stand in the tables of this feature.
var points = []entry.Point{
	{Table: "invitation", Column: "organisation", Key: []string{"id"}},
}
