package plenary

import (
	"context"
	"encoding/json"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/job"
	"alliance/internal/platform/lineage"
	"alliance/internal/platform/notice"
	"alliance/internal/platform/people"
)

// Who may vote hears that a vote is open, and how it ended; so do those whose
// proposals it came from. It is told by a job, some organisations at a time:
// neither the opening nor the result waits until two thousand people are told.

const (
	tellJob = "plenary.tell"
	atOnce  = 100 // organisations told in one transaction
)

// news is what a job tells, and to whom it told so far.
type news struct {
	Motion string `json:"motion"`
	State  State  `json:"state"` // Open or Decided
	From   int    `json:"from"`  // seats of the roll before this one were told
}

func later(ctx context.Context, tx *db.Tx, n news) error {
	return job.Add(ctx, tx, job.New{Kind: tellJob, Data: n})
}

// spread tells the next organisations, and leaves the rest to the next job.
func (p *Plenary) spread(ctx context.Context, data []byte) error {
	var n news
	if err := json.Unmarshal(data, &n); err != nil {
		return job.Hopeless(err)
	}
	return p.DB.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
		m, err := motionByID(ctx, tx, n.Motion)
		if fault.Is(err, fault.KindNotFound) {
			return job.Hopeless(err)
		}
		if err != nil || m.State != n.State { // the vote is over: that it is open is no news any more
			return err
		}
		e, err := entry.Get(ctx, tx, m.Entry)
		if err != nil || e.State != entry.Published {
			return err
		}
		seats, err := rollOf(ctx, tx, m.Entry)
		if err != nil {
			return err
		}
		to := min(n.From+atOnce, len(seats))
		persons, err := voters(ctx, tx, seats[n.From:to])
		if err != nil {
			return err
		}
		if n.From == 0 && m.State == Decided {
			authors, err := authorsOf(ctx, tx, m.Entry)
			if err != nil {
				return err
			}
			persons = append(persons, authors...)
		}
		if err := notice.TellAll(ctx, tx, persons, m.news(e)); err != nil || to == len(seats) {
			return err
		}
		n.From = to
		return later(ctx, tx, n)
	})
}

// news puts the state of a motion in words.
func (m Motion) news(e entry.Entry) notice.New {
	n := notice.New{Args: map[string]string{"title": e.Title().Original()}, Link: "/motions/" + m.Entry, Mail: true}
	switch {
	case m.State == Open:
		n.Key, n.English, n.Link = "plenary.notice.open", "The vote on “{title}” is open. Your organisation may vote.", n.Link+"/vote"
	case m.Item != "":
		n.Key, n.English = "plenary.notice.adopted", "The plenary adopted “{title}”."
	default:
		n.Key, n.English = "plenary.notice.not-adopted", "The plenary did not adopt “{title}”."
	}
	return n
}

// voters are the persons who may vote for these organisations now.
func voters(ctx context.Context, tx *db.Tx, seats []Seat) (persons []string, err error) {
	for _, s := range seats {
		mandates, err := people.MandatesFor(ctx, tx, s.Organisation)
		if err != nil {
			return nil, err
		}
		for _, m := range mandates {
			if m.Allows(people.Vote, tx.Now()) {
				persons = append(persons, m.Person)
			}
		}
	}
	return persons, nil
}

// authorsOf are those whose proposals a motion came from, through every merge
// and rewording.
func authorsOf(ctx context.Context, q db.Q, motion string) (persons []string, err error) {
	g, err := lineage.Around(ctx, q, motion, 100)
	if err != nil {
		return nil, err
	}
	up := map[string]bool{motion: true}
	for range len(g.Derivations) { // as many rounds as there may be steps
		grown := false
		for _, d := range g.Derivations {
			if d.UndoneBy != "" || !touches(d.Children, up) {
				continue
			}
			for _, l := range d.Parents {
				if !up[l.Entry] {
					up[l.Entry], grown = true, true
				}
			}
		}
		if !grown {
			break
		}
	}
	delete(up, motion)
	ids := sortedKeys(up)
	found, err := entry.Many(ctx, q, ids)
	for _, id := range ids {
		if e := found[id]; e.Kind == "proposal" && e.Person != "" {
			persons = append(persons, e.Person)
		}
	}
	return persons, err
}

func touches(links []lineage.Link, set map[string]bool) bool {
	for _, l := range links {
		if set[l.Entry] {
			return true
		}
	}
	return false
}
