package handover

import (
	"context"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
	"alliance/internal/platform/people"
)

// DemoID gives something of this feature in the demonstration.
func DemoID(slug string) string { return id.Named("demo/handover/" + slug) }

// demo lets two mandates of invented organisations end soon, and one be handed
// over already. Everybody in it is invented.
func (f *Feature) demo(ctx context.Context, tx *db.Tx) error {
	day := func(n int) db.Instant { return tx.Now().Add(time.Duration(n) * 24 * time.Hour) }
	town, house := demo.OrganisationID("ville-de-port-oriane"), demo.OrganisationID("casa-da-figueira")
	for _, o := range []string{town, house} {
		if _, err := people.OrganisationByID(ctx, tx, o); fault.Is(err, fault.KindNotFound) {
			return nil // without the organisations of the demonstration there is nobody to act for
		} else if err != nil {
			return err
		}
	}
	given := map[string]people.Mandate{}
	for _, s := range []struct {
		slug, name, lang, organisation string
		since, until                   int
	}{
		{"leaves", "Odile Quémeneur-Sauvage", "fr", town, -1400, 41},
		{"stays", "Rui Palmeirim", "pt", house, -700, 12},
		{"left", "Gaspard Lhuissier", "fr", town, -1400, -20},
		{"came", "Maud Teissonnière", "fr", town, -20, 1440},
	} {
		p, err := people.AddPerson(ctx, tx, people.Person{ID: DemoID(s.slug), Name: s.name, Email: s.slug + "-handover@example.org", Lang: s.lang})
		if err != nil {
			return err
		}
		m := people.Mandate{ID: DemoID("mandate/" + s.slug), Organisation: s.organisation, Person: p.ID, Speak: true, Since: day(s.since), Until: day(s.until), Reference: "2026-07 (exemple inventé)"}
		if given[s.slug], err = people.AddMandate(ctx, tx, m); err != nil {
			return err
		}
	}
	today := tx.Now().Time()
	for slug, x := range map[string]Election{
		"came":   {Organisation: town, Day: today.AddDate(0, 0, -60).Format(time.DateOnly)},
		"coming": {Country: "PT", Day: today.AddDate(0, 4, 0).Format(time.DateOnly)},
	} {
		x.ID, x.At = DemoID("election/"+slug), tx.Now()
		if _, err := putElection(ctx, tx, x); err != nil {
			return err
		}
		if slug != "came" {
			continue
		}
		if _, err := setAsked(ctx, tx, x.ID); err != nil {
			return err
		}
		if _, err := addAsk(ctx, tx, x.ID, town); err != nil {
			return err
		}
	}
	h := HandOver{ID: DemoID("handed"), Organisation: town, Old: given["left"].ID, Mandate: given["came"].ID, From: given["left"].Person, To: given["came"].Person, At: day(-20)}
	if err := addHandOver(ctx, tx, h); err != nil {
		return err
	}
	things, err := f.things(ctx, tx, h)
	for n, t := range things {
		t.HandOver, t.N, t.State = h.ID, n+1, ToDo
		if n == 0 {
			t.State, t.At = Done, day(-3)
		}
		if err := addThing(ctx, tx, t); err != nil {
			return err
		}
	}
	return err
}
