package app_test

import (
	"context"
	"crypto/sha256"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"alliance/internal/app"
	"alliance/internal/housetest"
	"alliance/internal/housetest/browser"
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/file"
	"alliance/internal/platform/mirror"
	"alliance/internal/platform/people"
)

const planted = "Zwetschgenkern"

// TestCopy writes the demonstration as plain files: every link and fragment
// reaches something in it, nothing comes from elsewhere, nothing that a visitor
// may not see is in it, and it opens in a browser.
func TestCopy(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		h.Drain()
		langs := map[db.Engine][]string{db.SQLite: {"fr", "ar"}, db.PostgreSQL: {"ar"}}[h.DB.Engine]
		plant(t, h, langs)
		at := time.Now().UTC().Truncate(time.Second)
		h.DB.Now = func() db.Instant { return db.At(at) }
		dir := filepath.Join(t.TempDir(), "copy")
		r, err := h.App.WriteCopy(t.Context(), dir, at)
		if err != nil || len(r.Dead) > 0 || r.Pages < 800*len(langs) {
			t.Fatalf("%+v %v", r, err)
		}
		readCopy(t, dir, h.App.House.Origin)
		if h.DB.Engine == db.PostgreSQL {
			again := filepath.Join(filepath.Dir(dir), "again")
			if _, err := h.App.WriteCopy(t.Context(), again, at); err != nil {
				t.Fatal(err)
			}
			was, is := hashes(t, dir), hashes(t, again)
			for _, name := range slices.Sorted(maps.Keys(was)) {
				if was[name] != is[name] {
					t.Errorf("%s is different the second time", name)
				}
			}
			if len(was) != len(is) {
				t.Errorf("%d files, then %d", len(was), len(is))
			}
			return
		}
		opened(t, dir)
	}, housetest.Demonstration, func(c *app.Config) { c.Origin = "https://alliance.example.org" })
}

// plant puts into the house what no visitor may see, and a public file.
func plant(t *testing.T, h *housetest.House, langs []string) {
	t.Helper()
	f, err := h.Files.Put(t.Context(), strings.NewReader("Proof in a file"), "proof.txt", "", "public", file.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	h.Do(func(ctx context.Context, tx *db.Tx) error {
		for _, e := range []entry.Entry{
			{Kind: "practice", State: entry.Draft}, {Kind: "practice", Audience: entry.Members},
			{Kind: "organisation", Audience: entry.Committee}, {Kind: "initiative", State: entry.Withdrawn}, {Kind: "initiative", State: entry.Proposed},
		} {
			e.Lang = "fr"
			e.Set(entry.Title, planted)
			if _, err := entry.Add(ctx, tx, people.Actor{}, e, nil); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `UPDATE evidence SET file = $1`, f.ID); err != nil {
			return err
		}
		said, err := alliance.Load(ctx, tx)
		if err == nil {
			said.Languages = langs
			_, err = alliance.Save(ctx, tx, people.Actor{}, said)
		}
		return err
	})
}

// hashes of all files in a folder but the mark.
func hashes(t *testing.T, dir string) map[string][32]byte {
	t.Helper()
	all := map[string][32]byte{}
	err := filepath.WalkDir(dir, func(p string, f fs.DirEntry, err error) error {
		if err != nil || f.IsDir() {
			return err
		}
		b, err := os.ReadFile(p)
		name, _ := filepath.Rel(dir, p)
		all[filepath.ToSlash(name)] = sha256.Sum256(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

var inStyle = regexp.MustCompile(`url\(([^)]+)\)`)

// readCopy looks at every file of a copy and follows every reference in it.
func readCopy(t *testing.T, dir, origin string) {
	t.Helper()
	ids, wanted := map[string]map[string]bool{}, map[string]string{}
	files := hashes(t, dir)
	proof, icons := false, false
	for name := range files {
		b, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		body := string(b)
		if strings.Contains(body, planted) {
			t.Errorf("%s holds what no visitor sees", name)
		}
		icons = icons || strings.Contains(body, `focusable="false" viewBox="0 0 24 24"><path `)
		proof = proof || strings.HasPrefix(name, "files/") && body == "Proof in a file"
		switch path.Ext(name) {
		case ".css":
			for _, m := range inStyle.FindAllStringSubmatch(body, -1) {
				wanted[path.Join(path.Dir(name), m[1])] = name
			}
		case ".html":
			ids[name] = readPage(t, name, body, origin, wanted)
		}
	}
	if !proof {
		t.Error("the public file is not in the copy")
	}
	if !icons {
		t.Error("no page draws an icon")
	}
	for to, from := range wanted {
		name, fragment, _ := strings.Cut(to, "#")
		if _, ok := files[name]; !ok {
			t.Errorf("%s leads to %s, which is not there", from, name)
		} else if fragment != "" && !ids[name][fragment] {
			t.Errorf("%s leads to %s, where no element has that name", from, to)
		}
	}
}

// readPage gives the ids of a page and notes where it leads.
func readPage(t *testing.T, name, body, origin string, wanted map[string]string) map[string]bool {
	t.Helper()
	ids := map[string]bool{}
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	leads, top := 0, false
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "script", "form", "base", "style", "use":
			t.Errorf("%s has a <%s>", name, n.Data)
		}
		for _, a := range n.Attr {
			switch a.Key {
			case "id":
				ids[a.Val] = true
			case "style", "srcset", "action", "data-poll":
				t.Errorf("%s has %s=%q", name, a.Key, a.Val)
			case "href", "src":
				u, err := url.Parse(a.Val)
				if err != nil {
					t.Errorf("%s leads to %q", name, a.Val)
					continue
				}
				if u.IsAbs() || u.Host != "" {
					if n.Data != "a" || strings.HasPrefix(a.Val, origin) && !slices.Contains(n.Attr, html.Attribute{Key: "rel", Val: "external"}) {
						t.Errorf("%s takes %s from %s", name, n.Data, a.Val)
					}
					continue
				}
				if u.RawQuery != "" || strings.HasPrefix(u.Path, "/") {
					t.Errorf("%s leads to %s, which only a server has", name, a.Val)
					continue
				}
				to := path.Join(path.Dir(name), u.Path)
				if u.Path == "" {
					to = name
				}
				if u.Fragment != "" {
					to += "#" + u.Fragment
				}
				wanted[to] = name
				leads++
				top = top || path.Base(u.Path) == "copy.html"
			}
		}
	}
	if leads < 5 || !top {
		t.Errorf("%s has %d links; says what it is: %v", name, leads, top)
	}
	return ids
}

// opened looks at the copy as somebody would who was given the folder.
func opened(t *testing.T, dir string) {
	t.Helper()
	folder := httptest.NewServer(http.FileServer(http.Dir(dir)))
	defer folder.Close()
	tab := browser.New(t, "ar")
	if status := tab.Open(folder.URL + "/ar/organisations.html"); status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	look := browser.Eval[[]string](tab, `[document.documentElement.dir, getComputedStyle(document.body).direction, String(document.querySelectorAll("use").length === 0),
		String([...document.styleSheets].every(s => s.cssRules.length > 0)), String(document.querySelector("header").innerText.includes("نسخة"))]`)
	if !slices.Equal(look, []string{"rtl", "rtl", "true", "true", "true"}) {
		t.Errorf("the Arabic page shows %q", look)
	}
	if e := tab.Errors(); len(e) > 0 {
		t.Errorf("the browser complains: %q", e)
	}
}

// TestCopyKeepsWhatIsThere: a folder with anything else is never replaced, an
// older copy is.
func TestCopyKeepsWhatIsThere(t *testing.T) {
	h := housetest.New(t, db.SQLite)
	dir := t.TempDir()
	letter := filepath.Join(dir, "letter.txt")
	if err := os.WriteFile(letter, []byte("Dear all"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := h.App.WriteCopy(t.Context(), dir, time.Now()); !strings.Contains(errorText(err), mirror.ErrTaken.Error()) {
		t.Errorf("over a folder in use: %v", err)
	}
	if err := os.Remove(letter); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := h.App.WriteCopy(t.Context(), dir, time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	left, _ := filepath.Glob(dir + ".part*")
	if _, err := os.Stat(filepath.Join(dir, "fr", "index.html")); err != nil || len(left) > 0 {
		t.Errorf("%v, left over: %v", err, left)
	}
	routes := map[string]bool{}
	for _, r := range h.App.Router.Routes() {
		routes[r.Pattern] = r.Method == http.MethodGet || routes[r.Pattern]
	}
	for pattern := range app.NeedsServer {
		if !routes[pattern] && !strings.HasPrefix(pattern, "/demo") {
			t.Errorf("%s is left out of copies, but there is no such page", pattern)
		}
	}
}

// TestEveryPublicPageSaysWhereItGoes holds the pages everybody may open against
// a golden file: into copies, or only with a server behind. Whoever adds a page
// decides, and the decision shows as a diff.
func TestEveryPublicPageSaysWhereItGoes(t *testing.T) {
	h := housetest.New(t, db.SQLite)
	var lines []string
	for _, r := range h.App.Router.Routes() {
		if r.Method != http.MethodGet || !r.Policy.Allow(people.Actor{}) || strings.HasPrefix(r.Pattern, "/api/") {
			continue
		}
		goes := "copy  "
		if app.NeedsServer[r.Pattern] {
			goes = "server"
		}
		lines = append(lines, goes+" "+r.Pattern)
	}
	slices.Sort(lines)
	got, golden := "# where each public page goes. Written by: go test ./internal/app -run TestEveryPublicPageSaysWhereItGoes -update\n"+strings.Join(lines, "\n")+"\n", filepath.Join("testdata", "copied.txt")
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	compareLines(t, string(want), got)
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
