package intake

import (
	"context"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/record"
)

// Twins are two records that look alike: by name in any language and spelling
// and by where they are, or by their web site or address. Sure means that names
// are the same.
type Twins struct {
	One, Other string
	Sure       bool
}

// TwinsAmong finds, for each published record of a kind, the likest of those
// that are older, as the importer does for rows of a list.
func TwinsAmong(ctx context.Context, q db.Q, kind string) (list []Twins, err error) {
	var x index
	err = records(ctx, q, kind, func(r record.Record) {
		if r.State == entry.Published {
			x.add(thingOf(r))
		}
	})
	for i, t := range x.all {
		if t.names == "" {
			continue
		}
		if j, sure, ok := x.nearest(t, func(j int) bool { return x.all[j].id < t.id }); ok {
			list = append(list, Twins{One: x.all[j].id, Other: x.all[i].id, Sure: sure})
		}
	}
	return list, err
}
