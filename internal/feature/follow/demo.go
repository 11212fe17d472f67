package follow

import (
	"context"

	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/people"
)

// demo lets the invented people of the role bar follow the second meeting, its
// first action and a theme. Their addresses are at example.org: no mail goes out.
func (f *Feature) demo(ctx context.Context, tx *db.Tx) error {
	m := demo.Second()
	for _, p := range demo.People() {
		a, err := people.ActorOf(ctx, tx, demo.PersonID(p.ID), "", tx.Now())
		if err != nil {
			return err
		}
		wanted := []Wanted{{Entry: demo.EntryID(m.Slug, "")}}
		if len(p.Mandate) > 0 {
			wanted = append(wanted, Wanted{Entry: demo.EntryID(m.Slug, m.Actions[0].ID)}, Wanted{Query: "theme=" + demo.Themes()[0].ID}, Wanted{Query: "right=health"})
		}
		for _, w := range wanted {
			if _, err := f.Add(ctx, tx, a, w); err != nil {
				return err
			}
		}
	}
	return nil
}
