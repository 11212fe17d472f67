package account

import (
	"testing"

	"alliance/internal/platform/people"
)

func TestWhoMayRenew(t *testing.T) {
	m := people.Mandate{ID: "m", Organisation: "o", Person: "holder", Speak: true, Edit: true, Since: 1, Until: 100}
	with := func(person, organisation string, edit bool) people.Actor {
		return people.Actor{Person: person, At: 10, Mandate: people.Mandate{ID: "own", Organisation: organisation, Person: person, Speak: true, Edit: edit, Since: 1}}
	}
	for name, c := range map[string]struct {
		a    people.Actor
		want bool
	}{
		"its holder":               {with("holder", "o", true), false},
		"another who edits":        {with("other", "o", true), true},
		"another who speaks":       {with("other", "o", false), false},
		"an editor of elsewhere":   {with("other", "x", true), false},
		"the coordination":         {people.Actor{Person: "c", Grants: []people.Grant{{Role: people.Coordinator}}}, true},
		"a holder who coordinates": {people.Actor{Person: "holder", Grants: []people.Grant{{Role: people.Coordinator}}}, true},
		"a visitor":                {people.Actor{}, false},
	} {
		if MayRenew(c.a, m) != c.want {
			t.Errorf("%s: %v", name, !c.want)
		}
	}
	// Nobody offers more than their own mandate lasts.
	short := with("other", "o", true)
	short.Mandate.Until = 150
	if got := usual(short, m); got != 150 {
		t.Errorf("offered until %d", got)
	}
}
