package output

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"

	"alliance/internal/platform/record"
)

// Asked is one field of a form that others ask to fill, and the columns of
// ours that answer it.
type Asked struct {
	Name              string // as they call it
	From              []string
	Required          string // "yes", "no", "?" = not known
	Words, Characters int    // the most it takes; 0 = no limit is told
}

// Part is what one column says in a field.
type Part struct {
	Column
	Text, Lang string
	Foreign    bool // it has no words in the language asked for: this is the original
}

// Filled is a field with what a record says for it.
type Filled struct {
	Asked
	Parts   []Part   // those with words
	Missing []Column // those without
}

// Fill answers a form from a record, in the language of the reader.
func (s Set) Fill(r record.Record, form []Asked) []Filled {
	columns := map[string]Column{}
	for _, c := range s.Columns() {
		columns[c.Name] = c
	}
	list := make([]Filled, len(form))
	for i, ask := range form {
		list[i].Asked = ask
		for _, name := range ask.From {
			c := columns[name]
			p := Part{Column: c, Lang: s.View.Lang()}
			if q, ok := s.Spec.Question(name); ok && q.Text() {
				said := s.text(r.Text(name))
				p.Text, p.Lang, p.Foreign = said.S, said.Lang, said.Missing
			} else if c.cell != nil {
				p.Text = c.cell(s, r)
			}
			if p.Text == "" {
				list[i].Missing = append(list[i].Missing, c)
			} else {
				list[i].Parts = append(list[i].Parts, p)
			}
		}
	}
	return list
}

// Text is all of a field as it is copied.
func (f Filled) Text() string {
	words := make([]string, len(f.Parts))
	for i, p := range f.Parts {
		words[i] = p.Text
	}
	return strings.Join(words, "\n\n")
}

// Empty tells that nothing of ours answers the field.
func (f Filled) Empty() bool { return len(f.Parts) == 0 }

// Length is how long the text is in what the field counts, and how much of that
// it takes: 0 = no limit is told.
func (f Filled) Length() (n, most int) {
	if f.Characters > 0 {
		return utf8.RuneCountInString(f.Text()), f.Characters
	}
	return len(strings.Fields(f.Text())), f.Words
}

// Over is by how much the text is too long.
func (f Filled) Over() int {
	n, most := f.Length()
	if most == 0 {
		return 0
	}
	return max(0, n-most)
}

// FilledCSV writes a form as a table, a line for each field.
func (s Set) FilledCSV(form []Filled) []byte {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	w.Write([]string{"field", "text", "required", "words", "words_at_most", "characters_at_most", "missing"})
	for _, f := range form {
		var missing []string
		for _, c := range f.Missing {
			missing = append(missing, c.Name)
		}
		w.Write([]string{f.Name, Harmless(f.Text()), f.Required, strconv.Itoa(len(strings.Fields(f.Text()))), limit(f.Words), limit(f.Characters), strings.Join(missing, " ")})
	}
	w.Flush()
	return b.Bytes()
}

func limit(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

type filledJSON struct {
	Field      string     `json:"field"`
	Required   string     `json:"required"`
	Words      int        `json:"words_at_most,omitempty"`
	Characters int        `json:"characters_at_most,omitempty"`
	Over       int        `json:"too_long_by,omitempty"`
	Parts      []partJSON `json:"parts"`
	Missing    []string   `json:"missing"`
}

type partJSON struct {
	Column string `json:"column"`
	Lang   string `json:"lang"`
	Text   string `json:"text"`
}

// FilledJSON writes a form for programs.
func (s Set) FilledJSON(form []Filled) ([]byte, error) {
	list := make([]filledJSON, len(form))
	for i, f := range form {
		one := filledJSON{Field: f.Name, Required: f.Required, Words: f.Words, Characters: f.Characters, Over: f.Over(), Parts: []partJSON{}, Missing: []string{}}
		for _, p := range f.Parts {
			one.Parts = append(one.Parts, partJSON{p.Name, p.Lang, p.Text})
		}
		for _, c := range f.Missing {
			one.Missing = append(one.Missing, c.Name)
		}
		list[i] = one
	}
	return json.MarshalIndent(map[string]any{"lang": s.View.Lang(), "fields": list}, "", " ")
}

// FilledDOCX writes a form as a text document; tag is the language of its own
// words. What is missing stands as an empty field.
func (s Set) FilledDOCX(title, tag string, form []Filled) ([]byte, error) {
	var body strings.Builder
	paragraph(&body, "Title", tag, title, false)
	for _, f := range form {
		paragraph(&body, "Heading1", tag, f.Name, false)
		if f.Empty() {
			paragraph(&body, "Normal", tag, "", false)
		}
		for _, p := range f.Parts {
			for _, line := range strings.Split(p.Text, "\n") {
				if strings.TrimSpace(line) != "" {
					paragraph(&body, "Normal", p.Lang, line, false)
				}
			}
		}
	}
	return pack(body.String(), s.View.Lang())
}
