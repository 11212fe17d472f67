package browser

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// Links follows every link of a site from some pages on, without leaving it and
// without sending a form, and fails the test once per link that reaches nothing
// and per fragment that no element has. It reads at most max addresses.
func Links(tb testing.TB, starts []string, max int, cookies ...*http.Cookie) {
	tb.Helper()
	found, read := follow(starts, max, cookies)
	for _, f := range found {
		tb.Error(f)
	}
	tb.Logf("%d addresses read", read)
}

type crawl struct {
	client  *http.Client
	cookies []*http.Cookie
	host    string
	ids     map[string]map[string]bool // address → its ids, nil for what is no page
	todo    []link
	pointed []link // with a fragment
	found   []Finding
}

type link struct{ to, from, tag string }

func follow(starts []string, max int, cookies []*http.Cookie) ([]Finding, int) {
	c := &crawl{cookies: cookies, ids: map[string]map[string]bool{}, client: &http.Client{Timeout: 30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	for _, s := range starts {
		if err := onLoopback(s); err != nil {
			return []Finding{{s, "links", "page", err.Error()}}, 0
		}
		u, _ := url.Parse(s)
		c.host = u.Host
		c.todo = append(c.todo, link{to: s, from: s})
	}
	for len(c.todo) > 0 && len(c.ids) < max {
		next := c.todo[0]
		c.todo = c.todo[1:]
		if _, known := c.ids[next.to]; !known {
			c.read(next)
		}
	}
	for _, l := range c.pointed {
		address, fragment, _ := strings.Cut(l.to, "#")
		if name, err := url.PathUnescape(fragment); err == nil {
			fragment = name
		}
		if ids := c.ids[address]; ids != nil && !ids[fragment] && fragment != "top" {
			c.found = append(c.found, Finding{l.from, "fragment that reaches nothing", l.tag, l.to + " to be the id of an element"})
		}
	}
	return distinct(c.found), len(c.ids)
}

func (c *crawl) read(l link) {
	c.ids[l.to] = nil
	req, err := http.NewRequest(http.MethodGet, l.to, nil)
	if err != nil {
		c.found = append(c.found, Finding{l.from, "broken link", l.tag, "an address, not " + l.to})
		return
	}
	for _, k := range c.cookies {
		req.AddCookie(k)
	}
	resp, err := c.client.Do(req)
	if err != nil {
		c.found = append(c.found, Finding{l.from, "broken link", l.tag, fmt.Sprintf("%s to answer: %v", l.to, err)})
		return
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(io.LimitReader(resp.Body, 8<<20))
	switch {
	case resp.StatusCode >= 400:
		c.found = append(c.found, Finding{l.from, "broken link", l.tag, fmt.Sprintf("%s to answer, it is %d", l.to, resp.StatusCode)})
	case resp.StatusCode >= 300:
		c.queue(l.to, l.from, resp.Header.Get("Location"), l.tag)
	case strings.Contains(resp.Header.Get("Content-Type"), "html"):
		c.page(l.to, body)
	}
}

// page takes the links and the ids of a page.
func (c *crawl) page(address string, body []byte) {
	ids := map[string]bool{}
	c.ids[address] = ids
	for z := html.NewTokenizer(bytes.NewReader(body)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			at := map[string]string{}
			for _, a := range t.Attr {
				at[a.Key] = a.Val
			}
			for _, key := range []string{"id", "name"} {
				if at[key] != "" {
					ids[at[key]] = true
				}
			}
			for _, key := range []string{"href", "src", "action", "xlink:href"} {
				value, has := at[key]
				if !has || t.Data == "form" && strings.EqualFold(at["method"], "post") {
					continue
				}
				c.queue(address, address, value, fmt.Sprintf("%s %s=%q", t.Data, key, value))
			}
		}
	}
}

func (c *crawl) queue(base, from, ref, tag string) {
	for _, scheme := range []string{"mailto:", "tel:", "data:", "sms:", "geo:"} {
		if strings.HasPrefix(strings.ToLower(ref), scheme) {
			return
		}
	}
	b, err := url.Parse(base)
	if err != nil {
		return
	}
	u, err := b.Parse(strings.TrimSpace(ref))
	if err != nil {
		c.found = append(c.found, Finding{from, "broken link", tag, "an address that can be read"})
		return
	}
	if u.Host != c.host {
		return
	}
	if u.Fragment != "" {
		c.pointed = append(c.pointed, link{u.String(), from, tag})
		u.Fragment = ""
	}
	c.todo = append(c.todo, link{u.String(), from, tag})
}
