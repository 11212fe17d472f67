package handover

import (
	"testing"

	"alliance/internal/platform/people"
)

func TestStage(t *testing.T) {
	for _, c := range []struct {
		today, last string
		want        int
	}{
		{"2026-11-26", "2027-01-26", 0}, {"2026-11-26", "2027-01-25", 60}, {"2026-11-26", "2026-12-11", 60}, {"2026-11-26", "2026-12-10", 14},
		{"2026-11-26", "2026-11-26", 14}, {"2026-11-26", "2026-11-25", 0}, {"2026-11-26", "soon", 0}, {"", "2026-11-26", 0},
	} {
		if got := stage(c.today, c.last); got != c.want {
			t.Errorf("%s, ends %s: %d, not %d", c.today, c.last, got, c.want)
		}
	}
}

func TestNames(t *testing.T) {
	p := people.Person{Name: "Odile Quémeneur", Email: "odile@example.org"}
	for words, want := range map[string]bool{
		"Odile Quemeneur, tel. 12": true, "Écrire à ODILE@example.org": true, "Odile Martin": false, "": false, "accueil@example.org": false,
	} {
		if names(p, words) != want {
			t.Errorf("%q names her: %v", words, !want)
		}
	}
	if names(people.Person{}, "anything") {
		t.Error("an erased person stands in everything")
	}
}

func TestClosuresUnderWay(t *testing.T) {
	got := closures([]string{"mo 09:00-12:00", "2026-11-20..2026-12-04 closed", "2026-12-24..2026-12-31 closed", "2026-11-26 closed"}, "2026-11-26")
	if len(got) != 1 || got[0] != "2026-12-04" {
		t.Errorf("under way: %v", got)
	}
}

func TestWhoMayLookAndKeep(t *testing.T) {
	steers := people.Actor{Person: "c", Grants: []people.Grant{{Role: people.Coordinator}}}
	delegate := people.Actor{Person: "d", At: 10, Mandate: people.Mandate{ID: "m", Organisation: "o", Edit: true, Since: 1}}
	speaker := people.Actor{Person: "s", At: 10, Mandate: people.Mandate{ID: "n", Organisation: "o", Speak: true, Since: 1}}
	for _, c := range []struct {
		name         string
		a            people.Actor
		organisation string
		look, keep   bool
	}{
		{"coordination, all", steers, "", true, true}, {"coordination, one", steers, "o", true, true},
		{"delegate, own", delegate, "o", true, true}, {"delegate, all", delegate, "", false, false}, {"delegate, other", delegate, "x", false, false},
		{"speaker, own", speaker, "o", true, false}, {"visitor", people.Actor{}, "o", false, false}, {"visitor, all", people.Actor{}, "", false, false},
	} {
		if mayLook(c.a, c.organisation) != c.look || mayKeep(c.a, c.organisation) != c.keep {
			t.Errorf("%s: look %v keep %v", c.name, !c.look, !c.keep)
		}
	}
}
