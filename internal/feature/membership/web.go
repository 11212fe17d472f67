package membership

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
	"alliance/internal/platform/record"
	"alliance/internal/platform/web"
)

// onPage is how many organisations a page holds.
const onPage = 50

type listView struct {
	Registry Registry
	Query    Query
	Rows     []Row
	all      []Row // without the filters by country and kind, for their counts
	Page     int
	MayAdd   bool
	Drawing  drawing
}

func (l listView) last() int { return max(1, (len(l.Rows)+onPage-1)/onPage) }

func (l listView) shown() []Row {
	from := min((l.Page-1)*onPage, len(l.Rows))
	return l.Rows[from:min(from+onPage, len(l.Rows))]
}

// readQuery reads the question of an address; what it does not know is left out.
func readQuery(v url.Values) Query {
	q := Query{In: v.Get("in"), Also: v.Get("also"), Valid: v.Get("valid") != "", Past: v.Get("past") != "", Signed: v.Get("signed"), Not: v.Get("signed") != "" && v.Get("not") != ""}
	for _, c := range v["country"] {
		if code, ok := place.ParseCountry(c); ok && !slices.Contains(q.Countries, code) {
			q.Countries = append(q.Countries, code)
		}
	}
	for _, k := range v["kind"] {
		if slices.Contains(people.OrganisationKinds, people.OrganisationKind(k)) && !slices.Contains(q.Kinds, k) {
			q.Kinds = append(q.Kinds, k)
		}
	}
	return q
}

func (q Query) values() url.Values {
	v := url.Values{}
	for name, value := range map[string]string{"in": q.In, "also": q.Also, "signed": q.Signed} {
		if value != "" {
			v.Set(name, value)
		}
	}
	for name, is := range map[string]bool{"valid": q.Valid, "past": q.Past, "not": q.Not} {
		if is {
			v.Set(name, "1")
		}
	}
	for name, list := range map[string][]string{"country": q.Countries, "kind": q.Kinds} {
		if len(list) > 0 {
			v[name] = list
		}
	}
	return v
}

// href is the address of a page with this question, without the language.
func (q Query) href(path string) string {
	if v := q.values(); len(v) > 0 {
		return path + "?" + v.Encode()
	}
	return path
}

func (x *Memberships) list(c *web.Ctx) error {
	r, err := x.registry(c.Context(), x.DB, c.Actor)
	if err != nil {
		return err
	}
	l := listView{Registry: r, Query: readQuery(c.R.URL.Query()), MayAdd: c.Actor.SignedIn(), Page: 1}
	l.Rows = r.Find(l.Query)
	open := l.Query
	open.Countries, open.Kinds = nil, nil
	l.all = r.Find(open)
	byName := func(a, b Row) int {
		return c.View.Compare(a.Member.Title().In(c.Lang()).S, b.Member.Title().In(c.Lang()).S)
	}
	slices.SortStableFunc(l.Rows, byName)
	if n, err := strconv.Atoi(c.Query("page")); err == nil {
		l.Page = max(1, min(n, l.last()))
	}
	l.Drawing = r.graph(l.Query, c.Lang(), c.View.Href).draw(c.View.Dir() == "rtl")
	return c.Page(listPage(c.View, l))
}

type networkView struct {
	entry.Entry
	Registry Registry
	Members  []Membership // in force, by name
	Past     []Membership
	Within   []Membership // networks it is in itself
	Versions []Version
	Votes    map[Vote]int
	MayKeep  bool
	MayAdd   bool
}

// networkOf gives a network the actor may know of.
func (x *Memberships) networkOf(ctx context.Context, q db.Q, a people.Actor, id string) (entry.Entry, error) {
	e, err := entry.See(ctx, q, a, "organisation", id)
	if err == nil && e.Class != string(people.Network) {
		err = fault.Missing()
	}
	return e, err
}

func (x *Memberships) network(c *web.Ctx) error {
	e, err := x.networkOf(c.Context(), x.DB, c.Actor, c.Path("id"))
	if err != nil {
		return err
	}
	r, err := x.registry(c.Context(), x.DB, c.Actor)
	if err != nil {
		return err
	}
	n := networkView{Entry: e, Registry: r, Versions: r.Versions[e.ID], Votes: map[Vote]int{}, MayKeep: mayKeep(c.Actor, e.ID), MayAdd: c.Actor.SignedIn()}
	for _, m := range r.Memberships {
		switch {
		case m.Member == e.ID:
			n.Within = append(n.Within, m)
		case m.Network != e.ID:
		case holds(m, r.Today):
			n.Members = append(n.Members, m)
			n.Votes[r.Vote(m)]++
		default:
			n.Past = append(n.Past, m)
		}
	}
	return c.Page(networkPage(c.View, n))
}

// above leads from the list of memberships to the question across them.
func (x *Memberships) above(c *web.Ctx, _ record.Query) (templ.Component, error) {
	return networksLink(c.View), nil
}

// more says how the vote of a membership stands.
func (x *Memberships) more(c *web.Ctx, r record.Record) (templ.Component, error) {
	m := membershipOf(r)
	known, err := versionsOf(c.Context(), x.DB, m.Network)
	return votePart(c.View, m, voteOf(m, known, x.DB.Now().Day())), err
}

// charterView is the form in which a network names the versions of its charter.
type charterView struct {
	Network  entry.Entry
	Versions []Version
	Typed    Version
}

func (x *Memberships) keeper(ctx context.Context, q db.Q, a people.Actor, id string) (entry.Entry, error) {
	e, err := x.networkOf(ctx, q, a, id)
	if err == nil && !mayKeep(a, e.ID) {
		err = access.Denied()
	}
	return e, err
}

func (x *Memberships) charterForm(c *web.Ctx) error {
	e, err := x.keeper(c.Context(), x.DB, c.Actor, c.Path("id"))
	if err != nil {
		return err
	}
	p := charterView{Network: e}
	if p.Versions, err = versionsOf(c.Context(), x.DB, e.ID); err != nil {
		return err
	}
	for _, v := range p.Versions {
		if v.ID == c.Query("version") {
			p.Typed = v
		}
	}
	return c.Page(charterPage(c.View, p))
}

func (x *Memberships) setCharter(c *web.Ctx) error {
	e, err := x.keeper(c.Context(), x.DB, c.Actor, c.Path("id"))
	if err != nil {
		return err
	}
	typed := Version{Network: e.ID, Name: c.Form("name"), Adopted: design.DateValue(c.Form, "adopted"), Ended: design.DateValue(c.Form, "ended"), Document: c.Form("document")}
	err = c.Write(c.View.T("membership.charter.kept", "Kept."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/networks/" + e.ID, x.KeepVersion(ctx, tx, c.Actor, typed)
	})
	if err != nil {
		p := charterView{Network: e, Typed: typed}
		var readErr error
		if p.Versions, readErr = versionsOf(c.Context(), x.DB, e.ID); readErr != nil {
			return readErr
		}
		return c.Retry(err, func(v design.View) templ.Component { return charterPage(v, p) })
	}
	return nil
}

// KeepVersion adds a version of a network's charter, or changes the one of that name.
func (x *Memberships) KeepVersion(ctx context.Context, tx *db.Tx, a people.Actor, v Version) error {
	if _, err := x.keeper(ctx, tx, a, v.Network); err != nil {
		return err
	}
	var list fault.List
	v.Name = strings.Join(strings.Fields(v.Name), " ")
	if v.Name == "" || len([]rune(v.Name)) > 80 {
		list.Add(fault.Invalid("name", "membership.charter.name", "Write how the version is called, in at most {n} characters.", "n", 80))
	}
	for field, day := range map[string]*string{"adopted": &v.Adopted, "ended": &v.Ended} {
		if *day == "" {
			continue
		}
		var ok bool
		if *day, ok = record.ParseDay(*day); !ok {
			list.Add(fault.Invalid(field, "record.day", "Write a day such as 18/10/2019. Month and day may be left out."))
		}
	}
	if v.Document != "" {
		var ok bool
		if v.Document, ok = record.ParseWeb(v.Document); !ok {
			list.Add(fault.Invalid("document", "record.web", "Write the address of a page, such as https://example.org."))
		}
	}
	if len(list) == 0 && v.Adopted != "" && v.Ended != "" && last(v.Ended) < first(v.Adopted) {
		list.Add(fault.Invalid("ended", "membership.backwards", "The end comes before the beginning."))
	}
	if err := list.Err(); err != nil {
		return err
	}
	v.ID = ""
	return putVersion(ctx, tx, a, v)
}
