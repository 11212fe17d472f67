package agenda_test

import (
	"context"
	"encoding/csv"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"alliance/internal/feature/agenda"
	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/lineage"
	"alliance/internal/platform/people"
)

// town is a house where an assembly adopted one item and one principle.
type town struct {
	*housetest.House
	assembly, motion, item, principle string
	city, group, other                side
}

// side is an organisation and who speaks for it.
type side struct {
	people.Organisation
	person  people.Person
	mandate people.Mandate
	*housetest.Client
}

func (h *town) side(name string, kind people.OrganisationKind) side {
	o := h.Organisation(name, kind)
	p, m := h.Delegate("Delegate of "+name, o)
	return side{o, p, m, h.As(p.ID, m.ID)}
}

func (h *town) actor(s side) people.Actor { return h.Actor(s.person.ID, s.mandate.ID) }

func both(t *testing.T, test func(*testing.T, *town)) {
	housetest.Both(t, func(t *testing.T, house *housetest.House) {
		h := &town{House: house}
		h.Do(func(ctx context.Context, tx *db.Tx) error {
			a, err := entry.Add(ctx, tx, people.Actor{}, entry.Entry{Kind: "assembly", Lang: "fr", Fields: words("Rencontre")}, nil)
			if err != nil {
				return err
			}
			if h.assembly = a.ID; err != nil {
				return err
			}
			m, err := entry.Add(ctx, tx, people.Actor{}, entry.Entry{Kind: "proposal", Parent: a.ID, Lang: "fr", Fields: words("Motion mise aux voix")}, nil)
			if err != nil {
				return err
			}
			h.motion = m.ID
			if h.item, err = agenda.Adopt(ctx, tx, people.Actor{}, a.ID, "action", m.ID, "en", english("Open the town halls"), nil); err != nil {
				return err
			}
			h.principle, err = agenda.Adopt(ctx, tx, people.Actor{}, a.ID, "principle", "", "en", english("Nobody is illegal"), []string{m.ID})
			return err
		})
		h.city, h.group, h.other = h.side("City of Port", people.LocalAuthority), h.side("Harbour Friends", people.CivilSociety), h.side("Neighbour Town", people.LocalAuthority)
		test(t, h)
	})
}

func words(s string) map[string]lang.Text {
	return map[string]lang.Text{entry.Title: lang.New("fr", s)}
}
func english(s string) map[string]lang.Text {
	return map[string]lang.Text{entry.Title: lang.New("en", s), entry.Summary: lang.New("en", s+", in plain words.")}
}

// pledged gives an action both sides said yes to.
func (h *town) pledged(t *testing.T, title string) string {
	t.Helper()
	var action string
	h.Do(func(ctx context.Context, tx *db.Tx) error {
		e, err := agenda.Propose(ctx, tx, h.actor(h.city), agenda.NewAction{Item: h.item, Lang: "en", Title: title, Carriers: []string{h.group.ID}})
		if action = e.ID; err != nil {
			return err
		}
		return agenda.Answer(ctx, tx, h.actor(h.group), action, true)
	})
	return action
}

// try runs a use case and gives what it refused.
func (h *town) try(fn func(ctx context.Context, tx *db.Tx) error) error {
	return h.DB.Do(context.Background(), fn)
}

func refused(t *testing.T, err error, key string) {
	t.Helper()
	if list := fault.Of(err); len(list) == 0 || list[0].Key != key {
		t.Errorf("got %v, want %s", err, key)
	}
}

func (h *town) step(t *testing.T, action string) string {
	t.Helper()
	e, err := entry.Get(context.Background(), h.DB, action)
	if err != nil {
		t.Fatal(err)
	}
	return e.Class
}

func TestAdoptTwiceIsOnce(t *testing.T) {
	both(t, func(t *testing.T, h *town) {
		ids, wait := make([]string, 4), sync.WaitGroup{}
		motion := ""
		h.Do(func(ctx context.Context, tx *db.Tx) error {
			m, err := entry.Add(ctx, tx, people.Actor{}, entry.Entry{Kind: "proposal", Parent: h.assembly, Lang: "fr", Fields: words("Autre motion")}, nil)
			motion = m.ID
			return err
		})
		for i := range ids {
			wait.Add(1)
			go func() {
				defer wait.Done()
				if err := h.try(func(ctx context.Context, tx *db.Tx) (err error) {
					ids[i], err = agenda.Adopt(ctx, tx, people.Actor{}, h.assembly, "action", motion, "en", english("Once"), nil)
					return err
				}); err != nil {
					t.Error(err)
				}
			}()
		}
		wait.Wait()
		for _, id := range ids {
			if id != ids[0] || id == "" {
				t.Errorf("adopted several times: %v", ids)
			}
		}
		h.Visitor().Get("/en/agenda/"+ids[0]).Status(200).Has("main", "Adopted item 3")
	})
}

func TestProposeNeedsBothSides(t *testing.T) {
	both(t, func(t *testing.T, h *town) {
		form := h.city.Get("/en/agenda/" + h.item + "/propose").Status(200)
		alone := form.Submit("Propose and ask them", map[string]string{"title": "A counter for all", "summary": "Open on Saturdays.", "due": "1", "due-month": "1", "due-year": "2020"}, url.Values{"carriers": {h.other.ID}})
		alone.Status(422).Has("div.error-summary", "at least one civil-society or migrant-led organisation").Has("div.error-summary", "passed already").
			Has("textarea", "Open on Saturdays.")
		if !strings.Contains(alone.Body, `value="A counter for all"`) || !strings.Contains(alone.Body, `value="`+h.other.ID+`" checked`) && !strings.Contains(alone.Body, "checked") {
			t.Error("what was typed is lost")
		}
		h.group.Get("/en/agenda/"+h.item+"/propose").Submit("Propose and ask them", map[string]string{"title": "Alone"}).Status(422).Has("div.error-summary", "at least one local authority")
		form.Submit("Propose and ask them", map[string]string{"title": ""}, url.Values{"carriers": {h.group.ID}}).Status(422)
		done := alone.Submit("Propose and ask them", map[string]string{"due": "", "due-month": "", "due-year": ""}, url.Values{"carriers": {h.group.ID}}).Status(200)
		done.Has("h1", "A counter for all").Has("main", "both sides have to say yes").Has("main", "It waits for the answer of Harbour Friends.").Lacks("main", "Choose at least one").Has("ul.carriers", "asked, no answer yet")

		// Principles carry no actions; nor does what does not exist.
		_, principle := h.propose(h.city, h.principle, h.group.ID)
		refused(t, principle, "agenda.propose.principle")
		h.Visitor().Get("/en/agenda/"+h.item+"/propose").Status(401, 403, 200).Lacks("button", "Propose and ask them")
		person := h.Person("Without a mandate")
		h.As(person.ID, "").Get("/en/agenda/" + h.item + "/propose").Status(403)
	})
}

func (h *town) propose(s side, item string, carriers ...string) (string, error) {
	var id string
	err := h.try(func(ctx context.Context, tx *db.Tx) error {
		e, err := agenda.Propose(ctx, tx, h.actor(s), agenda.NewAction{Item: item, Lang: "en", Title: "Joint", Carriers: carriers})
		id = e.ID
		return err
	})
	return id, err
}

// Until both said yes, nobody else learns of it.
func TestPledgedWhenBothSaidYes(t *testing.T) {
	both(t, func(t *testing.T, h *town) {
		action, err := h.propose(h.city, h.item, h.group.ID)
		if err != nil {
			t.Fatal(err)
		}
		path := "/en/actions/" + action
		h.Visitor().Get(path).Status(404)
		h.other.Get(path).Status(404)
		h.Visitor().Get("/en/agenda/"+h.item).Status(200).Lacks("main", "Joint action “").Has("main", "Nobody carries this yet")
		h.Visitor().Get("/en/lineage/" + action).Status(404)
		h.city.Get(path).Status(200).Has("li.now", "Asked for")
		if c := h.Call("", "GET", "/actions/"+action, nil, nil); c != 404 {
			t.Errorf("the API shows it: %d", c)
		}
		refusedStatus := h.other.Post(path+"/answer", url.Values{"answer": {"yes"}, "key": {"0123456789abcdef"}})
		if refusedStatus.Code != 404 && refusedStatus.Code != 403 {
			t.Errorf("a stranger answered: %d", refusedStatus.Code)
		}
		// Nobody reports on what is not pledged, and so nothing gets public early.
		refused(t, h.report(h.city, action, ""), "agenda.asked.note")

		if !mailed(h, h.group.person.Email, "/actions/"+action) {
			t.Error("the other side was not told")
		}
		h.group.Get(path).Status(200).Has("main", "Does your organisation carry this action?").Submit("Yes, we carry it", nil).Status(200).Has("li.now", "Pledged")
		h.Visitor().Get(path).Status(200).Has("h1", "Joint").Has("ul.carriers", "Harbour Friends").Lacks("main", "Tell news")
		h.Visitor().Get("/en/agenda/"+h.item).Status(200).Has("main", "Joint")
		if !mailed(h, h.city.person.Email, "both sides said yes") {
			t.Error("the proposer was not told")
		}

		// The way of the words.
		h.Visitor().Get("/en/lineage/"+action).Status(200).Has("main", "Open the town halls").Has("main", "Motion mise aux voix")
	})
}

func mailed(h *town, to, words string) bool {

	for _, m := range h.Mails() {
		flat := strings.NewReplacer("=\r\n", "", "=\n", "", "=3D", "=").Replace(m)
		if strings.Contains(flat, to) && strings.Contains(flat, words) {
			return true
		}
	}
	return false
}

func (h *town) report(s side, action string, step agenda.Step) error {
	return h.try(func(ctx context.Context, tx *db.Tx) error {
		_, err := agenda.Report(ctx, tx, h.actor(s), action, "en", "Something happened.", "", step)
		return err
	})
}

func TestDecline(t *testing.T) {
	both(t, func(t *testing.T, h *town) {
		action, err := h.propose(h.city, h.item, h.group.ID)
		if err != nil {
			t.Fatal(err)
		}
		h.group.Get("/en/actions/"+action).Submit("No", map[string]string{"answer": "no"})
		if got := h.step(t, action); got != "asked" {
			t.Errorf("step %s", got)
		}
		h.group.Get("/en/actions/" + action).Status(404) // no longer theirs, and not public
		h.city.Get("/en/actions/"+action).Status(200).Has("ul.carriers", "declined")
		if !mailed(h, h.city.person.Email, "does not carry") {
			t.Error("the proposer was not told")
		}

		// Who leaves a pledged one makes it asked for again; it stays public.
		pledged := h.pledged(t, "Left")
		h.group.Get("/en/actions/"+pledged).Status(200).Submit("We no longer carry it", nil).Status(200)
		h.Visitor().Get("/en/actions/"+pledged).Status(200).Has("li.now", "Asked for").Has("ul.carriers", "declined")
		refused(t, h.report(h.city, pledged, agenda.Done), "agenda.asked.note")

		// Nobody leaves what is done.
		done := h.pledged(t, "Done")
		if err := h.report(h.city, done, agenda.Done); err != nil {
			t.Fatal(err)
		}
		refused(t, h.try(func(ctx context.Context, tx *db.Tx) error {
			return agenda.Answer(ctx, tx, h.actor(h.group), done, false)
		}), "agenda.ended")
	})
}

func TestReportSteps(t *testing.T) {
	both(t, func(t *testing.T, h *town) {
		action := h.pledged(t, "Counter")
		path := "/en/actions/" + action
		h.city.Get(path).Submit("Publish the news", map[string]string{"words": "", "block": "No room found"}).Status(422).Has("div.error-summary", "Write what happened").Has("textarea", "No room found")
		page := h.city.Get(path).Submit("Publish the news", map[string]string{"words": "The counter opens in May.", "step": "under_way"}).Status(200)
		page.Has("li.now", "Under way").Has("main", "The counter opens in May.")
		refused(t, h.report(h.city, action, agenda.Verified), "agenda.step.order")
		refused(t, h.report(h.city, action, agenda.Pledged), "agenda.step.order")
		if err := h.report(h.group, action, agenda.Done); err != nil {
			t.Fatal(err)
		}
		if err := h.report(h.group, action, agenda.UnderWay); err != nil { // it turned out not to be done
			t.Fatal(err)
		}
		if err := h.report(h.other, action, agenda.Done); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("a stranger reported: %v", err)
		}
		h.other.Get(path).Status(200).Lacks("main", "Tell news")
	})
}

func TestEvidenceIsConfirmedByOthers(t *testing.T) {
	both(t, func(t *testing.T, h *town) {
		action := h.pledged(t, "Counter")
		path := "/en/actions/" + action
		h.city.Get(path).Submit("Publish the evidence", map[string]string{"words": "Photo of the counter", "link": "javascript:alert(1)"}).Status(422).
			Has("div.error-summary", "whole address").Has("textarea", "Photo of the counter")
		page := h.city.Get(path).Upload("Publish the evidence", map[string]string{"words": "Opening hours", "link": "https://example.org/hours"}, map[string][2]string{"file": {"hours.txt", "Monday 9 to 12"}}).Status(200, 422)
		if page.Code == 422 { // plain text is not taken: without a document, then
			page = h.city.Get(path).Submit("Publish the evidence", map[string]string{"words": "Opening hours", "link": "https://example.org/hours"}).Status(200)
		}
		page.Has("main", "Not confirmed by another organisation yet").Lacks("button", "We confirm this")
		evidence := h.evidence(t, action)
		refused(t, h.confirm(h.city, evidence), "agenda.evidence.own")
		if err := h.report(h.city, action, agenda.Done); err != nil {
			t.Fatal(err)
		}

		// Two confirm at once: one is first, the other is told.
		sides, results, wait := []side{h.group, h.other}, make([]error, 2), sync.WaitGroup{}
		for i, s := range sides {
			wait.Add(1)
			go func() { defer wait.Done(); results[i] = h.confirm(s, evidence) }()
		}
		wait.Wait()
		h.city.Get("/en/me/notices").Status(200).Has("main", "confirmed the evidence for “Counter”")
		won := 0
		for _, err := range results {
			if err == nil {
				won++
			} else {
				refused(t, err, "agenda.evidence.again")
			}
		}
		if won != 1 {
			t.Errorf("%d confirmed: %v", won, results)
		}
		h.Visitor().Get(path).Status(200).Has("main", "Confirmed by").Has("main", "Verified")
		if got := h.step(t, action); got != "verified" {
			t.Errorf("step %s", got)
		}
		h.Visitor().Get("/en/lineage/"+evidence).Status(200).Has("main", "Counter")
		h.Visitor().Get("/en/evidence/" + evidence).Status(200)
	})
}

func (h *town) evidence(t *testing.T, action string) string {
	t.Helper()
	list, err := entry.List(context.Background(), h.DB, entry.Filter{Kinds: []string{agenda.EvidenceKind}, Parent: action, Limit: 10, Order: entry.ByNew})
	if err != nil || len(list) == 0 {
		t.Fatal(list, err)
	}
	return list[0].ID
}

func (h *town) confirm(s side, evidence string) error {
	return h.try(func(ctx context.Context, tx *db.Tx) error {
		_, err := agenda.Confirm(ctx, tx, h.actor(s), evidence)
		return err
	})
}

func TestDropWithReason(t *testing.T) {
	both(t, func(t *testing.T, h *town) {
		action := h.pledged(t, "Given up")
		path := "/en/actions/" + action
		h.Visitor().Get(path+"/drop").Status(401, 403, 200).Lacks("button", "Drop it")
		h.other.Get(path + "/drop").Status(403)
		form := h.group.Get(path + "/drop").Status(200)
		form.Submit("Drop it", map[string]string{"reason": ""}).Status(422).Has("div.error-summary", "Say why")
		form.Submit("Drop it", map[string]string{"reason": "The house was sold."}).Status(200).Has("main", "The house was sold.").Lacks("main", "Tell news")
		h.Visitor().Get(path).Status(200).Has("main", "The house was sold.").Has("li.now", "Dropped")
		refused(t, h.report(h.city, action, ""), "agenda.dropped")
		h.Visitor().Get("/en/lineage/"+action).Status(200).Has("main", "The house was sold.")

		// Committees: of the assembly that adopted it, not of another.
		steering := h.Person("Steering", people.Grant{Role: people.Committee, Scope: h.assembly})
		elsewhere := h.Person("Elsewhere", people.Grant{Role: people.Committee, Scope: "another"})
		second := h.pledged(t, "Second")
		drop := func(p people.Person, kind, what string) error {
			return h.try(func(ctx context.Context, tx *db.Tx) error {
				return agenda.Drop(ctx, tx, h.Actor(p.ID, ""), kind, what, "en", "It cannot be.")
			})
		}
		if err := drop(elsewhere, agenda.ActionKind, second); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("another committee: %v", err)
		}
		if err := drop(elsewhere, agenda.ItemKind, h.item); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("another committee: %v", err)
		}
		if err := drop(steering, agenda.ActionKind, h.item); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("an item is no action: %v", err)
		}
		if err := drop(steering, agenda.ActionKind, second); err != nil {
			t.Error(err)
		}
		h.As(steering.ID, "").Get("/en/agenda/"+h.item+"/drop").Status(200).Submit("Drop it", map[string]string{"reason": "The law changed."}).Status(200).Has("main", "The law changed.")
		_, err := h.propose(h.city, h.item, h.group.ID)
		refused(t, err, "agenda.propose.dropped")
		refused(t, drop(steering, agenda.ItemKind, h.item), "agenda.item.dropped")
	})
}

func TestReviewAndTable(t *testing.T) {
	both(t, func(t *testing.T, h *town) {
		silent := h.pledged(t, "=HYPERLINK(1)")
		h.Clock.Pass(agenda.SilentAfter + time.Hour)
		moved := h.pledged(t, "Moving")
		_ = moved
		if _, err := h.propose(h.city, h.item, h.group.ID); err != nil {
			t.Fatal(err)
		}
		page := h.Visitor().Get("/en/assemblies/"+h.assembly+"/review").Status(200).Has("h2", "Silent").Has("h2", "Moved").Has("table", "Moving")
		page.Lacks("h2", "Waits")                                                                                                      // not public
		h.As(h.city.person.ID, h.city.mandate.ID).Get("/en/assemblies/"+h.assembly+"/review").Status(200).Has("h2", "Waits for a yes") // the session before ended meanwhile
		h.Visitor().Get("/en/actions/"+silent).Status(200).Has("main", "nothing was heard")
		if err := h.report(h.group, silent, agenda.Done); err != nil {
			t.Fatal(err)
		}
		h.Visitor().Get("/en/assemblies/"+h.assembly+"/review").Status(200).Has("h2", "Done").Lacks("h2", "Silent")

		table := h.Visitor().Get("/en/agenda?as=csv").Status(200)
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(table.Body, "\ufeff"))).ReadAll()
		if err != nil || len(rows) != 4 { // head, two public actions, the principle
			t.Fatalf("%d rows, %v: %s", len(rows), err, table.Body)
		}
		for _, r := range rows {
			for _, cell := range r {
				if cell != "" && strings.ContainsRune("=+-@", rune(cell[0])) {
					t.Errorf("a spreadsheet would run %q", cell)
				}
			}
		}
		h.Visitor().Get("/en/agenda").Status(200).Has("table", "Open the town halls").Has("table", "Nobody is illegal").Has("table", "Principle")
		h.Visitor().Get("/en/agenda?assembly=unknown").Status(200).Lacks("main", "Open the town halls")
	})
}

func TestEndedMandateSpeaksNoMore(t *testing.T) {
	both(t, func(t *testing.T, h *town) {
		action := h.pledged(t, "Counter")
		h.city.Get("/en/actions/"+action).Has("main", "Tell news")
		h.Do(func(ctx context.Context, tx *db.Tx) error { return people.EndMandate(ctx, tx, h.city.mandate.ID, "") })
		h.city.Get("/en/actions/"+action).Status(200).Lacks("main", "Tell news")
		p := h.city.Post("/en/actions/"+action+"/report", url.Values{"words": {"Still here"}, "key": {"0123456789abcdef"}})
		if p.Code != 403 && p.Code != 401 {
			t.Errorf("%d", p.Code)
		}
	})
}

func TestTasks(t *testing.T) {
	both(t, func(t *testing.T, h *town) {
		action, err := h.propose(h.city, h.item, h.group.ID)
		if err != nil {
			t.Fatal(err)
		}
		count := func(s side, path string) (n int) {
			tasks, err := h.Tasks(context.Background(), h.DB, h.actor(s))
			if err != nil {
				t.Fatal(err)
			}
			for _, task := range tasks {
				if task.Path == path {
					n++
				}
			}
			return n
		}
		if count(h.group, "/actions/"+action) != 1 || count(h.city, "/actions/"+action) != 0 {
			t.Error("who was asked has a task, who asked has none")
		}
		h.Do(func(ctx context.Context, tx *db.Tx) error {
			return agenda.Answer(ctx, tx, h.actor(h.group), action, true)
		})
		if count(h.group, "/actions/"+action) != 1 || count(h.city, "/actions/"+action) != 1 || count(h.other, "/actions/"+action) != 0 {
			t.Error("both carriers report, nobody else")
		}
	})
}

func TestDerivations(t *testing.T) {
	both(t, func(t *testing.T, h *town) {
		action := h.pledged(t, "Counter")
		h.Do(func(ctx context.Context, tx *db.Tx) error {
			_, err := agenda.Show(ctx, tx, h.actor(h.city), action, "en", "See", "", "")
			return err
		})
		all, err := lineage.Touching(context.Background(), h.DB, h.item, action)
		if err != nil {
			t.Fatal(err)
		}
		var kinds []string
		for _, d := range all {
			kinds = append(kinds, string(d.Kind))
		}
		if got := strings.Join(kinds, " "); got != "adopted carried_by evidenced" {
			t.Errorf("%s", got)
		}
	})
}
