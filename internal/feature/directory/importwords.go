package directory

import (
	"strings"

	"alliance/internal/feature/directory/doubt"
	"alliance/internal/platform/design"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/place"
)

func phrase(key, english string) locale.Phrase { return locale.Phrase{Key: key, English: english} }

// names of doubts, for the filter.
var doubtNames = map[doubt.Code]locale.Phrase{
	doubt.NameMissing:     phrase("directory.doubt.name.short", "No name"),
	doubt.NameOdd:         phrase("directory.doubt.odd.short", "Odd signs"),
	doubt.KindMissing:     phrase("directory.doubt.kind.short", "No kind"),
	doubt.KindUnknown:     phrase("directory.doubt.kind-unknown.short", "Unknown kind"),
	doubt.CountryMissing:  phrase("directory.doubt.country.short", "No country"),
	doubt.CountryUnknown:  phrase("directory.doubt.country-unknown.short", "Unknown country"),
	doubt.CountryTown:     phrase("directory.doubt.town.short", "Town of another country"),
	doubt.TownElsewhere:   phrase("directory.doubt.elsewhere.short", "Town with a larger namesake"),
	doubt.CountryLanguage: phrase("directory.doubt.language.short", "Language and country"),
	doubt.CountryNamed:    phrase("directory.doubt.named.short", "Another country in the name"),
	doubt.CountryKnown:    phrase("directory.doubt.known-country.short", "Known in another country"),
	doubt.Region:          phrase("directory.doubt.region.short", "Known in another region"),
	doubt.Agency:          phrase("directory.doubt.agency.short", "Agency of the United Nations"),
	doubt.ScanDigits:      phrase("directory.doubt.digits.short", "Letters for digits"),
	doubt.ScanAcronym:     phrase("directory.doubt.acronym.short", "Acronym does not fit"),
	doubt.ScanSpelling:    phrase("directory.doubt.spelling.short", "Spelling"),
	doubt.Person:          phrase("directory.doubt.person.short", "A person"),
	doubt.National:        phrase("directory.doubt.national.short", "National institution"),
	doubt.Authority:       phrase("directory.doubt.authority.short", "Local authority?"),
	doubt.SameCity:        phrase("directory.doubt.city.short", "Two rows in one town"),
	doubt.Twice:           phrase("directory.doubt.twice.short", "Twice in the list"),
	doubt.Known:           phrase("directory.doubt.known.short", "In the directory already"),
	doubt.LineShort:       phrase("directory.doubt.line-short.short", "Cells missing"),
	doubt.LineLong:        phrase("directory.doubt.line-long.short", "Too many cells"),
	doubt.LineQuote:       phrase("directory.doubt.line-quote.short", "Open quotation mark"),
}

// sentences of doubts; {country}, {printed}, {language} and {region} are put
// into the reader's words.
var doubtSentences = map[doubt.Code]locale.Phrase{
	doubt.NameMissing:     phrase("directory.doubt.name", "This row has no name."),
	doubt.NameOdd:         phrase("directory.doubt.odd", "There are signs in the name that are no letters."),
	doubt.KindMissing:     phrase("directory.doubt.kind", "The list does not say what kind of organisation it is."),
	doubt.KindUnknown:     phrase("directory.doubt.kind-unknown", "The list says “{value}”. This is no kind we know."),
	doubt.CountryMissing:  phrase("directory.doubt.country", "The list gives no country."),
	doubt.CountryUnknown:  phrase("directory.doubt.country-unknown", "The list says “{value}”. We know no such country."),
	doubt.CountryTown:     phrase("directory.doubt.town", "The list says {printed}. But {town} is in another country: {country}."),
	doubt.TownElsewhere:   phrase("directory.doubt.elsewhere", "{town}, {printed}: there is a larger town of that name ({country})."),
	doubt.CountryLanguage: phrase("directory.doubt.language", "The list says {printed}. But the name is in another language: {language}."),
	doubt.CountryNamed:    phrase("directory.doubt.named", "The list says {printed}. But the name itself says {country}."),
	doubt.CountryKnown:    phrase("directory.doubt.known-country", "The list says {printed}. An organisation of that name is known elsewhere: {country}."),
	doubt.Region:          phrase("directory.doubt.region", "The list says {printed}. A network of that name is known in another region: {region}."),
	doubt.Agency:          phrase("directory.doubt.agency", "This is an agency of the United Nations (seat: {country}). The list says {printed}."),
	doubt.ScanDigits:      phrase("directory.doubt.digits", "The scan seems to have read letters for digits, or digits for letters: {guess}?"),
	doubt.ScanAcronym:     phrase("directory.doubt.acronym", "The letters “{acronym}” do not fit the name. Perhaps {guess}?"),
	doubt.ScanSpelling:    phrase("directory.doubt.spelling", "“{word}” looks like a misprint. Perhaps “{guess}”?"),
	doubt.Person:          phrase("directory.doubt.person", "This seems to be a person, not an organisation."),
	doubt.National:        phrase("directory.doubt.national", "This seems to be a national institution. The list says local authority."),
	doubt.Authority:       phrase("directory.doubt.authority", "Nothing in the name says that it is a local authority."),
	doubt.SameCity:        phrase("directory.doubt.city", "Same kind, same town, {town}: {others}."),
	doubt.Twice:           phrase("directory.doubt.twice", "Row {n} of the list is nearly the same: {other}."),
	doubt.Known:           phrase("directory.doubt.known", "The directory has one that is nearly the same: {other}."),
	doubt.LineShort:       phrase("directory.doubt.line-short", "This row has fewer cells than the others."),
	doubt.LineLong:        phrase("directory.doubt.line-long", "This row has more cells than the others."),
	doubt.LineQuote:       phrase("directory.doubt.line-quote", "A quotation mark opens in this row and is never closed."),
}

// doubtWords says a doubt to a reader.
func doubtWords(v design.View, f doubt.Finding) string {
	var args []any
	for _, name := range []string{"value", "town", "others", "other", "n", "guess", "acronym", "word"} {
		if s, ok := f.Args[name]; ok {
			args = append(args, name, s)
		}
	}
	for _, name := range []string{"country", "printed"} {
		if code, ok := f.Args[name]; ok {
			said := v.T("directory.country.none", "no country")
			if code != "" {
				said = v.Country(code)
			}
			args = append(args, name, said)
		}
	}
	if tag, ok := f.Args["language"]; ok {
		args = append(args, "language", v.Language(tag))
	}
	if code, ok := f.Args["region"]; ok {
		args = append(args, "region", v.Country(code))
	}
	return v.Say(doubtSentences[f.Code], args...)
}

// outcomes in words, for the report, in its order.
var outcomes = []struct {
	Code  string
	Label locale.Phrase // before or after, the same words serve both
}{
	{"open", phrase("directory.out.open", "To decide")},
	{Added, phrase("directory.out.added", "New")},
	{Restored, phrase("directory.out.restored", "Back after being withdrawn")},
	{Unchanged, phrase("directory.out.unchanged", "Unchanged, known already")},
	{Same, phrase("directory.out.same", "Same as one that is there")},
	{Skipped, phrase("directory.out.skipped", "Left out")},
	{SkippedBefore, phrase("directory.out.skipped-before", "Left out, as last time")},
	{Taken, phrase("directory.out.undone", "Taken back")},
	{StaysChanged, phrase("directory.out.stays-changed", "Stays: somebody changed it since")},
	{StaysMandate, phrase("directory.out.stays-mandate", "Stays: people act for it")},
	{StaysUsed, phrase("directory.out.stays-used", "Stays: it has taken part since")},
}

func outcomeWords(v design.View, code string) string {
	for _, o := range outcomes {
		if o.Code == code {
			return v.Say(o.Label)
		}
	}
	return code
}

// inWords says what an import would make of a row. The name stands above; it
// is said again only where it changes.
func (c Choice) inWords(v design.View, printed string) (words, tag string) {
	parts := []string{design.KindName(v, c.Kind)}
	if c.Name != printed {
		parts, tag = append([]string{c.Name}, parts...), nameLanguage(c.Name, countryOf(c.Country))
	}
	where := v.T("directory.country.none", "no country")
	if code := countryOf(c.Country); code != "" {
		where = v.Country(code)
	}
	if c.City != "" {
		if found := place.Lookup(c.City, countryOf(c.Country)); len(found) > 0 {
			where = v.T("design.place", "{town}, {country}", "town", c.City, "country", where)
		}
	}
	return strings.Join(append(parts, where), " · "), tag
}

var columnNames = map[string]locale.Phrase{
	"":           phrase("directory.column.none", "Leave out"),
	colName:      phrase("directory.field.name", "Name"),
	colKind:      phrase("directory.field.kind", "Kind"),
	colCountry:   phrase("directory.field.country", "Country"),
	colCity:      phrase("directory.field.town", "Town"),
	colWebsite:   phrase("directory.field.website", "Website"),
	colLanguages: phrase("directory.field.languages", "Languages of work"),
	colSummary:   phrase("directory.field.summary", "In one line"),
}

func columnOptions(v design.View) []design.Option {
	list := []design.Option{{Value: "", Label: v.Say(columnNames[""])}}
	for _, f := range columnFields {
		list = append(list, design.Option{Value: f, Label: v.Say(columnNames[f])})
	}
	return list
}

// picks are the answers to what becomes of a row.
func (w rowView) picks(v design.View) []design.Option {
	var list []design.Option
	if w.Differs && w.Suggested.Action == "import" {
		hint, tag := w.Suggested.inWords(v, w.Print.Name)
		list = append(list, design.Option{Value: "suggested", Label: v.T("directory.pick.suggested", "Bring in, as suggested"), Hint: hint, HintLang: tag})
	}
	hint, _ := w.Printed.inWords(v, w.Print.Name)
	list = append(list, design.Option{Value: "printed", Label: v.T("directory.pick.printed", "Bring in, as printed"), Hint: hint})
	for _, t := range w.Twins {
		list = append(list, design.Option{Value: "same:" + t.ID, Label: v.T("directory.pick.same", "It is the same as {name}", "name", t.Name)})
	}
	list = append(list, design.Option{Value: "skip", Label: v.T("directory.pick.skip", "Leave it out")})
	return append(list, design.Option{Value: "other", Label: v.T("directory.pick.other", "Bring in with the words below")})
}

// typedOr gives what was typed in a field of a row, else what stands there.
func (w rowView) typedOr(name, otherwise string) string {
	if w.Typed != nil {
		return w.Typed[name]
	}
	return otherwise
}

func (w rowView) tells() string {
	if w.Typed != nil {
		return w.Typed["-tell"]
	}
	c := w.Plan
	if c.Action != "import" {
		c = w.Suggested
	}
	if c.Tell {
		return "1"
	}
	return ""
}

func ticked(b bool) string {
	if b {
		return "1"
	}
	return ""
}

func countryName(v design.View, code string) string {
	if code == "" {
		return ""
	}
	return v.Country(code)
}

func delimiterName(v design.View, d string) string {
	switch d {
	case ";":
		return v.T("directory.delimiter.semicolon", "semicolons")
	case ",":
		return v.T("directory.delimiter.comma", "commas")
	case "\t":
		return v.T("directory.delimiter.tab", "tabs")
	}
	return d
}

// columnLabel is a column's heading, else its number.
func columnLabel(v design.View, b Batch, rows []importRow, i int) string {
	n := v.T("directory.columns.n", "Column {n}", "n", i+1)
	if b.Heading && len(rows) > 0 && i < len(rows[0].Cells) && rows[0].Cells[i] != "" {
		return v.T("directory.columns.named", "{column}: {heading}", "column", n, "heading", rows[0].Cells[i])
	}
	return n
}

// cellLang guesses the language of a cell, for its marking.
func cellLang(b Batch, cell string) string {
	if tag := doubt.Tongue(cell); tag != "" {
		return tag
	}
	return b.Lang
}

func printedWords(v design.View, l line) string {
	var parts []string
	for _, s := range []string{l.KindRaw, l.City, l.CountryRaw} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	if l.CountryRaw == "" {
		parts = append(parts, v.T("directory.country.none", "no country"))
	}
	return strings.Join(parts, " · ")
}

func kickerOf(v design.View, b batchView) string {
	if b.State == batchDraft {
		return v.T("directory.step", "Step {n} of {of}", "n", 2, "of", 2)
	}
	return ""
}

func rowTabs(v design.View, b batchView) []design.Link {
	href := func(show string) string {
		return v.Href("/organisations/import/lists/" + b.ID + "?show=" + show + "#rows")
	}
	var list []design.Link
	if b.State == batchDraft {
		list = append(list, design.Link{Href: href("open"), Label: v.T("directory.out.open", "To decide"), Count: b.Open, Current: b.Show == "open"})
	}
	list = append(list,
		design.Link{Href: href("doubtful"), Label: v.T("directory.rows.doubtful", "With a doubt"), Count: b.Doubtful, Current: b.Show == "doubtful"},
		design.Link{Href: href("all"), Label: v.T("directory.rows.all", "All"), Count: b.All, Current: b.Show == "all"})
	for _, o := range outcomes[1:] {
		if n := b.Out[o.Code]; n > 0 {
			list = append(list, design.Link{Href: href(o.Code), Label: v.Say(o.Label), Count: n, Current: b.Show == o.Code})
		}
	}
	return list
}

func doubtGroup(v design.View, b batchView) []design.Group {
	if len(b.Codes) == 0 {
		return nil
	}
	g := design.Group{Name: "doubt", Label: v.T("directory.rows.doubt", "Doubt")}
	for _, c := range b.Codes {
		g.Options = append(g.Options, design.Option{Value: string(c.Code), Label: v.Say(doubtNames[c.Code]), Count: c.N})
	}
	if b.Code != "" {
		g.Values = []string{b.Code}
	}
	return []design.Group{g}
}
