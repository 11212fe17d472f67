package demo

import (
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"alliance/internal/platform/lang"
)

// proposals lists every proposal of a meeting, of its local ones and those the committee wrote.
func proposals(m Meeting) []Proposal {
	var all []Proposal
	for _, w := range m.Workshops {
		all = append(all, w.Proposals...)
	}
	for _, a := range m.Synthesis {
		if a.Result != nil {
			all = append(all, *a.Result)
		}
	}
	for _, l := range m.Local {
		all = append(all, proposals(l)...)
	}
	return all
}

func TestCounts(t *testing.T) {
	launch, second := Launch(), Second()
	kinds := map[string]int{}
	for _, o := range Invented() {
		kinds[o.Kind]++
	}
	actions := 0
	for _, r := range launch.Adopted {
		if r.Kind == "action" {
			actions++
		}
	}
	states := map[string]int{}
	for _, x := range second.Actions {
		states[x.State]++
	}
	for _, c := range []struct {
		what      string
		got, want int
	}{
		{"organisations", len(Organisations()), 116}, {"participants", len(launch.Participants), 116}, {"axes", len(launch.Axes), 5},
		{"workshops", len(launch.Workshops), 5}, {"proposals", len(proposals(launch)), 16}, {"actions", actions, 8}, {"adopted", len(launch.Adopted), 10},
		{"not carried", len(launch.NotCarried), 2}, {"days", len(launch.Days), 3}, {"milestones", len(launch.Timeline), 15},
		{"themes", len(Themes()), 14}, {"people", len(People()), 9},
		{"invented authorities", kinds["local_authority"], 8}, {"invented civil society", kinds["civil_society"], 9}, {"invented migrant-led", kinds["migrant_led"], 7},
		{"notes", len(second.Workshops[0].Notes), 10}, {"drafts", len(second.Workshops[0].Proposals), 5}, {"on the desk", len(second.Workshops[1].Proposals), 6},
		{"items", len(second.Adopted), 3}, {"joint actions", len(second.Actions), 5}, {"states of actions", len(states), 5}, {"brought up", len(second.Local[0].BroughtUp), 2},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d, want %d", c.what, c.got, c.want)
		}
	}
}

// The list to import and the organisations shown are the same 116, in the same order.
func TestParticipantsFileIsThePrintedList(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(string(ParticipantsFile())), "\n")[1:]
	all := Organisations()
	if len(lines) != len(all) {
		t.Fatal(len(lines), len(all))
	}
	for i, line := range lines {
		name := strings.ReplaceAll(strings.TrimSuffix(strings.TrimPrefix(line, `"`), `"`), `""`, `"`)
		if !strings.HasPrefix(name, all[i].Printed) {
			t.Errorf("line %d: %s, want %s", i+2, line, all[i].Printed)
		}
	}
}

// Nothing invented may stand beside a real organisation.
func TestInventedAndRealDoNotMeet(t *testing.T) {
	real, names := map[string]bool{}, map[string]bool{}
	for _, o := range Organisations() {
		if real[o.Slug] {
			t.Errorf("two organisations %s", o.Slug)
		}
		real[o.Slug], names[lang.Fold(o.Name)] = true, true
	}
	for _, o := range Invented() {
		if real[o.Slug] || names[lang.Fold(o.Name)] {
			t.Errorf("%s is real", o.Slug)
		}
		if o.Delegate == "" != slices.Contains(VoiceOnly, o.Kind) {
			t.Errorf("%s: who votes has a delegate, who does not has none", o.Slug)
		}
		if o.Delegate != "" && !strings.HasSuffix(o.Email, "@example.org") {
			t.Errorf("%s: %q", o.Slug, o.Email)
		}
	}
	for _, slug := range Second().Participants {
		if real[slug] {
			t.Errorf("%s takes part in the invented meeting", slug)
		}
	}
	launch := Launch()
	for _, p := range proposals(launch) {
		if p.Organisation != "" {
			t.Errorf("%s: a real organisation is shown as its author", p.ID)
		}
	}
	if len(launch.Motions)+len(launch.Actions) > 0 {
		t.Error("the report tells of no votes and no joint actions")
	}
	for _, a := range launch.Synthesis {
		if !a.Reading || a.By != "" {
			t.Errorf("%s: all lineage of 2019 is the editors' reading", a.ID)
		}
	}
}

func TestEveryProposalOf2019IsAccountedFor(t *testing.T) {
	m := Launch()
	accounted := map[string]bool{}
	for _, r := range m.Adopted {
		for _, id := range append(r.From, r.Unsure...) {
			accounted[id] = true
		}
	}
	for _, n := range m.NotCarried {
		accounted[n.Proposal] = true
	}
	for _, p := range proposals(m) {
		if !accounted[p.ID] {
			t.Errorf("%s: neither adopted nor shown as not carried", p.ID)
		}
	}
}

func TestReferencesResolve(t *testing.T) {
	for _, m := range []Meeting{Launch(), Second()} {
		check := resolver{t, m.Slug}
		orgs, people, themes := map[string]bool{}, map[string]bool{"": true}, map[string]bool{}
		for _, o := range append(Organisations(), Invented()...) {
			orgs[o.Slug] = true
		}
		for _, p := range People() {
			people[p.ID] = true
		}
		for _, x := range Themes() {
			themes[x.ID] = true
		}
		axes, entries, stakes := map[string]bool{}, map[string]bool{}, map[string]bool{}
		for _, a := range m.Axes {
			axes[a.ID] = true
		}
		for _, p := range proposals(m) {
			if entries[p.ID] {
				t.Errorf("%s: two proposals %s", m.Slug, p.ID)
			}
			entries[p.ID] = true
		}
		for _, r := range m.Adopted {
			entries[r.ID] = true
		}
		meetings := append([]Meeting{m}, m.Local...)
		present := map[string]bool{"": true}
		for _, l := range meetings {
			check.in(orgs, l.Organisers...)
			check.in(orgs, l.Participants...)
			check.in(entries, l.BroughtUp...)
			for _, slug := range l.Participants {
				present[slug] = true
			}
			for _, w := range l.Workshops {
				check.in(axes, w.Axis)
				check.in(people, w.Facilitator, w.Rapporteur)
				check.in(present, w.Present...)
				check.oneOf(w.State, "coming", "open", "closed")
				for _, s := range w.Stakes {
					stakes[s.ID] = true
				}
				for _, n := range w.Notes {
					check.in(present, n.Organisation)
					check.oneOf(n.Kind, "practice", "stake", "proposal", "caution", "quote")
				}
			}
		}
		for _, p := range proposals(m) {
			check.in(stakes, p.Stakes...)
			check.in(themes, p.Themes...)
			check.in(present, p.Organisation)
			check.oneOf(p.Level, "local", "alliance")
			check.oneOf(p.State, "draft", "brought_up", "merged", "set_aside", "put")
		}
		for _, a := range m.Synthesis {
			check.in(entries, a.From...)
			check.in(entries, a.Unsure...)
			check.in(entries, a.To...)
			check.in(people, a.By)
			check.oneOf(a.Kind, "merge", "split", "reword", "set_aside")
			for _, x := range a.Taken {
				check.in(entries, x.From)
			}
			for _, x := range a.Replies {
				check.in(present, x.Organisation)
			}
		}
		for _, r := range m.Adopted {
			check.in(entries, r.From...)
			check.in(entries, r.Unsure...)
			check.oneOf(r.Kind, "action", "principle")
		}
		for _, n := range m.NotCarried {
			check.in(entries, n.Proposal)
			if n.Nearest != "" {
				check.in(entries, n.Nearest)
			}
		}
	}
}

type resolver struct {
	*testing.T
	meeting string
}

func (r resolver) in(known map[string]bool, ids ...string) {
	r.Helper()
	for _, id := range ids {
		if !known[id] {
			r.Errorf("%s: nothing is called %q", r.meeting, id)
		}
	}
}

func (r resolver) oneOf(s string, allowed ...string) {
	r.Helper()
	if !slices.Contains(allowed, s) {
		r.Errorf("%s: %q is none of %v", r.meeting, s, allowed)
	}
}

// Votes are of organisations on the roll, and outcomes follow from the rule.
func TestVotesAndOutcomes(t *testing.T) {
	m, sits, seats := Second(), map[string]string{}, map[string]int{}
	for _, o := range Invented() {
		for _, c := range Colleges() {
			if slices.Contains(c.Kinds, o.Kind) {
				sits[o.Slug] = c.ID
				seats[c.ID]++
			}
		}
	}
	items := map[string]bool{}
	for _, r := range m.Adopted {
		items[r.ID] = true
	}
	refused := 0
	for _, v := range m.Motions {
		if v.Secret && len(v.Votes) > 0 {
			t.Errorf("%s: secret, with votes by name", v.ID)
		}
		if v.Item != "" && (!items[v.Item] || v.Outcome != "adopted") {
			t.Errorf("%s: item %s", v.ID, v.Item)
		}
		if (v.State == "decided") != (v.Outcome != "") {
			t.Errorf("%s: %s, outcome %q", v.ID, v.State, v.Outcome)
		}
		if v.State != "decided" {
			continue
		}
		count := map[string]map[string]int{}
		total := map[string]int{}
		for slug, vote := range v.Votes {
			college := sits[slug]
			if college == "" || !slices.Contains([]string{"for", "against", "abstain"}, vote) {
				t.Errorf("%s: %s votes %s", v.ID, slug, vote)
			}
			if count[college] == nil {
				count[college] = map[string]int{}
			}
			count[college][vote]++
			count[college]["cast"]++
			total[vote]++
		}
		outcome := "adopted"
		for _, c := range Colleges() {
			n := count[c.ID]
			if n["cast"]*100 < c.Quorum*seats[c.ID] {
				t.Errorf("%s: no quorum among %s", v.ID, c.ID)
			}
			if n["for"]*100 <= c.Threshold*(n["for"]+n["against"]) {
				outcome = "rejected"
			}
		}
		if outcome != v.Outcome {
			t.Errorf("%s: %s by the rule, %s written", v.ID, outcome, v.Outcome)
		}
		if outcome == "rejected" && total["for"] > total["against"] {
			refused++
		}
	}
	if refused != 1 {
		t.Errorf("%d motions refused by a college against the sum of votes, want 1", refused)
	}
}

func TestJointActionsAreJoint(t *testing.T) {
	m, kind := Second(), map[string]string{}
	for _, o := range Invented() {
		kind[o.Slug] = o.Kind
	}
	for _, x := range m.Actions {
		authority, other := false, false
		carries := map[string]bool{}
		for _, c := range x.Carriers {
			carries[c.Organisation] = true
			switch kind[c.Organisation] {
			case "local_authority":
				authority = true
			case "civil_society", "migrant_led":
				other = true
			}
			if c.Confirmed == "" {
				t.Errorf("%s: %s has not confirmed", x.ID, c.Organisation)
			}
		}
		if !authority || !other {
			t.Errorf("%s is not joint", x.ID)
		}
		for _, e := range x.Evidence {
			if kind[e.ConfirmedBy] == "" || carries[e.ConfirmedBy] {
				t.Errorf("%s: evidence is confirmed by another organisation, not %q", x.ID, e.ConfirmedBy)
			}
		}
		for _, u := range x.Updates {
			if u.Text.Empty() || !carries[u.Organisation] {
				t.Errorf("%s: update of %s", x.ID, u.Organisation)
			}
		}
	}
}

func TestStaleTranslationsShow(t *testing.T) {
	stale := 0
	for _, p := range proposals(Second()) {
		for _, tag := range p.Plain.Languages() {
			if p.Plain.In(tag).Stale {
				stale++
				if p.Earlier.Empty() {
					t.Errorf("%s: a stale translation without the earlier words", p.ID)
				}
			}
		}
	}
	if stale < 2 {
		t.Errorf("%d stale translations", stale)
	}
}

func TestWhen(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	today := time.Date(2026, 3, 28, 23, 30, 0, 0, time.UTC) // already the 29th in Paris, the day clocks change
	for _, c := range []struct {
		when When
		want string
	}{
		{"2019-10-03", "2019-10-03T00:00:00+02:00"}, {"2019-10-04T15:30", "2019-10-04T15:30:00+02:00"},
		{"0", "2026-03-29T00:00:00+01:00"}, {"+1T09:15", "2026-03-30T09:15:00+02:00"}, {"-1T09:15", "2026-03-28T09:15:00+01:00"},
		{"", ""}, {"soon", ""}, {"+1Tnoon", ""},
	} {
		at, ok := c.when.At(today, paris)
		if got := at.Format(time.RFC3339); ok != (c.want != "") || ok && got != c.want {
			t.Errorf("%q: %s, want %s", c.when, got, c.want)
		}
	}
}

// Whatever the hour of seeding, what is over is over and what is open is open.
func TestSecondIsInProgressAllDay(t *testing.T) {
	m := Second()
	for _, hour := range []int{0, 12, 23} {
		now := time.Date(2026, 6, 10, hour, 30, 0, 0, time.UTC)
		at := func(w When) time.Time {
			v, ok := w.At(now, time.UTC)
			if !ok {
				t.Errorf("%q is no instant", w)
			}
			return v
		}
		for _, v := range m.Motions {
			opened, closed := !at(v.Opens).After(now), !at(v.Closes).After(now)
			want := map[string][2]bool{"decided": {true, true}, "open": {true, false}, "coming": {false, false}}[v.State]
			if [2]bool{opened, closed} != want {
				t.Errorf("%s at %d:30 is not %s", v.ID, hour, v.State)
			}
		}
		for _, p := range proposals(m) {
			if at(p.At).After(now) {
				t.Errorf("%s is written after %d:30", p.ID, hour)
			}
		}
		if !at(m.Synthesis[0].Until).After(now) {
			t.Error("the right of reply is over")
		}
	}
}
