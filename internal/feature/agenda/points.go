package agenda

import (
	"alliance/internal/platform/entry"
)

// points are where entries of others stand in the tables of this feature.
var points = []entry.Point{
	{Table: "carrier", Column: "organisation", Key: []string{"action"}, Once: []string{"action"}, Rest: []string{"asked", "confirmed", "confirmed_by", "declined"}},
	{Table: "evidence", Column: "confirmed_for", Key: []string{"entry"}},
}
