package main

import (
	"context"
	"fmt"
	"math/rand/v2"

	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/id"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/lineage"
	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
)

// grow adds organisations and proposals to the database of a running house, as
// another process does: from have to want organisations, a tenth as many
// proposals, each third of them merged into another.
func grow(ctx context.Context, d *db.DB, have, want int) (organisation, proposal string, err error) {
	r := rand.New(rand.NewPCG(1, uint64(have)))
	kinds, countries := people.OrganisationKinds, []string{"FR", "ES", "IT", "MA", "NE", "BR", "PT", "TN", "BE", "DE"}
	const chunk = 1000
	for at := have; at < want; at += chunk {
		err := d.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
			for n := at; n < min(at+chunk, want); n++ {
				o := people.Organisation{ID: id.New(), Kind: kinds[r.IntN(len(kinds))], Name: phrase(r, 3) + " " + fmt.Sprint(n), Country: countries[r.IntN(len(countries))]}
				if err := people.PutOrganisation(ctx, tx, o); err != nil {
					return err
				}
				e := entry.Entry{ID: o.ID, Kind: "organisation", Class: string(o.Kind), Organisation: o.ID, Lang: "fr",
					Place:  place.Place{Country: o.Country, Lat: 35 + 20*r.Float64(), Lon: -8 + 25*r.Float64(), Precision: place.InTown, Name: phrase(r, 1)},
					Fields: map[string]lang.Text{entry.Title: lang.New("fr", o.Name), entry.Summary: lang.New("fr", phrase(r, 30))}}
				if _, err := entry.Add(ctx, tx, people.Actor{}, e, nil); err != nil {
					return err
				}
				if _, err := tx.Exec(ctx, `INSERT INTO organisation_profile (entry, name_key) VALUES ($1, $2)`, o.ID, lang.Fold(o.Name)); err != nil {
					return err
				}
				organisation = o.ID
			}
			return nil
		})
		if err != nil {
			return "", "", err
		}
	}
	err = growProposals(ctx, d, r, (want-have)/10, &proposal)
	return organisation, proposal, err
}

func growProposals(ctx context.Context, d *db.DB, r *rand.Rand, n int, last *string) error {
	m := demo.Second()
	workshop := demo.EntryID(m.Slug, m.Workshops[0].ID)
	var before []string
	for at := 0; at < n; at += 500 {
		err := d.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
			for i := at; i < min(at+500, n); i++ {
				e, err := entry.Add(ctx, tx, people.Actor{}, entry.Entry{Kind: "proposal", Class: "alliance", Parent: workshop, Lang: "fr",
					Fields: map[string]lang.Text{entry.Title: lang.New("fr", phrase(r, 6)), entry.Summary: lang.New("fr", phrase(r, 30))}}, nil)
				if err != nil {
					return err
				}
				before = append(before, e.ID)
				if len(before) == 3 {
					if _, err := lineage.Add(ctx, tx, people.Actor{}, lineage.Derivation{Kind: lineage.Merged, Role: "committee", Scope: "bench", Certain: true, Reason: lang.New("fr", phrase(r, 8)),
						Parents: []lineage.Link{{Entry: before[0], Revision: 1}, {Entry: before[1], Revision: 1}}, Children: []lineage.Link{{Entry: before[2], Revision: 1}}}); err != nil {
						return err
					}
					*last, before = before[2], before[2:]
				}
				if i%60 == 0 {
					before = nil // short stories, as in life
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// phrase makes n words out of syllables: some common, most rare.
func phrase(r *rand.Rand, n int) string {
	syllables := []string{"ac", "cueil", "lo", "ge", "ment", "san", "té", "vil", "le", "mi", "gra", "tion", "droit", "lan", "gue", "so", "li", "da", "ri", "té", "ac", "tion", "ter", "ri", "toire"}
	common := []string{"accueil", "ville", "logement", "droits", "solidarité"}
	s := ""
	for i := range n {
		if i > 0 {
			s += " "
		}
		if r.IntN(4) == 0 {
			s += common[r.IntN(len(common))]
			continue
		}
		for range 2 + r.IntN(3) {
			s += syllables[r.IntN(len(syllables))]
		}
	}
	return s
}
