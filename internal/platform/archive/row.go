package archive

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"alliance/internal/platform/db"
)

// rows turns the lines db.Copy gives into lines of an archive, and back.
type rows struct {
	table db.Table
	empty map[int]bool // columns that stay empty
	byID  map[int]bool // columns in whose place the id stands
	id    int
	over  int
	of    int
	by    int
}

// rowsOf reads a rule for a table. An unknown column is a mistake in the rule.
func rowsOf(t db.Table, r Rule, addresses bool) (*rows, error) {
	p := &rows{table: t, empty: map[int]bool{}, byID: map[int]bool{}}
	var unknown []string
	at := func(name string) int {
		i := slices.IndexFunc(t.Columns, func(c db.Column) bool { return c.Name == name })
		if i < 0 && name != "" {
			unknown = append(unknown, name)
		}
		return i
	}
	for _, name := range r.Blank {
		p.empty[at(name)] = true
	}
	if !addresses {
		for _, name := range r.Private {
			p.empty[at(name)] = true
		}
	}
	for _, name := range r.Unnamed {
		p.byID[at(name)] = true
	}
	p.over, p.of, p.by = at(r.Over), at(r.Of), at(r.By)
	p.id = slices.IndexFunc(t.Columns, func(c db.Column) bool { return c.Name == "id" })
	if len(unknown) > 0 || len(p.byID) > 0 && p.id < 0 {
		return nil, fmt.Errorf("archive: the rule of table %s names columns it does not have: %s", t.Name, strings.Join(unknown, ", "))
	}
	return p, nil
}

func (p *rows) read(line []byte) (cells []json.RawMessage, err error) {
	return cells, json.Unmarshal(line, &cells)
}

// text gives a column's text; "" for none.
func text(cells []json.RawMessage, i int) (s string) {
	if i >= 0 {
		json.Unmarshal(cells[i], &s) // a number is no text: ""
	}
	return s
}

// hide empties what stays out.
func (p *rows) hide(cells []json.RawMessage) {
	for i := range cells {
		switch {
		case p.byID[i]:
			cells[i] = cells[p.id]
		case !p.empty[i]:
		case p.table.Columns[i].Kind == "int" || p.table.Columns[i].Kind == "real":
			cells[i] = json.RawMessage("0")
		default:
			cells[i] = json.RawMessage(`""`)
		}
	}
}

// array is a row as db.Copy writes it.
func array(b *bytes.Buffer, cells []json.RawMessage) {
	b.WriteByte('[')
	for i, c := range cells {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(c)
	}
	b.WriteByte(']')
}

// object is a row as the archive writes it: with names, and what is JSON within
// a text as JSON, so that other tools need not unpack it twice.
func (p *rows) object(b *bytes.Buffer, cells []json.RawMessage) {
	b.WriteByte('{')
	for i, c := range cells {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(b, "%q:", p.table.Columns[i].Name)
		if inner := text(cells, i); p.table.Columns[i].Kind == "text" && nested(inner) {
			b.WriteString(inner)
			continue
		}
		b.Write(c)
	}
	b.WriteByte('}')
}

// nested tells texts that are JSON in their shortest form: they come back as
// they were, to the letter.
func nested(s string) bool {
	if s == "" || s[0] != '{' && s[0] != '[' {
		return false
	}
	var short bytes.Buffer
	return json.Compact(&short, []byte(s)) == nil && short.String() == s
}

// back reads a line of an archive into the line db.Loader takes.
func (p *rows) back(b *bytes.Buffer, line []byte) error {
	var named map[string]json.RawMessage
	if err := json.Unmarshal(line, &named); err != nil {
		return err
	}
	if len(named) != len(p.table.Columns) {
		return fmt.Errorf("%d columns instead of %d", len(named), len(p.table.Columns))
	}
	cells := make([]json.RawMessage, len(p.table.Columns))
	for i, c := range p.table.Columns {
		raw, ok := named[c.Name]
		if !ok {
			return fmt.Errorf("no column %s", c.Name)
		}
		if c.Kind == "text" && (raw[0] == '{' || raw[0] == '[') {
			quoted, err := json.Marshal(string(raw))
			if err != nil {
				return err
			}
			raw = quoted
		}
		cells[i] = raw
	}
	array(b, cells)
	return nil
}
