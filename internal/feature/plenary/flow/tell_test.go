package flow_test

import (
	"context"
	"strings"
	"testing"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/lineage"
	"alliance/internal/platform/people"
)

// Who may vote hears by mail that a vote is open; at the end they hear how it
// ended, and so does whoever wrote the proposal it came from. Nobody else.
func TestWhoIsTold(t *testing.T) {
	inside(t, 2, func(t *testing.T, h *hall) {
		speaker, author := h.Person("Only speaks"), h.Person("Wrote it")
		h.Do(func(ctx context.Context, tx *db.Tx) error {
			_, err := people.AddMandate(ctx, tx, people.Mandate{Organisation: h.members[0].ID, Person: speaker.ID, Speak: true})
			return err
		})
		page := h.put(t, "A house for all", "open")
		motion := strings.TrimPrefix(page, "/en/motions/")
		h.Do(func(ctx context.Context, tx *db.Tx) error { // written, reworded by the committee, put to the vote
			first, err := entry.Add(ctx, tx, people.Actor{Person: author.ID}, entry.Entry{Kind: "proposal", Parent: h.assembly, Lang: "en", Fields: map[string]lang.Text{"title": lang.New("en", "Houses")}}, nil)
			if err != nil {
				return err
			}
			second, err := entry.Add(ctx, tx, people.Actor{}, entry.Entry{Kind: "proposal", Parent: h.assembly, Lang: "en", Fields: map[string]lang.Text{"title": lang.New("en", "Houses, again")}}, nil)
			for _, d := range []lineage.Derivation{
				{Kind: lineage.Reworded, Parents: []lineage.Link{{Entry: first.ID, Revision: 1}}, Children: []lineage.Link{{Entry: second.ID, Revision: 1}}},
				{Kind: lineage.PutToVote, Parents: []lineage.Link{{Entry: second.ID, Revision: 1}}, Children: []lineage.Link{{Entry: motion, Revision: 1}}},
			} {
				if err == nil {
					d.Role, d.Scope, d.Certain = "committee", h.assembly, true
					_, err = lineage.Add(ctx, tx, people.Actor{}, d)
				}
			}
			return err
		})
		told := func(person, sentence string) (n int) {
			h.Drain()
			p := h.As(person, "").Get("/en/me/notices").Status(200)
			return strings.Count(p.Text("main"), sentence)
		}
		const open, adopted = "The vote on “A house for all” is open.", "The plenary adopted “A house for all”."

		h.chair.Get(page+"/chair").Submit("Open the vote", nil).Status(200)
		for _, m := range h.mandates {
			if n := told(m.Person, open); n != 1 {
				t.Errorf("a voter was told %d times", n)
			}
		}
		if told(speaker.ID, open)+told(author.ID, open) != 0 {
			t.Error("somebody without a vote is asked to vote")
		}
		if mails := strings.Join(h.Mails(), "\n"); !strings.Contains(mails, "/en/motions/"+motion+"/vote") {
			t.Error("no mail leads to the vote:\n", mails)
		}
		// The chair has it before their eyes, with the clock of the meeting.
		h.chair.Get("/en/me").Has("main", "You chair this vote")
		h.delegate(0).Get("/fr/me").Has("main", "À voter")
		for i := range h.members {
			h.vote(t, i, motion, "for")
		}
		h.chair.Get(page+"/chair").Follow("Close and count").Has("p", "6 of 6 organisations have voted.").Submit("Close and count", nil).Status(200)
		h.chair.Get(page+"/close").Lacks("h1", "Close the vote") // there is nothing left to close
		for _, person := range []string{h.mandates[0].Person, h.mandates[5].Person, author.ID} {
			if n := told(person, adopted); n != 1 {
				t.Errorf("told %d times of the result", n)
			}
		}
		if told(speaker.ID, adopted) != 0 {
			t.Error("told somebody who had no vote")
		}
	})
}
