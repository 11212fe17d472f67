package worklist

import (
	"slices"
	"testing"

	"alliance/internal/platform/entry"
	"alliance/internal/platform/record"
)

func TestChangeOnto(t *testing.T) {
	e := entry.Entry{Themes: []string{"housing", "health"}, Axis: "A1", State: entry.Proposed}
	for name, c := range map[string]struct {
		change  Change
		themes  []string
		changed bool
	}{
		"nothing":                   {Change{}, []string{"health", "housing"}, false},
		"one more":                  {Change{AddTheme: "culture"}, []string{"culture", "health", "housing"}, true},
		"one that is there":         {Change{AddTheme: "health"}, []string{"health", "housing"}, false},
		"one less":                  {Change{DropTheme: "health"}, []string{"housing"}, true},
		"one in place of another":   {Change{AddTheme: "culture", DropTheme: "health"}, []string{"culture", "housing"}, true},
		"the same line of work":     {Change{Axis: "A1"}, []string{"health", "housing"}, false},
		"another line of work":      {Change{Axis: "A2"}, []string{"health", "housing"}, true},
		"another state":             {Change{State: entry.Published}, []string{"health", "housing"}, true},
		"checked":                   {Change{Check: "phone"}, []string{"health", "housing"}, true},
		"assigned: not the entry's": {Change{Assign: "x"}, []string{"health", "housing"}, false},
	} {
		got, changed := c.change.onto(e)
		if !slices.Equal(got.Themes, c.themes) || changed != c.changed {
			t.Errorf("%s: %v %v", name, got.Themes, changed)
		}
	}
	if !slices.Equal(e.Themes, []string{"housing", "health"}) {
		t.Error("the entry itself was changed")
	}
}

func TestValidate(t *testing.T) {
	spec := &record.Spec{Themes: true}
	for name, c := range map[string]struct {
		change Change
		ok     bool
	}{
		"nothing":               {Change{}, false},
		"a theme":               {Change{AddTheme: "health"}, true},
		"an unknown theme":      {Change{AddTheme: "moon"}, false},
		"a kind without axis":   {Change{Axis: "A1"}, false},
		"to a coordinator":      {Change{Assign: "p"}, true},
		"to somebody else":      {Change{Assign: "q"}, false},
		"to nobody":             {Change{Assign: nobody}, true},
		"checked by telepathy":  {Change{Check: "telepathy"}, false},
		"a state, where it may": {Change{State: entry.Withdrawn}, true},
		"a state nobody knows":  {Change{State: "lost"}, false},
	} {
		if err := c.change.Validate(spec, true, []string{"health"}, []string{"A1"}, []string{"p"}); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
	if (Change{State: entry.Withdrawn}).Validate(spec, false, nil, nil, nil) == nil {
		t.Error("a kind whose state is moved elsewhere")
	}
}
