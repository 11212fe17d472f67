package practice_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"alliance/internal/feature/practice"
	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/people"
)

type side struct {
	*housetest.Client
	token string
}

type house struct {
	*housetest.House
	city, other side
}

func both(t *testing.T, test func(*testing.T, *house)) {
	housetest.Both(t, func(t *testing.T, hh *housetest.House) {
		h := &house{House: hh}
		make := func(name string) (s side) {
			p, m := h.Delegate("Delegate of "+name, h.Organisation(name, people.LocalAuthority))
			s.Client = h.As(p.ID, m.ID)
			h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
				s.token, err = people.AddToken(ctx, tx, people.Token{Person: p.ID, Mandate: m.ID, Name: "test", Reads: true, Writes: true})
				return err
			})
			return s
		}
		h.city, h.other = make("City of Port"), make("Neighbour Town")
		test(t, h)
	})
}

func (s side) tell(page *housetest.Page, title string, more url.Values) *housetest.Page {
	values := url.Values{"title": {title}, "summary": {"In one line."}}
	for k, v := range more {
		values[k] = v
	}
	return page.Submit("Publish", nil, values)
}

func (s side) practice(title string, more url.Values) string {
	values := url.Values{"stage": {"running"}}
	for k, v := range more {
		values[k] = v
	}
	return s.tell(s.Get("/en/practices/new"), title, values).Status(200).Path
}

func idOf(path string) string { return path[strings.LastIndex(path, "/")+1:] }

func link(p *housetest.Page, prefix string) string {
	for _, href := range p.Links("main") {
		if strings.HasPrefix(href, prefix) {
			return href
		}
	}
	return ""
}

func TestWeDoThisToo(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		first := h.city.practice("A card for all", nil)
		page := h.other.Get(first).Has("main", "Nobody has repeated it yet")

		// A practice of their own: the form knows what it repeats.
		form := h.other.Get(link(page, "/en/practices/new?repeats=")).Status(200).Has("textarea", "A card for all")
		own := h.other.tell(form, "Our card", url.Values{"stage": {"trial"}}).Status(200).Path
		h.Visitor().Get(own).Has(".facts", "A card for all")

		// Or a short word of what came of it.
		form = h.other.Get(link(page, "/en/repetitions/new?practice=")).Status(200).Has("textarea", "A card for all")
		tried := h.other.tell(form, "We tried the card", url.Values{"result": {"failed"}}).Status(200).Path

		page = h.Visitor().Get(first).Has("main", "Repeated 2 times").Has("main", "It failed: 1").Has("main", "Our card").Has("main", "Neighbour Town")
		if page.Count("svg.lin") != 1 {
			t.Error("the line is not drawn")
		}
		// The lineage goes both ways.
		h.Visitor().Get("/en/lineage/"+idOf(first)).Has("main", "Our card").Has("main", "We tried the card")
		h.Visitor().Get("/en/lineage/"+idOf(own)).Has("main", "A card for all").Lacks("main", "owes a reason")
		var out struct {
			Records []struct{ ID string } `json:"records"`
			Results map[string]int        `json:"results"`
		}
		h.Call("", "GET", "/practices/"+idOf(first)+"/repeats", nil, &out)
		if len(out.Records) != 2 || out.Results["failed"] != 1 {
			t.Errorf("the API tells %+v", out)
		}
		// Who withdraws is counted no longer; who no longer says so is not joined.
		h.other.Get(tried+"/withdraw").Submit("Withdraw it now", nil).Status(200)
		h.Visitor().Get(first).Has("main", "Repeated 1 time").Lacks("main", "It failed")
		h.other.Get(own+"/edit").Submit("Save", nil, url.Values{"repeats": {""}}).Status(200)
		h.Visitor().Get(first).Has("main", "Nobody has repeated it yet")
		h.Visitor().Get("/en/lineage/"+idOf(own)).Lacks("main", "What became of it: A card")
	})
}

func TestCircleIsRefused(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		a := h.city.practice("First", nil)
		b := h.city.practice("Second", url.Values{"repeats": {"First"}})
		c := h.city.practice("Third", url.Values{"repeats": {"Second"}})
		for _, name := range []string{"First", "Second", "Third"} {
			page := h.city.Get(a+"/edit").Submit("Save", nil, url.Values{"repeats": {name}}).Status(422).Has(".error-summary", "cannot repeat itself")
			if !strings.Contains(page.Text("main"), name) {
				t.Error("what was typed is lost")
			}
		}
		h.Visitor().Get(c).Has(".facts", "Second")
		h.city.Get(b+"/edit").Submit("Save", map[string]string{"title": "Second, edited"}).Status(200)
	})
}

func TestDraftsAreNotInTheLine(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		a := h.city.practice("Shown", nil)
		draft := h.other.Get("/en/practices/new").Submit("Keep as a draft", nil, url.Values{"title": {"Hidden"}, "repeats": {"Shown"}}).Status(200).Path
		h.Visitor().Get(a).Has("main", "Nobody has repeated it yet")
		h.city.Get(a).Lacks("main", "Hidden")
		h.Visitor().Get("/en/lineage/"+idOf(a)).Lacks("main", "Hidden").Lacks("main", "not open to you")
		h.other.Get(draft+"/edit").Submit("Publish", nil, url.Values{"summary": {"s"}, "stage": {"trial"}}).Status(200)
		h.Visitor().Get(a).Has("main", "Hidden")
	})
}

func TestThreeWaysIn(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		h.city.practice("In town", url.Values{"country": {"FR"}, "town": {"Grenoble"}, "themes": {"housing"}, "stage": {"norm"}, "survived": {"yes"}})
		h.city.practice("Somewhere", url.Values{"country": {"FR"}, "town": {"Grenoble"}, "precision": {"country"}, "themes": {"health"}})
		v := h.Visitor()
		v.Get("/en/practices/towns").Status(200).Has("h2", "France").Has("h3", "Grenoble").Has("h3", "In the whole country")
		v.Get("/en/practices/competences").Status(200).Has("h2", "Housing").Has("h2", "Health")
		v.Get("/en/practices/stages").Status(200).Has("h2", "A norm, in law or budget").Has("h2", "Running")
		v.Get("/en/practices?survived=yes").Has("main", "In town").Lacks("main", "Somewhere")
	})
}

func TestSpecIsWhole(t *testing.T) {
	names := map[string]bool{}
	for _, q := range practice.Spec().Questions() {
		if names[q.Name] {
			t.Errorf("%s is asked twice", q.Name)
		}
		names[q.Name] = true
	}
	for _, must := range []string{"lead", "societies", "partners", "concerned", "legal", "competence", "public", "scope", "start", "end", "stage", "problem", "steps", "cost", "funding", "staff",
		"results", "evidence", "evaluated", "lessons", "obstacles", "conditions", "repeats", "decision", "survived", "documents", "contact", "source"} {
		if !names[must] {
			t.Errorf("the specification asks no %s", must)
		}
	}
}
