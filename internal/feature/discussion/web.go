package discussion

import (
	"context"
	"strconv"

	"github.com/a-h/templ"

	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// line is a comment as a page shows it.
type line struct {
	Comment
	Entry   entry.Entry
	Name    string // "" for an erased account
	For     people.Organisation
	Answers string // name of who is answered
	AnswerN string // identifier of the comment answered
	Reads   bool   // the reader gets to see the words
	Closed  bool   // its thread is closed
}

// form is something being written, as typed.
type form struct {
	Words, Lang string
	For         string // organisation one may speak for, "" = none
	Own         bool
	Follow      bool
	Key         string
	Langs       []string
}

func (d *Discussion) form(c *web.Ctx) form {
	f := form{Lang: c.Lang(), Key: web.NewKey(), Langs: c.Alliance.Languages, Follow: true}
	if c.Actor.May(people.Speak) {
		f.For = c.Actor.Mandate.OrganisationName
	}
	return f
}

// typed reads a form of words.
func (d *Discussion) typed(c *web.Ctx) form {
	f := d.form(c)
	f.Words, f.Lang, f.Own, f.Follow = c.Form("words"), c.Form("words-lang"), c.Form("as") == "own", c.Checked("follow")
	return f
}

// discussionPage is a page of what is said about an entry.
type discussionPage struct {
	Entry      entry.Entry
	Path       string // of the entry
	Lines      []line
	Total      int
	Page, Last int
	Summary    *line
	Form       form
	MaySum     bool
	SignedIn   bool
	NameOf     func(string) string
}

func (d *Discussion) load(c *web.Ctx) (discussionPage, error) {
	e, err := entry.See(c.Context(), c.DB, c.Actor, "", c.Path("id"))
	if err != nil {
		return discussionPage{}, err
	}
	p := discussionPage{Entry: e, Path: d.kindPath(e), Form: d.form(c), MaySum: MaySum(c.Actor, e), SignedIn: c.Actor.SignedIn(), Page: 1}
	if p.Total, err = count(c.Context(), c.DB, e.ID); err != nil {
		return p, err
	}
	p.Last = max(1, (p.Total+perPage-1)/perPage)
	if n, err := strconv.Atoi(c.Query("page")); err == nil {
		p.Page = max(1, min(n, p.Last))
	} else if at := c.Query("at"); at != "" {
		if p.Page, err = d.pageOf(c.Context(), e, at); err != nil {
			return p, err
		}
	}
	list, err := page(c.Context(), c.DB, e.ID, (p.Page-1)*perPage, perPage)
	if err != nil {
		return p, err
	}
	sum, err := summaryOf(c.Context(), c.DB, e.ID)
	if err == nil {
		list = append(list, sum)
	} else if !fault.Is(err, fault.KindNotFound) {
		return p, err
	}
	lines, nameOf, err := d.lines(c.Context(), c.DB, c.Actor, e, list)
	if err != nil {
		return p, err
	}
	p.NameOf = nameOf
	for i, l := range lines {
		if l.Summary {
			p.Summary = &lines[i]
		} else {
			p.Lines = append(p.Lines, l)
		}
	}
	return p, nil
}

// pageOf finds on which page a comment stands.
func (d *Discussion) pageOf(ctx context.Context, e entry.Entry, comment string) (int, error) {
	c, err := byID(ctx, d.DB, comment)
	if fault.Is(err, fault.KindNotFound) || err == nil && c.Entry != e.ID {
		return 1, nil
	}
	if err != nil {
		return 1, err
	}
	before, err := standing(ctx, d.DB, e.ID, c.Path)
	return before/perPage + 1, err
}

// lines dresses comments of one entry for a reader.
func (d *Discussion) lines(ctx context.Context, q db.Q, a people.Actor, e entry.Entry, list []Comment) ([]line, func(string) string, error) {
	var others []string // threads and answered ones of other pages
	here := map[string]Comment{}
	for _, c := range list {
		here[c.ID] = c
	}
	for _, c := range list {
		for _, up := range []string{c.Thread, c.Answers} {
			if _, ok := here[up]; up != "" && !ok {
				others = append(others, up)
			}
		}
	}
	found, err := many(ctx, q, others)
	if err != nil {
		return nil, nil, err
	}
	all := list
	for _, c := range found {
		here[c.ID] = c
		all = append(all[:len(all):len(all)], c)
	}
	n, err := namesOf(ctx, q, all)
	if err != nil {
		return nil, nil, err
	}
	lines := make([]line, len(list))
	for i, c := range list {
		l := line{Comment: c, Entry: e, Name: n.persons[c.Person], For: n.organisations[c.Organisation], Reads: c.Reads(a, e), Closed: here[c.Thread].Closed != 0}
		if up, ok := here[c.Answers]; ok {
			l.Answers, l.AnswerN = n.of(up), up.ID
		}
		lines[i] = l
	}
	return lines, func(person string) string { return n.persons[person] }, nil
}

func (d *Discussion) show(c *web.Ctx) error {
	p, err := d.load(c)
	if err != nil {
		return err
	}
	c.View.NameOf = p.NameOf
	return c.Page(showPage(c.View, p))
}

func (d *Discussion) say(c *web.Ctx) error {
	f := d.typed(c)
	err := c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
		made, err := d.Say(ctx, tx, c.Actor, Saying{Entry: c.Path("id"), Words: f.Words, Lang: f.Lang, Own: f.Own, Network: c.Network(), Follow: f.Follow})
		return d.path(made), err
	})
	if err == nil {
		return nil
	}
	p, loadErr := d.load(c)
	if loadErr != nil {
		return loadErr
	}
	f.Key, p.Form = c.R.PostFormValue(design.KeyField), f
	c.View.NameOf = p.NameOf
	return c.Retry(err, func(v design.View) templ.Component { return showPage(v, p) })
}

// sumPage is the form for what the discussion came to.
type sumPage struct {
	Entry    entry.Entry
	Form     form
	Revision int
}

func (d *Discussion) sumPage(c *web.Ctx) (sumPage, error) {
	e, err := entry.See(c.Context(), c.DB, c.Actor, "", c.Path("id"))
	if err == nil && !MaySum(c.Actor, e) {
		err = fault.Missing()
	}
	if err != nil {
		return sumPage{}, err
	}
	p := sumPage{Entry: e, Form: d.form(c)}
	there, err := summaryOf(c.Context(), c.DB, e.ID)
	if fault.Is(err, fault.KindNotFound) {
		return p, nil
	}
	p.Revision, p.Form.Words, p.Form.Lang = there.Revision, there.Words.Original(), there.Words.Orig
	return p, err
}

func (d *Discussion) sumForm(c *web.Ctx) error {
	p, err := d.sumPage(c)
	if err != nil {
		return err
	}
	return c.Page(sumView(c.View, p))
}

func (d *Discussion) sum(c *web.Ctx) error {
	f := d.typed(c)
	revision, _ := strconv.Atoi(c.Form("revision"))
	err := c.Write(c.View.T("discussion.summary.kept", "The summary is published."), func(ctx context.Context, tx *db.Tx) (string, error) {
		_, err := d.Sum(ctx, tx, c.Actor, c.Path("id"), f.Words, f.Lang, revision)
		return "/discussions/" + c.Path("id"), err
	})
	if err == nil {
		return nil
	}
	p, pageErr := d.sumPage(c)
	if pageErr != nil {
		return pageErr
	}
	p.Form, p.Form.Key = f, c.R.PostFormValue(design.KeyField)
	return c.Retry(err, func(v design.View) templ.Component { return sumView(v, p) })
}

// commentPage is one comment with all one may do with it.
type commentPage struct {
	Line     line
	Path     string // in its discussion
	Versions []version
	Names    func(string) string
	Log      []Moderation
	Open     []Report // for moderators

	Answer, Edit, Translation form
	Shown                     string // the form that is open
	Reason                    Reason
	Note                      string
	Revision                  int

	MayAnswer, MayEdit, MayTranslate, MayWithdraw, MayReport, MayModerate bool
	Key                                                                   string
}

func (d *Discussion) commentPage(c *web.Ctx) (commentPage, error) {
	one, e, err := see(c.Context(), c.DB, c.Actor, c.Path("id"))
	if err != nil {
		return commentPage{}, err
	}
	lines, nameOf, err := d.lines(c.Context(), c.DB, c.Actor, e, []Comment{one})
	if err != nil {
		return commentPage{}, err
	}
	p := commentPage{Line: lines[0], Path: d.path(one), Names: nameOf, Revision: one.Revision, Shown: c.Query("do"), Key: web.NewKey()}
	p.Answer, p.Edit, p.Translation = d.form(c), d.form(c), d.form(c)
	p.Edit.Words, p.Edit.Lang = one.Words.Original(), one.Words.Orig
	if p.Translation.Lang == one.Words.Orig {
		p.Translation.Lang = ""
	}
	for _, l := range c.Alliance.Languages {
		if p.Translation.Lang == "" && l != one.Words.Orig {
			p.Translation.Lang = l
		}
	}
	if r := one.Words.In(p.Translation.Lang); !r.Original {
		p.Translation.Words = r.S
	}
	stands, signed := one.State == Standing && !one.Summary, c.Actor.SignedIn()
	p.MayAnswer = signed && !p.Line.Closed && !one.Summary
	p.MayEdit = one.MayEdit(c.Actor, c.Actor.At) && !p.Line.Closed
	p.MayTranslate = signed && one.State == Standing
	p.MayWithdraw = signed && one.MayWithdraw(c.Actor)
	p.MayReport = stands && !one.By(c.Actor)
	p.MayModerate = MayModerate(c.Actor, e) && !one.Summary
	if p.Line.Reads {
		if p.Versions, err = versions(c.Context(), c.DB, one.ID); err != nil {
			return p, err
		}
	}
	if p.MayModerate || one.By(c.Actor) {
		if p.Log, err = moderationsOf(c.Context(), c.DB, one.ID); err != nil {
			return p, err
		}
	}
	if p.MayModerate {
		p.Open, err = openReportsOf(c.Context(), c.DB, one.ID)
	}
	return p, err
}

func (d *Discussion) comment(c *web.Ctx) error {
	p, err := d.commentPage(c)
	if err != nil {
		return err
	}
	c.View.NameOf = p.Names
	return c.Page(commentView(c.View, p))
}

// again shows the comment's page with the form that failed as it was typed.
func (d *Discussion) again(c *web.Ctx, failed error, typed func(*commentPage)) error {
	if failed == nil {
		return nil
	}
	p, err := d.commentPage(c)
	if err != nil {
		return err
	}
	p.Key = c.R.PostFormValue(design.KeyField)
	typed(&p)
	c.View.NameOf = p.Names
	return c.Retry(failed, func(v design.View) templ.Component { return commentView(v, p) })
}

func (d *Discussion) answer(c *web.Ctx) error {
	f := d.typed(c)
	err := c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
		up, _, err := see(ctx, tx, c.Actor, c.Path("id"))
		if err != nil {
			return "", err
		}
		made, err := d.Say(ctx, tx, c.Actor, Saying{Entry: up.Entry, Answers: up.ID, Words: f.Words, Lang: f.Lang, Own: f.Own, Network: c.Network(), Follow: f.Follow})
		return d.path(made), err
	})
	return d.again(c, err, func(p *commentPage) { p.Answer, p.Shown = f, "answer" })
}

func (d *Discussion) edit(c *web.Ctx) error {
	f := d.typed(c)
	revision, _ := strconv.Atoi(c.Form("revision"))
	err := c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
		made, err := d.Edit(ctx, tx, c.Actor, c.Path("id"), f.Words, revision)
		return d.path(made), err
	})
	return d.again(c, err, func(p *commentPage) { p.Edit.Words, p.Shown = f.Words, "edit" })
}

func (d *Discussion) translate(c *web.Ctx) error {
	f := d.typed(c)
	err := c.Write(c.View.T("discussion.translated", "Your translation is kept. Thank you."), func(ctx context.Context, tx *db.Tx) (string, error) {
		made, err := d.Translate(ctx, tx, c.Actor, c.Path("id"), f.Lang, f.Words)
		return d.path(made), err
	})
	return d.again(c, err, func(p *commentPage) { p.Translation.Words, p.Translation.Lang, p.Shown = f.Words, f.Lang, "translate" })
}

func (d *Discussion) withdraw(c *web.Ctx) error {
	return c.Write(c.View.T("discussion.withdrawn", "It is withdrawn."), func(ctx context.Context, tx *db.Tx) (string, error) {
		one, _, err := see(ctx, tx, c.Actor, c.Path("id"))
		if err != nil {
			return "", err
		}
		return d.path(one), d.Withdraw(ctx, tx, c.Actor, one.ID)
	})
}

func (d *Discussion) report(c *web.Ctx) error {
	r, note := Reason(c.Form("reason")), c.Form("note")
	err := c.Write(c.View.T("discussion.reported", "Thank you. The moderators look at it."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/comments/" + c.Path("id") + "?do=reported", d.Tell(ctx, tx, c.Actor, c.Path("id"), c.Network(), r, note)
	})
	return d.again(c, err, func(p *commentPage) { p.Reason, p.Note, p.Shown = r, note, "report" })
}

func (d *Discussion) moderate(c *web.Ctx) error {
	r, note, act := Reason(c.Form("reason")), c.Form("note"), Act(c.Form("act"))
	err := c.Write(c.View.T("discussion.moderation.kept", "Done. It stands in the log."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/comments/" + c.Path("id"), d.Moderate(ctx, tx, c.Actor, c.Path("id"), act, r, note)
	})
	return d.again(c, err, func(p *commentPage) { p.Reason, p.Note, p.Shown = r, note, "moderate" })
}

// reported is a comment that waits for a moderator.
type reported struct {
	Line    line
	Entry   entry.Entry
	Reports []Report
	Names   func(string) string
}

// waiting lists the reported comments that the actor may moderate.
func (d *Discussion) waiting(ctx context.Context, q db.Q, a people.Actor) ([]reported, error) {
	reports, err := openReports(ctx, q)
	if err != nil {
		return nil, err
	}
	var ids, entries []string
	by := map[string][]Report{}
	for _, r := range reports {
		if by[r.Comment] == nil {
			ids = append(ids, r.Comment)
		}
		by[r.Comment] = append(by[r.Comment], r)
	}
	comments, err := many(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	for _, c := range comments {
		entries = append(entries, c.Entry)
	}
	found, err := entry.Many(ctx, q, entries)
	if err != nil {
		return nil, err
	}
	var list []reported
	for _, one := range ids {
		c := comments[one]
		e, ok := found[c.Entry]
		if !ok || !e.Visible(a) || !MayModerate(a, e) {
			continue
		}
		lines, nameOf, err := d.lines(ctx, q, a, e, []Comment{c})
		if err != nil {
			return nil, err
		}
		list = append(list, reported{lines[0], e, by[one], nameOf})
	}
	return list, nil
}

func (d *Discussion) reports(c *web.Ctx) error {
	c.Private()
	list, err := d.waiting(c.Context(), c.DB, c.Actor)
	if err != nil {
		return err
	}
	return c.Page(reportsView(c.View, list))
}

// logged is a line of the public log: where, when, what and why; no words.
type logged struct {
	Moderation
	Title lang.Rendering // "" where the entry is not open to the reader
	Path  string
}

// logPage is a page of the public log.
type logPage struct {
	Lines []logged
	Older string
}

const logSize = 50

func (d *Discussion) logged(ctx context.Context, q db.Q, a people.Actor, before, tag string) (p logPage, err error) {
	list, err := moderations(ctx, q, before, logSize+1)
	if err != nil {
		return p, err
	}
	if len(list) > logSize {
		list, p.Older = list[:logSize], list[logSize-1].ID
	}
	var ids []string
	for _, m := range list {
		ids = append(ids, m.Entry)
	}
	found, err := entry.Many(ctx, q, ids)
	for _, m := range list {
		l := logged{Moderation: m}
		l.Note, l.Person = "", ""
		if e, ok := found[m.Entry]; ok && e.Visible(a) {
			l.Title, l.Path = e.Title().In(tag), "/discussions/"+e.ID
		} else {
			l.Comment, l.Moderation.Entry = "", ""
		}
		p.Lines = append(p.Lines, l)
	}
	return p, err
}

func (d *Discussion) log(c *web.Ctx) error {
	p, err := d.logged(c.Context(), c.DB, c.Actor, c.Query("before"), c.Lang())
	if err != nil {
		return err
	}
	return c.Page(logView(c.View, p))
}
