package flow_test

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
	"alliance/internal/platform/record"
)

// fill puts initiatives into a house: each by an organisation, or by none.
func fill(h *housetest.House, n int, by func(int) string) {
	spec := h.Kinds["initiative"].Records.Spec
	h.Do(func(ctx context.Context, tx *db.Tx) error {
		for i := range n {
			town := []string{"Grenoble", "Lyon", "Paris"}[i%3]
			r := record.Record{Entry: entry.Entry{Lang: "fr", Place: place.Of(town, "FR"), Organisation: by(i), Signed: "—", Fields: map[string]lang.Text{entry.Title: lang.New("fr", fmt.Sprintf("Initiative %03d", i)), entry.Summary: lang.New("fr", "Une aide.")}},
				Answers: record.Answers{"category": {"welcome"}, "hours": {"mo 09:00-12:00"}}}
			if _, err := spec.Add(ctx, tx, people.Actor{}, r); err != nil {
				return err
			}
		}
		return nil
	})
}

func lastDay(h *housetest.House, days int) map[string]string {
	t := h.DB.Now().Time().AddDate(0, 0, days)
	return map[string]string{"ends": strconv.Itoa(t.Day()), "ends-month": strconv.Itoa(int(t.Month())), "ends-year": strconv.Itoa(t.Year())}
}

func count(t *testing.T, h *housetest.House, text string, args ...any) int {
	t.Helper()
	n, err := db.One(context.Background(), h.DB, db.Value[int], text, args...)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestTwoHundredByThreeOneOnPaper is need 2 of the exchange platform: 200
// records, three volunteers, one of them on paper, a dated proof for each.
func TestTwoHundredByThreeOneOnPaper(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		keeper, mine := h.Delegate("Keeper", h.Organisation("Maison d’Essai", people.CivilSociety))
		fill(h, 200, func(i int) string {
			if i < 5 {
				return mine.Organisation
			}
			return ""
		})
		coordinator := h.As(h.Person("Coordination", people.Grant{Role: people.Coordinator}).ID, "")
		volunteer := func(name string, kind people.OrganisationKind) (*housetest.Client, people.Organisation) {
			o := h.Organisation(name, kind)
			p, m := h.Delegate("Volunteer of "+name, o)
			return h.As(p.ID, m.ID), o
		}
		one, first := volunteer("Premiers", people.CivilSociety)
		two, _ := volunteer("Seconds", people.LocalAuthority)

		requests := 0
		did := func(p *housetest.Page) *housetest.Page { requests++; return p }
		form := lastDay(h, 30)
		form["title"], form["title-lang"], form["countries"] = "Spring round", "en", "France"
		h.As(keeper.ID, mine.ID).Get("/en/checks/new").Status(403)
		bad := coordinator.Get("/en/checks/new").Submit("Begin", map[string]string{"title": "", "countries": "Atlantis"}).Status(422).Has(".error-summary", "Atlantis")
		at := did(bad.Submit("Begin", form, url.Values{"kinds": {"initiative"}})).Status(200).Has("main", "200 records have nobody yet").Path

		// The organisation says by its link that nothing changed in its five.
		did(coordinator.Get(at).Submit("Write to the organisations", nil)).Status(200)
		link := ""
		for _, m := range h.Mails() {
			if found := regexp.MustCompile(`/en(/unchanged/[0-9A-Za-z_-]+)`).FindStringSubmatch(strings.NewReplacer("=\r\n", "", "=\n", "").Replace(m)); found != nil {
				link = "/en" + found[1]
			}
		}
		page := h.Visitor().Get(link).Status(200)
		if n := count(t, h, `SELECT count(*) FROM entry WHERE checked > 0`); n != 0 {
			t.Errorf("%d are checked because a link was opened", n)
		}
		if strings.Count(page.Body, `name="same-`) != 5 {
			t.Errorf("the link shows %d records", strings.Count(page.Body, `name="same-`))
		}
		did(page.Submit("Nothing changed", nil)).Status(200).Has(".note", "Thank you")
		if n := count(t, h, `SELECT count(*) FROM entry WHERE checked > 0 AND checked_how = 'itself' AND checked_by = $1`, mine.Organisation); n != 5 {
			t.Errorf("%d are checked by their organisation", n)
		}

		// Two on screens: by numbers, and row by row.
		a := did(one.Get(at).Submit("Take them", map[string]string{"count": "80"})).Status(200)
		b := did(two.Get(at).Submit("Take them", map[string]string{"count": "60"})).Status(200)
		paper := did(coordinator.Get(at).Submit("Take them", map[string]string{"count": "60", "paper": "1"})).Status(200)
		two.Get(a.Path).Status(403)
		numbers := func(p *housetest.Page) (list []string) {
			for _, m := range regexp.MustCompile(`name="mark-(\d+)"`).FindAllStringSubmatch(p.Body, -1) {
				list = append(list, m[1])
			}
			return list
		}
		mineA, mineB, onPaper := numbers(a), numbers(b), numbers(paper)
		if len(mineA)+len(mineB)+len(onPaper) != 195 {
			t.Fatalf("%d %d %d", len(mineA), len(mineB), len(onPaper))
		}
		span := func(list []string) string { return strings.Join(list, ", ") }
		wrong := a.Submit("Enter it", map[string]string{"numbers-phone": span(mineA[:70]), "numbers-visit": mineA[0], "numbers-unreached": "2000"}).Status(422).Has(".error-summary", "two lists").Has(".error-summary", "not on this sheet")
		did(wrong.Submit("Enter it", map[string]string{"numbers-phone": span(mineA[:70]), "numbers-visit": span(mineA[70:]), "numbers-unreached": ""})).Status(200)
		rows := map[string]string{}
		for _, n := range mineB[1:] {
			rows["mark-"+n] = "site"
		}
		rows["mark-"+mineB[0]], rows["note-"+mineB[0]] = "changed", "It moved to Lyon."
		did(b.Submit("Enter it", rows)).Status(200)

		// One on paper: a sheet to print, and its numbers entered at once.
		did(coordinator.Get(paper.Path+"/sheet")).Status(200).Has("h2", "Initiative").Has(".box", "Not reached").Has(".facts", "Monday")
		did(coordinator.Get(paper.Path).Submit("Enter it", map[string]string{"numbers-visit": span(onPaper[:len(onPaper)-1])})).Status(200)
		did(coordinator.Get(at).Submit("End the round now", nil)).Status(200)
		if requests > 20 {
			t.Errorf("%d requests for 200 records", requests)
		}

		// Each has its dated proof, or is said to be changed or not reached.
		end := h.Visitor().Get(at).Status(200).Has("main", "Over")
		if rows := end.Count("tr"); rows < 200 {
			t.Errorf("%d rows", rows)
		}
		for state, want := range map[string]int{"same": 198, "changed": 1, "unreached": 1, "todo": 0} {
			if n := count(t, h, `SELECT count(*) FROM check_item WHERE state = $1 AND at > 0`, state); n != want {
				t.Errorf("%d are %s, want %d", n, state, want)
			}
		}
		if n := count(t, h, `SELECT count(*) FROM entry WHERE checked > 0 AND checked_how <> ''`); n != 198 {
			t.Errorf("%d entries have a proof", n)
		}
		if n := count(t, h, `SELECT count(*) FROM entry WHERE checked_by = $1 AND checked_how = 'phone'`, first.ID); n != 70 {
			t.Errorf("%d were called", n)
		}
		h.Visitor().Get("/en/initiatives").Follow("Initiative 010").Status(200).Has(".facts", "Last checked")
		coordinator.Get("/en/reports").Status(200).Has("main", "It moved to Lyon")
		h.Visitor().Get(link).Status(404) // over with the round
		one.Get(a.Path).Status(200).Lacks("main", "Enter it")
	})
}

// TestEndsByItself: rounds, and closures with a reminder.
func TestEndsByItself(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		keeper, mine := h.Delegate("Keeper", h.Organisation("Maison d’Essai", people.CivilSociety))
		fill(h, 3, func(int) string { return mine.Organisation })
		coordinator := h.As(h.Person("Coordination", people.Grant{Role: people.Coordinator}).ID, "")
		form := lastDay(h, 10)
		form["title"], form["title-lang"] = "Short round", "en"
		at := coordinator.Get("/en/checks/new").Submit("Begin", form, url.Values{"kinds": {"initiative"}}).Status(200).Path
		h.Clock.Pass(12 * 24 * time.Hour)
		h.Drain()
		h.Visitor().Get(at).Status(200).Has("main", "Over").Has("table", "Not reached")
		coordinator.Get(at).Lacks("main", "End the round now")

		c := h.As(keeper.ID, mine.ID)
		page := c.Get("/en/initiatives").Follow("Initiative 000")
		stranger, theirs := h.Delegate("Stranger", h.Organisation("Ailleurs", people.CivilSociety))
		close := page.Follow("Close it for some days").Status(200)
		h.As(stranger.ID, theirs.ID).Get(close.Path).Status(403)
		now := h.DB.Now().Time()
		days := map[string]string{}
		for name, d := range map[string]time.Time{"from": now.AddDate(0, 0, -1), "until": now.AddDate(0, 0, 5)} {
			days[name], days[name+"-month"], days[name+"-year"] = strconv.Itoa(d.Day()), strconv.Itoa(int(d.Month())), strconv.Itoa(d.Year())
		}
		close.Submit("Close it", map[string]string{"from": "5", "from-month": "1", "from-year": "2020", "until": "1", "until-month": "1", "until-year": "2020"}).Status(422)
		close.Submit("Close it", days).Status(200)
		h.Visitor().Get(page.Path).Has("main", "Closed until")
		before := len(h.Mails())
		h.Clock.Pass(4 * 24 * time.Hour)
		reminded := len(h.Mails())
		if reminded != before+1 {
			t.Errorf("%d mails before the end, %d after", before, reminded)
		}
		h.Clock.Pass(24 * time.Hour)
		if n := len(h.Mails()); n != reminded {
			t.Errorf("reminded again: %d", n)
		}
		h.Clock.Pass(3 * 24 * time.Hour)
		h.Visitor().Get(page.Path).Lacks("main", "Closed until")
	})
}
