package contribution

import (
	"context"
	"slices"

	"github.com/a-h/templ"

	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
	"alliance/internal/platform/web"
)

// kindsPage leads to the form of each kind.
func (f *Feature) kindsPage(c *web.Ctx) error { return c.Page(kindsPage(c.View, f.kindLinks(c.View))) }

func (f *Feature) kindLinks(v design.View) (links []design.Link) {
	for name := range f.Kinds {
		if k, err := f.kind(name); err == nil {
			links = append(links, design.Link{Href: v.Href("/propose/" + name), Label: v.Say(k.One), Icon: k.Icon})
		}
	}
	slices.SortFunc(links, func(a, b design.Link) int { return v.Compare(a.Label, b.Label) })
	return links
}

// formView is the form of a kind, as typed; for its author, where there is one already.
type formView struct {
	kind
	record.Form
	Author Author
	Secret string // of the author's link; "" for a new one
}

func (v formView) path() string {
	if v.Secret != "" {
		return "/proposed/" + v.Secret + "/edit"
	}
	return "/propose/" + v.Name
}

func (v formView) pageTitle(w design.View) string {
	if v.Secret != "" {
		return w.T("contribution.change.title", "Change your proposal: {title}", "title", v.Typed.One(entry.Title))
	}
	return w.T("contribution.form.title", "Propose: {kind}", "kind", w.Say(v.One))
}

func (f *Feature) proposeForm(c *web.Ctx) error {
	c.Private()
	k, err := f.kind(c.Path("kind"))
	if err != nil {
		return err
	}
	return c.Page(proposePage(c.View, formView{kind: k, Form: record.Form{Spec: k.Spec, Typed: record.Typed{record.InLang: {c.Lang()}}, Alliance: c.Alliance}, Author: Author{Lang: c.Lang()}}))
}

func (f *Feature) propose(c *web.Ctx) error {
	c.Private()
	k, err := f.kind(c.Path("kind"))
	if err != nil {
		return err
	}
	p := Proposing{Kind: k.Name, Typed: k.Spec.TypedIn(c), Author: Author{Email: c.Form("email"), Lang: offered(c.Form("mail-lang"), c.Lang())}, Network: c.Network()}
	if err := f.limit(c.Context(), p.Network, p.Author.Email); err != nil {
		return err
	}
	err = c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/propose/" + k.Name + "/sent", f.Propose(ctx, tx, c.Alliance, p)
	})
	if err != nil {
		return c.Retry(err, func(v design.View) templ.Component {
			return proposePage(v, formView{kind: k, Form: record.Form{Spec: k.Spec, Typed: p.Typed, Alliance: c.Alliance}, Author: p.Author})
		})
	}
	return nil
}

// offered gives a language mails are written in.
func offered(tag, otherwise string) string {
	if slices.Contains(locale.Languages, tag) {
		return tag
	}
	return otherwise
}

// sent says that a mail is on its way; the same to everybody.
func (f *Feature) sent(c *web.Ctx) error {
	k, err := f.kind(c.Path("kind"))
	if err != nil {
		return err
	}
	return c.Page(sentPage(c.View, k))
}

// mineView is what the author's link shows.
type mineView struct {
	Contribution
	kind
	Record   record.Record
	Names    map[string]entry.Entry
	Alliance alliance.Alliance
	Secret   string
	Said     []Said // of the last round, where it decided something
	Rows     []changeRow
	Newer    bool // somebody changed the record since
}

func (v mineView) pageTitle(w design.View) string {
	if title := v.Record.Title().In(w.Lang()).S; title != "" {
		return w.T("contribution.mine.title.of", "Your proposal: {title}", "title", title)
	}
	return w.T("contribution.mine.title", "Your proposal")
}

func (f *Feature) mineView(c *web.Ctx) (v mineView, err error) {
	c.Private()
	v.Secret, v.Alliance = c.Path("secret"), c.Alliance
	if v.Contribution, err = f.bySecret(c.Context(), f.DB, v.Secret); err != nil {
		return v, err
	}
	if v.kind, err = f.kind(v.Contribution.Kind); err != nil {
		return v, err
	}
	if !v.State.Over() {
		v.Record, v.Names, err = f.shown(c.Context(), f.DB, v.kind, c.Alliance, v.Contribution)
	}
	if err != nil {
		return v, err
	}
	if err := f.fillChange(c, &v); err != nil {
		return v, err
	}
	said, err := saidOf(c.Context(), f.DB, v.Contribution.ID)
	for _, s := range said[v.Contribution.ID] {
		if s.Round == v.Round && s.Act != Agree {
			v.Said = append(v.Said, s)
		}
	}
	return v, err
}

// shown is a contribution as its record would be read by everybody. What is no
// longer valid in it is left out: whoever publishes is told.
func (f *Feature) shown(ctx context.Context, q db.Q, k kind, of alliance.Alliance, c Contribution) (record.Record, map[string]entry.Entry, error) {
	if c.Entry != "" {
		return f.shownOffer(ctx, q, k, c)
	}
	if c.Changes != "" {
		p, err := f.applied(ctx, q, k, of, c)
		if err = unlessTheirs(err); err != nil {
			return p.After, nil, err
		}
		names, err := k.Spec.Named(ctx, q, people.Actor{}, p.After)
		return p.After, names, err
	}
	r, err := f.draft(ctx, q, k, of, c.Typed)
	if err = unlessTheirs(err); err != nil {
		return r, nil, err
	}
	r.State = entry.Proposed
	names, err := k.Spec.Named(ctx, q, people.Actor{}, r)
	return r, names, err
}

// fillChange says what a change of a published record comes to.
func (f *Feature) fillChange(c *web.Ctx, v *mineView) error {
	if v.Changes == "" || v.State.Over() {
		return nil
	}
	rows, p, err := f.difference(c, v.kind, v.Contribution)
	v.Rows, v.Newer = rows, len(p.Conflicts) > 0
	return err
}

func (f *Feature) mine(c *web.Ctx) error {
	v, err := f.mineView(c)
	if err != nil {
		return err
	}
	return c.Page(minePage(c.View, v))
}

// confirm is a button, not the link itself: programs that read mails open links.
func (f *Feature) confirm(c *web.Ctx) error {
	c.Private()
	return c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
		secret, err := f.Confirm(ctx, tx, c.Path("secret"))
		return "/proposed/" + secret, err
	})
}

func (f *Feature) editForm(c *web.Ctx) error {
	v, err := f.mineView(c)
	if err != nil {
		return err
	}
	if !v.writable() {
		return c.See("/proposed/" + v.Secret)
	}
	if v.Changes != "" {
		if v.Typed, err = f.editedChange(c.Context(), v.kind, v.Contribution); err != nil {
			return err
		}
	}
	return c.Page(proposePage(c.View, v.form()))
}

func (v mineView) form() formView {
	return formView{kind: v.kind, Form: record.Form{Spec: v.Spec, Typed: v.Typed, Alliance: v.Alliance}, Author: v.Author, Secret: v.Secret}
}

func (f *Feature) edit(c *web.Ctx) error {
	v, err := f.mineView(c)
	if err != nil {
		return err
	}
	v.Typed = v.Spec.TypedIn(c)
	err = c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/proposed/" + v.Secret, f.Rewrite(ctx, tx, c.Alliance, v.Secret, v.Typed)
	})
	if err != nil {
		if v.Changes != "" && fault.Is(err, fault.KindConflict) { // they compare, then send it again
			v.Typed[record.RevisionRead] = nil
		}
		return c.Retry(err, func(dv design.View) templ.Component { return proposePage(dv, v.form()) })
	}
	return nil
}

func (f *Feature) takeBackForm(c *web.Ctx) error {
	v, err := f.mineView(c)
	if err != nil {
		return err
	}
	if v.State.Over() {
		return c.See("/proposed/" + v.Secret)
	}
	words := c.View
	return c.Page(design.ConfirmPage(words, design.Page{Title: words.T("contribution.back.title", "Take the proposal back"), Kind: "form", NoIndex: true}, design.Confirm{
		Text: words.T("contribution.back.text", "All of it is deleted at once, your address too. Nothing stays."),
		Path: "/proposed/" + v.Secret + "/take-back", Key: web.NewKey(), Button: words.T("contribution.back.button", "Delete it"), Back: "/proposed/" + v.Secret}))
}

func (f *Feature) takeBack(c *web.Ctx) error {
	c.Private()
	return c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/propose", f.TakeBack(ctx, tx, c.Path("secret"))
	})
}
