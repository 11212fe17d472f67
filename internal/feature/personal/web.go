package personal

import (
	"bytes"
	"context"
	"time"

	"github.com/a-h/templ"

	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/held"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// dataPage says what is held about somebody.
type dataPage struct {
	Person people.Person
	Own    bool
	Tables []held.Table
	Files  int
	Key    string
}

// base is where its pages are.
func (p dataPage) base() string {
	if p.Own {
		return "/me"
	}
	return "/people/" + p.Person.ID
}

func (f *Feature) show(c *web.Ctx, person string, own bool) error {
	c.Private()
	p := dataPage{Own: own, Key: web.NewKey()}
	var err error
	if p.Person, err = f.person(c, person); err != nil {
		return err
	}
	if !f.Proven(c, p.base()+"/data") {
		return nil
	}
	if p.Tables, err = held.Gather(c.Context(), c.DB, p.Person); err != nil {
		return err
	}
	for _, t := range p.Tables {
		if t.Name == "file" {
			p.Files = len(t.Rows)
		}
	}
	return c.Page(dataView(c.View, p))
}

// person gives somebody whose account is not erased.
func (f *Feature) person(c *web.Ctx, id string) (people.Person, error) {
	p, err := people.PersonByID(c.Context(), c.DB, id)
	if err == nil && p.Erased != 0 {
		err = fault.Missing()
	}
	return p, err
}

func (f *Feature) mine(c *web.Ctx) error   { return f.show(c, c.Actor.Person, true) }
func (f *Feature) theirs(c *web.Ctx) error { return f.show(c, c.Path("id"), false) }

// find looks an account up by its address.
func (f *Feature) find(c *web.Ctx) error {
	c.Private()
	email := c.Query("email")
	if email == "" {
		return c.Page(findView(c.View, ""))
	}
	p, err := people.PersonByEmail(c.Context(), c.DB, email)
	if fault.Is(err, fault.KindNotFound) {
		err = fault.Invalid("email", "personal.nobody", "There is no account with this address.")
	}
	if err != nil {
		return c.Retry(err, func(v design.View) templ.Component { return findView(v, email) })
	}
	return c.See("/people/" + p.ID + "/data")
}

func (f *Feature) file(c *web.Ctx, person string, own bool) error {
	c.Private()
	p, err := f.person(c, person)
	if err != nil {
		return err
	}
	if !f.Proven(c, dataPage{Person: p, Own: own}.base()+"/data") {
		return nil
	}
	var b bytes.Buffer
	if err := held.Write(c.Context(), &b, c.DB, f.Files, p, readme(c.View, p), c.Actor.At.Time().Truncate(time.Second)); err != nil {
		return err
	}
	err = c.DB.Do(c.Context(), func(_ context.Context, tx *db.Tx) error {
		journal.Tell(tx, c.Actor, journal.Event{Verb: "person.data", Kind: "person", Subject: p.ID})
		return nil
	})
	if err != nil {
		return err
	}
	return c.Download("data.zip", "application/zip", b.Bytes())
}

func (f *Feature) myFile(c *web.Ctx) error    { return f.file(c, c.Actor.Person, true) }
func (f *Feature) theirFile(c *web.Ctx) error { return f.file(c, c.Path("id"), false) }

func (f *Feature) eraseForm(c *web.Ctx) error {
	c.Private()
	p, err := f.person(c, c.Path("id"))
	if err != nil {
		return err
	}
	if !f.Proven(c, "/people/"+p.ID+"/erase") {
		return nil
	}
	return c.Page(eraseView(c.View, p, web.NewKey()))
}

func (f *Feature) erase(c *web.Ctx) error {
	p, err := f.person(c, c.Path("id"))
	if err != nil {
		return err
	}
	if !f.Proven(c, "/people/"+p.ID+"/erase") {
		return nil
	}
	return c.Write(c.View.T("personal.erased", "The account is erased."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/me", f.asks.Erase(ctx, tx, c.Actor, p.ID)
	})
}
