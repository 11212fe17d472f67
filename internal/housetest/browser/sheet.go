package browser

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/chromedp/cdproto/network"
)

var (
	comment   = regexp.MustCompile(`(?s)/\*.*?\*/`)
	styleTag  = regexp.MustCompile(`(?is)<style[^>]*>(.*?)</style>`)
	physical  = regexp.MustCompile(`(?:^|[;{\s])((?:margin|padding)-(?:left|right)|border-(?:left|right)(?:-\w+)?|border-(?:top|bottom)-(?:left|right)-radius|left|right|text-align|float|clear)\s*:\s*([^;}!]+)[^;}]*(/\*allowed\*/)?`)
	sided     = regexp.MustCompile(`\b(left|right)\b`)
	neutral   = regexp.MustCompile(`^\s*(0|50%|auto|-9+)`)
	importing = regexp.MustCompile(`@import[^;]+|url\(\s*["']?(?:https?:)?//[^)]+\)`)
)

// sheetsOf reads the style sheets that the page was sent, each once per audit:
// a page that mirrors has no left and no right in them. `/*ux-ok*/` after a
// declaration allows one that means the same on both sides.
func (a *audit) sheetsOf(l *look, v *view) {
	client := &http.Client{Timeout: 30 * time.Second}
	read := func(address string) string {
		p := l.Page
		p.URL = address
		resp, err := a.get(client, p)
		if l.broke(err) {
			return ""
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		l.broke(err)
		return string(b)
	}
	for _, m := range styleTag.FindAllStringSubmatch(read(l.URL), -1) {
		a.sheet(l, "style", m[1])
	}
	for _, r := range v.seen() {
		if r.Type == network.ResourceTypeStylesheet && onLoopback(r.URL) == nil && r.Status < 400 && a.unread(r.URL) {
			a.sheet(l, r.URL, read(r.URL))
		}
	}
}

func (a *audit) unread(key string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.sheets[key] {
		return false
	}
	a.sheets[key] = true
	return true
}

func (a *audit) sheet(l *look, where, css string) {
	if where == "style" && !a.unread(css) {
		return
	}
	css = comment.ReplaceAllStringFunc(css, func(c string) string {
		if strings.Contains(c, "ux-ok") {
			return "/*allowed*/"
		}
		return ""
	})
	for _, m := range physical.FindAllStringSubmatch(css, -1) {
		property, value, allowed := m[1], strings.TrimSpace(m[2]), m[3] != "" || strings.Contains(m[2], "/*allowed*/")
		switch {
		case allowed,
			(property == "text-align" || property == "float" || property == "clear") && !sided.MatchString(value),
			(property == "left" || property == "right") && neutral.MatchString(value):
			continue
		}
		l.say("physical CSS", where, "inline-start and inline-end, not %s: %s", property, value)
	}
	for _, m := range importing.FindAllString(css, -1) {
		l.say("CSS from elsewhere", where, "no @import and no foreign url(): %.80s", m)
	}
}
