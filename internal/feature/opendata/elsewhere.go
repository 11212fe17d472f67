package opendata

import (
	"context"
	"embed"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"alliance/internal/feature"
	"alliance/internal/platform/access"
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/output"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
	"alliance/internal/platform/web"
)

// Entered here once, a record answers what other collections ask: two tables
// (elsewhere/*.tsv) say which of our columns fill which of their fields. Whoever
// reads another form adds lines there, and nothing else.

//go:embed elsewhere
var elsewhere embed.FS

// repository is a collection of others that takes records in.
type repository struct {
	ID, Name, Address string
	Source            string // where its form was read
	Edition           string // year of that form; "" = it tells none
	Read              string // day on which it was read
	Whole             bool   // the form has no further fields
	fields            map[string][]output.Asked
}

var repositories = mustRead(elsewhere)

func mustRead(files embed.FS) []repository {
	var list []repository
	for _, row := range rows(files, "repositories") {
		list = append(list, repository{ID: row[0], Name: row[1], Address: row[2], Source: row[3], Edition: strings.TrimPrefix(row[4], "-"), Read: row[5], Whole: row[6] == "yes", fields: map[string][]output.Asked{}})
	}
	for _, row := range rows(files, "fields") {
		i := slices.IndexFunc(list, func(r repository) bool { return r.ID == row[0] })
		ask := output.Asked{Name: row[2], Required: row[4]}
		if row[3] != "-" {
			ask.From = strings.Fields(row[3])
		}
		ask.Words, _ = strconv.Atoi(row[5])
		ask.Characters, _ = strconv.Atoi(row[6])
		list[i].fields[row[1]] = append(list[i].fields[row[1]], ask)
	}
	return list
}

// rows reads a table of ours: comments, a heading, then cells between tabs.
func rows(files embed.FS, name string) (list [][]string) {
	text, err := files.ReadFile("elsewhere/" + name + ".tsv")
	if err != nil {
		panic(err)
	}
	width := 0
	for _, line := range strings.Split(string(text), "\n") {
		cells := strings.Split(line, "\t")
		switch {
		case line == "" || line[0] == '#':
		case width == 0:
			width = len(cells)
		case len(cells) != width:
			panic("opendata: " + name + ".tsv: " + line)
		default:
			list = append(list, cells)
		}
	}
	return list
}

// takers lists who takes in records of a kind.
func takers(kind string) (list []repository) {
	for _, r := range repositories {
		if len(r.fields[kind]) > 0 {
			list = append(list, r)
		}
	}
	return list
}

// sent is a record with the form of one repository filled from it.
type sent struct {
	repository
	Form []output.Filled
}

// gaps are how many fields are filled, how many that must be are empty, and how
// many texts are too long.
func (s sent) gaps() (full, must, long int) {
	for _, f := range s.Form {
		switch {
		case !f.Empty():
			full++
		case f.Required == "yes":
			must++
		}
		if f.Over() > 0 {
			long++
		}
	}
	return full, must, long
}

type elsewhereView struct {
	feature.Kind
	Record  record.Record
	In      string   // language of the texts
	Tongues []string // languages one may choose
	Sent    []sent
	MayEdit bool
}

// elsewhereOf gathers what a record says in a language, as the actor may see it.
func (d *Data) elsewhereOf(ctx context.Context, a people.Actor, v design.View, kind, id, tag string) (elsewhereView, output.Set, error) {
	k, err := d.kind(kind)
	if err == nil && len(takers(kind)) == 0 {
		err = fault.Missing()
	}
	if err != nil {
		return elsewhereView{}, output.Set{}, err
	}
	e, err := entry.See(ctx, d.DB, a, kind, id)
	if err != nil {
		return elsewhereView{}, output.Set{}, err
	}
	out := elsewhereView{Kind: k, In: v.Lang(), Tongues: v.Langs}
	if slices.Contains(v.Langs, tag) {
		out.In = tag
		v.Printer = d.Catalog.For(tag)
	}
	of, err := alliance.Load(ctx, d.DB)
	if err != nil {
		return out, output.Set{}, err
	}
	s, err := output.Single(ctx, d.DB, a, v, of, d.source(v, k), e)
	if err != nil {
		return out, s, err
	}
	out.Record, out.MayEdit = s.Records[0], k.Records != nil && k.Spec.MayEdit(a, s.Records[0])
	for _, r := range takers(kind) {
		out.Sent = append(out.Sent, sent{r, s.Fill(out.Record, r.fields[kind])})
	}
	return out, s, nil
}

func (d *Data) elsewhere(c *web.Ctx) error {
	out, _, err := d.elsewhereOf(c.Context(), c.Actor, c.View, c.Path("kind"), c.Path("id"), c.Query("in"))
	if err != nil {
		return err
	}
	return c.Page(elsewherePage(c.View, out))
}

// filled are the ways to take a filled form along.
var filled = map[string]struct {
	Type  string
	write func(s output.Set, title string, form []output.Filled) ([]byte, error)
}{
	"docx": {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", func(s output.Set, title string, form []output.Filled) ([]byte, error) {
		return s.FilledDOCX(title, "en", form)
	}},
	"csv":  {"text/csv; charset=utf-8", func(s output.Set, _ string, form []output.Filled) ([]byte, error) { return s.FilledCSV(form), nil }},
	"json": {"application/json; charset=utf-8", func(s output.Set, _ string, form []output.Filled) ([]byte, error) { return s.FilledJSON(form) }},
}

// elsewhereFile is a filled form as a file: "ewsi.docx".
func (d *Data) elsewhereFile(c *web.Ctx) error {
	name, ext, _ := strings.Cut(c.Path("file"), ".")
	format, known := filled[ext]
	if !known {
		return fault.Missing()
	}
	out, s, err := d.elsewhereOf(c.Context(), c.Actor, c.View, c.Path("kind"), c.Path("id"), c.Query("in"))
	if err != nil {
		return err
	}
	i := slices.IndexFunc(out.Sent, func(s sent) bool { return s.ID == name })
	if i < 0 {
		return fault.Missing()
	}
	body, err := format.write(s, out.Sent[i].Name, out.Sent[i].Form)
	if err != nil {
		return err
	}
	c.W.Header().Set("Content-Language", out.In)
	return c.Download(name+"-"+out.Kind.Name+"-"+out.In+"."+ext, format.Type, body)
}

// onward leads from a record that others take in to their forms.
func (d *Data) onward(ctx context.Context, q db.Q, v design.View, _ people.Actor, of string) ([]design.Onward, error) {
	e, err := entry.Get(ctx, q, of)
	if err != nil || len(takers(e.Kind)) == 0 || e.State != entry.Published {
		return nil, err
	}
	return []design.Onward{{Link: design.Link{Href: v.Href("/send/" + e.Kind + "/" + of), Label: v.T("opendata.send", "Send it elsewhere"), Icon: "upload"}}}, nil
}

type sendInput struct {
	Kind string `path:"kind" doc:"Such as practice"`
	ID   string `path:"id"`
	Lang string `query:"lang" doc:"Language of the texts, BCP 47"`
}

type askedJSON struct {
	Field    string   `json:"field" doc:"As the repository calls it"`
	Required string   `json:"required" enum:"yes,no,?" doc:"? = the form we read does not say"`
	Text     string   `json:"text"`
	Most     int      `json:"words_at_most,omitempty"`
	Over     int      `json:"too_long_by,omitempty"`
	Missing  []string `json:"missing" doc:"Columns of ours that would answer it and are empty"`
}

type sentJSON struct {
	ID      string      `json:"id"`
	Name    string      `json:"name"`
	Address string      `json:"address"`
	Source  string      `json:"source" doc:"Where its form was read"`
	Read    string      `json:"read" doc:"Day on which it was read"`
	Whole   bool        `json:"whole" doc:"Whether all its fields are here"`
	Fields  []askedJSON `json:"fields"`
}

type sendOutput struct {
	Body struct {
		Lang  string     `json:"lang"`
		Forms []sentJSON `json:"forms"`
	}
}

func (d *Data) apiSend(a *web.API) {
	web.Handle(a, web.Op{ID: "send-elsewhere", Method: http.MethodGet, Path: "/send/{kind}/{id}", Summary: "Fills the forms of other collections from a record, and tells the gaps.", Tag: "open data", Policy: access.Everyone}, func(c *web.Call, in *sendInput) (*sendOutput, error) {
		v, _, err := d.elsewhereOf(c, c.Actor, design.View{Printer: c.Printer, Origin: d.Origin, Langs: locale.Languages}, in.Kind, in.ID, in.Lang)
		if err != nil {
			return nil, err
		}
		out := &sendOutput{}
		out.Body.Lang, out.Body.Forms = v.In, []sentJSON{}
		for _, s := range v.Sent {
			one := sentJSON{ID: s.ID, Name: s.Name, Address: s.Address, Source: s.Source, Read: s.Read, Whole: s.Whole}
			for _, f := range s.Form {
				ask := askedJSON{Field: f.Name, Required: f.Required, Text: f.Text(), Most: f.Words, Over: f.Over(), Missing: []string{}}
				for _, m := range f.Missing {
					ask.Missing = append(ask.Missing, m.Name)
				}
				one.Fields = append(one.Fields, ask)
			}
			out.Body.Forms = append(out.Body.Forms, one)
		}
		return out, nil
	})
}
