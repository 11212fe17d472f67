package workshop

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// typed leads from the address printed on paper, which has no language, to
// the page in the language the phone asks for.
func (s *Workshops) typed(r *web.Router) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		tag := locale.Negotiate(req.Header.Get("Accept-Language"))
		if a, err := alliance.Load(req.Context(), s.DB); err == nil && len(a.Languages) > 0 && !slices.Contains(a.Languages, tag) {
			tag = a.Languages[0]
		}
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Vary", "Accept-Language")
		http.Redirect(w, req, "/"+tag+"/join/"+plainCode(req.PathValue("code")), http.StatusFound) // #nosec G710 -- begins with a language; plainCode leaves letters and digits
	})
}

// joinForm asks for the code.
func (s *Workshops) joinForm(c *web.Ctx) error {
	code := c.Query("code")
	if !c.R.URL.Query().Has("code") {
		return c.Page(codePage(c.View, ""))
	}
	r, err := s.enter(c.Context(), c.Network(), code)
	if err == nil {
		return c.See("/join/" + r.Code)
	}
	slow := fault.Is(err, fault.KindTooMany)
	if !slow && !fault.Is(err, fault.KindNotFound) {
		return err
	}
	f := fault.Of(err)[0]
	c.View.Errors = []design.FieldError{{Field: "code", Message: c.View.T(f.Key, f.English, f.Args...)}}
	c.Private()
	c.Status(http.StatusNotFound)
	if slow {
		c.Status(http.StatusTooManyRequests)
	}
	return c.Page(codePage(c.View, Shown(code)))
}

// joinView is a workshop on a phone.
type joinView struct {
	Room   Room
	Lines  []Line // newest first
	Words  Words
	Other  string // a language typed by its code
	Key    string
	Form   bool // show the form though it is closed: something was typed
	Secret string
	Sent   entry.Entry
	Until  db.Instant
	Gone   bool
}

func (s *Workshops) joinView(c *web.Ctx) (v joinView, err error) {
	c.Private() // the form carries a key of its own, and the room is nobody's history
	if v.Room, err = s.enter(c.Context(), c.Network(), c.Path("code")); err != nil {
		return v, err
	}
	if v.Lines, err = s.newest(c.Context(), v.Room); err != nil {
		return v, err
	}
	v.Words = Words{Class: "practice", Lang: c.Lang()}
	if v.Room.Sequence > 1 {
		v.Words.Class = "caution"
	}
	v.Key = web.NewKey()
	return v, nil
}

// newest gives the last hundred lines, newest first.
func (s *Workshops) newest(ctx context.Context, r Room) ([]Line, error) {
	list, err := s.lines(ctx, s.DB, r)
	slices.Reverse(list)
	return list[:min(len(list), 100)], err
}

func (s *Workshops) join(c *web.Ctx) error {
	v, err := s.joinView(c)
	if err != nil {
		return err
	}
	return c.Page(joinPage(c.View, v))
}

// joinList is the part of the page that keeps itself up to date.
func (s *Workshops) joinList(c *web.Ctx) error {
	r, err := s.enter(c.Context(), c.Network(), c.Path("code"))
	if err != nil {
		return err
	}
	list, err := s.newest(c.Context(), r)
	if err != nil {
		return err
	}
	return c.Page(lineList(c.View, list))
}

// wordsOf reads the form of a line.
func wordsOf(c *web.Ctx) (w Words, other string) {
	w = Words{Kind: NoteKind, Class: c.Form("class"), Text: c.Form("text"), Lang: c.Form("lang"), Signed: c.Form("signed"), Mine: c.Checked("mine"), Key: c.Form(design.KeyField)}
	if other = c.Form("lang-other"); other != "" {
		w.Lang = other
	}
	return w, other
}

func (s *Workshops) say(c *web.Ctx) error {
	v, err := s.joinView(c)
	if err != nil {
		return err
	}
	v.Words, v.Other = wordsOf(c)
	v.Words.Source, v.Form, v.Key = FromPhone, true, c.Form(design.KeyField)
	if v.Words.Class == StakeKind { // on a phone one says it is a stake: that is what it is
		v.Words.Kind = StakeKind
	}
	err = c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
		r, err := s.joined(ctx, tx, v.Room.Code)
		if err != nil {
			return "", err
		}
		_, secret, err := s.Take(ctx, tx, c.Actor, r, v.Words)
		if secret == "" {
			return "/join/" + r.Code, err
		}
		return "/join/" + r.Code + "/sent/" + secret, err
	})
	return s.retry(c, err, func(view design.View) templ.Component { return joinPage(view, v) })
}

// retry shows a form again, with what was typed, also when the room closed meanwhile.
func (s *Workshops) retry(c *web.Ctx, err error, form func(design.View) templ.Component) error {
	if err == nil {
		return nil
	}
	return c.Retry(err, form)
}

// sent thanks, and gives the link under which this phone may change it.
func (s *Workshops) sent(c *web.Ctx) error {
	v, err := s.joinView(c)
	if err != nil {
		return err
	}
	v.Secret = c.Path("secret")
	captured, e, err := s.own(c.Context(), c.DB, v.Secret, c.DB.Now())
	if fault.Is(err, fault.KindForbidden) || fault.Is(err, fault.KindNotFound) {
		return c.See("/join/" + v.Room.Code) // an old page opened again
	}
	if err != nil {
		return err
	}
	v.Sent, v.Until = e, captured.EditUntil
	v.Words.Lang, v.Words.Signed, v.Words.Class = e.Lang, e.Signed, cmpOr(e.Class, e.Kind)
	if e.Kind == ProposalKind {
		v.Words.Class = "caution"
	}
	return c.Page(joinPage(c.View, v))
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// mineView is the form under a phone's own link.
type mineView struct {
	Room     Room
	Secret   string
	Entry    entry.Entry
	Until    db.Instant
	Words    Words
	Other    string
	Base     int
	Draft    draftView // of a proposal
	Key      string
	Proposal bool
}

func (s *Workshops) mineView(c *web.Ctx) (v mineView, err error) {
	c.Private()
	if v.Room, err = s.enter(c.Context(), c.Network(), c.Path("code")); err != nil {
		return v, err
	}
	v.Secret = c.Path("secret")
	captured, e, err := s.own(c.Context(), c.DB, v.Secret, c.DB.Now())
	if err != nil {
		return v, err
	}
	if captured.Workshop != v.Room.Workshop.ID {
		return v, fault.Missing()
	}
	v.Entry, v.Until, v.Base, v.Key, v.Proposal = e, captured.EditUntil, e.Revision, web.NewKey(), e.Kind == ProposalKind
	v.Words = Words{Kind: e.Kind, Class: e.Class, Text: Text(e).Original(), Lang: e.Lang, Signed: e.Signed}
	if v.Proposal {
		stakes, _, err := answered(c.Context(), c.DB, e.ID)
		if err != nil {
			return v, err
		}
		v.Draft, err = s.draftView(c, v.Room, draftOf(e, stakes), true)
		v.Draft.Path, v.Draft.Base, v.Draft.Back = "/join/"+v.Room.Code+"/mine/"+v.Secret, v.Base, "/join/"+v.Room.Code
		return v, err
	}
	return v, nil
}

func (s *Workshops) mine(c *web.Ctx) error {
	v, err := s.mineView(c)
	if err != nil {
		return err
	}
	if v.Proposal {
		return c.Page(draftPage(c.View, v.Draft))
	}
	return c.Page(minePage(c.View, v))
}

func (s *Workshops) changeMine(c *web.Ctx) error {
	v, err := s.mineView(c)
	if err != nil {
		return err
	}
	if c.Checked("out") {
		return c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
			_, e, err := s.own(ctx, tx, v.Secret, tx.Now())
			if err == nil && e.State != entry.Draft && e.Kind != NoteKind {
				err = fault.Conflict("workshop.up.over", "This was brought up already, or taken back.")
			}
			if err == nil {
				_, err = entry.SetState(ctx, tx, people.Actor{At: c.Actor.At}, e.ID, entry.Withdrawn)
			}
			return "/join/" + v.Room.Code, err
		})
	}
	base := number(c.Form("base"))
	back := "/join/" + v.Room.Code + "/sent/" + v.Secret
	if v.Proposal {
		v.Draft.take(c)
		if v.Draft.more(c) {
			return c.Page(draftPage(c.View, v.Draft))
		}
		err := c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
			_, e, err := s.own(ctx, tx, v.Secret, tx.Now())
			if err == nil && e.State != entry.Draft {
				err = fault.Conflict("workshop.up.over", "This was brought up already, or taken back.")
			}
			if err == nil {
				_, err = s.Rewrite(ctx, tx, people.Actor{At: c.Actor.At}, v.Room, e, base, v.Draft.Draft)
			}
			return back, err
		})
		return s.retry(c, err, func(view design.View) templ.Component { return draftPage(view, v.Draft) })
	}
	v.Words, v.Other = wordsOf(c)
	v.Base, v.Key = base, c.Form(design.KeyField)
	err = c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
		_, e, err := s.own(ctx, tx, v.Secret, tx.Now())
		if err == nil {
			_, err = s.Change(ctx, tx, people.Actor{At: c.Actor.At}, e, base, v.Words)
		}
		return back, err
	})
	if fault.Is(err, fault.KindConflict) {
		v.Base = v.Entry.Revision // the form shows the present words beside; sending again is a choice
	}
	return s.retry(c, err, func(view design.View) templ.Component { return minePage(view, v) })
}

func number(s string) int {
	n := 0
	for _, r := range strings.TrimSpace(s) {
		if r < '0' || r > '9' || n > 1e8 {
			return 0
		}
		n = 10*n + int(r-'0')
	}
	return n
}

// joinProposal is the full form on a phone.
func (s *Workshops) joinProposal(c *web.Ctx) error {
	c.Private()
	r, err := s.enter(c.Context(), c.Network(), c.Path("code"))
	if err != nil {
		return err
	}
	v, err := s.draftView(c, r, Draft{Lang: c.Lang(), Level: Levels[0]}, true)
	if err != nil {
		return err
	}
	return c.Page(draftPage(c.View, v))
}

func (s *Workshops) joinPropose(c *web.Ctx) error {
	c.Private()
	r, err := s.enter(c.Context(), c.Network(), c.Path("code"))
	if err != nil {
		return err
	}
	v, err := s.draftView(c, r, Draft{}, true)
	if err != nil {
		return err
	}
	v.take(c)
	v.Draft.Source = FromPhone
	if v.more(c) {
		return s.suggest(c, &v)
	}
	err = c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
		now, err := s.joined(ctx, tx, r.Code)
		if err != nil {
			return "", err
		}
		_, secret, err := s.Propose(ctx, tx, c.Actor, now, v.Draft)
		if secret == "" {
			return "/join/" + r.Code, err
		}
		return "/join/" + r.Code + "/sent/" + secret, err
	})
	return s.retry(c, err, func(view design.View) templ.Component { return draftPage(view, v) })
}

// joinAlike answers the script while somebody writes.
func (s *Workshops) joinAlike(c *web.Ctx) error {
	c.Private()
	r, err := s.enter(c.Context(), c.Network(), c.Path("code"))
	if err != nil {
		return err
	}
	return s.answerAlike(c, r)
}
