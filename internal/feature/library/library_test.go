package library_test

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"alliance/internal/feature/library"
	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/people"
)

func idOf(path string) string { return path[strings.LastIndex(path, "/")+1:] }

// delegate gives a client for an organisation.
func delegate(h *housetest.House, name string) (*housetest.Client, people.Person) {
	p, m := h.Delegate("Delegate of "+name, h.Organisation(name, people.CivilSociety))
	return h.As(p.ID, m.ID), p
}

func TestRightToHealthTrainingPortuguese(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		for _, words := range []string{"/en/library?q=right+to+health+training%2C+Portuguese", "/fr/library?q=droit+sant%C3%A9+formation+portugais", "/es/library?q=formaci%C3%B3n+derecho+salud+portugu%C3%A9s"} {
			page := h.Visitor().Get(words).Status(200)
			for _, id := range []string{"varanda-team", "health-kit", "health-training"} { // people, kits, dates
				if !strings.Contains(page.Body, library.DemoID(id)) {
					t.Errorf("%s does not find the %s", words, id)
				}
			}
			if strings.Contains(page.Body, library.DemoID("law-first")) {
				t.Errorf("%s finds what is in French, about asylum", words)
			}
		}
		// Nothing is written in these languages: the right itself is meant.
		for _, words := range []string{"/ar/library?q=%D8%AA%D8%AF%D8%B1%D9%8A%D8%A8+%D8%A7%D9%84%D8%AD%D9%82+%D9%81%D9%8A+%D8%A7%D9%84%D8%B5%D8%AD%D8%A9+%D8%A7%D9%84%D8%A8%D8%B1%D8%AA%D8%BA%D8%A7%D9%84%D9%8A%D8%A9", "/de/library?q=Fortbildung+Recht+auf+Gesundheit%2C+Portugiesisch"} {
			page := h.Visitor().Get(words).Status(200)
			for _, id := range []string{"varanda-team", "health-kit", "health-training"} {
				if !strings.Contains(page.Body, library.DemoID(id)) {
					t.Errorf("%s does not find the %s", words, id)
				}
			}
			if strings.Contains(page.Body, library.DemoID("law-first")) {
				t.Errorf("%s finds what is in French, about asylum", words)
			}
		}
		h.Visitor().Get("/en/library?q=zzzzqqq").Status(200).Has("main", "Nothing matches")
		var out struct {
			Languages []string                `json:"languages"`
			Records   []struct{ Kind string } `json:"records"`
		}
		h.Call("", "GET", "/library?q=right+to+health+Portuguese", nil, &out)
		kinds := map[string]bool{}
		for _, r := range out.Records {
			kinds[r.Kind] = true
		}
		if !slices.Equal(out.Languages, []string{"pt"}) || !kinds["trainer"] || !kinds["resource"] || !kinds["training"] {
			t.Errorf("the API hears %v and finds %v", out.Languages, kinds)
		}
	}, housetest.Demonstration)
}

func TestFrontCountsAndLeads(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		page := h.Visitor().Get("/en/library").Status(200).Has("main", "6 records")
		for _, to := range []string{"/en/practices", "/en/initiatives", "/en/resources", "/en/trainings", "/en/trainers", "/en/stories", "/en/competences"} {
			if !slices.Contains(page.Links("main"), to) {
				t.Errorf("the library does not lead to %s", to)
			}
			h.Visitor().Get(to).Status(200)
		}
		if page.Count("header nav a") > 0 && page.Count("nav.main") > 0 && len(page.Links("nav.main")) > 6 {
			t.Error("the menu is too long")
		}
	}, housetest.Demonstration)
}

func TestOpeningHours(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		desk, _ := delegate(h, "Harbour Friends")
		form := desk.Get("/en/initiatives/new").Status(200)
		bad := form.Submit("Publish", nil, url.Values{"title": {"Desk"}, "summary": {"s"}, "category": {"welcome"}, "hours-mo": {"soon"}, "hours": {"2026-12-25 closed"}}).Status(422).Has(".error-summary", "do not understand")
		if !strings.Contains(bad.Body, `value="soon"`) || !strings.Contains(bad.Body, "2026-12-25 closed") {
			t.Error("what was typed is lost")
		}
		all := url.Values{"hours-mo": {"0-24"}, "country": {"FR"}, "town": {"Grenoble"}}
		for _, day := range []string{"tu", "we", "th", "fr", "sa", "su"} {
			all.Set("hours-"+day, "0-24")
		}
		at := bad.Submit("Publish", nil, all).Status(200).Has(".facts", "Monday").Path
		h.Visitor().Get(at).Has("main", "Open now").Has("main", "Europe/Paris").Has(".facts", "None: anybody may come")

		// A closure ends by itself.
		now := h.Clock.Now().Time()
		until := now.AddDate(0, 0, 3)
		closed := now.AddDate(0, 0, -1).Format("2006-01-02") + ".." + until.Format("2006-01-02") + " closed"
		desk.Get(at+"/edit").Submit("Save", map[string]string{"hours": closed}).Status(200)
		h.Visitor().Get(at).Has("main", "Closed until")
		h.Clock.Pass(5 * 24 * time.Hour)
		h.Visitor().Get(at).Has("main", "Open now")
	})
}

func TestTrainersOfATraining(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		page := h.Visitor().Get("/en/trainers/"+library.DemoID("varanda-team")).Status(200).Has("main", "The right to health")
		if page.Count("section") == 0 {
			t.Error("nothing leads on")
		}
		h.Visitor().Get("/en/trainings/"+library.DemoID("health-training")).Status(200).Has(".facts", "Varanda training team").Has(".facts", "Right to health: a workbook")
		h.Visitor().Get("/en/trainings?right=health&languages=pt").Has("main", "1 training")
		h.Visitor().Get("/en/resources/"+library.DemoID("card-kit")).Has("main", "A resident card for everybody")
	}, housetest.Demonstration)
}

const secretWords = "zanzibarites under the bridge"

func TestStoryAndItsConsent(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		p := h.Person("Teller Whoever")
		teller := h.As(p.ID, "")
		coordinator := h.As(h.Person("Coordination", people.Grant{Role: people.Coordinator}).ID, "")
		stranger, _ := delegate(h, "Elsewhere")

		form := teller.Get("/en/stories/new").Status(200)
		form.Submit("Propose it", nil, url.Values{"title": {"A night"}, "text": {secretWords}}).Status(422).Has(".error-summary", "Answer this before it is published")
		at := form.Submit("Propose it", nil, url.Values{"title": {"A night"}, "text": {secretWords}, "consent": {"yes"}}).Status(200).Has(".facts", "Agreed on").Path
		id := idOf(at)
		h.Visitor().Get(at).Status(404)
		stranger.Get(at).Status(404)
		coordinator.Get(at).Submit("Publish", nil).Status(200)
		h.Visitor().Get(at).Status(200).Has("main", secretWords)
		h.Visitor().Get("/en/search?q=zanzibarites").Has("main", "A night")

		// Nothing anywhere says who told it.
		for _, path := range []string{at, "/en/history/" + id, "/en/lineage/" + id, "/en/journal?of=" + id} {
			for _, who := range []*housetest.Client{h.Visitor(), stranger, coordinator} {
				if body := who.Get(path).Body; strings.Contains(body, "Teller Whoever") || strings.Contains(body, p.ID) {
					t.Errorf("%s names who told it", path)
				}
			}
		}
		for _, table := range []string{`SELECT count(*) FROM entry WHERE id = $1 AND person = $2`, `SELECT count(*) FROM entry_revision WHERE entry = $1 AND person = $2`, `SELECT count(*) FROM journal WHERE subject = $1 AND person = $2`} {
			if n, err := db.One(context.Background(), h.DB, db.Value[int], table, id, p.ID); err != nil || n != 0 {
				t.Errorf("%s: %d, %v", table, n, err)
			}
		}

		// Only its teller and the coordination take it back.
		stranger.Get(at + "/consent").Status(403)
		stranger.Post(at+"/consent", url.Values{"_key": {"some-key-of-theirs"}}).Status(403)
		h.Visitor().Get(at).Has("main", secretWords)
		teller.Get(at).Has("main", "Take the consent back")
		teller.Get(at+"/consent").Submit("Take the consent back", map[string]string{"erase": "yes"}).Status(200)
		for _, path := range []string{at, "/en/history/" + id, "/en/lineage/" + id} {
			h.Visitor().Get(path).Status(404)
		}
		h.Visitor().Get("/en/stories").Lacks("main", "A night")
		h.Visitor().Get("/en/search?q=zanzibarites").Lacks("main", "A night")
		if code := h.Call("", "GET", "/stories/"+id, nil, nil); code != 404 {
			t.Errorf("the API answers %d", code)
		}
		// Its words are in no version any more.
		for _, table := range []string{`SELECT count(*) FROM entry WHERE id = $1 AND fields LIKE '%zanzibarites%'`, `SELECT count(*) FROM entry_revision WHERE entry = $1 AND fields LIKE '%zanzibarites%'`} {
			if n, err := db.One(context.Background(), h.DB, db.Value[int], table, id); err != nil || n != 0 {
				t.Errorf("%s: %d, %v", table, n, err)
			}
		}
		coordinator.Get("/en/history/"+id).Lacks("main", "zanzibarites")
		coordinator.Post(at+"/publish", url.Values{"_key": {"another-key-here"}}).Status(422) // without consent it is not shown again
	})
}

func TestLeavingEndsTheConsent(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		p := h.Person("Teller Whoever")
		at := h.As(p.ID, "").Get("/en/stories/new").Submit("Propose it", nil, url.Values{"title": {"A night"}, "text": {secretWords}, "consent": {"yes"}}).Status(200).Path
		h.As(h.Person("Coordination", people.Grant{Role: people.Coordinator}).ID, "").Get(at).Submit("Publish", nil).Status(200)
		h.Do(func(ctx context.Context, tx *db.Tx) error { return h.Erase(ctx, tx, p.ID) })
		h.Visitor().Get(at).Status(404)
		n, err := db.One(context.Background(), h.DB, db.Value[int], `SELECT count(*) FROM story_teller`)
		if err != nil || n != 0 {
			t.Errorf("%d tellers are kept, %v", n, err)
		}
	})
}

// Each initiative says what it serves, when it was last heard of and what comes
// next; the agenda and the review say it, too.
func TestFromMeetingToInitiative(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		page := h.Visitor().Get("/en/initiatives/"+library.DemoID("desk")).Status(200).Has("main", "Last news").Has("main", "Next date")
		item := demo.EntryID(demo.Second().Slug, demo.Second().Adopted[0].ID)
		if !slices.Contains(page.Links("main"), "/en/entries/"+item) {
			t.Error("the initiative does not lead to the item it serves")
		}
		h.Visitor().Get("/en/agenda/"+item).Status(200).Has("main", "Practices and initiatives that serve it").Has("main", "The Two Banks desk")
		review := "/en/assemblies/" + demo.EntryID(demo.Second().Slug, "") + "/review"
		reader := h.As(demo.PersonID("terranova"), "") // visitors' pages are kept for a while
		reader.Get(review).Status(200).Lacks("main", "The Two Banks desk")
		h.Clock.Pass(130 * 24 * time.Hour)
		reader.Get(review).Status(200).Has("main", "Practices and initiatives without news").Has("main", "The Two Banks desk")
	}, housetest.Demonstration)
}
