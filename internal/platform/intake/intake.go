// Package intake is what bringing in lists has in common for all kinds: how a
// file is read (sheet), what a column may hold, what is doubtful about a row,
// what somebody decides.
//
// The one idea: a list of others is never trusted and never lost. Each row
// becomes a record, is one that is there, or is left out; whatever is not sure
// is a doubt with a suggestion, and somebody decides. A kind says in a Kind
// what it knows of its rows; those that are mostly a form get theirs from
// their questions (Of).
package intake

import (
	"context"
	"slices"
	"strings"

	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/intake/sheet"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
)

// Field is what a column may hold.
type Field struct {
	Name    string
	Label   locale.Phrase
	Words   []string        // what such columns are called elsewhere, folded
	Options []record.Option // one of these; nil = as it is written
	Joins   bool            // several columns may hold it, and become one text
}

// Values are what a row says, by field.
type Values map[string]string

// Row is one line of a list as its columns are understood.
type Row struct {
	N      int // line in the file
	Values Values
	Marks  []sheet.Mark
	Town   string // read in the name where no column says it; Looking fills it
}

// List is what is known of a whole list.
type List struct {
	ID, Name string // Name is that of the file
	Lang     string // it is written in
	Exact    bool   // its points may be told as closely as it does
}

// Code of a doubt.
type Code string

// Doubts that rows of any kind may raise.
const (
	NameMissing Code = "name_missing"
	NameOdd     Code = "name_odd" // signs that are no text
	Twice       Code = "twice"    // in the file
	Known       Code = "known"    // here already
	Unreadable  Code = "unreadable"
	Lacks       Code = "lacks"   // what must be answered before it is published
	Nowhere     Code = "nowhere" // coordinates beyond the Earth, or far from all towns
	LineShort   Code = "line_short"
	LineLong    Code = "line_long"
	LineQuote   Code = "line_quote"
	LineCut     Code = "line_cut"     // words were longer than a cell may be
	LineFormula Code = "line_formula" // a formula without its result
)

// Finding is one doubt about a row.
type Finding struct {
	Code Code              `json:"code"`
	Args map[string]string `json:"args,omitempty"` // for the sentence; "country" and "language" hold codes, "field" the name of one
	Set  Suggestion        `json:"set"`            // what would mend it; zero: nothing surer than what is printed
}

// Suggestion changes what it names.
type Suggestion struct {
	Values Values `json:"values,omitempty"`
	Skip   bool   `json:"skip,omitempty"`
	Same   string `json:"same,omitempty"` // identifier of the one it is
}

// Suggested joins the suggestions of all doubts; the first counts.
func Suggested(list []Finding) (s Suggestion) {
	for _, f := range list {
		s.Skip = s.Skip || f.Set.Skip
		if s.Same == "" {
			s.Same = f.Set.Same
		}
		for name, value := range f.Set.Values {
			if _, said := s.Values[name]; !said {
				if s.Values == nil {
					s.Values = Values{}
				}
				s.Values[name] = value
			}
		}
	}
	return s
}

// There is an entry that a row is.
type There struct {
	Entry string
	State entry.State
}

// Looking looks for doubts in one list, in two walks over its rows: of a row
// only what others are compared with stays in memory.
type Looking interface {
	// Alone gives the doubts that each of the next rows raises by itself, and
	// fills in the towns that their names say.
	Alone(ctx context.Context, rows []Row) ([][]Finding, error)
	// Among gives the doubts that a row (from 0) raises beside the others and
	// what is here, and its town where only they tell it. It is asked of each
	// in order, once Alone has seen all.
	Among(i int) (more []Finding, town string)
}

// Kind is what the importer must know of a kind of entry.
type Kind struct {
	Name   string
	Title  string // the field that names a row
	Fields []Field
	Open   []string // fields one can correct beside a doubt
	// Content says what a column without a heading seems to hold; nil = nothing.
	Content func(cells []string) string
	// Printed is a row as it stands, in the form in which choices are kept.
	Printed func(Row) Values
	// Tidy brings what somebody typed into that form; nil = it is so already.
	Tidy func(Values) Values
	// Check tells what is wrong with such values; the fault names a field.
	Check func(Values) *fault.Fault
	// Look begins to look for doubts in a list.
	Look func(ctx context.Context, q db.Q, a people.Actor, l List) (Looking, error)
	// Telling are doubts that readers should know of when nothing surer was
	// found; nil = none is written on a page.
	Telling func([]Finding) bool
	// Key is how a row is known again when it comes a second time.
	Key func(Row) string
	// There finds by key what is here under another roof than earlier lists;
	// nil = nothing more.
	There func(ctx context.Context, q db.Q, keys []string) (map[string]There, error)
	// Add makes the entry. key is Key(row), told the doubts in words.
	Add func(ctx context.Context, tx *db.Tx, a people.Actor, l List, r Row, v Values, key string, told []string) (entry.Entry, error)
	// Show brings a withdrawn one back, Hide withdraws one; they give its revision.
	Show, Hide func(ctx context.Context, tx *db.Tx, a people.Actor, id string) (int, error)
	// Stays says why one cannot be taken back beyond that somebody changed it,
	// as an outcome of the importer; "" = it can. nil = always.
	Stays func(ctx context.Context, tx *db.Tx, a people.Actor, e entry.Entry) (string, error)
	// Say is values in words beside the name, which is said again where it
	// differs from what is printed; tag is the language of those words.
	Say func(v design.View, values Values, printed string) (words, tag string)
	// Doubts and Short are sentences and names of the kind's own doubts, Order
	// the order in which pages list them.
	Doubts, Short map[Code]locale.Phrase
	Order         []Code
}

// Field gives one by its name.
func (k *Kind) Field(name string) (Field, bool) {
	i := slices.IndexFunc(k.Fields, func(f Field) bool { return f.Name == name })
	if i < 0 {
		return Field{}, false
	}
	return k.Fields[i], true
}

// Reasons why something that was brought in stays when its list is taken back.
const (
	StaysMandate = "stays_mandate"
	StaysUsed    = "stays_used"
)

// Marked are the doubts that a line itself raises.
func Marked(r Row) (list []Finding) {
	for _, m := range r.Marks {
		if code, ok := map[sheet.Mark]Code{sheet.Short: LineShort, sheet.Long: LineLong, sheet.Open: LineQuote, sheet.Tailed: LineCut, sheet.Formula: LineFormula, sheet.Odd: NameOdd}[m]; ok {
			list = append(list, Finding{Code: code})
		}
	}
	return list
}

// Read understands a line of cells by what each column holds.
func (k *Kind) Read(columns []string, cells []string) Values {
	v := Values{}
	for i, name := range columns {
		if i >= len(cells) || name == "" || cells[i] == "" {
			continue
		}
		if v[name] != "" {
			v[name] += "\n" + cells[i]
		} else {
			v[name] = cells[i]
		}
	}
	return v
}

// Guess says what each column seems to hold, by its heading, and whether the
// first line is one of headings. Where no heading tells, the cells may.
func (k *Kind) Guess(rows []sheet.Row, named bool) (columns []string, heading bool) {
	if len(rows) == 0 {
		return nil, false
	}
	width := 0
	for _, r := range rows[:min(len(rows), 50)] {
		width = max(width, len(r.Cells))
	}
	columns = make([]string, width)
	take := func(i int, name string) {
		if f, ok := k.Field(name); ok && (f.Joins || !slices.Contains(columns, name)) {
			columns[i] = name
		}
	}
	for _, close := range []bool{true, false} { // a heading that fits exactly comes before one that begins alike
		for i, cell := range rows[0].Cells {
			if columns[i] == "" {
				take(i, k.headed(cell, close))
			}
		}
	}
	heading = named || slices.ContainsFunc(columns, func(c string) bool { return c != "" })
	if !heading && k.Content != nil {
		for i := range columns {
			var cells []string
			for _, r := range rows[:min(len(rows), 50)] {
				if i < len(r.Cells) && r.Cells[i] != "" {
					cells = append(cells, r.Cells[i])
				}
			}
			if len(cells) > 0 {
				take(i, k.Content(cells))
			}
		}
	}
	if i := slices.Index(columns, ""); i >= 0 && !slices.Contains(columns, k.Title) { // an unknown heading over the first free column
		columns[i] = k.Title
	}
	return columns, heading
}

// headed finds the field a heading names.
func (k *Kind) headed(cell string, exact bool) string {
	names := []string{headingKey(cell)}
	if i := strings.LastIndexByte(cell, '.'); i >= 0 { // "address.addressLocality"
		names = append(names, headingKey(cell[i+1:]))
	}
	for _, word := range names {
		for _, f := range k.Fields {
			if word == f.Name || slices.Contains(f.Words, word) {
				return f.Name
			}
		}
	}
	if exact {
		return ""
	}
	for _, f := range k.Fields { // "Nom de la structure", "Country of residence"
		for _, h := range f.Words {
			if len(h) > 3 && strings.HasPrefix(names[0], h+" ") {
				return f.Name
			}
		}
	}
	return ""
}

func headingKey(cell string) string {
	return strings.Join(strings.FieldsFunc(lang.Fold(cell), func(r rune) bool { return strings.ContainsRune(" :*._()/'’\"", r) }), " ")
}
