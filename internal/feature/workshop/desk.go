package workshop

import (
	"context"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"alliance/internal/platform/alike"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/web"
)

// deskView is the rapporteur's screen.
type deskView struct {
	Room    Room
	Crumbs  []design.Link
	Lines   []Line
	Ordered bool // in the order of the record, else newest first
	Paper   bool // paper forms are being entered
	Words   Words
	Other   string
	Key     string
	Edit    string // entry that is being changed in its place
	Typed   Words  // what was typed there
	Base    int
	Drafts  int
}

func (s *Workshops) deskView(c *web.Ctx, workshop string) (v deskView, err error) {
	if v.Room, err = s.noting(c, workshop); err != nil {
		return v, err
	}
	if v.Crumbs, err = s.crumbs(c.Context(), c.View, v.Room); err != nil {
		return v, err
	}
	list, err := s.lines(c.Context(), c.DB, v.Room)
	if err != nil {
		return v, err
	}
	var notes []string
	for _, l := range list {
		if l.Entry.Kind == NoteKind {
			notes = append(notes, l.Entry.ID)
		}
	}
	raised, err := s.raised(c.Context(), c.DB, notes...)
	if err != nil {
		return v, err
	}
	versions := map[string][]Line{}
	for i := range list {
		l := &list[i]
		l.Raised = raised[l.Entry.ID]
		if l.Entry.State == entry.Draft {
			v.Drafts++
		}
		if l.Captured.Beside != "" {
			versions[l.Captured.Beside] = append(versions[l.Captured.Beside], *l)
		}
	}
	for _, l := range list {
		if l.Captured.Beside != "" && slices.ContainsFunc(list, func(x Line) bool { return x.Entry.ID == l.Captured.Beside }) {
			continue // shown with its first
		}
		l.Versions = versions[l.Entry.ID]
		v.Lines = append(v.Lines, l)
	}
	v.Ordered, v.Paper = c.Query("order") != "", c.Query("from") == FromPaper
	if !v.Ordered {
		slices.Reverse(v.Lines)
	}
	v.Words = Words{Class: cmpOr(c.Query("class"), "practice"), Lang: cmpOr(c.Query("lang"), c.Lang())}
	v.Edit, v.Key = c.Query("edit"), web.NewKey()
	for _, l := range list {
		if l.Entry.ID == v.Edit {
			v.Base = l.Entry.Revision
			v.Typed = Words{Kind: l.Entry.Kind, Class: l.Entry.Class, Text: Text(l.Entry).Original(), Lang: l.Entry.Lang, Signed: l.Entry.Signed}
		}
	}
	return v, nil
}

// path is the screen with the same choices.
func (v deskView) path(add ...string) string {
	q := url.Values{}
	if v.Ordered {
		q.Set("order", "1")
	}
	if v.Paper {
		q.Set("from", FromPaper)
	}
	for i := 0; i+1 < len(add); i += 2 {
		if add[i+1] == "" {
			q.Del(add[i])
		} else {
			q.Set(add[i], add[i+1])
		}
	}
	p := "/workshops/" + v.Room.Workshop.ID + "/notes"
	if len(q) > 0 {
		p += "?" + q.Encode()
	}
	return p
}

func (s *Workshops) notes(c *web.Ctx) error {
	v, err := s.deskView(c, c.Path("id"))
	if err != nil {
		return err
	}
	return c.Page(deskPage(c.View, v))
}

func (s *Workshops) take(c *web.Ctx) error {
	v, err := s.deskView(c, c.Path("id"))
	if err != nil {
		return err
	}
	v.Words, v.Other = wordsOf(c)
	v.Words.Source, v.Key = FromRoom, c.Form(design.KeyField)
	if v.Paper {
		v.Words.Source = FromPaper
	}
	err = c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
		_, _, err := s.Take(ctx, tx, c.Actor, v.Room, v.Words)
		// Most lines of a while are alike: the next begins with the same kind and language.
		return v.path("class", v.Words.Class, "lang", v.Words.Lang) + "#text", err // the address puts one back into the text
	})
	return s.retry(c, err, func(view design.View) templ.Component { return deskPage(view, v) })
}

// noted reads what a form of the screen is about, for those who take the notes.
func (s *Workshops) noted(c *web.Ctx) (Room, entry.Entry, error) {
	e, err := entry.Get(c.Context(), c.DB, c.Path("id"))
	if err != nil {
		return Room{}, e, err
	}
	captured, err := capturedByID(c.Context(), c.DB, e.ID)
	if err != nil {
		return Room{}, e, err
	}
	r, err := s.noting(c, captured.Workshop)
	return r, e, err
}

// back is the screen a form was sent from.
func back(c *web.Ctx, r Room) string {
	to := "/workshops/" + r.Workshop.ID + "/notes"
	if c.Form("order") != "" {
		to += "?order=1"
	}
	return to + "#e-" + c.Path("id")
}

// versionsView shows two versions of one note, side by side.
type versionsView struct {
	Room   Room
	Crumbs []design.Link
	Entry  entry.Entry // as it stands
	Typed  Words       // as it was typed meanwhile
	Diff   []alike.Edit
	Key    string
}

func (s *Workshops) change(c *web.Ctx) error {
	r, e, err := s.noted(c)
	if err != nil {
		return err
	}
	w, _ := wordsOf(c)
	w.Source = FromRoom
	base, path := number(c.Form("base")), back(c, r)
	err = c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
		now, err := entry.Get(ctx, tx, e.ID)
		if err != nil {
			return "", err
		}
		if e = now; c.Checked("both") {
			_, err = s.Beside(ctx, tx, c.Actor, r, now, w)
			return path, err
		}
		_, err = s.Change(ctx, tx, c.Actor, now, base, w)
		return path, err
	})
	if fault.Is(err, fault.KindConflict) {
		v := versionsView{Room: r, Entry: e, Typed: w, Key: web.NewKey(), Diff: alike.Diff(Text(e).Original(), Shown(w.Text))}
		if v.Crumbs, _ = s.crumbs(c.Context(), c.View, r); len(v.Crumbs) == 0 {
			return err
		}
		return c.Retry(err, func(view design.View) templ.Component { return versionsPage(view, v) })
	}
	if err != nil {
		v, deskErr := s.deskView(c, r.Workshop.ID)
		if deskErr != nil {
			return deskErr
		}
		v.Edit, v.Typed, v.Base, v.Ordered = e.ID, w, base, c.Form("order") != ""
		return s.retry(c, err, func(view design.View) templ.Component { return deskPage(view, v) })
	}
	return nil
}

func (s *Workshops) raise(c *web.Ctx) error {
	r, e, err := s.noted(c)
	if err != nil {
		return err
	}
	as := c.Form("as")
	flash := c.View.T("workshop.raised.stake", "The note is a stake now. It says where it comes from.")
	if as == ProposalKind {
		flash = c.View.T("workshop.raised.proposal", "The note is a draft of a proposal now. Complete it, then bring it up.")
	}
	return c.Write(flash, func(ctx context.Context, tx *db.Tx) (string, error) {
		made, err := s.Raise(ctx, tx, c.Actor, r, e, as)
		if as == ProposalKind {
			return "/proposals/" + made.ID + "/edit", err
		}
		return back(c, r), err
	})
}

func (s *Workshops) move(c *web.Ctx) error {
	r, e, err := s.noted(c)
	if err != nil {
		return err
	}
	return c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
		return back(c, r), s.Move(ctx, tx, c.Actor, r, e.ID, c.Form("to") == "up")
	})
}

func (s *Workshops) takeOut(c *web.Ctx) error {
	r, e, err := s.noted(c)
	if err != nil {
		return err
	}
	return c.Write(c.View.T("workshop.out.done", "It is out of the list. Its versions stay in the history."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/workshops/" + r.Workshop.ID + "/notes", s.TakeOut(ctx, tx, c.Actor, r, e.ID)
	})
}

func (s *Workshops) choose(c *web.Ctx) error {
	r, e, err := s.noted(c)
	if err != nil {
		return err
	}
	return c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/workshops/" + r.Workshop.ID + "/notes", s.Choose(ctx, tx, c.Actor, r, e.ID, c.Form("keep"))
	})
}

// up brings one stake or proposal up.
func (s *Workshops) up(c *web.Ctx) error {
	r, e, err := s.noted(c)
	if err != nil {
		return err
	}
	return c.Write(c.View.T("workshop.up.done", "Brought up. Everybody can read it now."), func(ctx context.Context, tx *db.Tx) (string, error) {
		_, err := s.BringUp(ctx, tx, c.Actor, r, e.ID)
		if e.Kind == ProposalKind {
			return "/proposals/" + e.ID, err
		}
		return back(c, r), err
	})
}

// upAll brings up everything that is ready.
func (s *Workshops) upAll(c *web.Ctx) error {
	r, err := s.noting(c, c.Path("id"))
	if err != nil {
		return err
	}
	return c.Write(c.View.T("workshop.up.all.done", "Everything that was complete is brought up."), func(ctx context.Context, tx *db.Tx) (string, error) {
		list, err := s.lines(ctx, tx, r)
		if err != nil {
			return "", err
		}
		for _, l := range list {
			if l.Entry.State != entry.Draft || l.Entry.Kind == ProposalKind && l.Entry.Text(entry.Summary).Empty() {
				continue
			}
			if _, err := s.BringUp(ctx, tx, c.Actor, r, l.Entry.ID); err != nil {
				return "", err
			}
		}
		return "/workshops/" + r.Workshop.ID + "/notes", nil
	})
}

// noteView is the page of a note or a stake.
type noteView struct {
	Line    Line
	Room    Room
	Crumbs  []design.Link
	From    []entry.Entry
	To      []entry.Entry
	MayNote bool
	Key     string
}

func (s *Workshops) noteView(c *web.Ctx, kind string) (v noteView, err error) {
	e, err := entry.Get(c.Context(), c.DB, c.Path("id"))
	if err != nil {
		return v, err
	}
	captured, err := capturedByID(c.Context(), c.DB, e.ID)
	if err != nil {
		return v, err
	}
	if v.Room, err = s.room(c.Context(), c.DB, captured.Workshop); err != nil {
		return v, err
	}
	v.MayNote = v.Room.MayNote(c.Actor)
	if e.Kind != kind || !e.Visible(c.Actor) && !v.MayNote {
		return v, fault.Missing()
	}
	names, err := organisationsOf(c.Context(), c.DB, map[string]entry.Entry{e.ID: e})
	if err != nil {
		return v, err
	}
	v.Line, v.Key = Line{Entry: e, Captured: captured, By: names[e.Organisation]}, web.NewKey()
	if v.Crumbs, err = s.crumbs(c.Context(), c.View, v.Room); err != nil {
		return v, err
	}
	v.From, v.To, err = s.around(c.Context(), c.DB, e, func(o entry.Entry) bool {
		return o.Visible(c.Actor) || v.MayNote && o.Parent == v.Room.Workshop.ID
	})
	return v, err
}

func (s *Workshops) note(c *web.Ctx) error {
	v, err := s.noteView(c, NoteKind)
	if err != nil {
		return err
	}
	return c.Page(notePage(c.View, v))
}

func (s *Workshops) stake(c *web.Ctx) error {
	v, err := s.noteView(c, StakeKind)
	if err != nil {
		return err
	}
	return c.Page(notePage(c.View, v))
}

// roomView is the screen everybody in the room looks at.
type roomView struct {
	Room   Room
	Lines  []Line
	Counts map[string]int
	QR     []byte
	Short  string // address without language, as one types it
}

func (s *Workshops) roomView(c *web.Ctx) (v roomView, err error) {
	if v.Room, err = s.noting(c, c.Path("id")); err != nil {
		return v, err
	}
	list, err := s.lines(c.Context(), c.DB, v.Room)
	if err != nil {
		return v, err
	}
	v.Counts = map[string]int{}
	for _, l := range list {
		v.Counts[l.Entry.Kind]++
	}
	slices.Reverse(list)
	v.Lines = list[:min(len(list), 12)]
	if v.Room.Code != "" {
		v.Short = c.View.Origin + "/join/" + v.Room.Code
		v.QR, err = design.DrawQR(v.Short)
	}
	return v, err
}

func (s *Workshops) roomScreen(c *web.Ctx) error {
	v, err := s.roomView(c)
	if err != nil {
		return err
	}
	return c.Page(roomPage(c.View, v))
}

func (s *Workshops) roomList(c *web.Ctx) error {
	v, err := s.roomView(c)
	if err != nil {
		return err
	}
	return c.Page(roomLines(c.View, v))
}

// paper is the form to print: the same fields, and the code.
func (s *Workshops) paper(c *web.Ctx) error {
	v, err := s.roomView(c)
	if err != nil {
		return err
	}
	return c.Page(paperPage(c.View, v))
}
