package setup

import (
	"context"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// wizardPage is the first start as typed.
type wizardPage struct {
	Secret      string
	Name, Email string
	Draft       Draft
}

// read takes a draft from the form. offered are the languages its fields may be in.
func read(c *web.Ctx, offered []string) Draft {
	d := Draft{Name: spoken(c, "name.", offered), About: spoken(c, "about.", offered), Reply: c.Form("reply"),
		Rule: RuleDraft{Shape: c.Form("rule"), Quorum: c.Form("quorum"), Majority: c.Form("majority"), JSON: c.Form("rule-json")}}
	d.Version, _ = strconv.ParseInt(c.Form("version"), 10, 64)
	for _, l := range locale.Languages { // in the switcher's order, whatever was posted
		if slices.Contains(c.Forms("languages"), l) {
			d.Languages = append(d.Languages, l)
		}
	}
	if first := c.Form("first"); slices.Contains(d.Languages, first) {
		d.Languages = append([]string{first}, slices.DeleteFunc(d.Languages, func(l string) bool { return l == first })...)
	}
	d.Axes, d.Themes, d.Colleges = rows(c, "axis", offered), rows(c, "theme", offered), rows(c, "college", offered)
	for i := range d.Colleges {
		for _, k := range people.OrganisationKinds {
			if slices.Contains(c.Forms("college."+strconv.Itoa(i)+".kinds"), string(k)) {
				d.Colleges[i].Kinds = append(d.Colleges[i].Kinds, k)
			}
		}
	}
	return d
}

func spoken(c *web.Ctx, name string, offered []string) map[string]string {
	m := map[string]string{}
	for _, l := range offered {
		if _, there := c.R.PostForm[name+l]; there {
			m[l] = lang.Cut(c.Form(name+l), longest)
		}
	}
	return m
}

// longest bounds a name: longer ones break every page they stand on.
const longest = 2000

func rows(c *web.Ctx, name string, offered []string) (list []Row) {
	for i := range mostRows {
		at := name + "." + strconv.Itoa(i) + "."
		names := spoken(c, at, offered)
		if len(names) == 0 {
			break
		}
		id := c.Form(at + "id")
		if len(id) > 40 || slices.ContainsFunc(list, func(r Row) bool { return id != "" && r.ID == id }) {
			id = ""
		}
		list = append(list, Row{ID: id, Names: names})
	}
	return list
}

func (s *Setup) link(c *web.Ctx) error {
	c.Private()
	if c.Alliance.SetUp() {
		return people.LinkOver()
	}
	_, err := people.LinkOf(c.Context(), c.DB, linkSetUp, c.Path("secret"), c.Actor.At)
	return err
}

func (s *Setup) wizard(c *web.Ctx) error {
	if err := s.link(c); err != nil {
		return err
	}
	return c.Page(wizardView(c.View, wizardPage{Secret: c.Path("secret"), Draft: s.first(c.Lang())}))
}

func (s *Setup) setUp(c *web.Ctx) error {
	if err := s.link(c); err != nil {
		return err
	}
	p := wizardPage{Secret: c.Path("secret"), Name: c.Form("person"), Email: c.Form("email"), Draft: read(c, locale.Languages)}
	password := c.R.PostFormValue("password")
	var list fault.List
	if p.Name == "" || len([]rune(p.Name)) > 200 {
		list.Add(fault.Invalid("person", "people.name.empty", "Write a name."))
	}
	if _, ok := people.EmailKey(p.Email); !ok {
		list.Add(fault.Invalid("email", "people.email.form", "Write an e-mail address, such as name@example.org."))
	}
	list = append(list, fault.Of(people.ValidPassword(password, people.Person{Name: p.Name, Email: p.Email}))...)
	a, err := p.Draft.into(alliance.Alliance{}, writer{lang: c.Lang(), at: int64(c.Actor.At)})
	list = append(list, fault.Of(err)...)
	if err == nil {
		list = append(list, s.checkRule(a)...)
	}
	again := func(err error) error {
		return c.Retry(err, func(v design.View) templ.Component { return wizardView(v, p) })
	}
	if err := list.Err(); err != nil {
		return again(err)
	}
	hash, err := people.HashPassword(c.Context(), password)
	if err != nil {
		return err
	}
	err = c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
		if _, err := people.UseLink(ctx, tx, linkSetUp, p.Secret); err != nil {
			return "", err
		}
		who, err := people.AddPerson(ctx, tx, people.Person{Name: p.Name, Email: p.Email, Lang: c.Lang()})
		if err != nil {
			return "", err
		}
		if err := people.SetPassword(ctx, tx, who.ID, hash); err != nil {
			return "", err
		}
		for _, r := range []people.Role{people.Coordinator, people.Operator} {
			if err := people.GiveRole(ctx, tx, who.ID, people.Grant{Role: r}, who.ID); err != nil {
				return "", err
			}
		}
		if _, err := alliance.Save(ctx, tx, people.Actor{Person: who.ID}, a); err != nil {
			return "", err
		}
		return "/me/security/second", c.SignIn(ctx, tx, who.ID, "") // who coordinates needs one
	})
	if err != nil {
		return again(err)
	}
	return nil
}

// checkRule asks whoever counts votes; its faults come back to our fields.
func (s *Setup) checkRule(a alliance.Alliance) (list fault.List) {
	if a.Rule == "" {
		return nil // the plenary's own default
	}
	err := s.validate(a.Rule, codes(a.Colleges))
	if err == nil {
		return nil
	}
	for _, f := range fault.Of(err) {
		g := *f
		g.Field = "rule-json"
		list.Add(&g)
	}
	if len(list) == 0 {
		list.Add(fault.Invalid("rule-json", "setup.rule.wrong", "This rule cannot be counted: {why}.", "why", err.Error()))
	}
	return list
}

// settingsPage shows one version of the settings.
type settingsPage struct {
	Alliance alliance.Alliance
	Version  alliance.Version // zero unless an earlier one is shown
	MayEdit  bool
	Rule     RuleDraft
}

func (s *Setup) settings(c *web.Ctx) error {
	return c.Page(settingsView(c.View, settingsPage{Alliance: c.Alliance, MayEdit: c.Actor.Is(people.Coordinator), Rule: ruleDraft(c.Alliance.Rule)}))
}

// sectionPage is one section of the settings as typed.
type sectionPage struct {
	Section string
	Draft   Draft
	Langs   []string // languages its texts may be in
	Key     string
}

func (s *Setup) sectionPage(c *web.Ctx) (sectionPage, error) {
	p := sectionPage{Section: c.Path("section"), Draft: draftOf(c.Alliance), Langs: offered(c), Key: web.NewKey()}
	if !slices.Contains(sectionNames, p.Section) {
		return p, fault.Missing()
	}
	return p, nil
}

// offered puts the page's language first.
func offered(c *web.Ctx) []string { return inOrder(c.Lang(), c.Alliance.Languages) }

func inOrder(first string, all []string) []string {
	list := []string{first}
	for _, l := range all {
		if l != first {
			list = append(list, l)
		}
	}
	return list
}

func (s *Setup) section(c *web.Ctx) error {
	p, err := s.sectionPage(c)
	if err != nil {
		return err
	}
	return c.Page(sectionView(c.View, p))
}

func (s *Setup) change(c *web.Ctx) error {
	p, err := s.sectionPage(c)
	if err != nil {
		return err
	}
	typed := read(c, offered(c))
	err = c.Write(c.View.T("setup.kept", "The settings are changed."), func(ctx context.Context, tx *db.Tx) (string, error) {
		present, err := alliance.Load(ctx, tx)
		if err != nil {
			return "", err
		}
		next, err := s.apply(present, typed, writer{c.Actor.Person, c.Lang(), int64(tx.Now())}, p.Section)
		if err != nil {
			return "", err
		}
		_, err = alliance.Save(ctx, tx, c.Actor, next)
		return "/settings", err
	})
	if err == nil {
		return nil
	}
	// The next attempt stands on the settings as they are now: who sends it
	// again has been told.
	typed.Version = c.Alliance.Version
	p.Draft = typed
	return c.Retry(err, func(v design.View) templ.Component { return sectionView(v, p) })
}

// apply makes the next version out of the present one and a draft that was
// begun from draft.Version.
func (s *Setup) apply(present alliance.Alliance, d Draft, w writer, sections ...string) (alliance.Alliance, error) {
	next, err := d.into(present, w, sections...)
	if err != nil {
		return next, err
	}
	if list := s.checkRule(next); len(list) > 0 {
		return next, list
	}
	if d.Version != present.Version {
		return next, fault.Conflict("alliance.changed", "Somebody else changed the settings meanwhile. Look at them again.")
	}
	return next, nil
}

// historyPage lists the versions and what each changed.
type historyPage struct {
	Rows  []historyRow
	Names map[string]string
}

type historyRow struct {
	alliance.Version
	Changed []string // sections
}

func (s *Setup) history(c *web.Ctx) error {
	list, err := alliance.Versions(c.Context(), c.DB)
	if err != nil {
		return err
	}
	p := historyPage{Names: map[string]string{}}
	var persons []string
	for i, v := range list {
		row := historyRow{Version: v}
		if i+1 < len(list) {
			row.Changed = changed(list[i+1].Alliance, v.Alliance)
		}
		p.Rows, persons = append(p.Rows, row), append(persons, v.Person)
	}
	known, err := people.PersonsByID(c.Context(), c.DB, persons)
	if err != nil {
		return err
	}
	for _, one := range known {
		p.Names[one.ID] = one.Name
	}
	return c.Page(historyView(c.View, p))
}

// changed names the sections in which two versions differ.
func changed(was, is alliance.Alliance) (sections []string) {
	for _, one := range []struct {
		section string
		x, y    any
	}{
		{sectionName, []any{was.Name, was.About}, []any{is.Name, is.About}},
		{sectionLanguages, was.Languages, is.Languages},
		{sectionAxes, was.Axes, is.Axes},
		{sectionThemes, was.Themes, is.Themes},
		{sectionColleges, was.Colleges, is.Colleges},
		{sectionRule, []any{was.Rule, was.Reply}, []any{is.Rule, is.Reply}},
	} {
		if compact(one.x) != compact(one.y) {
			sections = append(sections, one.section)
		}
	}
	return sections
}

func (s *Setup) version(c *web.Ctx) error {
	list, err := alliance.Versions(c.Context(), c.DB)
	if err != nil {
		return err
	}
	for _, v := range list {
		if strconv.FormatInt(v.Alliance.Version, 10) == c.Path("version") {
			return c.Page(settingsView(c.View, settingsPage{Alliance: v.Alliance, Version: v, Rule: ruleDraft(v.Rule)}))
		}
	}
	return fault.Missing()
}
