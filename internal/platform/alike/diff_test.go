package alike

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// show writes a diff as people would: [-gone-]{+come+}.
func show(list []Edit) string {
	var b strings.Builder
	for _, e := range list {
		b.WriteString([...]string{e.Text, "{+" + e.Text + "+}", "[-" + e.Text + "-]"}[e.Op])
	}
	return b.String()
}

func TestDiff(t *testing.T) {
	for _, c := range []struct{ before, after, want string }{
		{"", "", ""}, {"a b", "a b", "a b"}, {"", "neu", "{+neu+}"}, {"weg", "", "[-weg-]"},
		{"We open the houses.", "We open all houses.", "We open [-the-]{+all+} houses."},
		{"l’accueil des migrants", "l’accueil des exilé·es", "l’accueil des [-migrants-]{+exilé·es+}"},
		{"one two three four five", "one 2 3 4 five", "one [-two three four-]{+2 3 4+} five"},
		{"les villes et communes", "les régions et pays", "les [-villes et communes-]{+régions et pays+}"},
		{"a, b and c", "a, b, d and c", "a, b{+, d+} and c"},
		{"حق السكن للجميع", "حق العمل للجميع", "حق [-السكن-]{+العمل+} للجميع"},
		{"保护水资源", "保护森林资源", "保护[-水-]{+森林+}资源"},
		{"हिन्दी में", "हिन्दी से", "हिन्दी [-में-]{+से+}"},
		{"first\nsecond\nthird", "first\nthird", "first\n[-second\n-]third"},
	} {
		if got := show(Diff(c.before, c.after)); got != c.want {
			t.Errorf("%q → %q: %s, want %s", c.before, c.after, got, c.want)
		}
	}
}

func rebuilds(before, after string) error {
	var a, b strings.Builder
	last := -1
	for _, e := range Diff(before, after) {
		if e.Op != Insert {
			a.WriteString(e.Text)
		}
		if e.Op != Delete {
			b.WriteString(e.Text)
		}
		if e.Text == "" || e.Op == last || last == Insert && e.Op == Delete {
			return fmt.Errorf("%q → %q: %s", before, after, show(Diff(before, after)))
		}
		last = e.Op
	}
	if a.String() != before || b.String() != after {
		return fmt.Errorf("%q → %q gives %q → %q", before, after, a.String(), b.String())
	}
	return nil
}

func TestDiffRebuildsBoth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		if err := rebuilds(anyText().Draw(t, "before"), anyText().Draw(t, "after")); err != nil {
			t.Fatal(err)
		}
	})
}

func FuzzDiff(f *testing.F) {
	f.Add("a b c", "a x c")
	f.Add("\xff\xfe é\u0301", "水\u200d\n")
	f.Fuzz(func(t *testing.T, before, after string) {
		if err := rebuilds(before, after); err != nil {
			t.Fatal(err)
		}
	})
}

func TestDiffOfHostileTextsEnds(t *testing.T) {
	words := func(n int, f func(int) int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "w%d ", f(i))
		}
		return b.String()
	}
	for name, pair := range map[string][2]string{
		"reversed":   {words(50000, func(i int) int { return i }), words(50000, func(i int) int { return -i })},
		"unlike":     {words(50000, func(i int) int { return i }), words(50000, func(i int) int { return i + 50000 })},
		"two words":  {words(50000, func(i int) int { return i * i % 7 % 2 }), words(50000, func(i int) int { return i * i % 11 % 2 })},
		"all signs":  {strings.Repeat("!?", 100000), strings.Repeat("?!!", 60000)},
		"interwoven": {words(60000, func(i int) int { return i }), words(60000, func(i int) int { return i ^ 1 })},
	} {
		start := time.Now()
		if err := rebuilds(pair[0], pair[1]); err != nil {
			t.Errorf("%s: does not rebuild", name)
		}
		t.Log(name, time.Since(start))
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%s took %v", name, took)
		}
	}
}

// A long text with few changes gives few edits, though both bounds are met.
func TestDiffOfLongTextsIsShort(t *testing.T) {
	var a, b strings.Builder
	for i := range 20000 {
		fmt.Fprintf(&a, "word%d ", i)
		if i%10 == 0 {
			fmt.Fprintf(&b, "new%d ", i)
		} else {
			fmt.Fprintf(&b, "word%d ", i)
		}
	}
	list := Diff(a.String(), b.String())
	same := 0
	for _, e := range list {
		if e.Op == Same {
			same += len(e.Text)
		}
	}
	if same < a.Len()*8/10 {
		t.Errorf("only %d of %d bytes are the same", same, a.Len())
	}
}
