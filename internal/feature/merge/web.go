package merge

import (
	"context"
	"maps"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"alliance/internal/feature"
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// indexView is what looks alike, and what was merged.
type indexView struct {
	Kinds []feature.Kind
	Kind  feature.Kind
	Alike []twins
	Past  []past
}

// past is a merge with the names of both.
type past struct {
	entry.Merge
	Kept, Given entry.Entry
	By          string
}

const mostPast = 100

func (f *Feature) index(c *web.Ctx) error {
	v := indexView{Kinds: f.kinds()}
	name := c.Query("kind")
	if name == "" {
		name = "organisation"
	}
	for _, k := range v.Kinds {
		if k.Name == name {
			v.Kind = k
		}
	}
	if v.Kind.Name == "" {
		return fault.Missing()
	}
	var err error
	if v.Alike, err = f.alikeOf(c.Context(), c.Actor, v.Kind.Name); err != nil {
		return err
	}
	list, err := entry.Merges(c.Context(), f.DB, mostPast)
	if err != nil {
		return err
	}
	if v.Past, err = pasts(c.Context(), f.DB, list); err != nil {
		return err
	}
	return c.Page(indexPage(c.View, v))
}

func pasts(ctx context.Context, q db.Q, list []entry.Merge) (all []past, err error) {
	var kept, persons []string
	for _, m := range list {
		kept, persons = append(kept, m.Kept), append(persons, m.Person)
	}
	names, err := entry.Many(ctx, q, kept)
	if err != nil {
		return nil, err
	}
	who, err := people.PersonsByID(ctx, q, persons)
	for _, m := range list {
		p := past{Merge: m, Kept: names[m.Kept]}
		if err == nil {
			p.Given, err = entry.Past(ctx, q, m.Given)
		}
		for _, x := range who {
			if x.ID == m.Person {
				p.By = x.Name
			}
		}
		all = append(all, p)
	}
	return all, err
}

// compareView is both records side by side; without the second, the question
// which one it is.
type compareView struct {
	two
	alliance alliance.Alliance
	Names    map[string]entry.Entry
	Choices  Choices
	Typed    string // of the second one, where it is still asked for
	Alone    entry.Entry
}

func (f *Feature) compare(c *web.Ctx) error {
	c.Private()
	kept, given := c.Query("kept"), c.Query("given")
	if _, asked := c.R.URL.Query()["given"]; !asked {
		v, err := f.alone(c, kept)
		if err != nil {
			return err
		}
		return c.Page(alonePage(c.View, v))
	}
	v, err := f.comparing(c, kept, given)
	if err != nil {
		if list := fault.Of(err); list != nil && list[0].Field == "given" { // asked for by name: the question comes back
			if v, err2 := f.alone(c, kept); err2 == nil {
				v.Typed = given
				return c.Retry(err, func(dv design.View) templ.Component { return alonePage(dv, v) })
			}
		}
		return err
	}
	return c.Page(comparePage(c.View, v))
}

func (f *Feature) alone(c *web.Ctx, kept string) (v compareView, err error) {
	v.Alone, err = entry.See(c.Context(), f.DB, c.Actor, "", kept)
	if err == nil && !mergeable(f.Kinds[v.Alone.Kind]) {
		err = fault.Missing()
	}
	v.kind = f.Kinds[v.Alone.Kind]
	return v, err
}

// comparing reads both; the second may be named as people name things.
func (f *Feature) comparing(c *web.Ctx, kept, given string) (v compareView, err error) {
	v.alliance = c.Alliance
	one, err := entry.See(c.Context(), f.DB, c.Actor, "", kept)
	if err != nil {
		return v, err
	}
	found, err := entry.Called(c.Context(), f.DB, c.Actor, []string{one.Kind}, strings.TrimSpace(given))
	if err != nil {
		return v, err
	}
	others := found[:0]
	for _, e := range found {
		if e.ID != kept || len(found) == 1 {
			others = append(others, e)
		}
	}
	switch len(others) {
	case 0:
		return v, fault.Invalid("given", "merge.none", "We find none of this name. Write the address of its page.")
	case 1:
	default:
		return v, fault.Invalid("given", "merge.several", "Several have this name. Write the address of the page of the one you mean.")
	}
	if v.two, err = f.both(c.Context(), f.DB, c.Actor, kept, others[0].ID); err != nil {
		return v, err
	}
	v.Choices = Choices{}
	for _, x := range v.fields {
		v.Choices[x.Name] = x.Default()
	}
	if v.Names, err = v.kind.Spec.Named(c.Context(), f.DB, c.Actor, v.kept, v.given); err != nil {
		return v, err
	}
	var ids []string
	for _, x := range v.fields {
		for _, parts := range v.parts {
			for _, value := range parts[x.Name] {
				if x.Part.Entries {
					ids = append(ids, firstWord(value))
				}
			}
		}
	}
	named, err := entry.Known(c.Context(), f.DB, c.Actor, ids)
	maps.Copy(v.Names, named)
	return v, err
}

func (f *Feature) merge(c *web.Ctx) error {
	w := Wanted{Kept: c.Form("kept"), Given: c.Form("given"), KeptRevision: web.Whole(c.Form("kept-revision")), GivenRevision: web.Whole(c.Form("given-revision")), Choices: Choices{}}
	for name, values := range c.R.PostForm {
		if field, ok := strings.CutPrefix(name, "take-"); ok {
			w.Choices[field] = Side(values[0])
		}
	}
	err := c.Write(c.View.T("merge.done", "They are one record now. Both addresses lead to it."), func(ctx context.Context, tx *db.Tx) (string, error) {
		m, err := f.Merge(ctx, tx, c.Actor, w)
		return "/merges/" + m.ID, err
	})
	if fault.Of(err) != nil {
		if v, err2 := f.comparing(c, w.Kept, w.Given); err2 == nil {
			v.Choices = w.Choices
			return c.Retry(err, func(dv design.View) templ.Component { return comparePage(dv, v) })
		}
	}
	return err
}

func (f *Feature) apart(c *web.Ctx) error {
	return c.Write(c.View.T("merge.apart.done", "Noted: they are two."), func(ctx context.Context, tx *db.Tx) (string, error) {
		e, err := entry.See(ctx, tx, c.Actor, "", c.Form("one"))
		if err != nil {
			return "", err
		}
		return "/merges?kind=" + e.Kind, f.Apart(ctx, tx, c.Actor, c.Form("one"), c.Form("other"))
	})
}

// showView is one merge: who, when, what was led elsewhere.
type showView struct {
	past
	kind  feature.Kind
	Led   int
	Later bool // the kept one was given up in turn
}

func (f *Feature) show(c *web.Ctx) error {
	c.Private()
	m, err := entry.MergeByID(c.Context(), f.DB, c.Path("id"))
	if err != nil {
		return err
	}
	list, err := pasts(c.Context(), f.DB, []entry.Merge{m})
	if err != nil {
		return err
	}
	v := showView{past: list[0], kind: f.Kinds[m.Kind], Led: len(m.Rows), Later: list[0].Kept.ID != m.Kept}
	return c.Page(showPage(c.View, v))
}

func (f *Feature) undo(c *web.Ctx) error {
	return c.Write(c.View.T("merge.undone", "Taken back: there are two records again."), func(ctx context.Context, tx *db.Tx) (string, error) {
		_, err := f.Undo(ctx, tx, c.Actor, c.Path("id"))
		return "/merges/" + c.Path("id"), err
	})
}

func itoa(n int) string { return strconv.Itoa(n) }
