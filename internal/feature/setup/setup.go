// Package setup is the first start and the settings afterwards: the alliance's
// name, languages, axes, themes, colleges, decision rule and right of reply.
//
// The one idea: the wizard and the settings pages are the same sections. Each
// reads what was typed into a Draft, and a Draft becomes the next version of
// the alliance's settings; earlier versions stay to be looked at.
package setup

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"alliance/internal/platform/alliance"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
)

// Row is one axis, theme or college as typed; without any name it is not there.
type Row struct {
	ID    string
	Names map[string]string // by language
	Kinds []people.OrganisationKind
}

func (r Row) empty() bool {
	for _, s := range r.Names {
		if s != "" {
			return false
		}
	}
	return true
}

// Draft is what was typed.
type Draft struct {
	Version   int64
	Name      map[string]string
	About     map[string]string
	Languages []string
	Axes      []Row
	Themes    []Row
	Colleges  []Row
	Rule      RuleDraft
	Reply     string
}

// Most rows of one sort: enough for any alliance, and a bound for what is read.
const mostRows = 40

// draftOf puts the settings into a draft, to be changed.
func draftOf(a alliance.Alliance) Draft {
	d := Draft{Version: a.Version, Name: words(a.Name), About: words(a.About), Languages: a.Languages, Reply: strconv.Itoa(a.Reply), Rule: ruleDraft(a.Rule)}
	for _, t := range a.Axes {
		d.Axes = append(d.Axes, Row{ID: t.ID, Names: words(t.Name)})
	}
	for _, t := range a.Themes {
		d.Themes = append(d.Themes, Row{ID: t.ID, Names: words(t.Name)})
	}
	for _, c := range a.Colleges {
		d.Colleges = append(d.Colleges, Row{ID: c.ID, Names: words(c.Name), Kinds: c.Kinds})
	}
	return d
}

func words(t lang.Text) map[string]string {
	m := map[string]string{}
	for tag, v := range t.V {
		m[tag] = v.S
	}
	return m
}

// writer is who changes the settings, and in which language.
type writer struct {
	person, lang string
	at           int64
}

// text makes the next state of a text: what was not touched keeps its
// revision, translator and date, so that a translation turns stale by itself.
func (w writer) text(was lang.Text, typed map[string]string) lang.Text {
	if was.Empty() || typed[was.Orig] == "" && !onlyBlank(typed) {
		if _, there := typed[was.Orig]; was.Empty() || there {
			return lang.Of(typed, w.lang)
		}
	}
	t := was
	if s, there := typed[was.Orig]; there {
		t = t.Rewrite(s, was.V[was.Orig].R+1)
	}
	for tag, s := range typed {
		if tag != was.Orig && s != was.V[tag].S {
			t = t.Translate(tag, s, w.person, w.at)
		}
	}
	return t
}

func onlyBlank(typed map[string]string) bool { return Row{Names: typed}.empty() }

// Sections of the settings, in the order pages show them.
const (
	sectionName      = "name"
	sectionLanguages = "languages"
	sectionAxes      = "axes"
	sectionThemes    = "themes"
	sectionColleges  = "colleges"
	sectionRule      = "rule"
)

var sectionNames = []string{sectionName, sectionLanguages, sectionAxes, sectionThemes, sectionColleges, sectionRule}

// into writes the sections of a draft over the settings; no section = all.
func (d Draft) into(a alliance.Alliance, w writer, sections ...string) (alliance.Alliance, error) {
	var list fault.List
	has := func(s string) bool { return len(sections) == 0 || slices.Contains(sections, s) }
	if has(sectionName) {
		a.Name, a.About = w.text(a.Name, d.Name), w.text(a.About, d.About)
	}
	if has(sectionLanguages) {
		a.Languages = d.Languages
	}
	if has(sectionAxes) {
		a.Axes = topics(a.Axes, d.Axes, w, nextAxis)
		if len(a.Axes) == 0 {
			list.Add(fault.Invalid("axis.0."+w.lang, "setup.axes.empty", "Name at least one axis."))
		}
	}
	if has(sectionThemes) {
		a.Themes = topics(a.Themes, d.Themes, w, slug)
	}
	if has(sectionColleges) {
		a.Colleges = colleges(a.Colleges, d.Colleges, w)
	}
	if has(sectionColleges) || has(sectionRule) {
		draft := d.Rule
		if !has(sectionRule) {
			draft = ruleDraft(a.Rule) // a ready-made rule asks the colleges there are
		}
		rule, err := draft.json(a.Rule, codes(a.Colleges))
		a.Rule = rule
		list = append(list, fault.Of(err)...)
	}
	if has(sectionRule) {
		days, err := strconv.Atoi(d.Reply)
		if err != nil || days < 0 || days > 90 {
			list.Add(fault.Invalid("reply", "setup.reply.days", "Write a number of days from 0 to 90."))
		}
		a.Reply = days
	}
	if a.Small == 0 {
		a.Small = 5
	}
	for _, f := range fault.Of(a.Validate()) {
		switch f.Field { // the form's fields are finer than the settings'
		case "name":
			f.Field = "name." + w.lang
		case "colleges":
			f.Field = "college.0." + w.lang
		}
		list.Add(f)
	}
	return a, list.Err()
}

func codes(list []alliance.College) (ids []string) {
	for _, c := range list {
		ids = append(ids, c.ID)
	}
	return ids
}

func topics(was []alliance.Topic, rows []Row, w writer, newID func(Row, func(string) bool) string) (out []alliance.Topic) {
	old := map[string]alliance.Topic{}
	for _, t := range was {
		old[t.ID] = t
	}
	taken := func(id string) bool {
		_, before := old[id]
		return before || slices.ContainsFunc(out, func(t alliance.Topic) bool { return t.ID == id }) ||
			slices.ContainsFunc(rows, func(r Row) bool { return r.ID == id })
	}
	for _, r := range rows {
		if r.empty() {
			continue
		}
		if r.ID == "" {
			r.ID = newID(r, taken)
		}
		t := old[r.ID]
		t.ID, t.Name = r.ID, w.text(t.Name, r.Names)
		out = append(out, t)
	}
	return out
}

func colleges(was []alliance.College, rows []Row, w writer) (out []alliance.College) {
	old := map[string]alliance.College{}
	for _, c := range was {
		old[c.ID] = c
	}
	for _, r := range rows {
		if r.empty() {
			continue
		}
		if r.ID == "" {
			r.ID = slug(r, func(id string) bool {
				_, before := old[id]
				return before || slices.ContainsFunc(rows, func(r Row) bool { return r.ID == id }) || slices.ContainsFunc(out, func(c alliance.College) bool { return c.ID == id })
			})
		}
		c := old[r.ID]
		c.ID, c.Name, c.Kinds = r.ID, w.text(c.Name, r.Names), r.Kinds
		out = append(out, c)
	}
	return out
}

// nextAxis gives "A6" after "A5".
func nextAxis(_ Row, taken func(string) bool) string {
	for n := 1; ; n++ {
		if id := fmt.Sprintf("A%d", n); !taken(id) {
			return id
		}
	}
}

// slug makes a code of a name, in Latin letters where there are any.
func slug(r Row, taken func(string) bool) string {
	base := ""
	for _, tag := range []string{"en", "fr", "es", "pt", "it", "de"} {
		for _, c := range lang.Fold(r.Names[tag]) {
			switch {
			case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
				base += string(c)
			case base != "" && !strings.HasSuffix(base, "_"):
				base += "_"
			}
		}
		if base = strings.Trim(base, "_"); base != "" {
			break
		}
	}
	if base == "" {
		base = "topic"
	}
	base = strings.Trim(base[:min(len(base), 24)], "_")
	id := base
	for n := 2; taken(id); n++ {
		id = fmt.Sprintf("%s_%d", base, n)
	}
	return id
}
