package contribution

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"alliance/internal/platform/alike"
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/record"
	"alliance/internal/platform/web"
)

// copied gives answers and texts that can be written without changing a record.
func copied(r record.Record) (record.Answers, map[string]lang.Text) {
	return maps.Clone(r.Answers), maps.Clone(r.Fields)
}

// changeView asks for an address to send the link to.
type changeView struct {
	kind
	Record record.Record
	Author Author
}

func (f *Feature) changeView(c *web.Ctx) (v changeView, err error) {
	c.Private()
	v.kind, v.Record, err = f.changeable(c.Context(), f.DB, c.Path("id"))
	v.Author.Lang = c.Lang()
	return v, err
}

func (f *Feature) changeForm(c *web.Ctx) error {
	v, err := f.changeView(c)
	if err != nil {
		return err
	}
	return c.Page(changePage(c.View, v))
}

func (f *Feature) askChange(c *web.Ctx) error {
	v, err := f.changeView(c)
	if err != nil {
		return err
	}
	v.Author = Author{Email: c.Form("email"), Lang: offered(c.Form("mail-lang"), c.Lang())}
	x := ChangeAsked{Entry: v.Record.ID, Author: v.Author, Network: c.Network()}
	if err := f.limit(c.Context(), x.Network, x.Author.Email); err != nil {
		return err
	}
	err = c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/change/" + v.Record.ID + "/sent", f.AskChange(ctx, tx, x)
	})
	if err != nil {
		return c.Retry(err, func(dv design.View) templ.Component { return changePage(dv, v) })
	}
	return nil
}

// changeSent says that a mail is on its way; the same to everybody.
func (f *Feature) changeSent(c *web.Ctx) error {
	v, err := f.changeView(c)
	if err != nil {
		return err
	}
	return c.Page(changeSentPage(c.View, v))
}

// changeRow is one difference between what everybody reads and a proposal.
type changeRow struct {
	Label, Lang string
	Edits       []alike.Edit
	Conflict    bool   // somebody else changed it meanwhile
	Before      string // with a conflict: how it read when the author began
}

// rows put a proposed change into words, question by question.
func (p proposed) rows(v design.View, k kind, of alliance.Alliance, was record.Typed, names map[string]entry.Entry) (list []changeRow) {
	add := func(name, label, tag, before, after string) {
		if before == after {
			return
		}
		row := changeRow{Label: label, Lang: tag, Edits: alike.Diff(before, after), Conflict: slices.Contains(p.Conflicts, name)}
		if row.Conflict {
			row.Before = strings.Join(clean(was[name]), ", ")
		}
		list = append(list, row)
	}
	for _, ask := range k.Spec.Questions() {
		if ask.Text() {
			add(ask.Name, v.Say(ask.Label), p.After.Lang, p.Now.Text(ask.Name).Original(), p.After.Text(ask.Name).Original())
			continue
		}
		say := func(r record.Record) string {
			words := ask.Say(v, r.Answers[ask.Name], names)
			if ask.Type == record.Entries {
				return v.And(words)
			}
			return strings.Join(words, ", ")
		}
		add(ask.Name, v.Say(ask.Label), v.Lang(), say(p.Now), say(p.After))
	}
	add(record.Town, v.T("record.place.label", "Place"), v.Lang(), design.Where(v, p.Now.Place.Public()), design.Where(v, p.After.Place.Public()))
	add(record.Themes, v.T("record.theme", "Theme"), v.Lang(), themesIn(v, of, p.Now.Themes), themesIn(v, of, p.After.Themes))
	add(record.Axis, v.T("record.axis", "Line of work"), v.Lang(), p.Now.Axis, p.After.Axis)
	add(record.Licence, v.T("record.licence", "Reuse"), v.Lang(), p.Now.Licence, p.After.Licence)
	return list
}

func themesIn(v design.View, of alliance.Alliance, codes []string) string {
	var list []string
	for _, code := range codes {
		list = append(list, themeName(v, of, code))
	}
	slices.Sort(list)
	return v.And(list)
}

// difference is what a contribution would change in a published record, for
// those who look at it and for its author.
func (f *Feature) difference(c *web.Ctx, k kind, x Contribution) (rows []changeRow, p proposed, err error) {
	if p, err = f.applied(c.Context(), f.DB, k, c.Alliance, x); unlessTheirs(err) != nil {
		return nil, p, err
	}
	names, err := k.Spec.Named(c.Context(), f.DB, c.Actor, p.Now)
	if err != nil {
		return nil, p, err
	}
	after, err := k.Spec.Named(c.Context(), f.DB, c.Actor, p.After)
	for one, e := range after {
		names[one] = e
	}
	return p.rows(c.View, k, c.Alliance, x.Was, names), p, err
}

// editedChange is what the author's form shows: their own words on top of how
// the record reads now.
func (f *Feature) editedChange(ctx context.Context, k kind, c Contribution) (record.Typed, error) {
	now, err := k.Spec.Get(ctx, f.DB, c.Changes)
	if err != nil {
		return nil, err
	}
	if now.State != entry.Published {
		return nil, fault.Of(changeGone())[0]
	}
	reads, err := f.asRead(ctx, f.DB, k, now)
	return k.rebase(c.Was, c.Typed, reads), err
}
