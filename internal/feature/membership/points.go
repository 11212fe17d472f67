package membership

import (
	"alliance/internal/platform/entry"
)

// points are where entries of others stand in the tables of this feature.
var points = []entry.Point{
	{Table: "network_charter", Column: "network", Key: []string{"id"}, Once: []string{"name_key"}, Rest: []string{"name", "name_key", "adopted", "ended", "document"}},
}
