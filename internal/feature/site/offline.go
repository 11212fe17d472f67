package site

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"runtime/debug"
	"strings"

	"alliance/internal/platform/design"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/web"
)

// Reading without a network is asked for by the reader, on a page of its own,
// and taken back there; before, nothing is kept. A worker of the browser
// (offline/worker.js) then keeps the public pages that are opened.

//go:embed offline/worker.js
var workerSource string

var remarks = regexp.MustCompile(`(?m)^\s*(//.*\n)?`) // whole lines of comment, and indents

// offline is the worker as this build serves it.
type offline struct {
	cache       string // name of what it keeps, by build
	plain, tied []byte // tied: compressed
}

// made puts the words of all languages into the worker, and its build.
func (s *Site) made() offline {
	words := map[string]string{}
	for _, tag := range locale.Languages {
		words[tag] = s.Catalog.For(tag).T("site.offline.copy", "You are reading a copy of {date}, without network.", "date", "{date}")
	}
	said, _ := json.Marshal(words) // strings alone
	source := strings.Replace(remarks.ReplaceAllString(workerSource, ""), "{words}", string(said), 1)
	sum := sha256.New()
	io.WriteString(sum, source+design.Build())
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, set := range info.Settings {
			if set.Key == "vcs.revision" {
				io.WriteString(sum, set.Value)
			}
		}
	}
	o := offline{cache: "read-" + hex.EncodeToString(sum.Sum(nil)[:6])}
	o.plain = []byte(strings.Replace(source, "{cache}", o.cache, 1))
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	w.Write(o.plain)
	w.Close()
	o.tied = b.Bytes()
	return o
}

const workerPath = "/offline-worker.js"

// worker serves it. Its place at the root lets it read for all pages; browsers
// ask for it anew, so that a new build is known at once.
func (s *Site) worker() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		o := s.offline()
		h := w.Header()
		h.Set("Content-Type", "text/javascript; charset=utf-8")
		h.Set("Cache-Control", "no-cache")
		h.Set("Vary", "Accept-Encoding")
		h.Set("ETag", `"`+o.cache+`"`)
		body := o.plain
		if strings.Contains(req.Header.Get("Accept-Encoding"), "gzip") {
			h.Set("Content-Encoding", "gzip")
			body = o.tied
		}
		w.Write(body)
	})
}

// first are the pages kept at once: what helps most where there is no network,
// and what their looks need.
func first(lang string) string {
	list := []string{design.Asset("site.js"), design.Asset("icons.svg"), design.Asset("mark.svg"), design.Asset("offline.js"), design.Asset("map.css"), design.Asset("land.svg")}
	for _, path := range []string{"/", "/offline", "/agenda", "/organisations", "/calendar", "/initiatives", "/library", "/guide/organisation", "/guide/initiative", "/about", "/privacy"} {
		list = append(list, "/"+lang+path)
	}
	return strings.Join(list, " ")
}

func (s *Site) offlinePage(c *web.Ctx) error { return c.Page(offlinePage(c.View, s.offline().cache)) }
