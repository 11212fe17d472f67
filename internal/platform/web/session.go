package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/id"
	"alliance/internal/platform/notice"
	"alliance/internal/platform/people"
)

// cookieName: with the __Host- prefix a cookie cannot be set by a neighbour
// domain; browsers take the prefix over https only.
func (r *Router) cookieName() string {
	if strings.HasPrefix(r.Origin, "https://") {
		return "__Host-alliance"
	}
	return "alliance"
}

// recognise finds out who acts.
func (r *Router) recognise(c *Ctx) error {
	cookie, err := c.R.Cookie(r.cookieName())
	if err == nil && cookie.Value != "" {
		var flash string
		if c.Actor, flash, err = people.ActorOfSession(c.Context(), r.DB, cookie.Value, r.DB.Now()); err != nil {
			return err
		}
		if c.Actor.SignedIn() {
			c.secret, c.View.Flash = cookie.Value, flash
			if c.R.Method == http.MethodGet {
				if err := c.keepUp(flash != ""); err != nil && !db.Away(err) { // who only reads can read on
					return err
				}
			}
		}
	}
	c.dress()
	return nil
}

// keepUp does what a session needs now and then: forget the message that is
// being shown, note that it is used, take a new secret after a change of rights.
func (c *Ctx) keepUp(flash bool) error {
	used := c.Actor.Seen.Add(people.SeenEvery) < c.Actor.At
	if !flash && !used && !c.Actor.Renew {
		return nil
	}
	return c.DB.Do(c.Context(), func(ctx context.Context, tx *db.Tx) error {
		if flash {
			if err := people.SetFlash(ctx, tx, c.Actor.Session, ""); err != nil {
				return err
			}
		}
		if used {
			if err := people.SeeSession(ctx, tx, c.Actor.Session); err != nil {
				return err
			}
		}
		switch {
		case c.Actor.Renew:
			return c.Rotate(ctx, tx)
		case used: // the cookie lives on too
			tx.After(func() { c.setCookie(c.secret, int(people.SessionTime.Seconds())) })
		}
		return nil
	})
}

// Rotate gives this session a new secret, as after a change of rights.
func (c *Ctx) Rotate(ctx context.Context, tx *db.Tx) error {
	secret, err := people.RotateSession(ctx, tx, c.Actor.Session)
	if err != nil {
		return err
	}
	tx.After(func() { c.setCookie(secret, int(people.SessionTime.Seconds())) })
	return nil
}

// dress puts on the page what depends on who looks at it.
func (c *Ctx) dress() {
	v, r := &c.View, c.router
	v.Menu = nil
	for _, m := range r.Menu {
		if !m.Show.Allow(c.Actor) {
			continue
		}
		current := v.Path == m.Path || strings.HasPrefix(v.Path, m.Path+"/")
		v.Menu = append(v.Menu, design.Link{Href: v.Href(m.Path), Label: v.T(m.Label.Key, m.Label.English), Current: current})
	}
	if c.Actor.SignedIn() {
		v.Acting = &design.Acting{Person: c.Actor.Name, For: c.Actor.Mandate.OrganisationName}
		for _, role := range people.Roles {
			if c.Actor.Somewhere(role) {
				v.Acting.Roles = append(v.Acting.Roles, design.RoleName(*v, string(role)))
			}
		}
		unread, err := notice.Unread(c.Context(), c.DB, c.Actor.Person)
		if err != nil {
			r.Log.Error("unread notices", "err", err)
		}
		v.Acting.Unread = unread
	}
	if r.Onward != nil {
		v.Onward = func(entry string) []design.Onward {
			list, err := r.Onward(c.Context(), c.View, c.Actor, entry)
			if err != nil { // the page is whole without them
				r.Log.Error("ways on from an entry", "err", err)
			}
			return list
		}
	}
	if r.Demo != nil {
		v.Demo = r.Demo(*v, c.Actor)
	}
}

// SignIn starts a session for a person and sets its cookie. An earlier session
// of this browser ends: nobody can plant a session and wait (fixation).
func (c *Ctx) SignIn(ctx context.Context, tx *db.Tx, person, mandate string) error {
	return c.signIn(ctx, tx, person, mandate, people.StartSession)
}

// AskAgain is the page that asks who is signed in to show once more who they are,
// and leads on.
func AskAgain(then string) string { return "/sign-in?again=1&then=" + url.QueryEscape(then) }

// SignInStrong is SignIn for somebody who has shown a second factor with the first.
func (c *Ctx) SignInStrong(ctx context.Context, tx *db.Tx, person, mandate string) error {
	return c.signIn(ctx, tx, person, mandate, people.StartStrong)
}

// SignInUnproved is SignIn for somebody another site vouches for.
func (c *Ctx) SignInUnproved(ctx context.Context, tx *db.Tx, person, mandate string) error {
	return c.signIn(ctx, tx, person, mandate, people.StartUnproved)
}

// From says which site lets in who signs in with this request.
func (c *Ctx) From(o people.Origin) { c.from = o }

func (c *Ctx) signIn(ctx context.Context, tx *db.Tx, person, mandate string, start func(ctx context.Context, tx *db.Tx, person, mandate, agent string) (string, error)) error {
	secret, err := c.begin(ctx, tx, person, mandate, start)
	if err != nil {
		return err
	}
	tx.After(func() { c.setCookie(secret, int(people.SessionTime.Seconds())) })
	return nil
}

// begin starts a session in place of the earlier one. Whoever only shows again
// who they are goes on in the same one, as they see it: it stays one of the site
// that let them in.
func (c *Ctx) begin(ctx context.Context, tx *db.Tx, person, mandate string, start func(ctx context.Context, tx *db.Tx, person, mandate, agent string) (string, error)) (secret string, err error) {
	from := c.from
	if from == (people.Origin{}) && c.Actor.Session != "" && c.Actor.Person == person {
		if from, err = people.OriginOf(ctx, tx, c.Actor.Session); err != nil {
			return "", err
		}
	}
	if err := c.endEarlier(ctx, tx); err != nil {
		return "", err
	}
	if secret, err = start(ctx, tx, person, mandate, agent(c.R)); err != nil || from == (people.Origin{}) {
		return secret, err
	}
	return secret, people.CameFrom(ctx, tx, secret, from)
}

func (c *Ctx) endEarlier(ctx context.Context, tx *db.Tx) error {
	if w := c.Actor.Waiting; w.Session != "" {
		return people.EndSession(ctx, tx, w.Person, w.Session)
	}
	if c.Actor.Session == "" {
		return nil
	}
	return people.EndSession(ctx, tx, c.Actor.Person, c.Actor.Session)
}

// SignInHalf begins a sign-in that waits for the second factor; nobody is
// signed in until Complete.
func (c *Ctx) SignInHalf(ctx context.Context, tx *db.Tx, person, mandate string) error {
	secret, err := c.begin(ctx, tx, person, mandate, people.StartHalf)
	if err != nil {
		return err
	}
	tx.After(func() { c.setCookie(secret, int(people.HalfTime.Seconds())) })
	return nil
}

// Complete signs in who has shown the second factor; false when the waiting is over.
func (c *Ctx) Complete(ctx context.Context, tx *db.Tx) (bool, error) {
	secret, err := people.Complete(ctx, tx, c.Actor.Waiting)
	if err != nil || secret == "" {
		return false, err
	}
	tx.After(func() { c.setCookie(secret, int(people.SessionTime.Seconds())) })
	return true, nil
}

// Agent is the browser in one word, "" when it says nothing known.
func (c *Ctx) Agent() string { return agent(c.R) }

// deviceTime is how long a browser is remembered as one's own.
const deviceTime = 400 * 24 * time.Hour

// Device gives the mark of this browser, made at the first sign-in with it: a
// sign-in with another browser can be told to its person. Its cookie is
// set once the transaction is kept.
func (c *Ctx) Device(tx *db.Tx) string {
	name := strings.Replace(c.router.cookieName(), "alliance", "alliance-device", 1)
	mark := ""
	if cookie, err := c.R.Cookie(name); err == nil && len(cookie.Value) >= 32 && len(cookie.Value) <= 64 {
		mark = cookie.Value
	} else {
		mark = id.Secret(32)
	}
	tx.After(func() { c.cookie(name, mark, int(deviceTime.Seconds())) })
	return mark
}

// SignOut ends the session.
func (c *Ctx) SignOut(ctx context.Context, tx *db.Tx) error {
	tx.After(func() { c.setCookie("", -1) })
	return people.EndSession(ctx, tx, c.Actor.Person, c.Actor.Session)
}

func (c *Ctx) setCookie(value string, age int) { c.cookie(c.router.cookieName(), value, age) }

func (c *Ctx) cookie(name, value string, age int) {
	http.SetCookie(c.W, &http.Cookie{ // #nosec G124 -- Secure wherever the site is reached by https
		Name: name, Value: value, Path: "/", MaxAge: age, HttpOnly: true,
		Secure: strings.HasPrefix(c.router.Origin, "https://"), SameSite: http.SameSiteLaxMode,
	})
}

// agent keeps enough of the browser's name to tell one's own sessions apart.
func agent(r *http.Request) string {
	s := r.UserAgent()
	for _, name := range []string{"Firefox", "Edg", "Chrome", "Safari", "curl"} {
		if strings.Contains(s, name) {
			for _, system := range []string{"Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux"} {
				if strings.Contains(s, system) {
					return name + ", " + system
				}
			}
			return name
		}
	}
	return ""
}

// Sweep forgets old idempotency keys and sessions that are over.
func Sweep(ctx context.Context, d *db.DB) error {
	return d.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
		now := tx.Now()
		for text, before := range map[string]db.Instant{
			`DELETE FROM done WHERE at < $1`:           now.Add(-48 * time.Hour),
			`DELETE FROM session WHERE expires < $1`:   now,
			`DELETE FROM link WHERE expires < $1`:      now.Add(-24 * time.Hour),
			`DELETE FROM attempt WHERE at < $1`:        now.Add(-24 * time.Hour),
			`DELETE FROM challenge WHERE expires < $1`: now,
		} {
			if _, err := tx.Exec(ctx, text, before); err != nil {
				return err
			}
		}
		return nil
	})
}
