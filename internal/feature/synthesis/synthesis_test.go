package synthesis_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"alliance/internal/feature/synthesis"
	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/lineage"
	"alliance/internal/platform/people"
)

func TestValidate(t *testing.T) {
	good := synthesis.Wording{Lang: "en", Title: "One", Summary: "Plain."}
	for name, c := range map[string]struct {
		act  synthesis.Act
		want string // "" = fine
	}{
		"merge":                     {synthesis.Act{Kind: lineage.Merged, Parents: []string{"a", "b"}, Into: []synthesis.Wording{good}}, ""},
		"merge of one":              {synthesis.Act{Kind: lineage.Merged, Parents: []string{"a"}, Into: []synthesis.Wording{good}}, "synthesis.merge.two"},
		"merge of one twice":        {synthesis.Act{Kind: lineage.Merged, Parents: []string{"a", "a"}, Into: []synthesis.Wording{good}}, "synthesis.merge.two"},
		"merge into nothing":        {synthesis.Act{Kind: lineage.Merged, Parents: []string{"a", "b"}}, "synthesis.into.one"},
		"left out without a why":    {synthesis.Act{Kind: lineage.Merged, Parents: []string{"a", "b"}, Credits: []synthesis.Credit{{LeftOut: "x"}}, Into: []synthesis.Wording{good}}, "synthesis.merge.why"},
		"split":                     {synthesis.Act{Kind: lineage.Split, Parents: []string{"a"}, Into: []synthesis.Wording{good, good}}, ""},
		"split into one":            {synthesis.Act{Kind: lineage.Split, Parents: []string{"a"}, Into: []synthesis.Wording{good}}, "synthesis.split.two"},
		"split without plain words": {synthesis.Act{Kind: lineage.Split, Parents: []string{"a"}, Into: []synthesis.Wording{good, {Lang: "en", Title: "x"}}}, "synthesis.summary.empty"},
		"reword":                    {synthesis.Act{Kind: lineage.Reworded, Parents: []string{"a"}, Into: []synthesis.Wording{good}}, ""},
		"reword two":                {synthesis.Act{Kind: lineage.Reworded, Parents: []string{"a", "b"}, Into: []synthesis.Wording{good}}, "synthesis.one"},
		"reword without a title":    {synthesis.Act{Kind: lineage.Reworded, Parents: []string{"a"}, Into: []synthesis.Wording{{Lang: "en", Summary: "x"}}}, "synthesis.title.empty"},
		"a level there is not":      {synthesis.Act{Kind: lineage.Reworded, Parents: []string{"a"}, Into: []synthesis.Wording{{Lang: "en", Title: "x", Summary: "x", Level: "galaxy"}}}, "synthesis.level"},
		"set aside":                 {synthesis.Act{Kind: lineage.SetAside, Parents: []string{"a"}}, ""},
		"set aside and write":       {synthesis.Act{Kind: lineage.SetAside, Parents: []string{"a"}, Into: []synthesis.Wording{good}}, "synthesis.into.none"},
		"a reason for an orphan":    {synthesis.Act{Kind: lineage.NotCarried, Parents: []string{"a"}}, ""},
		"what the plenary does":     {synthesis.Act{Kind: lineage.Adopted, Parents: []string{"a"}}, "fault.not-found"},
		"nothing":                   {synthesis.Act{}, "fault.not-found"},
	} {
		c.act.Reason, c.act.Lang = "Because", "en"
		err := c.act.Validate()
		if list := fault.Of(err); c.want == "" && err != nil || c.want != "" && len(list) == 0 || c.want != "" && c.want != "fault.not-found" && list[0].Key != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		} else if c.want == "fault.not-found" && !fault.Is(err, fault.KindNotFound) {
			t.Errorf("%s: %v", name, err)
		}
		c.act.Reason = ""
		if err := c.act.Validate(); err == nil {
			t.Errorf("%s: without a reason", name)
		}
	}
}

// desk is a house with an assembly, a workshop and its proposals.
type desk struct {
	*housetest.House
	assembly, workshop string
	committee          *housetest.Client
	member             people.Person
	author             people.Person
	mandate            people.Mandate
	organisation       people.Organisation
	a, b, c            string // a and b say nearly the same
}

func both(t *testing.T, test func(*testing.T, *desk)) {
	housetest.Both(t, func(t *testing.T, house *housetest.House) {
		h := &desk{House: house}
		h.organisation = h.Organisation("Harbour Friends", people.CivilSociety)
		h.author, h.mandate = h.Delegate("Awa Author", h.organisation)
		h.Do(func(ctx context.Context, tx *db.Tx) error {
			a, err := entry.Add(ctx, tx, people.Actor{}, entry.Entry{Kind: "assembly", Lang: "en", Fields: text("Meeting")}, nil)
			if err != nil {
				return err
			}
			w, err := entry.Add(ctx, tx, people.Actor{}, entry.Entry{Kind: "workshop", Parent: a.ID, Axis: "A1", Lang: "en", Fields: text("Living here")}, nil)
			if err != nil {
				return err
			}
			h.assembly, h.workshop = a.ID, w.ID
			if _, err := tx.Exec(ctx, `INSERT INTO assembly (entry, timezone) VALUES ($1, 'Europe/Paris')`, a.ID); err != nil {
				return err
			}
			_, err = tx.Exec(ctx, `INSERT INTO workshop (entry, assembly, code, sequence) VALUES ($1,$2,'gt4x9k',3)`, w.ID, a.ID)
			return err
		})
		h.member = h.Person("Carla Committee", people.Grant{Role: people.Committee, Scope: h.assembly})
		h.committee = h.As(h.member.ID, "")
		h.a = h.proposal("Open a municipal counter for newcomers in every city hall", "Every city hall opens a counter where newcomers are received in their language.")
		h.b = h.proposal("Open a counter for newcomers in every city hall", "Every city hall opens a counter where newcomers are received and heard in their language.")
		h.c = h.proposal("Lend empty flats", "Cities list empty flats and lend them.")
		test(t, h)
	})
}

func text(title string) map[string]lang.Text {
	return map[string]lang.Text{entry.Title: lang.New("en", title)}
}

func (h *desk) proposal(title, summary string) (id string) {
	h.Do(func(ctx context.Context, tx *db.Tx) error {
		fields := text(title)
		fields[entry.Summary] = lang.New("en", summary)
		e, err := entry.Add(ctx, tx, people.Actor{Person: h.author.ID, Mandate: h.mandate}, entry.Entry{Kind: "proposal", Class: "local", Parent: h.workshop, Lang: "en", Fields: fields}, nil)
		if err != nil {
			return err
		}
		id = e.ID
		_, err = tx.Exec(ctx, `INSERT INTO proposal (entry, assembly, workshop, level, position) VALUES ($1,$2,$3,'local',1)`, e.ID, h.assembly, h.workshop)
		return err
	})
	return id
}

func (h *desk) path(act string, parents ...string) string {
	return "/en/assemblies/" + h.assembly + "/synthesis/" + act + "?p=" + strings.Join(parents, "&p=")
}

var wording = map[string]string{"title": "A counter in every city hall", "summary": "Newcomers are received and heard.", "reason": "They ask for the same."}

func (h *desk) merge() *housetest.Page {
	return h.committee.Get(h.path("merge", h.a, h.b)).Status(200).Submit("Merge", wording).Status(200)
}

func TestMergeKeepsCreditsAndTellsAuthors(t *testing.T) {
	both(t, func(t *testing.T, h *desk) {
		form := h.committee.Get(h.path("merge", h.a, h.b)).Status(200)
		wrong := form.Submit("Merge", map[string]string{"title": "Kept", "summary": "Kept too", "left.0": "municipal", "reason": ""}).Status(422)
		wrong.Has("div.error-summary", "Say why").Has("div.error-summary", "left out").Has("textarea", "Kept too").Has("textarea", "municipal")
		page := wrong.Submit("Merge", map[string]string{"title": "A counter in every city hall", "taken.0": "the counter", "why.0": "Not every city has one", "reason": "They ask for the same."}).Status(200)
		page.Has("h1", "Merged").Has("main", "They ask for the same.").Has("main", "the counter").Has("main", "Not every city has one").Has("main", "A counter in every city hall").Has("main", "Carla Committee")
		h.Visitor().Get(page.Path).Status(200).Has("main", "They ask for the same.").Lacks("button", "Publish the reply").Lacks("button", "Take it back")

		// The parents stay as they were, in the lineage of the new one.
		h.Visitor().Get("/en/proposals/"+h.a).Status(200).Has("h1", "municipal counter")
		h.Visitor().Get("/en/lineage/"+h.a).Status(200).Has("main", "A counter in every city hall")
		told := 0
		for _, m := range h.Mails() {
			if strings.Contains(m, h.author.Email) && strings.Contains(m, "/synthesis/") {
				told++
			}
		}
		if told != 1 {
			t.Errorf("the author of both was told %d times", told)
		}
		h.committee.Get("/en/assemblies/"+h.assembly+"/synthesis").Status(200).Has("main", "2 dealt with").Has("section", "What the committee did")
	})
}

func TestSplitRewordSetAside(t *testing.T) {
	both(t, func(t *testing.T, h *desk) {
		h.committee.Get(h.path("split", h.c)).Status(200).
			Submit("Split", map[string]string{"title.0": "List empty flats", "summary.0": "Cities list them.", "reason": "Two things"}).Status(422).Has("div.error-summary", "at least two parts").
			Submit("Split", map[string]string{"title.1": "Lend flats", "summary.1": "Cities lend them."}).Status(200).
			Has("h1", "Split").Has("main", "List empty flats").Has("main", "Lend flats")
		h.committee.Get(h.path("reword", h.a)).Status(200).Submit("Reword", map[string]string{"title": "Shorter", "reason": "Clearer"}).Status(200).Has("h1", "Reworded").Has("main", "Shorter")
		h.committee.Get(h.path("set-aside", h.b)).Status(200).Submit("Set aside", map[string]string{"reason": "Said already"}).Status(200).Has("h1", "Set aside").Has("main", "Said already")
		h.committee.Get(h.path("set-aside", h.b)).Status(200).Submit("Set aside", map[string]string{"reason": "Again"}).Status(409).Has("div.error-summary", "dealt with meanwhile").Has("textarea", "Again")
		h.Visitor().Get("/en/assemblies/"+h.assembly+"/coverage").Status(200).Has("main", "Set aside").Has("main", "Split").Has("main", "Reworded")
	})
}

// Two of the committee merge the same proposals: one wins, the other is told.
func TestTwoMergeAtOnce(t *testing.T) {
	both(t, func(t *testing.T, h *desk) {
		const n = 4
		pages, codes, wait := make([]*housetest.Page, n), make([]int, n), sync.WaitGroup{}
		for i := range pages {
			p := h.Person("Member", people.Grant{Role: people.Committee, Scope: h.assembly})
			pages[i] = h.As(p.ID, "").Get(h.path("merge", h.a, h.b)).Status(200)
		}
		for i := range pages {
			wait.Add(1)
			go func() { defer wait.Done(); codes[i] = pages[i].Submit("Merge", wording).Code }()
		}
		wait.Wait()
		won, told := 0, 0
		for _, c := range codes {
			switch c {
			case 200:
				won++
			case 409:
				told++
			}
		}
		if won != 1 || told != n-1 {
			t.Errorf("%v", codes)
		}
		acts, err := lineage.Touching(context.Background(), h.DB, h.a)
		if err != nil || len(acts) != 1 {
			t.Errorf("%d acts, %v", len(acts), err)
		}
		list, err := entry.List(context.Background(), h.DB, entry.Filter{Kinds: []string{"proposal"}, Parent: h.assembly, Any: true, Limit: 10})
		if err != nil || len(list) != 1 {
			t.Errorf("%d new proposals, %v", len(list), err)
		}
	})
}

func TestUndo(t *testing.T) {
	both(t, func(t *testing.T, h *desk) {
		page := h.merge()
		child := h.child(t, page)
		built := h.committee.Get(h.path("reword", child)).Status(200).Submit("Reword", map[string]string{"title": "Better", "reason": "Clearer"}).Status(200)
		page.Submit("Take it back", map[string]string{"reason": "Too early"}).Status(409).Has("main", "Take that back first").Has("textarea", "Too early")
		built.Submit("Take it back", map[string]string{"reason": ""}).Status(422).Has("div.error-summary", "Say why")
		built.Submit("Take it back", map[string]string{"reason": "The first was better"}).Status(200)
		h.committee.Get(page.Path).Submit("Take it back", map[string]string{"reason": "Too early"}).Status(200).Has("fieldset", "municipal counter")
		h.Visitor().Get("/en/proposals/" + child).Status(404)
		h.Visitor().Get(page.Path).Status(200).Has("main", "taken back")
		h.merge() // open again

		// What is not the desk's stays.
		var adopted lineage.Derivation
		h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
			adopted, err = lineage.Add(ctx, tx, people.Actor{}, lineage.Derivation{Kind: lineage.Adopted, Scope: h.assembly, Certain: true, Parents: []lineage.Link{{Entry: h.c, Revision: 1}}})
			return err
		})
		h.committee.Get("/en/synthesis/" + adopted.ID).Status(404)
		if c := h.Call(h.token(h.member, ""), "POST", "/synthesis/"+adopted.ID+"/undo", map[string]any{"lang": "en", "reason": "No"}, nil); c != 404 {
			t.Errorf("a vote was taken back: %d", c)
		}
	})
}

// child gives the proposal an act made.
func (h *desk) child(t *testing.T, page *housetest.Page) string {
	t.Helper()
	d, err := lineage.Get(context.Background(), h.DB, page.Path[strings.LastIndex(page.Path, "/")+1:])
	if err != nil || len(d.Children) == 0 {
		t.Fatal(d, err)
	}
	return d.Children[0].Entry
}

// The committee has on its own page where an answer is owed, until none is.
func TestOwed(t *testing.T) {
	both(t, func(t *testing.T, h *desk) {
		h.committee.Get("/en/me").Status(200).Has("main", "Proposals without an answer")
		for _, p := range []string{h.a, h.b, h.c} {
			h.committee.Get(h.path("set-aside", p)).Submit("Set aside", map[string]string{"reason": "Said already"}).Status(200)
		}
		h.committee.Get("/en/me").Status(200).Lacks("main", "Proposals without an answer")
	})
}

func TestReply(t *testing.T) {
	both(t, func(t *testing.T, h *desk) {
		act := h.merge().Path
		author := h.As(h.author.ID, h.mandate.ID)
		tasks, err := h.Tasks(context.Background(), h.DB, h.Actor(h.author.ID, h.mandate.ID))
		if err != nil || len(tasks) != 1 || !strings.HasSuffix(act, tasks[0].Path) {
			t.Errorf("%v %v", tasks, err)
		}
		stranger := h.Person("Stranger")
		h.As(stranger.ID, "").Get(act).Status(200).Lacks("button", "Publish the reply")
		if c := h.Call(h.token(stranger, ""), "POST", act[len("/en"):]+"/replies", map[string]any{"proposal": h.a, "lang": "en", "words": "Me too"}, nil); c != 403 {
			t.Errorf("a stranger replied: %d", c)
		}
		rapporteur := h.Person("Rosa", people.Grant{Role: people.Rapporteur, Scope: h.workshop})
		h.As(rapporteur.ID, "").Get(act).Submit("Publish the reply", map[string]string{"proposal": h.b, "words": "The room said more."}).Status(200).Has("blockquote", "The room said more.")
		author.Get(act).Submit("Publish the reply", map[string]string{"words": ""}).Status(422).Has("div.error-summary", "Write your reply")
		form := author.Get(act).Status(200)
		form.Submit("Publish the reply", map[string]string{"words": "You dropped our word."}).Status(200).Has("blockquote", "You dropped our word.").Has("blockquote", "Harbour Friends")
		h.Visitor().Get(act).Status(200).Has("blockquote", "You dropped our word.")
		if tasks, _ := h.Tasks(context.Background(), h.DB, h.Actor(h.author.ID, h.mandate.ID)); len(tasks) != 0 {
			t.Errorf("replied, and still a task: %v", tasks)
		}
		late := author.Get(act).Status(200)
		h.Clock.Pass(8 * 24 * time.Hour)
		h.As(h.author.ID, h.mandate.ID).Get(act).Status(200).Has("main", "The time to reply ended").Lacks("button", "Publish the reply")
		late.Submit("Publish the reply", map[string]string{"words": "Too late?"}).Status(409, 200, 401, 403).Lacks("blockquote", "Too late?")
		if c := h.Call(h.token(h.author, h.mandate.ID), "POST", act[len("/en"):]+"/replies", map[string]any{"proposal": h.a, "lang": "en", "words": "Late"}, nil); c != 409 {
			t.Errorf("a late reply: %d", c)
		}
	})
}

func (h *desk) token(p people.Person, mandate string) (secret string) {
	h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
		secret, err = people.AddToken(ctx, tx, people.Token{Person: p.ID, Mandate: mandate, Name: "test", Reads: true, Writes: true})
		return err
	})
	return secret
}

func TestSuggestionsOnlySuggest(t *testing.T) {
	both(t, func(t *testing.T, h *desk) {
		page := h.committee.Get("/en/assemblies/" + h.assembly + "/synthesis").Status(200)
		page.Has("ul.pairs", "municipal counter").Lacks("ul.pairs", "Lend empty flats")
		if page.Count("ul.pairs") != 1 {
			t.Error("no suggestion")
		}
		acts, err := lineage.Touching(context.Background(), h.DB, h.a, h.b, h.c)
		if err != nil || len(acts) != 0 {
			t.Errorf("a suggestion acted: %v %v", acts, err)
		}
		h.merge()
		h.committee.Get("/en/assemblies/"+h.assembly+"/synthesis").Status(200).Lacks("main", "These look alike")
	})
}

func TestCoverage(t *testing.T) {
	both(t, func(t *testing.T, h *desk) {
		answered, open := h.stake("Rents rise"), h.stake("Nobody asks the tenants")
		// A workshop whose proposals are still to come has stakes too.
		lonely := ""
		h.Do(func(ctx context.Context, tx *db.Tx) error {
			w, err := entry.Add(ctx, tx, people.Actor{}, entry.Entry{Kind: "workshop", Parent: h.assembly, Axis: "A2", Lang: "en", Fields: text("Welcoming")}, nil)
			if err != nil {
				return err
			}
			s, err := entry.Add(ctx, tx, people.Actor{}, entry.Entry{Kind: "stake", Parent: w.ID, Lang: "en", Fields: text("Alone at the border")}, nil)
			lonely = s.ID
			if err != nil {
				return err
			}
			_, err = lineage.Add(ctx, tx, people.Actor{}, lineage.Derivation{Kind: lineage.Answers, Scope: h.workshop, Certain: true, Parents: []lineage.Link{{Entry: answered, Revision: 1}}, Children: []lineage.Link{{Entry: h.c, Revision: 1}}})
			return err
		})
		path := "/en/assemblies/" + h.assembly + "/coverage"
		page := h.Visitor().Get(path).Status(200)
		page.Has("main", "3 without an answer").Has("main", "Nobody asks the tenants").Has("main", "Alone at the border").Lacks("main", "Rents rise").Lacks("a", "Give the reason")
		_, _ = open, lonely
		h.committee.Get(h.path("explain", h.c)).Status(200).Submit("Say why nothing came of it", map[string]string{"reason": "Another office does it."}).Status(200).Has("main", "2 without an answer")
		h.Visitor().Get(path).Status(200).Has("main", "Not carried on, with a reason")
		h.Visitor().Get("/en/lineage/"+h.c).Status(200).Has("main", "Another office does it.")
	})
}

func (h *desk) stake(title string) (id string) {
	h.Do(func(ctx context.Context, tx *db.Tx) error {
		e, err := entry.Add(ctx, tx, people.Actor{}, entry.Entry{Kind: "stake", Parent: h.workshop, Lang: "en", Fields: text(title)}, nil)
		id = e.ID
		return err
	})
	return id
}

func TestAccess(t *testing.T) {
	both(t, func(t *testing.T, h *desk) {
		other := h.Person("Elsewhere", people.Grant{Role: people.Committee, Scope: "another"})
		path := "/en/assemblies/" + h.assembly + "/synthesis"
		for name, c := range map[string]*housetest.Client{"delegate": h.As(h.author.ID, h.mandate.ID), "another committee": h.As(other.ID, "")} {
			if p := c.Get(path); p.Code != 403 {
				t.Errorf("%s: desk %d", name, p.Code)
			}
			if p := c.Get(h.path("merge", h.a, h.b)); p.Code != 403 {
				t.Errorf("%s: form %d", name, p.Code)
			}
		}
		h.Visitor().Get(path).Lacks("main", "municipal counter")
		act := h.merge().Path
		h.As(other.ID, "").Get(act).Status(200).Lacks("button", "Take it back")
		if c := h.Call(h.token(other, ""), "POST", act[len("/en"):]+"/undo", map[string]any{"lang": "en", "reason": "No"}, nil); c != 403 {
			t.Errorf("another committee took it back: %d", c)
		}
		for token, want := range map[string]int{"": 401, h.token(other, ""): 403, h.token(h.author, h.mandate.ID): 403, h.token(h.member, ""): 200} {
			if c := h.Call(token, "GET", "/assemblies/"+h.assembly+"/synthesis", nil, nil); c != want && !(want == 401 && c == 403) {
				t.Errorf("API: %d, want %d", c, want)
			}
		}
	})
}

func TestAPI(t *testing.T) {
	both(t, func(t *testing.T, h *desk) {
		type m = map[string]any
		token := h.token(h.member, "")
		var d synthesis.DeskJSON
		if c := h.Call(token, "GET", "/assemblies/"+h.assembly+"/synthesis", nil, &d); c != 200 || len(d.Open) != 3 || len(d.Suggestions) != 1 {
			t.Fatalf("%d %+v", c, d)
		}
		act := m{"kind": "merged", "lang": "en", "reason": "The same", "from": []m{{"proposal": h.a, "taken": "all"}, {"proposal": h.b, "left_out": "heard"}}, "into": []m{{"lang": "en", "title": "One", "summary": "Plain"}}}
		if c := h.Call(token, "POST", "/assemblies/"+h.assembly+"/synthesis", act, nil); c != 422 { // left out without a why
			t.Errorf("%d", c)
		}
		act["from"].([]m)[1]["why"] = "Said elsewhere"
		var made struct{ ID string }
		if c := h.Call(token, "POST", "/assemblies/"+h.assembly+"/synthesis", act, &made); c != 201 {
			t.Fatal(c)
		}
		if c := h.Call(token, "POST", "/assemblies/"+h.assembly+"/synthesis", act, nil); c != 409 {
			t.Errorf("dealt with twice: %d", c)
		}
		if c := h.Call(token, "POST", "/assemblies/"+h.workshop+"/synthesis", act, nil); c != 404 {
			t.Errorf("a workshop has no desk: %d", c)
		}
		if c := h.Call(h.token(h.author, h.mandate.ID), "POST", "/synthesis/"+made.ID+"/replies", m{"proposal": h.a, "lang": "en", "words": "Thanks"}, nil); c != 201 {
			t.Errorf("reply: %d", c)
		}
		var one synthesis.ActJSON
		if c := h.Call("", "GET", "/synthesis/"+made.ID, nil, &one); c != 200 || len(one.From) != 2 || one.From[1].Why != "Said elsewhere" || len(one.Into) != 1 || len(one.Replies) != 1 || one.Until == 0 {
			t.Errorf("%d %+v", c, one)
		}
		var cov synthesis.CoverageJSON
		if c := h.Call("", "GET", "/assemblies/"+h.assembly+"/coverage", nil, &cov); c != 200 || cov.All != 4 || cov.Dealt != 2 || len(cov.Orphans) != 2 {
			t.Errorf("%d %+v", c, cov)
		}
		if c := h.Call(token, "POST", "/synthesis/"+made.ID+"/undo", m{"lang": "en", "reason": "Too early"}, nil); c != 200 {
			t.Errorf("undo: %d", c)
		}
		if c := h.Call(token, "POST", "/synthesis/"+made.ID+"/undo", m{"lang": "en", "reason": "Again"}, nil); c != 409 {
			t.Errorf("undo twice: %d", c)
		}
		h.Call("", "GET", "/synthesis/"+made.ID, nil, &one)
		if !one.Undone {
			t.Error("not marked as taken back")
		}
	})
}
