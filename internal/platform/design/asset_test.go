package design_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"

	"alliance/internal/platform/design"
	"alliance/internal/platform/locale"
)

func view(t *testing.T, lang string) design.View {
	t.Helper()
	c, err := locale.New(design.Phrases)
	if err != nil {
		t.Fatal(err)
	}
	return design.View{Printer: c.For(lang), Alliance: "Alliance", Origin: "http://127.0.0.1", Langs: locale.Languages}
}

func render(t *testing.T, page interface {
	Render(context.Context, io.Writer) error
}) string {
	t.Helper()
	var b bytes.Buffer
	if err := page.Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The policy allows one inline sheet: its hash must be that of what pages carry.
func TestHashIsOfTheSheetInThePage(t *testing.T) {
	page := render(t, design.ErrorPage(view(t, "fr"), 404, "Lost", "Gone", ""))
	sheet := regexp.MustCompile(`(?s)<style>(.*?)</style>`).FindStringSubmatch(page)
	if sheet == nil {
		t.Fatal("no style element")
	}
	sum := sha256.Sum256([]byte(sheet[1]))
	if got := base64.StdEncoding.EncodeToString(sum[:]); got != design.CoreCSSHash() {
		t.Errorf("hash %s, page has %s", design.CoreCSSHash(), got)
	}
	if strings.Contains(page, " style=") {
		t.Error("an inline style attribute: the policy forbids it")
	}
}

// Limits of UX.md: what the first answer carries, and the script.
func TestWeights(t *testing.T) {
	page := render(t, design.ErrorPage(view(t, "fr"), 404, "Lost", "Gone", ""))
	sheet := regexp.MustCompile(`(?s)<style>(.*?)</style>`).FindStringSubmatch(page)[1]
	for name, w := range map[string]struct{ size, limit int }{
		"core.css":      {len(pressed(sheet)), 4000},
		"site.js":       {len(fetch(t, design.Asset("site.js"), "br").Body.Bytes()), 3000},
		"heading.woff2": {len(fetch(t, design.Asset("heading.woff2"), "br").Body.Bytes()), 13000},
		"icons.svg":     {len(fetch(t, design.Asset("icons.svg"), "br").Body.Bytes()), 3000},
		"land.svg":      {len(fetch(t, design.Asset("land.svg"), "br").Body.Bytes()), 12000},
	} {
		if w.size > w.limit {
			t.Errorf("%s: %d bytes, limit %d", name, w.size, w.limit)
		}
		t.Logf("%s: %d bytes", name, w.size)
	}
}

func pressed(s string) []byte {
	var b bytes.Buffer
	w := brotli.NewWriterLevel(&b, brotli.BestCompression)
	_, _ = io.WriteString(w, s)
	_ = w.Close()
	return b.Bytes()
}

func fetch(t *testing.T, url, accept string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, url, nil)
	r.Header.Set("Accept-Encoding", accept)
	w := httptest.NewRecorder()
	design.Handler().ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		t.Fatalf("%s: status %d", url, w.Code)
	}
	return w
}

func TestAssetsAreServedOnceAndForAll(t *testing.T) {
	for _, name := range []string{"site.js", "icons.svg", "map.css", "heading.woff2", "band.svg"} {
		plain := fetch(t, design.Asset(name), "")
		if got := plain.Header().Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
			t.Errorf("%s: Cache-Control %q", name, got)
		}
		if plain.Header().Get("Content-Type") == "" {
			t.Errorf("%s: no Content-Type", name)
		}
		gz := fetch(t, design.Asset(name), "gzip")
		body := gz.Body.Bytes()
		if gz.Header().Get("Content-Encoding") == "gzip" {
			r, err := gzip.NewReader(bytes.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			if body, err = io.ReadAll(r); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(body, plain.Body.Bytes()) {
			t.Errorf("%s: gzip gives other bytes", name)
		}
		again := httptest.NewRequest(http.MethodGet, design.Asset(name), nil)
		again.Header.Set("If-None-Match", plain.Header().Get("ETag"))
		w := httptest.NewRecorder()
		design.Handler().ServeHTTP(w, again)
		if w.Code != http.StatusNotModified || w.Body.Len() != 0 {
			t.Errorf("%s: again gives %d with %d bytes", name, w.Code, w.Body.Len())
		}
	}
	w := httptest.NewRecorder()
	design.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/s/nothing.js", nil))
	if w.Code != http.StatusNotFound {
		t.Errorf("unknown asset: %d", w.Code)
	}
}
