package handover

import "alliance/internal/platform/entry"

// points are where entries of others stand in the tables of this feature.
var points = []entry.Point{
	{Table: "handover", Column: "organisation", Key: []string{"id"}},
	{Table: "handover_thing", Column: "entry", Key: []string{"handover", "n"}},
	{Table: "election", Column: "organisation", Key: []string{"id"}, Once: []string{"country", "day"}, Rest: []string{"country", "day", "asked", "by_", "at"}},
	{Table: "election_ask", Column: "organisation", Key: []string{"election"}, Once: []string{}, Rest: []string{"at"}},
}
