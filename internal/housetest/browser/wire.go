package browser

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// weigh sums what came over the wire, in KB; of one kind of resource, or of all.
func weigh(seen []request, kind network.ResourceType) (kb float64) {
	for _, r := range seen {
		if kind == "" || r.Type == kind {
			kb += r.Bytes / 1000
		}
	}
	return kb
}

func (l *look) limit(what string, kb, most float64) {
	if kb > most {
		l.say(what, "page", "at most %.0f KB, it is %.1f KB", most, kb)
	}
}

var (
	textual = regexp.MustCompile(`html|css|javascript|json|svg|xml|plain`)
	maxAge  = regexp.MustCompile(`max-age=(\d+)`)
)

// wire checks what a first view requested and received.
func (l *look) wire(v *view, scripts bool) {
	seen := v.seen()
	if scripts {
		l.limit("weight with JavaScript", weigh(seen, ""), l.budget.KBWith)
		l.limit("weight of scripts", weigh(seen, network.ResourceTypeScript), l.budget.KBScript)
		if len(seen) > l.budget.Requests {
			l.say("requests", "page", "at most %d, there are %d", l.budget.Requests, len(seen))
		}
	} else {
		l.limit("weight without JavaScript", weigh(seen, ""), l.budget.KBWithout)
	}
	own, _ := url.Parse(l.URL)
	for i, r := range seen {
		u, err := url.Parse(r.URL)
		if err != nil || u.Host != own.Host {
			l.say("other hosts", r.URL, "requests to the site alone")
			continue
		}
		if r.Status >= 400 && !(i == 0 && r.Status == l.Status) {
			l.say("failed requests", r.URL, "an answer, it is %d", r.Status)
		}
		if r.Bytes > 1400 && r.Encoding == "" && textual.MatchString(r.Mime) {
			l.say("compression", r.URL, "text compressed, it is sent plain")
		}
		static := slices.Contains([]network.ResourceType{network.ResourceTypeStylesheet, network.ResourceTypeScript, network.ResourceTypeFont, network.ResourceTypeImage}, r.Type)
		sent := r.Type == network.ResourceTypeImage && strings.Contains(r.Cache, "no-cache") // a picture somebody sent: who may see it is asked each time
		if static && r.Status < 400 && !longKept(r.Cache) && !sent {
			l.say("caching", r.URL, "immutable, or kept for a day and more; it says %q", r.Cache)
		}
	}
}

func longKept(cache string) bool {
	if strings.Contains(cache, "immutable") {
		return true
	}
	m := maxAge.FindStringSubmatch(cache)
	if m == nil {
		return false
	}
	n, _ := strconv.Atoi(m[1])
	return n >= kept
}

// traces: an anonymous visit leaves nothing in the browser.
func (l *look) traces(v *view) {
	if len(l.Cookies) > 0 {
		return
	}
	got, err := chromedp.Call(v.ctx, network.GetCookies, network.GetCookiesParams{})
	if !l.broke(err) {
		for _, c := range got.Cookies {
			l.say("an anonymous visit leaves", "cookie "+c.Name, "nothing")
		}
	}
	left, err := ask[[]string](v, "left")
	l.broke(err)
	l.each("an anonymous visit leaves", left, "nothing")
}

var discreet = regexp.MustCompile(`no-referrer|same-origin`)

var inlineScript = regexp.MustCompile(`script-src[^;]*('unsafe-inline'|\*|https?:)|default-src[^;]*('unsafe-inline'|\*)`)

// headers asks without a browser and looks at the head of the answer.
func (a *audit) headers(l *look) {
	client := &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	defer client.CloseIdleConnections()
	var head http.Header
	var status int
	var times []time.Duration
	for range asked() {
		start := time.Now()
		resp, err := a.get(client, l.Page)
		if l.broke(err) {
			return
		}
		times = append(times, time.Since(start))
		_, _ = io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		head, status = resp.Header, resp.StatusCode
	}
	slices.Sort(times)
	if ms := float64(times[len(times)/4]) / 1e6; Timed && ms > firstByteP50 { // the third best: the machine is shared with the browser
		l.say("time to first byte", "page", "at most %d ms, it is %.0f ms", firstByteP50, ms)
	}
	want := l.Status
	if want == 0 {
		want = http.StatusOK
	}
	if status != want {
		l.say("status", "page", "%d, it is %d", want, status)
	}
	csp := head.Get("Content-Security-Policy")
	for _, name := range []string{"Content-Security-Policy", "Referrer-Policy", "X-Content-Type-Options", "Permissions-Policy"} {
		value := head.Get(name)
		weak := name == "Referrer-Policy" && !discreet.MatchString(value) || name == "X-Content-Type-Options" && value != "nosniff"
		if value == "" || weak {
			l.say("headers", name, "the header, set to protect; it is %q", value)
		}
	}
	if got := head.Get("Content-Language"); primary(got) != primary(l.Lang) {
		l.say("headers", "Content-Language", "%s, it is %q", l.Lang, got)
	}
	if csp != "" && (inlineScript.MatchString(csp) || !strings.Contains(csp, "script-src") && !strings.Contains(csp, "default-src")) {
		l.say("headers", "Content-Security-Policy", "no inline and no foreign script, it is %q", csp)
	}
	if len(l.Cookies) == 0 && len(head.Values("Set-Cookie")) > 0 {
		l.say("an anonymous visit leaves", "Set-Cookie", "nothing")
	}
	if cache := head.Get("Cache-Control"); l.Sensitive && !strings.Contains(cache, "no-store") {
		l.say("headers", "Cache-Control", "no-store on a sensitive page, it is %q", cache)
	}
}

// asked is how often a page's head is asked for: more than once only for its times.
func asked() int {
	if Timed {
		return 9
	}
	return 1
}

func (a *audit) get(client *http.Client, p Page) (*http.Response, error) {
	req, err := http.NewRequest(http.MethodGet, p.URL, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept-Language", p.Lang)
	req.Header.Set("Accept", "text/html")
	for _, c := range p.Cookies {
		req.AddCookie(c)
	}
	return client.Do(req)
}
