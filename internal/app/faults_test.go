package app_test

import (
	"strings"
	"testing"
	"time"

	"alliance/internal/housetest"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/people"
)

// TestClockMovedBack: an hour back, people go on; what was written stays in its
// order, nobody is signed out, and the operator is told.
func TestClockMovedBack(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		operator := h.Person("Olga", people.Grant{Role: people.Operator})
		c := h.AsStrong(h.Person("Rosa", people.Grant{Role: people.Coordinator}).ID, "")
		add := func(name string) *housetest.Page {
			return c.Get("/en/organisations/new").Submit("Save", map[string]string{"title": name, "kind": "civil_society", "country": "FR"}).Status(200)
		}
		before := add("Before")
		h.Clock.Pass(-time.Hour)
		after := add("After")
		c.Get(before.Path+"/edit").Submit("Save", map[string]string{"body": "Written an hour before it was founded."}).Status(200)
		for _, page := range []*housetest.Page{before, after} {
			c.Get(page.Path).Status(200)
			c.Get("/en/history/" + page.Path[strings.LastIndexByte(page.Path, '/')+1:]).Status(200)
		}
		h.Drain()
		if broken, err := journal.Check(t.Context(), h.DB); broken != 0 || err != nil {
			t.Errorf("the journal breaks at %d: %v", broken, err)
		}
		h.AsStrong(operator.ID, "").Get("/en/operate").Status(200).Has("main", "clock")
		h.Clock.Pass(time.Hour)
		add("Caught up")
	})
}
