package agenda

import (
	"cmp"
	"context"
	"slices"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
)

// serves are the questions in which records name what of the agenda they serve:
// an initiative, a practice.
var serves = []string{"agenda", "decision"}

// serving is a record that says it serves an item or an action of it.
type serving struct {
	Entry entry.Entry
	Item  entry.Entry
	Path  string
	Last  db.Instant // when it was last changed or checked
	Quiet bool       // for longer than an action may be
}

// servingOf gives what serves some items, as far as the actor may know of it,
// the longest silent first.
func (g *Agenda) servingOf(ctx context.Context, a people.Actor, rows []itemRow) (list []serving, err error) {
	of := map[string]entry.Entry{} // item and actions → item
	var ids []string
	for _, r := range rows {
		of[r.Entry.ID] = r.Entry
		ids = append(ids, r.Entry.ID)
		for _, x := range r.Actions {
			of[x.Entry.ID] = r.Entry
			ids = append(ids, x.Entry.ID)
		}
	}
	seen := map[string]bool{}
	for _, question := range serves {
		found, err := record.PointingAll(ctx, g.DB, question, ids)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			for _, e := range found[id] {
				k := g.Kinds[e.Kind]
				if e.State != entry.Published || !e.Visible(a) || k.Path == nil || seen[e.ID+of[id].ID] {
					continue
				}
				seen[e.ID+of[id].ID] = true
				last := max(e.Changed, e.Checked)
				list = append(list, serving{Entry: e, Item: of[id], Path: k.Path(e.ID), Last: last, Quiet: g.DB.Now() > last.Add(SilentAfter)})
			}
		}
	}
	slices.SortStableFunc(list, func(x, y serving) int { return cmp.Compare(x.Last, y.Last) })
	return list, nil
}
