package opendata_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
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
	run(t, filepath.Join(modules, "node_modules/.bin/redocly"), "lint", filepath.Join(folder, "openapi.json"), "--extends", "spec", "--max-problems", "20", "--format", "stylish")
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
