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
	"alliance/internal/platform/people"
)

func TestInvitationBecomesMandate(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		city := h.Organisation("Ville d’Essai", people.LocalAuthority)
		coordinator := h.Person("Coordinator", people.Grant{Role: people.Coordinator})
		form := h.As(coordinator.ID, "").Get("/en/invitations/new?organisation="+city.ID).Status(200).Has("h1", "Ville d’Essai")

		// What is wrong comes back with what was typed.
		bad := form.Submit("Send the invitation", map[string]string{"email": "not an address", "name": "Amina Test", "until": "31", "until-month": "2", "until-year": "2027"})
		bad.Status(422).Has(".error-summary", "e-mail address").Has(".error-summary", "Write a day")
		if !strings.Contains(bad.Body, "Amina Test") || !strings.Contains(bad.Body, `value="31"`) {
			t.Error("what was typed is gone")
		}
		year := h.Clock.Now().Time().Year() + 1
		sent := bad.Upload("Send the invitation", map[string]string{"email": "amina@example.org", "lang": "fr", "scope": "vote",
			"until": "1", "until-month": "3", "until-year": itoa(year), "reference": "2026-11"}, map[string][2]string{"document": {"deliberation.txt", "The council decides."}})
		sent.Status(200).Has("h1", "Who may act for Ville d’Essai").Has("main", "Amina Test")

		link := linkIn(t, h, "amina@example.org", "/invitation")
		if !strings.HasPrefix(link, "/fr/") {
			t.Errorf("the mail speaks %s", link)
		}
		link = "/en" + strings.TrimPrefix(link, "/fr")
		c := h.Visitor()
		page := c.Get(link).Status(200).Has("h1", "Act for Ville d’Essai").Has("dl", "vote")
		page.Submit("Accept", map[string]string{"name": "Amina Test", "password": "short"}).Status(422).Has(".error-summary", "at least 12")
		page.Submit("Accept", map[string]string{"name": "Amina Test", "password": password}).Status(200).Has("h1", "My page").Has("nav.who", "Ville d’Essai")
		h.Visitor().Get(link).Status(404)

		amina, err := people.PersonByEmail(context.Background(), h.DB, "amina@example.org")
		if err != nil {
			t.Fatal(err)
		}
		list, _ := people.MandatesOf(context.Background(), h.DB, amina.ID)
		if len(list) != 1 || !list[0].Vote || list[0].Edit || list[0].Document == "" {
			t.Fatalf("mandates: %+v", list)
		}
		document := "/en/mandates/" + list[0].ID + "/document"
		if got := c.Get(document).Status(200).Body; got != "The council decides." {
			t.Errorf("document: %q", got)
		}
		h.As(h.Person("Somebody else").ID, "").Get(document).Status(404)
		h.As(coordinator.ID, "").Get("/en/me").Has("main", "Amina Test has accepted").
			Has("main", "Working lists").Has("main", "Checking rounds").Has("main", "Validators").Has("main", "Reported comments")
		c.Get("/en/me").Lacks("main", "Working lists").Lacks("main", "Validators")
	})
}

func itoa(n int) string {
	return string([]byte{byte('0' + n/1000%10), byte('0' + n/100%10), byte('0' + n/10%10), byte('0' + n%10)})
}

func TestDelegatesInviteForTheirOwn(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		mine, other := h.Organisation("Mine", people.CivilSociety), h.Organisation("Other", people.CivilSociety)
		editor := h.Person("Editor")
		var m people.Mandate
		h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
			m, err = people.AddMandate(ctx, tx, people.Mandate{Organisation: mine.ID, Person: editor.ID, Edit: true, Speak: true})
			return err
		})
		c := h.As(editor.ID, m.ID)
		c.Get("/en/invitations/new?organisation=" + other.ID).Status(403)
		form := c.Get("/en/invitations/new").Status(200).Has("h1", "Mine").Lacks("fieldset", "vote")
		form.Submit("Send the invitation", map[string]string{"email": "new@example.org"}, url.Values{"scope": {"vote"}}).Status(422).Has(".error-summary", "your own mandate")
		form.Submit("Send the invitation", map[string]string{"email": "new@example.org"}, url.Values{"scope": {"speak"}}).Status(200)
		link := linkIn(t, h, "new@example.org", "/invitation")
		h.Visitor().Get(link).Status(200)

		// The delegate's own mandate ends: no door stays open.
		h.Do(func(ctx context.Context, tx *db.Tx) error { return people.EndMandate(ctx, tx, m.ID, "") })
		h.Visitor().Get(link).Status(404)
		c.Get("/en/invitations/new").Status(403)
	})
}

func TestEndedMandate(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		city := h.Organisation("City", people.LocalAuthority)
		delegate, m := h.Delegate("Delegate", city)
		coordinator := h.Person("Coordinator", people.Grant{Role: people.Coordinator})
		c := h.As(delegate.ID, m.ID)

		tokens := c.Get("/en/me/tokens").Submit("Make the token", map[string]string{"name": "script", "rights": "write", "mandate": m.ID})
		token := tokens.Status(200).Text("code.secret")
		if code := h.Call(token, "GET", "/me", nil, nil); code != 200 {
			t.Fatalf("token: %d", code)
		}
		var wrote entry.Entry
		h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
			e := entry.Entry{Kind: "note", Lang: "en", State: entry.Published, Audience: entry.Public}
			e.Set(entry.Title, "A thought")
			wrote, err = entry.Add(ctx, tx, h.Actor(delegate.ID, m.ID), e, nil)
			return err
		})
		c.Get("/en/invitations/new").Status(200)

		other, _ := h.Delegate("Stranger", h.Organisation("Elsewhere", people.CivilSociety))
		h.As(other.ID, "").Get("/en/mandates/" + m.ID + "/end").Status(403)
		h.As(coordinator.ID, "").Get("/en/mandates/"+m.ID+"/end").Status(200).Submit("End the mandate", nil).Status(200).Has("main", "Ended")

		// The very next request acts for nobody.
		c.Get("/en/invitations/new").Status(403)
		c.Get("/en/me").Status(200).Lacks("nav.who", "City").Has("main", "has ended")
		if code := h.Call(token, "GET", "/me", nil, nil); code != 401 {
			t.Errorf("the token of an ended mandate: %d", code)
		}
		c.Get("/en/me/contributions").Status(200).Has("li.card", "A thought").Has("li.card", "What became of it?")
		kept, err := entry.Get(context.Background(), h.DB, wrote.ID)
		if err != nil || kept.Organisation != city.ID || kept.Person != delegate.ID {
			t.Errorf("authorship: %+v %v", kept, err)
		}
		h.As(coordinator.ID, "").Post("/en/mandates/"+m.ID+"/end", nil).Status(409)
	})
}

func TestActFor(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		person, first := h.Delegate("Two hats", h.Organisation("First", people.CivilSociety))
		second := h.Organisation("Second", people.MigrantLed)
		var m people.Mandate
		h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
			m, err = people.AddMandate(ctx, tx, people.Mandate{Organisation: second.ID, Person: person.ID, Speak: true})
			return err
		})
		_, foreign := h.Delegate("Other", h.Organisation("Third", people.Network))
		c := h.As(person.ID, first.ID)
		page := c.Get("/en/me").Has("nav.who", "First")
		page.Submit("Act so", map[string]string{"mandate": m.ID}).Status(200).Has("nav.who", "Second")
		c.Get("/en/me").Submit("Act so", nil, url.Values{"mandate": {""}}).Lacks("nav.who", "Second")
		c.Post("/en/act-for", url.Values{"mandate": {foreign.ID}}).Status(403)
	})
}

// A session someone knew before is worth nothing after sign-in, a change of
// mandate or a change of roles.
func TestSessionTakesNewSecret(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		p, m := h.Delegate("Rosa", h.Organisation("Org", people.CivilSociety))
		give(t, h, p, password)
		ctx := context.Background()
		secret := ""
		h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
			secret, err = people.StartSession(ctx, tx, p.ID, "", "planted")
			return err
		})
		dead := func(when string) {
			t.Helper()
			a, _, err := people.ActorOfSession(ctx, h.DB, secret, h.DB.Now())
			if err != nil || a.SignedIn() {
				t.Errorf("%s: the old secret still works (%v)", when, err)
			}
		}
		c := h.WithCookie(secret)
		c.Get("/en/sign-in?again=1").Submit("Sign in", map[string]string{"password": password}).Status(200).Has("h1", "My page")
		dead("signing in")

		h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
			secret, err = people.StartSession(ctx, tx, p.ID, "", "known")
			return err
		})
		h.WithCookie(secret).Get("/en/me").Submit("Act so", map[string]string{"mandate": m.ID}).Status(200)
		dead("acting for another")

		h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
			secret, err = people.StartSession(ctx, tx, p.ID, "", "known")
			return err
		})
		boss := h.As(h.Person("Boss", people.Grant{Role: people.Coordinator}).ID, "")
		boss.Get("/en/roles").Submit("Give it", map[string]string{"email": p.Email, "role": "committee"}).Status(200).Has("li.card", "Steering committee")
		c = h.WithCookie(secret)
		c.Get("/en/me").Status(200).Has("main", "Steering committee")
		dead("a new role")
		c.Get("/en/me").Status(200).Has("h1", "My page")
	})
}

func TestRolesNeedAFreshSignIn(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		boss := h.Person("Boss", people.Grant{Role: people.Coordinator}, people.Grant{Role: people.Operator})
		give(t, h, boss, password)
		p := h.Person("Rosa")
		c := h.As(boss.ID, "")
		h.Clock.Pass(16 * time.Minute)
		c.Get("/en/roles").Status(200).Has("main", "show first that it is still you").Lacks("button", "Give it")
		c.Post("/en/roles", url.Values{"email": {p.Email}, "role": {"committee"}}).Has("h1", "Is it still you?")
		if g, _ := people.GrantsOf(context.Background(), h.DB, p.ID); len(g) != 0 {
			t.Errorf("given without proof: %v", g)
		}
		page := c.Get("/en/sign-in?again=1&then=/roles").Submit("Sign in", map[string]string{"password": password}).Status(200)
		page.Has("button", "Give it").Submit("Give it", map[string]string{"email": p.Email, "role": "committee"}).Status(200).Has("li.card", "Rosa")

		// The last one keeps the role; operators make operators only.
		c.Post("/en/roles/take", url.Values{"person": {boss.ID}, "role": {"coordinator"}}).Status(409)
		operator := h.Person("Operator", people.Grant{Role: people.Operator})
		oc := h.As(operator.ID, "")
		oc.Get("/en/roles").Status(200).Lacks("fieldset", "Coordination")
		oc.Post("/en/roles", url.Values{"email": {p.Email}, "role": {"coordinator"}}).Status(403)
		oc.Post("/en/roles", url.Values{"email": {p.Email}, "role": {"operator"}}).Status(200)
		oc.Get("/en/people").Status(403)
	})
}

// Wrong passwords make the password way wait, for known and unknown addresses
// alike; the way by link stays open.
func TestTooManyPasswords(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		p := h.Person("Rosa")
		give(t, h, p, password)
		for _, email := range []string{p.Email, "nobody@example.org"} {
			c := h.Visitor()
			for range 6 {
				c.Post("/en/sign-in", url.Values{"email": {email}, "password": {"wrong wrong wrong"}}).Status(422)
			}
			page := c.Post("/en/sign-in", url.Values{"email": {email}, "password": {password}}).Status(429)
			page.Has(".error-summary", "Too many passwords").Submit("Send me a link", nil).Status(200).Has("h1", "letter box")
		}
		h.Visitor().Get(linkIn(t, h, p.Email, "/sign-in/link")).Submit("Sign in", nil).Has("h1", "My page")
		h.Clock.Pass(16 * time.Minute)
		h.Visitor().Get("/en/sign-in").Submit("Sign in", map[string]string{"email": p.Email, "password": password}).Has("h1", "My page")
	})
}

func TestThenStaysHere(t *testing.T) {
	h := housetest.New(t, db.SQLite)
	p := h.Person("Rosa")
	give(t, h, p, password)
	for _, then := range []string{"https://evil.example/", "//evil.example/", `/\evil.example/`, "/../..//evil.example", "javascript:alert(1)"} {
		page := h.Visitor().Post("/en/sign-in", url.Values{"email": {p.Email}, "password": {password}, "then": {then}}).Status(200)
		if page.Path != "/en/me" {
			t.Errorf("%q led to %s", then, page.Path)
		}
	}
}

func TestAccountPages(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		p := h.Person("Rosa")
		c := h.As(p.ID, "")
		elsewhere := h.As(p.ID, "")
		page := c.Get("/en/me/account").Status(200)
		page.Submit("Keep", map[string]string{"name": "Rosa Maria", "lang": "it"}).Status(200).Has("nav.who", "Rosa Maria")
		page = c.Get("/en/me/account")
		page.Submit("Keep", map[string]string{"name": ""}).Status(422)
		page = c.Get("/en/me/security").Status(200)
		page.Submit("Set the password", map[string]string{"password": "111111111111"}).Status(422).Has(".error-summary", "easy")
		page.Submit("Set the password", map[string]string{"password": password}).Status(200).Has(".note", "new password counts")
		elsewhere.Get("/en/me").Has("h1", "Sign in")
		h.Visitor().Get("/en/sign-in").Submit("Sign in", map[string]string{"email": p.Email, "password": password}).Has("h1", "My page")
		c.Get("/en/me/security").Submit("Sign out everywhere else", nil).Status(200)
		if s, _ := people.SessionsOf(context.Background(), h.DB, p.ID, h.DB.Now()); len(s) != 1 {
			t.Errorf("%d sessions", len(s))
		}
		tokens := c.Get("/en/me/tokens").Submit("Make the token", map[string]string{"name": "mine"}).Status(200)
		secret := tokens.Text("code.secret")
		c.Get("/en/me/tokens").Lacks("main", secret).Submit("Revoke", nil).Status(200)
		if code := h.Call(secret, "GET", "/me", nil, nil); code != 401 {
			t.Errorf("revoked token: %d", code)
		}
	})
}

func TestEraseKeepsAuthorship(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		p, m := h.Delegate("Rosa", h.Organisation("Org", people.CivilSociety))
		var e entry.Entry
		h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
			e = entry.Entry{Kind: "note", Lang: "en", State: entry.Published, Audience: entry.Public}
			e.Set(entry.Title, "A thought")
			e, err = entry.Add(ctx, tx, h.Actor(p.ID, m.ID), e, nil)
			return err
		})
		c := h.As(p.ID, m.ID)
		c.Get("/en/me/erase").Submit("Erase it for good", nil)
		c.Get("/en/me").Has("h1", "Sign in")
		gone, err := people.PersonByID(context.Background(), h.DB, p.ID)
		if err != nil || gone.Name != "" || gone.Email != "" || gone.Erased == 0 {
			t.Errorf("%+v %v", gone, err)
		}
		kept, _ := entry.Get(context.Background(), h.DB, e.ID)
		if kept.Person != p.ID {
			t.Error("authorship is gone")
		}
		last := h.Person("Last", people.Grant{Role: people.Coordinator})
		h.As(last.ID, "").Post("/en/me/erase", nil).Status(409)
	})
}

func TestInvitationsByAPI(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		city := h.Organisation("City", people.LocalAuthority)
		delegate, m := h.Delegate("Delegate", city)
		token := func(writes bool) (secret string) {
			h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
				secret, err = people.AddToken(ctx, tx, people.Token{Person: delegate.ID, Mandate: m.ID, Name: "test", Reads: true, Writes: writes})
				return err
			})
			return secret
		}
		invite := map[string]any{"email": "new@example.org", "lang": "en", "organisation": city.ID, "scopes": []string{"vote"}, "until": "2199-01-01"}
		if code := h.Call(token(false), "POST", "/invitations", invite, nil); code != 403 {
			t.Errorf("a reading token: %d", code)
		}
		writes := token(true)
		var made struct{ ID string }
		if code := h.Call(writes, "POST", "/invitations", invite, &made); code != 201 || made.ID == "" {
			t.Fatalf("invite: %d", code)
		}
		invite["until"] = "soon"
		if code := h.Call(writes, "POST", "/invitations", invite, nil); code != 422 {
			t.Errorf("a bad day: %d", code)
		}
		var list []struct{ ID string }
		if code := h.Call(writes, "GET", "/invitations?organisation="+city.ID, nil, &list); code != 200 || len(list) != 1 {
			t.Errorf("list: %d %v", code, list)
		}
		link := linkIn(t, h, "new@example.org", "/invitation")
		if code := h.Call(writes, "POST", "/invitations/"+made.ID+"/withdraw", nil, nil); code != 204 {
			t.Errorf("withdraw: %d", code)
		}
		h.Visitor().Get(link).Status(404)
		var me struct {
			ActsFor  string `json:"acts_for"`
			Mandates []struct {
				Scopes []string
			}
		}
		if code := h.Call(writes, "GET", "/me", nil, &me); code != 200 || me.ActsFor != city.ID || len(me.Mandates) != 1 || len(me.Mandates[0].Scopes) != 4 {
			t.Errorf("me: %d %+v", code, me)
		}
		if code := h.Call(writes, "GET", "/roles", nil, nil); code != 403 {
			t.Errorf("roles for a delegate: %d", code)
		}
		if code := h.Call(writes, "POST", "/mandates/"+m.ID+"/end", nil, nil); code != 200 {
			t.Errorf("giving it up: %d", code)
		}
		if code := h.Call(writes, "GET", "/me", nil, nil); code != 401 {
			t.Errorf("afterwards: %d", code)
		}
	})
}
