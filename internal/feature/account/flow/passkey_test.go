package flow_test

import (
	"context"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"alliance/internal/app"
	"alliance/internal/housetest"
	"alliance/internal/housetest/authenticator"
	"alliance/internal/platform/db"
	"alliance/internal/platform/people"
)

// named gives the house a name: there are no passkeys for numbers.
func named(c *app.Config) { c.Origin = "http://alliance.example.org" }

var codeOnPaper = regexp.MustCompile(`<code translate="no">([2-9a-z-]{14})</code>`)

// makePasskey adds a passkey as the page and its script do.
func makePasskey(t *testing.T, h *housetest.House, c *housetest.Client, name string) (*authenticator.Device, *housetest.Page) {
	t.Helper()
	d := authenticator.New(t, h.Origin)
	c.Get("/en/me/security/passkeys/new").Status(200).Has("h1", "Add a passkey")
	asked := c.Post("/en/me/security/passkeys/begin", nil).Status(200)
	return d, c.Post("/en/me/security/passkeys/new", url.Values{"name": {name}, "answer": {d.Make([]byte(asked.Body))}}).Status(200)
}

// show signs in with a passkey, as the script on a page does.
func show(c *housetest.Client, d *authenticator.Device, begin, path string) *housetest.Page {
	return send(c, path, answer(c, d, begin))
}

func answer(c *housetest.Client, d *authenticator.Device, begin string) string {
	d.Counter++
	return d.Show([]byte(c.Post("/en"+begin, nil).Status(200).Body))
}

func send(c *housetest.Client, path, answer string) *housetest.Page {
	return c.Post("/en"+path, url.Values{"answer": {answer}})
}

const signInAt, secondAt = "/sign-in/passkey", "/sign-in/second"

func TestPasskeySignsIn(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		p := h.Person("Rosa")
		d, page := makePasskey(t, h, h.As(p.ID, ""), "My phone")
		if n := len(codeOnPaper.FindAllString(page.Has("h1", "Your recovery codes").Body, -1)); n != people.RecoveryCodes {
			t.Errorf("%d codes", n)
		}
		// No address, no password: in, with both factors shown.
		c := h.Visitor()
		used := answer(c, d, signInAt+"/begin")
		send(c, signInAt, used).Status(200).Has("h1", "My page").Has("nav.who", "Rosa")
		c.Get("/en/me/security").Has("li.card", "My phone").Has("li.card", "With second factor")
		// The same answer again, from anywhere: refused.
		for _, again := range []*housetest.Client{h.Visitor(), c} {
			send(again, signInAt, used).Status(422).Has(".error-summary", "sent twice")
		}
		// Too late.
		late := answer(h.Visitor(), d, signInAt+"/begin")
		h.Clock.Pass(6 * time.Minute)
		send(h.Visitor(), signInAt, late).Status(422).Has(".error-summary", "took too long")
		// What was never asked, and what is no answer at all.
		never := d.Show([]byte(`{"challenge":"bmV2ZXItYXNrZWQtbmV2ZXItYXNrZWQtbmV2ZXI","rpId":"alliance.example.org"}`))
		send(h.Visitor(), signInAt, never).Status(422)
		send(h.Visitor(), signInAt, "{}").Status(422)
		send(h.Visitor(), signInAt, "").Status(422)
		// From another site.
		d.Origin = "http://alliance.example.com"
		v := h.Visitor()
		lie := answer(v, d, signInAt+"/begin")
		send(v, signInAt, lie).Status(422).Has(".error-summary", "does not count here")
		d.Origin = h.Origin
		// A passkey nobody made here.
		stranger := authenticator.New(t, h.Origin)
		show(h.Visitor(), stranger, signInAt+"/begin", signInAt).Status(422).Has(".error-summary", "does not count here")
		// It proves again who one is, and nobody else.
		h.Clock.Pass(time.Hour)
		c.Get("/en/me/erase").Has("h1", "Is it still you?")
		show(c, d, signInAt+"/begin", signInAt).Status(200).Has("h1", "My page")
		c.Get("/en/me/erase").Has("h1", "Erase")
		other := h.As(h.Person("Amina").ID, "")
		show(other, d, signInAt+"/begin", signInAt).Status(422)
		other.Get("/en/me").Has("nav.who", "Amina")
	}, named)
}

// A challenge is used up by a wrong answer too, and of many who send the same
// right one at once, one comes in.
func TestOneChallengeOneAnswer(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		p := h.Person("Rosa")
		d, _ := makePasskey(t, h, h.As(p.ID, ""), "My phone")
		asked := []byte(h.Visitor().Post("/en"+signInAt+"/begin", nil).Body)
		d.Forged = true
		send(h.Visitor(), signInAt, d.Show(asked)).Status(422)
		d.Forged = false
		send(h.Visitor(), signInAt, d.Show(asked)).Status(422)

		right := answer(h.Visitor(), d, signInAt+"/begin")
		var all sync.WaitGroup
		var mu sync.Mutex
		in := 0
		for range 6 {
			all.Go(func() {
				page := send(h.Visitor(), signInAt, right)
				mu.Lock()
				defer mu.Unlock()
				if page.Code == 200 {
					in++
				}
			})
		}
		all.Wait()
		if in != 1 {
			t.Errorf("%d came in", in)
		}
	}, named)
}

// A passkey is a second factor: neither the password nor a link by mail nor
// an invitation goes past it, and nobody else's stands in for it.
func TestPasskeyIsASecondFactor(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		p, other := h.Person("Rosa"), h.Person("Amina")
		give(t, h, p, password)
		d, page := makePasskey(t, h, h.As(p.ID, ""), "My phone")
		code := codeOnPaper.FindStringSubmatch(page.Body)[1]
		foreign, _ := makePasskey(t, h, h.As(other.ID, ""), "Hers")

		half := func() *housetest.Client {
			c := h.Visitor()
			c.Get("/en/sign-in").Submit("Sign in", map[string]string{"email": p.Email, "password": password}).Status(200).Has("h1", "One more step").Has("main", "Show a passkey")
			return c
		}
		c := half()
		c.Get("/en/me").Has("h1", "Sign in")
		if asked := c.Post("/en"+secondAt+"/begin", nil).Status(200).Body; !strings.Contains(asked, `"allowCredentials":[{"type":"public-key"`) {
			t.Error("asks for any passkey:", asked)
		}
		show(c, foreign, secondAt+"/begin", secondAt).Status(422)
		// The answer to another question is none to this one.
		send(c, secondAt, answer(h.Visitor(), d, signInAt+"/begin")).Status(422)
		show(c, d, secondAt+"/begin", secondAt).Status(200).Has("h1", "My page")
		c.Get("/en/me/security").Has("li.card", "With second factor")

		// A link by mail.
		h.Visitor().Get("/en/sign-in").Submit("Send me a link", map[string]string{"email": p.Email})
		c = h.Visitor()
		c.Get(strings.TrimPrefix(linkIn(t, h, p.Email, "/sign-in/link"), h.Origin)).Submit("Sign in", nil).Has("h1", "One more step")
		c.Get("/en/me").Has("h1", "Sign in")
		show(c, d, secondAt+"/begin", secondAt).Has("h1", "My page")

		// Without scripts, paper: once.
		half().Get("/en/sign-in/second").Submit("Sign in", map[string]string{"code": code}).Has("h1", "My page")
		half().Get("/en/sign-in/second").Submit("Sign in", map[string]string{"code": code}).Status(422)

		// Nobody waits: nothing is asked.
		h.Visitor().Post("/en"+secondAt+"/begin", nil).Status(401)
	}, named)
}

func TestPasskeysAreLookedAfter(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		p, other := h.Person("Rosa"), h.Person("Amina")
		give(t, h, p, password)
		c := h.As(p.ID, "")
		first, _ := makePasskey(t, h, c, "My phone")
		_, page := makePasskey(t, h, c, "Key on the ring")
		page.Has("main", "The passkey is kept").Has("li.card", "My phone").Has("li.card", "Key on the ring").Has("main", "10 recovery codes are left")
		if mails := strings.Join(h.Mails(), ""); strings.Count(mails, "passkey was added") < 2 {
			t.Error("a new passkey is not told by mail")
		}
		// The same again is known.
		asked := c.Post("/en/me/security/passkeys/begin", nil).Status(200).Body
		c.Post("/en/me/security/passkeys/new", url.Values{"name": {"Again"}, "answer": {first.Make([]byte(asked))}}).Status(409).Has(".error-summary", "known here already")
		c.Post("/en/me/security/passkeys/new", url.Values{"name": {"Twice"}, "answer": {first.Make([]byte(asked))}}).Status(409, 422)
		// A name is needed, and what was typed stays.
		d := authenticator.New(t, h.Origin)
		asked = c.Post("/en/me/security/passkeys/begin", nil).Body
		c.Post("/en/me/security/passkeys/new", url.Values{"name": {" "}, "answer": {d.Make([]byte(asked))}}).Status(422).Has(".error-summary", "a name")

		list, err := people.PasskeysOf(context.Background(), h.DB, p.ID)
		if err != nil || len(list) != 2 {
			t.Fatal(list, err)
		}
		one := "/en/me/security/passkeys/" + list[0].ID
		c.Get(one).Status(200).Submit("Keep", map[string]string{"name": ""}).Status(422)
		c.Get(one).Submit("Keep", map[string]string{"name": "Old phone"}).Status(200).Has("li.card", "Old phone")
		stranger := h.As(other.ID, "")
		stranger.Get(one).Status(404)
		stranger.Post(one, url.Values{"name": {"Mine"}}).Status(404)
		stranger.Post(one+"/remove", nil).Status(404)

		// Made by somebody who proved lately who they are, and nobody else.
		h.Clock.Pass(time.Hour)
		c.Get("/en/me/security/passkeys/new").Has("h1", "Is it still you?")
		c.Post("/en/me/security/passkeys/begin", nil).Status(403)
		c.Get(one+"/remove").Has("h1", "Is it still you?")
		show(c, first, signInAt+"/begin", signInAt).Status(200)

		c.Get(one+"/remove").Status(200).Submit("Remove this passkey", nil).Status(200).Lacks("main", "Old phone").Has("main", "10 recovery codes")
		show(h.Visitor(), first, signInAt+"/begin", signInAt).Status(422)
		// The last one: the password is enough again, the codes on paper are over.
		c.Get("/en/me/security/passkeys/"+list[1].ID+"/remove").Has("main", "only second factor").Submit("Remove this passkey", nil).Lacks("main", "recovery codes are left")
		h.Visitor().Get("/en/sign-in").Submit("Sign in", map[string]string{"email": p.Email, "password": password}).Has("h1", "My page")
	}, named)
}

// A counter that does not go on: two devices sign with one key. The person is
// told, whoever of the two they are.
func TestCopiedPasskey(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		p := h.Person("Rosa")
		d, _ := makePasskey(t, h, h.As(p.ID, ""), "My phone")
		d.Counter = 40
		show(h.Visitor(), d, signInAt+"/begin", signInAt).Status(200)
		d.Counter = 20
		show(h.Visitor(), d, signInAt+"/begin", signInAt).Status(422).Has(".error-summary", "may have been copied")
		told := false
		for _, m := range h.Mails() {
			told = told || strings.Contains(m, p.Email) && strings.Contains(m, "My phone")
		}
		if !told {
			t.Error("nobody is told")
		}
		d.Counter = 41
		show(h.Visitor(), d, signInAt+"/begin", signInAt).Status(200).Has("h1", "My page")
	}, named)
}

// Rights that need a second factor are awake after a passkey, and asleep once
// the last one is gone; who lost it is helped by the coordination.
func TestPasskeyWakesRights(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		boss, p := h.Person("Boss", people.Grant{Role: people.Coordinator}), h.Person("Rosa")
		city := h.Organisation("City", people.LocalAuthority)
		var m people.Mandate
		h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
			if m, err = people.AddMandate(ctx, tx, people.Mandate{Organisation: city.ID, Person: p.ID, Edit: true}); err == nil {
				err = people.RequireFactorFor(ctx, tx, city.ID, true)
			}
			return err
		})
		c := h.As(p.ID, m.ID)
		c.Get("/en/invitations/new").Status(403)
		d, _ := makePasskey(t, h, c, "My phone")
		c.Get("/en/me").Has("nav.who", "City")
		c.Get("/en/invitations/new").Status(200)
		v := h.Visitor()
		show(v, d, signInAt+"/begin", signInAt).Has("nav.who", "City")

		h.As(boss.ID, "").Get("/en/people/"+p.ID+"/factor").Status(200).Submit("Take it away", nil).Status(200).Has("main", "taken away")
		v.Get("/en/me").Has("h1", "Sign in")
		show(h.Visitor(), d, signInAt+"/begin", signInAt).Status(422)
		h.As(p.ID, m.ID).Get("/en/invitations/new").Status(403)
	}, named)
}
