package output

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"alliance/internal/platform/record"
)

// Column is one column of a table.
type Column struct {
	Name  string // stable, the same in every language: what imports know it by
	Label string // in the reader's language
	cell  func(Set, record.Record) string
}

// Columns lists the columns a kind has, in the order tables show them.
func (s Set) Columns() []Column {
	v := s.View
	list := []Column{{"id", v.T("output.id", "Identifier"), func(_ Set, r record.Record) string { return r.ID }}}
	add := func(name, label string, cell func(Set, record.Record) string) {
		list = append(list, Column{name, label, cell})
	}
	for i, ask := range s.Spec.Questions() {
		if ask.Text() {
			add(ask.Name, v.Say(ask.Label), func(s Set, r record.Record) string { return s.text(r.Text(ask.Name)).S })
		} else {
			add(ask.Name, v.Say(ask.Label), func(s Set, r record.Record) string { return s.answers(ask, r) })
		}
		if i == 0 {
			add("lang", v.T("output.lang", "Language of the title"), func(s Set, r record.Record) string { return s.text(r.Title()).Lang })
		}
	}
	add("organisation", v.T("output.by", "By"), Set.by)
	if s.Spec.Place {
		add("country", v.T("output.country", "Country"), func(s Set, r record.Record) string {
			if c := r.Entry.Place.Public().Country; c != "" {
				return s.View.Country(c)
			}
			return ""
		})
		add("town", v.T("output.town", "Town"), func(_ Set, r record.Record) string { return r.Entry.Place.Public().Name })
		add("lat", v.T("output.lat", "Latitude"), func(_ Set, r record.Record) string { return degrees(r, true) })
		add("lon", v.T("output.lon", "Longitude"), func(_ Set, r record.Record) string { return degrees(r, false) })
	}
	if s.Spec.Axis {
		add("axis", v.T("output.axis", "Line of work"), func(s Set, r record.Record) string { return s.topics([]string{r.Entry.Axis}) })
	}
	if s.Spec.Axes {
		add(record.Axes, v.T("output.axis", "Line of work"), func(s Set, r record.Record) string { return s.topics(r.Answers[record.Axes]) })
	}
	if s.Spec.Themes {
		add("themes", v.T("output.themes", "Themes"), func(s Set, r record.Record) string { return s.topics(r.Entry.Themes) })
	}
	if s.Spec.Licences != nil {
		add("licence", v.T("output.licence", "Reuse"), func(_ Set, r record.Record) string { return r.Licence })
	}
	add("checked", v.T("output.checked", "Last checked"), func(_ Set, r record.Record) string {
		if r.Checked == 0 {
			return ""
		}
		return stamp(r.Checked)[:10]
	})
	add("changed", v.T("output.changed", "Last changed"), func(_ Set, r record.Record) string { return stamp(r.Changed) })
	add("untranslated", v.T("output.untranslated", "Not in this language"), func(s Set, r record.Record) string { return s.fallen(r, false) })
	add("outdated", v.T("output.outdated", "Translation out of date"), func(s Set, r record.Record) string { return s.fallen(r, true) })
	add("url", v.T("output.url", "Page"), Set.Link)
	return list
}

// fallen names the columns whose words are not what the reader asked for: in
// another language, which stands behind the name, or of an older version.
func (s Set) fallen(r record.Record, stale bool) string {
	var names []string
	for _, ask := range s.Spec.Questions() {
		if !ask.Text() {
			continue
		}
		switch text := s.text(r.Text(ask.Name)); {
		case stale && text.Stale:
			names = append(names, ask.Name)
		case !stale && text.Missing:
			names = append(names, ask.Name+" ("+text.Lang+")")
		}
	}
	return strings.Join(names, "; ")
}

// Chosen keeps the columns named, in the order of the kind; none named keeps all.
func Chosen(all []Column, names []string) []Column {
	if len(names) == 0 {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(c Column) bool { return !slices.Contains(names, c.Name) })
}

func degrees(r record.Record, lat bool) string {
	at := r.Entry.Place.Public()
	switch {
	case !at.Located():
		return ""
	case lat:
		return strconv.FormatFloat(at.Lat, 'f', -1, 64)
	}
	return strconv.FormatFloat(at.Lon, 'f', -1, 64)
}

func (s Set) topics(codes []string) string {
	var names []string
	for _, t := range slices.Concat(s.Alliance.Axes, s.Alliance.Themes) {
		if slices.Contains(codes, t.ID) {
			names = append(names, t.Name.In(s.View.Lang()).S)
		}
	}
	return strings.Join(names, "; ")
}

// CSV writes a table as RFC 4180 in UTF-8, with the mark that spreadsheets
// need to read accents. The first line holds the stable names, so that the
// same file can come in again.
func (s Set) CSV(columns []Column) []byte {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	line := make([]string, len(columns))
	for i, c := range columns {
		line[i] = c.Name
	}
	w.Write(line)
	for _, r := range s.Records {
		for i, c := range columns {
			line[i] = Harmless(c.cell(s, r))
		}
		w.Write(line)
	}
	w.Flush()
	return b.Bytes()
}

// Harmless keeps a spreadsheet from taking words for a formula.
func Harmless(cell string) string {
	if cell == "" {
		return cell
	}
	if first := cell[0]; strings.IndexByte("=+-@\t\r", first) >= 0 {
		if _, err := strconv.ParseFloat(cell, 64); err != nil {
			return "'" + cell
		}
	}
	return cell
}

// XLSX writes a table with headings in the reader's language; a second sheet
// says what each column is called elsewhere.
func (s Set) XLSX(columns []Column) ([]byte, error) {
	f := excelize.NewFile()
	defer f.Close()
	const sheet, names = "data", "names"
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return nil, err
	}
	if _, err := f.NewSheet(names); err != nil {
		return nil, err
	}
	if s.View.Dir() == "rtl" {
		yes := true
		if err := f.SetSheetView(sheet, 0, &excelize.ViewOptions{RightToLeft: &yes}); err != nil {
			return nil, err
		}
	}
	w, err := f.NewStreamWriter(sheet) // takes over what was said of the sheet until now
	if err != nil {
		return nil, err
	}
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return nil, err
	}
	row := make([]any, len(columns))
	for i, c := range columns {
		row[i] = excelize.Cell{Value: c.Label, StyleID: bold}
	}
	if err := w.SetRow("A1", row); err != nil {
		return nil, err
	}
	for n, r := range s.Records {
		for i, c := range columns {
			row[i] = typed(c, c.cell(s, r))
		}
		if err := w.SetRow(fmt.Sprintf("A%d", n+2), row); err != nil {
			return nil, err
		}
	}
	if err := w.Flush(); err != nil {
		return nil, err
	}
	for i, c := range columns {
		if err := f.SetSheetRow(names, fmt.Sprintf("A%d", i+1), &[]any{c.Name, c.Label}); err != nil {
			return nil, err
		}
	}
	var b bytes.Buffer
	err = f.Write(&b)
	return b.Bytes(), err
}

// typed gives numbers as numbers; all else is text, which no program runs.
func typed(c Column, cell string) any {
	if cell == "" {
		return nil // no cell at all, rather than an empty text where a number stands
	}
	if c.Name == "lat" || c.Name == "lon" {
		if n, err := strconv.ParseFloat(cell, 64); err == nil {
			return n
		}
	}
	if r := []rune(cell); len(r) > 32000 { // what a cell holds
		return string(r[:32000])
	}
	return cell
}
