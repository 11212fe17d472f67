package app

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"

	cdx "github.com/CycloneDX/cyclonedx-go"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// schemaOfBills is CycloneDX's own, as it lies in its library for Go.
func schemaOfBills(t *testing.T) *jsonschema.Schema {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/CycloneDX/cyclonedx-go").Output()
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	const at = "http://cyclonedx.org/schema/"
	for name, pattern := range map[string]string{"bom-1.6.schema.json": "bom-1.6.schema.json", "spdx.schema.json": "spdx.schema.json", "jsf-0.82.schema.json": "jsf-0.82*.json"} {
		files, _ := filepath.Glob(filepath.Join(strings.TrimSpace(string(out)), "schema", pattern))
		if len(files) != 1 {
			t.Fatalf("%s: %q", pattern, files)
		}
		f, err := os.Open(files[0])
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		doc, err := jsonschema.UnmarshalJSON(f)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.AddResource(at+name, doc); err != nil {
			t.Fatal(err)
		}
	}
	s, err := c.Compile(at + "bom-1.6.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestBill: the list of what the program is made of fits the schema, is read by
// CycloneDX's library, names the modules as they were linked, and the data with
// the versions they were taken from.
func TestBill(t *testing.T) {
	info := &debug.BuildInfo{GoVersion: "go1.26.0 X:some", Settings: []debug.BuildSetting{{Key: "GOOS", Value: "linux"}, {Key: "-ldflags", Value: "secret"}}, Deps: []*debug.Module{
		{Path: "github.com/jackc/pgx/v5", Version: "v5.12.0", Sum: "h1:abc="},
		{Path: "example.org/plus", Version: "v1.0.0+incompatible", Sum: "h1:def="},
		{Path: "example.org/old", Version: "v1.0.0", Replace: &debug.Module{Path: "example.org/new", Version: "v1.1.0", Sum: "h1:ghi="}},
	}}
	var b bytes.Buffer
	if err := writeBill(&b, info); err != nil {
		t.Fatal(err)
	}
	if err := writeBill(&bytes.Buffer{}, &debug.BuildInfo{}); err == nil {
		t.Error("an empty list passes for one")
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	schema := schemaOfBills(t)
	if err := schema.Validate(doc); err != nil {
		t.Error(err)
	}
	doc.(map[string]any)["components"].([]any)[0].(map[string]any)["type"] = "thing"
	if schema.Validate(doc) == nil {
		t.Error("the schema takes anything")
	}
	var bom cdx.BOM
	if err := cdx.NewBOMDecoder(bytes.NewReader(b.Bytes()), cdx.BOMFileFormatJSON).Decode(&bom); err != nil {
		t.Fatal(err)
	}
	named := map[string]string{}
	for _, c := range *bom.Components {
		if named[c.Name] != "" {
			t.Errorf("%s twice", c.Name)
		}
		named[c.Name] = c.Version
	}
	for name, version := range map[string]string{"std": "1.26.0", "github.com/jackc/pgx/v5": "v5.12.0", "example.org/plus": "v1.0.0+incompatible", "example.org/new": "v1.1.0", "example.org/old": "", "cldr-core": "48.2.0"} {
		if named[name] != version {
			t.Errorf("%s: %q, want %q", name, named[name], version)
		}
	}
	if bytes.Contains(b.Bytes(), []byte("secret")) {
		t.Error("flags of the build are told")
	}
	raw, err := os.ReadFile("../../npm/package.json")
	if err != nil {
		t.Fatal(err)
	}
	var npm struct {
		DevDependencies map[string]string `json:"devDependencies"`
	}
	if err := json.Unmarshal(raw, &npm); err != nil {
		t.Fatal(err)
	}
	for _, p := range shipped {
		if npm.DevDependencies[p.Name] != p.Version {
			t.Errorf("%s is %s in npm/package.json, %s in the bill", p.Name, npm.DevDependencies[p.Name], p.Version)
		}
	}
}
