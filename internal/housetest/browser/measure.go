package browser

import (
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
)

// What the bench measures of a page with a map, on a phone or at a desk: no
// test depends on these figures.

// Line is a network between a reader and the house.
type Line struct {
	Name   string
	Round  time.Duration // of every request
	Bits   float64       // a second
	Slower float64       // than this machine is the reader's
}

// Lines of UX.md 2.2, and one between them.
var (
	Slow3G = Line{"400 kbit/s, 2 s a request, CPU 6×", 2 * time.Second, 400_000, 6}
	Far3G  = Line{"400 kbit/s, 0.4 s a request, CPU 4×", 400 * time.Millisecond, 400_000, 4}
)

func (l Line) on(v *view) error {
	c := &network.Conditions{Latency: float64(l.Round.Milliseconds()), DownloadThroughput: l.Bits / 8, UploadThroughput: l.Bits / 8}
	return first(
		call(v, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: []*network.Conditions{c}}),
		call(v, emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: l.Slower}),
	)
}

// Visit is what somebody waits for who comes for the first time; times in ms.
type Visit struct {
	KB       float64 // on the wire, headers too
	Requests int
	FCP      float64 // first words
	Listed   float64 // the list below the map can be read
	Mapped   float64 // land and signs are drawn
	LCP      float64
	CLS      float64
	Blocked  float64
}

// watchMap notes in each frame whether the list and the signs of the map are
// there; the land is, once its picture came and another frame was drawn.
const watchMap = `window.__map = { listed: -1, signs: -1, land: -1 };
(function look() {
	const has = (s) => { const e = document.querySelector(s); return e && e.getBoundingClientRect().height > 0; };
	if (__map.listed < 0 && has('#list li')) __map.listed = performance.now();
	if (__map.signs < 0 && has('#map svg a')) __map.signs = performance.now();
	const picture = performance.getEntriesByType('resource').some((r) => /land\.[^/]*svg/.test(r.name) && r.responseEnd > 0);
	if (__map.land < 0 && __map.signs >= 0 && (picture || document.querySelector('#map .coast'))) __map.land = performance.now();
	requestAnimationFrame(look);
})();`

// FirstVisit opens a page with a map for the first time.
func FirstVisit(address string, l Line) (p Visit, err error) {
	if err := onLoopback(address); err != nil {
		return p, err
	}
	v, err := open("fr", true)
	if err != nil {
		return p, err
	}
	defer v.cancel()
	if err := first(
		call(v, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: observe + watchMap}),
		l.on(v),
	); err != nil {
		return p, err
	}
	if _, err := v.load(address); err != nil {
		return p, err
	}
	v.quiet(900*time.Millisecond, 30*time.Second)
	type both struct {
		Paint painting
		Map   struct{ Listed, Signs, Land float64 }
	}
	b, err := eval[both](v, `({ Paint: window.__paint, Map: { Listed: __map.listed, Signs: __map.signs, Land: __map.land } })`)
	if err != nil {
		return p, err
	}
	seen := v.seen()
	return Visit{KB: weigh(seen, ""), Requests: len(seen), FCP: b.Paint.FCP, LCP: b.Paint.LCP, CLS: b.Paint.CLS, Blocked: b.Paint.TBT,
		Listed: max(b.Map.Listed, b.Paint.FCP), Mapped: max(b.Map.Signs, b.Map.Land, b.Paint.FCP)}, nil
}

// Moved is what a hand on the map met; times in ms.
type Moved struct {
	Signs   int     // drawn
	Frames  int     // while it moved
	Longest float64 // between two frames, while it moved
	Task    float64 // the longest of the page, until the new part was there
	Shown   float64 // from letting go until the new part was there
}

const watchFrames = `window.__move = { frames: 0, longest: 0, task: 0, last: 0, on: false, shown: -1, from: 0 };
new PerformanceObserver((list) => list.getEntries().forEach((e) => { __move.task = Math.max(__move.task, e.duration); })).observe({ type: 'longtask' });
(function frame(t) {
	if (__move.on) { if (__move.last) { __move.frames++; __move.longest = Math.max(__move.longest, t - __move.last); } __move.last = t; }
	const svg = document.querySelector('#map svg[data-box]');
	if (__move.box !== undefined && __move.shown < 0 && svg && svg.dataset.box !== __move.box) __move.shown = performance.now() - __move.from;
	requestAnimationFrame(frame);
})(0);`

// Desk is a reader with a mouse before a map.
type Desk struct{ v *view }

// SitDown opens a page with a map on a large screen, on a machine so many times
// slower than this one.
func SitDown(address string, slower float64) (*Desk, error) {
	if err := onLoopback(address); err != nil {
		return nil, err
	}
	v, err := open("fr", true)
	if err != nil {
		return nil, err
	}
	d := &Desk{v}
	err = first(v.size(1280, 900), call(v, emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: slower}))
	if err == nil {
		_, err = v.load(address)
	}
	if err == nil {
		_, err = eval[bool](v, watchFrames+`document.querySelector('#map').scrollIntoView(); true`)
	}
	if err == nil { // the script comes when somebody reaches for the map
		err = d.mouse(input.DispatchMouseEventTypeMouseMoved, [2]float64{400, 300}, 0)
		v.quiet(300*time.Millisecond, 3*time.Second)
	}
	if err != nil {
		v.cancel()
		return nil, err
	}
	return d, nil
}

// Leave closes the tab.
func (d *Desk) Leave() { d.v.cancel() }

func (d *Desk) mouse(kind input.DispatchMouseEventType, at [2]float64, wheel float64) error {
	p := input.DispatchMouseEventParams{Type: kind, X: at[0], Y: at[1]}
	switch kind {
	case input.DispatchMouseEventTypeMouseWheel:
		p.DeltaX, p.DeltaY, p.Modifiers = 1e-6, wheel, 2 // with Control; it must be told both
	case input.DispatchMouseEventTypeMouseMoved:
		if wheel > 0 { // held down
			p.Button, p.Buttons = input.MouseButtonLeft, 1
		}
	default:
		p.Button, p.ClickCount = input.MouseButtonLeft, 1
	}
	return call(d.v, input.DispatchMouseEvent, p)
}

// middle of the map on the screen, where no sign is.
func (d *Desk) middle() ([2]float64, error) {
	return eval[[2]float64](d.v, `(() => {
		const r = document.querySelector('#map svg').getBoundingClientRect();
		for (let y = r.top + r.height / 2; y < Math.min(r.bottom, innerHeight) - 20; y += 7)
			for (let x = r.left + r.width / 3; x < r.right - r.width / 4; x += 7) {
				const e = document.elementFromPoint(x, y);
				if (e && e.closest('#map svg') && !e.closest('a')) return [x, y];
			}
		return [r.left + r.width / 2, r.top + r.height / 2];
	})()`)
}

const moves = 45 // of the mouse in one drag

// Drag pulls the map aside, a step each 16 ms, and lets go.
func (d *Desk) Drag() (m Moved, err error) {
	return d.moved(func(at [2]float64) error {
		if err := d.mouse(input.DispatchMouseEventTypeMousePressed, at, 0); err != nil {
			return err
		}
		for i := range moves {
			if err := d.mouse(input.DispatchMouseEventTypeMouseMoved, [2]float64{at[0] - float64(4*i), at[1] + float64(i)}, 1); err != nil {
				return err
			}
			time.Sleep(16 * time.Millisecond)
		}
		return d.letGo(d.mouse(input.DispatchMouseEventTypeMouseReleased, [2]float64{at[0] - 4*(moves-1), at[1] + moves - 1}, 0))
	})
}

// Zoom goes closer with the wheel.
func (d *Desk) Zoom() (m Moved, err error) {
	return d.moved(func(at [2]float64) error {
		for range 14 {
			if err := d.mouse(input.DispatchMouseEventTypeMouseWheel, at, -8); err != nil {
				return err
			}
			time.Sleep(30 * time.Millisecond)
		}
		return d.letGo(nil)
	})
}

func (d *Desk) letGo(err error) error {
	_, stop := eval[bool](d.v, `__move.on = false; __move.from = performance.now(); true`)
	return first(err, stop)
}

func (d *Desk) moved(do func(at [2]float64) error) (m Moved, err error) {
	at, err := d.middle()
	if err != nil {
		return m, err
	}
	if _, err := eval[bool](d.v, `Object.assign(__move, { frames: 0, longest: 0, task: 0, last: 0, on: true, shown: -1, box: document.querySelector('#map svg').dataset.box }); true`); err != nil {
		return m, err
	}
	if err := do(at); err != nil {
		return m, err
	}
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if shown, err := eval[float64](d.v, `__move.shown`); err != nil || shown >= 0 {
			break
		}
	}
	d.v.quiet(200*time.Millisecond, 3*time.Second)
	return eval[Moved](d.v, `({ Signs: document.querySelectorAll('#map svg a').length, Frames: __move.frames, Longest: __move.longest, Task: __move.task, Shown: __move.shown })`)
}
