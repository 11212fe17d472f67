package assembly

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/people"
)

func TestPhaseFollowsTheDatesUnlessSetByHand(t *testing.T) {
	dated := []Start{{Workshops, 10}, {Synthesis, 20}, {Plenary, 30}}
	for _, c := range []struct {
		name string
		a    Assembly
		at   db.Instant
		want Phase
	}{
		{"nothing is dated", Assembly{}, 100, Preparation},
		{"before the first date", Assembly{Starts: dated}, 9, Preparation},
		{"on the minute", Assembly{Starts: dated}, 10, Workshops},
		{"between two", Assembly{Starts: dated}, 25, Synthesis},
		{"a phase without a date is passed over", Assembly{Starts: dated}, 30, Plenary},
		{"by hand, ahead of the dates", Assembly{Starts: dated, ByHand: Closed}, 15, Closed},
		{"by hand, behind the dates", Assembly{Starts: dated, ByHand: Workshops}, 99, Workshops},
		{"only the days of the meeting: during", Assembly{Begins: 10, Ends: 20}, 15, Workshops},
		{"only the days of the meeting: after", Assembly{Begins: 10, Ends: 20}, 21, FollowUp},
		{"a dated phase counts before the days", Assembly{Begins: 10, Ends: 20, Starts: []Start{{Plenary, 15}}}, 12, Preparation},
		{"two at one instant: the later on the way", Assembly{Starts: []Start{{Synthesis, 10}, {FollowUp, 10}}}, 10, FollowUp},
	} {
		if got := c.a.Now(c.at); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestWhatPhasesAllow(t *testing.T) {
	for _, c := range []struct {
		act    Act
		phases []Phase
	}{
		{Register, []Phase{Preparation, Workshops, Synthesis, Reply, Plenary}},
		{Write, []Phase{Preparation, Workshops, Synthesis, Reply, Plenary}},
		{BringUp, []Phase{Workshops, Synthesis, Reply, Plenary, FollowUp}},
		{Synthesise, []Phase{Synthesis, Reply, Plenary}},
		{Answer, []Phase{Synthesis, Reply, Plenary}},
		{Put, []Phase{Reply, Plenary}},
		{Vote, []Phase{Plenary}},
		{Carry, []Phase{Plenary, FollowUp}},
	} {
		for _, p := range Phases {
			if got, want := p.Allows(c.act), slices.Contains(c.phases, p); got != want {
				t.Errorf("%s in %s: %v, want %v", c.act, p, got, want)
			}
		}
		if phaseNames[c.phases[0]].Key == "" || actNames[c.act].Key == "" {
			t.Errorf("%s has no name", c.act)
		}
	}
	if Phase("nonsense").Allows(Write) {
		t.Error("an unknown phase allows something")
	}
}

func TestReplyUntil(t *testing.T) {
	for name, c := range map[string]struct {
		a    Assembly
		want db.Instant
	}{
		"no date":                   {Assembly{}, 0},
		"the next dated phase ends": {Assembly{Starts: []Start{{Reply, 5}, {FollowUp, 9}}}, 9},
		"passed by hand":            {Assembly{Starts: []Start{{Plenary, 9}}, ByHand: Plenary, Moved: 7}, 7},
		"held back by hand":         {Assembly{Starts: []Start{{Plenary, 9}}, ByHand: Workshops, Moved: 7}, 9},
	} {
		if got := c.a.ReplyUntil(); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

func TestSequences(t *testing.T) {
	for s, want := range map[Sequence]struct {
		steps [2]Step
		whole Step
		open  bool
		n     int
	}{
		ToCome:  {[2]Step{StepComing, StepComing}, StepComing, false, 0},
		First:   {[2]Step{StepOpen, StepComing}, StepOpen, true, 1},
		Between: {[2]Step{StepClosed, StepComing}, StepOpen, false, 1},
		Second:  {[2]Step{StepClosed, StepOpen}, StepOpen, true, 2},
		Over:    {[2]Step{StepClosed, StepClosed}, StepClosed, false, 2},
	} {
		w := Workshop{Sequence: s}
		if s.Steps() != want.steps || w.Step() != want.whole || w.Open() != want.open || s.Number() != want.n {
			t.Errorf("%s: %v %v %v %d", s.code(), s.Steps(), w.Step(), w.Open(), s.Number())
		}
		if back, ok := sequenceOf(s.code()); !ok || back != s {
			t.Errorf("%s does not read back", s.code())
		}
	}
}

func TestCodeAsPeopleTypeIt(t *testing.T) {
	for typed, want := range map[string]string{"gt4x9k": "gt4x9k", " GT4X-9K ": "gt4x9k", "gt4 x9k": "gt4x9k", "gt4x\u202f9k": "gt4x9k", "": ""} {
		if got := CodeOf(typed); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
}

// Points that have a time stand in its order; each of the others stays behind
// the one it stood behind; nothing is lost; ordering twice changes nothing.
func TestProgrammeOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 12).Draw(t, "points")
		items := make([]Item, n)
		for i := range items {
			items[i] = Item{ID: string(rune('a' + i)), Starts: db.Instant(rapid.IntRange(0, 4).Draw(t, "starts"))}
		}
		sorted := inOrder(items)
		if len(sorted) != n {
			t.Fatalf("%d points became %d", n, len(sorted))
		}
		var last db.Instant
		for i, x := range sorted {
			if x.Position != i+1 {
				t.Fatalf("position %d at %d", x.Position, i)
			}
			if x.Starts != 0 && x.Starts < last {
				t.Fatalf("%s stands too late", x.ID)
			}
			last = max(last, x.Starts)
		}
		before := func(list []Item, id string) (anchor string) {
			for _, x := range list {
				if x.ID == id {
					return anchor
				}
				if x.Starts != 0 {
					anchor = x.ID
				}
			}
			return "lost"
		}
		for _, x := range items {
			if x.Starts == 0 && before(items, x.ID) != before(sorted, x.ID) {
				t.Fatalf("%s moved from behind %q to behind %q", x.ID, before(items, x.ID), before(sorted, x.ID))
			}
		}
		if again := inOrder(sorted); !slices.EqualFunc(again, sorted, func(x, y Item) bool { return x.ID == y.ID }) {
			t.Fatal("ordering twice gives another order")
		}
	})
}

func TestNothingInAListIsAFormula(t *testing.T) {
	for name, want := range map[string]string{"=1+1": "'=1+1", "+33": "'+33", "-2": "'-2", "@x": "'@x", "\tx": "'\tx", "＝x": "'＝x", "Ville de Lyon": "Ville de Lyon", "": ""} {
		if got := harmless(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func TestGroups(t *testing.T) {
	settings := alliance.Alliance{Colleges: []alliance.College{{ID: "authorities", Kinds: []people.OrganisationKind{people.LocalAuthority}}, {ID: "migrant_led", Kinds: []people.OrganisationKind{people.MigrantLed}}}}
	all := []Attendance{{Organisation: people.Organisation{ID: "1", Kind: people.MigrantLed}}, {Organisation: people.Organisation{ID: "2", Kind: people.Academia}}}
	got := groups(settings, all)
	if len(got) != 3 || len(got[0].Organisations) != 0 || got[1].Organisations[0].ID != "1" || got[2].College != "" || got[2].Organisations[0].ID != "2" {
		t.Errorf("%+v", got)
	}
	if got := groups(settings, all[:1]); len(got) != 2 {
		t.Errorf("an empty group of those without a vote: %+v", got)
	}
}
