package browser

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"strings"

	"github.com/chromedp/cdproto/page"
)

// stop is one place where Tab halts.
type stop struct {
	Index      int
	Again      bool // been here before
	At, Href   string
	Tabindex   int
	Changed    bool    // some style differs from before
	Outline    float64 // its contrast, 0 without one
	Covered    string
	X, Y, W, H float64
}

// keyboard walks the page with Tab.
func (l *look) keyboard(v *view) {
	n, err := ask[int](v, "remember")
	if l.broke(err) {
		return
	}
	var stops []stop
	previous, stuck := -1, 0
	for range n + 40 {
		if l.broke(v.press("Tab")) {
			return
		}
		s, err := ask[*stop](v, "step")
		if l.broke(err) {
			return
		}
		if s == nil {
			if len(stops) > 0 {
				break
			}
			continue
		}
		if s.Again {
			if s.Index == 0 {
				break
			}
			if s.Index == previous {
				if stuck++; stuck > 2 {
					l.say("keyboard trap", stops[s.Index].At, "Tab to move on")
					break
				}
			}
			previous = s.Index
			continue
		}
		previous, stuck = len(stops), 0
		stops = append(stops, *s)
		l.focusShows(v, *s, len(stops) <= 40)
		if s.Covered != "" {
			l.say("focus covered (WCAG 2.4.11)", s.At, "in sight, it is %s", s.Covered)
		}
		if s.Tabindex > 0 {
			l.say("positive tabindex", s.At, "the order of the page")
		}
	}
	left, err := ask[[]string](v, "unreached")
	l.broke(err)
	l.each("not reached by Tab", left, "every control in the order of Tab")
	l.skipLink(v, stops)
	_, err = eval[bool](v, `(document.activeElement?.blur?.(), window.scrollTo(0, 0), true)`)
	l.broke(err)
}

// focusShows: an outline of 2 px and 3:1, or else enough pixels change around the element.
func (l *look) focusShows(v *view, s stop, mayShoot bool) {
	if s.Outline >= focusContrast {
		return
	}
	if !s.Changed || !mayShoot || s.W < 1 {
		if !s.Changed {
			l.say("focus not visible", s.At, "an outline of at least 2 px and 3:1, it has %.1f:1", s.Outline)
		}
		return
	}
	clip := &page.Viewport{X: max(0, s.X-6), Y: max(0, s.Y-6), Width: s.W + 12, Height: min(400, s.H+12), Scale: 1}
	with, err := v.shot(clip)
	if l.broke(err) {
		return
	}
	if _, err := ask[bool](v, "letGo"); l.broke(err) {
		return
	}
	without, err := v.shot(clip)
	if l.broke(err) {
		return
	}
	if _, err := ask[bool](v, "takeAgain"); l.broke(err) {
		return
	}
	if changed, need := differing(with, without), int(2*(s.W+min(s.H, 400))); changed < need {
		l.say("focus not visible", s.At, "at least %d pixels to change, a line around it; %d change", need, changed)
	}
}

// differing counts pixels that clearly changed between two pictures.
func differing(a, b []byte) int {
	x, err := png.Decode(bytes.NewReader(a))
	if err != nil {
		return 0
	}
	y, err := png.Decode(bytes.NewReader(b))
	if err != nil || x.Bounds() != y.Bounds() {
		return 0
	}
	n := 0
	for j := x.Bounds().Min.Y; j < x.Bounds().Max.Y; j++ {
		for i := x.Bounds().Min.X; i < x.Bounds().Max.X; i++ {
			if distance(x, y, i, j) > 150 {
				n++
			}
		}
	}
	return n
}

func distance(x, y image.Image, i, j int) int {
	p, q := color.RGBAModel.Convert(x.At(i, j)).(color.RGBA), color.RGBAModel.Convert(y.At(i, j)).(color.RGBA)
	d := func(a, b uint8) int { return max(int(a)-int(b), int(b)-int(a)) }
	return d(p.R, q.R) + d(p.G, q.G) + d(p.B, q.B)
}

func (l *look) skipLink(v *view, stops []stop) {
	if len(stops) == 0 || !strings.HasPrefix(stops[0].Href, "#") {
		at := "nothing"
		if len(stops) > 0 {
			at = stops[0].At
		}
		l.say("skip link", at, "the first stop of Tab to be a link to the main content")
		return
	}
	ok, err := ask[bool](v, "leadsToMain", stops[0].Href)
	switch {
	case l.broke(err):
	case !ok:
		l.say("skip link", stops[0].At, "to lead to the main content, not %s", stops[0].Href)
	case stops[0].H < 20 || stops[0].Y > 200:
		l.say("skip link", stops[0].At, "to show at the top when it has the focus")
	}
}
