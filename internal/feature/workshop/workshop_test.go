package workshop_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"alliance/internal/feature/workshop"
	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
)

// hall is a house with one assembly and one workshop, whose door the test opens and closes.
type hall struct {
	*housetest.House
	assembly, workshop string
	asks               *workshop.Workshops
}

const code = "gt4x9k"

func newHall(t *testing.T, h *housetest.House) *hall {
	t.Helper()
	w := &hall{House: h}
	// The house has its own; this one is asked without pages.
	_, w.asks = workshop.New(h.House, workshop.Asks{
		CodeOf:     func(context.Context, db.Q, string) (string, error) { return code, nil },
		Open:       func(context.Context, db.Q, string) (int, bool, error) { return 1, true, nil },
		ZoneOf:     func(context.Context, db.Q, string) (string, error) { return "Europe/Paris", nil },
		AssemblyOf: func(context.Context, db.Q, string) (string, error) { return w.assembly, nil },
	})
	h.Do(func(ctx context.Context, tx *db.Tx) error {
		a, err := entry.Add(ctx, tx, people.Actor{}, entry.Entry{Kind: "assembly", Lang: "fr", Fields: map[string]lang.Text{"title": lang.New("fr", "Rencontre")}}, nil)
		if err != nil {
			return err
		}
		s, err := entry.Add(ctx, tx, people.Actor{}, entry.Entry{Kind: "workshop", Parent: a.ID, Axis: "A1", Lang: "fr",
			Fields: map[string]lang.Text{"title": lang.New("fr", "Habiter"), "summary": lang.New("fr", "Se loger, rester.")}}, nil)
		if w.assembly, w.workshop = a.ID, s.ID; err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO assembly (entry, timezone) VALUES ($1, 'Europe/Paris')`, a.ID); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO workshop (entry, assembly, code, sequence) VALUES ($1,$2,$3,1)`, s.ID, a.ID, code)
		return err
	})
	return w
}

// end closes the workshop.
func (h *hall) end() {
	h.Do(func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE workshop SET sequence = 3 WHERE entry = $1`, h.workshop)
		return err
	})
}

func both(t *testing.T, test func(*testing.T, *hall)) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) { test(t, newHall(t, h)) })
}

// rapporteur gives a signed-in client who takes the notes.
func (h *hall) rapporteur() *housetest.Client {
	p := h.Person("Rosa Rapporteur", people.Grant{Role: people.Rapporteur, Scope: h.workshop})
	return h.As(p.ID, "")
}

func (h *hall) notes() string     { return "/en/workshops/" + h.workshop + "/notes" }
func (h *hall) proposals() string { return "/en/assemblies/" + h.assembly + "/proposals" }

// From the code to a proposal everybody reads, without an account.
func TestFromCodeToProposal(t *testing.T) {
	both(t, func(t *testing.T, h *hall) {
		phone := h.Visitor()
		page := phone.Get("/en/join").Status(200).Submit("Join", map[string]string{"code": "GT4 X9K"})
		page.Status(200).Has("h1", "Habiter").Has("main", "Se loger, rester.")
		if page.Header.Get("Set-Cookie") != "" || page.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("a phone is not to be remembered: %v", page.Header)
		}
		page = page.Submit("Send", map[string]string{"class": "stake", "text": "Nobody asks the tenants."})
		page.Status(200).Has("div.note", "Thank you").Has("ul.said", "Nobody asks the tenants.").Has("ul.said", "Stake").Has("ul.said", "The workshop")

		form := phone.Get("/en/join/"+code+"/proposal").Status(200).Has("fieldset", "Nobody asks the tenants.")
		if n := form.Count("textarea"); n != 1+1+2+6 { // plain words, in full, means and carriers, three rows of each
			t.Errorf("%d text areas", n)
		}
		form = form.Submit("Add more rows", map[string]string{"title": "Ask the tenants"}).Status(200)
		if n := form.Count("textarea"); n != 16 {
			t.Errorf("%d text areas after asking for more", n)
		}
		stake := checkbox(form, "stakes")
		sent := form.Submit("Send the proposal", map[string]string{"title": "Ask the tenants", "summary": "Every city asks its tenants once a year.", "level": "alliance",
			"stakes": stake, "caution.1": "Not only in one language.", "question.2": "Who pays?", "signed": "Awa"}).Status(200)
		sent.Has("div.note", "Thank you").Has("ul.said", "Ask the tenants").Has("ul.said", "Awa")

		// Nobody outside the room reads a draft, or even learns of it.
		var id string
		if list := h.list(t); len(list) == 1 {
			id = list[0].ID
		} else {
			t.Fatalf("%d proposals", len(list))
		}
		stranger := h.Visitor()
		stranger.Get("/en/proposals/" + id).Status(404)
		stranger.Get(h.proposals()).Status(200).Lacks("main", "Ask the tenants")
		stranger.Get("/en/stakes/" + stake).Status(404)
		stranger.Get("/en/lineage/" + id).Status(404)
		if c := h.Call("", "GET", "/proposals/"+id, nil, nil); c != 404 {
			t.Errorf("the API shows a draft: %d", c)
		}

		r := h.rapporteur()
		r.Get(h.notes()).Status(200).Has("li", "from a phone").Submit("Bring up 2 drafts", nil).Status(200).Lacks("ol.record", "Draft")
		page = stranger.Get("/en/proposals/"+id).Status(200).Has("h1", "Ask the tenants").Has("section.simple", "Every city asks").
			Has("li.now", "Written").Has("main", "Not only in one language.").Has("main", "Who pays?").Has("dd", "Awa").Has("dd", "Nobody asks the tenants.")
		page.Lacks("main", "Withdraw")
		stranger.Get("/en/stakes/"+stake).Status(200).Has("a", "Ask the tenants")
		stranger.Get(h.proposals()).Status(200).Has("li.card", "Ask the tenants").Has("p.result", "1 proposal")
		stranger.Get(h.proposals()+"?level=local").Status(200).Has("p.result", "0 proposals")
		stranger.Get(h.proposals()+"?q=TENANT").Status(200).Has("p.result", "1 proposal")
		if csv := stranger.Get(h.proposals() + "?as=csv"); !strings.Contains(csv.Body, "Ask the tenants") || !strings.Contains(csv.Body, "Who pays?") {
			t.Errorf("CSV: %s", csv.Body)
		}
		stranger.Get(h.proposals()+"?as=book").Status(200).Has("article", "Not only in one language.")
		stranger.Get("/en/lineage/"+id).Status(200).Has("main", "Nobody asks the tenants.")
	})
}

func (h *hall) list(t *testing.T) []entry.Entry {
	t.Helper()
	list, err := h.asks.Proposals(context.Background(), h.DB, h.assembly)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// checkbox gives the value of the first box of a name.
func checkbox(p *housetest.Page, name string) string {
	_, rest, _ := strings.Cut(p.Body, `name="`+name+`"`)
	_, rest, _ = strings.Cut(rest, `value="`)
	value, _, _ := strings.Cut(rest, `"`)
	return value
}

func TestClosedKeepsWhatWasTyped(t *testing.T) {
	both(t, func(t *testing.T, h *hall) {
		phone := h.Visitor()
		page := phone.Get("/en/join/" + code).Status(200)
		form := phone.Get("/en/join/" + code + "/proposal").Status(200)
		h.end()
		page.Submit("Send", map[string]string{"text": "Too late?"}).Status(409).Has("div.error-summary", "takes nothing in now").Has("textarea", "Too late?")
		form.Submit("Send the proposal", map[string]string{"title": "Late", "summary": "Too late."}).Status(409).Has("div.error-summary", "takes nothing in now").Has("textarea", "Too late.")
		phone.Get("/en/join/"+code).Status(200).Has("main", "You can read what was said").Lacks("button", "Send")
		h.rapporteur().Get(h.notes()).Status(200).Submit("Take it down", map[string]string{"text": "On paper, after the end."}).Status(200).Has("ol.record", "On paper, after the end.")
	})
}

func TestSameKeyIsOneNote(t *testing.T) {
	both(t, func(t *testing.T, h *hall) {
		phone := h.Visitor()
		page := phone.Get("/en/join/" + code)
		first := page.Submit("Send", map[string]string{"text": "Once"}).Status(200)
		again := page.Submit("Send", map[string]string{"text": "Once"}).Status(200)
		if first.Path != again.Path || phone.Get("/en/join/"+code).Count("ul.said li") != 0 && strings.Count(again.Text("ul.said"), "Once") != 1 {
			t.Errorf("sent twice: %s, %s", first.Path, again.Path)
		}
		// It led to an address that alone opens a page: nobody who has the database has that.
		_, secret, _ := strings.Cut(first.Path, "/sent/")
		if where := h.Kept(secret); len(secret) < 16 || len(where) > 0 {
			t.Errorf("%q lies in clear in %v", secret, where)
		}
		// Much later, from a phone that was offline: the key of the note itself.
		type in = map[string]any
		var one, two, other struct{ ID string }
		note := in{"class": "practice", "text": "Offline", "lang": "en", "key": "phone-1"}
		if c := h.Call("", "POST", "/join/"+code+"/notes", note, &one); c != 201 {
			t.Fatal(c)
		}
		h.Call("", "POST", "/join/"+code+"/notes", note, &two)
		note["text"] = "Offline, corrected"
		h.Call("", "POST", "/join/"+code+"/notes", note, &other)
		if one.ID == "" || one.ID != two.ID || other.ID == one.ID {
			t.Errorf("%q %q %q", one.ID, two.ID, other.ID)
		}
		// Both versions stand side by side until somebody chooses.
		r := h.rapporteur()
		r.Get(h.notes()).Status(200).Has("div.note", "another version").Has("div.note", "Offline, corrected").
			Submit("Keep version 2", nil).Status(200).Has("ol.record", "Offline, corrected").Lacks("main", "another version")
	})
}

func TestTwoRapporteursChangeOneNote(t *testing.T) {
	both(t, func(t *testing.T, h *hall) {
		r := h.rapporteur()
		r.Get(h.notes()).Submit("Take it down", map[string]string{"text": "As first written", "class": "quote", "signed": "Mariam"}).Status(200).Has("ol.record", "Mariam")
		edit := ""
		for _, l := range r.Get(h.notes()).Links("ol.record") {
			if strings.Contains(l, "edit=") {
				edit = l
			}
		}
		one, two := r.Get(edit).Status(200), h.rapporteur().Get(edit).Status(200)
		one.Submit("Save", map[string]string{"text": "As the first one has it"}).Status(200).Has("ol.record", "As the first one has it")
		conflict := two.Submit("Save", map[string]string{"text": "As the second one has it"}).Status(409)
		conflict.Has("section", "As the first one has it").Has("textarea", "As the second one has it").Has("ins", "second")
		conflict.Submit("Keep both", map[string]string{"both": "1"}).Status(200).Has("ol.record", "As the first one has it").Has("div.note", "As the second one has it").
			Submit("Keep both", nil).Status(200).Lacks("main", "another version").Has("ol.record", "As the second one has it")
	})
}

func TestHostileWords(t *testing.T) {
	both(t, func(t *testing.T, h *hall) {
		phone := h.Visitor()
		page := phone.Get("/en/join/" + code)
		page.Submit("Send", map[string]string{"text": "caf\xe9"}).Status(422).Has("div.error-summary", "encoding").Has("textarea", "caf\uFFFD")
		page.Submit("Send", map[string]string{"text": strings.Repeat("long ", 800)}).Status(422).Has("div.error-summary", "too long").Has("textarea", "long long")
		page.Submit("Send", map[string]string{"text": " \n "}).Status(422).Has("div.error-summary", "Write a few words")
		page.Submit("Send", map[string]string{"text": "Hello", "lang-other": "klingonisch!"}).Status(422).Has("div.error-summary", "language").Has("textarea", "Hello")
		page.Submit("Send", map[string]string{"text": "Hello", "signed": strings.Repeat("x", 121)}).Status(422).Has("div.error-summary", "name")
		if phone.Get("/en/join/"+code).Count("ul.said") != 0 {
			t.Error("something of it was kept")
		}
		sent := page.Submit("Send", map[string]string{"text": "لا أحد يسأل\x00 المستأجرين\u202E", "lang": "ar", "signed": "<b>سعاد</b>"}).Status(200)
		if !strings.Contains(sent.Body, `lang="ar" dir="rtl"`) || !strings.Contains(sent.Body, "لا أحد يسأل المستأجرين") || strings.Contains(sent.Body, "\u202E") || strings.Contains(sent.Body, "<b>سعاد") {
			t.Errorf("Arabic words: %s", sent.Text("ul.said"))
		}
		// Wolof, by its code; the page says which language it is.
		phone.Get("/en/join/"+code).Submit("Send", map[string]string{"text": "Nanga def", "lang-other": "WO"}).Status(200).Has("ul.said", "Nanga def").Has("ul.said", "Wolof")
		huge := url.Values{"text": {strings.Repeat("x", 13<<20)}, "class": {"quote"}, "lang": {"en"}}
		phone.Post("/en/join/"+code, huge).Status(413)
		phone.Get("/en/join/zzzzzz").Status(404)
		phone.Get("/en/join?code=zzzzzz").Status(404).Has("div.error-summary", "No workshop has this code")
	})
}

func TestOwnLinkEnds(t *testing.T) {
	both(t, func(t *testing.T, h *hall) {
		phone := h.Visitor()
		sent := phone.Get("/en/join/"+code).Submit("Send", map[string]string{"text": "Frist words"}).Status(200)
		link := strings.Replace(sent.Path, "/sent/", "/mine/", 1)
		phone.Get(link).Status(200).Submit("Save", map[string]string{"text": "First words", "class": "quote"}).Status(200).Has("ul.said", "First words").Lacks("ul.said", "Frist")
		h.Visitor().Get("/en/join/" + code + "/mine/0000000000000000").Status(404)
		form := phone.Get(link).Status(200)
		h.Clock.Pass(16 * time.Minute)
		phone.Get(link).Status(403).Has("div.note", "15 minutes")
		form.Submit("Save", map[string]string{"text": "Later"}).Status(403)
		h.Visitor().Get(sent.Path).Status(200).Lacks("main", "Change it")
	})
}

func TestANoteBecomesAProposal(t *testing.T) {
	both(t, func(t *testing.T, h *hall) {
		r := h.rapporteur()
		page := r.Get(h.notes()).Submit("Take it down", map[string]string{"text": "One door for all questions, in every town hall", "class": "proposal"}).Status(200)
		form := page.Submit("Make it a proposal", nil).Status(200).Has("h1", "Change the proposal")
		form.Submit("Save", map[string]string{"summary": ""}).Status(422).Has("div.error-summary", "plain words")
		shown := form.Submit("Save", map[string]string{"title": "One door", "summary": "In every town hall one door is open to all questions."}).Status(200).Has("h1", "One door")
		shown.Has("a", "One door for all questions").Submit("Bring it up", nil).Status(200).Has("li.now", "Written")
		r.Get(h.notes()).Status(200).Has("a", "The proposal it became").Lacks("button", "Make it a proposal")
		if stage, err := h.asks.Stage(context.Background(), h.DB, h.list(t)[0].ID); err != nil || stage != "written" {
			t.Errorf("%s %v", stage, err)
		}
		// A stranger reads the proposal, and not the members' note it came from.
		h.Visitor().Get(shown.Path).Status(200).Lacks("main", "One door for all questions, in")
	})
}

func TestRaceForOneNote(t *testing.T) {
	both(t, func(t *testing.T, h *hall) {
		p := h.Person("Rosa", people.Grant{Role: people.Rapporteur, Scope: h.workshop})
		a := h.Actor(p.ID, "")
		e, err := entry.Get(context.Background(), h.DB, h.workshop)
		if err != nil {
			t.Fatal(err)
		}
		room := workshop.Room{Workshop: e, Assembly: h.assembly, Open: true, Sequence: 1}
		var note entry.Entry
		h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
			note, _, err = h.asks.Take(ctx, tx, a, room, workshop.Words{Kind: workshop.NoteKind, Class: "stake", Text: "At issue", Lang: "en", Source: workshop.FromRoom})
			return err
		})
		done := make(chan error, 8)
		for range 8 {
			go func() {
				done <- h.DB.Do(context.Background(), func(ctx context.Context, tx *db.Tx) error {
					_, err := h.asks.Raise(ctx, tx, a, room, note, workshop.StakeKind)
					return err
				})
			}()
		}
		won := 0
		for range 8 {
			if err := <-done; err == nil {
				won++
			} else if !fault.Is(err, fault.KindConflict) {
				t.Error(err)
			}
		}
		if won != 1 {
			t.Errorf("%d stakes of one note", won)
		}
		// The same key from many at once is one note too.
		ids := make(chan string, 8)
		for range 8 {
			go func() {
				var id string
				for range 2 { // whoever meets the other's key asks again, as web does
					err := h.DB.Do(context.Background(), func(ctx context.Context, tx *db.Tx) error {
						e, _, err := h.asks.Take(ctx, tx, a, room, workshop.Words{Kind: workshop.NoteKind, Class: "quote", Text: "Same", Lang: "en", Source: workshop.FromRoom, Key: "k"})
						id = e.ID
						return err
					})
					if !db.IsDuplicate(err) {
						break
					}
				}
				ids <- id
			}()
		}
		first := <-ids
		for range 7 {
			if id := <-ids; id != first {
				t.Errorf("two notes: %s %s", first, id)
			}
		}
	})
}

func TestTooManyAtOnce(t *testing.T) {
	both(t, func(t *testing.T, h *hall) {
		codes := map[int]int{}
		for range workshop.PerMinute + 2 {
			codes[h.Call("", "POST", "/join/"+code+"/notes", map[string]any{"class": "quote", "text": "again", "lang": "en"}, nil)]++
		}
		if codes[201] != workshop.PerMinute || codes[409] != 2 {
			t.Errorf("%v", codes)
		}
	})
}

func TestRightsOfAProposal(t *testing.T) {
	both(t, func(t *testing.T, h *hall) {
		o := h.Organisation("Puente", people.CivilSociety)
		p, m := h.Delegate("Lía", o)
		lia := h.As(p.ID, m.ID)
		other, om := h.Delegate("Otto", h.Organisation("Stadt", people.LocalAuthority))
		shown := lia.Get("/en/proposals/new?workshop="+h.workshop).Status(200).Submit("Send the proposal", map[string]string{"title": "Un puente", "summary": "Un puente para todas.", "lang": "es"}).Status(200)
		shown.Has("dd", "Puente").Has("li.now", "Draft")
		h.As(other.ID, om.ID).Get(shown.Path).Status(404)
		h.rapporteur().Get(shown.Path).Status(200).Submit("Bring it up", nil).Status(200)
		h.As(other.ID, om.ID).Get(shown.Path).Status(200).Lacks("main", "Withdraw")
		h.As(other.ID, om.ID).Get(shown.Path + "/edit").Status(403)
		lia.Get(shown.Path+"/edit").Status(200).Submit("Save", map[string]string{"summary": "Un puente para todas y todos."}).Status(200).Has("section.simple", "y todos")
		h.end()
		lia.Get(shown.Path + "/edit").Status(403)
		lia.Get("/en/proposals/new?workshop=" + h.workshop).Status(409)
		lia.Get(shown.Path+"/withdraw").Status(200).Submit("Withdraw it", nil).Status(200)
		h.Visitor().Get(shown.Path).Status(404)
		h.Visitor().Get(h.proposals()).Status(200).Lacks("main", "Un puente")
		h.As(p.ID, "").Get(shown.Path).Status(200).Has("div.note", "Withdrawn")
	})
}
