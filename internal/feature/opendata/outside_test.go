package opendata_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/output"
)

const modules = "../../../npm"

// read is an export as a program that is not ours understood it.
type read struct {
	IDs      []string    `json:"ids"`
	Titles   []string    `json:"titles"`
	Langs    []string    `json:"langs"`
	Points   [][]float64 `json:"points"`
	RTL      bool        `json:"rtl"`
	Problems []string    `json:"problems"`
}

// run starts a program that is not ours. One that is missing is a failure:
// make need names it.
func run(t *testing.T, name string, arguments ...string) []byte {
	t.Helper()
	cmd := exec.Command(name, arguments...)
	cmd.Env = append(os.Environ(), "REDOCLY_TELEMETRY=off", "REDOCLY_SUPPRESS_UPDATE_NOTICE=true", "NO_COLOR=1")
	var out, problem bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problem
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\n%s\n%s\nmake need tells what is missing", name, err, problem.String(), out.String())
	}
	return out.Bytes()
}

// TestOtherProgramsReadOurFiles has programs that are not ours read everything
// the demonstration gives out, in French and in Arabic: each must find the
// same records, under the same names, at the same places.
func TestOtherProgramsReadOurFiles(t *testing.T) {
	h := housetest.New(t, db.SQLite, housetest.Demonstration)
	folder := t.TempDir()
	v := h.Visitor()
	get := func(path, file string) []byte {
		body := []byte(v.Get(path).Status(200).Body)
		if err := os.WriteFile(filepath.Join(folder, file), body, 0o600); err != nil {
			t.Fatal(err)
		}
		return body
	}
	want := map[string][]entry.Entry{}
	kinds := published(t, h, want)
	for _, kind := range kinds {
		for _, tag := range []string{"fr", "ar"} {
			for _, ext := range []string{"csv", "xlsx", "docx", "json", "jsonld", "atom", "feed.json"} {
				get("/"+tag+"/open/"+kind+"."+ext, kind+"-"+tag+"."+ext)
			}
			if h.Kinds[kind].Spec.Place {
				get("/"+tag+"/open/"+kind+".geojson", kind+"-"+tag+".geojson")
			}
		}
	}
	get("/sitemap.xml", "sitemap.xml")
	get("/api/v1/openapi.json", "openapi.json")

	found := map[string]read{}
	for _, out := range [][]byte{run(t, "node", modules+"/read.mjs", folder), run(t, "/usr/bin/python3", "testdata/read.py", folder)} {
		if err := json.Unmarshal(out, &found); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	for file, r := range found {
		for _, p := range r.Problems {
			t.Errorf("%s: %s", file, p)
		}
	}
	for _, kind := range kinds {
		for _, tag := range []string{"fr", "ar"} {
			file := kind + "-" + tag
			all := titles(want[kind], tag)
			newest := all
			if len(all) > output.Newest { // ours are in the order of the database, a feed holds the newest
				newest = nil
			}
			for _, reader := range []struct {
				name string
				want []string
			}{{file + ".xlsx", all}, {file + ".docx", all}, {file + ".jsonld", all}, {file + ".atom", newest}, {"newsboat " + file + ".atom", newest}, {file + ".feed.json", newest}} {
				r, ok := found[reader.name]
				if !ok {
					t.Errorf("nobody read %s", reader.name)
				}
				if reader.want == nil && len(r.Titles) == output.Newest {
					continue
				}
				same(t, reader.name, r.Titles, reader.want)
			}
			if tag == "ar" && !found[file+".xlsx"].RTL {
				t.Errorf("%s.xlsx does not run from right to left", file)
			}
			readTable(t, folder, file, want[kind], tag)
			readMap(t, folder, file, want[kind], found[file+".geojson"], h.Kinds[kind].Spec.Place, tag)
		}
	}
	for _, page := range found["sitemap.xml"].IDs {
		u, err := url.Parse(page)
		if err != nil {
			t.Fatal(err)
		}
		if tag := u.Path[:min(4, len(u.Path))]; tag != "/fr/" && tag != "/ar/" {
			continue
		}
		if code := v.Probe("GET", u.Path); code != 200 {
			t.Errorf("the sitemap leads to %s, which answers %d", u.Path, code)
		}
	}
	get("/fr/moderation.atom", "moderation.atom")
	feedsKeepToTheStandard(t, folder)
	run(t, filepath.Join(modules, "node_modules/.bin/redocly"), "lint", filepath.Join(folder, "openapi.json"), "--extends", "spec", "--max-problems", "20", "--format", "stylish")
}

// jing has the validator of that name, as it comes with the Nu checker, hold
// feeds against what RFC 4287 asks; it gives what it finds, a line each.
func jing(files ...string) (string, error) {
	args := []string{"-cp", filepath.Join(modules, "node_modules/vnu-jar/build/dist/vnu.jar"), "nu.validator.vendor.thaiopensource.relaxng.util.Driver", "-c", "testdata/atom.rnc"}
	out, err := exec.Command("java", append(args, files...)...).CombinedOutput()
	return string(out), err
}

// feedsKeepToTheStandard holds every Atom feed of a folder against RFC 4287,
// and one of them with a defect planted, of each kind, which must be found.
func feedsKeepToTheStandard(t *testing.T, folder string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.atom"))
	if err != nil || len(files) < 10 {
		t.Fatalf("feeds: %d %v", len(files), err)
	}
	if out, err := jing(files...); err != nil || out != "" {
		t.Errorf("jing: %v\n%s\nmake need tells what is missing", err, out)
	}
	for _, file := range files {
		feed, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		alone(t, file, feed)
	}
	feed, err := os.ReadFile(filepath.Join(folder, "organisation-fr.atom"))
	if err != nil {
		t.Fatal(err)
	}
	var broken []string
	for i, c := range [][2]string{
		{"<updated>.*?</updated>", ""}, {"<title>.*?</title>", ""}, {"(?s)<author>.*?</author>", ""}, {"<id>urn:alliance:", "<id>"}, {"<published>(.{10})T", "<published>$1 "},
		{`<link rel="alternate"( type="text/html")? href="[^"]*"></link>\s*<published>`, "<published>"}, {` type="text">`, ` type="markdown">`}, {`xml:lang="fr"`, `xml:lang="en français"`},
		{"<published>", "<issued>x</issued><published>"}, {"<name>.*?</name>", "<name></name>"},
	} {
		text := regexp.MustCompile(c[0]).ReplaceAll(feed, []byte(c[1]))
		if bytes.Equal(text, feed) {
			t.Errorf("nothing to break: %s", c[0])
		}
		file := filepath.Join(folder, fmt.Sprintf("broken-%d-.xml", i))
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		broken = append(broken, file)
	}
	out, _ := jing(broken...)
	for i, file := range broken {
		if !strings.Contains(out, file) {
			t.Errorf("jing does not see what is wrong with defect %d", i)
		}
	}
}

// alone checks what a grammar cannot say: no two entries are one, and each
// leads to one page (4.1.1, 4.1.2 of RFC 4287).
func alone(t *testing.T, file string, feed []byte) {
	t.Helper()
	var f struct {
		Entries []struct {
			ID      string `xml:"id"`
			Updated string `xml:"updated"`
			Links   []struct {
				Rel  string `xml:"rel,attr"`
				Type string `xml:"type,attr"`
				Lang string `xml:"hreflang,attr"`
			} `xml:"link"`
		} `xml:"http://www.w3.org/2005/Atom entry"`
	}
	if err := xml.Unmarshal(feed, &f); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	seen := map[string]bool{}
	for _, e := range f.Entries {
		said := []string{e.ID + " " + e.Updated}
		for _, l := range e.Links {
			said = append(said, e.ID+" "+l.Rel+" "+l.Type+" "+l.Lang)
		}
		for _, s := range said {
			if seen[s] {
				t.Errorf("%s says twice: %s", file, s)
			}
			seen[s] = true
		}
	}
}

// published lists the kinds that are given out, with what everybody may see.
func published(t *testing.T, h *housetest.House, want map[string][]entry.Entry) (kinds []string) {
	t.Helper()
	for name, k := range h.Kinds {
		if k.Spec == nil {
			continue
		}
		list, err := entry.List(context.Background(), h.DB, entry.Filter{Kinds: []string{name}, Limit: 2000})
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 {
			t.Errorf("the demonstration has none of kind %s", name)
		}
		kinds, want[name] = append(kinds, name), list
	}
	slices.Sort(kinds)
	for _, name := range []string{"organisation", "practice", "initiative", "event", "resource", "training"} {
		if !slices.Contains(kinds, name) {
			t.Errorf("%s is not given out", name)
		}
	}
	return kinds
}

func titles(list []entry.Entry, tag string) (all []string) {
	for _, e := range list {
		all = append(all, e.Title().In(tag).S)
	}
	return all
}

// same compares without the order.
func same(t *testing.T, who string, got, want []string) {
	t.Helper()
	got, want = slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))
	if !slices.Equal(got, want) {
		t.Errorf("%s: read %d, want %d:\n%q\n%q", who, len(got), len(want), got[:min(len(got), 5)], want[:min(len(want), 5)])
	}
}

// readTable has Miller read the CSV.
func readTable(t *testing.T, folder, file string, want []entry.Entry, tag string) {
	t.Helper()
	var rows []map[string]any
	if err := json.Unmarshal(run(t, "mlr", "--icsv", "--ojson", "-S", "cat", filepath.Join(folder, file+".csv")), &rows); err != nil {
		t.Fatal(err)
	}
	var ids, names, wanted []string
	for _, r := range rows {
		ids, names = append(ids, text(r["id"])), append(names, strings.TrimPrefix(text(r["title"]), "'"))
	}
	for _, e := range want {
		wanted = append(wanted, e.ID)
	}
	same(t, "Miller, identifiers of "+file, ids, wanted)
	same(t, "Miller, "+file, names, titles(want, tag))
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

// readMap has GDAL, with which QGIS reads, turn the map data into a table.
func readMap(t *testing.T, folder, file string, want []entry.Entry, checked read, placed bool, tag string) {
	t.Helper()
	if !placed {
		return
	}
	rows, err := csv.NewReader(bytes.NewReader(run(t, "ogr2ogr", "-f", "CSV", "/vsistdout/", filepath.Join(folder, file+".geojson"), "-lco", "GEOMETRY=AS_XY"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var located, names []string
	for _, e := range want {
		if e.Place.Public().Located() {
			located = append(located, e.Title().In(tag).S)
		}
	}
	same(t, "check-geojson, "+file, checked.Titles, located)
	for i, row := range rows {
		if i == 0 {
			if row[0] != "X" || row[1] != "Y" || len(located) > 0 && !slices.Contains(row, "name") {
				t.Errorf("GDAL, %s: columns %q", file, row)
			}
			continue
		}
		names = append(names, row[slices.Index(rows[0], "name")])
	}
	same(t, "GDAL, "+file, names, located)
}
