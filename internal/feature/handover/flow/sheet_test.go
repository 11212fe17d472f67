package flow_test

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"alliance/internal/app"
	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
	"alliance/internal/platform/record"
)

// records fills the house with initiatives that can be checked.
func (w town) records(n int) {
	w.Do(func(ctx context.Context, tx *db.Tx) error {
		for i := range n {
			if _, err := w.Kinds["initiative"].Records.Add(ctx, tx, people.Actor{}, record.Record{Answers: record.Answers{"category": {"welcome"}},
				Entry: entry.Entry{Lang: "fr", Place: place.Of("Lyon", "FR"), Signed: "—", State: entry.Published, Fields: map[string]lang.Text{entry.Title: lang.New("fr", fmt.Sprintf("Initiative %02d", i)), entry.Summary: lang.New("fr", "Une aide.")}}}); err != nil {
				return err
			}
		}
		return nil
	})
}

// carried is an action at a step that the town said yes to, or was only asked to carry.
func (w town) carried(title, step string, yes bool) (id string) {
	w.Do(func(ctx context.Context, tx *db.Tx) error {
		item, err := entry.Add(ctx, tx, people.Actor{}, entry.Entry{Kind: "item", Class: "action", Lang: "en", Fields: map[string]lang.Text{entry.Title: lang.New("en", "Item of "+title)}}, nil)
		if err != nil {
			return err
		}
		e, err := entry.Add(ctx, tx, people.Actor{}, entry.Entry{Kind: "action", Class: step, Parent: item.ID, Organisation: w.org.ID, Lang: "en", Fields: map[string]lang.Text{entry.Title: lang.New("en", title)}}, nil)
		if err != nil {
			return err
		}
		id = e.ID
		if _, err := tx.Exec(ctx, `INSERT INTO item (entry, number, decided) VALUES ($1,1,$2)`, item.ID, tx.Now()); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO action (entry, item, step, heard) VALUES ($1,$2,$3,$4)`, e.ID, item.ID, step, tx.Now()); err != nil {
			return err
		}
		said := tx.Now()
		if !yes {
			said = 0
		}
		_, err = tx.Exec(ctx, `INSERT INTO carrier (action, organisation, asked, confirmed) VALUES ($1,$2,$3,$4)`, e.ID, w.org.ID, tx.Now(), said)
		return err
	})
	return id
}

// handsOver lets Lena name who comes next, and the coordination confirm it; who
// comes next accepts.
func (w town) handsOver(email, name string) (*housetest.Client, *housetest.Page) {
	w.t.Helper()
	named := w.on("until", 900)
	named["email"], named["name"], named["lang"] = email, name, "en"
	for _, part := range []string{"since", "since-month", "since-year"} {
		named[part] = ""
	}
	w.as(w.leaves, w.leaving).Get("/en/mandates/"+w.leaving.ID+"/hand-over").Submit("Send the invitation", named, url.Values{"scope": {"speak", "edit"}}).Status(200)
	w.as(w.coordinator, people.Mandate{}).Get("/en/mandates?organisation="+w.org.ID).Submit("Confirm and send", nil).Status(200)
	w.Visitor().Get(invitationLink.FindString(w.mails(email)[0])).Status(200).Submit("Accept", map[string]string{"name": name}).Status(200)
	person, err := people.PersonByEmail(context.Background(), w.DB, email)
	if err != nil {
		w.t.Fatal(err)
	}
	mandates, err := people.MandatesOf(context.Background(), w.DB, person.ID)
	if err != nil || len(mandates) != 1 {
		w.t.Fatal(mandates, err)
	}
	c := w.As(person.ID, mandates[0].ID)
	for _, href := range c.Get("/en/me").Status(200).Links("main") {
		if strings.HasPrefix(href, "/en/handovers/") {
			return c, c.Get(href).Status(200)
		}
	}
	w.t.Fatal("nothing waits on the page of who took over")
	return nil, nil
}

var marked = regexp.MustCompile(`name="mark-(\d+)"`)

// After an election Lena hands over: the sheet of a checking round that she had
// begun goes on under the new hands, one of a round that is over stays hers, and
// the action that the town carries is followed from then on.
func TestASheetAndAnActionGoOver(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		w := open(t, h)
		w.records(6)
		action, asked := w.carried("A desk at the harbour", "pledged", true), w.carried("A boat for all", "pledged", false)
		w.carried("A choir on the quay", "asked", true)
		coordination, lena := w.as(w.coordinator, people.Mandate{}), w.as(w.leaves, w.leaving)
		round := func(title string) (at, sheet string) {
			form := w.on("ends", 30)
			form["title"], form["title-lang"] = title, "en"
			at = coordination.Get("/en/checks/new").Submit("Begin", form, url.Values{"kinds": {"initiative"}}).Status(200).Path
			return at, lena.Get(at).Submit("Take them", map[string]string{"count": "3"}).Status(200).Path
		}
		over, old := round("Autumn round")
		coordination.Get(over).Submit("End the round now", nil).Status(200)
		at, sheet := round("Winter round")
		numbers := marked.FindAllStringSubmatch(lena.Get(sheet).Body, -1)
		if len(numbers) != 3 {
			t.Fatalf("%d numbers on the sheet", len(numbers))
		}
		lena.Get(sheet).Submit("Enter it", map[string]string{"numbers-phone": numbers[0][1]}).Status(200)

		// Those elected are asked whether all is still so: it is not.
		soon := w.on("day", 2)
		soon["country"] = "France"
		coordination.Get("/en/elections").Submit("Note it", soon).Status(200)
		h.Clock.Pass(4 * 24 * time.Hour)
		question := regexp.MustCompile(`/en/elections/\w+/\w+`).FindString(w.said(w.stays.Email, "is this still so for Harbour Town")[0])
		if page := w.as(w.stays, w.stay).Get(question).Status(200).Has("table", "Lena Leaves"); !strings.Contains(page.Body, "/en/mandates/"+w.leaving.ID+"/hand-over") {
			t.Error("the question does not lead to the hand-over")
		}
		const next = "nadia.next@example.org"
		nadia, list := w.handsOver(next, "Nadia Next")
		list.Has("main", "1 sheet of a checking round went over at once").Has("table", "A desk at the harbour").Has("table", "A choir on the quay").Lacks("table", "A boat for all")

		// She finds the sheet from there, and goes on where it was left.
		list.Follow("Checking rounds").Status(200).Follow("Winter round").Status(200).Follow("Your share").Status(200)
		page := nadia.Get(sheet).Status(200)
		nadia.Get(sheet+"/sheet").Status(200).Has("h2", "Initiative")
		page.Submit("Enter it", map[string]string{"numbers-visit": numbers[1][1] + ", " + numbers[2][1]}).Status(200)
		if n := w.count(`SELECT count(*) FROM entry WHERE checked_by = $1 AND kind = 'initiative' AND checked > 0`, w.org.ID); n != 3 {
			t.Errorf("%d records bear the town's proof", n)
		}
		nadia.Get(old).Status(403)
		stranger, theirs := h.Delegate("Stranger", h.Organisation("Elsewhere", people.CivilSociety))
		for _, gone := range []*housetest.Client{w.as(w.leaves, people.Mandate{}), w.as(stranger, theirs)} {
			gone.Get(sheet).Status(403)
			gone.Get(list.Path).Status(404)
		}
		w.as(w.leaves, people.Mandate{}).Get(at).Status(200).Lacks("main", "Your share")

		// The action under way is followed, the one that waits for others not yet: on her list, and by mail when it moves.
		done := list.Submit("I follow it from now on", nil).Status(200).Has("table", "Taken over")
		if n := strings.Count(done.Body, "I follow it from now on"); done.Path != list.Path || n != 1 {
			t.Errorf("it leads to %s, where %d actions can be followed", done.Path, n)
		}
		list.Submit("I follow it from now on", nil).Status(200) // sent twice: one follow
		if n := w.count(`SELECT count(*) FROM follow WHERE entry = $1`, action); n != 1 {
			t.Errorf("%d follows", n)
		}
		nadia.Get("/en/me/following").Status(200).Has("table", "A desk at the harbour").Lacks("table", "A choir on the quay").Lacks("table", "A boat for all")
		h.Do(func(ctx context.Context, tx *db.Tx) error {
			e, err := entry.Get(ctx, tx, action)
			if err == nil {
				e.Set(entry.Summary, "It opens in March.")
				_, err = entry.Change(ctx, tx, h.Actor(w.stays.ID, w.stay.ID), e, nil)
			}
			return err
		})
		h.Clock.Pass(25 * time.Hour)
		if got := w.said(next, "It opens in March."); len(got) != 1 {
			t.Errorf("told by %d mails", len(got))
		}
		nadia.Get("/en/me").Has("main", "To take over") // the contact still waits
		if n := w.count(`SELECT count(*) FROM handover_thing WHERE entry = $1`, asked); n != 0 {
			t.Error("what the town has not said yes to is handed over")
		}
	}, func(c *app.Config) { c.Origin = "http://alliance.example.org" }) // digests lead back to it
}
