package proceedings_test

import (
	"strings"
	"testing"

	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/people"
)

// The report of 2019, from data alone: 116 organisations, five axes, sixteen
// proposals, eight actions, two principles, and the proposal without a trace.
func TestBookOf2019(t *testing.T) {
	h := housetest.New(t, db.SQLite, housetest.Demonstration)
	at := ""
	for _, href := range h.Visitor().Get("/fr/assemblies").Status(200).Links("main") {
		if page := h.Visitor().Get(href); strings.Contains(page.Text("h1"), "lancement") {
			at = href
		}
	}
	for _, lang := range []string{"fr", "ar"} {
		page := h.Visitor().Get("/" + lang + strings.TrimPrefix(at, "/fr") + "/proceedings").Status(200)
		count := map[string]int{}
		for _, href := range page.Links("section.part") {
			for _, kind := range []string{"/organisations/", "/proposals/", "/agenda/"} {
				if strings.Contains(href, kind) {
					count[kind]++
				}
			}
		}
		if count["/organisations/"] != 116 || count["/proposals/"] < 16 || count["/agenda/"] != 10 || page.Count("section.part") < 5 {
			t.Errorf("%s: %v, %d parts", lang, count, page.Count("section.part"))
		}
	}
}

// A book holds what its reader may know: no drafts, and nothing before there is something.
func TestBookShowsNoDrafts(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		c := h.As(h.Person("Rosa", people.Grant{Role: people.Coordinator}).ID, "")
		at := c.Get("/en/assemblies/new").Submit("Save", map[string]string{"title": "Spring meeting"}).Status(200).Path
		h.Visitor().Get(at+"/proceedings").Status(200).Has("main", "nothing to tell yet")
		room := c.Get("/en/workshops/new?in="+strings.TrimPrefix(at, "/en/assemblies/")).Submit("Save", map[string]string{"title": "Living here"}).Status(200).Path
		c.Get(at+"/phases").Submit("Change the phase", map[string]string{"phase": "workshops", "reason": "Now."}).Submit("Yes, change it", nil).Status(200)
		c.Get(room).Submit("Move on", map[string]string{"sequence": "1"}).Status(200)
		c.Get(room+"/notes").Submit("Take it down", map[string]string{"class": "stake", "text": "Nobody asks the tenants."}).Status(200)
		h.Visitor().Get(at+"/proceedings").Status(200).Has("main", "Living here").Lacks("main", "Nobody asks")
		c.Get(room+"/notes").Submit("Make it a stake", nil).Status(200)
		h.Visitor().Get(at+"/proceedings").Status(200).Has("main", "Nobody asks")
		h.Visitor().Get("/en/assemblies/0000000000000000/proceedings").Status(404)
	})
}
