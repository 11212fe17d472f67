package flow_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"alliance/internal/app"
	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/people"
)

// Whoever finds a browser somebody left open changes nothing that matters:
// roles, keys, ways to sign in, the account itself.
func TestWhatMattersNeedsAFreshSignIn(t *testing.T) {
	h := housetest.New(t, db.SQLite, named)
	city := h.Organisation("City", people.LocalAuthority)
	p, m := h.Delegate("Boss", city)
	other := h.Person("Other")
	h.Do(func(ctx context.Context, tx *db.Tx) error {
		for _, role := range []people.Role{people.Coordinator, people.Operator} {
			if err := people.GiveRole(ctx, tx, p.ID, people.Grant{Role: role}, ""); err != nil {
				return err
			}
		}
		return nil
	})
	c := h.As(p.ID, m.ID)
	makePasskey(t, h, c, "My phone")
	own, err := people.PasskeysOf(context.Background(), h.DB, p.ID)
	if err != nil || len(own) != 1 {
		t.Fatal(own, err)
	}
	h.Clock.Pass(16 * time.Minute)
	for _, path := range []string{"/me/security/app", "/me/security/passkeys/new", "/me/security/passkeys/" + own[0].ID + "/remove", "/me/erase", "/people/" + other.ID + "/factor"} {
		c.Get("/en"+path).Status(200).Has("h1", "Is it still you?")
	}
	for path, form := range map[string]url.Values{
		"/roles":                    {"email": {other.Email}, "role": {"committee"}},
		"/roles/take":               {"person": {p.ID}, "role": {"operator"}},
		"/roles/factor":             {"needs": {"chair"}},
		"/mandates/factor":          {"organisation": {city.ID}, "needed": {"1"}},
		"/me/tokens":                {"name": {"script"}, "days": {"30"}},
		"/me/password":              {"password": {password}},
		"/me/security/app":          {"code": {"000000"}},
		"/me/security/app/end":      {},
		"/me/security/codes":        {},
		"/me/security/passkeys/new": {"name": {"Mine"}, "answer": {"{}"}},
		"/me/security/passkeys/" + own[0].ID + "/remove": {},
		"/people/" + other.ID + "/factor":                {},
		"/me/erase":                                      {},
	} {
		c.Post("/en"+path, form).Status(200).Has("h1", "Is it still you?")
	}
	c.Post("/en/me/security/passkeys/begin", nil).Status(403)
	left, err := people.PasskeysOf(context.Background(), h.DB, p.ID)
	if err != nil || len(left) != 1 {
		t.Error(left, err)
	}
	if tokens, _ := people.TokensOf(context.Background(), h.DB, p.ID); len(tokens) != 0 {
		t.Error("a token was made")
	}
}

// Over https the cookie of a session is of this host alone, out of reach of
// scripts and of neighbours, and what is kept of it opens nothing.
func TestCookieOfASession(t *testing.T) {
	h := housetest.New(t, db.SQLite, func(c *app.Config) { c.Origin = "https://alliance.example.org" })
	p := h.Person("Rosa")
	give(t, h, p, password)
	no := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := no.PostForm(h.Server.URL+"/en/sign-in", url.Values{"email": {p.Email}, "password": {password}})
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	var session *http.Cookie
	for _, cookie := range res.Cookies() {
		if cookie.Name == "__Host-alliance" {
			session = cookie
		}
		if !cookie.Secure || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" || cookie.Domain != "" || !strings.HasPrefix(cookie.Name, "__Host-") {
			t.Errorf("%+v", cookie)
		}
	}
	if session == nil || len(session.Value) < 51 { // 256 bits, 5 in a letter
		t.Fatalf("%+v", session)
	}
	kept, err := db.One(context.Background(), h.DB, db.Value[string], `SELECT hash FROM session WHERE person = $1`, p.ID)
	if err != nil || kept != people.Hash(session.Value) || strings.Contains(kept, session.Value) {
		t.Error(kept, err)
	}
}
