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
	Action string
	Fields url.Values
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
		fields := fieldsOf(n)
		walk(n, func(n *html.Node) { // radios and boxes that are not ticked are fields too
			if name := attr(n, "name"); n.Type == html.ElementNode && name != "" && fields[name] == nil {
				fields.Set(name, attr(n, "value"))
			}
		})
		forms = append(forms, Form{action, fields})
	})
	return forms
}

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
