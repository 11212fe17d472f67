package browser

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Tab is one tab with its own cookies and cache, for one test: a person before
// a browser. Every failure to do what it is told fails the test.
type Tab struct {
	tb testing.TB
	v  *view
	// Status is the HTTP status of the last page that Open loaded.
	Status int
}

// New opens a tab the size of a phone; it closes with the test. lang is the
// language that the reader's browser asks for.
func New(tb testing.TB, lang string) *Tab {
	tb.Helper()
	v, err := open(lang, true)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(v.cancel)
	t := &Tab{tb: tb, v: v}
	t.must("reduce motion", v.media(""))
	return t
}

func (t *Tab) must(what string, err error) {
	t.tb.Helper()
	if err != nil {
		t.tb.Fatalf("browser: %s: %v", what, err)
	}
}

// Open loads an address, waits until the network is quiet and gives the status.
func (t *Tab) Open(address string) int {
	t.tb.Helper()
	t.must("open", onLoopback(address))
	var err error
	t.Status, err = t.v.load(address)
	t.must("open", err)
	return t.Status
}

// NoScripts turns JavaScript off for the pages loaded from now on.
func (t *Tab) NoScripts() {
	t.tb.Helper()
	t.must("no scripts", call(t.v, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}))
}

// Offline cuts the network, or gives it back.
func (t *Tab) Offline(off bool) {
	t.tb.Helper()
	t.must("offline", call(t.v, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: off, DownloadThroughput: -1, UploadThroughput: -1}))
	rule := &network.Conditions{Offline: off, DownloadThroughput: -1, UploadThroughput: -1}
	t.must("offline", call(t.v, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: []*network.Conditions{rule}}))
}

// Viewport sets the size of the page in CSS px.
func (t *Tab) Viewport(width, height int) {
	t.tb.Helper()
	t.must("viewport", t.v.size(width, height))
}

// Dark asks for dark colours, or light ones again.
func (t *Tab) Dark(dark bool) {
	t.tb.Helper()
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	t.must("dark", t.v.media("", "prefers-color-scheme", scheme))
}

// SetCookies makes the tab carry cookies, such as those of someone signed in.
func (t *Tab) SetCookies(address string, cookies ...*http.Cookie) {
	t.tb.Helper()
	t.must("cookies", t.v.cookies(address, cookies))
}

// Cookies gives those that the tab carries for its page.
func (t *Tab) Cookies() (cookies []*http.Cookie) {
	t.tb.Helper()
	got, err := chromedp.Call(t.v.ctx, network.GetCookies, network.GetCookiesParams{})
	t.must("cookies", err)
	for _, c := range got.Cookies {
		cookies = append(cookies, &http.Cookie{Name: c.Name, Value: c.Value, Path: c.Path, HttpOnly: c.HTTPOnly, Secure: c.Secure})
	}
	return cookies
}

// Click clicks, with a real mouse, what carries the visible text (a link,
// button, summary or label) or matches the CSS selector, and waits for the page
// that comes of it, if any. It waits up to 5 s for the target to be there.
func (t *Tab) Click(labelOrSelector string) {
	t.tb.Helper()
	type target struct {
		X, Y    float64
		Covered string
	}
	var at *target
	ok := t.until(5*time.Second, func() bool {
		var err error
		at, err = ask[*target](t.v, "where", labelOrSelector)
		return err == nil && at != nil && at.Covered == ""
	})
	if !ok {
		if at != nil {
			t.tb.Fatalf("browser: %q cannot be clicked, it is under %s", labelOrSelector, at.Covered)
		}
		t.tb.Fatalf("browser: nothing to click is called %q on %s", labelOrSelector, t.URL())
	}
	t.andLoad(func() error {
		for _, kind := range []input.DispatchMouseEventType{input.DispatchMouseEventTypeMouseMoved, input.DispatchMouseEventTypeMousePressed, input.DispatchMouseEventTypeMouseReleased} {
			p := input.DispatchMouseEventParams{Type: kind, X: at.X, Y: at.Y}
			if kind != input.DispatchMouseEventTypeMouseMoved {
				p.Button, p.ClickCount = input.MouseButtonLeft, 1
			}
			if err := call(t.v, input.DispatchMouseEvent, p); err != nil {
				return err
			}
		}
		return nil
	})
}

// andLoad does something and waits for the load that it begins, if it begins one.
func (t *Tab) andLoad(do func() error) {
	t.tb.Helper()
	loads := func() (started, stopped int) {
		t.v.mu.Lock()
		defer t.v.mu.Unlock()
		return t.v.started, t.v.stopped
	}
	before, _ := loads()
	t.must("do", do())
	began := t.until(150*time.Millisecond, func() bool { started, _ := loads(); return started > before })
	if began {
		if !t.until(30*time.Second, func() bool { started, stopped := loads(); return stopped >= started }) {
			t.tb.Fatalf("browser: %s does not finish loading", t.URL())
		}
	}
	t.v.quiet(60*time.Millisecond, 3*time.Second)
}

func (t *Tab) until(most time.Duration, done func() bool) bool {
	for end := time.Now().Add(most); ; time.Sleep(15 * time.Millisecond) {
		if done() {
			return true
		}
		if time.Now().After(end) {
			return false
		}
	}
}

// Fill sets the field with that label (or name, or selector): types into a
// text field, chooses the option of that text or value, ticks for any value but "off".
// A file field takes the path of a file.
func (t *Tab) Fill(label, value string) {
	t.tb.Helper()
	done, err := ask[string](t.v, "fill", label, value)
	t.must("fill", err)
	switch {
	case done == "":
		t.tb.Fatalf("browser: no field is called %q on %s", label, t.URL())
	case done == "no option":
		t.tb.Fatalf("browser: the field %q has no option %q", label, value)
	case done == "type" && value == "":
		t.must("fill", t.v.press("Delete"))
	case done == "type":
		t.must("fill", call(t.v, input.InsertText, input.InsertTextParams{Text: value}))
	case strings.HasPrefix(done, "file "):
		t.upload(strings.TrimPrefix(done, "file "), value)
	}
}

func (t *Tab) upload(selector, path string) {
	t.tb.Helper()
	abs, err := filepath.Abs(path)
	t.must("file", err)
	_, err = os.Stat(abs)
	t.must("file", err)
	root, err := chromedp.Call(t.v.ctx, dom.GetDocument, dom.GetDocumentParams{})
	t.must("file", err)
	node, err := chromedp.Call(t.v.ctx, dom.QuerySelector, dom.QuerySelectorParams{NodeID: root.Root.NodeID, Selector: selector})
	t.must("file", err)
	t.must("file", call(t.v, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: []string{abs}, NodeID: node.NodeID}))
}

// Press sends keys one after the other: Press("Tab", "Enter", "Shift+Tab", "a").
func (t *Tab) Press(keys ...string) {
	t.tb.Helper()
	for _, key := range keys {
		t.andLoad(func() error { return t.v.press(key) })
	}
}

// Text gives the visible text of the first element that matches, spaces squeezed; "" when there is none.
func (t *Tab) Text(selector string) string {
	t.tb.Helper()
	return Eval[string](t, `((e) => e ? e.innerText.trim().replace(/\s+/g, ' ') : '')(document.querySelector(`+quote(selector)+`))`)
}

// Count gives how many elements match.
func (t *Tab) Count(selector string) int {
	t.tb.Helper()
	return Eval[int](t, `document.querySelectorAll(`+quote(selector)+`).length`)
}

// Value gives what a field holds.
func (t *Tab) Value(selector string) string {
	t.tb.Helper()
	return Eval[string](t, `document.querySelector(`+quote(selector)+`)?.value ?? ''`)
}

// URL is the address that the tab shows.
func (t *Tab) URL() string {
	t.tb.Helper()
	return Eval[string](t, `location.href`)
}

// Title is the title of the page.
func (t *Tab) Title() string {
	t.tb.Helper()
	return Eval[string](t, `document.title`)
}

// WaitText waits up to 10 s until the text of the page, or of a part of it, contains words.
func (t *Tab) WaitText(selector, words string) {
	t.tb.Helper()
	if !t.until(10*time.Second, func() bool { return strings.Contains(t.Text(selector), words) }) {
		t.tb.Fatalf("browser: %s does not come to say %q, it says %q", selector, words, t.Text(selector))
	}
}

// Errors gives the errors of scripts and what the policy blocked since the last Open.
func (t *Tab) Errors() []string { return t.v.complaints() }

// ErrorList tells what is wrong with the list of errors above a form that came
// back: links that reach fields, the same words beside each, before the h1.
func (t *Tab) ErrorList() []string {
	t.tb.Helper()
	wrong, err := ask[[]string](t.v, "errorList")
	t.must("list of errors", err)
	return wrong
}

// Screenshot writes a PNG of the whole page.
func (t *Tab) Screenshot(path string) {
	t.tb.Helper()
	b, err := t.v.shot(nil)
	t.must("screenshot", err)
	t.must("screenshot", os.MkdirAll(filepath.Dir(path), 0o755))
	t.must("screenshot", os.WriteFile(path, b, 0o644))
}

// PDF writes the page as it prints, on A4.
func (t *Tab) PDF(path string) {
	t.tb.Helper()
	ctx, cancel := context.WithTimeout(t.v.ctx, 30*time.Second)
	defer cancel()
	got, err := chromedp.Call(ctx, page.PrintToPDF, page.PrintToPDFParams{PaperWidth: 8.27, PaperHeight: 11.69})
	t.must("pdf", err)
	t.must("pdf", os.WriteFile(path, got.Data, 0o644))
}

// Eval runs JavaScript in the page and decodes what it gives; promises are awaited.
func Eval[T any](t *Tab, script string) T {
	t.tb.Helper()
	out, err := eval[T](t.v, script)
	t.must(script, err)
	return out
}

func quote(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}
