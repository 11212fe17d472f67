// The map moves in place: by dragging, pinching, a double click, and its links. Each move asks for
// the page of that part, so that the list always comes with the map. No map needs this file.
(function () {
	"use strict";
	var d = document, held = {}, rest, start, now, timer, dragged = false;
	var part = function (t) { return t.closest && t.closest("#map svg[data-box]"); };

	function go(url) {
		d.dispatchEvent(new CustomEvent("alliance:go", { detail: { url: url, then: function () {
			var map = d.getElementById("map");
			if (map) map.focus({ preventScroll: true });
		} } }));
	}
	d.addEventListener("click", function (e) {
		var a = e.target.closest && e.target.closest("#map a");
		if (!a) return;
		var href = a.getAttribute("href");
		if (dragged) { e.preventDefault(); dragged = false; return; }
		if (e.button || e.ctrlKey || e.metaKey || e.shiftKey || href[0] === "#" || href.split(/[?#]/)[0] !== location.pathname) return;
		e.preventDefault();
		go(href.split("#")[0]);
	});

	// A move is told as the part of the drawing that shows: x, y, width, height. rest is how it came,
	// start what showed when the fingers came down, now what shows.
	function begin(s) {
		if (!rest || rest.svg !== s || now === rest.view) {
			rest = { svg: s, view: s.getAttribute("viewBox").split(" ").map(Number), size: s.getBoundingClientRect() };
			now = rest.view;
		}
		start = now;
	}
	// show moves the picture as it is, which no browser has to paint anew, and cuts it to its frame.
	function show(v) {
		var o = rest.view, w = rest.size.width, h = rest.size.height, k = o[2] / v[2], x = (o[0] - v[0]) / v[2] * w, y = (o[1] - v[1]) / v[3] * h, css = rest.svg.style;
		now = v;
		css.transformOrigin = "0 0";
		css.transform = "translate(" + x + "px," + y + "px) scale(" + k + ")";
		css.clipPath = "inset(" + [-y / k, w - (w - x) / k, h - (h - y) / k, -x / k].join("px ") + "px)";
		clearTimeout(timer);
	}
	function turn(lon) { return ((lon + 540) % 360) - 180; }
	// settle asks for the part that shows now, once nothing moves.
	function settle(after) {
		clearTimeout(timer);
		timer = setTimeout(function () {
			var b = rest.svg.dataset.box.split(",").map(Number), o = rest.view, url = new URL(location.href);
			var wide = b[2] < b[0] ? b[2] - b[0] + 360 : b[2] - b[0], high = b[3] - b[1];
			var west = b[0] + (now[0] - o[0]) / o[2] * wide, span = now[2] / o[2] * wide, north = b[3] - (now[1] - o[1]) / o[3] * high, south = north - now[3] / o[3] * high;
			["after", "before", "box"].forEach(function (k) { url.searchParams.delete(k); });
			if (span < 300) url.searchParams.set("box", [turn(west), Math.max(-90, Math.min(89, south)), turn(west + span), Math.min(90, Math.max(-89, north))].map(function (f) { return f.toFixed(2); }).join(","));
			url.hash = "";
			go(url.href);
		}, after);
	}
	// zoom keeps the point under the finger where it is.
	function zoom(v, by, x, y) {
		var r = rest.size, px = v[0] + (x - r.left) / r.width * v[2], py = v[1] + (y - r.top) / r.height * v[3];
		return [px - (px - v[0]) * by, py - (py - v[1]) * by, v[2] * by, v[3] * by];
	}

	var fingers = function () { return Object.keys(held).map(function (k) { return held[k]; }); };
	d.addEventListener("pointerdown", function (e) {
		var s = part(e.target);
		if (!s || e.button) return;
		held[e.pointerId] = { x: e.clientX, y: e.clientY, x0: e.clientX, y0: e.clientY };
		dragged = false;
		begin(s);
		fingers().forEach(function (f) { f.x0 = f.x; f.y0 = f.y; });
	});
	d.addEventListener("pointermove", function (e) {
		var f = held[e.pointerId], all = fingers();
		if (!f || !rest) return;
		f.x = e.clientX; f.y = e.clientY;
		var r = rest.size, o = start;
		if (all.length === 2) {
			var a = all[0], b = all[1], was = Math.hypot(a.x0 - b.x0, a.y0 - b.y0), is = Math.hypot(a.x - b.x, a.y - b.y);
			if (was > 0 && is > 0) { dragged = true; show(zoom(o, was / is, (a.x + b.x) / 2, (a.y + b.y) / 2)); }
		} else if (e.pointerType !== "touch") { // one finger scrolls the page
			var dx = f.x - f.x0, dy = f.y - f.y0;
			if (!dragged && Math.hypot(dx, dy) < 6) return;
			dragged = true;
			show([o[0] - dx / r.width * o[2], o[1] - dy / r.height * o[3], o[2], o[3]]);
		}
	});
	["pointerup", "pointercancel"].forEach(function (name) {
		d.addEventListener(name, function (e) {
			if (!held[e.pointerId]) return;
			delete held[e.pointerId];
			if (dragged && !fingers().length) {
				settle(50);
				if (!e.target.closest("#map a")) dragged = false;
			}
		});
	});
	d.addEventListener("dragstart", function (e) { if (part(e.target)) e.preventDefault(); });
	d.addEventListener("wheel", function (e) {
		var s = part(e.target);
		if (!s || !(e.ctrlKey || e.metaKey)) return; // without a key the wheel scrolls the page
		e.preventDefault();
		begin(s);
		show(zoom(now, Math.exp(Math.max(-50, Math.min(50, e.deltaY)) / 100), e.clientX, e.clientY));
		settle(250);
	}, { passive: false });
	d.addEventListener("dblclick", function (e) {
		var s = part(e.target);
		if (!s || e.target.closest("a")) return;
		begin(s);
		show(zoom(now, .5, e.clientX, e.clientY));
		settle(0);
	});
})();
