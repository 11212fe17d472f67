package browser

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestSoundPagePasses(t *testing.T) {
	s := site(t)
	Audit(t, []Page{
		{URL: s.URL + "/fr/", Lang: "fr", Type: "sensitive", Sensitive: true},
		{URL: s.URL + "/ar/", Lang: "ar", Type: "form"},
	})
}

func TestPlantedDefectsAreFound(t *testing.T) {
	s := site(t)
	var pages []Page
	for i, g := range groups {
		pages = append(pages, Page{URL: s.URL + g.path(i), Lang: g.lang, Type: g.kind, Sensitive: g.sensitive})
	}
	Timed = true // a planted layout shift shows however fast the machine is
	defer func() { Timed = false }()
	start := time.Now()
	found, err := Inspect(pages)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d findings on %d pages in %.1f s", len(found), len(pages), time.Since(start).Seconds())
	planted := 0
	for i, g := range groups {
		for _, d := range g.defects {
			planted++
			ok := false
			for _, f := range found {
				ok = ok || f.Page == s.URL+g.path(i) && strings.Contains(f.Rule, d.rule) && strings.Contains(f.Selector+" "+f.Expected, d.says)
			}
			if !ok {
				t.Errorf("page %d: the planted defect was not found: %s: %s", i, d.rule, d.says)
			}
		}
	}
	t.Logf("%d defects planted", planted)
	if t.Failed() {
		for _, f := range found {
			t.Log(f)
		}
	}
}

func TestTabFillsClicksAndReads(t *testing.T) {
	s := site(t)
	for _, scripts := range []bool{true, false} {
		tab := New(t, "fr")
		if !scripts {
			tab.NoScripts()
		}
		if status := tab.Open(s.URL + "/fr/"); status != 200 {
			t.Fatalf("status %d", status)
		}
		tab.Fill("Votre prénom", "Awa")
		if got := tab.Value("#n"); got != "Awa" {
			t.Errorf("the field holds %q", got)
		}
		tab.Click("Envoyer")
		if got := tab.Text("h1"); got != "Awa Proposer une idée" {
			t.Errorf("scripts %v: after sending, the heading is %q", scripts, got)
		}
		tab.Click("العربية")
		if !strings.HasSuffix(tab.URL(), "/ar/") {
			t.Errorf("the switcher leads to %s", tab.URL())
		}
		tab.Press("Tab", "Enter")
		if !strings.HasSuffix(tab.URL(), "#main") {
			t.Errorf("the skip link leads to %s", tab.URL())
		}
	}
}

func TestTabTakesPictures(t *testing.T) {
	s := site(t)
	tab := New(t, "fr")
	tab.Viewport(320, 640)
	tab.Open(s.URL + "/fr/")
	for _, name := range []string{"page.png", "page.pdf"} {
		file := filepath.Join(t.TempDir(), name)
		if strings.HasSuffix(name, ".png") {
			tab.Screenshot(file)
		} else {
			tab.PDF(file)
		}
		if info, err := os.Stat(file); err != nil || info.Size() < 1000 {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := Eval[int](tab, "innerWidth"); got != 320 {
		t.Errorf("the page is %d px wide", got)
	}
}

func TestOfflineCutsTheNetwork(t *testing.T) {
	s := site(t)
	tab := New(t, "fr")
	tab.Open(s.URL + "/fr/")
	tab.Offline(true)
	if Eval[bool](tab, "navigator.onLine") {
		t.Error("the page thinks it is online")
	}
	if Eval[bool](tab, `fetch('/fr/').then(() => true, () => false)`) {
		t.Error("a request went through")
	}
	tab.Offline(false)
	if tab.Open(s.URL+"/ar/") != 200 {
		t.Error("the network did not come back")
	}
}

func TestLanguageOfParts(t *testing.T) {
	for _, c := range []struct {
		b     block
		wrong bool
	}{
		{block{Text: "Les villes accueillent les personnes qui arrivent, et elles le font avec les associations.", Lang: "fr"}, false},
		{block{Text: "Les villes accueillent les personnes qui arrivent, et elles le font avec les associations.", Lang: "en"}, true},
		{block{Text: "اكتب ما تريد تغييره في المدينة", Lang: "fr", RTL: true}, true},
		{block{Text: "اكتب ما تريد تغييره في المدينة", Lang: "ar", RTL: true}, false},
		{block{Text: "اكتب ما تريد تغييره في المدينة", Lang: "ar"}, true},
		{block{Text: "Ville de Saint-Denis", Lang: "ar", RTL: true}, false}, // a name
		{block{Text: "12 345", Lang: "ar", RTL: true}, false},
	} {
		if got := c.b.wrong("fr"); (got != "") != c.wrong {
			t.Errorf("%q as %s: %q", c.b.Text, c.b.Lang, got)
		}
	}
}
