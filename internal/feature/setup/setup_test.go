package setup_test

import (
	"context"
	"net"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"alliance/internal/housetest"
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/people"
)

func announce(t *testing.T, h *housetest.House) string {
	t.Helper()
	if err := h.App.Announce(context.Background(), &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080}); err != nil {
		t.Fatal(err)
	}
	links := regexp.MustCompile(`/set-up/[0-9a-z]+`).FindAllString(h.Console.String(), -1)
	if len(links) == 0 {
		t.Fatal("no link on the console: " + h.Console.String())
	}
	return links[len(links)-1]
}

var you = map[string]string{"person": "Rosa Example", "email": "rosa@example.org", "password": "four words make one", "name.en": "Our alliance"}

func TestFirstStart(t *testing.T) {
	for _, engine := range []db.Engine{db.SQLite, db.PostgreSQL} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			h := housetest.Empty(t, engine)
			old := announce(t, h)
			link := announce(t, h)
			if link == old {
				t.Fatal("the link stays the same")
			}
			// Everything else is closed, and says so in the reader's language.
			for _, path := range []string{"/", "/en/", "/fr/sign-in", "/en/me", "/en/nowhere"} {
				h.Visitor().Get(path).Status(503)
			}
			h.Visitor().Post("/en/sign-in", url.Values{"email": {"a@b.cd"}}).Status(503)
			if code := h.Call("", "GET", "/settings", nil, nil); code != 503 {
				t.Errorf("api: %d", code)
			}
			if h.Visitor().Get("/healthz").Code != 200 {
				t.Error("health is closed")
			}
			h.Visitor().Get("/en" + old).Status(404)
			h.Visitor().Get("/en/set-up/0000").Status(404)

			c := h.Visitor()
			page := c.Get(link).Status(200).Has("h1", "First start") // the link on the console has no language
			bad := page.Submit("Open the house", map[string]string{"person": "Rosa Example", "email": "not one", "password": "short", "name.en": "Kept words", "axis.0.en": "My own axis", "reply": "900"})
			bad.Status(422).Has(".error-summary", "e-mail").Has(".error-summary", "characters").Has(".error-summary", "from 0 to 90")
			if !strings.Contains(bad.Body, `value="Kept words"`) || !strings.Contains(bad.Body, `value="My own axis"`) {
				t.Error("what was typed is gone")
			}
			set := map[string]string{"reply": "10"}
			for k, v := range you {
				set[k] = v
			}
			bad.Submit("Open the house", set).Status(200).Has("h1", "A second factor").Has("nav.who", "Rosa Example").Follow("Later").Has("h1", "My page").Has("main", "Coordination").Has("main", "Operator")

			h.Visitor().Get("/en" + link).Status(404)
			h.Visitor().Post("/en"+link, url.Values{}).Status(404)
			before := h.Console.String()
			announceNothing(t, h, before)

			a, err := alliance.Load(context.Background(), h.DB)
			if err != nil || a.Name.In("en").S != "Our alliance" || a.Axes[0].Name.In("en").S != "My own axis" || len(a.Axes) != 5 || a.Reply != 10 || len(a.Colleges) != 3 {
				t.Errorf("%+v %v", a, err)
			}
			if fr := a.Axes[1].Name.In("fr"); fr.Lang != "fr" {
				t.Errorf("suggestions lost their languages: %+v", a.Axes[1])
			}
			if !strings.Contains(a.Rule, `"college":"migrant_led"`) {
				t.Errorf("rule: %s", a.Rule)
			}
			h.Visitor().Get("/en/sign-in").Submit("Sign in", map[string]string{"email": you["email"], "password": you["password"]}).Has("h1", "A second factor").Follow("Later").Has("h1", "My page")
		})
	}
}

func announceNothing(t *testing.T, h *housetest.House, before string) {
	t.Helper()
	if err := h.App.Announce(context.Background(), &net.TCPAddr{Port: 8080}); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(strings.TrimPrefix(h.Console.String(), before), "/set-up/") {
		t.Error("a link after the first start")
	}
}

// Two browsers that open the link at once make one alliance.
func TestFirstStartOnce(t *testing.T) {
	for _, engine := range []db.Engine{db.SQLite, db.PostgreSQL} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			h := housetest.Empty(t, engine)
			link := announce(t, h)
			codes := make(chan int, 2)
			for _, email := range []string{"one@example.org", "two@example.org"} {
				page := h.Visitor().Get("/en" + link).Status(200)
				go func() {
					set := map[string]string{"email": email}
					for k, v := range you {
						if k != "email" {
							set[k] = v
						}
					}
					codes <- page.Submit("Open the house", set).Code
				}()
			}
			first, second := <-codes, <-codes
			if first+second != 200+404 && first+second != 200+409 {
				t.Errorf("answers %d and %d, want one 200", first, second)
			}
			if all, _ := people.Persons(context.Background(), h.DB); len(all) != 1 {
				t.Errorf("%d accounts", len(all))
			}
		})
	}
}

func TestSettings(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		boss := h.Person("Boss", people.Grant{Role: people.Coordinator})
		h.As(h.Person("Member").ID, "").Get("/en/settings/axes").Status(403)
		c := h.As(boss.ID, "")
		c.Get("/en/settings").Status(200).Has("main", "Living here")

		form := c.Get("/en/settings/axes").Status(200)
		late := c.Get("/en/settings/axes")
		form.Submit("Keep", map[string]string{"axis.0.en": "Living here together", "axis.2.en": "Learning"}).Status(200).Has("main", "Living here together").Has("main", "Learning")
		a, _ := alliance.Load(context.Background(), h.DB)
		if len(a.Axes) != 3 || a.Axes[2].ID != "A3" || a.Axes[0].ID != "A1" {
			t.Fatalf("%+v", a.Axes)
		}
		if a.Axes[0].Name.In("fr").S != "Habiter" {
			t.Error("the other language is gone")
		}

		// Whoever comes late is told, keeps the words, and may insist.
		told := late.Submit("Keep", map[string]string{"axis.1.en": "Being welcomed"}).Status(409).Has(".error-summary", "meanwhile")
		told.Submit("Keep", nil).Status(200).Has("main", "Being welcomed")
		c.Get("/en/settings/history").Status(200).Has("main", "Changed: Axes").Has("main", "Boss")
		c.Get("/en/settings/history/1").Status(200).Has("main", "Living here")
		c.Get("/en/settings/history/99").Status(404)

		// A kind sits in one college only; a rule must be countable.
		colleges := c.Get("/en/settings/colleges").Submit("Keep", nil, url.Values{"college.0.kinds": {"civil_society"}})
		colleges.Status(422).Has(".error-summary", "one college only")
		rule := c.Get("/en/settings/rule")
		rule.Submit("Keep", map[string]string{"rule": "custom", "rule-json": "{not json"}).Status(422).Has("textarea", "{not json")
		rule = c.Get("/en/settings/rule")
		rule.Submit("Keep", map[string]string{"rule": "custom", "rule-json": `{"name":"x","version":1,"empty":"skip","root":{"kind":"moon"}}`}).Status(422)
		c.Get("/en/settings/rule").Submit("Keep", map[string]string{"rule": "whole", "majority": "at least 2/3", "quorum": "1/3"}).Status(200).Has("main", "at least two thirds")
		c.Get("/en/settings/rule").Submit("Keep", map[string]string{"rule": "colleges", "quorum": "0"}).Status(200).Has("main", "no matter how many")

		// A college more is asked by the ready-made rule.
		c.Get("/en/settings/colleges").Submit("Keep", map[string]string{"college.3.en": "Universities"}, url.Values{"college.3.kinds": {"academia"}}).Status(200)
		a, _ = alliance.Load(context.Background(), h.DB)
		if !strings.Contains(a.Rule, `"college":"universities"`) {
			t.Errorf("rule: %s", a.Rule)
		}
		c.Get("/en/settings/languages").Submit("Keep", map[string]string{"first": "en"}, url.Values{"languages": {"fr", "en"}}).Status(200)
		h.Visitor().Get("/it/settings").Status(404)
		c.Get("/en/settings/nonsense").Status(404)
	})
}

func TestSettingsAPI(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		boss := h.Person("Boss", people.Grant{Role: people.Coordinator})
		token := ""
		h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
			token, err = people.AddToken(ctx, tx, people.Token{Person: boss.ID, Name: "test", Reads: true, Writes: true})
			return err
		})
		var s map[string]any
		if code := h.Call("", "GET", "/settings", nil, &s); code != 200 {
			t.Fatal(code)
		}
		s["reply_days"] = 12
		if code := h.Call("", "PUT", "/settings", s, nil); code != 401 {
			t.Errorf("a visitor: %d", code)
		}
		if code := h.Call(token, "PUT", "/settings", s, &s); code != 200 || s["reply_days"] != 12.0 {
			t.Errorf("put: %d %v", code, s["reply_days"])
		}
		s["version"] = 1
		s["reply_days"] = 14
		if code := h.Call(token, "PUT", "/settings", s, nil); code != 409 {
			t.Errorf("an old version: %d", code)
		}
	})
}
