package design

import (
	"context"
	"hash/fnv"
	"html"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"alliance/internal/platform/id"
)

// Item is one card of a list.
type Item struct {
	Href, Title string
	Lang        string   // of the title
	Kind        string   // organisation kind it is by: strand, shape and word
	Tag         string   // words instead of the kind's name
	Text        string   // one or two lines
	TextLang    string   // of Text
	Meta        []string // small lines: place, date, languages
	Steps       []Step
	Level       int // of the heading, 3 unless said
}

// Step is one pill of a worded progress.
type Step struct {
	Label string
	State string // "done", "now", "" to come
}

// StepsTo marks the steps before now as done.
func StepsTo(now int, labels ...string) []Step {
	list := make([]Step, len(labels))
	for i, l := range labels {
		list[i].Label = l
		if i < now {
			list[i].State = "done"
		} else if i == now {
			list[i].State = "now"
		}
	}
	return list
}

// Group is one question of a filter, answered by ticking.
type Group struct {
	Name, Label string
	Options     []Option
	Values      []string // ticked
	Shows       bool     // chooses what is shown of each, and narrows nothing
}

// Filters is a form that narrows a list. It is sent by GET.
type Filters struct {
	Path   string // of the list, without the language; "" = this page
	Query  string // what was searched, posted as q
	Label  string // of the search field; "" shows no search field
	Hint   string
	Groups []Group
	Sort   []Option // posted as sort
	SortBy string
	Hidden []Hide // values to carry along
	Open   bool   // show the filters opened
}

// Hide is a hidden value.
type Hide struct{ Name, Value string }

func (f Filters) chosen() int {
	n := 0
	for _, g := range f.Groups {
		if !g.Shows {
			n += len(g.Values)
		}
	}
	return n
}

// Column is one column of a Table.
type Column struct {
	Label  string
	Number bool
}

// Bar is one row of Bars: always a number, the bar only beside it.
type Bar struct {
	Label string
	Value int
	Of    int    // the whole of this row; 0 = the largest value of all rows
	Kind  string // organisation kind or college: line style and colour
	Note  string
}

// Confirm is what one asks before a dangerous act.
type Confirm struct {
	Text   string
	Path   string // posted to, without the language
	Key    string
	Button string
	Back   string // path to return to, without the language
	Hidden []Hide
}

// Part fills a placeholder of a phrase with something else than plain words.
type Part struct {
	Name string
	As   templ.Component
}

// Anchor is a Part that is a link.
func Anchor(name, href, label string) Part { return Part{name, anchor(href, label)} }

// Inline writes a phrase whose placeholders stand for links or names:
// Inline(v.T("x.by", "By {person}."), Part{"person", Name(p)}).
func Inline(phrase string, parts ...Part) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		for phrase != "" {
			at, next := len(phrase), -1
			for i, p := range parts {
				if j := strings.Index(phrase, "{"+p.Name+"}"); j >= 0 && j < at {
					at, next = j, i
				}
			}
			if _, err := io.WriteString(w, html.EscapeString(phrase[:at])); err != nil {
				return err
			}
			if next < 0 {
				return nil
			}
			if err := parts[next].As.Render(ctx, w); err != nil {
				return err
			}
			phrase = phrase[at+len(parts[next].Name)+2:]
		}
		return nil
	})
}

// block is a paragraph or a list of a plain text.
type block struct {
	lines []string
	list  bool
}

// blocks cuts a plain text at empty lines; lines that begin with "- " are a list.
func blocks(s string) []block {
	var out []block
	fresh := true
	for line := range strings.Lines(s) {
		line = strings.TrimSpace(line)
		if line == "" {
			fresh = true
			continue
		}
		item, list := strings.CutPrefix(line, "- ")
		if !list {
			item, list = strings.CutPrefix(line, "• ")
		}
		if n := len(out); fresh || out[n-1].list != list {
			out = append(out, block{list: list})
		}
		fresh = false
		out[len(out)-1].lines = append(out[len(out)-1].lines, item)
	}
	return out
}

// translator gives the words for who translated, "" when it is not to be told.
func (v View) translator(by string) string {
	if id.Valid(by) {
		if v.NameOf == nil {
			return ""
		}
		return v.NameOf(by)
	}
	return by
}

// slug makes an id for an element out of its words: the same words, the same id.
func slug(prefix, words string) string {
	h := fnv.New32a()
	_, _ = io.WriteString(h, words)
	return prefix + strconv.FormatUint(uint64(h.Sum32()), 36)
}

// with is this page's address with one value of its query changed; "" takes it out.
func (v View) with(name, value string) string {
	q, err := url.ParseQuery(v.Query)
	if err != nil {
		q = url.Values{}
	}
	q.Del(name)
	if value != "" {
		q.Set(name, value)
	}
	if len(q) == 0 {
		return v.Href(v.Path)
	}
	return v.Href(v.Path) + "?" + q.Encode()
}

// page is this page's address with another page number.
func (v View) page(n int) string {
	if n <= 1 {
		return v.with("page", "")
	}
	return v.with("page", strconv.Itoa(n))
}

// Weight says how much a file costs to fetch.
func Weight(v View, octets int64) string {
	return v.T("design.weight", "{n} kB", "n", v.Number(int((octets+999)/1000)))
}

func iso(t time.Time) string { return t.Format(time.RFC3339) }

// share gives a bar's length in percent of the drawing.
func share(b Bar, rows []Bar) string {
	of := b.Of
	if of == 0 {
		for _, r := range rows {
			of = max(of, r.Value)
		}
	}
	if of <= 0 || b.Value <= 0 {
		return "0%"
	}
	return strconv.FormatFloat(min(100, 100*float64(b.Value)/float64(of)), 'f', 2, 64) + "%"
}

// groups writes a code in groups of four, to be read aloud and retyped.
func groups(code string) string {
	if strings.ContainsAny(code, "- ") {
		return code
	}
	var b strings.Builder
	for i, r := range code {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteRune(r)
	}
	return b.String()
}
