package flow_test

import (
	"context"
	"io"
	"maps"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"

	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/people"
	"alliance/internal/platform/seal"
)

// coordinator gives somebody who may add organisations: the form most tests of
// this package send.
func coordinator(h *housetest.House) *housetest.Client {
	return h.As(h.Person("Rosa", people.Grant{Role: people.Coordinator}).ID, "")
}

var house = map[string]string{"title": "House of Trial", "kind": "civil_society", "country": "FR"}

func TestTheSameFormCountsOnce(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		c := coordinator(h)
		form := c.Get("/en/organisations/new").Status(200)
		first := form.Submit("Save", house).Status(200)
		again := form.Submit("Save", house).Status(200)
		if first.Path != again.Path {
			t.Errorf("sent twice: %s and %s", first.Path, again.Path)
		}
		// Back in the browser, something else typed, sent again: that is a second one.
		other := form.Submit("Save", map[string]string{"title": "Another house", "kind": "civil_society", "country": "IT"}).Status(200)
		if other.Path == first.Path {
			t.Error("what was typed after going back is lost")
		}
	})
}

// TestSentAgainUnderAnotherKeyOfTheHouse: where nobody can read any more what a
// form led to, it still counts once, and whoever sends it again is told so.
func TestSentAgainUnderAnotherKeyOfTheHouse(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		form := coordinator(h).Get("/en/organisations/new").Status(200)
		form.Submit("Save", house).Status(200)
		other, err := seal.Load("", t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		h.App.Router.Key = other
		form.Submit("Save", house).Status(409).Has("main", "it counted")
		if n, err := db.One(t.Context(), h.DB, db.Value[int], `SELECT count(*) FROM entry WHERE kind = 'organisation'`); err != nil || n != 1 {
			t.Errorf("%d organisations, %v", n, err)
		}
	})
}

func TestManyAtOnceWithOneKeyAreOne(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		form := coordinator(h).Get("/en/organisations/new").Status(200)
		paths := make(chan string, 8)
		for range cap(paths) {
			go func() { paths <- form.Submit("Save", house).Status(200).Path }()
		}
		first := <-paths
		for range cap(paths) - 1 {
			if p := <-paths; p != first {
				t.Errorf("%s and %s", first, p)
			}
		}
	})
}

// A form that another site sends is refused before anything is read of it.
func TestFormsOfOtherSites(t *testing.T) {
	h := housetest.New(t, db.SQLite)
	for header, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"} {
		req, _ := http.NewRequest("POST", h.Server.URL+"/fr/sign-in", strings.NewReader("email=a%40b.cd"))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set(header, value)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if res.StatusCode != 403 || !strings.Contains(string(body), `lang="fr"`) {
			t.Errorf("%s: %d %.200s", header, res.StatusCode, body)
		}
	}
}

func TestHeadersOfEveryAnswer(t *testing.T) {
	h := housetest.New(t, db.SQLite)
	for _, path := range []string{"/fr/", "/fr/nowhere", "/s/nothing.css", "/api/v1/organisations", "/healthz", "/fr/me"} {
		res, err := http.Get(h.Server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		csp := res.Header.Get("Content-Security-Policy")
		for _, need := range []string{"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
			if !strings.Contains(csp, need) {
				t.Errorf("%s: policy without %s", path, need)
			}
		}
		if strings.Contains(csp, "unsafe") || res.Header.Get("X-Content-Type-Options") != "nosniff" || res.Header.Get("Referrer-Policy") != "same-origin" {
			t.Errorf("%s: %v", path, res.Header)
		}
	}
}

// What one person sees is never served to the next, and a visitor gets no cookie.
func TestPagesAreNotMixedUp(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		c := coordinator(h)
		page := c.Get("/en/").Status(200).Has("nav.who", "Rosa")
		if cache := page.Header.Get("Cache-Control"); !strings.Contains(cache, "private") {
			t.Errorf("a page of somebody signed in: %q", cache)
		}
		v := h.Visitor()
		for range 2 { // the second comes from the pages kept
			p := v.Get("/en/").Status(200).Lacks("nav.who", "Rosa")
			if p.Header.Get("Set-Cookie") != "" || len(v.Cookies()) > 0 {
				t.Error("a visitor is remembered")
			}
		}
		c.Get("/en/").Has("nav.who", "Rosa")

		// What was just written stands on the kept page of the next visitor.
		v.Get("/en/organisations").Lacks("main", "House of Trial")
		c.Get("/en/organisations/new").Submit("Save", house).Status(200)
		v.Get("/en/organisations").Has("main", "House of Trial")
	})
}

func TestAddressesAndLanguages(t *testing.T) {
	h := housetest.New(t, db.SQLite)
	v := h.Visitor()
	v.Get("/xx/organisations").Status(404)
	v.Get("/fr/organisations/%00").Status(404)
	v.Get("/fr/organisations/../../etc/passwd").Status(404)
	v.Get("/organisations?q=a").Status(200) // printed without a language: led to the reader's
	if p := v.Get("/ar/nowhere").Status(404); !strings.Contains(p.Body, `dir="rtl"`) {
		t.Error("an Arabic page that is not there reads from the left")
	}
	if p := v.Get("/fr"); p.Path != "/fr/" {
		t.Errorf("/fr leads to %s", p.Path)
	}
	if p := v.Get("/fr/half%25full").Status(404); !strings.Contains(p.Body, `href="/ar/half%25full"`) {
		t.Error("the same address in another language is another address")
	}
	// Where to go after signing in is an address of this house only.
	for _, evil := range []string{"https://evil.example", "//evil.example", `/\evil.example`, "/\tevil"} {
		p := v.Get("/en/sign-in?then=" + url.QueryEscape(evil)).Status(200)
		if strings.Contains(p.Body, "evil") && strings.Contains(p.Body, `value="`+evil) {
			t.Errorf("%q is kept", evil)
		}
	}
}

// endless is a body that is never kept as a whole.
type endless struct{ left int }

func (e *endless) Read(b []byte) (int, error) {
	if e.left <= 0 {
		return 0, io.EOF
	}
	n := min(len(b), e.left)
	for i := range b[:n] {
		b[i] = 'a'
	}
	e.left -= n
	return n, nil
}

// 100 MB: the sender may send all of it, as browsers do, is told in their
// language, and the house keeps none of it in memory.
func TestTooLarge(t *testing.T) {
	h := housetest.New(t, db.SQLite)
	secret := ""
	for _, c := range coordinator(h).Cookies() {
		secret = c.Value
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for kind, head := range map[string]string{
		"application/x-www-form-urlencoded":        "title=",
		"multipart/form-data; boundary=0123456789": "--0123456789\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n",
	} {
		req, _ := http.NewRequest("POST", h.Server.URL+"/fr/import/organisation", io.MultiReader(strings.NewReader(head), &endless{100 << 20}))
		req.Header.Set("Content-Type", kind)
		req.AddCookie(&http.Cookie{Name: "alliance", Value: secret})
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if res.StatusCode != 413 || !strings.Contains(string(body), `lang="fr"`) || !strings.Contains(string(body), "12") {
			t.Errorf("%s: %d %.300s", kind, res.StatusCode, body)
		}
	}
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 120<<20 {
		t.Errorf("%d MB were allocated", grown>>20)
	}
}

// fill takes away the place to write; what is returned gives it back. SQLite
// gets no page more than it has, PostgreSQL refuses as it does on a full disk.
func fill(h *housetest.House) (back func()) {
	shut, open := []string{"PRAGMA max_page_count = 1"}, []string{"PRAGMA max_page_count = 1000000"}
	if h.DB.Engine == db.PostgreSQL {
		shut = []string{"CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = 'disk_full'; END $$"}
		open = []string{"DROP FUNCTION no_room() CASCADE"}
		for _, table := range []string{"entry", "session", "token"} {
			shut = append(shut, "CREATE TRIGGER no_room BEFORE INSERT OR UPDATE ON "+table+" FOR EACH ROW EXECUTE FUNCTION no_room()")
		}
	}
	do := func(texts []string) {
		h.Do(func(ctx context.Context, tx *db.Tx) error {
			for _, text := range texts {
				if _, err := tx.Exec(ctx, text); err != nil {
					return err
				}
			}
			return nil
		})
	}
	do(shut)
	return func() { do(open) }
}

// TestFullDisk: who is signed in reads on, who writes is told in plain words to
// come back, programs too; the same form goes through once there is room.
func TestFullDisk(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		c := coordinator(h)
		form := c.Get("/fr/organisations/new").Status(200)
		var token string
		h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
			p, err := people.AddPerson(ctx, tx, people.Person{Name: "Program", Email: "program@example.org", Lang: "en"})
			if err == nil {
				err = people.GiveRole(ctx, tx, p.ID, people.Grant{Role: people.Coordinator}, "")
			}
			if err == nil {
				token, err = people.AddToken(ctx, tx, people.Token{Person: p.ID, Name: "t", Reads: true, Writes: true, Expires: tx.Now().Add(24 * time.Hour)})
			}
			return err
		})
		long := maps.Clone(house)
		long["body"] = strings.Repeat("Nous ouvrons une maison. ", 780) // needs pages of its own
		back := fill(h)
		h.Clock.Pass(people.SeenEvery + time.Minute) // the session would be noted as used
		c.Get("/fr/organisations").Status(200)
		told := form.Submit("Enregistrer", long).Status(503).Has("h1", "Pas prêt").Has("main", "envoyez-le encore")
		if told.Header.Get("Retry-After") == "" {
			t.Error("a browser is not told when to come back")
		}
		if code := h.Call(token, "GET", "/organisations", nil, nil); code != 200 {
			t.Errorf("a program that reads: %d", code)
		}
		in := map[string]any{"name": "By program", "kind": "civil_society", "country": "FR", "body": long["body"]}
		if code := h.Call(token, "POST", "/organisations", in, nil); code != 503 {
			t.Errorf("a program that writes: %d", code)
		}
		back()
		first := form.Submit("Enregistrer", long).Status(200)
		if again := form.Submit("Enregistrer", long).Status(200); again.Path != first.Path {
			t.Errorf("counted twice: %s and %s", first.Path, again.Path)
		}
		if code := h.Call(token, "POST", "/organisations", in, nil); code != 201 && code != 200 {
			t.Errorf("a program, once there is room: %d", code)
		}
	})
}

// TestStartWithoutData: a node whose first visitor comes while its data is away
// says so in the reader's language. "Not found" would be a lie that programs,
// feeds and search engines believe.
func TestStartWithoutData(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		rename := func(from, to string) {
			h.Do(func(ctx context.Context, tx *db.Tx) error {
				_, err := tx.Exec(ctx, "ALTER TABLE "+from+" RENAME TO "+to)
				return err
			})
		}
		rename("alliance", "alliance_away")
		told := h.Visitor().Get("/ar/organisations").Status(503).Has("h1", "ليس جاهزًا")
		if told.Header.Get("Retry-After") == "" {
			t.Error("a browser is not told when to come back")
		}
		if code := h.Call("", "GET", "/organisations", nil, nil); code != 503 {
			t.Errorf("a program: %d", code)
		}
		rename("alliance_away", "alliance")
		h.Visitor().Get("/ar/organisations").Status(200)
		if code := h.Call("", "GET", "/organisations", nil, nil); code != 200 {
			t.Errorf("a program, once the data is back: %d", code)
		}
	})
}
