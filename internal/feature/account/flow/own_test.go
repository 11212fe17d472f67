package flow_test

import (
	"context"
	"testing"

	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/notice"
	"alliance/internal/platform/people"
)

// A program reads what its person was told, marks it read, and changes the
// name; nothing of anybody else.
func TestOwnAPI(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		p, other := h.Person("Rosa"), h.Person("Other")
		var token string
		h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
			if err = notice.TellAll(ctx, tx, []string{p.ID, other.ID}, notice.New{Key: "account.notice.roles", English: "Your roles have changed.", Link: "/me"}); err == nil {
				token, err = people.AddToken(ctx, tx, people.Token{Person: p.ID, Name: "test", Reads: true, Writes: true})
			}
			return err
		})
		var list []struct {
			ID, Text, Path string
			Read           bool
		}
		if code := h.Call("", "GET", "/me/notices", nil, nil); code != 401 {
			t.Error("a visitor:", code)
		}
		if code := h.Call(token, "GET", "/me/notices", nil, &list); code != 200 || len(list) != 1 || list[0].Text != "Your roles have changed." || list[0].Read {
			t.Fatal(code, list)
		}
		if code := h.Call(token, "POST", "/me/notices/read", map[string]any{}, &list); code != 200 || !list[0].Read {
			t.Error(code, list)
		}
		if n, err := notice.Unread(context.Background(), h.DB, other.ID); err != nil || n != 1 {
			t.Error("another person's notices:", n, err)
		}
		var me struct{ Name, Lang string }
		for _, wrong := range []map[string]any{{"name": "", "lang": "fr"}, {"name": "Rosa", "lang": "xx"}} {
			if code := h.Call(token, "PUT", "/me", wrong, nil); code != 422 {
				t.Error(wrong, code)
			}
		}
		if code := h.Call(token, "PUT", "/me", map[string]any{"name": "Rosa B.", "lang": "fr"}, &me); code != 200 || me.Name != "Rosa B." || me.Lang != "fr" {
			t.Error(code, me)
		}
	})
}

// Whoever opens a fresh house sees where to begin; what waits is told in the
// language of the page.
func TestFirstTasks(t *testing.T) {
	h := housetest.New(t, db.SQLite)
	c := h.As(h.Person("Amina", people.Grant{Role: people.Coordinator}).ID, "")
	c.Get("/en/me").Has("h3", "Bring in the list of organisations").Has("h3", "Prepare the first assembly")
	c.Get("/fr/me").Has("h3", "Importer la liste des organisations").Has("h3", "Préparer la première rencontre")
	h.As(h.Person("Bo").ID, "").Get("/en/me").Lacks("main", "Prepare the first assembly")
	d := housetest.New(t, db.SQLite, housetest.Demonstration)
	d.As(demo.PersonID("ferrandiz"), "").Get("/en/me").Lacks("main", "Prepare the first assembly")
}
