package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// view is one tab in a browser context of its own, with what it requested and
// complained of. Its methods give errors; Tab turns them into test failures.
type view struct {
	ctx    context.Context
	cancel context.CancelFunc

	mu       sync.Mutex
	requests map[network.RequestID]*request
	order    []*request
	errors   []string
	started  int // loads of the main frame begun …
	stopped  int // … and ended
	frame    cdp.FrameID
	active   time.Time // when the network last moved
}

// request is one request as the network saw it.
type request struct {
	URL      string
	Type     network.ResourceType
	Status   int
	Bytes    float64 // on the wire, headers included
	Encoding string
	Cache    string
	Mime     string
	done     bool
}

// open makes a view of a phone (360 by 740) in a fresh browser context.
// lang is what the reader asks for; scripts false turns JavaScript off.
func open(lang string, scripts bool) (*view, error) {
	parent, err := chromium()
	if err != nil {
		return nil, err
	}
	v := &view{requests: map[network.RequestID]*request{}}
	v.ctx, v.cancel = chromedp.NewContext(parent, chromedp.WithNewBrowserContext())
	if err := v.prepare(lang, scripts); err != nil {
		v.cancel()
		return nil, err
	}
	return v, nil
}

func (v *view) prepare(lang string, scripts bool) error {
	if err := chromedp.Listen(v.ctx, v.hear); err != nil {
		return err
	}
	head := network.Headers{}
	if lang != "" {
		head["Accept-Language"] = lang
	}
	return first(
		call(v, network.Enable, network.EnableParams{}),
		call(v, log.Enable, cdp.Empty{}),
		call(v, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: head}),
		call(v, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}),
		call(v, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !scripts}),
		v.size(360, 740),
	)
}

func call[P, R any](v *view, cmd cdp.Command[P, R], params P) error {
	ctx, cancel := context.WithTimeout(v.ctx, 30*time.Second)
	defer cancel()
	_, err := chromedp.Call(ctx, cmd, params)
	return err
}

func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// hear runs in the loop that reads the browser's messages: it must not call it.
func (v *view) hear(ev any) {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch e := ev.(type) {
	case *network.EventRequestWillBeSent:
		v.active = time.Now()
		if scheme, _, _ := strings.Cut(e.Request.URL, ":"); scheme == "data" || scheme == "blob" || scheme == "about" {
			return
		}
		r := &request{URL: e.Request.URL, Type: e.Type}
		if e.RedirectResponse != nil { // the same identifier goes on: keep the redirect's own bytes
			if before := v.requests[e.RequestID]; before != nil {
				before.Status, before.Bytes, before.done = int(e.RedirectResponse.Status), e.RedirectResponse.EncodedDataLength, true
			}
		}
		v.requests[e.RequestID] = r
		v.order = append(v.order, r)
	case *network.EventResponseReceived:
		v.active = time.Now()
		if r := v.requests[e.RequestID]; r != nil {
			r.Status, r.Mime = int(e.Response.Status), e.Response.MimeType
			r.Encoding, r.Cache = header(e.Response.Headers, "Content-Encoding"), header(e.Response.Headers, "Cache-Control")
			if e.Type == network.ResourceTypeEventSource {
				r.done = true // a stream never ends
			}
		}
	case *network.EventLoadingFinished:
		v.active = time.Now()
		if r := v.requests[e.RequestID]; r != nil {
			r.Bytes, r.done = e.EncodedDataLength, true
		}
	case *network.EventLoadingFailed:
		v.active = time.Now()
		if r := v.requests[e.RequestID]; r != nil {
			r.done = true
		}
	case *page.EventFrameStartedLoading:
		if v.frame == "" || e.FrameID == v.frame {
			v.frame = e.FrameID
			v.started++
		}
	case *page.EventFrameStoppedLoading:
		if e.FrameID == v.frame {
			v.stopped++
		}
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if x := e.ExceptionDetails.Exception; x != nil && x.Description != "" {
			text = x.Description
		}
		v.errors = append(v.errors, firstLine(text))
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError {
			v.errors = append(v.errors, "console.error")
		}
	case *log.EventEntryAdded:
		// A request that another check reports, or that never left, is no script error.
		if e.Entry.Level == log.EntryLevelError && e.Entry.Source != log.EntrySourceNetwork {
			v.errors = append(v.errors, firstLine(e.Entry.Text))
		}
	}
}

func header(h network.Headers, name string) string {
	for k, value := range h {
		if strings.EqualFold(k, name) {
			return fmt.Sprint(value)
		}
	}
	return ""
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// load opens an address and waits until the network is quiet.
func (v *view) load(address string) (status int, err error) {
	v.mu.Lock()
	v.requests, v.order, v.errors = map[network.RequestID]*request{}, nil, nil
	v.mu.Unlock()
	ctx, cancel := context.WithTimeout(v.ctx, 30*time.Second)
	defer cancel()
	resp, err := chromedp.Run(ctx, chromedp.NavigateResponse(address))
	if err != nil {
		return 0, fmt.Errorf("open %s: %w", address, err)
	}
	v.quiet(120*time.Millisecond, 3*time.Second)
	if resp == nil {
		return 0, nil
	}
	return int(resp.Status), nil
}

// quiet waits until nothing was requested for a while and every request is answered.
func (v *view) quiet(still, atMost time.Duration) {
	end := time.Now().Add(atMost)
	for time.Now().Before(end) {
		v.mu.Lock()
		open := 0
		for _, r := range v.requests {
			if !r.done {
				open++
			}
		}
		calm := open == 0 && time.Since(v.active) > still
		v.mu.Unlock()
		if calm {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func (v *view) seen() []request {
	v.mu.Lock()
	defer v.mu.Unlock()
	out := make([]request, len(v.order))
	for i, r := range v.order {
		out[i] = *r
	}
	return out
}

func (v *view) complaints() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return append([]string(nil), v.errors...)
}

func (v *view) size(width, height int) error {
	return call(v, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: int64(width), Height: int64(height), DeviceScaleFactor: 1,
	})
}

// media pretends a medium ("" for screen) and features such as
// "prefers-color-scheme", "dark"; motion is always asked to be reduced.
func (v *view) media(medium string, features ...string) error {
	f := []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}}
	for i := 0; i+1 < len(features); i += 2 {
		f = append(f, &emulation.MediaFeature{Name: features[i], Value: features[i+1]})
	}
	return call(v, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: medium, Features: f})
}

func (v *view) cookies(address string, cookies []*http.Cookie) error {
	if len(cookies) == 0 {
		return nil
	}
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	var all []*network.CookieParam
	for _, c := range cookies {
		all = append(all, &network.CookieParam{Name: c.Name, Value: c.Value, URL: u.Scheme + "://" + u.Host + "/", HTTPOnly: c.HttpOnly})
	}
	return call(v, network.SetCookies, network.SetCookiesParams{Cookies: all})
}

// eval runs JavaScript in the page, over the debugger, and decodes what it gives.
func eval[T any](v *view, script string) (T, error) {
	ctx, cancel := context.WithTimeout(v.ctx, 60*time.Second)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
}

// ask calls a function of inpage.js with arguments, loading that file into the page when it is not there.
func ask[T any](v *view, function string, args ...any) (T, error) {
	var zero T
	list := make([]string, len(args))
	for i, a := range args {
		b, err := json.Marshal(a)
		if err != nil {
			return zero, err
		}
		list[i] = string(b)
	}
	expr := "window.__look." + function + "(" + strings.Join(list, ",") + ")"
	out, err := eval[T](v, expr)
	if err != nil { // mostly since the page is new
		out, err = eval[T](v, "if (!window.__look) {"+inpage+"}\n"+expr)
	}
	if err != nil {
		return zero, fmt.Errorf("%s: %w", function, err)
	}
	return out, nil
}

// press sends one key, such as "Tab", "Enter", "Escape", "ArrowDown", "Shift+Tab" or a letter.
func (v *view) press(key string) error {
	var modifiers int64
	for {
		name, rest, more := strings.Cut(key, "+")
		bit, known := map[string]int64{"Alt": 1, "Control": 2, "Meta": 4, "Shift": 8}[name]
		if !more || !known {
			break
		}
		modifiers |= bit
		key = rest
	}
	code := map[string]int64{"Tab": 9, "Enter": 13, "Escape": 27, "Space": 32, "PageUp": 33, "PageDown": 34, "End": 35, "Home": 36,
		"ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40, "Backspace": 8, "Delete": 46}[key]
	text, name := "", key
	switch {
	case key == "Enter":
		text = "\r"
	case key == "Space":
		text, name = " ", " "
	case len([]rune(key)) == 1:
		text = key
		code = int64(strings.ToUpper(key)[0])
	}
	down := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeRawKeyDown, Key: name, Code: key, WindowsVirtualKeyCode: code, Modifiers: modifiers}
	if len([]rune(key)) == 1 {
		down.Code = "Key" + strings.ToUpper(key)
	}
	if text != "" && modifiers&^8 == 0 {
		down.Type, down.Text = input.DispatchKeyEventTypeKeyDown, text
	}
	up := down
	up.Type, up.Text = input.DispatchKeyEventTypeKeyUp, ""
	return first(call(v, input.DispatchKeyEvent, down), call(v, input.DispatchKeyEvent, up))
}

// shot gives a PNG of the whole page, or of a part of it in page coordinates.
func (v *view) shot(clip *page.Viewport) ([]byte, error) {
	beyond := true
	if clip == nil {
		box, err := eval[[2]float64](v, `[document.documentElement.clientWidth, document.documentElement.scrollHeight]`)
		if err != nil {
			return nil, err
		}
		clip = &page.Viewport{Width: box[0], Height: min(box[1], 15000), Scale: 1}
	}
	ctx, cancel := context.WithTimeout(v.ctx, 30*time.Second)
	defer cancel()
	got, err := chromedp.Call(ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{
		Format: page.CaptureScreenshotFormatPng, Clip: clip, CaptureBeyondViewport: &beyond, OptimizeForSpeed: &beyond,
	})
	if err != nil {
		return nil, err
	}
	return got.Data, nil
}
