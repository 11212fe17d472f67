package contribution

import (
	"alliance/internal/platform/entry"
)

// points are where entries of others stand in the tables of this feature.
var points = []entry.Point{
	{Table: "contribution", Column: "entry", Key: []string{"id"}},
	{Table: "contribution", Column: "changes", Key: []string{"id"}},
	{Table: "validator", Column: "organisation", Key: []string{"id"}},
	{Table: "error_report", Column: "entry", Key: []string{"id"}},
}
