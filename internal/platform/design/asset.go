package design

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
)

//go:embed static
var static embed.FS

// asset is one file as it is served: fingerprinted, compressed once.
type asset struct {
	url, kind, etag string
	body            []byte
	once            sync.Once
	br, gz          []byte
}

var (
	assets  = map[string]*asset{} // by file name
	byURL   = map[string]*asset{}
	coreCSS string
)

var kinds = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
	".woff2": "font/woff2", ".webp": "image/webp", ".txt": "text/plain; charset=utf-8",
}

// init fingerprints all files: a manifest file would be one more thing to forget.
func init() {
	list, err := fs.ReadDir(static, "static")
	if err != nil {
		panic(err)
	}
	// Pictures and fonts first, since the sheets name them.
	for _, sheets := range []bool{false, true} {
		for _, f := range list {
			if strings.HasSuffix(f.Name(), ".css") != sheets {
				continue
			}
			b, err := static.ReadFile("static/" + f.Name())
			if err != nil {
				panic(err)
			}
			switch path.Ext(f.Name()) {
			case ".css":
				b = []byte(squeeze(string(b)))
			case ".js":
				b = remark.ReplaceAll(b, nil)
			}
			fingerprint(f.Name(), b)
		}
	}
	coreCSS = string(assets["core.css"].body)
}

func fingerprint(name string, b []byte) {
	sum := sha256.Sum256(b)
	ext := path.Ext(name)
	a := &asset{kind: kinds[ext], body: b, etag: hex.EncodeToString(sum[:6])}
	a.url = "/s/" + strings.TrimSuffix(name, ext) + "." + a.etag + ext
	assets[name], byURL[a.url] = a, a
}

// AddAsset adds a file of another package: while the program starts, as the
// files of this one are, since pages ask for them without a lock.
func AddAsset(name string, b []byte) { fingerprint(name, b) }

var (
	comment = regexp.MustCompile(`(?s)/\*.*?\*/`)
	blanks  = regexp.MustCompile(`\s*\n\s*`)
	remark  = regexp.MustCompile(`(?m)^\s*(//.*\n)?`) // whole lines of comment, and indents
	named   = regexp.MustCompile(`asset\(([a-z0-9.-]+)\)`)
)

// squeeze drops comments and line breaks, and turns asset(name) into url(/s/…).
func squeeze(css string) string {
	css = blanks.ReplaceAllString(comment.ReplaceAllString(css, ""), "")
	return named.ReplaceAllStringFunc(css, func(m string) string { return "url(" + Asset(named.FindStringSubmatch(m)[1]) + ")" })
}

// Asset gives the address of an embedded file: Asset("map.css").
// An unknown name panics: it is a slip of the pen, and every page is tested.
func Asset(name string) string {
	a, ok := assets[name]
	if !ok {
		panic("design: no asset " + name)
	}
	return a.url
}

// Build names all assets together: it changes with any of them.
func Build() string {
	var all []string
	for url := range byURL {
		all = append(all, url)
	}
	slices.Sort(all)
	sum := sha256.Sum256([]byte(strings.Join(all, "\n")))
	return hex.EncodeToString(sum[:6])
}

// CoreCSSHash is the sha256 of the inline style element in base64, as the
// Content-Security-Policy wants it (without "sha256-").
func CoreCSSHash() string {
	sum := sha256.Sum256([]byte(coreCSS))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// Handler serves /s/… and /favicon.ico.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := r.URL.Path
		if p == "/favicon.ico" {
			http.Redirect(w, r, Asset("mark.svg"), http.StatusFound)
			return
		}
		a, ok := byURL[p]
		if !ok {
			http.NotFound(w, r)
			return
		}
		a.serve(w, r)
	})
}

func (a *asset) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("ETag", `"`+a.etag+`"`)
	h.Set("X-Content-Type-Options", "nosniff")
	body := a.body
	if a.kind != "font/woff2" {
		h.Set("Vary", "Accept-Encoding")
		a.once.Do(a.compress)
		switch accept := r.Header.Get("Accept-Encoding"); {
		case strings.Contains(accept, "br") && len(a.br) < len(a.body):
			h.Set("Content-Encoding", "br")
			body = a.br
		case strings.Contains(accept, "gzip") && len(a.gz) < len(a.body):
			h.Set("Content-Encoding", "gzip")
			body = a.gz
		}
	}
	if strings.Contains(r.Header.Get("If-None-Match"), a.etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body)
	}
}

func (a *asset) compress() {
	var b bytes.Buffer
	bw := brotli.NewWriterLevel(&b, brotli.BestCompression)
	_, _ = bw.Write(a.body)
	_ = bw.Close()
	a.br = bytes.Clone(b.Bytes())
	b.Reset()
	gw, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		panic(fmt.Sprint("design: ", err))
	}
	_, _ = gw.Write(a.body)
	_ = gw.Close()
	a.gz = bytes.Clone(b.Bytes())
}
