package flow_test

import (
	"context"
	"net/url"
	"slices"
	"sync"
	"testing"

	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/lineage"
	"alliance/internal/platform/people"
)

// proposal adds a published proposal of the assembly.
func (h *hall) proposal(title string) (id string) {
	h.Do(func(ctx context.Context, tx *db.Tx) error {
		fields := map[string]lang.Text{entry.Title: lang.New("en", title), entry.Summary: lang.New("en", title+".")}
		e, err := entry.Add(ctx, tx, people.Actor{}, entry.Entry{Kind: "proposal", Class: "alliance", Parent: h.assembly, Lang: "en", Fields: fields}, nil)
		if err != nil {
			return err
		}
		id = e.ID
		_, err = tx.Exec(ctx, `INSERT INTO proposal (entry, assembly, workshop, level, position) VALUES ($1,$2,'','alliance',1)`, e.ID, h.assembly)
		return err
	})
	return id
}

func (h *hall) from(c *housetest.Client, proposal string) *housetest.Page {
	return c.Post("/en/assemblies/"+h.assembly+"/plenary/new", url.Values{"title": {"A house for all"}, "summary": {"We open a house."}, "summary-lang": {"en"}, "ballot": {"open"}, "becomes": {"action"}, "from": {proposal}})
}

// Two motions of one proposal at once: one is on the list, the others are told.
func TestTwoMotionsOfOneProposalAtOnce(t *testing.T) {
	inside(t, 1, func(t *testing.T, h *hall) {
		proposal := h.proposal("A house")
		const n = 4
		codes, wait := make([]int, n), sync.WaitGroup{}
		for i := range n {
			c := h.As(h.Person("Chair", people.Grant{Role: people.Chair, Scope: h.assembly}).ID, "")
			wait.Add(1)
			go func() { defer wait.Done(); codes[i] = h.from(c, proposal).Code }()
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
			t.Fatalf("%v", codes)
		}
		h.from(h.chair, proposal).Status(409).Has(".error-summary", "“A house” was dealt with meanwhile").Has("textarea", "We open a house.")
		h.chair.Get("/en/assemblies/"+h.assembly+"/plenary/new").Lacks("main", "Begin with the words of a proposal")
	})
}

// A motion and a merge of the same proposal at once: one of them stands.
func TestAMotionAndAMergeAtOnce(t *testing.T) {
	inside(t, 1, func(t *testing.T, h *hall) {
		for range 3 {
			a, b := h.proposal("A house"), h.proposal("A home")
			member := h.As(h.Person("Committee", people.Grant{Role: people.Committee, Scope: h.assembly}).ID, "")
			form := member.Get("/en/assemblies/" + h.assembly + "/synthesis/merge?p=" + a + "&p=" + b).Status(200)
			var put, merged int
			var wait sync.WaitGroup
			wait.Add(2)
			go func() { defer wait.Done(); put = h.from(h.chair, a).Code }()
			go func() {
				defer wait.Done()
				merged = form.Submit("Merge", map[string]string{"title": "One house", "summary": "We open one.", "reason": "The same"}).Code
			}()
			wait.Wait()
			if put+merged != 200+409 {
				t.Errorf("put %d, merged %d", put, merged)
			}
		}
	})
}

// A vote that did not adopt leaves the proposal to be put again; one withdrawn too.
func TestAProposalComesBack(t *testing.T) {
	inside(t, 1, func(t *testing.T, h *hall) {
		proposal := h.proposal("A house")
		first := h.from(h.chair, proposal).Status(200).Path
		h.chair.Get(first+"/chair").Submit("Open the vote", nil).Status(200)
		h.from(h.chair, proposal).Status(409)
		h.chair.Get(first+"/chair").Follow("Close and count").Submit("Close and count", nil).Status(200).Lacks("p.lead", "The motion is adopted.")
		second := h.from(h.chair, proposal).Status(200).Path

		// Withdrawn by who made it, with a reason everybody can read.
		h.delegate(0).Get(second).Lacks("main", "Withdraw this motion")
		h.delegate(0).Post(second+"/withdraw", url.Values{"reason": {"No"}, "reason-lang": {"en"}}).Status(403)
		h.Visitor().Post(second+"/withdraw", url.Values{"reason": {"No"}, "reason-lang": {"en"}}).Status(200, 401, 403).Lacks("main", "The motion is withdrawn.")
		h.chair.Get(second).Submit("Withdraw the motion", map[string]string{"reason": "  "}).Status(422).Has(".error-summary", "Say why")
		h.chair.Get(second).Submit("Withdraw the motion", map[string]string{"reason": "The workshop writes it anew.", "reason-lang": "en"}).Status(200).Has(".pill", "Withdrawn")
		h.Visitor().Get(second).Status(200).Has("main", "The workshop writes it anew.").Has("h1", "A house for all").Has("main", "Comes from")
		h.Visitor().Get("/en/assemblies/"+h.assembly+"/plenary").Has(".card", "Withdrawn")
		id := second[len("/en/motions/"):]
		h.Visitor().Get("/en/lineage/"+id).Status(200).Has("main", "The workshop writes it anew.")
		h.Visitor().Get("/en/history/" + id).Status(200)

		// It is over: no vote, no amendment, no second time; the proposal is free.
		h.chair.Post(second+"/open", url.Values{}).Status(409).Has("main", "This motion was withdrawn.")
		h.chair.Post(second+"/withdraw", url.Values{"reason": {"Again"}, "reason-lang": {"en"}}).Status(409)
		h.delegate(0).Post(second+"/amend", url.Values{"field": {"title"}, "words": {"Other words"}}).Status(409)
		h.delegate(0).Post(second+"/vote", url.Values{"choice": {"for"}, "sure": {"1"}}).Status(409)
		third := h.from(h.chair, proposal).Status(200).Path
		h.chair.Get(third+"/chair").Submit("Open the vote", nil).Status(200)
		h.chair.Post(third+"/withdraw", url.Values{"reason": {"Too late"}, "reason-lang": {"en"}}).Status(409).Has("main", "This vote was opened already.")
		acts, err := lineage.Touching(context.Background(), h.DB, id)
		if err != nil || len(acts) != 3 { // put to the vote, undone, dropped
			t.Errorf("%d acts, %v", len(acts), err)
		}
	})
}

// A chair who opens and a maker who withdraws at once: one of them is told.
func TestOpenedAndWithdrawnAtOnce(t *testing.T) {
	inside(t, 1, func(t *testing.T, h *hall) {
		for range 3 {
			page := h.put(t, "A house for all", "open")
			form := h.chair.Get(page)
			var opened, withdrawn int
			var wait sync.WaitGroup
			wait.Add(2)
			go func() { defer wait.Done(); opened = h.chair.Post(page+"/open", url.Values{}).Code }()
			go func() {
				defer wait.Done()
				withdrawn = form.Submit("Withdraw the motion", map[string]string{"reason": "Too early", "reason-lang": "en"}).Code
			}()
			wait.Wait()
			if opened+withdrawn != 200+409 {
				t.Errorf("opened %d, withdrawn %d", opened, withdrawn)
			}
		}
	})
}

// Two who keep the list of who is present do not undo each other.
func TestTwoKeepWhoIsPresent(t *testing.T) {
	inside(t, 2, func(t *testing.T, h *hall) {
		motion := h.motion(t, "A house for all", "open", "")
		chair := "/en/motions/" + motion + "/chair"
		here := func() map[string]bool {
			rows, err := db.All(context.Background(), h.DB, db.Pair[string, bool], `SELECT organisation, present FROM roll WHERE motion = $1`, motion)
			if err != nil {
				t.Fatal(err)
			}
			m := map[string]bool{}
			for _, r := range rows {
				m[r.A] = r.B
			}
			return m
		}
		// Both see everybody present; one unticks the first, the other the second.
		other := h.As(h.Person("Second chair", people.Grant{Role: people.Chair, Scope: h.assembly}).ID, "")
		one, two := h.chair.Get(chair), other.Get(chair)
		without := func(p *housetest.Page, gone ...int) *housetest.Page {
			kept := []string{}
			for i, m := range h.members {
				if !slices.Contains(gone, i) {
					kept = append(kept, m.ID)
				}
			}
			return p.Submit("Keep who is present", nil, url.Values{"present": kept})
		}
		without(one, 0).Status(200)
		without(two, 1).Status(200)
		got := here()
		if got[h.members[0].ID] || got[h.members[1].ID] || !got[h.members[2].ID] {
			t.Errorf("%v", got)
		}
		// Who votes meanwhile is present, whatever an old list says.
		old := h.chair.Get(chair)
		h.vote(t, 0, motion, "for")
		without(old, 0, 1, 2).Status(200)
		got = here()
		if !got[h.members[0].ID] || got[h.members[2].ID] {
			t.Errorf("%v", got)
		}
		without(h.chair.Get(chair), 0, 1, 2).Status(200)
		if !here()[h.members[0].ID] {
			t.Error("who voted is absent")
		}
	})
}
