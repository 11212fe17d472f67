package directory_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/people"
)

// filled gives a house with a few organisations, made as a coordinator makes them.
func filled(t *testing.T, h *housetest.House) *housetest.Client {
	t.Helper()
	c := coordinator(h)
	for _, o := range []map[string]string{
		{"title": "Ville de Lyon", "title-lang": "fr", "kind": "local_authority", "country": "France", "town": "Lyon"},
		{"title": "Ville de Palerme", "kind": "local_authority", "country": "Italien", "town": "Palermo"},
		{"title": "Quartiers Solidaires", "kind": "civil_society", "country": "FR", "summary": "Repairs bicycles with newcomers."},
		{"title": "شبكة المتوسط", "title-lang": "ar", "kind": "network", "country": "Maroc", "town": "Tanger"},
	} {
		c.Get("/en/organisations/new").Submit("Save", o, url.Values{"languages": {"fr", "ar"}, "axes": {"A1"}, "themes": {"housing"}}).Status(200).Has("h1", o["title"])
	}
	return c
}

func TestListAndFilters(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		filled(t, h)
		v := h.Visitor()
		for query, want := range map[string]struct {
			n     string
			there []string
		}{
			"":                                  {"4 organisations", []string{"Ville de Lyon", "شبكة المتوسط"}},
			"kind=local_authority":              {"2 organisations", []string{"Ville de Lyon", "Ville de Palerme"}},
			"kind=local_authority&kind=network": {"3 organisations", nil},
			"country=IT":                        {"1 organisation", []string{"Ville de Palerme"}},
			"country=it&kind=network":           {"0 organisations", nil},
			"axis=A1":                           {"4 organisations", nil},
			"axis=A2":                           {"0 organisations", nil},
			"theme=housing&country=MA":          {"1 organisation", []string{"شبكة المتوسط"}},
			"language=ar":                       {"4 organisations", nil},
			"language=de":                       {"0 organisations", nil},
			"q=bicycles":                        {"1 organisation", []string{"Quartiers Solidaires"}},
			"q=lyon":                            {"1 organisation", []string{"Ville de Lyon"}},
			"box=4,45,5,46":                     {"1 organisation", []string{"Ville de Lyon"}},
			"box=nonsense":                      {"4 organisations", nil},
			"after=nowhere":                     {"4 organisations", nil},
		} {
			p := v.Get("/en/organisations?" + query).Status(200)
			p.Has("p.result", want.n)
			for _, name := range want.there {
				p.Has("h2", name)
			}
		}
		// Counts beside a filter keep the other choices open.
		p := v.Get("/en/organisations?kind=local_authority")
		p.Has("form.filter", "Local authority (2)").Has("form.filter", "Civil society (1)").Has("form.filter", "France (1)").Has("form.filter", "Italy (1)").Lacks("form.filter", "Morocco")
		// Nothing found: each way to widen finds something.
		p = v.Get("/en/organisations?country=IT&kind=network")
		p.Has("a", "All kinds").Has("a", "All countries")
		v.Get("/en/organisations?country=IT").Has("p.result", "1 organisation")
		v.Get("/en/organisations?kind=sheep").Status(200).Has("p.result", "0 organisations")
	})
}

// A long list is read from page to page without a gap or a repetition, both ways.
func TestPages(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		c := coordinator(h)
		list := "name;kind;country\n"
		for i := range 60 {
			list += fmt.Sprintf("%c%c station;civil_society;FR\n", 'A'+i/26, 'a'+i%26)
		}
		upload(c, list).Submit("Look through", nil)
		page := c.Get(link2(c))
		if strings.Contains(page.Text("main"), "raise") {
			page = page.Submit("Take", nil)
		}
		page.Submit("Bring the list in", nil).Status(200)
		v := h.Visitor()
		var forth, back []string
		at := "/en/organisations"
		for range 5 {
			p := v.Get(at).Status(200)
			forth = append(forth, titles(p)...)
			next := href(p, "next")
			if next == "" {
				back = titles(p)
				for prev := href(p, "prev"); prev != ""; prev = href(p, "prev") {
					p = v.Get(prev).Status(200)
					back = append(titles(p), back...)
				}
				break
			}
			at = next
		}
		if len(forth) != 60 || strings.Join(forth, "|") != strings.Join(back, "|") {
			t.Errorf("forth %d, back %d", len(forth), len(back))
		}
		for i := 1; i < len(forth); i++ {
			if forth[i] <= forth[i-1] {
				t.Errorf("%s after %s", forth[i], forth[i-1])
			}
		}
	})
}

func link2(c *housetest.Client) string {
	for _, l := range c.Get("/en/import/organisation").Links("table") {
		return l
	}
	return ""
}

func titles(p *housetest.Page) (list []string) {
	for _, piece := range strings.Split(p.Body, "<h2>")[1:] {
		_, rest, _ := strings.Cut(piece, "<bdi")
		_, rest, _ = strings.Cut(rest, ">")
		name, _, _ := strings.Cut(rest, "</bdi>")
		list = append(list, name)
	}
	return list
}

func href(p *housetest.Page, rel string) string {
	_, rest, ok := strings.Cut(p.Body, `rel="`+rel+`" href="`)
	if !ok {
		return ""
	}
	link, _, _ := strings.Cut(rest, `"`)
	return strings.ReplaceAll(link, "&amp;", "&")
}

// A street is told by who receives people there, and only while the place is
// told exactly: else it is in no output, and not kept.
func TestStreet(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		c, v := coordinator(h), h.Visitor()
		set := map[string]string{"title": "Maison ouverte", "title-lang": "fr", "kind": "civil_society", "country": "FR", "town": "Lyon", "address": "12 rue des Lilas"}
		form := c.Get("/en/organisations/new")
		form.Submit("Save", set).Status(422).Has(".err", "An address is shown to everybody")
		set["precision"], set["position"] = "exact", "43.3, 5.4"
		form.Submit("Save", set).Status(422).Has(".err", "far from Lyon")
		set["position"] = "45.7679, 4.8506"
		set["address"] = strings.Repeat("x", 90)
		form.Submit("Save", set).Status(422).Has(".err", "on one line")
		set["address"] = "12 rue des Lilas"
		page := form.Submit("Save", set).Status(200).Has("dl.facts", "12 rue des Lilas")
		id := page.Path[strings.LastIndexByte(page.Path, '/')+1:]
		files := []string{"/en/organisations/" + id, "/api/v1/organisations/" + id, "/en/open/organisation.csv", "/en/open/organisation.json", "/en/open/organisation.jsonld", "/en/open/organisation/" + id + ".jsonld", "/en/guide/organisation"}
		for _, path := range files {
			if !strings.Contains(v.Get(path).Status(200).Body, "12 rue des Lilas") {
				t.Errorf("%s does not tell the street", path)
			}
		}
		if body := v.Get("/en/open/organisation.jsonld").Body; !strings.Contains(body, `"streetAddress": "12 rue des Lilas"`) || !strings.Contains(body, `"addressLocality": "Lyon"`) {
			t.Error(body)
		}
		if body := v.Get("/en/open/organisation.geojson").Body; !strings.Contains(body, "45.7679") {
			t.Error(body)
		}
		// Left alone it stays; told by the town, it is gone from everything at once.
		edit := "/en/organisations/" + id + "/edit"
		c.Get(edit).Submit("Save", map[string]string{"summary": "Ouvert à tous."}).Status(200).Has("dl.facts", "12 rue des Lilas")
		c.Get(edit).Submit("Save", map[string]string{"precision": "town"}).Status(422).Has(".err", "An address is shown to everybody")
		for _, precision := range []string{"town", "country"} {
			c.Get(edit).Submit("Save", map[string]string{"precision": precision, "address": ""}).Status(200)
			for _, path := range append(files, "/fr/history/"+id, "/en/open/organisation.geojson", "/en/map.geojson", "/en/search?q=Lilas") {
				if body := strings.ReplaceAll(v.Get(path).Status(200).Body, "q=Lilas", ""); strings.Contains(body, "rue des Lilas") || strings.Contains(body, "45.7679") || precision == "country" && strings.Contains(path, "open") && strings.Contains(body, "Lyon") {
					t.Errorf("%s, told by its %s: %s", path, precision, body)
				}
			}
		}
	})
}

// The directory's own table and map data are files of open data now: their old
// addresses lead there, with every filter.
func TestOldFilesLeadToOpenData(t *testing.T) {
	h := housetest.New(t, db.SQLite)
	filled(t, h)
	for path, want := range map[string]string{"/en/organisations.csv?kind=network&axis=A1": "/en/open/organisation.csv", "/api/v1/organisations.geojson?country=FR&box=4,45,5,46": "/open/organisation.geojson"} {
		page := h.Visitor().Get(path).Status(200)
		if !strings.Contains(page.Path, want) {
			t.Errorf("%s leads to %s", path, page.Path)
		}
		if n := strings.Count(page.Body, "Ville de Palerme"); n != 0 {
			t.Errorf("%s: a filter is lost:\n%s", path, page.Body)
		}
	}
	for path, want := range map[string][2]bool{"?axis=A1": {true, true}, "?axis=A2": {false, false}, "?box=4,45,5,46": {true, false}, "?kind=network": {false, false}} {
		body := h.Visitor().Get("/en/open/organisation.csv" + path).Status(200).Body
		if strings.Contains(body, "Ville de Lyon") != want[0] || strings.Contains(body, "Ville de Palerme") != want[1] {
			t.Errorf("%s: %s", path, body)
		}
	}
	h.Visitor().Get("/en/organisations?kind=network").Has("details", "Table (CSV)").Has("details", "Guide to print")
}

// A withdrawn organisation is nowhere for others, and back with one click.
func TestWithdraw(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		c := filled(t, h)
		at := link(t, c.Get("/en/organisations?q=lyon"))
		id := at[strings.LastIndexByte(at, '/')+1:]
		p, m := h.Delegate("Nour", people.Organisation{ID: id})
		own := h.As(p.ID, m.ID)
		page := own.Get(at + "/withdraw").Status(200)
		page.Submit("Withdraw it now", nil).Status(200).Has("main", "This entry is withdrawn.")

		stranger := h.Organisation("Others", people.CivilSociety)
		op, om := h.Delegate("Other", stranger)
		for name, who := range map[string]*housetest.Client{"visitor": h.Visitor(), "another delegate": h.As(op.ID, om.ID)} {
			who.Get(at).Status(404)
			for _, path := range []string{"/en/organisations", "/en/map", "/en/organisations.csv", "/en/search?q=Lyon"} {
				if strings.Contains(who.Get(path).Body, "Ville de Lyon") {
					t.Errorf("%s finds it at %s", name, path)
				}
			}
			who.Get("/en/organisations").Has("p.result", "3 organisations")
			for _, path := range []string{"/lineage/", "/history/", "/translate/"} {
				if got := who.Get("/en" + path + id); strings.Contains(got.Body, "Ville de Lyon") {
					t.Errorf("%s reads %s", name, path)
				}
			}
		}
		for _, path := range []string{"/organisations", "/organisations.geojson", "/organisations/" + id} {
			var out map[string]any
			if code := h.Call("", "GET", path, nil, &out); code == 200 && strings.Contains(fmt.Sprint(out), "Ville de Lyon") {
				t.Errorf("the API tells of it at %s", path)
			}
		}
		h.Do(func(ctx context.Context, tx *db.Tx) error {
			all, err := people.Organisations(ctx, tx)
			for _, o := range all {
				if o.ID == id {
					t.Error("it can still act")
				}
			}
			return err
		})
		own.Get(at).Status(200).Submit("Show it again", nil).Status(200)
		h.Visitor().Get(at).Status(200).Has("h1", "Ville de Lyon")
	})
}

func TestWhoMayEdit(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		c := filled(t, h)
		at := link(t, c.Get("/en/organisations?q=lyon"))
		id := at[strings.LastIndexByte(at, '/')+1:]
		p, m := h.Delegate("Nour", people.Organisation{ID: id})
		op, om := h.Delegate("Other", h.Organisation("Others", people.CivilSociety))
		own, other := h.As(p.ID, m.ID), h.As(op.ID, om.ID)
		for _, path := range []string{"/edit", "/withdraw", "/check", "/publish"} {
			if path == "/edit" || path == "/withdraw" {
				own.Get(at + path).Status(200)
				other.Get(at + path).Status(403)
			}
			if code := other.Post(at+path, url.Values{"title": {"Mine now"}}).Code; code != 403 {
				t.Errorf("another's delegate posts to %s: %d", path, code)
			}
			if code := h.Visitor().Post(at+path, url.Values{"title": {"Mine now"}}).Code; code != 401 {
				t.Errorf("a visitor posts to %s: %d", path, code)
			}
		}
		h.Visitor().Get(at).Has("h1", "Ville de Lyon").Lacks("main", "People with a mandate")
		own.Get(at).Has("main", "People with a mandate")
		own.Get(at).Submit("All of this is right", nil).Status(200).Has("dl", "Last checked")

		// Two at once: the second is told, keeps what was typed, and may save knowingly.
		first, second := own.Get(at+"/edit"), c.Get(at+"/edit")
		first.Submit("Save", map[string]string{"summary": "First words."}).Status(200)
		again := second.Submit("Save", map[string]string{"summary": "Second words."}).Status(409)
		again.Has(".error-summary", "Somebody else changed this meanwhile")
		if !strings.Contains(again.Body, "Second words.") {
			t.Error("what was typed is gone")
		}
		h.Visitor().Get(at).Has("main", "First words.")
		again.Submit("Save", nil).Status(200).Has("main", "Second words.")

		// A wrong form comes back as it was typed.
		wrong := own.Get(at+"/edit").Submit("Save", map[string]string{"country": "Atlantis", "website": "javascript:alert(1)", "body": "Kept."}).Status(422)
		wrong.Has(".error-summary", "country").Has(".error-summary", "website")
		if !strings.Contains(wrong.Body, "Kept.") || !strings.Contains(wrong.Body, "Atlantis") {
			t.Error("what was typed is gone")
		}
	})
}

func TestCorrect(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		c := filled(t, h)
		at := link(t, c.Get("/en/organisations?q=lyon"))
		v := h.Visitor()
		v.Get(at).Follow("Correct this entry").Status(200).Submit("Send", map[string]string{"reason": "old", "words": "It moved."}).Status(200).Has("main", "Thank you")
		v.Get(at+"/correct").Submit("Send", nil).Status(422).Has(".error-summary", "Say what should change")
		v.Get(at+"/correct").Submit("Send", map[string]string{"words": "It is the 7th district.", "proof": "https://example.org"}).Status(200).Has("main", "Thank you")
		c.Get("/en/organisations").Has("a", "1 correction to read")
		c.Get("/en/organisations/corrections").Has("li", "It is the 7th district.").Submit("Done with", nil).Status(200).Has("main", "Nothing waits")
		// A flood is held back.
		codes := map[int]int{}
		var all sync.WaitGroup
		var mu sync.Mutex
		for i := range 14 {
			all.Go(func() {
				code := h.Visitor().Get(at+"/correct").Submit("Send", map[string]string{"words": fmt.Sprint("again ", i)}).Code
				mu.Lock()
				codes[code]++
				mu.Unlock()
			})
		}
		all.Wait()
		if codes[429] != 5 || codes[200] != 9 {
			t.Error(codes)
		}
	})
}

func TestAPI(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		person := h.Person("Amina", people.Grant{Role: people.Coordinator})
		var token string
		h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
			token, err = people.AddToken(ctx, tx, people.Token{Person: person.ID, Name: "test", Reads: true, Writes: true})
			return err
		})
		var o struct {
			ID, Name, Country, Town, Precision string
			Revision                           int
		}
		in := map[string]any{"name": "Haus Wolkenried", "kind": "local_authority", "country": "France", "town": "Metz"}
		if code := h.Call("", "POST", "/organisations", in, nil); code != 401 {
			t.Error("a visitor adds:", code)
		}
		if code := h.Call(token, "POST", "/organisations", in, &o); code != 200 || o.Town != "Metz" || o.Country != "FR" || o.Precision != "town" {
			t.Fatal(code, o)
		}
		in["name"], in["revision"] = "Wolkenried", 1
		if code := h.Call(token, "PUT", "/organisations/"+o.ID, in, &o); code != 200 || o.Name != "Wolkenried" || o.Revision != 2 {
			t.Fatal(code, o)
		}
		if code := h.Call(token, "PUT", "/organisations/"+o.ID, in, nil); code != 409 {
			t.Error("an old version wins:", code)
		}
		if code := h.Call(token, "POST", "/organisations", map[string]any{"name": "", "kind": "sheep"}, nil); code != 422 {
			t.Error(code)
		}
		var batch struct {
			ID       string
			State    string
			Open     int
			Outcomes map[string]int
		}
		begin := map[string]any{"name": "list.csv", "content": []byte(printedList(t))}
		if code := h.Call(token, "POST", "/imports", begin, &batch); code != 200 || batch.Open != 19 || batch.Outcomes["added"] != 97 {
			t.Fatal(code, batch)
		}
		if code := h.Call(token, "POST", "/imports/"+batch.ID+"/apply", nil, nil); code != 409 {
			t.Error("applied with open rows:", code)
		}
		if code := h.Call(token, "PUT", "/imports/"+batch.ID+"/rows/32", map[string]any{"action": "import", "values": map[string]string{"name": "Sénatrice", "kind": "sheep"}}, nil); code != 422 {
			t.Error(code)
		}
		for _, step := range []string{"accept", "apply"} {
			if code := h.Call(token, "POST", "/imports/"+batch.ID+"/"+step, nil, &batch); code != 200 {
				t.Fatal(step, code)
			}
		}
		if batch.State != "applied" || batch.Outcomes["added"] != 115 {
			t.Error(batch)
		}
		var geo struct {
			Features []struct {
				Geometry struct{ Coordinates []float64 }
			}
		}
		if code := h.Call("", "GET", "/organisations.geojson?country=DK", nil, &geo); code != 200 || len(geo.Features) != 1 || geo.Features[0].Geometry.Coordinates[0] < 12 {
			t.Error(code, geo)
		}
		if code := h.Call(token, "POST", "/imports/"+batch.ID+"/undo", nil, &batch); code != 200 || batch.Outcomes["undone"] != 115 {
			t.Error(code, batch.Outcomes)
		}
		var list struct{ Count int }
		if h.Call("", "GET", "/organisations", nil, &list); list.Count != 1 {
			t.Error(list)
		}
	})
}

// What the pages do beside the list itself, programs can do as well.
func TestAPIOfTheDesk(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		person := h.Person("Amina", people.Grant{Role: people.Coordinator})
		var token string
		h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
			token, err = people.AddToken(ctx, tx, people.Token{Person: person.ID, Name: "test", Reads: true, Writes: true})
			return err
		})
		call := func(token, method, path string, in, out any, want int) {
			t.Helper()
			if code := h.Call(token, method, path, in, out); code != want {
				t.Fatal(method, path, code)
			}
		}
		var o struct{ ID string }
		call(token, "POST", "/organisations", map[string]any{"name": "Haus Wolkenried", "kind": "local_authority"}, &o, 200)

		// A visitor proposes a correction; the coordination reads and settles it.
		call("", "POST", "/organisations/"+o.ID+"/corrections", map[string]any{"words": ""}, nil, 422)
		call("", "POST", "/organisations/"+o.ID+"/corrections", map[string]any{"words": "It moved to Metz."}, nil, 200)
		call("", "GET", "/corrections", nil, nil, 401)
		var open []struct{ ID, Organisation, Words string }
		call(token, "GET", "/corrections", nil, &open, 200)
		if len(open) != 1 || open[0].Organisation != o.ID || open[0].Words != "It moved to Metz." {
			t.Fatal(open)
		}
		call("", "POST", "/corrections/"+open[0].ID+"/settle", map[string]any{}, nil, 401)
		call(token, "POST", "/corrections/"+open[0].ID+"/settle", map[string]any{}, nil, 200)
		if call(token, "GET", "/corrections", nil, &open, 200); len(open) != 0 {
			t.Error("still open:", open)
		}
		call("", "POST", "/organisations/"+o.ID+"/check", map[string]any{}, nil, 401)
		call(token, "POST", "/organisations/"+o.ID+"/check", map[string]any{}, nil, 200)
		h.Visitor().Get("/en/organisations/"+o.ID).Has("dt", "Last checked")

		// A list whose columns were guessed wrong, put right, then put away.
		var batch struct {
			ID      string
			Columns []string
			Rows    []struct{ Cells []string }
		}
		call(token, "POST", "/imports", map[string]any{"name": "l.csv", "content": []byte("Who;Where\nOne Hand;France\n"), "columns": []string{"name", ""}}, &batch, 200)
		at := "/imports/" + batch.ID
		call(token, "PUT", at+"/columns", map[string]any{"columns": []string{"name", "sheep"}, "heading": true}, nil, 422)
		call(token, "PUT", at+"/columns", map[string]any{"columns": []string{"name", "country", "city"}, "heading": true}, nil, 422)
		call(token, "PUT", at+"/columns", map[string]any{"columns": []string{"name", "country"}, "heading": true}, &batch, 200)
		if len(batch.Rows) != 1 || batch.Columns[1] != "country" {
			t.Error(batch)
		}
		call("", "DELETE", at, nil, nil, 401)
		call(token, "DELETE", at, nil, nil, 200)
		call(token, "GET", at, nil, nil, 404)
	})
}

// The house before its first organisation says so, and how to begin.
func TestEmptyDirectory(t *testing.T) {
	h := housetest.New(t, db.SQLite)
	h.Visitor().Get("/en/organisations").Status(200).Has("main", "No organisation is in the directory yet.").Lacks("main", "Take a filter away")
	h.As(h.Person("Amina", people.Grant{Role: people.Coordinator}).ID, "").Get("/en/organisations").Has("div.empty", "Bring in a list")
	h.Visitor().Get("/en/organisations?q=nobody").Has("main", "No organisation matches.")
}

// The demonstration holds the 116 of 2019, and bringing in the list as printed
// changes none of them.
func TestDemonstration(t *testing.T) {
	h := housetest.New(t, db.SQLite, housetest.Demonstration)
	v := h.Visitor()
	v.Get("/fr/organisations").Status(200).Has("p.result", "143 organisations")
	v.Get("/fr/organisations?q=CNCD").Has("h2", "CNCD-11.11.11")
	// A profile leads to the meetings the organisation took part in.
	v.Get(link(t, v.Get("/en/organisations?q=Palerme"))).Has("h2", "What it takes part in").Has("li", "meeting")
	v.Get("/fr/organisations?q=Valdelumbre").Has("span.pill", "Inventée")
	page := upload(coordinator(h), printedList(t))
	page.Submit("Look through", nil).Status(200).Has("dl", "Unchanged, known already 116")
}

func coordinator(h *housetest.House) *housetest.Client {
	return h.As(h.Person("Amina", people.Grant{Role: people.Coordinator}).ID, "")
}

func link(t *testing.T, p *housetest.Page) string {
	t.Helper()
	links := p.Status(200).Links("h2")
	if len(links) == 0 {
		t.Fatal("no organisation on", p.Path)
	}
	return links[0]
}

func upload(c *housetest.Client, list string) *housetest.Page {
	return c.Get("/en/import/organisation").Upload("Continue", nil, map[string][2]string{"file": {"participants.csv", list}})
}

func printedList(t *testing.T) string {
	t.Helper()
	raw, err := os.ReadFile("testdata/participants-raw.csv")
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// Where an organisation works is asked beside where it is, on the page, in
// files and in lists that come in.
func TestCountriesOfWork(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		c := h.As(h.Person("Rosa", people.Grant{Role: people.Coordinator}).ID, "")
		form := c.Get("/en/organisations/new")
		set := map[string]string{"title": "Pas du Sahel", "kind": "migrant_led", "country": "France", "works": "Mali, Niger; Atlantis"}
		form.Submit("Save", set).Status(422).Has(".error-summary", "Atlantis")
		set["works"] = "Mali, النيجر, mali"
		page := form.Submit("Save", set).Status(200).Has("main", "Mali, Niger")
		id := page.Path[strings.LastIndexByte(page.Path, '/')+1:]
		c.Get("/en/organisations/new").Submit("Save", map[string]string{"title": "Elsewhere", "kind": "network", "country": "Mali"}).Status(200)
		h.Visitor().Get("/en/organisations?works=ML").Has("main", "Pas du Sahel").Lacks("main", "Elsewhere").Has("main", "Works in the country")
		var one struct{ Countries []string }
		if code := h.Call("", "GET", "/organisations/"+id, nil, &one); code != 200 || strings.Join(one.Countries, " ") != "ML NE" {
			t.Errorf("%d %v", code, one)
		}
		if csv := h.Visitor().Get("/fr/open/organisation.csv?column=title&column=countries").Body; !strings.Contains(csv, "Pas du Sahel,Mali; Niger") {
			t.Errorf("%.300s", csv)
		}
		c.Get(page.Path+"/edit").Submit("Save", map[string]string{"works": "Senegal"}).Status(200).Has("main", "Senegal").Lacks("main", "Niger")
		h.Visitor().Get("/en/history/"+id).Has("main", "Countries it works in").Has("del", "Mali and Niger")
	})
}
