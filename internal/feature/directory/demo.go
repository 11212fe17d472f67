package directory

import (
	"context"

	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
)

// demo shows the organisations of 2019 as the report lists them, each doubt
// told, and invented ones that say so.
func (d *Directory) demo(ctx context.Context, tx *db.Tx) error {
	for _, x := range demo.Organisations() {
		o := fromDemo(x)
		o.Source = "Rencontre de l’Alliance Migrations, Paris, 2019"
		o.SourceKey = KeyOf(x.Printed, printedCountry(x), x.Kind)
		if _, err := add(ctx, tx, people.Actor{}, o); err != nil {
			return err
		}
	}
	for _, x := range demo.Invented() {
		o := fromDemo(x)
		o.Invented, o.Street = true, streets[x.Slug]
		o.Place.Precision = place.Exact // its town is invented too: no real one may stand in for it
		if _, err := add(ctx, tx, people.Actor{}, o); err != nil {
			return err
		}
	}
	return nil
}

// streets are of invented organisations that receive people; their events name
// the same ones.
var streets = map[string]string{"maison-des-deux-rives": "12 quai des Tisserands", "casa-da-figueira": "Rua da Figueira 7", "nachbarschaftshilfe-lindenhafen": "Kranweg 21", "instituto-varanda": "Rua das Sibipirunas 40"}

// printedCountry undoes what the editors put right, to know the printed row again.
func printedCountry(x demo.Organisation) string {
	switch x.Name {
	case "CNCD-11.11.11", "Université de Copenhague":
		return "FR"
	}
	return x.Country
}

func fromDemo(x demo.Organisation) Organisation {
	tongue := x.NameLang
	if tongue == "" {
		tongue = nameLanguage(x.Name, x.Country)
	}
	o := Organisation{Entry: entry.Entry{ID: demo.OrganisationID(x.Slug), Class: x.Kind, Lang: tongue,
		Fields: map[string]lang.Text{entry.Title: lang.New(tongue, x.Name)}}}
	if !x.Story.Empty() {
		o.Fields[entry.Summary] = x.Story
	}
	if !x.Note.Empty() {
		o.Fields[Doubt] = x.Note
	}
	o.Languages = x.Languages
	switch {
	case x.Located():
		o.Place = place.Place{Name: x.City, Country: x.Country, Lat: x.Lat, Lon: x.Lon, Precision: place.InTown}
	case x.Country != "":
		at, _ := place.Country(x.Country)
		o.Place = place.Place{Country: x.Country, Lat: at.Lat, Lon: at.Lon, Precision: place.InCountry}
	}
	return o
}
