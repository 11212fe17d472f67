package flow_test

import (
	"context"
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
	"alliance/internal/platform/record"
)

// town is a house with an authority, somebody who leaves it and somebody who
// stays, a contact in which the first stands, and a vote for a charter.
type town struct {
	*housetest.House
	t              *testing.T
	org            people.Organisation
	leaves, stays  people.Person
	leaving, stay  people.Mandate
	coordinator    people.Person
	contact, voted string
}

func open(t *testing.T, h *housetest.House) town {
	w := town{House: h, t: t}
	organisation := func(name string, kind people.OrganisationKind) people.Organisation {
		o := h.Organisation(name, kind)
		h.Do(func(ctx context.Context, tx *db.Tx) error {
			_, err := entry.Add(ctx, tx, people.Actor{}, entry.Entry{ID: o.ID, Kind: "organisation", Class: string(kind), Organisation: o.ID, Lang: "en", Fields: map[string]lang.Text{entry.Title: lang.New("en", name)}}, nil)
			return err
		})
		return o
	}
	w.org = organisation("Harbour Town", people.LocalAuthority)
	network := organisation("Open Quays", people.Network)
	w.coordinator = h.Person("Coordination", people.Grant{Role: people.Coordinator})
	w.stays, w.stay = h.Delegate("Stella Stays", w.org)
	w.leaves = h.Person("Lena Leaves")
	h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
		w.leaving, err = people.AddMandate(ctx, tx, people.Mandate{Organisation: w.org.ID, Person: w.leaves.ID, Speak: true, Vote: true, Edit: true, Until: tx.Now().Add(41 * 24 * time.Hour)})
		return err
	})
	add := func(kind string, title string, answers record.Answers) (id string) {
		h.Do(func(ctx context.Context, tx *db.Tx) error {
			r, err := h.Kinds[kind].Records.Add(ctx, tx, people.Actor{Person: w.leaves.ID, Mandate: w.leaving}, record.Record{Answers: answers, Entry: entry.Entry{Organisation: w.org.ID, Person: w.leaves.ID, Lang: "en", State: entry.Published, Fields: map[string]lang.Text{entry.Title: lang.New("en", title)}}})
			id = r.ID
			return err
		})
		return id
	}
	w.contact = add("contact", "Welcome desk", record.Answers{"of": {w.org.ID}, "task": {"welcome"}, "person": {"Lena Leaves"}, "mail": {w.leaves.Email}, "until": {w.day(50)}})
	w.voted = add("membership", "Harbour Town in Open Quays", record.Answers{"member": {w.org.ID}, "network": {network.ID}, "role": {"member"}, "charter": {"1"}, "decided": {"2024-01-10"}, "until": {w.day(300)}})
	return w
}

func (w town) day(n int) string { return w.DB.Now().Time().AddDate(0, 0, n).Format(time.DateOnly) }

func (w town) as(p people.Person, m people.Mandate) *housetest.Client { return w.As(p.ID, m.ID) }

// on fills the three fields of a day.
func (w town) on(name string, days int) map[string]string {
	t := w.DB.Now().Time().AddDate(0, 0, days)
	return map[string]string{name: strconv.Itoa(t.Day()), name + "-month": strconv.Itoa(int(t.Month())), name + "-year": strconv.Itoa(t.Year())}
}

// mails gives the mails to somebody, as they read.
func (w town) mails(to string) (list []string) {
	w.t.Helper()
	for _, m := range w.Mails() {
		if strings.Contains(m, to) {
			list = append(list, strings.NewReplacer("=\r\n", "", "=\n", "", "=3D", "=").Replace(m))
		}
	}
	return list
}

// said gives the mails to somebody that hold some words.
func (w town) said(to, words string) (list []string) {
	w.t.Helper()
	for _, m := range w.mails(to) {
		if strings.Contains(m, words) {
			list = append(list, m)
		}
	}
	return list
}

func (w town) count(text string, args ...any) int {
	w.t.Helper()
	n, err := db.One(context.Background(), w.DB, db.Value[int], text, args...)
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

func TestWhatEndsIsToldAndRenewed(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		w := open(t, h)
		page := w.as(w.stays, w.stay).Get("/en/endings").Status(200).Has("h1", "Harbour Town").Has("table", "Lena Leaves").Has("table", "Welcome desk").Lacks("table", "Open Quays")
		w.as(w.stays, w.stay).Get("/en/endings?months=12").Has("table", "Open Quays")
		w.as(w.coordinator, people.Mandate{}).Get("/en/endings").Status(200).Has("table", "Harbour Town")
		stranger, theirs := h.Delegate("Stranger", h.Organisation("Elsewhere", people.CivilSociety))
		w.as(stranger, theirs).Get("/en/endings?organisation=" + w.org.ID).Status(404)
		w.as(stranger, theirs).Get("/en/endings").Status(200).Lacks("main", "Lena").Has("main", "Nothing ends")
		h.Visitor().Get("/en/endings").Has("h1", "Sign in")

		// Told ahead, each stage once, each in their own words.
		h.Clock.Pass(13 * time.Hour)
		mine, hers := w.mails(w.leaves.Email), w.mails(w.stays.Email)
		if len(mine) != 2 || !strings.Contains(mine[0]+mine[1], "Your mandate for Harbour Town ends on") || len(hers) != 2 || !strings.Contains(hers[0]+hers[1], "The mandate of Lena Leaves for Harbour Town") {
			t.Fatalf("told: %d %d\n%v", len(mine), len(hers), append(mine, hers...))
		}
		h.Clock.Pass(13 * time.Hour)
		if again := w.mails(w.stays.Email); len(again) != 2 {
			t.Errorf("told %d times", len(again))
		}
		stop := regexp.MustCompile(`List-Unsubscribe: <[^>]*?(/en/endings/quiet/[^>]+)>`).FindStringSubmatch(strings.ReplaceAll(mine[0], "\r\n ", " "))
		if stop == nil {
			t.Fatalf("no way out of the mails: %s", mine[0])
		}
		if where := h.Kept(strings.TrimPrefix(stop[1], "/en/endings/quiet/")); len(where) > 0 {
			t.Error("what ends somebody's mails lies in clear in", where)
		}
		h.Visitor().Get(stop[1]).Status(200).Has("main", "60 and 14 days")
		if n := w.count(`SELECT count(*) FROM ending_quiet`); n != 0 {
			t.Error("looking ended the mails")
		}
		h.Visitor().Get(stop[1] + "x").Status(404)
		h.Visitor().Post(stop[1], url.Values{"List-Unsubscribe": {"One-Click"}}).Status(200).Has("main", "No more mails")

		// Renewed in one click: the page asks, the button does.
		w.as(w.leaves, w.leaving).Get("/en/mandates/" + w.leaving.ID + "/renew").Status(403)
		renew := w.as(w.stays, w.stay).Get("/en/mandates/"+w.leaving.ID+"/renew").Status(200).Has("main", "Present end")
		renew.Submit("Renew it", w.on("until", 3)).Status(422).Has(".error-summary", "after the present end")
		contact := page.Follow("Welcome desk").Path
		again := w.as(w.stays, w.stay).Get("/en/endings/records/" + w.contact + "/renew").Status(200)
		again.Submit("Renew it", w.on("until", 1)).Status(422)
		again.Submit("Renew it", w.on("until", 400)).Status(200)
		if w.as(stranger, theirs).Get("/en/endings/records/" + w.contact + "/renew").Status(403); contact != "/en/contacts/"+w.contact {
			t.Errorf("the contact is at %s", contact)
		}
		if n := w.count(`SELECT count(*) FROM entry WHERE id = $1 AND checked > 0 AND checked_how = 'itself'`, w.contact); n != 1 {
			t.Error("who renews has not checked")
		}
		h.Clock.Pass(30 * 24 * time.Hour) // to the last fortnight of the mandate
		if late := w.said(w.stays.Email, "The mandate of Lena Leaves"); len(late) != 2 {
			t.Errorf("told of two stages, by %d mails", len(late))
		}
		if late := w.mails(w.leaves.Email); len(late) != 2 {
			t.Errorf("quiet, and still told by mail: %d", len(late))
		}
		if n := w.count(`SELECT count(*) FROM notice WHERE person = $1`, w.leaves.ID); n != 3 {
			t.Errorf("on her page stand %d", n)
		}
		w.as(w.stays, w.stay).Get("/en/mandates/"+w.leaving.ID+"/renew").Submit("Renew it", w.on("until", 500)).Status(200).Has("main", "Lena Leaves")
		w.as(w.stays, w.stay).Get("/en/endings").Lacks("main", "Lena Leaves")
	})
}

var invitationLink = regexp.MustCompile(`/en/invitation/[0-9A-Za-z_-]+`)

func TestHandedOverAndAskedAfterAnElection(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		w := open(t, h)
		h.Do(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO work_assigned (entry, person, at) VALUES ($1,$2,$3)`, w.contact, w.leaves.ID, tx.Now())
			return err
		})
		const next = "nadia.next@example.org"
		form := w.as(w.leaves, w.leaving).Get("/en/mandates/"+w.leaving.ID+"/hand-over").Status(200).Has("main", "the coordination confirms it first")
		form.Submit("Send the invitation", map[string]string{"email": w.leaves.Email, "lang": "en"}).Status(422).Has(".error-summary", "Renew it instead")
		named := w.on("until", 900)
		named["email"], named["name"], named["lang"] = next, "Nadia Next", "en"
		for _, part := range []string{"since", "since-month", "since-year"} {
			named[part] = ""
		}
		form.Submit("Send the invitation", named, url.Values{"scope": {"speak", "edit"}}).Status(200)
		if got := w.mails(next); len(got) != 0 {
			t.Fatal("the invitation went out beyond the right of who named her")
		}
		stranger, theirs := h.Delegate("Stranger", h.Organisation("Elsewhere", people.CivilSociety))
		w.as(stranger, theirs).Get("/en/mandates/" + w.leaving.ID + "/hand-over").Status(403)
		w.as(w.stays, w.stay).Get("/en/mandates?organisation="+w.org.ID).Has("main", "Waits for the coordination").Lacks("main", "Confirm and send")
		w.as(w.coordinator, people.Mandate{}).Get("/en/mandates?organisation="+w.org.ID).Submit("Confirm and send", nil).Status(200)
		got := w.mails(next)
		if len(got) != 1 {
			t.Fatalf("%d invitations", len(got))
		}
		link := invitationLink.FindString(got[0])
		h.Visitor().Get(link).Status(200).Submit("Accept", map[string]string{"name": "Nadia Next"}).Status(200)

		// One goes as the other comes; what was written keeps its author.
		if n := w.count(`SELECT count(*) FROM mandate WHERE id = $1 AND ended > 0`, w.leaving.ID); n != 1 {
			t.Error("the old mandate goes on")
		}
		if n := w.count(`SELECT count(*) FROM entry WHERE id = $1 AND person = $2`, w.contact, w.leaves.ID); n != 1 {
			t.Error("authorship went over")
		}
		if n := w.count(`SELECT count(*) FROM work_assigned WHERE person <> $1`, w.leaves.ID); n != 1 {
			t.Error("the work did not go over")
		}
		person, err := people.PersonByEmail(context.Background(), h.DB, next)
		if err != nil {
			t.Fatal(err)
		}
		mandates, err := people.MandatesOf(context.Background(), h.DB, person.ID)
		if err != nil || len(mandates) != 1 {
			t.Fatal(mandates, err)
		}
		nadia := h.As(person.ID, mandates[0].ID)
		var list *housetest.Page
		for _, href := range nadia.Get("/en/me").Status(200).Links("main") {
			if strings.HasPrefix(href, "/en/handovers/") {
				list = nadia.Get(href).Status(200)
			}
		}
		if list == nil {
			t.Fatal("nothing waits on her page")
		}
		list.Has("main", "1 record to look after").Has("table", "Welcome desk").Has("table", "Lena Leaves stands in it")
		w.as(stranger, theirs).Get(list.Path).Status(404)
		list.Submit("Put my name", nil).Status(200).Has("table", "Taken over")
		nadia.Get("/en/contacts/"+w.contact).Has("main", next).Has("main", "Nadia Next").Lacks("main", w.leaves.Email)
		if told := w.said(w.leaves.Email, "Nadia Next has accepted to act for Harbour Town after you"); len(told) != 1 {
			t.Errorf("who left is told %d times", len(told))
		}

		// After an election those concerned are asked, and the vote waits for those elected.
		bad := w.as(w.coordinator, people.Mandate{}).Get("/en/elections").Submit("Note it", map[string]string{"country": "Atlantis"}).Status(422).Has(".error-summary", "Atlantis").Has(".error-summary", "Write a day")
		soon := w.on("day", 2)
		soon["country"] = "France"
		bad.Submit("Note it", soon).Status(200).Has("table", "Authorities of France").Has("table", "Still to come").Submit("Note it", soon).Status(409)
		h.Clock.Pass(4 * 24 * time.Hour)
		asked := w.said(w.stays.Email, "is this still so for Harbour Town")
		if len(asked) != 1 {
			t.Fatalf("%d are asked", len(asked))
		}
		at := regexp.MustCompile(`/en/elections/\w+/\w+`).FindString(asked[0])
		w.as(stranger, theirs).Get(at).Status(404)
		question := w.as(w.stays, w.stay).Get(at).Status(200).Has("table", "Stella Stays").Has("table", "Nadia Next").Has("table", "Welcome desk").Has("table", "Open Quays").Lacks("table", "Lena")
		before := w.count(`SELECT count(*) FROM election_said`)
		question.Submit("Yes, still so", nil).Status(200).Has("table", "Still so")
		if w.count(`SELECT count(*) FROM election_said`) != before+1 {
			t.Error("the answer is not kept")
		}
		w.as(w.stays, w.stay).Get("/en/memberships/"+w.voted).Has("main", "To be confirmed after the election")
		confirm := w.as(w.stays, w.stay).Get("/en/endings/votes/" + w.voted + "/confirm").Status(200)
		confirm.Submit("Confirm it", w.on("day", -100)).Status(422).Has(".error-summary", "after the election")
		confirm.Submit("Confirm it", w.on("day", 0)).Status(200).Has("main", "Voted and valid")
		w.as(w.coordinator, people.Mandate{}).Get("/en/elections").Has("table", "Harbour Town").Has("table", "1 answer")
	})
}
