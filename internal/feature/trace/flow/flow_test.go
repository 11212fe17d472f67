package flow_test

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/lineage"
	"alliance/internal/platform/people"
)

// shelf is a house with a few proposals and what became of them.
type shelf struct {
	*housetest.House
	author, reader people.Person
	by             people.Actor
	city           people.Organisation

	first, second, merged, motion, aside, orphan, draft string
	merge                                               lineage.Derivation
}

func (h *shelf) write(kind, title string, state entry.State) (id string) {
	h.Do(func(ctx context.Context, tx *db.Tx) error {
		e, err := entry.Add(ctx, tx, h.by, entry.Entry{Kind: kind, Lang: "en", State: state, Person: h.author.ID, Organisation: h.city.ID,
			Fields: map[string]lang.Text{entry.Title: lang.New("en", title), entry.Summary: lang.New("en", "In plain words: "+title)}}, entry.Facts{"level": "local"})
		id = e.ID
		return err
	})
	return id
}

func (h *shelf) derive(kind lineage.Kind, reason string, parents []lineage.Link, children ...string) (d lineage.Derivation) {
	h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
		d = lineage.Derivation{Kind: kind, Role: "committee", Certain: true, Parents: parents}
		if reason != "" {
			d.Reason = lang.New("en", reason)
		}
		for _, c := range children {
			d.Children = append(d.Children, lineage.Link{Entry: c, Revision: 1})
		}
		d, err = lineage.Add(ctx, tx, people.Actor{}, d)
		return err
	})
	return d
}

func from(ids ...string) (links []lineage.Link) {
	for _, id := range ids {
		links = append(links, lineage.Link{Entry: id, Revision: 1})
	}
	return links
}

func withShelf(t *testing.T, test func(*testing.T, *shelf)) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		s := &shelf{House: h, reader: h.Person("Reader")}
		s.city = h.Organisation("Town of Wolkenried", people.LocalAuthority)
		var m people.Mandate
		s.author, m = h.Delegate("Author", s.city)
		s.by = h.Actor(s.author.ID, m.ID)
		s.first, s.second = s.write("proposal", "Open the school kitchens", entry.Published), s.write("proposal", "Kitchens on Sundays", entry.Published)
		s.merged, s.motion = s.write("proposal", "Kitchens, evenings and Sundays", entry.Published), s.write("motion", "Kitchens for the quarter", entry.Published)
		s.aside, s.orphan = s.write("proposal", "One big centre", entry.Published), s.write("proposal", "Training on rights", entry.Published)
		s.draft = s.write("proposal", "Not yet told", entry.Draft)
		taken := from(s.first, s.second)
		taken[1].Taken, taken[1].LeftOut, taken[1].Why = "the Sunday", "the price", "nobody should pay"
		s.merge = s.derive(lineage.Merged, "The same kitchens", taken, s.merged)
		s.derive(lineage.PutToVote, "", from(s.merged), s.motion)
		s.derive(lineage.SetAside, "Too far from the people", from(s.aside))
		test(t, s)
	})
}

// From any point one walks both ways, with credit, reason and the other parent.
func TestLineageBothWays(t *testing.T) {
	withShelf(t, func(t *testing.T, h *shelf) {
		v := h.Visitor()
		down := v.Get("/en/lineage/"+h.first).Status(200).Has("p", "It begins here.")
		down.Has("ul.tree", "Merged").Has("ul.tree", "Kitchens, evenings and Sundays").Has("ul.tree", "Put to the vote").Has("ul.tree", "Kitchens for the quarter").Has("p", "The same kitchens")
		if down.Count("svg.lin") != 1 {
			t.Error("nothing is drawn")
		}
		up := v.Get("/en/lineage/" + h.motion).Status(200)
		up.Has("ul.tree", "Open the school kitchens").Has("ul.tree", "Kitchens on Sundays").Has("dd", "the Sunday").Has("dd", "the price").Has("dd", "nobody should pay")
		// The end of the line is no fault of anybody: only authors of proposals are owed an answer.
		up.Has("p", "Nothing yet.").Lacks("main", "The committee owes a reason")
		if svg := v.Get("/en/lineage/" + h.first + "?as=svg").Status(200); !strings.HasPrefix(svg.Body, "<svg") {
			t.Error("the drawing alone:", svg.Body[:40])
		}

		// An undone merge stays told, and leads no further.
		h.Do(func(ctx context.Context, tx *db.Tx) error {
			_, err := lineage.Undo(ctx, tx, people.Actor{}, h.merge.ID, "committee", lang.New("en", "They differ after all"))
			return err
		})
		v.Get("/en/lineage/"+h.first).Has("ul.tree", "Taken back later").Lacks("ul.tree", "Kitchens for the quarter").Has("main", "The committee owes a reason")
	})
}

func TestOrphanAndSetAside(t *testing.T) {
	withShelf(t, func(t *testing.T, h *shelf) {
		h.Visitor().Get("/en/lineage/"+h.orphan).Status(200).Has("main", "The committee owes a reason")
		h.Visitor().Get("/fr/lineage/"+h.orphan).Status(200).Has("main", "Le comité doit une raison")
		h.Visitor().Get("/en/lineage/"+h.aside).Status(200).Has("ul.tree", "Set aside").Has("p", "Too far from the people").Lacks("main", "owes a reason")
	})
}

// What one may not know of is not there, nor told by what surrounds it.
func TestHiddenParts(t *testing.T) {
	withShelf(t, func(t *testing.T, h *shelf) {
		h.derive(lineage.Answers, "", from(h.draft), h.second)
		for _, page := range []string{"/lineage/", "/history/"} {
			h.Visitor().Get("/en" + page + h.draft).Status(404)
		}
		h.As(h.reader.ID, "").Get("/en/translate/" + h.draft).Status(404)
		h.Visitor().Get("/en/lineage/"+h.second).Status(200).Lacks("main", "Not yet told").Has("main", "1 text is not open to you")
		if code := h.Call("", "GET", "/entries/"+h.draft+"/history", nil, nil); code != 404 {
			t.Error("the API tells of it:", code)
		}
		var out struct {
			Entries []struct{ ID string }
		}
		h.Call("", "GET", "/entries/"+h.second+"/lineage", nil, &out)
		for _, e := range out.Entries {
			if e.ID == h.draft {
				t.Error("the API tells of it in a lineage")
			}
		}
	})
}

// Authors find on their own page what became of each text.
func TestWhatBecameOfIt(t *testing.T) {
	withShelf(t, func(t *testing.T, h *shelf) {
		page := h.As(h.author.ID, "").Get("/en/me/contributions").Status(200).Has("h2", "Open the school kitchens").Has("h2", "Not yet told")
		if !strings.Contains(strings.Join(page.Links("main"), " "), "/en/lineage/"+h.first) {
			t.Error("no way to what became of it")
		}
		page.Follow("What became of it? Open the school kitchens").Status(200).Has("ul.tree", "Put to the vote")
		h.As(h.reader.ID, "").Get("/en/me/contributions").Lacks("main", "kitchens")
	})
}

// Each version stays, with its author, its differences and its facts in words.
func TestHistory(t *testing.T) {
	withShelf(t, func(t *testing.T, h *shelf) {
		h.Do(func(ctx context.Context, tx *db.Tx) error {
			e, err := entry.Get(ctx, tx, h.first)
			if err != nil {
				return err
			}
			e.Set(entry.Summary, "In plain words: open the big kitchens")
			_, err = entry.Change(ctx, tx, h.by, e, entry.Facts{"level": "alliance"})
			return err
		})
		p := h.Visitor().Get("/en/history/"+h.first).Status(200).Has("p", "by Author, for Town of Wolkenried").Has("ins", "big").Has("del", "school").Has("dt", "Level").Has("del", "in one place").Has("ins", "in the whole alliance")
		if p.Count("time") < 2 {
			t.Error("a version is missing")
		}
		h.Visitor().Get("/fr/history/"+h.first).Has("dt", "Échelle").Has("ins", "dans toute l’alliance").Lacks("dl", "local")
	})
}

// A translation keeps its author's name; when the original changes, that field
// alone is marked.
func TestTranslation(t *testing.T) {
	withShelf(t, func(t *testing.T, h *shelf) {
		h.Visitor().Get("/fr/translate/"+h.first).Has("h1", "Se connecter")
		c := h.As(h.reader.ID, "")
		form := c.Get("/en/translate/"+h.first+"?to=fr").Status(200).Has("p.original", "Open the school kitchens")
		form = form.Submit("Keep the translation", map[string]string{"field.title": "Ouvrir les cuisines", "field.summary": "En clair."}).Status(200).Has("main", "Your translation is kept")
		form.Lacks("span.pill", "The original changed since")
		h.Visitor().Get("/fr/history/"+h.first).Has("h2", "traduction").Has("p", "Reader")
		h.Do(func(ctx context.Context, tx *db.Tx) error {
			e, err := entry.Get(ctx, tx, h.first)
			if err != nil {
				return err
			}
			e.Set(entry.Summary, "Said in another way.")
			_, err = entry.Change(ctx, tx, h.by, e, nil)
			return err
		})
		again := c.Get("/en/translate/" + h.first + "?to=fr").Status(200)
		if n := strings.Count(again.Text("main"), "The original changed since"); n != 1 {
			t.Errorf("%d fields are marked stale, want the one that changed", n)
		}
		again.Submit("Keep the translation", map[string]string{"to": "en"}).Status(422) // into the original's own language
		again.Submit("Keep the translation", map[string]string{"to": "xx-nowhere-at-all"}).Status(422)
	})
}

// The journal tells members what happened, in words of their language; what
// concerns persons is for the secretariat.
func TestJournal(t *testing.T) {
	withShelf(t, func(t *testing.T, h *shelf) {
		h.Visitor().Get("/en/journal").Has("h1", "Sign in")
		h.Do(func(ctx context.Context, tx *db.Tx) error {
			return people.EndMandate(ctx, tx, h.by.Mandate.ID, "")
		})
		member := h.As(h.reader.ID, "").Get("/fr/journal").Status(200)
		member.Has("td", "Author · Town of Wolkenried").Has("td", "a ajouté").Has("td", "Fusion").Has("td", "Open the school kitchens").Lacks("table", "Not yet told")
		of := member.Follow("Town of Wolkenried").Status(200)
		of.Has("main", "Seulement les lignes de").Has("td", "Open the school kitchens")
		h.As(h.reader.ID, "").Get("/fr/journal?by="+h.reader.ID).Status(200).Lacks("main", "Open the school kitchens")
		if c := h.As(h.Person("Amina", people.Grant{Role: people.Coordinator}).ID, "").Get("/fr/journal").Status(200); !strings.Contains(c.Text("table"), "Not yet told") {
			t.Error("the secretariat does not see drafts of members")
		}
	})
}

func TestAccessTableInWords(t *testing.T) {
	h := housetest.New(t, db.SQLite)
	for _, l := range []string{"fr", "ar"} {
		p := h.Visitor().Get("/" + l + "/access").Status(200)
		for _, code := range []string{"mandate to", "signed in", "committee", "coordinator", "everyone"} {
			p.Lacks("td", code)
		}
	}
	h.Visitor().Get("/fr/access").Has("td", "Qui peut parler pour une organisation ou Comité de pilotage")
}

// What programs may read and write of any entry.
func TestAPI(t *testing.T) {
	withShelf(t, func(t *testing.T, h *shelf) {
		var token string
		h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
			token, err = people.AddToken(ctx, tx, people.Token{Person: h.reader.ID, Name: "test", Reads: true, Writes: true})
			return err
		})
		var story struct {
			Root        string
			Derivations []struct {
				Kind              string
				Parents, Children []struct{ Entry, Taken string }
			}
		}
		if code := h.Call("", "GET", "/entries/"+h.merged+"/lineage", nil, &story); code != 200 || story.Root != h.merged || len(story.Derivations) != 2 ||
			story.Derivations[0].Kind != "merged" || story.Derivations[0].Parents[1].Taken != "the Sunday" {
			t.Error(code, story)
		}
		in := map[string]any{"field": "title", "lang": "it", "words": "Cucine"}
		if code := h.Call("", "POST", "/entries/"+h.first+"/translations", in, nil); code != 401 {
			t.Error("a visitor translates:", code)
		}
		var e struct {
			Texts map[string]struct{ Versions map[string]string }
		}
		if code := h.Call(token, "POST", "/entries/"+h.first+"/translations", in, &e); code != 200 || e.Texts["title"].Versions["it"] != "Cucine" {
			t.Error(code, e)
		}
		var versions []struct{ Revision int }
		if code := h.Call("", "GET", "/entries/"+h.first+"/history", nil, &versions); code != 200 || len(versions) != 2 || versions[0].Revision != 2 {
			t.Error(code, versions)
		}
		var lines []struct{ Verb, Subject string }
		if code := h.Call(token, "GET", "/journal?subject="+h.first, nil, &lines); code != 200 || len(lines) == 0 || lines[0].Verb != "proposal.translated" {
			t.Error(code, lines)
		}
		for query, some := range map[string]bool{"for=" + h.city.ID: true, "for=nobody": false, "person=" + h.author.ID: true} {
			lines = nil
			if code := h.Call(token, "GET", "/journal?"+query, nil, &lines); code != 200 || len(lines) > 0 != some {
				t.Error(query, code, lines)
			}
		}
	})
}

// Each thing the journal can tell has its words: none is told as a code.
func TestEveryVerbHasWords(t *testing.T) {
	words, err := os.ReadFile("../did.go")
	if err != nil {
		t.Fatal(err)
	}
	told := regexp.MustCompile(`(?:Verb: |verb := |verb, [^"=]* = |roleChanged\([^"]*|noted\([^"]*)"([a-z]+\.[a-z-]+)"`)
	found := 0
	for _, dir := range []string{"account", "agenda", "assembly", "directory", "discussion", "plenary", "setup", "synthesis", "workshop"} {
		files, _ := filepath.Glob(filepath.Join("..", "..", dir, "*.go"))
		for _, f := range files {
			if strings.HasSuffix(f, "_test.go") {
				continue
			}
			source, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range told.FindAllSubmatch(source, -1) {
				found++
				if verb := string(m[1]); !strings.HasSuffix(verb, ".factor") && !strings.Contains(string(words), `"`+verb+`"`) {
					t.Errorf("%s tells %q, and nobody put that in words", f, verb)
				}
			}
		}
	}
	if found < 25 {
		t.Errorf("only %d verbs found: does the pattern still fit?", found)
	}
}
