package flow_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
)

// hall is a house with an assembly and n organisations of each college in it.
type hall struct {
	*housetest.House
	assembly string
	chair    *housetest.Client
	members  []people.Organisation
	mandates []people.Mandate // one for each
}

func inside(t *testing.T, n int, test func(*testing.T, *hall)) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		x := &hall{House: h}
		h.Do(func(ctx context.Context, tx *db.Tx) error {
			a, err := entry.Add(ctx, tx, people.Actor{}, entry.Entry{Kind: "assembly", Lang: "fr", Fields: map[string]lang.Text{"title": lang.New("fr", "Rencontre")}}, nil)
			if x.assembly = a.ID; err != nil {
				return err
			}
			_, err = tx.Exec(ctx, `INSERT INTO assembly (entry, timezone) VALUES ($1, 'Europe/Paris')`, a.ID)
			return err
		})
		for i := range n {
			for _, k := range []people.OrganisationKind{people.LocalAuthority, people.CivilSociety, people.MigrantLed} {
				o := h.Organisation(string(k)+" "+string(rune('A'+i)), k)
				h.Do(func(ctx context.Context, tx *db.Tx) error {
					_, err := tx.Exec(ctx, `INSERT INTO attendance (assembly, organisation, registered, person, present) VALUES ($1,$2,$3,'',1)`, x.assembly, o.ID, tx.Now())
					return err
				})
				_, m := h.Delegate("Delegate of "+o.Name, o)
				x.members, x.mandates = append(x.members, o), append(x.mandates, m)
			}
		}
		x.chair = h.As(h.Person("Chair", people.Grant{Role: people.Chair, Scope: x.assembly}).ID, "")
		test(t, x)
	})
}

func (h *hall) delegate(i int) *housetest.Client { return h.As(h.mandates[i].Person, h.mandates[i].ID) }

// motion lets the chair put a motion and open it; minutes "" = until the chair closes it.
func (h *hall) motion(t *testing.T, title, kind, minutes string) string {
	t.Helper()
	page := h.put(t, title, kind)
	id := strings.TrimPrefix(page, "/en/motions/")
	h.chair.Get(page+"/chair").Submit("Open the vote", map[string]string{"minutes": minutes}).Status(200).Has("p", "Open: vote now")
	return id
}

func (h *hall) put(t *testing.T, title, kind string) (page string) {
	t.Helper()
	form := h.chair.Get("/en/assemblies/" + h.assembly + "/plenary/new").Status(200)
	form.Submit("Put it on the list", map[string]string{"title": title}).Status(422).Has(".error-summary", "plain words")
	p := form.Submit("Put it on the list", map[string]string{"title": title, "summary": "We open a house for all.", "summary-lang": "en", "ballot": kind, "becomes": "action"}).Status(200).Has("h1", title)
	return p.Path
}

// vote goes the way of a delegate on a phone: question, check, cast.
func (h *hall) vote(t *testing.T, i int, motion, choice string) *housetest.Page {
	t.Helper()
	check := h.delegate(i).Get("/en/motions/"+motion+"/vote").Status(200).Has("legend", "How does your organisation vote?").Submit("Continue", map[string]string{"choice": choice})
	return check.Status(200).Has("p.lead", "Your vote:").Submit("Cast the vote", nil).Status(200)
}

func TestFromMotionToResult(t *testing.T) {
	inside(t, 1, func(t *testing.T, h *hall) {
		motion := h.motion(t, "A house for all", "open", "")
		page := "/en/motions/" + motion
		h.delegate(0).Get(page+"/vote").Submit("Continue", nil).Status(422).Has(".error-summary", "Choose one of the answers")
		for i := range h.members {
			h.vote(t, i, motion, "for").Has("h1", "Your vote is cast").Has("main", "Keep this code")
		}
		h.delegate(0).Get(page).Has("main", "Your organisation has voted.")
		for _, words := range []string{"Local authorities 1 of 1 have voted", "Civil society 1 of 1 have voted", "Migrant-led collectives 1 of 1 have voted"} {
			h.Visitor().Get(page).Has("li", words)
		}
		h.chair.Get(page+"/chair").Follow("Close and count").Submit("Close and count", nil).Status(200).Has("h2", "Result").Has("p.lead", "The motion is adopted.")
		done := h.Visitor().Get(page).Status(200).Has("caption", "Votes by college").Has("section", "Local authorities").Has("section", "Migrant-led collectives")
		if n := len(done.Links("main")); n == 0 {
			t.Error("no way on")
		}
		if !strings.Contains(strings.Join(done.Links("main"), " "), "/agenda/") {
			t.Error("the adopted motion does not lead to the agenda")
		}
		h.Visitor().Get(page + "/ballots").Status(200)
		h.Visitor().Get(page + "/result").Status(200)
		h.Visitor().Get("/ar/motions/"+motion).Status(200).Has("html", "")
		if !strings.Contains(h.Visitor().Get("/ar/motions/"+motion).Body, `dir="rtl"`) {
			t.Error("the Arabic page reads from the left")
		}

		// A reservation travels with the decision; one that says nothing comes back.
		form := h.delegate(1).Get(page)
		form.Submit("Publish the reservation", nil).Status(422).Has(".error-summary", "Write your reservation")
		form.Submit("Publish the reservation", map[string]string{"words": "Only with the tenants.", "words-lang": "en"}).Status(200).Has("blockquote", "Only with the tenants.")
		h.Visitor().Get(page).Has("blockquote", h.members[1].Name)
	})
}

func TestAmendmentByPages(t *testing.T) {
	inside(t, 1, func(t *testing.T, h *hall) {
		page := h.put(t, "A house for all", "open")
		long := strings.Repeat("We open a house for all who come. ", 20)
		h.delegate(2).Get(page).Submit("Publish the amendment", map[string]string{"field": "summary", "words": long, "why": "Clearer."}).Status(200).Has("article", "Proposed")
		h.Visitor().Get(page).Has("article", "Clearer.").Lacks("article", "Accept")
		h.chair.Get(page).Submit("Accept", nil).Status(200).Has("article", "Accepted").Has("main", strings.TrimSpace(long))
	})
}

var noise = regexp.MustCompile(`"(revision|opened|number)":\d+|Motion \d+|motion \d+`)

// What anybody can read while a vote runs is the same, whatever was voted.
func TestNobodySeesHowAVoteStands(t *testing.T) {
	inside(t, 2, func(t *testing.T, h *hall) {
		for _, kind := range []string{"open", "secret"} {
			a, b := h.motion(t, "The same words", kind, ""), h.motion(t, "The same words", kind, "")
			for i := range h.members[:5] {
				h.vote(t, i, a, "for")
				h.vote(t, i, b, "against")
			}
			operator := h.As(h.Person("Operator", people.Grant{Role: people.Operator}, people.Grant{Role: people.Coordinator}).ID, "")
			readers := map[string]*housetest.Client{"visitor": h.Visitor(), "delegate who voted": h.delegate(0), "delegate who did not": h.delegate(5), "chair": h.chair, "operator": operator}
			for who, c := range readers {
				for _, path := range []string{"/en/motions/%", "/en/motions/%/chair", "/en/motions/%/screen", "/en/motions/%/screen?part=1", "/en/motions/%/vote", "/api/v1/motions/%"} {
					pa, pb := c.Get(strings.ReplaceAll(path, "%", a)), c.Get(strings.ReplaceAll(path, "%", b))
					told := func(p *housetest.Page) string {
						text := p.Text("main")
						if text == "" {
							text = p.Text("body")
						}
						return noise.ReplaceAllString(strings.NewReplacer(a, "%", b, "%").Replace(text), "")
					}
					if pa.Code != pb.Code || told(pa) != told(pb) {
						t.Errorf("%s, %s: %s tells for from against:\n%s\n%s", kind, who, path, told(pa), told(pb))
					}
				}
				for _, path := range []string{"/en/motions/" + a + "/ballots", "/en/motions/" + a + "/result", "/api/v1/motions/" + a + "/ballots", "/api/v1/motions/" + a + "/result"} {
					c.Get(path).Status(404)
				}
				for _, path := range []string{"/en/assemblies/" + h.assembly + "/plenary", "/en/assemblies/" + h.assembly, "/en/history/" + a, "/en/lineage/" + a, "/en/journal", "/en/search?q=words", "/en/", "/api/v1/assemblies/" + h.assembly + "/motions", "/api/v1/entries/" + a + "/history"} {
					c.Get(path).Lacks("body", "Votes by college").Lacks("body", `"choice"`).Lacks("body", `"figures"`).Lacks("body", "is adopted")
				}
			}
		}
	})
}

// The file of a secret vote shows small groups as they are: only the chair has it.
func TestFilesOfASecretVote(t *testing.T) {
	inside(t, 1, func(t *testing.T, h *hall) {
		motion := h.motion(t, "A person", "secret", "")
		page := "/en/motions/" + motion
		h.vote(t, 0, motion, "for").Has("h1", "Your vote is cast").Lacks("main", "Keep this code")
		h.chair.Get(page+"/chair").Follow("Close and count").Submit("Close and count", nil).Status(200)
		h.Visitor().Get(page).Has("td", "Not shown")
		for who, c := range map[string]*housetest.Client{"visitor": h.Visitor(), "delegate": h.delegate(0)} {
			if p := c.Get(page + "/ballots"); p.Code != 404 {
				t.Errorf("%s: %d", who, p.Code)
			}
		}
		h.chair.Get(page + "/ballots").Status(200)
		if body := h.Visitor().Get(page + "/result").Status(200).Body; strings.Contains(body, `"for":1`) {
			t.Errorf("the result shows a small group: %s", body)
		}
	})
}

func TestWhoMayNotVote(t *testing.T) {
	inside(t, 1, func(t *testing.T, h *hall) {
		motion := h.motion(t, "A house for all", "open", "")
		page := "/en/motions/" + motion
		h.Visitor().Get(page+"/vote").Status(200, 401, 403).Lacks("legend", "How does your organisation vote?")
		h.As(h.Person("Nobody’s delegate").ID, "").Post(page+"/vote", url.Values{"choice": {"for"}, "sure": {"1"}}).Status(403)
		h.chair.Get(page + "/vote").Status(403)
		h.delegate(0).Get(page + "/chair").Status(403)
		h.delegate(0).Post(page+"/close", url.Values{}).Status(403)
		// Not on the roll: no form, and a vote sent all the same is refused.
		late := h.Organisation("Newcomer", people.CivilSociety)
		p, m := h.Delegate("Late", late)
		h.As(p.ID, m.ID).Get(page+"/vote").Status(200).Lacks("legend", "How does your organisation vote?")
		h.As(p.ID, m.ID).Post(page+"/vote", url.Values{"choice": {"for"}, "sure": {"1"}}).Status(403)
		// The mandate ends between the question and the cast.
		check := h.delegate(1).Get(page+"/vote").Submit("Continue", map[string]string{"choice": "for"}).Status(200)
		h.Do(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE mandate SET ended = $2 WHERE id = $1`, h.mandates[1].ID, tx.Now())
			return err
		})
		check.Submit("Cast the vote", nil).Status(403)
		if n := h.ballots(t, motion); n != 0 {
			t.Errorf("%d ballots", n)
		}
	})
}

func (h *hall) ballots(t *testing.T, motion string) int {
	t.Helper()
	n, err := db.One(context.Background(), h.DB, db.Value[int], `SELECT count(*) FROM ballot WHERE motion = $1`, motion)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestADoubleClickCastsOnce(t *testing.T) {
	inside(t, 1, func(t *testing.T, h *hall) {
		for _, kind := range []string{"open", "secret"} {
			motion := h.motion(t, "A house for all", kind, "")
			check := h.delegate(0).Get("/en/motions/"+motion+"/vote").Submit("Continue", map[string]string{"choice": "for"}).Status(200)
			first := check.Submit("Cast the vote", nil).Status(200)
			second := check.Submit("Cast the vote", nil).Status(200)
			if first.Path != second.Path || h.ballots(t, motion) != 1 {
				t.Errorf("%s: %s, %s, %d ballots", kind, first.Path, second.Path, h.ballots(t, motion))
			}
		}
	})
}

func TestClosesByItself(t *testing.T) {
	inside(t, 1, func(t *testing.T, h *hall) {
		form := h.chair.Get(h.put(t, "Short", "open") + "/chair")
		form.Submit("Open the vote", map[string]string{"minutes": "-3"}).Status(422).Has(".error-summary", "30 days")
		motion := h.motion(t, "A house for all", "open", "5")
		h.vote(t, 0, motion, "for")
		check := h.delegate(1).Get("/en/motions/"+motion+"/vote").Submit("Continue", map[string]string{"choice": "for"}).Status(200)
		h.Clock.Pass(5*time.Minute + time.Second)
		check.Submit("Cast the vote", nil).Status(409, 422).Has("main", "closed")
		h.Visitor().Get("/en/motions/"+motion).Has("p", "Being counted")
		h.Drain()
		h.Visitor().Get("/en/motions/"+motion).Has("h2", "Result")
		if n := h.ballots(t, motion); n != 1 {
			t.Errorf("%d ballots", n)
		}
	})
}

// The projector's middle is asked again and again: unchanged, it costs nothing.
func TestProjector(t *testing.T) {
	inside(t, 1, func(t *testing.T, h *hall) {
		motion := h.motion(t, "A house for all", "open", "")
		path := h.Server.URL + "/en/motions/" + motion + "/screen?part=1"
		ask := func(tag string) (int, string) {
			req, _ := http.NewRequest("GET", path, nil)
			req.Header.Set("If-None-Match", tag)
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			return res.StatusCode, res.Header.Get("ETag")
		}
		code, tag := ask("")
		if code != 200 || tag == "" {
			t.Fatal(code, tag)
		}
		if code, _ := ask(tag); code != 304 {
			t.Errorf("unchanged: %d", code)
		}
		h.vote(t, 0, motion, "against")
		if code, again := ask(tag); code != 200 || again == tag {
			t.Errorf("after a vote: %d", code)
		}
	})
}

func TestPapersByPages(t *testing.T) {
	inside(t, 1, func(t *testing.T, h *hall) {
		motion := h.motion(t, "A house for all", "open", "")
		chair := "/en/motions/" + motion + "/chair"
		h.vote(t, 0, motion, "for")
		h.chair.Get(chair).Submit("Enter the papers", map[string]string{"spoilt": "many"}).Status(422).Has(".error-summary", "Write a number")
		h.chair.Get(chair).Submit("Enter the papers", map[string]string{"paper." + h.members[1].ID: "for", "paper." + h.members[2].ID: "for", "handed_out": "2"}).Status(200).Has("caption", "Papers entered")
		h.chair.Get(chair).Follow("Close and count").Submit("Close and count", nil).Status(200).Has("p.lead", "The motion is adopted.")
	})
}

func TestVotingByAPI(t *testing.T) {
	inside(t, 1, func(t *testing.T, h *hall) {
		token := func(person, mandate string) (secret string) {
			h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
				secret, err = people.AddToken(ctx, tx, people.Token{Person: person, Mandate: mandate, Name: "t", Reads: true, Writes: true, Expires: tx.Now().Add(time.Hour)})
				return err
			})
			return secret
		}
		chair := token(h.Person("Chair by program", people.Grant{Role: people.Chair, Scope: h.assembly}).ID, "")
		var motion struct{ ID, State, Outcome, Item string }
		in := map[string]any{"lang": "en", "title": "A house", "summary": "We open a house."}
		if code := h.Call("", "POST", "/assemblies/"+h.assembly+"/motions", in, nil); code != 401 && code != 403 {
			t.Errorf("a visitor puts a motion: %d", code)
		}
		if code := h.Call(chair, "POST", "/assemblies/"+h.assembly+"/motions", map[string]any{"lang": "en", "title": "A house", "summary": "x", "from": []string{"stranger"}}, nil); code != 404 {
			t.Errorf("from a proposal of nowhere: %d", code)
		}
		if code := h.Call(chair, "POST", "/assemblies/"+h.assembly+"/motions", in, &motion); code != 201 {
			t.Fatal(code)
		}
		path := "/motions/" + motion.ID
		delegates := make([]string, 3)
		for i := range delegates {
			delegates[i] = token(h.mandates[i].Person, h.mandates[i].ID)
		}
		if code := h.Call(delegates[0], "POST", path+"/amendments", map[string]any{"field": "title", "words": "A house for all"}, nil); code != 201 {
			t.Errorf("amend: %d", code)
		}
		var amendments []struct{ ID string }
		h.Call("", "GET", path+"/amendments", nil, &amendments)
		if len(amendments) != 1 || h.Call(chair, "POST", "/amendments/"+amendments[0].ID+"/settle", map[string]any{"accept": true}, nil) != 200 {
			t.Errorf("amendments: %v", amendments)
		}
		if code := h.Call(chair, "POST", path+"/open", map[string]any{}, &motion); code != 200 || motion.State != "open" {
			t.Fatal(code, motion)
		}
		// The roll and who is there; two lists of presence do not undo each other.
		var roll []struct {
			Organisation   string
			Present, Voted bool
		}
		if code := h.Call(delegates[0], "GET", path+"/roll", nil, nil); code != 403 {
			t.Errorf("a delegate reads the roll: %d", code)
		}
		if code := h.Call(delegates[0], "POST", path+"/presence", map[string]any{"absent": []string{h.members[1].ID}}, nil); code != 403 {
			t.Errorf("a delegate notes who is there: %d", code)
		}
		if code := h.Call(chair, "POST", path+"/presence", map[string]any{"absent": []string{h.members[1].ID}}, &roll); code != 200 || len(roll) != len(h.members) {
			t.Fatal(code, roll)
		}
		if code := h.Call(chair, "POST", path+"/presence", map[string]any{"absent": []string{h.members[2].ID}}, nil); code != 200 {
			t.Error(code)
		}
		h.Call(chair, "GET", path+"/roll", nil, &roll)
		for _, s := range roll {
			if away := s.Organisation == h.members[1].ID || s.Organisation == h.members[2].ID; s.Present == away || s.Voted {
				t.Errorf("%+v", s)
			}
		}
		for _, d := range delegates {
			var receipt struct{ Receipt string }
			if code := h.Call(d, "POST", path+"/vote", map[string]any{"choice": "for"}, &receipt); code != 200 || receipt.Receipt == "" {
				t.Error(code, receipt)
			}
			if code := h.Call(d, "POST", path+"/vote", map[string]any{"choice": "against"}, nil); code != 409 {
				t.Errorf("twice: %d", code)
			}
		}
		if code := h.Call(chair, "POST", path+"/close", map[string]any{}, &motion); code != 200 || motion.Outcome != "adopted" || motion.Item == "" {
			t.Error(code, motion)
		}
		for _, file := range []string{"/ballots", "/result"} {
			if code := h.Call("", "GET", path+file, nil, nil); code != 200 {
				t.Errorf("%s: %d", file, code)
			}
		}
		if code := h.Call(delegates[1], "POST", path+"/reservations", map[string]any{"lang": "en", "words": "With the tenants."}, nil); code != 201 {
			t.Errorf("reserve: %d", code)
		}
	})
}
