package demo

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"alliance/internal/platform/lang"
)

// Organisation is one that took part in 2019, or an invented one.
type Organisation struct {
	Slug      string
	Name      string // as printed, scan errors put right
	Printed   string // as printed in the report; "" for an invented one
	NameLang  string // language of an invented name; "" = not known
	Kind      string // local_authority, civil_society, migrant_led, network, public_institution, academia
	Country   string // ISO 3166-1 alpha-2, "" = none printed
	City      string // "" = not known
	Lat, Lon  float64
	Note      lang.Text // the editors' doubt about the printed entry; empty = none
	Languages []string  // of work; guessed from the country where that is safe, else none
	Invented  bool
	Story     lang.Text // invented ones: one sentence for the profile page
	Delegate  string    // invented ones: name of the person who votes for it
	Email     string    // of that person, at example.org
}

// Located tells whether a place is known.
func (o Organisation) Located() bool { return o.City != "" }

// corrected are the names that the report's scan garbled.
var corrected = map[string]string{
	"Central Geral dos Trabalhadores de Portugal (CGTO-IN)": "Central Geral dos Trabalhadores de Portugal (CGTP-IN)",
	"CNCD- I.I.I.I.I":                       "CNCD-11.11.11",
	"Collabotatrice du sénateur de l'Isère": "Collaboratrice du sénateur de l'Isère",
}

// spoken are the languages of work that a country makes safe to guess.
var spoken = map[string][]string{
	"FR": {"fr"}, "BR": {"pt"}, "PT": {"pt"}, "ES": {"es"}, "UY": {"es"}, "GT": {"es"}, "IT": {"it"},
	"DE": {"de"}, "US": {"en"}, "MA": {"ar", "fr"}, "TN": {"ar", "fr"}, "NE": {"fr"}, "ML": {"fr"},
}

// Organisations gives the 116 of 2019, in the report's order.
func Organisations() []Organisation { return slices.Clone(organisations()) }

var organisations = sync.OnceValue(func() []Organisation {
	b := openBook("launch")
	rows := mustCSV("launch/organisations.csv")
	all := make([]Organisation, 0, len(rows)-1)
	for _, row := range rows[1:] {
		o := Organisation{Name: row[0], Printed: row[0], Kind: row[1], Country: row[2], City: row[3], Lat: number(row[4]), Lon: number(row[5])}
		if name, ok := corrected[o.Name]; ok {
			o.Name = name
		}
		o.Slug = slug(o.Name)
		o.Note = b.maybe("note." + o.Slug)
		if o.Note.Empty() && row[6] != "" {
			panic(fmt.Sprintf("demo: the doubt about %s has no words", o.Slug))
		}
		if o.Note.Empty() || strings.HasPrefix(o.Slug, "ville-") {
			o.Languages = spoken[o.Country] // where the country itself is in doubt nothing follows from it
		}
		all = append(all, o)
	}
	return all
})

// ParticipantsFile is the list as printed, scan errors included: a file to
// try the import with (UTF-8, semicolons; columns Nom, Type, Pays).
func ParticipantsFile() []byte {
	raw, err := files.ReadFile("launch/participants-raw.csv")
	if err != nil {
		panic(err)
	}
	return raw
}

// slug is the name as it stands in an address: ville-de-sao-paulo-bresil.
func slug(name string) string {
	var b strings.Builder
	for _, r := range lang.Fold(name) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	s := b.String()
	if len(s) > 60 {
		s = s[:60]
		s = s[:strings.LastIndexByte(s, '-')]
	}
	return strings.Trim(s, "-")
}

func number(s string) float64 {
	if s == "" {
		return 0
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		panic(err)
	}
	return f
}

func mustCSV(name string) [][]string {
	f, err := files.Open(name)
	if err != nil {
		panic(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		panic(fmt.Sprintf("demo: %s: %v", name, err))
	}
	return rows
}
