package flow_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
)

func organisation(t *testing.T, c *housetest.Client, title string, more map[string]string) string {
	t.Helper()
	form := map[string]string{"title": title, "kind": "local_authority", "country": "FR"}
	for k, v := range more {
		form[k] = v
	}
	p := c.Get("/en/organisations/new").Submit("Save", form).Status(200)
	return p.Path[strings.LastIndexByte(p.Path, '/')+1:]
}

func add(t *testing.T, h *housetest.House, kind string, r record.Record) string {
	t.Helper()
	h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
		r.Lang = "fr"
		r, err = h.Kinds[kind].Records.Add(ctx, tx, people.Actor{}, r)
		return err
	})
	return r.ID
}

// state is all that a merge may touch, to hold against what undoing leaves.
func state(t *testing.T, h *housetest.House, ids ...string) string {
	t.Helper()
	var all []any
	for _, one := range ids {
		e, err := entry.Past(context.Background(), h.DB, one)
		if err != nil {
			t.Fatal(err)
		}
		list, err := record.Fill(context.Background(), h.DB, []entry.Entry{e})
		if err != nil {
			t.Fatal(err)
		}
		r := list[0]
		r.Entry.Revision, r.Entry.Changed = 0, 0 // history goes on
		all = append(all, r)
	}
	rows := func(text string) {
		list, err := db.All(context.Background(), h.DB, db.Pair[string, string], text)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, list)
	}
	rows(`SELECT id, organisation FROM mandate ORDER BY id`)
	rows(`SELECT entry || name, value FROM record_value ORDER BY entry, name, n`)
	rows(`SELECT id || follower, entry || mark FROM follow ORDER BY id`)
	rows(`SELECT id, organisation FROM entry ORDER BY id`)
	rows(`SELECT id, entry FROM comment ORDER BY id`)
	b, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// hop asks without following redirects.
func hop(t *testing.T, h *housetest.House, path string) (int, string) {
	t.Helper()
	c := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := c.Get(h.Server.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	return res.StatusCode, res.Header.Get("Location")
}

func TestTwoRecordsBecomeOneAndTwoAgain(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		c := h.As(h.Person("Rosa", people.Grant{Role: people.Coordinator}).ID, "")
		kept := organisation(t, c, "Ville de Port-Oriane", map[string]string{"website": "port-oriane.example.org"})
		given := organisation(t, c, "Port-Oriane (Ville de)", map[string]string{"summary": "Ce que nous faisons.", "works": "Mali, Niger", "town": "Lyon", "precision": "exact", "address": "3 quai du Port"})
		p, m := h.Delegate("Lina", people.Organisation{ID: given})
		practice := add(t, h, "practice", record.Record{Answers: record.Answers{"lead": {given}}, Entry: entry.Entry{Organisation: given, Fields: map[string]lang.Text{entry.Title: lang.New("fr", "Carte")}, State: entry.Draft}})
		both := add(t, h, "practice", record.Record{Answers: record.Answers{"societies": {kept, given}}, Entry: entry.Entry{Fields: map[string]lang.Text{entry.Title: lang.New("fr", "Bus")}, State: entry.Draft}})
		lina := h.As(p.ID, m.ID)
		for _, id := range []string{kept, given} { // follows both: one of the two gives way
			lina.Get("/en/follow?entry="+id).Submit("Follow", nil).Status(200)
		}
		lina.Get("/en/discussions/"+given).Submit("Publish", map[string]string{"words": "Nous y serons.", "words-lang": "fr"}).Status(200)
		before := state(t, h, kept, given, practice, both)

		h.Visitor().Get("/en/merges").Status(200).Has("h1", "Sign in")
		lina.Get("/en/merges").Status(403)
		page := c.Get("/en/merges").Status(200).Has("td", "Port-Oriane").Follow("Compare and merge").Status(200).Has("th", "In one line").Has("td", "Ce que nous faisons.").Has("td", "3 quai du Port")
		page.Follow("Keep the other address").Status(200)
		at := c.Get("/en/organisations/"+kept).Follow("Merge with a second record").Status(200).Submit("Compare both", map[string]string{"given": "Nowhere"}).Status(422).Has(".error-summary", "none of this name").
			Submit("Compare both", map[string]string{"given": "Port-Oriane (Ville de)"}).Status(200)
		stale := c.Get(at.Path)
		done := at.Submit("Make them one", map[string]string{"take-title": "kept"}).Status(200).Has("main", "Port-Oriane")
		if again := at.Submit("Make them one", map[string]string{"take-title": "kept"}).Status(200); again.Path != done.Path {
			t.Errorf("sent twice: %s, then %s", done.Path, again.Path)
		}
		if n := count(t, h, `SELECT count(*) FROM record_merge`); n != 1 {
			t.Errorf("%d merges", n)
		}
		stale.Submit("Make them one", map[string]string{"take-title": "given"}).Status(200) // the same two again: one merge
		e, _ := entry.Get(context.Background(), h.DB, kept)
		if e.Title().Original() != "Ville de Port-Oriane" || e.Text(entry.Summary).Original() != "Ce que nous faisons." {
			t.Errorf("what stays: %v", e.Fields)
		}
		h.Visitor().Get("/en/organisations/"+kept).Has("dl.facts", "Mali").Lacks("dl.facts", "quai du Port") // its place was known: that of the kept one stays

		// Both addresses are alive: page, history, API, files, lists narrowed by it.
		for path, to := range map[string]string{
			"/fr/organisations/" + given: "/fr/organisations/" + kept, "/ar/history/" + given: "/ar/history/" + kept, "/en/open/organisation.atom?by=" + given: "/en/open/organisation.atom?by=" + kept,
			"/api/v1/organisations/" + given: "/api/v1/organisations/" + kept, "/en/practices?by=" + given: "/en/practices?by=" + kept,
		} {
			code, where := hop(t, h, path)
			want := 301
			if strings.Contains(path, "/api/") || strings.Contains(path, "?") {
				want = 308
			}
			if code != want || where != to {
				t.Errorf("%s: %d %s", path, code, where)
			}
		}
		if got := h.Visitor().Get("/en/organisations/" + given).Status(200); got.Path != "/en/organisations/"+kept {
			t.Error(got.Path)
		}
		// Never to another host, and not however many are asked for at once.
		for _, path := range []string{"//evil.example/fr/organisations?by=" + given, "//evil.example/" + given} {
			if _, where := hop(t, h, path); strings.HasPrefix(where, "//") {
				t.Errorf("%s leads to %s", path, where)
			}
		}
		many := "/en/practices?by=" + given + strings.Repeat("&by="+given, 20)
		if code, where := hop(t, h, many); code != 200 {
			t.Errorf("many: %d %s", code, where)
		}
		for _, path := range []string{"/en/organisations", "/en/search?q=oriane", "/en/work/organisation", "/api/v1/organisations"} {
			if strings.Contains(c.Get(path).Status(200).Body, given) {
				t.Errorf("%s shows what was given up", path)
			}
		}
		// What pointed there points here; Lina acts for the one that is kept.
		if a := h.Actor(p.ID, m.ID); a.For() != kept {
			t.Errorf("acts for %s", a.For())
		}
		lina.Get("/en/organisations/" + kept + "/edit").Status(200)
		lina.Get("/en/organisations/"+kept).Has("main", "People with a mandate")
		list := fill(t, h, practice, both)
		if list[0].Organisation != kept || !slices.Equal(list[0].Answers["lead"], []string{kept}) || !slices.Equal(list[1].Answers["societies"], []string{kept}) {
			t.Errorf("%+v", list)
		}
		if n := count(t, h, `SELECT count(*) FROM follow WHERE entry = $1`, kept); n != 1 {
			t.Errorf("%d follows", n)
		}
		found, err := entry.Called(context.Background(), h.DB, people.Actor{}, []string{"organisation"}, given)
		if err != nil || len(found) != 1 || found[0].ID != kept {
			t.Errorf("a list that names it: %v %v", found, err)
		}

		// Taken back: both exactly as before, in all that points at them.
		done.Submit("Take it back", nil).Status(200).Has("main", "taken back")
		if after := state(t, h, kept, given, practice, both); after != before {
			t.Errorf("not as before:\n%s\n%s", before, after)
		}
		h.Visitor().Get("/en/organisations/"+given).Status(200).Has("h1", "Port-Oriane (Ville de)")
		if a := h.Actor(p.ID, m.ID); a.For() != given {
			t.Errorf("acts for %s", a.For())
		}
		if broken, err := journal.Check(context.Background(), h.DB); err != nil || broken != 0 {
			t.Errorf("the journal breaks at %d: %v", broken, err)
		}
		c.Get("/en/merges").Submit("They are two", nil).Status(200).Lacks("main", "Compare and merge")
	})
}

func fill(t *testing.T, h *housetest.House, ids ...string) (list []record.Record) {
	t.Helper()
	for _, one := range ids {
		e, err := entry.Get(context.Background(), h.DB, one)
		if err != nil {
			t.Fatal(err)
		}
		r, err := record.Fill(context.Background(), h.DB, []entry.Entry{e})
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, r[0])
	}
	return list
}

func count(t *testing.T, h *housetest.House, text string, args ...any) int {
	t.Helper()
	n, err := db.One(context.Background(), h.DB, db.Value[int], text, args...)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestTwoAtOnce: the same two the same way round, the other way round, and with
// a third, all at one moment; then later changes, a chain, and its undoing.
func TestTwoAtOnce(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		rosa := h.Person("Rosa", people.Grant{Role: people.Coordinator})
		c := h.As(rosa.ID, "")
		a, b, third := organisation(t, c, "Une", nil), organisation(t, c, "Deux", nil), organisation(t, c, "Trois", nil)
		var token string
		h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
			token, err = people.AddToken(ctx, tx, people.Token{Person: rosa.ID, Name: "t", Reads: true, Writes: true})
			return err
		})
		var wg sync.WaitGroup
		codes := make([]int, 8)
		for i := range codes {
			wg.Go(func() {
				in := map[string]any{"kept": a, "given": b}
				if i%2 == 1 {
					in = map[string]any{"kept": b, "given": a}
				}
				codes[i] = h.Call(token, "POST", "/merges", in, nil)
			})
		}
		wg.Wait()
		if n := count(t, h, `SELECT count(*) FROM record_merge WHERE undone = 0`); n != 1 {
			t.Fatalf("%d merges: %v", n, codes)
		}
		for _, code := range codes {
			if code != 201 && code != 409 && code != 404 {
				t.Errorf("answers: %v", codes)
			}
		}
		if !slices.Contains(codes, 201) {
			t.Fatalf("nobody merged: %v", codes)
		}
		m, _ := entry.Merges(context.Background(), h.DB, 1)
		kept := m[0].Kept
		// The kept one is given up in turn: both old addresses lead to the last.
		if code := h.Call(token, "POST", "/merges", map[string]any{"kept": third, "given": kept}, nil); code != 201 {
			t.Fatal(code)
		}
		for _, id := range []string{a, b} {
			if got := h.Visitor().Get("/en/organisations/" + id).Status(200); got.Path != "/en/organisations/"+third {
				t.Errorf("%s leads to %s", id, got.Path)
			}
		}
		if code := h.Call(token, "POST", "/merges/"+m[0].ID+"/undo", nil, nil); code != 409 {
			t.Errorf("an earlier one first: %d", code)
		}
		last, _ := entry.Merges(context.Background(), h.DB, 1)
		c.Get("/en/organisations/"+third+"/edit").Submit("Save", map[string]string{"title": "Trois, changée"}).Status(200)
		var undone struct{ Words bool }
		if code := h.Call(token, "POST", "/merges/"+last[0].ID+"/undo", nil, &undone); code != 200 || undone.Words {
			t.Errorf("%d %+v", code, undone)
		}
		h.Visitor().Get("/en/organisations/"+third).Status(200).Has("h1", "Trois, changée")
		if code := h.Call(token, "POST", "/merges/"+m[0].ID+"/undo", nil, &undone); code != 200 || !undone.Words {
			t.Errorf("%d %+v", code, undone)
		}
		for _, id := range []string{a, b, third} {
			if got := h.Visitor().Get("/en/organisations/" + id).Status(200); got.Path != "/en/organisations/"+id {
				t.Errorf("%s leads to %s", id, got.Path)
			}
		}
		if code := h.Call(token, "POST", "/merges/"+m[0].ID+"/undo", nil, nil); code != 409 {
			t.Errorf("taken back twice: %d", code)
		}
	})
}
