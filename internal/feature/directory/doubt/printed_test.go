package doubt_test

import (
	"encoding/csv"
	"os"
	"reflect"
	"strings"
	"testing"

	"alliance/internal/feature/directory/doubt"
	"alliance/internal/platform/place"
)

var kinds = map[string]string{"Organisation de la société civile": "civil_society", "Autorité locale": "local_authority", "Réseau d'acteurs institutionnels": "network",
	"Institution publique": "public_institution", "Milieu académique": "academia"}

// printed reads the list of 2019 as its report prints it.
func printed(t *testing.T) []doubt.Row {
	t.Helper()
	raw, err := os.ReadFile("../testdata/participants-raw.csv")
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(strings.NewReader(string(raw)))
	r.Comma = ';'
	lines, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []doubt.Row
	for i, l := range lines[1:] {
		country, _ := place.ParseCountry(l[2])
		rows = append(rows, doubt.Row{N: i + 1, Name: l[0], KindRaw: l[1], Kind: kinds[l[1]], CountryRaw: l[2], Country: country})
	}
	return rows
}

// Every doubt that the editors of the list noted must be raised, and no others
// than a careful reader would accept.
func TestDoubtsOfThePrintedList(t *testing.T) {
	type want struct {
		code doubt.Code
		set  doubt.Suggestion
	}
	wanted := map[string][]want{
		"Africités":                            {{doubt.CountryMissing, doubt.Suggestion{}}},
		"Asociación Del Ágora":                 {{doubt.CountryLanguage, doubt.Suggestion{}}},
		"Espacio sin Fronteras":                {{doubt.Region, doubt.Suggestion{}}},
		"UNHCR":                                {{doubt.Agency, doubt.Suggestion{Kind: "public_institution"}}},
		"Ville de Forest":                      {{doubt.TownElsewhere, doubt.Suggestion{}}},
		"Ville de Saint-Denis":                 {{doubt.TownElsewhere, doubt.Suggestion{}}},
		"Ville de Lyon (1er arr.)":             {{doubt.SameCity, doubt.Suggestion{}}},
		"Ville de Lyon (7e arr.)":              {{doubt.SameCity, doubt.Suggestion{}}},
		"Emmaüs Dunkerque":                     {{doubt.SameCity, doubt.Suggestion{}}},
		"Sciences-Po Paris":                    {{doubt.SameCity, doubt.Suggestion{}}},
		"Ecole d'Urbanisme de Paris - Laburba": {{doubt.SameCity, doubt.Suggestion{}}},
		"Carrefour des Solidarités du Littoral Dunkerquois":                            {{doubt.SameCity, doubt.Suggestion{}}},
		"Université de Copenhague":                                                     {{doubt.CountryTown, doubt.Suggestion{Country: "DK", City: "Copenhague"}}},
		"Cités et Gouvernements Locaux Unis d'Afrique (CGLU Afrique)":                  {{doubt.CountryMissing, doubt.Suggestion{Country: "MA"}}},
		"Comité Migraciones y Desplazamientos (Asociación Brasileira de Antropología)": {{doubt.CountryLanguage, doubt.Suggestion{}}},
		"Conseil de la Communauté Marocaine à l'Etranger (CCME)":                       {{doubt.National, doubt.Suggestion{Kind: "public_institution"}}},
		"Central Geral dos Trabalhadores de Portugal (CGTO-IN)": {
			{doubt.ScanAcronym, doubt.Suggestion{Name: "Central Geral dos Trabalhadores de Portugal (CGTP-IN)"}}},
		"CNCD- I.I.I.I.I": {{doubt.CountryKnown, doubt.Suggestion{Country: "BE"}}, {doubt.ScanDigits, doubt.Suggestion{Name: "CNCD-11.11.11"}}},
		"Collabotatrice du sénateur de l'Isère": {{doubt.Person, doubt.Suggestion{Skip: true}},
			{doubt.ScanSpelling, doubt.Suggestion{Name: "Collaboratrice du sénateur de l'Isère"}}},
	}
	rows := printed(t)
	if len(rows) != 116 {
		t.Fatal(len(rows), "rows")
	}
	for i, list := range doubt.Look(rows, nil, "fr") {
		var got []want
		for _, f := range list {
			got = append(got, want{f.Code, f.Set})
		}
		if !reflect.DeepEqual(got, wanted[rows[i].Name]) {
			t.Errorf("%s: %+v, want %+v", rows[i].Name, got, wanted[rows[i].Name])
		}
		delete(wanted, rows[i].Name)
	}
	for name := range wanted {
		t.Error("not in the list:", name)
	}
}

// One row each, for rules that the list of 2019 does not try.
func TestRules(t *testing.T) {
	for _, c := range []struct {
		row  doubt.Row
		want []doubt.Code
	}{
		{doubt.Row{Name: ""}, []doubt.Code{doubt.NameMissing}},
		{doubt.Row{Name: "Reach", CountryRaw: "Atlantis", Kind: "network"}, []doubt.Code{doubt.CountryUnknown}},
		{doubt.Row{Name: "Reach", Country: "FR", CountryRaw: "France", KindRaw: "club"}, []doubt.Code{doubt.KindUnknown}},
		{doubt.Row{Name: "Reach", Country: "FR", CountryRaw: "France"}, []doubt.Code{doubt.KindMissing}},
		{doubt.Row{Name: "C0mmune de Melun", Country: "FR", Kind: "local_authority"}, []doubt.Code{doubt.ScanDigits}},
		{doubt.Row{Name: "AssociaÃ§Ã£o do Rio", Country: "BR", Kind: "civil_society"}, []doubt.Code{doubt.NameOdd}},
		{doubt.Row{Name: "Asociatión Barrio", Country: "ES", Kind: "civil_society"}, []doubt.Code{doubt.ScanSpelling}},
		{doubt.Row{Name: "Ville de Tanger (Maroc)", Country: "FR", Kind: "local_authority"}, []doubt.Code{doubt.CountryNamed}},
		{doubt.Row{Name: "Senator Smith’s adviser", Country: "US", Kind: "local_authority"}, []doubt.Code{doubt.Person}},
		{doubt.Row{Name: "Ministère de l’Intérieur", Country: "FR", Kind: "local_authority"}, []doubt.Code{doubt.National}},
		{doubt.Row{Name: "Pont Neuf", Country: "FR", Kind: "local_authority"}, []doubt.Code{doubt.Authority}},
		{doubt.Row{Name: "Gemeinde Grambach", Country: "AT", Kind: "local_authority"}, nil},
		{doubt.Row{Name: "Ville de Genève", Country: "CH", Kind: "local_authority"}, nil},
		{doubt.Row{Name: "Ayuntamiento de Valdelumbre", Country: "ES", Kind: "local_authority"}, nil},
		{doubt.Row{Name: "جمعية التضامن", Country: "MA", Kind: "civil_society"}, nil},
		{doubt.Row{Name: "Rete dei Comuni Solidali", Country: "IT", Kind: "network"}, nil},
		{doubt.Row{Name: "Rete dei Comuni Solidali", Country: "NE", Kind: "network"}, []doubt.Code{doubt.CountryLanguage}},
	} {
		if c.row.Country != "" && c.row.CountryRaw == "" {
			c.row.CountryRaw = c.row.Country
		}
		var got []doubt.Code
		for _, f := range doubt.Look([]doubt.Row{c.row}, nil, "fr")[0] {
			got = append(got, f.Code)
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%+v: %v, want %v", c.row, got, c.want)
		}
	}
}

func TestDoubles(t *testing.T) {
	rows := []doubt.Row{
		{N: 1, Name: "Association des Villes Accueillantes (AVA)", Country: "FR", CountryRaw: "France", Kind: "network"},
		{N: 2, Name: "Association des villes accueillantes", Country: "FR", CountryRaw: "France", Kind: "civil_society"},
		{N: 3, Name: "Association des Villes Accueillantes (AVA)", Country: "FR", CountryRaw: "France", Kind: "network"},
		{N: 4, Name: "Médecins du Monde", Country: "FR", CountryRaw: "France", Kind: "civil_society"},
		{N: 5, Name: "Quite Another Name", Country: "GB", CountryRaw: "UK", Kind: "civil_society", Website: "example.org"},
	}
	existing := []doubt.Existing{{ID: "e1", Name: "Medecins du Monde", Country: "FR", Kind: "civil_society"}, {ID: "e2", Name: "X", Site: "example.org"}}
	found := doubt.Look(rows, existing, "fr")
	for i, want := range [][]doubt.Code{nil, {doubt.Twice}, {doubt.Twice}, {doubt.Known}, {doubt.Known}} {
		var got []doubt.Code
		for _, f := range found[i] {
			got = append(got, f.Code)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("row %d: %v, want %v", i+1, got, want)
		}
	}
	if s := doubt.Suggested(found[2]); !s.Skip {
		t.Error("the same row twice should be left out:", s)
	}
	if s := doubt.Suggested(found[3]); s.Same != "e1" {
		t.Error("the same name is the same organisation:", s)
	}
}

func FuzzLook(f *testing.F) {
	f.Add("Ville de Lyon (1er arr.)", "FR", "local_authority")
	f.Add("CNCD- I.I.I.I.I (A)", "", "")
	f.Fuzz(func(t *testing.T, name, country, kind string) {
		rows := []doubt.Row{{N: 1, Name: name, Country: country, Kind: kind}, {N: 2, Name: name + " ", Country: "FR"}}
		for _, list := range doubt.Look(rows, []doubt.Existing{{ID: "e", Name: name}}, "fr") {
			for _, one := range list {
				if one.Set.Name != "" && one.Set.Name == name {
					t.Fatalf("%v suggests what is printed", one)
				}
			}
		}
	})
}
