package mirror

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/a-h/templ"
	"golang.org/x/net/html"
)

// visit is one address of the site and what it answered.
type visit struct {
	key  string
	from string          // a page that leads there
	file string          // of the copy; "" = there is none
	page bool            // HTML
	to   string          // key of the address it sends on to
	ids  map[string]bool // of the page's elements
	out  []string        // keys of what it leads to
	bad  bool            // it should have answered and did not
}

// crawl is one copy being written.
type crawl struct {
	Site
	dir    string
	seen   map[string]*visit
	next   []*visit // not read yet
	bars   []string // the line on top of each page, in the order of Langs
	mu     sync.Mutex
	sheets map[string]string // style sheets that stood within pages, by their address
	icons  map[string]*html.Node
	dead   []string
}

// want puts an address on the list, once.
func (c *crawl) want(key, from string) {
	if c.seen[key] == nil && c.sheets[key] == "" {
		v := &visit{key: key, from: from}
		c.seen[key] = v
		c.next = append(c.next, v)
	}
}

// level reads all that is on the list; what it leads to is the next one. Each
// level is put in order, so that the same site gives the same copy.
func (c *crawl) level(ctx context.Context) error {
	now := c.next
	c.next = nil
	if len(c.seen) > most {
		return fmt.Errorf("more than %d addresses, the last ones like %s: some page leads on without end", most, now[0].key)
	}
	slices.SortFunc(now, func(a, b *visit) int { return strings.Compare(a.key, b.key) })
	if err := each(ctx, now, c.read); err != nil {
		return err
	}
	for _, v := range now {
		if v.bad {
			c.dead = append(c.dead, v.key+" ("+v.from+")")
		}
		if v.to != "" {
			c.want(v.to, v.key)
		}
		for _, key := range v.out {
			c.want(key, v.key)
		}
		v.out = nil
	}
	return nil
}

// answer is what the handler said.
type answer struct {
	status int
	header http.Header
	body   bytes.Buffer
}

func (a *answer) Header() http.Header { return a.header }
func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}
func (a *answer) Write(b []byte) (int, error) { a.WriteHeader(http.StatusOK); return a.body.Write(b) }

// ask asks as a visitor: no cookie, no account, nothing compressed.
func (c *crawl) ask(ctx context.Context, key string) (*answer, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.Origin+key, nil)
	if err != nil {
		return nil, err
	}
	req.RequestURI = req.URL.RequestURI()
	a := &answer{header: http.Header{}}
	c.Handler.ServeHTTP(a, req)
	return a, ctx.Err()
}

// read reads one address and keeps what it says.
func (c *crawl) read(ctx context.Context, v *visit) error {
	a, err := c.ask(ctx, v.key)
	if err != nil {
		return err
	}
	kind := a.header.Get("Content-Type")
	switch {
	case a.status >= 300 && a.status < 400:
		if to, key, _ := c.lead(v.key, a.header.Get("Location")); to == here {
			v.to = key
		}
		return nil
	case a.status != http.StatusOK:
		v.bad = true
		return nil
	case strings.HasPrefix(kind, "text/html"):
		return c.keepPage(v, a.body.Bytes())
	}
	v.file = fileOf(v.key, kind)
	body := a.body.Bytes()
	if sum := sha256.Sum256(body); strings.Trim(a.header.Get("ETag"), `"`) == hex.EncodeToString(sum[:]) {
		// What somebody sent is the same in every language: one file for all.
		v.file = "files/" + hex.EncodeToString(sum[:12]) + filepath.Ext(v.file)
	}
	if strings.HasSuffix(v.file, ".css") {
		v.out = c.sheetLinks(body)
		body = besideSheet(body)
	}
	return c.write(v.file, body)
}

var inSheet = regexp.MustCompile(`url\((/s/[^)]+)\)`)

// sheetLinks gives the fonts and pictures a style sheet names.
func (c *crawl) sheetLinks(css []byte) (keys []string) {
	for _, m := range inSheet.FindAllSubmatch(css, -1) {
		keys = append(keys, string(m[1]))
	}
	return keys
}

// besideSheet lets a style sheet find them: they lie beside it.
func besideSheet(css []byte) []byte { return bytes.ReplaceAll(css, []byte("url(/s/"), []byte("url(")) }

// keepPage keeps a page without what needs a server; its links are set later.
func (c *crawl) keepPage(v *visit, body []byte) error {
	doc, err := html.ParseWithOptions(bytes.NewReader(body), html.ParseOptionEnableScripting(false))
	if err != nil {
		return fmt.Errorf("%s: %w", v.key, err)
	}
	v.page, v.file, v.ids = true, fileOf(v.key, "text/html"), map[string]bool{}
	strip(doc)
	if err := c.sheetOut(v, doc); err != nil {
		return err
	}
	walk(doc, func(n *html.Node) {
		if id := attr(n, "id"); id != "" {
			v.ids[id] = true
		}
		for _, a := range n.Attr {
			if to, key, _ := c.lead(v.key, a.Val); leads(n, a.Key) && to == here {
				v.out = append(v.out, key)
			}
		}
	})
	var b bytes.Buffer
	if err := html.Render(&b, doc); err != nil {
		return fmt.Errorf("%s: %w", v.key, err)
	}
	return c.write(v.file, b.Bytes())
}

// own keeps a page that only the copy has.
func (c *crawl) own(ctx context.Context, key string, page templ.Component) (*visit, error) {
	var b bytes.Buffer
	if err := page.Render(ctx, &b); err != nil {
		return nil, err
	}
	v := &visit{key: key}
	c.seen[key] = v
	return v, c.keepPage(v, b.Bytes())
}

// end follows an address to the file it leads to in the end; nil where there is none.
func (c *crawl) end(key string) *visit {
	for range 5 {
		v := c.seen[key]
		if v == nil {
			return nil
		}
		if v.to == "" {
			if v.file == "" {
				return nil
			}
			return v
		}
		key = v.to
	}
	return nil
}

func (c *crawl) write(file string, body []byte) error {
	path := filepath.Join(c.dir, filepath.FromSlash(file))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { // #nosec G301 -- the public site, for a web server to read
		return err
	}
	return os.WriteFile(path, body, 0o644) // #nosec G306 G703 -- the public site, for a web server to read; fileOf cleans the path
}
