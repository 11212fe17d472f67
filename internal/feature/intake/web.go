package intake

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/intake"
	"alliance/internal/platform/intake/sheet"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/output"
	"alliance/internal/platform/web"
)

// rowsAPage is how many rows one decides about at once.
const rowsAPage = 20

func (x *Intake) index(c *web.Ctx) error { return c.Page(indexPage(c.View, x.taken())) }

func (x *Intake) importForm(c *web.Ctx) error {
	k, list, err := x.before(c)
	if err != nil {
		return err
	}
	return c.Page(importPage(c.View, k, list, ""))
}

// before gives a kind and the lists of it so far.
func (x *Intake) before(c *web.Ctx) (kind, []Batch, error) {
	k, err := x.kind(c.Path("kind"))
	if err != nil {
		return k, nil, err
	}
	list, err := batches(c.Context(), x.DB, k.Name)
	return k, list, err
}

func (x *Intake) importFile(c *web.Ctx) error {
	k, list, err := x.before(c)
	if err != nil {
		return err
	}
	text := c.R.PostFormValue("text")
	if err = takeFile(c, k, text); err != nil {
		return c.Retry(err, func(v design.View) templ.Component { return importPage(v, k, list, text) })
	}
	return nil
}

func takeFile(c *web.Ctx, k kind, text string) error {
	name, file := c.View.T("intake.import.pasted", "Pasted text"), []byte(text)
	f, head, err := c.R.FormFile("file")
	switch {
	case err == nil && head.Size > 0:
		defer f.Close()
		name = head.Filename
		if file, err = io.ReadAll(io.LimitReader(f, sheet.MaxBytes+1)); err != nil {
			return err
		}
	case err != nil && !errors.Is(err, http.ErrMissingFile) && !errors.Is(err, http.ErrNotMultipart):
		return err
	case strings.TrimSpace(text) == "":
		return fault.Invalid("file", "intake.import.nothing", "Choose a file, or paste rows from your spreadsheet.")
	}
	s, err := sheet.Read(file)
	if err != nil {
		return err
	}
	finish, err := k.readIn(c.Context(), c.DB, c.Actor, strings.ToValidUTF8(name, "?"), s, c.Lang())
	if err != nil {
		return err
	}
	return c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
		b, err := finish(ctx, tx)
		return k.at(b.ID) + "/columns", err
	})
}

// one gives the kind and the list of an address.
func (x *Intake) one(c *web.Ctx) (kind, Batch, error) {
	k, err := x.kind(c.Path("kind"))
	if err != nil {
		return k, Batch{}, err
	}
	b, err := batchByID(c.Context(), x.DB, c.Path("id"))
	if err == nil && b.Kind != k.Name {
		err = fault.Missing()
	}
	return k, b, err
}

func (x *Intake) columnsForm(c *web.Ctx) error {
	k, b, err := x.one(c)
	if err != nil {
		return err
	}
	return x.columns(c, k, b, nil)
}

func (x *Intake) columns(c *web.Ctx, k kind, b Batch, problem error) error {
	rows, err := firstRows(c.Context(), x.DB, b.ID, 6)
	if err != nil {
		return err
	}
	if problem != nil {
		return c.Retry(problem, func(v design.View) templ.Component { return columnsPage(v, k, b, rows) })
	}
	return c.Page(columnsPage(c.View, k, b, rows))
}

func (x *Intake) setColumns(c *web.Ctx) error {
	k, b, err := x.one(c)
	if err != nil {
		return err
	}
	u := understanding{columns: make([]string, len(b.Columns)), heading: c.Checked("heading"), lang: c.Form("lang"), exact: c.Checked("exact")}
	for i := range u.columns {
		if f, ok := k.Field(c.Form("c" + itoa(i))); ok {
			u.columns[i] = f.Name
		}
	}
	if !slices.Contains(locale.Languages, u.lang) {
		u.lang = b.Lang
	}
	err = c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
		return k.at(b.ID), k.understand(ctx, tx, c.Actor, b, u)
	})
	if err != nil {
		b.Columns, b.Heading, b.Lang, b.Exact = u.columns, u.heading, u.lang, u.exact
		return x.columns(c, k, b, err)
	}
	return nil
}

// batchView is a list on its way in.
type batchView struct {
	Batch
	kind     kind
	Rows     []rowView // of this page
	All      int
	Open     int // rows nobody decided about yet
	Doubtful int
	Codes    []codeCount
	Out      map[string]int // what happens, or happened, by outcome
	Show     string         // open, doubtful, all, or an outcome
	Code     string
	Words    string
	Page     int
	Last     int
	Stays    []rowView // after an undo
}

type codeCount struct {
	Code intake.Code
	N    int
}

// rowView is a row with what may become of it.
type rowView struct {
	importRow
	kind      kind
	Print     intake.Values
	Printed   Choice
	Suggested Choice
	Differs   bool // the suggestion differs from what is printed
	Plan      Choice
	Decided   bool
	Pick      string            // radio: suggested, printed, other, skip, same:ID
	Typed     map[string]string // after an error
	Twins     []twin
	What      string // the outcome, or what is planned
}

// double is what was here already and looks like what the row became, "" for
// nothing: two records that may be one.
func (w rowView) double() string {
	if w.Outcome != Added {
		return ""
	}
	for _, f := range w.Doubts {
		if f.Code == intake.Known && f.Args["entry"] != w.Entry {
			return f.Args["entry"]
		}
	}
	return ""
}

// Name of the row, as it is printed.
func (w rowView) Name() string { return w.Print[w.kind.Title] }

// twin is something that is here, and that the row may be.
type twin struct{ ID, Name string }

func (k kind) view(b Batch, r importRow) rowView {
	w := rowView{importRow: r, kind: k, Print: k.row(b, r).Values}
	w.Printed, w.Suggested = k.asPrinted(b, r), k.suggested(b, r)
	w.Differs = w.Suggested.Action != "import" || !maps.Equal(w.Suggested.Values, w.Printed.Values)
	w.Plan, w.Decided = k.plan(b, r)
	for _, f := range r.Doubts {
		if f.Code == intake.Known {
			w.Twins = append(w.Twins, twin{f.Args["entry"], f.Args["other"]})
		}
	}
	w.Pick = w.pick()
	switch {
	case r.Outcome != "":
		w.What = r.Outcome
	case !w.Decided:
		w.What = "open"
	default:
		w.What = map[string]string{"import": Added, "skip": Skipped, "same": Same}[w.Plan.Action]
	}
	return w
}

// open are the fields one can correct beside the doubts of the row.
func (w rowView) open() (list []intake.Field) {
	names := slices.Clone(w.kind.Open)
	for _, f := range w.Doubts {
		for _, name := range append(slices.Collect(maps.Keys(f.Set.Values)), f.Args["field"]) {
			if name != "" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.SortStableFunc(names, func(a, b string) int { return w.place(a) - w.place(b) })
	for _, name := range names {
		if f, ok := w.kind.Field(name); ok {
			list = append(list, f)
		}
	}
	return list
}

// place of a field on the page: those that are always open come first.
func (w rowView) place(name string) int {
	if i := slices.Index(w.kind.Open, name); i >= 0 {
		return i
	}
	return len(w.kind.Open) + slices.IndexFunc(w.kind.Fields, func(f intake.Field) bool { return f.Name == name })
}

// pick says which answer stands ticked.
func (w rowView) pick() string {
	c := w.Plan
	switch {
	case c.Action == "skip":
		return "skip"
	case c.Action == "same":
		return "same:" + c.Same
	case c.equal(w.Suggested):
		if !w.Differs {
			return "printed"
		}
		return "suggested"
	case c.equal(w.Printed):
		return "printed"
	}
	return "other"
}

func (x *Intake) batch(c *web.Ctx) error {
	if k, b, err := x.one(c); err != nil {
		return err
	} else if b.busy() {
		all, err := countRows(c.Context(), x.DB, b.ID)
		if err != nil {
			return err
		}
		return c.Page(busyPage(c.View, k, b, int(all)))
	}
	v, err := x.batchView(c, c.Query("show"), c.Query("doubt"), c.Query("q"), c.Query("page"))
	if err != nil {
		return err
	}
	if v.State == batchMapping {
		return c.See(v.kind.at(v.ID) + "/columns")
	}
	return c.Page(batchPage(c.View, v))
}

func (x *Intake) batchView(c *web.Ctx, show, code, words, page string) (v batchView, err error) {
	if v.kind, v.Batch, err = x.one(c); err != nil {
		return v, err
	}
	v.Out, v.Show, v.Code, v.Words = map[string]int{}, show, code, words
	if long, err := v.long(c.Context(), x.DB); err != nil || long {
		if err == nil {
			err = x.fillLong(c.Context(), &v, page)
		}
		return v, err
	}
	rows, err := rowsOf(c.Context(), x.DB, v.Batch)
	if err != nil {
		return v, err
	}
	if v.State == batchDraft {
		// Somebody else may have brought in the same meanwhile.
		if err := v.kind.match(c.Context(), x.DB, v.Batch, rows); err != nil {
			return v, err
		}
	}
	v.All = len(rows)
	var list []rowView
	for _, r := range rows {
		w := v.kind.view(v.Batch, r)
		v.Out[w.What]++
		if len(r.Doubts) > 0 {
			v.Doubtful++
		}
		if !w.Decided {
			v.Open++
		}
		for _, f := range r.Doubts {
			v.count(f.Code)
		}
		if strings.HasPrefix(w.What, "stays") {
			v.Stays = append(v.Stays, w)
		}
		list = append(list, w)
	}
	v.begin()
	order := append(slices.Clone(v.kind.Order), intake.Codes...)
	slices.SortStableFunc(v.Codes, func(a, b codeCount) int { return slices.Index(order, a.Code) - slices.Index(order, b.Code) })
	v.cut(list, page)
	return v, nil
}

func (v *batchView) count(code intake.Code) {
	for i := range v.Codes {
		if v.Codes[i].Code == code {
			v.Codes[i].N++
			return
		}
	}
	v.Codes = append(v.Codes, codeCount{code, 1})
}

// cut keeps the rows of one page of those asked for.
func (v *batchView) cut(list []rowView, page string) {
	wanted := list[:0]
	words := lang.Fold(v.Words)
	for _, w := range list {
		switch {
		case v.Show == "open" && w.Decided, v.Show == "doubtful" && len(w.Doubts) == 0:
			continue
		case !slices.Contains([]string{"open", "doubtful", "all"}, v.Show) && w.What != v.Show:
			continue
		case v.Code != "" && !slices.ContainsFunc(w.Doubts, func(f intake.Finding) bool { return string(f.Code) == v.Code }):
			continue
		case words != "" && !strings.Contains(lang.Fold(strings.Join(w.Cells, " ")), words):
			continue
		}
		wanted = append(wanted, w)
	}
	v.Last = max(1, (len(wanted)+rowsAPage-1)/rowsAPage)
	v.Page, _ = strconv.Atoi(page)
	v.Page = min(max(v.Page, 1), v.Last)
	v.Rows = wanted[(v.Page-1)*rowsAPage : min(v.Page*rowsAPage, len(wanted))]
}

// decideRows keeps the choices of one page.
func (x *Intake) decideRows(c *web.Ctx) error {
	k, b, err := x.one(c)
	if err != nil {
		return err
	}
	back := k.at(b.ID)
	if q := c.Form("query"); q != "" && !strings.ContainsAny(q, "\r\n#") {
		back += "?" + q
	}
	if c.Form("do") == "all" {
		return c.Write(x.done(c, b, c.View.T("intake.import.accepted", "All suggestions are taken. You can still change each row.")), func(ctx context.Context, tx *db.Tx) (string, error) {
			return k.at(b.ID) + "?show=doubtful", k.acceptAll(ctx, tx, c.Actor, b)
		})
	}
	rows, err := rowsAmong(c.Context(), x.DB, b, answered(c))
	if err != nil {
		return err
	}
	choices := map[int]Choice{}
	typed := map[int]map[string]string{}
	for _, r := range rows {
		if pick := c.Form("r" + itoa(r.N)); pick != "" {
			choices[r.N], typed[r.N] = choiceOf(c, k.view(b, r), pick)
		}
	}
	err = c.Write(c.View.N("intake.import.kept", len(choices), "{n} choice kept", "{n} choices kept"), func(ctx context.Context, tx *db.Tx) (string, error) {
		return back, k.decide(ctx, tx, c.Actor, b, choices)
	})
	if err == nil {
		return nil
	}
	v, viewErr := x.batchView(c, c.Form("show"), c.Form("doubt"), c.Form("words"), c.Form("page"))
	if viewErr != nil {
		return viewErr
	}
	for i, w := range v.Rows {
		if t, ok := typed[w.N]; ok {
			v.Rows[i].Typed, v.Rows[i].Pick = t, t["pick"]
		}
	}
	return c.Retry(err, func(view design.View) templ.Component { return batchPage(view, v) })
}

// answered are the numbers of the rows that a form says something about.
func answered(c *web.Ctx) (numbers []int) {
	c.Form("query")
	for name := range c.R.PostForm {
		if n, err := strconv.Atoi(strings.TrimPrefix(name, "r")); err == nil && strings.HasPrefix(name, "r") {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	return numbers[:min(len(numbers), 10*rowsAPage)]
}

// choiceOf reads what was ticked. Words typed into the fields count even where
// "otherwise" was not ticked: nobody types for nothing.
func choiceOf(c *web.Ctx, w rowView, pick string) (Choice, map[string]string) {
	field := "r" + itoa(w.N)
	typed := map[string]string{"pick": pick}
	other := Choice{Action: "import", Values: intake.Values{}}
	words := ""
	for _, f := range w.open() {
		typed["-"+f.Name] = c.Form(field + "-" + f.Name)
		other.Values[f.Name] = typed["-"+f.Name]
		words += typed["-"+f.Name]
	}
	if w.kind.Tidy != nil {
		other.Values = w.kind.Tidy(other.Values)
	}
	if !maps.Equal(other.Values, w.fields()) && words != "" && pick != "skip" && !strings.HasPrefix(pick, "same:") {
		pick = "other"
		typed["pick"] = pick
	}
	tell := c.Checked(field + "-tell")
	if tell {
		typed["-tell"] = "1"
	}
	var choice Choice
	switch {
	case pick == "suggested":
		choice = w.Suggested
	case pick == "printed":
		choice = w.Printed
	case pick == "other":
		choice = other
	case pick == "skip":
		return Choice{Action: "skip"}, typed
	case strings.HasPrefix(pick, "same:"):
		return Choice{Action: "same", Same: strings.TrimPrefix(pick, "same:")}, typed
	default:
		return Choice{}, typed
	}
	choice.Tell = tell && choice.Action == "import"
	return choice, typed
}

// fields are what the open fields of a row hold when the page is made.
func (w rowView) fields() intake.Values {
	c := w.Plan
	if c.Action != "import" {
		c = w.Suggested
	}
	if c.Action == "same" {
		c = w.Printed
	}
	v := intake.Values{}
	for _, f := range w.open() {
		value, ok := c.Values[f.Name]
		if !ok {
			value = w.Print[f.Name]
		}
		v[f.Name] = value
	}
	return v
}

func (x *Intake) applyBatch(c *web.Ctx) error {
	k, b, err := x.one(c)
	if err != nil {
		return err
	}
	return c.Write(x.done(c, b, c.View.T("intake.import.done", "The list is brought in.")), func(ctx context.Context, tx *db.Tx) (string, error) {
		return k.at(b.ID), k.apply(ctx, tx, c.Actor, b, x.say(k))
	})
}

// done is said of a list that is dealt with at once; the page of a long one
// tells how far it is.
func (x *Intake) done(c *web.Ctx, b Batch, words string) string {
	if long, err := b.long(c.Context(), x.DB); err != nil || long {
		return ""
	}
	return words
}

// say puts doubts into words of a language, for the page of what was brought in.
func (x *Intake) say(k kind) func(string, intake.Finding) string {
	return func(tag string, f intake.Finding) string {
		return k.doubtWords(design.View{Printer: x.Catalog.For(tag)}, f)
	}
}

func (x *Intake) undoForm(c *web.Ctx) error {
	k, b, err := x.one(c)
	if err != nil {
		return err
	}
	if b.State != batchApplied {
		return c.See(k.at(b.ID))
	}
	v := c.View
	return c.Page(design.ConfirmPage(v, design.Page{Title: v.T("intake.undo.title", "Take a list back"), Kind: "form",
		Breadcrumb: crumbs(v, k)}, design.Confirm{
		Text: v.T("intake.undo.text", "Everything this list added is withdrawn. What somebody changed since, or goes on from, stays."),
		Path: k.at(b.ID) + "/undo", Key: web.NewKey(), Button: v.T("intake.undo.button", "Take it back"), Back: k.at(b.ID)}))
}

func (x *Intake) undoBatch(c *web.Ctx) error {
	k, b, err := x.one(c)
	if err != nil {
		return err
	}
	return c.Write(x.done(c, b, c.View.T("intake.undo.done", "The list is taken back.")), func(ctx context.Context, tx *db.Tx) (string, error) {
		return k.at(b.ID), k.undo(ctx, tx, c.Actor, b)
	})
}

func (x *Intake) dropBatch(c *web.Ctx) error {
	k, b, err := x.one(c)
	if err != nil {
		return err
	}
	return c.Write(c.View.T("intake.import.dropped", "The list is put away. Nothing was changed."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return k.path(), k.drop(ctx, tx, c.Actor, b)
	})
}

func (x *Intake) stopBatch(c *web.Ctx) error {
	k, b, err := x.one(c)
	if err != nil {
		return err
	}
	return c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
		if b.State == batchReading || b.State == batchLooking {
			return k.path(), k.stop(ctx, tx, c.Actor, b)
		}
		return k.at(b.ID), k.stop(ctx, tx, c.Actor, b)
	})
}

// log gives what was decided about each row, as a table to keep.
func (x *Intake) log(c *web.Ctx) error {
	k, b, err := x.one(c)
	if err != nil {
		return err
	}
	say := c.View
	lines := [][]string{{say.T("intake.log.line", "Line of the file"), say.T("intake.log.name", "Name"), say.T("intake.rows.doubt", "Doubt"), say.T("intake.rows.what", "What becomes of it"), say.T("intake.log.page", "Page")}}
	err = x.everyRow(c.Context(), b, func(r importRow) {
		w := k.view(b, r)
		var doubts []string
		for _, f := range r.Doubts {
			doubts = append(doubts, k.doubtWords(say, f))
		}
		page := ""
		if r.Entry != "" {
			page = say.Origin + say.Href(k.of.Path(r.Entry))
		}
		lines = append(lines, []string{itoa(r.Line), output.Harmless(w.Name()), strings.Join(doubts, " "), outcomeWords(say, w.What), page})
	})
	if err != nil {
		return err
	}
	var out bytes.Buffer
	out.WriteString("\ufeff")
	w := csv.NewWriter(&out)
	if err := w.WriteAll(lines); err != nil {
		return err
	}
	return c.Download("import-"+b.ID+".csv", "text/csv; charset=utf-8", out.Bytes())
}

func crumbs(v design.View, k kind) []design.Link {
	return []design.Link{{Href: v.Href("/import"), Label: v.T("intake.index", "Bring in lists")}, {Href: v.Href(k.path()), Label: v.Say(k.of.Many)}}
}
