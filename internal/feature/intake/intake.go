package intake

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"

	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
	"alliance/internal/platform/intake"
	"alliance/internal/platform/intake/sheet"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
)

// States of a batch.
const (
	batchMapping = "mapping" // which column holds what is not said yet
	batchDraft   = "draft"   // doubts are being decided
	batchApplied = "applied"
	batchUndone  = "undone"
)

// Batch is a list somebody brings in. Nothing of it is in the house until it
// is applied.
type Batch struct {
	intake.List
	Kind, Person, State string
	At, Applied, Undone db.Instant
	Columns             []string
	Heading             bool
	Encoding, Delimiter string
	Above               int // lines of the file above the headings, left out
	Done                int // last row of the work under way
}

// importRow is one line of a batch.
type importRow struct {
	Batch     string
	N         int
	Line      int
	Cells     []string
	Marks     []sheet.Mark
	Doubts    []intake.Finding
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
	Same          = "same"     // somebody said which one it is
	Unchanged     = "unchanged"
	Skipped       = "skipped"
	SkippedBefore = "skipped_before"
	Taken         = "undone" // added, and taken back
	StaysChanged  = "stays_changed"
)

// Choice is what somebody decided about a row.
type Choice struct {
	Action string        `json:"action" enum:"import,skip,same"`
	Values intake.Values `json:"values,omitempty" doc:"What differs from the row, by field"`
	Same   string        `json:"same,omitempty" doc:"Identifier of the one it is"`
	Tell   bool          `json:"tell,omitempty" doc:"Write the doubt on the page, for kinds that do"`
}

// equal compares choices; whether the doubt is told does not count.
func (c Choice) equal(d Choice) bool {
	return c.Action == d.Action && c.Same == d.Same && maps.Equal(c.Values, d.Values)
}

// formerly is how choices were kept when organisations alone were brought in.
type formerly struct{ Name, Kind, Country, City string }

// UnmarshalJSON reads both.
func (c *Choice) UnmarshalJSON(b []byte) error {
	type plain Choice
	var was formerly
	if err := errors.Join(json.Unmarshal(b, (*plain)(c)), json.Unmarshal(b, &was)); err != nil {
		return err
	}
	if c.Values == nil && was != (formerly{}) {
		c.Values = intake.Values{"name": was.Name, "kind": was.Kind, "country": was.Country, "city": was.City}
	}
	return nil
}

// row is a line as its columns are understood.
func (k kind) row(b Batch, r importRow) intake.Row {
	return intake.Row{N: r.Line, Values: k.Read(b.Columns, r.Cells), Marks: r.Marks, Town: r.Town}
}

// asPrinted is the choice to bring a row in as it stands.
func (k kind) asPrinted(b Batch, r importRow) Choice {
	return Choice{Action: "import", Values: k.Printed(k.row(b, r))}
}

// suggested is the choice that the doubts suggest.
func (k kind) suggested(b Batch, r importRow) Choice {
	c, s := k.asPrinted(b, r), intake.Suggested(r.Doubts)
	switch {
	case s.Same != "":
		return Choice{Action: "same", Same: s.Same}
	case s.Skip:
		c.Action = "skip"
	}
	c.Values = maps.Clone(c.Values)
	maps.Copy(c.Values, s.Values)
	c.Tell = c.Action == "import" && k.Telling != nil && k.Telling(r.Doubts)
	return c
}

// plan is what will happen to a row: its choice, or as printed where there is
// no doubt. ok is false while somebody has to decide.
func (k kind) plan(b Batch, r importRow) (c Choice, ok bool) {
	switch {
	case r.settled():
		return Choice{Action: "same", Same: r.Entry}, true
	case r.Choice != nil:
		return *r.Choice, true
	case r.Outcome == SkippedBefore:
		return Choice{Action: "skip"}, true
	case len(r.Doubts) == 0:
		return k.asPrinted(b, r), true
	}
	return k.suggested(b, r), false
}

// batchOf is a file as a new batch.
func (k kind) batchOf(a people.Actor, name string, s sheet.Sheet, pageLang string, at db.Instant) Batch {
	b := Batch{List: intake.List{ID: id.New(), Name: lang.CutBytes(name, 300)}, Kind: k.Name, Person: a.Person, At: at, State: batchMapping, Encoding: s.Encoding, Above: s.Above}
	if s.Delimiter != 0 {
		b.Delimiter = string(s.Delimiter)
	}
	b.Columns, b.Heading = k.Guess(s.First, s.Named)
	b.Lang = listLanguage(s.All(), pageLang)
	return b
}

// begin keeps a new batch with its rows.
func (k kind) begin(ctx context.Context, tx *db.Tx, a people.Actor, b Batch, rows iter.Seq[sheet.Row]) error {
	if err := putBatch(ctx, tx, b); err != nil {
		return err
	}
	n := 0
	for r := range rows {
		n++
		if err := putRow(ctx, tx, importRow{Batch: b.ID, N: n, Line: r.Line, Cells: r.Cells, Marks: r.Marks}); err != nil {
			return err
		}
	}
	journal.Tell(tx, a, journal.Event{Verb: "import.begun", Kind: "import", Subject: b.ID})
	return nil
}

// long tells that a list is worked through in steps.
func (b Batch) long(ctx context.Context, q db.Q) (bool, error) {
	n, err := countRows(ctx, q, b.ID)
	return n > atOnce, err
}

// listLanguage guesses the language of a list by most of its rows.
func listLanguage(rows iter.Seq[sheet.Row], otherwise string) string {
	seen := map[string]int{}
	for r := range rows {
		if tag := intake.Tongue(strings.Join(r.Cells, " ")); tag != "" {
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

// understanding is what somebody says of a list.
type understanding struct {
	columns []string
	heading bool
	lang    string
	exact   bool
}

// understand takes what each column holds, and looks through all rows.
func (k kind) understand(ctx context.Context, tx *db.Tx, a people.Actor, b Batch, u understanding) error {
	if b.State != batchMapping && b.State != batchDraft {
		return fault.Conflict("intake.import.closed", "This list was brought in already.")
	}
	if !slices.Contains(u.columns, k.Title) {
		return fault.Invalid("c0", "intake.import.no-name", "Say which column holds the name.")
	}
	for i, name := range u.columns {
		f, ok := k.Field(name)
		if name != "" && !ok || i >= len(b.Columns) {
			return fault.Invalid("c"+itoa(i), "intake.import.no-column", "There is no such column to choose.")
		}
		if name != "" && !f.Joins && slices.Contains(u.columns[:i], name) {
			return fault.Invalid("c"+itoa(i), "intake.import.twice", "Two columns cannot hold the same. Leave one out.")
		}
	}
	b.Columns, b.Heading, b.Lang, b.Exact = u.columns, u.heading, u.lang, u.exact
	long, err := b.long(ctx, tx)
	if err != nil {
		return err
	}
	if !long {
		b.State = batchDraft
	}
	if err := changeBatch(ctx, tx, b); err != nil {
		return err
	}
	if long {
		return goOn(ctx, tx, a, b, batchLooking)
	}
	rows, err := rowsOf(ctx, tx, b)
	if err != nil {
		return err
	}
	looking, err := k.Look(ctx, tx, a, b.List)
	if err != nil {
		return err
	}
	if err := k.alone(ctx, tx, b, looking, rows); err != nil {
		return err
	}
	among(looking, 0, rows)
	for i := range rows {
		if err := changeRow(ctx, tx, rows[i]); err != nil {
			return err
		}
	}
	return nil
}

// alone gives the next rows of a list the doubts that each raises by itself,
// as it is now. Choices made before stay.
func (k kind) alone(ctx context.Context, q db.Q, b Batch, looking intake.Looking, rows []importRow) error {
	if err := k.match(ctx, q, b, rows); err != nil {
		return err
	}
	look := make([]intake.Row, len(rows))
	for i, r := range rows {
		r.Town = ""
		look[i] = k.row(b, r)
	}
	found, err := looking.Alone(ctx, look)
	if err != nil {
		return err
	}
	for i := range rows {
		r := &rows[i]
		r.Doubts, r.Town = found[i], look[i].Town
		if r.settled() {
			r.Doubts = nil
		}
	}
	return nil
}

// settled tells that a row was decided when it was brought in.
func (r importRow) settled() bool { return r.Outcome == Unchanged || r.Outcome == Restored }

// among adds the doubts that rows raise beside others, and gives those that
// have more now. Before the first of them are from others in the list.
func among(looking intake.Looking, from int, rows []importRow) (changed []importRow) {
	for i := range rows {
		r := &rows[i]
		more, town := looking.Among(from + i)
		if town != "" {
			r.Town = town
		}
		if !r.settled() {
			r.Doubts = append(r.Doubts, more...)
		}
		if town != "" || len(more) > 0 && !r.settled() {
			changed = append(changed, *r)
		}
	}
	return changed
}

// match finds rows that are here already, as printed or as they are now, and
// those that were left out on purpose before.
func (k kind) match(ctx context.Context, q db.Q, b Batch, rows []importRow) error {
	keys := make([]string, len(rows))
	for i := range rows {
		keys[i] = k.Key(k.row(b, rows[i]))
		rows[i].SourceKey, rows[i].Entry, rows[i].Outcome = keys[i], "", ""
	}
	there, err := broughtIn(ctx, q, b, keys)
	if err != nil {
		return err
	}
	if k.There != nil {
		more, err := k.There(ctx, q, keys)
		if err != nil {
			return err
		}
		maps.Copy(there, more)
	}
	before, err := decidedBefore(ctx, q, b, keys)
	if err != nil {
		return err
	}
	if err := standing(ctx, q, there, before); err != nil {
		return err
	}
	for i := range rows {
		if m, ok := there[keys[i]]; ok {
			rows[i].Entry, rows[i].Outcome = m.Entry, Unchanged
			if m.State == entry.Withdrawn {
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

// standing puts what was kept in the place of what was merged into it since an
// earlier list made it.
func standing(ctx context.Context, q db.Q, there map[string]intake.There, before map[string]matched) error {
	var ids []string
	for _, m := range there {
		ids = append(ids, m.Entry)
	}
	for _, m := range before {
		ids = append(ids, m.entry)
	}
	found, err := entry.Many(ctx, q, ids)
	if err != nil {
		return err
	}
	for key, m := range there {
		if e, ok := found[m.Entry]; ok {
			there[key] = intake.There{Entry: e.ID, State: e.State}
		}
	}
	for key, m := range before {
		if e, ok := found[m.entry]; ok {
			m.entry = e.ID
			before[key] = m
		}
	}
	return nil
}

// decide keeps choices about rows.
func (k kind) decide(ctx context.Context, tx *db.Tx, a people.Actor, b Batch, choices map[int]Choice) error {
	if b.State != batchDraft {
		return fault.Conflict("intake.import.closed", "This list was brought in already.")
	}
	rows, err := rowsAmong(ctx, tx, b, slices.Sorted(maps.Keys(choices)))
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
		if c.Action == "import" {
			c.Values = k.whole(b, r, c.Values)
		}
		if f := k.check(r.N, c); f != nil {
			list.Add(f)
			continue
		}
		if c.Action == "same" {
			if e, err := entry.Get(ctx, tx, c.Same); err != nil || e.Kind != k.Name {
				return errors.Join(err, missingUnless(err))
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

func missingUnless(err error) error {
	if err != nil {
		return nil
	}
	return fault.Missing()
}

// whole are values with what the row says where nothing else is said.
func (k kind) whole(b Batch, r importRow, v intake.Values) intake.Values {
	all := maps.Clone(k.asPrinted(b, r).Values)
	for name, value := range v {
		if _, ok := k.Field(name); ok {
			all[name] = value
		}
	}
	if k.Tidy != nil {
		all = k.Tidy(all)
	}
	return all
}

func (k kind) check(n int, c Choice) *fault.Fault {
	field := "r" + itoa(n)
	switch c.Action {
	case "skip":
		return nil
	case "same":
		if c.Same == "" {
			return fault.Invalid(field, "intake.import.same-which", "Say which one it is.")
		}
		return nil
	case "import":
		f := k.Check(c.Values)
		if f != nil {
			f.Field = field + "-" + f.Field
		}
		return f
	}
	return fault.Invalid(field, "intake.import.choose", "Choose what becomes of this row.")
}

// acceptAll takes every suggestion that is still open.
func (k kind) acceptAll(ctx context.Context, tx *db.Tx, a people.Actor, b Batch) error {
	if long, err := b.long(ctx, tx); err != nil || long {
		if err == nil && b.State != batchDraft {
			err = closedUnless(nil)
		}
		if err != nil {
			return err
		}
		return goOn(ctx, tx, a, b, batchAccepting)
	}
	rows, err := rowsOf(ctx, tx, b)
	if err != nil {
		return err
	}
	choices := map[int]Choice{}
	for _, r := range rows {
		if c, ok := k.plan(b, r); !ok {
			if c.Action == "import" && k.check(r.N, c) != nil {
				c = Choice{Action: "skip"}
			}
			choices[r.N] = c
		}
	}
	return k.decide(ctx, tx, a, b, choices)
}

// apply brings a batch in: all of it, or nothing. Two people who bring the same
// list in at once meet at the lock; the second finds everything there.
func (k kind) apply(ctx context.Context, tx *db.Tx, a people.Actor, b Batch, say func(lang string, f intake.Finding) string) error {
	if err := tx.Lock(ctx, "import."+k.Name); err != nil {
		return err
	}
	if b.State == batchMapping {
		return fault.Conflict("intake.import.unmapped", "Say first what each column holds.")
	}
	if long, err := b.long(ctx, tx); err != nil || long {
		if err == nil && b.State != batchDraft {
			err = closedUnless(nil)
		}
		if err != nil {
			return err
		}
		open, err := countOpen(ctx, tx, b.ID)
		if err != nil {
			return err
		}
		if open > 0 {
			return stillOpen(int(open))
		}
		return goOn(ctx, tx, a, b, batchApplying)
	}
	if done, err := moveBatch(ctx, tx, b.ID, batchDraft, batchApplied); err != nil || !done {
		return errors.Join(err, closedUnless(err))
	}
	rows, err := rowsOf(ctx, tx, b)
	if err != nil {
		return err
	}
	if err := k.match(ctx, tx, b, rows); err != nil {
		return err
	}
	open := 0
	for _, r := range rows {
		if _, ok := k.plan(b, r); !ok {
			open++
		}
	}
	if open > 0 {
		return stillOpen(open)
	}
	for i := range rows {
		if err := k.bringIn(ctx, tx, a, b, &rows[i], say); err != nil {
			return err
		}
		if err := changeRow(ctx, tx, rows[i]); err != nil {
			return err
		}
	}
	journal.Tell(tx, a, journal.Event{Verb: "import.applied", Kind: "import", Subject: b.ID})
	return nil
}

func stillOpen(n int) error {
	return fault.Conflict("intake.import.open", "Some rows are not decided yet: {n}.", "n", n)
}

func closedUnless(err error) error {
	if err != nil {
		return nil
	}
	return fault.Conflict("intake.import.closed", "This list was brought in already.")
}

func (k kind) bringIn(ctx context.Context, tx *db.Tx, a people.Actor, b Batch, r *importRow, say func(string, intake.Finding) string) (err error) {
	c, _ := k.plan(b, *r)
	switch {
	case r.Outcome == Restored:
		r.Revision, err = k.Show(ctx, tx, a, r.Entry)
		return err
	case r.Outcome == Unchanged:
		return nil
	case c.Action == "skip":
		r.Outcome = Skipped
		return nil
	case c.Action == "same":
		r.Entry, r.Outcome = c.Same, Same
		return nil
	}
	var told []string
	if c.Tell {
		for _, f := range r.Doubts {
			told = append(told, say(b.Lang, f))
		}
	}
	e, err := k.Add(ctx, tx, a, b.List, k.row(b, *r), c.Values, r.SourceKey, told)
	if err != nil {
		return err
	}
	r.Entry, r.Outcome, r.Revision = e.ID, Added, e.Revision
	return nil
}

// undo takes back what a batch brought in, as far as nobody went on from it.
func (k kind) undo(ctx context.Context, tx *db.Tx, a people.Actor, b Batch) error {
	if err := tx.Lock(ctx, "import."+k.Name); err != nil {
		return err
	}
	if long, err := b.long(ctx, tx); err != nil || long && b.State == batchApplied {
		if err != nil {
			return err
		}
		return goOn(ctx, tx, a, b, batchUndoing)
	}
	done, err := moveBatch(ctx, tx, b.ID, batchApplied, batchUndone)
	if err != nil {
		return err
	}
	if !done {
		return fault.Conflict("intake.import.not-applied", "This list was not brought in, or was taken back already.")
	}
	rows, err := rowsOf(ctx, tx, b)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if err := k.takeBack(ctx, tx, a, &r); err != nil {
			return err
		}
		if err := changeRow(ctx, tx, r); err != nil {
			return err
		}
	}
	journal.Tell(tx, a, journal.Event{Verb: "import.undone", Kind: "import", Subject: b.ID})
	return nil
}

// takeBack withdraws what a row brought in, unless somebody went on from it.
func (k kind) takeBack(ctx context.Context, tx *db.Tx, a people.Actor, r *importRow) error {
	if r.Outcome != Added && r.Outcome != Restored {
		return nil
	}
	e, err := entry.Past(ctx, tx, r.Entry)
	if err != nil {
		return err
	}
	if r.Outcome, err = k.stays(ctx, tx, a, e, *r); err != nil {
		return err
	}
	if r.Outcome == Taken && e.State != entry.Withdrawn {
		_, err = k.Hide(ctx, tx, a, r.Entry)
	}
	return err
}

// stays says why something cannot be taken back, or Taken.
func (k kind) stays(ctx context.Context, tx *db.Tx, a people.Actor, e entry.Entry, r importRow) (string, error) {
	if e.Revision != r.Revision || e.Kept != "" {
		return StaysChanged, nil
	}
	if k.Stays != nil {
		if why, err := k.Stays(ctx, tx, a, e); err != nil || why != "" {
			return why, err
		}
	}
	return Taken, nil
}

func itoa(n int) string { return strconv.Itoa(n) }

// cellLang guesses the language of a cell, for its marking.
func cellLang(b Batch, cell string) string {
	if tag := intake.Tongue(cell); tag != "" {
		return tag
	}
	return b.Lang
}
