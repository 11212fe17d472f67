package intake

import (
	"slices"
	"strings"

	"alliance/internal/platform/design"
	"alliance/internal/platform/intake"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/record"
)

func phrase(key, english string) locale.Phrase { return locale.Phrase{Key: key, English: english} }

// doubtWords says a doubt to a reader; {country}, {printed}, {language},
// {region}, {field} and {list} are put into the reader's words.
func (k kind) doubtWords(v design.View, f intake.Finding) string {
	var args []any
	for _, name := range []string{"value", "town", "others", "other", "n", "guess", "acronym", "word"} {
		if s, ok := f.Args[name]; ok {
			args = append(args, name, s)
		}
	}
	for _, name := range []string{"country", "printed"} {
		if code, ok := f.Args[name]; ok {
			said := v.T("intake.country.none", "no country")
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
	if name, ok := f.Args["field"]; ok {
		args = append(args, "field", k.label(v, name))
	}
	if names, ok := f.Args["fields"]; ok {
		var list []string
		for _, name := range strings.Split(names, ",") {
			list = append(list, k.label(v, name))
		}
		args = append(args, "list", v.And(list))
	}
	if own, ok := k.Doubts[f.Code]; ok {
		return v.Say(own, args...)
	}
	return v.Say(intake.Sentences[f.Code], args...)
}

// short names a doubt in the filter.
func (k kind) short(v design.View, code intake.Code) string {
	if own, ok := k.Short[code]; ok {
		return v.Say(own)
	}
	return v.Say(intake.Shorts[code])
}

// label names a field.
func (k kind) label(v design.View, name string) string {
	if f, ok := k.Field(name); ok {
		return v.Say(f.Label)
	}
	return name
}

// outcomes in words, for the report, in its order.
var outcomes = []struct {
	Code  string
	Label locale.Phrase // before or after, the same words serve both
}{
	{"open", phrase("intake.out.open", "To decide")},
	{Added, phrase("intake.out.added", "New")},
	{Restored, phrase("intake.out.restored", "Back after being withdrawn")},
	{Unchanged, phrase("intake.out.unchanged", "Unchanged, known already")},
	{Same, phrase("intake.out.same", "Same as one that is there")},
	{Skipped, phrase("intake.out.skipped", "Left out")},
	{SkippedBefore, phrase("intake.out.skipped-before", "Left out, as last time")},
	{Taken, phrase("intake.out.undone", "Taken back")},
	{StaysChanged, phrase("intake.out.stays-changed", "Stays: somebody changed it since")},
	{intake.StaysMandate, phrase("intake.out.stays-mandate", "Stays: people act for it")},
	{Failed, phrase("intake.out.failed", "Could not be brought in")},
	{intake.StaysUsed, phrase("intake.out.stays-used", "Stays: it has taken part since")},
}

func outcomeWords(v design.View, code string) string {
	for _, o := range outcomes {
		if o.Code == code {
			return v.Say(o.Label)
		}
	}
	return code
}

func (k kind) columnOptions(v design.View) []design.Option {
	list := []design.Option{{Value: "", Label: v.T("intake.column.none", "Leave out")}}
	for _, f := range k.Fields {
		list = append(list, design.Option{Value: f.Name, Label: v.Say(f.Label)})
	}
	return list
}

// options of a field one can correct.
func options(v design.View, list []record.Option) (options []design.Option) {
	for _, o := range list {
		options = append(options, design.Option{Value: o.Value, Label: v.Say(o.Label)})
	}
	return options
}

// placed tells that a column holds coordinates or streets, so that one can ask
// how closely they may be told.
func (b Batch) placed() bool {
	return slices.Contains(b.Columns, "lat") || slices.Contains(b.Columns, record.Address)
}

// picks are the answers to what becomes of a row.
func (w rowView) picks(v design.View) []design.Option {
	var list []design.Option
	if w.Differs && w.Suggested.Action == "import" {
		hint, tag := w.kind.Say(v, w.Suggested.Values, w.Name())
		list = append(list, design.Option{Value: "suggested", Label: v.T("intake.pick.suggested", "Bring in, as suggested"), Hint: hint, HintLang: tag})
	}
	hint, _ := w.kind.Say(v, w.Printed.Values, w.Name())
	list = append(list, design.Option{Value: "printed", Label: v.T("intake.pick.printed", "Bring in, as printed"), Hint: hint})
	for _, t := range w.Twins {
		list = append(list, design.Option{Value: "same:" + t.ID, Label: v.T("intake.pick.same", "It is the same as {name}", "name", t.Name)})
	}
	list = append(list, design.Option{Value: "skip", Label: v.T("intake.pick.skip", "Leave it out")})
	return append(list, design.Option{Value: "other", Label: v.T("intake.pick.other", "Bring in with the words below")})
}

// field is a correction as a field of the form.
func (w rowView) field(v design.View, f intake.Field) design.Field {
	d := design.Field{Name: "r" + itoa(w.N) + "-" + f.Name, Autocomplete: "off", Label: v.Say(f.Label), Options: options(v, f.Options), Value: w.typedOr("-"+f.Name, w.fields()[f.Name]), Optional: f.Name != w.kind.Title && f.Options == nil}
	if f.Name == w.kind.Title {
		d.Max = 300
	}
	if f.Name == record.Country && len(d.Value) == 2 && strings.ToUpper(d.Value) == d.Value {
		d.Value = v.Country(d.Value)
	}
	return d
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

func delimiterName(v design.View, d string) string {
	switch d {
	case ";":
		return v.T("intake.delimiter.semicolon", "semicolons")
	case ",":
		return v.T("intake.delimiter.comma", "commas")
	case "\t":
		return v.T("intake.delimiter.tab", "tabs")
	}
	return d
}

// columnLabel is a column's heading, else its number.
func columnLabel(v design.View, b Batch, rows []importRow, i int) string {
	n := v.T("intake.columns.n", "Column {n}", "n", i+1)
	if b.Heading && len(rows) > 0 && i < len(rows[0].Cells) && rows[0].Cells[i] != "" {
		return v.T("intake.columns.named", "{column}: {heading}", "column", n, "heading", rows[0].Cells[i])
	}
	return n
}

// printedWords are the row's own words beside its name.
func (w rowView) printedWords(v design.View) string {
	var parts []string
	for _, f := range w.kind.Fields {
		s := w.Print[f.Name]
		if s == "" || f.Name == w.kind.Title {
			continue
		}
		if r := []rune(s); len(r) > 60 {
			s = string(r[:59]) + "…"
		}
		if parts = append(parts, s); len(parts) == 4 {
			break
		}
	}
	return strings.Join(parts, " · ")
}

func kickerOf(v design.View, b batchView) string {
	if b.State == batchDraft {
		return v.T("intake.step", "Step {n} of {of}", "n", 2, "of", 2)
	}
	return ""
}

func rowTabs(v design.View, b batchView) []design.Link {
	href := func(show string) string {
		return v.Href(b.kind.at(b.ID) + "?show=" + show + "#rows")
	}
	var list []design.Link
	if b.State == batchDraft {
		list = append(list, design.Link{Href: href("open"), Label: v.T("intake.out.open", "To decide"), Count: b.Open, Current: b.Show == "open"})
	}
	list = append(list,
		design.Link{Href: href("doubtful"), Label: v.T("intake.rows.doubtful", "With a doubt"), Count: b.Doubtful, Current: b.Show == "doubtful"},
		design.Link{Href: href("all"), Label: v.T("intake.rows.all", "All"), Count: b.All, Current: b.Show == "all"})
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
	g := design.Group{Name: "doubt", Label: v.T("intake.rows.doubt", "Doubt")}
	for _, c := range b.Codes {
		g.Options = append(g.Options, design.Option{Value: string(c.Code), Label: b.kind.short(v, c.Code), Count: c.N})
	}
	if b.Code != "" {
		g.Values = []string{b.Code}
	}
	return []design.Group{g}
}
