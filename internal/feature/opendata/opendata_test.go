package opendata_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/people"
)

// hostile is a name that means something to each format it is written in.
const hostile = `=SUM(A1)<b>&"'` + "\u202e" + `]]>`

func addOrganisation(t *testing.T, c *housetest.Client, set map[string]string) string {
	t.Helper()
	p := c.Get("/en/organisations/new").Status(200).Submit("Save", set).Status(200)
	return p.Path[strings.LastIndexByte(p.Path, '/')+1:]
}

func TestEveryFormatHoldsTheSameRecords(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		c := h.As(h.Person("Rosa", people.Grant{Role: people.Coordinator}).ID, "")
		addOrganisation(t, c, map[string]string{"title": hostile, "kind": "civil_society", "country": "MA", "town": "Tanger"})
		gone := addOrganisation(t, c, map[string]string{"title": "Withdrawn house", "kind": "civil_society", "country": "FR"})
		h.Do(func(ctx context.Context, tx *db.Tx) error {
			_, err := entry.SetState(ctx, tx, people.Actor{}, gone, entry.Withdrawn)
			return err
		})
		get := func(file string) string {
			body := h.Visitor().Get("/fr/open/organisation." + file).Status(200).Body
			if strings.Contains(body, "Withdrawn house") {
				t.Errorf("%s shows what is withdrawn", file)
			}
			return body
		}

		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(get("csv"), "\ufeff"))).ReadAll()
		if err != nil || len(rows) != 2 || rows[0][0] != "id" || rows[1][1] != "'"+hostile {
			t.Errorf("csv: %v %q", err, rows)
		}
		book, err := excelize.OpenReader(strings.NewReader(get("xlsx")))
		if err != nil {
			t.Fatal(err)
		}
		if cell, err := book.GetCellValue("data", "B2"); err != nil || cell != hostile {
			t.Errorf("xlsx: %v %q", err, cell)
		}
		if f, _ := book.GetCellFormula("data", "B2"); f != "" {
			t.Errorf("xlsx: the name became a formula: %q", f)
		}
		var feed struct {
			Entries []struct {
				Title string `xml:"title"`
				Point string `xml:"http://www.georss.org/georss point"`
			} `xml:"entry"`
		}
		if err := xml.Unmarshal([]byte(get("atom")), &feed); err != nil || len(feed.Entries) != 1 || feed.Entries[0].Title != hostile || feed.Entries[0].Point == "" {
			t.Errorf("atom: %v %+v", err, feed)
		}
		var geo struct {
			Features []struct {
				Geometry   struct{ Coordinates [2]float64 }
				Properties map[string]any
			}
		}
		if err := json.Unmarshal([]byte(get("geojson")), &geo); err != nil || len(geo.Features) != 1 || geo.Features[0].Properties["name"] != hostile || geo.Features[0].Geometry.Coordinates[1] < 35 {
			t.Errorf("geojson: %v %+v", err, geo)
		}
		for _, file := range []string{"json", "jsonld", "feed.json"} {
			if body := get(file); !json.Valid([]byte(body)) || !strings.Contains(body, "SUM(A1)") {
				t.Errorf("%s: %.300s", file, body)
			}
		}
		document := docx(t, get("docx"))
		if !strings.Contains(document, "=SUM(A1)") {
			t.Errorf("docx: %.300s", document)
		}
		h.Visitor().Get("/ar/guide/organisation").Status(200).Has("h2", "SUM(A1)")
		h.Visitor().Get("/ar/embed/organisation").Status(200).Has("li", "SUM(A1)")
		h.Visitor().Get("/fr/open").Status(200)
	})
}

// docx gives the words of a text document, which must be well formed.
func docx(t *testing.T, body string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader([]byte(body)), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	words := ""
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		for d := xml.NewDecoder(r); ; {
			token, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
			if s, ok := token.(xml.CharData); ok && f.Name == "word/document.xml" {
				words += string(s)
			}
		}
	}
	return words
}

// A place told by its country is told so in every file.
func TestVaguePlacesStayVague(t *testing.T) {
	h := housetest.New(t, db.SQLite)
	c := h.As(h.Person("Rosa", people.Grant{Role: people.Coordinator}).ID, "")
	addOrganisation(t, c, map[string]string{"title": "House of the country", "kind": "migrant_led", "country": "NE"})
	for _, file := range []string{"atom", "jsonld"} {
		if body := h.Visitor().Get("/fr/open/organisation." + file).Status(200).Body; strings.Contains(body, "point>") || strings.Contains(body, "latitude") {
			t.Errorf("%s tells a point: %s", file, body)
		}
	}
}

func TestListsAreNarrowedAsOnThePage(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		c := h.As(h.Person("Rosa", people.Grant{Role: people.Coordinator}).ID, "")
		addOrganisation(t, c, map[string]string{"title": "One", "kind": "civil_society", "country": "FR"})
		addOrganisation(t, c, map[string]string{"title": "Two", "kind": "migrant_led", "country": "IT"})
		for query, want := range map[string]string{"kind=migrant_led": "Two", "country=FR": "One", "kind=migrant_led&country=FR": ""} {
			rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(h.Visitor().Get("/en/open/organisation.csv?"+query).Status(200).Body, "\ufeff"))).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, r := range rows[1:] {
				got += r[1]
			}
			if got != want {
				t.Errorf("%s: %q, want %q", query, got, want)
			}
		}
		h.Visitor().Get("/en/open/nothing.csv").Status(404)
		h.Visitor().Get("/en/open/organisation.exe").Status(404)
		h.Visitor().Get("/en/open/organisation/unknown.docx").Status(404)
	})
}

// A text that is not in the reader's language, or no longer says what the
// original says, is told beside the others: files hold no marks in their cells.
func TestFilesTellWhatIsNotTranslated(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		rosa := h.Person("Rosa", people.Grant{Role: people.Coordinator}).ID
		c := h.As(rosa, "")
		id := addOrganisation(t, c, map[string]string{"title": "Maison", "title-lang": "fr", "kind": "network", "summary": "Une maison.", "lang": "fr"})
		told := func(tag string) []string {
			rows, err := csv.NewReader(strings.NewReader(h.Visitor().Get("/" + tag + "/open/organisation.csv?column=title&column=untranslated&column=outdated").Status(200).Body)).ReadAll()
			if err != nil || len(rows) != 2 {
				t.Fatal(err, rows)
			}
			return rows[1]
		}
		if got := told("fr"); got[1] != "" || got[2] != "" {
			t.Errorf("in its own language: %q", got)
		}
		if got := told("ar"); got[1] != "title (fr); summary (fr)" {
			t.Errorf("not translated: %q", got)
		}
		h.Do(func(ctx context.Context, tx *db.Tx) error {
			_, err := entry.Translate(ctx, tx, h.Actor(rosa, ""), id, entry.Summary, "ar", "بيت.")
			return err
		})
		c.Get("/en/organisations/"+id+"/edit").Submit("Save", map[string]string{"summary": "Une grande maison."}).Status(200)
		if got := told("ar"); got[1] != "title (fr)" || got[2] != "summary" {
			t.Errorf("translated, then changed: %q", got)
		}
	})
}

// One record leaves in every form from its own page, and its questions as a
// document to fill in.
func TestOneRecordLeavesFromItsPage(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		c := h.As(h.Person("Rosa", people.Grant{Role: people.Coordinator}).ID, "")
		id := addOrganisation(t, c, map[string]string{"title": "Maison", "kind": "network"})
		page := h.Visitor().Get("/ar/organisations/" + id).Status(200)
		files := 0
		for _, href := range page.Links("main") {
			if strings.HasPrefix(href, "/ar/open/organisation/"+id) {
				h.Visitor().Get(href).Status(200)
				files++
			}
		}
		if files < 6 {
			t.Errorf("%d files of one record", files)
		}
		h.Visitor().Get("/ar/practices").Follow("ما نسأل عنه").Status(200)
		words := docx(t, h.Visitor().Get("/ar/open/questions/practice.docx").Status(200).Body)
		for _, want := range []string{"ممارسات", "☐"} {
			if !strings.Contains(words, want) {
				t.Errorf("the form to fill in lacks %q: %.300s", want, words)
			}
		}
		h.Visitor().Get("/ar/open/questions/event.docx").Status(404) // its form is the calendar's own
		h.Visitor().Get("/ar/open/questions/practice.csv").Status(404)
		if body := h.Visitor().Get("/en/oembed?url=" + h.App.House.Origin + "/en/map%3Flayer%3Dwelcome").Status(200).Body; !strings.Contains(body, "/en/embed/map?layer=welcome") {
			t.Errorf("the map cannot be set into other sites: %s", body)
		}
	})
}
