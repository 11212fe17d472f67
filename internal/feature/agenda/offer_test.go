package agenda_test

import (
	"strings"
	"testing"

	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
)

// Among a hundred organisations one looks for a partner by name; a phone does
// not load them all, and what was typed and ticked stays.
func TestLookForAPartner(t *testing.T) {
	h := housetest.New(t, db.SQLite, housetest.Demonstration)
	m := demo.Second()
	c := h.As(demo.PersonID("marchetti"), demo.MandateID("marchetti"))
	form := c.Get("/en/agenda/" + demo.EntryID(m.Slug, m.Adopted[0].ID) + "/propose").Status(200)
	if n := strings.Count(form.Body, `name="carriers"`); n < 5 || n > 40 {
		t.Errorf("%d organisations are offered", n)
	}
	form.Lacks("form", "Ville de Palerme")
	form = form.Submit("Look for it", map[string]string{"title": "A shared counter", "find": "nobody at all"}).Status(200).Has("p", "No organisation has this in its name.")
	form = form.Submit("Look for it", map[string]string{"find": "PALERME"}).Status(200).Has("form", "Ville de Palerme")
	if !strings.Contains(form.Body, "A shared counter") {
		t.Error("what was typed is lost")
	}
	palermo := ""
	for _, o := range demo.Organisations() {
		if o.Name == "Ville de Palerme" {
			palermo = demo.OrganisationID(o.Slug)
		}
	}
	form = form.Submit("Look for it", map[string]string{"find": "Fuenlabrada", "carriers": palermo}).Status(200).Has("form", "Ville de Palerme").Has("form", "Ville de Fuenlabrada")
	// Two authorities alone are refused, with the reason, and nothing is lost.
	form.Submit("Propose and ask them", map[string]string{"carriers": palermo}).Status(422).Has("form", "Ville de Palerme").Has("form", "Ville de Fuenlabrada")
}
