package account

import (
	"net/url"
	"time"

	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// protectPage leads to a second factor somebody's rights need.
type protectPage struct {
	Actor people.Actor
	Has   bool   // there is one, which this session has not shown
	Then  string // where "later" leads
}

const graceDays = int(people.GraceTime / (24 * time.Hour))

// protectFirst leads by the page that asks for a second factor.
func protectFirst(then string) string {
	return "/me/security/second?then=" + url.QueryEscape(then)
}

func (a *Account) protect(c *web.Ctx) error {
	c.Private()
	p := protectPage{Actor: c.Actor, Then: orMe(web.Local(c.Query("then")))}
	var err error
	if p.Has, err = people.NeedsSecond(c.Context(), c.DB, c.Actor.Person); err != nil {
		return err
	}
	return c.Page(protectView(c.View, p))
}
