package flow_test

import (
	"context"
	"encoding/base32"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/people"
)

// setUp turns an authenticator app on, as one does on the page, and gives its
// secret, the codes on paper and the code that turned it on.
func setUp(t *testing.T, h *housetest.House, c *housetest.Client) (secret []byte, codes []string, used string) {
	t.Helper()
	page := c.Get("/en/me/security/app").Status(200).Has("h1", "Set up an authenticator app")
	address := html.UnescapeString(regexp.MustCompile(`otpauth://[^"]+`).FindString(page.Body))
	u, err := url.Parse(address)
	if err != nil || u.Query().Get("issuer") == "" {
		t.Fatalf("address %q: %v", address, err)
	}
	if secret, err = base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(u.Query().Get("secret")); err != nil || len(secret) != 20 {
		t.Fatal(secret, err)
	}
	page.Submit("Turn the app on", map[string]string{"code": "000000"}).Status(422).Has(".error-summary", "not right")
	used = people.TOTPCode(secret, h.DB.Now())
	done := page.Submit("Turn the app on", map[string]string{"code": used})
	done.Status(200).Has("h1", "Your recovery codes")
	if done.Header.Get("Cache-Control") != "no-store" {
		t.Error("a cache may keep the codes")
	}
	for _, found := range regexp.MustCompile(`<code translate="no">([2-9a-z-]{14})</code>`).FindAllStringSubmatch(done.Body, -1) {
		codes = append(codes, found[1])
	}
	if len(codes) != people.RecoveryCodes {
		t.Fatalf("codes: %v", codes)
	}
	return secret, codes, used
}

func TestAuthenticatorApp(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		p := h.Person("Rosa")
		give(t, h, p, password)
		c := h.As(p.ID, "")
		secret, codes, used := setUp(t, h, c)
		c.Get("/en/me/security").Status(200).Has("main", "10 recovery codes are left").Has("li.card", "With second factor")
		for _, code := range codes {
			if strings.Contains(c.Get("/en/me/security").Body, code) {
				t.Fatal("codes are shown again")
			}
		}

		// The password alone opens nothing, and the page says so to nobody else.
		c = h.Visitor()
		page := c.Get("/en/sign-in?then=/me/security").Submit("Sign in", map[string]string{"email": p.Email, "password": password})
		page.Status(200).Has("h1", "One more step").Has("nav.who", "Sign in")
		c.Get("/en/me").Has("h1", "Sign in")
		page.Submit("Sign in", map[string]string{"code": "123"}).Status(422).Has(".error-summary", "not right")
		// The code the app was set up with was used.
		page.Submit("Sign in", map[string]string{"code": used}).Status(422)
		h.Clock.Pass(31 * time.Second)
		code := people.TOTPCode(secret, h.DB.Now())
		page.Submit("Sign in", map[string]string{"code": code[:3] + " " + code[3:]}).Status(200).Has("h1", "Security of my account")

		// The same code again, from another browser: refused.
		c = h.Visitor()
		page = c.Get("/en/sign-in").Submit("Sign in", map[string]string{"email": p.Email, "password": password})
		page.Submit("Sign in", map[string]string{"code": code}).Status(422)
		// Paper works, once, however it is typed.
		page.Submit("Sign in", map[string]string{"code": strings.ToUpper(strings.ReplaceAll(codes[3], "-", " "))}).Status(200).Has("h1", "My page")
		c.Get("/en/me/security").Has("main", "9 recovery codes are left")
		again := h.Visitor().Get("/en/sign-in").Submit("Sign in", map[string]string{"email": p.Email, "password": password})
		again.Submit("Sign in", map[string]string{"code": codes[3]}).Status(422)

		// A link by mail does not go past it.
		h.Visitor().Get("/en/sign-in").Submit("Send me a link", map[string]string{"email": p.Email})
		link := h.Visitor().Get(linkIn(t, h, p.Email, "/sign-in/link")).Submit("Sign in", nil)
		link.Has("h1", "One more step")
		h.Clock.Pass(11 * time.Minute)
		link.Submit("Sign in", map[string]string{"code": people.TOTPCode(secret, h.DB.Now())}).Has("h1", "Sign in") // waited too long

		// Off again: rights that need it sleep, the password is enough.
		c.Get("/en/sign-in?again=1").Submit("Sign in", map[string]string{"password": password}).Submit("Sign in", map[string]string{"code": people.TOTPCode(secret, h.DB.Now())}).Has("h1", "My page")
		c.Get("/en/me/security").Submit("Turn the app off", nil).Status(200).Has("main", "no longer counts")
		h.Visitor().Get("/en/sign-in").Submit("Sign in", map[string]string{"email": p.Email, "password": password}).Has("h1", "My page")
	})
}

// Guessing codes ends after a few; a right one then waits too.
func TestCodesAreNotGuessed(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		p := h.Person("Rosa")
		give(t, h, p, password)
		secret, _, _ := setUp(t, h, h.As(p.ID, ""))
		page := h.Visitor().Get("/en/sign-in").Submit("Sign in", map[string]string{"email": p.Email, "password": password})
		h.Clock.Pass(time.Minute)
		for range 6 {
			page.Submit("Sign in", map[string]string{"code": "000000"}).Status(422)
		}
		page.Submit("Sign in", map[string]string{"code": people.TOTPCode(secret, h.DB.Now())}).Status(429)
	})
}

// Of many who send the same code at once, one comes in.
func TestOneCodeOnePerson(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		p := h.Person("Rosa")
		_, codes, _ := setUp(t, h, h.As(p.ID, ""))
		h.Clock.Pass(time.Minute)
		var app []byte
		h.Do(func(ctx context.Context, tx *db.Tx) error {
			app = people.NewTOTPSecret()
			return people.KeepTOTP(ctx, tx, h.Key, p.ID, app, people.TOTPCode(app, tx.Now().Add(-30*time.Second)))
		})
		for _, typed := range []string{people.TOTPCode(app, h.DB.Now()), codes[0]} {
			var all sync.WaitGroup
			var mu sync.Mutex
			in := 0
			for range 8 {
				all.Go(func() {
					err := h.DB.Do(context.Background(), func(ctx context.Context, tx *db.Tx) error {
						_, err := people.ShowSecond(ctx, tx, h.Key, p.ID, typed)
						return err
					})
					mu.Lock()
					defer mu.Unlock()
					if err == nil {
						in++
					}
				})
			}
			all.Wait()
			if in != 1 {
				t.Errorf("%d came in with %q", in, typed)
			}
		}
	})
}

// The secret lies in the database sealed; a dump opens nothing.
func TestSecretIsSealed(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		p := h.Person("Rosa")
		secret, codes, _ := setUp(t, h, h.As(p.ID, ""))
		ctx := context.Background()
		kept, err := db.All(ctx, h.DB, db.Value[string], `SELECT secret FROM factor UNION ALL SELECT mark FROM recovery`)
		if err != nil || len(kept) != 11 {
			t.Fatal(kept, err)
		}
		for _, text := range kept {
			if strings.Contains(text, people.TOTPText(secret)) || strings.Contains(text, codes[0]) || text == people.Hash(codes[0]) {
				t.Errorf("lies open: %s", text)
			}
		}
		// Moved to another person, it does not open.
		other := h.Person("Amina")
		h.Do(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO factor (person, secret, created) SELECT $1, secret, created FROM factor WHERE person = $2`, other.ID, p.ID)
			return err
		})
		h.Clock.Pass(time.Minute)
		err = h.DB.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
			_, err := people.ShowSecond(ctx, tx, h.Key, other.ID, people.TOTPCode(secret, tx.Now()))
			return err
		})
		if err == nil {
			t.Error("a secret moved to another row counts")
		}
	})
}

// Who coordinates, steers or runs the server has a week to set a second factor
// up, is led to it, and sleeps without it afterwards.
func TestSecondFactorAboveMember(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		for role, page := range map[people.Role]string{people.Coordinator: "/en/people", people.Operator: "/en/roles"} {
			p := h.Person("Rosa", people.Grant{Role: role})
			give(t, h, p, password)
			in := func() (*housetest.Client, *housetest.Page) {
				c := h.Visitor()
				return c, c.Get("/en/sign-in?then="+strings.TrimPrefix(page, "/en")).Submit("Sign in", map[string]string{"email": p.Email, "password": password})
			}
			c, led := in()
			led.Has("h1", "A second factor").Has("main", "Set one up by")
			led.Follow("Later").Status(200)
			token := c.Get("/en/me/tokens").Submit("Make the token", map[string]string{"name": "script", "rights": "read", "mandate": ""}).Text("code.secret")
			if code := h.Call(token, "GET", "/roles", nil, nil); code != 200 {
				t.Errorf("%s: the token within the week: %d", role, code)
			}
			h.Clock.Pass(people.GraceTime + time.Minute)
			c.Get(page).Status(403).Has("main", "sleeps")
			if code := h.Call(token, "GET", "/roles", nil, nil); code != 403 {
				t.Errorf("%s: the token after the week: %d", role, code)
			}
			c, led = in()
			led.Has("h1", "A second factor").Has("main", "sleep until then")
			c.Get(page).Status(403)
			secret, _, _ := setUp(t, h, c)
			c.Get(page).Status(200)
			// A session that has not shown it is asleep, within any week.
			plain := h.As(p.ID, "")
			plain.Get(page).Status(403)
			plain.Get("/en/me").Follow("Set up a second factor, or sign in with it").Has("main", "You have one")
			h.Clock.Pass(time.Minute)
			_, second := in()
			second.Has("h1", "One more step").Submit("Sign in", map[string]string{"code": people.TOTPCode(secret, h.DB.Now())}).Status(200).Lacks("h1", "A second factor")
		}
		// Who has no such role is not asked.
		p := h.Person("Amina", people.Grant{Role: people.Rapporteur})
		give(t, h, p, password)
		h.Visitor().Get("/en/sign-in").Submit("Sign in", map[string]string{"email": p.Email, "password": password}).Has("h1", "My page")
	})
}

// The alliance asks it of other roles: they sleep without one, at once and everywhere.
func TestRolesThatNeedASecondFactor(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		boss := h.Person("Boss", people.Grant{Role: people.Coordinator})
		other := h.Person("Other", people.Grant{Role: people.Chair})
		plain := h.As(other.ID, "")
		awake := func() bool {
			t.Helper()
			return strings.Contains(plain.Get("/en/me").Status(200).Text("main"), "Your roles")
		}
		if !awake() {
			t.Fatal("asleep before anybody asked")
		}
		c := h.As(boss.ID, "")
		// Nobody shuts themselves out.
		c.Get("/en/roles").Submit("Keep", nil, url.Values{"needs": {"chair"}}).Status(422).Has(".error-summary", "yourself")
		setUp(t, h, c)
		c.Get("/en/roles").Has("main", "always need one, 7 days").Submit("Keep", nil, url.Values{"needs": {"chair"}}).Status(200).Has("main", "Kept")
		c.Get("/en/people").Status(200)

		plain.Get("/en/me").Has("main", "Some of your rights sleep").Has("main", "Chair")
		setUp(t, h, plain)
		plain.Get("/en/me").Lacks("main", "rights sleep")
		// Taken away from outside: asleep again, and signed out.
		c.Get("/en/people/"+other.ID+"/factor").Status(200).Submit("Take it away", nil).Status(200).Has("main", "taken away")
		plain.Get("/en/me").Has("h1", "Sign in")
		h.As(other.ID, "").Get("/en/me").Has("main", "rights sleep")
		c.Get("/en/roles").Submit("Keep", nil, url.Values{"needs": nil}).Status(200)
		h.As(other.ID, "").Get("/en/me").Lacks("main", "rights sleep")
	})
}

// An organisation can ask its delegates for a second factor.
func TestOrganisationAsksForASecondFactor(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		city := h.Organisation("City", people.LocalAuthority)
		first, m1 := h.Delegate("First", city)
		second, m2 := h.Delegate("Second", city)
		stranger, m3 := h.Delegate("Stranger", h.Organisation("Elsewhere", people.CivilSociety))
		a, b := h.As(first.ID, m1.ID), h.As(second.ID, m2.ID)
		a.Get("/en/mandates").Submit("Ask delegates for a second factor", nil).Status(409)
		setUp(t, h, a)
		a.Get("/en/mandates").Submit("Ask delegates for a second factor", nil).Status(200).Has("main", "only after a sign-in with a second factor")
		h.As(stranger.ID, m3.ID).Post("/en/mandates/factor", url.Values{"organisation": {city.ID}}).Status(403)

		a.Get("/en/invitations/new").Status(200)
		b.Get("/en/invitations/new").Status(403)
		// Who wants to act for it is led to setting one up.
		b.Post("/en/act-for", url.Values{"mandate": {""}}).Status(200)
		b.Post("/en/act-for", url.Values{"mandate": {m2.ID}}).Status(200).Has("h1", "A second factor").Has("main", "City")
		b.Get("/en/me").Has("main", "acting for").Has("main", "City").Lacks("nav.who", "City")
		setUp(t, h, b)
		b.Get("/en/me").Has("nav.who", "City")
		b.Get("/en/invitations/new").Status(200)
	})
}

// Who stands above cannot be opened from below.
func TestWhoMayTakeAFactorAway(t *testing.T) {
	h := housetest.New(t, db.SQLite)
	boss := h.As(h.Person("Boss", people.Grant{Role: people.Coordinator}).ID, "")
	operator := h.Person("Operator", people.Grant{Role: people.Operator})
	setUp(t, h, h.As(operator.ID, ""))
	boss.Get("/en/people/" + operator.ID + "/factor").Status(403)
	boss.Post("/en/people/"+operator.ID+"/factor", nil).Status(403)
	p := h.Person("Rosa")
	boss.Post("/en/people/"+p.ID+"/factor", nil).Status(404)
	h.As(p.ID, "").Get("/en/people/" + operator.ID + "/factor").Status(403)
}

// The last one up there lost phone and paper: whoever has the machine helps.
func TestUnlock(t *testing.T) {
	h := housetest.New(t, db.SQLite)
	p := h.Person("Operator", people.Grant{Role: people.Operator})
	give(t, h, p, password)
	c := h.As(p.ID, "")
	setUp(t, h, c)
	if err := h.App.Unlock(context.Background(), "nobody@example.org"); err == nil {
		t.Error("nobody is unlocked")
	}
	if err := h.App.Unlock(context.Background(), p.Email); err != nil {
		t.Fatal(err)
	}
	if err := h.App.Unlock(context.Background(), p.Email); err == nil {
		t.Error("unlocked twice")
	}
	c.Get("/en/me").Has("h1", "Sign in")
	h.Visitor().Get("/en/sign-in").Submit("Sign in", map[string]string{"email": p.Email, "password": password}).Has("h1", "A second factor")
	if !strings.Contains(strings.Join(h.Mails(), ""), "was taken away") {
		t.Error("not told")
	}
}

// A sign-in with a browser nobody has used before is told by mail.
func TestNewBrowserIsToldByMail(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		p := h.Person("Rosa")
		give(t, h, p, password)
		told := func() (n int) {
			for _, m := range h.Mails() {
				if strings.Contains(m, p.Email) && strings.Contains(m, "New sign-in to your account") {
					n++
				}
			}
			return n
		}
		in := func(c *housetest.Client) {
			t.Helper()
			c.Get("/en/sign-in").Submit("Sign in", map[string]string{"email": p.Email, "password": password}).Has("h1", "My page")
		}
		own := h.Visitor()
		in(own)
		if told() != 0 {
			t.Fatal("the first browser is no news")
		}
		own.Post("/en/sign-out", nil)
		in(own)
		if told() != 0 {
			t.Fatal("a known browser is told")
		}
		in(h.Visitor())
		if told() != 1 {
			t.Fatalf("%d mails", told())
		}
		// In the language of its person, whatever the page spoke.
		h.Do(func(ctx context.Context, tx *db.Tx) error { return people.Rename(ctx, tx, p.ID, p.Name, "fr") })
		in(h.Visitor())
		if mails := h.Mails(); !strings.Contains(mails[len(mails)-1], "/fr/me/security") {
			t.Error("not in French:", mails[len(mails)-1])
		}
		own.Get("/en/me/notices").Has("main", "New sign-in to your account")
		own.Get("/en/me/security").Submit("Sign out everywhere else", nil).Status(200)
		if list, _ := people.SessionsOf(context.Background(), h.DB, p.ID, h.DB.Now()); len(list) != 1 {
			t.Errorf("%d sessions", len(list))
		}
	})
}
