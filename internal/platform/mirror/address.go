package mirror

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"
)

// aboutPath is the page of a copy that says what it is.
const aboutPath = "/copy"

// Parameters of a query that the copy keeps: the next part of a list, one other
// form of a page, and the filters that pages themselves lead to. One filter at a
// time: of two, all combinations would be as many pages as there are stars.
var (
	further = "after"
	filters = []string{"as", "assembly", "at", "country", "in", "stage", "theme", "umbrella", "when", "workshop"}
)

// where a link leads.
type where int

const (
	away where = iota // to another site, or to no page: it stays as it is
	here              // to an address of the copy, if it answers
	lost              // to what only a server can answer
)

// lead tells where a reference on a page leads: the address within the copy and
// the fragment. base is the page's own address.
func (c *crawl) lead(base, ref string) (to where, key, fragment string) {
	b, err := url.Parse(c.Origin + base)
	if err != nil {
		return away, "", ""
	}
	u, err := b.Parse(ref)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host != b.Host {
		return away, "", ""
	}
	key, ok := c.key(u)
	if !ok {
		return lost, "", ""
	}
	return here, key, u.Fragment
}

// key gives the one form of an address of the site that the copy knows it by.
func (c *crawl) key(u *url.URL) (string, bool) {
	p := u.Path
	if p == "/" || strings.HasPrefix(p, "/s/") {
		return p, true
	}
	lang, rest, _ := strings.Cut(strings.TrimPrefix(p, "/"), "/")
	rest = "/" + rest
	if !slices.Contains(c.Langs, lang) {
		return "", false
	}
	if rest == aboutPath {
		return p, true
	}
	if !c.Has(rest) {
		return "", false
	}
	q, ok := narrowed(u.Query())
	if q != "" {
		q = "?" + q
	}
	return "/" + lang + rest + q, ok
}

// narrowed gives the query in its one form. false: a copy has no such page.
func narrowed(q url.Values) (string, bool) {
	kept := url.Values{}
	for name, values := range q {
		if len(values) == 1 && values[0] == "" {
			continue // a filter that is open
		}
		if len(values) != 1 || name != further && !slices.Contains(filters, name) {
			return "", false
		}
		kept.Set(name, values[0])
	}
	if len(kept) > 2 || len(kept) == 2 && !kept.Has(further) {
		return "", false
	}
	return kept.Encode(), true
}

// endings of what has none in its address, by media type.
var endings = map[string]string{
	"text/html": ".html", "text/csv": ".csv", "text/calendar": ".ics", "text/plain": ".txt", "text/css": ".css",
	"application/json": ".json", "application/geo+json": ".geojson", "application/ld+json": ".jsonld", "application/pdf": ".pdf",
	"application/atom+xml": ".atom", "application/feed+json": ".json", "application/xml": ".xml", "application/graphml+xml": ".graphml",
	"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "image/gif": ".gif", "image/svg+xml": ".svg",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document":   ".docx",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":         ".xlsx",
	"application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
	"application/vnd.oasis.opendocument.text":                                   ".odt",
	"application/vnd.oasis.opendocument.spreadsheet":                            ".ods",
}

// fileOf gives the name of the file for an address: letters that every disk and
// every web host takes as they are.
func fileOf(key, kind string) string {
	p, query, _ := strings.Cut(key, "?")
	p = strings.TrimPrefix(p, "/")
	if p == "" || strings.HasSuffix(p, "/") {
		p += "index"
	}
	kind, _, _ = strings.Cut(kind, ";")
	ending := endings[strings.TrimSpace(kind)]
	if ext := path.Ext(p); ext != "" && ending != ".html" {
		p, ending = strings.TrimSuffix(p, ext), ext
	}
	if query != "" {
		p += "~" + strings.NewReplacer("=", "-", "&", "~", "/", "_").Replace(query)
	}
	p = plain(strings.TrimPrefix(path.Clean("/"+p), "/"))
	if base := path.Base(p); len(base) > 150 {
		sum := sha256.Sum256([]byte(base))
		p = path.Join(path.Dir(p), base[:100]+"~"+hex.EncodeToString(sum[:8]))
	}
	return p + ending
}

func plain(p string) string {
	var b strings.Builder
	for _, c := range []byte(p) {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || strings.IndexByte("/-._~", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "_%02x", c)
		}
	}
	return b.String()
}

// between gives the way from one file of the copy to another.
func between(from, to string) string {
	a, b := strings.Split(from, "/"), strings.Split(to, "/")
	for len(a) > 1 && len(b) > 1 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	return strings.Repeat("../", len(a)-1) + strings.Join(b, "/")
}
