package opendata

import (
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/output"
	"alliance/internal/platform/record"
)

// embedded is a record as a card on another site.
func embedded(v design.View, s output.Set, r record.Record) design.Item {
	title := r.Title().In(v.Lang())
	i := design.Item{Href: s.Link(r), Title: title.S, Lang: title.Lang, Kind: s.Names[r.Organisation].Class, Level: 2}
	if sum := r.Text(entry.Summary).In(v.Lang()); sum.S != "" {
		i.Text, i.TextLang = sum.S, sum.Lang
	}
	if where := design.Where(v, r.Place); where != "" {
		i.Meta = []string{where}
	}
	return i
}
