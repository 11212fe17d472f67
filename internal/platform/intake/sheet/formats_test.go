package sheet_test

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"alliance/internal/platform/fault"
	"alliance/internal/platform/intake/sheet"
)

func cellsOf(s sheet.Sheet) (all [][]string) {
	for r := range s.All() {
		all = append(all, r.Cells)
	}
	return all
}

// A workbook as people make them: a title over all columns, a heading over
// two, a kind that stands once for two rows, days, a formula.
func TestWorkbook(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	set := func(at string, v any) {
		if err := f.SetCellValue("Sheet1", at, v); err != nil {
			t.Fatal(err)
		}
	}
	set("A1", "Liste des lieux d’accueil")
	f.MergeCell("Sheet1", "A1", "E1")
	set("C3", "Adresse")
	f.MergeCell("Sheet1", "C3", "D3")
	for i, h := range []string{"Nom", "Type", "Ville", "Pays", "Depuis"} {
		set(fmt.Sprintf("%c4", 'A'+i), h)
	}
	set("A5", "Le Fil")
	set("B5", "Association")
	f.MergeCell("Sheet1", "B5", "B6")
	set("C5", "Lyon")
	set("D5", "France")
	set("E5", 43391)
	day, err := f.NewStyle(&excelize.Style{NumFmt: 14})
	if err != nil {
		t.Fatal(err)
	}
	f.SetCellStyle("Sheet1", "E5", "E5", day)
	set("A6", "La Rive")
	set("C6", "Nantes")
	set("D6", "France")
	f.SetCellFormula("Sheet1", "E6", "E5+1")
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	s, err := sheet.Read(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	got := cellsOf(s)
	if s.Encoding != "XLSX" || s.Above != 2 || len(got) != 3 {
		t.Fatalf("%s, %d above, %q", s.Encoding, s.Above, got)
	}
	if want := []string{"Le Fil", "Association", "Lyon", "France", "2018-10-18"}; !reflect.DeepEqual(got[1], want) {
		t.Errorf("%q", got[1])
	}
	if got[2][1] != "Association" {
		t.Errorf("what stands once for two rows is lost: %q", got[2])
	}
	if !slices.Contains(s.First[2].Marks, sheet.Formula) || slices.Contains(s.First[1].Marks, sheet.Formula) {
		t.Errorf("nobody is told of the formula without a result: %q %v", got[2], s.First[2].Marks)
	}
}

// A second sheet, with more in it, is the one that counts; what stands beside
// its cells is read of it and of no other.
func TestSecondWorksheet(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	if _, err := f.NewSheet("Adresses & lieux"); err != nil {
		t.Fatal(err)
	}
	f.SetCellValue("Sheet1", "A1", "Lisez-moi")
	f.MergeCell("Sheet1", "A1", "C9")
	f.SetSheetRow("Adresses & lieux", "A1", &[]any{"Nom", "Ville", "Places"})
	f.SetSheetRow("Adresses & lieux", "A2", &[]any{"Le Fil", "Lyon", 12})
	f.SetSheetRow("Adresses & lieux", "A3", &[]any{"La Rive", nil, nil})
	f.MergeCell("Adresses & lieux", "B2", "B3")
	f.SetCellFormula("Adresses & lieux", "C3", "C2*2")
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	s, err := sheet.Read(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if got := cellsOf(s); len(got) != 3 || got[2][1] != "Lyon" || len(s.First[1].Marks) > 0 || !slices.Equal(s.First[2].Marks, []sheet.Mark{sheet.Formula}) {
		t.Errorf("%q, marks %v and %v", got, s.First[1].Marks, s.First[2].Marks)
	}
}

func TestTitleRowsAndTwoHeadings(t *testing.T) {
	s, err := sheet.Read([]byte("Annuaire 2024;;;\n;;;\n;;Contact;\nNom;Ville;Courriel;\nLe Fil;Lyon;fil@example.org;oui\nLa Rive;Nantes;rive@example.org;non\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got := s.First[0].Cells; got[0] != "Nom" || got[2] != "Courriel" || s.Above == 0 {
		t.Errorf("%q, %d above", got, s.Above)
	}
}

// Files as uMap, GoGoCarto and GIS programs write them; the places and names are invented.
func TestMaps(t *testing.T) {
	for name, c := range map[string]struct {
		file, format string
		want         map[string]string
	}{
		"GeoJSON": {`{"type":"FeatureCollection","name":"lieux","features":[{"type":"Feature","properties":{"name":"Le Fil","description":"Un toit"},"geometry":{"type":"Point","coordinates":[4.83,45.76]}}]}`, "GeoJSON",
			map[string]string{"name": "Le Fil", "description": "Un toit", "latitude": "45.76", "longitude": "4.83"}},
		"an area, at the date line": {`{"type":"Feature","properties":{"name":"L’île"},"geometry":{"type":"Polygon","coordinates":[[[178,-17],[180,-17],[180,-19],[178,-17]]]}}`, "GeoJSON",
			map[string]string{"name": "L’île", "latitude": "-18.000000", "longitude": "179.000000"}},
		"uMap": {`{"type":"umap","uri":"https://umap.example/m/1","properties":{"name":"Carte","zoom":6},"geometry":{"type":"Point","coordinates":[2,46]},"layers":[{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"Le Fil","_umap_options":{"color":"Green"}},"geometry":{"type":"Point","coordinates":[4.83,45.76]}}],"_umap_options":{"displayOnLoad":true,"name":"Accueil"}}]}`, "uMap",
			map[string]string{"name": "Le Fil", "layer": "Accueil", "latitude": "45.76"}},
		"GoGoCarto": {`{"licence":"ODbL","ontology":"gogofull","data":[{"id":"a1","name":"Le Fil","geo":{"latitude":45.76,"longitude":4.83},"address":{"addressLocality":"Lyon","addressCountry":"FR"},"categories":["Hébergement","Santé"],"categoriesFull":[{"id":1,"name":"Hébergement","description":null}],"email":"fil@example.org"}]}`, "GoGoCarto",
			map[string]string{"name": "Le Fil", "geo.latitude": "45.76", "address.addressLocality": "Lyon", "categories": "Hébergement; Santé", "categoriesFull": "Hébergement"}},
		"ours": {`{"records":[{"id":"x","lang":"fr","texts":{"title":{"ar":"خيط","fr":"Le Fil"}},"answers":{"category":["housing","health"]},"country":"FR"}]}`, "Alliance",
			map[string]string{"title": "Le Fil", "category": "housing; health", "country": "FR"}},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := sheet.Read([]byte(c.file))
			if err != nil {
				t.Fatal(err)
			}
			if s.Encoding != c.format || !s.Named || s.Len != 2 {
				t.Fatalf("%s %v %q", s.Encoding, s.Named, cellsOf(s))
			}
			for column, want := range c.want {
				i := slices.Index(s.First[0].Cells, column)
				if i < 0 || s.First[1].Cells[i] != want {
					t.Errorf("%s: want %q of %q", column, want, cellsOf(s))
				}
			}
			if slices.ContainsFunc(s.First[0].Cells, func(c string) bool { return strings.HasPrefix(c, "_umap") }) {
				t.Error("how a thing is drawn there is no column")
			}
		})
	}
}

func TestRefusedFormats(t *testing.T) {
	deep := strings.Repeat("[", 100_000)
	for name, file := range map[string]string{
		"cut off":            `{"type":"FeatureCollection","features":[{"properties"`,
		"deep":               deep,
		"something behind":   `{"data":[]} more`,
		"no workbook":        "PK\x03\x04 and more",
		"nothing on the map": `{"type":"FeatureCollection","features":[]}`,
	} {
		if _, err := sheet.Read([]byte(file)); fault.Of(err) == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
