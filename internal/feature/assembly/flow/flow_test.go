package flow_test

import (
	"context"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"alliance/internal/feature/assembly"
	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
)

// meeting is a house with an assembly, a workshop and people around it.
type meeting struct {
	*housetest.House
	t                     *testing.T
	assembly, workshop    string
	coordinator, reporter people.Person
	delegate              people.Person
	mandate               people.Mandate
	city                  people.Organisation
}

func both(t *testing.T, test func(*testing.T, *meeting)) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) { test(t, prepare(t, h)) })
}

func prepare(t *testing.T, h *housetest.House) *meeting {
	m := &meeting{House: h, t: t}
	m.coordinator = h.Person("Cora", people.Grant{Role: people.Coordinator})
	m.city = h.Organisation("Ville d’Essai", people.LocalAuthority)
	m.delegate, m.mandate = h.Delegate("Dana", m.city)
	m.assembly = m.add("", "Rencontre d’essai")
	m.workshop = m.addWorkshop(m.assembly, "Un toit")
	m.reporter = h.Person("Rafi", people.Grant{Role: people.Rapporteur, Scope: m.workshop})
	return m
}

func (m *meeting) add(parent, title string) (id string) {
	m.Do(func(ctx context.Context, tx *db.Tx) error {
		e, err := assembly.Add(ctx, tx, m.Actor(m.coordinator.ID, ""), entry.Entry{Parent: parent, Lang: "fr", Fields: map[string]lang.Text{entry.Title: lang.New("fr", title)}},
			assembly.Assembly{Timezone: "Europe/Paris"})
		id = e.ID
		return err
	})
	return id
}

func (m *meeting) addWorkshop(parent, title string) (id string) {
	a := m.Actor(m.coordinator.ID, "")
	m.Do(func(ctx context.Context, tx *db.Tx) error {
		e, err := assembly.AddWorkshop(ctx, tx, a, entry.Entry{Parent: parent, Lang: "fr", Axis: "A1", Fields: map[string]lang.Text{entry.Title: lang.New("fr", title)}}, assembly.Workshop{})
		id = e.ID
		return err
	})
	return id
}

func (m *meeting) phase() string {
	p, err := assembly.PhaseOf(context.Background(), m.DB, m.assembly)
	if err != nil {
		m.t.Fatal(err)
	}
	return p
}

// race runs what all do at once, and gives their errors.
func (m *meeting) race(fns ...func(context.Context, *db.Tx) error) []error {
	errs := make([]error, len(fns))
	var all sync.WaitGroup
	for i, fn := range fns {
		all.Go(func() { errs[i] = m.DB.Do(context.Background(), fn) })
	}
	all.Wait()
	return errs
}

func TestTwoAdvanceTheAssemblyAtOnce(t *testing.T) {
	both(t, func(t *testing.T, m *meeting) {
		a, why := m.Actor(m.coordinator.ID, ""), lang.New("fr", "La salle est prête.")
		to := []assembly.Phase{assembly.Workshops, assembly.Plenary, assembly.Synthesis}
		var fns []func(context.Context, *db.Tx) error
		for _, p := range to {
			fns = append(fns, func(ctx context.Context, tx *db.Tx) error {
				return assembly.Move(ctx, tx, a, m.assembly, assembly.Preparation, p, why)
			})
		}
		won := ""
		for i, err := range m.race(fns...) {
			switch {
			case err == nil && won == "":
				won = string(to[i])
			case err == nil:
				t.Errorf("both %s and %s won", won, to[i])
			case !fault.Is(err, fault.KindConflict):
				t.Error(err)
			}
		}
		if won == "" || m.phase() != won {
			t.Errorf("won %q, is %q", won, m.phase())
		}
		events, err := journal.List(context.Background(), m.DB, journal.Filter{Verb: "assembly.phase"})
		if err != nil || len(events) != 1 || events[0].Data["phase"] != won {
			t.Errorf("journal: %v %v", events, err)
		}
	})
}

func TestTwoMoveAWorkshopAtOnce(t *testing.T) {
	both(t, func(t *testing.T, m *meeting) {
		a := m.Actor(m.reporter.ID, "")
		move := func(from, to assembly.Sequence) func(context.Context, *db.Tx) error {
			return func(ctx context.Context, tx *db.Tx) error {
				return assembly.SetSequence(ctx, tx, a, m.workshop, from, to)
			}
		}
		for _, err := range m.race(move(assembly.ToCome, assembly.First), move(assembly.ToCome, assembly.First)) {
			if err != nil {
				t.Errorf("the same thing twice: %v", err)
			}
		}
		won := 0
		for _, err := range m.race(move(assembly.First, assembly.Second), move(assembly.First, assembly.Over)) {
			if err == nil {
				won++
			} else if !fault.Is(err, fault.KindConflict) {
				t.Error(err)
			}
		}
		if won != 1 {
			t.Errorf("%d of two different moves won", won)
		}
	})
}

func TestTwoNoteWhoIsThere(t *testing.T) {
	both(t, func(t *testing.T, m *meeting) {
		ctx, a, b := context.Background(), m.Actor(m.reporter.ID, ""), m.Actor(m.coordinator.ID, "")
		other := m.Organisation("Association d’Essai", people.CivilSociety)
		errs := m.race(
			func(ctx context.Context, tx *db.Tx) error {
				return assembly.Note(ctx, tx, a, m.assembly, []string{m.city.ID}, nil)
			},
			func(ctx context.Context, tx *db.Tx) error {
				return assembly.Note(ctx, tx, b, m.assembly, []string{other.ID}, nil)
			},
			func(ctx context.Context, tx *db.Tx) error {
				return assembly.Note(ctx, tx, b, m.assembly, []string{m.city.ID}, nil)
			})
		for _, err := range errs {
			if err != nil {
				t.Error(err)
			}
		}
		here, err := assembly.Present(ctx, m.DB, m.assembly)
		if err != nil || len(here) != 2 {
			t.Errorf("present: %v %v", here, err)
		}
	})
}

func TestPhaseByHandAndBackToTheDates(t *testing.T) {
	both(t, func(t *testing.T, m *meeting) {
		c, at := m.As(m.coordinator.ID, ""), "/en/assemblies/"+m.assembly+"/phases"
		c.Get(at).Submit("Change the phase", map[string]string{"phase": "plenary"}).Status(422).Has("main", "Say why")
		c.Get(at).Submit("Change the phase", map[string]string{"phase": "", "reason": "Why not"}).Status(422).Has("main", "Choose a phase")
		ask := c.Get(at).Submit("Change the phase", map[string]string{"phase": "plenary", "reason": "Everybody is here."}).Status(200).Has("main", "Everybody is here.")
		if m.phase() != "preparation" {
			t.Fatal("moved before it was confirmed")
		}
		ask.Submit("Yes, change it", nil).Status(200).Has(".now", "Plenary").Has("main", "Set by hand")
		m.Visitor().Get(at).Status(200).Has(".timeline", "Everybody is here.").Lacks("main", "To which phase?")
		ask.Submit("Yes, change it", nil).Status(200) // the same key: nothing happens twice
		old := c.Get(at)
		c.Get(at).Submit("Change the phase", map[string]string{"phase": "dates", "reason": "Too early."}).Submit("Yes, change it", nil).Status(200)
		if m.phase() != "preparation" {
			t.Errorf("by the dates: %s", m.phase())
		}
		old.Submit("Change the phase", map[string]string{"phase": "closed", "reason": "Late."}).Status(409).Has("main", "changed meanwhile")
		if ok, err := assembly.Allows(context.Background(), m.DB, m.assembly, "vote"); ok || err != nil {
			t.Errorf("votes in preparation: %v %v", ok, err)
		}
	})
}

func TestAccess(t *testing.T) {
	both(t, func(t *testing.T, m *meeting) {
		elsewhere := m.addWorkshop(m.add("", "Autre rencontre"), "Ailleurs")
		stranger := m.Person("Sam", people.Grant{Role: people.Rapporteur, Scope: elsewhere})
		clients := map[string]*housetest.Client{"visitor": m.Visitor(), "delegate": m.As(m.delegate.ID, m.mandate.ID), "rapporteur": m.As(m.reporter.ID, ""),
			"stranger": m.As(stranger.ID, ""), "coordinator": m.As(m.coordinator.ID, "")}
		a, w := "/en/assemblies/"+m.assembly, "/en/workshops/"+m.workshop
		for path, want := range map[string]map[string]int{
			a:                     {"visitor": 200, "delegate": 200, "rapporteur": 200, "coordinator": 200},
			a + "/phases":         {"visitor": 200},
			a + "/programme":      {"visitor": 200},
			a + "/attendance":     {"visitor": 200},
			a + "/edit":           {"visitor": 303, "delegate": 403, "rapporteur": 403, "coordinator": 200},
			a + "/programme/edit": {"visitor": 303, "delegate": 403, "rapporteur": 403, "coordinator": 200},
			a + "/people":         {"visitor": 303, "delegate": 403, "rapporteur": 403, "coordinator": 200},
			a + "/bring-up":       {"visitor": 303, "delegate": 403, "coordinator": 404},
			w + "/edit":           {"visitor": 303, "delegate": 403, "rapporteur": 200, "stranger": 403, "coordinator": 200},
			w + "/code":           {"visitor": 303, "delegate": 403, "rapporteur": 200, "stranger": 403},
		} {
			for who, code := range want {
				if got := clients[who].Probe("GET", path); got != code {
					t.Errorf("GET %s by %s: %d, want %d", path, who, got, code)
				}
			}
		}
		note := url.Values{"present": {m.city.ID}}
		for who, code := range map[string]int{"visitor": 401, "delegate": 403, "stranger": 403, "rapporteur": 200, "coordinator": 200} {
			if got := clients[who].Post(a+"/attendance", note).Code; got != code {
				t.Errorf("note by %s: %d, want %d", who, got, code)
			}
		}
		code, err := assembly.CodeOfWorkshop(context.Background(), m.DB, m.workshop)
		if err != nil {
			t.Fatal(err)
		}
		clients["rapporteur"].Get(w).Submit("Move on", map[string]string{"sequence": "1"}).Status(200)
		for who, sees := range map[string]bool{"visitor": false, "stranger": false, "rapporteur": true, "delegate": true} {
			if got := strings.Contains(clients[who].Get(w).Body, "/join/"+code); got != sees {
				t.Errorf("%s sees the code: %v", who, got)
			}
		}
		clients["coordinator"].Get(a).Submit("Withdraw it", nil).Submit("Yes, withdraw", nil).Status(200)
		clients["visitor"].Get(a).Status(404)
		clients["visitor"].Get("/en/assemblies").Lacks("main", "Rencontre d’essai")
		clients["coordinator"].Get(a).Submit("Show it again", nil).Status(200)
		clients["visitor"].Get(a).Status(200)
	})
}

func TestDelegateSaysThatTheyCome(t *testing.T) {
	both(t, func(t *testing.T, m *meeting) {
		c, at := m.As(m.delegate.ID, m.mandate.ID), "/en/assemblies/"+m.assembly
		c.Get(at).Submit("We shall come", nil).Status(200).Has("main", "Your organisation takes part").Has(".k1", "Ville d’Essai")
		other := m.Organisation("=Autre", people.CivilSociety)
		if got := c.Post(at+"/register", url.Values{"organisation": {other.ID}}).Code; got != 403 {
			t.Errorf("registered another organisation: %d", got)
		}
		r := m.As(m.reporter.ID, "")
		r.Get(at+"/attendance?q=autre").Submit("They are here", nil, url.Values{"present": {other.ID}}).Status(200)
		r.Get(at+"/attendance").Submit("Keep who is present", nil, url.Values{"present": {m.city.ID, other.ID}}).Status(200)
		c.Post(at+"/unregister", url.Values{}).Status(409)
		list := m.Visitor().Get(at + "/attendance?as=csv").Status(200)
		if !strings.Contains(list.Body, "'=Autre") || strings.Contains(list.Body, "\n=") {
			t.Errorf("a formula: %q", list.Body)
		}
		m.Visitor().Get(at+"/attendance?college=authorities").Has("table", "Ville d’Essai").Lacks("th", "=Autre")
	})
}

func TestProgrammeInPlace(t *testing.T) {
	both(t, func(t *testing.T, m *meeting) {
		c, at := m.As(m.coordinator.ID, ""), "/en/assemblies/"+m.assembly+"/programme"
		add := func(title, day, clock string) *housetest.Page {
			return c.Get(at+"/edit").Submit("Add", map[string]string{"title": title, "starts": day, "starts-month": "5", "starts-year": "2027", "starts-time": clock})
		}
		add("Later", "4", "15:00").Status(200)
		add("Earlier", "4", "9:30").Status(200)
		add("Nonsense", "40", "9:30").Status(422).Has("main", "Write a day and a time")
		c.Get(at+"/edit").Submit("Add", map[string]string{"title": ""}).Status(422).Has("main", "Say what happens")
		page := m.Visitor().Get(at).Status(200).Has("main", "09:30")
		if strings.Index(page.Body, "Earlier") > strings.Index(page.Body, "Later") {
			t.Error("not by time")
		}
		var edit string
		for _, link := range c.Get(at + "/edit").Links("main") {
			if strings.Contains(link, "?item=") && edit == "" {
				edit, _, _ = strings.Cut(link, "#")
			}
		}
		first, second := c.Get(edit), c.Get(edit)
		first.Submit("Save", map[string]string{"title": "Opening", "ends": "11:00"}).Status(200).Has("main", "Opening")
		second.Submit("Save", map[string]string{"title": "Mine"}).Status(409).Has("main", "Somebody else changed")
		ics := m.Visitor().Get(at + "?as=ics").Status(200)
		for _, want := range []string{"SUMMARY;LANGUAGE=en:Opening\r\n", "DTSTART;TZID=Europe/Paris:20270504T093000\r\n", "DTEND;TZID=Europe/Paris:20270504T110000\r\n", "BEGIN:VTIMEZONE\r\n"} {
			if !strings.Contains(ics.Body, want) {
				t.Errorf("no %q in %s", want, ics.Body)
			}
		}
		c.Get(at+"/edit").Submit("Take it off", nil).Status(200).Lacks("ol", "Opening")
	})
}

func TestAssemblyInsideAnother(t *testing.T) {
	both(t, func(t *testing.T, m *meeting) {
		local := m.add(m.assembly, "Rencontre locale")
		m.Visitor().Get("/en/assemblies").Has("main", "Rencontre locale")
		m.Visitor().Get("/en/assemblies/"+m.assembly).Has("main", "Rencontre locale")
		c := m.As(m.coordinator.ID, "")
		// No assembly sits in itself, by whatever detour.
		c.Get("/en/assemblies/"+m.assembly+"/edit").Submit("Save", map[string]string{"parent": local}).Status(422)
		c.Get("/en/assemblies/"+m.assembly+"/edit").Submit("Save", map[string]string{"timezone": "Mars/Olympus"}).Status(422).Has("main", "Europe/Paris")
		old := c.Get("/en/assemblies/" + local + "/edit")
		c.Get("/en/assemblies/"+local+"/edit").Submit("Save", map[string]string{"title": "Rencontre du quartier", "organisers": "Nobody"}).Status(422).Has("main", "not in the directory")
		c.Get("/en/assemblies/"+local+"/edit").Submit("Save", map[string]string{"title": "Rencontre du quartier", "organisers": "Ville d’Essai"}).Status(200).Has("h1", "Rencontre du quartier").Has("dl", "Ville d’Essai")
		old.Submit("Save", map[string]string{"title": "Trop tard"}).Status(409)
		// Whoever leads only the one above leads the new one.
		lead := m.Person("Lea", people.Grant{Role: people.Committee, Scope: m.assembly})
		l := m.As(lead.ID, "")
		l.Get("/en/assemblies/new?in="+m.assembly).Submit("Save", map[string]string{"title": "Second"}).Status(200).Has("h1", "Second").Has("main", "To lead this assembly")
		l.Get("/en/assemblies/new").Submit("Save", map[string]string{"title": "Alone", "parent": ""}).Status(403)
	})
}

// Two assemblies that move into each other at once: one stays where it was.
func TestNoRingOfAssemblies(t *testing.T) {
	both(t, func(t *testing.T, m *meeting) {
		a := m.Actor(m.coordinator.ID, "")
		into := func(one, other string) func(context.Context, *db.Tx) error {
			return func(ctx context.Context, tx *db.Tx) error {
				e, err := entry.Get(ctx, tx, one)
				if err != nil {
					return err
				}
				e.Parent = other
				_, err = assembly.Change(ctx, tx, a, e, assembly.Assembly{Timezone: "Europe/Paris"})
				return err
			}
		}
		for range 8 {
			first, second, third := m.add("", "Un"), m.add("", "Deux"), m.add("", "Trois")
			refused := 0
			for _, err := range m.race(into(first, second), into(second, third), into(third, first)) {
				if err != nil {
					refused++
					if !fault.Is(err, fault.KindInvalid) {
						t.Fatal(err)
					}
				}
			}
			if refused != 1 {
				t.Fatalf("%d of three moves in a ring were refused", refused)
			}
		}
	})
}

func TestResultsGoUpOnce(t *testing.T) {
	both(t, func(t *testing.T, m *meeting) {
		local := m.add(m.assembly, "Rencontre locale")
		room := m.addWorkshop(local, "Atelier local")
		token := m.token(m.coordinator.ID)
		type object = map[string]any
		var made struct{ ID string }
		if code := m.Call(token, "POST", "/workshops/"+room+"/sequence", object{"from": "coming", "to": "second"}, nil); code != 200 {
			t.Fatal(code)
		}
		if code := m.Call(token, "POST", "/workshops/"+room+"/proposals", object{"lang": "fr", "title": "Un toit d’abord", "summary": "Un toit pour tous.", "level": "local"}, &made); code != 201 {
			t.Fatal(code)
		}
		m.Do(func(ctx context.Context, tx *db.Tx) error {
			_, err := entry.SetState(ctx, tx, m.Actor0(), made.ID, entry.Published)
			return err
		})
		body := object{"proposals": []string{made.ID}}
		if code := m.Call(token, "POST", "/assemblies/"+local+"/bring-up", body, nil); code != 409 {
			t.Errorf("before it began: %d", code)
		}
		a := m.Actor(m.coordinator.ID, "")
		m.Do(func(ctx context.Context, tx *db.Tx) error {
			return assembly.Move(ctx, tx, a, local, assembly.Preparation, assembly.Workshops, lang.New("fr", "Commencée"))
		})
		var codes [2]int
		var two sync.WaitGroup
		for i := range codes {
			two.Go(func() { codes[i] = m.Call(token, "POST", "/assemblies/"+local+"/bring-up", body, nil) })
		}
		two.Wait()
		if codes != [2]int{200, 409} && codes != [2]int{409, 200} {
			t.Errorf("two bring up the same: %v", codes)
		}
		m.Visitor().Get("/en/assemblies/"+m.assembly+"/proposals").Has("main", "Un toit d’abord")
		m.Visitor().Get("/en/lineage/"+made.ID).Status(200).Has("main", "Brought up")
	})
}

// Actor0 is the house itself.
func (m *meeting) Actor0() people.Actor { return people.Actor{} }

func (m *meeting) token(person string) (secret string) {
	m.Do(func(ctx context.Context, tx *db.Tx) (err error) {
		secret, err = people.AddToken(ctx, tx, people.Token{Person: person, Name: "test", Reads: true, Writes: true})
		return err
	})
	return secret
}

func TestAPI(t *testing.T) {
	both(t, func(t *testing.T, m *meeting) {
		type object = map[string]any
		lead := m.token(m.coordinator.ID)
		call := func(want int, token, method, path string, in, out any) {
			t.Helper()
			if c := m.Call(token, method, path, in, out); c != want {
				t.Errorf("%s %s: %d, want %d", method, path, c, want)
			}
		}
		var a assembly.AssemblyJSON
		in := object{"lang": "es", "title": "Encuentro", "timezone": "Europe/Madrid", "axes": []string{"A1"}, "online_address": "https://sala.example.org",
			"phases": []object{{"phase": "workshops", "starts": "2026-01-10T09:00:00+01:00"}, {"phase": "reply", "starts": "2099-01-10T09:00:00+01:00"}, {"phase": "plenary", "starts": "2099-02-10T09:00:00+01:00"}}}
		call(403, m.token(m.delegate.ID), "POST", "/assemblies", in, nil)
		call(401, "", "POST", "/assemblies", in, nil)
		call(201, lead, "POST", "/assemblies", in, &a)
		if a.Phase != "workshops" || a.Address == "" || a.Title["es"] != "Encuentro" {
			t.Errorf("%+v", a)
		}
		var seen assembly.AssemblyJSON
		call(200, "", "GET", "/assemblies/"+a.ID, nil, &seen)
		if seen.Address != "" || !seen.Online {
			t.Error("a visitor sees the room online")
		}
		in["axes"], in["revision"] = []string{"A9"}, a.Revision
		call(422, lead, "PUT", "/assemblies/"+a.ID, in, nil)
		in["axes"], in["revision"] = []string{"A1"}, 7
		call(409, lead, "PUT", "/assemblies/"+a.ID, in, nil)
		in["revision"], in["title"] = a.Revision, "Otro encuentro"
		call(200, lead, "PUT", "/assemblies/"+a.ID, in, &a)
		call(409, lead, "POST", "/assemblies/"+a.ID+"/phase", object{"from": "plenary", "to": "closed", "reason": "x", "lang": "es"}, nil)
		call(200, lead, "POST", "/assemblies/"+a.ID+"/phase", object{"from": "workshops", "to": "synthesis", "reason": "Listo.", "lang": "es"}, &a)
		if a.Phase != "synthesis" || !a.ByHand {
			t.Errorf("%+v", a)
		}
		if until, err := assembly.ReplyUntil(context.Background(), m.DB, a.ID); err != nil || until.Time().Format(time.DateOnly) != "2099-02-10" {
			t.Errorf("reply until %v %v", until.Time(), err)
		}
		var w assembly.WorkshopJSON
		call(422, lead, "POST", "/assemblies/"+a.ID+"/workshops", object{"lang": "es", "title": "Taller", "axis": "A2"}, nil)
		call(201, lead, "POST", "/assemblies/"+a.ID+"/workshops", object{"lang": "es", "title": "Taller", "axis": "A1"}, &w)
		code := w.Code
		call(200, lead, "POST", "/workshops/"+w.ID+"/code", nil, &w)
		if found, err := assembly.WorkshopByCode(context.Background(), m.DB, strings.ToUpper(w.Code)); err != nil || found != w.ID || w.Code == code {
			t.Errorf("by code: %q %v", found, err)
		}
		if _, err := assembly.WorkshopByCode(context.Background(), m.DB, code); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("the old code still opens: %v", err)
		}
		call(200, "", "GET", "/workshops/"+w.ID, nil, &w)
		call(200, lead, "PUT", "/assemblies/"+a.ID+"/attendance/"+m.city.ID+"/present", nil, nil)
		call(200, lead, "PUT", "/assemblies/"+a.ID+"/roles/rapporteur/"+w.ID+"/"+m.delegate.ID, nil, nil)
		call(422, lead, "PUT", "/assemblies/"+a.ID+"/roles/operator/"+w.ID+"/"+m.delegate.ID, nil, nil)
		if !m.Actor(m.delegate.ID, "").Is(people.Rapporteur, w.ID) {
			t.Error("the role was not given")
		}
		call(200, lead, "DELETE", "/assemblies/"+a.ID+"/roles/rapporteur/"+w.ID+"/"+m.delegate.ID, nil, nil)
		var items []assembly.ItemJSON
		call(201, lead, "POST", "/assemblies/"+a.ID+"/programme", object{"kind": "plenary", "lang": "es", "title": "Apertura", "starts": "2026-01-10T09:00:00+01:00"}, &items)
		if len(items) != 1 {
			t.Fatal(items)
		}
		call(422, lead, "POST", "/assemblies/"+a.ID+"/programme", object{"kind": "plenary", "lang": "es", "title": "x", "workshop": m.workshop}, nil)
		call(200, lead, "DELETE", "/assemblies/"+a.ID+"/programme/"+items[0].ID, nil, nil)
	})
}

func TestDemonstrationInArabic(t *testing.T) {
	h := housetest.New(t, db.SQLite, housetest.Demonstration)
	list := h.Visitor().Get("/ar/assemblies").Status(200).Has("h1", "الملتقيات")
	if !strings.Contains(list.Body, `dir="rtl"`) {
		t.Error("not from right to left")
	}
	for _, link := range list.Links("main") {
		if strings.HasPrefix(link, "/ar/assemblies/") {
			h.Visitor().Get(link).Status(200).Has("h2", "المحاور والورش")
			h.Visitor().Get(link + "/phases").Status(200)
			h.Visitor().Get(link + "/programme").Status(200)
			h.Visitor().Get(link + "/attendance").Status(200)
		}
	}
}
