package flow_test

import (
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/intake/sheet"
	"alliance/internal/platform/people"
)

func printedList(t *testing.T) string {
	t.Helper()
	raw, err := os.ReadFile("../../directory/testdata/participants-raw.csv")
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func coordinator(h *housetest.House) *housetest.Client {
	return h.As(h.Person("Amina", people.Grant{Role: people.Coordinator}).ID, "")
}

// The list of 2019, from the file to the directory, as a person does it: five
// clicks and the file dialogue. Twice the same changes nothing; then back.
func TestBringInThePrintedList(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		c := coordinator(h)
		page := upload(c, printedList(t))
		page.Status(200).Has("h1", "What each column holds").Has("p", "UTF-8").Has("option", "Country")
		page = page.Submit("Look through the rows", nil).Status(200)
		page.Has("dd", "116").Has("p", "19 rows raise a doubt")
		for _, words := range []string{"The list gives no country.", "Copenhague is in another country: Denmark", "read letters for digits", "do not fit the name. Perhaps CGTP-IN?", "seems to be a person",
			"national institution", "same town, Lyon", "agency of the United Nations", "known in another region: Americas", "there is a larger town of that name"} {
			if !strings.Contains(page.Text("main"), words) && !strings.Contains(c.Get(page.Path+"?show=open&page=2").Text("main"), words) {
				t.Errorf("no doubt %q on the page", words)
			}
		}
		c.Get("/en/organisations").Has("p.result", "0 organisations")

		page = page.Submit("Take all 19 suggestions", nil).Status(200).Has("main", "Every row is decided")
		page = page.Submit("Bring the list in", nil).Status(200).Has("main", "The list is brought in")
		page.Has("dl", "New 115").Has("dl", "Left out 1")
		list := c.Get("/en/organisations?q=CNCD")
		list.Has("h2", "CNCD-11.11.11").Has("p", "Belgium")
		c.Get("/en/organisations?q=Copenhague").Has("p", "Denmark")
		c.Get("/en/organisations?q=Espacio").Has("span", "Not sure")
		h.Visitor().Get("/en/organisations").Has("p.result", "115 organisations")

		// The same file again.
		page = upload(c, printedList(t)).Submit("Look through the rows", nil).Status(200)
		page.Has("dl", "Unchanged, known already 115").Has("dl", "Left out, as last time 1").Has("main", "Every row is decided")
		page.Submit("Bring the list in", nil).Status(200).Has("dl", "Unchanged, known already 115")
		h.Visitor().Get("/en/organisations").Has("p.result", "115 organisations")
	})
}

func upload(c *housetest.Client, list string) *housetest.Page {
	return c.Get("/en/import/organisation").Upload("Continue", nil, map[string][2]string{"file": {"participants.csv", list}})
}

// Streets of a list are told only where the coordination says that they may be.
func TestStreetsOfAList(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		c := coordinator(h)
		for exact, rows := range map[string]string{"": "Maison des Tilleuls;association;France;Lyon;12 rue des Lilas\nCercle du Lavoir;association;France;Grenoble;lavoir@example.org\n",
			"1": "Atelier de la Forge;association;France;Lyon;9 quai du Port\nAmicale des Jardins;association;France;Grenoble;jardins@example.org\n"} {
			upload(c, "Nom;Type;Pays;Ville;Adresse\n"+rows).Status(200).Has("label", "as closely as the file does").Submit("Look through the rows", map[string]string{"exact": exact}).Status(200).Submit("Bring the list in", nil).Status(200).Has("dl", "New 2")
		}
		file := h.Visitor().Get("/en/open/organisation.csv?column=title&column=address&column=town").Status(200).Body
		for line, want := range map[string]bool{"Maison des Tilleuls,,Lyon": true, "Atelier de la Forge,9 quai du Port,Lyon": true, "Amicale des Jardins,,Grenoble": true, "rue des Lilas": false, "example.org": false} {
			if strings.Contains(file, line) != want {
				t.Errorf("%q: %v\n%s", line, !want, file)
			}
		}
	})
}

func TestUndo(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		c := coordinator(h)
		list := "Name;Kind;Country\nOne Hand;civil society;France\nTwo Hands;civil society;France\nThree Hands;network;Italy\n"
		page := upload(c, list).Submit("Look through the rows", nil).Submit("Bring the list in", nil).Status(200).Has("dl", "New 3")
		at := page.Path
		// Somebody goes on from one of them; for another somebody may act now.
		two := link(t, c.Get("/en/organisations?q=Two+Hands"))
		c.Get(two+"/edit").Submit("Save", map[string]string{"summary": "Helps to move house."}).Status(200)
		three := link(t, c.Get("/en/organisations?q=Three"))
		h.Delegate("Bo", people.Organisation{ID: three[strings.LastIndexByte(three, '/')+1:]})

		page = c.Get(at).Status(200)
		page = c.Get(page.Path+"/undo").Submit("Take it back", nil).Status(200)
		page.Has("main", "Stays: somebody changed it since").Has("main", "Stays: people act for it").Has("dl", "Taken back 1")
		h.Visitor().Get("/en/organisations").Has("p.result", "2 organisations").Lacks("h2", "One Hand")
		c.Post(at+"/undo", url.Values{}).Status(409)

		// Brought in again, what was taken back is there again under the same address.
		upload(c, list).Submit("Look through the rows", nil).Submit("Bring the list in", nil).Has("dl", "Back after being withdrawn 1").Has("dl", "Unchanged, known already 2")
		h.Visitor().Get("/en/organisations").Has("p.result", "3 organisations")
	})
}

func link(t *testing.T, p *housetest.Page) string {
	t.Helper()
	links := p.Status(200).Links("h2")
	if len(links) == 0 {
		t.Fatal("no organisation on", p.Path)
	}
	return links[0]
}

// Choices stay between visits, one by one; a wrong one comes back with what was typed.
func TestDecide(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		c := coordinator(h)
		page := upload(c, "Nom;Type;Pays\nMaire de Melun;Autorité locale;France\nEspacio sin Fronteras;Société civile;France\nMédecins du Monde;Société civile;\n").Submit("Look through the rows", nil)
		page.Has("main", "3 rows raise a doubt")
		at := page.Path
		c.Post(at+"/apply", url.Values{}).Status(409) // not decided yet
		page = page.Submit("Keep these 3 choices", map[string]string{"r4-country": "Atlantis"}).Status(422)
		page.Has(".error-summary", "Write the name of a country")
		if !strings.Contains(page.Body, `value="Atlantis"`) {
			t.Error("what was typed is gone")
		}
		page.Submit("Keep these 3 choices", map[string]string{"r4-country": "Frankreich", "r2": "other", "r2-name": "Ville de Melun"}).Status(200)
		c.Get(at).Has("main", "Every row is decided")
		c.Get(at).Submit("Bring the list in", nil).Has("dl", "New 3")
		c.Get("/en/organisations?q=medecins").Has("p.meta", "France")
		profile := c.Get(link(t, c.Get("/en/organisations?q=espacio"))).Status(200)
		profile.Has("main", "Un réseau de ce nom")
		c.Get("/en/organisations?q=melun").Has("h2", "Ville de Melun").Lacks("h2", "Maire")
	})
}

func TestSameAsAnother(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		c := coordinator(h)
		upload(c, "name;kind;country\nMédecins du Monde;civil_society;FR\n").Submit("Look through", nil).Submit("Bring the list in", nil).Has("dl", "New 1")
		list := "name;kind;country\nMedecins du Monde (MDM);civil_society;FR\n"
		page := upload(c, list).Submit("Look through", nil).Has("main", "One that is nearly the same is here: Médecins du Monde")
		page.Submit("Take 1 suggestion", nil).Submit("Bring the list in", nil).Has("dl", "Same as one that is there 1")
		upload(c, list).Submit("Look through", nil).Has("dl", "Unchanged, known already 1")
		h.Visitor().Get("/en/organisations").Has("p.result", "1 organisation")
	})
}

// Two people bring in the same list at the same moment: each organisation is there once.
func TestTwoAtOnce(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		list := "name;kind;country\n"
		for _, n := range []string{"Amber", "Birch", "Cedar", "Dune", "Ember", "Fjord"} {
			list += n + " House;civil_society;FR\n"
		}
		var pages []*housetest.Page
		for range 3 {
			pages = append(pages, upload(coordinator(h), list).Submit("Look through", nil).Submit("Take", nil))
		}
		var all sync.WaitGroup
		for _, p := range pages {
			for range 2 { // and each of them clicks twice
				all.Go(func() { p.Submit("Bring the list in", nil) })
			}
		}
		all.Wait()
		h.Visitor().Get("/en/organisations").Has("p.result", "6 organisations")
	})
}

func TestHostileFiles(t *testing.T) {
	h := housetest.New(t, db.SQLite)
	c := coordinator(h)
	for name, file := range map[string]string{
		"empty":          "",
		"a spreadsheet":  "PK\x03\x04zip",
		"noise":          "\x00\x01\x02\x03\x04\x05\x06\x07\x08",
		"too many rows":  strings.Repeat("a;b\n", sheet.MaxRows+2),
		"nine megabytes": strings.Repeat("a long line of a list;with several cells;and more\n", 190_000),
	} {
		t.Run(name, func(t *testing.T) {
			page := upload(c, file)
			if page.Code != 422 && page.Code != 413 || !strings.Contains(page.Text(".error-summary"), "problem") {
				t.Errorf("%d %s", page.Code, page.Text("main"))
			}
		})
	}
	for name, file := range map[string]string{
		"ragged":        "name;kind;country\nA house;civil_society\nB house;network;France;more;and more\n",
		"NUL":           "name;kind;country\nA\x00house;civil_society;France\n",
		"no headings":   "A house;civil_society;France\nB house;network;Italy\n",
		"Windows-1252":  "Nom;Type;Pays\nMaison d\xe9t\xe9;association;France\n",
		"a formula":     "name;kind;country\n=HYPERLINK(1);civil_society;France\n",
		"markup":        "name;kind;country\n<script>alert(1)</script>;civil_society;France\n",
		"one long line": "name;kind;country\n" + strings.Repeat("x", 5000) + ";civil_society;France\n",
	} {
		t.Run(name, func(t *testing.T) {
			page := upload(c, file).Status(200).Submit("Look through", nil).Status(200)
			if strings.Contains(page.Text("main"), "raise") {
				page = page.Submit("Take", nil).Status(200)
			}
			page.Submit("Bring the list in", nil).Status(200)
		})
	}
	csv := h.Visitor().Get("/en/organisations.csv").Status(200) // the old address leads to the open data
	if !strings.HasPrefix(csv.Path, "/en/open/organisation.csv") || strings.Contains(csv.Body, ",=HYPER") || !strings.Contains(csv.Body, "'=HYPER") {
		t.Error("a formula leaves as a formula")
	}
}

// A file of a hundred megabytes is refused while it streams in, in words.
func TestHundredMegabytes(t *testing.T) {
	h := housetest.New(t, db.SQLite)
	page := upload(coordinator(h), strings.Repeat("a;b\n", 25<<20))
	page.Status(413).Has("main", "too large")
}
