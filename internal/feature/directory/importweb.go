package directory

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"alliance/internal/feature/directory/doubt"
	"alliance/internal/feature/directory/sheet"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/web"
)

// rowsAPage is how many rows one decides about at once.
const rowsAPage = 20

func (d *Directory) importForm(c *web.Ctx) error {
	list, err := batches(c.Context(), d.DB)
	if err != nil {
		return err
	}
	return c.Page(importPage(c.View, list, ""))
}

func (d *Directory) importFile(c *web.Ctx) error {
	text := c.R.PostFormValue("text")
	err := d.takeFile(c, text)
	if err == nil {
		return nil
	}
	list, listErr := batches(c.Context(), d.DB)
	if listErr != nil {
		return listErr
	}
	return c.Retry(err, func(v design.View) templ.Component { return importPage(v, list, text) })
}

func (d *Directory) takeFile(c *web.Ctx, text string) error {
	name, file := c.View.T("directory.import.pasted", "Pasted text"), []byte(text)
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
		return fault.Invalid("file", "directory.import.nothing", "Choose a file, or paste rows from your spreadsheet.")
	}
	s, err := sheet.Read(file)
	if err != nil {
		return err
	}
	return c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
		b, err := begin(ctx, tx, c.Actor, strings.ToValidUTF8(name, "?"), s, c.Lang())
		return "/organisations/import/lists/" + b.ID + "/columns", err
	})
}

func (d *Directory) columnsForm(c *web.Ctx) error {
	b, err := batchByID(c.Context(), d.DB, c.Path("id"))
	if err != nil {
		return err
	}
	return d.columns(c, b, nil)
}

func (d *Directory) columns(c *web.Ctx, b Batch, problem error) error {
	rows, err := firstRows(c.Context(), d.DB, b.ID, 6)
	if err != nil {
		return err
	}
	if problem != nil {
		return c.Retry(problem, func(v design.View) templ.Component { return columnsPage(v, b, rows) })
	}
	return c.Page(columnsPage(c.View, b, rows))
}

func (d *Directory) setColumns(c *web.Ctx) error {
	b, err := batchByID(c.Context(), d.DB, c.Path("id"))
	if err != nil {
		return err
	}
	columns := make([]string, len(b.Columns))
	for i := range columns {
		if f := c.Form("c" + itoa(i)); slices.Contains(columnFields, f) {
			columns[i] = f
		}
	}
	listLang, heading := c.Form("lang"), c.Checked("heading")
	if !slices.Contains(locale.Languages, listLang) {
		listLang = b.Lang
	}
	err = c.Write("", func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/organisations/import/lists/" + b.ID, understand(ctx, tx, b, columns, heading, listLang)
	})
	if err != nil {
		b.Columns, b.Heading, b.Lang = columns, heading, listLang
		return d.columns(c, b, err)
	}
	return nil
}

// batchView is a list on its way into the directory.
type batchView struct {
	Batch
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
	Who      string
}

type codeCount struct {
	Code doubt.Code
	N    int
}

// rowView is a row with what may become of it.
type rowView struct {
	importRow
	Print     line
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

// twin is an organisation that the row may be.
type twin struct{ ID, Name string }

func (b Batch) view(r importRow) rowView {
	w := rowView{importRow: r, Print: b.read(r)}
	w.Printed, w.Suggested = w.Print.asPrinted(r), w.Print.suggested(r)
	w.Differs = w.Suggested.Action != "import" || w.Suggested.Name != w.Printed.Name || w.Suggested.Kind != w.Printed.Kind || w.Suggested.Country != w.Printed.Country || w.Suggested.City != w.Printed.City
	w.Plan, w.Decided = b.plan(r)
	for _, f := range r.Doubts {
		if f.Code == doubt.Known {
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

// pick says which answer stands ticked.
func (w rowView) pick() string {
	c := w.Plan
	bare := func(c Choice) Choice { c.Tell = false; return c }
	switch {
	case c.Action == "skip":
		return "skip"
	case c.Action == "same":
		return "same:" + c.Same
	case bare(c) == bare(w.Suggested):
		if !w.Differs {
			return "printed"
		}
		return "suggested"
	case bare(c) == bare(w.Printed):
		return "printed"
	}
	return "other"
}

func (d *Directory) batch(c *web.Ctx) error {
	v, err := d.batchView(c.Context(), c.Path("id"), c.Query("show"), c.Query("doubt"), c.Query("q"), c.Query("page"))
	if err != nil {
		return err
	}
	if v.State == batchMapping {
		return c.See("/organisations/import/lists/" + v.ID + "/columns")
	}
	return c.Page(batchPage(c.View, v))
}

func (d *Directory) batchView(ctx context.Context, id, show, code, words, page string) (v batchView, err error) {
	if v.Batch, err = batchByID(ctx, d.DB, id); err != nil {
		return v, err
	}
	rows, err := rowsOf(ctx, d.DB, v.Batch)
	if err != nil {
		return v, err
	}
	if v.State == batchDraft {
		// Somebody else may have brought in the same meanwhile.
		if err := match(ctx, d.DB, v.Batch, rows); err != nil {
			return v, err
		}
	}
	v.All, v.Out, v.Show, v.Code, v.Words = len(rows), map[string]int{}, show, code, words
	var list []rowView
	for _, r := range rows {
		w := v.Batch.view(r)
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
	if v.Show == "" {
		v.Show = "open"
		if v.State != batchDraft || v.Open == 0 && v.Doubtful > 0 {
			v.Show = "doubtful"
		}
		if v.Doubtful == 0 {
			v.Show = "all"
		}
	}
	slices.SortStableFunc(v.Codes, func(a, b codeCount) int { return slices.Index(doubt.Codes, a.Code) - slices.Index(doubt.Codes, b.Code) })
	v.cut(list, page)
	return v, nil
}

func (v *batchView) count(code doubt.Code) {
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
		case v.Code != "" && !slices.ContainsFunc(w.Doubts, func(f doubt.Finding) bool { return string(f.Code) == v.Code }):
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
func (d *Directory) decideRows(c *web.Ctx) error {
	id := c.Path("id")
	b, err := batchByID(c.Context(), d.DB, id)
	if err != nil {
		return err
	}
	back := "/organisations/import/lists/" + id
	if q := c.Form("query"); q != "" && !strings.ContainsAny(q, "\r\n#") {
		back += "?" + q
	}
	if c.Form("do") == "all" {
		return c.Write(c.View.T("directory.import.accepted", "All suggestions are taken. You can still change each row."), func(ctx context.Context, tx *db.Tx) (string, error) {
			return "/organisations/import/lists/" + id + "?show=doubtful", acceptAll(ctx, tx, b)
		})
	}
	rows, err := rowsOf(c.Context(), d.DB, b)
	if err != nil {
		return err
	}
	choices := map[int]Choice{}
	typed := map[int]map[string]string{}
	for _, r := range rows {
		if pick := c.Form("r" + itoa(r.N)); pick != "" {
			choices[r.N], typed[r.N] = d.choiceOf(c, b.view(r), pick)
		}
	}
	err = c.Write(c.View.N("directory.import.kept", len(choices), "{n} choice kept", "{n} choices kept"), func(ctx context.Context, tx *db.Tx) (string, error) {
		return back, decide(ctx, tx, b, choices)
	})
	if err == nil {
		return nil
	}
	v, viewErr := d.batchView(c.Context(), id, c.Form("show"), c.Form("doubt"), c.Form("words"), c.Form("page"))
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

// choiceOf reads what was ticked. Words typed into the fields count even where
// "otherwise" was not ticked: nobody types for nothing.
func (d *Directory) choiceOf(c *web.Ctx, w rowView, pick string) (Choice, map[string]string) {
	field := "r" + itoa(w.N)
	typed := map[string]string{"pick": pick}
	other := Choice{Action: "import"}
	for _, f := range []struct {
		name string
		to   *string
	}{{"-name", &other.Name}, {"-kind", &other.Kind}, {"-country", &other.Country}, {"-city", &other.City}} {
		*f.to = c.Form(field + f.name)
		typed[f.name] = *f.to
	}
	if code := countryOf(other.Country); code != "" {
		other.Country = code
	}
	start := w.fields()
	if other != start && other.Name+other.Kind+other.Country+other.City != "" && pick != "skip" && !strings.HasPrefix(pick, "same:") {
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
func (w rowView) fields() Choice {
	c := w.Plan
	if c.Action != "import" {
		c = w.Suggested
	}
	if c.Action == "same" {
		c = w.Printed
	}
	c.Action, c.Tell, c.Same = "import", false, ""
	return c
}

func (d *Directory) applyBatch(c *web.Ctx) error {
	id := c.Path("id")
	b, err := batchByID(c.Context(), d.DB, id)
	if err != nil {
		return err
	}
	return c.Write(c.View.T("directory.import.done", "The list is in the directory."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/organisations/import/lists/" + id, apply(ctx, tx, c.Actor, b, d.say)
	})
}

// say puts a doubt into words of a language, for the profile.
func (d *Directory) say(tag string, f doubt.Finding) string {
	return doubtWords(design.View{Printer: d.Catalog.For(tag)}, f)
}

func (d *Directory) undoForm(c *web.Ctx) error {
	b, err := batchByID(c.Context(), d.DB, c.Path("id"))
	if err != nil {
		return err
	}
	if b.State != batchApplied {
		return c.See("/organisations/import/lists/" + b.ID)
	}
	v := c.View
	return c.Page(design.ConfirmPage(v, design.Page{Title: v.T("directory.undo.title", "Take a list back"), Kind: "form",
		Breadcrumb: importCrumbs(v)}, design.Confirm{
		Text: v.T("directory.undo.text", "Every organisation this list added is withdrawn. Those that somebody changed since, or that have delegates, stay."),
		Path: "/organisations/import/lists/" + b.ID + "/undo", Key: web.NewKey(), Button: v.T("directory.undo.button", "Take it back"), Back: "/organisations/import/lists/" + b.ID}))
}

func (d *Directory) undoBatch(c *web.Ctx) error {
	b, err := batchByID(c.Context(), d.DB, c.Path("id"))
	if err != nil {
		return err
	}
	return c.Write(c.View.T("directory.undo.done", "The list is taken back."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/organisations/import/lists/" + b.ID, d.undo(ctx, tx, c.Actor, b)
	})
}

func (d *Directory) dropBatch(c *web.Ctx) error {
	return c.Write(c.View.T("directory.import.dropped", "The list is put away. Nothing was changed."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/organisations/import", dropBatch(ctx, tx, c.Path("id"))
	})
}

func importCrumbs(v design.View) []design.Link {
	return []design.Link{{Href: v.Href("/organisations"), Label: v.T("directory.title", "Organisations")}, {Href: v.Href("/organisations/import"), Label: v.T("directory.import", "Bring in a list")}}
}
