package event

import (
	"context"
	"errors"
	"time"

	"github.com/a-h/templ"

	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

func isNone(err error) bool { return errors.Is(err, db.ErrNone) }

// registerView is the form as typed. It asks for needs before names.
type registerView struct {
	Event
	Written
	Account bool
	Wait    bool // no place is free: one goes on the waiting list
}

func (f *Feature) registerView(c *web.Ctx) (v registerView, err error) {
	v.Account = c.Actor.SignedIn()
	if v.Event, err = see(c.Context(), f.DB, c.Actor, c.Path("id")); err != nil {
		return v, err
	}
	if !v.Registers {
		return v, fault.Missing()
	}
	next, err := nextStand(c.Context(), f.DB, v.Event)
	v.Wait = next == Waiting
	v.Written.Lang = c.Lang()
	return v, err
}

func (f *Feature) registerForm(c *web.Ctx) error {
	c.Private()
	v, err := f.registerView(c)
	if err != nil {
		return err
	}
	v.Name = c.Actor.Name
	return c.Page(registerPage(c.View, v))
}

func (f *Feature) register(c *web.Ctx) error {
	c.Private()
	v, err := f.registerView(c)
	if err != nil {
		return err
	}
	v.Needs, v.Name, v.Email = c.Form("needs"), c.Form("name"), c.Form("email")
	if err := v.validate(v.Account); err != nil {
		return c.Retry(err, func(dv design.View) templ.Component { return registerPage(dv, v) })
	}
	if err := f.guests.limit(c.Context(), f.DB, c.Network(), v.Email, v.Account); err != nil {
		return err
	}
	err = c.Write(c.View.T("event.registered.flash", "You are registered. This page shows how it stands."), func(ctx context.Context, tx *db.Tx) (string, error) {
		_, _, err := f.guests.Register(ctx, tx, c.Actor, v.ID, v.Written)
		if v.Account {
			return "/calendar/" + v.ID, err
		}
		return "/calendar/" + v.ID + "/registered", err
	})
	if err != nil {
		return c.Retry(err, func(dv design.View) templ.Component { return registerPage(dv, v) })
	}
	return nil
}

// limit bounds how many registrations come from one network, and how many
// mails one address is sent.
func (r registrar) limit(ctx context.Context, d *db.DB, network, email string, account bool) error {
	return d.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
		ok, err := people.Attempt(ctx, tx, "guests-from/"+network, networkGuests, time.Hour)
		if err == nil && ok && !account {
			ok, err = people.Attempt(ctx, tx, "guest-mails/"+r.markOf("", email), addressMails, 24*time.Hour)
		}
		if err == nil && !ok {
			err = fault.TooMany("event.guest.many", "Many registrations came in at once. Please try again in an hour.")
		}
		return err
	})
}

// registered says that a mail is on its way; the same to everybody.
func (f *Feature) registered(c *web.Ctx) error {
	e, err := see(c.Context(), f.DB, c.Actor, c.Path("id"))
	if err != nil {
		return err
	}
	if !e.Registers {
		return fault.Missing()
	}
	return c.Page(registeredPage(c.View, e))
}

// leave gives the place of somebody signed in back.
func (f *Feature) leave(c *web.Ctx) error {
	return f.act(c, c.View.T("event.left.flash", "Your registration is deleted."), func(ctx context.Context, tx *db.Tx) error {
		return f.guests.leaveAs(ctx, tx, c.Actor, c.Path("id"))
	})
}

func (r registrar) leaveAs(ctx context.Context, tx *db.Tx, a people.Actor, event string) error {
	if _, err := get(ctx, tx, event); err != nil {
		return err
	}
	g, err := guestByMark(ctx, tx, r, event, r.markOf(a.Person, ""))
	if isNone(err) {
		return fault.Conflict("event.guest.none", "You are not registered for this event.")
	}
	if err != nil {
		return err
	}
	return r.Leave(ctx, tx, g)
}

// guestView is what a link shows: the event, and how the registration stands.
type guestView struct {
	Event
	Guest
	Secret string
}

func (f *Feature) guestOf(c *web.Ctx) (v guestView, err error) {
	c.Private()
	v.Secret = c.Path("secret")
	if v.Guest, err = guestBySecret(c.Context(), f.DB, f.guests, v.Secret); err != nil {
		return v, err
	}
	v.Event, err = get(c.Context(), f.DB, v.Guest.Event)
	return v, err
}

// registration only shows: programs that read mails open links, and must not
// confirm or cancel.
func (f *Feature) registration(c *web.Ctx) error {
	v, err := f.guestOf(c)
	if err != nil {
		return err
	}
	return c.Page(registrationPage(c.View, v))
}

func (f *Feature) answerRegistration(c *web.Ctx) error {
	v, err := f.guestOf(c)
	if err != nil {
		return err
	}
	return c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
		if c.Form("what") == "leave" {
			return "/calendar/" + v.Event.ID, f.guests.Leave(ctx, tx, v.Guest)
		}
		_, err := f.guests.Confirm(ctx, tx, v.Secret)
		return "/registrations/" + v.Secret, err
	})
}

// guestListView is the list for those who organise.
type guestListView struct {
	Event
	Guests []Guest
}

func (f *Feature) guestList(c *web.Ctx) error {
	c.Private()
	e, err := f.mine(c)
	if err != nil {
		return err
	}
	list, err := guestsOf(c.Context(), f.DB, f.guests, e.ID)
	if err != nil {
		return err
	}
	return c.Page(guestsPage(c.View, guestListView{e, list}))
}

// dropGuest deletes one registration, or all of them.
func (f *Feature) dropGuest(c *web.Ctx) error {
	e, err := f.mine(c)
	if err != nil {
		return err
	}
	return c.Write(c.View.T("event.guests.dropped", "Deleted."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/calendar/" + e.ID + "/guests", f.guests.drop(ctx, tx, e.ID, c.Form("guest"))
	})
}

// drop deletes a registration, "all" for every one.
func (r registrar) drop(ctx context.Context, tx *db.Tx, event, guest string) error {
	if guest == "all" {
		return dropGuests(ctx, tx, event)
	}
	g, err := guestByID(ctx, tx, r, event, guest)
	if err != nil {
		return err
	}
	return r.Leave(ctx, tx, g)
}
