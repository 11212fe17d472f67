package account

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"alliance/internal/feature"
	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/mail"
	"alliance/internal/platform/notice"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// mePage is what one sees first of one's own.
type mePage struct {
	Actor    people.Actor
	Tasks    []feature.Task
	Mandates []people.Mandate // in force
	Others   []people.Mandate // over, or not begun
	Notices  []notice.Notice  // unread, the newest
}

func (a *Account) me(c *web.Ctx) error {
	c.Private()
	p := mePage{Actor: c.Actor}
	all, err := people.MandatesOf(c.Context(), c.DB, c.Actor.Person)
	if err != nil {
		return err
	}
	for _, m := range all {
		if m.Holds(c.Actor.At) {
			p.Mandates = append(p.Mandates, m)
		} else {
			p.Others = append(p.Others, m)
		}
	}
	reader := c.Actor
	reader.Lang = c.Lang() // titles in the language of the page
	if p.Tasks, err = a.Tasks(c.Context(), c.DB, reader); err != nil {
		return err
	}
	recent, err := notice.List(c.Context(), c.DB, c.Actor.Person, "", 20)
	if err != nil {
		return err
	}
	for _, n := range recent {
		if n.ReadAt == 0 && len(p.Notices) < 5 {
			p.Notices = append(p.Notices, n)
		}
	}
	return c.Page(meView(c.View, p))
}

// deskLinks are the pages of the desk, for whoever may open them.
func deskLinks(v design.View, a people.Actor) (list []design.Link) {
	add := func(may bool, path, label string) {
		if may {
			list = append(list, design.Link{Href: v.Href(path), Label: label})
		}
	}
	steers := a.Is(people.Coordinator)
	edits := access.Mandated(people.Edit).Allow(a)
	add(steers, "/work", v.T("work.title", "Working lists"))
	add(steers || edits, "/validate", v.T("contribution.queue.title", "Proposals to look at"))
	add(steers || edits, "/reports", v.T("contribution.reports.title", "Reported errors"))
	add(steers || edits || access.Mandated(people.Speak).Allow(a), "/checks", v.T("freshness.list.title", "Checking rounds"))
	add(steers || a.Is(people.Committee), "/moderation/comments", v.T("account.desk.comments", "Reported comments"))
	add(steers || edits, "/endings", v.T("handover.endings.title", "What ends soon"))
	add(steers, "/validators", v.T("contribution.validators.title", "Validators"))
	add(steers, "/policy", v.T("contribution.policy.title", "What we publish, and what we keep"))
	add(steers, "/people", v.T("account.people.title", "People"))
	add(steers, "/invitations/new", v.T("account.invite.title", "Invite somebody"))
	add(steers, "/settings", v.T("account.desk.settings", "Settings of the alliance"))
	add(a.Is(people.Operator), "/providers", v.T("account.providers.title", "Sign-in at organisations"))
	add(steers || a.Is(people.Operator), "/roles", v.T("account.roles.title", "Who has which role"))
	add(steers || a.Is(people.Operator), "/people/data", v.T("personal.find.title", "What we hold about somebody"))
	add(a.Is(people.Operator), "/operate", v.T("operate.title", "Running the server"))
	return list
}

// contributionsPage lists what somebody wrote, and what became of it.
type contributionsPage struct {
	Entries []entry.Entry
	Kinds   map[string]feature.Kind
	Page    int
	More    bool
}

func (a *Account) contributions(c *web.Ctx) error {
	c.Private()
	p := contributionsPage{Kinds: a.Kinds, Page: max(1, number(c.Query("page")))}
	const size = 25
	var err error
	// Any: it is their own, drafts and withdrawn texts too.
	p.Entries, err = entry.List(c.Context(), c.DB, entry.Filter{Person: c.Actor.Person, Actor: c.Actor, Any: true, Order: entry.ByNew, Limit: size + 1, Offset: (p.Page - 1) * size})
	if err != nil {
		return err
	}
	if p.More = len(p.Entries) > size; p.More {
		p.Entries = p.Entries[:size]
	}
	return c.Page(contributionsView(c.View, p))
}

// noticesPage is what one was told, newest first.
type noticesPage struct {
	Notices []notice.Notice
	Unread  int
	Older   string // ?before= of the next page
	Key     string
}

func (a *Account) notices(c *web.Ctx) error {
	c.Private()
	const size = 30
	list, err := notice.List(c.Context(), c.DB, c.Actor.Person, c.Query("before"), size+1)
	if err != nil {
		return err
	}
	p := noticesPage{Notices: list, Key: web.NewKey()}
	if len(list) > size {
		p.Notices, p.Older = list[:size], list[size-1].ID
	}
	if p.Unread, err = notice.Unread(c.Context(), c.DB, c.Actor.Person); err != nil {
		return err
	}
	return c.Page(noticesView(c.View, p))
}

func (a *Account) readNotices(c *web.Ctx) error {
	return c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/me/notices", notice.MarkRead(ctx, tx, c.Actor.Person, c.Forms("notice")...)
	})
}

// accountPage is where one looks after the account itself.
type accountPage struct {
	Person    people.Person
	Back      mail.Stop // since when mails come back
	Name      string
	Lang      string
	Languages []string
	Key       string
}

func (a *Account) accountPage(c *web.Ctx) (accountPage, error) {
	c.Private()
	p := accountPage{Languages: c.Alliance.Languages, Key: web.NewKey()}
	var err error
	if p.Person, err = people.PersonByID(c.Context(), c.DB, c.Actor.Person); err != nil {
		return p, err
	}
	p.Name, p.Lang = p.Person.Name, p.Person.Lang
	p.Back, err = a.book().Stopped(c.Context(), c.DB, p.Person.Email)
	return p, err
}

func (a *Account) account(c *web.Ctx) error {
	p, err := a.accountPage(c)
	if err != nil {
		return err
	}
	return c.Page(accountView(c.View, p))
}

func (a *Account) accountAgain(c *web.Ctx, failed error, typed func(*accountPage)) error {
	p, err := a.accountPage(c)
	if err != nil {
		return err
	}
	typed(&p)
	return c.Retry(failed, func(v design.View) templ.Component { return accountView(v, p) })
}

func (a *Account) rename(c *web.Ctx) error {
	name, tag := c.Form("name"), c.Form("lang")
	err := c.Write(c.View.T("account.kept", "Kept."), func(ctx context.Context, tx *db.Tx) (string, error) {
		if !slices.Contains(c.Alliance.Languages, tag) {
			return "", fault.Invalid("lang", "people.lang.unknown", "Choose a language.")
		}
		return "/me/account", people.Rename(ctx, tx, c.Actor.Person, name, tag)
	})
	if err != nil {
		return a.accountAgain(c, err, func(p *accountPage) { p.Name, p.Lang = name, tag })
	}
	return nil
}

func (a *Account) eraseForm(c *web.Ctx) error {
	c.Private()
	if !a.Proven(c, "/me/erase") {
		return nil
	}
	return c.Page(eraseView(c.View))
}

func (a *Account) erase(c *web.Ctx) error {
	if !a.Proven(c, "/me/erase") {
		return nil
	}
	return c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
		if err := a.EraseAccount(ctx, tx, c.Actor, c.Actor.Person); err != nil {
			return "", err
		}
		return "/", c.SignOut(ctx, tx)
	})
}

// tokensPage lists the tokens of a person, and shows a new one once.
type tokensPage struct {
	Tokens   []people.Token
	Mandates []people.Mandate // in force
	Names    map[string]string
	Secret   string // of the one just made
	Fresh    bool

	Name, Mandate, Rights, Days string
	At                          db.Instant
}

func (a *Account) tokensPage(c *web.Ctx) (tokensPage, error) {
	c.Private()
	p := tokensPage{Fresh: a.Fresh(c.Actor), Names: map[string]string{}, Mandate: c.Actor.Mandate.ID, Rights: "read", Days: "90", At: c.Actor.At}
	var err error
	if p.Tokens, err = people.TokensOf(c.Context(), c.DB, c.Actor.Person); err != nil {
		return p, err
	}
	all, err := people.MandatesOf(c.Context(), c.DB, c.Actor.Person)
	p.Mandates = inForce(all, c.Actor.At)
	for _, m := range all {
		p.Names[m.ID] = m.OrganisationName
	}
	return p, err
}

func (a *Account) tokens(c *web.Ctx) error {
	p, err := a.tokensPage(c)
	if err != nil {
		return err
	}
	return c.Page(tokensView(c.View, p))
}

// tokenDays are the lives of a token one may choose.
var tokenDays = []string{"30", "90", "365"}

// addToken answers with the page itself, not with a redirect: the secret is
// shown this once and kept nowhere.
func (a *Account) addToken(c *web.Ctx) error {
	if !a.Proven(c, "/me/tokens") {
		return nil
	}
	t := people.Token{Person: c.Actor.Person, Mandate: c.Form("mandate"), Name: c.Form("name"), Reads: true, Writes: c.Form("rights") == "write", Factor: c.Actor.Factor}
	days := c.Form("days")
	secret := ""
	err := c.DB.Do(c.Context(), func(ctx context.Context, tx *db.Tx) (err error) {
		if !slices.Contains(tokenDays, days) {
			return fault.Invalid("days", "account.token.days.choose", "Choose how long it works.")
		}
		if allowed, err := people.Attempt(ctx, tx, "tokens-by/"+c.Actor.Person, personTokens, time.Hour); err != nil {
			return err
		} else if !allowed {
			return fault.Conflict("account.token.many", "You have made many tokens within the hour. Wait a little.")
		}
		t.Expires = tx.Now().Add(time.Duration(number(days)) * 24 * time.Hour)
		secret, err = people.AddToken(ctx, tx, t)
		journal.Tell(tx, c.Actor, journal.Event{Verb: "token.made", Kind: "person", Subject: c.Actor.Person})
		return err
	})
	p, pageErr := a.tokensPage(c)
	if pageErr != nil {
		return pageErr
	}
	if err != nil {
		p.Name, p.Mandate, p.Rights, p.Days = t.Name, t.Mandate, c.Form("rights"), days
		return c.Retry(err, func(v design.View) templ.Component { return tokensView(v, p) })
	}
	p.Secret = secret
	return c.Page(tokensView(c.View, p))
}

func (a *Account) endToken(c *web.Ctx) error {
	return c.Write(c.View.T("account.token.ended", "The token no longer works."), func(ctx context.Context, tx *db.Tx) (string, error) {
		journal.Tell(tx, c.Actor, journal.Event{Verb: "token.revoked", Kind: "person", Subject: c.Actor.Person})
		return "/me/tokens", people.EndToken(ctx, tx, c.Actor.Person, c.Form("token"))
	})
}

// noticeHref is where a notice leads: a path of this site in the page's language.
func noticeHref(v design.View, n notice.Notice) string {
	if n.Link == "" || strings.HasPrefix(n.Link, "/"+v.Lang()+"/") {
		return n.Link
	}
	return v.Href(n.Link)
}
