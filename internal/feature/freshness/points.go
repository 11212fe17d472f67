package freshness

import (
	"alliance/internal/platform/entry"
)

// points are where entries of others stand in the tables of this feature.
var points = []entry.Point{
	{Table: "check_share", Column: "organisation", Key: []string{"id"}},
	{Table: "check_item", Column: "entry", Key: []string{"round", "n"}, Once: []string{"round"}, Rest: []string{"share", "link", "state", "how", "organisation", "at"}},
}
