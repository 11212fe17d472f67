package app_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"alliance/internal/housetest"
	"alliance/internal/housetest/browser"
	"alliance/internal/platform/db"
)

// TestMapMoves: two short drags, the second before the first is answered, show
// what one long drag shows.
func TestMapMoves(t *testing.T) {
	h := housetest.New(t, db.SQLite, housetest.Demonstration)
	tab := browser.New(t, "en")
	tab.Viewport(1280, 900)
	moved := func(pixels ...int) string {
		t.Helper()
		tab.Open(h.Server.URL + "/en/map?box=-10,35,30,60")
		box := browser.Eval[string](tab, fmt.Sprintf(`(async () => {
			const svg = document.querySelector('#map svg[data-box]'), r = svg.getBoundingClientRect(), x = r.left + r.width / 2, y = r.top + r.height / 2;
			const send = (kind, at) => svg.dispatchEvent(new PointerEvent(kind, { bubbles: true, pointerId: 7, pointerType: 'mouse', clientX: at, clientY: y }));
			svg.dispatchEvent(new PointerEvent('pointerover', { bubbles: true }));
			await new Promise((come) => document.head.querySelector('script[src*="map"]').onload = come);
			for (const px of %s) { send('pointerdown', x); send('pointermove', x - px / 2); send('pointermove', x - px); send('pointerup', x - px); }
			const before = location.search, end = performance.now() + 20000;
			while (location.search === before && performance.now() < end) await new Promise(requestAnimationFrame);
			return location.search;
		})()`, strings.ReplaceAll(fmt.Sprint(pixels), " ", ",")))
		asked, err := url.ParseQuery(strings.TrimPrefix(box, "?"))
		if err != nil || asked.Get("box") == "-10,35,30,60" || asked.Get("box") == "" {
			t.Fatalf("the map did not move: %q %v", box, err)
		}
		return asked.Get("box")
	}
	if one, two := moved(200), moved(100, 100); one != two {
		t.Errorf("one drag shows %s, two halves of it %s", one, two)
	}
	if errors := tab.Errors(); len(errors) > 0 {
		t.Error(errors)
	}
}
