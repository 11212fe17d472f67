package document

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"strings"

	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
)

// DemoID gives a document of the demonstration.
func DemoID(slug string) string { return id.Named("demo/document/" + slug) }

// demo puts invented forms and a drawn picture beside an invented practice, an
// invented city and one of its events.
func (f *Feature) demo(ctx context.Context, tx *db.Tx) error {
	card := id.Named("demo/practice/card")
	if _, err := entry.Get(ctx, tx, card); err != nil {
		if fault.Is(err, fault.KindNotFound) {
			return nil
		}
		return err
	}
	for _, s := range []struct {
		slug, beside, name string
		content            io.Reader
		Document
	}{
		{"card-form", card, "demande-de-carte.txt", strings.NewReader(form), Document{Words: "Formulaire de demande de la carte, à reprendre (inventé)", Lang: "fr", Holds: "fr", Credit: "Ville de Port-Oriane", Licence: "CC0-1.0"}}, // #nosec G101 -- a line of credit
		{"card-picture", card, "carte.png", drawn(), Document{Words: "Dessin de la carte : trois fils qui se croisent, sans nom ni visage", Lang: "fr", Consent: Nobody, Credit: "Ville de Port-Oriane", Licence: "CC-BY-4.0"}},        // #nosec G101 -- a line of credit
		{"city-plan", demo.OrganisationID("ville-de-port-oriane"), "plan-accueil.txt", strings.NewReader(plan), Document{Words: "Où aller en arrivant à Port-Oriane (inventé)", Lang: "fr", Holds: "fr", Licence: "CC0-1.0"}},
		{"law-programme", demo.EntryID("calendar", "aide-juridique"), "programa.txt", strings.NewReader(programme), Document{Words: "Programa do dia, para imprimir (inventado)", Lang: "pt", Holds: "pt", Credit: "Casa da Figueira"}}, // #nosec G101 -- a line of credit
	} {
		taken, err := f.Files.Take(ctx, s.content, s.name, limits)
		if err != nil {
			return err
		}
		d := s.Document
		if d.File, err = f.Files.Keep(ctx, tx, taken, "", "document"); err != nil {
			return err
		}
		d.ID, d.Entry, d.At = DemoID(s.slug), s.beside, tx.Now()
		if err := put(ctx, tx, d); err != nil {
			return err
		}
	}
	return nil
}

const plan = `OÙ ALLER EN ARRIVANT (ville inventée)

1. Le guichet d'accueil, quai des Tilleuls, sans rendez-vous.
2. La Maison des Deux Rives, pour un repas et une adresse postale.
`

const programme = `PROGRAMA DO DIA (inventado)

10:00 Acolhimento e café
10:30 O direito à saúde, em dez perguntas
13:00 Almoço
14:30 Casos, em grupos pequenos
`

const form = `DEMANDE DE CARTE (modèle inventé, libre de droits)

1. Le nom que vous voulez voir sur la carte :
2. Le quartier où vous vivez :
3. Une personne ou une association qui vous connaît ici :

Nous ne demandons ni papiers, ni statut, ni nationalité.
Nous ne gardons pas cette feuille.
`

// drawn is a small picture in which nobody can be recognised.
func drawn() io.Reader {
	const wide, high = 480, 300
	img := image.NewPaletted(image.Rect(0, 0, wide, high), color.Palette{color.RGBA{0xFB, 0xF7, 0xF0, 0xFF}, color.RGBA{0x2C, 0x2F, 0x7C, 0xFF}, color.RGBA{0xB0, 0x4A, 0x22, 0xFF}, color.RGBA{0, 0x5F, 0x5A, 0xFF}})
	for x := range wide {
		for strand := range 3 {
			y := high/2 + int(70*math.Sin(float64(x)/60+float64(strand)*2*math.Pi/3))
			for dy := -5; dy <= 5; dy++ {
				img.SetColorIndex(x, y+dy, uint8(strand+1))
			}
		}
	}
	var b bytes.Buffer
	_ = png.Encode(&b, img) // into memory
	return &b
}
