package help

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	texts "alliance/docs/help"
	"alliance/internal/platform/design"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/locale/check"
	"alliance/internal/platform/people"
)

func source(t *testing.T, lang, name string) string {
	t.Helper()
	b, err := texts.Files.ReadFile(lang + "/" + name + ".md")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

var (
	leads = regexp.MustCompile(`\]\(([^)]*)\)`)
	kind  = regexp.MustCompile(`^(#+|\d+\.|-|!|)`)
)

// shape is what must be the same in every language: for each line its kind, the
// labels it names and where it leads, in whatever order the sentence has them.
func shape(text string) (lines []string) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		var named []string
		for _, m := range label.FindAllStringSubmatch(line, -1) {
			named = append(named, m[1])
		}
		for _, m := range leads.FindAllStringSubmatch(line, -1) {
			named = append(named, m[1])
		}
		slices.Sort(named)
		lines = append(lines, fmt.Sprint(kind.FindString(line), named))
	}
	return lines
}

// TestEveryLanguageSaysTheSame: who reads in another language is sent to the
// same places, past the same buttons, in as many steps.
func TestEveryLanguageSaysTheSame(t *testing.T) {
	for _, name := range Pages() {
		want := shape(source(t, "en", name))
		for _, lang := range locale.Languages {
			got := shape(source(t, lang, name))
			for i := range max(len(want), len(got)) {
				if i >= len(want) || i >= len(got) || want[i] != got[i] {
					t.Errorf("%s: from its line %d on (empty ones left out) the text in %s is another than in English\n%s: %q\nen: %q", name, i+1, lang, lang, got[min(i, len(got)):], want[min(i, len(want)):])
					break
				}
			}
		}
	}
}

// TestNothingIsLeftOver: each file is a page or a picture of one.
func TestNothingIsLeftOver(t *testing.T) {
	total := 0
	err := fs.WalkDir(texts.Files, ".", func(file string, d fs.DirEntry, err error) error {
		lang, rest, inside := strings.Cut(file, "/")
		if err != nil || d.IsDir() || !inside {
			return err
		}
		name, ext := strings.TrimSuffix(rest, path.Ext(rest)), path.Ext(rest)
		switch {
		case ext == ".md" && slices.Contains(Pages(), name):
		case ext == ".webp" && slices.ContainsFunc(Pages(), func(p string) bool { return strings.Contains(source(t, lang, p), "]("+rest+")") }):
			info, err := d.Info()
			if err != nil {
				return err
			}
			if info.Size() > 11_000 {
				t.Errorf("%s weighs %d bytes: 11,000 at most, or its page is too heavy for prepaid data", file, info.Size())
			}
			total += int(info.Size())
		default:
			t.Errorf("%s is shown nowhere", file)
		}
		return nil
	})
	if err != nil || total == 0 || total > 600_000 {
		t.Errorf("pictures weigh %d bytes in all, 600,000 at most: %v", total, err)
	}
}

// TestTextsAreSetAsTheyShouldBe: no HTML, which would be left out in silence; a
// title and a lead without marks; French spaces and apostrophes.
func TestTextsAreSetAsTheyShouldBe(t *testing.T) {
	marks := regexp.MustCompile(`[*_{}\[\]<>` + "`" + `]`)
	for _, name := range Pages() {
		for _, lang := range locale.Languages {
			text := source(t, lang, name)
			lines := strings.SplitN(text, "\n", 3)
			if !strings.HasPrefix(lines[0], "# ") || marks.MatchString(lines[0]+lines[1]) {
				t.Errorf("%s in %s: begin with a title and a lead, in plain words: %q", name, lang, lines[:2])
			}
			if tag := regexp.MustCompile(`<[A-Za-z/!]`).FindString(text); tag != "" {
				t.Errorf("%s in %s has HTML", name, lang)
			}
			bare := label.ReplaceAllString(leads.ReplaceAllString(text, "]"), "x")
			if slip := check.FrenchSlip.FindString(bare); lang == "fr" && slip != "" {
				t.Errorf("%s in French has %q", name, slip)
			}
			if slip := regexp.MustCompile(`\pL'\pL`).FindString(bare); slip != "" {
				t.Errorf("%s in %s has %q: ’ is meant", name, lang, slip)
			}
		}
	}
}

func TestLabelsAreFilledIn(t *testing.T) {
	catalog, err := locale.New()
	if err != nil {
		t.Fatal(err)
	}
	p := catalog.For("en")
	english()["trial.key"] = `Close *all* {n} [x]`
	defer delete(english(), "trial.key")
	got, err := read([]byte("# Title\nThe lead.\n\n1. Press [{trial.key}](/map).\n\n<script>x</script>\n"), "trial", p)
	if err != nil {
		t.Fatal(err)
	}
	if got.Title != "Title" || got.Lead != "The lead." {
		t.Errorf("%+v", got)
	}
	if want := `<li>Press <a href="/en/map"><strong>Close *all* … [x]</strong></a>.</li>`; !strings.Contains(got.HTML, want) || strings.Contains(got.HTML, "script") {
		t.Errorf("%s\nlacks %s", got.HTML, want)
	}
	for _, bad := range []string{"", "no title", "# Title", "# Title\n\n- a list", "# Title\nlead\n\n![x](none.webp)"} {
		if _, err := read([]byte(bad), "trial", p); err == nil {
			t.Errorf("%q makes a page", bad)
		}
	}
}

func TestPicturesGiveWayToLinks(t *testing.T) {
	catalog, err := locale.New()
	if err != nil {
		t.Fatal(err)
	}
	got, err := read([]byte(source(t, "fr", "join")), "join", catalog.For("fr"))
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(got.HTML, `loading="lazy"`); n != 1 || !strings.Contains(got.HTML, `width="360"`) {
		t.Errorf("%d pictures: %s", n, got.HTML)
	}
	if strings.Contains(got.Light, "<img") || !strings.Contains(got.Light, `.webp">`) {
		t.Errorf("who asked for less gets %s", got.Light)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("# T\nlead\n\n1. {design.sign-in} [x](/map)\n")
	f.Add("# T\nlead\n\n![x](../fr/join.webp)\n<script>\n")
	catalog, err := locale.New()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := read([]byte(text), "trial", catalog.For("ar"))
		if err == nil && strings.Contains(got.HTML, "<script") {
			t.Errorf("%q becomes %s", text, got.HTML)
		}
	})
}

func TestFind(t *testing.T) {
	catalog, err := locale.New()
	if err != nil {
		t.Fatal(err)
	}
	x := &Help{texts: func() (map[string]map[string]page, error) { return readAll(catalog) }}
	for _, c := range []struct {
		words string
		want  []string
	}{
		{"atelier", []string{"/fr/help/join", "/fr/help/notes", "/fr/help/privacy"}},
		{"telephone perdu", []string{"/fr/help/account", "/fr/help/coordination", "/fr/help/operate"}},
		{"", nil},
		{"Zwetschgenkern", nil},
	} {
		found, err := x.Find(design.View{Printer: catalog.For("fr")}, c.words)
		var got []string
		for _, l := range found {
			got = append(got, l.Href)
		}
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%q finds %q, %v, want %q", c.words, got, err, c.want)
		}
	}
}

// TestLinksFollowRights: who is signed in is led to no closed door; visitors
// are led to the sign-in.
func TestLinksFollowRights(t *testing.T) {
	x := &Help{mayOpen: func(path string, a people.Actor) bool { return path == "/me" }}
	const text = `<a href="/ar/me"><strong>A</strong></a>, <a href="/ar/roles"><strong>B</strong></a>, <a href="/s/help-ar-join.1.webp">C</a>`
	if got := x.open(text, people.Actor{}); got != text {
		t.Error(got)
	}
	if got, want := x.open(text, people.Actor{Person: "somebody"}), `<a href="/ar/me"><strong>A</strong></a>, <strong>B</strong>, <a href="/s/help-ar-join.1.webp">C</a>`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestCommandsStandAsTheyAreTyped: from left to right in each language, and
// without marks that would be copied with them.
func TestCommandsStandAsTheyAreTyped(t *testing.T) {
	catalog, err := locale.New(design.Phrases)
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range locale.Languages {
		p, err := read([]byte(source(t, lang, "operate")), "operate", catalog.For(lang))
		if want := `<code dir="ltr" translate="no">--backup-to</code>`; err != nil || !strings.Contains(p.HTML, want) {
			t.Errorf("%s: no %s (%v)", lang, want, err)
		}
	}
}
