package flow_test

import (
	"net/url"
	"strings"
	"testing"

	"alliance/internal/housetest"
)

// TestWithAnAccountToo: what somebody with an account and without a mandate
// proposes goes to the same pair, with its author told.
func TestWithAnAccountToo(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		w := open(t, h)
		author := h.As(h.Person("Amina").ID, "")
		propose := func(title string) string {
			return author.Get("/en/initiatives/new").Status(200).Submit("Propose it", map[string]string{"title": title, "summary": "Shade.", "country": "Mali", "town": "Gao", "act": "publish"}, url.Values{"category": {"welcome"}}).Status(200).Path
		}
		at := propose("La halte d’Amina")
		if strings.Contains(w.mali.Get("/en/validate").Status(200).Body, "La halte d’Amina") {
			t.Error("Mali's pair sees what is Gao's")
		}
		look := w.gaoTown.Get("/en/validate").Status(200).Follow("La halte d’Amina").Status(200).Has("main", "Shade.").Path
		w.gaoTown.Get(look).Submit("Decide", map[string]string{"act": "change", "words": "Add the hours.", "words-lang": "en"}).Status(200)
		author.Get("/en/me/notices").Has("main", "Add the hours.")
		author.Get(at).Status(200).Follow("Edit").Submit("Propose it", map[string]string{"summary": "Shade and water.", "act": "publish"}).Status(200)
		h.Visitor().Get(at).Status(404)
		w.gaoTown.Get(look).Status(200).Has("main", "Shade and water.").Submit("Decide", map[string]string{"act": "agree"}).Status(200)
		w.gaoPeople.Get(look).Status(200).Submit("Decide", map[string]string{"act": "agree"}).Status(200)
		h.Visitor().Get(at).Status(200).Has("h1", "La halte d’Amina")
		author.Get("/en/me/notices").Has("main", "is published")

		// Refused: its author's draft again, and the log does not name it.
		propose("Une autre halte")
		look = w.gaoTown.Get("/en/validate").Follow("Une autre halte").Path
		w.gaoTown.Get(look).Submit("Decide", map[string]string{"act": "refuse", "reason": "double"}).Status(200)
		author.Get("/en/me/notices").Has("main", "It is here already")
		h.Visitor().Get("/en/moderation").Lacks("main", "Une autre halte")
		if n := count(t, h, `SELECT count(*) FROM entry WHERE kind = 'initiative' AND state = 'draft'`); n != 1 {
			t.Errorf("%d drafts", n)
		}

		// The coordination publishes another itself: nobody waits for it any more.
		at = propose("La troisième")
		w.coordinator.Get(at).Status(200).Submit("Publish", nil).Status(200)
		w.gaoTown.Get("/en/validate").Lacks("main", "La troisième")
		if n := count(t, h, `SELECT count(*) FROM contribution WHERE state = 'waiting'`); n != 0 {
			t.Errorf("%d wait", n)
		}
	})
}
