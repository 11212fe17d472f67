package follow

import (
	"context"
	"crypto/subtle"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
	"alliance/internal/platform/web"
)

// onward puts the button below every entry: to follow, or to stop.
func (f *Feature) onward(ctx context.Context, q db.Q, v design.View, a people.Actor, of string) ([]design.Onward, error) {
	label := v.T("follow.button", "Follow")
	if !a.SignedIn() {
		return []design.Onward{{Link: design.Link{Href: v.Href("/follow?entry=" + of), Label: label, Icon: "bell"}}}, nil
	}
	follow, err := followOf(ctx, q, a.Person, of)
	if err != nil {
		return nil, err
	}
	o := design.Onward{Link: design.Link{Label: label, Icon: "bell"}, Post: "/follow", Key: web.NewKey(),
		Hidden: []design.Hide{{Name: "entry", Value: of}, {Name: "then", Value: v.Path}}}
	if follow != "" {
		o.Label, o.Post = v.T("follow.button.stop", "Stop following"), "/me/following/stop"
		o.Hidden = []design.Hide{{Name: "follow", Value: follow}, {Name: "then", Value: v.Path}}
	}
	return []design.Onward{o}, nil
}

// wantedOf reads from an address what is to be followed.
func wantedOf(q url.Values) Wanted {
	if e := q.Get("entry"); e != "" {
		return Wanted{Entry: e}
	}
	return Wanted{Query: ParseSearch(q).Query(), Name: strings.TrimSpace(q.Get("name"))}
}

// followPage is the question whether to follow something.
type followPage struct {
	Wanted
	Called string
	Within bool // an entry: all within it comes along
	Email  string
	Then   string
	Key    string
	Signed bool
}

func (f *Feature) page(c *web.Ctx, w Wanted) (followPage, error) {
	p := followPage{Wanted: w, Within: w.Entry != "", Key: web.NewKey(), Signed: c.Actor.SignedIn()}
	if err := f.check(c.Context(), c.DB, c.Actor, w); err != nil {
		return p, err
	}
	var err error
	p.Called, err = f.called(c.Context(), c.DB, c.View.Printer, c.Actor, w)
	return p, err
}

func (f *Feature) form(c *web.Ctx) error {
	w := wantedOf(c.R.URL.Query())
	if w.Entry == "" && w.Query == "" {
		return c.See("/follow/search")
	}
	p, err := f.page(c, w)
	if err != nil && w.Entry == "" {
		return c.Retry(err, func(v design.View) templ.Component { return searchPage(v, f.searching(c, w.search(), w.Name)) })
	}
	if err != nil {
		return err
	}
	return c.Page(followView(c.View, p))
}

// follow begins to follow: at once with an account, by a mailed link without.
func (f *Feature) follow(c *web.Ctx) error {
	w := Wanted{Entry: c.Form("entry"), Query: c.Form("query"), Name: c.Form("name")}
	then := web.Local(c.Form("then"))
	if c.Actor.SignedIn() {
		if then == "" {
			then = "/me/following"
		}
		return c.Write(c.View.T("follow.done", "You follow it now."), func(ctx context.Context, tx *db.Tx) (string, error) {
			_, err := f.Add(ctx, tx, c.Actor, w)
			return then, err
		})
	}
	email := c.Form("email")
	err := c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/follow/sent", f.Ask(ctx, tx, c.Network(), email, c.Lang(), w)
	})
	if err == nil {
		return nil
	}
	p, pageErr := f.page(c, w)
	if pageErr != nil {
		return pageErr
	}
	p.Email, p.Key = email, c.R.PostFormValue(design.KeyField)
	return c.Retry(err, func(v design.View) templ.Component { return followView(v, p) })
}

func (f *Feature) sent(c *web.Ctx) error { return c.Page(sentView(c.View)) }

// searching is the form of a search to follow.
type searching struct {
	Search
	Name     string
	TownName string
	Kinds    []design.Option
	Themes   []design.Option
	Axes     []design.Option
	Rights   []design.Option
	Written  []design.Option
	Towns    []place.Town // of the same name, to choose from
}

func (f *Feature) searching(c *web.Ctx, s Search, name string) searching {
	x := searching{Search: s, Name: name}
	for k, kind := range f.House.Kinds {
		x.Kinds = append(x.Kinds, design.Option{Value: k, Label: c.View.Say(kind.Many)})
	}
	slices.SortFunc(x.Kinds, func(a, b design.Option) int { return c.View.Compare(a.Label, b.Label) })
	for _, t := range c.Alliance.Themes {
		r := t.Name.In(c.Lang())
		x.Themes = append(x.Themes, design.Option{Value: t.ID, Label: r.S, Lang: r.Lang})
	}
	for _, o := range f.Asked(byRight).Options {
		x.Rights = append(x.Rights, design.Option{Value: o.Value, Label: c.View.Say(o.Label)})
	}
	x.Written = design.LanguageOptions(c.View, lang.Offered, s.Languages...)
	for _, t := range c.Alliance.Axes {
		r := t.Name.In(c.Lang())
		x.Axes = append(x.Axes, design.Option{Value: t.ID, Label: r.S, Lang: r.Lang})
	}
	return x
}

// searchForm builds a search; what is asked for by town's name is looked up.
func (f *Feature) searchForm(c *web.Ctx) error {
	q := c.R.URL.Query()
	x := f.searching(c, ParseSearch(q), c.Query("name"))
	x.TownName = c.Query("place")
	if q.Get("ask") == "" {
		return c.Page(searchPage(c.View, x))
	}
	var failed error
	switch towns := place.Lookup(x.TownName, ""); {
	case x.TownName == "":
		q.Del(byNear)
	case x.Near.Within != 0 && slices.ContainsFunc(towns, func(t place.Town) bool { return areaOf(t).point() == x.Near.point() }):
	case len(towns) == 0:
		failed = fault.Invalid("place", "follow.place.unknown", "No town of this name is known here. Try another spelling.")
	case len(towns) == 1:
		q.Set(byNear, areaOf(towns[0]).point())
	default:
		x.Towns = towns[:min(len(towns), 12)]
		failed = fault.Invalid("near", "follow.place.which", "Several towns bear this name. Which one?")
	}
	x.Search = ParseSearch(q)
	if failed == nil {
		failed = x.Search.Validate(c.Alliance, f.isKind, f.isRight)
	}
	if failed != nil {
		return c.Retry(failed, func(v design.View) templ.Component { return searchPage(v, x) })
	}
	to := x.Search.Values()
	if x.Name != "" {
		to.Set("name", x.Name)
	}
	return c.See("/follow?" + to.Encode())
}

func areaOf(t place.Town) Area { return Area{Name: t.Name, Lat: t.Lat, Lon: t.Lon} }

func (f *Feature) confirmForm(c *web.Ctx) error {
	c.Private()
	if _, err := people.LinkOf(c.Context(), c.DB, linkPurpose, c.Path("secret"), c.Actor.At); err != nil {
		return err
	}
	return c.Page(confirmView(c.View, "/follow/confirm/"+url.PathEscape(c.Path("secret"))))
}

func (f *Feature) confirm(c *web.Ctx) error {
	return c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
		who, err := f.Confirm(ctx, tx, c.Path("secret"))
		return "/following/" + f.token(who), err
	})
}

// token opens the page of a follower without a sign-in. It is a mark of the
// house's key, so that none has to be kept, and it opens nothing else.
func (f *Feature) token(who Follower) string { return who.ID + "." + f.Key.Mark("following", who.ID) }

// holder gives the follower of a token; gone tells that it was a true one of
// somebody who was forgotten.
func (f *Feature) holder(ctx context.Context, q db.Q, token string) (who Follower, gone bool, err error) {
	one, _, _ := strings.Cut(token, ".")
	if subtle.ConstantTimeCompare([]byte(token), []byte(f.token(Follower{ID: one}))) != 1 {
		return who, false, fault.Missing()
	}
	who, err = followerByID(ctx, q, one)
	if fault.Is(err, fault.KindNotFound) {
		return who, true, nil
	}
	return who, false, err
}

// followingPage lists what somebody follows.
type followingPage struct {
	Follower
	Follows []named
	HourS   string // as typed
	Token   string // "" for an account that is signed in
	Key     string
	Gone    bool // an address that was forgotten
}

// named is a follow with its words and page.
type named struct {
	Follow
	Kind       string
	Text, Lang string // Lang "" = the reader's
	Href       string
}

func (f *Feature) followingPage(c *web.Ctx, who Follower) (followingPage, error) {
	c.Private()
	p := followingPage{Follower: who, HourS: strconv.Itoa(who.Hour), Key: web.NewKey()}
	if who.ID == "" {
		return p, nil
	}
	follows, err := followsOf(c.Context(), c.DB, who.ID)
	if err != nil {
		return p, err
	}
	r, _, _, err := readerOf(c.Context(), c.DB, who, c.Actor.At, c.Actor.At)
	if err != nil {
		return p, err
	}
	var ids []string
	for _, x := range follows {
		ids = append(ids, x.Entry)
	}
	entries, err := entry.Many(c.Context(), c.DB, ids)
	if err != nil {
		return p, err
	}
	for _, x := range follows {
		n := named{Follow: x}
		e, there := entries[x.Entry]
		switch {
		case x.Entry == "":
			n.Kind, n.Text, n.Href = c.View.T("follow.kind.search", "Search"), f.inWords(c.View.Printer, c.Alliance, x.Search), "/follow?"+x.Search.Query()
		case there && r.actors.see(e):
			title := e.Title().In(c.Lang())
			n.Text, n.Lang = title.S, title.Lang
			if k, ok := f.Kinds[e.Kind]; ok {
				n.Kind, n.Href = c.View.Say(k.One), k.Path(e.ID)
			}
		default:
			n.Text = c.View.T("follow.closed", "No longer open to you")
		}
		p.Follows = append(p.Follows, n)
	}
	return p, nil
}

// own gives the follower of who is signed in; one that is not kept yet where
// nothing was ever followed.
func (f *Feature) own(ctx context.Context, q db.Q, person string) (Follower, error) {
	who, err := followerOf(ctx, q, person)
	if fault.Is(err, fault.KindNotFound) {
		return Follower{Pace: Daily, Hour: usualHour, Zone: usualZone}, nil
	}
	return who, err
}

func (f *Feature) mine(c *web.Ctx) error {
	who, err := f.own(c.Context(), c.DB, c.Actor.Person)
	if err != nil {
		return err
	}
	p, err := f.followingPage(c, who)
	if err != nil {
		return err
	}
	return c.Page(followingView(c.View, p))
}

func (f *Feature) settings(c *web.Ctx) error {
	pace, at, zone := f.typed(c)
	err := c.Write(c.View.T("follow.settings.kept", "Kept."), func(ctx context.Context, tx *db.Tx) (string, error) {
		who, err := f.followerFor(ctx, tx, c.Actor.Person)
		if err != nil {
			return "", err
		}
		return "/me/following", Settings(ctx, tx, who, pace, at, zone)
	})
	if err == nil {
		return nil
	}
	who, ownErr := f.own(c.Context(), c.DB, c.Actor.Person)
	if ownErr != nil {
		return ownErr
	}
	return f.settingsAgain(c, err, who, "")
}

func (f *Feature) typed(c *web.Ctx) (Pace, int, string) {
	at, err := strconv.Atoi(c.Form("hour"))
	if err != nil {
		at = -1
	}
	return Pace(c.Form("pace")), at, c.Form("zone")
}

func (f *Feature) settingsAgain(c *web.Ctx, failed error, who Follower, token string) error {
	p, err := f.followingPage(c, who)
	if err != nil {
		return err
	}
	p.Pace, p.HourS, p.Zone, p.Token = Pace(c.Form("pace")), c.Form("hour"), c.Form("zone"), token
	return c.Retry(failed, func(v design.View) templ.Component { return followingView(v, p) })
}

func (f *Feature) stop(c *web.Ctx) error {
	then := web.Local(c.Form("then"))
	if then == "" {
		then = "/me/following"
	}
	return c.Write(c.View.T("follow.stopped", "You no longer follow it."), func(ctx context.Context, tx *db.Tx) (string, error) {
		who, err := followerOf(ctx, tx, c.Actor.Person)
		if err != nil {
			return "", err
		}
		return then, stopOne(ctx, tx, who, c.Form("follow"))
	})
}

// tokenPage is what the link in a mail opens: nothing ends by looking.
func (f *Feature) tokenPage(c *web.Ctx) error {
	c.Private()
	who, gone, err := f.holder(c.Context(), c.DB, c.Path("token"))
	if err != nil {
		return err
	}
	p := followingPage{Gone: true}
	if !gone {
		if p, err = f.followingPage(c, who); err != nil {
			return err
		}
	}
	p.Token = c.Path("token")
	return c.Page(followingView(c.View, p))
}

// byToken stops or changes without a sign-in. A mail program that unsubscribes
// in one click (RFC 8058) follows no redirect: it gets the page at once.
func (f *Feature) byToken(c *web.Ctx) error {
	c.Private()
	token := c.Path("token")
	who, gone, err := f.holder(c.Context(), c.DB, token)
	if err != nil {
		return err
	}
	if gone {
		return c.Page(followingView(c.View, followingPage{Gone: true, Token: token}))
	}
	if c.Form("List-Unsubscribe") == "One-Click" {
		if err := c.DB.Do(c.Context(), func(ctx context.Context, tx *db.Tx) error { return StopAll(ctx, tx, who) }); err != nil {
			return err
		}
		return f.tokenPage(c)
	}
	pace, at, zone := f.typed(c)
	err = c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
		switch {
		case c.Form("stop") == "all":
			err = StopAll(ctx, tx, who)
		case c.Form("follow") != "":
			err = stopOne(ctx, tx, who, c.Form("follow"))
		default:
			err = Settings(ctx, tx, who, pace, at, zone)
		}
		return "/following/" + token, err
	})
	if err != nil {
		return f.settingsAgain(c, err, who, token)
	}
	return nil
}

// newsDays is how far back the page of news looks.
const newsDays = 30

// news shows on the page what a digest of the last weeks would tell: also for
// those who want no mail.
func (f *Feature) news(c *web.Ctx) error {
	c.Private()
	who, err := f.own(c.Context(), c.DB, c.Actor.Person)
	if err != nil {
		return err
	}
	d := Digest{}
	if who.ID != "" {
		if d, err = f.newsOf(c.Context(), c.DB, who, c.Actor.At, c.Lang()); err != nil {
			return err
		}
	}
	l := letter{p: c.View.Printer, base: "/" + c.Lang(), kinds: f.House.Kinds, digest: d}
	return c.Page(newsView(c.View, l))
}

// called names what is followed, in the words of a language.
func (f *Feature) called(ctx context.Context, q db.Q, p *locale.Printer, a people.Actor, w Wanted) (string, error) {
	if w.Entry != "" {
		e, err := entry.See(ctx, q, a, "", w.Entry)
		return e.Title().In(p.Lang()).S, err
	}
	if w.Name != "" {
		return w.Name, nil
	}
	about, err := f.about(ctx, q)
	return f.inWords(p, about, w.search()), err
}
