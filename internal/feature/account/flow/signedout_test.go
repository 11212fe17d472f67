package flow_test

import (
	"context"
	"crypto/rand"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/people"
)

const endedEvent = "http://schemas.openid.net/event/backchannel-logout"

// ended is what the town says when somebody's session there is over. A value of
// nil takes a claim away.
func (w *town) ended(h *housetest.House, more map[string]any) map[string]any {
	now := h.DB.Now().Time()
	said := map[string]any{"iss": w.URL, "aud": "alliance", "iat": now.Unix(), "exp": now.Add(2 * time.Minute).Unix(), "jti": rand.Text(), "events": map[string]any{endedEvent: map[string]any{}}}
	for k, v := range more {
		if said[k] = v; v == nil {
			delete(said, k)
		}
	}
	return said
}

// typed signs a logout token with a type and an algorithm of its own.
func typed(t *testing.T, alg jose.SignatureAlgorithm, key any, typ string, claims any) string {
	t.Helper()
	options := (&jose.SignerOptions{}).WithHeader("kid", "1")
	if typ != "" {
		options = options.WithType(jose.ContentType(typ))
	}
	return signedBy(t, jose.SigningKey{Algorithm: alg, Key: key}, options, claims)
}

// tell sends a token as a provider does: a server, without cookies and Origin.
func tell(t *testing.T, h *housetest.House, provider, token string, header ...string) (int, string) {
	t.Helper()
	req, _ := http.NewRequest("POST", h.Server.URL+"/api/v1/providers/"+provider+"/signed-out", strings.NewReader(url.Values{"logout_token": {token}}.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, _ := io.ReadAll(res.Body)
	if cache := res.Header.Get("Cache-Control"); cache != "no-store" {
		t.Errorf("%d may be kept: %q", res.StatusCode, cache)
	}
	return res.StatusCode, string(body)
}

// inside lets Rosa in through the town, in a session that the town calls sid.
func (w *town) inside(t *testing.T, h *housetest.House, sid string) *housetest.Client {
	t.Helper()
	w.says("77", "rosa@town.example", true)
	w.mu.Lock()
	if sid != "" {
		w.claims["sid"] = sid
	}
	w.mu.Unlock()
	c := h.Visitor()
	w.visit(t, h, c, c.Get("/en/sign-in"), "Town").Submit("Sign in", nil).Status(200).Has("nav.who", "Rosa")
	return c
}

func isIn(c *housetest.Client) bool { return strings.HasSuffix(c.Get("/en/me").Path, "/me") }

// A town where Rosa may sign in, and its identifier here.
func townOfRosa(t *testing.T, h *housetest.House) (*town, string) {
	w := newTown(t, h)
	at := w.kept(t, h, "town.example")
	invited(t, h, "rosa@town.example", h.Organisation("City", people.LocalAuthority))
	return w, at
}

func TestAProviderEndsASession(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		w, at := townOfRosa(t, h)
		office, phone, unnamed := w.inside(t, h, "office-1"), w.inside(t, h, "phone-2"), w.inside(t, h, "")
		rosa, err := people.PersonByEmail(context.Background(), h.DB, "rosa@town.example")
		if err != nil {
			t.Fatal(err)
		}
		own := h.As(rosa.ID, "") // signed in here, not there

		// Nobody here has such a session: the answer is the same, and nobody is signed out.
		for _, none := range []map[string]any{{"sid": "office-3"}, {"sub": "78"}, {"sub": "78", "sid": "office-1"}} {
			if code, body := tell(t, h, at, signed(t, w.key, w.ended(h, none))); code != 200 || body != "" {
				t.Errorf("%v: %d %q", none, code, body)
			}
		}
		if !isIn(office) || !isIn(phone) || !isIn(unnamed) || !isIn(own) {
			t.Fatal("a session ended that was not meant")
		}
		// One session there, one here.
		if code, body := tell(t, h, at, typed(t, jose.RS256, w.key, "logout+jwt", w.ended(h, map[string]any{"sid": "office-1"}))); code != 200 || body != "" {
			t.Fatalf("%d %q", code, body)
		}
		if isIn(office) || !isIn(phone) || !isIn(unnamed) || !isIn(own) {
			t.Error("not the one session ended")
		}
		// With the person's name, a session here of which no name there is known is among those meant.
		tell(t, h, at, signed(t, w.key, w.ended(h, map[string]any{"sid": "office-9", "sub": "77"})))
		if !isIn(phone) || isIn(unnamed) || !isIn(own) {
			t.Error("what has no name there goes on, or another ended")
		}
		// The person, wherever: all sessions the town opened, and no other. A link that is gone changes nothing.
		tablet := w.inside(t, h, "tablet-4")
		own.Get("/en/me/security").Submit("Unlink", nil).Status(200)
		if code, _ := tell(t, h, at, signed(t, w.key, w.ended(h, map[string]any{"sub": "77"}))); code != 200 || isIn(phone) || isIn(tablet) || !isIn(own) {
			t.Error("all sessions of somebody there:", code, isIn(phone), isIn(tablet), isIn(own))
		}
		// The journal knows: thrice the town, and nothing for the names nobody has.
		if n, err := db.One(context.Background(), h.DB, db.Value[int], `SELECT count(*) FROM journal WHERE verb = 'person.signed-out-there'`); err != nil || n != 3 {
			t.Error(n, err)
		}
		own.Get("/en/me").Submit("Sign out", nil)
		if n, err := db.One(context.Background(), h.DB, db.Value[int], `SELECT count(*) FROM journal WHERE verb = 'person.signed-out'`); err != nil || n != 1 {
			t.Error(n, err)
		}
	}, named)
}

// A session stays the town's through all that happens to it, and its names there
// are nowhere to be read.
func TestASessionRemembersWhereItCameFrom(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		w, at := townOfRosa(t, h)
		end := func(sid string) {
			t.Helper()
			if code, _ := tell(t, h, at, signed(t, w.key, w.ended(h, map[string]any{"sid": sid}))); code != 200 {
				t.Fatal(code)
			}
		}
		c := w.inside(t, h, "office-session-11")
		kept, err := db.All(context.Background(), h.DB, func(r db.Row) (s [2]string, err error) { return s, r.Scan(&s[0], &s[1]) }, `SELECT there, whom FROM session WHERE there <> ''`)
		if err != nil || len(kept) != 1 || len(kept[0][0]) != 43 || len(kept[0][1]) != 43 || strings.Contains(kept[0][0]+kept[0][1], "office") {
			t.Fatal(kept, err)
		}
		// Who shows here once more who they are goes on in the same session, as they see it.
		rosa, _ := people.PersonByEmail(context.Background(), h.DB, "rosa@town.example")
		h.Do(func(ctx context.Context, tx *db.Tx) error {
			hash, err := people.HashPassword(ctx, "a long sentence of mine")
			if err != nil {
				return err
			}
			return people.SetPassword(ctx, tx, rosa.ID, hash)
		})
		c.Get("/en/me/erase").Has("h1", "Is it still you?").Submit("Sign in", map[string]string{"password": "a long sentence of mine"}).Status(200)
		end("office-session-11")
		if isIn(c) {
			t.Error("a session outlived its end, once proved")
		}
		// Signing in here, by oneself, is no session of the town.
		c = w.inside(t, h, "office-session-12")
		c.Get("/en/me").Submit("Sign out", nil)
		c.Get("/en/sign-in").Submit("Sign in", map[string]string{"email": "rosa@town.example", "password": "a long sentence of mine"}).Has("nav.who", "Rosa")
		end("office-session-12")
		if !isIn(c) {
			t.Error("a session of one's own was ended from there")
		}
		// One that waits for its second factor is ended too, before and after.
		setUp(t, h, c)
		half := func(sid string) *housetest.Client {
			w.says("77", "rosa@town.example", true)
			w.mu.Lock()
			w.claims["sid"] = sid
			w.mu.Unlock()
			c := h.Visitor()
			w.visit(t, h, c, c.Get("/en/sign-in"), "Town").Submit("Sign in", nil).Has("h1", "One more step")
			return c
		}
		c = half("office-session-13")
		end("office-session-13")
		if c.Get("/en/sign-in/second"); c.Get("/en/sign-in/second").Path != "/en/sign-in" {
			t.Error("the second step goes on")
		}
	}, named)
}

// What is not the town's word, or not this word, ends nothing.
func TestWhatEndsNoSession(t *testing.T) {
	h := housetest.New(t, db.SQLite, named)
	w, at := townOfRosa(t, h)
	c := w.inside(t, h, "office-1")
	word := func(more map[string]any) map[string]any {
		said := map[string]any{"sid": "office-1"}
		maps.Copy(said, more)
		return w.ended(h, said)
	}
	now := h.DB.Now().Time()
	sign := func(claims any) string { return signed(t, w.key, claims) }
	once := sign(word(map[string]any{"sid": "office-0"}))
	if code, _ := tell(t, h, at, once); code != 200 {
		t.Fatal(code)
	}
	whole := sign(word(nil))
	parts := strings.Split(whole, ".")
	secretOfKey := []byte(strings.Repeat(townSecret, 2))
	for name, token := range map[string]string{
		"nothing":            "",
		"no token":           "a.b.c",
		"said twice":         once,
		"not signed":         "eyJhbGciOiJub25lIn0." + parts[1] + ".",
		"cut":                parts[0] + "." + parts[1] + ".",
		"signed by others":   signed(t, w.other, word(nil)),
		"a key both know":    typed(t, jose.HS256, secretOfKey, "", word(nil)),
		"an unusual way":     typed(t, jose.RS512, w.key, "", word(nil)),
		"a type of others":   typed(t, jose.RS256, w.key, "at+jwt", word(nil)),
		"another issuer":     sign(word(map[string]any{"iss": "https://login.example.org"})),
		"no issuer":          sign(word(map[string]any{"iss": nil})),
		"for another site":   sign(word(map[string]any{"aud": "other"})),
		"for nobody":         sign(word(map[string]any{"aud": nil})),
		"over":               sign(word(map[string]any{"exp": now.Add(-time.Minute).Unix()})),
		"without end":        sign(word(map[string]any{"exp": nil})),
		"of last week":       sign(word(map[string]any{"iat": now.Add(-7 * 24 * time.Hour).Unix()})),
		"of tomorrow":        sign(word(map[string]any{"iat": now.Add(24 * time.Hour).Unix(), "exp": now.Add(25 * time.Hour).Unix()})),
		"of no time":         sign(word(map[string]any{"iat": nil})),
		"without name":       sign(word(map[string]any{"jti": nil})),
		"an ID token":        sign(word(map[string]any{"nonce": "n"})),
		"a nonce of nothing": signed(t, w.key, withNull(word(nil), "nonce")),
		"no event":           sign(word(map[string]any{"events": nil})),
		"another event":      sign(word(map[string]any{"events": map[string]any{"https://example.org/other": map[string]any{}}})),
		"an event in vain":   sign(word(map[string]any{"events": map[string]any{endedEvent: true}})),
		"of nobody":          sign(word(map[string]any{"sid": nil})),
		"too long":           sign(word(map[string]any{"more": strings.Repeat("x", 20_000)})),
	} {
		if code, body := tell(t, h, at, token); code != 400 || strings.Contains(body, "office") {
			t.Errorf("%s: %d %s", name, code, body)
		}
	}
	if code, _ := tell(t, h, "0000000000000000", whole); code != 400 {
		t.Error("a provider that is none:", code)
	}
	// No page of another site sends it from somebody's browser.
	if code, _ := tell(t, h, at, whole, "Origin", "https://evil.example"); code != 403 {
		t.Error("from another site:", code)
	}
	if !isIn(c) {
		t.Fatal("signed out all the same")
	}
	if code, _ := tell(t, h, at, strings.Repeat("x", 1<<20)); code != 413 {
		t.Error("far too long:", code)
	}
	if code, _ := tell(t, h, at, whole); code != 200 || isIn(c) {
		t.Error("and the whole one:", code)
	}
	// A provider that was taken away has no say.
	c = w.inside(t, h, "office-2")
	op := h.As(h.Person("Operator", people.Grant{Role: people.Operator}).ID, "")
	op.Get("/en/providers/"+at).Has("main", h.Origin+"/api/v1/providers/"+at+"/signed-out")
	op.Get("/en/providers/"+at+"/end").Submit("Take it away", nil).Status(200)
	if code, _ := tell(t, h, at, sign(word(map[string]any{"sid": "office-2"}))); code != 400 || !isIn(c) {
		t.Error("taken away:", code)
	}
}

func withNull(claims map[string]any, name string) map[string]any { claims[name] = nil; return claims }

// Nonsense in its name does not make us ask the town again and again, nor hold
// up its own word; new keys are found all the same.
func TestNonsenseInItsName(t *testing.T) {
	h := housetest.New(t, db.SQLite, named)
	w, at := townOfRosa(t, h)
	c := w.inside(t, h, "office-1")
	w.mu.Lock()
	before := w.keysAsked
	w.mu.Unlock()
	slow, began := 0, h.DB.Now()
	for range 150 {
		if code, _ := tell(t, h, at, signed(t, w.other, w.ended(h, map[string]any{"sid": "office-1"}))); code == 429 {
			slow++
		}
	}
	w.mu.Lock()
	asked := w.keysAsked - before
	w.mu.Unlock()
	if most := 2 + int(h.DB.Now().Time().Sub(began.Time())/(10*time.Second)); slow == 0 || asked > most {
		t.Errorf("%d of 150 were told to wait, the town was asked %d times", slow, asked)
	}
	if !isIn(c) {
		t.Fatal("nonsense signed somebody out")
	}
	h.Clock.Pass(11 * time.Minute)
	// It signs with another key from now on.
	w.mu.Lock()
	w.key, w.other = w.other, w.key
	w.mu.Unlock()
	if code, _ := tell(t, h, at, signed(t, w.key, w.ended(h, map[string]any{"sid": "office-1"}))); code != 200 || isIn(c) {
		t.Error("after nonsense:", code)
	}
	c = w.inside(t, h, "office-2")
	w.mu.Lock()
	w.key, w.other = w.other, w.key
	w.mu.Unlock()
	h.Clock.Pass(time.Minute)
	if code, _ := tell(t, h, at, signed(t, w.key, w.ended(h, map[string]any{"sid": "office-2"}))); code != 200 || isIn(c) {
		t.Error("with a new key:", code)
	}
}
