package freshness

import (
	"context"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/id"
	"alliance/internal/platform/people"
)

// DemoID gives a round of the demonstration, or a share of one.
func DemoID(slug string) string { return id.Named("demo/freshness/" + slug) }

// demo shows a round that is over and one under way, over invented records
// only, checked by invented organisations.
func (f *Feature) demo(ctx context.Context, tx *db.Tx) error {
	list, err := entry.List(ctx, tx, entry.Filter{Kinds: []string{"initiative", "training"}, Actor: aMember, Limit: 50})
	if err != nil {
		return err
	}
	coordination, err := people.ActorOf(ctx, tx, demo.PersonID("ferrandiz"), demo.MandateID("ferrandiz"), tx.Now())
	if err != nil {
		return err
	}
	const day = 24 * time.Hour
	for _, r := range []Round{
		{ID: DemoID("spring"), Title: "Tour de vérification (exemple inventé)", Lang: "fr", Choice: Choice{Kinds: []string{"initiative", "training"}}, At: tx.Now().Add(-60 * day), Ends: tx.Now().Add(-30 * day)},
		{ID: DemoID("now"), Title: "Les horaires sont-ils justes ? (exemple inventé)", Lang: "fr", Choice: Choice{Kinds: []string{"initiative", "training"}}, At: tx.Now().Add(-5 * day), Ends: tx.Now().Add(20 * day)},
	} {
		if err := addRound(ctx, tx, r, ""); err != nil {
			return err
		}
		share := Share{ID: DemoID("share/" + r.ID), Round: r.ID, N: 1, Person: demo.PersonID("marchetti"), Organisation: demo.OrganisationID("ville-de-port-oriane"), At: r.At}
		if err := addShare(ctx, tx, share); err != nil {
			return err
		}
		for n, e := range list {
			if err := addItem(ctx, tx, Item{Round: r.ID, N: n + 1, Entry: e.ID}); err != nil {
				return err
			}
		}
		if _, err := take(ctx, tx, r.ID, share.ID, len(list)-1); err != nil {
			return err
		}
		over := r.Ends < tx.Now()
		for n := range list {
			if !over && n > 1 || over && n == len(list)-1 {
				continue
			}
			x := Item{Round: r.ID, N: n + 1, State: Same, How: Marks[n%4], By: share.Organisation, At: r.At.Add(time.Duration(n+1) * day / 2)}
			if _, err := setResult(ctx, tx, x); err != nil {
				return err
			}
			if !over {
				if err := entry.Check(ctx, tx, coordination, list[n].ID, x.By, x.How); err != nil {
					return err
				}
			}
		}
		if over {
			if err := closeRound(ctx, tx, r.ID); err != nil {
				return err
			}
		}
	}
	return nil
}
