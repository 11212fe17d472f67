package worklist

import (
	"slices"
	"strconv"
	"strings"

	"alliance/internal/platform/alliance"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/people"
)

func stateName(v design.View, s entry.State) string {
	switch s {
	case entry.Draft:
		return v.T("work.state.draft", "Draft")
	case entry.Proposed:
		return v.T("work.state.proposed", "Proposed")
	case entry.Published:
		return v.T("work.state.published", "Published")
	case entry.Withdrawn:
		return v.T("work.state.withdrawn", "Withdrawn")
	}
	return string(s)
}

func stateOptions(v design.View) (list []design.Option) {
	for _, s := range []entry.State{entry.Draft, entry.Proposed, entry.Published, entry.Withdrawn} {
		list = append(list, design.Option{Value: string(s), Label: stateName(v, s)})
	}
	return list
}

func wayOptions(v design.View) []design.Option {
	return []design.Option{
		{Value: "site", Label: v.T("work.way.site", "On its website")}, {Value: "phone", Label: v.T("work.way.phone", "By telephone")}, {Value: "mail", Label: v.T("work.way.mail", "By mail")},
		{Value: "visit", Label: v.T("work.way.visit", "On the spot")}, {Value: "itself", Label: v.T("work.way.itself", "They said so themselves")},
	}
}

// column is one column of a list: its name in addresses, and its words.
type column struct{ Name, Label string }

// offered are the columns of a kind, in the order of the table.
func (l listView) offered(v design.View) []column {
	list := []column{{"state", v.T("work.col.state", "State")}, {"place", v.T("work.col.place", "Place")}, {"themes", v.T("work.col.themes", "Themes")}, {"axis", v.T("work.col.axis", "Line of work")},
		{"checked", v.T("work.col.checked", "Last checked")}, {"assigned", v.T("work.col.assigned", "Looked after by")}, {"changed", v.T("work.col.changed", "Last changed")}, {"by", v.T("work.col.by", "By")}}
	if !l.Spec.Axis {
		list = slices.Delete(list, 3, 4)
	}
	for _, ask := range l.Spec.Facets() {
		list = append(list, column{ask.Name, v.Say(ask.Label)})
	}
	return list
}

func (l listView) shown(v design.View) []column {
	chosen := l.Query.columns()
	return slices.DeleteFunc(l.offered(v), func(c column) bool { return !slices.Contains(chosen, c.Name) })
}

// cell is what a row says in a column.
func (l listView) cell(v design.View, c column, r Row) string {
	switch c.Name {
	case "state":
		return stateName(v, r.State)
	case "place":
		return design.Where(v, r.Place)
	case "themes":
		return topicNames(v, l.Alliance.Themes, r.Themes)
	case "axis":
		return topicNames(v, l.Alliance.Axes, []string{r.Axis})
	case "checked":
		if r.Entry.Checked == 0 {
			return v.T("work.never", "Never")
		}
		return v.Date(r.Entry.Checked.Time())
	case "assigned":
		return l.personName(r.Assigned)
	case "changed":
		return v.Date(r.Changed.Time())
	case "by":
		return l.Names[r.Organisation].Title().In(v.Lang()).S
	}
	if ask, ok := l.Spec.Question(c.Name); ok {
		return v.And(ask.Say(v, r.Answers[c.Name], l.Names))
	}
	return ""
}

func (l listView) personName(id string) string {
	for _, p := range l.People {
		if p.ID == id {
			return p.Name
		}
	}
	return ""
}

func topicNames(v design.View, all []alliance.Topic, codes []string) string {
	var names []string
	for _, t := range all {
		if slices.Contains(codes, t.ID) {
			names = append(names, t.Name.In(v.Lang()).S)
		}
	}
	return v.And(names)
}

func personOptions(list []people.Person) (options []design.Option) {
	for _, p := range list {
		options = append(options, design.Option{Value: p.ID, Label: p.Name, Proper: true})
	}
	return options
}

// unchanged is the first choice of a change: leave it as it is.
func unchanged(v design.View, options ...design.Option) []design.Option {
	return append([]design.Option{{Label: v.T("work.as-it-is", "As it is")}}, options...)
}

// differences say what a step does to a row, in words.
func (l listView) differences(v design.View, s Step) (list []string) {
	add := func(label, from, to string) {
		if from == "" {
			from = v.T("work.none", "nothing")
		}
		if to == "" {
			to = v.T("work.none", "nothing")
		}
		list = append(list, v.T("work.difference", "{what}: {from} becomes {to}", "what", label, "from", from, "to", to))
	}
	if !slices.Equal(slices.Sorted(slices.Values(s.Themes)), s.After.Themes) {
		add(v.T("work.col.themes", "Themes"), topicNames(v, l.Alliance.Themes, s.Themes), topicNames(v, l.Alliance.Themes, s.After.Themes))
	}
	if s.Axis != s.After.Axis {
		add(v.T("work.col.axis", "Line of work"), topicNames(v, l.Alliance.Axes, []string{s.Axis}), topicNames(v, l.Alliance.Axes, []string{s.After.Axis}))
	}
	if s.State != s.After.State {
		add(v.T("work.col.state", "State"), stateName(v, s.State), stateName(v, s.After.State))
	}
	if s.Assigned != s.Row.Assigned {
		add(v.T("work.col.assigned", "Looked after by"), l.personName(s.Row.Assigned), l.personName(s.Assigned))
	}
	if l.Typed.Check != "" {
		list = append(list, v.T("work.checked-today", "Checked today"))
	}
	return list
}

// filters narrow the list.
func (l listView) groups(v design.View) []design.Group {
	var columns []design.Option
	for _, c := range l.offered(v) {
		columns = append(columns, design.Option{Value: c.Name, Label: c.Label})
	}
	groups := []design.Group{{Name: "state", Label: v.T("work.col.state", "State"), Options: stateOptions(v), Values: l.Query.States}}
	if l.Spec.Themes {
		groups = append(groups, design.Group{Name: "theme", Label: v.T("work.col.themes", "Themes"), Values: l.Query.Themes,
			Options: append([]design.Option{{Value: "-", Label: v.T("work.without-theme", "Without a theme")}}, design.TopicOptions(v, l.Alliance.Themes)...)})
	}
	return append(groups, design.Group{Name: "column", Label: v.T("work.columns", "Columns"), Options: columns, Values: l.Query.columns(), Shows: true})
}

func (l listView) sorts(v design.View) []design.Option {
	return []design.Option{{Value: "title", Label: v.T("work.sort.title", "By name")}, {Value: "changed", Label: v.T("work.sort.changed", "Changed last")},
		{Value: "checked", Label: v.T("work.sort.checked", "Check longest ago")}, {Value: "created", Label: v.T("work.sort.created", "Newest")}}
}

func (l listView) last() int {
	return max(1, (min(l.Count, 1000*onPage)+onPage-1)/onPage)
}

func (l listView) found(v design.View) string {
	if l.Count > entry.CountCap {
		return v.T("work.count.more", "More than {n} rows", "n", entry.CountCap)
	}
	return v.N("work.count", l.Count, "{n} row", "{n} rows")
}

func (l listView) href(v design.View, q Query) string {
	if s := q.values().Encode(); s != "" {
		return v.Href("/work/" + l.Name + "?" + s)
	}
	return v.Href("/work/" + l.Name)
}

// page is the address of another page of the same list.
func (l listView) page(v design.View, n int) string {
	q := l.Query.values()
	q.Set("page", strconv.Itoa(n))
	return v.Href("/work/" + l.Name + "?" + q.Encode())
}

// asked says what a change was, in words.
func asked(v design.View, c Change) string {
	var list []string
	for name, value := range map[string]string{
		v.T("work.add-theme", "Add a theme"): c.AddTheme, v.T("work.drop-theme", "Take a theme away"): c.DropTheme, v.T("work.col.axis", "Line of work"): c.Axis,
		v.T("work.col.state", "State"): string(c.State), v.T("work.col.assigned", "Looked after by"): c.Assign, v.T("work.col.checked", "Last checked"): c.Check} {
		if value != "" {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}
