package contribution

import (
	"context"
	"slices"
	"strings"

	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/output"
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

// feed is the log for programs that follow what is new.
func (f *Feature) feed(c *web.Ctx) error {
	l, err := f.logView(c.Context(), c.Actor, 0)
	if err != nil {
		return err
	}
	v := c.View
	page := v.Origin + v.Href("/moderation")
	items := make([]output.Item, len(l.List))
	for i, d := range l.List {
		items[i] = output.Item{ID: "decided:" + d.Contribution.ID, Title: l.heading(v, d), Link: page, Text: l.told(v, d), At: d.Ended}
		if d.Entry.ID != "" {
			items[i].Title = d.Entry.Title().In(v.Lang()).S + " – " + items[i].Title
			items[i].Link = v.Origin + v.Href(f.Kinds[d.Kind].Path(d.Entry.ID))
		}
	}
	body, err := output.Feed(v, v.T("contribution.log.title", "What was decided about proposals"), v.Origin+v.Href("/moderation.atom"), page, items)
	if err != nil {
		return err
	}
	c.W.Header().Set("Access-Control-Allow-Origin", "*")
	c.W.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	return c.Bytes("application/atom+xml; charset=utf-8", body)
}

// told is what the log says of a decision, as one text.
func (l logView) told(v design.View, d Decided) string {
	var lines []string
	if where := d.where(v); where != "" {
		lines = append(lines, where)
	}
	if d.Reason != "" {
		lines = append(lines, v.T("contribution.log.reason", "Reason: {reason}", "reason", v.Say(reasonPhrase(d.Reason))))
	}
	for _, s := range d.last() {
		line := seatName(v, s.Seat)
		if o, ok := l.Orgs[s.Organisation]; ok {
			line += " (" + o.Name + ")"
		}
		lines = append(lines, line+" "+actName(v, s.Act))
	}
	return strings.Join(lines, "\n")
}
