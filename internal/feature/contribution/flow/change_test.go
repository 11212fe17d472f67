package flow_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"alliance/internal/housetest"
)

// published lets an initiative of Gao be proposed and agreed to.
func (w world) published(t *testing.T, title string) *housetest.Page {
	t.Helper()
	w.propose(t, title, "Gao")
	w.both(t, title)
	return w.Visitor().Get("/en/initiatives").Follow(title).Status(200)
}

// both lets Gao's pair agree.
func (w world) both(t *testing.T, title string) {
	t.Helper()
	for _, c := range []who{w.gaoTown, w.gaoPeople} {
		c.Get("/en/validate").Status(200).Follow(title).Submit("Decide", map[string]string{"act": "agree"}).Status(200)
	}
}

// change asks for a link that changes a page, and gives the form it opens.
func (w world) change(t *testing.T, page string) *housetest.Page {
	t.Helper()
	w.Visitor().Get(page).Status(200).Follow("Propose a change").Status(200).Submit("Send me the link", map[string]string{"email": theirs, "mail-lang": "en"}).Status(200).Has("h1", "on its way")
	_, link := w.mail(t)
	return w.Visitor().Get(link).Status(200).Has("main", "With this link you change this one page").Follow("Change it").Status(200)
}

func TestAPublishedRecordIsChangedByLink(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		w := open(t, h)
		page := w.published(t, "La halte du fleuve")
		page.Follow("Propose a change").Submit("Send me the link", map[string]string{"email": "nobody"}).Status(422).Has(".error-summary", "e-mail address")
		edit := w.change(t, page.Path)
		edit.Submit("Send the new version", nil).Status(422).Has(".error-summary", "Nothing differs")
		mine := edit.Submit("Send the new version", map[string]string{"summary": "Eau, ombre, conseil et repos."}).Status(200).Has("main", "A pair looks at it").Has("ins", "repos")
		h.Visitor().Get(page.Path).Lacks("main", "repos")
		if strings.Contains(w.mali.Get("/en/validate").Body, "La halte") {
			t.Error("Mali's pair is asked about Gao")
		}
		look := w.gaoTown.Get("/en/validate").Follow("La halte du fleuve").Status(200).Has("main", "Proposed change").Has("ins", "repos").Lacks("main", "changed since")

		// Somebody else writes in the same place: it is said, and nobody can agree to it.
		w.coordinator.Get(page.Path+"/edit").Submit("Save", map[string]string{"summary": "Eau et thé."}).Status(200)
		w.gaoTown.Get(look.Path).Has(".note", "changed since in the same places").Has("main", "When its author began").Has("main", "Eau, ombre et conseil.").Submit("Decide", map[string]string{"act": "agree"}).Status(200)
		w.gaoPeople.Get(look.Path).Submit("Decide", map[string]string{"act": "agree"}).Status(409).Has(".error-summary", "Ask its author for a change")
		w.gaoPeople.Get(look.Path).Submit("Decide", map[string]string{"act": "change", "words": "Please keep the tea."}).Status(200)
		again := h.Visitor().Get(mine.Path).Has(".note", "changed since").Has("main", "Please keep the tea").Follow("Change it").Status(200)
		again.Submit("Send the new version", map[string]string{"summary": "Eau, thé, ombre et repos."}).Status(200)
		w.both(t, "La halte du fleuve")
		h.Visitor().Get(page.Path).Has("main", "Eau, thé, ombre et repos.")

		// Changes in different places go together.
		w.change(t, page.Path).Submit("Send the new version", map[string]string{"title": "La grande halte du fleuve"}).Status(200)
		w.coordinator.Get(page.Path+"/edit").Submit("Save", map[string]string{"summary": "Eau et repos."}).Status(200)
		w.both(t, "La grande halte du fleuve")
		h.Visitor().Get(page.Path).Has("h1", "La grande halte du fleuve").Has("main", "Eau et repos.")

		// Refused with a reason that the author is told; nothing of them stays.
		w.change(t, page.Path).Submit("Send the new version", map[string]string{"title": "Achetez chez nous"}).Status(200)
		w.gaoTown.Get("/en/validate").Follow("Achetez chez nous").Submit("Decide", map[string]string{"act": "refuse", "reason": "advertising"}).Status(200)
		if text, _ := w.mail(t); !strings.Contains(text, "It is advertising") {
			t.Errorf("the author is not told why: %s", text)
		}
		h.Visitor().Get(page.Path).Has("h1", "La grande halte")
		h.Visitor().Get("/en/moderation").Has("main", "a change: Not published").Lacks("main", "Achetez")
		if n := count(t, h, `SELECT count(*) FROM contribution WHERE sealed <> '' OR address <> '' OR was <> ''`); n != 0 {
			t.Errorf("%d still hold what was sealed", n)
		}

		// A link nobody uses ends; a page that is withdrawn cannot be changed.
		h.Clock.Pass(25 * time.Hour)
		unused := w.change(t, page.Path).Path
		h.Clock.Pass(8 * 24 * time.Hour)
		h.Visitor().Get(unused).Status(404)
		h.Mails()
		if n := count(t, h, `SELECT count(*) FROM contribution WHERE state = 'asked'`); n != 0 {
			t.Errorf("%d wait for nobody", n)
		}
		w.coordinator.Get(page.Path+"/withdraw").Submit("Withdraw it now", nil).Status(200)
		h.Visitor().Get(strings.Replace(page.Path, "initiatives", "change", 1)).Status(404)
	})
}

// TestAnEventReachesGaosPair: who has an account and no mandate proposes an
// event, and the pair of its place looks at it.
func TestAnEventReachesGaosPair(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		w := open(t, h)
		author := who{h, h.Person("Awa Author").ID, ""}
		day := h.DB.Now().Time().AddDate(0, 0, 12)
		form := map[string]string{"title": "Film au bord du fleuve", "title-lang": "fr", "zone": "Africa/Bamako", "town": "Gao"}
		form["country"] = "Mali"
		for _, name := range []string{"starts", "ends"} {
			form[name], form[name+"-month"], form[name+"-year"] = strconv.Itoa(day.Day()), strconv.Itoa(int(day.Month())), strconv.Itoa(day.Year())
		}
		form["starts-time"], form["ends-time"] = "18:30", "20:00"
		at := author.Get("/en/calendar/new").Submit("Propose an event", form).Status(200).Path
		if strings.Contains(w.mali.Get("/en/validate").Body, "Film au bord") {
			t.Error("Mali's pair sees what is Gao's")
		}
		look := w.gaoTown.Get("/en/validate").Status(200).Follow("Film au bord du fleuve").Status(200).Has("main", "Gao")
		look.Submit("Decide", map[string]string{"act": "refuse", "reason": "unsure"}).Status(200)
		if n := count(t, h, `SELECT count(*) FROM entry WHERE kind = 'event' AND state = 'draft'`); n != 1 {
			t.Errorf("refused, it is no draft: %d", n)
		}
		author.Get(at+"/edit").Status(200).Submit("Propose an event", map[string]string{"title": "Film au bord du fleuve Niger"}).Status(200)
		w.both(t, "Film au bord du fleuve Niger")
		h.Visitor().Get("/en/calendar").Has("main", "Film au bord du fleuve Niger")
		author.Get(at + "/edit").Status(403)
	})
}
