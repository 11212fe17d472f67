package opendata_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"alliance/internal/housetest"
	"alliance/internal/platform/db"
)

// A program that is given an address of ours learns how to show it: a list with
// its filters in a frame that opens, one record as a link, all else not at all.
func TestOEmbed(t *testing.T) {
	h := housetest.New(t, db.SQLite, housetest.Demonstration)
	v := h.Visitor()
	origin := h.Server.URL
	ask := func(address, more string) *housetest.Page {
		return v.Get("/en/oembed?url=" + url.QueryEscape(address) + more)
	}
	answer := func(p *housetest.Page) (o struct {
		Type, Title, HTML string
		Width, Height     int
	}) {
		if err := json.Unmarshal([]byte(p.Status(200).Body), &o); err != nil {
			t.Fatal(err)
		}
		return o
	}
	list := v.Get("/ar/practices?country=FR").Status(200)
	if !strings.Contains(list.Body, `type="application/json+oembed"`) || !strings.Contains(list.Body, `type="application/atom+xml"`) {
		t.Error("the list does not say where its other forms are")
	}
	o := answer(ask(origin+"/ar/practices?country=FR&after=x", "&maxwidth=400&format=json"))
	if o.Type != "rich" || o.Width != 400 || !strings.Contains(o.HTML, origin+"/ar/embed/practice?country=FR&#34;") && !strings.Contains(o.HTML, origin+`/ar/embed/practice?country=FR"`) {
		t.Errorf("%+v", o)
	}
	v.Get("/ar/embed/practice?country=FR").Status(200)
	if o := answer(ask(origin+"/fr/calendar", "")); !strings.Contains(o.HTML, "/fr/embed/event") {
		t.Errorf("%+v", o)
	}
	one := v.Get("/fr/practices").Links("h2")[0]
	if o := answer(ask(origin+one, "")); o.Type != "link" || o.Title == "" || o.HTML != "" {
		t.Errorf("%+v", o)
	}
	for _, address := range []string{"", "https://elsewhere.example/fr/practices", origin + "/fr/search", origin + "/xx/practices", origin + "/fr/practices/none"} {
		ask(address, "").Status(404)
	}
	ask(origin+"/fr/practices", "&format=xml").Status(404)
}

func TestOpenSearch(t *testing.T) {
	h := housetest.New(t, db.SQLite)
	page := h.Visitor().Get("/ar/opensearch.xml").Status(200)
	if !strings.Contains(page.Body, `template="`+h.Server.URL+`/ar/search?q={searchTerms}"`) {
		t.Error(page.Body)
	}
	if home := h.Visitor().Get("/ar/"); !strings.Contains(home.Body, `href="/ar/opensearch.xml"`) {
		t.Error("no page says where the search is described")
	}
}
