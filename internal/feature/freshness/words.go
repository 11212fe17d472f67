package freshness

import (
	"time"

	"alliance/internal/platform/design"
	"alliance/internal/platform/record"
)

func crumbs(v design.View) []design.Link {
	return []design.Link{{Href: v.Href("/checks"), Label: v.T("freshness.list.title", "Checking rounds")}}
}

// last is the last day of a round: it ends as that day is over.
func (r Round) last() time.Time {
	if r.Closed != 0 && r.Closed < r.Ends {
		return r.Closed.Time()
	}
	return r.Ends.Add(-time.Minute).Time()
}

func roundState(v design.View, r Round) string {
	if r.Closed != 0 {
		return v.T("freshness.state.over", "Over")
	}
	return v.T("freshness.state.open", "Under way")
}

func stateName(v design.View, s State) string {
	switch s {
	case Same:
		return v.T("freshness.item.same", "Checked: all of it is right")
	case Changed:
		return v.T("freshness.item.changed", "Changed: passed on to those who keep it")
	case Unreached:
		return v.T("freshness.item.unreached", "Not reached")
	}
	return v.T("freshness.item.todo", "Not checked yet")
}

// markName says what a mark on a sheet means.
func markName(v design.View, mark string) string {
	switch mark {
	case "changed":
		return v.T("freshness.mark.changed", "Changed")
	case "unreached":
		return v.T("freshness.mark.unreached", "Not reached")
	}
	return v.T("freshness.mark.same", "Right: {how}", "how", record.WayName(v, mark))
}

func markOptions(v design.View) []design.Option {
	list := []design.Option{{Label: "–"}}
	for _, mark := range Marks {
		list = append(list, design.Option{Value: mark, Label: markName(v, mark)})
	}
	return list
}

func (f formView) kindOptions(v design.View) (list []design.Option) {
	for _, name := range f.kinds() {
		list = append(list, design.Option{Value: name, Label: v.Say(f.Feature.Kinds[name].Many)})
	}
	return list
}

func (s showView) bars(v design.View) (list []design.Bar) {
	for _, state := range []State{Same, Changed, Unreached, ToDo} {
		list = append(list, design.Bar{Label: stateName(v, state), Value: s.Tally[state], Of: s.Tally.All()})
	}
	return list
}
