package intake

import (
	"context"
	"net/http"

	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/intake/sheet"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// batchJSON is a list on its way in.
type batchJSON struct {
	ID       string         `json:"id"`
	Kind     string         `json:"kind"`
	Name     string         `json:"name"`
	Lang     string         `json:"lang" doc:"Language the list is written in"`
	State    string         `json:"state" enum:"reading,mapping,looking,draft,accepting,applying,applied,undoing,undone,dropping" doc:"While it ends in -ing, but for mapping, a long list is worked through: ask again; it has no rows then"`
	Done     int            `json:"done" doc:"Last row of the work under way"`
	Encoding string         `json:"encoding" doc:"How the file was read: UTF-8, XLSX, GeoJSON …"`
	Columns  []string       `json:"columns" doc:"What each column holds"`
	Heading  bool           `json:"heading" doc:"The first line names the columns"`
	Open     int            `json:"open" doc:"Rows nobody decided about"`
	Outcomes map[string]int `json:"outcomes" doc:"What becomes, or became, of the rows"`
	Rows     []rowJSON      `json:"rows"`
}

type rowJSON struct {
	N         int         `json:"n"`
	Line      int         `json:"line" doc:"In the file"`
	Cells     []string    `json:"cells"`
	Doubts    []doubtJSON `json:"doubts"`
	Suggested Choice      `json:"suggested"`
	Choice    *Choice     `json:"choice,omitempty"`
	Outcome   string      `json:"outcome"`
	Entry     string      `json:"entry,omitempty" doc:"What it is here"`
}

type doubtJSON struct {
	Code string            `json:"code"`
	Args map[string]string `json:"args,omitempty"`
	Text string            `json:"text" doc:"In the caller's language"`
}

type batchOutput struct{ Body batchJSON }

type oneInput struct {
	ID    string `path:"id"`
	After int    `query:"after" minimum:"0" doc:"Of a list of more than 600 rows, the rows after this one, at most 1000 at a time"`
}

type beginInput struct {
	Body struct {
		Kind    string   `json:"kind,omitempty" doc:"Of what the rows are; organisation where left out"`
		Name    string   `json:"name" maxLength:"200" doc:"Of the file"`
		Content []byte   `json:"content" doc:"The file, in base 64"`
		Columns []string `json:"columns,omitempty" doc:"What each column holds: names of questions, country, town … or empty. Guessed where left out."`
		Heading *bool    `json:"heading,omitempty"`
		Lang    string   `json:"lang,omitempty"`
		Exact   bool     `json:"exact,omitempty" doc:"Tell places as closely as the file does"`
	}
}

type decideInput struct {
	ID   string `path:"id"`
	N    int    `path:"n"`
	Body Choice
}

// do is one act on a list.
type do func(ctx context.Context, tx *db.Tx, who people.Actor, k kind, b Batch) error

func (x *Intake) api(a *web.API) {
	op := func(id, method, path, summary string) web.Op {
		return web.Op{ID: id, Method: method, Path: path, Summary: summary, Tag: "imports", Policy: steers}
	}
	act := func(id, path, summary string, fn do) {
		web.Handle(a, op(id, http.MethodPost, path, summary), func(c *web.Call, in *oneInput) (*batchOutput, error) { return x.act(c, in.ID, fn) })
	}
	web.Handle(a, op("begin-import", http.MethodPost, "/imports", "Reads a list and looks for doubts. Nothing is kept yet."), x.apiBegin)
	web.Handle(a, op("get-import", http.MethodGet, "/imports/{id}", "Gives a list with every row, doubt and choice."), x.apiBatch)
	web.Handle(a, op("drop-import", http.MethodDelete, "/imports/{id}", "Puts a list away that was not brought in."), x.apiDrop)
	web.Handle(a, op("set-import-columns", http.MethodPut, "/imports/{id}/columns", "Says what each column holds, and reads the rows anew."), x.apiColumns)
	web.Handle(a, op("decide-import-row", http.MethodPut, "/imports/{id}/rows/{n}", "Decides what becomes of a row."), x.apiDecide)
	act("accept-import", "/imports/{id}/accept", "Takes every suggestion that is open.", func(ctx context.Context, tx *db.Tx, who people.Actor, k kind, b Batch) error {
		return k.acceptAll(ctx, tx, who, b)
	})
	act("apply-import", "/imports/{id}/apply", "Brings the list in.", func(ctx context.Context, tx *db.Tx, who people.Actor, k kind, b Batch) error {
		return k.apply(ctx, tx, who, b, x.say(k))
	})
	act("stop-import", "/imports/{id}/stop", "Stops what is being done with a long list: what was brought in so far is taken back.", func(ctx context.Context, tx *db.Tx, who people.Actor, k kind, b Batch) error {
		return k.stop(ctx, tx, who, b)
	})
	act("undo-import", "/imports/{id}/undo", "Takes back what a list brought in.", func(ctx context.Context, tx *db.Tx, who people.Actor, k kind, b Batch) error {
		return k.undo(ctx, tx, who, b)
	})
}

func (x *Intake) apiBegin(c *web.Call, in *beginInput) (*batchOutput, error) {
	name := in.Body.Kind
	if name == "" {
		name = "organisation"
	}
	k, err := x.kind(name)
	if err != nil {
		return nil, err
	}
	s, err := sheet.Read(in.Body.Content)
	if err != nil {
		return nil, err
	}
	finish, err := k.readIn(c, c.DB, c.Actor, in.Body.Name, s, c.Printer.Lang())
	if err != nil {
		return nil, err
	}
	made, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
		b, err := finish(ctx, tx)
		if err != nil {
			return "", err
		}
		u := understanding{columns: b.Columns, heading: b.Heading, lang: b.Lang, exact: in.Body.Exact}
		if len(in.Body.Columns) > 0 {
			u.columns = in.Body.Columns
		}
		if in.Body.Heading != nil {
			u.heading = *in.Body.Heading
		}
		if in.Body.Lang != "" {
			u.lang = in.Body.Lang
		}
		return b.ID, k.understand(ctx, tx, c.Actor, b, u)
	})
	if err != nil {
		return nil, err
	}
	return x.apiBatch(c, &oneInput{ID: made})
}

func (x *Intake) apiBatch(c *web.Call, in *oneInput) (*batchOutput, error) {
	b, err := batchByID(c, x.DB, in.ID)
	if err != nil {
		return nil, err
	}
	k, err := x.kind(b.Kind)
	if err != nil {
		return nil, err
	}
	var rows []importRow
	long, err := b.long(c, x.DB)
	if err != nil {
		return nil, err
	}
	switch {
	case b.busy():
	case long:
		from := b
		from.Done = in.After
		rows, err = nextRows(c, x.DB, from, 1000)
	default:
		rows, err = rowsOf(c, x.DB, b)
	}
	if err != nil {
		return nil, err
	}
	out := &batchOutput{batchJSON{Done: b.Done, ID: b.ID, Kind: b.Kind, Name: b.Name, Lang: b.Lang, State: b.State, Encoding: b.Encoding, Columns: b.Columns, Heading: b.Heading, Outcomes: map[string]int{}, Rows: []rowJSON{}}}
	for _, r := range rows {
		w := k.view(b, r)
		j := rowJSON{N: r.N, Line: r.Line, Cells: r.Cells, Doubts: []doubtJSON{}, Suggested: w.Suggested, Choice: r.Choice, Outcome: w.What, Entry: r.Entry}
		for _, f := range r.Doubts {
			j.Doubts = append(j.Doubts, doubtJSON{string(f.Code), f.Args, k.doubtWords(design.View{Printer: c.Printer}, f)})
		}
		if !w.Decided {
			out.Body.Open++
		}
		out.Body.Outcomes[w.What]++
		out.Body.Rows = append(out.Body.Rows, j)
	}
	if !long {
		return out, nil
	}
	list, err := sums(c, x.DB, b)
	for _, s := range list {
		out.Body.Outcomes[s.what] = s.rows
	}
	out.Body.Open = out.Body.Outcomes["open"]
	return out, err
}

func (x *Intake) apiDecide(c *web.Call, in *decideInput) (*batchOutput, error) {
	return x.act(c, in.ID, func(ctx context.Context, tx *db.Tx, who people.Actor, k kind, b Batch) error {
		return k.decide(ctx, tx, who, b, map[int]Choice{in.N: in.Body})
	})
}

// act does something with a list in one transaction, and gives the list.
func (x *Intake) act(c *web.Call, batch string, fn do) (*batchOutput, error) {
	if _, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
		b, err := batchByID(ctx, tx, batch)
		if err != nil {
			return "", err
		}
		k, err := x.kind(b.Kind)
		if err != nil {
			return "", err
		}
		return b.ID, fn(ctx, tx, c.Actor, k, b)
	}); err != nil {
		return nil, err
	}
	return x.apiBatch(c, &oneInput{ID: batch})
}

type dropOutput struct {
	Body struct {
		Done bool `json:"done"`
	}
}

func (x *Intake) apiDrop(c *web.Call, in *oneInput) (*dropOutput, error) {
	_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
		b, err := batchByID(ctx, tx, in.ID)
		if err != nil {
			return "", err
		}
		k, err := x.kind(b.Kind)
		if err != nil {
			return "", err
		}
		return in.ID, k.drop(ctx, tx, c.Actor, b)
	})
	out := &dropOutput{}
	out.Body.Done = true
	return out, err
}

type columnsInput struct {
	ID   string `path:"id"`
	Body struct {
		Columns []string `json:"columns" doc:"What each column holds, as in the list, or empty"`
		Heading bool     `json:"heading" doc:"The first line names the columns"`
		Lang    string   `json:"lang,omitempty" doc:"Language the list is written in"`
		Exact   bool     `json:"exact,omitempty" doc:"Tell places as closely as the file does"`
	}
}

func (x *Intake) apiColumns(c *web.Call, in *columnsInput) (*batchOutput, error) {
	return x.act(c, in.ID, func(ctx context.Context, tx *db.Tx, who people.Actor, k kind, b Batch) error {
		u := understanding{columns: in.Body.Columns, heading: in.Body.Heading, lang: in.Body.Lang, exact: in.Body.Exact}
		if u.lang == "" {
			u.lang = b.Lang
		}
		return k.understand(ctx, tx, who, b, u)
	})
}
