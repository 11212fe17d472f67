package demo

import "testing"

func TestLaunchCounts(t *testing.T) {
	m := Launch()
	proposals, actions, principles := 0, 0, 0
	for _, w := range m.Workshops {
		proposals += len(w.Proposals)
	}
	for _, r := range m.Adopted {
		if r.Kind == "action" {
			actions++
		} else {
			principles++
		}
	}
	for _, c := range []struct {
		what      string
		got, want int
	}{
		{"organisations", len(Organisations()), 116}, {"participants", len(m.Participants), 116}, {"axes", len(m.Axes), 5},
		{"workshops", len(m.Workshops), 5}, {"proposals", proposals, 16}, {"actions", actions, 8}, {"principles", principles, 2},
		{"not carried", len(m.NotCarried), 2}, {"days", len(m.Days), 3}, {"milestones", len(m.Timeline), 15},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d, want %d", c.what, c.got, c.want)
		}
	}
	slugs := map[string]bool{}
	for _, o := range Organisations() {
		if slugs[o.Slug] {
			t.Errorf("two organisations %s", o.Slug)
		}
		slugs[o.Slug] = true
	}
}

func TestSecondOpens(t *testing.T) {
	m := Second()
	if len(Invented()) != 27 || len(People()) != 9 || len(m.Workshops) != 4 {
		t.Fatal(len(Invented()), len(People()), len(m.Workshops))
	}
	if u := openBook("second"); len(u.texts) == 0 {
		t.Fatal("no words")
	}
}
