package record

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"alliance/internal/platform/alliance"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/place"
	"alliance/internal/platform/web"
)

// Say gives the answers to a question in words for a reader, one string each.
// Entries are named by names; those not in it are left out.
func (ask Question) Say(v design.View, values []string, names map[string]entry.Entry) (list []string) {
	for _, value := range values {
		switch ask.Type {
		case Choice, Choices:
			if o, ok := ask.Option(value); ok {
				value = v.Say(o.Label)
			}
		case YesNo:
			value = v.T("record.no", "No")
			if values[0] == "yes" {
				value = v.T("record.yes", "Yes")
			}
		case Day:
			value = SayDay(v, value)
		case Moment:
			value = sayMoment(v, value)
		case Number:
			value = v.Number(web.Whole(value))
		case Money:
			value = SayMoney(v, value)
		case Web:
			value = strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(value, "https://"), "http://"), "www."), "/")
		case Languages:
			value = v.Language(value)
		case Countries:
			value = v.Country(value)
		case Opening:
			value = SayHours(v, value)
		case Entries:
			e, ok := names[value]
			if !ok {
				continue
			}
			value = e.Title().In(v.Lang()).S
		}
		list = append(list, value)
	}
	return list
}

// LastDay is the last day that "2019", "2019-10" or "2019-10-18" may mean.
func LastDay(s string) string {
	switch len(s) {
	case 4:
		return s + "-12-31"
	case 7:
		if t, err := time.Parse("2006-01", s); err == nil {
			return t.AddDate(0, 1, -1).Format(time.DateOnly)
		}
	}
	return s
}

// FirstDay is the first day it may mean.
func FirstDay(s string) string {
	const from = "0000-01-01"
	if len(s) < len(from) {
		return s + from[len(s):]
	}
	return s
}

// SayDay says a day, a month or a year as closely as it is known.
func SayDay(v design.View, s string) string {
	switch len(s) {
	case 4:
		return s
	case 7:
		if t, err := time.Parse("2006-01", s); err == nil {
			return v.Month(t)
		}
	case 10:
		if t, err := time.Parse("2006-01-02", s); err == nil {
			return v.Date(t)
		}
	}
	return s
}

// sayMoment says a day and an hour as the clock at the place shows them.
func sayMoment(v design.View, s string) string {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return v.DateTime(t)
	}
	return SayDay(v, s)
}

// SayMoney says "12000 EUR" with the reader's digits and groups.
func SayMoney(v design.View, s string) string {
	amount, code, _ := strings.Cut(s, " ")
	return v.Number(web.Whole(amount)) + "\u00a0" + code
}

// TypedOf is a record as its form shows it.
func (s *Spec) TypedOf(r Record, names map[string]entry.Entry) Typed {
	t := Typed{InLang: {r.Lang}, Country: {r.Place.Country}, Town: {r.Place.Name}, Axis: {r.Axis}, Themes: r.Themes, Audience: {string(r.Audience)}, Licence: {r.Licence},
		RevisionRead: {itoa(r.Revision)}}
	switch {
	case r.Place.Precision == place.InCountry:
		t[Precision] = []string{"country"}
	case s.Street && r.Place.Precision == place.Exact:
		t[Precision], t[Position] = []string{"exact"}, []string{PointOf(r.Place)}
	case s.Street && r.Place.Precision == place.InTown:
		t[Precision] = []string{"town"}
	}
	for _, ask := range s.Questions() {
		switch {
		case ask.Text():
			t[ask.Name] = []string{r.Text(ask.Name).Original()}
			if text := r.Text(ask.Name); !text.Empty() {
				t[InLang] = []string{text.Orig} // the texts say in which language they are
			}
		case ask.Type == Entries:
			t[ask.Name] = []string{lines(r.Answers[ask.Name], names)}
		default:
			t[ask.Name] = r.Answers[ask.Name]
		}
	}
	return t
}

// PointOf writes where an exact place is, "" for the middle of its town.
func PointOf(exact place.Place) string {
	at, town := exact.Public(), place.Of(exact.Name, exact.Country).Public()
	if !at.Located() || at.Lat == town.Lat && at.Lon == town.Lon {
		return ""
	}
	return strconv.FormatFloat(at.Lat, 'f', -1, 64) + ", " + strconv.FormatFloat(at.Lon, 'f', -1, 64)
}

// precisions are how closely a place may be told.
func precisions(v design.View) []design.Option {
	return []design.Option{
		{Value: "exact", Label: v.T("record.precision.exact", "Exactly, with its address"), Hint: v.T("record.precision.exact.hint", "For a desk that is open to all.")},
		{Value: "town", Label: v.T("record.precision.town", "By its town")},
		{Value: "country", Label: v.T("record.precision.country", "By its country"), Hint: v.T("record.precision.country.hint", "Where people could be in danger if the place were known.")},
	}
}

// lines writes entries as forms ask for them: by name, one a line.
func lines(ids []string, names map[string]entry.Entry) string {
	var list []string
	for _, id := range ids {
		if e, ok := names[id]; ok {
			id = e.Title().Original()
		}
		list = append(list, id)
	}
	return strings.Join(list, "\n")
}

// topicsIn gives topics in words.
func topicsIn(v design.View, all []alliance.Topic, codes []string) string {
	var names []string
	for _, t := range all {
		if slices.Contains(codes, t.ID) {
			names = append(names, t.Name.In(v.Lang()).S)
		}
	}
	return v.And(names)
}

func audienceOptions(v design.View) []design.Option {
	return []design.Option{
		{Value: string(entry.Public), Label: v.T("record.audience.public", "Everybody")},
		{Value: string(entry.Members), Label: v.T("record.audience.members", "Members of the alliance")},
		{Value: string(entry.Committee), Label: v.T("record.audience.committee", "Its authors and the committee")},
	}
}

// field is a question as a field of the form.
func (f Form) field(v design.View, ask Question) design.Field {
	d := design.Field{Name: ask.Name, Label: v.Say(ask.Label), Optional: !ask.Required && ask.Name != entry.Title, Value: f.Typed.One(ask.Name), Values: f.Typed[ask.Name]}
	if ask.Hint.Key != "" {
		d.Hint = v.Say(ask.Hint)
	}
	switch ask.Type {
	case Line, Prose:
		d.Max = ask.limit()
	case Number:
		d.Short = true
	case Money, Zone:
		d.LTR = true
	case Word:
		d.Max = longestWord
	case Mail:
		d.Type, d.Autocomplete = "email", "off" // of what is recorded, not of who types
	case Phone:
		d.Type, d.Autocomplete = "tel", "off"
	case Day:
		switch len(d.Value) { // a year or a month alone
		case 4:
			d.Value += "--"
		case 7:
			d.Value += "-"
		}
	case Web:
		d.Type = "url"
	case Languages:
		d.Options = design.LanguageOptions(v, lang.Offered, f.Typed[ask.Name]...)
	case YesNo:
		d.Options = []design.Option{{Value: "yes", Label: v.T("record.yes", "Yes")}, {Value: "no", Label: v.T("record.no", "No")}}
	case Countries:
		if d.Hint == "" {
			d.Hint = v.T("record.countries.hint", "Names of countries, with commas between them.")
		}
		if len(f.Typed[ask.Name]) > 1 {
			d.Value = strings.Join(f.Typed[ask.Name], ", ")
		}
	case Entries:
		d.Rows = 3
		if d.Hint == "" {
			d.Hint = v.T("record.entries.hint", "One a line: the name as it stands here, or the address of its page.")
		}
	case Choice, Choices:
		for _, o := range ask.Options {
			d.Options = append(d.Options, design.Option{Value: o.Value, Label: v.Say(o.Label)})
		}
	}
	return d
}

// filters are the questions that narrow a list, with counts.
func (l listView) filters(v design.View) design.Filters {
	f := design.Filters{Path: v.Path, Query: l.Query.Words, Label: v.T("record.search", "Word, town or name")}
	if l.Query.By != "" {
		f.Hidden = append(f.Hidden, design.Hide{Name: "by", Value: l.Query.By})
	}
	for _, ask := range l.narrowing() {
		if ask.Type == Entries {
			for _, value := range l.Query.Answers[ask.Name] {
				f.Hidden = append(f.Hidden, design.Hide{Name: ask.Name, Value: value})
			}
		}
	}
	add := func(name, label string, ticked []string, say func(string) (string, string), sorted bool) {
		g := design.Group{Name: name, Label: label, Values: ticked}
		for _, c := range l.Facets[name] {
			if words, tag := say(c.Value); words != "" {
				g.Options = append(g.Options, design.Option{Value: c.Value, Label: words, Lang: tag, Count: c.Count})
			}
		}
		for _, t := range ticked { // a choice without hits can still be taken back
			if !slices.ContainsFunc(l.Facets[name], func(c entry.Facet) bool { return c.Value == t }) {
				words, tag := say(t)
				g.Options = append(g.Options, design.Option{Value: t, Label: words, Lang: tag})
			}
		}
		if sorted {
			slices.SortStableFunc(g.Options, func(a, b design.Option) int { return v.Compare(a.Label, b.Label) })
		}
		if len(g.Options) > 0 {
			f.Groups = append(f.Groups, g)
		}
	}
	plain := func(say func(string) string) func(string) (string, string) {
		return func(s string) (string, string) {
			if s == "" {
				return "", ""
			}
			return say(s), ""
		}
	}
	topic := func(all []alliance.Topic) func(string) (string, string) {
		return func(code string) (string, string) {
			for _, t := range all {
				if t.ID == code {
					r := t.Name.In(v.Lang())
					return r.S, r.Lang
				}
			}
			return "", ""
		}
	}
	for _, ask := range l.Kind.Facets() {
		say := func(s string) string { return strings.Join(ask.Say(v, []string{s}, nil), "") }
		add(ask.Name, v.Say(ask.Label), l.Query.Answers[ask.Name], plain(say), ask.Type == Languages || ask.Type == Countries)
	}
	if l.Place {
		add("country", v.T("record.country.label", "Country"), l.Query.Countries, plain(v.Country), true)
	}
	if l.Axis {
		add("axis", v.T("record.axis", "Line of work"), l.Query.Axes, topic(l.Alliance.Axes), false)
	}
	if l.Themes {
		add("theme", v.T("record.theme", "Theme"), l.Query.Themes, topic(l.Alliance.Themes), false)
	}
	return f
}

// card is a record as a card of a list.
func (k *Kind) card(v design.View, r Record, by entry.Entry) design.Item {
	title := r.Title().In(v.Lang())
	i := design.Item{Href: v.Href(k.Page(r.ID)), Title: title.S, Lang: title.Lang, Kind: by.Class, Level: 2}
	if s := r.Text(entry.Summary).In(v.Lang()); s.S != "" {
		i.Text, i.TextLang = s.S, s.Lang
	}
	if k.Class != "" {
		if ask, ok := k.Question(k.Class); ok {
			i.Tag = strings.Join(ask.Say(v, r.Answers[k.Class], nil), "")
		}
	}
	if where := design.Where(v, r.Place); where != "" {
		i.Meta = append(i.Meta, where)
	}
	return i
}

// found says how many there are, or that there are more than one counts.
func (l listView) found(v design.View) string {
	if l.Count > entry.CountCap {
		return v.T("record.count.more", "More than {n}", "n", entry.CountCap)
	}
	return l.Words.Count(v, l.Count)
}

// stateWords says where a record stands, "" for one that is published.
func stateWords(v design.View, s entry.State) string {
	switch s {
	case entry.Draft:
		return v.T("record.state.draft", "A draft. Only its authors and the coordination see it.")
	case entry.Proposed:
		return v.T("record.state.proposed", "Proposed. It waits for somebody who checks it.")
	case entry.Withdrawn:
		return v.T("record.state.withdrawn", "Withdrawn. Only its authors and the coordination still see it.")
	}
	return ""
}

// LicenceName says a licence in words.
func LicenceName(v design.View, code string) string {
	switch code {
	case "CC-BY-4.0":
		return v.T("record.licence.by", "Free to reuse with the source named (CC BY 4.0)")
	case "CC-BY-SA-4.0":
		return v.T("record.licence.by-sa", "Free to reuse, source named, under the same licence (CC BY-SA 4.0)")
	case "CC0-1.0":
		return v.T("record.licence.zero", "Free to reuse without condition (CC0)")
	case "all-rights":
		return v.T("record.licence.rights", "Ask its authors before you reuse it")
	}
	return code
}

func itoa(n int) string { return strconv.Itoa(n) }

// onMap is the address of the list on the map of everything, with the filters
// that both have.
func (l listView) onMap() string {
	return Query{Words: l.Query.Words, Countries: l.Query.Countries, Axes: l.Query.Axes, Themes: l.Query.Themes}.Href("/map", "kind", l.Spec.Kind)
}
