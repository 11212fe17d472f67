package design

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"alliance/internal/platform/locale"
)

// Field is one field of a form. One shape serves all of them; each component
// reads what it needs. A field is required unless Optional: nothing is starred,
// optional fields say so in words.
type Field struct {
	Name     string // posted name, and the id unless ID is set
	ID       string
	Label    string
	Hint     string
	Value    string   // what was typed; DateInput "2026-11-22", DateTimeInput "2026-11-22 18:30"
	Values   []string // Checkboxes: what was ticked
	Options  []Option // Select, Radios, Checkboxes
	Optional bool

	Type         string // Input: text (default) email search number password tel url
	Autocomplete string // "name", "email", "organization", "off" …
	Max          int    // characters allowed, 0 = no limit
	Short        bool   // a short box, for numbers and codes
	LTR          bool   // codes, addresses: never right to left

	Rows     int      // TextArea, default 6
	Keep     string   // TextArea: key under which a draft stays in this browser until it is sent
	Lang     string   // TextArea, Input: language of the text, chosen in the select
	Langs    []string // TextArea, Input: languages offered; posted as Name + "-lang"
	Accept   string   // File: ".pdf,image/*"
	Size     string   // File: "5 MB", stated in the hint
	Multiple bool     // File
	Big      bool     // the label is the question of the page
	Slim     bool     // TextArea: one of several rows, its label a number
}

// Option is one choice.
type Option struct {
	Value, Label, Hint string
	Lang               string // of the label, where it is not the page's
	HintLang           string // of the hint, where it is not the page's
	Count              int    // shown in filters when above 0
	Proper             bool   // the label is a name, which nobody translates
	Group              string // a word above the first option of each group
}

// Act is one of several buttons of a form.
type Act struct {
	Label, Icon string
	Name, Value string // posted when pressed
	Style       string // "" main, "alt" second, "danger", "plain" looks like a link
	Hint        string // words only heard, where the label needs its object
}

func (a Act) class() string {
	if a.Style == "plain" {
		return "plain"
	}
	return strings.TrimSpace("btn " + a.Style)
}

// control gives what an input of one line is: its type, direction and value.
// A number is text with a keyboard of digits: spinners and silent rounding help nobody.
func (f Field) control() templ.Attributes {
	a := templ.Attributes{"type": f.Type, "dir": "auto", "value": f.Value}
	switch f.Type {
	case "":
		a["type"] = "text"
	case "number":
		a["type"], a["inputmode"], a["dir"] = "text", "numeric", "ltr"
	case "email", "url", "tel":
		a["dir"] = "ltr"
	case "password":
		delete(a, "value") // never sent back
		delete(a, "dir")
	}
	if f.LTR {
		a["dir"] = "ltr"
	}
	return a
}

func (f Field) rows() int {
	if f.Rows == 0 {
		return 6
	}
	return f.Rows
}

func nth(id string, i int) string {
	if i == 0 {
		return id // the error summary leads to the first
	}
	return id + "-" + strconv.Itoa(i)
}

func (f Field) id() string {
	if f.ID != "" {
		return f.ID
	}
	return f.Name
}

func (f Field) has(value string) bool {
	if f.Value == value && value != "" {
		return true
	}
	for _, x := range f.Values {
		if x == value {
			return true
		}
	}
	return false
}

// about joins the ids of hint and message for aria-describedby.
func (f Field) about(v View) string {
	var ids []string
	if f.hint(v) != "" {
		ids = append(ids, f.id()+"-hint")
	}
	if v.Error(f.Name) != "" {
		ids = append(ids, f.id()+"-err")
	}
	return strings.Join(ids, " ")
}

func (f Field) hint(v View) string {
	if f.Size == "" {
		return f.Hint
	}
	return strings.TrimSpace(f.Hint + " " + v.T("design.file.size", "At most {size}.", "size", f.Size))
}

// described gives the attributes that tie a control to its hint and message.
func (f Field) described(v View) templ.Attributes {
	a := templ.Attributes{}
	if ids := f.about(v); ids != "" {
		a["aria-describedby"] = ids
	}
	if v.Error(f.Name) != "" {
		a["aria-invalid"] = "true"
	}
	return a
}

// part gives day, month, year or time of a date value, as typed.
func (f Field) part(i int) string {
	date, clock, _ := strings.Cut(strings.Replace(f.Value, "T", " ", 1), " ")
	if i == 3 {
		return clock
	}
	p := strings.SplitN(date, "-", 3)
	if len(p) < 3 {
		return ""
	}
	return strings.TrimLeft(p[2-i], "0")
}

// DateValue puts the fields of a DateInput together again: "2026-11-22", or
// as typed when it is no date ("2026-13-40"), or "" when nothing was typed.
// form reads a posted field.
func DateValue(form func(string) string, name string) string {
	d, m, y := strings.TrimSpace(form(name)), strings.TrimSpace(form(name+"-month")), strings.TrimSpace(form(name+"-year"))
	if d == "" && m == "" && y == "" {
		return ""
	}
	return y + "-" + two(m) + "-" + two(d)
}

// DateTimeValue is DateValue for a DateTimeInput: "2026-11-22 18:30".
func DateTimeValue(form func(string) string, name string) string {
	date, clock := DateValue(form, name), strings.TrimSpace(form(name+"-time"))
	if len(clock) == 4 && clock[1] == ':' {
		clock = "0" + clock
	}
	return strings.TrimSpace(date + " " + clock)
}

func two(s string) string {
	if len(s) == 1 && s[0] >= '0' && s[0] <= '9' {
		return "0" + s
	}
	return s
}

// accept is left out where any file will do: an empty one is not valid HTML.
func (f Field) accept() templ.Attributes {
	if f.Accept == "" {
		return nil
	}
	return templ.Attributes{"accept": f.Accept}
}

func attrs(v View, lang string) templ.Attributes {
	if !v.foreign(lang) {
		return nil
	}
	return templ.Attributes{"lang": lang, "dir": dirOf(lang)}
}

func current(is bool) templ.Attributes {
	if is {
		return templ.Attributes{"aria-current": "page"}
	}
	return nil
}

func nativeName(lang string) string { return locale.NativeName(lang) }
