package discussion

import (
	"strings"
	"testing"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
)

// Answers are read below what they answer, in the order they came, however
// deep they go; the way down is bounded.
func TestPlace(t *testing.T) {
	root := Comment{ID: "a", Thread: "a", Path: "a"}
	at := root
	want := []string{"a/b", "a/b/c", "a/b/c/d", "a/b/c/e", "a/b/c/f"}
	for i, one := range []string{"b", "c", "d", "e", "f"} {
		c := Comment{ID: one}
		c.place(at)
		if c.Path != want[i] || c.Depth > deepest || c.Answers != at.ID || c.Thread != "a" {
			t.Errorf("%s: %+v", one, c)
		}
		at = c
	}
}

var (
	author    = people.Actor{Person: "author", At: 10}
	forMetz   = people.Actor{Person: "author", Mandate: people.Mandate{ID: "m", Organisation: "metz", Speak: true, Since: 1}, At: 10}
	colleague = people.Actor{Person: "colleague", Mandate: people.Mandate{ID: "n", Organisation: "metz", Speak: true, Since: 1}, At: 10}
	silent    = people.Actor{Person: "silent", Mandate: people.Mandate{ID: "o", Organisation: "metz", Vote: true, Since: 1}, At: 10}
	stranger  = people.Actor{Person: "stranger", Mandate: people.Mandate{ID: "p", Organisation: "nancy", Speak: true, Since: 1}, At: 10}
	committee = people.Actor{Person: "committee", Grants: []people.Grant{{Role: people.Committee, Scope: "assembly"}}}
	elsewhere = people.Actor{Person: "elsewhere", Grants: []people.Grant{{Role: people.Committee, Scope: "other"}}}
	reporter  = people.Actor{Person: "reporter", Grants: []people.Grant{{Role: people.Rapporteur, Scope: "workshop"}}}
	operator  = people.Actor{Person: "operator", Grants: []people.Grant{{Role: people.Operator}}}
	all       = map[string]people.Actor{"author": author, "metz": forMetz, "colleague": colleague, "silent": silent, "stranger": stranger,
		"committee": committee, "elsewhere": elsewhere, "reporter": reporter, "operator": operator, "visitor": {}}
)

// Who may do what: the table is the promise.
func TestWhoMay(t *testing.T) {
	e := entry.Entry{ID: "proposal", Parent: "workshop", Hall: "assembly"}
	own := Comment{Person: "author", Words: lang.New("fr", "Oui."), At: 5, State: Standing}
	under := own
	under.Organisation, under.Mandate = "metz", "m"
	as := func(c Comment, s State) Comment { c.State = s; return c }
	taken := as(own, Withdrawn)
	taken.Words = lang.Text{}
	late := own
	late.At = db.Instant(10).Add(-editTime)
	for name, c := range map[string]struct {
		may  func(people.Actor) bool
		want string
	}{
		"moderate":                            {func(a people.Actor) bool { return MayModerate(a, e) }, "committee"},
		"sum up":                              {func(a people.Actor) bool { return MaySum(a, e) }, "committee reporter"},
		"edit":                                {func(a people.Actor) bool { return own.MayEdit(a, 10) }, "author metz"},
		"edit late":                           {func(a people.Actor) bool { return late.MayEdit(a, 10) }, ""},
		"edit what is hidden":                 {func(a people.Actor) bool { return as(own, Hidden).MayEdit(a, 10) }, ""},
		"withdraw own":                        {func(a people.Actor) bool { return own.MayWithdraw(a) }, "author metz"},
		"withdraw for organisation":           {func(a people.Actor) bool { return under.MayWithdraw(a) }, "author metz colleague"},
		"withdraw twice":                      {func(a people.Actor) bool { return taken.MayWithdraw(a) }, ""},
		"read":                                {func(a people.Actor) bool { return own.Reads(a, e) }, "author metz colleague silent stranger committee elsewhere reporter operator visitor"},
		"read what is hidden":                 {func(a people.Actor) bool { return as(own, Hidden).Reads(a, e) }, "author metz committee"},
		"read what was taken back":            {func(a people.Actor) bool { return taken.Reads(a, e) }, ""},
		"read what an organisation took back": {func(a people.Actor) bool { return as(under, Withdrawn).Reads(a, e) }, "metz colleague silent committee"},
	} {
		for who, a := range all {
			if got, want := c.may(a), strings.Contains(" "+c.want+" ", " "+who+" "); got != want {
				t.Errorf("%s: %s: %v", name, who, got)
			}
		}
	}
}

func TestSpeaker(t *testing.T) {
	for _, c := range []struct {
		a    people.Actor
		own  bool
		want string
	}{{forMetz, false, "metz"}, {forMetz, true, ""}, {silent, false, ""}, {author, false, ""}} {
		if got := speaker(c.a, c.own).For(); got != c.want {
			t.Errorf("%s, own %v: for %q, want %q", c.a.Person, c.own, got, c.want)
		}
	}
}

func TestWordsAreChecked(t *testing.T) {
	for words, ok := range map[string]bool{"": false, "Oui": true, strings.Repeat("é", longest): true, strings.Repeat("é", longest+1): false} {
		if _, err := checkWords(words, "fr"); (err == nil) != ok {
			t.Errorf("%d characters: %v", len([]rune(words)), err)
		}
	}
	if _, err := checkWords("Oui", "no such language"); err == nil {
		t.Error("a language that is none")
	}
	if checkReason("because", "x", true) == nil || checkReason("insult", "", true) == nil || checkReason("insult", "", false) != nil {
		t.Error("reasons")
	}
}
