package opendata_test

import (
	"encoding/json"
	"encoding/xml"
	"slices"
	"strings"
	"testing"

	"alliance/internal/feature/practice"
	"alliance/internal/housetest"
	"alliance/internal/platform/db"
)

// A text that is not there in the reader's language comes in its own, and each
// file says so of that text: a German title is not told to be Portuguese, nor a
// French one German because of the words below it.
func TestFilesSayInWhichLanguageAWordIs(t *testing.T) {
	h := housetest.New(t, db.SQLite, housetest.Demonstration)
	v, id := h.Visitor(), practice.DemoID("night") // title in German, English and French; its problem in German alone
	const german, french = "Nachtquartier in leeren Büros", "Un abri de nuit dans des bureaux vides"
	linked := func(tag string) map[string]any {
		var doc struct {
			Graph []map[string]any `json:"@graph"`
		}
		if err := json.Unmarshal([]byte(v.Get("/"+tag+"/open/practice/"+id+".jsonld").Status(200).Body), &doc); err != nil || len(doc.Graph) != 1 {
			t.Fatal(err, doc)
		}
		return doc.Graph[0]
	}
	fr, pt, de := linked("fr"), linked("pt"), linked("de")
	if tags, ok := fr["inLanguage"].([]any); fr["name"] != french || !ok || !slices.Equal(tags, []any{"fr", "de"}) {
		t.Errorf("fr: %v in %v", fr["name"], fr["inLanguage"])
	}
	if name, ok := pt["name"].(map[string]any); !ok || name["@value"] != german || name["@language"] != "de" || pt["inLanguage"] != "de" {
		t.Errorf("pt: %v in %v", pt["name"], pt["inLanguage"])
	}
	if de["name"] != german || de["inLanguage"] != "de" {
		t.Errorf("de: %v in %v", de["name"], de["inLanguage"])
	}
	if by, ok := pt["author"].(map[string]any)["name"].(map[string]any); !ok || by["@language"] != "de" {
		t.Errorf("the organisation's name: %v", pt["author"])
	}

	var feed struct {
		Language string
		Items    []struct {
			ID, Title, Language string
			Told                *struct{ Title, Summary string } `json:"_languages"`
		}
	}
	read := func(tag string) {
		feed.Items = nil
		if err := json.Unmarshal([]byte(v.Get("/"+tag+"/open/practice.feed.json").Status(200).Body), &feed); err != nil {
			t.Fatal(err)
		}
	}
	read("ar")
	for _, i := range feed.Items { // its title is there in Arabic, its words are in Italian
		if strings.HasSuffix(i.ID, practice.DemoID("interpret")) && (i.Language != "it" || i.Told == nil || i.Told.Title != "ar" || i.Told.Summary != "it") {
			t.Errorf("feed: %+v %+v", i, i.Told)
		}
	}
	read("pt")
	if feed.Language != "pt" || len(feed.Items) < 5 {
		t.Errorf("%s, %d items", feed.Language, len(feed.Items))
	}
	for _, i := range feed.Items {
		if strings.HasSuffix(i.ID, id) && (i.Title != german || i.Language != "de" || i.Told != nil) {
			t.Errorf("feed: %+v %+v", i, i.Told)
		}
	}

	var atom struct {
		Lang    string `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
		Entries []struct {
			Title struct {
				S    string `xml:",chardata"`
				Lang string `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
			} `xml:"title"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal([]byte(v.Get("/pt/open/practice.atom").Status(200).Body), &atom); err != nil || atom.Lang != "pt" {
		t.Fatal(err, atom.Lang)
	}
	if !slices.ContainsFunc(atom.Entries, func(e struct {
		Title struct {
			S    string `xml:",chardata"`
			Lang string `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
		} `xml:"title"`
	}) bool {
		return e.Title.S == german && e.Title.Lang == "de"
	}) {
		t.Error("atom: the German title is not told to be German")
	}
}
