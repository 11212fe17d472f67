package place_test

import (
	"encoding/json"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"alliance/internal/platform/place"

	"pgregory.net/rapid"
)

// launch is the list of the launch meeting: name, country, town, latitude, longitude.
func launch(t *testing.T) [][]string {
	b, err := os.ReadFile("testdata/launch-2019.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for line := range strings.Lines(string(b)) {
		if cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t"); line[0] != '#' {
			if len(cells) != 5 {
				t.Fatalf("damaged line %q", line)
			}
			rows = append(rows, cells)
		}
	}
	if len(rows) < 100 {
		t.Fatalf("only %d rows", len(rows))
	}
	return rows
}

func near(lat, lon string, t place.Town) bool {
	a, _ := strconv.ParseFloat(lat, 64)
	b, _ := strconv.ParseFloat(lon, 64)
	return math.Abs(a-t.Lat) <= 0.1 && math.Abs(b-t.Lon) <= 0.1
}

func TestTownsOfTheLaunchMeetingAreFoundInNames(t *testing.T) {
	for _, r := range launch(t) {
		found := place.FindInText(r[0], r[1])
		switch {
		case r[2] == "" && len(found) > 0:
			t.Errorf("%s: names no town, found %v", r[0], found)
		case r[2] != "" && (len(found) == 0 || !near(r[3], r[4], found[0])):
			t.Errorf("%s: want %s %s %s, found %v", r[0], r[2], r[3], r[4], found)
		}
	}
}

func TestTownsOfTheLaunchMeetingAreLookedUp(t *testing.T) {
	for _, r := range launch(t) {
		if r[2] == "" {
			continue
		}
		if found := place.Lookup(r[2], r[1]); len(found) == 0 || !near(r[3], r[4], found[0]) {
			t.Errorf("%s in %s: found %v", r[2], r[1], found)
		}
	}
}

func TestFindInText(t *testing.T) {
	for _, c := range []struct{ text, country, want string }{
		{"Ville du Havre", "", "FR Le Havre"},
		{"Ville des Lilas", "", "FR Les Lilas"},
		{"VILLE DE PARIS", "", "FR Paris"},
		{"ville de grande-synthe", "", "FR Grande-Synthe"},
		{"Ville de la seyne sur mer", "FR", "FR La Seyne-sur-Mer"},
		{"Mairie de Saint Denis (La Réunion)", "", "RE Saint-Denis"},
		{"Mairie de Saint-Denis", "", "FR Saint-Denis"},
		{"Gao, Mali", "", "ML Gao"},
		{"Ville de São Paulo (Brésil)", "", "BR São Paulo"},
		{"Lille, Nantes et Grenoble", "", "FR Lille|FR Nantes|FR Grenoble"},
		{"Ville de Lyon (7e arr.)", "FR", "FR Lyon"},
		{"Comune dell'Aquila", "", "IT L'Aquila"},
		{"Comune di Milano", "", "IT Milan"},
		{"Ajuntament de València", "", "ES Valencia"},
		{"Prefeitura do Rio de Janeiro", "", "BR Rio de Janeiro"},
		{"بلدية تونس", "", "TN Tunis"},
		{"Collectif Lyonnais", "", "FR Lyon"},
		{"Université de Copenhague", "FR", "DK Copenhagen"},
		{"Salam Nord-Pas-de-Calais", "FR", ""},
		{"Instituto Vladimir Herzog", "", ""},
		{"Conseil du Luxembourg", "", ""},
		{"Ville pour tous", "FR", ""}, {"Villes et territoires accueillants", "FR", ""}, {"Une ville en transition", "", ""},
		{"", "", ""}, {"(", "", ""}, {"d'", "FR", ""}, {"--", "", ""},
	} {
		var got []string
		for _, town := range place.FindInText(c.text, c.country) {
			got = append(got, town.Country+" "+town.Name)
		}
		if s := strings.Join(got, "|"); s != c.want {
			t.Errorf("%q in %q: %s, want %s", c.text, c.country, s, c.want)
		}
	}
}

func TestLookupFindsATownByItsNamesInAllLanguages(t *testing.T) {
	for want, names := range map[string]string{
		"PT Lisbon":           "Lisbonne|Lisboa|Lisbon|lisbona|Lissabon|لشبونة|LISBONNE",
		"MA Tangier":          "Tanger|Tangier|Tánger|Tangeri|طنجة",
		"IT Palermo":          "Palerme|palermo|باليرمو",
		"TN Tunis":            "Tunis|Túnez|Tunisi|تونس",
		"DK Copenhagen":       "Copenhague|København|Kopenhagen|Copenaghen",
		"FR Dunkirk":          "Dunkerque|Dünkirchen",
		"FR La Seyne-sur-Mer": "La-Seyne-sur-Mer|la seyne sur mer|LA SEYNE SUR MER",
		"US New York City":    "New York|Nueva York|نيويورك",
		"GR Athens":           "Athènes|Αθήνα|Atene",
		"YE Sanaa":            "Sana'a|Sanaa|Sana’a",
		"CH Sankt Gallen":     "St Gallen|Sankt Gallen|St. Gallen",
	} {
		for _, name := range strings.Split(names, "|") {
			found := place.Lookup(name, "")
			if len(found) == 0 || found[0].Country+" "+found[0].Name != want {
				t.Errorf("%s: %v, want %s", name, found, want)
			}
		}
	}
	for _, nothing := range []string{"", " ", "-", "Xyzzyville", "\xff"} {
		if found := place.Lookup(nothing, ""); len(found) > 0 {
			t.Errorf("%q: %v", nothing, found)
		}
	}
	if found := place.Lookup("Paris", "us"); len(found) < 2 || found[0].Country != "US" || found[0].Population < found[1].Population {
		t.Errorf("Paris in the United States: %v", found)
	}
	if name := place.Lookup("Lisboa", "PT")[0].In("ar"); name != "لشبونة" {
		t.Errorf("Lisbon in Arabic: %s", name)
	}
}

func TestSuggest(t *testing.T) {
	for typed, want := range map[string]string{"greno": "Grenoble", "st": "Stockholm", "St Den": "Saint-Denis", "Paris ": "Paris", "lisbo": "Lisbon", "GRANDE S": "Grande-Synthe", "طنج": "Tangier"} {
		found := place.Suggest(typed, "", 5)
		if len(found) == 0 || found[0].Name != want {
			t.Errorf("%q: %v, want %s first", typed, found, want)
		}
		for i := 1; i < len(found); i++ {
			if found[i].Population > found[i-1].Population || found[i].ID == found[i-1].ID {
				t.Errorf("%q: not in order or twice: %v", typed, found)
			}
		}
	}
	for _, n := range []int{0, -1} {
		if found := place.Suggest("pa", "", n); len(found) > 0 {
			t.Errorf("%d asked, %v", n, found)
		}
	}
}

func TestNearest(t *testing.T) {
	for _, c := range []struct {
		lat, lon float64
		want     string
	}{{48.8566, 2.3522, "Paris"}, {16.27, -0.04, "Gao"}, {-16.5, -179.99, "Lambasa|Labasa|Waiyevo|Somosomo"}, {-90, 0, "McMurdo Station"}} {
		if got := place.Nearest(c.lat, c.lon); !strings.Contains("|"+c.want+"|", "|"+got.Name+"|") {
			t.Errorf("%v %v: %v, want %s", c.lat, c.lon, got, c.want)
		}
	}
	for _, bad := range [][2]float64{{91, 0}, {0, 181}, {math.NaN(), 0}, {0, math.Inf(1)}} {
		if got := place.Nearest(bad[0], bad[1]); got != (place.Town{}) {
			t.Errorf("%v: %v", bad, got)
		}
	}
}

func TestParseCountry(t *testing.T) {
	for want, names := range map[string]string{
		"US": "États-Unis|Etats Unis|USA|U.S.A.|us|United States|Estados Unidos|الولايات المتحدة|les États-Unis d’Amérique",
		"BR": "Brésil|bresil|Brasil|Brazil|BRA|البرازيل|le Brésil",
		"DE": "Allemagne|Germany|Deutschland|Alemania|Alemanha|Germania|ألمانيا",
		"GB": "Royaume-Uni|UK|U.K.|United Kingdom|Angleterre",
		"CD": "RDC|Congo-Kinshasa|République démocratique du Congo", "CG": "Congo|Congo-Brazzaville",
		"NL": "Pays-Bas|The Netherlands|Holland|هولندا", "CI": "Cote d'Ivoire|Ivory Coast|Elfenbeinküste",
		"CZ": "République tchèque|Tchéquie|Czechia", "TN": "Tunisie|la Tunisie|تونس", "NE": "Niger", "NG": "Nigéria|Nigeria",
		"PS": "Palestine|فلسطين", "FR": "France|Frankreich|Francia|فرنسا| France ", "XK": "Kosovo", "CH": "ch|Suisse",
	} {
		for _, name := range strings.Split(names, "|") {
			if code, ok := place.ParseCountry(name); !ok || code != want {
				t.Errorf("%s: %s %v, want %s", name, code, ok, want)
			}
		}
	}
	for _, nothing := range []string{"", "-", "Atlantide", "la", "les", "Paris", strings.Repeat("France ", 100)} {
		if code, ok := place.ParseCountry(nothing); ok && nothing != "la" {
			t.Errorf("%q: %s", nothing, code)
		}
	}
}

func TestCountriesHaveTheirMiddle(t *testing.T) {
	if n := len(place.Countries()); n < 240 {
		t.Errorf("only %d countries", n)
	}
	for _, code := range place.Countries() {
		c, ok := place.Country(strings.ToLower(code))
		if !ok || c.Code != code || len(c.Alpha3) != 3 || c.Continent == "" || c.Region == "" || math.Abs(c.Lat) > 90 || math.Abs(c.Lon) > 180 {
			t.Errorf("%s: %+v", code, c)
		}
	}
	for code, want := range map[string][2]float64{"FR": {46.6, 2.4}, "FJ": {-17.8, 178}, "US": {39.5, -99}, "RU": {61.7, 99.7}} {
		if c, _ := place.Country(code); math.Abs(c.Lat-want[0]) > 1 || math.Abs(c.Lon-want[1]) > 1 {
			t.Errorf("%s: %v %v, want %v", code, c.Lat, c.Lon, want)
		}
	}
}

func TestPublic(t *testing.T) {
	lyon := place.Lookup("Lyon", "FR")[0]
	for _, c := range []struct {
		what     string
		in, want place.Place
	}{
		{"an address told by its town", place.Place{Name: "12 rue de la Paix, Lyon", Country: "FR", Lat: 45.7601, Lon: 4.8321, Precision: place.InTown},
			place.Place{Name: "Lyon", Country: "FR", Lat: lyon.Lat, Lon: lyon.Lon, Precision: place.InTown}},
		{"an address without a point", place.Place{Name: "12 rue Neuve, Lyon", Country: "FR", Precision: place.InTown},
			place.Place{Name: "Lyon", Country: "FR", Lat: lyon.Lat, Lon: lyon.Lon, Precision: place.InTown}},
		{"another language keeps its name", place.Place{Name: "Lisbonne", Country: "PT", Lat: 38.7, Lon: -9.1, Precision: place.InTown},
			place.Place{Name: "Lisbonne", Country: "PT", Lat: 38.725, Lon: -9.15, Precision: place.InTown}},
		{"no such town", place.Place{Name: "Secret", Country: "FR", Precision: place.InTown},
			place.Place{Country: "FR", Lat: 46.62, Lon: 2.45, Precision: place.InCountry}},
		{"a country", place.Place{Name: "Lyon", Country: "FR", Lat: 45.76, Lon: 4.83, Precision: place.InCountry},
			place.Place{Country: "FR", Lat: 46.62, Lon: 2.45, Precision: place.InCountry}},
		{"exact", place.Place{Name: "12 rue Neuve", Country: "FR", Lat: 45.7601234, Lon: 4.83, Precision: place.Exact},
			place.Place{Name: "12 rue Neuve", Country: "FR", Lat: 45.7601, Lon: 4.83, Precision: place.Exact}},
		{"nothing told", place.Place{Name: "12 rue Neuve", Country: "FR", Lat: 45.76, Lon: 4.83}, place.Place{}},
		{"a precision nobody knows", place.Place{Name: "12 rue Neuve", Country: "FR", Lat: 45.76, Lon: 4.83, Precision: 7}, place.Place{}},
	} {
		if got := c.in.Public(); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.what, got, c.want)
		}
	}
}

// What is told by town or country says no more than the town or country, and
// telling it twice changes nothing.
func TestPublicKeepsItsPromise(t *testing.T) {
	names := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "Lyon", "Lisbonne", "4 rue X, Gao", "Saint-Denis", "Springfield"}))
	rapid.Check(t, func(t *rapid.T) {
		p := place.Place{Name: names.Draw(t, "name"), Country: rapid.SampledFrom([]string{"", "FR", "pt", "ZZ", "US"}).Draw(t, "country"),
			Lat: rapid.Float64().Draw(t, "lat"), Lon: rapid.Float64Range(-200, 200).Draw(t, "lon"), Precision: place.Precision(rapid.IntRange(-1, 4).Draw(t, "precision"))}
		if rapid.Bool().Draw(t, "on Earth") {
			p.Lat = rapid.Float64Range(-90, 90).Draw(t, "latitude")
		}
		public := p.Public()
		if again := public.Public(); again != public {
			t.Fatalf("%+v, then %+v", public, again)
		}
		if public.Precision > max(place.None, p.Precision) {
			t.Fatalf("%+v became more exact: %+v", p, public)
		}
		if _, err := json.Marshal(public); err != nil {
			t.Fatal(err)
		}
		switch public.Precision {
		case place.InTown:
			for _, town := range place.Lookup(public.Name, public.Country) {
				if town.Lat == public.Lat && town.Lon == public.Lon {
					return
				}
			}
			t.Fatalf("%+v is no town", public)
		case place.InCountry:
			if c, ok := place.Country(public.Country); !ok || public.Name != "" || c.Lat != public.Lat || c.Lon != public.Lon {
				t.Fatalf("%+v tells more than a country", public)
			}
		}
	})
}

func FuzzParseCountry(f *testing.F) {
	for _, s := range []string{"États-Unis", "la", "U.K.", "\xff", "ﷺ", "İ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if code, ok := place.ParseCountry(s); ok {
			if _, known := place.Country(code); !known {
				t.Errorf("%q gives %q", s, code)
			}
		} else if code != "" {
			t.Errorf("%q: %q though not ok", s, code)
		}
	})
}

func FuzzFindInText(f *testing.F) {
	for _, s := range []string{"Ville d'Agadez", "Emmaüs Bourg Servas", "--", "d'", "'", "Nord-Pas-de-Calais (", "بلدية تونس", "\xff'’-", "İSTANBUL", "(Brésil)"} {
		f.Add(s, "")
		f.Add(s, "FR")
	}
	f.Fuzz(func(t *testing.T, s, country string) {
		seen := map[int]bool{}
		for _, town := range place.FindInText(s, country) {
			if town.Name == "" || seen[town.ID] {
				t.Errorf("%q: %v", s, town)
			}
			seen[town.ID] = true
			if again, ok := place.ByID(town.ID); !ok || again != town {
				t.Errorf("%v is not %v", again, town)
			}
		}
		place.Suggest(s, country, 3)
	})
}
