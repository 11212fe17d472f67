package contribution

import (
	"context"
	"slices"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// Decided is a contribution with what was decided about it, as the log tells
// it: nothing of its author, no words, and of one that was refused not even the
// title.
type Decided struct {
	Contribution
	Said  []Said
	Entry entry.Entry // what it became, where the reader may know of it
}

// decidedBy lists what an actor's organisation, or the coordination, said
// lately, the newest first.
func (f *Feature) decidedBy(ctx context.Context, q db.Q, a people.Actor, limit int) ([]Decided, error) {
	seat := ""
	if a.Is(people.Coordinator) {
		seat = string(Coordination)
	}
	list, err := db.All(ctx, q, scan(f.Key), `SELECT `+columns+` FROM contribution c WHERE EXISTS
		(SELECT 1 FROM contribution_said s WHERE s.contribution = c.id AND (s.organisation <> '' AND s.organisation = $1 OR s.seat = $2)) ORDER BY c.at DESC, c.id DESC LIMIT $3`, a.For(), seat, limit)
	if err != nil {
		return nil, err
	}
	return f.decided(ctx, q, a, list)
}

// logged lists what is over, the newest first: those that ended before an
// instant, 0 = all.
func (f *Feature) logged(ctx context.Context, q db.Q, a people.Actor, before db.Instant, limit int) ([]Decided, error) {
	if before == 0 {
		before = 1 << 62
	}
	list, err := db.All(ctx, q, scan(f.Key), `SELECT `+columns+` FROM contribution c WHERE c.ended > 0 AND c.ended < $1 ORDER BY c.ended DESC, c.id DESC LIMIT $2`, before, limit)
	if err != nil {
		return nil, err
	}
	return f.decided(ctx, q, a, list)
}

func (f *Feature) decided(ctx context.Context, q db.Q, a people.Actor, list []Contribution) ([]Decided, error) {
	out := make([]Decided, len(list))
	var ids, entries []string
	for i, c := range list {
		out[i].Contribution = c
		ids = append(ids, c.ID)
		if c.Entry != "" {
			entries = append(entries, c.Entry)
		}
	}
	said, err := saidOf(ctx, q, ids...)
	if err != nil {
		return nil, err
	}
	found, err := entry.Many(ctx, q, entries)
	for i, c := range list {
		out[i].Said = said[c.ID]
		if e, ok := found[c.Entry]; ok && e.Visible(a) {
			out[i].Entry = e
		}
	}
	return out, err
}

// last is what decided it: the words of the last round.
func (d Decided) last() (said []Said) {
	for _, s := range d.Said {
		if s.Round == d.Round {
			said = append(said, s)
		}
	}
	return said
}

const logPage = 50

// logView is the public log.
type logView struct {
	*Feature
	List  []Decided
	Orgs  map[string]people.Organisation
	Older db.Instant // 0 = there are none
	// Moderates: the reader may look after comments. Notices once led here for it.
	Moderates bool
}

func (f *Feature) logView(ctx context.Context, a people.Actor, before db.Instant) (logView, error) {
	v := logView{Feature: f, Moderates: a.Is(people.Coordinator) || a.Is(people.Committee)}
	list, err := f.logged(ctx, f.DB, a, before, logPage+1)
	if err != nil {
		return v, err
	}
	if len(list) > logPage {
		list = list[:logPage]
		v.Older = list[logPage-1].Ended
	}
	v.List = list
	var said []Said
	for _, d := range list {
		said = slices.Concat(said, d.Said)
	}
	v.Orgs, err = f.organisations(ctx, f.DB, said)
	return v, err
}

func (f *Feature) log(c *web.Ctx) error {
	v, err := f.logView(c.Context(), c.Actor, db.Instant(web.Whole(c.Query("before"))))
	if err != nil {
		return err
	}
	return c.Page(logPageOf(c.View, v))
}
