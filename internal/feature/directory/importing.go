package directory

import (
	"context"
	"errors"
	"slices"
	"strings"

	"alliance/internal/feature/directory/doubt"
	"alliance/internal/feature/directory/sheet"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
)

// States of a batch.
const (
	batchMapping = "mapping" // which column holds what is not said yet
	batchDraft   = "draft"   // doubts are being decided
	batchApplied = "applied"
	batchUndone  = "undone"
)

// Batch is a list somebody brings in. Nothing of it is in the directory until
// it is applied.
type Batch struct {
	ID, Person, Name, Lang, State string
	At, Applied, Undone           db.Instant
	Columns                       []string
	Heading                       bool
	Encoding, Delimiter           string
}

// importRow is one line of a batch.
type importRow struct {
	Batch     string
	N         int
	Line      int
	Cells     []string
	Marks     []sheet.Mark
	Doubts    []doubt.Finding
	Town      string // read in the name
	Choice    *Choice
	SourceKey string
	Entry     string
	Outcome   string
	Revision  int
}

// Outcomes of a row. Before the batch is applied only Unchanged, Restored and
// SkippedBefore are foretold; the others follow from the choice.
const (
	Added         = "added"
	Restored      = "restored" // was withdrawn, is back
	Same          = "same"     // somebody said which organisation it is
	Unchanged     = "unchanged"
	Skipped       = "skipped"
	SkippedBefore = "skipped_before"
	Taken         = "undone" // added, and taken back
	StaysChanged  = "stays_changed"
	StaysMandate  = "stays_mandate"
	StaysUsed     = "stays_used"
)

// Choice is what somebody decided about a row.
type Choice struct {
	Action  string `json:"action" enum:"import,skip,same"`
	Name    string `json:"name,omitempty"`
	Kind    string `json:"kind,omitempty"`
	Country string `json:"country,omitempty"`
	City    string `json:"city,omitempty"`
	Same    string `json:"same,omitempty" doc:"Identifier of the organisation it is"`
	Tell    bool   `json:"tell,omitempty" doc:"Write the doubt on the profile"`
}

// line is a row as its columns are understood.
type line struct {
	Name, KindRaw, CountryRaw, City, Website, Summary string
	Kind, Country                                     string
	Languages                                         []string
}

func (b Batch) read(r importRow) (l line) {
	for i, f := range b.Columns {
		if i >= len(r.Cells) {
			break
		}
		cell := r.Cells[i]
		switch f {
		case colName:
			l.Name = cut(cell)
		case colKind:
			l.KindRaw, l.Kind = cell, kindOf(cell)
		case colCountry:
			l.CountryRaw, l.Country = cell, countryOf(cell)
		case colCity:
			l.City = cut(cell)
		case colWebsite:
			if a := Address(cell); siteKey(a) != "" {
				l.Website = a
			}
		case colLanguages:
			l.Languages = languagesOf(cell)
		case colSummary:
			l.Summary = firstLine(cell)
		}
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

// asPrinted is the choice to bring a row in as it stands.
func (l line) asPrinted(r importRow) Choice {
	c := Choice{Action: "import", Name: l.Name, Kind: l.Kind, Country: l.Country, City: l.City}
	if c.City == "" {
		c.City = r.Town
	}
	if c.Kind == "" {
		c.Kind = string(people.CivilSociety)
	}
	return c
}

// suggested is the choice that the doubts suggest.
func (l line) suggested(r importRow) Choice {
	c, s := l.asPrinted(r), doubt.Suggested(r.Doubts)
	switch {
	case s.Same != "":
		return Choice{Action: "same", Same: s.Same}
	case s.Skip:
		c.Action = "skip"
	}
	for _, p := range []struct {
		to   *string
		from string
	}{{&c.Name, s.Name}, {&c.Kind, s.Kind}, {&c.Country, s.Country}, {&c.City, s.City}} {
		if p.from != "" {
			*p.to = p.from
		}
	}
	c.Tell = c.Action == "import" && telling(r.Doubts)
	return c
}

// telling are doubts that a reader of the profile should know of, because
// nothing surer than the print was found.
func telling(list []doubt.Finding) bool {
	for _, f := range list {
		switch f.Code {
		case doubt.CountryLanguage, doubt.Region, doubt.Agency, doubt.CountryMissing, doubt.CountryUnknown:
			return true
		}
	}
	return false
}

// plan is what will happen to a row: its choice, or as printed where there is
// no doubt. ok is false while somebody has to decide.
func (b Batch) plan(r importRow) (c Choice, ok bool) {
	switch {
	case r.Outcome == Unchanged || r.Outcome == Restored:
		return Choice{Action: "same", Same: r.Entry}, true
	case r.Choice != nil:
		return *r.Choice, true
	case r.Outcome == SkippedBefore:
		return Choice{Action: "skip"}, true
	case len(r.Doubts) == 0:
		return b.read(r).asPrinted(r), true
	}
	return b.read(r).suggested(r), false
}

// begin keeps a file as a new batch.
func begin(ctx context.Context, tx *db.Tx, a people.Actor, name string, s sheet.Sheet, pageLang string) (Batch, error) {
	b := Batch{ID: id.New(), Person: a.Person, At: tx.Now(), Name: cut(name), State: batchMapping, Encoding: s.Encoding, Delimiter: string(s.Delimiter)}
	b.Columns, b.Heading = guessColumns(s.Rows)
	b.Lang = listLanguage(b, s.Rows, pageLang)
	if err := putBatch(ctx, tx, b); err != nil {
		return b, err
	}
	for i, r := range s.Rows {
		if err := putRow(ctx, tx, importRow{Batch: b.ID, N: i + 1, Line: r.Line, Cells: r.Cells, Marks: r.Marks}); err != nil {
			return b, err
		}
	}
	journal.Tell(tx, a, journal.Event{Verb: "import.begun", Kind: "import", Subject: b.ID})
	return b, nil
}

// listLanguage guesses the language of a list by most of its names.
func listLanguage(b Batch, rows []sheet.Row, otherwise string) string {
	seen := map[string]int{}
	for _, r := range rows {
		if tag := doubt.Tongue(strings.Join(r.Cells, " ")); tag != "" {
			seen[tag]++
		}
	}
	best := otherwise
	for _, tag := range locale.Languages {
		if seen[tag] > seen[best] {
			best = tag
		}
	}
	return best
}

// understand takes what each column holds, and looks through all rows.
func understand(ctx context.Context, tx *db.Tx, b Batch, columns []string, heading bool, listLang string) error {
	if b.State != batchMapping && b.State != batchDraft {
		return fault.Conflict("directory.import.closed", "This list was brought in already.")
	}
	if !slices.Contains(columns, colName) {
		return fault.Invalid("c0", "directory.import.no-name", "Say which column holds the name.")
	}
	for i, f := range columns {
		if f != "" && !slices.Contains(columnFields, f) || i >= len(b.Columns) {
			return fault.Invalid("c"+itoa(i), "directory.import.no-column", "There is no such column to choose.")
		}
		if f != "" && slices.Contains(columns[:i], f) {
			return fault.Invalid("c"+itoa(i), "directory.import.twice", "Two columns cannot hold the same. Leave one out.")
		}
	}
	b.Columns, b.Heading, b.Lang, b.State = columns, heading, listLang, batchDraft
	if err := changeBatch(ctx, tx, b); err != nil {
		return err
	}
	return analyse(ctx, tx, b)
}

// analyse looks through all rows again. Choices made before stay.
func analyse(ctx context.Context, tx *db.Tx, b Batch) error {
	rows, err := rowsOf(ctx, tx, b)
	if err != nil {
		return err
	}
	if err := match(ctx, tx, b, rows); err != nil {
		return err
	}
	existing, err := everyName(ctx, tx)
	if err != nil {
		return err
	}
	look := make([]doubt.Row, len(rows))
	for i, r := range rows {
		look[i] = b.read(r).forDoubt(r)
	}
	found := doubt.Look(look, existing, b.Lang)
	for i := range rows {
		r := &rows[i]
		r.Doubts, r.Town = found[i], ""
		if t := look[i]; t.Town.ID != 0 && (t.Town.Country == t.Country || t.Country == "") {
			r.Town = t.TownName
		}
		if r.Outcome == Unchanged || r.Outcome == Restored {
			r.Doubts = nil // decided when it was brought in
		}
		if err := changeRow(ctx, tx, *r); err != nil {
			return err
		}
	}
	return nil
}

func (l line) forDoubt(r importRow) doubt.Row {
	d := doubt.Row{N: r.Line, Name: l.Name, City: l.City, Website: siteKey(l.Website), KindRaw: l.KindRaw, CountryRaw: l.CountryRaw, Kind: l.Kind, Country: l.Country}
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

// match finds rows that are in the directory already, as printed or as they
// are now, and those that were left out on purpose before.
func match(ctx context.Context, q db.Q, b Batch, rows []importRow) error {
	keys := make([]string, len(rows))
	for i := range rows {
		keys[i] = b.read(rows[i]).key()
		rows[i].SourceKey, rows[i].Entry, rows[i].Outcome = keys[i], "", ""
	}
	there, err := byKeys(ctx, q, keys)
	if err != nil {
		return err
	}
	before, err := decidedBefore(ctx, q, b.ID, keys)
	if err != nil {
		return err
	}
	for i := range rows {
		if m, ok := there[keys[i]]; ok {
			rows[i].Entry, rows[i].Outcome = m.entry, Unchanged
			if m.state == entry.Withdrawn {
				rows[i].Outcome = Restored
			}
		} else if m, ok := before[keys[i]]; ok && m.outcome == Skipped {
			rows[i].Outcome = SkippedBefore
		} else if ok {
			rows[i].Entry, rows[i].Outcome = m.entry, Unchanged
		}
	}
	return nil
}

// decide keeps choices about rows.
func decide(ctx context.Context, tx *db.Tx, b Batch, choices map[int]Choice) error {
	if b.State != batchDraft {
		return fault.Conflict("directory.import.closed", "This list was brought in already.")
	}
	rows, err := rowsOf(ctx, tx, b)
	if err != nil {
		return err
	}
	known := map[int]bool{}
	var list fault.List
	for _, r := range rows {
		known[r.N] = true
		c, ok := choices[r.N]
		if !ok {
			continue
		}
		if f := c.check(r.N); f != nil {
			list.Add(f)
			continue
		}
		if c.Action == "same" {
			if _, err := get(ctx, tx, c.Same); err != nil {
				return err
			}
		}
		r.Choice = &c
		if err := changeRow(ctx, tx, r); err != nil {
			return err
		}
	}
	for n := range choices {
		if !known[n] {
			return fault.Missing()
		}
	}
	return list.Err()
}

func (c Choice) check(n int) *fault.Fault {
	field := "r" + itoa(n)
	switch c.Action {
	case "skip":
		return nil
	case "same":
		if c.Same == "" {
			return fault.Invalid(field, "directory.import.same-which", "Say which organisation it is.")
		}
		return nil
	case "import":
	default:
		return fault.Invalid(field, "directory.import.choose", "Choose what becomes of this row.")
	}
	switch {
	case strings.TrimSpace(c.Name) == "":
		return fault.Invalid(field+"-name", "directory.import.name", "An organisation needs a name.")
	case len([]rune(c.Name)) > 300:
		return fault.Invalid(field+"-name", "entry.text.long", "This text is too long: at most {n} characters.", "n", 300)
	case !slices.Contains(people.OrganisationKinds, people.OrganisationKind(c.Kind)):
		return fault.Invalid(field+"-kind", "directory.kind.choose", "Choose what kind of organisation it is.")
	case c.Country != "" && countryOf(c.Country) == "":
		return fault.Invalid(field+"-country", "directory.country.unknown", "Write the name of a country, or leave it empty.")
	}
	return nil
}

// acceptAll takes every suggestion that is still open.
func acceptAll(ctx context.Context, tx *db.Tx, b Batch) error {
	rows, err := rowsOf(ctx, tx, b)
	if err != nil {
		return err
	}
	choices := map[int]Choice{}
	for _, r := range rows {
		if c, ok := b.plan(r); !ok {
			if c.Action == "import" && c.check(r.N) != nil {
				c = Choice{Action: "skip"}
			}
			choices[r.N] = c
		}
	}
	return decide(ctx, tx, b, choices)
}

// apply brings a batch in: all of it, or nothing. Two people who bring the same
// list in at once meet at the lock; the second finds everything there.
func apply(ctx context.Context, tx *db.Tx, a people.Actor, b Batch, say func(lang string, f doubt.Finding) string) error {
	if err := tx.Lock(ctx, "directory.import"); err != nil {
		return err
	}
	if b.State == batchMapping {
		return fault.Conflict("directory.import.unmapped", "Say first what each column holds.")
	}
	if done, err := moveBatch(ctx, tx, b.ID, batchDraft, batchApplied); err != nil || !done {
		return errors.Join(err, closedUnless(err))
	}
	rows, err := rowsOf(ctx, tx, b)
	if err != nil {
		return err
	}
	if err := match(ctx, tx, b, rows); err != nil {
		return err
	}
	open := 0
	for _, r := range rows {
		if _, ok := b.plan(r); !ok {
			open++
		}
	}
	if open > 0 {
		return fault.Conflict("directory.import.open", "Some rows are not decided yet: {n}.", "n", open)
	}
	for i := range rows {
		if err := bringIn(ctx, tx, a, b, &rows[i], say); err != nil {
			return err
		}
		if err := changeRow(ctx, tx, rows[i]); err != nil {
			return err
		}
	}
	journal.Tell(tx, a, journal.Event{Verb: "import.applied", Kind: "import", Subject: b.ID})
	return nil
}

func closedUnless(err error) error {
	if err != nil {
		return nil
	}
	return fault.Conflict("directory.import.closed", "This list was brought in already.")
}

func bringIn(ctx context.Context, tx *db.Tx, a people.Actor, b Batch, r *importRow, say func(string, doubt.Finding) string) error {
	c, _ := b.plan(*r)
	switch {
	case r.Outcome == Restored:
		o, err := get(ctx, tx, r.Entry)
		if err != nil {
			return err
		}
		if err := setState(ctx, tx, a, o, entry.Published); err != nil {
			return err
		}
		r.Revision = o.Revision + 1
		return nil
	case r.Outcome == Unchanged:
		return nil
	case c.Action == "skip":
		r.Outcome = Skipped
		return nil
	case c.Action == "same":
		r.Entry, r.Outcome = c.Same, Same
		return nil
	}
	o, err := add(ctx, tx, a, b.made(*r, c, say))
	if err != nil {
		return err
	}
	r.Entry, r.Outcome, r.Revision = o.ID, Added, o.Revision
	return nil
}

// made is the organisation that a row becomes.
func (b Batch) made(r importRow, c Choice, say func(string, doubt.Finding) string) Organisation {
	l := b.read(r)
	country := countryOf(c.Country)
	tongue := nameLanguage(c.Name, country)
	o := Organisation{Entry: entry.Entry{Class: c.Kind, Lang: b.Lang, Fields: map[string]lang.Text{entry.Title: lang.New(tongue, strings.TrimSpace(c.Name))}, Place: place.Of(c.City, country)},
		Profile: Profile{Website: l.Website, Languages: l.Languages, Source: b.Name, SourceKey: r.SourceKey, Batch: b.ID}}
	if l.Summary != "" {
		o.Fields[entry.Summary] = lang.New(b.Lang, l.Summary)
	}
	if c.Tell {
		var words []string
		for _, f := range r.Doubts {
			words = append(words, say(b.Lang, f))
		}
		if len(words) > 0 {
			o.Fields[Doubt] = lang.New(b.Lang, strings.Join(words, "\n\n"))
		}
	}
	return o
}

// undo takes back what a batch brought in, as far as nobody went on from it.
func (d *Directory) undo(ctx context.Context, tx *db.Tx, a people.Actor, b Batch) error {
	if err := tx.Lock(ctx, "directory.import"); err != nil {
		return err
	}
	done, err := moveBatch(ctx, tx, b.ID, batchApplied, batchUndone)
	if err != nil {
		return err
	}
	if !done {
		return fault.Conflict("directory.import.not-applied", "This list is not in the directory, or was taken back already.")
	}
	rows, err := rowsOf(ctx, tx, b)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if r.Outcome != Added && r.Outcome != Restored {
			continue
		}
		o, err := get(ctx, tx, r.Entry)
		if err != nil {
			return err
		}
		if r.Outcome, err = d.stays(ctx, tx, a, o, r); err != nil {
			return err
		}
		if r.Outcome == Taken && o.State != entry.Withdrawn {
			if err := setState(ctx, tx, a, o, entry.Withdrawn); err != nil {
				return err
			}
		}
		if err := changeRow(ctx, tx, r); err != nil {
			return err
		}
	}
	journal.Tell(tx, a, journal.Event{Verb: "import.undone", Kind: "import", Subject: b.ID})
	return nil
}

// stays says why an organisation cannot be taken back, or Taken.
func (d *Directory) stays(ctx context.Context, tx *db.Tx, a people.Actor, o Organisation, r importRow) (string, error) {
	if o.Revision != r.Revision {
		return StaysChanged, nil
	}
	mandates, err := people.MandatesFor(ctx, tx, o.ID)
	if err != nil || len(mandates) > 0 {
		return StaysMandate, err
	}
	texts, err := entry.List(ctx, tx, entry.Filter{Organisation: o.ID, Any: true, Limit: 2})
	if err != nil || len(texts) > 1 {
		return StaysUsed, err
	}
	if d.asks.Attended != nil {
		met, err := d.asks.Attended(ctx, tx, a, o.ID)
		if err != nil || len(met) > 0 {
			return StaysUsed, err
		}
	}
	return Taken, nil
}
