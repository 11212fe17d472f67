package sheet

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"strings"

	"alliance/internal/platform/fault"
)

// member is one of an object, in the order of the file.
type member struct {
	key   string
	value any // []member, []any, string, json.Number, bool, nil
}

// Files deeper than this are no lists.
const maxDepth = 40

// tree reads lists that maps write: GeoJSON, what uMap saves (.umap), what
// GoGoCarto answers, our own JSON, or any list of objects. Each thing is a row;
// what it holds are columns, named by where it stands ("address.town").
func tree(file []byte) (Sheet, error) {
	dec := json.NewDecoder(bytes.NewReader(file))
	dec.UseNumber()
	root, err := parse(dec, 0)
	if err == nil {
		if _, err = dec.Token(); err == io.EOF {
			err = nil
		} else if err == nil {
			err = io.ErrUnexpectedEOF // something stands behind
		}
	}
	if err != nil {
		return Sheet{}, fault.Invalid("file", "intake.sheet.json", "This file begins as JSON, but cannot be read to its end.")
	}
	rows, format := things(root)
	s := Sheet{Encoding: format, Named: true}
	table := newTable()
	for i, r := range rows {
		if i > MaxRows {
			return Sheet{}, tooLong()
		}
		table.add(i+2, r)
	}
	s.all = func(func(Row) bool) {}
	if len(rows) > 0 {
		s.all = slices.Values(table.rows())
	}
	return s, nil
}

func parse(dec *json.Decoder, depth int) (any, error) {
	if depth > maxDepth {
		return nil, io.ErrUnexpectedEOF
	}
	t, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch t {
	case json.Delim('{'):
		object := []member{}
		for dec.More() {
			key, err := dec.Token()
			if err != nil {
				return nil, err
			}
			name, _ := key.(string)
			value, err := parse(dec, depth+1)
			if err != nil {
				return nil, err
			}
			object = append(object, member{name, value})
		}
		_, err = dec.Token()
		return object, err
	case json.Delim('['):
		list := []any{}
		for dec.More() {
			value, err := parse(dec, depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, value)
		}
		_, err = dec.Token()
		return list, err
	}
	return t, nil
}

func in(v any, key string) any {
	object, _ := v.([]member)
	for _, m := range object {
		if m.key == key {
			return m.value
		}
	}
	return nil
}

func listIn(v any, key string) []any {
	list, _ := in(v, key).([]any)
	return list
}

// things finds the rows of a file, and says what it is.
func things(root any) (rows [][]member, format string) {
	add := func(list []any, of func(any) []member) {
		for _, x := range list {
			if r := of(x); len(r) > 0 {
				rows = append(rows, r)
			}
		}
	}
	plain := func(v any) []member { r, _ := v.([]member); return r }
	if list, ok := root.([]any); ok {
		add(list, plain)
		return rows, "JSON"
	}
	switch kind, _ := in(root, "type").(string); {
	case kind == "umap":
		for _, layer := range listIn(root, "layers") {
			name := in(in(layer, "_umap_options"), "name")
			if name == nil {
				name = in(in(layer, "_storage"), "name")
			}
			add(listIn(layer, "features"), func(v any) []member { return append(feature(v), member{"layer", name}) })
		}
		return rows, "uMap"
	case kind == "FeatureCollection":
		add(listIn(root, "features"), feature)
		return rows, "GeoJSON"
	case kind == "Feature":
		return [][]member{feature(root)}, "GeoJSON"
	case in(root, "ontology") != nil || in(root, "data") != nil:
		add(listIn(root, "data"), plain)
		return rows, "GoGoCarto"
	case in(root, "records") != nil:
		add(listIn(root, "records"), ours)
		return rows, "Alliance"
	case in(root, "@graph") != nil:
		add(listIn(root, "@graph"), plain)
		return rows, "JSON-LD"
	}
	// Any other object: the first list of objects in it.
	object, _ := root.([]member)
	for _, m := range object {
		if list, ok := m.value.([]any); ok && len(list) > 0 {
			if _, ok := list[0].([]member); ok {
				add(list, plain)
				return rows, "JSON"
			}
		}
	}
	return rows, "JSON"
}

// feature is one thing on a map: its properties, and where it is.
func feature(v any) (r []member) {
	properties, _ := in(v, "properties").([]member)
	for _, m := range properties {
		if !strings.HasPrefix(m.key, "_umap") && !strings.HasPrefix(m.key, "_storage") { // how it is drawn there
			r = append(r, m)
		}
	}
	if id := in(v, "id"); id != nil {
		r = append(r, member{"id", id})
	}
	if lon, lat, ok := middle(in(v, "geometry")); ok {
		r = append(r, member{"latitude", lat}, member{"longitude", lon})
	}
	return r
}

// middle is a point, or the middle of what a line or an area spans.
func middle(geometry any) (lon, lat json.Number, ok bool) {
	west, south, east, north := 0.0, 0.0, 0.0, 0.0
	var points int
	var visit func(v any, depth int)
	visit = func(v any, depth int) {
		list, _ := v.([]any)
		if len(list) >= 2 {
			x, xOK := list[0].(json.Number)
			y, yOK := list[1].(json.Number)
			if xOK && yOK {
				fx, err1 := x.Float64()
				fy, err2 := y.Float64()
				if err1 == nil && err2 == nil {
					if points++; points == 1 {
						west, east, south, north, lon, lat = fx, fx, fy, fy, x, y
					}
					west, east, south, north = min(west, fx), max(east, fx), min(south, fy), max(north, fy)
				}
				return
			}
		}
		for _, x := range list {
			if depth < 8 {
				visit(x, depth+1)
			}
		}
	}
	visit(in(geometry, "coordinates"), 0)
	if points > 1 {
		lon, lat = json.Number(strconv.FormatFloat((west+east)/2, 'f', 6, 64)), json.Number(strconv.FormatFloat((south+north)/2, 'f', 6, 64))
	}
	return lon, lat, points > 0
}

// ours is a record of our own JSON: its words in the language they were
// written in, its answers by their names.
func ours(v any) (r []member) {
	object, _ := v.([]member)
	tag, _ := in(v, "lang").(string)
	for _, m := range object {
		switch m.key {
		case "texts":
			texts, _ := m.value.([]member)
			for _, t := range texts {
				words := in(t.value, tag)
				if versions, ok := t.value.([]member); ok && words == nil && len(versions) > 0 {
					words = versions[0].value
				}
				r = append(r, member{t.key, words})
			}
		case "answers":
			answers, _ := m.value.([]member)
			r = append(r, answers...)
		default:
			r = append(r, m)
		}
	}
	return r
}

// table gathers rows whose columns are not known before.
type table struct {
	columns []string
	at      map[string]int
	lines   []Row
}

func newTable() *table { return &table{at: map[string]int{}} }

func (t *table) add(line int, r []member) {
	row := Row{Line: line}
	t.flatten(&row, "", r, 0)
	t.lines = append(t.lines, row)
}

func (t *table) put(r *Row, name, value string) {
	if name == "" || value == "" {
		return
	}
	i, ok := t.at[name]
	if !ok {
		if len(t.columns) == MaxColumns {
			r.note(Long)
			return
		}
		i = len(t.columns)
		t.at[name], t.columns = i, append(t.columns, name)
	}
	for len(r.Cells) <= i {
		r.Cells = append(r.Cells, "")
	}
	if r.Cells[i] = r.clean(value); r.Cells[i] == "" {
		r.Cells[i] = ""
	}
}

func (t *table) flatten(r *Row, prefix string, members []member, depth int) {
	for _, m := range members {
		name := strings.TrimSpace(m.key)
		if prefix != "" {
			name = prefix + "." + name
		}
		if inside, ok := m.value.([]member); ok && depth < 4 {
			t.flatten(r, name, inside, depth+1)
			continue
		}
		t.put(r, name, said(m.value, 0))
	}
}

// said is a value in words: lists with semicolons, things in lists by name.
func said(v any, depth int) string {
	switch x := v.(type) {
	case string:
		return x
	case json.Number:
		return x.String()
	case bool:
		return strconv.FormatBool(x)
	case []any:
		var parts []string
		for _, one := range x {
			if words := said(one, depth+1); words != "" && depth < 4 {
				parts = append(parts, words)
			}
		}
		return strings.Join(parts, "; ")
	case []member:
		for _, name := range []string{"name", "title", "label", "value"} {
			if words, ok := in(x, name).(string); ok {
				return words
			}
		}
		var parts []string
		for _, m := range x {
			if words := said(m.value, depth+1); words != "" && depth < 4 {
				parts = append(parts, words)
			}
		}
		return strings.Join(parts, " ")
	}
	return ""
}

// rows gives the columns' names and then all rows, as wide as the widest.
func (t *table) rows() []Row {
	head := Row{Line: 1}
	for _, c := range t.columns {
		head.Cells = append(head.Cells, head.clean(c))
	}
	list := []Row{head}
	for _, r := range t.lines {
		for len(r.Cells) < len(t.columns) {
			r.Cells = append(r.Cells, "")
		}
		if !r.empty() {
			list = append(list, r)
		}
	}
	return list
}
