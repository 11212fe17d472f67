package flow_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/outside"
	"alliance/internal/platform/people"
)

// town is a provider of OpenID Connect in this process: it signs what a test
// wants said, or what a liar would.
type town struct {
	*httptest.Server
	key    *rsa.PrivateKey
	other  *rsa.PrivateKey // not the one it publishes
	mu     sync.Mutex
	claims map[string]any                       // of whoever signs in
	lie    func(map[string]any) *rsa.PrivateKey // changes what is signed; nil = the truth
	codes  map[string]url.Values                // what was asked with, by code
	asked  url.Values                           // the last question

	keysAsked int // how often somebody asked for its keys
}

const townSecret = "a secret between two"

func newTown(t *testing.T, h *housetest.House) *town {
	t.Helper()
	w := &town{codes: map[string]url.Values{}}
	for _, k := range []**rsa.PrivateKey{&w.key, &w.other} {
		made, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			t.Fatal(err)
		}
		*k = made
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(rw http.ResponseWriter, _ *http.Request) {
		reply(rw, map[string]any{"issuer": w.URL, "authorization_endpoint": w.URL + "/ask", "token_endpoint": w.URL + "/token", "jwks_uri": w.URL + "/keys", "end_session_endpoint": w.URL + "/leave", "id_token_signing_alg_values_supported": []string{"RS256"}})
	})
	mux.HandleFunc("GET /keys", func(rw http.ResponseWriter, _ *http.Request) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.keysAsked++
		reply(rw, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: w.key.Public(), KeyID: "1", Algorithm: "RS256", Use: "sig"}}})
	})
	mux.HandleFunc("GET /ask", func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		defer w.mu.Unlock()
		q := r.URL.Query()
		code := rand.Text()
		w.codes[code], w.asked = q, q
		http.Redirect(rw, r, q.Get("redirect_uri")+"?"+url.Values{"code": {code}, "state": {q.Get("state")}}.Encode(), http.StatusFound)
	})
	mux.HandleFunc("POST /token", func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		defer w.mu.Unlock()
		asked, known := w.codes[r.PostFormValue("code")]
		delete(w.codes, r.PostFormValue("code"))
		id, secret, _ := r.BasicAuth()
		sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
		secret, _ = url.QueryUnescape(secret)
		if !known || id != "alliance" || secret != townSecret || asked.Get("code_challenge") != base64.RawURLEncoding.EncodeToString(sum[:]) || r.PostFormValue("redirect_uri") != asked.Get("redirect_uri") {
			rw.WriteHeader(http.StatusBadRequest)
			reply(rw, map[string]string{"error": "invalid_grant"})
			return
		}
		said := map[string]any{"iss": w.URL, "aud": "alliance", "nonce": asked.Get("nonce"), "iat": h.DB.Now().Time().Unix(), "exp": h.DB.Now().Time().Add(time.Minute).Unix()}
		for k, v := range w.claims {
			said[k] = v
		}
		key := w.key
		if w.lie != nil {
			if k := w.lie(said); k != nil {
				key = k
			}
		}
		reply(rw, map[string]any{"access_token": "none", "token_type": "Bearer", "id_token": signed(t, key, said)})
	})
	w.Server = httptest.NewServer(mux)
	t.Cleanup(w.Close)
	own := netip.MustParseAddrPort(strings.TrimPrefix(w.URL, "http://"))
	h.Outside.Ports, h.Outside.Public = nil, func(a netip.Addr) bool { return a == own.Addr() || outside.Public(a) }
	return w
}

func reply(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(v)
}

func signed(t *testing.T, key *rsa.PrivateKey, claims any) string {
	return signedBy(t, jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: key, KeyID: "1"}}, nil, claims)
}

func signedBy(t *testing.T, key jose.SigningKey, options *jose.SignerOptions, claims any) string {
	signer, err := jose.NewSigner(key, options)
	if err != nil {
		t.Error(err)
		return ""
	}
	b, _ := json.Marshal(claims)
	made, err := signer.Sign(b)
	if err != nil {
		t.Error(err)
		return ""
	}
	text, _ := made.CompactSerialize()
	return text
}

// kept lets an operator add the town, and gives its identifier here.
func (w *town) kept(t *testing.T, h *housetest.House, domains string) string {
	t.Helper()
	c := h.As(h.Person("Operator", people.Grant{Role: people.Operator}).ID, "")
	form := c.Get("/en/providers/new").Status(200)
	form.Submit("Keep", map[string]string{"name": "", "issuer": "ftp://x", "client": "", "secret": ""}).Status(422).Has(".error-summary", "https://login.example.org")
	form.Submit("Keep", map[string]string{"name": "Town", "issuer": h.Server.URL, "client": "alliance", "secret": townSecret}).Status(422).Has(".error-summary", "no provider")
	form.Submit("Keep", map[string]string{"name": "Town", "issuer": w.URL, "client": "alliance", "secret": townSecret, "domains": domains}).Status(200).Has("li.card", "Town")
	ids, err := db.All(context.Background(), h.DB, db.Value[string], `SELECT id FROM provider`)
	if err != nil || len(ids) != 1 {
		t.Fatal(ids, err)
	}
	return ids[0]
}

// visit goes to the town and back, as a browser does, and gives the page one
// comes back to.
func (w *town) visit(t *testing.T, h *housetest.House, c *housetest.Client, from *housetest.Page, button string) *housetest.Page {
	t.Helper()
	out := from.Submit(button, nil).Status(200).Has("h1", "On to Town")
	_, address, ok := strings.Cut(out.Header.Get("Refresh"), "url=")
	if !ok || !strings.HasPrefix(address, w.URL+"/ask?") {
		t.Fatalf("leads to %q", out.Header.Get("Refresh"))
	}
	no := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := no.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	back := res.Header.Get("Location")
	if !strings.HasPrefix(back, h.Origin+"/sign-in/with/") {
		t.Fatalf("sent back to %q", back)
	}
	return c.Get(strings.TrimPrefix(back, h.Origin))
}

func (w *town) says(subject, email string, verified any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.claims, w.lie = map[string]any{"sub": subject, "email": email, "email_verified": verified, "name": "Rosa of the town"}, nil
}

func invited(t *testing.T, h *housetest.House, email string, o people.Organisation) {
	t.Helper()
	c := h.As(h.Person("Coordinator", people.Grant{Role: people.Coordinator}).ID, "")
	c.Get("/en/invitations/new?organisation="+o.ID).Submit("Send the invitation", map[string]string{"email": email, "name": "Rosa"}, url.Values{"scope": {"speak"}}).Status(200)
}

func TestSignInThroughAProvider(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		w := newTown(t, h)
		w.kept(t, h, "example.org, town.example")
		city := h.Organisation("City", people.LocalAuthority)
		come := func(c *housetest.Client) *housetest.Page {
			t.Helper()
			return w.visit(t, h, c, c.Get("/en/sign-in"), "Town").Has("h1", "Back from Town").Submit("Sign in", nil)
		}
		// Nobody invited: no account is made, and none opened.
		w.says("77", "rosa@town.example", true)
		come(h.Visitor()).Status(403).Has("main", "no account of yours")
		if _, err := people.PersonByEmail(context.Background(), h.DB, "rosa@town.example"); err == nil {
			t.Fatal("an account was made")
		}
		// Invited: the address it has checked accepts the invitation.
		invited(t, h, "rosa@town.example", city)
		w.says("77", "rosa@town.example", false)
		come(h.Visitor()).Status(403)
		w.says("77", "rosa@town.example", "true")
		c := h.Visitor()
		come(c).Status(200).Has("h1", "My page").Has("nav.who", "City").Has("nav.who", "Rosa")
		// From now on its word for the person is enough, whatever the address.
		w.says("77", "rosa@elsewhere.example", false)
		come(h.Visitor()).Has("nav.who", "Rosa")
		// Somebody else there with her address is nobody here: an account has one name there.
		w.says("78", "rosa@town.example", true)
		come(h.Visitor()).Status(409)
		// Signing out tells where one may be signed in still.
		c.Get("/en/me").Submit("Sign out", nil).Has("h1", "You are signed out").Has("main", "Sign out at Town too")

		// PKCE, nonce and state were asked with, and each visit has its own.
		w.mu.Lock()
		asked := w.asked
		w.mu.Unlock()
		if asked.Get("code_challenge_method") != "S256" || len(asked.Get("nonce")) < 20 || len(asked.Get("state")) < 40 || asked.Get("response_type") != "code" {
			t.Error(asked)
		}
		// A second factor set up here is asked for all the same.
		rosa, err := people.PersonByEmail(context.Background(), h.DB, "rosa@town.example")
		if err != nil {
			t.Fatal(err)
		}
		setUp(t, h, h.As(rosa.ID, ""))
		w.says("77", "rosa@town.example", true)
		come(h.Visitor()).Has("h1", "One more step")
	}, named)
}

// Only whom it may speak for, and only who was invited.
func TestWhatAProviderMayNotOpen(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		w := newTown(t, h)
		w.kept(t, h, "town.example")
		come := func() *housetest.Page {
			t.Helper()
			c := h.Visitor()
			return w.visit(t, h, c, c.Get("/en/sign-in"), "Town").Submit("Sign in", nil)
		}
		other := h.Person("Other") // at example.org, which is not the town's
		w.says("1", other.Email, true)
		come().Status(403)
		// The first account of a house was invited by nobody.
		h.Do(func(ctx context.Context, tx *db.Tx) error {
			_, err := people.AddPerson(ctx, tx, people.Person{Name: "Founder", Email: "founder@town.example", Lang: "en"})
			return err
		})
		w.says("2", "founder@town.example", true)
		come().Status(403)
		// It links the account itself, from a page of its own, after showing who it is.
		founder, _ := people.PersonByEmail(context.Background(), h.DB, "founder@town.example")
		c := h.As(founder.ID, "")
		w.visit(t, h, c, c.Get("/en/me/security"), "Link it to my account").Submit("Link it to my account", nil).Status(200).Has("li.card", "Linked")
		come().Status(200).Has("nav.who", "Founder")
		c.Get("/en/me/security").Submit("Unlink", nil).Status(200).Lacks("li.card", "Linked")
		come().Status(403)
	}, named)
}

// What comes back is worth something once, soon, and in the browser that left.
func TestAVisitIsOfOneBrowser(t *testing.T) {
	h := housetest.New(t, db.SQLite, named)
	w := newTown(t, h)
	w.kept(t, h, "town.example")
	invited(t, h, "rosa@town.example", h.Organisation("City", people.LocalAuthority))
	w.says("77", "rosa@town.example", true)

	c := h.Visitor()
	back := w.visit(t, h, c, c.Get("/en/sign-in"), "Town")
	path := strings.Split(back.Path, "?")[0]
	stolen := back.Form(path)
	h.Visitor().Post(path, stolen).Status(422) // another browser: somebody else's visit
	c.Get(path+"?error=access_denied&state="+stolen.Get("state")).Status(200).Has("h1", "did not let you in")
	back.Submit("Sign in", nil).Status(200).Has("h1", "My page")
	c.Post(path, stolen).Status(422)
	c.Get(back.Path).Status(422)
	// Who is signed in there without being asked again has proved nothing.
	c.Get("/en/me/erase").Has("h1", "Is it still you?").Lacks("main", "Town")

	c = h.Visitor()
	back = w.visit(t, h, c, c.Get("/en/sign-in"), "Town")
	h.Clock.Pass(11 * time.Minute)
	back.Submit("Sign in", nil).Status(422)
	c.Get(path + "?error=access_denied&state=none").Status(422)
}

func TestAProviderThatLies(t *testing.T) {
	h := housetest.New(t, db.SQLite, named)
	w := newTown(t, h)
	w.kept(t, h, "town.example")
	invited(t, h, "rosa@town.example", h.Organisation("City", people.LocalAuthority))
	for name, lie := range map[string]func(map[string]any) *rsa.PrivateKey{
		"another nonce":    func(c map[string]any) *rsa.PrivateKey { c["nonce"] = "another"; return nil },
		"no nonce":         func(c map[string]any) *rsa.PrivateKey { delete(c, "nonce"); return nil },
		"for another site": func(c map[string]any) *rsa.PrivateKey { c["aud"] = "other"; return nil },
		"another issuer":   func(c map[string]any) *rsa.PrivateKey { c["iss"] = "https://login.example.org"; return nil },
		"over": func(c map[string]any) *rsa.PrivateKey {
			c["exp"] = h.DB.Now().Time().Add(-time.Minute).Unix()
			return nil
		},
		"nobody":           func(c map[string]any) *rsa.PrivateKey { delete(c, "sub"); return nil },
		"signed by others": func(map[string]any) *rsa.PrivateKey { return w.other },
	} {
		w.says("77", "rosa@town.example", true)
		w.mu.Lock()
		w.lie = lie
		w.mu.Unlock()
		c := h.Visitor()
		w.visit(t, h, c, c.Get("/en/sign-in"), "Town").Submit("Sign in", nil).Status(502).Has("h1", "does not answer as it should")
		if _, err := people.PersonByEmail(context.Background(), h.DB, "rosa@town.example"); err == nil {
			t.Errorf("%s: came in", name)
		}
	}
	// A network inside is never asked, whoever names it.
	h.Outside.Public = outside.Public
	c := h.Visitor()
	c.Get("/en/sign-in").Submit("Town", nil).Status(502)
	// Secrets lie sealed.
	kept, err := db.One(context.Background(), h.DB, db.Value[string], `SELECT secret FROM provider`)
	if err != nil || strings.Contains(kept, townSecret) {
		t.Error(kept, err)
	}
}

func TestOnlyOperatorsKeepProviders(t *testing.T) {
	h := housetest.New(t, db.SQLite, named)
	w := newTown(t, h)
	at := "/en/providers/" + w.kept(t, h, "")
	h.As(h.Person("Coordinator", people.Grant{Role: people.Coordinator}).ID, "").Get(at).Status(403)
	c := h.As(h.Person("Operator", people.Grant{Role: people.Operator}).ID, "")
	c.Get(at).Status(200).Lacks("main", townSecret).Submit("Keep", map[string]string{"name": "Town hall"}).Status(200).Has("li.card", "Town hall")
	h.Visitor().Get("/en/sign-in").Has("main", "Town hall")
	h.Clock.Pass(time.Hour)
	c.Get(at).Has("h1", "Is it still you?")
	c = h.As(h.Person("Operator", people.Grant{Role: people.Operator}).ID, "")
	c.Get(at+"/end").Submit("Take it away", nil).Status(200).Has("main", "None so far")
	h.Visitor().Get("/en/sign-in").Lacks("main", "Town hall")
}
