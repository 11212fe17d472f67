package browser

import (
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
)

// slow3G is the profile of that name in the browser's own tools, on a phone six
// times slower than this machine: 400 kbit/s, two seconds for every request.
var slow3G = network.Conditions{Latency: 2000, DownloadThroughput: 400_000 / 8, UploadThroughput: 400_000 / 8}

const slowPhone = 6

// observe gathers what the browser tells of painting, from before the page begins.
const observe = `window.__paint = { fcp: -1, lcp: -1, cls: 0, tbt: 0 };
for (const [type, note] of [
	['paint', (e) => { if (e.name === 'first-contentful-paint') __paint.fcp = e.startTime; }],
	['largest-contentful-paint', (e) => { __paint.lcp = e.startTime; }],
	['layout-shift', (e) => { if (!e.hadRecentInput) __paint.cls += e.value; }],
	['longtask', (e) => { __paint.tbt += Math.max(0, e.duration - 50); }],
]) new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true });`

type painting struct{ FCP, LCP, CLS, TBT float64 }

// slow looks at the first view over a slow network. A busy machine only makes
// it slower, so one good view of three is enough; what the page itself causes shows in all.
func (a *audit) slow(l *look) {
	var views []painting
	for range 3 {
		p, err := paint(l)
		if l.broke(err) {
			return
		}
		if p.FCP >= 0 && p.FCP <= l.budget.FCP && p.LCP <= l.budget.LCP && p.CLS <= shift && p.TBT <= blocked {
			return
		}
		views = append(views, p)
	}
	best := func(of func(painting) float64) float64 {
		least := of(views[0])
		for _, p := range views {
			least = min(least, of(p))
		}
		return least
	}
	within := func(what string, most, got float64, unit string) {
		if got > most || got < 0 {
			l.say(what, "page", "at most %.4g%s, it is %.4g%s", most, unit, got, unit)
		}
	}
	found := len(l.found)
	within("first paint on a slow network", l.budget.FCP, best(func(p painting) float64 { return p.FCP }), " ms")
	within("main paint on a slow network", l.budget.LCP, best(func(p painting) float64 { return p.LCP }), " ms")
	within("layout shift", shift, best(func(p painting) float64 { return p.CLS }), "")
	within("blocking time on a slow phone", blocked, best(func(p painting) float64 { return p.TBT }), " ms")
	if len(l.found) == found {
		l.say("first view on a slow network", "page", "one view of three within all limits, they were %+v", views)
	}
}

func paint(l *look) (p painting, err error) {
	v, err := open(l.Lang, true)
	if err != nil {
		return p, err
	}
	defer v.cancel()
	conditions := slow3G
	err = first(
		v.cookies(l.URL, l.Cookies),
		call(v, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: observe}),
		call(v, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: []*network.Conditions{&conditions}}),
		call(v, emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: slowPhone}),
	)
	if err != nil {
		return p, err
	}
	if _, err := v.load(l.URL); err != nil {
		return p, err
	}
	v.quiet(900*time.Millisecond, 20*time.Second) // images and what moves late
	return eval[painting](v, `window.__paint`)
}
