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
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
)

// practices adds some, and gives their identifiers.
func practices(t *testing.T, h *housetest.House, n int) (ids []string) {
	k := h.Kinds["practice"].Records
	h.Do(func(ctx context.Context, tx *db.Tx) error {
		for i := range n {
			r := record.Record{Answers: record.Answers{}, Entry: entry.Entry{Lang: "fr", State: entry.Draft, Themes: []string{"housing"}, Fields: map[string]lang.Text{entry.Title: lang.New("fr", fmt.Sprintf("Pratique %04d", i))}}}
			r, err := k.Add(ctx, tx, people.Actor{}, r)
			if err != nil {
				return err
			}
			ids = append(ids, r.ID)
		}
		return nil
	})
	return ids
}

func get(t *testing.T, h *housetest.House, id string) entry.Entry {
	t.Helper()
	e, err := entry.Get(context.Background(), h.DB, id)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestManyRowsAreChangedSeenBeforeAndTakenBack(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		rosa := h.Person("Rosa", people.Grant{Role: people.Coordinator})
		c := h.As(rosa.ID, "")
		ids := practices(t, h, 3)
		page := c.Get("/en/work/practice?state=draft&column=themes&column=assigned").Status(200).Has("th", "Pratique 0001").Has("td", "Housing").Lacks("th", "Last checked")
		if got := page.Text("span.count"); got != "1" {
			t.Errorf("columns are counted as filters: %q", got)
		}

		page.Submit("See what would change", nil).Status(422).Has(".error-summary", "at least one row").Has(".error-summary", "what is to change")
		chosen := url.Values{"id": ids[:2]}
		seen := page.Submit("See what would change", map[string]string{"addTheme": "health", "assign": rosa.ID, "check": "phone"}, chosen).Status(200).
			Has(".result", "2 rows change").Has("td", "Housing and Health").Has("td", "nothing becomes")
		if got := get(t, h, ids[0]); len(got.Themes) != 1 {
			t.Error("the preview wrote something")
		}
		done := seen.Submit("Change 2 rows", nil).Status(200).Has("main", "Pratique 0000").Lacks("main", "Pratique 0002")
		if got := get(t, h, ids[0]); len(got.Themes) != 2 || got.Checked == 0 || got.CheckedHow != "phone" {
			t.Errorf("%+v", got)
		}
		c.Get("/en/work/practice?assigned="+rosa.ID).Has("th", "Pratique 0001").Lacks("th", "Pratique 0002")
		c.Get("/en/me").Has("main", "Practices: 2")
		// The same form again changes nothing, and leads to the same place.
		if again := seen.Submit("Change 2 rows", nil).Status(200); again.Path != done.Path {
			t.Errorf("%s, then %s", done.Path, again.Path)
		}
		if got := get(t, h, ids[0]); got.Revision != 2 {
			t.Errorf("revision %d", got.Revision)
		}

		// Somebody changes a row meanwhile: it stays when the change is taken back.
		h.Do(func(ctx context.Context, tx *db.Tx) error {
			e, err := entry.Get(ctx, tx, ids[1])
			if err == nil {
				e.Set(entry.Title, "Pratique changée")
				_, err = entry.Change(ctx, tx, people.Actor{}, e, nil)
			}
			return err
		})
		done.Submit("Take it back", nil).Status(200).Has("main", "Taken back")
		if got := get(t, h, ids[0]); len(got.Themes) != 1 || got.Checked != 0 {
			t.Errorf("not as before: %+v", got)
		}
		if got := get(t, h, ids[1]); len(got.Themes) != 2 {
			t.Errorf("what changed meanwhile went back: %+v", got)
		}
	})
}

func TestRowsThatCannotStayAndSayWhy(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		c := h.As(h.Person("Rosa", people.Grant{Role: people.Coordinator}).ID, "")
		ids := practices(t, h, 1) // a draft that lacks what a published one needs
		page := c.Get("/en/work/practice").Submit("See what would change", map[string]string{"to": "published"}, url.Values{"id": ids}).Status(200)
		page.Has(".result", "0 rows change").Has("td", "Answer this before it is published")
		if get(t, h, ids[0]).State != entry.Draft {
			t.Error("it was published")
		}
		// Nobody else comes in, by page or by API.
		p, m := h.Delegate("Delegate", h.Organisation("City of Port", people.LocalAuthority))
		h.As(p.ID, m.ID).Get("/en/work/practice").Status(403)
		h.Visitor().Get("/en/work/nothing").Status(200, 404).Lacks("main", "Working list")
		if code := h.Call("", "POST", "/work/practice", map[string]any{"ids": ids, "change": map[string]string{"state": "withdrawn"}}, nil); code != 401 {
			t.Errorf("API: %d", code)
		}
	})
}

// An organisation that a working list withdraws acts no more.
func TestWithdrawnOrganisationsDoNotAct(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		c := h.As(h.Person("Rosa", people.Grant{Role: people.Coordinator}).ID, "")
		p := c.Get("/en/organisations/new").Submit("Save", map[string]string{"title": "Hill", "kind": "civil_society", "country": "FR"}).Status(200)
		id := p.Path[strings.LastIndexByte(p.Path, '/')+1:]
		c.Get("/en/work/organisation").Submit("See what would change", map[string]string{"to": "withdrawn"}, url.Values{"id": {id}}).Submit("Change 1 row", nil).Status(200)
		o, err := people.OrganisationByID(context.Background(), h.DB, id)
		if err != nil || o.Withdrawn == 0 {
			t.Errorf("%+v %v", o, err)
		}
		h.Visitor().Get("/en/organisations").Lacks("main", "Hill")
	})
}

// Need 14: a thousand rows, in one transaction; views with a name are shared.
func TestThousandRowsAndViews(t *testing.T) {
	h := housetest.New(t, db.SQLite)
	c := h.As(h.Person("Rosa", people.Grant{Role: people.Coordinator}).ID, "")
	ids := practices(t, h, 1000)
	page := c.Get("/en/work/practice?theme=housing&sort=checked").Status(200).Has(".result", "1,000 rows")
	page.Submit("Keep it", map[string]string{"name": ""}).Status(422).Has(".err", "Write a name")
	other := h.As(h.Person("Amal", people.Grant{Role: people.Coordinator}).ID, "")
	page.Submit("Keep it", map[string]string{"name": "Houses to check"}).Status(200)
	view := other.Get("/en/work/practice").Follow("Houses to check").Status(200)
	if !strings.Contains(view.Path, "theme=housing") || !strings.Contains(view.Path, "sort=checked") {
		t.Errorf("the view leads to %s", view.Path)
	}
	view.Submit("See what would change", map[string]string{"all": "1", "addTheme": "health"}).Status(200).Has(".result", "1,000 rows change").Submit("Change 1,000 rows", nil).Status(200)
	for _, id := range []string{ids[0], ids[500], ids[999]} {
		if got := get(t, h, id); len(got.Themes) != 2 {
			t.Errorf("%s: %v", got.Title().Original(), got.Themes)
		}
	}
	other.Get("/en/work/practice").Submit("Drop the view", nil).Status(200).Lacks("main", "Houses to check")
}
