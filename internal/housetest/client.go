package housetest

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"alliance/internal/platform/db"
	"alliance/internal/platform/id"
	"alliance/internal/platform/people"
)

// Client is a browser without scripts: it keeps cookies, follows redirects and
// sends forms as they stand on the page.
type Client struct {
	h      *House
	http   *http.Client
	header http.Header // sent along with every request
	tb     testing.TB
}

// Visitor gives a client nobody knows.
func (h *House) Visitor() *Client {
	jar, _ := cookiejar.New(nil)
	return &Client{h: h, tb: h.tb, http: &http.Client{Jar: jar}, header: http.Header{}}
}

// Header lets the client send a header with every request.
func (c *Client) Header(name, value string) *Client {
	c.header.Set(name, value)
	return c
}

// As gives a client signed in as a person, under a mandate or "".
func (h *House) As(person, mandate string) *Client {
	h.tb.Helper()
	return h.signedIn(people.StartSession, person, mandate)
}

// AsStrong is As with a second factor shown: rights of whoever steers go on
// after their week of grace.
func (h *House) AsStrong(person, mandate string) *Client {
	h.tb.Helper()
	return h.signedIn(people.StartStrong, person, mandate)
}

func (h *House) signedIn(start func(ctx context.Context, tx *db.Tx, person, mandate, agent string) (string, error), person, mandate string) *Client {
	var secret string
	h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
		secret, err = start(ctx, tx, person, mandate, "test")
		return err
	})
	return h.WithCookie(secret)
}

// WithCookie gives a client that shows the cookie of a session.
func (h *House) WithCookie(secret string) *Client {
	c := h.Visitor()
	at, _ := url.Parse(h.Server.URL)
	c.http.Jar.SetCookies(at, []*http.Cookie{{Name: "alliance", Value: secret, Path: "/"}})
	return c
}

// Page is an answer.
type Page struct {
	Path   string // where redirects led
	Code   int
	Header http.Header
	Body   string
	c      *Client
	doc    *html.Node
}

// Get asks for a page and follows redirects.
func (c *Client) Get(path string) *Page {
	c.tb.Helper()
	req, err := http.NewRequest("GET", c.h.Server.URL+path, nil)
	if err != nil {
		c.tb.Fatal(err)
	}
	return c.do(req)
}

// Post sends a form to a path without looking at the page first.
func (c *Client) Post(path string, form url.Values) *Page {
	c.tb.Helper()
	req, err := http.NewRequest("POST", c.h.Server.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		c.tb.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return c.do(req)
}

func (c *Client) do(req *http.Request) *Page {
	c.tb.Helper()
	for name, values := range c.header {
		req.Header[name] = values
	}
	res, err := c.http.Do(req)
	if err != nil {
		c.tb.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		c.tb.Fatal(err)
	}
	p := &Page{Path: res.Request.URL.RequestURI(), Code: res.StatusCode, Header: res.Header, Body: string(body), c: c}
	p.doc, _ = html.Parse(strings.NewReader(p.Body))
	return p
}

// Call asks the API; out may be nil. The token may be "".
func (h *House) Call(token, method, path string, in, out any) int {
	h.tb.Helper()
	key := ""
	if in != nil {
		key = id.New()
	}
	return h.CallAgain(key, token, method, path, in, out)
}

// CallAgain is Call under an idempotency key.
func (h *House) CallAgain(key, token, method, path string, in, out any) int {
	h.tb.Helper()
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			h.tb.Fatal(err)
		}
		body = strings.NewReader(string(b))
	}
	req, err := http.NewRequest(method, h.Server.URL+"/api/v1"+path, body)
	if err != nil {
		h.tb.Fatal(err)
	}
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		h.tb.Fatal(err)
	}
	defer res.Body.Close()
	b, _ := io.ReadAll(res.Body)
	if out != nil && res.StatusCode < 300 {
		if err := json.Unmarshal(b, out); err != nil {
			h.tb.Fatalf("%s %s: %v: %s", method, path, err, b)
		}
	}
	if res.StatusCode >= 300 {
		h.tb.Logf("%s %s: %d %s", method, path, res.StatusCode, b)
	}
	return res.StatusCode
}

// Status fails the test unless the status is one of these.
func (p *Page) Status(codes ...int) *Page {
	p.c.tb.Helper()
	for _, c := range codes {
		if p.Code == c {
			return p
		}
	}
	p.c.tb.Fatalf("%s: status %d, want %v\n%s", p.Path, p.Code, codes, p.Text("main"))
	return p
}

// Has fails the test unless some element of the selector (a tag, .class, #id
// or tag.class) holds the words.
func (p *Page) Has(selector, words string) *Page {
	p.c.tb.Helper()
	for _, n := range p.find(selector) {
		if strings.Contains(text(n), words) {
			return p
		}
	}
	p.c.tb.Fatalf("%s: no %s with %q in:\n%s", p.Path, selector, words, p.Text("main"))
	return p
}

// Lacks fails the test when some element of the selector holds the words.
func (p *Page) Lacks(selector, words string) *Page {
	p.c.tb.Helper()
	for _, n := range p.find(selector) {
		if strings.Contains(text(n), words) {
			p.c.tb.Fatalf("%s: %s holds %q:\n%s", p.Path, selector, words, text(n))
		}
	}
	return p
}

// Text gives the words of the first element of the selector.
func (p *Page) Text(selector string) string {
	for _, n := range p.find(selector) {
		return text(n)
	}
	return ""
}

// Count counts the elements of the selector.
func (p *Page) Count(selector string) int { return len(p.find(selector)) }

// Links gives the href of every link within the selector.
func (p *Page) Links(selector string) (hrefs []string) {
	for _, n := range p.find(selector) {
		walk(n, func(n *html.Node) {
			if n.Type == html.ElementNode && n.Data == "a" && attr(n, "href") != "" {
				hrefs = append(hrefs, attr(n, "href"))
			}
		})
	}
	return hrefs
}

// Follow opens the link with these words.
func (p *Page) Follow(words string) *Page {
	p.c.tb.Helper()
	for _, a := range p.find("a") {
		if href := attr(a, "href"); href != "" && strings.Contains(text(a), words) {
			return p.c.Get(href)
		}
	}
	p.c.tb.Fatalf("%s: no link %q", p.Path, words)
	return p
}

// Submit sends the form that has a button with these words, with its fields as
// they stand and with set on top; "" values clear a field.
func (p *Page) Submit(button string, set map[string]string, more ...url.Values) *Page {
	p.c.tb.Helper()
	form, pressed := p.formWith(button)
	if form == nil {
		p.c.tb.Fatalf("%s: no form with a button %q; buttons: %q", p.Path, button, p.buttons())
	}
	values := fieldsOf(form)
	if name := attr(pressed, "name"); name != "" {
		values.Set(name, attr(pressed, "value"))
	}
	for k, v := range set {
		if v == "" {
			values.Del(k)
		} else {
			values.Set(k, v)
		}
	}
	for _, m := range more {
		for k, vs := range m {
			values[k] = vs
		}
	}
	action := attr(form, "action")
	if to := attr(pressed, "formaction"); to != "" {
		action = to
	}
	if action == "" {
		action = p.Path
	}
	if strings.EqualFold(attr(form, "method"), "post") {
		if attr(form, "enctype") == "multipart/form-data" {
			return p.c.multipart(action, values, nil)
		}
		return p.c.Post(action, values)
	}
	base, _, _ := strings.Cut(action, "?")
	return p.c.Get(base + "?" + values.Encode())
}

// Upload sends the form with a button like Submit, with files by field: name and content.
func (p *Page) Upload(button string, set map[string]string, files map[string][2]string) *Page {
	p.c.tb.Helper()
	form, _ := p.formWith(button)
	if form == nil {
		p.c.tb.Fatalf("%s: no form with a button %q", p.Path, button)
	}
	values := fieldsOf(form)
	for k, v := range set {
		values.Set(k, v)
	}
	return p.c.multipart(attr(form, "action"), values, files)
}

func (p *Page) buttons() (names []string) {
	for _, n := range p.find("button") {
		names = append(names, strings.TrimSpace(text(n)))
	}
	return names
}

func (p *Page) formWith(button string) (form, pressed *html.Node) {
	walk(p.doc, func(n *html.Node) {
		if form != nil || n.Type != html.ElementNode || n.Data != "button" || !strings.Contains(text(n), button) {
			return
		}
		for up := n.Parent; up != nil; up = up.Parent {
			if up.Data == "form" {
				form, pressed = up, n
				return
			}
		}
	})
	return form, pressed
}

func fieldsOf(form *html.Node) url.Values {
	values := url.Values{}
	walk(form, func(n *html.Node) {
		name := attr(n, "name")
		if n.Type != html.ElementNode || name == "" || has(n, "disabled") {
			return
		}
		switch n.Data {
		case "textarea":
			values.Add(name, text(n))
		case "select":
			picked := ""
			first := true
			walk(n, func(o *html.Node) {
				if o.Data != "option" {
					return
				}
				v := attr(o, "value")
				if !has(o, "value") {
					v = text(o)
				}
				if first || has(o, "selected") {
					picked, first = v, false
				}
			})
			values.Add(name, picked)
		case "input":
			switch attr(n, "type") {
			case "checkbox", "radio":
				if has(n, "checked") {
					v := attr(n, "value")
					if !has(n, "value") {
						v = "on"
					}
					values.Add(name, v)
				}
			case "submit", "button", "file":
			default:
				values.Add(name, attr(n, "value"))
			}
		}
	})
	return values
}

func (p *Page) find(selector string) (found []*html.Node) {
	tag, class, id := selector, "", ""
	if i := strings.IndexAny(selector, ".#"); i >= 0 {
		tag = selector[:i]
		if selector[i] == '.' {
			class = selector[i+1:]
		} else {
			id = selector[i+1:]
		}
	}
	walk(p.doc, func(n *html.Node) {
		if n.Type != html.ElementNode || tag != "" && n.Data != tag || id != "" && attr(n, "id") != id {
			return
		}
		if class != "" && !strings.Contains(" "+attr(n, "class")+" ", " "+class+" ") {
			return
		}
		found = append(found, n)
	})
	return found
}

func walk(n *html.Node, visit func(*html.Node)) {
	if n == nil {
		return
	}
	visit(n)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		walk(c, visit)
	}
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

// text gives the words of an element as read aloud: white space folded.
func text(n *html.Node) string {
	var b strings.Builder
	walk(n, func(n *html.Node) {
		if n.Type == html.TextNode && (n.Parent == nil || n.Parent.Data != "script" && n.Parent.Data != "style") {
			b.WriteString(n.Data)
		}
		if n.Type == html.ElementNode {
			b.WriteByte(' ')
		}
	})
	if n.Data == "textarea" {
		return strings.TrimPrefix(b.String(), " ")
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// Probe asks without following redirects and gives the status; forms are sent
// empty.
func (c *Client) Probe(method, path string) int {
	c.tb.Helper()
	req, err := http.NewRequest(method, c.h.Server.URL+path, nil)
	if err != nil {
		c.tb.Fatal(err)
	}
	req.Header = c.header.Clone()
	once := &http.Client{Jar: c.http.Jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := once.Do(req)
	if err != nil {
		c.tb.Fatal(err)
	}
	defer res.Body.Close()
	io.Copy(io.Discard, res.Body)
	return res.StatusCode
}

// Cookies gives the cookies it carries, for a real browser to carry them too.
func (c *Client) Cookies() []*http.Cookie {
	at, _ := url.Parse(c.h.Server.URL)
	return c.http.Jar.Cookies(at)
}
