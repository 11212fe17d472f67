package worklist

import (
	"context"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"alliance/internal/feature"
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

type indexView struct {
	Kinds []kindView
}

type kindView struct {
	feature.Kind
	Waiting int // proposed
	Count   int
	Views   []View
}

func (x *Worklist) index(c *web.Ctx) error {
	var v indexView
	for _, k := range x.kinds() {
		one := kindView{Kind: k}
		var err error
		if one.Count, err = entry.Count(c.Context(), x.DB, Query{}.filter(c.Actor, k.Name, c.Actor.At)); err != nil {
			return err
		}
		if one.Waiting, err = entry.Count(c.Context(), x.DB, Query{States: []string{string(entry.Proposed)}}.filter(c.Actor, k.Name, c.Actor.At)); err != nil {
			return err
		}
		if one.Views, err = viewsOf(c.Context(), x.DB, k.Name); err != nil {
			return err
		}
		v.Kinds = append(v.Kinds, one)
	}
	return c.Page(indexPage(c.View, v))
}

type listView struct {
	feature.Kind
	Query    Query
	Rows     []Row
	Names    map[string]entry.Entry
	Count    int
	Alliance alliance.Alliance
	People   []people.Person
	Views    []View
	Batches  []Batch
	Typed    Change
	Picked   []string
}

func (x *Worklist) view(c *web.Ctx, k feature.Kind, q Query) (l listView, err error) {
	l = listView{Kind: k, Query: q}
	if l.Alliance, l.People, err = x.choices(c.Context(), x.DB); err != nil {
		return l, err
	}
	if l.Rows, err = x.rows(c.Context(), x.DB, c.Actor, k, q); err != nil {
		return l, err
	}
	if l.Count, err = entry.Count(c.Context(), x.DB, q.filter(c.Actor, k.Name, c.Actor.At)); err != nil {
		return l, err
	}
	var ids []string
	for _, r := range l.Rows {
		if r.Organisation != "" {
			ids = append(ids, r.Organisation)
		}
	}
	slices.Sort(ids)
	if l.Names, err = entry.Many(c.Context(), x.DB, slices.Compact(ids)); err != nil {
		return l, err
	}
	if l.Views, err = viewsOf(c.Context(), x.DB, k.Name); err != nil {
		return l, err
	}
	l.Batches, err = latest(c.Context(), x.DB, k.Name)
	return l, err
}

func (x *Worklist) list(c *web.Ctx) error {
	k, err := x.kind(c.Path("kind"))
	if err != nil {
		return err
	}
	l, err := x.view(c, k, readQuery(c.R.URL.Query()))
	if err != nil {
		return err
	}
	return c.Page(listPage(c.View, l))
}

// changeIn gives what a form asks for.
func changeIn(c *web.Ctx) Change {
	return Change{AddTheme: c.Form("addTheme"), DropTheme: c.Form("dropTheme"), Axis: c.Form("axis"), State: entry.State(c.Form("to")), Assign: c.Form("assign"), Check: c.Form("check")}
}

// queryIn gives the list from which a form was sent.
func queryIn(c *web.Ctx) Query {
	v, err := url.ParseQuery(c.Form("list"))
	if err != nil {
		v = url.Values{}
	}
	return readQuery(v)
}

// pickedIn gives the rows that a form names: those ticked, or all of the list.
func (x *Worklist) pickedIn(c *web.Ctx, k feature.Kind, q Query) ([]string, error) {
	if !c.Checked("all") {
		return c.Forms("id"), nil
	}
	q.Page = 0
	f := q.filter(c.Actor, k.Name, c.Actor.At)
	f.Limit = most
	list, err := entry.List(c.Context(), x.DB, f)
	ids := make([]string, len(list))
	for i, e := range list {
		ids[i] = e.ID
	}
	return ids, err
}

type previewView struct {
	listView
	Steps []Step
	Does  int
}

// preview shows what would change, row by row; nothing is written.
func (x *Worklist) preview(c *web.Ctx) error {
	k, err := x.kind(c.Path("kind"))
	if err != nil {
		return err
	}
	q, change := queryIn(c), changeIn(c)
	ids, err := x.pickedIn(c, k, q)
	if err != nil {
		return err
	}
	var list fault.List
	if len(ids) == 0 {
		list.Add(fault.Invalid("", "work.no-rows", "Choose at least one row."))
	}
	if len(ids) > most {
		list.Add(fault.Invalid("", "work.too-many", "At most {n} rows at once.", "n", most))
	}
	if err := x.valid(c.Context(), x.DB, k, change); err != nil {
		if fault.Of(err) == nil {
			return err
		}
		list = append(list, fault.Of(err)...)
	}
	if err := list.Err(); err != nil {
		return x.again(c, k, q, change, err)
	}
	l, err := x.view(c, k, q)
	if err != nil {
		return err
	}
	l.Typed = change
	rows, err := x.picked(c.Context(), x.DB, c.Actor, k, ids)
	if err != nil {
		return err
	}
	p := previewView{listView: l, Steps: x.plan(k, rows, change)}
	for _, s := range p.Steps {
		if s.Does() {
			p.Does++
		}
	}
	return c.Page(previewPage(c.View, p))
}

func (x *Worklist) apply(c *web.Ctx) error {
	k, err := x.kind(c.Path("kind"))
	if err != nil {
		return err
	}
	change := changeIn(c)
	err = c.Write(c.View.T("work.applied", "Changed."), func(ctx context.Context, tx *db.Tx) (string, error) {
		b, err := x.Apply(ctx, tx, c.Actor, k, c.Forms("id"), change)
		return "/work/" + k.Name + "/done/" + b.ID, err
	})
	if err != nil {
		return x.again(c, k, queryIn(c), change, err)
	}
	return nil
}

type doneView struct {
	feature.Kind
	Batch Batch
	Rows  []Row
}

func (x *Worklist) done(c *web.Ctx) error {
	k, b, err := x.batch(c)
	if err != nil {
		return err
	}
	rows, err := rowsOf(c.Context(), x.DB, b.ID)
	if err != nil {
		return err
	}
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.Entry
	}
	v := doneView{Kind: k, Batch: b}
	if v.Rows, err = x.picked(c.Context(), x.DB, c.Actor, k, ids); err != nil {
		return err
	}
	return c.Page(donePage(c.View, v))
}

func (x *Worklist) batch(c *web.Ctx) (feature.Kind, Batch, error) {
	k, err := x.kind(c.Path("kind"))
	if err != nil {
		return k, Batch{}, err
	}
	b, err := batchByID(c.Context(), x.DB, c.Path("id"))
	if err == nil && b.Kind != k.Name {
		err = fault.Missing()
	}
	return k, b, err
}

func (x *Worklist) undo(c *web.Ctx) error {
	k, b, err := x.batch(c)
	if err != nil {
		return err
	}
	return c.Write(c.View.T("work.undone", "Taken back. What somebody else changed meanwhile stays as it is."), func(ctx context.Context, tx *db.Tx) (string, error) {
		_, _, _, err := x.Undo(ctx, tx, c.Actor, b.ID)
		return "/work/" + k.Name + "/done/" + b.ID, err
	})
}

func (x *Worklist) keepView(c *web.Ctx) error {
	k, err := x.kind(c.Path("kind"))
	if err != nil {
		return err
	}
	q := queryIn(c)
	err = c.Write(c.View.T("work.view.kept", "The view is kept."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/work/" + k.Name + "?" + q.values().Encode(), x.KeepView(ctx, tx, c.Actor, k.Name, c.Form("name"), q)
	})
	if err != nil {
		return x.again(c, k, q, Change{}, err)
	}
	return nil
}

// KeepView gives a list a name, which all who coordinate see.
func (x *Worklist) KeepView(ctx context.Context, tx *db.Tx, a people.Actor, kind, name string, q Query) error {
	if n := len([]rune(name)); n == 0 || n > 80 {
		return fault.Invalid("name", "work.view.name", "Write a name, with at most {n} characters.", "n", 80)
	}
	return putView(ctx, tx, View{ID: id.New(), Kind: kind, Name: name, Query: q.values().Encode(), Person: a.Person})
}

func (x *Worklist) removeView(c *web.Ctx) error {
	k, err := x.kind(c.Path("kind"))
	if err != nil {
		return err
	}
	return c.Write(c.View.T("work.view.dropped", "The view is gone."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/work/" + k.Name, dropView(ctx, tx, k.Name, c.Form("view"))
	})
}

// again shows the list with what is to be corrected; rows stay ticked.
func (x *Worklist) again(c *web.Ctx, k feature.Kind, q Query, change Change, err error) error {
	if fault.Of(err) == nil {
		return err
	}
	l, viewErr := x.view(c, k, q)
	if viewErr != nil {
		return viewErr
	}
	l.Typed, l.Picked = change, c.Forms("id")
	return c.Retry(err, func(v design.View) templ.Component { return listPage(v, l) })
}
