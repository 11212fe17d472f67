package archive

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io/fs"
	"regexp"
	"strings"

	"alliance/internal/platform/db"
)

// told is what the schema files say of tables and columns in their remarks: the
// one place where it is written down.
type told struct {
	tables  map[string]string
	columns map[string]string // "table.column"
}

var (
	creates = regexp.MustCompile(`^CREATE TABLE (\w+)`)
	adds    = regexp.MustCompile(`^ALTER TABLE (\w+) ADD COLUMN (\w+)`)
	names   = regexp.MustCompile(`^\s+(\w+)\s+\{\{`)
)

// describe reads the remarks of all schema files.
func describe(schemas []fs.FS) told {
	t := told{map[string]string{}, map[string]string{}}
	for _, s := range schemas {
		list, _ := fs.Glob(s, "schema/*.sql")
		for _, name := range list {
			b, err := fs.ReadFile(s, name)
			if err == nil {
				t.read(b)
			}
		}
	}
	return t
}

func (t told) read(sql []byte) {
	above, table := "", ""
	for lines := bufio.NewScanner(bytes.NewReader(sql)); lines.Scan(); {
		line := lines.Text()
		before, remark, _ := strings.Cut(line, "-- ")
		remark = strings.TrimSpace(remark)
		switch {
		case strings.TrimSpace(before) == "" && remark != "":
			above = strings.TrimSpace(above + " " + remark)
			continue
		case creates.MatchString(line):
			table = creates.FindStringSubmatch(line)[1]
			t.tables[table] = above
		case adds.MatchString(line):
			m := adds.FindStringSubmatch(line)
			if remark == "" {
				remark = above
			}
			t.columns[m[1]+"."+m[2]] = remark
		case table != "" && names.MatchString(line):
			t.columns[table+"."+names.FindStringSubmatch(line)[1]] = remark
		}
		above = ""
	}
}

// schema gives the JSON Schema of one line of a table.
func (t told) schema(of db.Table, rule Rule) ([]byte, error) {
	type property struct {
		Type        any    `json:"type"`
		Encoding    string `json:"contentEncoding,omitempty"`
		Description string `json:"description,omitempty"`
	}
	types := map[string]any{"int": []string{"integer", "null"}, "real": []string{"number", "null"}, "blob": []string{"string", "null"}, "text": []string{"string", "object", "array", "null"}}
	hidden := map[string]bool{}
	for _, list := range [][]string{rule.Blank, rule.Unnamed, rule.Private} {
		for _, name := range list {
			hidden[name] = true
		}
	}
	properties, required := map[string]property{}, []string{}
	for _, c := range of.Columns {
		p := property{Type: types[c.Kind], Description: t.columns[of.Name+"."+c.Name]}
		if c.Kind == "blob" {
			p.Encoding = "base64"
		}
		if hidden[c.Name] {
			p.Description = strings.TrimSpace(p.Description + " (secret or private: left out of archives)")
		}
		properties[c.Name] = p
		required = append(required, c.Name)
	}
	return json.MarshalIndent(map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "title": of.Name,
		"description": strings.TrimSpace(t.tables[of.Name] + " One line of data/" + of.Name + ". Times are microseconds since 1970, UTC."),
		"type":        "object", "properties": properties, "required": required, "additionalProperties": false,
	}, "", " ")
}
