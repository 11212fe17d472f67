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
	var all []thing
	f := entry.Filter{Kinds: []string{kind}, Any: true, Limit: 1000}
	for {
		some, err := entry.List(ctx, q, f)
		if err != nil {
			return nil, err
		}
		records, err := record.Fill(ctx, q, some)
		if err != nil {
			return nil, err
		}
		for _, r := range records {
			if r.State == entry.Published {
				all = append(all, thingOf(r))
			}
		}
		if len(some) < f.Limit {
			break
		}
		f.After = some[len(some)-1].Cursor()
	}
	x := newIndex(all)
	for i, t := range all {
		if len(t.names) == 0 {
			continue
		}
		if j, sure, ok := x.nearest(t, func(j int) bool { return all[j].id < t.id }); ok {
			list = append(list, Twins{One: all[j].id, Other: all[i].id, Sure: sure})
		}
	}
	return list, nil
}
