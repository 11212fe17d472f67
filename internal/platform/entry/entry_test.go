package entry_test

import (
	"context"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"alliance/internal/housetest/dbtest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
	"alliance/internal/platform/search"
)

var schemas = []fs.FS{people.Schema, journal.Schema, search.Schema, entry.Schema}

var nadia = people.Actor{Person: "nadia", Name: "Nadia"}

func newEntry(title string) entry.Entry {
	return entry.Entry{Kind: "practice", Lang: "fr", Fields: map[string]lang.Text{
		entry.Title: lang.New("fr", title), entry.Summary: lang.New("fr", "Un résumé")}}
}

func add(t *testing.T, d *db.DB, e entry.Entry) entry.Entry {
	t.Helper()
	dbtest.Do(t, d, func(ctx context.Context, tx *db.Tx) (err error) {
		e, err = entry.Add(ctx, tx, nadia, e, entry.Facts{"step": "trial"})
		return err
	})
	return e
}

func TestOneChangedSentenceTurnsOneFieldStale(t *testing.T) {
	dbtest.Both(t, schemas, func(t *testing.T, d *db.DB) {
		e := add(t, d, newEntry("Un guichet"))
		dbtest.Do(t, d, func(ctx context.Context, tx *db.Tx) error {
			for _, tag := range []string{"es", "ar"} {
				for _, field := range []string{entry.Title, entry.Summary} {
					if _, err := entry.Translate(ctx, tx, nadia, e.ID, field, tag, field+" "+tag); err != nil {
						return err
					}
				}
			}
			return nil
		})
		dbtest.Do(t, d, func(ctx context.Context, tx *db.Tx) error {
			now, err := entry.Get(ctx, tx, e.ID)
			if err != nil {
				return err
			}
			now.Set(entry.Summary, "Un autre résumé")
			_, err = entry.Change(ctx, tx, nadia, now, nil)
			return err
		})
		now, err := entry.Get(context.Background(), d, e.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, tag := range []string{"es", "ar"} {
			if r := now.Text(entry.Title).In(tag); r.Stale || r.Original {
				t.Errorf("title in %s: %+v", tag, r)
			}
			if r := now.Text(entry.Summary).In(tag); !r.Stale {
				t.Errorf("summary in %s is not stale: %+v", tag, r)
			}
		}
		if r := now.Text(entry.Summary).In("de"); !r.Missing || r.S != "Un autre résumé" || r.Lang != "fr" {
			t.Errorf("fallback: %+v", r)
		}
		revisions, err := entry.Revisions(context.Background(), d, e.ID)
		if err != nil || len(revisions) != 6 || revisions[0].Revision != 6 {
			t.Errorf("revisions: %d %v", len(revisions), err)
		}
		if revisions[5].Facts["step"] != "trial" || revisions[5].Fields[entry.Summary].Original() != "Un résumé" {
			t.Errorf("the first version: %+v", revisions[5])
		}
	})
}

func TestTheSecondOfTwoIsTold(t *testing.T) {
	dbtest.Both(t, schemas, func(t *testing.T, d *db.DB) {
		e := add(t, d, newEntry("Un guichet"))
		change := func(words string) error {
			return d.Do(context.Background(), func(ctx context.Context, tx *db.Tx) error {
				mine := e
				mine.Fields = map[string]lang.Text{entry.Title: e.Fields[entry.Title]}
				mine.Set(entry.Title, words)
				_, err := entry.Change(ctx, tx, nadia, mine, nil)
				return err
			})
		}
		if err := change("Le mien"); err != nil {
			t.Fatal(err)
		}
		if err := change("Le tien"); !fault.Is(err, fault.KindConflict) {
			t.Errorf("the second: %v", err)
		}
	})
}

// Who sees what: the table is the promise.
func TestVisible(t *testing.T) {
	mandated := people.Actor{Person: "ali", Mandate: people.Mandate{ID: "m", Organisation: "ours", Since: 1}, At: 2}
	other := people.Actor{Person: "eva", Mandate: people.Mandate{ID: "n", Organisation: "theirs", Since: 1}, At: 2}
	committee := people.Actor{Person: "cleo", Grants: []people.Grant{{Role: people.Committee, Scope: "assembly"}}}
	elsewhere := people.Actor{Person: "finn", Grants: []people.Grant{{Role: people.Committee, Scope: "another"}}}
	operator := people.Actor{Person: "olu", Grants: []people.Grant{{Role: people.Operator}}}
	who := map[string]people.Actor{"visitor": {}, "ours": mandated, "theirs": other, "committee": committee, "elsewhere": elsewhere, "operator": operator}
	for _, c := range []struct {
		state    entry.State
		audience entry.Audience
		sees     string
	}{
		{entry.Published, entry.Public, "visitor ours theirs committee elsewhere operator"},
		{entry.Published, entry.Members, "ours theirs committee"},
		{entry.Published, entry.Committee, "ours committee"},
		{entry.Draft, entry.Public, "ours committee"},
		{entry.Proposed, entry.Public, "ours committee"},
		{entry.Withdrawn, entry.Public, "ours committee"},
	} {
		e := entry.Entry{ID: "e", Parent: "assembly", Organisation: "ours", Person: "ann", State: c.state, Audience: c.audience}
		for name, a := range who {
			if got, want := e.Visible(a), strings.Contains(" "+c.sees+" ", " "+name+" "); got != want {
				t.Errorf("%s, for %s: %s sees it: %v", c.state, c.audience, name, got)
			}
		}
	}
}

// What was said in a workshop is the matter of its assembly's committee too, of
// no other, and not of the one above.
func TestCommitteeSeesDraftsOfItsWorkshops(t *testing.T) {
	dbtest.Both(t, schemas, func(t *testing.T, d *db.DB) {
		put := func(kind, parent string, state entry.State) string {
			e := newEntry(kind)
			e.Kind, e.Parent, e.State = kind, parent, state
			return add(t, d, e).ID
		}
		above := put("assembly", "", entry.Published)
		assembly := put("assembly", above, entry.Published)
		workshop := put("workshop", assembly, entry.Published)
		draft, withdrawn := put("proposal", workshop, entry.Draft), put("note", workshop, entry.Withdrawn)
		inAssembly := put("motion", assembly, entry.Draft)
		member := func(role people.Role, scope string) people.Actor {
			return people.Actor{Person: "cleo", Grants: []people.Grant{{Role: role, Scope: scope}}}
		}
		found, err := entry.Many(t.Context(), d, []string{draft, withdrawn, inAssembly})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			who  people.Actor
			sees string
		}{
			{member(people.Committee, assembly), draft + withdrawn + inAssembly},
			{member(people.Coordinator, assembly), draft + withdrawn + inAssembly},
			{member(people.Committee, above), ""},
			{member(people.Committee, "another"), ""},
			{member(people.Rapporteur, workshop), draft},
			{member(people.Rapporteur, assembly), inAssembly},
			{member(people.Chair, assembly), ""},
			{people.Actor{}, ""},
		} {
			for id, e := range found {
				if got, want := e.Visible(c.who), strings.Contains(c.sees, id); got != want {
					t.Errorf("%v sees the %s: %v", c.who.Grants, e.Kind, got)
				}
				if _, err := entry.See(t.Context(), d, c.who, "", id); (err == nil) != strings.Contains(c.sees, id) {
					t.Errorf("%v opens the %s: %v", c.who.Grants, e.Kind, err)
				}
			}
		}
	})
}

func TestListsAskAsPagesDo(t *testing.T) {
	dbtest.Both(t, schemas, func(t *testing.T, d *db.DB) {
		for i, audience := range []entry.Audience{entry.Public, entry.Members, entry.Committee} {
			for j, state := range []entry.State{entry.Published, entry.Draft, entry.Withdrawn} {
				e := newEntry(fmt.Sprintf("Fiche %d%d", i, j))
				e.Audience, e.State, e.Class = audience, state, string(audience)
				add(t, d, e)
			}
		}
		ctx := context.Background()
		member := people.Actor{Person: "ali", Mandate: people.Mandate{ID: "m", Organisation: "ours", Since: 1}, At: 2}
		for _, c := range []struct {
			actor people.Actor
			want  int
		}{{people.Actor{}, 1}, {member, 2}, {people.Actor{Person: "k", Grants: []people.Grant{{Role: people.Coordinator}}}, 3}} {
			f := entry.Filter{Kinds: []string{"practice"}, Actor: c.actor}
			list, err := entry.List(ctx, d, f)
			if err != nil || len(list) != c.want {
				t.Errorf("list: %d, %v", len(list), err)
			}
			if n, err := entry.Count(ctx, d, f); err != nil || n != c.want {
				t.Errorf("count: %d, %v", n, err)
			}
			f.Words = "fiche"
			if list, err = entry.List(ctx, d, f); err != nil || len(list) != c.want {
				t.Errorf("search: %d, %v", len(list), err)
			}
			facets, err := entry.Facets(ctx, d, f, entry.ByClass)
			if err != nil || len(facets) != c.want {
				t.Errorf("facets: %v, %v", facets, err)
			}
		}
	})
}

func TestTooLong(t *testing.T) {
	e := newEntry(strings.Repeat("x", 301))
	if err := e.Validate(); !fault.Is(err, fault.KindInvalid) {
		t.Error(err)
	}
	if err := newEntry("").Validate(); !fault.Is(err, fault.KindInvalid) {
		t.Error(err)
	}
}
