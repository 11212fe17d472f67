package event

import (
	"context"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/people"
)

// offer lets the right pair of validators look at an event that somebody
// without a mandate proposes, and follow what becomes of it.
func (f *Feature) offer(ctx context.Context, tx *db.Tx, a people.Actor, event string) error {
	if f.Offered == nil {
		return nil
	}
	e, err := entry.Get(ctx, tx, event)
	if err != nil || e.Organisation != "" { // an organisation stands for it
		return err
	}
	list, err := f.records(ctx, tx, []entry.Entry{e})
	if err != nil {
		return err
	}
	return f.Offered(ctx, tx, a, list[0])
}

// offering runs an act, and tells those who look at what is proposed.
func (f *Feature) offering(act func(context.Context, *db.Tx, people.Actor, string) error) func(context.Context, *db.Tx, people.Actor, string) error {
	return func(ctx context.Context, tx *db.Tx, a people.Actor, event string) error {
		if err := act(ctx, tx, a, event); err != nil {
			return err
		}
		return f.offer(ctx, tx, a, event)
	}
}
