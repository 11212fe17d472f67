package merge

import (
	"math/rand/v2"
	"slices"
	"testing"

	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/record"
)

var asked = record.Spec{Kind: "thing", Version: 1, Themes: true,
	Title:   record.Question{Name: entry.Title, Type: record.Line},
	Summary: record.Question{Name: entry.Summary, Type: record.Line},
	Sections: []record.Section{{Questions: []record.Question{
		{Name: "kind", Type: record.Choice}, {Name: "tongues", Type: record.Languages}, {Name: "partners", Type: record.Entries}}}}}

func thing(id, title string, answers record.Answers, themes ...string) record.Record {
	r := record.Record{Answers: answers, Entry: entry.Entry{ID: id, Kind: "thing", Revision: 3, Themes: themes, Audience: entry.Public, Fields: map[string]lang.Text{}}}
	if title != "" {
		r.Fields[entry.Title] = lang.New("fr", title)
	}
	return r
}

func TestWhatStays(t *testing.T) {
	kept := thing("a", "Ville", record.Answers{"tongues": {"fr"}, "partners": {"b", "x"}}, "housing")
	given := thing("b", "La ville", record.Answers{"kind": {"town"}, "tongues": {"ar", "fr"}, "partners": {"a", "y"}}, "health")
	for _, c := range []struct {
		name    string
		choices Choices
		writes  bool
		title   string
		answers record.Answers
		themes  []string
	}{
		{"nobody chose: nothing is lost", nil, true, "Ville", record.Answers{"kind": {"town"}, "tongues": {"ar", "fr"}, "partners": {"x", "y"}}, []string{"housing", "health"}},
		{"all of the second", Choices{"title": Given, "tongues": Given, "partners": Given, "themes": Given}, true, "La ville", record.Answers{"kind": {"town"}, "tongues": {"ar", "fr"}, "partners": {"y"}}, []string{"health"}},
		{"all of the first", Choices{"title": Kept, "kind": Kept, "tongues": Kept, "partners": Kept, "themes": Kept}, true, "Ville", record.Answers{"tongues": {"fr"}, "partners": {"x"}}, []string{"housing"}},
		{"one value cannot be both", Choices{"title": Both, "kind": Both}, true, "Ville", record.Answers{"kind": {"town"}, "tongues": {"ar", "fr"}, "partners": {"x", "y"}}, []string{"housing", "health"}},
		{"a kind that keeps its answers itself", Choices{"tongues": Given}, false, "Ville", record.Answers{"tongues": {"fr"}, "partners": {"x"}}, []string{"housing", "health"}},
	} {
		got := Join(Fields(&asked, kept, given, c.writes), kept, given, c.choices)
		if got.ID != "a" || got.Title().Original() != c.title || !slices.Equal(got.Themes, c.themes) {
			t.Errorf("%s: %s %q %v", c.name, got.ID, got.Title().Original(), got.Themes)
		}
		for _, name := range []string{"kind", "tongues", "partners"} {
			if !slices.Equal(got.Answers[name], c.answers[name]) {
				t.Errorf("%s: %s is %v, want %v", c.name, name, got.Answers[name], c.answers[name])
			}
		}
	}
	if !slices.Equal(kept.Answers["partners"], []string{"b", "x"}) || len(kept.Fields) != 1 {
		t.Error("joining changed what it read")
	}
}

// Whatever is chosen: each value of the outcome was said by one of the two, and
// without a choice whatever only one of them said is still there.
func TestJoinNeitherInventsNorLoses(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 7))
	some := func() (list []string) {
		for _, s := range []string{"ar", "de", "fr", "it"} {
			if r.IntN(2) == 0 {
				list = append(list, s)
			}
		}
		return list
	}
	for range 500 {
		kept, given := thing("a", "A", record.Answers{"tongues": some(), "kind": some()[:0]}, some()...), thing("b", "B", record.Answers{"tongues": some()}, some()...)
		choices := Choices{}
		for _, f := range []string{"title", "tongues", "themes"} {
			if r.IntN(3) > 0 {
				choices[f] = []Side{Kept, Given, Both, "nonsense"}[r.IntN(4)]
			}
		}
		got := Join(Fields(&asked, kept, given, true), kept, given, choices)
		for _, v := range append(slices.Clone(got.Answers["tongues"]), got.Themes...) {
			if !slices.Contains(slices.Concat(kept.Answers["tongues"], given.Answers["tongues"], kept.Themes, given.Themes), v) {
				t.Fatalf("%q was said by neither", v)
			}
		}
		if choices["tongues"] == "" || choices["tongues"] == Both {
			for _, v := range slices.Concat(kept.Answers["tongues"], given.Answers["tongues"]) {
				if !slices.Contains(got.Answers["tongues"], v) {
					t.Fatalf("%q is lost: %v and %v became %v", v, kept.Answers["tongues"], given.Answers["tongues"], got.Answers["tongues"])
				}
			}
		}
	}
}

// Lines of work are no question of an organisation, and still nobody's are lost.
func TestLinesOfWorkOfBoth(t *testing.T) {
	spec := asked
	spec.Axes = true
	kept, given := thing("a", "Ville", record.Answers{"axes": {"welcome"}}), thing("b", "La ville", record.Answers{"axes": {"rights", "welcome"}})
	fields := Fields(&spec, kept, given, true)
	for side, want := range map[Side][]string{"": {"welcome", "rights"}, Both: {"welcome", "rights"}, Given: {"rights", "welcome"}, Kept: {"welcome"}} {
		if got := Join(fields, kept, given, Choices{"axes": side}).Answers["axes"]; !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", side, got, want)
		}
	}
}
