package contribution

import (
	"context"
	"time"

	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/id"
	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
	"alliance/internal/platform/record"
)

// DemoID gives a proposal of the demonstration.
func DemoID(slug string) string { return id.Named("demo/contribution/" + slug) }

// demo appoints invented organisations as validators, lets a proposal wait for
// the pair of Gao, and shows what two others came to. Nobody real says anything.
func (f *Feature) demo(ctx context.Context, tx *db.Tx) error {
	of, err := alliance.Load(ctx, tx)
	if err != nil {
		return err
	}
	gao := place.Of("Gao", "ML")
	region := Area{Country: "ML", Town: gao.Name, Lat: gao.Lat, Lon: gao.Lon, Km: 150}
	for _, v := range []struct {
		slug string
		area Area
	}{
		{"ville-de-port-oriane", region}, {"collectif-les-pas-du-sahel", region},
		{"ville-de-port-oriane", Area{Country: "FR"}}, {"maison-des-deux-rives", Area{Country: "FR"}},
		{"stadt-lindenhafen", Area{}}, {"casa-da-figueira", Area{}},
	} {
		x := Validator{ID: DemoID(v.slug + v.area.Country + v.area.Town), Organisation: demo.OrganisationID(v.slug), Area: v.area, Since: tx.Now()}
		if err := addValidator(ctx, tx, x, ""); err != nil {
			return err
		}
	}
	k, err := f.kind("initiative")
	if err != nil {
		return err
	}
	for _, s := range []struct {
		slug   string
		state  State
		ago    time.Duration
		reason Reason
		typed  record.Typed
	}{
		{"gao", Waiting, 2 * 24 * hour, "", record.Typed{record.InLang: {"fr"}, entry.Title: {"La halte du fleuve (exemple inventé)"}, entry.Summary: {"De l’ombre, de l’eau et un conseil pour qui passe. Exemple inventé, pour montrer cette page."},
			"category": {"welcome", "information"}, "languages": {"fr"}, record.Country: {"ML"}, record.Town: {"Gao"}, record.Themes: {"documents"}}},
		{"garden", Published, 20 * 24 * hour, "", record.Typed{record.InLang: {"fr"}, entry.Title: {"Le jardin qui parle (exemple inventé)"}, entry.Summary: {"On y apprend le français en cultivant des légumes. Exemple inventé."},
			"category": {"training", "culture"}, "languages": {"fr"}, record.Country: {"FR"}, record.Themes: {"participation"}}},
		{"twice", Refused, 9 * 24 * hour, "double", record.Typed{record.InLang: {"fr"}, entry.Title: {"Deux fois la même (exemple inventé)"}, entry.Summary: {"Exemple inventé."}, "category": {"welcome"}, record.Country: {"FR"}}},
	} {
		r, err := f.draft(ctx, tx, k, of, s.typed)
		if err != nil {
			return err
		}
		at := tx.Now().Add(-s.ago)
		c := Contribution{ID: DemoID(s.slug), Kind: k.Name, State: Waiting, At: at, Round: 1, Due: at.Add(turnLasts), Until: tx.Now().Add(linkLasts), Typed: s.typed, Place: r.Place, Themes: r.Themes}
		if err := f.add(ctx, tx, c, id.Secret(16)); err != nil {
			return err
		}
		if s.state == Waiting {
			continue
		}
		act := Agree
		if c.State, c.Reason, c.Ended, c.Due = s.state, s.reason, at.Add(3*24*hour), 0; s.state == Refused {
			act = Refuse
		} else {
			if r, err = k.keep(ctx, tx, people.Actor{}, r); err != nil {
				return err
			}
			c.Entry = r.ID
			if err := f.demoChange(ctx, tx, k, r); err != nil {
				return err
			}
		}
		if err := addSaid(ctx, tx, Said{Contribution: c.ID, Round: 1, Seat: Authority, Organisation: demo.OrganisationID("ville-de-port-oriane"), Act: Agree, At: at.Add(24 * hour)}); err != nil {
			return err
		}
		if err := addSaid(ctx, tx, Said{Contribution: c.ID, Round: 1, Seat: Association, Organisation: demo.OrganisationID("maison-des-deux-rives"), Act: act, Reason: s.reason, At: c.Ended}); err != nil {
			return err
		}
		if err := move(ctx, tx, c); err != nil {
			return err
		}
	}
	return f.demoReports(ctx, tx)
}

// demoChange lets a change of a published record wait for its pair.
func (f *Feature) demoChange(ctx context.Context, tx *db.Tx, k kind, r record.Record) error {
	was, err := f.asRead(ctx, tx, k, r)
	if err != nil {
		return err
	}
	typed := k.rebase(was, was, was)
	typed[entry.Summary] = []string{"On y apprend le français en cultivant des légumes, le samedi aussi. Exemple inventé."}
	at := tx.Now().Add(-24 * hour)
	return f.add(ctx, tx, Contribution{ID: DemoID("change"), Kind: k.Name, Changes: r.ID, State: Waiting, At: at, Round: 1, Due: at.Add(turnLasts), Until: tx.Now().Add(linkLasts), Typed: typed, Was: was, Place: r.Place, Themes: r.Themes}, id.Secret(16))
}

// demoReports lets invented readers report errors on pages of the demonstration.
func (f *Feature) demoReports(ctx context.Context, tx *db.Tx) error {
	list, err := entry.List(ctx, tx, entry.Filter{Kinds: []string{"initiative", "practice"}, Actor: people.Actor{}, Order: entry.ByOld, Limit: 20})
	if err != nil {
		return err
	}
	said := []Report{
		{Reason: "old", Lang: "fr", Words: "L’accueil ferme maintenant à 17 h le vendredi. (Signalement inventé pour la démonstration.)"},
		{Reason: "wrong", Lang: "es", Words: "El número de teléfono ya no es este. (Aviso inventado para la demostración.)"},
		{Reason: "double", Lang: "ar", Words: "هذه الصفحة موجودة مرتين. (بلاغ مختلق من أجل العرض.)"},
	}
	for i, r := range said {
		if i >= len(list) {
			break
		}
		r.ID, r.Entry, r.At = DemoID("report/"+r.Reason), list[i].ID, tx.Now().Add(-time.Duration(i+1)*26*hour)
		if err := f.keepReport(ctx, tx, r); err != nil {
			return err
		}
	}
	return nil
}
