package flow_test

import (
	"context"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/people"
)

const theirs = "lina@oriane.example.org"

type world struct {
	*housetest.House
	coordinator, town, people *housetest.Client
	organisation              string
	other                     string
}

// open makes a house with a pair that looks at France, and an organisation there.
func open(t *testing.T, h *housetest.House) world {
	w := world{House: h, coordinator: h.As(h.Person("Rosa", people.Grant{Role: people.Coordinator}).ID, "")}
	organisation := func(title, kind, site string) string {
		p := w.coordinator.Get("/en/organisations/new").Submit("Save", map[string]string{"title": title, "kind": kind, "country": "FR", "website": site}).Status(200)
		return p.Path[strings.LastIndexByte(p.Path, '/')+1:]
	}
	validator := func(title, kind string) *housetest.Client {
		id := organisation(title, kind, "")
		p, m := h.Delegate("Of "+title, people.Organisation{ID: id})
		w.coordinator.Get("/en/validators").Submit("Appoint", map[string]string{"organisation": title, "country": "France"}).Status(200)
		return h.As(p.ID, m.ID)
	}
	w.town, w.people = validator("Town of France", "local_authority"), validator("People of France", "civil_society")
	w.organisation = organisation("Oriane", "civil_society", "www.oriane.example.org")
	w.other = organisation("Elsewhere", "civil_society", "")
	return w
}

func (w world) mail(t *testing.T, match string) (text, link string) {
	t.Helper()
	mails := w.Mails()
	for i := len(mails) - 1; i >= 0; i-- {
		if !strings.Contains(mails[i], theirs) {
			continue
		}
		text = strings.NewReplacer("=\r\n", "", "=\n", "", "=3D", "=").Replace(mails[i])
		if link = regexp.MustCompile(match).FindString(text); link != "" {
			return text, link
		}
	}
	t.Fatalf("no mail with %s", match)
	return "", ""
}

// claim sends one and confirms it; it gives the address of the claimant's page
// and of the page of those who decide.
func (w world) claim(t *testing.T) (mine, look string) {
	t.Helper()
	w.Visitor().Get("/fr/organisations/"+w.organisation+"/claim").Status(200).Submit("Envoyer", map[string]string{"name": "Lina", "role": "Présidente", "email": theirs, "proof": "Le site nous nomme.", "mail-lang": "fr"}).Status(200).Has("h1", "boîte")
	_, link := w.mail(t, `/fr/claimed/[0-9a-z]+`)
	mine = w.Visitor().Get(link).Status(200).Submit("Confirmer", nil).Status(200).Path
	if mine == link {
		t.Fatal("the first link stays")
	}
	id, err := db.One(context.Background(), w.DB, db.Value[string], `SELECT id FROM claim WHERE state = 'waiting' ORDER BY at DESC, id DESC LIMIT 1`)
	if err != nil {
		t.Fatal(err)
	}
	return mine, "/en/claims/" + id
}

func count(t *testing.T, h *housetest.House, text string) int {
	t.Helper()
	n, err := db.One(context.Background(), h.DB, db.Value[int], text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAPairLetsSomebodyActForTheirOrganisation(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		w := open(t, h)
		page := h.Visitor().Get("/en/organisations/" + w.organisation).Status(200).Follow("Is this your organisation?").Status(200)
		page.Submit("Send it", map[string]string{"email": "nobody"}).Status(422).Has(".error-summary", "Write a name").Has(".error-summary", "e-mail address").Has(".error-summary", "verify")
		mine, look := w.claim(t)
		if n := count(t, h, `SELECT count(*) FROM claim WHERE sealed LIKE '%Lina%' OR sealed LIKE '%oriane%'`); n != 0 {
			t.Error("who claims stands in the database as it was written")
		}
		h.Visitor().Get(look).Status(200).Has("h1", "Sign in")
		stranger, m := h.Delegate("Stranger", people.Organisation{ID: w.other})
		h.As(stranger.ID, m.ID).Get(look).Status(404)
		form := w.town.Get("/en/claims").Status(200).Follow("Oriane").Status(200).Has("main", theirs).Has("main", "a sign, no proof").Has("main", "Le site nous nomme.")
		form.Submit("Decide", map[string]string{"act": "agree", "until": "2020-01-01", "until-year": "2020"}).Status(422).Has(".error-summary", "needs an end")
		form.Submit("Decide", map[string]string{"act": "agree"}).Status(200).Has("main", "Your side has spoken")
		w.town.Get(look).Lacks("main", "What do you decide?")
		w.people.Get(look).Status(200).Has("main", "Authority: Agreed").Submit("Decide", map[string]string{"act": "agree"}).Status(200)

		// The claimant is invited, with an end; nothing of them stays in the claim.
		_, link := w.mail(t, `/fr/invitation/[0-9a-z]+`)
		h.Visitor().Get(link).Status(200).Has("main", "Oriane").Submit("Accepter", map[string]string{"name": "Lina", "lang": "fr"}).Status(200)
		if n := count(t, h, `SELECT count(*) FROM mandate m JOIN person p ON p.id = m.person WHERE p.email = 'lina@oriane.example.org' AND m.speak = 1 AND m.edit = 1 AND m.vote = 0 AND m.until > m.since`); n != 1 {
			t.Errorf("%d mandates", n)
		}
		if n := count(t, h, `SELECT count(*) FROM claim WHERE sealed <> '' OR document <> ''`); n != 0 {
			t.Error("something of the claimant stays")
		}
		h.Visitor().Get("/en/organisations/"+w.organisation).Lacks("main", "Is this your organisation?")
		h.Visitor().Get(mine).Status(200).Has("main", "invitation")
		w.coordinator.Get("/en/claims").Has("main", "Accepted")
		h.Clock.Pass(31 * 24 * time.Hour)
		h.Visitor().Get(mine).Status(404)
	})
}

func TestObjectionsTurnsAndEnds(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		w := open(t, h)
		p, m := h.Delegate("Now", people.Organisation{ID: w.organisation})
		now := h.As(p.ID, m.ID)
		h.Visitor().Get("/en/organisations/"+w.organisation+"/claim").Status(200).Has(".note", "told of your claim")
		_, look := w.claim(t)
		now.Get("/en/me/notices").Has("main", "Somebody else says")
		if own := now.Get(look).Status(200); strings.Contains(own.Body, theirs) {
			t.Error("the address is shown to those who only may object")
		}
		now.Get(look).Submit("Object", map[string]string{"words": "Lina left."}).Status(200)
		for _, c := range []*housetest.Client{w.town, w.people} {
			c.Get(look).Status(200).Has("main", "Lina left.").Submit("Decide", map[string]string{"act": "agree"}).Status(200)
		}
		if n := count(t, h, `SELECT count(*) FROM claim WHERE state = 'waiting'`); n != 1 {
			t.Fatal("a pair decided over an objection")
		}
		w.coordinator.Get(look).Submit("Decide", map[string]string{"act": "refuse"}).Status(422).Has(".error-summary", "Choose the reason")
		w.coordinator.Get(look).Submit("Decide", map[string]string{"act": "refuse", "reason": "person", "words": "Ask the board."}).Status(200)
		if text, _ := w.mail(t, `Ask the board`); !strings.Contains(text, "autre personne") && !strings.Contains(text, "motif") {
			t.Errorf("told why: %s", text)
		}

		// Unconfirmed goes after two days, undecided ends after two months.
		h.Visitor().Get("/fr/organisations/"+w.organisation+"/claim").Submit("Envoyer", map[string]string{"name": "X", "role": "Y", "email": theirs, "proof": "Z"}).Status(200)
		h.Clock.Pass(49 * time.Hour)
		h.Drain()
		if n := count(t, h, `SELECT count(*) FROM claim`); n != 1 {
			t.Errorf("%d claims are kept", n)
		}
		mine, _ := w.claim(t)
		h.Clock.Pass(61 * 24 * time.Hour)
		h.Drain()
		if n := count(t, h, `SELECT count(*) FROM claim WHERE state = 'expired' AND sealed = ''`); n != 1 {
			t.Errorf("%d ended undecided", n)
		}
		h.Visitor().Get(mine).Status(200).Has("main", "deux mois")
		// A program sends the document along, too.
		in := map[string]any{"name": "a", "role": "b", "email": "program@oriane.example.org", "proof": "c", "documentName": "mandate.txt", "document": []byte("The board gives the mandate.")}
		if code := h.Call("", "POST", "/organisations/"+w.other+"/claim", in, nil); code != 202 {
			t.Errorf("over the API: %d", code)
		}
		if n := count(t, h, `SELECT count(*) FROM claim WHERE document <> ''`); n != 1 {
			t.Errorf("%d claims with a document", n)
		}
		// The fourth from one network within the hour, and so on, is too many.
		code := 0
		for range 12 {
			code = h.Call("", "POST", "/organisations/"+w.organisation+"/claim", map[string]any{"name": "a", "role": "b", "email": "x" + theirs, "proof": "c"}, nil)
		}
		if code != 429 {
			t.Errorf("after many: %d", code)
		}
	})
}

// TestTwoDecideAtOnce: both seats, the coordination that refuses, and a claimant
// who takes it back, all at one moment: one outcome.
func TestTwoDecideAtOnce(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		w := open(t, h)
		_, look := w.claim(t)
		clients := []*housetest.Client{w.town, w.people, w.coordinator, w.town, w.people, w.coordinator}
		forms := make([]url.Values, len(clients))
		for i, c := range clients {
			forms[i] = c.Get(look).Status(200).Form(look)
			forms[i].Set("act", "agree")
			if i%3 == 2 {
				forms[i].Set("act", "refuse")
				forms[i].Set("reason", "other")
			}
		}
		var wg sync.WaitGroup
		for i, c := range clients {
			wg.Go(func() { c.Knock(look, forms[i]) })
		}
		wg.Wait()
		invited := count(t, h, `SELECT count(*) FROM invitation WHERE decided <> ''`)
		accepted := count(t, h, `SELECT count(*) FROM claim WHERE state = 'accepted'`)
		refused := count(t, h, `SELECT count(*) FROM claim WHERE state = 'refused'`)
		if invited != accepted || accepted+refused != 1 {
			t.Errorf("%d invited, %d accepted, %d refused", invited, accepted, refused)
		}
	})
}
