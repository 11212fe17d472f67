package competence_test

import (
	"net/url"
	"testing"

	"alliance/internal/feature/competence"
	"alliance/internal/housetest"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
)

func TestOverlaps(t *testing.T) {
	held := func(pairs ...string) (list []record.Record) {
		for i := 0; i+1 < len(pairs); i += 2 {
			list = append(list, record.Record{Answers: record.Answers{"level": {pairs[i]}, "role": {pairs[i+1]}}})
		}
		return list
	}
	for name, c := range map[string]struct {
		list []record.Record
		want bool
	}{
		"nothing":                           {nil, false},
		"one":                               {held("state", "decides"), false},
		"each its own":                      {held("state", "decides", "region", "pays", "municipality", "delivers"), false},
		"two that decide":                   {held("state", "decides", "region", "decides"), true},
		"the same level twice":              {held("state", "decides", "state", "decides"), false},
		"what one may do too takes nothing": {held("state", "may", "municipality", "may"), false},
		"two that pay":                      {held("state", "pays", "region", "delivers", "municipality", "pays"), true},
	} {
		if got := competence.Overlaps(c.list); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestWhatMayMyCityDo(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		v := h.Visitor()
		v.Get("/en/competences").Status(200).Has("main", "What may my city do?")
		v.Get("/en/competences/city").Status(200).Has(".tabs", "France").Has(".tabs", "Morocco")
		// Country, theme, level, law, practice, demand: all on one page.
		v.Get("/en/competences/city?country=FR").Status(200).Has("th", "Housing").Has("th", "Municipality").Has("td", "To be checked").
			Has("td", "Code général des collectivités territoriales").Has("td", "A resident card for everybody").Has("td", "Demand that it be shared out anew")
		v.Get("/en/competences/city?country=br").Has("th", "Overlap") // states and municipalities both deliver health
		v.Get("/en/competences/city?country=JP").Has("main", "Nothing is recorded")
		v.Get("/en/competences/city?country=Atlantis").Status(200)
		v.Get("/fr/competences/"+competence.DemoID("br-municipio-saude")).Status(200).Has("main", "vérifié ces lignes").Has("main", "O cartão que abre").Has("main", "Chevauchement")
	}, housetest.Demonstration)
}

func TestEndedCompetenceIsNotHeld(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		p, m := h.Delegate("Delegate", h.Organisation("City of Port", people.LocalAuthority))
		own := h.As(p.ID, m.ID)
		add := func(title, until string) {
			own.Get("/en/competences/new").Submit("Publish", nil, url.Values{"title": {title}, "law": {"A law"}, "level": {"state"}, "role": {"decides"}, "country": {"FR"}, "themes": {"housing"}, "until-year": {until}}).Status(200)
		}
		add("Now", "")
		add("Then", "1999")
		h.Visitor().Get("/en/competences/city?country=FR").Has("main", "Now").Lacks("main", "Then")
	})
}
