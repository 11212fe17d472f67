package flow_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
)

// kept is all that the calendar's tables hold, to be held against what taking
// a merge back leaves.
func kept(t *testing.T, h *housetest.House) (all string) {
	t.Helper()
	for _, text := range []string{
		`SELECT entry || ' ' || zone || ' ' || all_day || ' ' || endless || ' ' || venue || ' ' || online || ' ' || quiet || ' ' || link || ' ' || umbrella || ' ' || rule, languages || interpreted || access || except_ || ' ' || cancelled || ' ' || registers || ' ' || capacity || ' ' || closes || ' ' || keep_days FROM event ORDER BY entry`,
		`SELECT id || ' ' || starts || ' ' || ends || ' ' || state, place || ' ' || country || ' ' || precision_ FROM entry WHERE kind = 'event' ORDER BY id`,
		`SELECT event || ' ' || at, starts || ' ' || ends || ' ' || day || ' ' || last FROM event_date ORDER BY event, at`,
		`SELECT event || ' ' || at, starts || ' ' || ends || ' ' || cancelled || note FROM event_change ORDER BY event, at`,
		`SELECT o.event || ' ' || o.organisation, o.position || ' ' || o.confirmed FROM event_organiser o ORDER BY o.event, o.organisation`,
		`SELECT event || ' ' || organisation, person || ' ' || at FROM event_going ORDER BY event, organisation`,
		`SELECT id || ' ' || event, state || ' ' || mark FROM event_registration ORDER BY id`,
	} {
		list, err := db.All(context.Background(), h.DB, db.Pair[string, string], text)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range list {
			all += row.A + " | " + row.B + "\n"
		}
	}
	return all
}

// The calendar's own answers are chosen like all others, each whole: the dates
// with their zone, rule and exceptions, the address with its town. What cannot
// stand together is refused; taken back, both are exactly as before.
func TestTwoEventsBecomeOne(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		town, house := h.Organisation("Ville d’Essai", people.LocalAuthority), h.Organisation("Maison d’Essai", people.CivilSociety)
		for _, o := range []people.Organisation{town, house} { // the comparison names them as the directory does
			h.Do(func(ctx context.Context, tx *db.Tx) error {
				_, err := entry.Add(ctx, tx, people.Actor{}, entry.Entry{ID: o.ID, Kind: "organisation", Class: string(o.Kind), Organisation: o.ID, Lang: "fr", Fields: map[string]lang.Text{entry.Title: lang.New("fr", o.Name)}}, nil)
				return err
			})
		}
		editor, mandate := h.Delegate("Éditrice", town)
		neighbour, theirs := h.Delegate("Voisin", house)
		e, n, c := h.As(editor.ID, mandate.ID), h.As(neighbour.ID, theirs.ID), h.As(h.Person("Rosa", people.Grant{Role: people.Coordinator}).ID, "")
		one := idIn(t, e.Get("/en/calendar/new").Submit("Save", with(typed(h, "Permanence", 10), "repeat", "week", "count", "4", "except", ahead(h, 17).Format(time.DateOnly), "link", "https://ville.example.org/p"), url.Values{"languages": {"fr", "ar"}, "access": {"free"}}).Status(200))
		later := ahead(h, 25)
		e.Get("/en/calendar/"+one+"/dates").Submit("Save", map[string]string{"what": "move", "starts": later.Format("2"), "starts-month": later.Format("1"), "starts-year": later.Format("2006"), "starts-time": "9:15", "note": "Plus tôt", "note-lang": "fr"}).Status(200)
		two := idIn(t, n.Get("/en/calendar/new").Submit("Save", with(typed(h, "La permanence", 12), "town", "Lyon", "venue", "3 place des Tilleuls", "precision", "town", "zone", "Europe/Berlin", "online", "https://room.example.org/9", "quiet", "1", "registers", "1", "capacity", "7", "keep", "12"),
			url.Values{"languages": {"de", "fr"}, "access": {"step_free"}}).Status(200))
		h.As(h.Person("Venue").ID, "").Get("/en/calendar/"+two+"/register").Submit("Register", map[string]string{"name": "Lou"}).Status(200)
		h.Drain()
		before := kept(t, h)

		page := c.Get("/en/merges/new?kept="+one+"&given="+two).Status(200).Has("td", "Every week").Has("td", "12 rue des Lilas").Has("td", "3 place des Tilleuls").Has("td", "room.example.org/9").Has("td", "places: 7").Has("td", "Maison d’Essai")
		if strings.Contains(page.Body, `name="take-starts"`) || strings.Contains(page.Body, `name="take-country"`) {
			t.Error("a part is chosen piece by piece")
		}
		// People register for one date: not for one that repeats.
		page.Submit("Make them one", map[string]string{"take-dates": "kept", "take-registration": "given"}).Status(422).Has(".error-summary", "People register for one date")
		done := page.Submit("Make them one", map[string]string{"take-dates": "given", "take-place": "given", "take-registration": "given", "take-language": "both", "take-organiser": "both", "take-access": "kept"}).Status(200)
		got := h.Visitor().Get("/en/calendar/"+one).Status(200).Has("dl.facts", "time of Europe").Has("dl.facts", "Lyon").Has("dl.facts", "German").Has("dl.facts", "Arabic").
			Has("dl.facts", "Ville d’Essai").Has("dl.facts", "Maison d’Essai").Has("dl.facts", "ville.example.org/p").Has("dl.facts", "told to those who registered").Lacks("main", "Every week").Lacks("dl.facts", "Step-free")
		if strings.Contains(got.Body, "Tilleuls") || strings.Contains(got.Body, "room.example.org") {
			t.Error("it tells what is told to those who registered alone")
		}
		if feed := h.Visitor().Get("/fr/calendar.ics").Body; strings.Contains(feed, "FREQ=WEEKLY") || !strings.Contains(feed, "DTSTART;TZID=Europe/Berlin:"+ahead(h, 12).Format("20060102")+"T183000") {
			t.Errorf("the feed:\n%s", feed)
		}
		if n := guests(t, h, one); n != 1 {
			t.Errorf("%d registered", n)
		}
		done.Submit("Take it back", nil).Status(200).Has("main", "taken back")
		if after := kept(t, h); after != before {
			t.Errorf("not as before:\n%s\n%s", before, after)
		}
		h.Visitor().Get("/en/calendar/"+one).Has("main", "Every week").Has("dl.facts", "12 rue des Lilas")
		h.Visitor().Get("/en/calendar/"+two).Status(200).Has("h1", "La permanence")
	})
}
