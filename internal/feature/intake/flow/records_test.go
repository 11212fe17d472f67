package flow_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/people"
)

func bring(c *housetest.Client, kind, name, file string) *housetest.Page {
	return c.Get("/en/import/"+kind).Status(200).Upload("Continue", nil, map[string][2]string{"file": {name, file}}).Status(200)
}

func all(t *testing.T, h *housetest.House, kind string, state entry.State) (list []entry.Entry) {
	t.Helper()
	found, err := entry.List(context.Background(), h.DB, entry.Filter{Kinds: []string{kind}, Any: true, Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range found {
		if state == "" || e.State == state {
			list = append(list, e)
		}
	}
	return list
}

// A map of GoGoCarto becomes initiatives: categories and hours are read, what
// is not understood is said, points become towns. Then all of it is taken back.
func TestMapBecomesInitiatives(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		c := coordinator(h)
		file := `{"licence":"ODbL","ontology":"gogofull","data":[
{"id":"a1","name":"Le Fil","geo":{"latitude":45.7601,"longitude":4.8301},"address":{"addressLocality":"Lyon","addressCountry":"FR"},"categories":["Hébergement","Santé","Voile"],"openHours":"Mo-Fr 09:00-12:00; Sa 10:00-12:00","description":"Un toit et un médecin.","email":"fil@example.org","website":"https://fil.example.org"},
{"id":"a2","name":"La <b>Rive</b>","geo":{"latitude":90,"longitude":180},"categories":["Voile"],"description":"On y navigue."}]}`
		page := bring(c, "initiative", "carte.json", file).Has("main", "GoGoCarto").Has("option", "Latitude")
		page = page.Submit("Look through the rows", nil).Status(200)
		for _, words := range []string{"“Voile” is no answer we understand", "We know no town near 90, 180"} {
			page.Has("main", words)
		}
		page = page.Submit("Take", nil).Status(200).Submit("Bring the list in", nil).Status(200).Has("dl", "New 2")
		list := all(t, h, "initiative", entry.Published)
		if len(list) != 1 || list[0].Title().Original() != "Le Fil" || list[0].Place.Name != "Lyon" || list[0].Place.Country != "FR" {
			t.Fatalf("%+v", list)
		}
		one := h.Visitor().Get("/fr/initiatives/" + list[0].ID).Status(200)
		one.Has("main", "Hébergement").Has("main", "fil@example.org").Has("main", "Un toit et un médecin")
		if got := all(t, h, "initiative", entry.Draft); len(got) != 1 { // without a category we know
			t.Errorf("%d drafts", len(got))
		}
		log := c.Get(page.Path + "/log").Status(200)
		if !strings.Contains(log.Body, "Le Fil") || !strings.Contains(log.Body, "/initiatives/"+list[0].ID) {
			t.Error(log.Body)
		}
		// The same again changes nothing.
		again := bring(c, "initiative", "carte.json", file).Submit("Look through the rows", nil).Status(200).Has("dl", "Unchanged, known already 2")
		again.Submit("Bring the list in", nil).Status(200)
		if n := len(all(t, h, "initiative", "")); n != 2 {
			t.Errorf("%d initiatives", n)
		}
		c.Get(page.Path+"/undo").Status(200).Submit("Take it back", nil).Status(200).Has("dl", "Taken back 2")
		if n := len(all(t, h, "initiative", entry.Published)); n != 0 {
			t.Errorf("%d are left", n)
		}
	})
}

// Need 13: the same 500 rows twice, and from a second source that writes them
// otherwise (capitals, no accents, shortened words), make no new record.
func TestFiveHundredRowsFromTwoSources(t *testing.T) {
	h := housetest.New(t, db.SQLite)
	c := coordinator(h)
	towns := []string{"Lyon", "Nantes", "Lille", "Toulouse", "Grenoble"}
	var first, second strings.Builder
	first.WriteString("Nom;Résumé;Ce que l’initiative offre;Ville;Pays\n")
	second.WriteString("country,name,description,city,category\n")
	written := [][2]string{{"Maison Étoile", "MAISON ETOILE"}, {"Association Saint-Martin", "ASSOC. ST. MARTIN"}, {"Fondation Pain & Toit", "FOND. PAIN ET TOIT"},
		{"Fédération Sainte-Anne", "FED. STE ANNE"}, {"Comité international du Port", "CTE INTL DU PORT"}}
	syllables := []string{"ba", "ké", "lo", "mi", "ru", "sa", "ti"}
	for i := range 500 {
		tail := syllables[i%7] + syllables[i/7%7] + "n" + syllables[i/49%7] + syllables[i/343%7] + "r"
		fmt.Fprintf(&first, "%s %s;Un lieu ouvert.;Hébergement;%s;France\n", written[i%5][0], tail, towns[i/5%5])
		fmt.Fprintf(&second, "FR,%s %s,Un lieu ouvert.,%s,housing\n", written[i%5][1], strings.ToUpper(tail), towns[i/5%5])
	}
	finish := func(page *housetest.Page) *housetest.Page {
		page = page.Submit("Look through the rows", nil).Status(200)
		if strings.Contains(page.Text("main"), "raise") {
			page = page.Submit("Take", nil).Status(200)
		}
		return page.Submit("Bring the list in", nil).Status(200)
	}
	finish(bring(c, "initiative", "a.csv", first.String()))
	was := len(all(t, h, "initiative", ""))
	finish(bring(c, "initiative", "a.csv", first.String()))
	log := finish(bring(c, "initiative", "b.csv", second.String()))
	now := len(all(t, h, "initiative", ""))
	t.Logf("%d of 500 rows of the second source are known again", 500-(now-was))
	if was < 450 || now != was {
		t.Errorf("%d initiatives, then %d", was, now)
	}
	if n := strings.Count(c.Get(log.Path+"/log").Status(200).Body, "\n"); n < 501 {
		t.Errorf("a log of %d lines", n)
	}
}

// Whatever a cell holds, nothing runs, nothing is lost in silence.
func TestHostileRows(t *testing.T) {
	h := housetest.New(t, db.SQLite)
	c := coordinator(h)
	file := "Name;Summary;Kind;Latitude;Longitude\n" +
		strings.Repeat("x", 10_000) + ";long;guide;0;0\n" +
		"<script>alert(1)</script>;<img src=x onerror=alert(1)>;guide;91;-181\n" +
		"\u202Egnp.exe;=HYPERLINK(\"http://x\");guide;48,85;2,35\n" +
		";nameless;guide;;\n"
	page := bring(c, "resource", "odd.csv", file).Submit("Look through the rows", nil).Status(200)
	page.Has("main", "very long").Has("main", "no town near").Has("main", "no letters").Has("main", "no name")
	page.Submit("Take", nil).Status(200).Submit("Bring the list in", nil).Status(200).Has("dl", "New 3").Has("dl", "Left out 1")
	for _, e := range all(t, h, "resource", entry.Published) {
		body := h.Visitor().Get("/en/resources/" + e.ID).Status(200).Body
		if strings.Contains(body, "<script>alert") || strings.Contains(body, "<img src=x") || strings.Contains(body, "\u202E") {
			t.Error("it runs:", e.Title().Original())
		}
	}
}

func TestWhoBringsIn(t *testing.T) {
	h := housetest.New(t, db.SQLite)
	o := h.Organisation("Trial", people.CivilSociety)
	p, m := h.Delegate("Bo", o)
	h.As(p.ID, m.ID).Get("/en/import/practice").Status(403)
	c := coordinator(h)
	c.Get("/en/import").Status(200).Has("main", "Practices").Has("main", "Organisations").Lacks("main", "Stories")
	c.Get("/en/import/story").Status(404) // what people told of themselves comes from themselves
	c.Get("/en/import/event").Status(404)
	c.Get("/en/practices").Has("main", "Bring in a list")
	list := bring(c, "practice", "p.csv", "Title,Stage\nA card,trial\n")
	c.Get(strings.Replace(strings.TrimSuffix(list.Path, "/columns"), "/practice/", "/resource/", 1)).Status(404)
}
