package mirror

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// leading are the attributes that name an address.
var leading = []string{"href", "src"}

// leads tells whether an attribute names an address that may lie in the copy.
func leads(n *html.Node, name string) bool {
	return slices.Contains(leading, name) && attr(n, "rel") != "external"
}

// strip takes out what does nothing without a server: scripts (every page is
// whole without them), forms, the account, the way out of a page in a hurry.
func strip(doc *html.Node) {
	var gone []*html.Node
	walk(doc, func(n *html.Node) {
		if n.Type == html.CommentNode || n.Type == html.ElementNode && needsServer(n) {
			gone = append(gone, n)
		}
		n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "data-poll" || a.Key == "data-suggest" })
	})
	for _, n := range gone {
		if n.Parent != nil {
			n.Parent.RemoveChild(n)
		}
	}
	var hollow []*html.Node
	walk(doc, func(n *html.Node) {
		if n.Data == "details" && onlySummary(n) {
			hollow = append(hollow, n)
		}
	})
	for _, n := range hollow {
		n.Parent.RemoveChild(n)
	}
}

// onlySummary tells a part to open that held a form and nothing else.
func onlySummary(details *html.Node) bool {
	for n := range details.ChildNodes() {
		if n.Data != "summary" && (n.Type != html.TextNode || strings.TrimSpace(n.Data) != "") {
			return false
		}
	}
	return true
}

func needsServer(n *html.Node) bool {
	switch n.Data {
	case "script", "noscript", "form", "button", "input", "select", "textarea", "base":
		return true
	case "meta":
		return attr(n, "http-equiv") == "refresh"
	case "link":
		return attr(n, "rel") == "search" || strings.Contains(attr(n, "type"), "oembed")
	case "nav":
		return hasClass(n, "who")
	case "section":
		return hasClass(n, "demo")
	case "a":
		return hasClass(n, "exit")
	}
	return false
}

// sheetOut moves the style sheet that stands within each page into one file.
func (c *crawl) sheetOut(v *visit, doc *html.Node) (err error) {
	walk(doc, func(n *html.Node) {
		if n.Type != html.ElementNode || n.DataAtom != atom.Style || n.FirstChild == nil {
			return
		}
		css := []byte(n.FirstChild.Data)
		sum := sha256.Sum256(css)
		key := "/s/page." + hex.EncodeToString(sum[:6]) + ".css"
		n.Data, n.DataAtom = "link", atom.Link
		n.Attr = []html.Attribute{{Key: "rel", Val: "stylesheet"}, {Key: "href", Val: key}}
		n.RemoveChild(n.FirstChild)
		c.mu.Lock()
		defer c.mu.Unlock()
		v.out = append(v.out, c.sheetLinks(css)...)
		if c.sheets[key] == "" {
			c.sheets[key] = fileOf(key, "text/css")
			err = c.write(c.sheets[key], besideSheet(css))
		}
	})
	return err
}

// link sets the links of a page that was kept, and puts the line on top.
func (c *crawl) link(_ context.Context, v *visit) error {
	path := filepath.Join(c.dir, filepath.FromSlash(v.file))
	body, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	doc, err := html.ParseWithOptions(bytes.NewReader(body), html.ParseOptionEnableScripting(false))
	if err != nil {
		return fmt.Errorf("%s: %w", v.key, err)
	}
	c.putBar(v, doc)
	var gone []*html.Node
	walk(doc, func(n *html.Node) {
		if n.Type != html.ElementNode {
			return
		}
		for i, a := range n.Attr {
			if leads(n, a.Key) && !c.set(v, n, i) {
				gone = append(gone, n)
			}
		}
	})
	for _, n := range gone {
		n.Parent.RemoveChild(n)
	}
	var b bytes.Buffer
	if err := html.Render(&b, doc); err != nil {
		return fmt.Errorf("%s: %w", v.key, err)
	}
	return os.WriteFile(path, b.Bytes(), 0o644) // #nosec G306 -- the public site, for a web server to read
}

// set lets one reference lead to a file. false: the element says nothing any more.
func (c *crawl) set(v *visit, n *html.Node, i int) bool {
	to, key, fragment := c.lead(v.key, n.Attr[i].Val)
	if to == away {
		return true
	}
	if n.Data == "use" {
		return c.draw(n, fragment)
	}
	if sheet := c.sheets[key]; sheet != "" {
		n.Attr[i].Val = between(v.file, sheet)
		return true
	}
	target := c.end(key)
	if to == lost || target == nil {
		if n.Data != "a" {
			return false // another form of the page, or a picture, that is not there
		}
		n.Attr[i].Val = between(v.file, fileOf("/"+c.lang(v)+aboutPath, "text/html"))
		return true
	}
	n.Attr[i].Val = between(v.file, target.file)
	if fragment != "" && target.page && target.ids[fragment] {
		n.Attr[i].Val += "#" + fragment
		if target == v {
			n.Attr[i].Val = "#" + fragment
		}
	}
	return true
}

// lang is the language of a page.
func (c *crawl) lang(v *visit) string {
	lang, _, _ := strings.Cut(strings.TrimPrefix(v.key, "/"), "/")
	if lang == "" {
		return c.Langs[0]
	}
	return lang
}

// putBar puts the line that says what the page is a copy of at the top of it.
func (c *crawl) putBar(v *visit, doc *html.Node) {
	top := find(doc, "header")
	if top == nil {
		top = find(doc, "body")
	}
	nodes, err := html.ParseFragment(strings.NewReader(c.bars[slices.Index(c.Langs, c.lang(v))]), top)
	if err != nil {
		return
	}
	first := top.FirstChild
	for _, n := range nodes {
		top.InsertBefore(n, first)
	}
}

// loadIcons reads the drawings that pages point to in one file for all: from a
// folder, browsers do not follow such a pointer, so each page gets its own.
func (c *crawl) loadIcons() error {
	c.icons = map[string]*html.Node{}
	for key, v := range c.seen {
		if !strings.HasPrefix(key, "/s/") || !strings.HasSuffix(v.file, ".svg") {
			continue
		}
		path := filepath.Join(c.dir, filepath.FromSlash(v.file))
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		doc, err := html.Parse(bytes.NewReader(b))
		if err != nil {
			return err
		}
		walk(doc, func(n *html.Node) {
			if n.Data == "symbol" {
				c.icons[attr(n, "id")] = n
			}
		})
		if find(doc, "symbol") != nil {
			v.file = "" // nothing points to it any more
			if err := os.Remove(path); err != nil {
				return err
			}
		}
	}
	return nil
}

// draw puts an icon itself where a pointer to it was.
func (c *crawl) draw(use *html.Node, name string) bool {
	icon, svg := c.icons[name], use.Parent
	if icon == nil {
		return false
	}
	if box := attr(icon, "viewBox"); box != "" && attr(svg, "viewBox") == "" {
		svg.Attr = append(svg.Attr, html.Attribute{Key: "viewBox", Val: box})
	}
	for child := icon.FirstChild; child != nil; child = child.NextSibling {
		svg.InsertBefore(clone(child), use)
	}
	return false
}

func clone(n *html.Node) *html.Node {
	m := &html.Node{Type: n.Type, Data: n.Data, DataAtom: n.DataAtom, Namespace: n.Namespace, Attr: slices.Clone(n.Attr)}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		m.AppendChild(clone(child))
	}
	return m
}

func walk(n *html.Node, visit func(*html.Node)) {
	visit(n)
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		walk(child, visit)
	}
}

func find(n *html.Node, tag string) (found *html.Node) {
	walk(n, func(n *html.Node) {
		if found == nil && n.Type == html.ElementNode && n.Data == tag {
			found = n
		}
	})
	return found
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func hasClass(n *html.Node, class string) bool {
	return slices.Contains(strings.Fields(attr(n, "class")), class)
}
