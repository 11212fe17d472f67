package freshness

import (
	"fmt"
	"slices"
	"testing"
)

func TestParseNumbers(t *testing.T) {
	for _, c := range []struct {
		typed string
		want  []int
		ok    bool
	}{
		{"", nil, true}, {"7", []int{7}, true}, {"1-3, 8", []int{1, 2, 3, 8}, true}, {"8 1–3;2", []int{1, 2, 3, 8}, true}, {"1 - 3", []int{1, 2, 3}, true},
		{"١-٣، ٥", []int{1, 2, 3, 5}, true}, {"3-1", nil, false}, {"0", nil, false}, {"1-", nil, false}, {"-3", nil, false}, {"x", nil, false}, {"1-9999999999", nil, false}, {"1.5", nil, false},
	} {
		got, ok := ParseNumbers(c.typed)
		if ok != c.ok || !slices.Equal(got, c.want) {
			t.Errorf("%q: %v %v, want %v %v", c.typed, got, ok, c.want, c.ok)
		}
	}
}

func FuzzParseNumbers(f *testing.F) {
	for _, s := range []string{"1-5, 8", "٣", "1–2000 1-2000", "- -", "9-8", "1-2-3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		list, ok := ParseNumbers(s)
		if !ok && list != nil {
			t.Fatal("numbers of what cannot be read")
		}
		for i, n := range list {
			if n < 1 || n > mostItems || i > 0 && n <= list[i-1] {
				t.Fatalf("%q: %v", s, list)
			}
		}
	})
}

func TestReadMarks(t *testing.T) {
	items := []Item{{N: 4}, {N: 5}, {N: 6}, {N: 7}}
	for _, c := range []struct {
		name    string
		numbers map[string]string
		marks   map[int]string
		notes   map[int]string
		want    string
	}{
		{"numbers", map[string]string{"phone": "4-5", "unreached": "7"}, nil, nil, "[{4 same phone } {5 same phone } {7 unreached  }]"},
		{"a row counts for more", map[string]string{"phone": "4-6"}, map[int]string{5: "changed"}, map[int]string{5: "Moved"}, "[{4 same phone } {5 changed  Moved} {6 same phone }]"},
		{"twice", map[string]string{"phone": "4", "visit": "4"}, nil, nil, "fault"},
		{"not on the sheet", map[string]string{"phone": "3"}, nil, nil, "fault"},
		{"no numbers", map[string]string{"phone": "all"}, nil, nil, "fault"},
		{"changed without words", nil, map[int]string{4: "changed"}, nil, "fault"},
		{"an unknown mark", nil, map[int]string{4: "guessed"}, nil, "fault"},
		{"nothing", nil, nil, nil, "fault"},
	} {
		got, err := ReadMarks(items, c.numbers, c.marks, c.notes)
		s := fmt.Sprint(got)
		if err != nil {
			s = "fault"
		}
		if s != c.want {
			t.Errorf("%s: %s, want %s", c.name, s, c.want)
		}
	}
}

func TestClosureLine(t *testing.T) {
	for _, c := range []struct {
		from, until, want string
	}{{"2026-08-01", "2026-08-31", "2026-08-01..2026-08-31 closed"}, {"2026-08-01", "2026-08-01", "2026-08-01 closed"}, {"2026-08-02", "2026-08-01", ""}, {"", "2026-08-01", ""}, {"2026-13-01", "2026-14-01", ""}} {
		l, ok := closureLine(c.from, c.until)
		if ok != (c.want != "") || ok && l.String() != c.want {
			t.Errorf("%s..%s: %s %v", c.from, c.until, l, ok)
		}
	}
}
