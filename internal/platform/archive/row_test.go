package archive

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"alliance/internal/platform/db"
)

var table = db.Table{Name: "thing", Columns: []db.Column{{Name: "at", Kind: "int"}, {Name: "id", Kind: "text"}, {Name: "raw", Kind: "blob"}, {Name: "words", Kind: "text"}}}

func TestRules(t *testing.T) {
	line := []byte(`[7,"a","c2VhbA==","secret"]`)
	for name, c := range map[string]struct {
		rule      Rule
		addresses bool
		want      string
	}{
		"all of it":       {Rule{}, false, `{"at":7,"id":"a","raw":"c2VhbA==","words":"secret"}`},
		"blank":           {Rule{Blank: []string{"words", "at", "raw"}}, true, `{"at":0,"id":"a","raw":"","words":""}`},
		"private":         {Rule{Private: []string{"words"}}, false, `{"at":7,"id":"a","raw":"c2VhbA==","words":""}`},
		"private, wanted": {Rule{Private: []string{"words"}}, true, `{"at":7,"id":"a","raw":"c2VhbA==","words":"secret"}`},
		"unnamed":         {Rule{Unnamed: []string{"words"}}, true, `{"at":7,"id":"a","raw":"c2VhbA==","words":"a"}`},
	} {
		p, err := rowsOf(table, c.rule, c.addresses)
		if err != nil {
			t.Fatal(name, err)
		}
		cells, err := p.read(line)
		if err != nil {
			t.Fatal(name, err)
		}
		p.hide(cells)
		var b bytes.Buffer
		p.object(&b, cells)
		if b.String() != c.want {
			t.Errorf("%s: %s", name, b.String())
		}
	}
	if _, err := rowsOf(table, Rule{Blank: []string{"word"}}, false); err == nil {
		t.Error("a rule for a column that is not there is taken")
	}
}

// FuzzRow: a row comes back to the letter, whatever its texts hold.
func FuzzRow(f *testing.F) {
	for _, s := range []string{"", "words", `{"o":"fr","v":{"fr":{"s":"été <b> \u2028","r":1}}}`, `{ "a": 1 }`, `["x"]`, "{", `[1,]`, "\u2028", `{"a":"\ud800"}`, `"`, `{"a":1}{`} {
		f.Add(s, int64(1))
	}
	p, _ := rowsOf(table, Rule{}, false)
	f.Fuzz(func(t *testing.T, words string, at int64) {
		if !json.Valid([]byte(`"`+words+`"`)) && strings.ToValidUTF8(words, "") != words {
			return // the database holds none
		}
		row := func(v ...any) []byte {
			var b bytes.Buffer
			e := json.NewEncoder(&b)
			e.SetEscapeHTML(false)
			e.Encode(v)
			return bytes.TrimSpace(b.Bytes())
		}
		before := row(at, "a", "", words)
		cells, err := p.read(before)
		if err != nil {
			t.Fatal(err)
		}
		var named, after bytes.Buffer
		p.object(&named, cells)
		if bytes.ContainsRune(named.Bytes(), '\n') {
			t.Fatalf("more than one line: %s", named.Bytes())
		}
		if err := p.back(&after, named.Bytes()); err != nil {
			t.Fatalf("%s: %v", named.Bytes(), err)
		}
		var was, is []any
		if json.Unmarshal(before, &was) != nil || json.Unmarshal(after.Bytes(), &is) != nil || was[3] != is[3] {
			t.Errorf("%q came back as %q", was[3], is[3])
		}
	})
}

// FuzzOpen: whatever a file holds, it is refused or read, and nothing else.
func FuzzOpen(f *testing.F) {
	f.Add([]byte("PK\x03\x04"))
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Fuzz(func(t *testing.T, b []byte) {
		path := filepath.Join(t.TempDir(), "a.zip")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if a, err := open(path); err == nil {
			a.check(t.Context())
			a.zip.Close()
		}
	})
}

func TestDescribe(t *testing.T) {
	schema := fstest.MapFS{"schema/1.sql": {Data: []byte(`-- Things that are.
-- All of them.
CREATE TABLE thing (
  id    {{id}} PRIMARY KEY,
  words {{text}} NOT NULL,   -- in their languages, JSON
  raw   {{blob}}
) {{strict}};
-- When it was made.
ALTER TABLE thing ADD COLUMN at {{int}} NOT NULL DEFAULT 0;
`)}}
	told := describe([]fs.FS{schema})
	if told.tables["thing"] != "Things that are. All of them." || told.columns["thing.words"] != "in their languages, JSON" || told.columns["thing.at"] != "When it was made." {
		t.Errorf("%+v", told)
	}
	b, err := told.schema(table, Rule{Blank: []string{"words"}})
	if err != nil || !json.Valid(b) || !bytes.Contains(b, []byte("left out of archives")) {
		t.Errorf("%v %s", err, b)
	}
}
