package app_test

import (
	"strings"
	"testing"

	"alliance/internal/housetest"
	"alliance/internal/housetest/browser"
	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
)

// TestFormsInABrowser walks the main forms of a visitor, in French and Arabic,
// with scripts and without: what is wrong is said above the form and beside the
// field, what was typed is kept, and what is right gets through.
func TestFormsInABrowser(t *testing.T) {
	h := housetest.New(t, db.SQLite, housetest.Demonstration)
	for name, walk := range map[string]func(w walker){"sign in": signIn, "join": joinByCode, "search": searchWords, "correct": correctEntry} {
		for _, lang := range []string{"fr", "ar"} {
			for _, scripts := range []bool{true, false} {
				w := walker{T: t, h: h, lang: lang}
				w.tab = browser.New(t, lang)
				with := "with scripts"
				if !scripts {
					w.tab.NoScripts()
					with = "without scripts"
				}
				w.name = name + ", " + lang + ", " + with
				walk(w)
			}
		}
	}
}

type walker struct {
	*testing.T
	h          *housetest.House
	tab        *browser.Tab
	lang, name string
}

func (w walker) open(path string) {
	w.Helper()
	if status := w.tab.Open(w.h.Server.URL + "/" + w.lang + path); status != 200 {
		w.Fatalf("%s: %s answers %d", w.name, path, status)
	}
}

// send presses the first button of the form; more picks another.
func (w walker) send(button ...string) {
	w.Helper()
	w.tab.Click("main form button" + strings.Join(button, ""))
}

// refused: the form is back with its list of errors and what was typed.
func (w walker) refused(kept map[string]string) {
	w.Helper()
	for _, wrong := range w.tab.ErrorList() {
		w.Errorf("%s: list of errors: %s", w.name, wrong)
	}
	for field, value := range kept {
		if got := w.tab.Value("#" + field); got != value {
			w.Errorf("%s: %s was %q, now it holds %q", w.name, field, value, got)
		}
	}
}

// at: one has come to an address that holds this, without errors.
func (w walker) at(part string) {
	w.Helper()
	if u := w.tab.URL(); !strings.Contains(u, part) || w.tab.Count("[data-error-summary]") > 0 {
		w.Errorf("%s: at %s, not at %s: %s", w.name, u, part, w.tab.Text("main"))
	}
}

func signIn(w walker) {
	w.open("/sign-in")
	w.send()
	w.refused(nil)
	w.tab.Fill("email", "nobody@example.org")
	w.tab.Fill("password", "not the right one at all")
	w.send()
	w.refused(map[string]string{"email": "nobody@example.org"})
	w.send(`[value="link"]`)
	w.at("/sign-in/sent")
}

func joinByCode(w walker) {
	code := ""
	for _, x := range demo.Second().Workshops {
		if x.State == "open" {
			code = x.Code
		}
	}
	w.open("/join")
	w.tab.Fill("code", "zzzz zz")
	w.send()
	w.refused(map[string]string{"code": "zzzz zz"})
	w.tab.Fill("code", code)
	w.send()
	w.at("/join/")
	w.send()
	w.refused(nil)
	w.tab.Fill("text", "Un bus le dimanche, حافلة يوم الأحد")
	w.send()
	w.at("/sent/")
}

func searchWords(w walker) {
	w.open("/search")
	w.tab.Fill("q", "Port-Oriane")
	w.send()
	w.at("q=Port-Oriane")
	if w.tab.Count("main li a[href]") == 0 {
		w.Errorf("%s: nothing was found: %s", w.name, w.tab.Text("main"))
	}
}

func correctEntry(w walker) {
	w.open("/organisations/" + demo.OrganisationID(demo.Invented()[0].Slug) + "/correct")
	w.tab.Fill("proof", "https://example.org/")
	w.send()
	w.refused(map[string]string{"proof": "https://example.org/"})
	w.tab.Fill("words", "Le nom a changé.")
	w.send()
	w.at("/organisations/")
}
