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
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
)

// who is somebody who signs in anew each time: sessions end after two weeks.
type who struct {
	h               *housetest.House
	person, mandate string
}

func (x who) client() *housetest.Client       { return x.h.AsStrong(x.person, x.mandate) }
func (x who) Get(path string) *housetest.Page { return x.client().Get(path) }

// member is an organisation of the directory with somebody who may edit for it.
func member(h *housetest.House, name string, kind people.OrganisationKind) who {
	o := h.Organisation(name, kind)
	h.Do(func(ctx context.Context, tx *db.Tx) error {
		_, err := entry.Add(ctx, tx, people.Actor{}, entry.Entry{ID: o.ID, Kind: "organisation", Class: string(kind), Organisation: o.ID, Lang: "fr", Fields: map[string]lang.Text{entry.Title: lang.New("fr", name)}}, nil)
		return err
	})
	p, m := h.Delegate("Editor of "+name, o)
	return who{h, p.ID, m.ID}
}

const theirs = "passer-by@example.org"

// world has Gao's pair, Mali's pair, and a coordination.
type world struct {
	*housetest.House
	coordinator, gaoTown, gaoPeople, mali, maliPeople who
}

func open(t *testing.T, h *housetest.House) world {
	w := world{House: h, coordinator: who{h, h.Person("Coordination", people.Grant{Role: people.Coordinator}).ID, ""}}
	appoint := func(name string, kind people.OrganisationKind, area map[string]string) who {
		c := member(h, name, kind)
		area["organisation"] = name
		w.coordinator.Get("/en/validators").Submit("Appoint", area).Status(200).Has("table", name)
		return c
	}
	w.gaoTown = appoint("Commune of Gao (invented)", people.LocalAuthority, map[string]string{"country": "Mali", "town": "Gao", "km": "150"})
	w.gaoPeople = appoint("Travellers of Gao (invented)", people.MigrantLed, map[string]string{"country": "Mali", "town": "Gao", "km": "150"})
	w.mali = appoint("Towns of Mali (invented)", people.LocalAuthority, map[string]string{"country": "Mali", "km": ""})
	w.maliPeople = appoint("Associations of Mali (invented)", people.CivilSociety, map[string]string{"country": "Mali", "km": ""})
	return w
}

var proposedLink = regexp.MustCompile(`/([a-z]{2}/proposed/[0-9A-Za-z_-]+)`)

// mail gives the last mail to the author, and the link in it.
func (w world) mail(t *testing.T) (text, link string) {
	t.Helper()
	mails := w.Mails()
	for i := len(mails) - 1; i >= 0; i-- {
		if strings.Contains(mails[i], "To: "+theirs) || strings.Contains(mails[i], "<"+theirs+">") {
			text = strings.NewReplacer("=\r\n", "", "=\n", "", "=3D", "=").Replace(mails[i])
			if m := proposedLink.FindStringSubmatch(text); m != nil {
				link = "/" + m[1]
			}
			return text, link
		}
	}
	t.Fatal("no mail to the author")
	return "", ""
}

// propose sends an initiative in a town of Mali and confirms it; it gives the
// address of the author's page.
func (w world) propose(t *testing.T, title, town string) string {
	t.Helper()
	w.Visitor().Get("/fr/propose/initiative").Status(200).Submit("Envoyer", map[string]string{"title": title, "summary": "Eau, ombre et conseil.", "country": "Mali", "town": town, "email": theirs, "mail-lang": "fr"},
		url.Values{"category": {"welcome"}}).Status(200).Has("h1", "boîte")
	_, link := w.mail(t)
	at := w.Visitor().Get(link).Status(200).Submit("Confirmer", nil).Status(200).Path
	if at == link {
		t.Fatal("the first link stays")
	}
	return at
}

func count(t *testing.T, h *housetest.House, text string, args ...any) int {
	t.Helper()
	n, err := db.One(context.Background(), h.DB, db.Value[int], text, args...)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestGaoReachesGaosPair is need 3 of the exchange platform.
func TestGaoReachesGaosPair(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		w := open(t, h)
		form := h.Visitor().Get("/en/propose/initiative").Status(200)
		bad := form.Submit("Send it", map[string]string{"title": "La halte", "email": "nobody", "town": "Gao"}).Status(422).Has(".error-summary", "e-mail address").Has(".error-summary", "country of the town")
		if !strings.Contains(bad.Body, "La halte") {
			t.Error("what was typed is lost")
		}
		at := w.propose(t, "La halte du fleuve", "Gao")
		text, kept := w.mail(t)
		if !strings.Contains(text, "proposition") || kept != at {
			t.Errorf("the mail that stays: %s\n%s", kept, text)
		}
		// Gao's pair sees it, nobody else does, in no list and no search.
		for name, c := range map[string]who{"Mali's": w.mali, "Mali's people": w.maliPeople} {
			if strings.Contains(c.Get("/en/validate").Status(200).Body, "La halte") {
				t.Errorf("%s pair sees what is Gao's", name)
			}
		}
		for _, path := range []string{"/en/initiatives", "/en/search?q=halte", "/en/library?q=halte", "/api/v1/initiatives", "/en/moderation"} {
			if strings.Contains(h.Visitor().Get(path).Status(200).Body, "La halte") {
				t.Errorf("%s shows what nobody agreed to", path)
			}
		}
		look := w.gaoTown.Get("/en/validate").Status(200).Follow("La halte du fleuve").Status(200).Has("main", "Eau, ombre").Has("main", "Commune of Gao").Has("main", "Travellers of Gao")
		if strings.Contains(look.Body, theirs) {
			t.Error("the address is shown")
		}
		w.mali.Get(look.Path).Status(404)
		h.Visitor().Get(look.Path).Status(200).Has("h1", "Sign in")
		look.Submit("Decide", nil).Status(422).Has(".error-summary", "Choose what you decide")
		look.Submit("Decide", map[string]string{"act": "agree"}).Status(200).Lacks("main", "Waiting for your side")
		look.Submit("Decide", map[string]string{"act": "refuse", "reason": "double"}).Status(409) // its side has decided
		h.Visitor().Get("/en/initiatives").Lacks("main", "La halte")
		w.gaoPeople.Get(look.Path).Status(200).Has("main", "Authority: Agreed").Submit("Decide", map[string]string{"act": "agree"}).Status(200)

		// Published: an entry like any other, by nobody; the address is gone.
		page := h.Visitor().Get("/en/initiatives").Has("main", "La halte du fleuve").Follow("La halte du fleuve").Status(200).Has(".facts", "Gao")
		for _, path := range []string{page.Path, strings.Replace(page.Path, "initiatives", "history", 1), "/en/moderation", "/api/v1/moderation"} {
			body := h.Visitor().Get(path).Status(200).Body
			if strings.Contains(body, theirs) {
				t.Errorf("%s tells the address", path)
			}
		}
		h.Visitor().Get("/en/moderation").Has("main", "La halte du fleuve").Has("main", "Commune of Gao").Has("main", "Travellers of Gao").Has("main", "Mali").Lacks("main", "Comments that were reported")
		if feed := h.Visitor().Get("/fr/moderation.atom").Status(200).Body; !strings.Contains(feed, "La halte du fleuve") || !strings.Contains(feed, "Travellers of Gao") || strings.Contains(feed, theirs) {
			t.Errorf("the feed of the log: %s", feed)
		}
		h.As(h.Person("Rosa", people.Grant{Role: people.Committee}).ID, "").Get("/en/moderation").Has(".note", "Comments that were reported wait on their own page")
		if text, _ := w.mail(t); !strings.Contains(text, "tout le monde") {
			t.Errorf("the author is told: %s", text)
		}
		if n := count(t, h, `SELECT count(*) FROM contribution WHERE sealed <> '' OR address <> ''`); n != 0 {
			t.Errorf("%d still hold what was sealed", n)
		}
		h.Visitor().Get(at).Status(200).Has("main", "ici")
		h.Clock.Pass(31 * 24 * time.Hour)
		h.Visitor().Get(at).Status(404)
	})
}

func TestRefusedChangedWidened(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		w := open(t, h)
		at := w.propose(t, "La halte", "Gao")
		look := w.gaoPeople.Get("/en/validate").Follow("La halte").Path
		early := w.gaoTown.Get(look)
		early.Submit("Decide", map[string]string{"act": "agree"}).Status(200)
		w.gaoPeople.Get(look).Submit("Decide", map[string]string{"act": "change"}).Status(422)
		w.gaoPeople.Get(look).Submit("Decide", map[string]string{"act": "change", "words": "Add the hours, please.", "words-lang": "en"}).Status(200)
		if text, _ := w.mail(t); !strings.Contains(text, "Add the hours, please.") || !strings.Contains(text, "proposition") {
			t.Errorf("told: %s", text)
		}
		mine := h.Visitor().Get(at).Status(200).Has(".note", "Add the hours")
		mine.Follow("Modifier").Submit("Envoyer la nouvelle version", map[string]string{"title": "La halte ouverte", "hours-mo": "9-12"}).Status(200).Has("main", "undi")

		// What was said of the earlier words counts no more; a form of before is refused.
		early.Submit("Decide", map[string]string{"act": "agree", "words": "As before."}).Status(409)
		w.gaoTown.Get(look).Status(200).Has("h2", "Your word")

		// Two weeks, and Mali's pair may decide too; then the coordination.
		w.mali.Get(look).Status(404)
		h.Clock.Pass(15 * 24 * time.Hour)
		h.Drain()
		w.mali.Get(look).Status(200).Submit("Decide", map[string]string{"act": "agree"}).Status(200)
		w.coordinator.Get(look).Status(200).Lacks("h2", "Your word")
		h.Clock.Pass(15 * 24 * time.Hour)
		h.Drain()
		w.coordinator.Get(look).Status(200).Submit("Decide", map[string]string{"act": "refuse", "reason": "private", "words": "A name is in it.", "words-lang": "en"}).Status(200)
		text, _ := w.mail(t)
		if !strings.Contains(text, "A name is in it.") || !strings.Contains(text, "personnes") {
			t.Errorf("the author is told why, in French: %s", text)
		}
		h.Visitor().Get("/en/moderation").Has("main", "names private people").Lacks("main", "La halte").Lacks("main", "A name is in it")
		h.Visitor().Get(at).Status(200).Has("main", "personnes")
		h.Visitor().Get(at+"/edit").Status(200).Lacks("main", "Envoyer la nouvelle version")
		if n := count(t, h, `SELECT count(*) FROM entry WHERE kind = 'initiative'`); n != 0 {
			t.Errorf("%d entries of what was refused", n)
		}
	})
}

// TestNothingIsKept: unconfirmed, taken back, unanswered.
func TestNothingIsKept(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		w := open(t, h)
		h.Visitor().Get("/en/propose/initiative").Submit("Send it", map[string]string{"title": "Unconfirmed", "summary": "x", "email": theirs}, url.Values{"category": {"welcome"}}).Status(200)
		_, link := w.mail(t)
		if strings.Contains(w.coordinator.Get("/en/validate").Body, "Unconfirmed") {
			t.Error("what is not confirmed is shown")
		}
		h.Clock.Pass(49 * time.Hour)
		h.Drain()
		h.Visitor().Get(link).Status(404)
		at := w.propose(t, "Taken back", "Gao")
		h.Visitor().Get(at).Follow("La retirer").Submit("Supprimer", nil).Status(200)
		h.Visitor().Get(at).Status(404)
		if n := count(t, h, `SELECT count(*) FROM contribution`); n != 0 {
			t.Errorf("%d are kept", n)
		}
		w.propose(t, "Unanswered", "Gao")
		look := w.gaoPeople.Get("/en/validate").Follow("Unanswered").Path
		w.gaoPeople.Get(look).Submit("Decide", map[string]string{"act": "change", "words": "Where is it?", "words-lang": "en"}).Status(200)
		h.Clock.Pass(181 * 24 * time.Hour)
		h.Drain()
		if n := count(t, h, `SELECT count(*) FROM contribution WHERE state = 'refused' AND reason = 'unanswered' AND sealed = '' AND address = ''`); n != 1 {
			t.Errorf("%d ended unanswered", n)
		}
		h.Visitor().Get("/en/propose/story").Status(404) // told from an account
		h.Visitor().Get("/en/propose/note").Status(404)
	})
}

// TestTwoAtOnce: both seats, and the same seat twice, decide at the same moment.
func TestTwoAtOnce(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		w := open(t, h)
		w.propose(t, "All at once", "Gao")
		look := w.gaoTown.Get("/en/validate").Follow("All at once")
		other := w.gaoPeople.Get(look.Path)
		var wg sync.WaitGroup
		codes := make([]int, 6)
		for i := range codes {
			wg.Add(1)
			go func() {
				defer wg.Done()
				page := look
				if i%2 == 1 {
					page = other
				}
				form := page.Form(page.Path)
				form.Set("act", "agree")
				if i > 3 {
					form.Set("act", "refuse")
					form.Set("reason", "double")
				}
				c := w.gaoTown
				if i%2 == 1 {
					c = w.gaoPeople
				}
				codes[i] = c.client().Knock(page.Path, form)
			}()
		}
		wg.Wait()
		entries := count(t, h, `SELECT count(*) FROM entry WHERE kind = 'initiative'`)
		published := count(t, h, `SELECT count(*) FROM contribution WHERE state = 'published' AND entry <> ''`)
		refused := count(t, h, `SELECT count(*) FROM contribution WHERE state = 'refused' AND entry = ''`)
		if entries != published || published+refused != 1 {
			t.Errorf("%d entries, %d published, %d refused: %v", entries, published, refused, codes)
		}
		if n := count(t, h, `SELECT count(*) FROM contribution_said`); n > 2 {
			t.Errorf("%d words of two seats", n)
		}
	})
}

// TestOrganisationsTooAndTheAPI: a kind with a table of its own, all by programs.
func TestOrganisationsTooAndTheAPI(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		w := open(t, h)
		in := map[string]any{"email": theirs, "mailLang": "fr", "record": map[string]any{"lang": "fr", "country": "ML", "answers": map[string]any{"title": []string{"Amis de Gao"}, "kind": []string{"civil_society"}, "website": []string{"amis.example.org"}}}}
		if code := h.Call("", "POST", "/propose/organisation", in, nil); code != 202 {
			t.Fatal(code)
		}
		_, link := w.mail(t)
		var confirmed struct{ Secret string }
		confirm := func(key string) int {
			return h.CallAgain(key, "", "POST", strings.TrimPrefix(link, "/fr"), nil, &confirmed)
		}
		if code := confirm("phone-1"); code != 200 || len(confirmed.Secret) < 16 {
			t.Fatal(code, confirmed)
		}
		// Sent again under its key it gives the same secret, which by then lies nowhere.
		first := confirmed.Secret
		if code := confirm("phone-1"); code != 200 || confirmed.Secret != first {
			t.Errorf("the same call again: %d %q, not %q", code, confirmed.Secret, first)
		}
		if code := confirm("phone-2"); code != 404 {
			t.Error("under another key the link is used up:", code)
		}
		h.Drain()
		if where := append(h.Kept(first), h.Kept("phone-1")...); len(where) > 0 {
			t.Error("kept in clear in", where)
		}
		var stands struct {
			ID, State string
			Round     int
			Record    struct{ Texts map[string]map[string]string }
		}
		if h.Call("", "GET", "/proposed/"+confirmed.Secret, nil, &stands); stands.State != "waiting" || stands.Record.Texts["title"]["fr"] != "Amis de Gao" {
			t.Fatalf("%+v", stands)
		}
		look := "/en/validate/" + stands.ID
		w.mali.Get(look).Submit("Decide", map[string]string{"act": "agree"}).Status(200)
		w.maliPeople.Get(look).Submit("Decide", map[string]string{"act": "agree"}).Status(200)
		h.Visitor().Get("/en/organisations").Has("main", "Amis de Gao").Follow("Amis de Gao").Status(200).Has("main", "amis.example.org")
		if n := count(t, h, `SELECT count(*) FROM organisation WHERE name = 'Amis de Gao' AND withdrawn = 0`); n != 1 {
			t.Errorf("%d such organisations act", n)
		}
		var log struct{ Proposals []map[string]any }
		if h.Call("", "GET", "/moderation", nil, &log); len(log.Proposals) != 1 || log.Proposals[0]["record"] != nil {
			t.Errorf("the log: %v", log)
		}
	})
}

func TestPolicy(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		w := open(t, h)
		h.Visitor().Get("/fr/policy").Status(200).Has("h2", "Qui décide")
		w.gaoTown.Get("/en/policy/edit").Status(403)
		form := w.coordinator.Get("/en/policy/edit?of=fr").Status(200)
		second := w.coordinator.Get("/en/policy/edit?of=fr")
		form.Submit("Publish the rules", map[string]string{"words": "Nos règles."}).Status(200).Has("main", "Nos règles.")
		second.Submit("Publish the rules", map[string]string{"words": "Les miennes."}).Status(409)
		w.coordinator.Get("/en/policy/edit?of=en").Submit("Publish the rules", map[string]string{"words": "Our rules."}).Status(200)
		h.Visitor().Get("/en/policy").Has("main", "Our rules.")
		h.Visitor().Get("/de/policy").Has("main", "Nos règles.")
	})
}

// TestErrorReported: anybody says what is wrong, those of the place deal with
// it, and whoever left an address is told.
func TestErrorReported(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		w := open(t, h)
		at := w.propose(t, "La halte", "Gao")
		look := w.gaoTown.Get("/en/validate").Follow("La halte").Path
		w.gaoTown.Get(look).Submit("Decide", map[string]string{"act": "agree"}).Status(200)
		w.gaoPeople.Get(look).Submit("Decide", map[string]string{"act": "agree"}).Status(200)
		page := h.Visitor().Get("/fr/initiatives").Follow("La halte")
		form := page.Follow("Signaler une erreur").Status(200)
		form.Submit("Envoyer", map[string]string{"email": "nobody"}).Status(422).Has(".error-summary", "adresse").Has(".error-summary", "phrase")
		form.Submit("Envoyer", map[string]string{"reason": "old", "words": "Le lieu a déménagé.", "email": theirs}).Status(200).Has("h1", "Merci")
		if strings.Contains(h.Visitor().Get(page.Path).Body, "déménagé") {
			t.Error("the page shows a report")
		}
		w.mali.Get("/en/validate").Status(200)
		for _, c := range []who{w.gaoTown, w.maliPeople, w.coordinator} {
			if list := c.Get("/en/reports").Status(200).Has("main", "déménagé"); strings.Contains(list.Body, theirs) {
				t.Error("the address is shown")
			}
		}
		stranger := member(h, "Elsewhere", people.CivilSociety)
		stranger.Get("/en/reports").Status(200).Lacks("main", "déménagé")
		h.Visitor().Get("/en/reports").Status(200).Has("h1", "Sign in")
		list := w.gaoTown.Get("/en/reports")
		again := w.gaoPeople.Get("/en/reports")
		list.Submit("Done", map[string]string{"outcome": "mended"}).Status(200).Lacks("main", "déménagé")
		again.Submit("Done", map[string]string{"outcome": "kept"}).Status(404)
		if text, _ := w.mail(t); !strings.Contains(text, "corrig") {
			t.Errorf("told: %s", text)
		}
		if n := count(t, h, `SELECT count(*) FROM error_report WHERE address <> '' OR settled = 0`); n != 0 {
			t.Errorf("%d keep an address", n)
		}
		h.Visitor().Get(at).Status(200)
	})
}
