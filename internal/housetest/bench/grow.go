package main

import (
	"context"
	"errors"
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
func grow(ctx context.Context, d *db.DB, have, want int) error {
	themes := []string{}
	for _, t := range demo.Themes() {
		themes = append(themes, t.ID)
	}
	r := rand.New(rand.NewPCG(1, uint64(have)))
	kinds := people.OrganisationKinds
	const chunk = 250
	for at := have; at < want; at += chunk {
		err := d.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
			for n := at; n < min(at+chunk, want); n++ {
				o := people.Organisation{ID: id.New(), Kind: kinds[r.IntN(len(kinds))], Name: phrase(r, 3) + " " + fmt.Sprint(n)}
				at := town(r)
				o.Country = at.Country
				if err := people.PutOrganisation(ctx, tx, o); err != nil {
					return err
				}
				e := entry.Entry{ID: o.ID, Kind: "organisation", Class: string(o.Kind), Organisation: o.ID, Lang: "fr",
					Place:  at,
					Themes: []string{themes[r.IntN(len(themes))], themes[r.IntN(len(themes))]},
					Fields: map[string]lang.Text{entry.Title: lang.New("fr", o.Name), entry.Summary: lang.New("fr", phrase(r, 30))}}
				if _, err := entry.Add(ctx, tx, people.Actor{}, e, nil); err != nil {
					return err
				}
				if err := profile(ctx, tx, r, o); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return growProposals(ctx, d, r, (want-have)/10)
}

// town is one of the thousands between Lisbon and Warsaw.
func town(r *rand.Rand) place.Place {
	t := place.Nearest(35+20*r.Float64(), -8+25*r.Float64())
	return place.Place{Name: t.Name, Country: t.Country, Lat: t.Lat, Lon: t.Lon, Precision: place.InTown}
}

// grown marks the organisations that grow added, as if a list had brought them.
const grown = "bench"

func profile(ctx context.Context, tx *db.Tx, r *rand.Rand, o people.Organisation) error {
	if _, err := tx.Exec(ctx, `INSERT INTO organisation_profile (entry, name_key, batch) VALUES ($1, $2, $3)`, o.ID, lang.Fold(o.Name), grown); err != nil {
		return err
	}
	for _, tag := range []string{"fr", []string{"en", "es", "ar", "it"}[r.IntN(4)]} {
		if _, err := tx.Exec(ctx, `INSERT INTO organisation_language (entry, language) VALUES ($1, $2)`, o.ID, tag); err != nil {
			return err
		}
	}
	axes := demo.Launch().Axes
	_, err := tx.Exec(ctx, `INSERT INTO organisation_axis (entry, axis) VALUES ($1, $2)`, o.ID, axes[r.IntN(len(axes))].ID)
	return err
}

// sample is what pages of one thing are measured with.
type sample struct {
	Organisation, Proposal string // of the middle
	Hub                    string // a proposal with many parents
	Middle                 string // an organisation halfway down the list
}

func samples(ctx context.Context, d *db.DB) (s sample, have int, err error) {
	ask := func(into *string, text string, args ...any) {
		if err == nil {
			*into, err = db.One(ctx, d, db.Value[string], text, args...)
		}
		if errors.Is(err, db.ErrNone) {
			err = nil
		}
	}
	if have, err = db.One(ctx, d, db.Value[int], `SELECT count(*) FROM organisation_profile WHERE batch = $1`, grown); err != nil {
		return s, 0, err
	}
	ask(&s.Organisation, `SELECT entry FROM organisation_profile WHERE batch = $1 ORDER BY entry DESC LIMIT 1`, grown)
	ask(&s.Middle, `SELECT id FROM entry WHERE kind = 'organisation' AND title_key > 'lo' ORDER BY title_key, id LIMIT 1`)
	ask(&s.Proposal, `SELECT l.entry FROM derivation_link l JOIN derivation d ON d.id = l.derivation WHERE d.scope = $1 AND l.side = 1 ORDER BY l.entry DESC LIMIT 1`, grown)
	ask(&s.Hub, `SELECT l.entry FROM derivation_link l JOIN derivation d ON d.id = l.derivation WHERE d.scope = $1 AND l.side = 1 ORDER BY l.entry DESC LIMIT 1`, hubScope)
	return s, have, err
}

const hubScope = "bench-hub"

func growProposals(ctx context.Context, d *db.DB, r *rand.Rand, n int) error {
	m := demo.Second()
	assembly, workshop := demo.EntryID(m.Slug, ""), demo.EntryID(m.Slug, m.Workshops[0].ID)
	if err := growHub(ctx, d, r, workshop); err != nil {
		return err
	}
	var before []string
	for at := 0; at < n; at += 250 {
		err := d.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
			for i := at; i < min(at+250, n); i++ {
				e, err := entry.Add(ctx, tx, people.Actor{}, entry.Entry{Kind: "proposal", Class: "alliance", Parent: workshop, Lang: "fr",
					Fields: map[string]lang.Text{entry.Title: lang.New("fr", phrase(r, 6)), entry.Summary: lang.New("fr", phrase(r, 30))}}, nil)
				if err != nil {
					return err
				}
				if _, err := tx.Exec(ctx, `INSERT INTO proposal (entry, assembly, workshop, level, position) VALUES ($1,$2,$3,$4,$5)`, e.ID, assembly, workshop, "alliance", 1000+i); err != nil {
					return err
				}
				before = append(before, e.ID)
				if len(before) == 3 {
					if _, err := lineage.Add(ctx, tx, people.Actor{}, lineage.Derivation{Kind: lineage.Merged, Role: "committee", Scope: grown, Certain: true, Reason: lang.New("fr", phrase(r, 8)),
						Parents: []lineage.Link{{Entry: before[0], Revision: 1}, {Entry: before[1], Revision: 1}}, Children: []lineage.Link{{Entry: before[2], Revision: 1}}}); err != nil {
						return err
					}
					before = before[2:]
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

// growHub makes one proposal out of 60, each of which came from two notes.
func growHub(ctx context.Context, d *db.DB, r *rand.Rand, workshop string) error {
	return d.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
		add := func(kind string) (lineage.Link, error) {
			e, err := entry.Add(ctx, tx, people.Actor{}, entry.Entry{Kind: kind, Parent: workshop, Lang: "fr",
				Fields: map[string]lang.Text{entry.Title: lang.New("fr", phrase(r, 6)), entry.Summary: lang.New("fr", phrase(r, 30))}}, nil)
			return lineage.Link{Entry: e.ID, Revision: 1}, err
		}
		merge := func(into lineage.Link, from ...lineage.Link) error {
			_, err := lineage.Add(ctx, tx, people.Actor{}, lineage.Derivation{Kind: lineage.Merged, Role: "committee", Scope: hubScope, Certain: true,
				Reason: lang.New("fr", phrase(r, 8)), Parents: from, Children: []lineage.Link{into}})
			return err
		}
		var parts []lineage.Link
		for range 60 {
			a, err := add("note")
			if err != nil {
				return err
			}
			b, err := add("note")
			if err != nil {
				return err
			}
			p, err := add("proposal")
			if err != nil {
				return err
			}
			if err := merge(p, a, b); err != nil {
				return err
			}
			parts = append(parts, p)
		}
		hub, err := add("proposal")
		if err != nil {
			return err
		}
		return merge(hub, parts...)
	})
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
