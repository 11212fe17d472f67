package library_test

import (
	"net/url"
	"strings"
	"testing"

	"alliance/internal/housetest"
)

// outputs are all the ways in which a record leaves.
func outputs(id string) []string {
	list := []string{"/en/initiatives/" + id, "/en/initiatives", "/en/map", "/en/map?q=desk", "/en/map.geojson", "/en/map/points", "/en/embed/map", "/en/embed/initiative", "/en/guide/initiative", "/en/search?q=desk", "/en/library?q=desk",
		"/en/history/" + id, "/en/lineage/" + id, "/en/translate/" + id, "/api/v1/initiatives/" + id, "/api/v1/initiatives", "/api/v1/entries/" + id + "/history"}
	for _, ext := range []string{"csv", "json", "geojson", "jsonld", "atom", "feed.json", "docx", "xlsx"} {
		list = append(list, "/en/open/initiative."+ext)
	}
	for _, ext := range []string{"csv", "json", "geojson", "jsonld"} {
		list = append(list, "/en/open/initiative/"+id+"."+ext)
	}
	return list
}

// TestAPlaceIsToldOnPurpose: exactly with its address, by its town, or by its
// country; and what is told less closely from now on is so everywhere, in what
// was written before, too.
func TestAPlaceIsToldOnPurpose(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		own, _ := delegate(h, "Quay")
		form := own.Get("/en/initiatives/new")
		desk := url.Values{"title": {"Desk"}, "summary": {"A desk."}, "category": {"legal"}, "country": {"France"}, "town": {"Lyon"}}
		with := func(more ...string) url.Values {
			v := url.Values{}
			for name, values := range desk {
				v[name] = values
			}
			for i := 0; i+1 < len(more); i += 2 {
				v.Set(more[i], more[i+1])
			}
			return v
		}
		form.Submit("Publish", nil, with("address", "12 rue des Lilas")).Status(422).Has(".error-summary", "shown to everybody").Has("main", "Street and number")
		form.Submit("Publish", nil, with("precision", "exact", "position", "by the bridge")).Status(422).Has(".error-summary", "We do not understand this point")
		form.Submit("Publish", nil, with("precision", "exact", "position", "14.69, -17.44")).Status(422).Has(".error-summary", "far from Lyon")
		form.Submit("Publish", nil, with("precision", "exact", "town", "")).Status(422).Has(".error-summary", "Write the town")
		page := form.Submit("Publish", nil, with("precision", "exact", "address", "12 rue des Lilas", "position", "https://www.openstreetmap.org/#map=19/45.76543/4.81234")).Status(200).Has("main", "12 rue des Lilas").Has("main", "Lyon")
		id := idOf(page.Path)
		told := func(words string) (places []string) {
			for _, path := range outputs(id) {
				if strings.Contains(h.Visitor().Get(path).Status(200).Body, words) {
					places = append(places, path)
				}
			}
			return places
		}
		for words, least := range map[string]int{"12 rue des Lilas": 7, "45.7654": 6, "Lyon": 12} {
			if places := told(words); len(places) < least {
				t.Errorf("%q is told exactly by %d only: %q", words, len(places), places)
			}
		}
		edit := own.Get(page.Path+"/edit").Has("main", "Street and number")
		if !strings.Contains(edit.Body, "45.7654, 4.8123") || !strings.Contains(edit.Body, "12 rue des Lilas") {
			t.Error("the form forgets where it is")
		}

		edit.Submit("Save", nil, url.Values{"precision": {"town"}}).Status(422).Has(".error-summary", "Take it away")
		edit.Submit("Save", nil, url.Values{"precision": {"town"}, "address": {""}}).Status(200)
		for _, words := range []string{"12 rue des Lilas", "45.7654", "4.8123"} {
			if places := told(words); len(places) > 0 {
				t.Errorf("told by its town, %q is still in %q", words, places)
			}
		}
		own.Get(page.Path+"/edit").Submit("Save", nil, url.Values{"precision": {"country"}}).Status(200)
		for _, words := range []string{"Lilas", "Lyon"} {
			if places := told(words); len(places) > 0 {
				t.Errorf("told by its country, %q is still in %q", words, places)
			}
		}
		if len(told("France")) == 0 {
			t.Error("the country is gone, too")
		}
	})
}
