package workshop

import (
	"context"

	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lineage"
	"alliance/internal/platform/web"
)

// showView is the page of a proposal.
type showView struct {
	One
	Crumbs []design.Link
	By     string
	Kind   string // of its organisation
	Stakes []entry.Entry
	From   []entry.Entry
	To     []entry.Entry
	Themes []alliance.Topic

	Ends []lineage.Derivation
	Near []near
	Key  string
}

func (s *Workshops) show(c *web.Ctx) error {
	one, err := s.proposal(c.Context(), c.DB, c.Actor, c.Path("id"))
	if err != nil {
		return err
	}
	v := showView{One: one, Key: web.NewKey()}
	if v.Crumbs, err = s.crumbs(c.Context(), c.View, one.Room); err != nil {
		return err
	}
	v.Crumbs = append(v.Crumbs, design.Link{Href: c.View.Href("/assemblies/" + one.Room.Assembly + "/proposals"), Label: c.View.T("workshop.tab.proposals", "Proposals")})
	if err := s.company(c, &v); err != nil {
		return err
	}
	for _, t := range v.Entry.Themes {
		if topic, ok := c.Alliance.Theme(t); ok {
			v.Themes = append(v.Themes, topic)
		}
	}
	for _, d := range v.Fate.Next {
		if len(d.Children) == 0 {
			v.Ends = append(v.Ends, d)
		}
	}
	if v.May.Edit && v.Entry.State == entry.Draft {
		v.Near, err = s.near(c, v.Room, Draft{Title: v.Entry.Title().Original(), Summary: v.Entry.Text(entry.Summary).Original()})
		if err != nil {
			return err
		}
		for i, n := range v.Near {
			if n.Entry.ID == v.Entry.ID {
				v.Near = append(v.Near[:i], v.Near[i+1:]...)
				break
			}
		}
	}
	return c.Page(showPage(c.View, v))
}

// company reads what stands around a proposal: who, the stakes, where from, what became of it.
func (s *Workshops) company(c *web.Ctx, v *showView) error {
	ctx := c.Context()
	names, err := organisationsOf(ctx, c.DB, map[string]entry.Entry{v.Entry.ID: v.Entry})
	if err != nil {
		return err
	}
	v.By = names[v.Entry.Organisation]
	readable := func(o entry.Entry) bool {
		return o.Visible(c.Actor) || v.Room.MayNote(c.Actor) && o.Parent == v.Room.Workshop.ID && o.State != entry.Withdrawn
	}
	from, to, err := s.around(ctx, c.DB, v.Entry, readable)
	if err != nil {
		return err
	}
	for _, e := range from {
		if e.Kind == StakeKind {
			v.Stakes = append(v.Stakes, e)
		} else {
			v.From = append(v.From, e)
		}
	}
	v.To = to
	return nil
}

// pathOf is the page of what stands around a proposal.
func pathOf(e entry.Entry) string {
	switch e.Kind {
	case NoteKind, StakeKind, ProposalKind, "motion":
		return "/" + e.Kind + "s/" + e.ID
	case "item":
		return "/agenda/" + e.ID
	}
	return "/lineage/" + e.ID
}

func (s *Workshops) withdrawForm(c *web.Ctx) error {
	one, err := s.proposal(c.Context(), c.DB, c.Actor, c.Path("id"))
	if err != nil {
		return err
	}
	title := one.Entry.Title().In(c.Lang())
	return c.Page(design.ConfirmPage(c.View, design.Page{
		Title:      c.View.T("workshop.withdraw.title", "Withdraw “{title}”", "title", title.S),
		Breadcrumb: []design.Link{{Href: c.View.Href("/proposals/" + one.Entry.ID), Label: title.S, Lang: title.Lang}}, Kind: "form",
	}, design.Confirm{
		Text:   c.View.T("workshop.withdraw.text", "It disappears at once for everybody but its authors and the committee. The history keeps it."),
		Path:   "/proposals/" + one.Entry.ID + "/withdraw",
		Key:    web.NewKey(),
		Button: c.View.T("workshop.withdraw.button", "Withdraw it"),
		Back:   "/proposals/" + one.Entry.ID,
	}))
}

func (s *Workshops) withdraw(c *web.Ctx) error {
	return c.Write(c.View.T("workshop.withdraw.done", "The proposal is withdrawn."), func(ctx context.Context, tx *db.Tx) (string, error) {
		one, err := s.proposal(ctx, tx, c.Actor, c.Path("id"))
		if err != nil {
			return "", err
		}
		return "/assemblies/" + one.Room.Assembly + "/proposals", s.Withdraw(ctx, tx, c.Actor, one.Entry.ID)
	})
}
