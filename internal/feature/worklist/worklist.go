// Package worklist lets coordinators go through many entries of a kind: a table
// with the columns they choose, a change of many rows at once, seen before it is
// made and taken back where it was wrong, and views with a name.
//
// The one idea: it changes only what every kind shares (themes, line of work,
// state, check, who looks after it), so it knows no kind. A view is an address.
// A change is one transaction, and keeps what was before.
package worklist

import (
	"slices"

	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/record"
)

// Limits of one change, and of a page.
const (
	most   = 1000
	onPage = 50
)

// Change is what is done to each row. Empty fields change nothing.
type Change struct {
	AddTheme  string      `json:"addTheme,omitempty"`
	DropTheme string      `json:"dropTheme,omitempty"`
	Axis      string      `json:"axis,omitempty"`
	State     entry.State `json:"state,omitempty"`
	Assign    string      `json:"assign,omitempty"` // a person; "nobody" takes it back
	Check     string      `json:"check,omitempty"`  // how it was checked: see record.Ways
}

// nobody takes an assignment back.
const nobody = "nobody"

// Empty tells that nothing is asked.
func (c Change) Empty() bool { return c == Change{} }

// Before is what a change replaced.
type Before struct {
	Themes     []string    `json:"themes"`
	Axis       string      `json:"axis"`
	State      entry.State `json:"state"`
	Checked    int64       `json:"checked"`
	CheckedBy  string      `json:"checkedBy"`
	CheckedHow string      `json:"checkedHow"`
	Assigned   string      `json:"assigned"`
}

// Validate checks what was asked of a kind.
func (c Change) Validate(s *record.Spec, movable bool, themes, axes, people []string) error {
	var list fault.List
	unknown := func(field, value string, known []string) {
		if value != "" && !slices.Contains(known, value) {
			list.Add(fault.Invalid(field, "work.unknown", "Choose one of the list."))
		}
	}
	if c.Empty() {
		list.Add(fault.Invalid("", "work.nothing", "Say what is to change."))
	}
	if !s.Themes {
		themes = nil
	}
	if !s.Axis {
		axes = nil
	}
	states := []string{string(entry.Draft), string(entry.Proposed), string(entry.Published), string(entry.Withdrawn)}
	if !movable {
		states = nil
	}
	unknown("addTheme", c.AddTheme, themes)
	unknown("dropTheme", c.DropTheme, themes)
	unknown("axis", c.Axis, axes)
	unknown("state", string(c.State), states)
	unknown("assign", c.Assign, append(people, nobody))
	unknown("check", c.Check, record.Ways)
	return list.Err()
}

// onto gives an entry as it is after the change, and whether anything of the
// entry itself is another.
func (c Change) onto(e entry.Entry) (entry.Entry, bool) {
	themes := slices.DeleteFunc(slices.Clone(e.Themes), func(t string) bool { return t == c.DropTheme })
	if c.AddTheme != "" && !slices.Contains(themes, c.AddTheme) {
		themes = append(themes, c.AddTheme)
	}
	slices.Sort(themes)
	changed := !slices.Equal(themes, slices.Sorted(slices.Values(e.Themes))) || c.Check != ""
	e.Themes = themes
	if c.Axis != "" {
		changed = changed || e.Axis != c.Axis
		e.Axis = c.Axis
	}
	if c.State != "" {
		changed = changed || e.State != c.State
		e.State = c.State
	}
	return e, changed
}

// fields are a change as forms carry it.
func (c Change) fields() map[string]string {
	f := map[string]string{"addTheme": c.AddTheme, "dropTheme": c.DropTheme, "axis": c.Axis, "to": string(c.State), "assign": c.Assign, "check": c.Check}
	for name, value := range f {
		if value == "" {
			delete(f, name)
		}
	}
	return f
}
