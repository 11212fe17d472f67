package flow_test

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/people"
)

// house has three organisations whose people write practices.
type house struct {
	*housetest.House
	city, group, stranger side
	coordination          *housetest.Client
}

type side struct {
	people.Organisation
	*housetest.Client
	token string
}

func both(t *testing.T, test func(*testing.T, *house)) {
	housetest.Both(t, func(t *testing.T, hh *housetest.House) {
		h := &house{House: hh}
		make := func(name string, kind people.OrganisationKind) side {
			o := h.Organisation(name, kind)
			p, m := h.Delegate("Delegate of "+name, o)
			s := side{Organisation: o, Client: h.As(p.ID, m.ID)}
			h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
				if _, err = entry.Add(ctx, tx, people.Actor{}, entry.Entry{ID: o.ID, Kind: "organisation", Class: string(kind), Lang: "en", Organisation: o.ID, Fields: texts(name)}, nil); err == nil {
					s.token, err = people.AddToken(ctx, tx, people.Token{Person: p.ID, Mandate: m.ID, Name: "test", Reads: true, Writes: true})
				}
				return err
			})
			return s
		}
		h.city, h.group, h.stranger = make("City of Port", people.LocalAuthority), make("Harbour Friends", people.CivilSociety), make("Elsewhere", people.LocalAuthority)
		c := h.Person("Coordination", people.Grant{Role: people.Coordinator})
		h.coordination = h.As(c.ID, "")
		test(t, h)
	})
}

// practice fills the form and presses a button; it gives the path of the page.
func (s side) practice(button, title string, more url.Values) *housetest.Page {
	values := url.Values{"title": {title}, "summary": {"What we did, in one line."}, "stage": {"running"}}
	for k, v := range more {
		values[k] = v
	}
	return s.Get("/en/practices/new").Status(200).Submit(button, nil, values)
}

func TestDraftPublishEditWithdraw(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		page := h.city.practice("Keep as a draft", "A card for all", nil).Status(200).Has("h1", "A card for all")
		at := page.Path
		h.Visitor().Get(at).Status(404)
		h.stranger.Get(at).Status(404)
		page.Submit("Publish", nil).Status(200)
		h.Visitor().Get(at).Status(200).Has("h1", "A card for all")
		h.Visitor().Get("/en/practices").Has(".card", "A card for all")
		h.stranger.Get(at + "/edit").Status(403)

		form := h.city.Get(at + "/edit").Status(200)
		form.Submit("Save", map[string]string{"title": "A card for everybody"}).Status(200).Has("h1", "A card for everybody")
		// The same form, read before the change: the second is told, and keeps the words.
		late := form.Submit("Save", map[string]string{"title": "Another card"})
		late.Status(409).Has("main", "Somebody else changed this")
		if !strings.Contains(late.Body, "Another card") {
			t.Error("what the second editor typed is lost")
		}
		late.Submit("Save", nil).Status(200).Has("h1", "Another card")

		h.city.Get(at+"/withdraw").Submit("Withdraw it now", nil).Status(200)
		h.Visitor().Get(at).Status(404)
		h.Visitor().Get("/en/practices").Lacks("main", "Another card")
		h.city.Get(at).Submit("Publish", nil).Status(200)
		h.Visitor().Get(at).Status(200)
	})
}

func TestProposedByWhoMayNotPublish(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		alone := h.Person("Somebody")
		page := side{Client: h.As(alone.ID, "")}.practice("Propose it", "A proposal", nil).Status(200).Has("main", "waits for somebody who checks it")
		h.Visitor().Get(page.Path).Status(404)
		h.stranger.Get(page.Path).Status(404)
		h.stranger.Post(page.Path+"/publish", url.Values{"_key": {"a-key-of-its-own"}}).Status(404)
		h.coordination.Get(page.Path).Submit("Publish", nil).Status(200)
		h.Visitor().Get(page.Path).Status(200)
	})
}

func TestPartnerEdits(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		at := h.city.practice("Publish", "Together", url.Values{"societies": {"Harbour Friends"}}).Status(200).Path
		h.group.Get(at+"/edit").Status(200).Submit("Save", map[string]string{"title": "Together, edited"}).Status(200)
		h.stranger.Get(at + "/edit").Status(403)
		h.Visitor().Get(at).Has(".facts", "Harbour Friends")
		// A partner who is taken out may no longer.
		h.city.Get(at+"/edit").Submit("Save", nil, url.Values{"societies": {""}}).Status(200)
		h.group.Get(at + "/edit").Status(403)
	})
}

func TestBadAnswersAreKeptAndTold(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		page := h.city.practice("Publish", "Bad", url.Values{"cost": {"much"}, "lead": {"Nobody knows it"}, "source-link": {"javascript:alert(1)"}, "start-year": {"20x9"}, "country": {"Atlantis"}, "stage": {"running"}})
		page.Status(422)
		for _, words := range []string{"amount and its currency", "We find nothing called", "address of a page", "Write a day", "do not know this country"} {
			page.Has(".error-summary", words)
		}
		for _, typed := range []string{"much", "Nobody knows it", "20x9", "Atlantis"} {
			if !strings.Contains(page.Body, typed) {
				t.Errorf("%q is not kept", typed)
			}
		}
		h.Visitor().Get("/en/practices").Lacks("main", "Bad")
		h.city.practice("Publish", "Without a stage", url.Values{"stage": {""}}).Status(422)
		h.city.practice("Keep as a draft", "Without a stage", url.Values{"stage": {""}}).Status(200)
	})
}

// A year alone stays a year when somebody edits something else.
func TestPartOfADayStays(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		at := h.city.practice("Publish", "Since long", url.Values{"start-year": {"2019"}, "end-month": {"3"}, "end-year": {"2021"}}).Status(200).Path
		h.city.Get(at+"/edit").Submit("Save", map[string]string{"title": "Since very long"}).Status(200).Has(".facts", "2019").Has(".facts", "March 2021")
	})
}

func TestFiltersCountAndTurn(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		for i := range 60 {
			stage := []string{"trial", "norm", "norm"}[i%3]
			var out struct{ ID string }
			if code := h.Call(h.city.token, "POST", "/practices", map[string]any{"lang": "en", "country": "FR", "themes": []string{"housing"},
				"answers": map[string][]string{"title": {fmt.Sprintf("Practice %02d", i)}, "summary": {"s"}, "stage": {stage}, "survived": {"yes"}}}, &out); code != 200 {
				t.Fatal(code)
			}
		}
		page := h.Visitor().Get("/en/practices?stage=trial").Status(200).Has("main", "20 practices")
		if page.Count("li.card") != 20 {
			t.Errorf("%d cards", page.Count("li.card"))
		}
		// The other choices stay open, with their counts.
		page.Has("form", "A norm, in law or budget (40)").Has("form", "On trial (20)")
		h.Visitor().Get("/en/practices?stage=trial&theme=housing&country=FR").Has("main", "20 practices")
		h.Visitor().Get("/en/practices?theme=health").Has("main", "No practice matches")
		h.Visitor().Get("/en/practices?stage=nonsense&x=y").Has("main", "No practice matches")

		var seen []string
		at := h.Visitor().Get("/en/practices")
		for {
			seen = append(seen, at.Links(".cards")...)
			next := follow(at, "Next page")
			if next == "" {
				break
			}
			at = h.Visitor().Get(next)
		}
		if len(seen) != 60 || len(unique(seen)) != 60 {
			t.Errorf("forwards %d pages lead to %d records", len(seen), len(unique(seen)))
		}
		back := 0
		for {
			back += at.Count("li.card")
			previous := follow(at, "Previous page")
			if previous == "" {
				break
			}
			at = h.Visitor().Get(previous)
		}
		if back != 60 {
			t.Errorf("backwards %d records", back)
		}
		// The API turns the same way.
		var list struct {
			Records []struct {
				ID     string   `json:"id"`
				Themes []string `json:"themes"`
			} `json:"records"`
			Count int    `json:"count"`
			Next  string `json:"next"`
		}
		total := 0
		for after := ""; ; after = list.Next {
			list.Next, list.Records = "", nil
			if code := h.Call("", "GET", "/practices?where=stage:norm&after="+after, nil, &list); code != 200 {
				t.Fatal(code)
			}
			total += len(list.Records)
			if list.Count != 40 || len(list.Records) > 0 && len(list.Records[0].Themes) != 1 {
				t.Errorf("count %d, first %+v", list.Count, list.Records[0])
			}
			if list.Next == "" {
				break
			}
		}
		if total != 40 {
			t.Errorf("the API gives %d", total)
		}
	})
}

func TestMembersOnlyIsNowhereForOthers(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		at := h.city.practice("Publish", "Quiet work", url.Values{"audience": {"members"}, "stage": {"idea"}}).Status(200).Path
		h.city.practice("Publish", "Open work", nil).Status(200)
		visitor := h.Visitor()
		visitor.Get(at).Status(404)
		visitor.Get("/en/practices").Lacks("main", "Quiet work").Has("main", "1 practice").Lacks("form", "Being prepared")
		visitor.Get("/en/practices?stage=idea").Has("main", "No practice matches")
		visitor.Get("/en/practices/stages").Lacks("main", "Quiet work")
		visitor.Get("/en/library").Lacks("main", "2 records")
		id := at[strings.LastIndex(at, "/")+1:]
		var list struct {
			Records []struct{ ID string } `json:"records"`
			Count   int                   `json:"count"`
		}
		h.Call("", "GET", "/practices", nil, &list)
		if list.Count != 1 || len(list.Records) != 1 {
			t.Errorf("the API tells a stranger of %d, %d", list.Count, len(list.Records))
		}
		if code := h.Call("", "GET", "/practices/"+id, nil, nil); code != 404 {
			t.Errorf("the API answers a stranger %d", code)
		}
		// The place of a hidden title in the order tells nothing.
		h.Call("", "GET", "/practices?after="+id, nil, &list)
		if len(list.Records) != 1 {
			t.Errorf("a cursor on what one may not know of was taken")
		}
		h.group.Get("/en/practices").Has("main", "Quiet work").Has("main", "2 practices")
		h.Call(h.group.token, "GET", "/practices", nil, &list)
		if list.Count != 2 {
			t.Errorf("the API tells a member of %d", list.Count)
		}
	})
}

func TestChecked(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		at := h.city.practice("Publish", "Still so", nil).Status(200).Path
		h.Visitor().Get(at).Lacks(".facts", "Last checked")
		h.city.Get(at).Submit("Note it with today’s date", nil).Status(422)
		h.city.Get(at).Submit("Note it with today’s date", map[string]string{"how": "phone"}).Status(200).Has(".facts", "Last checked").Has(".facts", "By telephone").Has(".facts", "City of Port")
		h.stranger.Post(at+"/check", url.Values{"_key": {"a-key-of-its-own"}, "how": {"phone"}}).Status(403)
	})
}

func TestQuestionsAreShown(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		h.Visitor().Get("/en/practices/questions").Status(200).Has("main", "Version 1").Has("table", "Survived a change of majority").Has("code", "survived")
	})
}
