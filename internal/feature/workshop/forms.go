package workshop

import (
	"context"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"alliance/internal/platform/access"
	"alliance/internal/platform/alike"
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/web"
)

// draftView is the form of a proposal.
type draftView struct {
	Draft  Draft
	Room   Room
	Crumbs []design.Link
	Path   string // where it is sent
	Alike  string // where the script asks for what is alike
	Back   string
	Stakes []entry.Entry
	Themes []alliance.Topic
	Other  string // a language typed by its code
	Rows   int    // of cautions and of questions
	Base   int    // revision that is changed, 0 = new
	Entry  entry.Entry
	Phone  bool
	Acting string // organisation whose mandate the actor holds
	Closed bool
	Near   []near
	Looked bool // one asked to see what is alike
	Key    string
}

// near is a proposal that says nearly the same.
type near struct {
	Entry entry.Entry
	Path  string // "" where the writer may not open it
}

func (s *Workshops) draftView(c *web.Ctx, r Room, d Draft, phone bool) (v draftView, err error) {
	v = draftView{Draft: d, Room: r, Phone: phone, Key: web.NewKey(), Themes: c.Alliance.Themes, Closed: !r.Open && !r.MayNote(c.Actor)}
	v.Path, v.Alike, v.Back = "/proposals/new?workshop="+r.Workshop.ID, "/proposals/alike?workshop="+r.Workshop.ID, "/workshops/"+r.Workshop.ID
	if phone {
		v.Path, v.Alike, v.Back = "/join/"+r.Code+"/proposal", "/join/"+r.Code+"/alike", "/join/"+r.Code
		v.Crumbs = []design.Link{{Href: c.View.Href(v.Back), Label: r.Workshop.Title().In(c.Lang()).S, Lang: r.Workshop.Title().In(c.Lang()).Lang}}
	} else if v.Crumbs, err = s.crumbs(c.Context(), c.View, r); err != nil {
		return v, err
	}
	if r.Open || r.MayNote(c.Actor) {
		v.Acting = c.Actor.Mandate.OrganisationName
	}
	v.Stakes, err = s.stakes(c.Context(), c.DB, r)
	v.grow()
	return v, err
}

// stakes gives the stakes one may answer in a room: its own first, then those
// of the other workshops that are public.
func (s *Workshops) stakes(ctx context.Context, q db.Q, r Room) ([]entry.Entry, error) {
	ids, err := stakesOf(ctx, q, r.Assembly)
	if err != nil {
		return nil, err
	}
	all, err := entry.InOrder(ctx, q, ids)
	var here, there []entry.Entry
	for _, e := range all {
		switch {
		case e.State == entry.Withdrawn:
		case e.Parent == r.Workshop.ID:
			here = append(here, e)
		case e.State == entry.Published && e.Axis == r.Workshop.Axis:
			there = append(there, e)
		}
	}
	return append(here, there...), err
}

// grow leaves at least one empty row, three on a new form.
func (v *draftView) grow() {
	most := max(len(v.Draft.Cautions), len(v.Draft.Questions))
	v.Rows = min(mostRows, max(v.Rows, most+1, 3))
}

// take reads the form.
func (v *draftView) take(c *web.Ctx) {
	d := Draft{Lang: c.Form("lang"), Title: c.Form(entry.Title), Summary: c.Form(entry.Summary), Body: c.Form(Body), Means: c.Form(Means), Carriers: c.Form(Carriers),
		Level: c.Form("level"), Themes: c.Forms("themes"), Stakes: c.Forms("stakes"), Signed: c.Form("signed"), Mine: c.Checked("mine"), Source: v.Draft.Source, Key: c.Form(design.KeyField)}
	if v.Other = c.Form("lang-other"); v.Other != "" {
		d.Lang = v.Other
	}
	d.Themes = slices.DeleteFunc(d.Themes, func(t string) bool { _, ok := c.Alliance.Theme(t); return !ok })
	for name, rows := range map[string]*[]string{Caution: &d.Cautions, Question: &d.Questions} {
		last := 0
		var all []string
		for i := 1; i <= mostRows; i++ {
			all = append(all, c.Form(name+"."+strconv.Itoa(i)))
			if all[i-1] != "" {
				last = i
			}
		}
		*rows = all[:last]
	}
	v.Draft, v.Key, v.Base = d, d.Key, number(c.Form("base"))
	v.Rows = max(3, number(c.Form("rows")))
	v.grow()
}

// more tells that a button asked for something else than sending: more rows,
// or what is alike. Nothing is kept then.
func (v *draftView) more(c *web.Ctx) bool {
	if c.Checked("more") {
		v.Rows = min(mostRows, v.Rows+3)
	}
	v.Looked = c.Checked("look")
	return c.Checked("more") || v.Looked
}

// suggest shows the form again with what is alike.
func (s *Workshops) suggest(c *web.Ctx, v *draftView) (err error) {
	c.Private()
	if v.Looked {
		v.Near, err = s.near(c, v.Room, v.Draft)
	}
	if err != nil {
		return err
	}
	return c.Page(draftPage(c.View, *v))
}

// near finds up to four proposals of the assembly that say nearly the same, in
// any of their languages. A suggestion: nobody is kept from writing.
func (s *Workshops) near(c *web.Ctx, r Room, d Draft) ([]near, error) {
	words := Shown(d.Title + "\n" + d.Summary)
	if len([]rune(words)) < 20 {
		return nil, nil
	}
	all, err := s.Proposals(c.Context(), c.DB, r.Assembly)
	if err != nil {
		return nil, err
	}
	sketches, err := s.sketches.Get(c.Context(), s.DB, r.Assembly, func(context.Context) (map[string][]alike.Sketch, error) {
		made := make(map[string][]alike.Sketch, len(all))
		for _, e := range all {
			title, plain := e.Title(), e.Text(entry.Summary)
			for _, tag := range title.Languages() {
				made[e.ID] = append(made[e.ID], alike.NewSketch(title.V[tag].S+"\n"+plain.V[tag].S))
			}
		}
		return made, nil
	})
	if err != nil {
		return nil, err
	}
	mine := alike.NewSketch(words)
	type scored struct {
		near
		score float64
	}
	var found []scored
	for _, e := range all {
		hears := e.Visible(c.Actor) || e.State == entry.Draft && e.Parent == r.Workshop.ID
		if !hears || e.State == entry.Withdrawn {
			continue
		}
		best := 0.0
		for _, sketch := range sketches[e.ID] {
			best = max(best, mine.Similarity(sketch))
		}
		if best >= 0.2 {
			n := scored{near{Entry: e}, best}
			if e.Visible(c.Actor) {
				n.Path = "/proposals/" + e.ID
			}
			found = append(found, n)
		}
	}
	slices.SortStableFunc(found, func(a, b scored) int {
		if a.score > b.score {
			return -1
		} else if a.score < b.score {
			return 1
		}
		return 0
	})
	var list []near
	for _, f := range found[:min(len(found), 4)] {
		list = append(list, f.near)
	}
	return list, nil
}

func (s *Workshops) answerAlike(c *web.Ctx, r Room) error {
	var v draftView
	v.take(c)
	list, err := s.near(c, r, v.Draft)
	if err != nil {
		return err
	}
	return c.Page(nearList(c.View, list, false))
}

func (s *Workshops) alikeHere(c *web.Ctx) error {
	c.Private()
	r, err := s.proposing(c)
	if err != nil {
		return err
	}
	return s.answerAlike(c, r)
}

// proposing reads the workshop of the address, for those who may write there.
func (s *Workshops) proposing(c *web.Ctx) (Room, error) {
	r, err := s.room(c.Context(), c.DB, c.Query("workshop"))
	if err != nil {
		return r, err
	}
	if !r.Workshop.Visible(c.Actor) && !r.MayNote(c.Actor) {
		return r, fault.Missing()
	}
	if !r.MayPropose(c.Actor) {
		if c.Actor.May("speak") {
			return r, closed()
		}
		return r, access.Denied()
	}
	return r, nil
}

func (s *Workshops) proposalForm(c *web.Ctx) error {
	r, err := s.proposing(c)
	if err != nil {
		return err
	}
	v, err := s.draftView(c, r, Draft{Lang: c.Lang(), Level: Levels[0]}, false)
	if err != nil {
		return err
	}
	if c.Query("from") == FromPaper {
		v.Path += "&from=" + FromPaper
	}
	return c.Page(draftPage(c.View, v))
}

func (s *Workshops) propose(c *web.Ctx) error {
	r, err := s.proposing(c)
	if err != nil {
		return err
	}
	v, err := s.draftView(c, r, Draft{}, false)
	if err != nil {
		return err
	}
	v.take(c)
	v.Draft.Source = FromRoom
	if c.Query("from") == FromPaper {
		v.Draft.Source = FromPaper
		v.Path += "&from=" + FromPaper
	}
	if !r.MayNote(c.Actor) {
		v.Draft.Mine = true // who is not the rapporteur writes for the organisation
	}
	if v.more(c) {
		return s.suggest(c, &v)
	}
	err = c.Write(c.View.T("workshop.proposed", "The proposal is kept as a draft of the workshop."), func(ctx context.Context, tx *db.Tx) (string, error) {
		now, err := s.room(ctx, tx, r.Workshop.ID)
		if err != nil {
			return "", err
		}
		e, _, err := s.Propose(ctx, tx, c.Actor, now, v.Draft)
		return "/proposals/" + e.ID, err
	})
	return s.retry(c, err, func(view design.View) templ.Component { return draftPage(view, v) })
}

// editing reads a proposal for its form.
func (s *Workshops) editing(c *web.Ctx) (One, draftView, error) {
	one, err := s.proposal(c.Context(), c.DB, c.Actor, c.Path("id"))
	if err != nil {
		return one, draftView{}, err
	}
	if !one.May.Edit {
		if one.Fate.Dealt {
			return one, draftView{}, fault.Conflict("workshop.dealt", "The committee has dealt with this proposal. Its words stay as they are; ask the committee for another wording.")
		}
		return one, draftView{}, access.Denied()
	}
	stakes, _, err := answered(c.Context(), c.DB, one.Entry.ID)
	if err != nil {
		return one, draftView{}, err
	}
	v, err := s.draftView(c, one.Room, draftOf(one.Entry, stakes), false)
	v.Path, v.Alike, v.Back = "/proposals/"+one.Entry.ID+"/edit", "", "/proposals/"+one.Entry.ID
	v.Base, v.Entry, v.Acting = one.Entry.Revision, one.Entry, ""
	return one, v, err
}

func (s *Workshops) editForm(c *web.Ctx) error {
	_, v, err := s.editing(c)
	if err != nil {
		return err
	}
	return c.Page(draftPage(c.View, v))
}

func (s *Workshops) edit(c *web.Ctx) error {
	_, v, err := s.editing(c)
	if err != nil {
		return err
	}
	v.take(c)
	if v.more(c) {
		return s.suggest(c, &v)
	}
	err = c.Write(c.View.T("workshop.saved", "Saved. The version before stays in the history."), func(ctx context.Context, tx *db.Tx) (string, error) {
		now, err := s.proposal(ctx, tx, c.Actor, v.Entry.ID)
		if err != nil {
			return "", err
		}
		if !now.May.Edit {
			return "", fault.Conflict("workshop.dealt", "The committee has dealt with this proposal. Its words stay as they are; ask the committee for another wording.")
		}
		_, err = s.Rewrite(ctx, tx, c.Actor, now.Room, now.Entry, v.Base, v.Draft)
		return "/proposals/" + v.Entry.ID, err
	})
	return s.retry(c, err, func(view design.View) templ.Component { return draftPage(view, v) })
}
