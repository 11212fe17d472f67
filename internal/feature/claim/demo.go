package claim

import (
	"context"

	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
	"alliance/internal/platform/people"
)

// DemoID gives a claim of the demonstration.
func DemoID(slug string) string { return id.Named("demo/claim/" + slug) }

// demo lets an invented person claim an invented organisation: it waits for a
// decision. Another such claim was refused.
func (f *Feature) demo(ctx context.Context, tx *db.Tx) error {
	invented := demo.Invented()
	for i, slug := range []string{"waiting", "refused"} {
		o := demo.OrganisationID(invented[i].Slug)
		if _, err := people.OrganisationByID(ctx, tx, o); err != nil {
			if fault.Is(err, fault.KindNotFound) {
				continue
			}
			return err
		}
		c := Claim{ID: DemoID(slug), Organisation: o, State: Waiting, At: tx.Now().Add(-3 * day), Until: tx.Now().Add(claimLasts - 3*day), Due: tx.Now().Add(turnLasts - 3*day),
			Claimant: Claimant{Name: "Ines Beispiel", Role: "Geschäftsführung (erfunden)", Email: "ines@example.org", Lang: "de", Proof: "Diese Anfrage ist erfunden. This claim is invented, to show the page."}}
		if err := f.add(ctx, tx, c, id.Secret(16)); err != nil {
			return err
		}
		if slug == "refused" {
			if err := addSaid(ctx, tx, Said{Claim: c.ID, Seat: Coordination, Act: Refuse, Reason: "unproven", At: tx.Now().Add(-day)}); err != nil {
				return err
			}
			c.State, c.Reason, c.Ended = Refused, "unproven", tx.Now().Add(-day)
			if err := move(ctx, tx, c); err != nil {
				return err
			}
		}
	}
	return nil
}
