package document

import (
	"context"

	"github.com/a-h/templ"

	"alliance/internal/feature"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/record"
	"alliance/internal/platform/web"
)

// shown is what stands beside a record, for its page.
type shown struct {
	Entry    entry.Entry
	List     []Document
	MayEdit  bool
	Pictures int
	Weight   int64 // of the pictures, octets
}

// Part writes the documents of a record for its page; nil where there are none
// and the reader may add none.
func (f *Feature) Part(c *web.Ctx, r record.Record) (templ.Component, error) {
	s := shown{Entry: r.Entry}
	var err error
	if s.MayEdit, err = mayChange(c.Context(), f.DB, c.Actor, f.Kinds[r.Kind], r); err != nil {
		return nil, err
	}
	if s.List, err = of(c.Context(), f.DB, r.ID); err != nil || len(s.List) == 0 && !s.MayEdit {
		return nil, err
	}
	for _, d := range s.List {
		if d.File.Picture() {
			s.Pictures++
			s.Weight += d.File.Size
		}
	}
	return part(c.View, s), nil
}

// formView is the page where those who keep a record add and take away.
type formView struct {
	shown
	Kind  feature.Kind
	Typed Document
}

func (f *Feature) formView(c *web.Ctx) (v formView, err error) {
	k, r, err := f.mine(c.Context(), f.DB, c.Actor, c.Path("id"))
	if err != nil {
		return v, err
	}
	v.Kind, v.Entry, v.MayEdit, v.Typed.Lang = k, r.Entry, true, c.Lang()
	v.List, err = of(c.Context(), f.DB, r.ID)
	return v, err
}

func (f *Feature) form(c *web.Ctx) error {
	v, err := f.formView(c)
	if err != nil {
		return err
	}
	return c.Page(formPage(c.View, v))
}

func (f *Feature) add(c *web.Ctx) error {
	v, err := f.formView(c)
	if err != nil {
		return err
	}
	v.Typed = Document{Entry: v.Entry.ID, Words: c.Form("words"), Lang: c.Form("words-lang"), Holds: c.Form("holds"), Consent: c.Form("consent"), Credit: c.Form("credit"), Licence: c.Form("licence")}.tidy(c.Lang())
	again := func(err error) error {
		return c.Retry(err, func(dv design.View) templ.Component { return formPage(dv, v) })
	}
	if err := v.Typed.validate(); err != nil {
		return again(err)
	}
	taken, err := f.Files.Sent(c.R, limits)
	if err == nil && taken == nil {
		err = missing()
	}
	if err != nil {
		return again(err)
	}
	err = c.Write(c.View.T("document.added", "It stands beside the record now."), func(ctx context.Context, tx *db.Tx) (string, error) {
		_, err := f.Add(ctx, tx, c.Actor, v.Typed, *taken)
		return "/documents/" + v.Entry.ID, err
	})
	if err != nil {
		return again(err)
	}
	return nil
}

func missing() error { return fault.Invalid("file", "document.file.missing", "Choose a file.") }

// one gives a document of the record in the address, as far as the actor may see it.
func (f *Feature) one(c *web.Ctx) (Document, error) {
	d, err := byID(c.Context(), f.DB, c.Path("file"))
	if err == nil && d.Entry != c.Path("id") {
		err = fault.Missing()
	}
	if err == nil {
		_, _, err = f.beside(c.Context(), f.DB, c.Actor, d.Entry)
	}
	return d, err
}

func (f *Feature) file(c *web.Ctx) error {
	d, err := f.one(c)
	if err != nil {
		return err
	}
	return f.Files.Serve(c.W, c.R, d.File)
}

func (f *Feature) removeForm(c *web.Ctx) error {
	d, err := f.one(c)
	if err != nil {
		return err
	}
	if _, _, err := f.mine(c.Context(), f.DB, c.Actor, d.Entry); err != nil {
		return err
	}
	v := c.View
	return c.Page(design.ConfirmPage(v, design.Page{Title: v.T("document.remove.title", "Take away: {name}", "name", d.Words), Kind: "form"}, design.Confirm{
		Text: v.T("document.remove.text", "The file is deleted at once, here and for everybody. This cannot be undone."),
		Path: "/documents/" + d.Entry + "/" + d.ID + "/remove", Key: web.NewKey(), Button: v.T("document.remove.button", "Delete it"), Back: "/documents/" + d.Entry}))
}

func (f *Feature) remove(c *web.Ctx) error {
	d, err := f.one(c)
	if err != nil {
		return err
	}
	return c.Write(c.View.T("document.removed", "The file is deleted."), func(ctx context.Context, tx *db.Tx) (string, error) {
		_, err := f.Remove(ctx, tx, c.Actor, d.ID)
		return "/documents/" + d.Entry, err
	})
}
