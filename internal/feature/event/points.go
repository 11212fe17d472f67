package event

import (
	"alliance/internal/platform/entry"
)

// points are where entries of others stand in the tables of this feature.
var points = []entry.Point{
	{Table: "event_organiser", Column: "organisation", Key: []string{"event"}, Once: []string{"event"}, Rest: []string{"position", "confirmed"}, Own: "event"},
	{Table: "event_going", Column: "organisation", Key: []string{"event"}, Once: []string{"event"}, Rest: []string{"person", "at"}, Own: "event"},
	{Table: "event_going", Column: "event", Key: []string{"organisation"}, Once: []string{"organisation"}, Rest: []string{"person", "at"}},
	{Table: "event_registration", Column: "event", Key: []string{"id"}, Once: []string{"mark"}, Rest: []string{"person", "mark", "hash", "sealed", "state", "at", "turn"}},
	{Table: "event", Column: "umbrella", Key: []string{"entry"}},
	{Table: "event_upload", Column: "organisation", Key: []string{"id"}},
}
