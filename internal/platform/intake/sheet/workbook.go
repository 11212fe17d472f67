package sheet

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"alliance/internal/platform/fault"
)

// Bounds of a workbook when it is unpacked.
const (
	maxUnpacked = 64 << 20
	maxFormulas = 20_000 // empty cells that are asked whether a formula stands there
)

// workbook reads a spreadsheet in its own format: of its sheets the one that
// holds most. Nothing is worked out: of a formula the result counts that the
// other program kept.
func workbook(file []byte) (Sheet, error) {
	f, err := excelize.OpenReader(bytes.NewReader(file), excelize.Options{UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxUnpacked / 4})
	if err != nil {
		if strings.Contains(err.Error(), "exceeds") {
			return Sheet{}, fault.TooLarge("intake.sheet.large", "This file is too large: at most {n} MB.", "n", MaxBytes>>20)
		}
		return Sheet{}, unreadable()
	}
	defer f.Close()
	var best Sheet
	most := 0
	for _, name := range f.GetSheetList() {
		s, err := worksheet(f, name)
		if err != nil {
			return Sheet{}, err
		}
		cells := 0
		for _, r := range s.Rows {
			for _, c := range r.Cells {
				if c != "" {
					cells++
				}
			}
		}
		if cells > most {
			best, most = s, cells
		}
	}
	best.Encoding = "XLSX"
	return best, nil
}

func unreadable() error {
	return fault.Invalid("file", "intake.sheet.binary", "We cannot read this file. Save it as CSV or as XLSX, without a password, then try again.")
}

func worksheet(f *excelize.File, name string) (s Sheet, err error) {
	raw, err := f.Rows(name)
	if err != nil {
		return s, nil // a chart, or nothing that has rows
	}
	defer raw.Close()
	shown, err := f.Rows(name)
	if err != nil {
		return s, nil
	}
	defer shown.Close()
	for line := 1; raw.Next() && shown.Next(); line++ {
		if line > 4*MaxRows {
			return s, tooLong()
		}
		values, err := raw.Columns(excelize.Options{RawCellValue: true})
		words, wordsErr := shown.Columns()
		if err != nil || wordsErr != nil {
			return s, unreadable()
		}
		row := Row{Line: line}
		for i, v := range values[:min(len(values), MaxColumns)] {
			said := v
			if i < len(words) {
				said = words[i]
			}
			row.Cells = append(row.Cells, row.clean(cellOf(v, said)))
		}
		for len(row.Cells) > 1 && row.Cells[len(row.Cells)-1] == "" {
			row.Cells = row.Cells[:len(row.Cells)-1]
		}
		s.Rows = append(s.Rows, row)
		if len(s.Rows) > 2*MaxRows {
			return s, tooLong()
		}
	}
	if err := errors.Join(raw.Error(), shown.Error()); err != nil && !errors.Is(err, io.EOF) {
		return s, unreadable()
	}
	s.spread(f, name)
	s.formulas(f, name)
	filled := s.Rows[:0]
	for _, r := range s.Rows {
		if !r.empty() {
			filled = append(filled, r)
		}
	}
	s.Rows = filled
	return s, nil
}

var dated = regexp.MustCompile(`\d[-/.]\w+[-/.]\d|\d:\d`)

// cellOf is a cell as lists write it: a day as 2019-10-18, whatever it looks
// like in the workbook, a number as it is, not as it is shown.
func cellOf(raw, shown string) string {
	if shown == "TRUE" || shown == "FALSE" {
		return shown
	}
	n, err := strconv.ParseFloat(raw, 64)
	if err != nil || raw == shown || !dated.MatchString(shown) || n <= 0 || n >= 2958466 {
		return raw
	}
	at, err := excelize.ExcelDateToTime(n, false)
	switch {
	case err != nil:
		return raw
	case n < 1:
		return at.Format("15:04")
	case n != float64(int(n)):
		return at.Format("2006-01-02 15:04")
	}
	return at.Format("2006-01-02")
}

// spread writes what stands in merged cells into each of them.
func (s *Sheet) spread(f *excelize.File, name string) {
	merged, err := f.GetMergeCells(name)
	if err != nil {
		return
	}
	for _, m := range merged[:min(len(merged), 2000)] {
		x1, y1, err1 := excelize.CellNameToCoordinates(m.GetStartAxis())
		x2, y2, err2 := excelize.CellNameToCoordinates(m.GetEndAxis())
		if err1 != nil || err2 != nil || y1 > len(s.Rows) || x1 > len(s.Rows[y1-1].Cells) {
			continue
		}
		value := s.Rows[y1-1].Cells[x1-1]
		for y := y1; y <= min(y2, len(s.Rows)); y++ {
			r := &s.Rows[y-1]
			for len(r.Cells) < min(x2, MaxColumns) {
				r.Cells = append(r.Cells, "")
			}
			for x := x1; x <= min(x2, MaxColumns); x++ {
				r.Cells[x-1] = value
			}
		}
	}
}

// formulas marks rows where a formula stands without its result.
func (s *Sheet) formulas(f *excelize.File, name string) {
	asked, width := 0, 0
	for _, r := range s.Rows {
		width = max(width, len(r.Cells))
	}
	for i := range s.Rows {
		for x := range width {
			if x < len(s.Rows[i].Cells) && s.Rows[i].Cells[x] != "" {
				continue
			}
			if asked++; asked > maxFormulas {
				return
			}
			at, err := excelize.CoordinatesToCellName(x+1, s.Rows[i].Line)
			if err != nil {
				continue
			}
			if formula, err := f.GetCellFormula(name, at); err == nil && formula != "" {
				s.Rows[i].note(Formula)
			}
		}
	}
}
