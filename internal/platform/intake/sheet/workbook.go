package sheet

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"alliance/internal/platform/fault"
)

// maxUnpacked bounds a workbook when it is unpacked.
const maxUnpacked = 64 << 20

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
	var best []Row
	most := 0
	for _, name := range f.GetSheetList() {
		rows, err := worksheet(f, file, name)
		if err != nil {
			return Sheet{}, err
		}
		cells := 0
		for _, r := range rows {
			cells += r.cells()
		}
		if cells > most {
			best, most = rows, cells
		}
	}
	return Sheet{Encoding: "XLSX", all: slices.Values(best)}, nil
}

func unreadable() error {
	return fault.Invalid("file", "intake.sheet.binary", "We cannot read this file. Save it as CSV or as XLSX, without a password, then try again.")
}

func worksheet(f *excelize.File, file []byte, name string) (rows []Row, err error) {
	raw, err := f.Rows(name)
	if err != nil {
		return nil, nil // a chart, or nothing that has rows
	}
	defer raw.Close()
	shown, err := f.Rows(name)
	if err != nil {
		return nil, nil
	}
	defer shown.Close()
	for line := 1; raw.Next() && shown.Next(); line++ {
		if line > 4*MaxRows {
			return nil, tooLong()
		}
		values, err := raw.Columns(excelize.Options{RawCellValue: true})
		words, wordsErr := shown.Columns()
		if err != nil || wordsErr != nil {
			return nil, unreadable()
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
		rows = append(rows, row)
		if len(rows) > 2*MaxRows {
			return nil, tooLong()
		}
	}
	if err := errors.Join(raw.Error(), shown.Error()); err != nil && !errors.Is(err, io.EOF) {
		return nil, unreadable()
	}
	more := asideOf(file, name)
	spread(more.merged, rows)
	for _, cell := range more.unknown {
		if _, y, err := excelize.CellNameToCoordinates(cell); err == nil && y <= len(rows) {
			rows[y-1].note(Formula)
		}
	}
	return slices.DeleteFunc(rows, Row.empty), nil
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
func spread(merged []string, rows []Row) {
	for _, area := range merged {
		first, last, _ := strings.Cut(area, ":")
		x1, y1, err1 := excelize.CellNameToCoordinates(first)
		x2, y2, err2 := excelize.CellNameToCoordinates(last)
		if err1 != nil || err2 != nil || y1 > len(rows) || x1 > len(rows[y1-1].Cells) {
			continue
		}
		value := rows[y1-1].Cells[x1-1]
		for y := y1; y <= min(y2, len(rows)); y++ {
			r := &rows[y-1]
			for len(r.Cells) < min(x2, MaxColumns) {
				r.Cells = append(r.Cells, "")
			}
			for x := x1; x <= min(x2, MaxColumns); x++ {
				r.Cells[x-1] = value
			}
		}
	}
}
