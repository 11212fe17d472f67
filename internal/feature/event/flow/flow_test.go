package flow_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/id"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/outside"
	"alliance/internal/platform/people"
)

// month is some way ahead of the clock, so that nothing is over.
func ahead(h *housetest.House, days int) time.Time {
	return h.DB.Now().Time().AddDate(0, 0, days)
}

// typed are the fields of a plain event so many days ahead.
func typed(h *housetest.House, title string, days int) map[string]string {
	t := ahead(h, days)
	return map[string]string{"title": title, "title-lang": "fr", "starts": fmt.Sprint(t.Day()), "starts-month": fmt.Sprint(int(t.Month())), "starts-year": fmt.Sprint(t.Year()), "starts-time": "18:30",
		"ends": fmt.Sprint(t.Day()), "ends-month": fmt.Sprint(int(t.Month())), "ends-year": fmt.Sprint(t.Year()), "ends-time": "20:00", "zone": "Europe/Paris",
		"town": "Paris", "country": "France", "venue": "12 rue des Lilas", "precision": "exact"}
}

func with(fields map[string]string, more ...string) map[string]string {
	for i := 0; i+1 < len(more); i += 2 {
		fields[more[i]] = more[i+1]
	}
	return fields
}

var identifier = regexp.MustCompile(`/calendar/([0-9a-z]{16})`)

func idIn(t *testing.T, p *housetest.Page) string {
	t.Helper()
	m := identifier.FindStringSubmatch(p.Path)
	if m == nil {
		t.Fatalf("no event in %s", p.Path)
	}
	return m[1]
}

func TestPublishProposeCancel(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		town, other := h.Organisation("Ville d’Essai", people.LocalAuthority), h.Organisation("Maison d’Essai", people.CivilSociety)
		editor, mandate := h.Delegate("Éditrice", town)
		guest, theirs := h.Delegate("Voisin", other)
		coordinator, plain := h.Person("Coordination", people.Grant{Role: people.Coordinator}), h.Person("Quelqu’un")
		e := h.As(editor.ID, mandate.ID)

		// Bad input: nothing is kept, what was typed stays.
		bad := e.Get("/en/calendar/new").Submit("Save", with(typed(h, "Repas", 10), "ends-time", "17:00", "country", "Atlantis", "organisers", "Nobody"))
		bad.Status(422).Has("p.err", "It ends before it begins").Has("p.err", "name of a country").Has("p.err", "not in the directory")
		if !strings.Contains(bad.Body, "12 rue des Lilas") {
			t.Error("what was typed is gone")
		}
		// A published event, with another named as organiser: not shown until it says so.
		one := e.Get("/en/calendar/new").Submit("Save", with(typed(h, "Repas partagé", 10), "organisers", "Ville d’Essai\nMaison d’Essai"), url.Values{"access": {"step_free", "no_id"}, "languages": {"fr", "ar"}}).Status(200)
		at := idIn(t, one)
		one.Has("dl.facts", "Ville d’Essai").Lacks("dl.facts", "Maison d’Essai").Has("dl.facts", "12 rue des Lilas").Has("dl.facts", "Step-free")
		h.Visitor().Get("/fr/calendar").Status(200).Has("li.card", "Repas partagé")
		v := h.As(guest.ID, theirs.ID)
		v.Get("/en/calendar/"+at).Submit("Yes, we organise it", nil).Status(200).Has("dl.facts", "Maison d’Essai")
		v.Get("/en/calendar/"+at+"/edit").Submit("Save", map[string]string{"title": "Repas très partagé"}).Status(200).Has("h1", "Repas très partagé")

		// Of two who change it at once, the second is told.
		first, second := e.Get("/en/calendar/"+at+"/edit"), e.Get("/en/calendar/"+at+"/edit")
		first.Submit("Save", map[string]string{"title": "Un"}).Status(200)
		second.Submit("Save", map[string]string{"title": "Deux"}).Status(409).Has("div.error-summary", "changed this meanwhile")

		// Somebody without a mandate proposes; nobody else sees it before the coordination.
		p := h.As(plain.ID, "")
		two := idIn(t, p.Get("/en/calendar/new").Submit("Propose an event", typed(h, "Film au parc", 12)).Status(200).Has("div.note", "Proposed"))
		h.Visitor().Get("/fr/calendar/" + two).Status(404)
		h.Visitor().Get("/fr/calendar/" + two + "/file.ics").Status(404)
		h.Visitor().Get("/fr/calendar").Lacks("main", "Film au parc")
		if strings.Contains(h.Visitor().Get("/fr/calendar.ics").Status(200).Body, "Film au parc") {
			t.Error("the feed tells what is proposed")
		}
		e.Get("/fr/calendar/" + two).Status(404)
		c := h.As(coordinator.ID, "")
		c.Get("/en/me").Has("main", "Film au parc")
		c.Get("/en/calendar/"+two).Submit("Show it in the calendar", nil).Status(200)
		h.Visitor().Get("/fr/calendar").Has("li.card", "Film au parc")

		// Cancelled: visible, with the reason; in the feed too.
		e.Get("/en/calendar/"+at+"/cancel").Submit("Cancel the event", nil).Status(422)
		e.Get("/en/calendar/"+at+"/cancel").Submit("Cancel the event", map[string]string{"reason": "Inondation", "reason-lang": "fr"}).Status(200)
		h.Visitor().Get("/fr/calendar/"+at).Status(200).Has("div.note", "Inondation")
		if body := h.Visitor().Get("/fr/calendar.ics").Body; !strings.Contains(body, "STATUS:CANCELLED") {
			t.Error(body)
		}
		e.Get("/en/calendar/"+at).Submit("It takes place after all", nil).Status(200).Lacks("main", "is cancelled")
		e.Get("/en/calendar/"+at).Submit("Withdraw it", nil).Status(200)
		h.Visitor().Get("/fr/calendar/" + at).Status(404)
	})
}

func TestPlaceForThoseWhoRegistered(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		town := h.Organisation("Ville d’Essai", people.LocalAuthority)
		editor, mandate := h.Delegate("Éditrice", town)
		other := h.Person("Venue")
		e := h.As(editor.ID, mandate.ID)
		at := idIn(t, e.Get("/en/calendar/new").Submit("Save", with(typed(h, "Rencontre", 10), "precision", "town", "online", "https://room.example.org/7", "quiet", "1", "registers", "1", "keep", "30")).Status(200))
		for _, path := range []string{"/fr/calendar", "/fr/calendar/" + at, "/fr/calendar/" + at + "/file.ics", "/fr/calendar.ics", "/fr/history/" + at, "/fr/calendar/" + at + "/keep", "/api/v1/events/" + at, "/fr/search?q=Lilas", "/fr/calendar?q=Lilas"} {
			if body := h.Visitor().Get(path).Status(200).Body; strings.Contains(strings.ReplaceAll(body, "q=Lilas", ""), "des Lilas") || strings.Contains(body, "room.example.org") {
				t.Errorf("%s tells the address or the link", path)
			}
		}
		w := h.As(other.ID, "")
		w.Get("/en/calendar/"+at).Lacks("main", "Lilas").Has("main", "told to those who registered")
		w.Get("/en/calendar/"+at+"/register").Submit("Register", map[string]string{"name": "Lou"}).Status(200).Has("main", "12 rue des Lilas").Has("main", "room.example.org/7")
	})
}

func TestRegistrationByMail(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		town := h.Organisation("Ville d’Essai", people.LocalAuthority)
		editor, mandate := h.Delegate("Éditrice", town)
		stranger, theirs := h.Delegate("Autre", h.Organisation("Autre", people.CivilSociety))
		e := h.As(editor.ID, mandate.ID)
		at := idIn(t, e.Get("/en/calendar/new").Submit("Save", with(typed(h, "Formation", 10), "registers", "1", "capacity", "1", "keep", "5")).Status(200))
		link := func(n int) string {
			mails := h.Mails()
			if len(mails) != n {
				t.Fatalf("%d mails, want %d", len(mails), n)
			}
			m := regexp.MustCompile(`/registrations/([A-Za-z0-9_-]+)`).FindStringSubmatch(strings.ReplaceAll(mails[n-1], "=\r\n", ""))
			if m == nil {
				t.Fatalf("no link in %s", mails[n-1])
			}
			return "/en/registrations/" + m[1]
		}
		register := func(name, needs, email string) *housetest.Page {
			return h.Visitor().Get("/en/calendar/"+at+"/register").Submit("Register", map[string]string{"name": name, "needs": needs, "email": email})
		}
		register("", "", "not an address").Status(422).Has("p.err", "nickname is enough").Has("p.err", "e-mail address")
		register("Lou", "langue des signes", "lou@example.org").Status(200).Has("h1", "Look at your mail")
		lou := link(1)
		e.Get("/en/calendar/"+at).Has("main", "0 taken") // a mail that nobody answers holds no place
		h.Visitor().Get(lou).Status(200).Has("main", "One step is left")
		e.Get("/en/calendar/"+at).Has("main", "0 taken") // opening a link does nothing
		h.Visitor().Get(lou).Submit("Yes, I come", nil).Status(200).Has("main", "You have a place")
		h.Visitor().Get(lou).Lacks("main", "One step")
		register("Sam", "", "sam@example.org").Status(200)
		sam := link(2)
		h.Visitor().Get(sam).Submit("Yes, I come", nil).Status(200).Has("main", "waiting list")
		// A second registration of one address says the same, and takes no second place.
		register("Lou bis", "", "LOU@example.org").Status(200).Has("h1", "Look at your mail")
		lou = link(3)
		h.Visitor().Get(lou).Has("main", "You have a place")

		// The list: for the organisers alone, without addresses.
		e.Get("/en/calendar/"+at+"/guests").Status(200).Has("table", "Lou").Has("table", "langue des signes").Has("table", "On the waiting list").Lacks("main", "example.org")
		h.Visitor().Get("/en/calendar/"+at+"/guests").Status(200).Has("h1", "Sign in")
		h.As(stranger.ID, theirs.ID).Get("/en/calendar/" + at + "/guests").Status(403)
		for _, table := range []string{"event_registration"} { // sealed at rest
			n, err := db.One(context.Background(), h.DB, db.Value[int], `SELECT count(*) FROM `+table+` WHERE sealed LIKE '%Lou%' OR sealed LIKE '%example%' OR mark LIKE '%lou%'`)
			if err != nil || n != 0 {
				t.Errorf("%d rows can be read: %v", n, err)
			}
		}

		// One leaves: the next moves up and is told.
		h.Visitor().Get(lou).Submit("I do not come", nil).Status(200)
		h.Visitor().Get(lou).Status(404)
		moved := link(4)
		h.Visitor().Get(moved).Status(200).Has("main", "You have a place")
		// More places: nobody waits any more.
		register("Kim", "", "kim@example.org").Status(200)
		h.Visitor().Get(link(5)).Submit("Yes, I come", nil).Status(200).Has("main", "waiting list")
		e.Get("/en/calendar/"+at+"/edit").Submit("Save", map[string]string{"capacity": "5"}).Status(200)
		h.Visitor().Get(link(6)).Has("main", "You have a place")

		// Cancelling tells both; days after the event nothing is left.
		e.Get("/en/calendar/"+at+"/cancel").Submit("Cancel the event", map[string]string{"reason": "Grève"}).Status(200)
		if mails := h.Mails(); len(mails) != 8 || !strings.Contains(mails[7], "Cancelled") {
			t.Errorf("%d mails", len(mails))
		}
		h.Clock.Pass(14 * 24 * time.Hour)
		h.Drain()
		if n := guests(t, h, at); n != 2 {
			t.Errorf("%d registrations four days after", n)
		}
		h.Clock.Pass(3 * 24 * time.Hour)
		h.Drain()
		if n := guests(t, h, at); n != 0 {
			t.Errorf("%d registrations are left", n)
		}
	})
}

func guests(t *testing.T, h *housetest.House, event string) int {
	t.Helper()
	n, err := db.One(context.Background(), h.DB, db.Value[int], `SELECT count(*) FROM event_registration WHERE event = $1`, event)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestLastPlace: of many who want the last places at once, exactly as many as
// there are have one, and the others wait; on both engines.
func TestLastPlace(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		town := h.Organisation("Ville d’Essai", people.LocalAuthority)
		editor, mandate := h.Delegate("Éditrice", town)
		at := idIn(t, h.As(editor.ID, mandate.ID).Get("/en/calendar/new").Submit("Save", with(typed(h, "Course", 10), "registers", "1", "capacity", "2", "keep", "5")).Status(200))
		const many = 8
		forms := make([]*housetest.Page, many)
		for i := range forms {
			forms[i] = h.As(h.Person(fmt.Sprint("P", i)).ID, "").Get("/en/calendar/" + at + "/register")
		}
		var together sync.WaitGroup
		for i, f := range forms {
			together.Go(func() { f.Submit("Register", map[string]string{"name": fmt.Sprint("P", i)}) })
		}
		together.Wait()
		counts := map[string]int{}
		rows, err := db.All(context.Background(), h.DB, db.Value[string], `SELECT state FROM event_registration WHERE event = $1`, at)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range rows {
			counts[s]++
		}
		if counts["in"] != 2 || counts["waiting"] != many-2 {
			t.Errorf("%v", counts)
		}
	})
}

func TestRepeatsAndFeeds(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		town := h.Organisation("Ville d’Essai", people.LocalAuthority)
		editor, mandate := h.Delegate("Éditrice", town)
		e := h.As(editor.ID, mandate.ID)
		skipped := ahead(h, 17).Format(time.DateOnly)
		at := idIn(t, e.Get("/en/calendar/new").Submit("Save", with(typed(h, "Permanence", 10), "repeat", "week", "count", "4", "except", skipped)).Status(200).Has("main", "Every week"))
		h.Visitor().Get("/en/calendar/"+at).Has("h2", "Next dates")
		if n := h.Visitor().Get("/en/calendar").Count("li.card"); n != 3 {
			t.Errorf("%d dates of four with one left out", n)
		}
		feed := h.Visitor().Get("/fr/calendar.ics").Status(200)
		local := ahead(h, 17).Format("20060102")
		for _, want := range []string{"RRULE:FREQ=WEEKLY;BYDAY=", "COUNT=4", "EXDATE;TZID=Europe/Paris:" + local + "T183000", "UID:" + at + "@alliance", "SUMMARY;LANGUAGE=fr:Permanence"} {
			if !strings.Contains(feed.Body, want) {
				t.Errorf("no %q in\n%s", want, feed.Body)
			}
		}
		// The fallback is marked for readers of other languages.
		if other := h.Visitor().Get("/ar/calendar.ics").Body; !strings.Contains(other, "SUMMARY;LANGUAGE=fr:Permanence") || !strings.Contains(strings.ReplaceAll(other, "\r\n ", ""), "لم تُترجم بعد") && !strings.Contains(other, "DESCRIPTION:") {
			t.Errorf("no mark of the original's language:\n%s", other)
		}
		// 304 on repeat, and still after something else was written.
		tag := feed.Header.Get("ETag")
		h.Visitor().Header("If-None-Match", tag).Get("/fr/calendar.ics").Status(304)
		h.Organisation("Autre", people.CivilSociety)
		h.Visitor().Header("If-None-Match", tag).Get("/fr/calendar.ics").Status(304)
		// One date moves: RECURRENCE-ID, a higher SEQUENCE, another ETag.
		moved := ahead(h, 25)
		dates := e.Get("/en/calendar/" + at + "/dates")
		dates.Submit("Save", map[string]string{"what": "move", "starts": fmt.Sprint(moved.Day()), "starts-month": fmt.Sprint(int(moved.Month())), "starts-year": fmt.Sprint(moved.Year()), "starts-time": "9:15", "note": "Plus tôt", "note-lang": "fr"}).Status(200)
		again := h.Visitor().Get("/fr/calendar.ics")
		for _, want := range []string{"RECURRENCE-ID;TZID=Europe/Paris:" + ahead(h, 10).Format("20060102") + "T183000", "DTSTART;TZID=Europe/Paris:" + moved.Format("20060102") + "T091500", "SEQUENCE:1"} {
			if !strings.Contains(again.Body, want) {
				t.Errorf("no %q in\n%s", want, again.Body)
			}
		}
		if again.Header.Get("ETag") == tag {
			t.Error("the same ETag after a change")
		}
	})
}

func TestFiltersCountWhatTheyList(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		for path, want := range map[string]bool{"/fr/calendar": true, "/fr/calendar/past": true} {
			page := h.Visitor().Get(path).Status(200)
			for _, box := range regexp.MustCompile(`name="(country|where|theme|language|organiser|umbrella)" value="([^"]+)"`).FindAllStringSubmatch(page.Body, -1) {
				narrowed := h.Visitor().Get(path + "?" + url.Values{box[1]: {box[2]}}.Encode()).Status(200)
				counted := regexp.MustCompile(`\((\d+)\)`).FindStringSubmatch(between(page.Body, `name="`+box[1]+`" value="`+box[2]+`"`, "</div>"))
				if n := narrowed.Count("li.card"); want && (counted == nil || fmt.Sprint(n) != counted[1]) && n < 24 {
					t.Errorf("%s %s=%s: %d listed, counted %v", path, box[1], box[2], n, counted)
				}
			}
		}
	}, housetest.Demonstration)
}

func between(s, from, to string) string {
	_, rest, _ := strings.Cut(s, from)
	part, _, _ := strings.Cut(rest, to)
	return part
}

func TestUmbrellaAndGoing(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		town, other := h.Organisation("Ville d’Essai", people.LocalAuthority), h.Organisation("Maison d’Essai", people.CivilSociety)
		editor, mandate := h.Delegate("Éditrice", town)
		speaker, theirs := h.Delegate("Voisin", other)
		coordinator := h.Person("Coordination", people.Grant{Role: people.Coordinator})
		c, e := h.As(coordinator.ID, ""), h.As(editor.ID, mandate.ID)
		day := idIn(t, c.Get("/en/calendar/new").Submit("Save", with(typed(h, "Jour d’essai", 20), "isumbrella", "1", "allday", "1", "repeat", "year", "town", "", "country", "", "venue", "", "organisers", "")).Status(200).Has("p.kicker", "A day that unites"))
		e.Get("/en/calendar/" + day + "/edit").Status(403)
		at := idIn(t, e.Get("/en/calendar/new?umbrella="+day).Submit("Save", typed(h, "Lecture", 20)).Status(200).Has("dl.facts", "Jour d’essai"))
		h.Visitor().Get("/en/calendar/"+day).Has("main", "1 event").Has("main", "1 country").Has("li.card", "Lecture")
		h.Visitor().Get("/en/calendar?umbrella="+day).Has("li.card", "Lecture").Lacks("li.card", "Jour d’essai")
		v := h.As(speaker.ID, theirs.ID)
		v.Get("/en/calendar/"+at).Submit("We go", nil).Status(200).Has("main", "Maison d’Essai")
		h.Visitor().Get("/en/calendar/going").Has("li.card", "Lecture").Has("li.card", "Maison d’Essai")
		e.Post("/en/calendar/"+at+"/going", url.Values{"go": {"yes"}}).Status(409) // its own
		v.Get("/en/calendar/"+at).Submit("We do not go", nil).Status(200)
		h.Visitor().Get("/en/calendar/going").Lacks("main", "Maison d’Essai")
	})
}

// served is a calendar of others under a public name that leads here.
func served(t *testing.T, h *housetest.House, handler http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	own := netip.MustParseAddrPort(strings.TrimPrefix(s.URL, "http://"))
	h.Outside.Ports = nil
	h.Outside.Time = 2 * time.Second
	h.Outside.Public = func(a netip.Addr) bool { return a == own.Addr() || outside.Public(a) }
	h.Outside.Resolve = func(_ context.Context, host string) ([]netip.Addr, error) {
		if host == "inner.example" {
			return []netip.Addr{netip.MustParseAddr("192.168.0.9")}, nil
		}
		return []netip.Addr{own.Addr()}, nil
	}
	return fmt.Sprintf("http://town.example:%d/calendar.ics", own.Port())
}

func ics(events ...string) string {
	return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + strings.Join(events, "") + "END:VCALENDAR\r\n"
}

func vevent(uid, title string, at time.Time, more string) string {
	return "BEGIN:VEVENT\r\nUID:" + uid + "\r\nSUMMARY:" + title + "\r\nDTSTART:" + at.UTC().Format("20060102T150405Z") + "\r\nDTEND:" + at.UTC().Add(time.Hour).Format("20060102T150405Z") + "\r\n" + more + "END:VEVENT\r\n"
}

func TestCalendarsOfOthers(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		coordinator := h.Person("Coordination", people.Grant{Role: people.Coordinator})
		editor, mandate := h.Delegate("Éditrice", h.Organisation("Ville d’Essai", people.LocalAuthority))
		c := h.As(coordinator.ID, "")
		ours := typed(h, "Grande marche du port", 9)
		h.As(editor.ID, mandate.ID).Get("/en/calendar/new").Submit("Save", ours).Status(200)
		marche := ahead(h, 9)
		paris, _ := time.LoadLocation("Europe/Paris")
		same := time.Date(marche.Year(), marche.Month(), marche.Day(), 18, 30, 0, 0, paris)
		var lock sync.Mutex
		body, mode := ics(vevent("a@x", "Concert", ahead(h, 5), "LOCATION:Place du marché\\, Grenoble\r\n"), vevent("b@x", "Débat", ahead(h, 6), ""), vevent("c@x", "La grande marche du port", same, "")), ""
		set := func(b, m string) { lock.Lock(); body, mode = b, m; lock.Unlock() }
		stopped := make(chan struct{})
		t.Cleanup(func() { close(stopped) })
		address := served(t, h, func(w http.ResponseWriter, r *http.Request) {
			lock.Lock()
			b, m := body, mode
			lock.Unlock()
			switch m {
			case "inner":
				http.Redirect(w, r, "http://inner.example/secret", http.StatusFound)
			case "endless":
				w.(http.Flusher).Flush()
				select {
				case <-stopped:
				case <-r.Context().Done():
				}
			case "page":
				fmt.Fprint(w, "<html>sign in</html>")
			default:
				tag := fmt.Sprintf(`"%d"`, len(b))
				w.Header().Set("ETag", tag)
				if r.Header.Get("If-None-Match") == tag {
					w.WriteHeader(http.StatusNotModified)
					return
				}
				fmt.Fprint(w, b)
			}
		})
		c.Get("/en/calendar/sources").Submit("Take it in", map[string]string{"title": "Voisins", "url": "http://10.0.0.1/x.ics"}).Status(422).Has("p.err", "private network")
		page := c.Get("/en/calendar/sources").Submit("Take it in", map[string]string{"title": "Voisins", "url": address, "lang": "fr", "zone": "Europe/Paris"}).Status(200)
		source := page.Path
		read := func() *housetest.Page {
			c.Get(source).Submit("Read it now", nil).Status(200)
			h.Drain()
			return c.Get(source)
		}
		h.Drain()
		c.Get(source).Has("ol.timeline", "2 new").Has("ol.timeline", "1 in our calendar already").Has("ol.timeline", "very likely in our calendar")
		list := h.Visitor().Get("/en/calendar").Has("li.card", "Concert").Has("li.card", "From another calendar")
		if n := list.Count("li.card"); n != 3 {
			t.Errorf("%d cards", n)
		}
		read().Has("ol.timeline", "Nothing new")
		// It changes here when it changes there; what is cancelled there is gone; what has left the file too.
		set(ics(vevent("a@x", "Concert déplacé", ahead(h, 7), ""), vevent("b@x", "Débat", ahead(h, 6), "STATUS:CANCELLED\r\n")), "")
		read().Has("ol.timeline", "1 changed").Has("ol.timeline", "1 gone")
		h.Visitor().Get("/en/calendar").Has("li.card", "Concert déplacé").Lacks("main", "Débat")
		set(ics(), "")
		read().Has("ol.timeline", "1 gone")
		h.Visitor().Get("/en/calendar").Lacks("main", "Concert")
		// What cannot be read says so in a line, and nothing changes.
		set("", "inner")
		read().Has("ol.timeline", "leads into a private network").Has("ol.timeline", "inner.example")
		set("", "page")
		read().Has("ol.timeline", "not a calendar")
		h.Outside.Time = 300 * time.Millisecond
		set("", "endless")
		read().Has("ol.timeline", "No end came")
		h.Visitor().Get("/en/calendar").Has("li.card", "Grande marche du port")
		h.As(editor.ID, mandate.ID).Get("/en/calendar/sources").Status(403)
	})
}

func TestFileOfOthers(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		editor, mandate := h.Delegate("Éditrice", h.Organisation("Ville d’Essai", people.LocalAuthority))
		e := h.As(editor.ID, mandate.ID)
		e.Get("/en/calendar/import").Upload("Look at it", nil, map[string][2]string{"file": {"x.ics", "<html>"}}).Status(422).Has("p.err", "not a calendar file")
		for name, want := range map[string]int{"outlook.ics": 2, "google.ics": 2} {
			raw, err := os.ReadFile("../../../platform/ical/testdata/" + name)
			if err != nil {
				t.Fatal(err)
			}
			// The dates of the samples are fixed: moved on, they stay ahead of the clock.
			page := e.Get("/en/calendar/import").Upload("Look at it", map[string]string{"lang": "fr", "zone": "Europe/Paris"}, map[string][2]string{"file": {name, string(raw)}}).Status(200)
			if n := strings.Count(page.Body, `name="take"`); n != want {
				t.Errorf("%s: %d events offered, want %d\n%s", name, n, want, page.Text("main"))
			}
			before := eventsKept(t, h)
			if page.Submit("Bring in what is ticked", nil).Status(200); eventsKept(t, h) != before+want {
				t.Errorf("%s: %d events after", name, eventsKept(t, h))
			}
			again := e.Get("/en/calendar/import").Upload("Look at it", map[string]string{"lang": "fr", "zone": "Europe/Paris"}, map[string][2]string{"file": {name, string(raw)}}).Status(200)
			again.Has("p.result", "unchanged")
			if strings.Contains(again.Body, `name="take"`) {
				t.Errorf("%s: the same file again offers something", name)
			}
		}
		for _, path := range []string{"/fr/calendar", "/fr/calendar/past"} {
			if body := h.Visitor().Get(path).Body; strings.Contains(body, "alert(1)") || strings.Contains(body, "&lt;script") {
				t.Errorf("%s shows code", path)
			}
		}
		h.Visitor().Get("/en/search?q=pilotage").Status(200).Has("main", "Comité de pilotage")
	})
}

func eventsKept(t *testing.T, h *housetest.House) int {
	t.Helper()
	n, err := entry.Count(context.Background(), h.DB, entry.Filter{Kinds: []string{"event"}, Any: true})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAPI(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		town := h.Organisation("Ville d’Essai", people.LocalAuthority)
		editor, mandate := h.Delegate("Éditrice", town)
		coordinator := h.Person("Coordination", people.Grant{Role: people.Coordinator})
		token := func(person, mandate string) (secret string) {
			h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
				secret, err = people.AddToken(ctx, tx, people.Token{Person: person, Mandate: mandate, Name: "x", Reads: true, Writes: true})
				return err
			})
			return secret
		}
		mine, theirs := token(editor.ID, mandate.ID), token(coordinator.ID, "")
		when := ahead(h, 10).Format("2006-01-02")
		type answer struct {
			ID, State, Starts, Zone, Venue string
			Organisers                     []string
			Changes                        []struct{ At, Starts string }
		}
		var e answer
		in := map[string]any{"title": "Atelier", "lang": "fr", "starts": when + " 18:30", "ends": when + " 20:00", "zone": "Europe/Paris", "town": "Paris", "country": "FR", "venue": "1 rue X", "precision": "town", "rule": "FREQ=WEEKLY;COUNT=3"}
		if code := h.Call(mine, "POST", "/events", in, &e); code != 200 || e.State != "published" || len(e.Organisers) != 1 || e.Venue != "" || !strings.HasPrefix(e.Starts, when+"T18:30:00+0") {
			t.Fatalf("%d %+v", code, e)
		}
		if code := h.Call("", "POST", "/events", in, nil); code != 401 {
			t.Error(code)
		}
		in["rule"] = "FREQ=SECONDLY"
		if code := h.Call(mine, "PUT", "/events/"+e.ID, in, nil); code != 422 {
			t.Error(code)
		}
		if code := h.Call(mine, "POST", "/events/"+e.ID+"/dates", map[string]any{"at": when + " 18:30", "starts": when + " 19:00"}, &e); code != 200 || len(e.Changes) != 1 {
			t.Errorf("%d %+v", code, e)
		}
		var list struct{ Count int }
		if code := h.Call("", "GET", "/events", nil, &list); code != 200 || list.Count != 3 {
			t.Errorf("%d %+v", code, list)
		}
		if code := h.Call(mine, "POST", "/events/"+e.ID+"/cancel", map[string]any{"lang": "fr", "reason": "Grève"}, &e); code != 200 {
			t.Error(code)
		}
		if code := h.Call(mine, "GET", "/event-sources", nil, nil); code != 403 {
			t.Error(code)
		}
		if code := h.Call(theirs, "POST", "/event-sources", map[string]any{"url": "http://[::1]/x", "title": "x", "lang": "fr", "zone": "UTC"}, nil); code != 422 {
			t.Error(code)
		}
		var up struct {
			ID     string
			Events []struct{ What string }
		}
		file := []byte(ics(vevent("u1", "Importé", ahead(h, 3), "")))
		if code := h.Call(mine, "POST", "/event-imports", map[string]any{"file": file, "lang": "fr", "zone": "Europe/Paris"}, &up); code != 200 || len(up.Events) != 1 || up.Events[0].What != "added" {
			t.Fatalf("%d %+v", code, up)
		}
		if code := h.Call(mine, "POST", "/event-imports/"+up.ID+"/apply", map[string]any{}, &up); code != 200 || up.Events[0].What != "unchanged" {
			t.Errorf("%d %+v", code, up)
		}
	})
}

// TestEraseTakesOutWhoCame: somebody who is erased leaves no registration.
func TestEraseTakesOutWhoCame(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		editor, mandate := h.Delegate("Éditrice", h.Organisation("Ville d’Essai", people.LocalAuthority))
		at := idIn(t, h.As(editor.ID, mandate.ID).Get("/en/calendar/new").Submit("Save", with(typed(h, "Course", 10), "registers", "1", "keep", "5")).Status(200))
		p := h.Person("Lou")
		h.As(p.ID, "").Get("/en/calendar/"+at+"/register").Submit("Register", nil).Status(200)
		if guests(t, h, at) != 1 {
			t.Fatal("not registered")
		}
		h.Do(func(ctx context.Context, tx *db.Tx) error { return h.Erase(ctx, tx, p.ID) })
		if guests(t, h, at) != 0 {
			t.Error("the registration stays")
		}
	})
}

// TestThousandEvents: the file of a thousand events is made in little time, and
// for a repeat it is not made again.
func TestThousandEvents(t *testing.T) {
	h := housetest.New(t, db.SQLite)
	editor, mandate := h.Delegate("Éditrice", h.Organisation("Ville d’Essai", people.LocalAuthority))
	a := h.Actor(editor.ID, mandate.ID)
	h.Do(func(ctx context.Context, tx *db.Tx) error { return fillEvents(ctx, tx, a, 1000) })
	first := h.Visitor().Get("/fr/calendar.ics").Status(200)
	if n := strings.Count(first.Body, "BEGIN:VEVENT"); n != 1000 {
		t.Fatalf("%d events", n)
	}
	h.Visitor().Header("If-None-Match", first.Header.Get("ETag")).Get("/fr/calendar.ics").Status(304)
}

func fillEvents(ctx context.Context, tx *db.Tx, a people.Actor, n int) error {
	for i := range n {
		starts := tx.Now().Add(time.Duration(i) * time.Hour)
		e := entry.Entry{ID: id.New(), Kind: "event", Class: "gathering", Lang: "fr", Starts: starts, Ends: starts.Add(time.Hour), Fields: map[string]lang.Text{entry.Title: lang.New("fr", fmt.Sprint("Événement ", i))}}
		if _, err := entry.Add(ctx, tx, a, e, nil); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO event (entry, zone) VALUES ($1, 'Europe/Paris')`, e.ID); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO event_date (event, at, starts, ends, day, last) VALUES ($1,$2,$2,$3,0,0)`, e.ID, starts, starts.Add(time.Hour)); err != nil {
			return err
		}
	}
	return nil
}
