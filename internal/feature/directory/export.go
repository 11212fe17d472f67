package directory

import (
	"bytes"
	"context"
	"encoding/csv"
	"strings"

	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/people"
	"alliance/internal/platform/register"
	"alliance/internal/platform/web"
)

// mostExported bounds one export; a longer one is narrowed by country or kind.
const mostExported = 20_000

// every gives all organisations of a query with their side tables.
func (d *Directory) every(ctx context.Context, a people.Actor, q query) ([]Organisation, error) {
	p, err := d.Register.Page(ctx, a, q.sought(), register.Turn{}, mostExported)
	if err != nil {
		return nil, err
	}
	return withProfiles(ctx, d.DB, p.Entries)
}

func (d *Directory) download(c *web.Ctx) error {
	list, err := d.every(c.Context(), c.Actor, readQuery(c.R.URL.Query()))
	if err != nil {
		return err
	}
	body, err := asCSV(c.View, list)
	if err != nil {
		return err
	}
	return c.Download("organisations.csv", "text/csv; charset=utf-8", body)
}

// asCSV writes a list that a spreadsheet opens as it is, and that can be
// brought in again: a mark for UTF-8, semicolons, no cell that calculates.
func asCSV(v design.View, list []Organisation) ([]byte, error) {
	b := bytes.NewBufferString("\uFEFF")
	w := csv.NewWriter(b)
	w.Comma = ';'
	w.UseCRLF = true
	head := []string{"id"}
	for _, f := range []string{colName, colKind, colCountry, colCity, colLanguages, colWebsite, colSummary} {
		head = append(head, v.Say(columnNames[f]))
	}
	if err := w.Write(append(head, "lat", "lon", v.T("directory.field.doubt", "What is not sure"))); err != nil {
		return nil, err
	}
	for _, o := range list {
		at := o.Place.Public()
		lat, lon := "", ""
		if at.Located() {
			lat, lon = degrees(at.Lat), degrees(at.Lon)
		}
		line := []string{o.ID, o.Title().In(v.Lang()).S, design.KindName(v, o.Class), countryName(v, at.Country), at.Name, strings.Join(o.Languages, " "), o.Website,
			o.Text(entry.Summary).In(v.Lang()).S, lat, lon, o.Text(Doubt).In(v.Lang()).S}
		for i := range line {
			line[i] = harmless(line[i], i == 8 || i == 9)
		}
		if err := w.Write(line); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// harmless keeps a spreadsheet from taking a cell for a formula.
func harmless(cell string, isNumber bool) string {
	if !isNumber && cell != "" && strings.ContainsRune("=+-@\t\r|", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
