package directory

import (
	"context"
	"slices"
	"strings"
	"sync"

	"alliance/internal/feature/directory/doubt"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/intake"
	"alliance/internal/platform/intake/sheet"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
	"alliance/internal/platform/record"
)

// intake is what the importer must know of organisations.
func (d *Directory) intake() *intake.Kind {
	var kindOptions []record.Option
	if ask, ok := spec.Question("kind"); ok {
		kindOptions = ask.Options
	}
	var fields []intake.Field
	for _, name := range columnFields {
		f := intake.Field{Name: name, Label: columnNames[name], Words: intake.Headings[name]}
		if name == colKind {
			f.Options = kindOptions
		}
		fields = append(fields, f)
	}
	k := &intake.Kind{
		Name: Kind, Title: colName, Open: []string{colName, colKind, colCountry, colCity}, Content: contentOf,
		Fields:  fields,
		Printed: func(r intake.Row) intake.Values { return lineOf(r).asPrinted(r.Town) },
		Tidy:    tidy, Check: checkValues, Look: look, Telling: telling,
		Key: func(r intake.Row) string { return lineOf(r).key() }, There: byKeys,
		Add: addRow, Stays: d.stays, Say: sayValues, Doubts: doubtSentences, Short: doubtNames,
		Show: stateTo(entry.Published), Hide: stateTo(entry.Withdrawn),
	}
	for _, code := range doubt.Codes {
		k.Order = append(k.Order, intake.Code(code))
	}
	return k
}

// line is a row as its columns are understood.
type line struct {
	Name, KindRaw, CountryRaw, City, Website, Summary string
	Kind, Country                                     string
	Languages, Countries                              []string
	Street                                            string
}

func lineOf(r intake.Row) line {
	v := r.Values
	l := line{Name: cut(v[colName]), KindRaw: v[colKind], Kind: kindOf(v[colKind]), CountryRaw: v[colCountry], Country: countryOf(v[colCountry]), City: cut(v[colCity]), Languages: languagesOf(v[colLanguages]), Countries: countriesOf(v[colWorks]), Summary: firstLine(v[colSummary])}
	if a := Address(v[colWebsite]); siteKey(a) != "" {
		l.Website = a
	}
	if street, err := record.ReadWord(colAddress, v[colAddress]); err == nil && !strings.ContainsRune(street, '@') { // an address of mail is none to go to
		l.Street = street
	}
	return l
}

func (l line) key() string {
	country, kind := l.Country, l.Kind
	if country == "" {
		country = lang.Fold(l.CountryRaw)
	}
	if kind == "" {
		kind = lang.Fold(l.KindRaw)
	}
	return KeyOf(l.Name, country, cut(kind))
}

func firstLine(s string) string {
	if r := []rune(s); len(r) > 300 {
		return strings.TrimSpace(string(r[:299])) + "…"
	}
	return s
}

func countryOf(s string) string {
	code, _ := place.ParseCountry(s)
	return code
}

// countriesOf reads "Mali, Niger" and "FR;ES".
func countriesOf(s string) (codes []string) {
	for _, one := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(",;/|،", r) }) {
		if code := countryOf(strings.TrimSpace(one)); code != "" && !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	slices.Sort(codes)
	return codes
}

// languagesOf reads "fr, es" and "français / espagnol".
func languagesOf(s string) (tags []string) {
	for _, one := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(",;/|+", r) }) {
		one = strings.TrimSpace(one)
		tag := languageNames()[lang.Fold(one)]
		if tag == "" && len(one) <= 3 {
			tag, _ = lang.Tag(one)
		}
		if tag != "" && !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
	}
	return tags
}

// languageNames finds the tag of a language by its name in any interface
// language, folded.
var languageNames = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	catalog, err := locale.New()
	if err != nil {
		return m
	}
	for _, in := range locale.Languages {
		p := catalog.For(in)
		for _, tag := range lang.Offered {
			m[lang.Fold(p.Language(tag))] = tag
		}
	}
	return m
})

// asPrinted are the values of a row as it stands.
func (l line) asPrinted(town string) intake.Values {
	v := intake.Values{colName: l.Name, colKind: l.Kind, colCountry: l.Country, colCity: l.City}
	if l.City == "" {
		v[colCity] = town
	}
	if l.Kind == "" {
		v[colKind] = string(people.CivilSociety)
	}
	return v
}

func tidy(v intake.Values) intake.Values {
	for name, s := range v {
		v[name] = strings.TrimSpace(s)
	}
	if code := countryOf(v[colCountry]); code != "" {
		v[colCountry] = code
	}
	return v
}

func checkValues(v intake.Values) *fault.Fault {
	switch {
	case v[colName] == "":
		return fault.Invalid(colName, "directory.import.name", "An organisation needs a name.")
	case len([]rune(v[colName])) > 300:
		return fault.Invalid(colName, "entry.text.long", "This text is too long: at most {n} characters.", "n", 300)
	case !slices.Contains(people.OrganisationKinds, people.OrganisationKind(v[colKind])):
		return fault.Invalid(colKind, "directory.kind.choose", "Choose what kind of organisation it is.")
	case v[colCountry] != "" && countryOf(v[colCountry]) == "":
		return fault.Invalid(colCountry, "directory.country.unknown", "Write the name of a country, or leave it empty.")
	}
	return nil
}

// telling are doubts that a reader of the profile should know of, because
// nothing surer than the print was found.
func telling(list []intake.Finding) bool {
	return slices.ContainsFunc(list, func(f intake.Finding) bool {
		return slices.Contains([]doubt.Code{doubt.CountryLanguage, doubt.Region, doubt.Agency, doubt.CountryMissing, doubt.CountryUnknown}, doubt.Code(f.Code))
	})
}

// looking reads all rows as a careful person would.
type looking struct{ *doubt.Reader }

func look(ctx context.Context, q db.Q, _ people.Actor, l intake.List) (intake.Looking, error) {
	existing, err := everyName(ctx, q)
	return looking{doubt.NewReader(existing, l.Lang)}, err
}

// Alone reads the next rows.
func (x looking) Alone(_ context.Context, rows []intake.Row) ([][]intake.Finding, error) {
	found := make([][]intake.Finding, len(rows))
	for i := range rows {
		r := lineOf(rows[i]).forDoubt(rows[i])
		found[i] = findings(x.Reader.Alone(&r))
		if r.Town.ID != 0 && (r.Town.Country == r.Country || r.Country == "") {
			rows[i].Town = r.TownName
		}
		if slices.Contains(rows[i].Marks, sheet.Formula) {
			found[i] = append(found[i], intake.Finding{Code: intake.LineFormula})
		}
	}
	return found, nil
}

// Among compares a row with the others and with the directory.
func (x looking) Among(i int) ([]intake.Finding, string) {
	list, town := x.Reader.Among(i)
	return findings(list), town
}

func findings(list []doubt.Finding) (found []intake.Finding) {
	for _, f := range list {
		s := intake.Suggestion{Skip: f.Set.Skip, Same: f.Set.Same}
		for name, value := range map[string]string{colName: f.Set.Name, colKind: f.Set.Kind, colCountry: f.Set.Country, colCity: f.Set.City} {
			if value != "" {
				if s.Values == nil {
					s.Values = intake.Values{}
				}
				s.Values[name] = value
			}
		}
		found = append(found, intake.Finding{Code: intake.Code(f.Code), Args: f.Args, Set: s})
	}
	return found
}

func (l line) forDoubt(r intake.Row) doubt.Row {
	d := doubt.Row{N: r.N, Name: l.Name, City: l.City, Website: siteKey(l.Website), KindRaw: l.KindRaw, CountryRaw: l.CountryRaw, Kind: l.Kind, Country: l.Country}
	for _, m := range r.Marks {
		switch m {
		case sheet.Short:
			d.Short = true
		case sheet.Long:
			d.Long = true
		case sheet.Odd:
			d.Odd = true
		case sheet.Open:
			d.OpenQuote = true
		case sheet.Tailed:
			d.Shortened = true
		}
	}
	return d
}

// addRow makes the organisation that a row becomes.
func addRow(ctx context.Context, tx *db.Tx, a people.Actor, list intake.List, r intake.Row, v intake.Values, key string, told []string) (entry.Entry, error) {
	l := lineOf(r)
	country := countryOf(v[colCountry])
	tongue := nameLanguage(v[colName], country)
	o := Organisation{Entry: entry.Entry{Class: v[colKind], Lang: list.Lang, Fields: map[string]lang.Text{entry.Title: lang.New(tongue, strings.TrimSpace(v[colName]))}, Place: place.Of(v[colCity], country)},
		Profile: Profile{Website: l.Website, Languages: l.Languages, Countries: l.Countries, Source: list.Name, SourceKey: key, Batch: list.ID}}
	if list.Exact && l.Street != "" && o.Place.Precision == place.InTown { // of its town we know the middle, of itself the street
		o.Place.Precision, o.Street = place.Exact, l.Street
	}
	if l.Summary != "" {
		o.Fields[entry.Summary] = lang.New(list.Lang, l.Summary)
	}
	if len(told) > 0 {
		o.Fields[Doubt] = lang.New(list.Lang, strings.Join(told, "\n\n"))
	}
	o, err := add(ctx, tx, a, o)
	return o.Entry, err
}

func stateTo(to entry.State) func(context.Context, *db.Tx, people.Actor, string) (int, error) {
	return func(ctx context.Context, tx *db.Tx, a people.Actor, id string) (int, error) {
		o, err := get(ctx, tx, id)
		if err != nil {
			return 0, err
		}
		return o.Revision + 1, setState(ctx, tx, a, o, to)
	}
}

// stays says why an organisation cannot be taken back: others go on from it.
func (d *Directory) stays(ctx context.Context, tx *db.Tx, a people.Actor, e entry.Entry) (string, error) {
	mandates, err := people.MandatesFor(ctx, tx, e.ID)
	if err != nil || len(mandates) > 0 {
		return intake.StaysMandate, err
	}
	texts, err := entry.List(ctx, tx, entry.Filter{Organisation: e.ID, Any: true, Limit: 2})
	if err != nil || len(texts) > 1 {
		return intake.StaysUsed, err
	}
	if d.asks.Attended != nil {
		met, err := d.asks.Attended(ctx, tx, a, e.ID)
		if err != nil || len(met) > 0 {
			return intake.StaysUsed, err
		}
	}
	return "", nil
}

// sayValues says what an import would make of a row. The name stands above; it
// is said again only where it changes.
func sayValues(v design.View, c intake.Values, printed string) (words, tag string) {
	parts := []string{design.KindName(v, c[colKind])}
	if c[colName] != printed {
		parts, tag = append([]string{c[colName]}, parts...), nameLanguage(c[colName], countryOf(c[colCountry]))
	}
	where := v.T("directory.country.none", "no country")
	if code := countryOf(c[colCountry]); code != "" {
		where = v.Country(code)
	}
	if c[colCity] != "" {
		if found := place.Lookup(c[colCity], countryOf(c[colCountry])); len(found) > 0 {
			where = v.T("design.place", "{town}, {country}", "town", c[colCity], "country", where)
		}
	}
	return strings.Join(append(parts, where), " · "), tag
}

// byKeys finds organisations by how a list printed them or how they are now;
// those that are withdrawn count less.
func byKeys(ctx context.Context, q db.Q, keys []string) (map[string]intake.There, error) {
	found := map[string]intake.There{}
	for len(keys) > 0 {
		some := keys[:min(len(keys), 200)]
		keys = keys[len(some):]
		for _, column := range []string{"source_key", "name_key"} {
			var w db.Where
			w.In("p."+column, some)
			list, err := db.All(ctx, q, func(r db.Row) (m struct {
				key string
				intake.There
			}, err error) {
				return m, r.Scan(&m.key, &m.Entry, &m.State)
			}, `SELECT p.`+column+`, p.entry, e.state FROM organisation_profile p JOIN entry e ON e.id = p.entry`+w.SQL()+` ORDER BY e.id`, w.Args()...)
			if err != nil {
				return nil, err
			}
			for _, m := range list {
				if was, ok := found[m.key]; !ok || was.State == entry.Withdrawn && m.State != entry.Withdrawn {
					found[m.key] = m.There
				}
			}
		}
	}
	return found, nil
}

// everyName gives the names of all organisations that are there, to compare
// with; the name of one that was merged into another is one of that other's.
func everyName(ctx context.Context, q db.Q) ([]doubt.Existing, error) {
	return db.All(ctx, q, func(r db.Row) (e doubt.Existing, err error) {
		return e, r.Scan(&e.ID, &e.Name, &e.Country, &e.Kind, &e.Site)
	},
		`SELECT CASE WHEN e.kept = '' THEN o.id ELSE e.kept END, o.name, o.country, o.kind, p.site_key FROM organisation o
			JOIN organisation_profile p ON p.entry = o.id JOIN entry e ON e.id = o.id WHERE o.withdrawn = 0 OR e.kept <> '' ORDER BY o.id`)
}
