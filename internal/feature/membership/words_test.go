package membership

import (
	"strings"
	"testing"

	"alliance/internal/platform/design"
	"alliance/internal/platform/locale"
)

// A vote of which only the month or the year is known reads as well as one
// with its day, in every language: nothing stands before it that asks for a day.
func TestAVoteReadsHoweverCloselyItsDayIsKnown(t *testing.T) {
	catalog, err := locale.New(phrases, design.Phrases)
	if err != nil {
		t.Fatal(err)
	}
	for tag, want := range map[string][3]string{
		"en": {"Vote: 18 October 2019", "Vote: October 2019", "Vote: 2019, no. 88/19"},
		"fr": {"Vote\u202f: 18 octobre 2019", "Vote\u202f: octobre 2019", "Vote\u202f: 2019, n° 88/19"},
		"es": {"Votación: 18 de octubre de 2019", "Votación: octubre de 2019", "Votación: 2019, n.º 88/19"},
		"pt": {"Votação: 18 de outubro de 2019", "Votação: outubro de 2019", "Votação: 2019, n.º 88/19"},
		"it": {"Voto: 18 ottobre 2019", "Voto: ottobre 2019", "Voto: 2019, n. 88/19"},
		"de": {"Beschluss: 18. Oktober 2019", "Beschluss: Oktober 2019", "Beschluss: 2019, Nr. 88/19"},
		"ar": {"التصويت: 18 أكتوبر 2019", "التصويت: أكتوبر 2019", "التصويت: 2019، رقم 88/19"},
	} {
		v := design.View{Printer: catalog.For(tag)}
		for i, m := range []Membership{{Decided: "2019-10-18"}, {Decided: "2019-10"}, {Decided: "2019", Number: "88/19"}} {
			if got := plain(decision(v, m)); got != want[i] {
				t.Errorf("%s, %s: %q, want %q", tag, m.Decided, got, want[i])
			}
		}
	}
	v := design.View{Printer: catalog.For("fr")}
	for _, c := range []struct{ since, until, want string }{
		{"", "", ""}, {"2019", "", "Depuis\u202f: 2019"}, {"", "2021-05", "Jusque\u202f: mai 2021"},
		{"2019-10-18", "2021", "Début\u202f: 18 octobre 2019, fin\u202f: 2021"}, {"2019", "2021-05-02", "Début\u202f: 2019, fin\u202f: 2 mai 2021"},
	} {
		if got := plain(times(v, Membership{Since: c.since, Until: c.until})); got != c.want {
			t.Errorf("%s to %s: %q, want %q", c.since, c.until, got, c.want)
		}
	}
}

// plain leaves out the marks that isolate what stands in a phrase.
func plain(s string) string { return strings.NewReplacer("\u2068", "", "\u2069", "").Replace(s) }
