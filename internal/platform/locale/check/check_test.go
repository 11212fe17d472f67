package check

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The house in testdata says phrases in every way known, and makes every
// mistake once.
func TestPhrasesFindsEveryMistakeAndNoOther(t *testing.T) {
	root := house(t)
	problems, err := Phrases(root, os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range problems {
		got = append(got, strings.ReplaceAll(p.String(), root+string(filepath.Separator), ""))
	}
	want := []string{
		"part.go:59: the key of a phrase is computed: use a table of locale.Phrase",
		"part.go:55: part.brace: English has a brace that is no {placeholder}",
		"part.go:53: fr: part.english: is still English",
		"part.go:57: fr: part.forms: has the plural form few, which the language does not",
		"part.go:57: fr: part.forms: lacks the plural form many",
		"part.go:57: fr: part.forms: one lacks {n}",
		"part.go:57: fr: part.forms: other lacks {n}",
		`part.go:51: part.holes: is given "three", which its words do not have`,
		"part.go:51: fr: part.holes: has the placeholders [one tow], English [one two]",
		"part.go:52: fr: part.html: has HTML; phrases are plain text",
		"part.go:54: ar: part.latin: has no Arabic letters",
		"part.go:48: ar: part.nowhere: has no words",
		"part.go:48: de: part.nowhere: has no words",
		"part.go:48: es: part.nowhere: has no words",
		"part.go:48: fr: part.nowhere: has no words",
		"part.go:48: it: part.nowhere: has no words",
		"part.go:48: pt: part.nowhere: has no words",
		"part.go:58: fr: part.plain: depends on a number: give the forms one, many, other",
		"part.go:56: fr: part.single: is one text: it has no plural forms",
		`part.go:50: part.two: says "Another text" here, "One text" at part.go:49`,
		"fr: part.unused: is used nowhere",
	}
	for _, w := range want {
		if !slices.Contains(got, w) {
			t.Errorf("missed: %s", w)
		}
	}
	for _, g := range got {
		if !slices.Contains(want, g) {
			t.Errorf("not a mistake: %s", g)
		}
	}
}

// house copies the house. Its page ends in .txt there, out of reach of the
// generator of templ.
func house(t *testing.T) string {
	root := t.TempDir()
	if err := os.CopyFS(root, os.DirFS("testdata/house/part")); err != nil {
		t.Fatal(err)
	}
	page := filepath.Join(root, "page.templ")
	if err := os.Rename(page+".txt", page); err != nil {
		t.Fatal(err)
	}
	return root
}

func TestTemplLines(t *testing.T) {
	uses, _, err := collect(house(t))
	if err != nil {
		t.Fatal(err)
	}
	lines := map[string]string{"part.page": "4", "part.box": "6", "part.inner": "6", "part.raw": "7", "part.literal": "8", "part.hint": "10", "part.row": "11"}
	for _, u := range uses {
		if line, ok := lines[u.key]; ok {
			if !strings.HasSuffix(u.where, "page.templ:"+line) {
				t.Errorf("%s found at %s, stands in line %s", u.key, u.where, line)
			}
			delete(lines, u.key)
		}
	}
	for key := range lines {
		t.Errorf("%s not found", key)
	}
}

// Whatever a templ file holds, reading it ends and finds no line outside.
func FuzzTempl(f *testing.F) {
	page, err := os.ReadFile("testdata/house/part/page.templ.txt")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(page)
	f.Add([]byte("T(\"a\", `b"))
	f.Add([]byte("templ x(phrase{)Key:"))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := readTempl("x.templ", b)
		if err != nil {
			t.Skip()
		}
		for i, n := range s.nodes {
			if line := s.line(n.Pos(), i); line < 1 || line > 1+strings.Count(string(b), "\n") {
				t.Errorf("line %d", line)
			}
		}
	})
}
