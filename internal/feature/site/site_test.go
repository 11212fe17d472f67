package site_test

import (
	"context"
	"encoding/xml"
	"strings"
	"testing"

	"alliance/internal/feature/site"
	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
)

// write adds an entry as it came from a member.
func write(h *housetest.House, actor people.Actor, e entry.Entry) (out entry.Entry) {
	h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
		out, err = entry.Add(ctx, tx, actor, e, nil)
		return err
	})
	return out
}

func proposal(title string, s entry.State, a entry.Audience) entry.Entry {
	return entry.Entry{Kind: "proposal", Lang: "fr", State: s, Audience: a, Fields: map[string]lang.Text{entry.Title: lang.New("fr", title)}}
}

func TestVisitorsFindNoDrafts(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		org := h.Organisation("Ville de Semaine", people.LocalAuthority)
		person, mandate := h.Delegate("Awa", org)
		actor := h.Actor(person.ID, mandate.ID)
		write(h, actor, proposal("Ouvrir les gymnases", entry.Published, entry.Public))
		write(h, actor, proposal("Gymnases fermés la nuit", entry.Draft, entry.Public))
		write(h, actor, proposal("Gymnases entre membres", entry.Published, entry.Members))

		p := h.Visitor().Get("/fr/search?q=gymnases").Status(200)
		p.Has(".card", "Ouvrir les gymnases").Lacks("main", "fermés la nuit").Lacks("main", "entre membres")
		var found site.FoundJSON
		if code := h.Call("", "GET", "/search?q=gymnases", nil, &found); code != 200 || found.Total != 1 || found.Kinds[0].Entries[0].Title != "Ouvrir les gymnases" {
			t.Errorf("the API: %d %+v", code, found)
		}
		p.Has("main", "1 résultat")

		own := h.As(person.ID, mandate.ID).Get("/fr/search?q=gymnases").Status(200)
		own.Has("main", "fermés la nuit").Has("main", "entre membres").Has("main", "3 résultats")

		// A word that only a draft has tells a visitor nothing, nor does a slip of it.
		h.Visitor().Get("/fr/search?q=nuit").Has("main", "Rien n’a été trouvé")
		h.Visitor().Get("/fr/search?q=nuti").Lacks(".note", "nuit")
	})
}

func TestSearchForgivesAndNarrows(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		const name = "Grenoble Solidaire"
		write(h, people.Actor{}, entry.Entry{Kind: "organisation", Class: "civil_society", Lang: "fr", State: entry.Published, Audience: entry.Public, Fields: map[string]lang.Text{entry.Title: lang.New("fr", name)}})
		write(h, people.Actor{}, proposal("Compter les logements de Grenoble", entry.Published, entry.Public))

		p := h.Visitor().Get("/fr/search?q=grenobel").Status(200)
		p.Has(".note", "grenoble").Has("main", name)
		if !strings.Contains(p.Text(".tabs"), "Tout 2") {
			t.Error(p.Text(".tabs"))
		}
		p = h.Visitor().Get("/fr/search?q=grenoble&kind=proposal").Status(200)
		p.Has(".card", "Compter les logements").Lacks(".card", name)

		h.Visitor().Get("/fr/search").Status(200).Has("main", "Vous pouvez chercher")
		h.Visitor().Get("/ar/search?q=grenoble").Status(200).Has("h1", "بحث").Has("main", name)
		h.Visitor().Get("/fr/search?q=%22%27%29%20OR%201%3D1&kind=nothing&page=-3").Status(200)
	})
}

func TestHouseWithNothingInIt(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		h.Visitor().Get("/").Status(200)
		h.Visitor().Get("/en/").Has("h1", "Trial alliance").Has("main", "Propose and decide").Lacks("main", "Who takes part")
		for _, path := range []string{"/en/search", "/en/search?q=x", "/en/exit", "/robots.txt", "/sitemap.xml"} {
			h.Visitor().Get(path).Status(200)
		}
	})
}

func TestHomeOfTheDemonstration(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		fr := h.Visitor().Get("/fr/").Status(200)
		fr.Has("h1", "Alliance Migrations").Has("#now", "En ce moment").Has("main", "Port-Oriane")
		if len(fr.Links(".doors")) != 3 {
			t.Error("three doors lead in")
		}
		if len(fr.Body) > 45<<10 {
			t.Errorf("%d bytes", len(fr.Body))
		}
		for _, to := range fr.Links("main") {
			h.Visitor().Get(to).Status(200)
		}
		h.Visitor().Get("/ar/").Status(200).Has("h1", "تحالف الهجرات").Has("main", "الآن")
	}, housetest.Demonstration)
}

func TestSaysItselfInAllLanguages(t *testing.T) {
	h := housetest.New(t, db.SQLite)
	titles := map[string]bool{}
	for _, l := range []string{"fr", "en", "es", "pt", "it", "de", "ar"} {
		for _, path := range []string{"/about", "/accessibility", "/privacy"} {
			title := h.Visitor().Get("/" + l + path).Status(200).Text("h1")
			if titles[title] {
				t.Errorf("%s%s: %q stands elsewhere already", l, path, title)
			}
			titles[title] = true
		}
	}
}

func TestExitSaysNothing(t *testing.T) {
	h := housetest.New(t, db.SQLite)
	p := h.Visitor().Get("/fr/exit").Status(200)
	if strings.Contains(strings.ToLower(p.Body), "alliance") || p.Count("a") != 0 {
		t.Error(p.Body)
	}
}

func TestSitemapListsWhatIsPublic(t *testing.T) {
	h := housetest.New(t, db.SQLite)
	public := write(h, people.Actor{}, proposal("Ouvrir les gymnases", entry.Published, entry.Public))
	hidden := write(h, people.Actor{}, proposal("Entre nous", entry.Published, entry.Members))
	p := h.Visitor().Get("/sitemap.xml").Status(200)
	var x struct {
		URLs []struct {
			Loc   string `xml:"loc"`
			Links []struct {
				Lang string `xml:"hreflang,attr"`
			} `xml:"link"`
		} `xml:"url"`
	}
	if err := xml.Unmarshal([]byte(p.Body), &x); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(p.Body, "/fr/proposals/"+public.ID) || strings.Contains(p.Body, hidden.ID) {
		t.Error("public ones, and no others")
	}
	for _, u := range x.URLs {
		if len(u.Links) != 7 {
			t.Errorf("%s: %d languages", u.Loc, len(u.Links))
		}
	}
	if !strings.Contains(h.Visitor().Get("/robots.txt").Body, "/sitemap.xml") {
		t.Error("robots do not find the list")
	}
}
