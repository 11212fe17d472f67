package follow

import (
	"alliance/internal/platform/entry"
	"alliance/internal/platform/people"
)

// points are where entries of others stand in the tables of this feature.
var points = []entry.Point{
	{Table: "follow", Column: "entry", Key: []string{"id"}, Once: []string{"follower"}, Rest: []string{"follower", "query", "mark", "name", "since", "created"},
		Drawn: map[string]func(string) string{"mark": func(entry string) string { return people.Hash(entry + "?") }}, Needs: map[string]string{"follower": "follower"}},
}
