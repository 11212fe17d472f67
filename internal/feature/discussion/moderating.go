package discussion

import (
	"context"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
	"alliance/internal/platform/notice"
	"alliance/internal/platform/people"
)

// Tell points moderators to a comment. Anybody may who sees it.
func (d *Discussion) Tell(ctx context.Context, tx *db.Tx, a people.Actor, comment, network string, r Reason, note string) error {
	c, e, err := see(ctx, tx, a, comment)
	if err != nil {
		return err
	}
	if c.State != Standing {
		return fault.Conflict("discussion.report.gone", "It is no longer shown: somebody dealt with it already.")
	}
	if err := checkReason(r, note, false); err != nil {
		return err
	}
	if err := within(ctx, tx, "tells/"+a.Person+network, personTells, "tells-from/"+network, networkTells); err != nil {
		return err
	}
	if err := hold(ctx, tx, c.Thread); err != nil {
		return err
	}
	waiting, err := openReportsOf(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	for _, w := range waiting {
		if a.Person != "" && w.Person == a.Person {
			return nil // said already
		}
	}
	if err := addReport(ctx, tx, Report{ID: id.New(), Comment: c.ID, Person: a.Person, Reason: r, Note: note}); err != nil || len(waiting) > 0 {
		return err // moderators know already
	}
	return d.tellModerators(ctx, tx, e)
}

func (d *Discussion) tellModerators(ctx context.Context, tx *db.Tx, e entry.Entry) error {
	var persons []string
	for _, scope := range append(scopes(e), "") {
		for _, role := range []people.Role{people.Coordinator, people.Committee} {
			holders, err := people.Holders(ctx, tx, role, scope)
			if err != nil {
				return err
			}
			for _, p := range holders {
				persons = append(persons, p.ID)
			}
		}
	}
	return notice.TellAll(ctx, tx, persons, notice.New{Key: "discussion.notice.reported", English: "A comment about “{title}” was reported.",
		Args: map[string]string{"title": e.Title().Original()}, Link: "/moderation/comments", Mail: true})
}

// Moderate hides or shows a comment, or leaves it after a report; closes or
// opens its thread. Of two moderators at once the first decides, and the
// second is told that it is done.
func (d *Discussion) Moderate(ctx context.Context, tx *db.Tx, a people.Actor, comment string, act Act, r Reason, note string) error {
	c, e, err := held(ctx, tx, a, comment)
	if err != nil {
		return err
	}
	if !MayModerate(a, e) {
		return access.Denied()
	}
	if act == Hid {
		if err := checkReason(r, note, true); err != nil {
			return err
		}
	}
	if act == Closed || act == Opened {
		if c, err = byID(ctx, tx, c.Thread); err != nil {
			return err
		}
	}
	reports, err := openReportsOf(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	if !c.allows(act) || act == Kept && len(reports) == 0 {
		return fault.Conflict("discussion.moderated", "Somebody else dealt with it meanwhile. Look at it again.")
	}
	switch act {
	case Hid:
		c.State = Hidden
	case Showed:
		c.State = Standing
	case Closed:
		c.Closed = tx.Now()
	case Opened:
		c.Closed = 0
	}
	if act == Hid || act == Kept {
		if err := settleReports(ctx, tx, c.ID); err != nil {
			return err
		}
	}
	if err := addModeration(ctx, tx, Moderation{Comment: c.ID, Entry: e.ID, Act: act, Reason: r, Note: note, Person: a.Person}); err != nil || act == Kept {
		return err
	}
	tellJournal(tx, a, e, "discussion."+string(act), c.ID)
	if err := set(ctx, tx, c); err != nil {
		return err
	}
	return d.tellModerated(ctx, tx, a, e, c, act)
}

// allows tells whether an act still makes a difference.
func (c Comment) allows(act Act) bool {
	if c.Summary {
		return false
	}
	switch act {
	case Hid, Kept:
		return c.State == Standing
	case Showed:
		return c.State == Hidden
	case Closed:
		return c.Closed == 0
	case Opened:
		return c.Closed != 0
	}
	return false
}

// tellModerated tells the author what happened and where the reason stands.
func (d *Discussion) tellModerated(ctx context.Context, tx *db.Tx, a people.Actor, e entry.Entry, c Comment, act Act) error {
	if act != Hid && act != Showed || c.Person == a.Person {
		return nil
	}
	p, err := people.PersonByID(ctx, tx, c.Person)
	if fault.Is(err, fault.KindNotFound) || err == nil && p.Erased != 0 {
		return nil
	}
	if err != nil {
		return err
	}
	n := notice.New{Key: "discussion.notice.hidden", English: "What you said about “{title}” was hidden. The reason stands beside it."}
	if act == Showed {
		n = notice.New{Key: "discussion.notice.shown", English: "What you said about “{title}” is shown again."}
	}
	n.Person, n.Args, n.Link, n.Mail = c.Person, map[string]string{"title": e.Title().Original()}, "/comments/"+c.ID, true
	return notice.Tell(ctx, tx, n)
}
