package web

import (
	"bytes"
	"container/list"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
)

// send writes a body compressed as the reader takes it, with an ETag; a
// visitor's public page is kept for the next one who asks.
func (c *Ctx) send(contentType string, body []byte) error {
	h := c.W.Header()
	h.Set("Content-Type", contentType)
	if strings.HasPrefix(contentType, "text/html") {
		h.Set("Content-Language", c.Lang())
		h.Add("Vary", "Accept-Encoding, Cookie")
	}
	encoding := encodingFor(c.R, contentType, len(body))
	body = compress(encoding, body)
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
	}
	if c.status == http.StatusOK && h.Get("Cache-Control") != "no-store" {
		sum := sha256.Sum256(body)
		h.Set("ETag", `"`+base64.RawURLEncoding.EncodeToString(sum[:12])+`"`)
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if c.keep && c.status == http.StatusOK && h.Get("Set-Cookie") == "" {
		c.router.pages.put(c.R, c.version, h, body)
	}
	return write(c.W, c.R, c.status, body)
}

func write(w http.ResponseWriter, r *http.Request, status int, body []byte) error {
	if tag := w.Header().Get("ETag"); tag != "" && strings.Contains(r.Header.Get("If-None-Match"), tag) {
		w.Header().Del("Content-Length")
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	w.WriteHeader(status)
	if r.Method == http.MethodHead {
		return nil
	}
	w.Write(body) // an error here is a reader who left
	return nil
}

func encodingFor(r *http.Request, contentType string, size int) string {
	if size < 600 || !(strings.HasPrefix(contentType, "text/") || strings.Contains(contentType, "json") || strings.Contains(contentType, "svg") || strings.Contains(contentType, "xml")) {
		return ""
	}
	accepted := r.Header.Get("Accept-Encoding")
	switch {
	case strings.Contains(accepted, "br"):
		return "br"
	case strings.Contains(accepted, "gzip"):
		return "gzip"
	}
	return ""
}

func compress(encoding string, body []byte) []byte {
	var b bytes.Buffer
	switch encoding {
	case "br":
		w := brotliWriters.Get().(*brotli.Writer)
		w.Reset(&b)
		w.Write(body)
		w.Close()
		brotliWriters.Put(w)
	case "gzip":
		w := gzipWriters.Get().(*gzip.Writer)
		w.Reset(&b)
		w.Write(body)
		w.Close()
		gzipWriters.Put(w)
	default:
		return body
	}
	return b.Bytes()
}

var (
	brotliWriters = sync.Pool{New: func() any { return brotli.NewWriterLevel(nil, 5) }}
	gzipWriters   = sync.Pool{New: func() any { w, _ := gzip.NewWriterLevel(nil, 4); return w }}
)

// pageCache keeps whole public pages for visitors, by address, language and
// encoding, as long as nothing was written. Bounded; the oldest go first.
type pageCache struct {
	mu    sync.Mutex
	kept  map[string]*list.Element
	order list.List
	bytes int
	made  map[string]chan struct{} // pages being made now
}

type page struct {
	key     string
	version int64
	at      time.Time
	header  [][2]string
	body    []byte
}

const (
	pageCacheBytes = 32 << 20
	// Pages speak of time ("in two hours"): none is served older than this.
	pageCacheAge = 20 * time.Second
)

func pageKey(r *http.Request) string {
	return r.Host + "\x00" + r.URL.RequestURI() + "\x00" + encodingFor(r, "text/", 1<<20) + "\x00" + r.Header.Get("Save-Data")
}

// forVisitors tells that a request may be answered with a kept page.
func forVisitors(r *http.Request) bool {
	return r.Method == http.MethodGet && r.Header.Get("Cookie") == ""
}

// enter lets one of those who ask for the same page make it while the others
// wait for it: after each write everybody asks again. Who waited in vain, since
// the page may not be kept or is old already, makes it too.
func (p *pageCache) enter(w http.ResponseWriter, r *http.Request, version int64) (leave func(), served bool) {
	key := pageKey(r)
	p.mu.Lock()
	wait, busy := p.made[key]
	if busy {
		p.mu.Unlock()
		select {
		case <-wait:
		case <-r.Context().Done():
		}
		return func() {}, p.serve(w, r, version)
	}
	if p.made == nil {
		p.made = map[string]chan struct{}{}
	}
	done := make(chan struct{})
	p.made[key] = done
	p.mu.Unlock()
	return func() {
		p.mu.Lock()
		delete(p.made, key)
		p.mu.Unlock()
		close(done)
	}, false
}

func (p *pageCache) serve(w http.ResponseWriter, r *http.Request, version int64) bool {
	if !forVisitors(r) {
		return false
	}
	key := pageKey(r)
	p.mu.Lock()
	el, ok := p.kept[key]
	if ok {
		p.order.MoveToFront(el)
	}
	p.mu.Unlock()
	if !ok {
		return false
	}
	pg := el.Value.(*page)
	if pg.version < version || time.Since(pg.at) > pageCacheAge {
		return false
	}
	h := w.Header()
	for _, kv := range pg.header {
		h[kv[0]] = []string{kv[1]}
	}
	write(w, r, http.StatusOK, pg.body)
	return true
}

func (p *pageCache) put(r *http.Request, version int64, h http.Header, body []byte) {
	if len(body) > pageCacheBytes/16 || r.Header.Get("Cookie") != "" {
		return
	}
	pg := &page{key: pageKey(r), version: version, at: time.Now(), body: body}
	for _, name := range []string{"Content-Type", "Content-Language", "Vary", "Content-Encoding", "Etag", "Content-Length", "Cache-Control", "Content-Disposition", "X-Robots-Tag"} {
		if v := h.Get(name); v != "" {
			pg.header = append(pg.header, [2]string{name, v})
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.kept == nil {
		p.kept = map[string]*list.Element{}
	}
	if el, ok := p.kept[pg.key]; ok {
		p.drop(el)
	}
	p.kept[pg.key] = p.order.PushFront(pg)
	p.bytes += len(body) + 1000
	for p.bytes > pageCacheBytes {
		p.drop(p.order.Back())
	}
}

func (p *pageCache) drop(el *list.Element) {
	pg := p.order.Remove(el).(*page)
	delete(p.kept, pg.key)
	p.bytes -= len(pg.body) + 1000
}
