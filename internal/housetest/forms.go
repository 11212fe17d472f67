package housetest

import (
	"io"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// Form is a form as it stands on a page.
type Form struct {
	Action  string
	Fields  url.Values
	Kinds   map[string]string // of its fields: the type of an input, or textarea, select, button
	Choices url.Values        // what may be chosen in a list or among radios
}

// Forms gives the forms of a page that change something, once for each target.
func (p *Page) Forms() (forms []Form) {
	walk(p.doc, func(n *html.Node) {
		if n.Type != html.ElementNode || n.Data != "form" || !strings.EqualFold(attr(n, "method"), "post") {
			return
		}
		action := attr(n, "action")
		if action == "" {
			action = p.Path
		}
		f := Form{action, fieldsOf(n), map[string]string{}, url.Values{}}
		walk(n, f.meet)
		forms = append(forms, f)
	})
	return forms
}

// meet notes one field; radios and boxes that are not ticked are fields too.
func (f *Form) meet(n *html.Node) {
	name := attr(n, "name")
	if n.Type != html.ElementNode || name == "" {
		return
	}
	if f.Fields[name] == nil {
		f.Fields.Set(name, attr(n, "value"))
	}
	kind := n.Data
	if kind == "input" {
		if kind = strings.ToLower(attr(n, "type")); kind == "" {
			kind = "text"
		}
	}
	f.Kinds[name] = kind
	switch kind {
	case "select":
		walk(n, func(o *html.Node) {
			if o.Type == html.ElementNode && o.Data == "option" && attr(o, "value") != "" {
				f.Choices.Add(name, attr(o, "value"))
			}
		})
	case "radio":
		f.Choices.Add(name, attr(n, "value"))
	}
}

// Wrong gives the names of fields that a page says are wrong.
func (p *Page) Wrong() (names []string) {
	walk(p.doc, func(n *html.Node) {
		if attr(n, "aria-invalid") == "true" && attr(n, "name") != "" {
			names = append(names, attr(n, "name"))
		}
	})
	return names
}

// Each visits every node of the page, as a browser would read it.
func (p *Page) Each(visit func(*html.Node)) { walk(p.doc, visit) }

// Form gives the fields of the form with a target.
func (p *Page) Form(action string) url.Values {
	p.c.tb.Helper()
	for _, f := range p.Forms() {
		if f.Action == action {
			return f.Fields
		}
	}
	p.c.tb.Fatalf("%s: no form to %s", p.Path, action)
	return nil
}

// Knock posts a form without following where it leads, and gives the status.
func (c *Client) Knock(path string, form url.Values) int {
	c.tb.Helper()
	once := &http.Client{Jar: c.http.Jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := once.PostForm(c.h.Server.URL+path, form)
	if err != nil {
		c.tb.Fatal(err)
	}
	defer res.Body.Close()
	io.Copy(io.Discard, res.Body)
	return res.StatusCode
}
