package app_test

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"alliance/internal/housetest"
	"alliance/internal/platform/lang"
)

// canary stands in everything the drill writes.
const canary = "zqx"

// written are pieces of other languages that would be more than words where
// somebody forgot that they are words.
var written = []string{
	`zqx <script>zqx()</script>`, `zqx "><img src=x onerror=zqx()>`, `zqx ' onmouseover='zqx()`, `zqx </textarea><zqx-a>`, `zqx </title><zqx-b>`,
	`zqx </script><zqx-c>`, `zqx --><zqx-d><!--`, `zqx ]]><zqx-e>`, `zqx <svg/onload=zqx()>`, `zqx <a href="javascript:zqx()">x</a>`, `zqx &lt;zqx-f&gt;`,
	`zqx <math><mtext><zqx-g>`, `zqx <iframe srcdoc="<zqx-h>">`, `zqx [x](javascript:zqx())`, "zqx `zqx` <b>zqx", `zqx {{1337*1337}} ${1337*1337} #{1337*1337} <%= 1337*1337 %>`,
	`zqx' OR 1=1 --`, `zqx'; DROP TABLE entry; --`, `zqx" UNION SELECT secret FROM session --`, `zqx\'; SELECT pg_sleep(9); --`, `zqx%' ESCAPE '!`, "zqx\r\nX-Zqx: 1", "zqx\nBEGIN:ZQX\nX-ZQX:1",
	`=zqx|' /C calc'!A0`, `+zqx`, `@zqx`, "\tzqx", `zqx $(zqx) ; zqx | zqx`, `zqx %0d%0aX-Zqx:1 %s%n`, `zqx ../../../../etc/passwd`, "zqx \u202e\u2066zqx", `zqx <?xml version="1.0"?><!DOCTYPE z SYSTEM "file:///etc/passwd">`,
}

// onWeb are such pieces for fields that take an address on the web.
var onWeb = []string{`javascript:zqx()`, `JaVaScRiPt:zqx()//https://`, `data:text/html,<zqx-i>`, `https://zqx.example/"onmouseover="zqx()`, `//zqx.example/`, `https://zqx.example/<zqx-j>`, " javascript:zqx()"}

// writeEverywhere sends each form with such words in all its fields for words,
// twice: what the house says is wrong is written as it wishes the second time.
// It gives the pages that came of it.
func (d *drill) writeEverywhere() (made []string) {
	at := 0
	for _, m := range d.forms {
		if leaves(m.Action) {
			continue
		}
		var plain []string
		for range 3 {
			c := m.by.come()
			f, ok := formOn(d.get(m.by, c, m.page), m.Action)
			if !ok {
				break // it was sent already
			}
			at++
			wordy := fill(&f, at, plain)
			p, _ := d.send(m.by, c, f)
			if wordy == 0 {
				break
			}
			if p.Code != 422 {
				if p.Code == 200 && d.pattern("GET", p.Path) != "" {
					made = append(made, p.Path)
				}
				break
			}
			plain = append(plain, p.Wrong()...)
		}
	}
	slices.Sort(made)
	return slices.Compact(made)
}

func formOn(p *housetest.Page, action string) (housetest.Form, bool) {
	forms := p.Forms()
	i := slices.IndexFunc(forms, func(f housetest.Form) bool { return f.Action == action })
	if i < 0 {
		return housetest.Form{}, false
	}
	return forms[i], true
}

// fill writes words into a form and what fits into its other fields; those in
// plain are left as they stand. It gives in how many there are words now.
func fill(f *housetest.Form, at int, plain []string) (wordy int) {
	for _, name := range slices.Sorted(maps.Keys(f.Kinds)) {
		kind := f.Kinds[name]
		free := slices.Contains(plain, name)
		value := f.Fields.Get(name)
		switch kind {
		case "text", "search", "textarea":
			if wordy++; !free {
				value = written[(at*5+wordy)%len(written)]
			} else if value == "" || strings.Contains(value, canary) {
				value = "zqx words"
			}
		case "url":
			if wordy++; !free {
				value = onWeb[(at+wordy)%len(onWeb)]
			} else {
				value = "https://zqx.example/"
			}
		case "email":
			if value == "" {
				value = fmt.Sprintf("zqx%d@example.org", at)
			}
		case "number":
			if value == "" {
				value = "1"
			}
		case "date":
			if value == "" {
				value = "2027-03-01"
			}
		case "select", "radio":
			if choices := f.Choices[name]; value == "" && len(choices) > 0 {
				value = choices[0]
			}
		default:
			continue
		}
		f.Fields[name] = []string{value}
	}
	return wordy
}

// runs are attributes whose content would be run or fetched.
var runs = regexp.MustCompile(`(?i)^(on.*|style|srcdoc|formaction|xlink:href)$`)

var leads = map[string]bool{"href": true, "src": true, "action": true, "poster": true, "data": true}

// schemes of an address, and those that pages may lead to: an app for second
// factors is opened by otpauth.
var (
	schemes = regexp.MustCompile(`^[^/?#]*:`)
	known   = []string{"https:", "http:", "mailto:", "otpauth:"}
)

// answersOfEngines are words of databases and templates that no page says.
var answersOfEngines = regexp.MustCompile(`1787569|SQLSTATE|SQL logic error|syntax error at or near|near "[^"]*": syntax error|unterminated quoted string|template: |root:x:0:0`)

// broken gives what in an answer is more than words.
func broken(p *housetest.Page) (wrong []string) {
	say := func(format string, args ...any) {
		wrong = append(wrong, lang.Cut(fmt.Sprintf(format, args...), 300))
	}
	if found := answersOfEngines.FindString(p.Body); found != "" {
		say("it says %q", found)
	}
	for name := range p.Header {
		if strings.Contains(strings.ToLower(name), canary) {
			say("header %s", name)
		}
	}
	switch kind, _, _ := strings.Cut(p.Header.Get("Content-Type"), ";"); kind {
	case "text/html":
		p.Each(func(n *html.Node) { markup(n, say) })
	case "application/json", "application/geo+json", "application/ld+json":
		if !json.Valid([]byte(p.Body)) {
			say("no JSON")
		}
	case "text/csv":
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(p.Body, "\ufeff"))).ReadAll()
		if err != nil {
			say("no CSV: %v", err)
		}
		for _, cell := range slices.Concat(rows...) {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) && strings.Contains(cell, canary) {
				say("a formula: %q", cell)
			}
		}
	case "text/calendar":
		if found := regexp.MustCompile(`(?mi)^(X-ZQX|BEGIN:ZQX).*`).FindString(p.Body); found != "" {
			say("a line of its own: %q", found)
		}
	case "application/atom+xml", "application/xml", "text/xml", "application/opensearchdescription+xml":
		xmlOf(p.Body, say)
	}
	return wrong
}

func markup(n *html.Node, say func(string, ...any)) {
	if n.Type == html.CommentNode && strings.Contains(n.Data, canary) {
		say("a comment: %q", n.Data)
	}
	if n.Type != html.ElementNode {
		return
	}
	if strings.Contains(n.Data, canary) || n.Data == "iframe" || n.Data == "object" || n.Data == "embed" {
		say("<%s>", n.Data)
	}
	for _, a := range n.Attr {
		value := strings.ToLower(strings.TrimSpace(a.Val))
		switch {
		case strings.Contains(a.Key, canary), runs.MatchString(a.Key) && strings.Contains(value, canary), strings.HasPrefix(a.Key, "on"):
			say("<%s %s=%q>", n.Data, a.Key, a.Val)
		case leads[a.Key] && strings.Contains(value, canary):
			if scheme := schemes.FindString(value); scheme != "" && !slices.Contains(known, scheme) || strings.HasPrefix(value, "//") || strings.HasPrefix(value, `/\`) {
				say("<%s %s=%q>", n.Data, a.Key, a.Val)
			}
		}
	}
	if script := n.FirstChild; (n.Data == "script" || n.Data == "style") && script != nil && strings.Contains(script.Data, canary) {
		data := ""
		for _, a := range n.Attr {
			if a.Key == "type" {
				data = a.Val
			}
		}
		if data != "application/ld+json" || !json.Valid([]byte(script.Data)) {
			say("<%s>%s", n.Data, script.Data)
		}
	}
}

func xmlOf(body string, say func(string, ...any)) {
	for d := xml.NewDecoder(strings.NewReader(body)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			say("no XML: %v", err)
			return
		}
		if e, ok := token.(xml.StartElement); ok && strings.Contains(e.Name.Local, canary) {
			say("<%s>", e.Name.Local)
		}
	}
}
