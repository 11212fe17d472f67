// Package opendata gives what is public to other programs and to paper: every
// kind that has questions, as files, feeds, a printed guide, and a list to set
// into other sites.
//
// The one idea: nothing here knows a kind. app hands over all kinds, and each
// file is asked for as the list on the page is: the same filters, the same
// reader, the same rights.
package opendata

import (
	"embed"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"alliance/internal/feature"
	"alliance/internal/platform/access"
	"alliance/internal/platform/design"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/output"
	"alliance/internal/platform/record"
	"alliance/internal/platform/web"
)

//go:embed phrases
var phrases embed.FS

// Data is the feature.
type Data struct{ *feature.House }

// New puts it together.
func New(h *feature.House) feature.Feature {
	d := &Data{h}
	return feature.Feature{Name: "opendata", Phrases: phrases, Pages: d.pages, API: d.api, Onward: d.onward}
}

func (d *Data) pages(r *web.Router) {
	r.Get("/open", access.Everyone, d.index)
	r.Get("/open/{file}", access.Everyone, d.list)
	r.Get("/open/{kind}/{file}", access.Everyone, d.one)
	r.Get("/open/questions/{file}", access.Everyone, d.blank)
	r.Get("/guide/{kind}", access.Everyone, d.guide)
	r.Get("/embed/{kind}", access.Everyone, d.embed)
	r.Get("/oembed", access.Everyone, d.oembed)
	r.Get("/send/{kind}/{id}", access.Everyone, d.elsewhere)
	r.Get("/send/{kind}/{id}/{file}", access.Everyone, d.elsewhereFile)
}

// format is one way to give a list.
type format struct {
	Ext, Type string
	Label     locale.Phrase
	Save      bool // a browser saves it under its name
	Newest    bool // a feed: the newest, not all
	Open      bool // pages of other sites may read it (CORS)
	Placed    bool // only for kinds that are somewhere
	write     func(s output.Set, columns []output.Column, self, page string) ([]byte, error)
}

var formats = []format{
	{Ext: "csv", Type: "text/csv; charset=utf-8", Label: locale.Phrase{Key: "opendata.csv", English: "Table (CSV)"}, Save: true, Open: true,
		write: func(s output.Set, c []output.Column, _, _ string) ([]byte, error) { return s.CSV(c), nil }},
	{Ext: "xlsx", Type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Label: locale.Phrase{Key: "opendata.xlsx", English: "Spreadsheet (XLSX)"}, Save: true,
		write: func(s output.Set, c []output.Column, _, _ string) ([]byte, error) { return s.XLSX(c) }},
	{Ext: "docx", Type: "application/vnd.openxmlformats-officedocument.wordprocessingml.document", Label: locale.Phrase{Key: "opendata.docx", English: "Text document (Word)"}, Save: true,
		write: func(s output.Set, _ []output.Column, _, _ string) ([]byte, error) { return s.DOCX() }},
	{Ext: "json", Type: "application/json; charset=utf-8", Label: locale.Phrase{Key: "opendata.json", English: "JSON, in all languages"}, Open: true,
		write: func(s output.Set, _ []output.Column, _, _ string) ([]byte, error) { return s.JSON() }},
	{Ext: "geojson", Type: "application/geo+json; charset=utf-8", Label: locale.Phrase{Key: "opendata.geojson", English: "Map data (GeoJSON)"}, Open: true, Placed: true,
		write: func(s output.Set, _ []output.Column, _, _ string) ([]byte, error) { return s.GeoJSON() }},
	{Ext: "jsonld", Type: "application/ld+json; charset=utf-8", Label: locale.Phrase{Key: "opendata.jsonld", English: "Linked data (JSON-LD, schema.org)"}, Open: true,
		write: func(s output.Set, _ []output.Column, _, _ string) ([]byte, error) { return s.JSONLD() }},
	{Ext: "atom", Type: "application/atom+xml; charset=utf-8", Label: locale.Phrase{Key: "opendata.atom", English: "News feed (Atom)"}, Newest: true, Open: true,
		write: func(s output.Set, _ []output.Column, self, page string) ([]byte, error) { return s.Atom(self, page) }},
	{Ext: "feed.json", Type: "application/feed+json; charset=utf-8", Label: locale.Phrase{Key: "opendata.feed", English: "News feed (JSON Feed)"}, Newest: true, Open: true,
		write: func(s output.Set, _ []output.Column, self, page string) ([]byte, error) {
			return s.JSONFeed(self, page)
		}},
}

func formatOf(ext string) (format, bool) {
	i := slices.IndexFunc(formats, func(f format) bool { return f.Ext == ext })
	if i < 0 {
		return format{}, false
	}
	return formats[i], true
}

// kind gives a kind that can be given out.
func (d *Data) kind(name string) (feature.Kind, error) {
	k, ok := d.Kinds[name]
	if !ok || k.Spec == nil || k.Read == nil {
		return k, fault.Missing()
	}
	return k, nil
}

// Given lists the kinds that can be given out, by name.
func (d *Data) given() (list []feature.Kind) {
	for _, k := range d.Kinds {
		if k.Spec != nil && k.Read != nil {
			list = append(list, k)
		}
	}
	slices.SortFunc(list, func(a, b feature.Kind) int { return strings.Compare(a.Name, b.Name) })
	return list
}

func (d *Data) source(v design.View, k feature.Kind) output.Source {
	if k.Spec.Documents {
		return output.Source{Spec: k.Spec, Many: v.Say(k.Many), Path: k.Path, Read: k.Read, Documents: d.Beside}
	}
	return output.Source{Spec: k.Spec, Many: v.Say(k.Many), Path: k.Path, Read: k.Read}
}

// gather reads the list a request asks for.
func (d *Data) gather(c *web.Ctx, k feature.Kind, order entry.Order, most int) (output.Set, error) {
	return output.Gather(c.Context(), d.DB, c.Actor, c.View, c.Alliance, d.source(c.View, k), k.Spec.ReadQuery(c.R.URL.Query()), order, most)
}

func (d *Data) list(c *web.Ctx) error {
	name, ext, _ := strings.Cut(c.Path("file"), ".")
	f, ok := formatOf(ext)
	k, err := d.kind(name)
	if err != nil || !ok || f.Placed && !k.Spec.Place {
		return fault.Missing()
	}
	order, most := entry.ByTitle, output.Most
	if f.Newest {
		order, most = entry.ByNew, output.Newest
	}
	s, err := d.gather(c, k, order, most)
	if err != nil {
		return err
	}
	return d.send(c, k, f, s, k.Name)
}

func (d *Data) one(c *web.Ctx) error {
	id, ext, _ := strings.Cut(c.Path("file"), ".")
	f, ok := formatOf(ext)
	k, err := d.kind(c.Path("kind"))
	if err != nil || !ok || f.Newest {
		return fault.Missing()
	}
	e, err := entry.See(c.Context(), d.DB, c.Actor, k.Name, id)
	if err != nil {
		return err
	}
	s, err := output.Single(c.Context(), d.DB, c.Actor, c.View, c.Alliance, d.source(c.View, k), e)
	if err != nil {
		return err
	}
	return d.send(c, k, f, s, k.Name+"-"+id)
}

// blank is what a kind asks as a text document to fill in.
func (d *Data) blank(c *web.Ctx) error {
	name, ext, _ := strings.Cut(c.Path("file"), ".")
	k, err := d.kind(name)
	if err != nil || ext != "docx" || k.Records == nil {
		return fault.Missing()
	}
	body, err := output.Blank(c.View, c.View.Say(k.Many), k.Spec, c.Alliance)
	if err != nil {
		return err
	}
	f, _ := formatOf(ext)
	c.W.Header().Set("Content-Language", c.Lang())
	return c.Download(k.Name+"-questions-"+c.Lang()+"."+ext, f.Type, body)
}

func (d *Data) send(c *web.Ctx, k feature.Kind, f format, s output.Set, name string) error {
	columns := output.Chosen(s.Columns(), c.Queries("column"))
	self := c.View.Origin + c.View.Href(c.Here())
	page := c.View.Origin + c.View.Href(s.Query.Href(listOf(k)))
	body, err := f.write(s, columns, self, page)
	if err != nil {
		return err
	}
	if f.Open {
		c.W.Header().Set("Access-Control-Allow-Origin", "*")
		c.W.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	}
	c.W.Header().Set("Content-Language", c.Lang())
	if f.Save {
		return c.Download(name+"-"+c.Lang()+"."+f.Ext, f.Type, body)
	}
	return c.Bytes(f.Type, body)
}

func listOf(k feature.Kind) string {
	if k.List == "" {
		return "/open"
	}
	return k.List
}

func (d *Data) index(c *web.Ctx) error { return c.Page(indexPage(c.View, d.given())) }

// mostPrinted is how many records a printed guide holds.
const mostPrinted = 300

// guide is a list as a small book to print, A5, in the reader's language.
func (d *Data) guide(c *web.Ctx) error {
	k, err := d.kind(c.Path("kind"))
	if err != nil {
		return err
	}
	s, err := d.gather(c, k, entry.ByTitle, mostPrinted)
	if err != nil {
		return err
	}
	return c.Page(guidePage(c.View, k, s))
}

// mostEmbedded is how many records a list within another site shows.
const mostEmbedded = 50

// embed is a list to set into a page of another site: no menu, no cookie, no
// script, links that open here.
func (d *Data) embed(c *web.Ctx) error {
	k, err := d.kind(c.Path("kind"))
	if err != nil {
		return err
	}
	s, err := d.gather(c, k, entry.ByTitle, mostEmbedded)
	if err != nil {
		return err
	}
	h := c.W.Header()
	h.Set("Content-Security-Policy", strings.Replace(h.Get("Content-Security-Policy"), "frame-ancestors 'none'", "frame-ancestors *", 1))
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Del("Cross-Origin-Opener-Policy")
	return c.Page(embedPage(c.View, k, s))
}

// Files are the ways from one record to its other forms.
func Files(k feature.Kind) func(design.View, string) templ.Component {
	return func(v design.View, id string) templ.Component { return filesOf(v, k, id) }
}

// Links are the ways from a list to its other forms.
func Links(k feature.Kind) func(design.View, record.Query) templ.Component {
	return func(v design.View, q record.Query) templ.Component { return linksOf(v, k, q) }
}
