package site_test

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"testing"

	"alliance/internal/feature/site"
	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
)

func in(title, tag string, at place.Place, themes ...string) entry.Entry {
	return entry.Entry{Kind: "practice", Lang: tag, Place: at, Themes: themes, Fields: map[string]lang.Text{entry.Title: lang.New(tag, title)}}
}

// A place is found by any of its names, in every language of the interface;
// what is told by its country alone is found by its country alone.
func TestPlacesByAnyOfTheirNames(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		write(h, people.Actor{}, in("Balcão aberto", "pt", place.Of("Lisboa", "PT")))
		write(h, people.Actor{}, in("Une lettre de Lisbonne", "fr", place.Place{}))
		write(h, people.Actor{}, in("Ventanilla", "es", place.Of("New York City", "US")))
		vague := place.Of("Coimbra", "PT")
		vague.Precision = place.InCountry
		write(h, people.Actor{}, in("Casa discreta", "pt", vague))
		for _, words := range []string{"Lisboa", "lisbonne", "Lisbon", "LISSABON", "Lisbona", "لشبونة", "lisbnne"} {
			h.Visitor().Get("/fr/search?q="+url.QueryEscape(words)).Status(200).Has(".card", "Balcão aberto").Has(".card", "lettre de Lisbonne")
		}
		for _, words := range []string{"Nueva York", "نيويورك", "Estados Unidos", "الولايات المتحدة"} {
			h.Visitor().Get("/es/search?q="+url.QueryEscape(words)).Status(200).Has(".card", "Ventanilla")
		}
		for _, words := range []string{"Portugal", "البرتغال", "Portogallo"} {
			h.Visitor().Get("/ar/search?q="+url.QueryEscape(words)).Has(".card", "Casa discreta").Has(".card", "Balcão aberto")
		}
		h.Visitor().Get("/fr/search?q=coimbra").Lacks(".card", "Casa discreta")
	})
}

func TestSearchIsNarrowedWithCounts(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		write(h, people.Actor{}, in("Guichet un", "fr", place.Of("", "FR"), "housing"))
		write(h, people.Actor{}, in("Guichet deux", "fr", place.Of("", "MA"), "health"))
		write(h, people.Actor{}, in("Guichet drei", "de", place.Of("", "DE"), "health"))
		hidden := in("Guichet caché", "fr", place.Of("", "NE"), "health")
		hidden.Audience = entry.Members
		write(h, people.Actor{}, hidden)
		ask := func(query string) (titles []string, f site.FoundJSON) {
			if code := h.Call("", "GET", "/search?q=guichet"+query, nil, &f); code != 200 {
				t.Fatalf("%s: %d", query, code)
			}
			for _, k := range f.Kinds {
				for _, e := range k.Entries {
					titles = append(titles, e.Title)
				}
			}
			slices.Sort(titles)
			return titles, f
		}
		for query, want := range map[string][]string{
			"": {"Guichet deux", "Guichet drei", "Guichet un"}, "&country=MA": {"Guichet deux"}, "&country=MA&country=DE": {"Guichet deux", "Guichet drei"},
			"&theme=health": {"Guichet deux", "Guichet drei"}, "&theme=health&language=fr": {"Guichet deux"}, "&country=NE": nil, "&country=%22OR": nil,
		} {
			if got, _ := ask(query); !slices.Equal(got, want) {
				t.Errorf("%s: %q, want %q", query, got, want)
			}
		}
		_, f := ask("&theme=health&country=MA")
		if f.Facets.Country["DE"] != 1 || f.Facets.Country["FR"] != 0 || f.Facets.Theme["health"] != 1 || f.Facets.Theme["housing"] != 0 || f.Facets.Country["NE"] != 0 {
			t.Errorf("facets: %+v", f.Facets)
		}
		h.Visitor().Get("/fr/search?q=guichet&theme=health").Status(200).Has("label", "Allemagne").Has("label", "Logement").Lacks("label", "Niger").Follow("Suivre cette recherche").Status(200)
	})
}

// Need 12: knowledge that is not behind e-mail.
func TestRightToHealthTrainingPortuguese(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		for _, words := range []string{"right to health training, Portuguese", "droit à la santé, portugais", "direito à saúde português", "formação direito à saúde, português", "تدريب الحق في الصحة، البرتغالية", "Recht auf Gesundheit, Portugiesisch"} {
			var f site.FoundJSON
			h.Call("", "GET", "/search?q="+url.QueryEscape(words), nil, &f)
			kinds := map[string]bool{}
			for _, k := range f.Kinds {
				kinds[k.Kind] = true
			}
			for _, k := range []string{"trainer", "resource", "training"} {
				if !kinds[k] {
					t.Errorf("%q finds no %s: %v", words, k, kinds)
				}
			}
		}
		// All kinds of the exchange are found, by their own words.
		for _, kind := range []string{"practice", "initiative", "resource", "training", "trainer", "story", "competence", "event", "membership", "contact"} {
			list, err := entry.List(context.Background(), h.DB, entry.Filter{Kinds: []string{kind}, Limit: 1})
			if err != nil || len(list) == 0 {
				t.Errorf("%s: %v, %d", kind, err, len(list))
				continue
			}
			h.Visitor().Get("/fr/search?kind="+kind+"&q="+url.QueryEscape(list[0].Title().Original())).Status(200).Has(".card", list[0].Title().In("fr").S)
		}
	}, housetest.Demonstration)
}

// By right or theme, without a word, in the reader's own language: the boxes
// are there before anything is asked, and find people, kits and dates.
func TestByRightAndThemeWithoutWords(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		v := h.Visitor()
		for tag, words := range map[string]struct{ right, theme string }{"en": {"Health", "Health"}, "fr": {"Santé", "Santé"}, "es": {"Salud", "Salud"}, "pt": {"Saúde", "Saúde"},
			"it": {"Salute", "Salute"}, "de": {"Gesundheit", "Gesundheit"}, "ar": {"الصحة", "الصحة"}} {
			v.Get("/"+tag+"/search").Status(200).Has("label", words.right).Lacks("main", "{")
			page := v.Get("/" + tag + "/search?right=health&q=").Status(200)
			if page.Count(".card") < 3 {
				t.Errorf("%s: %d cards", tag, page.Count(".card"))
			}
			page.Has("h2", h.Catalog.For(tag).Say(h.Kinds["resource"].Many)).Has("h2", h.Catalog.For(tag).Say(h.Kinds["trainer"].Many))
			v.Get("/"+tag+"/search?theme=health").Status(200).Has("label", words.theme)
		}
		ask := func(query string) (kinds []string, f site.FoundJSON) {
			if code := h.Call("", "GET", "/search?"+query, nil, &f); code != 200 {
				t.Fatalf("%s: %d", query, code)
			}
			for _, k := range f.Kinds {
				kinds = append(kinds, k.Kind)
			}
			return kinds, f
		}
		for query, want := range map[string][]string{"right=health": {"trainer", "resource", "training"}, "right=health&q=" + url.QueryEscape("português"): {"trainer", "resource", "training"},
			"right=health&q=" + url.QueryEscape("البرتغالية"): {"trainer", "resource", "training"}, "theme=health": {"training", "practice", "event"}, "theme=housing": {"event"},
			"q=" + url.QueryEscape("right to health"): {"event", "training"}, "q=" + url.QueryEscape("Recht auf Gesundheit"): {"event"}, "q=" + url.QueryEscape("الحق في الصحة"): {"event"}} {
			kinds, f := ask(query)
			for _, k := range want {
				if !slices.Contains(kinds, k) {
					t.Errorf("%s finds no %s: %v", query, k, kinds)
				}
			}
			if f.Total == 0 || len(f.Facets.Right) == 0 && !strings.HasPrefix(query, "theme") {
				t.Errorf("%s: %+v", query, f.Facets)
			}
		}
		if _, f := ask("right=health"); f.Facets.Right["asylum"] == 0 {
			t.Errorf("the other rights cannot be chosen: %v", f.Facets.Right)
		}
		if _, f := ask(""); f.Total != 0 || f.Facets.Theme["health"] == 0 || f.Facets.Right["health"] == 0 || f.Facets.Country["PT"] == 0 {
			t.Errorf("before anything is asked: %+v", f.Facets)
		}
		if kinds, _ := ask("right=" + url.QueryEscape(`health" OR "x`)); len(kinds) != 0 {
			t.Errorf("a filter that is none: %v", kinds)
		}
	}, housetest.Demonstration)
}

// A house of before puts its documents again when it starts.
func TestOldDocumentsArePutAgain(t *testing.T) {
	h := housetest.New(t, db.SQLite)
	write(h, people.Actor{}, in("Balcão", "pt", place.Of("Lisboa", "PT"), "health"))
	h.Do(func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE search_doc SET digest = 'old'`)
		return err
	})
	if err := entry.Index(t.Context(), h.DB); err != nil {
		t.Fatal(err)
	}
	h.Visitor().Get("/fr/search?q=lisbonne&theme=health&country=PT").Has(".card", "Balcão")
}
