package workshop

import (
	"context"
	"maps"
	"slices"
	"time"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/lineage"
	"alliance/internal/platform/people"
)

// Take takes a line down. From a phone it gives the secret under which the
// same phone may change it for a quarter of an hour. The same key again is the
// same note; the same key with other words is another version, kept beside it.
func (s *Workshops) Take(ctx context.Context, tx *db.Tx, a people.Actor, r Room, w Words) (e entry.Entry, secret string, err error) {
	if err := s.mayWrite(ctx, tx, a, r, w.Source); err != nil {
		return e, "", err
	}
	if err := w.Validate(); err != nil {
		return e, "", err
	}
	c := Captured{Assembly: r.Assembly, Workshop: r.Workshop.ID, Kind: w.Kind, Sequence: r.Sequence, Source: w.Source, Key: w.Key}
	if w.Key != "" {
		was, err := capturedByKey(ctx, tx, r.Workshop.ID, w.Key)
		if err == nil {
			first, err := entry.Get(ctx, tx, was.Entry)
			if err != nil || Text(first).Original() == w.Text {
				return first, "", err
			}
			c.Key, c.Beside = "", was.Entry
		} else if !fault.Is(err, fault.KindNotFound) {
			return e, "", err
		}
	}
	e = entry.Entry{Kind: w.Kind, Parent: r.Workshop.ID, Lang: w.Lang, Signed: w.Signed, Axis: r.Workshop.Axis}
	if w.Kind == NoteKind {
		e.Class, e.Audience = w.Class, entry.Members
	} else if !r.MayNote(a) {
		e.State = entry.Draft
	}
	titled(&e, w.Text)
	if e, err = s.keep(ctx, tx, a, e, w.Mine, nil); err != nil {
		return e, "", err
	}
	c.Entry = e.ID
	secret = s.grant(tx, &c)
	return e, secret, putCaptured(ctx, tx, c)
}

// grant makes the link of a phone.
func (s *Workshops) grant(tx *db.Tx, c *Captured) string {
	if c.Source != FromPhone {
		return ""
	}
	secret := id.Secret(20)
	c.Edit, c.EditUntil = people.Hash(secret), tx.Now().Add(EditTime)
	return secret
}

// keep adds an entry of the room: no organisation is its author unless
// somebody acts for it under a mandate and says so.
func (s *Workshops) keep(ctx context.Context, tx *db.Tx, a people.Actor, e entry.Entry, mine bool, facts entry.Facts) (entry.Entry, error) {
	e.Person = a.Person
	if mine && a.May(people.Speak) {
		e.Organisation, e.Mandate = a.Mandate.Organisation, a.Mandate.ID
	}
	if e.Person == "" && e.Organisation == "" {
		a = people.Actor{At: a.At} // nobody: the room
	}
	return entry.Add(ctx, tx, a, e, facts)
}

// mayWrite: a phone while a sequence is open and not too often; the notes by
// those who take them.
func (s *Workshops) mayWrite(ctx context.Context, tx *db.Tx, a people.Actor, r Room, source string) error {
	if source != FromPhone {
		if !r.MayNote(a) {
			return access.Denied()
		}
		return nil
	}
	if !r.Open {
		return closed()
	}
	ok, err := people.Attempt(ctx, tx, "workshop/"+r.Workshop.ID, PerMinute, time.Minute)
	if err == nil && !ok {
		err = fault.Conflict("workshop.slow", "Many people are writing at once. Wait a moment and send it again: what you wrote is still here.")
	}
	return err
}

// own finds what a phone's link may still change.
func (s *Workshops) own(ctx context.Context, q db.Q, secret string, now db.Instant) (Captured, entry.Entry, error) {
	c, err := capturedByEdit(ctx, q, people.Hash(secret))
	if err != nil {
		return c, entry.Entry{}, err
	}
	e, err := entry.Get(ctx, q, c.Entry)
	if err == nil && (now >= c.EditUntil || e.State == entry.Withdrawn) {
		err = fault.Forbidden("workshop.edit.over", "This link was good for 15 minutes. The rapporteur can still change it for you.")
	}
	return c, e, err
}

// Change keeps a new version of a note or stake that was read at base. When
// somebody else was faster, entry.Change says so and both can be kept.
func (s *Workshops) Change(ctx context.Context, tx *db.Tx, a people.Actor, e entry.Entry, base int, w Words) (entry.Entry, error) {
	w.Kind = e.Kind
	if err := w.Validate(); err != nil {
		return e, err
	}
	e.Revision, e.Fields = base, maps.Clone(e.Fields) // the caller may still show what was there
	if e.Kind == NoteKind {
		e.Class = w.Class
	}
	e.Signed = w.Signed
	relang(&e, w.Lang)
	titled(&e, w.Text)
	return entry.Change(ctx, tx, a, e, nil)
}

// Beside keeps other words of a note as a second version next to the first.
func (s *Workshops) Beside(ctx context.Context, tx *db.Tx, a people.Actor, r Room, of entry.Entry, w Words) (entry.Entry, error) {
	was, err := capturedByID(ctx, tx, of.ID)
	if err != nil {
		return of, err
	}
	w.Kind, w.Key = of.Kind, ""
	if err := w.Validate(); err != nil {
		return of, err
	}
	e := entry.Entry{Kind: of.Kind, Class: w.Class, Parent: of.Parent, Lang: w.Lang, Signed: w.Signed, Axis: of.Axis, State: of.State, Audience: of.Audience}
	titled(&e, w.Text)
	if e, err = s.keep(ctx, tx, a, e, false, nil); err != nil {
		return e, err
	}
	first := of.ID
	if was.Beside != "" {
		first = was.Beside
	}
	return e, putCaptured(ctx, tx, Captured{Entry: e.ID, Assembly: was.Assembly, Workshop: was.Workshop, Kind: was.Kind, Sequence: was.Sequence, Source: was.Source, Beside: first})
}

// Choose ends that a note has two versions: the others are taken out of the
// list, and stay in the history. keep "" says that both are wanted.
func (s *Workshops) Choose(ctx context.Context, tx *db.Tx, a people.Actor, r Room, first, keep string) error {
	if !r.MayNote(a) {
		return access.Denied()
	}
	list, err := capturedIn(ctx, tx, r.Workshop.ID)
	if err != nil {
		return err
	}
	versions := []string{first}
	for _, c := range list {
		if c.Beside == first {
			versions = append(versions, c.Entry)
		}
	}
	if len(versions) < 2 || keep != "" && !slices.Contains(versions, keep) {
		return fault.Conflict("workshop.chosen", "Somebody has chosen already.")
	}
	for _, v := range versions {
		if keep == "" || v == keep {
			continue
		}
		if _, err := entry.SetState(ctx, tx, a, v, entry.Withdrawn); err != nil {
			return err
		}
	}
	return settle(ctx, tx, first)
}

// Raise makes a stake or a proposal of a note, once each.
func (s *Workshops) Raise(ctx context.Context, tx *db.Tx, a people.Actor, r Room, note entry.Entry, as string) (e entry.Entry, err error) {
	if !r.MayNote(a) {
		return e, access.Denied()
	}
	if note.Kind != NoteKind || note.State == entry.Withdrawn || as != StakeKind && as != ProposalKind {
		return e, fault.Missing()
	}
	if err := tx.Lock(ctx, "workshop:"+r.Workshop.ID); err != nil {
		return e, err
	}
	raised, err := s.raised(ctx, tx, note.ID)
	if err != nil {
		return e, err
	}
	if _, done := raised[note.ID][as]; done {
		return e, fault.Conflict("workshop.raised", "This note was already raised.")
	}
	e = entry.Entry{Kind: as, Parent: note.Parent, Lang: note.Lang, Signed: note.Signed, Organisation: note.Organisation, Person: note.Person, Mandate: note.Mandate, Axis: note.Axis,
		Fields: map[string]lang.Text{entry.Title: fresh(note.Title())}}
	if e.Person == "" && e.Organisation == "" {
		e.Person = a.Person // who took it from the note; it stays the room's
	}
	whole := fresh(Text(note))
	if as == ProposalKind {
		e.State, e.Class = entry.Draft, Levels[0]
		e.Fields[entry.Summary] = whole
		e, err = s.addProposal(ctx, tx, a, r, e, nil, Captured{Source: FromRoom})
	} else {
		if !note.Text(Body).Empty() {
			e.Fields[Body] = whole
		}
		if e, err = entry.Add(ctx, tx, a, e, nil); err == nil {
			err = putCaptured(ctx, tx, Captured{Entry: e.ID, Assembly: r.Assembly, Workshop: r.Workshop.ID, Kind: as, Sequence: r.Sequence, Source: FromRoom})
		}
	}
	if err != nil {
		return e, err
	}
	_, err = lineage.Add(ctx, tx, a, lineage.Derivation{Kind: lineage.Raised, Role: role(a, r), Scope: r.Workshop.ID, Certain: true,
		Parents: []lineage.Link{{Entry: note.ID, Revision: note.Revision}}, Children: []lineage.Link{{Entry: e.ID, Revision: e.Revision}}})
	return e, err
}

// fresh takes a text over into a new entry, where everything is at revision 1:
// translations that were out of date stay out of date.
func fresh(t lang.Text) lang.Text {
	c := lang.Text{Orig: t.Orig, V: map[string]lang.Version{}}
	for tag, v := range t.V {
		if v.R = 1; t.V[tag].R < t.V[t.Orig].R {
			v.R = 0
		}
		c.V[tag] = v
	}
	return c
}

// raised tells for each note what it was raised to: kind → entry.
func (s *Workshops) raised(ctx context.Context, q db.Q, notes ...string) (map[string]map[string]string, error) {
	found := map[string]map[string]string{}
	touching, err := lineage.Touching(ctx, q, notes...)
	if err != nil {
		return nil, err
	}
	var children []string
	for _, d := range touching {
		for _, c := range d.Children {
			children = append(children, c.Entry)
		}
	}
	kinds, err := entry.Many(ctx, q, children)
	if err != nil {
		return nil, err
	}
	for _, d := range touching {
		if d.Kind != lineage.Raised || d.UndoneBy != "" {
			continue
		}
		for _, p := range d.Parents {
			for _, c := range d.Children {
				if found[p.Entry] == nil {
					found[p.Entry] = map[string]string{}
				}
				found[p.Entry][kinds[c.Entry].Kind] = c.Entry
			}
		}
	}
	return found, nil
}

// role is the one in which the actor writes for the room.
func role(a people.Actor, r Room) string {
	for _, one := range Noting {
		if a.Is(one, r.Workshop.ID, r.Assembly) {
			return string(one)
		}
	}
	return ""
}

// BringUp publishes what a phone wrote or a note became: from now on everybody
// reads it.
func (s *Workshops) BringUp(ctx context.Context, tx *db.Tx, a people.Actor, r Room, entryID string) (entry.Entry, error) {
	e, err := entry.Get(ctx, tx, entryID)
	if err != nil {
		return e, err
	}
	if !r.MayNote(a) {
		return e, access.Denied()
	}
	if e.State != entry.Draft || e.Parent != r.Workshop.ID {
		return e, fault.Conflict("workshop.up.over", "This was brought up already, or taken back.")
	}
	if e.Kind == ProposalKind && e.Text(entry.Summary).Empty() {
		return e, fault.Invalid("", "workshop.up.plain", "It still needs its plain words. Add them, then bring it up.")
	}
	return entry.SetState(ctx, tx, a, e.ID, entry.Published)
}

// TakeOut takes a note, stake or draft out of the list; its versions stay.
func (s *Workshops) TakeOut(ctx context.Context, tx *db.Tx, a people.Actor, r Room, entryID string) error {
	if !r.MayNote(a) {
		return access.Denied()
	}
	if _, err := capturedByID(ctx, tx, entryID); err != nil {
		return err
	}
	_, err := entry.SetState(ctx, tx, a, entryID, entry.Withdrawn)
	return err
}

// Move puts a line one place up or down in the record.
func (s *Workshops) Move(ctx context.Context, tx *db.Tx, a people.Actor, r Room, entryID string, up bool) error {
	if !r.MayNote(a) {
		return access.Denied()
	}
	if err := tx.Lock(ctx, "workshop:"+r.Workshop.ID); err != nil {
		return err
	}
	list, err := s.lines(ctx, tx, r)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(list, func(l Line) bool { return l.Entry.ID == entryID })
	to := at + 1
	if up {
		to = at - 1
	}
	if at < 0 || to < 0 || to >= len(list) {
		return nil // it stands at the end already
	}
	list[at], list[to] = list[to], list[at]
	for i, l := range list { // positions may have gaps and twins: number all anew
		if l.Captured.Position != i+1 {
			if err := place(ctx, tx, l.Entry.ID, i+1); err != nil {
				return err
			}
		}
	}
	journal.Tell(tx, a, journal.Event{Verb: "note.moved", Kind: NoteKind, Subject: entryID, Scope: r.Workshop.ID})
	return nil
}

// Line is one thing taken down, with what the lists show of it.
type Line struct {
	Entry    entry.Entry
	Captured Captured
	At       time.Time         // by the clock of the room
	By       string            // organisation it is by, by name
	Raised   map[string]string // of a note: kind → entry
	Versions []Line            // other versions, to be chosen among
}

// lines gives what a workshop took down and did not take out again, in the
// order of its record. Who may read it is the caller's question.
func (s *Workshops) lines(ctx context.Context, q db.Q, r Room) ([]Line, error) {
	captured, err := capturedIn(ctx, q, r.Workshop.ID)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(captured))
	for i, c := range captured {
		ids[i] = c.Entry
	}
	found, err := entry.Many(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	names, err := organisationsOf(ctx, q, found)
	if err != nil {
		return nil, err
	}
	var list []Line
	for _, c := range captured {
		if e, ok := found[c.Entry]; ok && e.State != entry.Withdrawn {
			list = append(list, Line{Entry: e, Captured: c, At: e.Created.Time().In(r.Zone), By: names[e.Organisation]})
		}
	}
	return list, nil
}

// organisationsOf names the organisations of entries.
func organisationsOf(ctx context.Context, q db.Q, entries map[string]entry.Entry) (map[string]string, error) {
	var ids []string
	for _, e := range entries {
		if e.Organisation != "" && !slices.Contains(ids, e.Organisation) {
			ids = append(ids, e.Organisation)
		}
	}
	names := map[string]string{}
	if len(ids) == 0 {
		return names, nil
	}
	list, err := people.OrganisationsByID(ctx, q, ids)
	for _, o := range list {
		names[o.ID] = o.Name
	}
	return names, err
}
