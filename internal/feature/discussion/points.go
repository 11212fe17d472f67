package discussion

import (
	"alliance/internal/platform/entry"
)

// points are where entries of others stand in the tables of this feature.
var points = []entry.Point{
	{Table: "comment", Column: "entry", Key: []string{"id"}},
	{Table: "comment", Column: "organisation", Key: []string{"id"}},
	{Table: "moderation", Column: "entry", Key: []string{"id"}},
}
